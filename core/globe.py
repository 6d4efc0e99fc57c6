"""Rings of longitude and latitude: unrolled over the antimeridian, closed over a pole, and folded back into ±180."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from shapely.affinity import translate
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from .errors import AreaError
from .polygons import Positions, Shape, inside, joined, polygons, repaired, rings, without_holes

_SAME = 1e-9  # degrees, a tenth of a millimetre
_WIDE = 90.0  # degrees of longitude; a wider edge is read as crossing the antimeridian by some, so none is sent
_STEP = 10.0


def is_at_home(polygon: Polygon) -> bool:
    """Whether there is nothing to unroll or to fold."""
    west, south, east, north = polygon.bounds
    return west >= -180 and east <= 180 and east - west < 180 and south >= -90 and north <= 90


def unrolled(ring: Positions, planar_worlds: bool) -> Positions:
    """The ring without jumps of longitude: 179, -179 becomes 179, 181.

    planar_worlds: leave an edge from -180 to 180 as it is, as polygons of the whole world have it.
    """
    lon = ring[:, 0]
    step = np.diff(lon)
    turns = np.where(np.abs(step) > 180, np.round(step / 360), 0)
    if planar_worlds:
        turns[np.abs(np.abs(step) - 360) < _SAME] = 0
    lon = lon - 360 * np.concatenate(([0], np.cumsum(turns)))
    seam = 360 * np.round((lon - 180) / 360) + 180
    lon = np.where(np.abs(lon - seam) < _SAME, seam, lon)
    return np.column_stack((lon, ring[:, 1]))


def closed_over_pole(ring: Positions, pole: float | None = None) -> Positions:
    """An unrolled ring that goes round a pole, led along it: in degrees a pole is the whole edge of the map.

    pole: its latitude; the nearer one if not given. Errors: AreaError for a ring that goes round more than once.
    """
    turn = round((ring[-1, 0] - ring[0, 0]) / 360)
    if not turn:
        return ring
    if abs(turn) > 1:
        raise AreaError("The area goes round a pole more than once.", "Draw it anew, or split it in two.")
    latitude = pole if pole is not None else math.copysign(90, ring[:, 1].mean())
    return np.vstack((ring, [(ring[-1, 0], latitude), (ring[0, 0], latitude), ring[0]]))


def assembled(unrolled_rings: list[Positions]) -> tuple[BaseGeometry, bool]:
    """The polygon of an outer ring and holes, valid and within ±180; and whether it was valid before.

    Each ring is folded by itself: the hole of a polygon on the antimeridian may begin on the other side of it.
    """
    outer, *holes = unrolled_rings
    every = [outer, *(hole for hole in holes if np.ptp(hole[:, 1]) > 0)]  # a hole at a pole goes round nothing
    if all(np.abs(ring[:, 0]).max() <= 180 for ring in every):
        return repaired(Polygon(every[0], every[1:]))
    valid = all(Polygon(ring).is_valid for ring in every)
    return without_holes([folded(inside(ring)) for ring in every]), valid


def folded(geometry: BaseGeometry) -> BaseGeometry:
    """What lies beyond ±180 put where it is on the globe, cut at the antimeridian (RFC 7946, 3.1.9)."""
    if geometry.is_empty:
        return geometry
    west, _, east, _ = geometry.bounds
    worlds = range(math.floor((west + 180) / 360), math.ceil((east + 180) / 360))
    if worlds == range(1):
        return geometry
    cut = [(geometry.intersection(box(360 * k - 180, -90, 360 * k + 180, 90)), k) for k in worlds]
    return unary_union([translate(part, -360 * k) for slice_, k in cut for part in polygons(slice_)])


def meeting_at_seam(geometry: BaseGeometry) -> bool:
    """Whether parts meet at ±180. What goes all round the globe in one part doesn't need to."""
    if geometry.is_empty or geometry.bounds[0] > -180 or geometry.bounds[2] < 180:
        return False
    sides = [(part.bounds[0] <= -180, part.bounds[2] >= 180) for part in polygons(geometry)]
    return (True, True) not in sides and (True, False) in sides and (False, True) in sides


def span(geometry: BaseGeometry) -> tuple[float, float]:
    """The longitudes where the widest gap between the parts ends and where it begins: west and east of all of them."""
    sides = sorted((part.bounds[0], part.bounds[2]) for part in polygons(geometry))
    east, gaps = -180.0, []
    for first, last in sides:
        gaps.append((first - east, first, east))
        east = max(east, last)
    _, west, east = max(gaps)
    return west, east


def quarters(shape: Shape) -> list[Shape]:
    """The shape in pieces of at most 90 degrees of longitude: areas of more than half the globe can't be measured."""
    west, _, east, _ = shape.bounds
    if east - west <= _WIDE:
        return [shape]
    slices = (shape.intersection(box(lon, -90, lon + _WIDE, 90)) for lon in (-180, -90, 0, 90))
    return [joined(parts) for parts in map(list, map(polygons, slices)) if parts]


def narrow_edges(shape: Shape) -> Shape:
    """The same shape with no edge so wide that it could be read as the way round the other side of the globe."""
    west, _, east, _ = shape.bounds
    if east - west <= _WIDE:
        return shape
    stepped_rings = [[stepped(ring, _WIDE, _STEP) for ring in rings(part)] for part in polygons(shape)]
    return joined([Polygon(outer, holes) for outer, *holes in stepped_rings])


def stepped(ring: Positions, wide: float, step: float) -> Positions:
    """The ring with points on each edge that is wider than `wide`, at most `step` apart (in x)."""
    width = np.abs(np.diff(ring[:, 0]))
    pieces = np.where(width > wide, np.ceil(width / step), 1).astype(int)
    edge: npt.NDArray[np.intp] = np.repeat(np.arange(len(width)), pieces)
    part = (np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / np.repeat(pieces, pieces)
    points = ring[edge] + (ring[edge + 1] - ring[edge]) * part[:, None]
    return np.vstack((points, ring[-1:]))
