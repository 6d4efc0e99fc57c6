"""The polygon that covers another with fewer vertices and as little more area as was found.

Four passes, each on far fewer vertices than the one before, so the first counts for the time and the last for the area:
small islands are put together and small holes filled, vertices are thinned in bulk, then the cheapest are taken one by
one, and at last tips are put on edges as well. What comes out is checked against the area itself, not trusted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
from shapely.geometry import JOIN_STYLE, MultiPolygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import transform
from shapely.prepared import prep

from .errors import AreaError
from .globe import meeting_at_seam, narrow_edges
from .islands import bridges, gathered
from .outlines import Outlines, wound
from .polygons import Positions, Shape, joined, outlines, polygons, positions
from .thinning import thinned

_THIN, _COARSE = 16, 4  # how many times the vertices wanted are left by the passes before the last
_LEAST = 500  # ... but of no fewer than so many, since small covers are quick anyway
_TIPS_FROM = (1.5, 2.0, 3.0)  # and from where on it puts tips; which is best depends on how rough the coast is
_TRIES = 5
_DECIMALS = 9
_OUTSET = 2e-9  # degrees; more than rounding to _DECIMALS and than what floating point loses, less than a millimetre
_SHARP = 100.0  # how far, in outsets, a corner may reach before it is cut off with one more vertex
_WORLD = box(-180, -90, 180, 90)


def cover(area: Shape, most: int) -> tuple[Shape, float]:
    """A valid shape of at most so many positions that covers the area, and what it adds as a part of the area.

    Errors: AreaError when there are too few for a rectangle on each side of the antimeridian.
    """
    rings = outlines(area)
    found = [shape for shape in _candidates(rings, most) if 0 < positions(shape) <= most]
    for shape in chain(sorted(found, key=_size), _plain(area)):
        if positions(shape) <= most and shape.is_valid and prep(shape).covers(area):
            return shape, max(0.0, _size(shape) / square_degrees(rings) - 1)
    enough = 5 * len(_sides(area))
    raise AreaError(f"This area can't be covered with {most} vertices.", f"{enough} are enough for rectangles.")


def square_degrees(rings: list[Positions]) -> float:
    """Area on a sphere, in square degrees at the equator, edges being straight in degrees: never less for more."""
    longitude, latitude = np.concatenate(rings).T
    low, high = np.radians(latitude[:-1]), np.radians(latitude[1:])
    height = (np.sin(low) + 4 * np.sin((low + high) / 2) + np.sin(high)) / 6
    height[np.cumsum([len(ring) for ring in rings[:-1]], dtype=int) - 1] = 0  # from one ring to the next
    return float(np.degrees(((longitude[:-1] - longitude[1:]) * height).sum()))


def _candidates(rings: list[Positions], most: int) -> Iterator[Shape]:
    enough = max(most, _LEAST)
    coarse = wound(thinned(gathered(rings, enough), _THIN * enough))
    left = positions(coarse)
    while left > _COARSE * most:
        left = max(_COARSE * most, min(left, positions(coarse)) // 2)
        rings = outlines(coarse)
        coarse = _reduced(rings, list(bridges(rings)), left, left)
    rings = outlines(coarse)
    links = list(bridges(rings))
    for factor in _TIPS_FROM:
        yield from _tight(rings, links, most, factor)
    yield from map(_settled, _plain(coarse))


def _tight(rings: list[Positions], links: list[tuple[int, int]], most: int, factor: float) -> Iterator[Shape]:
    """Shapes of about so many positions, the target being moved until one has no more and hardly fewer.

    The count doesn't come out by itself: bridges that weren't filled and stretches that lie within others go away.
    """
    target = most
    for _ in range(_TRIES):
        shape = _settled(_reduced(rings, links, target, int(factor * target)))
        yield shape
        count = positions(shape)
        if 0.99 * most <= count <= most:
            break
        target = max(4, target + most - count)


def _reduced(rings: list[Positions], links: list[tuple[int, int]], count: int, tips_from: int) -> Shape:
    linked = Outlines(rings)
    for vertex, other in links:
        linked.bridge(vertex, other)
    linked.reduce(max(count, tips_from), tips=False)
    linked.reduce(count, tips=True)
    return wound(linked.rings())


def _settled(shape: Shape) -> Shape:
    """The shape set outwards by so little that rounding can't uncover anything, within the world, and rounded."""
    outset = shape.buffer(_OUTSET, join_style=JOIN_STYLE.mitre, mitre_limit=_SHARP)
    within = narrow_edges(joined(list(polygons(outset.intersection(_WORLD)))))
    short = transform(lambda *axes: tuple(np.round(axis, _DECIMALS) for axis in axes), within)
    return short if short.is_valid else within


def _plain(area: Shape) -> Iterator[Shape]:
    """Hulls and rectangles, one on each side of the antimeridian: what is best where vertices are very few."""
    sides = _sides(area)
    hulls, rectangles = [side.convex_hull for side in sides], [side.envelope for side in sides]
    for shapes in (hulls, rectangles):
        shape = joined([part for shape in shapes for part in polygons(shape)])
        yield narrow_edges(shape)
        yield shape


def _sides(area: Shape) -> list[BaseGeometry]:
    """The area on either side of the antimeridian, or all of it if it doesn't cross that."""
    if not meeting_at_seam(area):
        return [area]
    west = [part for part in polygons(area) if part.bounds[0] + part.bounds[2] < 0]
    east = [part for part in polygons(area) if part.bounds[0] + part.bounds[2] >= 0]
    return [MultiPolygon(west), MultiPolygon(east)]


def _size(shape: Shape) -> float:
    return square_degrees(outlines(shape))
