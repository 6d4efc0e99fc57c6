"""Every service, from the order to the layers of a project: the real poller, real tasks, real files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsSettings, QgsVectorLayer
from shapely.geometry import MultiPolygon, box, mapping

from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.arrivals import Arrivals
from cutout.bridge.jobs import Jobs
from cutout.core.http import Secret
from cutout.core.model import ExportRequest, Job, JobState
from cutout.core.store import Store
from cutout.providers import services
from tests.qgis.waiting import look_once, wait_until
from tests.standin.client import Standin

HAS_SCENES = Qgis.QGIS_VERSION_INT >= 33400
PLACED = "placed by the ordered area, not georeferenced by the service"


class Clock:
    """Runs as fast as the work."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A poller and what it brings into the project."""

    def __init__(self, folder: Path, standin: Standin) -> None:
        QgsSettings().remove("cutout")
        self.standin, self.clock, self.accounts = standin, Clock(), Accounts()
        self.jobs = Jobs(Store(folder / "jobs.sqlite"), self.accounts, lambda: folder / "files", None, self.clock)
        self.arrivals = Arrivals(self.jobs, QgsProject.instance())
        self.said: list[str] = []
        self.arrivals.said.connect(lambda text, level: self.said.append(text))

    def stop(self) -> None:
        self.arrivals.stop()
        self.jobs.stop()

    def order(self, service: str, area: Any, **options: Any) -> Job:
        """The job when all that it brought is in the project."""
        url, secret = account(self.standin, service)
        saved = self.accounts.save(Account(service, url), secret)
        declared = {option.key: option.default for option in services()[service].options if not option.guide}
        request = ExportRequest(service, url, {**declared, **options}, area and mapping(area), service.title())
        job = self.jobs.order(request, saved)
        told = len(self.said)

        def is_over() -> bool:
            self.clock.now += 1
            look_once(self.jobs)
            return len(self.said) > told or not self._now(job).state.is_open and not self._now(job).folder

        wait_until(is_over)
        wait_until(
            lambda: self._now(job).layers or self._now(job).problems or self._now(job).state is not JobState.DONE
        )
        return self._now(job)

    def _now(self, job: Job) -> Job:
        return next(one for one in self.jobs.all() if one.key == job.key)


def account(standin: Standin, service: str) -> tuple[str, Secret]:
    facts = standin.of(service).facts if service != "koordinates" else {}
    known: Mapping[str, Callable[[], tuple[str, Secret]]] = {
        "koordinates": lambda: (standin.url, Secret(password=standin.key)),
        "cityloader": lambda: (facts["api"], Secret(password=facts["tokens"]["full"])),
        "brightearth": lambda: (facts["url"], Secret(facts["email"], facts["password"])),
        "itwin": lambda: (facts["url"], Secret("sharekey", facts["share_key"])),
    }
    return known[service]()


@pytest.fixture
def desk(tmp_path: Path, standin: Standin) -> Iterator[Desk]:
    desk = Desk(tmp_path, standin)
    yield desk
    desk.stop()


def layers() -> dict[str, QgsMapLayer]:
    return {layer.name(): layer for layer in QgsProject.instance().mapLayers().values()}


def kinds() -> list[str]:
    return sorted(type(layer).__name__ for layer in layers().values())


def helsinki(standin: Standin) -> Any:
    west, south, east, north = standin.of("brightearth").facts["place"]
    return box(west + (east - west) / 4, south + (north - south) / 4, east, north)


