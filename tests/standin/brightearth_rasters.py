"""The rasters of a BrightEarth tile: the terrain (dtm) and what the ground is used for (clutter).

GUESS: their values. The tutorial names the layers and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from osgeo import gdal, ogr
from shapely.geometry.base import BaseGeometry

from .brightearth_place import Ground, Thing
from .data import quiet_gdal, reference

# (left, bottom, right, top) in the CRS, (columns, rows), EPSG code
Grid = tuple[tuple[float, float, float, float], tuple[int, int], int]
NO_HEIGHT = -9999.0
# 0 is no data. What comes later lies on what came before.
CLASSES = {"urban": 1, "grass": 2, "wood": 3, "water": 4, "road": 5, "building": 6}
COLOURS = [(0, 0, 0), (200, 196, 188), (172, 208, 140), (72, 140, 80), (112, 168, 220), (96, 96, 96), (188, 84, 60)]


def write_terrain(path: Path, grid: Grid, ground: Ground) -> None:
    """Heights in metres, float32, no data outside of the area."""
    bounds, (columns, rows), crs = grid
    with quiet_gdal():
        raster = gdal.Warp(
            "", ground.relief, format="MEM", dstSRS=f"EPSG:{crs}", outputBounds=bounds, width=columns, height=rows,
            resampleAlg="bilinear", dstNodata=NO_HEIGHT,
        )  # fmt: skip
        # Not by a cutline: that would cut along the pixels of the relief.
        covered = _drawing([(1, ground.drawn(ground.covered))], crs)
        gdal.Rasterize(raster, covered, burnValues=[NO_HEIGHT], inverse=True)
        options = ["COMPRESS=DEFLATE", "PREDICTOR=3"]
        gdal.Translate(str(path), raster, format="GTiff", creationOptions=options).FlushCache()


def write_clutter(path: Path, grid: Grid, ground: Ground, layers: Mapping[str, list[Thing]]) -> None:
    """One byte a pixel, with a colour table."""
    (left, bottom, right, top), (columns, rows), crs = grid
    with quiet_gdal():
        raster = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, gdal.GDT_Byte, ["COMPRESS=DEFLATE"])
        raster.SetProjection(reference(f"EPSG:{crs}").ExportToWkt())
        raster.SetGeoTransform((left, (right - left) / columns, 0, top, 0, (bottom - top) / rows))
        band = raster.GetRasterBand(1)
        table = gdal.ColorTable()
        for value, colour in enumerate(COLOURS):
            table.SetColorEntry(value, colour)
        band.SetColorTable(table)
        band.SetNoDataValue(0)
        gdal.Rasterize(raster, _drawing(_uses(ground, layers), crs), attribute="class")
        # A line fills pixels whose middle is outside.
        gdal.Rasterize(raster, _drawing([(1, ground.drawn(ground.covered))], crs), burnValues=[0], inverse=True)
        raster.FlushCache()


def _drawing(shapes: Iterable[tuple[int, BaseGeometry]], crs: int) -> gdal.Dataset:
    """(class, shape in the CRS) as a source of vectors in memory."""
    # GDAL 3.11 moved vectors in memory from the driver "Memory" to "MEM".
    driver = gdal.GetDriverByName("Memory") or gdal.GetDriverByName("MEM")
    memory = driver.Create("", 0, 0, 0, gdal.GDT_Unknown)
    layer = memory.CreateLayer("shapes", reference(f"EPSG:{crs}"), ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("class", ogr.OFTInteger))
    for value, geometry in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("class", value)
        feature.SetGeometry(ogr.CreateGeometryFromWkb(geometry.wkb))
        layer.CreateFeature(feature)
    return memory


def _uses(ground: Ground, layers: Mapping[str, list[Thing]]) -> Iterator[tuple[int, BaseGeometry]]:
    """Class and shape as drawn, the lowest first."""
    yield CLASSES["urban"], ground.drawn(ground.covered)
    for name in ("grass", "wood", "water"):
        for thing in layers["land"]:
            if thing.attributes["type"] == name:
                yield CLASSES[name], thing.drawn
    for name in ("road", "building"):
        for thing in layers[name]:
            yield CLASSES[name], thing.drawn
