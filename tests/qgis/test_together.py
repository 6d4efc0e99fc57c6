"""What several areas brought becomes one layer a theme: every feature and cell once, nothing lost or written over."""

from __future__ import annotations

import json
import math
import resource
import sqlite3
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import QgsRasterLayer, QgsVectorLayer

from cutout.bridge.layers import open_layer
from cutout.bridge.references import check_scene
from cutout.bridge.source import Arrival, Kind, Source
from cutout.bridge.survey import survey
from cutout.bridge.together import together
from cutout.core import manifest
from cutout.core.model import ExportRequest, Job, JobState
from tests.qgis import deliveries
from tests.qgis.deliveries import COUNTIES, COUNTRIES, DEM, GLACIERS, PHOTO

WEST, MIDDLE, EAST = (-109.1, 36.9, -105.64, 41.1), (-106.5, 36.9, -104.5, 41.1), (-105.64, 36.9, -101.9, 41.1)
SQUARE = "POLYGON (({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "Çıktı output"
    folder.mkdir()
    return folder


@pytest.fixture(params=[False, True], ids=["as it is", "exceptions"])
def told_by_exceptions(request: pytest.FixtureRequest) -> Iterator[None]:
    """Another plugin may have told GDAL to raise exceptions; QGIS's own Processing has in 3.44."""
    modules = [module for module in (gdal, ogr, osr) if request.param and not module.GetUseExceptions()]
    for module in modules:
        module.UseExceptions()
    yield
    for module in reversed(modules):  # a stack
        module.DontUseExceptions()


def job_in(output: Path, title: str, number: int, **remote: Any) -> Job:
    """A job that is done, and its folder."""
    request = ExportRequest("koordinates", "https://data.example.org", {"crs": "EPSG:4326"}, title=title)
    job = Job(f"{number:08x}", request, state=JobState.DONE, remote=remote, finished=1_700_000_000.0)
    folder = output / job.folder_name
    folder.mkdir()
    return replace(job, folder=str(folder))


def arrived(job: Job, credit: str = "") -> tuple[Path, Arrival]:
    """As a run has it once the files are there."""
    folder = Path(job.folder)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != manifest.NAME)
    manifest.write(replace(job, files=manifest.records(folder, paths)), folder, attribution=credit)
    return folder, survey(folder)


def all_of(*jobs: Job) -> dict[Path, Arrival]:
    return dict(map(arrived, jobs))


def cut(path: Path, origin: Path, extent: tuple[float, ...], form: str = "GPKG", layer: str = "") -> Path:
    """The features that reach into the extent, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ["name"] if origin != GLACIERS else None
    gdal.VectorTranslate(
        str(path), str(origin), format=form, layerName=layer or path.stem, spatFilter=extent, selectFields=names
    )
    return path


def window(path: Path, columns: tuple[int, int], rows: tuple[int, int] = (0, 187), origin: Path = DEM) -> Path:
    """From cell to cell of the raster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    gdal.Translate(str(path), str(origin), srcWin=[columns[0], rows[0], columns[1] - columns[0], rows[1] - rows[0]])
    return path


def table(path: Path, rows: list[dict[str, Any]], form: str = "GPKG", **fields: int) -> Path:
    """A layer in metres, with these features; `shape` in WKT."""
    path.parent.mkdir(parents=True, exist_ok=True)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(3857)
    target = ogr.GetDriverByName(form).CreateDataSource(str(path))
    first = next((ogr.CreateGeometryFromWkt(row["shape"]) for row in rows if "shape" in row), None)
    kind = first.GetGeometryType() if first is not None else ogr.wkbNone
    layer = target.CreateLayer(path.stem, reference if first is not None else None, kind)
    for name, field in fields.items():
        layer.CreateField(ogr.FieldDefn(name, field))
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        if "shape" in row:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(row["shape"]))
        for name in fields:
            if row.get(name) is not None:
                feature.SetField(name, row[name])
        layer.CreateFeature(feature)
    return path


def values(uri: str, name: str = "name") -> list[str]:
    layer = QgsVectorLayer(uri, "x", "ogr")
    assert layer.isValid(), uri
    return sorted(str(row[name]) for row in layer.getFeatures())


def expected(origin: Path, *extents: tuple[float, ...]) -> list[str]:
    """The names of what reaches into any of the extents, each once."""
    found: dict[int, str] = {}
    dataset = gdal.OpenEx(str(origin), open_options=["ENCODING=ISO-8859-1"] if origin.suffix == ".shp" else [])
    layer = dataset.GetLayer(0)
    for west, south, east, north in extents:
        layer.SetSpatialFilterRect(west, south, east, north)
        found.update((row.GetFID(), row["name"]) for row in layer)
    return sorted(found.values())


def cells(uri: Path | str, columns: tuple[int, int] = (0, 152), rows: tuple[int, int] = (0, 187)) -> bytes:
    raster = gdal.OpenEx(str(uri))
    return bytes(raster.ReadRaster(columns[0], rows[0], columns[1] - columns[0], rows[1] - rows[0]))