@pytest.mark.parametrize("format", ["stl", "obj", "dxf"])
def test_a_city_model_becomes_mesh_footprints_and_terrain(desk: Desk, format: str) -> None:
    job = desk.order("cityloader", box(16.3462, 48.2035, 16.3515, 48.2070), format=format)
    assert (job.state, job.problems) == (JobState.DONE, ())
    assert kinds() == sorted(
        ["QgsMeshLayer", "QgsRasterLayer", "QgsVectorLayer"] + ["QgsVectorLayer"] * (format == "dxf")
    )
    for layer in layers().values():
        assert layer.isValid() and layer.crs().authid() == "EPSG:32633"
        assert PLACED in layer.name() and PLACED in layer.metadata().abstract()
    footprints = next(layer for name, layer in layers().items() if name.startswith("Buildings"))
    assert isinstance(footprints, QgsVectorLayer) and footprints.featureCount() > 50
    assert {"height", "base"} <= {field.name() for field in footprints.fields()}


def test_a_model_that_does_not_fit_is_loaded_where_it_is_and_that_is_said(desk: Desk) -> None:
    desk.standin.of("cityloader").settings(origin="scaled")
    job = desk.order("cityloader", box(16.3462, 48.2035, 16.3515, 48.2070))
    assert job.state is JobState.DONE and any("not placed" in problem for problem in job.problems)
    assert layers() and all(not layer.crs().isValid() for layer in layers().values())


def test_tiles_become_a_layer_a_theme(desk: Desk, standin: Standin) -> None:
    standin.of("brightearth").settings(zip_below=0, tile=400, page_size=10)
    job = desk.order("brightearth", helsinki(standin), vector_formats=["shapefile", "geopackage"])
    assert job.state is JobState.DONE
    flat = {name: layer for name, layer in layers().items() if type(layer).__name__ != "QgsTiledSceneLayer"}
    assert sorted(flat) == ["building", "clutter", "dtm", "road", "tree"]
    assert {layer.crs().authid() for layer in flat.values()} == {"EPSG:3857"}
    numbers = [feature["osm_id"] for feature in flat["building"].getFeatures()]
    assert len(numbers) == len(set(numbers)) > 50  # those on a border came in both tiles
    if HAS_SCENES:
        assert len(layers()) == 7 and job.problems == ()
    else:
        assert len(job.problems) == 1 and "3.34" in job.problems[0]


def test_an_imodel_becomes_a_scene_where_qgis_has_them(desk: Desk, standin: Standin) -> None:
    model = standin.of("itwin").facts["imodels"]["city"]
    job = desk.order("itwin", None, imodel=model["id"])
    assert job.state is JobState.DONE and (Path(job.folder) / "tileset.json").is_file()
    if not HAS_SCENES:
        assert layers() == {} and len(job.problems) == 1 and "3.34" in job.problems[0]
        return
    assert kinds() == ["QgsTiledSceneLayer"] and job.problems == ()
    west, south, east, north = model["extent"]
    extent = next(iter(layers().values())).extent()
    assert box(west, south, east, north).intersects(
        box(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    )


def test_parts_go_round_in_one_polygon_and_back_come_the_layers(desk: Desk, standin: Standin) -> None:
    west, south, east, north = standin.of("brightearth").facts["place"]
    width, height = (east - west) / 5, (north - south) / 5
    parts = MultiPolygon(
        [box(west, south, west + width, south + height), box(east - width, south, east, south + height)]
    )
    job = desk.order("brightearth", parts)
    assert job.state is JobState.DONE and any("One polygon" in note for note in job.request.notes)
    assert "building" in layers()


@pytest.mark.parametrize("service", ["cityloader", "brightearth", "itwin"])
def test_wrong_credentials_end_in_a_sentence_and_order_nothing(desk: Desk, standin: Standin, service: str) -> None:
    facts = standin.of(service).facts
    secret = facts["tokens"]["full"] if service == "cityloader" else facts.get("password", facts.get("share_key"))
    standin.of(service).revoke(secret)
    job = desk.order(service, box(16.3462, 48.2035, 16.3515, 48.2070), imodel="x")
    assert job.state is JobState.FAILED and "Nothing was ordered" in job.message
    assert standin.of(service).orders() == [] or service == "itwin"
    assert secret not in f"{job}{desk.said}"
