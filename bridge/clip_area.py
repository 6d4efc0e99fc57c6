"""The area of a job on the map of some data, to cut them by.

An edge is straight in longitude and latitude (RFC 7946), on a map it may bend: it gets as many points as it needs to
stay where it is. Where the map has its seam does not matter. Runs in any thread: plain GDAL.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import ogr, osr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from .clip_geometry import Extent, Points, box, polygon, polygons_of, rings_of, together

TOLERANCE = 1e-8  # how far an edge may leave its place, as a part of the size of the area
_NOISE = 1e-13  # of a coordinate; PROJ is not more exact
_ROUNDS = 20  # an edge is halved at most so often
_MOST = 500_000  # points of a ring
_SAMPLES = 21  # of the extent of data, along each side
_SAME = 1e-6  # degrees
_NEAR = 90.0  # degrees; farther from their middle meridian some maps give any numbers
_MARGIN = 0.1  # of the extent of data, for what lies between the samples
_LEAST_MARGIN = 0.01  # degrees
_BESIDE_POLE = 90 - 1e-9  # degrees; Mercator has no pole
_SOUTH_TO_NORTH = (-90.0, 90.0)


def usable(crs: osr.SpatialReference | None) -> osr.SpatialReference:
    """The CRS, x before y and without heights. Errors: ExportError for one in which an area has no place."""
    if crs is None:
        raise ExportError(QCoreApplication.translate("ClipArea", "its CRS is not known"))
    plain = crs.Clone()
    plain.StripVertical()
    plain.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if not (plain.IsGeographic() or plain.IsProjected()):
        raise ExportError(QCoreApplication.translate("ClipArea", "its CRS is not one of the Earth's surface"))
    return plain


def on_map(area: Mapping[str, Any], crs: osr.SpatialReference, extent: Extent) -> ogr.Geometry:
    """The area, as a valid multipolygon; of one that is larger than the map, what of it is near the data.

    area: GeoJSON, as Area has it. crs: as usable gives it. extent: of the data, in the CRS. A file may be wrong in it,
    so it only counts where nothing else helps. Errors: ExportError.
    """
    map_ = _Map(crs)
    polygons = _polygons(area)
    parts = _unrolled(polygons, map_.world(extent))
    if not map_.is_wgs84:
        parts = _traced(parts if map_.holds(parts) else _unrolled(polygons, map_.window(extent)), map_)
    whole = ogr.Geometry(ogr.wkbMultiPolygon)
    for part in parts:
        whole.AddGeometry(polygon(part))
    valid = whole if whole.IsValid() else whole.MakeValid()
    if valid is None:
        raise _no_place()
    return valid if valid is whole else together([valid])


class _Map:
    """The way from longitude and latitude on WGS 84 to a CRS."""

    def __init__(self, crs: osr.SpatialReference) -> None:
        lonlat = osr.SpatialReference()
        lonlat.ImportFromEPSG(4326)
        lonlat.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        self.is_wgs84 = bool(crs.IsSame(lonlat, ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]))
        self._turn = 2 * math.pi / crs.GetAngularUnits() if crs.IsGeographic() else 0.0
        self._middle = _central_meridian(crs)
        self._there = osr.CoordinateTransformation(lonlat, crs)
        self._back = osr.CoordinateTransformation(crs, lonlat)

    def world(self, extent: Extent) -> Extent:
        """All longitudes and latitudes, from the seam of the map on; data may count longitudes up to 360."""
        middle = (extent[0] + extent[1]) / 2 * 360 / self._turn if self._turn else self._middle
        return middle - 180, middle + 180, *_SOUTH_TO_NORTH

    def holds(self, parts: Iterable[list[Points]]) -> bool:
        """Whether the map has a place for everything, from which it is found again: near its middle meridian."""
        every = [ring for rings in parts for ring in rings]
        if not every or self._turn:
            return True
        lonlat = np.concatenate(every)
        if np.abs(lonlat[:, 0] - self._middle).max() > _NEAR:
            return False
        away = np.abs(_transformed(self._back, _transformed(self._there, lonlat)) - lonlat)
        return bool((np.minimum(away, np.abs(away - (360, 0))) < _SAME).all())

    def window(self, extent: Extent) -> Extent:
        """The longitudes and latitudes within which data of this extent can lie."""
        west, east, south, north = extent
        x, y = np.meshgrid(np.linspace(west, east, _SAMPLES), np.linspace(south, north, _SAMPLES))
        found = _transformed(self._back, np.column_stack((x.ravel(), y.ravel())))
        found = found[np.isfinite(found).all(axis=1)]
        if not len(found):
            raise _no_place()
        away = (found[:, 0] - self._middle + 180) % 360 - 180
        left, right = _widened(away.min(), away.max(), 180)
        bottom, top = _widened(found[:, 1].min(), found[:, 1].max(), _BESIDE_POLE)
        for pole in _SOUTH_TO_NORTH:
            ((x, y),) = _transformed(self._there, np.array([[self._middle, pole]]))
            if west <= x <= east and south <= y <= north:
                left, right, bottom, top = -180.0, 180.0, min(bottom, pole), max(top, pole)
        return self._middle + left, self._middle + right, bottom, top

    def place(self, lonlat: Points) -> Points:
        """Where points are on the map. Errors: ExportError for one that is nowhere."""
        placed = _transformed(self._there, lonlat)
        if not np.isfinite(placed).all():
            raise _no_place()
        if self._turn:  # a change of datum may bring 181 degrees back as -179
            placed[:, 0] += self._turn * np.round(lonlat[:, 0] / 360 - placed[:, 0] / self._turn)
        return placed


def _central_meridian(crs: osr.SpatialReference) -> float:
    """The longitude that a map is made around: its seam, if it has one, is on the other side of the globe."""
    names = (osr.SRS_PP_CENTRAL_MERIDIAN, osr.SRS_PP_LONGITUDE_OF_CENTER)
    return next((lon for lon in (crs.GetNormProjParm(name, 0.0) for name in names) if lon), 0.0)


def _widened(low: float, high: float, most: float) -> tuple[float, float]:
    margin = max((high - low) * _MARGIN, _LEAST_MARGIN)
    return max(low - margin, -most), min(high + margin, most)


def _transformed(way: osr.CoordinateTransformation, points: Points) -> Points:
    """Infinite where there is no place for a point."""
    try:
        found = way.TransformPoints(points.tolist())
    except RuntimeError:  # a plugin's osr.UseExceptions: one point without a place is none for all
        found = [_transformed_one(way, point) for point in points.tolist()]
    return np.array(found, dtype=float).reshape(-1, 3)[:, :2]


def _transformed_one(way: osr.CoordinateTransformation, point: Sequence[float]) -> Sequence[float]:
    try:
        found: Sequence[float] = way.TransformPoint(*point)
    except RuntimeError:
        return math.inf, math.inf, 0.0
    return found


def _polygons(area: Mapping[str, Any]) -> list[list[Points]]:
    """The rings of each polygon of a GeoJSON geometry."""
    try:
        parts = {"Polygon": [area["coordinates"]], "MultiPolygon": area["coordinates"]}[area["type"]]
        return [[np.array([position[:2] for position in ring], dtype=float) for ring in part] for part in parts]
    except (KeyError, TypeError, ValueError) as error:
        raise ExportError(QCoreApplication.translate("ClipArea", "the area of the order can't be read")) from error


def _unrolled(parts: Iterable[list[Points]], window: Extent) -> list[list[Points]]:
    """What of the polygons lies in the window of longitudes and latitudes, each as often as the globe shows it there.

    What meets at the seam of longitudes and not at that of the window is one again.
    """
    west, east, south, north = window
    found, is_changed = [], False
    for rings in parts:
        (left, bottom), (right, top) = rings[0].min(axis=0), rings[0].max(axis=0)
        for turn in range(math.ceil((west - right) / 360), math.floor((east - left) / 360) + 1):
            moved = [ring + (360 * turn, 0) for ring in rings] if turn else rings
            is_inside = west <= left + 360 * turn and right + 360 * turn <= east and south <= bottom and top <= north
            is_changed |= bool(turn) or not is_inside
            found.append(polygon(moved) if is_inside else polygon(moved).Intersection(box(window)))
    if is_changed:
        found = [together(found)]
    return [rings_of(part) for geometry in found for part in polygons_of(geometry)]


def _traced(parts: Iterable[list[Points]], map_: _Map) -> list[list[Points]]:
    placed = [[(ring, map_.place(ring)) for ring in rings] for rings in parts]
    every = [points for rings in placed for _, points in rings]
    if not every:
        return []
    all_ = np.concatenate(every)
    tolerance = max(TOLERANCE * float(np.hypot(*np.ptp(all_, axis=0))), _NOISE * float(np.abs(all_).max()))
    return [[_traced_ring(lonlat, points, map_, tolerance) for lonlat, points in rings] for rings in placed]


def _traced_ring(lonlat: Points, points: Points, map_: _Map, tolerance: float) -> Points:
    """A ring on the map. An edge is halved, so that one that is gone there and back again has the same points."""
    is_open: npt.NDArray[np.bool_] = np.ones(len(points) - 1, dtype=bool)
    for _ in range(_ROUNDS):
        at = np.flatnonzero(is_open)
        if not len(at) or len(points) > _MOST:
            break
        middle = (lonlat[at] + lonlat[at + 1]) / 2
        probes = np.concatenate(((lonlat[at] + middle) / 2, middle, (middle + lonlat[at + 1]) / 2))
        placed = map_.place(probes).reshape(3, -1, 2)
        bent = _distance(placed, points[at], points[at + 1]).max(axis=0) > tolerance
        is_open[at[~bent]] = False
        new = at[bent] + 1
        lonlat = np.insert(lonlat, new, middle[bent], axis=0)
        points = np.insert(points, new, placed[1][bent], axis=0)
        is_open = np.insert(is_open, new, True)
    if is_open.any():
        raise _no_place()
    return points


def _distance(places: Points, start: Points, end: Points) -> Points:
    """From the segments; places: k times as many as segments."""
    along = end - start
    length = np.maximum((along**2).sum(axis=-1), np.finfo(float).tiny)
    part = np.clip(((places - start) * along).sum(axis=-1) / length, 0, 1)
    away: Points = np.hypot(*np.moveaxis(places - start - along * part[..., None], -1, 0))
    return away


def _no_place() -> ExportError:
    return ExportError(QCoreApplication.translate("ClipArea", "the area has no place in its CRS"))
