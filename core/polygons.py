"""Polygons in a plane: the parts of a geometry, rings as arrays, and the repair of rings that cross themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Union

import numpy as np
import numpy.typing as npt
from shapely import wkb
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

Positions: TypeAlias = npt.NDArray[np.float64]
"""n rows of x and y; in a ring the first row stands again at the end."""

Shape: TypeAlias = Union[Polygon, MultiPolygon]

_MULTIPOLYGON = 6  # in well-known binary
_PAIRS = 2_000_000  # of edges and points that are compared at once, in at most about 200 MB


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


def outlines(shape: Shape) -> list[Positions]:
    """Every ring of it, outer ones counter-clockwise and holes clockwise: the area is on the left of all."""
    return [ring for part in _turned(shape) for ring in part]


def _turned(shape: Shape) -> list[list[Positions]]:
    """The outlines of each part, without heights.

    Read from well-known binary, since to ask shapely 1.8 for tens of thousands of rings takes seconds.
    """
    found: list[Positions] = []
    is_outer: list[bool] = []
    for at, first in _rings_in(content := wkb.dumps(shape, output_dimension=2)):
        (count,) = struct.unpack_from("=I", content, at)
        found.append(np.frombuffer(content, np.float64, 2 * count, at + 4).reshape(-1, 2))
        is_outer.append(first)
    parts: list[list[Positions]] = []
    for ring, first, area in zip(found, is_outer, ring_areas(found).tolist()):
        if first:
            parts.append([])
        parts[-1].append(ring if (area > 0) == first else ring[::-1])
    return parts


def _rings_in(content: bytes) -> Iterator[tuple[int, bool]]:
    """Where each ring begins in the well-known binary of this machine's byte order, and whether it is an outer one."""
    kind, count = struct.unpack_from("=2I", content, 1)
    at, parts = (9, count) if kind == _MULTIPOLYGON else (0, 1)
    for _ in range(parts):
        (rings_of_part,) = struct.unpack_from("=I", content, at + 5)
        at += 9
        for ring in range(rings_of_part):
            yield at, ring == 0
            at += 4 + 16 * struct.unpack_from("=I", content, at)[0]


def positions(shape: Shape) -> int:
    """The positions of all rings, with the closing one of each."""
    content = wkb.dumps(shape, output_dimension=2)
    return sum(struct.unpack_from("=I", content, at)[0] for at, _ in _rings_in(content))


def ring_area(ring: Positions) -> float:
    """In squares of the unit, negative for a clockwise ring."""
    return float(ring_areas([ring])[0])


def ring_areas(rings: list[Positions]) -> npt.NDArray[np.float64]:
    """The `ring_area` of each."""
    if not rings:
        return np.empty(0)
    size = np.array([len(ring) for ring in rings])
    first = np.cumsum(size) - size
    together = np.concatenate(rings)
    x, y = (together - np.repeat(together[first], size, axis=0)).T
    across = x[:-1] * y[1:] - x[1:] * y[:-1]  # of two rings: a ring begins and ends at its own origin
    return np.add.reduceat(np.append(across, 0.0), first) / 2


def joined(parts: list[Polygon]) -> Shape:
    """One valid geometry of valid polygons, each with its outer ring counter-clockwise and its holes clockwise."""
    together: Shape = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    if not together.is_valid:
        together = MultiPolygon(list(polygons(unary_union(parts))))
    turned = [Polygon(outer, holes) for outer, *holes in _turned(together)]
    return turned[0] if len(turned) == 1 else MultiPolygon(turned)


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
    return _faces([ring], either=True)


def gone_round(rings: Iterable[Positions]) -> BaseGeometry:
    """What the rings together go round at least once, counter-clockwise; each hole takes one round off."""
    return _faces(list(rings), either=False)


def _faces(given: list[Positions], either: bool) -> BaseGeometry:
    """The faces that rings make and go round counter-clockwise, or in either direction."""
    start, end = np.concatenate([ring[:-1] for ring in given]), np.concatenate([ring[1:] for ring in given])
    faces = list(polygonize(unary_union([LineString(ring) for ring in given])))
    turns = _windings(start, end, faces)
    return unary_union([faces[n] for n in np.flatnonzero(turns if either else turns > 0)])


def _windings(start: Positions, end: Positions, faces: list[Polygon]) -> npt.NDArray[np.int64]:
    """How often edges that are the sides of faces go round each face, counter-clockwise counted positive.

    A point in each face is compared with those edges only that lie at its height.
    """
    points = np.array([face.representative_point().coords[0][:2] for face in faces]).reshape(-1, 2)
    points = points[order := np.argsort(points[:, 1])]
    found: npt.NDArray[np.int64] = np.zeros(len(faces), np.int64)
    for some in np.array_split(np.arange(len(start)), 1 + len(start) * len(faces) // _PAIRS):
        low, high = np.minimum(start[some, 1], end[some, 1]), np.maximum(start[some, 1], end[some, 1])
        last = np.searchsorted(points[:, 1], high)
        count = last - np.searchsorted(points[:, 1], low)
        edge: npt.NDArray[np.intp] = np.repeat(some, count)
        point = np.arange(len(edge)) + np.repeat(last - np.cumsum(count), count)
        (x, y), (to_x, to_y) = (start[edge] - points[point]).T, (end[edge] - points[point]).T
        side, upwards = np.sign(x * to_y - to_x * y), np.sign(to_y - y)
        found[order] += np.bincount(point[side == upwards], upwards[side == upwards], len(faces)).astype(np.int64)
    return found
