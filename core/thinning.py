"""The first, coarse pass over very many vertices, all rings at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .polygons import Positions

_LEAST_RING = 6  # vertices; smaller rings are left for the careful pass


def thinned(rings: list[Positions], count: int) -> list[Positions]:
    """The rings with about `count` positions, right turns being filled. They may come to cross, as in Outlines.

    A pass drops the cheaper half of those vertices that are cheaper to drop than both their neighbours, so it is the
    same as taking the cheapest one after the other, nearly, and takes n log n.
    """
    x, y = np.concatenate([ring[:-1] for ring in rings]).T
    ring: npt.NDArray[np.intp] = np.repeat(np.arange(len(rings)), [len(ring) - 1 for ring in rings])
    chance = np.random.default_rng(0)  # decides between equals, as on a straight line of many vertices
    while len(x) > count:
        first = np.flatnonzero(np.diff(ring, prepend=-1))
        last = np.append(first[1:], len(x)) - 1
        before, after = np.arange(-1, len(x) - 1), np.arange(1, len(x) + 1)
        before[first], after[last] = last, first
        corner = (y - y[before]) * (x[after] - x) - (x - x[before]) * (y[after] - y)
        cost = corner * np.cos(np.radians(y)) + chance.random(len(x)) * 1e-30
        cost[(corner < 0) | np.repeat(last - first < _LEAST_RING, last - first + 1)] = np.inf
        least = np.flatnonzero((cost < cost[before]) & (cost <= cost[after]))
        if len(least) < len(x) // 100 + 1:
            break
        take = min((len(least) + 1) // 2, len(x) - count)
        dropped = least[np.argpartition(cost[least], take - 1)[:take]]
        x, y, ring = np.delete(x, dropped), np.delete(y, dropped), np.delete(ring, dropped)
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    return [np.vstack((part, part[:1])) for part in np.split(np.column_stack((x, y)), first[1:])]
