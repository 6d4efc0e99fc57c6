"""Tiles of a theme become one layer: every feature once, nothing lost, nothing written over, the same every time."""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from cutout.bridge import merge
from cutout.bridge.layers import open_layer
from cutout.bridge.references import check_scene
from cutout.bridge.source import Arrival, Kind, Source
from cutout.bridge.survey import survey
from cutout.bridge.tile_reading import crs_as_told
from tests.qgis import deliveries
from tests.qgis.deliveries import COUNTIES, COUNTRIES, GLACIERS

SHAPEFILE = "ESRI Shapefile"
ENDINGS = {"GPKG": ("geopackage", "gpkg"), SHAPEFILE: ("shapefile", "shp"), "GeoJSON": ("geojson", "geojson")}
SQUARE = "POLYGON (({0} 0,{1} 0,{1} 1,{0} 1,{0} 0))"


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "Süd tal-0a1b2c3d"
    folder.mkdir()
    return folder


def place(job: Path, tile: object, theme: str, form: str = "GPKG", name: str = "") -> Path:
    """Where BrightEarth puts it."""
    folder, ending = ENDINGS[form]
    path = job / str(tile) / "EXPORT" / theme / folder / f"{name or theme}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def cut(job: Path, origin: Path, theme: str, form: str = "GPKG", columns: int = 3, rows: int = 3) -> list[Path]:
    """The layer in tiles, each with all features that reach into it, whole."""
    source = ogr.Open(str(origin))
    west, east, south, north = source.GetLayer(0).GetExtent()
    wide, high = (east - west) / columns, (north - south) / rows
    paths = []
    for number in range(columns * rows):
        x, y = west + number % columns * wide, south + number // columns * high
        paths.append(place(job, number, theme, form))
        gdal.VectorTranslate(
            str(paths[-1]),
            str(origin),
            format=form,
            layerName=theme,
            spatFilter=[x, y, x + wide, y + high],
            selectFields=["name"] if origin != GLACIERS else None,
        )
    return paths


def table(path: Path, rows: list[dict[str, Any]], *, crs: int | None = 3857, form: str = "GPKG", **fields: int) -> Path:
    """A tile with these features, `shape` in WKT; fields: OGR types by name. The type is that of the first shape."""
    reference = osr.SpatialReference()
    if crs:
        reference.ImportFromEPSG(crs)
    target = ogr.GetDriverByName(form).CreateDataSource(str(path))
    first = next((ogr.CreateGeometryFromWkt(row["shape"]) for row in rows if row.get("shape")), None)
    kind = first.GetGeometryType() if first is not None else ogr.wkbPolygon
    layer = target.CreateLayer(path.stem, reference if crs else None, kind)
    for name, field in fields.items():
        layer.CreateField(ogr.FieldDefn(name, field))
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        if row.get("shape"):
            feature.SetGeometry(ogr.CreateGeometryFromWkt(row["shape"]))
        for name in fields:
            if row.get(name) is not None:
                feature.SetField(name, row[name])
        layer.CreateFeature(feature)
    return path


def count(path: Path | str) -> int:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    return int(dataset.GetLayer(0).GetFeatureCount())


def rows(uri: str) -> list[QgsFeature]:
    layer = QgsVectorLayer(uri, "x", "ogr")
    assert layer.isValid(), uri
    return list(layer.getFeatures())


def values(uri: str, *names: str) -> list[tuple[Any, ...]]:
    """The attributes of all features, without those that are not set."""
    found = [tuple(row[name] for name in names) for row in rows(uri)]
    return sorted((tuple(str(value) if value is not None else "" for value in row) for row in found), key=str)


def only(arrival: Arrival) -> Source:
    assert arrival.problems == ()
    (source,) = arrival.sources
    return source


@pytest.fixture(params=[False, True], ids=["as it is", "exceptions"])
def told_by_exceptions(request: pytest.FixtureRequest) -> Iterator[None]:
    """Another plugin may have told GDAL to raise exceptions; QGIS's own Processing has in 3.44."""
    modules = [module for module in (gdal, ogr, osr) if request.param and not module.GetUseExceptions()]
    for module in modules:
        module.UseExceptions()
    yield
    for module in reversed(modules):  # a stack
        module.DontUseExceptions()


