"""A job as text for a bug report, to be sent to strangers: what a support needs, and not who, where or with which key.

What is in it is chosen here, line by line: no title, no file names, no folder, no area, and of the options only what
the service itself offers to choose. What somebody else wrote (the service, the log) is masked besides (`masks.py`).
The text is English, whatever the person's language: others read it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import PurePosixPath

from .disk import size_text
from .masks import Masks, is_keylike, is_uuid
from .model import Job, Json, Option, OptionKind, about, slug
from .provider import Provider
from .words import plain

MOST_LINES = 20  # of problems, notes, options and ids each
MOST_LOG = 60
OFFERED = (OptionKind.CHOICE, OptionKind.CHOICES, OptionKind.FLAG, OptionKind.NUMBER, OptionKind.CRS)
PICKED = (OptionKind.ITEM, OptionKind.ITEMS)  # ids of the service
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_SUFFIX = re.compile(r"\.[a-z0-9]{1,7}")
_SECRET = re.compile(r"token|secret|password|signature|\bsig\b|key|cookie|auth|link|url", re.IGNORECASE)


@dataclass(frozen=True)
class Around:
    """What the report is made on. versions: by the name of what has it. names: what must not be in the report, and
    the mark that takes its place: folders, the person, the machine. log: what was logged of late, one entry each."""

    versions: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    log: Sequence[str] = ()


def report(job: Job, service: type[Provider] | None, around: Around) -> str:
    """service: what declares the job's options; None for one that this version does not know."""
    masks, shown = _masks(job, service, around), _shown_options(job, service)
    lines: list[tuple[str, str]] = [
        *(around.versions.items()),
        ("Service", masks(job.request.service)),
        ("Server", masks(job.request.server)),
        ("Job", job.key if _ID.fullmatch(job.key) else masks(job.key)),
        ("State", f"{job.state.value}{', paused' if job.paused else ''}"),
        ("The service's word", masks(job.word)),
        ("Message", masks(job.message)),
        *_times(job),
        ("Progress", "" if job.progress is None else f"{100 * job.progress:.0f} %"),
        ("Faults in a row", str(job.soft_errors or "")),
        ("Price", masks(_price(job))),
        *(("Id at the service", line) for line in _ids(job, masks)),
        *(("Option", line) for line in _counted([f"{key} = {masks(text)}" for key, text in shown.items()])),
        ("Not shown", ", ".join(masks(key) for key in job.request.options if key not in shown)),
        ("Area", masks(_shape(job.request.area))),
        ("Sent instead", masks(_shape(job.request.sent))),
        ("Delivery", _delivery(job)),
        ("Files", _files(job)),
        ("Layers", str(len(job.layers) or "")),
        *(("Note", line) for line in _counted(job.request.notes, masks)),
        *(("Problem", line) for line in _counted(job.problems, masks)),
    ]
    told = [f"{name}: {text}" for name, text in lines if text]
    logged = [f"  {masks(line)}" for entry in around.log for line in entry.splitlines()][-MOST_LOG:]
    return "\n".join(["Report of Cutout", *told, *(["Log:", *logged] if logged else [])]) + "\n"


def _masks(job: Job, service: type[Provider] | None, around: Around) -> Masks:
    request, shown = job.request, _shown_options(job, service)
    hidden = {key: value for key, value in request.options.items() if key not in shown}
    names = {text: f"<{plain(key)}>" for key, value in hidden.items() for text in _texts(value)}
    own = {request.service, service.title if service else ""}
    titles = {request.title, slug(request.title)} if request.title and request.title not in own else set()
    names |= dict.fromkeys(titles, "<title>")
    names |= dict.fromkeys(filter(None, (job.folder, job.delivery.folder)), "<folder>")
    ids = {job.key, *_clear_ids(job.remote).values(), *_picked(job, service)}
    return Masks({**names, **around.names}, ids, (request.area, request.sent, *hidden.values()))


def _shown_options(job: Job, service: type[Provider] | None) -> dict[str, str]:
    """What was chosen of what the service offers. Free text may be an address, and some options stand for the area."""
    declared = {option.key: option for option in service.options} if service else {}
    places = service.area.instead_of if service else ()
    return {
        key: _listed(value)
        for key, value in job.request.options.items()
        if key in declared and key not in places and _is_offered(declared[key], value)
    }


