"""The matrix of network faults: services x stages x faults, and how an order goes through each of them.

A job is driven by `advance` and `collect` with a clock that jumps from look to look, as the dock drives it. Everything
is https, on the stand-ins; the faults are theirs or those of weather.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cutout.core.errors import ExportError
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, collect, held, looked_for_now
from cutout.core.model import ExportRequest, Job, JobState, new_job
from cutout.core.provider import OAuth2, Provider
from cutout.core.sessions import Sessions
from cutout.providers.brightearth import BrightEarth
from cutout.providers.cityloader import CityLoader
from cutout.providers.itwin import ITwin
from cutout.providers.koordinates import Koordinates
from tests.places import PARK, VIENNA
from tests.siege.weather import KINDS, Weather
from tests.standin.client import Standin

STAGES = ("sign-in", "before", "create", "poll", "links", "download")
MOST_STEPS = 40


@dataclass(frozen=True)
class Where:
    """The requests of a stage. path: as of a Fault. skip: requests like them before; reads: of these, those that are no
    POST, so that a connection, whose method nobody knows, is told by its number."""

    server: str
    path: str
    method: str | None = None
    skip: int = 0
    reads: int = 0


@dataclass(frozen=True)
class Service:
    """How to use one: what it is called, what to order there (a large delivery or a small one), where its stages are.

    orders: the POST that may cost something, as the server and a regular expression of the path.
    """

    name: str
    make: Callable[[Standin, Network], Provider]
    request: Callable[[Standin, bool], ExportRequest]
    stages: Mapping[str, Where]
    orders: tuple[str, str]
    secrets: Callable[[Standin], list[str]]


def _koordinates(standin: Standin, network: Network) -> Provider:
    return Koordinates(standin.url, Secret(password=standin.key), network)


def _cityloader(standin: Standin, network: Network) -> Provider:
    facts = standin.of("cityloader").facts
    return CityLoader(facts["api"], Secret(password=facts["tokens"]["full"]), network)


def _brightearth(standin: Standin, network: Network) -> Provider:
    facts = standin.of("brightearth").facts
    return BrightEarth(facts["url"], Secret(facts["email"], facts["password"]), network)


def _itwin(standin: Standin, network: Network) -> Provider:
    facts = standin.of("itwin").facts
    return ITwin(facts["url"], Secret(facts["service_client_id"], facts["service_client_secret"]), network)


def _helsinki(standin: Standin, large: bool) -> dict[str, Any]:
    west, south, east, north = standin.of("brightearth").facts["place"]
    side = 0.4 if large else 0.1
    west, south = east - (east - west) * side, north - (north - south) * side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _city(standin: Standin, large: bool) -> ExportRequest:
    facts = standin.of("itwin").facts
    return ExportRequest("itwin", facts["url"], {"imodel": facts["imodels"]["city"]["id"]}, None, "Vienna")


K, B = "/services/api/v1.x/exports/", "/users/me/projects/"
SERVICES = {
    one.name: one
    for one in (
        Service(
            "koordinates",
            _koordinates,
            lambda s, large: ExportRequest(
                "koordinates", s.url, {"items": "101,104,105" if large else "101"}, PARK, "Fall River"
            ),
            {
                "before": Where("koordinates", f"{K}validate/", "POST"),
                "create": Where("koordinates", f"{K}$", "POST"),
                "poll": Where("koordinates", K, "GET"),
                "links": Where("koordinates", K, "GET", skip=1),
                "download": Where("storage", "/"),
            },
            ("koordinates", re.escape(K) + r"\Z"),
            lambda s: [s.key],
        ),
        Service(
            "cityloader",
            _cityloader,
            lambda s, large: ExportRequest("cityloader", s.of("cityloader").facts["api"], {}, VIENNA, "Neubau"),
            {
                "create": Where("cityloader", "/api/export/simple", "POST"),
                "poll": Where("cityloader", "/api/export/", "GET"),
                "links": Where("cityloader", "/api/export/", "GET", skip=1),
                "download": Where("storage", "/"),
            },
            ("cityloader", r"/api/export/simple\Z"),
            lambda s: list(s.of("cityloader").facts["tokens"].values()),
        ),
        Service(
            "brightearth",
            _brightearth,
            lambda s, large: ExportRequest("brightearth", s.of("brightearth").url, {}, _helsinki(s, large), "Kamppi"),
            {
                "sign-in": Where("brightearth", "/auth/login", "POST"),
                "before": Where("brightearth", "/users/me$", "GET"),
                "create": Where("brightearth", B, "POST", skip=1),
                "poll": Where("brightearth", B, "GET"),
                "links": Where("brightearth", B, "GET", skip=1),
                "download": Where("storage", "/"),
            },
            ("brightearth", r"/users/me/projects/[^/]+/scenarios/[\w-]+\Z"),
            lambda s: [s.of("brightearth").facts["password"]],
        ),
        Service(
            "itwin",
            _itwin,
            _city,
            {
                "sign-in": Where("ims", "/connect/token", "POST"),
                "before": Where("itwin", "/mesh-export/", "GET"),
                "create": Where("itwin", "/mesh-export/", "POST", reads=2),
                "poll": Where("itwin", "/mesh-export/", "GET"),
                "links": Where("itwin", "/mesh-export/", "GET", skip=1),
                "download": Where("blobs", "/"),
            },
            ("itwin", r"/mesh-export/\Z"),
            lambda s: [s.of("itwin").facts["service_client_secret"]],
        ),
    )
}


@dataclass(frozen=True)
class Fault:
    """kind: of weather.py or of faults.py. after: a fault before it, of a download that has to be gone on with."""

    kind: str
    details: Mapping[str, Any] = field(default_factory=dict)
    after: str = ""


def _page(status: int, **more: Any) -> Fault:
    return Fault("status", {"status": status, "shape": "html", "message": "out of <b>order</b>", **more})


def _text(text: str, content_type: str = "application/json") -> Fault:
    return Fault("status", {"status": 200, "text": text, "content_type": content_type})


def _sent_to(target: str) -> Fault:
    """target: with {url}, the address of the server that is asked, and {path}, what it is asked for."""
    return Fault("status", {"status": 302, "text": "", "headers": {"Location": target}})


FAULTS = {
    **{kind: Fault(kind) for kind in KINDS},
    "reset": Fault("reset"),
    "answer lost": Fault("lost"),
    "reset in the middle": Fault("cut"),
    "body cut short": Fault("truncated"),
    "length too long": Fault("overstated"),
    "length too short": Fault("understated"),
    "429": Fault("status", {"status": 429}),
    "429, in 30 s": Fault("status", {"status": 429, "retry_after": 30}),
    "500": Fault("status", {"status": 500, "message": "sesame?X-Amz-Signature=0123456789abcdef"}),
    "502 in HTML": _page(502),
    "503": Fault("status", {"status": 503}),
    "HTML": _text("<!DOCTYPE html><html><title>Welcome &amp; sign in</title></html>", "text/html"),
    "1000 levels deep": _text('{"id":' * 1000 + "1" + "}" * 1000),
    "circle": _sent_to("{url}{path}"),
    "to another host": _sent_to("{elsewhere}/stolen?token=t0ken-of-a-link-0123456789"),
    "to plain http": _sent_to("http://127.0.0.1:9/plain"),
}
DOWNLOAD_FAULTS = {
    "range ignored": Fault("no_range", after="cut"),
    "416": Fault("status", {"status": 416}, after="cut"),
    "replaced": Fault("changed", after="cut"),
    "link expired": Fault("expired", after="cut"),
}


@dataclass(frozen=True)
class Cell:
    service: str
    stage: str
    fault: str
    forever: bool

    @property
    def id(self) -> str:
        return f"{self.service}-{self.stage}-{self.fault}-{'for ever' if self.forever else 'once'}".replace(" ", "_")


def cells() -> Iterator[Cell]:
    for service in SERVICES.values():
        for stage in service.stages:
            for fault in (*FAULTS, *(DOWNLOAD_FAULTS if stage == "download" else ())):
                for forever in (False, True):
                    yield Cell(service.name, stage, fault, forever)


@dataclass(frozen=True)
class End:
    """What became of a job: the word for the table, all that was said on the way, and the job itself."""

    word: str
    said: tuple[str, ...]
    job: Job


class Ride:
    """One order with the services as they are in a cell."""

    def __init__(self, standin: Standin, weather: Weather, folder: Path, service: Service) -> None:
        self.standin, self.weather, self.folder, self.service = standin, weather, folder, service
        self.now = standin.advance(0)
        self.said: list[str] = []

    def through(self, stage: str, fault: Fault | None = None, forever: bool = False) -> End:
        """Until the job has ended or waits for somebody. The fault strikes when the stage has come."""
        self.job = new_job(self.service.request(self.standin, stage == "download"), self.now)
        struck = False
        for _ in range(MOST_STEPS):
            if fault and not struck and self._has_come(stage):
                self._order(self.service.stages[stage], fault, -1 if forever else 1)
                struck = True
            self._step()
            if self.job.paused or not self.job.state.is_open:
                return self.end
            self.now = max(self.now, self.job.due or self.now)
        return self.end

    def on(self) -> End:
        """The fault is gone, and the person looks again."""
        self.standin.calm()
        self.weather.calm()
        self.job = looked_for_now(self.job, self.now)
        for _ in range(MOST_STEPS):
            self._step()
            if self.job.paused or not self.job.state.is_open:
                break
            self.now = max(self.now, self.job.due or self.now)
        return self.end

    def _has_come(self, stage: str) -> bool:
        if stage in ("links", "download"):
            return self.job.state is JobState.READY
        return stage != "poll" or self.job.state is JobState.QUEUED

    def _step(self) -> None:
        provider = self.service.make(self.standin, self.weather.network)
        if self.job.state is JobState.READY:
            try:
                self.job = collect(provider, self.job, self.folder, lambda done, total: None, clock=lambda: self.now)
            except ExportError as error:
                self.job = held(self.job, str(error), self.now)  # as the dock does
        else:
            self.job = advance(provider, self.job, self.now)
        self.said.append(self.job.message)

    def _order(self, where: Where, fault: Fault, count: int) -> None:
        standin = self.standin
        if fault.kind in KINDS:
            url, path = self._url(where.server), where.path.rstrip("$")
            whole = where.path.endswith("$") or where.method == "POST"

            def hits(asked: str) -> bool:
                found = urlsplit(asked)
                if f"{found.scheme}://{found.netloc}" != url:
                    return False
                return bool(re.fullmatch(re.escape(path) + ("" if whole else ".*"), found.path))

            if self.service.name == "brightearth" and where.method == "POST" and where.path == B:
                ordering = self.service.orders[1]
                self.weather.strike(
                    fault.kind, lambda asked: bool(re.search(ordering, urlsplit(asked).path)), count=count
                )
            else:
                self.weather.strike(fault.kind, hits, count=count, skip=where.skip + where.reads)
            return
        if fault.after:
            standin.fault(fault.after, server=where.server, path=where.path, part=0.4)
        details = dict(fault.details)
        if "headers" in details:
            path = where.path.rstrip("$")
            elsewhere = standin.of("koordinates").url.replace("127.0.0.1", "localhost")
            to = details["headers"]["Location"].format(url=self._url(where.server), path=path, elsewhere=elsewhere)
            details["headers"] = {"Location": to}
        standin.fault(
            fault.kind,
            server=where.server,
            path=where.path,
            method=where.method,
            skip=where.skip,
            count=count,
            **details,
        )

    def _url(self, server: str) -> str:
        facts = self.standin.of("itwin").facts
        if server in ("ims", "blobs"):
            return str(facts[server])
        return self.standin.storage_url if server == "storage" else self.standin.of(server).url

    @property
    def end(self) -> End:
        job = self.job
        if job.paused:
            word = "paused"
        elif job.state is JobState.FAILED:
            word = "nothing ordered" if job.message.endswith("Nothing was ordered.") else "failed"
        else:
            word = job.state.value
        return End(word, tuple(self.said), job)

    @property
    def orders(self) -> int:
        """Requests that may have cost something, as far as they have come."""
        server, path = self.service.orders
        sent = [one for one in self.standin.requests(server) if one.method == "POST" and re.match(path, one.path)]
        return len(sent)

    @property
    def stolen(self) -> list[str]:
        """Credentials that have come to where a redirect led, or to a storage."""
        return [
            f"{one.server} {one.path}"
            for one in self.standin.requests()
            if (one.path == "/stolen" or one.server in ("storage", "blobs")) and one.header("Authorization")
        ]

    @property
    def digests(self) -> dict[str, str]:
        """What lies in the job's folder under its own name, by its path without the ids of this order."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.name.endswith((".part", ".part.json")) and ".cutout-" not in path.name:
                name = "/".join(path.relative_to(self.folder).parts[1:])
                if name == "cutout.json":
                    continue
                # A GeoPackage holds the time when it was made.
                content = str(path.stat().st_size).encode() if path.suffix == ".gpkg" else path.read_bytes()
                found[name] = hashlib.sha256(content).hexdigest()
        return found


