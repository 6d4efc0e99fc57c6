"""City models as layers: a part of Vienna in the files of a 3DCityLoader, however its coordinates count."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer
from shapely import wkb
from shapely.geometry import Point, box, mapping

from cutout.bridge import derived
from cutout.bridge.groups import place
from cutout.bridge.layers import Loaded, Loader, open_layer
from cutout.bridge.source import Arrival, Kind, Source
from cutout.bridge.survey import survey
from cutout.core.manifest import write
from cutout.core.model import ExportRequest, Job, new_job
from tests.figures import deliver, sheet
from tests.qgis import deliveries
from tests.qgis.waiting import wait_until
from tests.standin import city
from tests.standin.cityloader_model import Model

PLACED = "placed by the ordered area, not georeferenced by the service"
AREA = (16.347, 48.2035, 16.351, 48.2065)


def job(area: tuple[float, float, float, float] | None = AREA, **options: object) -> Job:
    """An order; the person's own area is larger than what the service got."""
    sent = mapping(box(*area)) if area else None
    own = mapping(box(area[0] - 0.01, area[1] - 0.01, area[2], area[3])) if area else None
    request = ExportRequest("cityloader", "https://example.com", options, own, "Vienna", sent)
    return new_job(request, 1e9)


def by_kind(arrival: Arrival) -> dict[Kind, Source]:
    found = {source.kind: source for source in arrival.sources}
    assert len(found) == len(arrival.sources)
    return found


def opened(sources: Mapping[Kind, Source]) -> dict[Kind, QgsMapLayer]:
    layers = {kind: open_layer(source) for kind, source in sources.items()}
    assert all(layer.isValid() for layer in layers.values())
    return layers


def corners(made: Model) -> np.ndarray:
    """Of all triangles in UTM; of a model along the grid."""
    return np.concatenate([body.triangles.reshape(-1, 3) for body in made.bodies]) + [*made.origin[:2], 0.0]


def assert_extent(layer: QgsMapLayer, made: Model, tolerance: float = 0.01) -> None:
    found, places = layer.extent(), corners(made)
    bounds = [found.xMinimum(), found.yMinimum(), found.xMaximum(), found.yMaximum()]
    assert bounds == pytest.approx([*places.min(axis=0)[:2], *places.max(axis=0)[:2]], abs=tolerance)


def assert_buildings(layer: QgsVectorLayer, made: Model) -> None:
    """Each part stands where the city surveyed it, as high as it is."""
    ordered = {body.name for body in made.bodies}
    parts = [part for part in city.parts() if part.building in ordered]
    found = [(wkb.loads(bytes(feature.geometry().asWkb())), feature) for feature in layer.getFeatures()]
    assert len(found) == len(parts)
    for part in parts:
        shape, feature = max(found, key=lambda one: one[0].intersection(part.ground).area)
        shared = shape.intersection(part.ground).area
        assert shared / (shape.area + part.ground.area - shared) > 0.9
        assert shape.hausdorff_distance(part.ground) < 0.02
        assert feature["height"] == pytest.approx(part.top - part.base, abs=0.002)
        assert feature["base"] + made.origin[2] == pytest.approx(part.base, abs=0.002)


def assert_ground(source: Source, made: Model) -> None:
    """The elevation model at the corners of the surface in the file."""
    raster = gdal.Open(source.uri)
    assert raster.GetProjection()
    heights = raster.ReadAsArray()
    west, cell, _, north, _, _ = raster.GetGeoTransform()
    (body,) = (body for body in made.bodies if body.theme == "terrain")
    places = body.triangles.reshape(-1, 3) + [*made.origin[:2], 0.0]
    low, high = places.min(axis=0), places.max(axis=0)
    errors = []
    for x, y, z in places[((places > low + 15) & (places < high - 15))[:, :2].all(axis=1)][::50]:
        height = heights[int((north - y) / cell), int((x - west) / cell)]
        errors.append(abs(height - z))
    assert len(errors) > 50
    assert max(errors) < 1.0  # a cell's centre is up to half a cell away, and the ground is not level