def size(uri: str) -> tuple[int, int]:
    raster = gdal.OpenEx(uri)
    return raster.RasterXSize, raster.RasterYSize


def named(arrival: Arrival) -> list[tuple[str, Kind]]:
    return [(source.name, source.kind) for source in arrival.sources]


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize("form", ["GPKG", "ESRI Shapefile", "GeoJSON"])
def test_a_feature_that_two_areas_have_is_there_once(output: Path, form: str) -> None:
    ending = {"GPKG": "gpkg", "ESRI Shapefile": "shp", "GeoJSON": "geojson"}[form]
    jobs = [job_in(output, title, number) for number, title in enumerate(("Täler West", "Ost"))]
    for job, extent in zip(jobs, (WEST, EAST)):
        cut(Path(job.folder, f"counties.{ending}"), COUNTIES, extent, form)
    arrivals = all_of(*jobs)
    assert sum(source.count or 0 for one in arrivals.values() for source in one.sources) > 64
    before = deliveries.tree(output)

    arrival = together(arrivals, output, "Alle Täler")

    path = output / "Alle-Täler.gpkg"
    uri = f"{path}|layername=counties"
    assert arrival == Arrival((Source("counties", uri, str(path), "ogr", Kind.POLYGON, 64),))
    assert values(uri) == expected(COUNTIES, WEST, EAST)
    layer, whole = open_layer(arrival.sources[0]), QgsVectorLayer(str(COUNTIES), "x", "ogr")
    areas = [sum(row.geometry().area() for row in one.getFeatures()) for one in (layer, whole)]
    assert areas[0] == pytest.approx(areas[1], rel=1e-9)
    after = deliveries.tree(output)
    assert {name: after[name] for name in before} == before, "what the jobs brought stays as it is"
    assert set(after) - set(before) == {"Alle-Täler.gpkg"}


def test_themes_keep_apart_and_umlauts_survive(output: Path) -> None:
    """QGIS turns the decoding of shapefiles off in the whole process as soon as it opens a layer."""
    jobs = [job_in(output, f"Area {number}", number) for number in range(3)]
    extents = [(-20.0, -40.0, 0.0, 40.0), (-5.0, 0.0, 20.0, 60.0), (15.0, -40.0, 60.0, 60.0)]
    for job, extent in zip(jobs, extents):
        cut(Path(job.folder, "countries", "countries.shp"), COUNTRIES, extent, "ESRI Shapefile")
        for path in Path(job.folder).rglob("*.cpg"):
            assert path.read_text() == "ISO-8859-1"
        cut(Path(job.folder, "glaciers", "glaciers.gpkg"), GLACIERS, (WEST, MIDDLE, EAST)[jobs.index(job)])
    opened = QgsVectorLayer(str(COUNTRIES), "x", "ogr")
    assert opened.isValid()
    assert gdal.GetConfigOption("SHAPE_ENCODING") == ""

    arrival = together(all_of(*jobs), output, "Welt")

    path = output / "Welt.gpkg"
    assert arrival.problems == ()
    assert named(arrival) == [("glaciers", Kind.POINT), ("countries", Kind.POLYGON)]
    assert arrival.uris == (f"{path}|layername=glaciers", f"{path}|layername=countries")
    assert arrival.sources[0].count == 134
    assert values(arrival.uris[1]) == expected(COUNTRIES, *extents)
    assert "Côte d'Ivoire" in values(arrival.uris[1])
    with closing(sqlite3.connect(path)) as database:  # QGIS forgives bytes that are no UTF-8, SQLite does not
        assert "Côte d'Ivoire" in {row[0] for row in database.execute("SELECT name FROM countries")}


def test_attributes_that_only_one_area_has_are_kept_and_all_count(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("A", "B"))]
    shared, other = SQUARE.format(9, 0, 11, 1), SQUARE.format(20, 0, 21, 1)
    same = {"shape": shared, "name": "Haus", "height": 3}
    table(Path(jobs[0].folder, "roof.gpkg"), [same, {**same, "height": 4}], name=ogr.OFTString, height=ogr.OFTInteger)
    more = {"name": ogr.OFTString, "height": ogr.OFTReal, "colour": ogr.OFTString}
    table(Path(jobs[1].folder, "roof.gpkg"), [same, {"shape": other, "name": "Hütte", "colour": "red"}], **more)

    (source,) = together(all_of(*jobs), output, "all").sources

    assert source.count == 3
    assert values(source.uri, "height") == ["3.0", "4.0", "NULL"]
    assert values(source.uri, "colour") == ["NULL", "NULL", "red"]


