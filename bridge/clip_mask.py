"""Which cells of a raster have their centre in an area. Runs in any thread: plain GDAL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from osgeo import gdal, ogr

from ..core.errors import ExportError
from .clip_geometry import polygon

_SIDE = 1024  # cells of a block that is in memory, a multiple of the side of a tile in a GeoTIFF


@dataclass(frozen=True)
class Window:
    """Cells of a raster: columns and rows before it, then its own."""

    left: int
    top: int
    columns: int
    rows: int

    def blocks(self) -> Iterator[Window]:
        for top in range(0, self.rows, _SIDE):
            for left in range(0, self.columns, _SIDE):
                yield Window(left, top, min(_SIDE, self.columns - left), min(_SIDE, self.rows - top))

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.columns, self.rows


class Mask:
    """Which cells have their centre in the area."""

    def __init__(self, shape: ogr.Geometry, place: tuple[float, ...]) -> None:
        self._prepared = shape.CreatePreparedGeometry()
        self._place = place
        driver = gdal.GetDriverByName("Memory") or gdal.GetDriverByName("MEM")  # one since GDAL 3.11
        self._dataset = driver.Create("", 0, 0, 0, gdal.GDT_Unknown)
        self._layer = self._dataset.CreateLayer("area", None, ogr.wkbMultiPolygon)
        feature = ogr.Feature(self._layer.GetLayerDefn())
        feature.SetGeometry(shape)
        self._layer.CreateFeature(feature)

    def inside(self, window: Window) -> npt.NDArray[np.bool_]:
        """A value a cell, row by row."""
        right, bottom = window.left + window.columns, window.top + window.rows
        corners = ((window.left, window.top), (right, window.top), (right, bottom), (window.left, bottom))
        ring = [gdal.ApplyGeoTransform(self._place, *corner) for corner in (*corners, corners[0])]
        block = polygon([np.array(ring)])
        cells = window.columns * window.rows
        if self._prepared.Contains(block):
            return np.ones(cells, dtype=bool)
        if not self._prepared.Intersects(block):
            return np.zeros(cells, dtype=bool)
        raster = gdal.GetDriverByName("MEM").Create("", window.columns, window.rows, 1, gdal.GDT_Byte)
        x, y = gdal.ApplyGeoTransform(self._place, window.left, window.top)
        raster.SetGeoTransform((x, *self._place[1:3], y, *self._place[4:6]))
        if gdal.RasterizeLayer(raster, [1], self._layer, burn_values=[1]) != gdal.CE_None:
            raise ExportError(gdal.GetLastErrorMsg())
        return np.frombuffer(raster.ReadRaster(), dtype=np.uint8) == 1
