"""What the person wants of a job that a run of Processing works on, and what an earlier load said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QObject

from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.arrivals import Arrivals
from cutout.bridge.jobs import Jobs
from cutout.core.http import Secret
from cutout.core.model import ExportRequest, FileRecord, Job, JobState
from cutout.core.store import Store
from tests.qgis.waiting import look_once, wait_until
from tests.standin.client import Standin

NOW = 1_700_000_000.0
POINT = '{"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [7, 50]}}'


@pytest.fixture
def jobs(qgis_app: QObject, standin: Standin, tmp_path: Path) -> Iterator[Jobs]:
    QgsSettings().remove("cutout")
    accounts = Accounts()
    accounts.save(Account("koordinates", standin.url), Secret(password=standin.key))
    jobs = Jobs(Store(tmp_path / "jobs.sqlite"), accounts, lambda: tmp_path / "files", clock=lambda: NOW)
    yield jobs
    jobs.stop()


def job(standin: Standin, state: JobState, **known: object) -> Job:
    request = ExportRequest("koordinates", standin.url, {"items": ["layer:101"]}, title="Park")
    return Job("1a2b3c4d", request, state=state, remote={"id": 1}, created=NOW, updated=NOW, **known)


def test_cancelling_what_a_run_works_on_says_that_it_waits(jobs: Jobs, standin: Standin, tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    store.add(job(standin, JobState.READY))
    assert store.take("1a2b3c4d", "a run of Processing", NOW)
    said: list[str] = []
    jobs.said.connect(lambda text, level: said.append(text))
    jobs.cancel("1a2b3c4d")
    for _ in range(3):
        look_once(jobs)
    assert [text for text in said if "Another QGIS window or Processing run works on “Park”" in text] == said
    assert len(said) == 1, "said once"
    assert store.get("1a2b3c4d").state is JobState.READY
    store.release("1a2b3c4d", "a run of Processing")
    look_once(jobs)
    wait_until(lambda: store.get("1a2b3c4d").state is JobState.CANCELLED)
    store.close()
    assert len(said) == 1


def test_cancelling_what_nobody_works_on_says_nothing(jobs: Jobs, standin: Standin, tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    store.add(job(standin, JobState.READY))
    said: list[str] = []
    jobs.said.connect(lambda text, level: said.append(text))
    jobs.cancel("1a2b3c4d")
    look_once(jobs)
    wait_until(lambda: store.get("1a2b3c4d").state is JobState.CANCELLED)
    store.close()
    assert said == []


def test_a_load_that_the_closed_project_spoiled_leaves_nothing_behind_when_it_is_repeated(
    jobs: Jobs, standin: Standin, tmp_path: Path
) -> None:
    home = tmp_path / "files" / "Park-1a2b3c4d"
    home.mkdir(parents=True)
    (home / "point.geojson").write_text(POINT)
    kept = "One file could not be fetched."
    files = (FileRecord("point.geojson", len(POINT), "0"),)
    store = Store(tmp_path / "jobs.sqlite")
    store.add(job(standin, JobState.DONE, folder=str(home), files=files, problems=(kept,)))
    arrivals, said = Arrivals(jobs, QgsProject.instance()), []
    arrivals.said.connect(lambda text, level: said.append(text))

    def closing() -> None:
        if arrivals._loader._loads:
            QgsProject.instance().clear()

    arrivals._loader._turn.timeout.connect(closing)
    jobs.load("1a2b3c4d")
    wait_until(lambda: said and len(store.get("1a2b3c4d").problems) == 2)
    arrivals._loader._turn.timeout.disconnect(closing)
    first = store.get("1a2b3c4d").problems
    assert first[0] == kept and "was closed" in first[1]
    said.clear()
    jobs.load("1a2b3c4d")
    wait_until(lambda: said and store.get("1a2b3c4d").problems == (kept,))
    assert [layer.name() for layer in QgsProject.instance().mapLayers().values()] == ["point"]
    arrivals.stop()
    store.close()


def test_the_next_job_arrives_when_the_look_through_one_was_stopped(
    jobs: Jobs, standin: Standin, tmp_path: Path
) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    for key in ("1a2b3c4d", "5e6f7a8b"):
        home = tmp_path / "files" / f"Park-{key}"
        home.mkdir(parents=True)
        (home / f"{key}.geojson").write_text(POINT)
        files = (FileRecord(f"{key}.geojson", len(POINT), "0"),)
        store.add(replace(job(standin, JobState.DONE, folder=str(home), files=files), key=key))
    arrivals = Arrivals(jobs, QgsProject.instance())
    jobs.load("1a2b3c4d")
    jobs.load("5e6f7a8b")
    next(task for task in QgsApplication.taskManager().tasks() if "Look through" in task.description()).cancel()
    layers = QgsProject.instance().mapLayers
    wait_until(lambda: [layer.name() for layer in layers().values()] == ["5e6f7a8b"])
    jobs.load("1a2b3c4d")
    wait_until(lambda: {layer.name() for layer in layers().values()} == {"1a2b3c4d", "5e6f7a8b"})
    arrivals.stop()
    store.close()


def test_what_is_to_be_written_down_is_when_the_window_goes(jobs: Jobs, standin: Standin, tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    store.add(job(standin, JobState.DONE))
    jobs.note("1a2b3c4d", ["park.gpkg"], ["One file could not be fetched."])
    jobs.stop()
    jobs.stop()
    kept = store.get("1a2b3c4d")
    store.close()
    assert (kept.layers, kept.problems) == (("park.gpkg",), ("One file could not be fetched.",))


def test_what_is_wanted_of_a_job_without_its_account_is_wanted_once(
    jobs: Jobs, standin: Standin, tmp_path: Path
) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    one = job(standin, JobState.RUNNING)
    store.add(replace(one, request=replace(one.request, server="https://gone.example.org")))
    jobs.cancel("1a2b3c4d")
    wait_until(lambda: look_once(jobs) or store.get("1a2b3c4d").paused)
    told, counter = store.get("1a2b3c4d").message, store.counter()
    for _ in range(3):
        look_once(jobs)
    assert "account" in told and store.counter() == counter, "nothing is written any more"
    store.close()