def test_a_table_that_came_whole_with_each_area_is_there_once(output: Path) -> None:
    jobs = [job_in(output, f"Area {number}", number) for number in range(4)]
    rows = [{"code": f"{number:03}", "name": "Süd"} for number in (1, 1, 2)]
    for job in jobs:
        table(Path(job.folder, "owners.gpkg"), rows, code=ogr.OFTString, name=ogr.OFTString)

    (source,) = together(all_of(*jobs), output, "all").sources

    assert (source.kind, source.count) == (Kind.TABLE, 3)
    assert values(source.uri, "code") == ["001", "001", "002"], "as often as each job had it"


# which layers are of one theme


@pytest.mark.parametrize("titles", [("Süd tal", "Nord"), ("Süd tal", "Süd tal"), ("Hof", "Bahnhof")])
def test_layers_that_are_called_after_their_jobs_are_of_one_theme(output: Path, titles: tuple[str, str]) -> None:
    jobs = [job_in(output, title, number, id=471100 + number) for number, title in enumerate(titles)]
    for job, extent in zip(jobs, (WEST, EAST)):
        cut(Path(job.folder, f"{job.title}.gpkg"), COUNTIES, extent)
        cut(Path(job.folder, str(job.remote["id"]), f"{job.title}_glaciers_{job.key}.shp"), GLACIERS, extent)

    arrival = together(all_of(*jobs), output, "Täler")

    assert arrival.problems == ()
    assert [(source.kind, source.count) for source in arrival.sources] == [(Kind.POINT, 134), (Kind.POLYGON, 64)]
    name = titles[0] if titles[0] == titles[1] else "Täler"
    assert [source.name for source in arrival.sources] == ["glaciers", name]
    assert {source.path for source in arrival.sources} == {str(output / "Täler.gpkg")}


def test_a_job_with_the_title_of_a_theme_brings_that_theme_as_the_others_do(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("counties", "Ost", "roads"))]
    for job, extent in zip(jobs, (WEST, EAST, MIDDLE)):
        cut(Path(job.folder, "counties.gpkg"), COUNTIES, extent)

    assert [source.count for source in together(all_of(*jobs), output, "all").sources] == [64]


def test_an_area_of_several_tiles_and_one_of_a_single_tile_have_the_same_themes(output: Path) -> None:
    """The tiles of the first are merged in its own folder already, in the GeoPackage called after the job."""
    wide, narrow = job_in(output, "Wide", 1), job_in(output, "Narrow", 2)
    for number, extent in enumerate((WEST, MIDDLE)):
        export = Path(wide.folder, str(number), "EXPORT")
        cut(export / "Gebäude" / "shapefile" / "a.shp", COUNTIES, extent, "ESRI Shapefile")
        cut(export / "tree" / "geopackage" / "tree.gpkg", GLACIERS, extent)
    deliveries.vector(Path(wide.folder, "0/EXPORT/tree/geopackage/crown.gpkg"), "GPKG", layer="crown")
    deliveries.vector(Path(wide.folder, "1/EXPORT/tree/geopackage/crown.gpkg"), "GPKG", layer="crown")
    export = Path(narrow.folder, "0", "EXPORT")
    cut(export / "Gebäude" / "geopackage" / "0_b.gpkg", COUNTIES, EAST)
    cut(export / "tree" / "geopackage" / "tree.gpkg", GLACIERS, EAST)
    arrivals = all_of(wide, narrow)
    assert {source.name for source in arrivals[Path(wide.folder)].sources} == {"Gebäude", "tree-point", "tree-polygon"}
    assert {source.name for source in arrivals[Path(narrow.folder)].sources} == {"0_b", "tree"}

    arrival = together(arrivals, output, "all")

    assert arrival.problems == ()
    assert [(source.name, source.count) for source in arrival.sources] == [
        ("tree", 134),
        ("Gebäude", 64),
        ("tree-polygon", 64),
    ]
    only_one_has_it = f"{wide.folder}/Wide.gpkg|layername=tree-polygon"
    assert arrival.uris == (
        f"{output}/all.gpkg|layername=tree",
        f"{output}/all.gpkg|layername=Gebäude",
        only_one_has_it,
    )


def test_years_are_themes_of_their_own(output: Path) -> None:
    jobs = [job_in(output, f"Area {number}", number) for number in range(2)]
    for job, extent in zip(jobs, (WEST, EAST)):
        cut(Path(job.folder, "2019", "county.gpkg"), COUNTIES, extent)
        if job is jobs[0]:
            cut(Path(job.folder, "2020", "county.gpkg"), COUNTIES, extent)

    arrival = together(all_of(*jobs), output, "all")

    assert [source.path for source in arrival.sources] == [
        f"{jobs[0].folder}/2020/county.gpkg", str(output / "all.gpkg"),
    ]  # fmt: skip
    assert [source.name for source in arrival.sources] == ["Area 0: county", "county"]


