"""One measure in a process of its own: `python -m tests.bench.one NAME FILE [PLACE]` writes what it found as JSON."""

from __future__ import annotations

import importlib
import signal
import sys
import time
from pathlib import Path

from tests.bench.record import made, save


def main(name: str, path: str, place: str = "") -> None:
    # Told to end, it leaves by an exception: so each measure ends what it has started and removes its folder.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("ended: it took too long"))
    began = time.monotonic()
    result = importlib.import_module(f"tests.bench.{name}").measure()
    save(Path(path), [made(name, place, result, time.monotonic() - began)])


if __name__ == "__main__":
    main(*sys.argv[1:])
