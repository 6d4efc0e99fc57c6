"""What a Processing run costs beside the work itself, measured on the stand-in of Koordinates.

    python -m tests.toolbox_figures [RUNS]

Start to finish of qgis_process against a script of ten lines that does the same with requests, the runs in turn; and
areas with PER_FEATURE against one after the other, with the requests that each needs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tests  # noqa: F401 - loads the repository root as the package `cutout`
from tests.headless.process import Headless, program
from tests.standin.client import Standin

EXTENT = "-105.8,-105.5,40.2,40.5 [EPSG:4326]"
MANY = 50
SERVICE = 2  # seconds that the service works on each order
SCRIPT = """
import io, sys, time, zipfile, requests
site, item, out = sys.argv[1:4]
here = requests.Session()
here.headers["Authorization"] = "key " + sys.argv[4]
corners = [[-105.8, 40.2], [-105.5, 40.2], [-105.5, 40.5], [-105.8, 40.5], [-105.8, 40.2]]
body = {"items": [{"item": item}], "formats": {"vector": "application/x-ogc-gpkg"}, "crs": "EPSG:4326",
        "extent": {"type": "Polygon", "coordinates": [corners]}}
here.post(site + "/services/api/v1.x/exports/validate/", json=body).raise_for_status()
export = here.post(site + "/services/api/v1.x/exports/", json=body).json()
while export["state"] != "complete":
    time.sleep(2)
    export = here.get(f"{site}/services/api/v1.x/exports/{export['id']}/").json()
link = here.get(export["download_url"], allow_redirects=False).headers["Location"]
zipfile.ZipFile(io.BytesIO(requests.get(link).content)).extractall(out)
"""


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with Standin() as standin, tempfile.TemporaryDirectory() as folder:
        headless = Headless(Path(folder))
        overhead(standin, headless, runs)
        side_by_side(standin, headless)


def overhead(standin: Standin, headless: Headless, runs: int) -> None:
    standin.settings(polls=0)
    item, out = standin.layer_url("counties"), headless.folder / "script"
    script = [sys.executable, "-c", SCRIPT, standin.url, item, str(out), standin.key]
    order = {"SERVER": standin.url, "ITEMS": item, "EXTENT": EXTENT, "OUTPUT": headless.files}
    line = headless.folder / "line.geojson"
    line.write_text(json.dumps({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}))
    buffer = {"INPUT": line, "DISTANCE": 1, "OUTPUT": headless.folder / "buffer.gpkg"}
    works: dict[str, Callable[[], object]] = {
        "cutout:koordinates": lambda: qgis(headless, "cutout:koordinates", standin.key, **order),
        "a script with requests": lambda: subprocess.run(script, check=True, env=dict(os.environ)),
        "QGIS's start (native:buffer)": lambda: qgis(headless, "native:buffer", "", **buffer),
    }
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            took[name].append(time.perf_counter() - began)
    for name, seconds in took.items():
        print(f"{name:<30} {statistics.median(seconds):6.2f} s  ({min(seconds):.2f} to {max(seconds):.2f})")
    whole, plain, start = (statistics.median(seconds) for seconds in took.values())
    print(f"more than the script and QGIS's start: {whole - plain - start:+.2f} s")


def side_by_side(standin: Standin, headless: Headless) -> None:
    """One after the other: as in a loop of the shell, each with a process of its own."""
    measured(standin, headless, [feature(number) for number in range(MANY)], "together")
    measured(standin, headless, [feature(number) for number in range(MANY)], "one by one")


def measured(standin: Standin, headless: Headless, features: list[dict[str, Any]], how: str) -> None:
    standin.reset()
    standin.settings(polls=0, seconds=SERVICE)
    lots = [features] if how == "together" else [[one] for one in features]
    began, done = time.perf_counter(), 0
    for lot in lots:
        areas = headless.folder / "areas.geojson"
        areas.write_text(json.dumps({"type": "FeatureCollection", "features": lot}))
        order = {"SERVER": standin.url, "ITEMS": standin.layer_url("counties"), "AREA": areas, "OUTPUT": headless.files}
        done += str(qgis(headless, "cutout:koordinates", standin.key, **order, PER_FEATURE="true")).count("done")
    took = time.perf_counter() - began
    asked = [one for one in standin.requests("koordinates") if one.path.rstrip("/").count("/exports")]
    lists = sum(one.method == "GET" and one.path.endswith("/exports/") for one in asked)
    looks = sum(one.method == "GET" for one in asked) - lists
    orders = sum(one.method == "POST" and one.path.endswith("/exports/") for one in asked)
    print(f"{len(features)} areas {how}: {took:.1f} s, {orders} orders, {done} done,", end=" ")
    print(f"{lists} looks at the list, {looks} at an export")


def qgis(headless: Headless, algorithm: str, key: str, **parameters: Any) -> str:
    """The STATE that a run of qgis_process ends with."""
    command = [program(), "--json", "run", algorithm, "--", *(f"{name}={value}" for name, value in parameters.items())]
    with headless.process(command, {"CUTOUT_TOKEN": key}) as process:
        return str(headless.end(process, seconds=600).results.get("STATE"))


def feature(number: int) -> dict[str, Any]:
    west, south = -105.8 + 0.03 * (number % 10), 40.2 + 0.05 * (number // 10)
    ring = [[west, south], [west + 0.02, south], [west + 0.02, south + 0.04], [west, south + 0.04], [west, south]]
    return {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


if __name__ == "__main__":
    main()