@pytest.mark.parametrize("form", ["stl", "obj"])
@pytest.mark.parametrize("origin", ["corner", "centre", "other"])
def test_a_model_becomes_a_mesh_buildings_and_terrain_where_they_stand(tmp_path: Path, form: str, origin: str) -> None:
    made = deliver(tmp_path / "x" / "y", form, AREA, origin=origin, obj_objects=False)
    write(job(), tmp_path)

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    assert [(source.kind, source.name) for source in arrival.sources] == [
        (Kind.POLYGON, f"Buildings 4201 ({PLACED})"),
        (Kind.MESH, f"Model 4201 ({PLACED})"),
        (Kind.RASTER, f"Terrain 4201 ({PLACED})"),
    ]
    sources = by_kind(arrival)
    layers = opened(sources)
    assert {layer.crs().authid() for layer in layers.values()} == {"EPSG:32633"}
    assert_extent(layers[Kind.MESH], made)
    assert layers[Kind.MESH].dataProvider().faceCount() == sum(len(body.triangles) for body in made.bodies)
    assert_buildings(layers[Kind.POLYGON], made)
    assert_ground(sources[Kind.RASTER], made)


def test_each_object_of_an_obj_is_a_building(tmp_path: Path) -> None:
    made = deliver(tmp_path, "obj", AREA)
    write(job(), tmp_path)

    layer = open_layer(by_kind(survey(tmp_path))[Kind.POLYGON])

    ordered = {body.name for body in made.bodies if body.theme == "buildings"}
    assert {feature["name"] for feature in layer.getFeatures()} == ordered
    assert layer.featureCount() == len(ordered)


@pytest.mark.parametrize("settings", [{"origin": "corner"}, {"origin": "other"}, {"origin": "absolute"}])
def test_files_of_one_order_are_placed_together(tmp_path: Path, settings: dict[str, Any]) -> None:
    made = deliver(tmp_path, "stl", AREA, separate=True, **settings)
    write(job(), tmp_path)

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    assert [source.name.split(" (")[0] for source in arrival.sources] == [
        "Buildings 4201_buildings",
        "Model 4201_buildings",
        "Model 4201_terrain",
        "Terrain 4201_terrain",
    ]
    buildings, mesh, ground, _ = (open_layer(source) for source in arrival.sources)
    exact = settings["origin"] != "absolute"  # single floats: those in the file are in steps of half a metre
    if exact:
        assert_buildings(buildings, made)
    truth = corners(made).min(axis=0)
    for layer in (mesh, ground):
        assert layer.crs().authid() == "EPSG:32633"
        assert abs(layer.extent().xMinimum() - truth[0]) < 30
    assert ground.extent().yMinimum() == pytest.approx(truth[1], abs=0.3)


@pytest.mark.parametrize(
    ("area", "settings", "reason"),
    [
        (AREA, {"origin": "scaled"}, "does not have the size of the ordered area"),
        ((16.34, 48.20, 16.36, 48.21), {}, "does not have the size of the ordered area"),
        (None, {}, "the ordered area is not known"),
    ],
)
def test_what_can_not_be_placed_is_loaded_without_crs_and_said(
    tmp_path: Path, area: tuple[float, float, float, float] | None, settings: dict[str, Any], reason: str
) -> None:
    deliver(tmp_path, "stl", AREA, **settings)
    write(job(area), tmp_path)

    arrival = survey(tmp_path)
    again = survey(tmp_path)

    (problem,) = arrival.problems
    assert problem.startswith("4201.stl: not placed")
    assert reason in problem
    assert again == arrival
    sources = by_kind(arrival)
    assert all(source.name.endswith("(not placed)") for source in sources.values())
    assert all(not layer.crs().isValid() for layer in opened(sources).values())
    assert {Kind.MESH, Kind.RASTER} <= set(sources)


def test_a_folder_without_a_job_has_models_without_a_place(tmp_path: Path) -> None:
    deliver(tmp_path, "stl", AREA)

    arrival = survey(tmp_path)

    assert "the ordered area is not known" in arrival.problems[0]
    assert not opened(by_kind(arrival))[Kind.MESH].crs().isValid()


def test_the_project_knows_how_a_layer_was_placed(tmp_path: Path) -> None:
    deliver(tmp_path / "a", "stl", AREA)
    deliver(tmp_path / "b", "stl", AREA, origin="scaled")
    project = QgsProject()
    for name in "ab":
        write(job(), tmp_path / name)
        arrival = survey(tmp_path / name)
        place(project, job(crs="EPSG:2193"), arrival, {source: open_layer(source) for source in arrival.sources})

    layers = list(project.mapLayers().values())

    placed = [layer for layer in layers if layer.crs().isValid()]
    assert (len(placed), {layer.crs().authid() for layer in placed}) == (3, {"EPSG:32633"})
    for layer in layers:
        said = layer.metadata().abstract().splitlines()[0]
        assert said.startswith(
            f"This layer is {'placed by the ordered area, not geo' if layer in placed else 'not placed: '}"
        ), said
    project.clear()


