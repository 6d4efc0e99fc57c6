"""Runs in a mount namespace of its own, see test_disk.py: QGIS on disks that are full, and on a full list of jobs."""

# ruff: noqa: F811 - fixtures are imported, and asked for by their names

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsApplication
from shapely.geometry import box, mapping

from cutout.bridge.source import Arrival
from cutout.bridge.steps import surveyed
from cutout.bridge.together import together
from cutout.core import manifest
from cutout.core.errors import ExportError
from cutout.core.model import Delivery, ExportRequest, Job, JobState
from tests.qgis import deliveries
from tests.qgis.conftest import new_project, qgis_app  # noqa: F401 - fixtures
from tests.qgis.deliveries import COUNTRIES, DEM
from tests.qgis.test_jobs import Desk
from tests.qgis.test_tiles import cut
from tests.siege.disks import MILLION, Disk
from tests.standin.client import Standin

AREA = mapping(box(-20, -20, 15, 15))
Fill = Callable[[Path], None]
# Bytes that are left; for each kind of layer there are some with which the first, a middle or the last step fails.
ROOMS = [0, 4096, 16_384, 300_000, 2 * MILLION]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    yield Disk(tmp_path / "drive")


def tiles(job: Path) -> None:
    cut(job, COUNTRIES, "country", "ESRI Shapefile")


def sheets(job: Path) -> None:
    deliveries.sheets(job / "dem")


def noise(job: Path) -> None:
    """A raster that can't be packed, and features."""
    deliveries.vector(job / "countries.gpkg", "GPKG", COUNTRIES)
    raster = gdal.GetDriverByName("GTiff").Create(str(job / "noise.tif"), 700, 700, 1, gdal.GDT_Float64)
    raster.SetGeoTransform((-20, 0.05, 0, 20, 0, -0.05))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    raster.SetProjection(reference.ExportToWkt())
    raster.GetRasterBand(1).WriteArray(np.random.default_rng(1).random((700, 700)))


def models(job: Path) -> None:
    faces = "".join(
        f"facet normal 0 0 1\nouter loop\nvertex {x} 0 0\nvertex {x + 1} 0 0\nvertex {x} 1 5\nendloop\nendfacet\n"
        for x in range(500)
    )
    (job / "city.stl").write_text(f"solid x\n{faces}endsolid x\n")


def delivered(disk: Disk, fill: Fill, number: int = 0) -> Job:
    """A job that is done, as `collect` leaves it."""
    request = ExportRequest("koordinates", "https://data.example.org", {"crs": "EPSG:4326"}, AREA, f"Tal {number}")
    job = Job(f"{number:08x}", request, delivery=Delivery(clip=fill is noise), state=JobState.DONE)
    folder = disk.folder / job.folder_name
    folder.mkdir()
    fill(folder)
    files = manifest.records(folder, sorted(path for path in folder.rglob("*") if path.is_file()))
    job = replace(job, folder=str(folder), files=files)
    manifest.write(job, folder)
    return job


def came(job: Job) -> dict[str, bytes]:
    return {record.name: (Path(job.folder) / record.name).read_bytes() for record in job.files}


def looked_through(job: Job) -> Arrival:
    return surveyed(job, lambda fraction: None)


def problems_of(job: Job, disk: Disk) -> list[str]:
    """What is told while the disk is full; an error where not even cutout.json can be written."""
    try:
        return list(looked_through(job).problems)
    except ExportError as error:
        assert str(error) == f"The disk is full: {job.folder}. Free some space or choose another folder."
        assert disk.free < MILLION
        return []


@pytest.mark.usefixtures("qgis_app")
@pytest.mark.parametrize("leave", ROOMS)
@pytest.mark.parametrize("fill", [tiles, sheets, noise, models])
def test_full_while_layers_are_made(tmp_path: Path, disk: Disk, fill: Fill, leave: int) -> None:
    job = delivered(disk, fill)
    folder = Path(job.folder)
    reference = replace(job, folder=str(tmp_path / "reference"))
    shutil.copytree(folder, reference.folder)
    wanted = looked_through(reference)
    before, files = came(job), deliveries.tree(folder)

    disk.fill(leave)
    problems = problems_of(job, disk)
    assert came(job) == before and disk.notes.read_text() == "mine"
    for problem in problems:
        if "disk is full" in problem:
            assert problem.count(job.folder) == 1 and problem.count("free some space") == 1
        assert len(problem) < 400 and "Errno" not in problem and "sqlite" not in problem.casefold()
    assert manifest.read(folder)["job"]["key"] == job.key, "the old one or the new one, and whole"
    halves = [name for name in deliveries.tree(folder) if name not in files and (".part" in name or "-journal" in name)]
    assert halves == []

    disk.clear()
    arrival = looked_through(job)
    assert [source.name for source in arrival.sources] == [source.name for source in wanted.sources]
    assert [source.count for source in arrival.sources] == [source.count for source in wanted.sources]
    assert len(arrival.problems) == len(wanted.problems)
    assert came(job) == before and str(disk.folder) not in (folder / manifest.NAME).read_text()
    for source in arrival.sources:
        assert source.provider == "mdal" or gdal.OpenEx(source.path) is not None


