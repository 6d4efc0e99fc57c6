"""Polygons in space as triangles: all convex ones of a size at once as fans, the others ear by ear."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .mesh import Floats, Indices

_FLAT = 1e-9  # a corner that turns by less, as a part of the area of the polygon, is a straight line


def triangulated(vertices: Floats, corners: Indices, sizes: npt.NDArray[np.int64]) -> tuple[Indices, Indices]:
    """The triangles, and of which polygon each one is.

    corners: the vertices of all polygons one after the other, sizes: how many each polygon has. What has fewer than
    three corners is left out.
    """
    starts = np.cumsum(sizes) - sizes
    triangles: list[Indices] = [np.empty((0, 3), np.int32)]
    owners: list[Indices] = [np.empty(0, np.int32)]
    for size in np.unique(sizes[sizes > 2]):
        chosen = np.flatnonzero(sizes == size)
        rings = corners[starts[chosen][:, None] + np.arange(size)]
        if size == 3:
            triangles.append(rings)
            owners.append(chosen.astype(np.int32))
            continue
        flat = _flattened(vertices[rings])
        convex = _is_convex(flat)
        steps = np.arange(1, size - 1)
        fans = np.stack([rings[convex][:, [0] * len(steps)], rings[convex][:, steps], rings[convex][:, steps + 1]], -1)
        triangles.append(fans.reshape(-1, 3))
        owners.append(np.repeat(chosen[convex], size - 2).astype(np.int32))
        for number in np.flatnonzero(~convex):
            ears = rings[number][_ears(flat[number])]
            triangles.append(ears)
            owners.append(np.full(len(ears), chosen[number], np.int32))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return np.concatenate(triangles)[order], owner[order]


def _flattened(rings: Floats) -> Floats:
    """Rings (polygon, corner, xyz) seen along the axis they face most, so that they go round counter-clockwise."""
    around = np.cross(rings - rings[:, :1], np.roll(rings, -1, axis=1) - rings[:, :1]).sum(axis=1)
    axis = np.abs(around).argmax(axis=1)
    every = np.arange(len(rings))
    u, v = (axis + 1) % 3, (axis + 2) % 3
    backwards = around[every, axis] < 0
    u, v = np.where(backwards, v, u), np.where(backwards, u, v)
    return np.stack([rings[every, :, u], rings[every, :, v]], -1)


def _turn(a: Floats, b: Floats, c: Floats) -> Floats:
    """Twice the area of the triangle, positive when it goes round counter-clockwise."""
    turn: Floats = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return turn


def _is_convex(rings: Floats) -> npt.NDArray[np.bool_]:
    """No corner turns right, nor does any triangle of the fan from the first corner."""
    after = np.roll(rings, -1, axis=1)
    turns = _turn(rings, after, np.roll(rings, -2, axis=1))
    fans = _turn(rings[:, :1], rings, after)
    area = fans.sum(axis=1)[:, None]
    convex: npt.NDArray[np.bool_] = ((turns >= -_FLAT * area) & (fans >= -_FLAT * area)).all(axis=1)
    return convex


def _ears(ring: Floats) -> Indices:
    """The triangles of a simple polygon, counter-clockwise; of one that crosses itself some that cover most of it."""
    left = list(range(len(ring)))
    found: list[tuple[int, int, int]] = []
    position = 0
    tried = 0
    while len(left) > 3 and tried < len(left):
        before, here, after = (left[(position + step) % len(left)] for step in (-1, 0, 1))
        if _is_ear(ring, before, here, after, left):
            found.append((before, here, after))
            left.pop(position % len(left))
            position, tried = position - 1, 0
        else:
            position, tried = position + 1, tried + 1
        position %= len(left)
    found.extend((left[0], left[step], left[step + 1]) for step in range(1, len(left) - 1))
    return np.array(found, np.int32)


def _is_ear(ring: Floats, before: int, here: int, after: int, left: list[int]) -> bool:
    """Whether the corner turns left and no other corner lies in its triangle."""
    a, b, c = ring[before], ring[here], ring[after]
    if _turn(a, b, c) <= 0:
        return False
    others = ring[left]
    inside = (_turn(a, b, others) >= 0) & (_turn(b, c, others) >= 0) & (_turn(c, a, others) >= 0)
    at_corner = (others == a).all(axis=1) | (others == b).all(axis=1) | (others == c).all(axis=1)
    return not (inside & ~at_corner).any()