def test_buildings_stand_up_in_3d(tmp_path: Path) -> None:
    deliver(tmp_path, "stl", AREA)
    write(job(), tmp_path)

    layer = open_layer(by_kind(survey(tmp_path))[Kind.POLYGON])

    _3d = pytest.importorskip("qgis._3d")
    renderer = layer.renderer3D()
    assert isinstance(renderer, _3d.QgsVectorLayer3DRenderer)
    properties = renderer.symbol().dataDefinedProperties()
    assert [properties.property(number).field() for number in (0, 1)] == ["base", "height"]


def test_a_large_mesh_is_opened_aside(tmp_path: Path) -> None:
    sheet(tmp_path / "hills.stl", 200)
    arrival = survey(tmp_path)
    assert [(source.kind, source.slow) for source in arrival.sources] == [(Kind.MESH, True), (Kind.RASTER, False)]
    project, loader = QgsProject(), Loader()
    told: list[Loaded] = []

    loader.load(job(None), arrival, project, told.append)
    wait_until(lambda: told)

    (loaded,) = told
    assert loaded.names == ("Model hills (not placed)", "Terrain hills (not placed)")
    mesh = project.mapLayer(loaded.layers[0])
    assert mesh.dataProvider().faceCount() == 80_000
    assert mesh.extent().width() == pytest.approx(100, abs=0.01)
    assert not mesh.crs().isValid()
    loader.stop()
    project.clear()