@contextmanager
def as_after_a_layer_in_qgis() -> Iterator[None]:
    """QGIS turns the decoding of shapefiles off in the whole process as soon as it opens a layer."""
    deliveries_layer = QgsVectorLayer(str(COUNTRIES), "x", "ogr")
    assert deliveries_layer.isValid()
    assert gdal.GetConfigOption("SHAPE_ENCODING") == ""
    yield


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize("form", ["GPKG", SHAPEFILE, "GeoJSON"])
def test_tiles_of_a_theme_are_one_layer_with_each_feature_once(job: Path, form: str) -> None:
    paths = cut(job, COUNTIES, "county", form)
    before = deliveries.tree(job)
    assert sum(map(count, paths)) > 64  # those on borders came more than once

    source = only(survey(job))

    assert source == Source(
        "county", f"{job / 'Süd tal'}.gpkg|layername=county", f"{job / 'Süd tal'}.gpkg", "ogr", Kind.POLYGON, 64
    )
    layer = open_layer(source)
    assert layer.isValid()
    assert layer.featureCount() == 64
    assert layer.crs().authid() == "EPSG:4326"
    assert layer.hasSpatialIndex() == 2  # QgsFeatureSource.SpatialIndexPresent
    whole = QgsVectorLayer(str(COUNTIES), "whole", "ogr")
    assert sorted(row["name"] for row in layer.getFeatures()) == sorted(row["name"] for row in whole.getFeatures())
    total, expected = (sum(row.geometry().area() for row in each.getFeatures()) for each in (layer, whole))
    assert total == pytest.approx(expected, rel=1e-9)
    after = deliveries.tree(job)
    assert {name: after[name] for name in before} == before, "the tiles stay as they were received"
    assert sorted(set(after) - set(before)) == ["Süd tal.gpkg"]


def test_all_themes_of_a_job_lie_in_one_geopackage(job: Path) -> None:
    cut(job, COUNTIES, "building")
    cut(job, GLACIERS, "tree", SHAPEFILE, 1, 2)
    for number, x in enumerate((0, 5)):
        table(place(job, number, "road"), [{"shape": f"LINESTRING ({x} 0,{x + 1} 1)"}])

    arrival = survey(job)

    path = f"{job / 'Süd tal'}.gpkg"
    assert arrival.problems == ()
    assert arrival.uris == tuple(f"{path}|layername={name}" for name in ("tree", "road", "building"))
    assert [source.count for source in arrival.sources] == [134, 2, 64]
    assert [source.kind for source in arrival.sources] == [Kind.POINT, Kind.LINE, Kind.POLYGON]
    assert all(len(rows(source.shown)) == source.count for source in arrival.sources)


def test_a_second_survey_finds_the_same_and_writes_nothing(job: Path) -> None:
    cut(job, COUNTIES, "county")
    deliveries.sheets(job / "dem")
    first = survey(job)
    before = deliveries.tree(job)

    assert survey(job) == first == survey(job)
    assert deliveries.tree(job) == before


def test_tiles_from_the_future_are_not_merged_each_time(job: Path) -> None:
    later = time.time() + 5000
    for path in cut(job, COUNTIES, "county"):
        os.utime(path, (later, later))
    first = only(survey(job))
    before = Path(first.path).stat()

    assert only(survey(job)) == first
    assert Path(first.path).stat().st_ino == before.st_ino


def test_a_folder_that_was_moved_is_not_merged_again(job: Path) -> None:
    cut(job, COUNTIES, "county")
    survey(job)
    moved = job.with_name("elsewhere")
    shutil.move(job, moved)
    before = deliveries.tree(moved)

    assert only(survey(moved)).uri == f"{moved / 'Süd tal'}.gpkg|layername=county"
    assert deliveries.tree(moved) == before


def test_the_layer_outlives_the_tiles(job: Path) -> None:
    cut(job, COUNTIES, "county")
    first = survey(job)
    for number in range(9):
        shutil.rmtree(job / str(number))

    assert survey(job) == first


def test_tiles_that_came_anew_are_merged_anew(job: Path) -> None:
    paths = cut(job, COUNTIES, "county")
    first = only(survey(job))
    paths[4].unlink()
    table(paths[4], [{"shape": SQUARE.format(-105, -104), "name": "Nowhere"}], crs=4326, name=ogr.OFTString)
    later = time.time() + 5
    os.utime(paths[4], (later, later))

    again = only(survey(job))

    assert again.uri == first.uri
    assert "Nowhere" in {row["name"] for row in rows(again.uri)}


def test_what_is_open_in_another_program_is_not_written_over(job: Path) -> None:
    paths = cut(job, COUNTIES, "county")
    first = only(survey(job))
    with closing(sqlite3.connect(first.path)) as database:  # as GDAL does for QGIS
        assert database.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        assert database.execute("SELECT count(*) FROM county").fetchone() == (64,)
        content = Path(first.path).read_bytes()
        assert only(survey(job)) == first
        later = time.time() + 5
        os.utime(paths[0], (later, later))

        again = only(survey(job))

        assert Path(first.path).read_bytes() == content
        assert (Path(again.path).name, again.count) == ("Süd tal-2.gpkg", 64)
    os.utime(again.path, (later + 5, later + 5))
    assert only(survey(job)) == again, "and the earlier one is no layer of its own"


def test_nothing_of_the_service_is_written_over(job: Path) -> None:
    cut(job, COUNTIES, "county")
    theirs = deliveries.vector(job / "Süd tal.gpkg", "GPKG", GLACIERS)
    content = theirs.read_bytes()

    arrival = survey(job)

    assert arrival.problems == ()
    assert arrival.uris == (str(theirs), f"{job / 'Süd tal-2'}.gpkg|layername=county")
    assert survey(job) == arrival
    assert theirs.read_bytes() == content