def test_a_theme_of_two_kinds_of_geometry_is_two_layers(output: Path) -> None:
    jobs = [job_in(output, f"Area {number}", number) for number in range(2)]
    for job, extent in zip(jobs, (WEST, EAST)):
        cut(Path(job.folder, "points", "nature.gpkg"), GLACIERS, extent)
        cut(Path(job.folder, "areas", "nature.gpkg"), COUNTIES, extent)

    arrival = together(all_of(*jobs), output, "all")

    assert named(arrival) == [("nature-point", Kind.POINT), ("nature-polygon", Kind.POLYGON)]
    assert [source.count for source in arrival.sources] == [134, 64]


def test_an_area_without_features_is_no_layer_where_another_has_some(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("West", "Sea", "Ost"))]
    for job, extent in zip(jobs, (WEST, (0.0, 0.0, 1.0, 1.0), EAST)):
        cut(Path(job.folder, "glaciers.geojson"), GLACIERS, extent, "GeoJSON")

    arrival = together(all_of(*jobs), output, "all")

    assert [(source.name, source.count) for source in arrival.sources] == [("glaciers", 134)]
    assert [problem.split(":")[0] for problem in arrival.problems] == ["Sea"]


def test_what_only_one_job_has_stays_what_it_is(output: Path) -> None:
    jobs = [job_in(output, f"Area {number}", number) for number in range(2)]
    cut(Path(jobs[0].folder, "counties.gpkg"), COUNTIES, WEST)
    cut(Path(jobs[1].folder, "glaciers.gpkg"), GLACIERS, EAST)
    arrivals = all_of(*jobs)

    arrival = together(arrivals, output, "all")

    assert set(arrival.sources) == {source for one in arrivals.values() for source in one.sources}
    assert not list(output.glob("*.*"))
    assert together(dict(list(arrivals.items())[:1]), output, "all") == arrivals[Path(jobs[0].folder)]
    assert together({}, output, "all") == Arrival()


def test_what_can_not_be_one_layer_stays_and_says_so(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("Hof", "Tal"))]
    mesh = "MESH2D\nE3T 1 1 2 3 1\nND 1 0 0 0\nND 2 1 0 0\nND 3 0 1 0\n"
    for job in jobs:
        deliveries.mixed(Path(job.folder, "plan.kml"), "LIBKML")
        deliveries.files(Path(job.folder), {"terrain.2dm": mesh})
    arrivals = all_of(*jobs)

    arrival = together(arrivals, output, "all")

    assert sorted(source.shown for source in arrival.sources) == sorted(
        source.shown for one in arrivals.values() for source in one.sources
    )
    parts = [f"plan ({kind})" for kind in ("points", "lines", "polygons")]
    assert {source.name for source in arrival.sources} == {
        f"{title}: {name}" for title in ("Hof", "Tal") for name in (*parts, "terrain")
    }
    assert arrival.problems == tuple(
        f"“{name}” could not become one layer, so it is 2: several kinds of geometry are in one file." for name in parts
    )


def test_models_that_stand_nowhere_are_not_put_on_each_other(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("Hof", "Tal"))]
    for job in jobs:
        table(Path(job.folder, "house.gpkg"), [{"shape": SQUARE.format(0, 0, 1, 1)}])
    arrivals = {
        folder: replace(one, sources=tuple(replace(source, crs="") for source in one.sources))
        for folder, one in all_of(*jobs).items()
    }

    arrival = together(arrivals, output, "all")

    assert [source.name for source in arrival.sources] == ["Hof: house", "Tal: house"]
    assert arrival.problems == ("“house” could not become one layer, so it is 2: it is not placed on the map.",)


def test_bodies_stay_bodies(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("Hof", "Tal"))]
    for number, job in enumerate(jobs):
        table(Path(job.folder, "house.gpkg"), [{"shape": SQUARE.format(number, 0, number + 1, 1)}])
    arrivals = {
        folder: replace(one, sources=tuple(replace(source, solid=True, remark="placed") for source in one.sources))
        for folder, one in all_of(*jobs).items()
    }

    (source,) = together(arrivals, output, "all").sources

    assert (source.solid, source.remark, source.count) == (True, "placed", 2)


def test_features_in_several_crs_are_a_layer_for_each(output: Path) -> None:
    jobs = [job_in(output, f"Area {number}", number) for number in range(3)]
    for job, crs in zip(jobs, ("EPSG:4326", "EPSG:32613", "EPSG:4326")):
        gdal.VectorTranslate(f"{job.folder}/counties.gpkg", str(COUNTIES), dstSRS=crs, selectFields=["name"])

    arrival = together(all_of(*jobs), output, "all")

    assert [(source.name, source.count) for source in arrival.sources] == [
        ("Area 1: counties", 64),
        ("counties-EPSG-4326", 64),
    ]
    assert arrival.problems[0].startswith("“counties” came in several CRS (EPSG:4326, EPSG:32613)")


