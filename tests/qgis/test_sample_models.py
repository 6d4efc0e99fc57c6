"""The models that come with Cutout, run as people run them: on the stand-in, with real polygons and a real grid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingModelAlgorithm,
    QgsProcessingProvider,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QThread

from cutout.bridge.accounts import Account, Accounts
from cutout.core import lifecycle
from cutout.core.http import Secret
from cutout.core.model import JobState
from cutout.toolbox.provider import CutoutProcessing
from tests import ROOT
from tests.qgis.toolbox import Feedback, files, run, stored, threads
from tests.qgis.waiting import wait_until
from tests.standin.client import Recorded, Standin

DATA = ROOT / "tests" / "standin" / "data"
COUNTIES, PARK, ELEVATION = DATA / "colorado-counties.geojson", DATA / "rmnp.shp", DATA / "rmnp-dem.tif"
LATER = "later:"
MODELS = {
    "order_clip_statistics": ["AREA", "ITEMS", "SERVER", "AUTHCFG", "PREFIX", "order:Folder", "statistics:Statistics"],
    "submit_collect": ["AREA", "FEATURES", "GRIDS", "SERVER", "AUTHCFG", "collect:Folder"],
}


@pytest.fixture(autouse=True)
def toolbox(qgis_app: QgsApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[CutoutProcessing]:
    monkeypatch.setattr(lifecycle, "FIRST_LOOK", 0.1)  # the stand-ins are quicker than services are
    provider = CutoutProcessing(Accounts())
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)
    assert threads() == []


@pytest.fixture
def site(standin: Standin) -> Standin:
    """The Koordinates site, with a saved account."""
    Accounts().save(Account("koordinates", standin.url), Secret(password=standin.key))
    return standin


def later_provider() -> QgsProcessingProvider:
    """GDAL's algorithms under another name, so that they can come and go."""
    from processing.algs.gdal.GdalAlgorithmProvider import GdalAlgorithmProvider

    class Later(GdalAlgorithmProvider):
        def id(self) -> str:
            return LATER.rstrip(":")

        def load(self) -> bool:  # GDAL's own also adds settings, and removes them
            return QgsProcessingProvider.load(self)

        def unload(self) -> None:
            QgsProcessingProvider.unload(self)

    return Later()


def names(model: QgsProcessingModelAlgorithm) -> list[str]:
    return [definition.name() for definition in model.parameterDefinitions()]


def elevations(name: str) -> tuple[int, float, float, float] | None:
    """Of a county, out of the whole grid: how many pixels have their centre in it; their mean, minimum, maximum."""
    source = gdal.Open(str(ELEVATION))
    mask = gdal.GetDriverByName("MEM").Create("", source.RasterXSize, source.RasterYSize, 1)
    mask.SetGeoTransform(source.GetGeoTransform())
    mask.SetProjection(source.GetProjection())
    polygons = ogr.Open(str(COUNTIES))
    layer = polygons.GetLayer(0)
    layer.SetAttributeFilter(f"NAME = '{name}'")
    gdal.RasterizeLayer(mask, [1], layer, burn_values=[1])
    values = source.ReadAsArray()[mask.ReadAsArray() == 1]
    return (values.size, values.mean(), values.min(), values.max()) if values.size else None


def statistics(layer: QgsVectorLayer, prefix: str) -> dict[str, tuple[Any, ...] | None]:
    found = {}
    for feature in layer.getFeatures():
        values = tuple(feature[f"{prefix}{name}"] for name in ("count", "mean", "min", "max"))
        found[feature["NAME"]] = values if values[0] else None
    return found


def is_about_orders(request: Recorded) -> bool:
    return "/exports/" in request.path and "/validate/" not in request.path


def corners(export: dict[str, Any]) -> list[list[float]]:
    """Of the area that was ordered."""
    area = export["request"]["extent"]
    polygons = area["coordinates"] if area["type"] == "MultiPolygon" else [area["coordinates"]]
    return [corner for polygon in polygons for ring in polygon for corner in ring]


@pytest.mark.parametrize("name", MODELS)
def test_they_are_algorithms_of_cutout(name: str) -> None:
    registered = QgsApplication.processingRegistry().algorithmById(f"cutout:{name}")
    assert isinstance(registered, QgsProcessingModelAlgorithm)
    for model in (registered, registered.create()):
        assert (model.id(), model.group(), model.canExecute()) == (f"cutout:{name}", "Models", (True, ""))
        assert names(model) == MODELS[name]
        assert model.validate() == (True, [])
        for definition in model.parameterDefinitions():
            assert model.helpContent()[definition.name()] in model.shortHelpString()
    assert registered.displayName() != name


@pytest.mark.parametrize("name", MODELS)
def test_they_know_nothing_of_the_machine_they_were_made_on(name: str) -> None:
    text = (ROOT / "toolbox" / "models" / f"{name}.model3").read_text()
    assert str(Path.home()) not in text and "/tmp" not in text


