#!/usr/bin/env python3
"""Orders layers of a Koordinates site and downloads them, without QGIS.

    python3 -m pip install requests shapely pyproj numpy
    export PYTHONPATH=/opt/plugins      # the folder in which the plugin was unzipped: it holds cutout/
    export CUTOUT_TOKEN=...             # an API key of the site
    python3 order_without_qgis.py https://data.linz.govt.nz layer:50772 174.76,-41.30,174.8,-41.28 parcels crs=EPSG:2193

SERVER, ITEMS, AREA, OUTPUT, then options as KEY=VALUE. AREA is west,south,east,north in degrees, or a GeoJSON file.
The order is kept in OUTPUT/order.json, and a second run goes on with it instead of ordering again.
"""
# ruff: noqa: T201 - a script prints

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from cutout.core.aoi import Area, from_bbox, from_geojson
from cutout.core.errors import ExportError
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, collect, looked_for_now
from cutout.core.model import ExportRequest, Job, JobState, new_job
from cutout.providers.koordinates import Koordinates


def main(server: str, items: str, area: str, output: str, *options: str) -> None:
    """Errors: ExportError, OSError and ValueError with the reason; the order can be gone on with."""
    chosen = {key: typed(text) for key, _, text in (option.partition("=") for option in options)}
    folder = Path(output).absolute()
    request = ExportRequest(Koordinates.id, server, {"items": items, **chosen}, read(area).geojson, folder.name)
    provider = Koordinates(server, Secret(password=os.environ.get("CUTOUT_TOKEN", "")), Network())
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "order.json"
    job, told = begun(request, kept), None
    while job.state is not JobState.DONE:
        time.sleep(max(0.0, (job.due or 0.0) - time.time()))
        if job.state is JobState.READY:
            job = collect(provider, job, folder, report=lambda done, total: None)
        else:
            job = advance(provider, job, time.time(), save=lambda job: keep(job, kept))
        keep(job, kept)
        if job.state is not told:
            told = job.state
            print(job.key, told.value, flush=True)
        if job.paused or not (job.state.is_open or job.state is JobState.DONE):
            raise ExportError(job.message, f"The order is kept in {kept}." if job.remote else "")
    print(job.folder, *job.problems, sep="\n")


def typed(text: str) -> Any:
    """4 is a number and true is a flag; everything else is text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def read(area: str) -> Area:
    """A GeoJSON file, or else west,south,east,north."""
    if Path(area).is_file():
        return from_geojson(json.loads(Path(area).read_text("utf-8")))
    west, south, east, north = map(float, area.split(","))
    return from_bbox(west, south, east, north)


def begun(request: ExportRequest, kept: Path) -> Job:
    """The job of an earlier run, unless that has ordered nothing; else a new one."""
    job = Job.from_json(kept.read_text("utf-8")) if kept.exists() else new_job(request, time.time())
    if not job.remote and job.state in (JobState.NEW, JobState.FAILED):
        return new_job(request, time.time())
    if replace(job.request, sent=None, notes=()) != request:
        raise ExportError(f"{kept} is of another order.", "Use another folder, or remove it to order again.")
    return looked_for_now(job, time.time())


def keep(job: Job, kept: Path) -> None:
    """Whole or not at all: what is killed while it writes must not lose the order."""
    part = kept.with_suffix(".part")
    part.write_text(job.to_json(), "utf-8")
    part.replace(kept)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (ExportError, OSError, ValueError) as error:
        sys.exit(str(error))
