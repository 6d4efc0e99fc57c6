"""Polygons in a plane: the parts of a geometry, rings as arrays, and the repair of rings that cross themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Union

import numpy as np
import numpy.typing as npt
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

Positions: TypeAlias = npt.NDArray[np.float64]
"""n rows of x and y; in a ring the first row stands again at the end."""

Shape: TypeAlias = Union[Polygon, MultiPolygon]


def polygons(geometry: BaseGeometry) -> Iterator[Polygon]:
    """Every polygon in a geometry, however deep in collections; points, lines and empty ones are left out."""
    if isinstance(geometry, Polygon):
        if not geometry.is_empty:
            yield geometry
        return
    for part in getattr(geometry, "geoms", ()):
        yield from polygons(part)


def rings(polygon: Polygon) -> Iterator[Positions]:
    """The outer ring, then the holes, without heights."""
    for ring in (polygon.exterior, *polygon.interiors):
        yield np.asarray(ring.coords, dtype=float)[:, :2]


def positions(geometry: BaseGeometry) -> int:
    """The positions of all rings, with the closing one of each."""
    return sum(len(ring.coords) for part in polygons(geometry) for ring in (part.exterior, *part.interiors))


def ring_area(ring: Positions) -> float:
    """In squares of the unit, negative for a clockwise ring."""
    x, y = (ring - ring[0]).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2


def joined(parts: list[Polygon]) -> Shape:
    """One valid geometry of valid polygons, each with its outer ring counter-clockwise and its holes clockwise."""
    together: BaseGeometry = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    if not together.is_valid:
        together = unary_union(parts)
    turned = [_turned(part) for part in polygons(together)]
    return turned[0] if len(turned) == 1 else MultiPolygon(turned)


def _turned(polygon: Polygon) -> Polygon:
    outer, *holes = rings(polygon)
    if ring_area(outer) > 0 and all(ring_area(hole) < 0 for hole in holes) and not polygon.has_z:
        return polygon
    return Polygon(_running(outer, 1), [_running(hole, -1) for hole in holes])


def _running(ring: Positions, sense: int) -> Positions:
    return ring if ring_area(ring) * sense > 0 else ring[::-1]


def repaired(polygon: Polygon) -> tuple[BaseGeometry, bool]:
    """All that the polygon goes round, valid, and whether it was before: of a bow tie both lobes, of an area gone
    round twice the whole."""
    if polygon.is_valid:
        return polygon, True
    return without_holes([inside(ring) for ring in rings(polygon)]), False


def without_holes(regions: list[BaseGeometry]) -> BaseGeometry:
    """The first region less the others."""
    return regions[0].difference(unary_union(regions[1:])) if regions[1:] else regions[0]


def inside(ring: Positions) -> BaseGeometry:
    """What a ring goes round in either direction (the non-zero rule, so nothing drops out where it overlaps itself)."""
    polygon = Polygon(ring)
    if polygon.is_valid:
        return polygon
    faces = polygonize(unary_union(LineString(ring)))
    return unary_union([face for face in faces if winding(ring[:-1], ring[1:], face.representative_point())])


def winding(start: Positions, end: Positions, point: Point) -> int:
    """How often edges go round a point that isn't on them, counter-clockwise counted positive."""
    (x, y), (to_x, to_y) = (start - (point.x, point.y)).T, (end - (point.x, point.y)).T
    side = x * to_y - to_x * y
    up = (y <= 0) & (to_y > 0) & (side > 0)
    down = (y > 0) & (to_y <= 0) & (side < 0)
    return int(np.count_nonzero(up)) - int(np.count_nonzero(down))
