"""Arrived files become layers of a project: one group a job, provenance on each layer, nothing twice."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from qgis.core import Qgis, QgsApplication, QgsLayerTreeGroup, QgsProject, QgsTask, QgsVectorLayer
from qgis.PyQt import sip

from cutout.bridge.layers import Loaded, Loader, open_layer, provenance
from cutout.bridge.source import Arrival
from cutout.bridge.survey import survey
from cutout.core.model import ExportRequest, Job, JobState, License, Quote
from tests.qgis import deliveries
from tests.qgis.waiting import wait_until

REQUEST = ExportRequest(
    service="koordinates",
    server="https://data.example.org",
    options={"items": ["layer:50772", "table:51694"], "crs": "EPSG:2193", "vector_format": "gpkg", "note": ""},
    area={"type": "Polygon", "coordinates": []},
    title="Rocky Mountains",
)
JOB = Job(
    key="0a1b2c3d",
    request=REQUEST,
    state=JobState.DONE,
    remote={"id": 4711, "url": "https://data.example.org/services/api/v1/exports/4711/"},
    created=1_700_000_000.0,
    finished=1_700_000_600.0,
    quote=Quote(price=Decimal("12.50"), currency="NZD", license=License("CC BY 4.0", "https://cc.example.org/by/4.0/")),
)
ALL = ["glaciers", "plan (points)", "plan (lines)", "counties", "plan (polygons)", "dem", "population"]


@pytest.fixture
def loader() -> Iterator[Loader]:
    made = Loader()
    yield made
    if not sip.isdeleted(made):
        made.stop()
        sip.delete(made)


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A bit of everything, one of it damaged."""
    deliveries.vector(tmp_path / "counties.gpkg", "GPKG")
    deliveries.vector(tmp_path / "glaciers.shp", "ESRI Shapefile", deliveries.GLACIERS)
    deliveries.mixed(tmp_path / "plan.dxf", "DXF")
    deliveries.sheets(tmp_path / "dem")
    deliveries.cut_off(deliveries.raster(tmp_path / "photo.tif", origin=deliveries.PHOTO))
    deliveries.files(tmp_path, {"population.csv": "code,name\n007,x\n", "cutout.json": '{"attribution": "© Land"}'})
    return tmp_path


def load(loader: Loader, arrival: Arrival, job: Job = JOB, project: QgsProject | None = None) -> Loaded:
    told: list[Loaded] = []
    loader.load(job, arrival, project or QgsProject.instance(), told.append)
    assert told == []  # never while it is asked
    wait_until(lambda: told)
    return told[0]


def names(group: QgsLayerTreeGroup) -> list[str]:
    return [node.name() for node in group.children()]


def groups() -> list[QgsLayerTreeGroup]:
    return QgsProject.instance().layerTreeRoot().findGroups()


def test_a_job_becomes_one_group_in_drawing_order(loader: Loader, delivery: Path) -> None:
    loaded = load(loader, survey(delivery))

    (group,) = groups()
    assert group.name() == "Rocky Mountains"
    assert names(group) == list(loaded.names) == ALL
    assert [node.layerId() for node in group.children()] == list(loaded.layers)
    assert all(layer.isValid() for layer in QgsProject.instance().mapLayers().values())
    assert [node.isExpanded() for node in group.children()] == [True] * 5 + [False, True]
    assert [problem.split(" ")[0] for problem in loaded.problems] == ["photo.tif"]
    assert loaded.present == ()


def test_the_group_comes_on_top_and_leaves_the_rest_alone(loader: Loader, delivery: Path) -> None:
    project = QgsProject.instance()
    mine = QgsVectorLayer(str(deliveries.COUNTRIES), "mine", "ogr")
    project.addMapLayer(mine)
    project.layerTreeRoot().addGroup("Rocky Mountains").setExpanded(False)
    before = (mine.id(), mine.source(), mine.customPropertyKeys(), project.crs().authid(), project.fileName())

    load(loader, survey(delivery))

    root = project.layerTreeRoot()
    assert names(root) == ["Rocky Mountains", "mine", "Rocky Mountains"]
    assert len(root.children()[0].children()) == len(ALL)
    assert root.children()[2].children() == []
    assert project.mapLayer(before[0]) is mine
    assert (mine.id(), mine.source(), mine.customPropertyKeys(), project.crs().authid(), project.fileName()) == before


