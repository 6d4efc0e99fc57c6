"""A list of jobs as it is after years: thousands of them, each with an area, files and layers of the usual size."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from cutout.core.model import ExportRequest, FileRecord, Job, JobState, License, Quote
from cutout.core.store import Store
from cutout.core.store_file import INSERT, columns

VERTICES, FILES, LAYERS = 1000, 100, 40
DAY = 86400.0


def area(vertices: int = VERTICES) -> dict[str, object]:
    turns = [2 * math.pi * n / vertices for n in range(vertices)]
    ring = [[-105.65 + 0.123456789 * math.cos(turn), 40.35 + 0.1 * math.sin(turn)] for turn in turns]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def done_job(key: str, server: str, created: float, folder: str = "/nowhere") -> Job:
    request = ExportRequest("koordinates", server, {"items": "101", "vector_format": "gpkg"}, area(), "Order")
    names = [f"theme-{n % LAYERS:02}/tile-{n:05}.gpkg" for n in range(FILES)]
    return Job(
        key, request, state=JobState.DONE, remote={"id": 7}, created=created, updated=created, finished=created,
        quote=Quote(license=License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")), folder=folder,
        files=tuple(FileRecord(name, 123_456, "ab" * 32) for name in names), progress=1.0,
        layers=tuple(f"{folder}/{name}|layername=theme" for name in names[:LAYERS]),
    )  # fmt: skip


def open_job(key: str, server: str, remote: object, authcfg: str, now: float) -> Job:
    job = done_job(key, server, now)
    return replace(
        job, authcfg=authcfg, state=JobState.RUNNING, remote={"id": remote}, due=now, finished=None, files=(),
        layers=(), folder="", progress=0.5, wait=60.0,
    )  # fmt: skip


def fill(path: Path, server: str, done: int, remote: Sequence[object] = (), authcfg: str = "") -> None:
    """done: how many jobs have ended, a day apart. remote: what the service calls those that are open."""
    now = time.time()
    with closing(Store(path)) as store, store._writing() as connection:
        first = columns(done_job("00000000", server, now))
        line, body, created = -2, -1, 2  # where they stand in it
        for n in range(done):
            key, values = f"{n:08x}", list(first)
            values[created] = now - DAY * (n + 1)
            for column in (line, body):
                text = values[column].replace('"00000000"', f'"{key}"', 1)
                values[column] = text.replace(f'"created": {now!r}', f'"created": {values[created]!r}', 1)
            connection.execute(INSERT, (key, *values, n + 1))
        for n, number in enumerate(remote, 1):
            job = open_job(f"a{n:07x}", server, number, authcfg, now - n)
            connection.execute(INSERT, (job.key, *columns(job), done + n))
        connection.execute("UPDATE counter SET change = ?", (done + len(remote),))
