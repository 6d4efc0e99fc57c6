"""The piece of Vienna that a 3DCityLoader order asks for, as triangles in the coordinates of its files.

Nothing is documented of those coordinates: which way they run, where they begin and what the heights mean are settings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pyproj import Transformer
from shapely.geometry import Polygon

from . import city
from .cityloader_orders import WGS84, Bounds, Order, around
from .cityloader_settings import Settings

MOST_CELLS = 200  # of the terrain along a side: a county would be coarse, not huge
BOTTOM = 10.0  # metres from the lowest ground to the bottom of a solid terrain
ELSEWHERE = (-1234.5, 9876.5)  # the origin "other", as it lies from the corner of the area


@dataclass(frozen=True)
class Body:
    """One thing of a model. ``theme``: terrain or buildings; ``triangles``: (n, 3, 3)."""

    name: str
    theme: str
    triangles: np.ndarray


@dataclass(frozen=True)
class Model:
    """What is in the files. ``origin``: what was taken off x, y and z in ``frame``, before ``scale``."""

    bodies: tuple[Body, ...]
    frame: str
    origin: tuple[float, float, float]
    scale: float


def model(order: Order, settings: Settings) -> Model | None:
    """The model of an order; None where there are no data, or nothing of what was asked for."""
    bbox = _in_vienna(order.bbox) if settings.anywhere else order.bbox
    if not _meet(bbox, city.PLACE):
        return None
    area = _corners(bbox)
    bodies: list[Body] = []
    if "terrain" in order.include:
        bodies.append(Body("terrain", "terrain", _terrain(area, settings)))
    if "buildings" in order.include:
        bodies += _buildings(area, settings.clip)
    return _placed(bodies, bbox, area, settings) if bodies else None


def _in_vienna(bbox: Bounds) -> Bounds:
    """A box of the same size in metres around the middle of the data."""
    west, south, east, north = bbox
    middle = (south + north) / 2
    size = [WGS84.line_length([west, east], [middle] * 2), WGS84.line_length([west] * 2, [south, north])]
    return around(((city.PLACE[0] + city.PLACE[2]) / 2, (city.PLACE[1] + city.PLACE[3]) / 2), size)


def _meet(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _corners(bbox: Bounds) -> np.ndarray:
    """(4, 2): the corners of the box in EPSG:32633, from the south-west to the left. Its sides are straight there."""
    west, south, east, north = bbox
    x, y = city.to_utm([west, east, east, west], [south, south, north, north])
    return np.stack([x, y], axis=1)


def _terrain(area: np.ndarray, settings: Settings) -> np.ndarray:
    """(n, 3, 3): a grid over exactly the area, two triangles a cell; with a skirt and a bottom if it is to be solid."""
    sides = [np.linalg.norm(area[1] - area[0]), np.linalg.norm(area[3] - area[0])]
    columns, rows = (min(MOST_CELLS, max(1, math.ceil(side / settings.terrain_step))) for side in sides)
    u, v = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1))
    weights = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v], axis=-1)
    flat = weights @ area
    grid = np.dstack([flat, city.ground_height(flat[..., 0], flat[..., 1])])
    sheet = _cells(grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1])
    if not settings.solid:
        return sheet
    bottom = grid.copy()
    bottom[..., 2] = grid[..., 2].min() - BOTTOM
    parts = [sheet, _cells(bottom[:-1, :-1], bottom[1:, :-1], bottom[1:, 1:], bottom[:-1, 1:])]
    for edge in (np.s_[0, :], np.s_[:, -1], np.s_[-1, ::-1], np.s_[::-1, 0]):
        above, below = grid[edge], bottom[edge]
        parts.append(_cells(below[:-1], below[1:], above[1:], above[:-1]))
    return np.concatenate(parts)


def _cells(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Two triangles for each quadrilateral a-b-c-d."""
    halves = np.stack([np.stack([a, b, c], axis=-2), np.stack([a, c, d], axis=-2)], axis=-3)
    return halves.reshape(-1, 3, 3)


def _buildings(area: np.ndarray, clip: str) -> Iterator[Body]:
    outline = Polygon(area)
    for building in city.buildings():
        triangles = np.concatenate([part.triangles for part in building.parts])
        if clip == "cut" and not outline.contains(building.ground):
            triangles = cut(triangles, area)
        elif clip == "whole" and not outline.contains(building.ground.centroid):
            continue
        if len(triangles):
            yield Body(building.id, "buildings", triangles)


def cut(triangles: np.ndarray, area: np.ndarray) -> np.ndarray:
    """(m, 3, 3): what of the triangles lies in a convex area whose corners (k, 2) turn to the left. Cuts stay open."""
    for start, end in zip(area, np.roll(area, -1, axis=0)):
        along = end - start
        offset = triangles[..., :2] - start
        inside = along[0] * offset[..., 1] - along[1] * offset[..., 0]  # positive on the left
        whole = (inside >= 0).all(axis=1)
        crossed = ~whole & (inside > 0).any(axis=1)
        pieces = [piece for each in zip(triangles[crossed], inside[crossed]) for piece in _kept(*each)]
        triangles = np.concatenate([triangles[whole], np.array(pieces).reshape(-1, 3, 3)])
    return triangles


def _kept(corners: np.ndarray, depth: np.ndarray) -> list[np.ndarray]:
    """One or two triangles: the part of one where ``depth`` is not negative (Sutherland and Hodgman)."""
    ring: list[np.ndarray] = []
    for i in range(3):
        j = (i + 1) % 3
        if depth[i] >= 0:
            ring.append(corners[i])
        if depth[i] * depth[j] < 0:
            ring.append(corners[i] + (corners[j] - corners[i]) * (depth[i] / (depth[i] - depth[j])))
    return [np.stack([ring[0], ring[k], ring[k + 1]]) for k in range(1, len(ring) - 1)]


def _placed(bodies: list[Body], bbox: Bounds, area: np.ndarray, settings: Settings) -> Model:
    """The bodies in the coordinates of the files."""
    if settings.frame == "north" and settings.origin != "absolute":
        middle = f"+proj=aeqd +lon_0={(bbox[0] + bbox[2]) / 2} +lat_0={(bbox[1] + bbox[3]) / 2} +ellps=WGS84"
        turn = Transformer.from_crs(city.EPSG, middle, always_xy=True)
        bodies = [Body(body.name, body.theme, _turned(body.triangles, turn)) for body in bodies]
        area = _turned(area, turn)
    low, high = area.min(axis=0), area.max(axis=0)
    x, y = {
        "corner": low,
        "scaled": low,
        "centre": (low + high) / 2,
        "other": low - ELSEWHERE,
        "absolute": (0.0, 0.0),
    }[settings.origin]
    lowest = min(float(body.triangles[..., 2].min()) for body in bodies)
    origin = (float(x), float(y), lowest if settings.heights == "lowest" else 0.0)
    scale = 0.001 if settings.origin == "scaled" else 1.0
    shifted = tuple(Body(body.name, body.theme, (body.triangles - origin) * scale) for body in bodies)
    return Model(shifted, settings.frame, origin, scale)


def _turned(points: np.ndarray, turn: Transformer) -> np.ndarray:
    """Any array of (x, y, ...) with x and y in another system."""
    turned = points.copy()
    turned[..., 0], turned[..., 1] = turn.transform(points[..., 0], points[..., 1])
    return turned