def test_what_came_stays_as_it_came_though_it_looks_like_ours(job: Path, tmp_path: Path) -> None:
    """Somebody may have given to the service what Cutout once made."""
    cut(job, COUNTIES, "county")
    made = Path(only(survey(job)).path)
    files = [{"name": path.relative_to(job).as_posix()} for path in job.rglob("*") if path.is_file()]
    (job / "cutout.json").write_text(json.dumps({"files": files}))
    content, later = made.read_bytes(), time.time() + 5
    os.utime(next(job.rglob("county.gpkg")), (later, later))

    arrival = survey(job)

    assert made.read_bytes() == content
    assert sorted({Path(source.path).name for source in arrival.sources}) == ["Süd tal-2.gpkg", "Süd tal.gpkg"]


def test_equal_features_are_one_only_if_all_attributes_agree_and_two_tiles_have_them(job: Path) -> None:
    shared = {"shape": SQUARE.format(9, 11), "name": "on the border", "height": 7.5}
    other = {**shared, "name": "another"}
    unknown = {**shared, "name": None}
    twice = {"shape": SQUARE.format(1, 2), "name": "twice in the tile", "height": 1.0}
    fields = {"name": ogr.OFTString, "height": ogr.OFTReal}
    far = {"shape": SQUARE.format(18, 19), "name": "far", "height": 1.0}
    table(place(job, 0, "building"), [twice, twice, shared, unknown, {"name": "no place", "height": 1.0}], **fields)
    table(
        place(job, 1, "building"), [shared, shared, other, unknown, far, {"name": "no place", "height": 1.0}], **fields
    )
    table(place(job, 2, "building"), [shared, {**far, "shape": SQUARE.format(18, 19.5)}], **fields)

    source = only(survey(job))

    assert values(source.uri, "name") == sorted(
        [("twice in the tile",)] * 2 + [("on the border",)] * 2  # as often as tile 1 has it
        + [("another",), ("NULL",), ("far",), ("far",)] + [("no place",)] * 2,
        key=str,
    )  # fmt: skip


def test_the_number_of_a_feature_does_not_count_even_if_it_is_a_column(job: Path) -> None:
    """QGIS writes the numbers of the features of a GeoPackage into a column of a shapefile."""
    for number in range(2):
        row = {"shape": SQUARE.format(9, 11), "fid": 5 + number, "geom": "brick", "n": 1}
        path = place(job, number, "building", SHAPEFILE)
        table(path, [row], form=SHAPEFILE, fid=ogr.OFTInteger, geom=ogr.OFTString, n=ogr.OFTInteger)

    source = only(survey(job))

    assert values(source.uri, "fid", "geom", "n") == [("5", "brick", "1")]


@pytest.mark.parametrize(
    ("encoding", "cpg", "code"),
    [
        ("ISO-8859-1", "ISO-8859-1", 0),
        ("ISO-8859-1", "ISO-8859-1", 100),  # the .cpg counts
        ("UTF-8", "UTF-8", 0),
        ("CP1250", "1250", 0),
        ("CP852", "", 100),  # only the .dbf says it
        ("ISO-8859-1", "", 87),
        ("ISO-8859-1", "", 0),  # nobody says it
        ("CP852", "System", 100),  # the .cpg says nothing
    ],
)
def test_umlauts_survive_whatever_qgis_has_opened_before(job: Path, encoding: str, cpg: str, code: int) -> None:
    name = "Österreich Häuser" if encoding == "ISO-8859-1" else "Österreich Žižkov"
    for number in range(2):
        path = place(job, number, "building", SHAPEFILE)
        shapes = [SQUARE.format(9, 11), SQUARE.format(20 * number, 20 * number + 1)]
        stand_in = "#" * len(name.encode(encoding))
        table(path, [{"shape": shape, "name": stand_in} for shape in shapes], form=SHAPEFILE, name=ogr.OFTString)
        content = bytearray(path.with_suffix(".dbf").read_bytes().replace(stand_in.encode(), name.encode(encoding)))
        content[29] = code
        path.with_suffix(".dbf").write_bytes(content)
        path.with_suffix(".cpg").unlink(missing_ok=True)
        if cpg:
            path.with_suffix(".cpg").write_text(cpg)

    with as_after_a_layer_in_qgis():
        source = only(survey(job))

    assert values(source.uri, "name") == [(name,)] * 3
    with closing(sqlite3.connect(source.path)) as database:  # QGIS forgives bytes that are no UTF-8, SQLite does not
        assert {row[0] for row in database.execute("SELECT name FROM building")} == {name}


def test_countries_from_shapefiles_keep_their_names(job: Path) -> None:
    cut(job, COUNTRIES, "country", SHAPEFILE, 6, 4)

    with as_after_a_layer_in_qgis():
        source = only(survey(job))

    assert source.count == 177
    whole = QgsVectorLayer(str(COUNTRIES), "x", "ogr")
    assert sorted(row["name"] for row in rows(source.uri)) == sorted(row["name"] for row in whole.getFeatures())
    assert "Côte d'Ivoire" in {row["name"] for row in rows(source.uri)}


