"""The service's own words out of whatever it answered, without secrets and without control characters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from .hidden import without_known
from .model import Json

MOST = 400  # characters of a service's words that are shown
READ = 10_000  # characters of a page that are looked at
DEPTH = 6
SENTENCES = 20
_FIRST = ("error", "errors", "message", "msg", "detail", "details", "title", "description", "invalid_reasons")
_SKIP = ("status_code", "code", "status", "target")
# Patterns as texts: `re` compiles and keeps them when the first message is looked at, and not when QGIS starts.
# A link is taken as a whole: to look for its ? from each // on takes seconds.
_LINK = r"(?i)\b[a-z][a-z0-9+.-]{0,20}://[^\s\"'<>]+"
_QUERY = r"(?<=[\w/.])\?[\w.~%$+-]+=[^\s\"'<>]+"  # of an address without its server
_AUTHORIZATION = r"(?i)(\bauthorization[\"']?\s*[:=]\s*[\"']?)[^\"'\r\n]+"
# A key has digits, capitals inside or is longer than a word: "Basic Authentication" and "key expired" are left alone.
_KEY = r"(?a)\b((?i:key|bearer|basic|token))([\s:=]+)(?:(?=\S[^\s]{0,100}[A-Z0-9=])[\w.~+/=-]{8,}|[\w.~+/=-]{20,})"
_PARAMETER = r"(?i)\b((?:\w+_)?token|password|secret|sig|signature|api_?key|key|x-amz-[\w-]+)=[^\s&\"'<>;,]+"
_IN_PATH = r"(?i)(;key=)[^/\s]+"
_USERINFO = r"(?i)(\b[a-z][a-z0-9+.-]{0,20}://)[^/@\s]+@"


def spoken(document: Json, text: str = "") -> str:
    """What the service said, one line without credentials, from JSON of any shape or from an HTML page.

    Koordinates alone has three shapes: {"error": ".."}, {"errors": {..}} and {"field": [..]}.
    """
    if document is not None:
        sentences = list(dict.fromkeys(islice(_sentences(document, DEPTH), SENTENCES)))
        said = "; ".join([*(one.rstrip(".") for one in sentences[:-1]), *sentences[-1:]])
    else:
        said = _page(text[:READ]) if "<" in text else text
    # Redacted before it is cut: half a secret would not be recognised.
    return plain(redacted(said[:READ]))


def as_sentence(text: str) -> str:
    """With a full stop, so that another sentence can follow."""
    return text if not text or text[-1] in ".!?…" or text[-2:] in (".”", ".'", '."') else f"{text}."


def seen(text: str) -> str:
    """The text without what is not seen or turns the direction of the rest; lines stay."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def inert(text: str) -> str:
    """Moreover without tags, for where it is taken for HTML and there is no way to say that it is none.

    So are layer names and metadata in the properties of a layer, and before QGIS 3.44 the log.
    """
    return seen(text).replace("<", "‹")


def plain(text: str, most: int = MOST) -> str:
    """One line without tags, control or direction characters, cut to what a person reads."""
    line = " ".join(inert(text[:READ]).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def redacted(text: str) -> str:
    """The text without credentials: those in use, Authorization values, queries of links, users in addresses."""
    text = re.sub(_LINK, _unsigned, without_known(text))
    text = re.sub(_QUERY, "?•••", text)
    text = re.sub(_AUTHORIZATION, r"\1•••", text)
    text = re.sub(_KEY, r"\1\2•••", text)
    text = re.sub(_PARAMETER, r"\1=•••", text)
    text = re.sub(_IN_PATH, r"\1•••", text)
    return re.sub(_USERINFO, r"\1•••@", text)


def _unsigned(link: re.Match[str]) -> str:
    address, mark, query = link[0].partition("?")
    return f"{address}?•••" if query else address + mark


def _sentences(document: Json, depth: int) -> Iterator[str]:
    if isinstance(document, str) and document.strip():
        yield document.strip()
    elif isinstance(document, list) and depth:
        for entry in document[:10]:
            yield from _sentences(entry, depth - 1)
    elif isinstance(document, dict) and depth:
        said = [key for key in _FIRST if document.get(key) and isinstance(document[key], (str, list, dict))]
        for key in said:
            for sentence in _sentences(document[key], depth - 1):
                yield _placed(sentence, document.get("loc"))
        if not said:
            yield from _fields(document, depth)


def _placed(sentence: str, loc: Json) -> str:
    """{"loc": ["body", "email"], "msg": "Field required"}, as FastAPI says it, reads "email: Field required"."""
    return f"{loc[-1]}: {sentence}" if isinstance(loc, list) and loc else sentence


def _fields(document: dict[str, Json], depth: int) -> Iterator[str]:
    """{"crs": ["This field is required."]} reads "crs: This field is required."."""
    for key, value in document.items():
        if key in _SKIP:
            continue
        for sentence in _sentences(value, depth - 1):
            yield f"{key}: {sentence}"


def _page(text: str) -> str:
    """The title of an HTML page, or the beginning of its text."""
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    if title and title.group(1).strip():
        return html.unescape(title.group(1))
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.IGNORECASE | re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", " ", bare))
