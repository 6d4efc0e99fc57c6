"""Taking out of a text who somebody is, where, and with which key, before it may be sent to strangers.

What can't be told from a secret is masked too: a report that lacks a number is still one, and a key that was published
is not taken back. No pattern looks far ahead from each of its beginnings, since the text may be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import unquote

from .model import Json
from .words import READ, plain, redacted

MOST = 1000  # characters of a text that are kept
SHORTEST = 3  # characters of a name: a shorter one stands in any sentence
NEAR = 0.1  # degrees around the area within which a number may be one of its coordinates
WHOLE = 10  # from here on a whole number may be a coordinate that was rounded
FINE = 3  # decimals that only a coordinate has
MOST_DEGREES = 1e9  # a coordinate in any unit; there are numbers in JSON that no float can hold

_FILE_LINK = re.compile(
    r"\b(?:file|smb|s3|gs|ftp|sftp|data):/{0,3}[^\s\"'<>|]+|/vsi\w{1,20}/[^\s\"'<>|]+", re.IGNORECASE
)
_MAIL = re.compile(r"[^\s@<>\"',;:()\[\]=/]{1,64}@[^\s@<>\"',;:()\[\]/]{1,255}")
# A folder's name may have spaces; the last name is taken up to one.
_DRIVE = re.compile(r"\b[A-Za-z]:(?:\\+|/(?!/))(?:[^\\/:*?\"<>|]{1,255}[\\/]+)*[^\\/:*?\"<>|\s]*")
_SHARE = re.compile(r"\\\\[^\s\"'<>|]+")
_ROOTS = "home|Users|root|mnt|media|Volumes|tmp|var|srv|opt|data|run|private|etc"
_UNIX = re.compile(rf"(?<![\w.>/])(?:~|/(?:{_ROOTS}))(?:/[^\s\"'<>|;,)”]*|(?![\w/]))")
_BELOW = re.compile(r"<(home|folder)>[\\/][^\s\"'<>|;,)”]*")
_TAIL = re.compile(r"(?<=[\w/])[?#][^\s\"'<>]+")
_SHAPE = re.compile(
    r"\b((?:multi)?(?:point|linestring|polygon)|geometrycollection|envelope|box[23]?d?)\s{0,3}[zm]{0,2}\s{0,3}\([^a-z<]*",
    re.IGNORECASE,
)
_DEGREES = re.compile(r"(?<![\d.])[-+−]?\d+(?:[.,]\d+)?\s?[°º][\d\s.,'′\"″’”]*(?:[NSEWO]\b)?")
_NUMBER = r"(?<![\d.])[-+−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\.?\d)"
_DECIMAL = r"(?<![\d.])[-+−]?\d+\.\d+(?:e[-+]?\d+)?(?!\.?\d)"
_SEVERAL = re.compile(
    rf"{_NUMBER}(?:[\s,;|()\[\]]+{_NUMBER}){{3,}}|{_DECIMAL}[\s,;|]+{_DECIMAL}|[(\[]{_NUMBER}[\s,;]+{_NUMBER}[)\]]",
    re.IGNORECASE,
)
_ONE = re.compile(_NUMBER, re.IGNORECASE)
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_RUN = re.compile(r"[\w+/=~-]{16,}", re.ASCII)
_PIECE = re.compile(r"[A-Za-z0-9]{16,}")
_MARKS = (
    (_FILE_LINK, "<path>"),
    (_MAIL, "<e-mail>"),
    (_DRIVE, "<path>"),
    (_SHARE, "<path>"),
    (_UNIX, "<path>"),
    (_BELOW, r"<\1>/…"),
    (_SHAPE, r"\1 <numbers>"),
    (_DEGREES, "<number>"),
)


class Masks:
    """Masks a text, and makes one line of it.

    names: what must not be in it, and the mark that takes its place. ids: what looks like a key and is none. grounds:
    GeoJSON and points [lon, lat] in degrees, whose numbers must not be in it.
    """

    def __init__(self, names: Mapping[str, str], ids: Collection[str] = (), grounds: Iterable[Json] = ()) -> None:
        ways = {way: mark for name, mark in names.items() for way in _written(name) if len(way) >= SHORTEST}
        self._marks = {way.casefold(): mark for way, mark in ways.items()}
        longest = sorted(ways, key=len, reverse=True)
        # Between other letters it is a part of a word.
        self._names = re.compile("|".join(rf"(?<![^\W_]){re.escape(way)}(?![^\W_])" for way in longest), re.IGNORECASE)
        self._ids = frozenset(ids)
        self._spans = [span for ground in grounds for span in _spans(ground)]

    def __call__(self, text: str) -> str:
        text = _line(text)
        if self._marks:
            text = self._names.sub(self._name, text)
        text = redacted(text)
        for pattern, mark in _MARKS:
            text = pattern.sub(mark, text)
        text = _RUN.sub(self._run, _UUID.sub(self._run, _TAIL.sub(_tail, text)))
        text = _ONE.sub(self._number, _SEVERAL.sub("<numbers>", text))
        return text if len(text) <= MOST else text[: MOST - 1] + "…"

    def _name(self, found: re.Match[str]) -> str:
        return self._marks.get(found[0].casefold(), "<name>")

    def _run(self, found: re.Match[str]) -> str:
        return "<key>" if found[0] not in self._ids and is_keylike(found[0]) else found[0]

    def _number(self, found: re.Match[str]) -> str:
        digits = found[0].lstrip("+-−")
        value, decimals = float(digits), digits.partition(".")[2]
        if digits.isdecimal():
            is_placed = value >= WHOLE and any(low - 1 < value < high + 1 for low, high in self._spans)
        else:
            is_placed = len(decimals) >= FINE or any(low - NEAR <= value <= high + NEAR for low, high in self._spans)
        return "<number>" if is_placed else found[0]


def is_uuid(run: str) -> bool:
    return bool(_UUID.fullmatch(run))


def is_keylike(run: str) -> bool:
    """A UUID, sixteen letters and digits mixed or digits alone, or twenty with small and capital letters and digits."""
    if is_uuid(run) or any(not piece.isalpha() for piece in _PIECE.findall(run)):
        return True
    kinds = (str.isdigit, str.islower, str.isupper)
    return len(run) >= 20 and all(any(kind(char) for char in run) for kind in kinds)


def _line(text: str) -> str:
    """In one line, as somebody reads it: what is masked may be written for an address (%2Fhome)."""
    if len(text) > READ:
        text = text[:READ].rpartition(" ")[0] or text[:READ]  # half a key is no key any more
    return plain(unquote(redacted(text)), READ)


def _written(name: str) -> tuple[str, ...]:
    """A folder of Windows also as Qt writes it, and as JSON does."""
    return _line(name), _line(name.replace("\\", "/")), _line(name.replace("\\", "\\\\"))


def _tail(found: re.Match[str]) -> str:
    """The query and the fragment of an address; a question mark may also stand between words."""
    return f"{found[0][0]}•••" if "=" in found[0] or "&" in found[0] or len(found[0]) > WHOLE else found[0]


def _spans(ground: Json) -> Iterator[tuple[float, float]]:
    """From where to where the first and the second coordinates are, without signs, for which a text has S and W."""
    positions = list(_positions(ground))
    for axis in zip(*positions):
        low, high = min(axis), max(axis)
        yield (0.0 if low < 0 < high else min(abs(low), abs(high))), max(abs(low), abs(high))


def _positions(ground: Json) -> Iterator[tuple[float, float]]:
    waiting = [ground]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            numbers = [float(one) for one in value if _is_number(one)]
            step = 3 if len(numbers) in (3, 6) else 2  # with a height
            yield from zip(numbers[::step], numbers[1::step])
            waiting.extend(one for one in value if isinstance(one, (Mapping, list, tuple)))


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < MOST_DEGREES