def test_columns_are_joined_by_name_and_become_wide_enough(job: Path) -> None:
    kinds = [
        {"a": ogr.OFTInteger, "b": ogr.OFTInteger64, "c": ogr.OFTReal, "d": ogr.OFTDate, "here": ogr.OFTString},
        {"A": ogr.OFTInteger64, "b": ogr.OFTReal, "c": ogr.OFTString, "d": ogr.OFTDateTime, "there": ogr.OFTInteger},
    ]
    contents = [
        {"a": 1, "b": 2**40, "c": 1.5, "d": "2024/02/29", "here": "x"},
        {"A": 2**40, "b": 0.25, "c": "high", "d": "2024/03/01 10:20:30", "there": 5},
    ]
    for number, (fields, content) in enumerate(zip(kinds, contents)):
        table(place(job, number, "building"), [{"shape": SQUARE.format(number, number + 1), **content}], **fields)

    source = only(survey(job))

    layer = QgsVectorLayer(source.uri, "x", "ogr")
    assert {field.name(): field.typeName() for field in layer.fields()} == {
        "fid": "Integer64", "a": "Integer64", "b": "Real", "c": "String", "d": "DateTime", "here": "String",
        "there": "Integer",
    }  # fmt: skip
    assert values(source.uri, "a", "b", "c", "here", "there") == [
        ("1", "1099511627776.0", "1.5", "x", "NULL"),
        ("1099511627776", "0.25", "high", "NULL", "5"),
    ]
    assert [row["d"].toString("yyyy-MM-dd hh:mm") for row in rows(source.uri)] == [
        "2024-02-29 00:00",
        "2024-03-01 10:20",
    ]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (["POINT (1 2)", "POINT (3 4)"], "Point"),
        (["POINT (1 2)", "MULTIPOINT (3 4,5 6)"], "Multi Point"),
        (["POLYGON ((0 0,1 0,1 1,0 0))", "POLYGON ((5 0,6 0,6 1,5 0))"], "Polygon"),
        (["POLYGON ((0 0,1 0,1 1,0 0))", "MULTIPOLYGON (((5 0,6 0,6 1,5 0)))"], "Multi Polygon"),
        (["POLYGON Z ((0 0 5,1 0 5,1 1 5,0 0 5))", "POLYGON Z ((5 0 7,6 0 7,6 1 7,5 0 7))"], "3D Polygon"),
        (["LINESTRING (0 0,1 1)", "LINESTRING ZM (0 0 1 2,5 1 3 4)"], "3D Measured Line String"),
        (["POINT M (0 0 1)", "POINT M (0 1 2)"], "Measured Point"),
        (["POLYGON ((0 0,1 0,1 1,0 0))", "CURVEPOLYGON ((5 0,6 0,6 1,5 0))"], "Multi Surface"),
    ],
)
def test_the_layer_holds_the_geometry_of_all_tiles(job: Path, shapes: list[str], expected: str) -> None:
    for number, shape in enumerate(shapes):
        table(place(job, number, "thing"), [{"shape": shape}])

    source = only(survey(job))

    layer = QgsVectorLayer(source.uri, "x", "ogr")
    assert layer.isValid()
    dataset = gdal.OpenEx(source.path)
    assert ogr.GeometryTypeToName(dataset.GetLayer(0).GetGeomType()) == expected
    written = [row.GetGeometryRef().Clone() for row in dataset.GetLayer(0)]
    for geometry, shape in zip(written, shapes):
        given = ogr.CreateGeometryFromWkt(shape)
        assert geometry.IsMeasured() == given.IsMeasured()
        assert geometry.Is3D() == given.Is3D()
        assert geometry.GetEnvelope3D() == given.GetEnvelope3D()


def test_a_shapefile_with_a_multipolygon_and_one_without_are_one_layer(job: Path) -> None:
    cut(job, COUNTRIES, "country", SHAPEFILE, 2, 2)

    kinds = {row.geometry().isMultipart() for row in rows(only(survey(job)).uri)}

    assert kinds == {True}


def test_duplicates_are_found_though_one_tile_calls_it_a_multipolygon(job: Path) -> None:
    table(place(job, 0, "building"), [{"shape": "POLYGON ((0 0,1 0,1 1,0 0))"}])
    table(place(job, 1, "building"), [{"shape": "MULTIPOLYGON (((0 0,1 0,1 1,0 0)))"}])

    assert only(survey(job)).count == 1


@pytest.mark.usefixtures("told_by_exceptions")
def test_tiles_in_several_crs_are_a_layer_for_each(job: Path) -> None:
    for number in range(4):
        crs = (3857, 4326)[number % 2]
        table(place(job, number, "building"), [{"shape": SQUARE.format(number, number + 1)}], crs=crs)
    alone = table(place(job, 4, "building"), [{"shape": SQUARE.format(8, 9)}], crs=None)

    arrival = survey(job)

    path = f"{job / 'Süd tal'}.gpkg"
    assert set(arrival.uris) == {
        f"{path}|layername=building-EPSG-3857",
        f"{path}|layername=building-EPSG-4326",
        str(alone),
    }
    found = {QgsVectorLayer(uri, "x", "ogr").crs().authid() for uri in arrival.uris if "|" in uri}
    assert found == {"EPSG:3857", "EPSG:4326"}
    assert arrival.problems[0].startswith("The tiles of “building” have several CRS (EPSG:3857, EPSG:4326, ")
    assert survey(job) == arrival