def begin(standin: Standin, patch: pytest.MonkeyPatch) -> None:
    """The stand-in as new, with small deliveries, and no session from before."""
    standin.reset()
    standin.of("itwin").settings(autostart=False, tiles=4)
    ims = standin.of("itwin").facts["ims"]
    patch.setattr(ITwin, "oauth2", OAuth2(f"{ims}/connect/authorize", f"{ims}/connect/token", "itwin-platform"))
    for service in (ITwin, BrightEarth):
        patch.setattr(service, "_sessions", Sessions())


PROGRAMS_WORDS = r"Traceback|\w(Error|Exception)\b|urllib3|requests\.|HTTPSConnection|0x[0-9a-f]{6}|\bNone\b|[<\n]"


def untidy(sentence: str, secrets: list[str]) -> str:
    """What a sentence for a person should not hold, empty if it is in order."""
    for secret in (*secrets, "sesame?X", "0123456789abcdef", "t0ken-of"):
        if secret in sentence:
            return "a secret"
    if re.search(r"[?&](X-Amz|sig|se|token)\b", sentence):
        return "a signed query"
    if re.search(PROGRAMS_WORDS, sentence):
        return "words of a program"
    if sentence and sentence[-1] not in ".!?…" and not sentence.endswith((".”", "/")):
        return "no end"
    return "" if len(sentence) < 900 else "too many words"
