"""Many rings made few: bridges that join islands, small islands put together, small lakes filled."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from shapely.geometry import LineString

from .polygons import Positions, outlines, polygons, ring_areas

_SAMPLE = 4000  # vertices of large rings between which bridges are looked for; more take time and gain nothing
_FAR = 180.0  # degrees of longitude: beyond it a bridge would lead round the wrong side of the globe


def bridges(rings: list[Positions]) -> Iterator[tuple[int, int]]:
    """Pairs of vertices that join each outer ring to the nearest of the larger ones, counted through all rings.

    A vertex is counted from the first of the first ring, without the closing ones.
    """
    starts = np.concatenate(([0], np.cumsum([len(ring) - 1 for ring in rings])))
    areas = ring_areas(rings)
    outer = [n for n in np.argsort(-areas, kind="stable").tolist() if areas[n] > 0]
    stride = max(1, sum(len(rings[n]) for n in outer) // _SAMPLE)
    samples = [np.arange(0, len(rings[n]) - 1, max(1, min(stride, len(rings[n]) // 4))) for n in outer]
    if len(outer) < 2:
        return
    number = np.concatenate([starts[n] + sample for n, sample in zip(outer, samples)])
    place = np.concatenate([rings[n][sample] for n, sample in zip(outer, samples)])
    width = math.cos(math.radians(float(place[:, 1].mean())))
    x, y = place[:, 0], place[:, 1]
    end = len(samples[0])
    for sample in samples[1:]:
        own = slice(end, end + len(sample))
        apart = ((x[own, None] - x[:end]) * width) ** 2 + (y[own, None] - y[:end]) ** 2
        here, there = np.unravel_index(int(apart.argmin()), apart.shape)
        if abs(x[end + here] - x[there]) < _FAR:
            yield int(number[there]), int(number[end + here])
        end += len(sample)


def gathered(rings: list[Positions], most: int) -> list[Positions]:
    """At most about so many outer rings and so many holes: the smallest holes are filled, and the outer rings that lie
    within one square of a grid become their convex hull, with the finest grid that does."""
    areas = ring_areas(rings)
    holes = [rings[n] for n in np.argsort(areas, kind="stable")[:most].tolist() if areas[n] <= 0]
    outer = [ring for ring, area in zip(rings, areas.tolist()) if area > 0]
    if len(outer) > most:
        squares = _squares(outer, most)
        together: dict[int, list[Positions]] = {}
        for square, ring in zip(squares.tolist(), outer):
            together.setdefault(square, []).append(ring)
        outer = [same[0] if len(same) == 1 else _hull(np.vstack(same)) for same in together.values()]
    return outer + holes


def _squares(rings: list[Positions], most: int) -> npt.NDArray[np.int64]:
    """The number of the grid square of each ring; a ring that is larger than a square has its own number."""
    first = np.cumsum([0, *map(len, rings[:-1])])
    together = np.concatenate(rings)
    low, high = np.minimum.reduceat(together, first), np.maximum.reduceat(together, first)
    wide = (math.cos(math.radians(float(low[:, 1].mean()))), 1)
    size = ((high - low) * wide).max(axis=1)
    middle = (high + low) * wide / 2
    side = max(float(np.median(size)), 1e-9)
    while True:
        column, row = np.floor(middle / side).astype(np.int64).T
        square = np.where(size < side, column * 2**32 + row, -(2**62) - np.arange(len(rings)))
        if len(np.unique(square)) <= most or side > 360:
            return square
        side *= 1.5


def _hull(points: Positions) -> Positions:
    return outlines(next(polygons(LineString(points).convex_hull)))[0]