@pytest.mark.usefixtures("qgis_app")
@pytest.mark.parametrize("leave", [0, 4096, 60_000, 200_000])
def test_full_while_areas_are_joined(disk: Disk, leave: int) -> None:
    def areas(number: int) -> Fill:
        def fill(folder: Path) -> None:
            deliveries.vector(folder / "countries.gpkg", "GPKG", COUNTRIES)
            window = [number * 76, 0, 76, 187]
            gdal.Translate(str(folder / "dem.tif"), str(DEM), srcWin=window)

        return fill

    jobs = [delivered(disk, areas(number), number) for number in range(2)]
    arrivals = {Path(job.folder): looked_through(job) for job in jobs}
    before = deliveries.tree(disk.folder)
    disk.fill(leave)
    arrival = together(arrivals, disk.folder, "all")
    disk.clear()
    made = set(deliveries.tree(disk.folder)) - set(before)
    assert made <= {"all-dem.vrt"} and {name: deliveries.tree(disk.folder)[name] for name in before} == before
    assert len(arrival.sources) == 4 - len(made)
    full = f"the disk is full ({disk.folder}); free some space"
    assert arrival.problems and all(problem.count(full) == 1 for problem in arrival.problems)
    assert len(together(arrivals, disk.folder, "all").sources) == 2


@pytest.mark.usefixtures("qgis_app")
@pytest.mark.parametrize("fill", [tiles, noise, models])
def test_nothing_can_be_written_any_more(disk: Disk, fill: Fill) -> None:
    job = delivered(disk, fill)
    disk.lock()
    with pytest.raises(ExportError) as caught:
        looked_through(job)
    assert str(caught.value) == f"Nothing can be written to this disk: {job.folder}. Choose another folder."
    disk.lock(False)
    assert looked_through(job).sources


@pytest.fixture
def desk(qgis_app: QgsApplication, standin: Standin, disk: Disk, tmp_path: Path) -> Iterator[Desk]:
    """Its list of jobs and its downloads are on the small disk."""
    standin.settings(polls=0)
    desk = Desk(disk.folder, standin)
    yield desk
    desk.jobs.stop()


def test_a_full_disk_holds_the_job_until_there_is_room(desk: Desk, disk: Disk) -> None:
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state is JobState.READY)
    disk.fill(8 * MILLION)  # enough for the list of jobs and for the zip
    desk.run_until(lambda: desk.said)
    held = desk.job(job.key)
    assert held.paused and held.state is JobState.READY
    (said,) = desk.said
    assert said.startswith("Park: ") and said.count(str(disk.folder)) == 1 and said.count("Free some space") == 1
    disk.clear()
    desk.jobs.check_now(job.key)
    desk.run_until(lambda: desk.arrived)
    assert desk.job(job.key).state is JobState.DONE and desk.orders_sent() == 1 and desk.said == [said]


@pytest.mark.parametrize("state", ["order", JobState.QUEUED, JobState.READY])
def test_a_list_of_jobs_on_a_full_disk(desk: Desk, disk: Disk, state: JobState | str) -> None:
    """An order does not leave that can't be stored; one that has left is told, and found when there is room."""
    if state == "order":
        disk.fill()
        with pytest.raises(ExportError, match="disk is full"):
            for _ in range(200):  # until the file has no free page left
                desk.jobs.order(desk.request(), desk.account)
        assert desk.orders_sent() == 0
        disk.clear()
        for job in desk.jobs.all():
            desk.jobs.remove(job.key)
        job = desk.jobs.order(desk.request(), desk.account)
    else:
        desk.standin.settings(polls=5)
        job = desk.jobs.order(desk.request(), desk.account)
        desk.run_until(lambda: desk.job(job.key).state is JobState.QUEUED)
        if state is JobState.READY:
            desk.standin.settings(polls=0)
            desk.run_until(lambda: desk.job(job.key).state is JobState.READY)
        disk.fill()
        desk.run_until(lambda: desk.said)
        assert any("disk is full" in said and str(disk.folder) in said for said in desk.said), desk.said
        disk.clear()
        desk.standin.settings(polls=0)

    def is_done() -> bool:
        if desk.job(job.key).paused:
            desk.jobs.check_now(job.key)
        return desk.job(job.key).state is JobState.DONE

    desk.run_until(is_done)
    assert desk.orders_sent() == 1