def test_a_grid_is_summarised_by_polygon(site: Standin, tmp_path: Path) -> None:
    results = run(
        "order_clip_statistics",
        AREA=str(COUNTIES), SERVER=site.url, ITEMS="layer:104", PREFIX="m_",
        **{"order:Folder": str(tmp_path), "statistics:Statistics": str(tmp_path / "statistics.gpkg")},
    )  # fmt: skip
    layer = QgsVectorLayer(results["statistics:Statistics"], "statistics", "ogr")
    found = statistics(layer, "m_")
    assert len(found) == 64
    assert {name for name, values in found.items() if values} == {"Larimer", "Boulder", "Grand", "Jackson"}
    for name, values in found.items():
        assert values == (pytest.approx(elevations(name)) if elevations(name) else None)
    (job,) = stored()
    assert job.state is JobState.DONE and len(site.exports()) == 1
    assert Path(results["order:Folder"]) == tmp_path / f"Grid-{job.key}" == Path(job.folder)
    assert "cutout.json" in files(Path(job.folder))
    assert QgsProject.instance().mapLayers() == {}


def test_only_the_selected_polygons_are_ordered_and_summarised(site: Standin, tmp_path: Path) -> None:
    counties = QgsVectorLayer(str(COUNTIES), "Counties", "ogr")
    QgsProject.instance().addMapLayer(counties)
    counties.selectByExpression("NAME in ('Larimer', 'Boulder')")
    results = run(
        "order_clip_statistics",
        AREA=QgsProcessingFeatureSourceDefinition(counties.id(), selectedFeaturesOnly=True),
        SERVER=site.url, ITEMS=site.layer_url("elevation"),
        **{"order:Folder": str(tmp_path), "statistics:Statistics": "memory:"},
    )  # fmt: skip
    found = statistics(results["statistics:Statistics"], "grid_")
    assert found == {name: pytest.approx(elevations(name)) for name in ("Larimer", "Boulder")}
    (export,) = site.exports()
    assert min(lon for lon, _ in corners(export)) > -106.3  # Grand and Jackson reach further west
    assert list(QgsProject.instance().mapLayers().values()) == [counties]


def test_two_orders_are_submitted_before_either_is_waited_for(site: Standin, tmp_path: Path) -> None:
    site.settings(polls=2)
    results = run(
        "submit_collect",
        AREA=str(PARK), SERVER=site.url, FEATURES="layer:101, layer:102", GRIDS="layer:104",
        **{"collect:Folder": str(tmp_path)},
    )  # fmt: skip
    requests = site.requests("koordinates")
    orders = [place for place, each in enumerate(requests) if each.method == "POST" and is_about_orders(each)]
    looks = [place for place, each in enumerate(requests) if each.method == "GET" and is_about_orders(each)]
    assert len(site.exports()) == 2 and max(orders) < min(looks)
    jobs = sorted(stored(), key=lambda job: job.title)  # in which order steps run is up to QGIS
    assert [(job.title, job.state) for job in jobs] == [("Features", JobState.DONE), ("Grids", JobState.DONE)]
    assert {Path(job.folder) for job in jobs} == {tmp_path / job.folder_name for job in jobs}
    assert [len(job.layers) for job in jobs] == [2, 1]
    assert Path(results["collect:Folder"]) == tmp_path
    assert QgsProject.instance().mapLayers() == {}


@pytest.mark.parametrize("name", MODELS)
def test_they_run_in_a_task_as_from_the_window(name: str, site: Standin, tmp_path: Path) -> None:
    """From QGIS 3.2x on a model no longer wants the main thread, where its credentials are all the same."""
    threads_used = []

    class Watching(Feedback):
        def pushInfo(self, info: str) -> None:
            threads_used.append(QThread.currentThread() is QgsApplication.instance().thread())

    parameters = {"AREA": str(PARK), "SERVER": site.url, "ITEMS": "layer:104", "PREFIX": "m_", "FEATURES": "layer:101"}
    parameters |= {"GRIDS": "layer:104", "statistics:Statistics": str(tmp_path / "statistics.gpkg")}
    parameters |= {f"{step}:Folder": str(tmp_path) for step in ("order", "collect")}
    model = QgsApplication.processingRegistry().createAlgorithmById(f"cutout:{name}")
    context, feedback, ended = QgsProcessingContext(), Watching(), []
    task = QgsProcessingAlgRunnerTask(model, parameters, context, feedback)
    task.executed.connect(lambda succeeded, results: ended.append(succeeded))
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: ended)
    assert ended == [True], feedback.text
    assert threads_used and not any(threads_used)
    assert {job.state for job in stored()} == {JobState.DONE}


def test_a_model_can_be_run_once_the_algorithms_of_its_steps_are_there(
    toolbox: CutoutProcessing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where GDAL's algorithms are switched off, or come after those of Cutout. The rest is there all the same."""
    file = tmp_path / "later.model3"
    file.write_text((ROOT / "toolbox" / "models" / "order_clip_statistics.model3").read_text().replace("gdal:", LATER))
    monkeypatch.setattr("cutout.toolbox.provider.FILES", [file])
    toolbox.refreshAlgorithms()
    model = toolbox.algorithm("later")
    fine, reason = model.canExecute()
    assert not fine and LATER in reason
    assert all(each.canExecute()[0] for each in toolbox.algorithms() if each is not model)
    later = later_provider()
    registry = QgsApplication.processingRegistry()
    registry.addProvider(later)
    assert model.canExecute() == (True, "") and model.create().validate() == (True, [])
    registry.removeProvider(later)