def test_loading_again_adds_only_what_is_missing_and_where_it_belongs(loader: Loader, delivery: Path) -> None:
    first = load(loader, survey(delivery))
    project = QgsProject.instance()
    project.removeMapLayers([first.layers[0], first.layers[3]])
    group = groups()[0]
    group.setName("renamed")
    moved = project.layerTreeRoot().findLayer(first.layers[5])
    project.layerTreeRoot().addChildNode(moved.clone())
    group.removeChildNode(moved)

    second = load(loader, survey(delivery))

    assert second.names == ("glaciers", "counties")
    assert set(second.present) == {first.layers[number] for number in (1, 2, 4, 5, 6)}
    assert names(groups()[0]) == [name for name in ALL if name != "dem"]
    assert len(groups()) == 1
    third = load(loader, survey(delivery))
    assert (third.layers, len(third.present)) == ((), len(ALL))
    assert len(project.mapLayers()) == len(ALL)


def test_a_saved_project_still_knows_its_jobs(loader: Loader, delivery: Path, tmp_path: Path) -> None:
    load(loader, survey(delivery))
    project = QgsProject.instance()
    path = str(tmp_path / "saved.qgz")
    assert project.write(path)
    project.clear()
    assert project.read(path)

    again = load(loader, survey(delivery))

    assert (again.layers, len(again.present), len(groups())) == ((), len(ALL), 1)


def test_jobs_of_one_title_keep_to_their_own_groups(loader: Loader, delivery: Path) -> None:
    arrival = survey(delivery)
    told: list[Loaded] = []
    loader.load(JOB, arrival, QgsProject.instance(), told.append)
    loader.load(replace(JOB, key="ffffffff"), arrival, QgsProject.instance(), told.append)
    wait_until(lambda: len(told) == 2)

    assert [group.name() for group in groups()] == ["Rocky Mountains"] * 2
    assert [len(group.children()) for group in groups()] == [len(ALL)] * 2
    assert {group.customProperty("cutout/job") for group in groups()} == {"0a1b2c3d", "ffffffff"}


def test_one_job_asked_for_twice_at_once_is_loaded_once(loader: Loader, delivery: Path) -> None:
    arrival = survey(delivery)
    told: list[Loaded] = []
    loader.load(JOB, arrival, QgsProject.instance(), told.append)
    loader.load(JOB, arrival, QgsProject.instance(), told.append)
    wait_until(lambda: len(told) == 2)

    assert [len(loaded.layers) for loaded in told] == [len(ALL), 0]
    assert len(QgsProject.instance().mapLayers()) == len(ALL)


def test_each_layer_carries_where_it_comes_from(loader: Loader, delivery: Path) -> None:
    loaded = load(loader, survey(delivery))

    for identity in loaded.layers:
        layer = QgsProject.instance().mapLayer(identity)
        metadata = layer.metadata()
        assert layer.customProperty("cutout/job") == "0a1b2c3d"
        assert (metadata.title(), metadata.identifier(), metadata.type()) == (layer.name(), "0a1b2c3d", "dataset")
        assert metadata.rights() == ["© Land"]
        server = layer.serverProperties()
        assert (server if hasattr(server, "attribution") else layer).attribution() == "© Land"
        assert metadata.crs() == layer.crs()
    counties = QgsProject.instance().mapLayersByName("counties")[0]
    (place,) = counties.metadata().extent().spatialExtents()
    assert place.extentCrs.authid() == "EPSG:4326"
    assert place.bounds.toRectangle() == counties.extent()


def test_provenance_names_service_order_terms_and_times() -> None:
    metadata = provenance(JOB, "© Land")

    for fact in ("koordinates", "https://data.example.org", "4711", "layer:50772, table:51694", "EPSG:2193", "gpkg"):
        assert fact in metadata.abstract()
    assert "note" not in metadata.abstract()
    assert metadata.title() == "Rocky Mountains"
    assert metadata.licenses() == ["CC BY 4.0 (https://cc.example.org/by/4.0/)"]
    assert metadata.fees() == "12.50 NZD"
    assert metadata.history() == ["Ordered 2023-11-14T22:13:20+00:00", "Arrived 2023-11-14T22:23:20+00:00"]
    assert [link.url for link in metadata.links()] == [
        "https://data.example.org",
        "https://cc.example.org/by/4.0/",
        "https://data.example.org/services/api/v1/exports/4711/",
    ]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (License(), []),
        (License("CC0"), ["CC0"]),
        (License(url="https://cc.example.org/?a=b"), ["https://cc.example.org/"]),
    ],
)
def test_terms_are_told_as_far_as_they_are_known(terms: License, expected: list[str]) -> None:
    metadata = provenance(replace(JOB, quote=Quote(license=terms)))

    assert (metadata.licenses(), metadata.rights(), metadata.fees()) == (expected, [], "")


