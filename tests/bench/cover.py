"""Measure 9: real coasts of a million vertices and less, covered with 1,000, against a buffer that is simplified.

Buffer + simplify is given what helps it: degrees of equal length, the tolerance that was best of those tried (as wide
as the buffer), and an input simplified by a twentieth of that first, without which one buffer takes minutes. What it
loses by that, islets and a little of the land, is not held against it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from shapely.affinity import scale
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from cutout.core.aoi import Area, Cover, covered, from_geometries
from cutout.core.cover import square_degrees
from cutout.core.polygons import joined, outlines, polygons, positions
from tests.bench.coasts import PLACES, land
from tests.bench.result import Growth, Ratio, Result

MOST = 1000
LARGEST = "Nordic coasts"
SHARES = (1 / 64, 1 / 16, 1 / 4)  # of the largest place, from the south
TIMES = 2
STEPS, CLOSE = 14, 0.98  # a bisection ends when it has so many of the vertices allowed
FIRST = 0.02  # degrees


def measure() -> Result:
    figures: dict[str, float] = {}
    ratios: list[Ratio] = []
    areas = {name: from_geometries(land(name), "EPSG:4326") for name in PLACES}
    promised = []
    for name, area in areas.items():
        seconds, cover = _timed(lambda area=area: covered(area, MOST))
        own = cover.extra
        took, theirs = _timed(lambda area=area: _buffered(area), 1)
        hull = _more(area.geometry.convex_hull, area)
        promised.append(_keeps_its_promise(cover, area))
        ratios.append(Ratio(f"extra area in parts of buffer + simplify's, {name}", own / theirs, at_most=1 / 3))
        figures |= {
            f"{name}, vertices": area.vertices,
            f"{name}, parts": len(list(polygons(area.geometry))),
            f"{name}, s": seconds,
            f"{name}, buffer + simplify by bisection, s": took,
            f"{name}, extra area, %": 100 * own,
            f"{name}, extra area of buffer + simplify, %": 100 * theirs,
            f"{name}, extra area of the convex hull, %": 100 * hull,
        }
    points = _growth(areas[LARGEST], figures[f"{LARGEST}, s"])
    (few, short), (many, long) = points[-2], points[-1]
    slope = (long / short) / (many * math.log(many) / (few * math.log(few)))
    return Result(
        9,
        "An area with a million vertices",
        f"Real coasts with islands and fjords, {figures[f'{LARGEST}, vertices']:,.0f} vertices and less, covered by a "
        f"polygon of at most {MOST:,}.",
        [
            Ratio("the largest", figures[f"{LARGEST}, s"], at_most=3.0, unit="s"),
            Ratio("covers that are valid, whole and small enough, of all", sum(promised) / len(promised), at_least=1.0),
            *ratios,
            Ratio(f"growth from {few:,} vertices on, in parts of n log n", slope, at_most=1.0),
        ],
        figures,
        [Growth(f"A coast covered with {MOST:,} vertices", "vertices", "seconds", {"Cutout": points})],
        FOUND,
    )


def _timed(work: Callable[[], object], times: int = TIMES) -> tuple[float, object]:
    took = []
    for _ in range(times):
        began = time.monotonic()
        result = work()
        took.append(time.monotonic() - began)
    return min(took), result


def _keeps_its_promise(cover: Cover, area: Area) -> bool:
    shape = cover.area.geometry
    return shape.is_valid and shape.covers(area.geometry) and positions(shape) <= MOST


def _growth(area: Area, seconds: float) -> list[tuple[float, float]]:
    """Seconds by vertices, of the southern end of an area up to the whole, whose seconds are known."""
    west, south, east, north = area.geometry.bounds
    points = []
    for share in SHARES:
        part = box(west, south, east, south + share * (north - south)).intersection(area.geometry)
        piece = from_geometries([part], "EPSG:4326")
        points.append((piece.vertices, _timed(lambda piece=piece: covered(piece, MOST))[0]))
    return [*points, (area.vertices, seconds)]


def _buffered(area: Area) -> float:
    """What the smallest buffer adds that has few enough vertices once it is simplified, as a part of the area."""
    _, south, _, north = area.geometry.bounds
    wide = math.cos(math.radians((south + north) / 2))
    even = scale(area.geometry, wide, 1, origin=(0, 0))
    low, width, high = 0.0, FIRST, math.inf
    best = even
    for _ in range(STEPS):
        shape = even.simplify(width / 20, preserve_topology=False).buffer(width, 8).simplify(width)
        count = positions(joined(list(polygons(shape))))
        if count <= MOST:
            high, best = width, shape
            if count >= CLOSE * MOST:
                break
        else:
            low = width
        width = 2 * width if math.isinf(high) else (low + high) / 2
    return _more(scale(best, 1 / wide, 1, origin=(0, 0)), area)


def _more(shape: BaseGeometry, area: Area) -> float:
    size = square_degrees(outlines(joined(list(polygons(shape)))))
    return size / square_degrees(outlines(area.geometry)) - 1


FOUND = ""
