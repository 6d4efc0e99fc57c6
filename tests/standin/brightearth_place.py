"""The part of the world that the BrightEarth stand-in knows: the middle of Helsinki, out of OpenStreetMap.

``data/helsinki.geojson.gz``: buildings, roads, trees and land use. The relief is another's: that of rmnp-dem.tif, laid
over the place and flattened, because no elevation model of the city is at hand. See data/LICENCES.md.

The service finds something wherever there is an image, the stand-in has one place. For an area elsewhere that place is
moved there, true to scale (GUESS, to be of use; see Settings.anywhere).
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from osgeo import gdal
from pyproj import Transformer
from shapely.affinity import affine_transform
from shapely.geometry import MultiLineString, MultiPolygon, Polygon, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import transform

from .data import FOLDER, WGS84, quiet_gdal

PLACE = (24.9352, 60.1642, 24.9534, 60.1791)  # west, south, east, north in degrees
STOREY = 3.0  # metres: where OpenStreetMap counts storeys and has no height
UNKNOWN_HEIGHT = 9.0  # metres: where it has neither. Invented
RELIEF = (0.0, 30.0)  # metres: lowest and highest of the flattened relief. Invented


@dataclass(frozen=True)
class Thing:
    """A building, a road, a tree or a piece of land: in lon, lat degrees, and as it is drawn in the CRS asked for."""

    geometry: BaseGeometry
    drawn: BaseGeometry
    attributes: dict[str, Any]


@lru_cache(maxsize=1)
def _things() -> dict[str, list[tuple[BaseGeometry, dict[str, Any]]]]:
    """Geometry and attributes by layer."""
    with gzip.open(FOLDER / "helsinki.geojson.gz", "rt", encoding="utf-8") as file:
        features = json.load(file)["features"]
    found: dict[str, list[tuple[BaseGeometry, dict[str, Any]]]] = {}
    for feature in features:
        attributes = dict(feature["properties"])
        layer = attributes.pop("layer")
        if layer == "building":
            levels = attributes.pop("levels", None)
            attributes.setdefault("height", levels * STOREY if levels else UNKNOWN_HEIGHT)
        found.setdefault(layer, []).append((shape(feature["geometry"]), attributes))
    return found


class Ground:
    """What there is to find inside an area. ``covered``: the part of the area that the place covers, in degrees."""

    def __init__(self, aoi: Polygon | MultiPolygon, anywhere: bool, crs: int) -> None:
        self.aoi = aoi
        self._to_crs = Transformer.from_crs(4326, crs, always_xy=True).transform
        west, south, east, north = PLACE
        self._shift = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
        if anywhere and not aoi.intersects(box(*PLACE)):
            lon, lat = (aoi.bounds[0] + aoi.bounds[2]) / 2, (aoi.bounds[1] + aoi.bounds[3]) / 2
            wider = math.cos(math.radians((south + north) / 2)) / math.cos(math.radians(lat))
            self._shift = [wider, 0.0, 0.0, 1.0, lon - wider * (west + east) / 2, lat - (south + north) / 2]
        self._place = self._here(box(*PLACE))
        self.covered = aoi.intersection(self._place)
        self.relief = _relief(self._place.bounds)

    def things(self, layer: str) -> Iterator[Thing]:
        """What is inside of the area, clipped to it: multipolygons, multilinestrings, points."""
        for geometry, attributes in _things()[layer]:
            part = clipped(self._here(geometry), self.aoi)
            if part is not None:
                yield Thing(part, self.drawn(part), attributes)

    def drawn(self, geometry: BaseGeometry) -> BaseGeometry:
        """From degrees to the CRS asked for."""
        return transform(self._to_crs, geometry)

    def height(self, lon: float, lat: float) -> float:
        """Of the relief, in metres: the nearest pixel's."""
        west, south, east, north = self._place.bounds
        heights = _heights()
        row = int((north - lat) / (north - south) * heights.shape[0])
        column = int((lon - west) / (east - west) * heights.shape[1])
        return float(heights[min(max(row, 0), heights.shape[0] - 1), min(max(column, 0), heights.shape[1] - 1)])

    def _here(self, geometry: BaseGeometry) -> BaseGeometry:
        return affine_transform(geometry, self._shift)


def clipped(whole: BaseGeometry, area: BaseGeometry) -> BaseGeometry | None:
    """The part inside an area as a multi geometry of the whole's kind, or a point; None where they only touch."""
    part = whole.intersection(area)
    kind = whole.geom_type.replace("Multi", "")
    pieces = [piece for piece in getattr(part, "geoms", [part]) if piece.geom_type == kind and not piece.is_empty]
    if kind == "Point" or not pieces:
        return pieces[0] if pieces else None
    return MultiPolygon(pieces) if kind == "Polygon" else MultiLineString(pieces)


@lru_cache(maxsize=1)
def _heights() -> np.ndarray:
    """(rows, columns) float32, metres."""
    with quiet_gdal():
        source = gdal.Open(str(FOLDER / "rmnp-dem.tif"))
        size = (source.RasterYSize, source.RasterXSize)
        data = source.ReadRaster(buf_type=gdal.GDT_Float32)
    heights = np.frombuffer(data, np.float32).reshape(size)
    low, high = RELIEF
    flat = low + (heights - heights.min()) / (heights.max() - heights.min()) * (high - low)
    return np.asarray(flat, np.float32)


def _relief(bounds: tuple[float, float, float, float]) -> gdal.Dataset:
    """The relief as a raster in memory over these bounds."""
    heights = _heights()
    west, south, east, north = bounds
    rows, columns = heights.shape
    with quiet_gdal():
        raster = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Float32)
        raster.SetProjection(WGS84.ExportToWkt())
        raster.SetGeoTransform((west, (east - west) / columns, 0, north, 0, (south - north) / rows))
        raster.WriteRaster(0, 0, columns, rows, heights.tobytes())
    return raster
