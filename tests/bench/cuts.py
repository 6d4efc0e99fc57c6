"""Measure 4: a connection that is reset ten times on the way of 256 MiB: how many bytes are sent for the file's own.

What counts is what has arrived at this side as the server's TCP knows it, whether or not the program got to read it;
what a reset has dropped before it left is not on the wire. The stand-in's fault "cut" can't tell that, so the server is
that of storage.py.
"""

from __future__ import annotations

import tempfile
import time
import urllib.request
from pathlib import Path

from cutout.core.http import Http, Network
from cutout.core.model import Artifact
from cutout.core.transfer import fetch
from tests.bench.result import Growth, Ratio, Result
from tests.bench.storage import serving

SIZE = 256 << 20
CUTS = (1, 2, 5, 10)


def measure() -> Result:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "a").write_bytes(bytes(SIZE))
        sent = [_sent(folder, cuts) for cuts in CUTS]
        seconds = -time.monotonic()
        whole = _sent(folder, 0)
        seconds += time.monotonic()
    ours = [(float(cuts), bytes / SIZE) for cuts, bytes in zip(CUTS, sent)]
    anew = [(float(cuts), 1 + cuts / 2) for cuts in CUTS]
    return Result(
        4,
        "A connection that is cut ten times",
        f"One file of {SIZE >> 20} MiB over a connection that is reset {CUTS[-1]} times, at equal distances.",
        [Ratio("bytes sent for each of the file", ours[-1][1], at_most=1.02)],
        {"file, MB": SIZE / 1e6, "sent, MB": sent[-1] / 1e6, "sent without a cut, MB": whole / 1e6},
        [Growth("A connection that is cut", "cuts", "bytes sent", {"Cutout": ours, "from the start each time": anew})],
        FOUND,
    )


def _sent(folder: Path, cuts: int) -> int:
    """Bytes that were sent for one file."""
    with serving(folder, cut=SIZE // (cuts + 1) + 1 if cuts else SIZE * 2) as url:
        fetched = fetch(Http(url, {}, Network()), [Artifact("ours", f"{url}/a")], folder, lambda done, total: None)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{url}/arrived") as answer:
            sent = int(answer.read())
    if fetched.files[0].stat().st_size != SIZE:
        raise RuntimeError(f"{fetched.files[0]} is not whole")
    fetched.files[0].unlink()
    return sent


FOUND = """\
What is lost with a reset is the piece that was being read, at most 256 kB and less on a slow line (32 kB), and what
lay unread in this side's buffer. The figure is uncertain by what is under way at the moment of a cut, under half a
percent; it can be below 1 for that reason. What the server's system still holds at a reset never leaves it.
"""
