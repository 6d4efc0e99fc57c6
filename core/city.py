"""What of a city model is the ground and what are the buildings, told by the shape of its pieces alone.

The terrain is a sheet that spans the model, maybe with sides and a bottom as a 3D printer needs them. Buildings are
closed, or have walls at least, and are much smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .mesh import Flags, Floats, Indices, Mesh, blocks, normals_of, pieces

STEEP = 0.05  # z of a wall's unit normal at most: 3 degrees from upright
_SPANS = 0.6  # of the width and of the height of the model
_COVERS = 0.4  # of the ground it spans: in a dense city the terrain may have holes under the buildings
_FULL = 0.7  # of the ground it spans, where the piece is closed below and could be a building
_ONE_SIDED = 0.1  # of a sheet lies upside down at most
_THIN = 0.05  # thickness of a slab alone in its model, as a part of its width
_WIDE = 0.5  # of the model's width: an object so wide is no building but all of them


@dataclass(frozen=True)
class City:
    """terrain: which triangles are the ground. buildings: the number of the building of each triangle, -1 for none."""

    surface: Mesh
    terrain: Flags
    buildings: Indices


@dataclass(frozen=True)
class _Pieces:
    """Each piece: low and high (x, y, z), and the areas of its walls, its upper and its lower side as seen from above.

    of: the piece of each triangle.
    """

    of: Indices
    low: Floats
    high: Floats
    walls: Floats
    upper: Floats
    lower: Floats

    @property
    def size(self) -> Floats:
        size: Floats = self.high - self.low
        return size


def city(surface: Mesh) -> City:
    """Terrain and buildings of a model. What is neither, single triangles and walls alone, is in no building."""
    surface = surface.of(_once(surface.triangles))
    parts = _pieces(surface)
    ground = _terrain(surface, parts)
    terrain = ground[parts.of]
    buildings = np.where(terrain, -1, _buildings(surface, parts, ground))
    return City(surface, terrain, buildings.astype(np.int32))


def _once(triangles: Indices) -> Flags:
    """Each triangle once: some programs write every face as a part of two things."""
    keys = np.sort(triangles, axis=1).astype(np.uint64)
    hashes = (keys[:, 0] * np.uint64(0x9E3779B97F4A7C15) + keys[:, 1]) * np.uint64(0xC2B2AE3D27D4EB4F) + keys[:, 2]
    turned = np.argmin(triangles, axis=1)  # a shared wall is there twice, once for each side, and stays so
    every = np.arange(len(triangles))
    is_left = triangles[every, (turned + 1) % 3] < triangles[every, (turned + 2) % 3]
    hashes = hashes * np.uint64(2) + is_left
    once: Flags = np.zeros(len(triangles), bool)
    once[np.unique(hashes, return_index=True)[1]] = True
    return once


def _pieces(surface: Mesh) -> _Pieces:
    of = _within_objects(surface, pieces(surface.triangles))
    order = np.argsort(of, kind="stable")
    count = int(of.max()) + 1
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    walls, up, down = np.zeros((3, count))
    for block in blocks(len(order)):
        its = of[order[block]]
        starts = np.flatnonzero(np.diff(its, prepend=-1))
        here = its[starts]
        corners = surface.vertices[surface.triangles[order[block]]]
        low[here] = np.minimum(low[here], np.minimum.reduceat(corners.reshape(-1, 3), 3 * starts))
        high[here] = np.maximum(high[here], np.maximum.reduceat(corners.reshape(-1, 3), 3 * starts))
        across = normals_of(corners) / 2
        area = np.linalg.norm(across, axis=1)
        steep = np.abs(across[:, 2]) <= STEEP * area
        walls[here] += np.add.reduceat(np.where(steep, area, 0.0), starts)
        up[here] += np.add.reduceat(np.where(steep, 0.0, across[:, 2]).clip(min=0.0), starts)
        down[here] += np.add.reduceat(np.where(steep, 0.0, -across[:, 2]).clip(min=0.0), starts)
    return _Pieces(of, low, high, walls, np.maximum(up, down), np.minimum(up, down))


def _within_objects(surface: Mesh, of: Indices) -> Indices:
    """Pieces cut where one object of the file ends and another one begins."""
    if len(surface.names) < 2:
        return of
    both = of.astype(np.int64) * (len(surface.names) + 1) + surface.parts + 1
    cut: Indices = np.unique(both, return_inverse=True)[1].reshape(-1).astype(np.int32)
    return cut


def _terrain(surface: Mesh, parts: _Pieces) -> Flags:
    """Which pieces are the ground. Upper and lower side may be mistaken for each other: files turn them around."""
    whole = parts.high.max(axis=0) - parts.low.min(axis=0)
    ground = whole[0] * whole[1]
    spans = (parts.size[:, :2] >= _SPANS * whole[:2]).all(axis=1) & (parts.upper > 0)
    is_sheet = parts.lower <= _ONE_SIDED * parts.upper
    covers = spans & is_sheet & (parts.upper >= _COVERS * ground)
    is_full = spans & ~is_sheet & (parts.upper >= _FULL * parts.size[:, 0] * parts.size[:, 1])
    if not covers.any() and is_full.any():
        main: Flags = np.zeros(len(spans), bool)
        main[np.argmax(np.where(is_full, parts.upper, -1))] = True
        covers = main if _carries(parts, main) else covers
    tiles = is_sheet & (parts.walls <= _ONE_SIDED * parts.upper) & (parts.upper > 0)
    if not covers.any() and parts.upper[tiles].sum() >= _FULL * ground:
        return tiles
    if covers.any():
        covers |= tiles & _touching(surface, parts.of, covers)
    return covers


def _carries(parts: _Pieces, main: Flags) -> bool:
    """Whether a closed piece is a slab of ground: other pieces stand on it, or it is thin."""
    middles = (parts.low[:, :2] + parts.high[:, :2]) / 2
    low, high = parts.low[main][0], parts.high[main][0]
    inside = ((middles > low[:2]) & (middles < high[:2])).all(axis=1) & ~main & (parts.upper > 0)
    if inside.any():
        return True
    return bool(high[2] - low[2] <= _THIN * max(high[:2] - low[:2]))


def _touching(surface: Mesh, of: Indices, covers: Flags) -> Flags:
    """The pieces that share a vertex with the ground: it is cut along the outlines of buildings made from it."""
    is_ground: Flags = np.zeros(len(surface.vertices), bool)
    is_ground[surface.triangles[covers[of]]] = True
    touching: Flags = np.zeros(len(covers), bool)
    touching[of[is_ground[surface.triangles].any(axis=1)]] = True
    return touching


def _buildings(surface: Mesh, parts: _Pieces, ground: Flags) -> npt.NDArray[np.int64]:
    """For each triangle its building: the object of the file that it is in, else the piece."""
    count = len(parts.low)
    if len(surface.names) < 2:
        return parts.of.astype(np.int64)
    objects = surface.parts[np.unique(parts.of, return_index=True)[1]].astype(np.int64)  # of each piece
    building = np.arange(count) + len(surface.names)
    whole = parts.high.max(axis=0) - parts.low.min(axis=0)
    for number in range(len(surface.names)):
        its = (objects == number) & ~ground
        if its.any():
            size = parts.high[its].max(axis=0) - parts.low[its].min(axis=0)
            if (size[:2] < _WIDE * whole[:2]).any():
                building[its] = number
    found: npt.NDArray[np.int64] = building[parts.of]
    return found
