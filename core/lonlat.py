"""Polygons of any coordinate reference system as longitude and latitude on WGS 84.

Three things go wrong where only the corners are transformed, and are dealt with here: a straight edge of a map is not
straight in degrees, longitudes jump at the antimeridian, and a pole is one point of a map but a whole line in degrees.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from .errors import AreaError
from .globe import assembled, closed_over_pole, is_at_home, stepped, unrolled
from .polygons import Positions, polygons, repaired, rings

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

TOLERANCE = 1e-6  # how far an edge may leave its place, as a part of the size of the polygon
_ROUNDS = 40  # an edge is halved at most so often, as one that passes a pole by a metre needs to be
_MUCH = 20.0  # tolerances
_MOST_ADDED = 50_000  # points; only an edge that doesn't lie on the globe needs more
_PROBES = (0.3, 0.6)  # parts of an edge; not symmetrical, so that an S-shaped one can't pass
_AT_POLE = 5e-5  # degrees; what is nearer to a pole than this is at the pole. A metre is 1e-5

Rows: TypeAlias = npt.NDArray[np.float64]
"""Points of a ring: x, y, longitude, latitude, and where on the ring the point is (2.5: halfway from 2 to 3)."""


@dataclass(frozen=True)
class Projection:
    """The way from a coordinate reference system to longitude and latitude, and back.

    is_wgs84: it is longitude and latitude on WGS 84 already.
    unit: degrees in one unit of a CRS that is itself of longitudes and latitudes, else 0.
    metre: units in a metre, in any other CRS.
    period: units after which the map repeats itself eastwards (longitudes, Mercator), else 0.
    poles: the north and the south pole on the map, None where they aren't one point of it.
    """

    name: str
    transformer: Transformer
    is_wgs84: bool
    unit: float
    metre: float
    period: float
    poles: tuple[Point | None, Point | None]

    def world(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of a map that repeats itself."""
        if self.unit:
            return -180 / self.unit, -90 / self.unit, 180 / self.unit, 90 / self.unit
        west, y = _on_map(self.transformer, [-180.0, -180.0], [-90.0, 90.0])
        return west[0], y[0], west[0] + self.period, y[1]

    def to_lonlat(self, polygon: Polygon) -> tuple[BaseGeometry, bool]:
        """The polygon in degrees, valid, within ±180 and ±90; and whether it was valid before.

        Errors: AreaError where a part of it isn't on the globe.
        """
        if self.is_wgs84 and is_at_home(polygon):
            return repaired(polygon)
        if self.unit:
            return assembled([closed_over_pole(self._turned(ring)) for ring in rings(polygon)])
        whole, valid = repaired(polygon)
        pieces = [piece for part in polygons(whole) for piece in polygons(self._punctured(part))]
        return unary_union([self._projected(piece) for piece in pieces]), valid

    def _turned(self, ring: Positions) -> Positions:
        """A ring of longitudes and latitudes from another datum, unit or prime meridian."""
        longest, highest = np.abs(ring * self.unit).max(axis=0)
        if highest > 90 + _AT_POLE or longest > 720:
            raise AreaError(
                f"The area has positions beyond the longitudes and latitudes of {self.name}.",
                "If they are in metres or feet, set the coordinate reference system that they are in.",
            )
        lonlat = self._on_globe(ring)
        lonlat[:, 0] += 360 * np.round((ring[:, 0] * self.unit - lonlat[:, 0]) / 360)
        lonlat[:, 1] = np.clip(lonlat[:, 1], -90, 90)
        return unrolled(lonlat, planar_worlds=True)

    def _projected(self, polygon: Polygon) -> BaseGeometry:
        west, south, east, north = polygon.bounds
        tolerance = TOLERANCE * max(east - west, north - south)
        traced = []
        for ring in rings(polygon):
            lonlat = self._traced(ring, tolerance)
            at_pole = 90 - np.abs(lonlat[:, 1]) < _AT_POLE
            lonlat[at_pole, 1] = np.copysign(90, lonlat[at_pole, 1])
            traced.append(closed_over_pole(unrolled(lonlat, planar_worlds=False), self._pole_in(ring)))
        shape, _ = assembled(traced)
        inside = Point(self._on_globe(np.array(polygon.representative_point().coords))[0])
        if shape.distance(inside) > _AT_POLE:  # it may lie on the very seam, and the next float beside it
            raise self._beyond()
        return shape

    def _traced(self, ring: Positions, tolerance: float) -> Positions:
        """A ring of the map in degrees, with as many more points as its edges need to stay where they are."""
        start = stepped(ring, self.period / 4, self.period / 36) if self.period else ring
        points = np.column_stack((start, self._on_globe(start), np.arange(len(start))))
        found, near, far = [points], points[:-1], points[1:]
        for _ in range(_ROUNDS):
            bend = self._bend(near, far) / tolerance
            bent = bend > 1
            if not bent.any():
                together = np.concatenate(found)
                return together[np.argsort(together[:, 4])][:, 2:4]
            # An arc in n pieces bends n² times less; what bends much isn't an arc yet and is halved.
            pieces = np.where(bend[bent] > _MUCH, 2, np.ceil(np.sqrt(1.1 * bend[bent]))).astype(int)
            near, far, new = _cut(near[bent], far[bent], pieces)
            near[new, 2:4] = self._on_globe(near[new, :2])
            far[np.roll(new, -1), 2:4] = near[new, 2:4]
            found.append(near[new])
            if sum(map(len, found)) > len(start) + _MOST_ADDED:
                break
        raise self._beyond()

    def _bend(self, near: Rows, far: Rows) -> Rows:
        """How far straight edges in degrees leave the straight edges of the map, in its units."""
        along, around = far[:, :2] - near[:, :2], far[:, 2:4] - near[:, 2:4]
        around[:, 0] -= 360 * np.round(around[:, 0] / 360)
        length = np.maximum((along**2).sum(axis=1), np.finfo(float).tiny)
        worst = np.zeros(len(near))
        for part in _PROBES:
            place = near[:, 2:4] + around * part
            away = np.column_stack(_on_map(self.transformer, place[:, 0], place[:, 1])) - near[:, :2]
            away[~np.isfinite(away)] = np.finfo(np.float32).max  # nowhere on the map is as far as can be
            if self.period:
                away[:, 0] -= self.period * np.round((away[:, 0] - along[:, 0] * part) / self.period)
            foot = np.clip((away * along).sum(axis=1) / length, 0, 1)
            worst = np.maximum(worst, np.hypot(*(away - along * foot[:, None]).T))
        return worst

    def _on_globe(self, positions: Positions) -> Positions:
        lonlat = np.column_stack(self.transformer.transform(positions[:, 0], positions[:, 1]))
        if not np.isfinite(lonlat).all():
            raise self._beyond()
        return lonlat

    def _punctured(self, polygon: Polygon) -> BaseGeometry:
        """The polygon without the metre round a pole, so that every point of its rings has a longitude."""
        for pole in self.poles:
            if pole is not None and polygon.distance(pole) < self.metre:
                return polygon.difference(pole.buffer(self.metre, 4))
        return polygon

    def _pole_in(self, ring: Positions) -> float | None:
        around = Polygon(ring)
        return next((lat for lat, pole in zip((90.0, -90.0), self.poles) if pole and around.contains(pole)), None)

    def _beyond(self) -> AreaError:
        return AreaError(
            f"A part of the area lies beyond what {self.name} can show of the Earth.",
            "Choose a smaller area, or one in another coordinate reference system, such as EPSG:4326.",
        )


