"""Flat faces of a city model as triangles: ear clipping in the plane of the face, concave outlines and holes too."""

from __future__ import annotations

import numpy as np

Point = tuple[float, float]


def triangles_of(rings: list[np.ndarray]) -> np.ndarray:
    """(n, 3, 3): the triangles of one face, turned as its outline is.

    ``rings``: (k, 3) coordinates each, first the outline, then the holes, none of them closed. A face without an area
    has no triangles. The corners are those of the rings and no others, so that neighbours meet without a gap.
    """
    flat, points = _in_plane(rings)
    if not flat:
        return np.empty((0, 3, 3))
    outline = list(range(len(rings[0])))  # turns to the left: so the plane is laid
    start = len(outline)
    holes = []
    for ring in rings[1:]:
        hole = list(range(start, start + len(ring)))
        holes.append(hole[::-1] if _area(flat, hole) > 0 else hole)
        start += len(ring)
    corners = _clipped(flat, _bridged(flat, outline, holes))
    return points[np.array(corners, dtype=int).reshape(-1, 3)]


def _in_plane(rings: list[np.ndarray]) -> tuple[list[Point], np.ndarray]:
    """Every corner in the coordinates of the face's plane (Newell's normal looks at us), and in space."""
    outline = rings[0] - rings[0][0]
    normal = np.cross(outline, np.roll(outline, -1, axis=0)).sum(axis=0)
    points = np.concatenate(rings)
    length = np.linalg.norm(normal)
    if len(outline) < 3 or length < 1e-6:
        return [], points
    normal /= length
    along = np.cross(normal, np.eye(3)[np.argmin(np.abs(normal))])
    along /= np.linalg.norm(along)
    flat = (points - rings[0][0]) @ np.stack([along, np.cross(normal, along)], axis=1)
    return [(float(x), float(y)) for x, y in flat], points


def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the area of a triangle, positive if it turns to the left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _area(flat: list[Point], ring: list[int]) -> float:
    return sum(_turn((0.0, 0.0), flat[a], flat[b]) for a, b in zip(ring, ring[1:] + ring[:1]))


def _bridged(flat: list[Point], outline: list[int], holes: list[list[int]]) -> list[int]:
    """One ring that walks into every hole and back over the shortest bridge that crosses nothing."""
    waiting = list(holes)
    while waiting:
        edges = [edge for ring in (outline, *waiting) for edge in zip(ring, ring[1:] + ring[:1])]
        bridges = sorted(
            ((flat[i][0] - flat[j][0]) ** 2 + (flat[i][1] - flat[j][1]) ** 2, at, to, number)
            for number, hole in enumerate(waiting)
            for at, i in enumerate(outline)
            for to, j in enumerate(hole)
        )
        _, at, to, number = next(
            bridge for bridge in bridges
            if not any(_cross(flat, outline[bridge[1]], waiting[bridge[3]][bridge[2]], *edge) for edge in edges)
        )  # fmt: skip
        hole = waiting.pop(number)
        outline = outline[: at + 1] + hole[to:] + hole[: to + 1] + outline[at:]
    return outline


def _cross(flat: list[Point], a: int, b: int, c: int, d: int) -> bool:
    """Whether a bridge a-b properly crosses an edge c-d."""
    p, q, r, s = flat[a], flat[b], flat[c], flat[d]
    return _turn(p, q, r) * _turn(p, q, s) < 0 and _turn(r, s, p) * _turn(r, s, q) < 0


def _clipped(flat: list[Point], ring: list[int]) -> list[tuple[int, int, int]]:
    """Cuts ears off until a triangle is left. What has no area any more is left out."""
    ring = list(ring)
    found: list[tuple[int, int, int]] = []
    while len(ring) > 3:
        at = next((i for i in range(len(ring)) if _is_ear(flat, ring, i)), None)
        if at is None:
            # A spike, or a corner on a straight edge: it goes without a triangle of its own.
            at = min(range(len(ring)), key=lambda i: abs(_turn(*(flat[k] for k in _corner(ring, i)))))
        corner = _corner(ring, at)
        if _turn(*(flat[k] for k in corner)) > 1e-9:
            found.append(corner)
        del ring[at]
    if len(ring) == 3 and _turn(*(flat[k] for k in ring)) > 1e-9:
        found.append((ring[0], ring[1], ring[2]))
    return found


def _corner(ring: list[int], at: int) -> tuple[int, int, int]:
    return ring[at - 1], ring[at], ring[(at + 1) % len(ring)]


def _is_ear(flat: list[Point], ring: list[int], at: int) -> bool:
    """Convex, and no other corner of the ring in it or on its edges."""
    a, b, c = (flat[k] for k in _corner(ring, at))
    if _turn(a, b, c) <= 1e-9:
        return False
    for k in ring:
        p = flat[k]
        inside = _turn(a, b, p) >= -1e-9 and _turn(b, c, p) >= -1e-9 and _turn(c, a, p) >= -1e-9
        if inside and p not in (a, b, c):
            return False
    return True