# rasters


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize("ends", [(76, 76), (50, 100), (0, 152)], ids=["adjacent", "overlapping", "the same"])
def test_the_cells_of_two_areas_are_those_of_the_whole(output: Path, ends: tuple[int, int]) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("West", "Ost"))]
    window(Path(jobs[0].folder, "dem.tif"), (0, ends[1]))
    window(Path(jobs[1].folder, "dem.tif"), (ends[0], 152))
    arrivals = all_of(*jobs)
    before = deliveries.tree(output)

    arrival = together(arrivals, output, "Das Tal")

    path = str(output / "Das-Tal-dem.vrt")
    assert arrival == Arrival((Source("dem", path, path, "gdal", Kind.RASTER),))
    after = deliveries.tree(output)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"Das-Tal-dem.vrt"}
    assert str(output) not in Path(path).read_text("utf-8"), "so the folder can be moved"
    assert size(path) == (152, 187)
    assert cells(path) == cells(DEM)
    raster = gdal.OpenEx(path)
    low, high, _, _ = raster.GetRasterBand(1).GetStatistics(True, False)  # False: only if they are there
    assert 2000 < low < high < 4500  # metres in the Rocky Mountains, for QGIS to draw by
    assert QgsRasterLayer(path, "x", "gdal").isValid()


@pytest.mark.parametrize("mask", ["nodata", "alpha"])
def test_what_one_area_has_left_out_shows_from_the_other(output: Path, mask: str) -> None:
    """Two triangles, each clipped out of the whole extent, and the whole together."""
    jobs = [job_in(output, title, number) for number, title in enumerate(("Upper", "Lower"))]
    origin = gdal.OpenEx(str(DEM if mask == "nodata" else PHOTO))
    left, wide, _, top, _, high = origin.GetGeoTransform()
    corners = [
        (left + x * wide * origin.RasterXSize, top + y * high * origin.RasterYSize) for x in (0, 1) for y in (0, 1)
    ]
    for job, turn in zip(jobs, ((0, 1, 2), (1, 2, 3))):
        outline = [list(corners[number]) for number in (*turn, turn[0])]
        (output / "area.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [outline]}))
        gdal.Warp(
            f"{job.folder}/{mask}.tif", origin, cutlineDSName=str(output / "area.geojson"), xRes=wide, yRes=high,
            outputBounds=[left, corners[1][1], corners[2][0], top], dstAlpha=mask == "alpha",
            dstNodata=65535 if mask == "nodata" else None, warpOptions=["CUTLINE_ALL_TOUCHED=TRUE"],
            srcNodata=None if mask == "nodata" else "None",
        )  # fmt: skip

    (source,) = together(all_of(*jobs), output, "all").sources

    joined = gdal.OpenEx(source.uri)
    bands = range(1, origin.RasterCount + 1)
    assert [joined.GetRasterBand(number).ReadRaster() for number in bands] == [
        origin.GetRasterBand(number).ReadRaster() for number in bands
    ]


def test_sheets_of_each_area_and_a_single_sheet_are_one_raster(output: Path) -> None:
    """Each mosaic is called after its job; a small area has one sheet, with a number in its name."""
    jobs = [job_in(output, title, number) for number, title in enumerate(("West", "Ost", "Mitte"))]
    for number, start in enumerate((0, 30)):
        window(Path(jobs[0].folder, f"rmnp-dem-01-0{number + 1}.tif"), (start, start + 30))
        window(Path(jobs[1].folder, f"rmnp-dem-02-0{number + 1}.tif"), (start + 92, start + 122))
    window(Path(jobs[2].folder, "rmnp-dem-07-09.tif"), (50, 100))
    for job in jobs:
        window(Path(job.folder, "photo-1.tif"), (0, 300), (0, 200), PHOTO)
    arrivals = all_of(*jobs)
    assert [one.name for folder in arrivals for one in arrivals[folder].sources if "photo" not in one.name] == [
        "West", "Ost", "rmnp-dem-07-09",
    ]  # fmt: skip

    arrival = together(arrivals, output, "all")

    assert arrival.problems == ()
    assert arrival.uris == (str(output / "all-photo-1.vrt"), str(output / "all-rmnp-dem.vrt"))
    assert cells(arrival.uris[1]) == cells(DEM)


def test_two_rasters_on_the_same_ground_are_two_themes(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("West", "Ost"))]
    for job, columns in zip(jobs, ((0, 90), (60, 152))):
        for name in ("dsm", "dtm"):
            window(Path(job.folder, "lidar", f"{name}.tif"), columns)

    arrival = together(all_of(*jobs), output, "all")

    assert arrival.uris == (str(output / "all-dsm.vrt"), str(output / "all-dtm.vrt"))
    assert "dtm" not in Path(arrival.uris[0]).read_text("utf-8")