def _is_offered(option: Option, value: Json) -> bool:
    if option.kind is OptionKind.FLAG or value in (None, "", [], ()):
        return isinstance(value, bool) or not value
    if option.kind is OptionKind.NUMBER:
        return isinstance(value, (int, float))
    if option.kind in OFFERED or option.kind in PICKED:
        return True
    return value == option.default or value in [choice.value for choice in option.choices]


def _picked(job: Job, service: type[Provider] | None) -> Iterator[str]:
    """Ids of what was picked at the service, which may look like keys."""
    for option in service.options if service else ():
        if option.kind in PICKED:
            yield from (text for text in _texts(job.request.options.get(option.key)) if _is_id(text))


def _clear_ids(remote: Mapping[str, Json]) -> dict[str, str]:
    """Ids by which the service's support finds the order. A link, or what is called a key, may open the files."""
    ids = ((key, str(value)) for key, value in remote.items() if isinstance(value, (str, int)))
    return {key: text for key, text in ids if _is_id(text) and not _SECRET.search(key)}


def _is_id(text: str) -> bool:
    """A UUID, or letters, digits and dashes that are not as long as a token is; no address and no sentence."""
    return bool(_ID.fullmatch(text)) and (is_uuid(text) or not is_keylike(text))


def _ids(job: Job, masks: Masks) -> list[str]:
    clear = _clear_ids(job.remote)
    lines = [
        f"{masks(key)} = {clear[key] if key in clear else '<hidden>' if _SECRET.search(key) else masks(_listed(value))}"
        for key, value in job.remote.items()
    ]
    return _counted(lines)


def _times(job: Job) -> Iterator[tuple[str, str]]:
    """In UTC: the time zone would say where."""
    yield "Created", _moment(job.created)
    yield "Ordered", _moment(job.submitted)
    yield "Last news", _moment(job.updated)
    yield "Next look", f"{_moment(job.due)}, after {job.wait:.0f} s" if job.due is not None else ""
    yield "Finished", _moment(job.finished)


def _moment(seconds: float | None) -> str:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC") if seconds else ""
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def _price(job: Job) -> str:
    quote = job.quote
    return "" if quote is None or quote.price is None else f"{quote.price} {quote.currency}".strip()


def _shape(geometry: Mapping[str, Json] | None) -> str:
    """What kind of geometry and how large: `MultiPolygon of 2 parts, 12 vertices`."""
    if not isinstance(geometry, Mapping):
        return ""
    parts = geometry.get("coordinates") or ()
    kind = geometry.get("type")
    return f"{kind} of {len(parts)} parts or rings, {sum(1 for _ in _vertices(parts)):,} vertices"


def _vertices(coordinates: Json) -> Iterator[Json]:
    waiting = [coordinates]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (list, tuple)):
            nested = [one for one in value if isinstance(one, (list, tuple))]
            waiting.extend(nested)
            if value and not nested:
                yield value


def _delivery(job: Job) -> str:
    folder, clip = job.delivery.folder and "into a folder of its own", job.delivery.clip and "clipped to the area"
    return ", ".join(filter(None, (folder or "", clip or "")))


def _files(job: Job) -> str:
    """`3 files, 4.2 MB: 2 .gpkg, 1 .tif`; names may say where."""
    kinds = Counter(PurePosixPath(one.name).suffix.lower() for one in job.files)
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(MOST_LINES) if _SUFFIX.fullmatch(kind))
    total = size_text(sum(one.size for one in job.files))
    return f"{len(job.files)} files, {total}: {told}" if job.files else ""


def _counted(lines: Sequence[str], masks: Masks | None = None) -> list[str]:
    """The first ones, and how many there are besides."""
    first = [masks(f"{about(line)}: {line}" if about(line) else line) if masks else line for line in lines[:MOST_LINES]]
    rest = len(lines) - MOST_LINES
    return [*first, f"and {rest:,} more"] if rest > 0 else first


def _listed(value: Json) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _texts(value: Json) -> Iterator[str]:
    """The texts in an option's value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and one:
            yield one
        elif isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, (list, tuple)):
            waiting.extend(one)
