"""What an export is: frozen values that go to JSON and back.

A Job is its own resume token: its JSON says everything that is needed to go on with it, in another process or
on another day, except the credentials, which it never holds.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

Json = Any  # what json.loads returns


class JobState(str, Enum):
    """The words that scripts and the dock see."""

    NEW = "new"
    SUBMITTING = "submitting"
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"

    @property
    def is_open(self) -> bool:
        """Something will still happen to the job by itself."""
        return self in (JobState.NEW, JobState.SUBMITTING, JobState.QUEUED, JobState.RUNNING, JobState.READY)

    @property
    def is_at_service(self) -> bool:
        """The service is working on it."""
        return self in (JobState.QUEUED, JobState.RUNNING)


class OptionKind(str, Enum):
    """How an option is asked for: it decides the widget in the dock and the parameter in Processing."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    CRS = "crs"
    ITEMS = "items"  # picked from a catalogue at the service, searched and paged
    ITEM = "item"  # one of such a catalogue; a string
    POINT = "point"  # [lon, lat] in degrees, None for none


@dataclass(frozen=True)
class Choice:
    """One thing to choose. value: what a script says; kind: what sort of data it is (vector, grid, ...).

    group: the heading under which it stands.
    """

    value: str
    label: str
    detail: str = ""
    kind: str = ""
    group: str = ""


@dataclass(frozen=True)
class ChoicePage:
    """A page of choices from the service. more: hand it back to get the next page, empty on the last one.

    total: how many there are in all, None where the service does not say.
    """

    choices: tuple[Choice, ...]
    more: str = ""
    total: int | None = None


@dataclass(frozen=True)
class Option:
    """Something to choose before ordering, as data: dock form and Processing parameter follow from it.

    key: lower case; the Processing parameter is key.upper(). asked: further choices come from the service.
    after: the options, and "area" for the area, whose values decide what there is to choose. guide: it only narrows
    what another option offers, so it is no part of an order. for_kind: it only matters when an item of this kind is
    ordered, empty: always. with_any: only when one of these options has a value, empty: always. unit: of a number.
    """

    key: str
    label: str
    kind: OptionKind
    default: Json = None
    choices: tuple[Choice, ...] = ()
    asked: bool = False
    after: tuple[str, ...] = ()
    guide: bool = False
    required: bool = False
    advanced: bool = False
    for_kind: str = ""
    with_any: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    help: str = ""


class Problem(str):
    """A sentence that says why something can't be ordered. about: the key of the option that it is about, or one of
    "area", "account" and "server"; empty where it is about none of them, or where it was read from a file."""

    about: str

    def __new__(cls, text: str, about: str = "") -> Problem:
        problem = super().__new__(cls, text)
        problem.about = about
        return problem


def about(problem: str) -> str:
    """What a problem is about; empty for a plain sentence, as the check of a service may give."""
    return problem.about if isinstance(problem, Problem) else ""