def test_provenance_holds_no_secret() -> None:
    hidden = "s3cr3tvalue"
    links = {
        "signed": f"https://storage.example.org/a.zip?sig={hidden}&se=1",
        "person": f"https://me:{hidden}@data.example.org/x/",
        "keyed": f"https://data.example.org/services;key={hidden}/wfs",
        "words": f"Authorization: Bearer {hidden}",
        "text": f"see https://storage.example.org/a.zip?sig={hidden}",
    }
    request = replace(REQUEST, options=links, notes=(links["text"],), server=links["person"])
    metadata = provenance(replace(JOB, request=request, remote=links), "© Land")

    told = "\n".join([metadata.abstract(), *metadata.history(), *(link.url for link in metadata.links())])
    assert hidden not in told
    assert "https://storage.example.org/a.zip" in told


def test_a_table_with_wkt_is_in_the_crs_that_was_ordered(loader: Loader, tmp_path: Path) -> None:
    deliveries.files(tmp_path, {"a.csv": 'WKT,n\n"POINT (1570000 5180000)",1\n'})

    load(loader, survey(tmp_path))

    (layer,) = QgsProject.instance().mapLayers().values()
    assert layer.crs().authid() == "EPSG:2193"


def test_a_style_that_came_along_is_not_taken(loader: Loader, tmp_path: Path) -> None:
    path = deliveries.vector(tmp_path / "a.gpkg", "GPKG")
    styled = QgsVectorLayer(str(path), "a", "ogr")
    styled.setOpacity(0.25)
    styled.saveNamedStyle(str(tmp_path / "a.qml"))
    styled.saveStyleToDatabase("evil", "", True, "")
    del styled
    assert QgsVectorLayer(str(path), "a", "ogr").opacity() == 0.25

    load(loader, survey(tmp_path))

    (layer,) = QgsProject.instance().mapLayers().values()
    assert layer.opacity() == 1.0
    assert layer.renderer() is not None


def test_a_file_that_vanished_in_between_is_told(loader: Loader, delivery: Path) -> None:
    arrival = survey(delivery)
    (delivery / "counties.gpkg").unlink()
    (delivery / "plan.dxf").unlink()

    loaded = load(loader, arrival)

    assert loaded.names == ("glaciers", "dem", "population")
    told = [problem for problem in loaded.problems if "could not be opened" in problem]
    assert [problem.split("”")[0] for problem in told] == [
        "“plan (points)",
        "“plan (lines)",
        "“counties",
        "“plan (polygons)",
    ]


def test_nothing_to_load_makes_no_group(loader: Loader) -> None:
    loaded = load(loader, Arrival(problems=("a.tif is not loaded: it is damaged.",)))

    assert loaded == Loaded(problems=("a.tif is not loaded: it is damaged.",))
    assert groups() == []


def test_a_mesh_becomes_a_mesh_layer(loader: Loader, tmp_path: Path) -> None:
    mesh = "MESH2D\nE3T 1 1 2 3 1\nND 1 0.0 0.0 1.0\nND 2 10.0 0.0 2.0\nND 3 0.0 10.0 3.0\n"
    deliveries.files(tmp_path, {"terrain.2dm": mesh, "broken.2dm": "no mesh"})

    loaded = load(loader, survey(tmp_path))

    assert loaded.names == ("terrain",)
    assert QgsProject.instance().mapLayer(loaded.layers[0]).isValid()
    assert "broken" in loaded.problems[0]


def test_a_project_closed_in_between_gets_nothing_and_it_is_told(loader: Loader, delivery: Path) -> None:
    told: list[Loaded] = []
    project = QgsProject.instance()
    loader.load(JOB, survey(delivery), project, told.append)
    QgsApplication.processEvents()
    project.clear()
    wait_until(lambda: told)

    assert told[0].layers == ()
    assert "Load the job again" in told[0].problems[-1]
    assert project.mapLayers() == {}
    assert load(loader, survey(delivery)).names[0] == "glaciers"


def test_a_project_that_is_deleted_in_between_breaks_nothing(loader: Loader, delivery: Path) -> None:
    told: list[Loaded] = []
    project = QgsProject()
    loader.load(JOB, survey(delivery), project, told.append)
    QgsApplication.processEvents()
    sip.delete(project)
    wait_until(lambda: told)

    assert told[0].layers == ()


