"""Measure 7: how often services are asked about many orders, against the loops of the vendors' own samples.

The real poller of the dock (bridge/jobs.py with its store, tasks and providers) orders and waits on a clock that jumps
from second to second, at a server on loopback that counts what it is asked.
"""

from __future__ import annotations

import math
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.result import Growth, Ratio, Result
from tests.bench.sites import START, Site
from tests.places import VIENNA
from tests.unit.scripted_server import ScriptedServer

COUNT = 200  # orders
LENGTH = 600.0  # seconds that the service works on the first one; on the last one a tenth more, so that the ends fall
SPREAD = 60.0  # anywhere between two looks
APART = 3.0  # seconds between orders that come one by one
GROWTH = (1, 10, 50)  # orders
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # how long a disk takes is not measured here
TITLES = {"koordinates": "Koordinates", "brightearth": "BrightEarth"}
# Seconds before the first look and between two, in the samples of 3DCityLoader and of BrightEarth.
LOOPS = {"3 s": (4.0, 3.0), "5 s": (0.0, 5.0)}

WORK = f"""{COUNT} orders at one site, all at once; each takes {LENGTH / 60:g} to {(LENGTH + SPREAD) / 60:g} minutes.
The dock's own poller waits for them, on a clock that jumps. Against the loops of the vendors' samples, of which each
asks about one order: every 3 s at 3DCityLoader, every 5 s at BrightEarth. Counted are the requests until the end of
each order is noticed. Koordinates lists many orders in one answer; BrightEarth tells of one at a time, as 3DCityLoader
does."""
FOUND = """Before, orders of a site that lists them came due each at a moment of its own: placed one a second, 200 of
them took 1,798 requests. Now they come due together, at the same quarters of their wait, and one request tells of a
hundred. Orders that must be asked about one by one took 17 requests each in ten minutes, 3,400 in all and 0.14 of the
loop of 5 s. Now, the more there are, the longer each of them waits for its next look, up to a minute; a single one is
looked at as early as before, after 2, 5, 9.5 s and so on. The limit is the minute: whoever asks about each order once a
minute, as the latest notice of 60 s demands, makes 10 or 11 requests in that time, 0.08 to 0.09 of the loop of 5 s.
What that costs: an end within the first minutes is noticed late in relation to how long the order took, with 200 orders
one by one up to 58 s, with a single one half as long as it took."""


def measure() -> Result:
    counts = sorted({*GROWTH, COUNT})
    with _qgis() as version:
        found = {(service, count): polled(service, count) for service in TITLES for count in counts}
        apart = polled("koordinates", COUNT, APART)
    ways = {title: found[service, COUNT] for service, title in TITLES.items()}
    ways[f"{TITLES['koordinates']}, one order every {APART:g} s"] = apart
    loops = {name: {count: looped(count, *loop) for count in counts} for name, loop in LOOPS.items()}
    latest = max(one.late[-1] for one in (*found.values(), apart))
    ours = {title: [(count, found[service, count].asked) for count in counts] for service, title in TITLES.items()}
    theirs = {f"the samples' loop of {name}": [*loop.items()] for name, loop in loops.items()}
    return Result(
        number=7,
        title="Polling",
        work=WORK,
        ratios=[
            *(
                Ratio(f"{way}: requests of the loop of {name}", one.asked / loop[COUNT], at_most=0.1)
                for way, one in ways.items()
                for name, loop in loops.items()
            ),
            Ratio("latest that an end was noticed", latest, at_most=60, unit="s"),
            Ratio("the same, as part of how long the order took", latest / LENGTH, at_most=0.1),
        ],
        figures={
            **{f"{way}, requests": one.asked for way, one in ways.items()},
            **{f"{way}, half are noticed within, s": statistics.median(one.late) for way, one in ways.items()},
            **{f"loop of {name}, requests": loop[COUNT] for name, loop in loops.items()},
        },
        growth=[Growth("Requests until the end of all orders is noticed", "orders", "requests", {**ours, **theirs})],
        found=FOUND,
        qgis=version,
    )


