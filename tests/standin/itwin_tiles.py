"""The city model as 3D Tiles, laid out as exports lay them out, and in the ways the format allows beside.

3D Tiles 1.1: https://docs.ogc.org/cs/22-025r4/22-025r4.html. The source keys are those of itwin.py.

plain      explicit tiles, bounding boxes, GLB, one texture beside them (CODE B10, B17): what the platform sends
nested     a tileset in the tileset in a folder of its own, moved by a transform; spheres and regions; a b3dm; a buffer
           outside of its GLB; a name with a blank
contents   roofs and walls of a tile as two contents
implicit   a quadtree of four levels in subtrees of two, the first of which has its buffer outside
local      plain without a place on the earth
levels     plain, with coarse tiles about as large as the others, as levels of detail have them (GUESS: else all roofs)
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import numpy as np

from .itwin_city import Frame, Tile, full_quadtree, model, quadtree
from .itwin_gltf import Mesh, b3dm, glb, picture
from .itwin_settings import VARIANTS
from .itwin_subtrees import LEVELS, SUBTREE_LEVELS, subtrees

TEXTURE = "textures/roof tiles.png"
INNER = "quarter"  # the folder of the nested tileset
COARSE = 60  # triangles of a tile of the variant "levels" that is not a leaf


@lru_cache(maxsize=8)
def container(shape: str, variant: str, tiles: int) -> dict[str, bytes]:
    """All blobs of an export by name. ``shape``: that of the iModel; "" has no 3D Tiles (GUESS: IMODEL has others)."""
    if not shape:
        return {"tree.json": b"{}"}
    builders = dict(zip(VARIANTS, (_plain, _nested, _contents, _implicit, _plain, _levels)))
    mesh, frame = model(shape)
    files = {TEXTURE: picture()}
    root = builders[variant](files, mesh, frame, tiles)
    if "local" not in (shape, variant):
        root["transform"] = frame.matrix.T.ravel().tolist()
    files["tileset.json"] = _tileset(root, 400.0)
    return files


def _tileset(root: dict[str, Any], error: float) -> bytes:
    return json.dumps({"asset": {"version": "1.1"}, "geometricError": error, "root": root}).encode()


# --- the variants ------------------------------------------------------------------------------------------------


def _levels(files: dict[str, bytes], mesh: Mesh, frame: Frame, tiles: int) -> dict[str, Any]:
    return _plain(files, mesh, frame, tiles, COARSE)


def _plain(files: dict[str, bytes], mesh: Mesh, frame: Frame, tiles: int, coarse: int = -1) -> dict[str, Any]:
    def content(tile: Tile) -> dict[str, Any]:
        name, shown = f"r{tile.path}.glb", tile.content
        if tile.children and coarse >= 0:
            shown = Mesh(shown.roofs[:coarse], shown.walls[: coarse - len(shown.roofs[:coarse])])
        files[name], _ = glb(shown, quote(TEXTURE))
        return {"content": {"uri": name}}

    return _tree(quadtree(mesh, tiles), lambda tile: {**_box(tile.mesh), **content(tile)})


def _contents(files: dict[str, bytes], mesh: Mesh, frame: Frame, tiles: int) -> dict[str, Any]:
    def contents(tile: Tile) -> dict[str, Any]:
        shown, entries = tile.content, []
        kinds = {"roofs": Mesh(shown.roofs, shown.walls[:0]), "walls": Mesh(shown.roofs[:0], shown.walls)}
        for kind, part in kinds.items():
            if len(part):
                name = f"{kind}/r{tile.path}.glb"
                files[name], _ = glb(part, f"../{quote(TEXTURE)}")
                entries.append({"uri": name})
        return {"contents": entries}

    return _tree(quadtree(mesh, tiles), lambda tile: {**_box(tile.mesh), **contents(tile)})


def _nested(files: dict[str, bytes], mesh: Mesh, frame: Frame, tiles: int) -> dict[str, Any]:
    whole = quadtree(mesh, tiles)
    volumes = (_box, lambda mesh: _region(mesh, frame), _sphere)
    inner = max(whole.children, key=lambda child: len(child.mesh))
    leaves = [tile for tile in whole.every() if not tile.children and not tile.path.startswith(inner.path)]

    def tile(tile: Tile) -> dict[str, Any]:
        volume = volumes[len(tile.path) % 3](tile.mesh)
        if tile is inner:
            _nested_tileset(files, tile)
            return {**volume, "content": {"uri": f"{INNER}/tileset.json"}, "children": []}
        name = f"the roofs of r{tile.path}.glb" if tile.children else f"r{tile.path}.glb"
        files[name], _ = glb(tile.content, quote(TEXTURE))
        if tile is leaves[0]:
            files[name], _ = glb(tile.content, f"../{quote(TEXTURE)}")
            name = f"older/r{tile.path}.b3dm"
            files[name] = b3dm(files.pop(f"r{tile.path}.glb"))
        if tile is leaves[1]:
            files[name], files[f"buffers/r{tile.path}.bin"] = glb(
                tile.content, quote(TEXTURE), f"buffers/r{tile.path}.bin"
            )
        return {**volume, "content": {"uri": quote(name)}}

    return _tree(whole, tile)


def _nested_tileset(files: dict[str, bytes], start: Tile) -> None:
    """A quarter as a tileset of its own, which counts from its own middle."""
    middle = start.mesh.points.mean(axis=0).round(1)

    def tile(tile: Tile) -> dict[str, Any]:
        name = f"r{tile.path}.glb"
        files[f"{INNER}/{name}"], _ = glb(tile.content.moved(-middle), f"../{quote(TEXTURE)}")
        volume = _sphere if len(tile.path) % 2 else _box
        return {**volume(tile.mesh.moved(-middle)), "content": {"uri": name}}

    root = _tree(start, tile)
    root["transform"] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, *middle.tolist(), 1]
    files[f"{INNER}/tileset.json"] = _tileset(root, 200.0)


def _implicit(files: dict[str, bytes], mesh: Mesh, frame: Frame, tiles: int) -> dict[str, Any]:
    whole = full_quadtree(mesh, LEVELS)
    west, south, east, north = whole.square
    low, high = mesh.points[:, 2].min(), mesh.points[:, 2].max()
    for tile in whole.every():
        name = "content/{}/{}/{}.glb".format(*tile.address)
        files[name], _ = glb(tile.content, f"../../../{quote(TEXTURE)}")
    files.update(subtrees(whole))
    return {
        "boundingVolume": {"box": _half_axes(np.array([west, south, low]), np.array([east, north, high]))},
        "geometricError": 200.0,
        "refine": "REPLACE",
        "content": {"uri": "content/{level}/{x}/{y}.glb"},
        "implicitTiling": {
            "subdivisionScheme": "QUADTREE",
            "subtreeLevels": SUBTREE_LEVELS,
            "availableLevels": LEVELS,
            "subtrees": {"uri": "subtrees/{level}/{x}/{y}.subtree"},
        },
    }


# --- the parts of a tile -------------------------------------------------------------------------------------------


def _tree(tile: Tile, describe: Any) -> dict[str, Any]:
    """A tile and those below it. The error is an eighth of its side, none where nothing finer follows."""
    entry = {
        "geometricError": (tile.square[2] - tile.square[0]) / 8 if tile.children else 0.0,
        "refine": "REPLACE",
        **describe(tile),
    }
    if tile.children and "children" not in entry:
        entry["children"] = [_tree(child, describe) for child in tile.children]
    return {name: value for name, value in entry.items() if value != []}


def _box(mesh: Mesh) -> dict[str, Any]:
    return {"boundingVolume": {"box": _half_axes(mesh.points.min(axis=0), mesh.points.max(axis=0))}}


def _half_axes(low: np.ndarray, high: np.ndarray) -> list[float]:
    x, y, z = ((high - low) / 2).tolist()
    return [*((low + high) / 2).tolist(), x, 0, 0, 0, y, 0, 0, 0, z]


def _sphere(mesh: Mesh) -> dict[str, Any]:
    points = mesh.points
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    radius = float(np.linalg.norm(points - middle, axis=1).max())
    return {"boundingVolume": {"sphere": [*middle.tolist(), radius]}}


def _region(mesh: Mesh, frame: Frame) -> dict[str, Any]:
    """In radians, and metres above the ellipsoid. No transform applies to it."""
    places = frame.degrees(mesh.points)
    (west, south, low), (east, north, high) = places.min(axis=0), places.max(axis=0)
    return {"boundingVolume": {"region": [*np.radians([west, south, east, north]).tolist(), float(low), float(high)]}}
