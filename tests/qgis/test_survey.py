"""What is found under the folder of a job: real files in the formats that the services deliver."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from osgeo import gdal, ogr
from qgis.core import Qgis, QgsRasterLayer, QgsVectorLayer

from cutout.bridge.layers import open_layer
from cutout.bridge.source import Arrival, Kind
from cutout.bridge.survey import survey
from tests.qgis import deliveries
from tests.qgis.deliveries import COUNTIES, COUNTRIES, GLACIERS


def found(arrival: Arrival) -> list[tuple[str, Kind]]:
    return [(source.name, source.kind) for source in arrival.sources]


def features(uri: str) -> list[str]:
    """The names in the features, as QGIS reads them."""
    layer = QgsVectorLayer(uri, "x", "ogr")
    assert layer.isValid(), uri
    return [feature["name"] for feature in layer.getFeatures()]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("counties.gpkg", "GPKG"),
        ("counties.shp", "ESRI Shapefile"),
        ("counties.kml", "LIBKML"),
        ("counties.kmz", "LIBKML"),
        ("counties.tab", "MapInfo File"),
        ("counties.gdb", "OpenFileGDB"),
        ("counties.geojson", "GeoJSON"),
        ("counties.json", "GeoJSON"),
        ("counties.fgb", "FlatGeobuf"),
    ],
)
def test_each_vector_format_is_one_layer_that_qgis_opens(tmp_path: Path, name: str, form: str) -> None:
    deliveries.vector(tmp_path / "nested folder" / "Ängste & Öl" / name, form)

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    (source,) = arrival.sources
    assert (source.name, source.kind, source.count) == ("counties", Kind.POLYGON, 64)
    layer = QgsVectorLayer(source.shown, source.name, source.provider)
    assert layer.isValid()
    assert layer.featureCount() == 64
    assert layer.crs().authid() == "EPSG:4326"


@pytest.mark.parametrize(
    ("name", "form"),
    [("dem.tif", "GTiff"), ("dem.img", "HFA"), ("dem.asc", "AAIGrid"), ("dem.jp2", "JP2OpenJPEG")],
)
def test_each_raster_format_is_one_layer_that_qgis_opens(tmp_path: Path, name: str, form: str) -> None:
    deliveries.raster(tmp_path / name, form)

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    (source,) = arrival.sources
    assert (source.name, source.kind, source.uri) == ("dem", Kind.RASTER, str(tmp_path / name))
    layer = QgsRasterLayer(source.shown, source.name, source.provider)
    assert layer.isValid()
    assert (layer.width(), layer.height()) == (152, 187)


@pytest.mark.parametrize("form", ["GPKG", "OpenFileGDB"])
def test_layers_of_a_database_keep_their_names(tmp_path: Path, form: str) -> None:
    path = tmp_path / ("land.gpkg" if form == "GPKG" else "land.gdb")
    deliveries.vector(path, form, COUNTIES, "Gemeinden_Süd")
    deliveries.vector(path, form, GLACIERS, "glaciers", add=True)

    arrival = survey(tmp_path)

    assert found(arrival) == [("glaciers", Kind.POINT), ("Gemeinden_Süd", Kind.POLYGON)]
    assert arrival.uris == (f"{path}|layername=glaciers", f"{path}|layername=Gemeinden_Süd")
    assert [QgsVectorLayer(uri, "x", "ogr").featureCount() for uri in arrival.uris] == [134, 64]


@pytest.mark.parametrize("rasters", [1, 2])
def test_rasters_and_features_of_one_geopackage_are_told_apart(tmp_path: Path, rasters: int) -> None:
    path = deliveries.vector(tmp_path / "land.gpkg", "GPKG", layer="parcels")
    for number in range(rasters):
        options = ["APPEND_SUBDATASET=YES", f"RASTER_TABLE=photo{number}"]
        gdal.Translate(str(path), str(deliveries.PHOTO), format="GPKG", creationOptions=options)

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    assert [source.kind for source in arrival.sources] == [Kind.POLYGON] + [Kind.RASTER] * rasters
    assert len(arrival.uris) == rasters + 1
    for source in arrival.sources:
        assert open_layer(source).isValid(), source


def test_tables_of_qgis_in_a_geopackage_are_no_layers(tmp_path: Path) -> None:
    path = deliveries.vector(tmp_path / "land.gpkg", "GPKG")
    layer = QgsVectorLayer(str(path), "x", "ogr")
    layer.saveStyleToDatabase("mine", "", True, "")
    del layer

    assert found(survey(tmp_path)) == [("land", Kind.POLYGON)]


def test_umlauts_in_a_shapefile_come_through_with_its_cpg(tmp_path: Path) -> None:
    for path in COUNTRIES.parent.glob("naturalearth_lowres.*"):
        shutil.copy(path, tmp_path)
    deliveries.vector(tmp_path / "utf8.gpkg", "GPKG", COUNTRIES)

    arrival = survey(tmp_path)

    assert found(arrival) == [("naturalearth_lowres", Kind.POLYGON), ("utf8", Kind.POLYGON)]
    assert "Côte d'Ivoire" in features(arrival.sources[0].shown)


def test_a_second_survey_after_qgis_opened_the_layers_finds_the_same(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "a.gpkg", "GPKG")
    deliveries.vector(tmp_path / "b.shp", "ESRI Shapefile")
    deliveries.sheets(tmp_path / "dem")
    first = survey(tmp_path)
    layers = [QgsVectorLayer(str(tmp_path / "a.gpkg"), "a", "ogr"), QgsVectorLayer(str(tmp_path / "b.shp"), "b", "ogr")]
    assert layers[0].startEditing()  # QGIS makes a.gpkg-wal and a.gpkg-shm now
    layers[0].deleteFeature(next(layers[0].getFeatures()).id())
    assert list(tmp_path.glob("a.gpkg-*"))

    second = survey(tmp_path)

    layers[0].rollBack()
    assert second.problems == ()
    assert second.uris == first.uris


def test_csv_is_a_table_or_has_the_geometry_of_its_wkt(tmp_path: Path) -> None:
    lines = ['WKT,name\n"POLYGON ((0 0,1 0,1 1,0 0))",Ä\n"MULTIPOLYGON (((0 0,1 0,1 1,0 0)))",B\n']
    deliveries.files(tmp_path, {"population.csv": "code,name\n007,x\n008,y\n", "parcels.csv": lines[0]})

    arrival = survey(tmp_path)

    assert found(arrival) == [("parcels", Kind.POLYGON), ("population", Kind.TABLE)]
    assert features(arrival.sources[0].shown) == ["Ä", "B"]
    assert features(arrival.sources[1].shown) == ["x", "y"]


@pytest.mark.parametrize(("name", "form"), [("plan.dxf", "DXF"), ("plan.kml", "LIBKML"), ("plan.geojson", "GeoJSON")])
def test_a_layer_of_several_geometries_is_one_source_each_and_one_uri(tmp_path: Path, name: str, form: str) -> None:
    path = deliveries.mixed(tmp_path / name, form)

    arrival = survey(tmp_path)

    assert [source.kind for source in arrival.sources][:2] == [Kind.POINT, Kind.LINE]
    assert arrival.uris == (str(path),)
    layers = [QgsVectorLayer(source.shown, source.name, source.provider) for source in arrival.sources]
    assert [layer.featureCount() for layer in layers] == [source.count for source in arrival.sources]
    assert sum(layer.featureCount() for layer in layers) == 10
    assert len({source.name for source in arrival.sources}) == len(arrival.sources)


def test_what_is_no_data_is_passed_over_in_silence(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "a.shp", "ESRI Shapefile")
    quiet = ("about.txt", "meta.xml", "a.shp.xml", "style.qml", "page.html", "README", "b.tif.part", "stats.json")
    deliveries.files(tmp_path, dict.fromkeys((*quiet, ".hidden.csv", "__MACOSX/x.csv"), "{}"))
    deliveries.files(tmp_path, {"cutout.json": json.dumps({"attribution": "© Land", "features": []})})

    arrival = survey(tmp_path)

    assert (found(arrival), arrival.problems, arrival.attribution) == ([("a", Kind.POLYGON)], (), "© Land")


@pytest.mark.parametrize("content", ["", "[]", "no json", '{"attribution": 3}', "[" * 100_000])
def test_a_strange_manifest_names_nobody(tmp_path: Path, content: str) -> None:
    deliveries.files(tmp_path, {"cutout.json": content})

    assert survey(tmp_path) == Arrival()


def test_what_can_not_be_opened_is_told_with_its_name_and_reason(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "good.gpkg", "GPKG")
    deliveries.cut_off(deliveries.raster(tmp_path / "sheets" / "cut.tif"))
    deliveries.cut_off(deliveries.vector(tmp_path / "cut.gpkg", "GPKG"))
    deliveries.cut_off(deliveries.vector(tmp_path / "cut.shp", "ESRI Shapefile"))
    dbf = deliveries.vector(tmp_path / "dbf.shp", "ESRI Shapefile").with_suffix(".dbf")
    deliveries.cut_off(dbf)
    (deliveries.vector(tmp_path / "alone.shp", "ESRI Shapefile").with_suffix(".shx")).unlink()
    deliveries.raster(tmp_path / "bare.png", "PNG", deliveries.PHOTO)
    (tmp_path / "bare.png.aux.xml").unlink(missing_ok=True)
    deliveries.files(
        tmp_path, {"empty.tif": "", "noise.gpkg": b"\x00" * 5000, "inner.zip": b"PK\x03\x04", "a.stl": "solid"}
    )

    arrival = survey(tmp_path)

    assert found(arrival) == [("good", Kind.POLYGON)]
    names = ["alone.shp", "bare.png", "cut.gpkg", "cut.shp", "dbf.shp", "empty.tif", "noise.gpkg", "inner.zip", "a.stl"]
    told = {
        name: problem
        for problem in arrival.problems
        for name in re.split(" (?:is|are) not loaded: ", problem)[0].split(", ")
    }
    assert sorted(told) == sorted([*names, "sheets/cut.tif"])
    assert all(str(tmp_path) not in problem and len(problem) > len(name) + 20 for name, problem in told.items())
    assert "empty" in told["empty.tif"]
    assert "position" in told["bare.png"]


def test_files_with_one_reason_in_common_are_told_together(tmp_path: Path) -> None:
    deliveries.files(tmp_path, {f"{number}.tif": "" for number in range(9)})

    arrival = survey(tmp_path)

    assert arrival.problems == ("0.tif, 1.tif, 2.tif and 6 more are not loaded: the file is empty.",)


def test_a_layer_without_features_is_a_layer_and_told(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "none.gpkg", "GPKG", where="1 = 0")

    arrival = survey(tmp_path)

    assert found(arrival) == [("none", Kind.POLYGON)]
    assert "no features" in arrival.problems[0]


def test_a_tab_beside_a_picture_is_no_layer_of_its_own(tmp_path: Path) -> None:
    deliveries.raster(tmp_path / "photo.tif", origin=deliveries.PHOTO)
    deliveries.files(
        tmp_path, {"photo.tab": '!table\n!version 300\nDefinition Table\n  File "photo.tif"\n  Type "RASTER"\n'}
    )

    arrival = survey(tmp_path)

    assert (found(arrival), arrival.problems) == ([("photo", Kind.RASTER)], ())


def test_a_tileset_is_one_scene_whatever_lies_in_its_tree(tmp_path: Path) -> None:
    region = {"region": [0.28, 0.84, 0.29, 0.85, 100, 300]}
    tile = {"boundingVolume": region, "geometricError": 0, "content": {"uri": "tiles/0.glb"}}
    tileset = {"asset": {"version": "1.0"}, "geometricError": 500, "root": tile}
    deliveries.files(
        tmp_path,
        {
            "city/tileset.json": json.dumps(tileset),
            "city/tiles/0.glb": b"glTF",
            "city/tiles/tileset.json": json.dumps(tileset),
            "city/tiles/facade.jpg": b"\xff\xd8",
        },
    )
    deliveries.vector(tmp_path / "city" / "streets.gpkg", "GPKG")

    arrival = survey(tmp_path)

    if Qgis.QGIS_VERSION_INT < 33400:
        assert found(arrival) == [("streets", Kind.POLYGON)]
        assert len(arrival.problems) == 1
        assert "3.34" in arrival.problems[0]
    else:
        assert found(arrival) == [("streets", Kind.POLYGON), ("city", Kind.SCENE)]
        assert arrival.problems == ()


def test_a_plugin_that_turned_gdal_exceptions_on_changes_nothing(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "good.gpkg", "GPKG")
    deliveries.cut_off(deliveries.raster(tmp_path / "cut.tif"))
    deliveries.sheets(tmp_path / "dem")
    gdal.Translate(str(tmp_path / "sea.tif"), str(deliveries.DEM), scaleParams=[[0, 1, 7, 7]], noData=7)
    before = survey(tmp_path)
    assert len(before.sources) == 3
    shutil.rmtree(tmp_path / "dem")
    deliveries.sheets(tmp_path / "dem")
    was_on = gdal.GetUseExceptions()
    gdal.UseExceptions()
    ogr.UseExceptions()
    try:
        after = survey(tmp_path)
    finally:
        if not was_on:
            ogr.DontUseExceptions()  # the last one on goes first
            gdal.DontUseExceptions()

    assert after.uris == before.uris
    assert [problem.split(":")[0] for problem in after.problems] == [
        problem.split(":")[0] for problem in before.problems
    ]


def test_a_survey_leaves_what_came_as_it_came(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "a.shp", "ESRI Shapefile")
    deliveries.vector(tmp_path / "b.gpkg", "GPKG")
    deliveries.raster(tmp_path / "c.tif")
    deliveries.sheets(tmp_path / "dem")
    before = deliveries.tree(tmp_path)

    survey(tmp_path)

    after = deliveries.tree(tmp_path)
    assert {name: after[name] for name in before} == before
    added = set(after) - set(before)
    assert {name for name in added if not name.endswith(".aux.xml")} == {"dem/dem.vrt"}


def test_what_brings_nothing_that_can_be_shown_says_so(tmp_path: Path) -> None:
    """As the exports of an iModel that are for Bentley's own viewers."""
    (tmp_path / "model.txt").write_text("not for QGIS")
    document = {"files": [{"name": "model.txt", "size": 12, "sha256": ""}]}
    (tmp_path / "cutout.json").write_text(json.dumps(document))
    arrival = survey(tmp_path)
    assert (arrival.sources, arrival.problems) == ((), ("QGIS shows none of the files; they are in the folder.",))
