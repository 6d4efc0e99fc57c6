"""Rings that lose vertices one after the other, each time adding as little area as possible and never taking any.

Every ring has the area on its left: outer rings run counter-clockwise, holes clockwise, and one rule serves both. Two
steps add a triangle on the right of the ring and save a vertex:

- drop a vertex where the ring turns right, which fills the corner;
- replace an edge between two left turns by the point where its neighbours meet, which puts a tip on it.

A ring may come to cross itself or another on the way. Nothing is lost by that: each step adds a triangle that is gone
round once more, so what was gone round once (`wound`) still is at the end, and that is the area that counts.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable

import numpy as np

from .polygons import Positions, Shape, gone_round, joined, polygons

_BLUNT = 2.0  # a tip of more area than this many squares of its edge is put off: it would be in the way later


class Outlines:
    """Rings as linked vertices. count: positions as a service counts them, with the closing one of each ring."""

    def __init__(self, rings: Iterable[Positions]) -> None:
        closed = list(rings)
        together = np.concatenate([ring[:-1] for ring in closed])
        self._x: list[float] = together[:, 0].tolist()
        self._y: list[float] = together[:, 1].tolist()
        self._next: list[int] = []
        self._previous: list[int] = []
        for ring in closed:
            first, size = len(self._next), len(ring) - 1
            self._next += [*range(first + 1, first + size), first]
            self._previous += [first + size - 1, *range(first, first + size - 1)]
        self._alive = [True] * len(self._x)
        self._tips = False
        self._turn = [0] * len(self._x)  # a step in the heap is stale when its vertex has a newer one
        self._heap: list[tuple[float, int, int, float, float]] = []
        self.count = len(self._x) + len(closed)

    def bridge(self, v: int, u: int) -> None:
        """Join the rings of two vertices into one by a bridge of no width, there and back."""
        there, back = len(self._x), len(self._x) + 1
        self._x += [self._x[u], self._x[v]]
        self._y += [self._y[u], self._y[v]]
        self._next += [back, self._next[v]]
        self._previous += [self._previous[u], there]
        self._previous[self._next[v]] = back
        self._next[self._previous[u]] = there
        self._next[v], self._previous[u] = u, v
        self._alive += [True, True]
        self._turn += [0, 0]
        self.count += 1

    def reduce(self, count: int, tips: bool) -> None:
        """Take the cheapest steps until no more than `count` positions are left, or no step is possible."""
        self._tips = tips
        self._heap = []
        for vertex, alive in enumerate(self._alive):
            if alive:
                self._offer(vertex)
        while self.count > count and self._heap:
            _, vertex, turn, x, y = heapq.heappop(self._heap)
            if self._alive[vertex] and self._turn[vertex] == turn:
                if math.isnan(x):
                    self._drop(vertex)
                else:
                    self._collapse(vertex, x, y)

    def rings(self) -> list[Positions]:
        """The rings that are left, closed."""
        found, seen = [], [not alive for alive in self._alive]
        for start in range(len(seen)):
            ring = []
            vertex = start
            while not seen[vertex]:
                seen[vertex] = True
                ring.append((self._x[vertex], self._y[vertex]))
                vertex = self._next[vertex]
            if ring:
                found.append(np.array([*ring, ring[0]]))
        return found

    def _offer(self, b: int) -> None:
        """Put the step that is possible at a vertex into the heap: fill its corner, or put a tip on its next edge."""
        x, y = self._x, self._y
        a, c = self._previous[b], self._next[b]
        self._turn[b] += 1
        ux, uy, wx, wy = x[b] - x[a], y[b] - y[a], x[c] - x[b], y[c] - y[b]
        corner = uy * wx - ux * wy
        if corner >= 0:
            heapq.heappush(self._heap, (corner * _width(y[b]), b, self._turn[b], math.nan, math.nan))
            return
        d = self._next[c]
        vx, vy = x[c] - x[d], y[c] - y[d]
        meeting = vx * uy - vy * ux
        if not self._tips or d == a or wx * vy - wy * vx >= 0 or meeting <= 0:
            return
        far = (wy * vx - wx * vy) / meeting
        px, py = x[b] + far * ux, y[b] + far * uy
        if abs(px) > 180 or abs(py) > 90:
            return
        width = _width(y[b])
        cost = -corner * far * width
        blunt = cost / (_BLUNT * ((wx * width) ** 2 + wy * wy))
        heapq.heappush(self._heap, (cost * max(1.0, blunt), b, self._turn[b], px, py))

    def _drop(self, b: int) -> None:
        a, c = self._previous[b], self._next[b]
        self._alive[b] = False
        self._next[a], self._previous[c] = c, a
        self.count -= 1
        if self._next[c] == a:  # a hole that is filled
            self._alive[a] = self._alive[c] = False
            self.count -= 3
            return
        for vertex in (self._previous[a], a, c):
            self._offer(vertex)

    def _collapse(self, b: int, x: float, y: float) -> None:
        c = self._next[b]
        a, d = self._previous[b], self._next[c]
        self._alive[c] = False
        self._next[b], self._previous[d] = d, b
        self._x[b], self._y[b] = x, y
        self.count -= 1
        for vertex in (self._previous[a], a, b, d):
            self._offer(vertex)


def wound(rings: Iterable[Positions]) -> Shape:
    """What the rings together go round at least once, counter-clockwise; each hole takes one round off."""
    return joined(list(polygons(gone_round(rings))))


def _width(latitude: float) -> float:
    """Of a degree of longitude, in degrees of latitude."""
    return math.cos(math.radians(latitude))