@dataclass(frozen=True)
class ExportRequest:
    """What is ordered. area: the person's own area, a GeoJSON geometry in EPSG:4326, None where none is needed.

    sent: the geometry the service gets where it can't take the area itself; it covers the area.
    notes: what was changed on the way from the one to the other, a sentence each.
    """

    service: str
    server: str
    options: Mapping[str, Json] = field(default_factory=dict)
    area: Mapping[str, Json] | None = None
    title: str = ""
    sent: Mapping[str, Json] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class License:
    """Under which terms the data come, as the service names them."""

    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Quote:
    """What the service says before anything is ordered.

    problems: why it can't be ordered, a sentence each; empty when it can. price: the sum over the items, None if
    the service names none. balance: what is left on the account, in the currency too, None if it has none. size: bytes
    of the download as estimated. summary: what would be ordered, one line.
    """

    problems: tuple[str, ...] = ()
    price: Decimal | None = None
    currency: str = ""
    size: int | None = None
    summary: str = ""
    license: License = License()
    balance: Decimal | None = None

    @property
    def valid(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Agreement:
    """What the person has agreed to pay for an order. price: None where the service named none."""

    price: Decimal | None = None
    currency: str = ""

    def covers(self, quote: Quote) -> bool:
        """Whether an order may leave at what the service says now: no dearer, and not in another currency."""
        if quote.price is None or self.price is None:
            return quote.price == self.price or quote.price == 0
        return quote.price == 0 or (quote.price <= self.price and quote.currency == self.currency)


@dataclass(frozen=True)
class Look:
    """What a look at the service showed. progress: 0 to 1, None where the service does not say.

    word: the service's own word for the state. known: False for a word that its documentation does not have.
    """

    state: JobState
    progress: float | None = None
    message: str = ""
    word: str = ""
    known: bool = True


@dataclass(frozen=True)
class Artifact:
    """A file to fetch. name: relative path below the job's folder. size: bytes, None if the service does not say.

    signed: the link carries its own authority, so no credentials go with it. optional: the rest counts also without it.
    tileset: the tileset.json of 3D Tiles, with which comes all that it refers to.
    """

    name: str
    url: str = field(repr=False)
    size: int | None = None
    signed: bool = True
    optional: bool = False
    tileset: bool = False


@dataclass(frozen=True)
class FileRecord:
    """A file that arrived whole. name: path below the job's folder, with slashes; size in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Delivery:
    """How the files are wanted. folder: where the job's folder is to be, empty: where the person keeps downloads.

    clip: cut to the area exactly.
    """

    folder: str = ""
    clip: bool = False


@dataclass(frozen=True)
class Job:
    """An order and what has become of it. Times are seconds since 1970 (UTC).

    key: ours, unique. remote: the ids the service gave, as they came. due: when to look next, None: not by itself.
    submitted: when the order left, by which a lost one is looked for.
    wait: seconds between the last two looks. soft_errors: faults in a row that may be gone at the next look.
    faulty_since: when the first of these was. paused: open, but waiting for the person.
    message: what to tell the person now, or why it ended.
    agreed: what it may cost, None where nobody was asked, as in qgis_process.
    folder: where the files are. layers: strings that GDAL or MDAL opens.
    """

    key: str
    request: ExportRequest
    authcfg: str = ""
    delivery: Delivery = Delivery()
    state: JobState = JobState.NEW
    remote: Mapping[str, Json] = field(default_factory=dict)
    progress: float | None = None
    message: str = ""
    word: str = ""
    created: float = 0.0
    updated: float = 0.0
    submitted: float | None = None
    finished: float | None = None
    due: float | None = None
    wait: float = 0.0
    soft_errors: int = 0
    faulty_since: float | None = None
    paused: bool = False
    quote: Quote | None = None
    agreed: Agreement | None = None
    folder: str = ""
    files: tuple[FileRecord, ...] = ()
    layers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.request.title or self.request.service

    @property
    def license(self) -> License:
        return self.quote.license if self.quote else License()

    @property
    def folder_name(self) -> str:
        """`<title>-<key>`, allowed as a folder name on every system."""
        return f"{slug(self.title)}-{self.key}"

    @property
    def service(self) -> str:
        return self.request.service

    @property
    def server(self) -> str:
        return self.request.server

    @property
    def count(self) -> int:
        """Of files."""
        return len(self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(record.size for record in self.files)

    def to_json(self) -> str:
        return json.dumps(self, default=_plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Job:
        """Errors: ValueError, KeyError, TypeError when the text is not a job."""
        try:
            raw = _known(cls, json.loads(text))
        except RecursionError:
            raise ValueError("it is nested too deep") from None
        raw["request"] = _tupled(ExportRequest, raw["request"], "notes")
        raw["delivery"] = Delivery(**_known(Delivery, raw.get("delivery") or {}))
        raw["state"] = JobState(raw["state"])
        if raw.get("quote"):
            raw["quote"] = _quote(raw["quote"])
        if raw.get("agreed"):
            raw["agreed"] = _agreement(raw["agreed"])
        raw["files"] = tuple(FileRecord(**_known(FileRecord, record)) for record in raw.get("files", ()))
        job: Job = _tupled(cls, raw, "layers", "problems")
        return job


def several(given: Json) -> tuple[str, ...]:
    """One or several things, as a script (a string with commas) or the dock (a list) gives them, each once."""
    parts = given if isinstance(given, (list, tuple)) else str("" if given is None else given).split(",")
    return tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))


def flag_problems(options: Iterable[Option], given: Mapping[str, Json]) -> Iterator[str]:
    """The flags that are neither true nor false, a sentence each: in Python the word "false" counts as true."""
    for option in options:
        if option.kind is OptionKind.FLAG and not isinstance(given.get(option.key) or False, bool):
            yield Problem(f"“{option.label}” must be true or false.", option.key)


def new_job(request: ExportRequest, now: float, authcfg: str = "", delivery: Delivery = Delivery()) -> Job:
    """A job that nobody has heard of yet; due at once."""
    import secrets  # comes with much that the start of QGIS does without

    return Job(secrets.token_hex(4), request, authcfg, delivery, created=now, updated=now, due=now)


def order_again(job: Job, now: float) -> Job:
    """The same order as a new job; the old one stays as it is."""
    return new_job(replace(job.request, sent=None, notes=()), now, job.authcfg, job.delivery)


def slug(title: str) -> str:
    """The title as a name for a file on every system: word characters and dashes, at most 60 characters.

    The names that Windows keeps for devices can't come out alone, since the job's key is always appended.
    """
    plain = unicodedata.normalize("NFC", title)
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:60].strip("-_") or "export"


def _plain(value: object) -> Json:
    """What JSON has no word for. Not asdict, which copies each vertex of an area."""
    if is_dataclass(value):
        return {entry.name: getattr(value, entry.name) for entry in fields(value)}
    return dict(value) if isinstance(value, Mapping) else str(value)


def _known(kind: type, raw: Mapping[str, Json]) -> dict[str, Json]:
    """Only the fields that this version knows: a newer one may have written more."""
    names = {entry.name for entry in fields(kind)}
    return {key: value for key, value in raw.items() if key in names}


def _tupled(kind: type, raw: Mapping[str, Json], *keys: str) -> Any:
    known = _known(kind, raw)
    known.update({key: tuple(known.get(key) or ()) for key in keys})
    return kind(**known)


def _quote(raw: Mapping[str, Json]) -> Quote:
    quote: Quote = _tupled(Quote, raw, "problems")
    license = License(**_known(License, raw.get("license") or {}))
    return replace(quote, price=_amount(raw, "price"), balance=_amount(raw, "balance"), license=license)


def _agreement(raw: Mapping[str, Json]) -> Agreement:
    return Agreement(_amount(raw, "price"), str(raw.get("currency") or ""))


def _amount(raw: Mapping[str, Json], key: str) -> Decimal | None:
    return None if raw.get(key) is None else Decimal(raw[key])
