"""What a long list of jobs costs in a real QGIS: how soon the dock is there, how long the window stalls while hundreds
of jobs are asked for, what is used at rest.

    xvfb-run -a python -m tests.long_life_figures [DONE] [OPEN]

For the same window without any job, with DONE jobs that have ended (10,000) and with OPEN ones besides (500).
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tests  # noqa: F401 - loads the repository root as the package `cutout`
from tests.desktop.window import drive, profile, screen
from tests.siege.crowd import fill
from tests.standin.client import Standin

SCRIPT = Path(__file__).parent / "siege" / "long_life.py"
EXPORTS = "/services/api/v1.x/exports/"
SECONDS = 300


def exports(standin: Standin, count: int) -> list[int]:
    """So many orders of which the service says for ever that it works on them. Their numbers there."""
    standin.settings(polls=1_000_000)
    ring = [[-105.8, 40.2], [-105.5, 40.2], [-105.5, 40.5], [-105.8, 40.5], [-105.8, 40.2]]
    order = {
        "items": [{"item": standin.layer_url("counties")}], "formats": {"vector": "application/x-ogc-gpkg"},
        "crs": "EPSG:4326", "extent": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    headers = {"Authorization": f"key {standin.key}", "Content-Type": "application/json"}
    numbers = []
    for _ in range(count):
        request = urllib.request.Request(standin.url + EXPORTS, json.dumps(order).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            numbers.append(json.load(answer)["id"])
    return numbers


def watched(
    folder: Path, standin: Standin, environment: Mapping[str, str], done: int, open_jobs: int, **how: float
) -> dict[str, Any]:
    """What long_life.py says of a window on a profile with so many jobs."""
    standin.reset()
    path = profile(folder) / "profiles" / "default" / "cutout" / "jobs.sqlite"
    if done or open_jobs:
        fill(path, standin.url, done, exports(standin, open_jobs))
    order = {
        "orders": [{"service": "koordinates", "url": standin.url, "password": standin.key}],
        "downloads": str(folder / "downloads"), "began": time.time(),
        "open": [f"a{n:07x}" for n in range(1, open_jobs + 1)],
        "seconds": 15, "rest": 10, "pages": 0, **how,
    }  # fmt: skip
    (folder / "profiles" / "default").mkdir(parents=True, exist_ok=True)
    answer: dict[str, Any] = drive(folder, SCRIPT, order, environment, SECONDS)
    lists = [one for one in standin.requests("koordinates") if one.method == "GET" and one.path == EXPORTS]
    size = path.stat().st_size / 1e6 if path.is_file() else 0.0
    return {**answer, "lists": len(lists), "megabytes": round(size)}


def main() -> None:
    done, open_jobs = (int(sys.argv[n]) if len(sys.argv) > n else usual for n, usual in ((1, 10_000), (2, 500)))
    with Standin() as standin, screen() as environment:
        for ended, going in ((0, 0), (0, 0), (done, 0), (done, open_jobs)):  # the first one fills caches
            folder = Path(tempfile.mkdtemp(prefix="long-life-"))
            try:
                found = watched(folder, standin, environment, ended, going, pages=60 if ended and not going else 0)
            finally:
                shutil.rmtree(folder)
            print(
                f"{ended:,} jobs that have ended, {going:,} open; QGIS {found['qgis']}, store {found['megabytes']} MB"
            )
            print("  ", found["trouble"] or found["figures"])
            print("   longest stall in ms:", found["stalls_ms"], "lists asked for:", found["lists"])


if __name__ == "__main__":
    main()
