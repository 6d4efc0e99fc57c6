"""Kill: qgis_process is killed at every point of its run, and cutout:collect finishes what was ordered.

CUTOUT_KILLS: how many times (8). CUTOUT_SEED: repeats a run, which prints its seed. CUTOUT_SIDES: how many lives go on
side by side (2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cutout.core.model import JobState
from tests.headless.process import Headless, command
from tests.siege.lives import Aim, Driver, Place, assert_unsure_only_where_nobody_can_tell, content
from tests.siege.services import helsinki, settle
from tests.siege.survival import Content, Report, Services, survive
from tests.standin.client import Standin

SERVICES = ("koordinates", "brightearth", "koordinates", "cityloader", "koordinates", "itwin")
BURGGASSE = "16.3462,16.3515,48.2035,48.2070 [EPSG:4326]"


def areas(folder: Path, shapes: Mapping[str, Any]) -> Path:
    features = [{"type": "Feature", "properties": {"name": n}, "geometry": one} for n, one in shapes.items()]
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def square(x: float, y: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]]}


def ordering(service: str, folder: Path, standin: Standin) -> tuple[dict[str, Any], dict[str, str]]:
    """The parameters, and the credentials in the environment."""
    if service == "koordinates":
        corners = {"north": (-105.8, 40.4), "middle": (-105.75, 40.3), "south": (-105.8, 40.2)}
        path = areas(folder, {name: square(*corner) for name, corner in corners.items()})
        title = 'Part [% "name" %]'
        return {
            "SERVER": standin.url, "ITEMS": "101,104", "AREA": path, "PER_FEATURE": True, "CLIP": True, "NAME": title,
        }, {"CUTOUT_TOKEN": standin.key}  # fmt: skip
    facts = standin.of(service).facts
    if service == "brightearth":
        path = areas(folder, {"town": helsinki(standin)})
        secrets = {"CUTOUT_USERNAME": facts["email"], "CUTOUT_PASSWORD": facts["password"]}
        return {"SERVER": facts["url"], "AREA": path, "CLIP": True, "NAME": "Town"}, secrets
    if service == "cityloader":
        return {"SERVER": facts["api"], "EXTENT": BURGGASSE}, {"CUTOUT_TOKEN": facts["tokens"]["full"]}
    return {"SERVER": facts["url"], "IMODEL": facts["imodels"]["city"]["id"]}, {"CUTOUT_TOKEN": facts["token"]}


def life(services: Services, folder: Path, standin: Standin, planned: list[Aim], report: Report) -> Content:
    """The first run orders, those after it collect what is in the list by then."""
    standin.reset()
    settle(standin, 300_000)
    folder.mkdir()
    headless = Headless(folder)
    place = Place(folder, standin, headless.store, headless.files)
    (service,) = services
    parameters, secrets = ordering(service, folder, standin)

    def run() -> tuple[list[str], Mapping[str, str]]:
        keys = ",".join(sorted(job.key for job in place.jobs()))
        given: dict[str, Any] = {"JOB_ID": keys, "CLIP": parameters.get("CLIP")} if keys else parameters
        name = "collect" if keys else service
        return command(name, OUTPUT=headless.files, **given), {**headless.environment, **secrets}

    driver = Driver(place, run)
    report.go_through(driver, planned)
    standin.storage_settings(rate=0)
    status = driver.finish()
    jobs = place.checked()
    assert {job.state for job in jobs} <= {JobState.DONE, JobState.UNCERTAIN}, jobs
    assert_unsure_only_where_nobody_can_tell(jobs, standin)
    assert (status == 0) is any(job.state is JobState.DONE for job in jobs), driver.log
    report.ended(jobs)
    return {job.title: content(job.layers) for job in jobs if job.state is JobState.DONE}


def test_killed_at_any_moment_every_order_is_collected_once(tmp_path: Path) -> None:
    survive("process", tmp_path, life, [(service,) for service in SERVICES])
