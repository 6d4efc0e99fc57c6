"""A polygon that covers another with fewer vertices."""

from __future__ import annotations

import numpy as np

from .islands import bridged
from .outlines import Outlines, wound
from .polygons import Shape, joined, polygons, positions, rings

_COARSE = 4
_TIPS_FROM = (1.5, 2.0, 3.0)


def cover(area: Shape, most: int) -> tuple[Shape, float]:
    every = [ring for part in polygons(area) for ring in rings(part)]
    outlines = Outlines(bridged(every))
    outlines.reduce(_COARSE * most, tips=False)
    coarse = joined(list(polygons(wound(outlines.rings()))))
    found = [tight(coarse, most, f) for f in _TIPS_FROM]
    found = [f for f in found if f is not None]
    best = min(found, key=square_degrees)
    return best, square_degrees(best) / square_degrees(area) - 1


def tight(coarse, most, f):
    target, best = most, None
    for _ in range(4):
        outlines = Outlines(bridged([ring for part in polygons(coarse) for ring in rings(part)]))
        outlines.reduce(int(target * f), tips=False)
        outlines.reduce(target, tips=True)
        shape = joined(list(polygons(wound(outlines.rings()))))
        count = positions(shape)
        if count <= most and (best is None or square_degrees(shape) < square_degrees(best)):
            best = shape
        if most * 0.99 <= count <= most:
            break
        target += most - count
    return best


def square_degrees(shape: Shape) -> float:
    """Area on a sphere in square degrees at the equator, edges being straight in degrees. Never less for what covers more."""
    total = 0.0
    for part in polygons(shape):
        for ring in rings(part):
            lon, lat = ring[:, 0], np.radians(ring[:, 1])
            middle = np.sin((lat[1:] + lat[:-1]) / 2)
            total -= float((np.diff(lon) * (np.sin(lat[1:]) + 4 * middle + np.sin(lat[:-1]))).sum()) / 6
    return np.degrees(total)
