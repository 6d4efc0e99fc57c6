"""Processes that are killed, started again and killed again, and what must be true of their profile all the time."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osgeo import gdal

from cutout.core.model import Job, JobState
from cutout.core.store import Store
from tests.standin.client import Standin

gdal.UseExceptions()
LONGEST = 120.0  # seconds for one process
LOOK = 0.004  # seconds between two looks at a process that is to be killed
# The requests that may cost money: method, path.
ORDERS = {
    "koordinates": re.compile(r"/services/api/v1\.x/exports/"),
    "cityloader": re.compile(r"/api/export/simple"),
    "brightearth": re.compile(r"/users/[^/]+/projects/[^/]+/scenarios/[^/]+"),
    "itwin": re.compile(r"/mesh-export/?"),
}


def orders_sent(standin: Standin) -> Counter[str]:
    """How many have left for each job, by its name, its iModel or its rectangle: only one job has that."""
    sent: Counter[str] = Counter()
    for one in standin.requests():
        if one.method == "POST" and one.server in ORDERS and ORDERS[one.server].fullmatch(one.path):
            body = one.json
            about = body.get("name") or body.get("iModelId") or json.dumps(body.get("bbox"))
            sent[f"{one.server} {about}"] += 1
    return sent


@dataclass(frozen=True)
class Aim:
    """When to kill: `after` seconds after something is seen. look: whether it is. slow: a request to hold up."""

    name: str
    after: float
    look: Callable[[Place], bool] = lambda place: True
    slow: Mapping[str, Any] | None = None


@dataclass
class Place:
    """A profile with its files, and the services that it orders from."""

    folder: Path
    standin: Standin
    store: Path
    files: Path
    known: dict[str, Job] = field(default_factory=dict)  # every job that was ever in the list
    marks: int = 0  # requests that had arrived when the process was started

    def jobs(self) -> list[Job]:
        if not self.store.is_file():
            return []
        with closing(Store(self.store)) as store:
            assert store.notice == "", store.notice
            return store.all()

    def states(self) -> list[str]:
        """Without the plugin, which may be at work on it."""
        try:
            with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=0.1)) as connection:
                return [state for (state,) in connection.execute("SELECT state FROM jobs")]
        except sqlite3.Error:
            return []

    def has(self, pattern: str) -> bool:
        """A file or folder of such a name; what goes while it is looked for is not there."""
        return any(fnmatch.filter(files + folders, pattern) for _, folders, files in os.walk(self.files))

    def arrived(self, method: str, pattern: str) -> bool:
        """Whether such a request has come since the process was started."""
        news = self.standin.requests()[self.marks :]
        return any(one.method == method and re.search(pattern, f"{one.server}{one.path}") for one in news)

    def checked(self) -> list[Job]:
        """What is true at any moment: the list opens, and what was in it is still there, and as far at least."""
        jobs = {job.key: job for job in self.jobs()}
        assert self.known.keys() <= jobs.keys(), "a job is gone"
        for key, before in self.known.items():
            assert not before.remote or before.remote.items() <= jobs[key].remote.items(), (before, jobs[key])
            assert before.state is not JobState.DONE or jobs[key].state is JobState.DONE
        for job in jobs.values():
            if job.state is JobState.DONE:
                whole(job)
        double = {about: count for about, count in orders_sent(self.standin).items() if count > 1}
        assert not double, f"ordered twice: {double}"
        self.known = jobs
        return list(jobs.values())

    def stages(self) -> Iterator[str]:
        """Where each job was when its process died, told by what is there."""
        for job in self.jobs():
            home = next(iter(self.files.glob(f"*-{job.key}")), None)
            names = [path.name for path in home.rglob("*")] if home else []
            if job.state is JobState.READY and names:
                yield "downloading" if any(name.endswith(".part") for name in names) else "unpacking"
            elif job.state is JobState.DONE and not job.layers:
                made = [name for name in names if name.endswith(".part")]
                yield "merging" if made else "clipping" if any(n.startswith(".cutout-") for n in names) else "loading"
            else:
                yield job.state.value


def whole(job: Job) -> None:
    """Every file that is listed is there to the last byte, and nothing that was not finished is among them."""
    home = Path(job.folder)
    manifest = json.loads((home / "cutout.json").read_text("utf-8"))
    assert manifest["job"]["key"] == job.key and manifest["files"]
    for entry in manifest["files"]:
        assert not entry["name"].endswith((".part", ".part.json"))
        content = (home / entry["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["size"], entry["sha256"]), entry["name"]


@dataclass
class Driver:
    """What drives the jobs of a place. start: the command that goes on with them, and its environment."""

    place: Place
    start: Callable[[], tuple[list[str], Mapping[str, str]]]

    def kill(self, aim: Aim) -> list[str]:
        """Starts it, kills it at that moment, and gives the stages of its jobs; empty when it had ended before."""
        place = self.place
        if aim.slow:
            place.standin.fault("slow", **aim.slow)
        place.marks = len(place.standin.requests())
        with self.running() as process:
            end = time.monotonic() + LONGEST
            while process.poll() is None and not aim.look(place):
                assert time.monotonic() < end, f"it hangs: {aim.name}"
                time.sleep(LOOK)
            moment = time.monotonic() + aim.after
            while process.poll() is None and time.monotonic() < moment:
                time.sleep(LOOK)
            was_alive = process.poll() is None
        place.standin.calm()
        place.checked()
        return (list(place.stages()) or ["no job yet"]) if was_alive else []

    def finish(self) -> int:
        """Starts it and waits for its end; gives its status."""
        with self.running() as process:
            try:
                return process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                raise AssertionError(
                    f"it does not end: {[job.state for job in self.place.jobs()]}\n{self.log}"
                ) from None

    @property
    def log(self) -> str:
        return (self.place.folder / "log").read_text(errors="replace")[-20000:]

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """In a process group of its own, which is gone when the block is left."""
        command, environment = self.start()
        with (self.place.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, env=dict(environment), cwd=self.place.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def assert_unsure_only_where_nobody_can_tell(jobs: Sequence[Job], standin: Standin) -> None:
    """3DCityLoader has no list of orders; at the others what was ordered is found."""
    sent = orders_sent(standin)
    for job in jobs:
        if job.state is JobState.UNCERTAIN:
            assert "send it again" in job.message and not job.paused and job.due is None
            assert job.request.service == "cityloader" or not sent[f"{job.request.service} {job.title}"], job


def content(uris: Sequence[str]) -> Counter[tuple[str, int]]:
    """What GDAL finds in layers: their names, and how many features or bands they have."""
    found: Counter[tuple[str, int]] = Counter()
    for uri in uris:
        path, _, name = uri.partition("|layername=")
        if path.endswith("tileset.json"):
            found["tileset", len(list(Path(path).parent.rglob("*.glb")))] += 1
            continue
        if path.endswith((".2dm", ".ply")):  # MDAL opens these
            found["mesh", os.path.getsize(path)] += 1
            continue
        dataset = gdal.OpenEx(path)
        if dataset.RasterCount:
            # To its last cell: half a raster opens as well.
            sums = [dataset.GetRasterBand(1 + number).Checksum() for number in range(dataset.RasterCount)]
            found["raster", sum(sums)] += 1
        elif dataset.GetLayerCount():
            layer = dataset.GetLayerByName(name) if name else dataset.GetLayer(0)
            found[name, sum(1 for _ in layer)] += 1
    return found
