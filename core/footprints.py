"""What the faces of buildings cover, seen from above.

The border of those that look up, or down, tells it: the edges that have such a face on one side only, strung together
to rings. To unite the triangles takes ten times as long. Nearly always a ring, less those in it, is the answer; where
faces lie on top of each other it is what the rings go round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from shapely.geometry import Polygon

from .mesh import Flags, Floats, Indices, welded
from .polygons import Positions, Shape, gone_round, joined, polygons, ring_area

LEAST = 0.1  # square metres of a building: chimneys that stand alone are in city models too
_GAP = 0.05  # square metres: a hole so small is where rounded edges don't quite meet
_STRAIGHT = 0.005  # metres: corners that lie so near to the line between their neighbours are left out


def footprints(faces: Floats, is_up: Flags, of: Indices) -> Iterator[tuple[int, Shape]]:
    """The number of each building and its footprint, unless that is too small.

    faces: the corners of triangles, n x 3 x 3, none upright. is_up: which look up. of: the building of each, ascending.
    """
    sides = 2 * of + is_up
    order = np.argsort(sides, kind="stable")
    for number, both in groupby(_sides(faces[order], sides[order]), lambda side: side[0] // 2):
        rings = [ring for _, its in both for ring in its]
        whole = _polygon(rings)
        parts = polygons(gone_round(rings)) if whole is None else [whole]
        found = [_tidied(part) for part in parts if part.area >= _GAP]
        if sum(part.area for part in found) >= LEAST:
            yield number, joined(found) if whole is None else found[0]


def _sides(faces: Floats, of: Indices) -> Iterator[tuple[int, list[Positions]]]:
    """The rings around the upper and the lower side of each building, as seen from above. of: the side of each face."""
    numbers = np.unique(of)
    owner, edges, places = _border(faces, of)
    bounds = np.append(np.searchsorted(owner, numbers), len(edges)).tolist()
    for number, start, end in zip(numbers.tolist(), bounds, bounds[1:]):
        yield number, [np.array(ring if number % 2 else ring[::-1]) for ring in _rings(edges[start:end], places)]


def _border(faces: Floats, of: Indices) -> tuple[Indices, list[tuple[int, int]], list[list[float]]]:
    """The edges of each side that have a face on one side only: whose they are, their two ends, and the places of
    these. An edge stands there as many times as it has faces more on that side."""
    places, corner = welded((faces * [1.0, 1.0, 0.0]).reshape(-1, 3))
    triangles = corner.reshape(-1, 3)
    start, end, owner = triangles.T.ravel(), np.roll(triangles, -1, axis=1).T.ravel(), np.tile(of, 3)
    order = np.lexsort((np.maximum(start, end), np.minimum(start, end), owner))
    start, end, owner = start[order], end[order], owner[order]
    low, high = np.minimum(start, end), np.maximum(start, end)
    is_new = (np.diff(low, prepend=-1) != 0) | (np.diff(high, prepend=-1) != 0) | (np.diff(owner, prepend=-1) != 0)
    first = np.flatnonzero(is_new)
    more = np.add.reduceat(np.where(start < end, 1, -1), first)
    edge: Indices = np.repeat(first, np.abs(more))
    is_there: Flags = np.repeat(more > 0, np.abs(more))
    ends = np.where(is_there, low[edge], high[edge]), np.where(is_there, high[edge], low[edge])
    return owner[edge], list(zip(ends[0].tolist(), ends[1].tolist())), places[:, :2].tolist()


def _rings(edges: Sequence[tuple[int, int]], places: Sequence[list[float]]) -> Iterator[list[list[float]]]:
    """The edges strung together, closed. At every place as many end as begin, so no ring stays open."""
    after: dict[int, list[int]] = {}
    for start, end in edges:
        after.setdefault(start, []).append(end)
    while after:
        start = at = next(iter(after))
        ring: list[list[float]] = []
        while at != start or not ring:
            ring.append(places[at])
            following = after[at]
            if len(following) == 1:
                del after[at]
            at = following.pop()
        turn = ring.index(min(ring))  # a true corner, which simplifying keeps: it is where a ring begins
        yield [*ring[turn:], *ring[: turn + 1]]


def _polygon(rings: Sequence[Positions]) -> Polygon | None:
    """A ring without the holes in it, if that is all that there is; it runs counter-clockwise, and they clockwise."""
    outer, holes = rings[0], list(rings[1:])
    if holes:
        areas = [ring_area(ring) for ring in rings]
        outer = rings[areas.index(max(areas))]
        holes = [ring for ring, area in zip(rings, areas) if area < 0]
    shape = Polygon(outer, holes)
    return shape if len(holes) == len(rings) - 1 and shape.is_valid else None


def _tidied(part: Polygon) -> Polygon:
    holes = [hole for hole in part.interiors if Polygon(hole).area >= _GAP]
    shape = part if len(holes) == len(part.interiors) else Polygon(part.exterior, holes)
    simple = shape.simplify(_STRAIGHT)
    return simple if isinstance(simple, Polygon) and simple.is_valid and not simple.is_empty else shape
