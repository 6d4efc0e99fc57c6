"""Kill: QGIS with the dock's poller is killed at every point of a job's life, and goes on after the start.

CUTOUT_KILLS: how many times (8), CUTOUT_WINDOW_KILLS: how many times with its window (2). CUTOUT_SEED: repeats a run,
which prints its seed. CUTOUT_SIDES: how many lives go on side by side (2).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cutout.core.model import JobState
from tests import ROOT
from tests.desktop import window
from tests.places import PARK, VIENNA
from tests.siege.lives import Aim, Driver, Place, assert_unsure_only_where_nobody_can_tell, content, orders_sent
from tests.siege.services import helsinki, settle
from tests.siege.survival import Content, Report, Services, survive
from tests.standin.client import Standin

SERVICES = ("koordinates", "cityloader", "brightearth", "itwin")
IN_WINDOW = int(os.environ.get("CUTOUT_WINDOW_KILLS", "2"))
DOCK = Path(__file__).with_name("dock.py")


def requests(standin: Standin) -> list[dict[str, Any]]:
    """Every service; of one two orders that are equal but for their names."""
    city, earth, bentley = (standin.of(name) for name in ("cityloader", "brightearth", "itwin"))
    return [
        {"service": "koordinates", "server": standin.url, "options": {"items": "101,104"}, "area": PARK, "title": "A"},
        {"service": "koordinates", "server": standin.url, "options": {"items": "101,104"}, "area": PARK, "title": "B"},
        {"service": "cityloader", "server": city.facts["api"], "options": {}, "area": VIENNA, "title": "C"},
        {"service": "brightearth", "server": earth.url, "options": {}, "area": helsinki(standin), "title": "D"},
        {"service": "itwin", "server": bentley.url, "options": {"imodel": bentley.facts["imodels"]["city"]["id"]},
         "area": None, "title": "E"},
    ]  # fmt: skip


def accounts(standin: Standin) -> list[dict[str, str]]:
    city, earth, bentley = (standin.of(name).facts for name in ("cityloader", "brightearth", "itwin"))
    return [
        {"service": "koordinates", "url": standin.url, "username": "", "password": standin.key},
        {"service": "cityloader", "url": city["api"], "username": "", "password": city["tokens"]["full"]},
        {"service": "brightearth", "url": earth["url"], "username": earth["email"], "password": earth["password"]},
        {"service": "itwin", "url": bentley["url"], "username": "", "password": bentley["token"]},
    ]


def dock(place: Place, screen: Mapping[str, str] | None = None, **more: Any) -> tuple[list[str], dict[str, str]]:
    """The command of dock.py, with what it is to do, and its environment. screen: in a real QGIS with its window."""
    order = {"accounts": [], "requests": requests(place.standin), "downloads": str(place.files), "load": False,
             "answer": str(place.folder / "answer.json"), **more}  # fmt: skip
    path = place.folder / "order.json"
    path.write_text(json.dumps(order))
    profile = str(place.folder / "profile")
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{profile}/profiles/default/python/plugins",
        "HOME": str(place.folder / "home"),
        "TMPDIR": str(place.folder / "scratch"),
        "XDG_RUNTIME_DIR": str(place.folder / "scratch"),
        "LC_ALL": "C.UTF-8",
        "QGIS_CUSTOM_CONFIG_PATH": profile,
        "QGIS_AUTH_DB_DIR_PATH": profile,
        "PROJ_NETWORK": "OFF",
        "PYTHONFAULTHANDLER": "1",
        "CUTOUT_ORDER": str(path),
    }
    if screen is None:
        return [sys.executable, str(DOCK)], {**environment, "QT_QPA_PLATFORM": "offscreen"}
    enable(Path(profile, "profiles", "default", "QGIS", "QGIS3.ini"))
    command = ["qgis", "--profiles-path", profile, "--profile", "default", "--nologo", "--noversioncheck"]
    return [*command, "--code", str(DOCK)], {**environment, "DISPLAY": screen["DISPLAY"]}


def enable(settings: Path) -> None:
    """As the person does in the Plugin Manager: QGIS turns a plugin off that it loaded when it was killed."""
    text = settings.read_text("utf-8").replace("\ncutout=false\n", "\ncutout=true\n")
    settings.write_text(text.replace("\nwatchDog\\cutout=true\n", "\n"), "utf-8")


def new_place(folder: Path, standin: Standin, template: Path | None = None) -> Place:
    for name in ("files", "home", "scratch"):
        (folder / name).mkdir(mode=0o700, parents=True)
    if template is None:
        window.profile(folder / "profile")
    else:
        shutil.copytree(template / "profile", folder / "profile", symlinks=True)
    default = folder / "profile" / "profiles" / "default"
    return Place(folder, standin, default / "cutout" / "jobs.sqlite", folder / "files")


def with_accounts(folder: Path, standin: Standin) -> Place:
    """With an account for every service; the profile that has them is made once for each stand-in."""
    template = folder.parent / f"accounts-{standin.pid}"
    if not template.exists():
        place = new_place(template, standin)
        driver = Driver(place, lambda: dock(place, accounts=accounts(standin)))
        assert driver.finish() == 0, driver.log
    return new_place(folder, standin, template)


def live(
    screen: Mapping[str, str] | None,
    services: Services,
    folder: Path,
    standin: Standin,
    planned: list[Aim],
    report: Report,
) -> Content:
    standin.reset()
    settle(standin, 300_000)
    place = with_accounts(folder, standin)
    report.go_through(Driver(place, lambda: dock(place, screen)), planned)
    standin.storage_settings(rate=0)
    driver = Driver(place, lambda: dock(place, screen, load=True))
    assert driver.finish() == 0, driver.log
    jobs = place.checked()
    assert sorted(job.title for job in jobs) == list("ABCDE")
    assert {job.title: job.state for job in jobs if job.state not in (JobState.DONE, JobState.UNCERTAIN)} == {}
    assert_unsure_only_where_nobody_can_tell(jobs, standin)
    report.ended(jobs)
    if unsure := [job.key for job in jobs if job.state is JobState.UNCERTAIN]:  # the person decides
        before = sum(orders_sent(standin).values())
        driver = Driver(place, lambda: dock(place, screen, load=True, again=unsure))
        assert driver.finish() == 0, driver.log
        assert sum(orders_sent(standin).values()) == before + len(unsure)
        jobs = place.jobs()
        assert {job.state for job in jobs} == {JobState.DONE}
    return {job.title: content(job.layers) for job in jobs}


def test_killed_at_any_moment_every_order_is_finished_once(tmp_path: Path) -> None:
    survive("dock", tmp_path, partial(live, None), [SERVICES])


def test_so_it_is_in_the_window(tmp_path: Path) -> None:
    with window.screen() as screen:
        survive("window", tmp_path, partial(live, screen), [SERVICES], IN_WINDOW)
