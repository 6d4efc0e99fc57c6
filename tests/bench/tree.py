"""Measure 1: a tree of 400 files, each asked for over a line with 40 ms of latency, against the loop of the vendor's
sample (one `requests.get` after the other, each written as it comes) and aria2c with 16 at once.

All of it in memory (/dev/shm) where there is one. The stand-in serves files by Python threads, of which 16 at once
would be what is measured: so the server is that of storage.py.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests

from cutout.core.http import Http, Network
from cutout.core.model import Artifact
from cutout.core.transfer import fetch
from tests.bench.result import Growth, Ratio, Result
from tests.bench.storage import serving

COUNTS = (25, 100, 400)
SMALLEST, LARGEST = 100_000, 2_000_000  # bytes; as many files up to twice a size as up to four times, and so on
LATENCY = 0.04
TIMES = 3  # of the largest; the loop once
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


def measure() -> Result:
    with tempfile.TemporaryDirectory(dir=MEMORY) as place:
        served = Path(place) / "served"
        names = _tree(served, COUNTS[-1])
        with serving(served, latency=LATENCY) as url:
            return _measured(url, names, Path(place) / "here")


def _measured(url: str, names: Sequence[str], here: Path) -> Result:
    ours, aria2c, loop = [], [], []
    for count in COUNTS:
        some = names[:count]
        for _ in range(TIMES if count == COUNTS[-1] else 1):
            ours.append((count, _timed(_ours, url, some, here)))
            aria2c.append((count, _timed(_aria2c, url, some, here)))
        loop.append((count, _timed(_loop, url, some, here)))
    lines = {"Cutout": _least(ours), "aria2c -j16": _least(aria2c), "one after the other": loop}
    mine, theirs, sample = (line[-1][1] for line in lines.values())
    return Result(
        1,
        "A tree of many files",
        f"{COUNTS[-1]} files of {SMALLEST / 1e3:.0f} kB to {LARGEST / 1e6:.0f} MB, each answered after "
        f"{LATENCY * 1000:.0f} ms.",
        [
            Ratio("as fast as one after the other", sample / mine, at_least=12),
            Ratio("as fast as aria2c -j16", theirs / mine, at_least=1),
        ],
        {"Cutout, s": mine, "aria2c -j16, s": theirs, "one after the other, s": sample},
        [Growth("A tree of files at 40 ms a request", "files", "seconds", lines)],
        FOUND,
    )


def _least(points: Sequence[tuple[int, float]]) -> list[tuple[float, float]]:
    return [(count, min(seconds for size, seconds in points if size == count)) for count in COUNTS]


def _tree(folder: Path, count: int) -> Sequence[str]:
    """Makes the files; their names."""
    dice = random.Random(1)
    names = [f"tiles/{number // 20}/{number}.tif" for number in range(count)]
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dice.randbytes(int(SMALLEST * (LARGEST / SMALLEST) ** dice.random())))
    return names


def _timed(way: Callable[[str, Sequence[str], Path], None], url: str, names: Sequence[str], here: Path) -> float:
    began = time.monotonic()
    way(url, names, here)
    seconds = time.monotonic() - began
    if sum(path.is_file() for path in here.rglob("*.tif")) != len(names):
        raise RuntimeError("Not all files have come")
    shutil.rmtree(here)
    return seconds


def _ours(url: str, names: Sequence[str], here: Path) -> None:
    fetch(Http(url, {}, Network()), [Artifact(name, f"{url}/{name}") for name in names], here, lambda done, total: None)


def _aria2c(url: str, names: Sequence[str], here: Path) -> None:
    listed = "".join(f"{url}/{name}\n out={name}\n" for name in names)
    command = ["aria2c", "-q", "-j16", "--file-allocation=none", "-d", str(here), "-i", "-"]
    subprocess.run(command, check=True, input=listed.encode())


def _loop(url: str, names: Sequence[str], here: Path) -> None:
    for name in names:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        with requests.get(f"{url}/{name}", stream=True) as response, (here / name).open("wb") as file:
            shutil.copyfileobj(response.raw, file)


FOUND = """\
The waiting is 400 times 40 ms over 16 connections, 1.0 s, and nothing goes below that. The rest is the processor
(cProfile, by the time of each thread): per file 1 to 1.5 ms of Python, over half of it in requests and urllib3, and
1 ms of the system, for reading, writing and making a file. Python holds the interpreter lock, and 16 connections wait
for it about as long as they compute, so what a file costs decides. Pieces of 32 kB became pieces that grow to 256 kB
for as long as each comes in under 20 ms: 7,762 became 1,990. Of 2,500 calls of functions a file 500 are gone: the
session of requests, which did what is turned off anyway, and the note beside each part, which most files are too fast
to need now. The first files are asked for while the others are still being added. In the same minutes 1.38 s became
1.26 s. 24 connections were not faster than 16. What is left of Python is mostly how requests and urllib3 send a request
and read the head of an answer.
"""
