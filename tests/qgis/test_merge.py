"""Sheets become one raster, a theme in two formats one layer, and nothing gets lost on the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsMapRendererParallelJob, QgsMapSettings, QgsRasterLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from cutout.bridge.source import Kind
from cutout.bridge.survey import survey
from cutout.bridge.theme_folders import theme
from tests.qgis import deliveries
from tests.qgis.deliveries import COUNTIES, COUNTRIES, GLACIERS


def drawn(uri: str) -> set[int]:
    """Draws the raster over its whole extent: the colours of some hundred points, 0 for a transparent one."""
    layer = QgsRasterLayer(uri, "x", "gdal")
    assert layer.isValid(), uri
    extent = layer.extent()
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(200, int(200 * extent.height() / extent.width())))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    points = [(x, y) for x in range(2, image.width() - 2, 7) for y in range(2, image.height() - 2, 9)]
    return {image.pixelColor(x, y).alpha() and image.pixelColor(x, y).rgb() for x, y in points}


def cells(path: Path | str) -> bytes:
    return bytes(gdal.OpenEx(str(path)).ReadRaster())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("0/EXPORT/dtm/geotiff/a.tif", ("dtm",)),
        ("12/EXPORT/building/shapefile/a.shp", ("building",)),
        ("nz-parcels/nz-parcels.gdb", ("nz-parcels",)),
        ("2019/dem/a.tif", ("2019", "dem")),
        ("4711/1024/EXPORT/tree/a.shp", ("4711", "tree")),
        ("a.tif", ()),
        ("Export/a.tif", ("Export",)),
    ],
)
def test_a_theme_is_told_by_the_folders(path: str, expected: tuple[str, ...]) -> None:
    assert theme(Path("/job") / path, Path("/job")) == expected


def test_sheets_are_one_raster_that_qgis_draws(tmp_path: Path) -> None:
    folder = tmp_path / "Süd tal-0a1b2c3d"
    deliveries.sheets(folder, "BQ31_10000_")

    arrival = survey(folder)

    assert arrival.problems == ()
    (source,) = arrival.sources
    assert (source.name, source.kind, source.uri) == ("Süd tal", Kind.RASTER, str(folder / "Süd tal.vrt"))
    whole = gdal.Translate("", str(deliveries.DEM), format="MEM", srcWin=[0, 0, 152, 186])
    assert cells(source.uri) == bytes(whole.ReadRaster())
    colours = drawn(source.uri)
    assert 0 not in colours
    assert len(colours) > 50


def test_a_mosaic_is_relative_so_the_folder_can_be_moved(tmp_path: Path) -> None:
    deliveries.sheets(tmp_path / "here" / "dem")
    (source,) = survey(tmp_path / "here").sources
    expected = cells(source.uri)

    shutil.move(tmp_path / "here", tmp_path / "there")

    moved = tmp_path / "there" / Path(source.uri).relative_to(tmp_path / "here")
    assert str(tmp_path) not in moved.read_text("utf-8")
    assert cells(moved) == expected
    assert len(drawn(str(moved))) > 50


def test_numbered_tile_folders_are_one_raster_above_them(tmp_path: Path) -> None:
    for number, path in enumerate(deliveries.sheets(tmp_path / "made")):
        place = tmp_path / "job" / str(number) / "EXPORT" / "dtm" / "geotiff"
        place.mkdir(parents=True)
        path.replace(place / "dtm.tif")

    arrival = survey(tmp_path / "job")

    assert arrival.problems == ()
    assert arrival.uris == (str(tmp_path / "job" / "dtm.vrt"),)
    assert len(drawn(arrival.uris[0])) > 50


def test_one_sheet_stays_itself(tmp_path: Path) -> None:
    deliveries.sheets(tmp_path, columns=1, rows=1)

    assert survey(tmp_path).uris == (str(tmp_path / "sheet_01.tif"),)
    assert list(tmp_path.glob("*.vrt")) == []


def test_a_second_survey_takes_the_mosaic_that_is_there(tmp_path: Path) -> None:
    deliveries.sheets(tmp_path / "dem")
    first = survey(tmp_path)
    before = deliveries.tree(tmp_path)

    assert survey(tmp_path) == survey(tmp_path)
    assert survey(tmp_path).uris == first.uris
    assert deliveries.tree(tmp_path) == before


def test_sheets_that_do_not_fit_become_several_rasters(tmp_path: Path) -> None:
    deliveries.sheets(tmp_path, "a_")
    deliveries.sheets(tmp_path, "b_", origin=deliveries.PHOTO)
    gdal.Warp(str(tmp_path / "c.tif"), str(deliveries.DEM), dstSRS="EPSG:32613")

    arrival = survey(tmp_path)

    assert arrival.problems == ()
    title = tmp_path.name
    assert {Path(uri).name for uri in arrival.uris} == {f"{title}-a.vrt", f"{title}-b.vrt", "c.tif"}
    assert all(len(drawn(uri)) > 50 for uri in arrival.uris)


def test_two_themes_on_the_same_ground_do_not_hide_each_other(tmp_path: Path) -> None:
    deliveries.sheets(tmp_path / "job", "dsm_")
    deliveries.sheets(tmp_path / "job", "dtm_")

    arrival = survey(tmp_path / "job")

    assert [source.name for source in arrival.sources] == ["job-dsm", "job-dtm"]
    assert "dtm" not in (tmp_path / "job" / "job-dsm.vrt").read_text("utf-8")


def test_a_damaged_sheet_is_told_and_the_others_are_shown(tmp_path: Path) -> None:
    paths = deliveries.sheets(tmp_path)
    deliveries.cut_off(paths[0], 0.3)

    arrival = survey(tmp_path)

    assert [problem.split(" ")[0] for problem in arrival.problems] == ["sheet_01.tif"]
    (source,) = arrival.sources
    listed = Path(source.uri).read_text("utf-8")
    assert [path.name in listed for path in paths] == [False, True, True, True]


def test_where_no_mosaic_can_be_written_each_sheet_is_a_layer(tmp_path: Path) -> None:
    paths = deliveries.sheets(tmp_path / "dem")
    (tmp_path / "dem" / "dem.vrt.part").mkdir()  # stands in for a folder that can't be written to: tests run as root

    arrival = survey(tmp_path)

    assert sorted(arrival.uris) == sorted(map(str, paths))
    assert arrival.problems[0].startswith("4 sheets could not be joined")


def test_nothing_of_the_service_is_written_over(tmp_path: Path) -> None:
    deliveries.sheets(tmp_path / "dem")
    deliveries.files(tmp_path, {"dem/dem.vrt": "theirs"})

    arrival = survey(tmp_path)

    assert (tmp_path / "dem" / "dem.vrt").read_text() == "theirs"
    assert arrival.uris == (str(tmp_path / "dem" / "dem-2.vrt"),)
    assert arrival.problems[0].startswith("dem/dem.vrt is not loaded")


@pytest.mark.parametrize(
    ("gpkg", "shp"),
    [
        ("nz_parcels.gpkg", "nz-parcels.shp"),
        ("0/EXPORT/building/geopackage/building.gpkg", "0/EXPORT/building/shapefile/building.shp"),
    ],
)
def test_a_theme_in_two_formats_is_one_layer(tmp_path: Path, gpkg: str, shp: str) -> None:
    deliveries.vector(tmp_path / shp, "ESRI Shapefile")
    deliveries.vector(tmp_path / gpkg, "GPKG")

    arrival = survey(tmp_path)

    assert (arrival.uris, arrival.problems) == ((str(tmp_path / gpkg),), ())


def test_formats_of_one_name_with_other_content_are_two_layers(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "land.gpkg", "GPKG", COUNTIES)
    deliveries.vector(tmp_path / "land.shp", "ESRI Shapefile", COUNTRIES)
    deliveries.vector(tmp_path / "land.geojson", "GeoJSON", GLACIERS)

    assert len(survey(tmp_path).sources) == 3


def test_tiles_are_one_layer_and_other_files_of_the_same_content_are_not(tmp_path: Path) -> None:
    deliveries.vector(tmp_path / "job/0/EXPORT/road/geopackage/road.gpkg", "GPKG")
    deliveries.vector(tmp_path / "job/1/EXPORT/road/shapefile/road.shp", "ESRI Shapefile", GLACIERS)
    deliveries.vector(tmp_path / "job/2/EXPORT/road/geopackage/road.gpkg", "GPKG", where="name < 'M'")
    deliveries.vector(tmp_path / "job/a/road.gpkg", "GPKG")
    deliveries.vector(tmp_path / "job/b/road.gpkg", "GPKG")

    arrival = survey(tmp_path / "job")

    assert {(Path(uri).name, source.count) for uri, source in zip(arrival.uris, arrival.sources)} == {
        ("road.shp", 134),
        ("road.gpkg", 64),
        ("job.gpkg|layername=road", 64),
    }
    assert len(arrival.sources) == 4


def test_a_raster_in_two_formats_is_one_layer(tmp_path: Path) -> None:
    deliveries.raster(tmp_path / "jpeg" / "photo.jpg", "JPEG", deliveries.PHOTO)
    deliveries.raster(tmp_path / "geotiff" / "photo.tif", "GTiff", deliveries.PHOTO)

    assert survey(tmp_path).uris == (str(tmp_path / "geotiff" / "photo.tif"),)


def test_hundreds_of_sheets_open_at_once_since_their_statistics_are_there(tmp_path: Path) -> None:
    deliveries.sheets(tmp_path, columns=16, rows=16)

    (source,) = survey(tmp_path).sources

    raster = gdal.OpenEx(source.uri)
    low, high, _, _ = raster.GetRasterBand(1).GetStatistics(True, False)  # False: only if they are there
    layer = QgsRasterLayer(source.uri, "x", "gdal")
    stretch = layer.renderer().contrastEnhancement()
    assert (stretch.minimumValue(), stretch.maximumValue()) == (low, high)
    assert 2000 < low < high < 4500  # metres in the Rocky Mountains