@dataclass(frozen=True)
class Polled:
    """asked: requests until all was noticed. late: for each order, how many seconds after its end that was."""

    asked: int
    late: Sequence[float]


def lengths(count: int) -> list[float]:
    """How long the service works on each, in seconds."""
    return [LENGTH + SPREAD * number / count for number in range(count)]


def looped(count: int, first: float, pause: float) -> int:
    """Requests of a sample's loop for so many orders: it sleeps, asks, and sleeps again until it is told of the end."""
    asked = 0
    for length in lengths(count):
        now, asked = first, asked + 1
        while now < length:
            now, asked = now + pause, asked + 1
    return asked


def polled(service: str, count: int, apart: float = 0.0) -> Polled:
    """The dock with so many orders, one every `apart` seconds, until it has noticed the end of all."""
    from qgis.PyQt.QtCore import QCoreApplication

    from tests.qgis.waiting import look_once, wait_until

    site = Site(service, lengths(count))
    lines: dict[str, Any] = {}
    noticed: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, ScriptedServer() as server:
        site.serve(server)
        jobs, order = _dock(service, server.url(), Path(folder), site)
        jobs.changed.connect(lambda line: lines.update({line.key: line}))
        moments = [START + apart * number for number in range(count)]
        while len(noticed) < count:
            site.now = max(site.now + 1, math.ceil(_next(lines, moments)))  # ticks with nothing to do are left out
            while moments and moments[0] < site.now:
                order()
                del moments[0]
            look_once(jobs)
            wait_until(lambda: _is_told(jobs))  # the clock stands still while a task asks
            _note(lines, noticed, site.now)
        numbers = {key: jobs.get(key).remote for key in noticed}
        jobs.stop()
        QCoreApplication.processEvents()
    ends = {key: site.ends[remote.get("activity_id", remote.get("id")) - 1] for key, remote in numbers.items()}
    return Polled(site.asked, sorted(noticed[key] - end for key, end in ends.items()))


def _is_told(jobs: Any) -> bool:
    """Whether every service that was asked has answered, and the list of jobs shows it."""
    return not (jobs._lanes or jobs._later or jobs.is_looking or jobs._soon.isActive())


def _next(lines: Mapping[str, Any], moments: Sequence[float]) -> float:
    """When the next order is placed or looked for."""
    return min([*moments[:1], *(line.due for line in lines.values() if line.due and line.state.value != "ready")])


def _note(lines: Mapping[str, Any], noticed: dict[str, float], now: float) -> None:
    for line in lines.values():
        if line.state.value in ("failed", "uncertain"):
            raise RuntimeError(line.message)
        if line.state.value == "ready":
            noticed.setdefault(line.key, now)


def _dock(service: str, server: str, folder: Path, clock: Callable[[], float]) -> tuple[Any, Callable[[], str]]:
    """The poller, and what orders: it gives the key of the job."""
    from cutout.bridge.accounts import Account, Accounts
    from cutout.bridge.jobs import Jobs
    from cutout.core.http import Secret
    from cutout.core.model import ExportRequest
    from cutout.core.store import Store

    accounts = Accounts()
    account = accounts.save(Account(service, server), Secret(username="a@b.example", password="key"))
    jobs = Jobs(Store(folder / "jobs.sqlite"), accounts, lambda: folder, clock=clock)
    request = ExportRequest(service, server, {"items": "layer:1"} if service == "koordinates" else {}, VIENNA, "Order")
    return jobs, lambda: str(jobs.order(request, account).key)


@contextmanager
def _qgis() -> Iterator[str]:
    """A QGIS without a window, with a profile of its own; gives its version."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        places = dict.fromkeys(("QGIS_CUSTOM_CONFIG_PATH", "QGIS_AUTH_DB_DIR_PATH"), folder)
        os.environ.update(QT_QPA_PLATFORM="offscreen", **places)
        from qgis.core import Qgis, QgsApplication

        application = QgsApplication([], False)
        application.initQgis()
        application.authManager().setMasterPassword("bench", True)
        yield Qgis.QGIS_VERSION
        application.exitQgis()