def test_tiles_of_rasters_are_joined_by_their_theme(output: Path) -> None:
    wide, narrow = job_in(output, "Wide", 1), job_in(output, "Narrow", 2)
    window(Path(wide.folder, "0/EXPORT/dtm/geotiff/dtm.tif"), (0, 40))
    window(Path(wide.folder, "1/EXPORT/dtm/geotiff/dtm.tif"), (40, 90))
    window(Path(narrow.folder, "0/EXPORT/dtm/geotiff/dtm.tif"), (80, 152))

    arrival = together(all_of(wide, narrow), output, "all")

    assert arrival.uris == (str(output / "all-dtm.vrt"),)
    assert cells(arrival.uris[0]) == cells(DEM)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"dstSRS": "EPSG:32613"}, "the rasters have several CRS"),
        ({"outputType": gdal.GDT_Float32}, "the rasters differ in bands, data type or value for no data"),
        ({"xRes": 0.004, "yRes": 0.004}, "the rasters have cells of several sizes"),
        ({"outputBounds": [-105.7, 40.2, -105.425, 40.411]}, "the cells of the rasters do not lie on each other"),
    ],
)
def test_a_raster_that_does_not_fit_stays_apart_and_the_others_are_one(
    output: Path, other: Mapping[str, Any], reason: str
) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("West", "Other", "Ost"))]
    window(Path(jobs[0].folder, "dem.tif"), (0, 80))
    cell = {} if "dstSRS" in other else {"xRes": 0.00275, "yRes": 0.00211}
    gdal.Warp(f"{jobs[1].folder}/dem.tif", str(DEM), **{**cell, **other})
    window(Path(jobs[2].folder, "dem.tif"), (70, 152))

    arrival = together(all_of(*jobs), output, "all")

    assert [(source.name, source.uri) for source in arrival.sources] == [
        ("dem", str(output / "all-dem.vrt")),
        ("Other: dem", f"{jobs[1].folder}/dem.tif"),
    ]
    assert arrival.problems == (f"“dem” could not become one layer, so it is 2: {reason}.",)
    assert cells(arrival.uris[0]) == cells(DEM)


# once, and never over what is there


def delivered(output: Path, first: int = 0) -> dict[Path, Arrival]:
    """Two jobs with features and cells."""
    jobs = [job_in(output, f"Area {number}", number) for number in (first, first + 1)]
    for job, extent, columns in zip(jobs, (WEST, EAST), ((0, 90), (60, 152))):
        cut(Path(job.folder, "counties.gpkg"), COUNTIES, extent)
        cut(Path(job.folder, "glaciers.shp"), GLACIERS, extent, "ESRI Shapefile")
        window(Path(job.folder, "dem.tif"), columns)
    return all_of(*jobs)


def test_a_second_time_nothing_is_made_anew(output: Path) -> None:
    arrivals = delivered(output)
    first = together(arrivals, output, "all")
    for source in first.sources:
        assert open_layer(source).isValid()
    raster = gdal.OpenEx(str(output / "all-dem.vrt"))
    assert raster.GetRasterBand(1).GetStatistics(True, True)[0] > 2000  # GDAL writes them into the file
    raster = None
    before = deliveries.tree(output)

    assert together({folder: survey(folder) for folder in arrivals}, output, "all") == first
    assert deliveries.tree(output) == before


def test_other_areas_of_the_same_title_get_files_of_their_own(output: Path) -> None:
    earlier = together(delivered(output), output, "all")
    before = deliveries.tree(output)

    arrival = together(delivered(output, 2), output, "all")

    assert arrival.uris == tuple(
        uri.replace("all.gpkg", "all-2.gpkg").replace("all-dem", "all-dem-2") for uri in earlier.uris
    )
    assert [source.name for source in arrival.sources] == ["glaciers", "counties", "dem"]
    after = deliveries.tree(output)
    assert {name: after[name] for name in before} == before


def test_a_part_of_the_areas_is_not_taken_for_all_of_them(output: Path) -> None:
    arrivals = {**delivered(output), **delivered(output, 2)}
    folders = list(arrivals)
    edge = Path(folders[2], "counties.gpkg")
    edge.unlink()
    table(edge, [{"shape": SQUARE.format(0, 0, 1, 1), "name": "Nowhere"}], name=ogr.OFTString)
    arrivals[folders[2]] = survey(folders[2])
    whole = together(arrivals, output, "all")

    part = together({folder: arrivals[folder] for folder in folders[:2]}, output, "all")

    assert not {source.path for source in part.sources} & {source.path for source in whole.sources}
    assert "Nowhere" not in values(next(source.uri for source in part.sources if source.name == "counties"))


def test_areas_that_came_anew_leave_the_earlier_layer_to_the_person(output: Path) -> None:
    arrivals = delivered(output)
    first = next(source for source in together(arrivals, output, "all").sources if source.name == "counties")
    layer = open_layer(first)
    assert layer.startEditing()
    assert layer.deleteFeature(next(layer.getFeatures()).id())
    assert layer.commitChanges()
    del layer
    content = deliveries.tree(output)["all.gpkg"]
    folder = next(iter(arrivals))
    (folder / "counties.gpkg").unlink()
    table(folder / "counties.gpkg", [{"shape": SQUARE.format(0, 0, 1, 1), "name": "New"}], name=ogr.OFTString)

    again = together({place: survey(place) for place in arrivals}, output, "all")

    assert {Path(source.path).name for source in again.sources if source.kind is not Kind.RASTER} >= {"all-2.gpkg"}
    assert deliveries.tree(output)["all.gpkg"] == content