@pytest.mark.parametrize("ending", ["stop", "delete"])
@pytest.mark.parametrize("turns", [*range(9), 12, 15, 18, 21])
def test_a_loader_that_ends_in_between_breaks_nothing(delivery: Path, turns: int, ending: str) -> None:
    told: list[Loaded] = []
    loader = Loader()
    loader.load(JOB, survey(delivery), QgsProject.instance(), told.append)
    for _ in range(turns):
        QgsApplication.processEvents()
    if ending == "stop":
        loader.stop()
        shown = QgsProject.instance().layerTreeRoot().findLayers()
        assert len(shown) == len(QgsProject.instance().mapLayers()), "none stays that the person does not see"
    else:
        sip.delete(loader)
    before = (list(told), len(QgsProject.instance().mapLayers()))
    wait_until(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    for _ in range(5):
        QgsApplication.processEvents()
    gc.collect()

    assert (told, len(QgsProject.instance().mapLayers())) == before
    if ending == "stop":  # it can go on
        again = load(loader, survey(delivery))
        assert len(again.layers) + len(again.present) == len(ALL)
        loader.stop()


@pytest.fixture
def added_tasks() -> Iterator[list[Callable[[QgsTask], None]]]:
    """What is done with each task that QGIS is given, while the test runs."""
    calls: list[Callable[[QgsTask], None]] = []
    manager = QgsApplication.taskManager()

    def tell(identity: int) -> None:
        for call in calls:
            call(manager.task(identity))

    manager.taskAdded.connect(tell)
    yield calls
    manager.taskAdded.disconnect(tell)


@pytest.mark.parametrize(("name", "form"), [("a.kml", "LIBKML"), ("a.geojson", "GeoJSON")])
def test_files_that_are_read_whole_are_opened_in_a_task(
    loader: Loader, tmp_path: Path, added_tasks: list[Callable[[QgsTask], None]], name: str, form: str
) -> None:
    deliveries.vector(tmp_path / name, form)
    deliveries.vector(tmp_path / "b.gpkg", "GPKG")
    arrival = survey(tmp_path)
    assert [source.slow for source in arrival.sources] == [True, False]
    titles: list[str] = []
    added_tasks.append(lambda task: titles.append(task.description()))

    loaded = load(loader, arrival)

    assert titles == ["Open a"]
    layer = QgsProject.instance().mapLayer(loaded.layers[0])
    assert layer.thread() is QgsApplication.instance().thread()
    assert layer.featureCount() == 64
    assert len(list(layer.getFeatures())) == 64


def test_a_task_that_is_stopped_leaves_its_layer_out(
    loader: Loader, delivery: Path, added_tasks: list[Callable[[QgsTask], None]]
) -> None:
    added_tasks.append(lambda task: task.cancel())

    loaded = load(loader, survey(delivery))

    assert loaded.names == ("glaciers", "counties", "dem", "population")
    assert len([problem for problem in loaded.problems if "it was stopped" in problem]) == 3
    added_tasks.clear()
    assert [name.split(" ")[0] for name in load(loader, survey(delivery)).names] == ["plan"] * 3


def test_a_scene_becomes_a_tiled_scene_layer_where_qgis_has_them(loader: Loader, tmp_path: Path) -> None:
    arrival = survey_of_tileset(tmp_path)
    loaded = load(loader, arrival)

    if Qgis.QGIS_VERSION_INT < 33400:
        assert (loaded.layers, len(loaded.problems)) == ((), 1)
        assert "3.34" in loaded.problems[0]
        return
    assert (loaded.names, loaded.problems) == (("city",), ())
    layer = QgsProject.instance().mapLayer(loaded.layers[0])
    assert (layer.providerType(), layer.crs().authid()) == ("cesiumtiles", "EPSG:4979")
    assert layer.metadata().identifier() == JOB.key


def survey_of_tileset(folder: Path) -> Arrival:
    region = [-1.85, 0.7, -1.84, 0.71, 2000, 3000]
    root = f'{{"boundingVolume":{{"region":{region}}},"geometricError":0,"refine":"ADD","content":{{"uri":"0.glb"}}}}'
    tileset = f'{{"asset":{{"version":"1.0"}},"geometricError":500,"root":{root}}}'
    deliveries.files(folder, {"city/tileset.json": tileset, "city/0.glb": b"glTF"})
    return survey(folder)


def test_layers_open_outside_of_a_project_too(delivery: Path) -> None:
    layers = [open_layer(source) for source in survey(delivery).sources]

    assert [layer.isValid() for layer in layers] == [True] * len(ALL)
    assert QgsProject.instance().mapLayers() == {}