def test_a_second_survey_gives_the_same_and_writes_nothing(tmp_path: Path) -> None:
    deliver(tmp_path / "x", "obj", AREA, separate=True)
    write(job(), tmp_path)
    first = survey(tmp_path)
    layers = [open_layer(source) for source in first.sources]
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

    second = survey(tmp_path)

    assert second == first
    assert len(layers) == 4
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_moved_folder_and_another_area_are_noticed(tmp_path: Path) -> None:
    deliver(tmp_path / "a", "stl", AREA)
    write(job(), tmp_path / "a")
    first = survey(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")

    moved = survey(tmp_path / "b")
    write(job((16.34, 48.20, 16.36, 48.21)), tmp_path / "b")
    elsewhere = survey(tmp_path / "b")

    assert [source.name for source in moved.sources] == [source.name for source in first.sources]
    assert all(Path(source.path).is_file() and str(tmp_path / "b") in source.uri for source in moved.sources)
    assert [Path(source.path).name for source in elsewhere.sources] == [
        Path(source.path).name for source in first.sources
    ]
    assert "not placed" in elsewhere.problems[0]


def test_nothing_that_came_is_written_over_or_taken_for_ours(tmp_path: Path) -> None:
    deliver(tmp_path, "stl", AREA)
    deliveries.vector(tmp_path / "4201-buildings.gpkg", "GPKG")
    deliveries.raster(tmp_path / "4201-terrain.tif")
    before = deliveries.tree(tmp_path)
    write(job(), tmp_path)

    first, second = survey(tmp_path), survey(tmp_path)

    assert first == second
    assert {path.name for path in derived.made(tmp_path)} == {
        "4201.2dm",
        "4201-buildings-2.gpkg",
        "4201-terrain-2.tif",
    }
    assert {name: content for name, content in deliveries.tree(tmp_path).items() if name in before} == before
    assert sorted(Path(source.path).name for source in first.sources) == [
        "4201-buildings-2.gpkg",
        "4201-buildings.gpkg",
        "4201-terrain-2.tif",
        "4201-terrain.tif",
        "4201.2dm",
    ]


def test_a_model_that_is_damaged_is_named_and_the_rest_loads(tmp_path: Path) -> None:
    deliver(tmp_path / "good", "stl", AREA)
    deliver(tmp_path / "bad", "stl", AREA)
    deliveries.cut_off(tmp_path / "bad" / "4201.stl")
    deliveries.files(tmp_path, {"none.obj": "# nothing", "empty.stl": "", "wrong.dxf": "no drawing"})
    write(job(), tmp_path)

    first, second = survey(tmp_path), survey(tmp_path)

    assert first == second
    assert set(by_kind(first)) == {Kind.POLYGON, Kind.MESH, Kind.RASTER}
    told = {problem.split(" is not loaded: ")[0]: problem for problem in first.problems}
    assert sorted(told) == ["bad/4201.stl", "empty.stl", "none.obj", "wrong.dxf"]
    assert "announces 2" in told["bad/4201.stl"]
    assert not [path for path in tmp_path.rglob(".cutout-*") if path.name != derived.NAME]


def test_what_was_made_of_a_model_goes_when_it_is_not_made_any_more(tmp_path: Path) -> None:
    deliver(tmp_path, "stl", AREA)
    write(job(), tmp_path)
    assert len(survey(tmp_path).sources) == 3

    deliver(tmp_path, "stl", AREA, include=("terrain",))
    arrival = survey(tmp_path)

    assert set(by_kind(arrival)) == {Kind.MESH, Kind.RASTER}
    assert not (tmp_path / "4201-buildings.gpkg").exists()


def test_a_drawing_of_faces_is_a_model_too_and_keeps_its_layers(tmp_path: Path) -> None:
    made = deliver(tmp_path, "dxf", AREA)
    write(job(), tmp_path)

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    assert [source.name.split(" (")[0] for source in arrival.sources] == [
        "Buildings 4201",
        "Drawing 4201, polygons",
        "Model 4201",
        "Terrain 4201",
    ]
    buildings, drawing, mesh, _ = (open_layer(source) for source in arrival.sources)
    assert_buildings(buildings, made)
    assert_extent(mesh, made)
    assert_extent(drawing, made)
    assert drawing.featureCount() == sum(len(body.triangles) for body in made.bodies)
    assert drawing.uniqueValues(drawing.fields().indexOf("Layer")) == {"TERRAIN", "BUILDINGS"}
    assert survey(tmp_path) == arrival


def plan(path: Path, west: float, south: float, width: float, height: float) -> None:
    """A drawing of a frame, a point in its middle, and a circle."""
    database = ogr.GetDriverByName("DXF").CreateDataSource(str(path))
    layer = database.CreateLayer("entities")
    frame = box(west, south, west + width, south + height)
    middle = Point(west + width / 2, south + height / 2)
    for shape in (frame.exterior, middle, middle.buffer(10).exterior):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("Layer", "walls")
        feature.SetGeometry(ogr.CreateGeometryFromWkb(shape.wkb))
        layer.CreateFeature(feature)


def size_in_utm() -> tuple[float, float, float, float]:
    """West, south, width and height of the area."""
    x, y = city.to_utm(np.array(AREA)[[0, 2, 2, 0]], np.array(AREA)[[1, 1, 3, 3]])
    return x.min(), y.min(), x.max() - x.min(), y.max() - y.min()


def test_a_plan_is_moved_to_the_area_with_its_attributes(tmp_path: Path) -> None:
    west, south, width, height = size_in_utm()
    plan(tmp_path / "plan.dxf", 100.0, -50.0, width, height)
    write(job(), tmp_path)

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    sources = by_kind(arrival)
    assert set(sources) == {Kind.POINT, Kind.LINE}
    layers = opened(sources)
    assert [layer.crs().authid() for layer in layers.values()] == ["EPSG:32633"] * 2
    (point,) = layers[Kind.POINT].getFeatures()
    place_of_it = point.geometry().asPoint()
    assert (place_of_it.x(), place_of_it.y()) == pytest.approx((west + width / 2, south + height / 2), abs=0.01)
    assert {feature["Layer"] for feature in layers[Kind.LINE].getFeatures()} == {"walls"}
    assert survey(tmp_path) == arrival


@pytest.mark.parametrize("case", ["size", "prj", "ordered in a CRS"])
def test_a_plan_stays_as_it_is_when_it_does_not_fit_or_has_a_crs(tmp_path: Path, case: str) -> None:
    _, _, width, height = size_in_utm()
    plan(tmp_path / "plan.dxf", 0.0, 0.0, width, 2 * height if case == "size" else height)
    if case == "prj":
        shutil.copy(deliveries.COUNTRIES.with_suffix(".prj"), tmp_path / "plan.prj")
    write(job(crs="EPSG:2193") if case == "ordered in a CRS" else job(), tmp_path)

    arrival = survey(tmp_path)

    assert arrival.uris == (str(tmp_path / "plan.dxf"),)
    assert bool(arrival.problems) == (case == "size")
    assert {source.crs for source in arrival.sources} == ({""} if case == "size" else {None})


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"of": 1, "files": [3, "../x", "4201.stl"]})])
def test_a_strange_record_is_made_anew(tmp_path: Path, content: str) -> None:
    deliver(tmp_path, "stl", AREA, include=("terrain",))
    write(job(), tmp_path)
    (tmp_path.parent / "x").write_text("not ours")
    (tmp_path / derived.NAME).write_text(content)

    arrival = survey(tmp_path)

    assert set(by_kind(arrival)) == {Kind.MESH, Kind.RASTER}
    assert (tmp_path.parent / "x").exists()
    assert (tmp_path / "4201.stl").exists()