def _cut(near: Rows, far: Rows, pieces: npt.NDArray[np.intp]) -> tuple[Rows, Rows, npt.NDArray[np.bool_]]:
    """Each edge in so many pieces: where they begin and end, and which of the beginnings are new."""
    edge: npt.NDArray[np.intp] = np.repeat(np.arange(len(near)), pieces)
    number = (np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces))[:, None]
    step = (far - near)[edge] / pieces[edge][:, None]
    return near[edge] + step * number, near[edge] + step * (number + 1), number[:, 0] > 0


def projection(crs: object) -> Projection:
    """crs: whatever pyproj takes: an authority id such as EPSG:2193, WKT, a PROJ string.

    Errors: AreaError when it isn't known, or isn't one of the Earth's surface.
    """
    try:
        known = CRS.from_user_input(crs)
        while known.is_compound:
            known = known.sub_crs_list[0]
        if not (known.is_geographic or known.is_projected):
            raise CRSError("neither geographic nor projected")
        wgs84 = CRS.from_epsg(4326)
        transformer = Transformer.from_crs(known, wgs84, always_xy=True)
    except (CRSError, ProjError) as error:
        called = re.match(r'\w+\["([^"]+)"', str(crs).strip())  # well-known text begins with the name
        name = called[1] if called else " ".join(str(crs).split())[:60] or "none"
        advice = "Choose one with an authority id, such as EPSG:4326 or EPSG:3857."
        raise AreaError(f"The coordinate reference system ({name}) is not one that areas can be in.", advice) from error
    factor = known.axis_info[0].unit_conversion_factor if known.axis_info else 0.0
    if known.is_geographic:
        unit = math.degrees(factor) if factor else 1.0
        is_wgs84 = known.equals(wgs84, ignore_axis_order=True)
        return Projection(known.name, transformer, is_wgs84, unit, 0.0, 360 / unit, (None, None))
    poles = (_pole(transformer, 90.0), _pole(transformer, -90.0))
    return Projection(known.name, transformer, False, 0.0, 1 / (factor or 1.0), _period(transformer), poles)


def _pole(transformer: Transformer, latitude: float) -> Point | None:
    """Where a pole is on the map, None where it isn't one point of it."""
    x, y = _on_map(transformer, [0.0, 90.0, 180.0], [latitude] * 3)
    near = np.allclose([x, y], [[x[0]], [y[0]]], rtol=0, atol=1e-3)
    return Point(x[0], y[0]) if np.isfinite([x, y]).all() and near else None


def _period(transformer: Transformer) -> float:
    """The width of the world on a map whose meridians are parallel lines, 0 on any other."""
    longitudes = np.arange(-180.0, 180.0, 10.0)
    widths = []
    for latitude in (0.0, 60.0):
        x, y = _on_map(transformer, longitudes, np.full_like(longitudes, latitude))
        if not np.isfinite([x, y]).all() or np.ptp(y) > 1e-3:
            return 0.0
        widths.append(36 * float(np.median(np.diff(x))))
    return widths[0] if math.isclose(*widths, rel_tol=1e-9) else 0.0


def _on_map(transformer: Transformer, lon: Any, lat: Any) -> tuple[Any, Any]:
    return transformer.transform(lon, lat, direction=TransformDirection.INVERSE)