def test_a_prj_means_the_same_as_the_crs_of_a_geopackage(job: Path) -> None:
    table(place(job, 0, "building"), [{"shape": SQUARE.format(0, 1)}], crs=31256)
    table(place(job, 1, "building", SHAPEFILE), [{"shape": SQUARE.format(2, 3)}], crs=31256, form=SHAPEFILE)

    assert only(survey(job)).count == 2


def test_the_layer_has_the_number_of_the_crs_though_it_is_looked_for_once(job: Path) -> None:
    paths = [place(job, number, "building", SHAPEFILE) for number in range(3)]
    for number, path in enumerate(paths):
        table(path, [{"shape": SQUARE.format(2 * number, 2 * number + 1)}], crs=31256, form=SHAPEFILE)
    with crs_as_told():
        told = gdal.OpenEx(str(paths[0]))
        assert told.GetLayer(0).GetSpatialRef().GetAuthorityCode(None) is None, "as the .prj has it"

    assert open_layer(only(survey(job))).crs().authid() == "EPSG:31256"
    found = gdal.OpenEx(str(paths[0]))
    assert found.GetLayer(0).GetSpatialRef().GetAuthorityCode(None) == "31256", "for everybody else as before"


def test_an_empty_tile_is_no_layer_where_others_have_features(job: Path) -> None:
    cut(job, GLACIERS, "tree", columns=4, rows=4)
    assert [path for path in job.rglob("tree.gpkg") if count(path) == 0]

    (source,) = survey(job).sources

    assert source.count == 134
    (job / "99/EXPORT/tree").mkdir(parents=True)
    deliveries.files(job, {"99/EXPORT/tree/tree.geojson": '{"type": "FeatureCollection", "features": []}'})
    assert survey(job).sources == (source,), "and one that does not even say what it would have"


def test_tiles_that_are_all_empty_are_one_empty_layer(job: Path) -> None:
    for number in range(3):
        table(place(job, number, "building"), [], name=ogr.OFTString)

    (source,) = survey(job).sources

    assert (source.count, source.kind) == (0, Kind.POLYGON)
    assert open_layer(source).isValid()


@pytest.mark.usefixtures("told_by_exceptions")
def test_a_damaged_tile_is_named_and_the_rest_is_one_layer(job: Path) -> None:
    paths = cut(job, COUNTIES, "county")
    deliveries.cut_off(paths[4], 0.3)

    arrival = survey(job)

    (source,) = arrival.sources
    assert [problem.split(" ")[0] for problem in arrival.problems] == ["4/EXPORT/county/geopackage/county.gpkg"]
    assert source.count == len({row["name"] for path in paths if path != paths[4] for row in rows(str(path))})
    assert survey(job) == arrival


def test_a_tile_that_is_torn_inside_leaves_nothing_of_itself_in_the_layer(job: Path) -> None:
    paths = cut(job, COUNTIES, "county", SHAPEFILE)
    whole = only(survey(job))
    Path(whole.path).unlink()
    index = paths[4].with_suffix(".shx").read_bytes()
    start = 2 * int.from_bytes(index[108:112], "big")  # of the second shape
    content = bytearray(paths[4].read_bytes())
    content[start + 44 : start + 52] = b"\xff\xff\xff\x7f" * 2  # more parts and points than it can have
    paths[4].write_bytes(content)

    arrival = survey(job)

    merged = next(source for source in arrival.sources if source.path != str(paths[4]))
    assert len(arrival.sources) == 2
    assert arrival.problems[0].startswith("4/EXPORT/county/shapefile/county.shp could not be joined")
    names = [row["name"] for path in paths if path != paths[4] for row in rows(str(path))]
    assert sorted(row["name"] for row in rows(merged.uri)) == sorted(set(names))
    assert merged.count == len(set(names))
    assert survey(job) == arrival


