"""Measure 3: one large file from a server that gives each connection 4 MB/s, against curl and aria2c with 4 ranges.

curl takes over a minute, all of it waiting, so it runs beside the others: the limit is one of each connection.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from cutout.core.http import Http, Network
from cutout.core.model import Artifact
from cutout.core.transfer import fetch
from tests.bench.result import Growth, Ratio, Result
from tests.bench.storage import serving

SIZE, RATE = 256 << 20, 4e6  # bytes, bytes a second of a connection
SMALLER = (1 << 20, 4 << 20, 16 << 20, 64 << 20)
TIMES = 2


def measure() -> Result:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "served"
        folder.mkdir()
        for size in (*SMALLER, SIZE):
            (folder / str(size)).write_bytes(bytes(size))
        with serving(folder, rate=RATE) as url:
            return _measured(url, Path(place))


def _measured(url: str, place: Path) -> Result:
    large = f"{url}/{SIZE}"
    began = time.monotonic()
    with subprocess.Popen(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", large], stdout=subprocess.PIPE
    ) as curl:
        try:
            ours, theirs = zip(*[(_ours(large, SIZE, place), _aria2c(large, place)) for _ in range(TIMES)])
            growth = [(size, _ours(f"{url}/{size}", size, place)) for size in SMALLER]
            alone = float(curl.communicate(timeout=max(1.0, 150 + began - time.monotonic()))[0])
        finally:
            curl.kill()
    mine, aria2c = min(ours), min(theirs)
    one = [(size, size / RATE) for size in (*SMALLER, SIZE)]
    return Result(
        3,
        "One large file from a slow server",
        f"One file of {SIZE >> 20} MiB from a server that gives each connection {RATE / 1e6:.0f} MB/s.",
        [
            Ratio("as fast as curl", alone / mine, at_least=3.5),
            Ratio("as fast as aria2c -x4", aria2c / mine, at_least=0.95),
        ],
        {"Cutout, s": mine, "aria2c -x4, s": aria2c, "curl, s": alone},
        [
            Growth(
                "One file at 4 MB/s a connection",
                "bytes",
                "seconds",
                {"Cutout": [*growth, (SIZE, mine)], "one connection": one},
            )
        ],
        FOUND,
    )


def _ours(url: str, size: int, place: Path) -> float:
    folder = place / "ours"
    began = time.monotonic()
    file = fetch(Http("http://127.0.0.1:9", {}, Network()), [Artifact("a", url)], folder, _quiet).files[0]
    seconds = time.monotonic() - began
    if file.stat().st_size != size:
        raise RuntimeError(f"{file} is not whole")
    file.unlink()
    return seconds


def _aria2c(url: str, place: Path) -> float:
    began = time.monotonic()
    options = ["-q", "-x4", "-s4", "-k1M", "--file-allocation=none", "--allow-overwrite=true"]
    subprocess.run(["aria2c", *options, "-d", str(place), "-o", "theirs", url], check=True)
    return time.monotonic() - began


def _quiet(done: int, total: int | None) -> None:
    """Nobody watches."""


FOUND = """\
All of it is waiting for the server, so what counts is the number of connections. One more joins when the first half
second has shown that the file is slow (under 25 MB/s) and that the rest would take over two seconds; then as many
again for as long as each doubling brings a quarter more, up to eight. Each takes the back half of the longest rest,
so they end together. On a line that one connection fills a second one joins and no others. It needs a strong ETag and
a server that gives ranges; one that refuses another connection is not asked for one again. A file of under two
seconds gains nothing, as the picture shows. The note beside the part follows every piece, at 34 us each: under 1 % of
a processor here.
"""
