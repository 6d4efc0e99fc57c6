"""A run of Processing loads what arrived as the dock does, and only where layers are wanted."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsLayerTree,
    QgsLayerTreeNode,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingParameterFolderDestination,
    QgsProcessingProvider,
    QgsProject,
    QgsReadWriteContext,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QThread
from qgis.PyQt.QtXml import QDomDocument

from cutout.bridge.groups import job_layers
from cutout.bridge.layers import Loaded, Loader
from cutout.bridge.scenes import FIRST_WITH_SCENES
from cutout.bridge.source import Arrival
from cutout.bridge.survey import survey
from cutout.core.model import ExportRequest, Job, JobState, License, Quote
from cutout.toolbox.loading import offer
from tests.qgis import deliveries
from tests.qgis.waiting import wait_until

HAS_SCENES = Qgis.QGIS_VERSION_INT >= FIRST_WITH_SCENES
MESH = "MESH2D\nE3T 1 1 2 3 1\nND 1 0.0 0.0 1.0\nND 2 10.0 0.0 2.0\nND 3 0.0 10.0 3.0\n"
REGION = [-1.85, 0.7, -1.84, 0.71, 2000, 3000]
TILESET = (
    '{"asset":{"version":"1.0"},"geometricError":500,"root":{"geometricError":0,"refine":"ADD",'
    f'"boundingVolume":{{"region":{REGION}}},"content":{{"uri":"0.glb"}}}}}}'
)
REQUEST = ExportRequest(
    service="koordinates",
    server="https://data.example.org",
    options={"items": ["layer:50772"], "crs": "EPSG:2193"},
    area={"type": "Polygon", "coordinates": []},
    title="Rocky Mountains",
)
JOB = Job(
    key="0a1b2c3d",
    request=REQUEST,
    state=JobState.DONE,
    remote={"id": 4711},
    created=1_700_000_000.0,
    finished=1_700_000_600.0,
    quote=Quote(license=License("CC BY 4.0", "https://cc.example.org/by/4.0/")),
)
NAMES = ["glaciers", "marks", "plan (points)", "plan (lines)", "counties", "plan (polygons)", "roofs", "terrain"]
NAMES += ["city"] * HAS_SCENES + ["dem", "population"]


@pytest.fixture(scope="module")
def arrival(tmp_path_factory: pytest.TempPathFactory) -> Arrival:
    """Points and polygons, several kinds in one file, bodies, a mesh, a scene, a mosaic and tables, with styles."""
    folder = tmp_path_factory.mktemp("delivery")
    styled = QgsVectorLayer(str(deliveries.vector(folder / "counties.gpkg", "GPKG")), "", "ogr")
    styled.setOpacity(0.25)
    styled.saveNamedStyle(str(folder / "counties.qml"))
    styled.saveStyleToDatabase("theirs", "", True, "")
    deliveries.vector(folder / "glaciers.shp", "ESRI Shapefile", deliveries.GLACIERS)
    deliveries.mixed(folder / "plan.dxf", "DXF")
    deliveries.vector(folder / "roofs.geojson", "GeoJSON")
    deliveries.sheets(folder / "dem")
    table = {"population.csv": "code,name\n007,x\n", "marks.csv": 'WKT,n\n"POINT (1570000 5180000)",1\n'}
    scene = {"city/tileset.json": TILESET, "city/0.glb": b"glTF"} if HAS_SCENES else {}
    deliveries.files(folder, {**table, **scene, "terrain.2dm": MESH, "cutout.json": '{"attribution": "© Land"}'})
    found = survey(folder)
    assert [source.name for source in found.sources] == NAMES
    sources = (replace(source, solid=source.name == "roofs") for source in found.sources)
    return replace(found, sources=tuple(sources))


class Deliver(QgsProcessingAlgorithm):
    """Has nothing to order: the jobs arrived before."""

    brought: list[tuple[Job, Arrival]] = []
    threads: list[QThread] = []

    def name(self) -> str:
        return "deliver"

    def displayName(self) -> str:
        return "Deliver"

    def createInstance(self) -> Deliver:
        return Deliver()

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT", "Folder"))
        self.addOutput(QgsProcessingOutputMultipleLayers("LAYERS", "Layers"))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        self.threads.append(QThread.currentThread())
        for job, arrival in self.brought:
            offer(job, arrival, context)
        gc.collect()
        return {"OUTPUT": "", "LAYERS": [uri for _, arrival in self.brought for uri in arrival.uris]}


class Delivering(QgsProcessingProvider):
    def id(self) -> str:
        return "delivering"

    def name(self) -> str:
        return "Delivering"

    def loadAlgorithms(self) -> None:
        self.addAlgorithm(Deliver())


@pytest.fixture(autouse=True)
def brought(qgis_app: QgsApplication, arrival: Arrival) -> Iterator[list[tuple[Job, Arrival]]]:
    """What a run brings: JOB, if the test has nothing else in mind."""
    provider = Delivering()
    QgsApplication.processingRegistry().addProvider(provider)
    Deliver.brought = [(JOB, arrival)]
    Deliver.threads.clear()
    yield Deliver.brought
    QgsApplication.processingRegistry().removeProvider(provider)


PARAMETERS = {"OUTPUT": "/nowhere"}


def run_and_load(algorithm: str | QgsProcessingAlgorithm = "delivering:deliver") -> None:
    import processing

    processing.runAndLoadResults(algorithm, {**PARAMETERS})


def run_from_the_toolbox(
    algorithm: QgsProcessingAlgorithm | None = None, before_loading: Callable[[], object] | None = None
) -> str:
    """As processing.gui.AlgorithmDialog does it; what the person reads in its log."""
    from processing.gui.Postprocessing import handleAlgorithmResults
    from processing.tools import dataobjects

    algorithm = algorithm or QgsApplication.processingRegistry().createAlgorithmById("delivering:deliver")
    feedback = QgsProcessingFeedback()
    context = dataobjects.createContext(feedback)
    ended: list[bool] = []

    def handle(ok: bool, results: dict[str, Any]) -> None:
        if before_loading is not None:
            before_loading()
        gc.collect()
        handled = handleAlgorithmResults(algorithm, context, feedback, parameters=results)
        ended.append(ok and handled)

    task = QgsProcessingAlgRunnerTask(algorithm, {**PARAMETERS}, context, feedback)
    task.executed.connect(handle)
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: ended)
    assert ended == [True]
    return feedback.textLog()


def a_model() -> QgsProcessingModelAlgorithm:
    step = QgsProcessingModelChildAlgorithm("delivering:deliver")
    step.addParameterSources("OUTPUT", [QgsProcessingModelChildParameterSource.fromStaticValue("/nowhere")])
    model = QgsProcessingModelAlgorithm("model", "models")
    model.addChildAlgorithm(step)
    return model


def loaded_by_the_dock(job: Job, arrival: Arrival, project: QgsProject) -> Loaded:
    told: list[Loaded] = []
    loader = Loader()
    loader.load(job, arrival, project, told.append)
    wait_until(lambda: told)
    return told[0]


def tree(node: QgsLayerTreeNode) -> Any:
    """Names, marks and what is unfolded."""
    properties = {name: node.customProperty(name) for name in node.customProperties()}
    below = [tree(child) for child in node.children()] if QgsLayerTree.isGroup(node) else None
    return node.name(), properties, node.isExpanded(), node.isVisible(), below


def style(layer: QgsMapLayer) -> str:
    """As XML, in 2D and 3D, without what QGIS takes at random: ids, colours of symbols and of profiles."""
    document = QDomDocument()
    layer.exportNamedStyle(document)
    if layer.renderer3D() is not None:
        bodies = document.createElement("renderer-3d")
        layer.renderer3D().writeXml(bodies, QgsReadWriteContext())
        document.documentElement().appendChild(bodies)
    text = re.sub(r"<elevation.*</elevation>", "", document.toString(), flags=re.DOTALL)
    text = re.sub(r'id="\{[-0-9a-f]+\}"', "", text).replace(layer.id(), "layer")
    return re.sub(r'"\d+,\d+,\d+,255[^"]*"', '"colour"', text) if isinstance(layer, QgsVectorLayer) else text


def layers(project: QgsProject) -> list[QgsMapLayer]:
    return [node.layer() for node in project.layerTreeRoot().findLayers()]


def described(layer: QgsMapLayer) -> list[Any]:
    document = QDomDocument()
    metadata = document.createElement("metadata")
    document.appendChild(metadata)
    layer.metadata().writeMetadataXml(metadata, document)
    server = layer.serverProperties()
    return [
        (layer.name(), layer.source(), layer.providerType(), layer.crs().toWkt(), layer.extent().toString()),
        (layer.isValid(), layer.opacity(), type(layer)),
        {name: layer.customProperty(name) for name in layer.customPropertyKeys()},
        (server if hasattr(server, "attribution") else layer).attribution(),
        document.toString(),
        layer.thread() is QgsApplication.instance().thread(),
    ]


def same_as_from_the_dock(*brought: tuple[Job, Arrival]) -> None:
    other, ours = QgsProject(), QgsProject.instance()
    for job, arrival in brought:
        assert list(loaded_by_the_dock(job, arrival, other).names) == [source.name for source in arrival.sources]
    assert tree(ours.layerTreeRoot()) == tree(other.layerTreeRoot())
    for mine, theirs in zip(layers(ours), layers(other)):
        assert described(mine) == described(theirs)
        assert style(mine) == style(theirs)
    assert len(layers(ours)) == len(ours.mapLayers()) == len(other.mapLayers())


def names() -> list[str]:
    return [layer.name() for layer in layers(QgsProject.instance())]


def test_results_that_a_script_loads_are_as_from_the_dock(arrival: Arrival) -> None:
    run_and_load()

    assert names() == NAMES
    same_as_from_the_dock((JOB, arrival))


def test_results_that_the_toolbox_loads_are_as_from_the_dock(arrival: Arrival) -> None:
    run_from_the_toolbox()

    assert Deliver.threads[0] is not QgsApplication.instance().thread()
    assert names() == NAMES
    same_as_from_the_dock((JOB, arrival))


def test_each_job_of_a_run_has_its_group_the_last_on_top(brought: list[tuple[Job, Arrival]], arrival: Arrival) -> None:
    points, tables = (replace(arrival, sources=part) for part in (arrival.sources[:2], arrival.sources[-1:]))
    for number in range(1, 9):
        brought.append((replace(JOB, key=f"{number:08}"), (points, tables)[number % 2]))

    run_from_the_toolbox()

    groups = QgsProject.instance().layerTreeRoot().children()
    assert [group.customProperty("cutout/job") for group in groups] == [job.key for job, _ in reversed(brought)]
    assert [len(group.children()) for group in groups] == [2, 1] * 4 + [len(NAMES)]
    same_as_from_the_dock(*brought)


def test_what_the_project_has_of_a_job_is_not_added_again(arrival: Arrival) -> None:
    project = QgsProject.instance()
    first = loaded_by_the_dock(JOB, arrival, project)
    project.mapLayer(first.layers[1]).setName("renamed")
    moved = project.layerTreeRoot().findLayer(first.layers[0])
    project.layerTreeRoot().addChildNode(moved.clone())
    moved.parent().removeChildNode(moved)
    project.removeMapLayer(first.layers[4])
    before = set(project.mapLayers())

    run_from_the_toolbox()

    (new,) = set(project.mapLayers()) - before
    assert before < set(project.mapLayers())
    assert project.mapLayer(new).name() == NAMES[4]
    assert names() == ["renamed", *NAMES[2:], NAMES[0]]


def test_a_run_after_a_run_adds_nothing(arrival: Arrival) -> None:
    run_from_the_toolbox()
    before = set(QgsProject.instance().mapLayers())
    run_and_load()
    run_from_the_toolbox()

    assert set(QgsProject.instance().mapLayers()) == before
    same_as_from_the_dock((JOB, arrival))


def test_runs_that_share_a_context_load_all_they_brought(arrival: Arrival) -> None:
    """As where an algorithm is run for each feature of an input: the results are handled at the end."""
    from processing.gui.Postprocessing import handleAlgorithmResults
    from processing.tools import dataobjects

    algorithm = QgsApplication.processingRegistry().createAlgorithmById("delivering:deliver")
    context, feedback = dataobjects.createContext(), QgsProcessingFeedback()
    jobs = [replace(JOB, key=f"{number}") for number in range(3)]
    for job in (*jobs, jobs[0]):
        Deliver.brought[:] = [(job, arrival)]
        assert algorithm.run(PARAMETERS, context, feedback)[1]
    assert handleAlgorithmResults(algorithm, context, feedback, parameters={})

    same_as_from_the_dock(*((job, arrival) for job in jobs))


def test_the_dock_finds_what_a_run_has_loaded(arrival: Arrival) -> None:
    run_from_the_toolbox()

    again = loaded_by_the_dock(JOB, arrival, QgsProject.instance())

    assert again.layers == ()
    assert again.present == tuple(job_layers(QgsProject.instance(), JOB)[source.shown] for source in arrival.sources)


def test_a_run_that_loads_while_the_dock_does_leaves_each_layer_once(arrival: Arrival) -> None:
    told: list[Loaded] = []
    loader = Loader()
    loader.load(JOB, arrival, QgsProject.instance(), told.append)
    QgsApplication.processEvents()
    run_and_load()
    assert told == []
    wait_until(lambda: told)

    assert (told[0].layers, len(told[0].present)) == ((), len(NAMES))
    assert names() == NAMES


def test_a_layer_of_the_person_is_left_alone(arrival: Arrival) -> None:
    """Of the same file, which Processing would take for the result."""
    project = QgsProject.instance()
    mine = QgsVectorLayer(arrival.sources[0].shown, "mine", "ogr")
    project.addMapLayer(mine)

    run_from_the_toolbox()

    assert (mine.name(), mine.customPropertyKeys(), mine.metadata().identifier()) == ("mine", [], "")
    assert names() == [*NAMES, "mine"]
    assert project.layerTreeRoot().children()[1].layer() is mine


def test_a_script_that_only_runs_adds_nothing(arrival: Arrival) -> None:
    import processing

    before = living_layers()

    results = processing.run("delivering:deliver", {**PARAMETERS})

    assert results["LAYERS"] == list(arrival.uris)
    assert QgsProject.instance().mapLayers() == {}
    assert living_layers() <= before


def living_layers() -> set[str]:
    gc.collect()
    living = [thing for thing in gc.get_objects() if isinstance(thing, QgsMapLayer) and not sip.isdeleted(thing)]
    return {layer.id() for layer in living}


@pytest.mark.parametrize("run", [run_and_load, run_from_the_toolbox])
def test_a_step_of_a_model_loads_nothing(run: Callable[[QgsProcessingAlgorithm], object]) -> None:
    run(a_model())

    assert len(Deliver.threads) == 1
    assert QgsProject.instance().mapLayers() == {}


def test_without_a_project_nothing_is_opened(arrival: Arrival) -> None:
    context = QgsProcessingContext()

    offer(JOB, arrival, context)

    assert context.layersToLoadOnCompletion() == {}
    assert context.temporaryLayerStore().mapLayers() == {}


@pytest.mark.parametrize("closing", [lambda: QgsProject.instance().clear(), gc.collect])
def test_a_project_closed_meanwhile_breaks_nothing(arrival: Arrival, closing: Callable[[], object]) -> None:
    loaded_by_the_dock(JOB, arrival, QgsProject.instance())

    run_from_the_toolbox(before_loading=closing)

    assert names() == NAMES


def test_a_file_that_vanished_is_told_and_the_others_load(tmp_path: Path, brought: list[tuple[Job, Arrival]]) -> None:
    deliveries.vector(tmp_path / "gone.gpkg", "GPKG")
    deliveries.vector(tmp_path / "there.gpkg", "GPKG")
    brought[:] = [(JOB, survey(tmp_path))]
    (tmp_path / "gone.gpkg").unlink()

    log = run_from_the_toolbox()

    assert names() == ["there"]
    assert "“gone” could not be opened: " in log


def test_nothing_that_arrived_makes_no_group(brought: list[tuple[Job, Arrival]]) -> None:
    brought[:] = [(JOB, Arrival(problems=("a.tif is not loaded: it is damaged.",)))]

    run_from_the_toolbox()

    assert QgsProject.instance().layerTreeRoot().children() == []


@pytest.fixture
def wishes(qgis_app: QgsApplication, tmp_path: Path) -> Iterator[None]:
    """Processing > General: a style for all results, and the name of the file as the name of the layer."""
    from processing.core.ProcessingConfig import ProcessingConfig

    pale = QgsVectorLayer("Polygon", "pale", "memory")
    pale.setOpacity(0.25)
    pale.saveNamedStyle(str(tmp_path / "pale.qml"))
    styles = (ProcessingConfig.VECTOR_POLYGON_STYLE, ProcessingConfig.VECTOR_POINT_STYLE)
    for setting in styles:
        ProcessingConfig.setSettingValue(setting, str(tmp_path / "pale.qml"))
    ProcessingConfig.setSettingValue(ProcessingConfig.PREFER_FILENAME_AS_LAYER_NAME, True)
    yield
    ProcessingConfig.setSettingValue(ProcessingConfig.PREFER_FILENAME_AS_LAYER_NAME, False)
    for setting in styles:
        ProcessingConfig.setSettingValue(setting, "")


def test_wishes_for_all_results_fall_on_none(
    wishes: None, brought: list[tuple[Job, Arrival]], arrival: Arrival
) -> None:
    bodies = tuple(source for source in arrival.sources if source.solid)
    brought.append((replace(JOB, key="bodies"), replace(arrival, sources=bodies)))

    run_from_the_toolbox()

    assert {layer.opacity() for layer in QgsProject.instance().mapLayers().values()} == {1.0}
    same_as_from_the_dock(*brought)


@pytest.fixture
def results_group(qgis_app: QgsApplication) -> Iterator[str]:
    """What Processing > General > Results group name is set to."""
    from processing.core.ProcessingConfig import ProcessingConfig

    ProcessingConfig.setSettingValue(ProcessingConfig.RESULTS_GROUP_NAME, "Results")
    yield "Results"
    ProcessingConfig.setSettingValue(ProcessingConfig.RESULTS_GROUP_NAME, "")


def test_a_group_for_all_results_is_not_left_empty(results_group: str, arrival: Arrival) -> None:
    run_from_the_toolbox()

    same_as_from_the_dock((JOB, arrival))


def test_a_group_for_all_results_keeps_what_is_in_it(results_group: str) -> None:
    project = QgsProject.instance()
    mine = QgsVectorLayer("Point", "mine", "memory")
    project.addMapLayer(mine, False)
    project.layerTreeRoot().addGroup(results_group).addLayer(mine)

    run_from_the_toolbox()

    assert [(node.name(), len(node.children())) for node in project.layerTreeRoot().children()] == [
        ("Rocky Mountains", len(NAMES)),
        ("Results", 1),
    ]