@contextmanager
def nearly_full_disk(room: int) -> Iterator[None]:
    """No file can become larger than this: writing fails in the middle, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize("room", [0, 50_000, 90_000, 150_000, 180_000, 200_000, 220_000])
def test_where_the_disk_is_full_each_tile_is_a_layer(job: Path, room: int) -> None:
    paths = cut(job, COUNTRIES, "country", SHAPEFILE)
    before = deliveries.tree(job)

    with nearly_full_disk(room):
        arrival = survey(job)

    assert sorted(arrival.uris) == sorted(map(str, paths))
    assert arrival.problems[0].startswith("9 tiles could not be joined to one layer a theme, so each is a layer: ")
    assert deliveries.tree(job) == before
    assert only(survey(job)).count == 177, "once there is room"


def test_where_nothing_can_be_written_each_tile_is_a_layer(job: Path) -> None:
    paths = cut(job, COUNTIES, "county", columns=2, rows=1)
    (job / "Süd tal.gpkg.part").mkdir()  # stands in for a folder that can't be written to: tests run as root

    arrival = survey(job)

    assert sorted(arrival.uris) == sorted(map(str, paths))
    assert arrival.problems[0].startswith("2 tiles could not be joined")


def test_what_an_interrupted_merge_left_is_no_layer_and_is_cleared_away(job: Path) -> None:
    cut(job, COUNTIES, "county")
    deliveries.files(job, {"Süd tal.gpkg.part": b"SQLite format 3\x00 and no more"})

    assert only(survey(job)).count == 64
    assert not (job / "Süd tal.gpkg.part").exists()


def test_one_tile_stays_itself(job: Path) -> None:
    (path,) = cut(job, COUNTIES, "county", columns=1, rows=1)

    assert only(survey(job)).uri == str(path)
    assert list(job.glob("*.gpkg")) == []


def test_what_lies_in_no_tile_stays_itself(job: Path) -> None:
    for name in ("2019/county", "2020/county", "parcels/a", "parcels/b"):
        deliveries.vector(job / f"{name}.gpkg", "GPKG")

    assert len(survey(job).sources) == 4


def test_the_better_format_is_taken_tile_by_tile(job: Path) -> None:
    cut(job, COUNTIES, "county", SHAPEFILE)
    paths = cut(job, COUNTIES, "county")
    paths[0].write_bytes(b"")

    arrival = survey(job)

    (source,) = arrival.sources
    assert source.count == 64
    assert len(arrival.problems) == 1


def test_layers_of_a_theme_are_told_apart_by_kind_and_by_name(job: Path) -> None:
    for number in range(3):
        x = 10 * number
        table(place(job, number, "tree", name=f"trunk_{number}"), [{"shape": f"POINT ({x} 1)"}])
        table(place(job, number, "tree", name=f"crown_{number}"), [{"shape": SQUARE.format(x, x + 1)}])
        table(place(job, number, "tree", name=f"shade_{number}"), [{"shape": SQUARE.format(x, x + 5)}])
        table(place(job, number, "Tree", name=f"{number}"), [{"shape": f"LINESTRING ({x} 0,1 1)"}])

    arrival = survey(job)

    assert [(source.name, source.count) for source in arrival.sources] == [
        ("tree-point", 3),
        ("Tree", 3),
        ("tree-polygon-crown", 3),
        ("tree-polygon-shade", 3),
    ]
    assert all(open_layer(source).isValid() for source in arrival.sources)


def test_a_zip_with_a_folder_more_is_the_same(job: Path) -> None:
    cut(job / "4711", COUNTIES, "county")

    assert only(survey(job)).uri == f"{job / 'Süd tal'}.gpkg|layername=county"


def test_tables_without_geometry_are_put_under_each_other(job: Path) -> None:
    for number in range(2):
        path = place(job, number, "owner")
        target = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        layer = target.CreateLayer("owner", None, ogr.wkbNone)
        layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["name"] = "Häberle"
        layer.CreateFeature(feature)
        del feature, layer, target

    source = only(survey(job))

    assert (source.kind, values(source.uri, "name")) == (Kind.TABLE, [("Häberle",)] * 2)


def test_a_hundred_tiles_with_two_hundred_polygons_each(job: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A building on each border between neighbours comes with both tiles."""
    square = "POLYGON (({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))"
    for number in range(100):
        x, y = number % 10 * 1000, number // 10 * 1000
        corners = [(x + 20 + i % 14 * 60, y + 20 + i // 14 * 60) for i in range(196)]
        corners += [(x - 5, y + 500), (x + 995, y + 500), (x + 500, y - 5), (x + 500, y + 995)]
        shapes = [{"shape": square.format(a, b, a + 10, b + 10), "name": f"Straße {a}/{b}"} for a, b in corners]
        table(place(job, number, "building", SHAPEFILE), shapes, form=SHAPEFILE, name=ogr.OFTString)
    began = time.perf_counter()

    source = only(survey(job))

    with capsys.disabled():
        print(f" 100 tiles of 200: {time.perf_counter() - began:.2f} s", end="")
    assert source.count == 100 * 200 - 2 * 9 * 10
    assert len({row["name"] for row in rows(source.uri)}) == source.count


def test_five_hundred_raster_tiles_are_one_mosaic(job: Path) -> None:
    for number, path in enumerate(deliveries.sheets(job.parent / "made", columns=20, rows=25)):
        target = job / str(number) / "EXPORT" / "dtm" / "geotiff" / "dtm.tif"
        target.parent.mkdir(parents=True)
        path.replace(target)

    source = only(survey(job))

    assert (source.uri, source.kind) == (str(job / "dtm.vrt"), Kind.RASTER)
    expected = gdal.Translate("", str(deliveries.DEM), format="MEM", srcWin=[0, 0, 152 // 20 * 20, 187 // 25 * 25])
    assert bytes(gdal.Open(source.uri).ReadRaster()) == bytes(expected.ReadRaster())
    assert survey(job).sources == (source,)


# 3D tiles


def tileset(volume: dict[str, Any], error: float = 50, **more: Any) -> dict[str, Any]:
    root = {"boundingVolume": volume, "geometricError": 0, "refine": "ADD", "content": {"uri": "0.glb"}, **more}
    return {"asset": {"version": "1.0"}, "geometricError": error, "root": root}


def scene(job: Path, tile: object, document: dict[str, Any], theme: str = "building") -> Source:
    path = job / str(tile) / "EXPORT" / theme / "3d_tiles" / "tileset.json"
    deliveries.files(path.parent, {"tileset.json": json.dumps(document), "0.glb": b"glTF"})
    return Source("3d_tiles", str(path), str(path), "cesiumtiles", Kind.SCENE)


def region(west: float, east: float) -> dict[str, Any]:
    return {"region": [math.radians(west), 0.8, math.radians(east), 0.81, 100, 200]}


def square_volume(west: float, kind: str) -> dict[str, Any]:
    """Around 400 x 400 m at 48 degrees north."""
    half = math.radians(0.003)
    lon, lat = math.radians(west), math.radians(48)
    if kind == "region":
        return {"region": [lon - half, lat - half, lon + half, lat + half, -1, 20]}
    return {"box": [0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 10]}


def east_north_up(west: float) -> list[float]:
    """The transform from metres east, north and up of a place at 48 degrees north to the Earth's centre."""
    lon, lat = math.radians(west), math.radians(48)
    radius, flat = 6378137.0, 1 / 298.257223563
    square = flat * (2 - flat)
    across = radius / math.sqrt(1 - square * math.sin(lat) ** 2)
    up = (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
    north = (-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat))
    place = (across * up[0], across * up[1], across * (1 - square) * up[2])
    return [-math.sin(lon), math.cos(lon), 0, 0, *north, 0, *up, 0, *place, 1]


def square_glb(size: float) -> bytes:
    """A flat square of that many metres in each direction."""
    corners = [(-size, 0, size), (size, 0, size), (size, 0, -size), (-size, 0, -size)]  # y is up in glTF
    binary = b"".join(struct.pack("<3f", *corner) for corner in corners) + struct.pack("<6H", 0, 1, 2, 0, 2, 3)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": len(binary)}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 48},
            {"buffer": 0, "byteOffset": 48, "byteLength": 12},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3"}
            | {"min": [-size, 0, -size], "max": [size, 0, size]},
            {"bufferView": 1, "componentType": 5123, "count": 6, "type": "SCALAR"},
        ],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    length = 12 + 8 + len(text) + 8 + len(binary)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return b"glTF" + struct.pack("<II", 2, length) + chunks


def drawn_columns(layer: QgsMapLayer) -> int:
    """How many things stand side by side in the first picture of the layer."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    settings.setExtent(QgsRectangle(16.29, 47.98, 16.34, 48.02))
    settings.setOutputSize(QSize(500, 400))
    settings.setBackgroundColor(QColor(255, 255, 255))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    filled = [image.pixelColor(x, 200) != QColor(255, 255, 255) for x in range(image.width())]
    return sum(after and not before for before, after in zip(filled, filled[1:]))


def test_tilesets_of_a_theme_are_one(job: Path) -> None:
    sources = [scene(job / "My order", number, tileset(region(number, number + 1))) for number in range(3)]
    sources.append(scene(job / "My order", 0, tileset(region(0, 1)), "tree"))

    found, problems = merge.themes(sources, job)

    assert problems == []
    assert [(source.name, source.uri) for source in found] == [
        ("tree", sources[3].uri),
        ("building-3d", str(job / "building-3d" / "tileset.json")),
    ]
    path = Path(found[1].path)
    document = json.loads(path.read_text("utf-8"))
    children = document["root"]["children"]
    assert document["root"]["boundingVolume"]["region"] == pytest.approx([0, 0.8, math.radians(3), 0.81, 100, 200])
    assert document["root"]["refine"] == "ADD"
    assert [child["content"]["uri"] for child in children] == [
        f"../My%20order/{number}/EXPORT/building/3d_tiles/0.glb" for number in range(3)
    ]
    assert [child["boundingVolume"] for child in children] == [region(number, number + 1) for number in range(3)]
    assert document["geometricError"] >= document["root"]["geometricError"] > 50
    check_scene(path, job)


def test_a_second_time_the_tileset_above_is_neither_written_nor_a_layer_more(job: Path) -> None:
    sources = [scene(job, number, tileset(region(number, number + 1))) for number in range(3)]
    found, _ = merge.themes(sources, job)
    before = deliveries.tree(job), Path(found[0].path).stat().st_mtime_ns

    assert merge.themes([*sources, *found], job) == (found, [])
    assert (deliveries.tree(job), Path(found[0].path).stat().st_mtime_ns) == before


def test_a_tileset_of_the_service_is_not_written_over(job: Path) -> None:
    sources = [scene(job, number, tileset(region(number, number + 1))) for number in range(2)]
    deliveries.files(job, {"building-3d/tileset.json": json.dumps(tileset(region(7, 8)))})
    theirs = Source("building-3d", *[str(job / "building-3d" / "tileset.json")] * 2, "cesiumtiles", Kind.SCENE)

    found, _ = merge.themes([*sources, theirs], job)

    assert [source.name for source in found] == ["building-3d", "building-3d-2"]
    assert json.loads(Path(theirs.path).read_text())["root"]["boundingVolume"] == region(7, 8)


def test_a_tileset_that_came_stays_though_it_looks_like_ours(job: Path) -> None:
    sources = [scene(job, number, tileset(region(number, number + 1))) for number in range(2)]
    found, _ = merge.themes(sources, job)
    theirs = Path(found[0].path)
    (job / "cutout.json").write_text(json.dumps({"files": [{"name": theirs.relative_to(job).as_posix()}]}))
    content = theirs.read_bytes()
    sources.append(scene(job, 2, tileset(region(7, 8))))

    again, _ = merge.themes([*sources, *found], job)

    assert theirs.read_bytes() == content
    assert sorted(source.name for source in again) == ["building-3d", "building-3d-2"]


def test_all_that_the_tiles_of_a_tileset_name_is_found_from_the_new_place(job: Path) -> None:
    leaf = {"boundingVolume": region(0, 1)["region"], "contents": [{"uri": "a/1.glb?v=1"}, {"url": "../2.b3dm"}]}
    more = {"children": [leaf], "implicitTiling": {"subtrees": {"uri": "{level}.subtree"}}, "extras": {"uri": "note"}}
    sources = [scene(job, number, tileset(region(number, number + 1), **more)) for number in range(2)]

    found, _ = merge.themes(sources, job)

    tile = json.loads(Path(found[0].path).read_text())["root"]["children"][1]
    place = "../1/EXPORT/building/3d_tiles"
    assert tile["children"][0]["contents"] == [{"uri": f"{place}/a/1.glb?v=1"}, {"url": f"{place}/../2.b3dm"}]
    assert tile["implicitTiling"]["subtrees"]["uri"] == f"{place}/{{level}}.subtree"
    assert tile["extras"] == {"uri": "note"}


def test_tilesets_of_several_kinds_stay_apart(job: Path) -> None:
    documents = [tileset(region(0, 1)), tileset(region(1, 2))]
    documents[1]["asset"]["gltfUpAxis"] = "Z"
    sources = [scene(job, number, document) for number, document in enumerate(documents)]

    found, problems = merge.themes(sources, job)

    assert [(source.name, source.uri) for source in found] == [("3d_tiles", source.uri) for source in sources]
    assert problems[0].startswith("2 tiles could not be joined")
    assert {name.partition("/")[0] for name in deliveries.tree(job)} == {"0", "1"}


@pytest.mark.parametrize("volume", ["region", "box"])
def test_qgis_draws_the_tilesets_of_all_tiles_at_once(job: Path, volume: str) -> None:
    """Tiled scenes came with QGIS 3.34; before that the survey tells that they are not shown."""
    for number in range(4):
        west = 16.3 + 0.01 * number
        document = tileset(square_volume(west, volume), transform=east_north_up(west))
        source = scene(job, number, document)
        Path(source.path).with_name("0.glb").write_bytes(square_glb(200))

    arrival = survey(job)

    if Qgis.QGIS_VERSION_INT < 33400:
        assert (arrival.sources, len(arrival.problems)) == ((), 1)
        return
    layer = open_layer(only(arrival))
    assert layer.isValid()
    assert drawn_columns(layer) == 4


def test_boxes_and_spheres_are_placed_by_the_transform(job: Path) -> None:
    turned = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1000, 2000, 3000, 1]  # a quarter round z, then moved
    box = [10, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 1]
    sources = [
        scene(job, 0, tileset({"box": box}, transform=turned)),
        scene(job, 1, tileset({"sphere": [1000, 2000, 3000, 4]})),
    ]

    found, problems = merge.themes(sources, job)

    assert problems == []
    root = json.loads(Path(found[0].path).read_text())["root"]
    assert root["children"][0]["transform"] == turned
    assert root["boundingVolume"]["box"] == [1000, 2005.5, 3000, 4, 0, 0, 0, 9.5, 0, 0, 0, 4]


def test_regions_on_both_sides_of_the_antimeridian_are_not_the_whole_earth(job: Path) -> None:
    sources = [scene(job, number, tileset(region(*ends))) for number, ends in enumerate([(178, 179), (179, -179)])]

    found, _ = merge.themes(sources, job)

    west, _, east, *_ = json.loads(Path(found[0].path).read_text())["root"]["boundingVolume"]["region"]
    assert (math.degrees(west), math.degrees(east)) == pytest.approx((178, -179))


def test_a_tileset_that_does_not_say_where_it_lies_stays_itself(job: Path) -> None:
    sources = [scene(job, number, tileset(region(number, number + 1))) for number in range(3)]
    sources[1] = scene(job, 1, tileset({"region": [0, 0, "east", 1, 0, 0]}))

    found, problems = merge.themes(sources, job)

    assert {source.uri for source in found} == {sources[1].uri, str(job / "building-3d" / "tileset.json")}
    assert problems[0].startswith("1/EXPORT/building/3d_tiles/tileset.json could not be joined")
