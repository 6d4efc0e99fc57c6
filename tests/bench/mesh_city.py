"""A city of any number of triangles as an STL, laid out as the stand-in of 3DCityLoader lays out its own.

The stand-in has 149 buildings of Vienna (39,739 triangles, walls and roofs as surveyed) on a ground. Here the quarter
is repeated in rows and columns, each building lifted to a hilly ground of as many triangles as the buildings together.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from shapely.geometry import box, mapping

from tests.standin import city
from tests.standin.cityloader_files import binary_stl

NAME = "city.stl"
HIGH = 40.0  # metres: the hills
STREETS = 0.1  # of the width of a quarter


def write_city(folder: Path, count: int) -> tuple[Path, int]:
    """An STL of so many triangles or hardly more, and the cutout.json that says where it is; and the count."""
    quarters = max(1, math.isqrt(count // 2 // sum(len(part.triangles) for part in city.parts())))
    west, south, east, north = city.PLACE
    size = np.array([east - west, north - south]) * (1 + STREETS)
    area = (west, south, west + float(size[0]) * quarters, south + float(size[1]) * quarters)
    corners = np.stack(city.to_utm(*np.array([area[:2], (area[2], south), area[2:], (west, area[3])]).T), axis=1)
    low = corners.min(axis=0)
    buildings = _buildings(quarters, (corners[1] - corners[0]) / quarters, (corners[3] - corners[0]) / quarters, low)
    buildings = buildings[: count // 2] if count // 2 < len(buildings) else buildings
    cells = math.ceil(math.sqrt((count - len(buildings)) / 2))
    triangles = np.concatenate([_terrain(corners - low, cells), buildings])
    folder.mkdir(parents=True)
    path = folder / NAME
    path.write_bytes(binary_stl(triangles))
    (folder / "cutout.json").write_text(json.dumps({"area": mapping(box(*area))}))
    return path, len(triangles)


def _height(places: np.ndarray) -> np.ndarray:
    return HIGH * (2.0 + np.sin(places[..., 0] / 410.0) + np.cos(places[..., 1] / 530.0))


def _buildings(quarters: int, right: np.ndarray, up: np.ndarray, low: np.ndarray) -> np.ndarray:
    """(n, 3, 3). right, up: from one quarter to the next, in metres."""
    found: list[np.ndarray] = []
    for row, column in np.ndindex(quarters, quarters):
        for building in city.buildings():
            triangles = np.concatenate([part.triangles for part in building.parts])
            triangles = triangles + [*(column * right + row * up - low), -building.base]
            triangles[..., 2] += _height(triangles[..., :2].mean(axis=(0, 1)))
            found.append(triangles)
    return np.concatenate(found)


def _terrain(corners: np.ndarray, cells: int) -> np.ndarray:
    """(n, 3, 3): a grid over the area, two triangles a cell."""
    u, v = np.meshgrid(*[np.linspace(0.0, 1.0, cells + 1)] * 2)
    flat = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v], axis=-1) @ corners
    grid = np.dstack([flat, _height(flat)])
    a, b, c, d = grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]
    return np.stack([np.stack([a, b, c], axis=-2), np.stack([a, c, d], axis=-2)], axis=-3).reshape(-1, 3, 3)