def test_files_of_the_person_are_not_touched(output: Path) -> None:
    theirs = [deliveries.vector(output / "all.gpkg", "GPKG", GLACIERS), output / "all-2.gpkg", output / "all-dem.vrt"]
    theirs[1].write_bytes(b"")
    theirs[2].write_text("<VRTDataset>mine")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in theirs}

    arrival = together(delivered(output), output, "all")

    assert arrival.problems == ()
    assert {Path(source.path).name for source in arrival.sources} == {"all-3.gpkg", "all-dem-2.vrt"}
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in theirs} == before


def test_two_runs_into_one_folder_do_not_write_into_each_other(output: Path) -> None:
    """Processing runs a batch with one OUTPUT, and another QGIS may use it too."""
    areas = [delivered(output, 2 * number) for number in range(4)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda arrivals: together(arrivals, output, "all"), areas))

    databases = [{source.path for source in one.sources if source.provider == "ogr"} for one in found]
    assert sorted(Path(path).name for paths in databases for path in paths) == [
        "all-2.gpkg", "all-3.gpkg", "all-4.gpkg", "all.gpkg",
    ]  # fmt: skip
    for arrivals, one in zip(areas, found):
        assert one.problems == ()
        assert values(next(source.uri for source in one.sources if source.name == "counties")) == expected(
            COUNTIES, WEST, EAST
        )
        raster = next(source.path for source in one.sources if source.kind is Kind.RASTER)
        assert all(f"{folder.name}/" in Path(raster).read_text("utf-8") for folder in arrivals)
        assert cells(raster) == cells(DEM)
    assert not list(output.glob("*.part"))


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
@pytest.mark.parametrize("room", [0, 500, 50_000, 120_000])
def test_where_the_disk_is_full_everything_stays_a_layer_of_its_own(output: Path, room: int) -> None:
    arrivals = delivered(output)
    before = deliveries.tree(output)

    with nearly_full_disk(room):
        arrival = together(arrivals, output, "all")

    is_raster_small_enough = room > 1000
    assert len(arrival.sources) == (5 if is_raster_small_enough else 6)
    assert {source.name for source in arrival.sources} >= {"Area 0: counties", "Area 1: glaciers"}
    assert arrival.problems[0].startswith("The 4 results of the areas could not be joined, so each is a layer: ")
    assert len(arrival.problems) == (1 if is_raster_small_enough else 2)
    after = deliveries.tree(output)
    assert set(after) - set(before) == ({"all-dem.vrt"} if is_raster_small_enough else set())
    assert {name: after[name] for name in before} == before
    assert len(together(arrivals, output, "all").sources) == 3, "once there is room"


def test_where_nothing_can_be_written_everything_stays_a_layer_of_its_own(output: Path) -> None:
    arrivals = delivered(output)

    arrival = together(
        arrivals, output / "no such folder", "all"
    )  # stands in for one without rights: tests run as root

    assert {source.path for source in arrival.sources} == {
        source.path for one in arrivals.values() for source in one.sources
    }
    assert len(arrival.problems) == 2
    assert "could not be joined" in arrival.problems[0]


# what is told


def test_problems_say_which_job_has_them(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("Hof", "Tal", "Berg", "Tal", "See"))]
    for number, job in enumerate(jobs):
        deliveries.files(Path(job.folder), {"old.txt.zip": "PK", "lost.gpkg" if number else "broken.tif": ""})
    arrivals = dict(arrived(job, f"© Land {number % 2}") for number, job in enumerate(jobs))
    (common,) = (said for said in arrivals[Path(jobs[0].folder)].problems if said.startswith("old.txt.zip"))

    arrival = together(arrivals, output, "all")

    assert sorted(arrival.problems) == sorted(
        [
            common,
            "Hof: broken.tif is not loaded: the file is empty.",
            "Tal-00000001, Berg, Tal-00000003 and 1 more: lost.gpkg is not loaded: the file is empty.",
        ]
    )
    assert arrival.attribution == "© Land 0; © Land 1"


def test_jobs_of_one_title_are_told_apart_by_their_folders(output: Path) -> None:
    jobs = [job_in(output, "Süd tal", number) for number in range(2)]
    for job, crs in zip(jobs, ("EPSG:4326", "EPSG:32613")):
        gdal.Warp(f"{job.folder}/dem.tif", str(DEM), dstSRS=crs)
        gdal.Warp(f"{job.folder}/Süd tal.tif", str(PHOTO), dstSRS=crs)

    arrival = together(all_of(*jobs), output, "Süd tal")

    assert {source.name for source in arrival.sources} == {
        *(f"Süd-tal-0000000{number}: dem" for number in range(2)), *(f"Süd-tal-0000000{number}" for number in range(2)),
    }  # fmt: skip
    assert len(arrival.problems) == 2


