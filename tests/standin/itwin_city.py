"""The city model cut into the tiles of a quadtree, in metres east, north and up of its middle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import Transformer

from . import city
from .itwin_gltf import Mesh

# Of the Adriatic's level over the ellipsoid in Vienna, about, in metres: 3D Tiles count from the ellipsoid.
GEOID = 44.0
SMALLEST = 1e-6  # twice the area of a triangle in square metres: smaller ones have no direction


@dataclass
class Tile:
    """A square of the quadtree. ``path``: the quadrants that lead to it (0 and 1 south, 0 and 2 west)."""

    path: str
    square: tuple[float, float, float, float]
    mesh: Mesh
    children: list[Tile] = field(default_factory=list)

    def every(self) -> Iterator[Tile]:
        yield self
        for child in self.children:
            yield from child.every()

    def split(self) -> list[Tile]:
        """Its four quarters, of which those without a triangle are left out."""
        west, south, east, north = self.square
        x, y = (west + east) / 2, (south + north) / 2
        squares = ((west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north))
        meshes = map(Mesh, _quarters(self.mesh.roofs, x, y), _quarters(self.mesh.walls, x, y))
        self.children = [
            Tile(f"{self.path}{number}", square, mesh)
            for number, (square, mesh) in enumerate(zip(squares, meshes))
            if len(mesh)
        ]
        return self.children

    @property
    def address(self) -> tuple[int, int, int]:
        """Level, x and y in the quadtree."""
        x = sum(int(quarter) % 2 << place for place, quarter in enumerate(reversed(self.path)))
        y = sum(int(quarter) // 2 << place for place, quarter in enumerate(reversed(self.path)))
        return len(self.path), x, y

    @property
    def content(self) -> Mesh:
        """What a tile shows: everything if it is a leaf, else the roofs only, if it has some."""
        coarse = Mesh(self.mesh.roofs, self.mesh.walls[:0])
        return coarse if self.children and len(coarse) else self.mesh


@dataclass(frozen=True)
class Frame:
    """East, north, up of a place. ``matrix``: (4, 4), from there to EPSG:4978."""

    matrix: np.ndarray

    def degrees(self, points: np.ndarray) -> np.ndarray:
        """(n, 3): longitude and latitude in degrees, metres above the ellipsoid."""
        return _geographic(points @ self.matrix[:3, :3].T + self.matrix[:3, 3], inverse=True)


@lru_cache(maxsize=4)
def model(shape: str) -> tuple[Mesh, Frame]:
    """The whole of "city", "north" or "local" in its frame."""
    parts = city.parts()
    triangles = np.concatenate([part.triangles for part in parts])
    kinds = np.concatenate([part.kinds for part in parts])
    lon, lat = city.to_degrees(triangles[..., 0], triangles[..., 1])
    ground = np.stack([lon, lat, triangles[..., 2] + GEOID], axis=-1).reshape(-1, 3)
    low, high = ground.min(axis=0), ground.max(axis=0)
    frame = _frame((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2])
    local = (_geographic(ground) - frame.matrix[:3, 3]) @ frame.matrix[:3, :3]
    triangles = _sound(local.reshape(-1, 3, 3))
    kinds = kinds[_area(local.reshape(-1, 3, 3)) > SMALLEST]
    meshes = [triangles[kinds == "roof"], triangles[kinds != "roof"]]
    return Mesh(*(_cut(mesh, 1, 0.0, above=True) for mesh in meshes) if shape == "north" else meshes), frame


def quadtree(mesh: Mesh, tiles: int) -> Tile:
    """At least so many tiles, by dividing the largest squares first, and among them those with the most triangles."""
    root = Tile("", _square(mesh), mesh)
    row, count = [root], 1
    while count < tiles:
        below: list[Tile] = []
        for tile in sorted(row, key=lambda tile: -len(tile.mesh)):
            if count < tiles:
                below += tile.split()
                count += len(tile.children)
        row = below
    return root


def full_quadtree(mesh: Mesh, levels: int) -> Tile:
    """Every square divided down to the same level; ``levels`` counts that of the root."""
    root = Tile("", _square(mesh), mesh)
    row = [root]
    for _ in range(levels - 1):
        row = [child for tile in row for child in tile.split()]
    return root


def _square(mesh: Mesh) -> tuple[float, float, float, float]:
    (west, south, _), (east, north, _) = mesh.points.min(axis=0), mesh.points.max(axis=0)
    side = max(east - west, north - south)
    return float(west), float(south), float(west + side), float(south + side)


def _frame(lon: float, lat: float, height: float) -> Frame:
    """https://en.wikipedia.org/wiki/Local_tangent_plane_coordinates (east, north, up)."""
    a, b = np.radians(lon), np.radians(lat)
    matrix = np.eye(4)
    matrix[:3, 0] = -np.sin(a), np.cos(a), 0
    matrix[:3, 1] = -np.sin(b) * np.cos(a), -np.sin(b) * np.sin(a), np.cos(b)
    matrix[:3, 2] = np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)
    matrix[:3, 3] = _geographic(np.array([[lon, lat, height]]))[0]
    return Frame(matrix)


def _geographic(points: np.ndarray, inverse: bool = False) -> np.ndarray:
    """(n, 3) EPSG:4979, longitude first, to EPSG:4978, or back."""
    transformer = Transformer.from_crs(4979, 4978, always_xy=True)
    return np.stack(transformer.transform(*points.T, direction="INVERSE" if inverse else "FORWARD"), axis=1)


def _quarters(triangles: np.ndarray, x: float, y: float) -> list[np.ndarray]:
    """South west, south east, north west, north east."""
    halves = [_cut(triangles, 0, x, above) for above in (False, True)]
    return [_cut(half, 1, y, above) for above in (False, True) for half in halves]


def _cut(triangles: np.ndarray, axis: int, at: float, above: bool) -> np.ndarray:
    """(n, 3, 3): what of the triangles lies on one side of a plane across an axis; those in the plane lie below."""
    beyond = (triangles[..., axis] - at) * (-1 if above else 1)
    inside, outside = (beyond < 0).any(axis=1), (beyond > 0).any(axis=1)
    whole = triangles[~outside & (inside | (not above))]
    crossing = inside & outside
    pieces: list[Any] = []
    for corners, distances in zip(triangles[crossing].tolist(), beyond[crossing].tolist()):
        pieces += _pieces(corners, distances)
    return _sound(np.concatenate([whole, np.array(pieces).reshape(-1, 3, 3)]))


def _pieces(corners: list[list[float]], beyond: list[float]) -> list[Any]:
    """Sutherland and Hodgman for one plane: the triangles of what is left of a triangle."""
    kept = []
    for number in range(3):
        here, there = beyond[number], beyond[(number + 1) % 3]
        start, end = corners[number], corners[(number + 1) % 3]
        if here <= 0:
            kept.append(start)
        if here * there < 0:
            part = here / (here - there)
            kept.append([a + (b - a) * part for a, b in zip(start, end)])
    return [(kept[0], kept[number], kept[number + 1]) for number in range(1, len(kept) - 1)]


def _area(triangles: np.ndarray) -> np.ndarray:
    sides = triangles[:, 1:] - triangles[:, :1]
    return np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)


def _sound(triangles: np.ndarray) -> np.ndarray:
    return triangles[_area(triangles) > SMALLEST]