# 3D tiles


def tileset(west: float, **asset: str) -> str:
    volume = {"region": [math.radians(west), 0.8, math.radians(west + 1), 0.81, 100, 200]}
    root = {"boundingVolume": volume, "geometricError": 0, "refine": "ADD", "content": {"uri": "0.glb"}}
    return json.dumps({"asset": {"version": "1.0", **asset}, "geometricError": 50, "root": root})


def scene(job: Job, place: str, document: str) -> Source:
    """As a survey of QGIS 3.34 and later finds it."""
    folder = Path(job.folder, place)
    deliveries.files(folder, {"tileset.json": document, "0.glb": b"glTF"})
    path = str(folder / "tileset.json")
    return Source(folder.name, path, path, "cesiumtiles", Kind.SCENE)


def test_tilesets_of_several_areas_are_one(output: Path) -> None:
    jobs = [job_in(output, title, number) for number, title in enumerate(("West side", "Ost"))]
    sources = [scene(job, "", tileset(number)) for number, job in enumerate(jobs)]
    arrivals = {Path(job.folder): Arrival((source,)) for job, source in zip(jobs, sources)}

    arrival = together(arrivals, output, "all")

    (source,) = arrival.sources
    assert (source.name, source.path, arrival.problems) == ("all", str(output / "all-3d" / "tileset.json"), ())
    children = json.loads(Path(source.path).read_text("utf-8"))["root"]["children"]
    assert [child["content"]["uri"] for child in children] == [
        "../West-side-00000000/0.glb", "../Ost-00000001/0.glb",
    ]  # fmt: skip
    check_scene(Path(source.path), output)
    before = deliveries.tree(output), Path(source.path).stat().st_mtime_ns
    assert together(arrivals, output, "all") == arrival
    assert (deliveries.tree(output), Path(source.path).stat().st_mtime_ns) == before


def test_a_tileset_of_other_areas_is_not_written_over(output: Path) -> None:
    jobs = [job_in(output, f"Area {number}", number) for number in range(4)]
    arrivals = {Path(job.folder): Arrival((scene(job, "b", tileset(number)),)) for number, job in enumerate(jobs)}
    first, second = dict(list(arrivals.items())[:2]), dict(list(arrivals.items())[2:])
    (earlier,) = together(first, output, "all").sources
    content = Path(earlier.path).read_bytes()

    (source,) = together(second, output, "all").sources

    assert source.path == str(output / "all-b-3d-2" / "tileset.json")
    assert Path(earlier.path).read_bytes() == content
    assert together(first, output, "all").sources == (earlier,)


def test_tilesets_of_several_kinds_stay_apart(output: Path) -> None:
    jobs = [job_in(output, f"Area {number}", number) for number in range(2)]
    documents = [tileset(0), tileset(1, gltfUpAxis="Z")]
    arrivals = {Path(job.folder): Arrival((scene(job, "b", document),)) for job, document in zip(jobs, documents)}

    arrival = together(arrivals, output, "all")

    assert [source.name for source in arrival.sources] == ["Area-0: b", "Area-1: b"]
    assert arrival.problems[0].startswith("The 2 results of the areas could not be joined")


def test_fifty_areas_of_two_hundred_features(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A building on each border between neighbours comes with both areas."""
    jobs = [job_in(output, f"Einzugsgebiet {number}", number) for number in range(50)]
    for number, job in enumerate(jobs):
        x = number * 1000
        corners = [(x + 20 + i % 14 * 60, 20 + i // 14 * 60) for i in range(198)] + [(x - 5, 500), (x + 995, 500)]
        rows = [{"shape": SQUARE.format(a, b, a + 10, b + 10), "name": f"Straße {a}/{b}"} for a, b in corners]
        table(Path(job.folder, "building.shp"), rows, "ESRI Shapefile", name=ogr.OFTString)
        window(Path(job.folder, "dem.tif"), (3 * number, 3 * number + 5))
    arrivals = all_of(*jobs)
    began = time.perf_counter()

    arrival = together(arrivals, output, "all")

    with capsys.disabled():
        print(f" 50 areas of 200: {time.perf_counter() - began:.2f} s", end="")
    assert arrival.problems == ()
    assert [(source.name, source.count) for source in arrival.sources] == [("building", 50 * 200 - 49), ("dem", None)]
    assert len(set(values(arrival.uris[0]))) == 50 * 200 - 49
    assert cells(arrival.uris[1]) == cells(DEM)
    began = time.perf_counter()
    assert together(arrivals, output, "all") == arrival
    assert time.perf_counter() - began < 5
