"""3D Tiles of buildings and trees for the BrightEarth stand-in: a tileset.json and what it refers to.

3D Tiles 1.1 with GLB, or 1.0 with b3dm (https://docs.ogc.org/cs/22-025r4/22-025r4.html); glTF 2.0
(https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html). GUESS: what BrightEarth's own look like.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Iterable

import numpy as np
from pyproj import Transformer
from shapely.geometry import Polygon

from .brightearth_place import Ground, Thing
from .city_faces import triangles_of

TREE = (8.0, 2.0)  # metres: height and radius of every tree. Invented
COLOURS = {"building": [0.82, 0.76, 0.68, 1.0], "tree": [0.28, 0.50, 0.27, 1.0]}
Place = Callable[[float, float, float], tuple[float, float, float]]  # degrees, metres -> metres east, north, up


def scene(layer: str, things: list[Thing], ground: Ground, model: str) -> dict[str, bytes]:
    """The files by name; none if there is nothing to show."""
    if not things:
        return {}
    centers = [thing.geometry.representative_point() for thing in things]
    lon, lat = (float(np.mean([getattr(point, axis) for point in centers])) for axis in "xy")
    matrix, place = _local(lon, lat)
    bodies = _trees(things, ground, place) if layer == "tree" else _buildings(things, ground, place)
    triangles = np.concatenate([body for body in bodies if len(body)])
    glb = _glb(triangles, COLOURS[layer])
    name, data, version = (f"{layer}.glb", glb, "1.1") if model == "glb" else (f"{layer}.b3dm", _b3dm(glb), "1.0")
    low, high = triangles.min(axis=(0, 1)), triangles.max(axis=(0, 1))
    half = (high - low) / 2
    tileset = {
        "asset": {"version": version},
        "geometricError": 200,
        "root": {
            "transform": matrix.T.ravel().tolist(),  # column by column (DOC 3D Tiles, "transform")
            "boundingVolume": {"box": [*((low + high) / 2).tolist(), *np.diag(half).ravel().tolist()]},
            "geometricError": 0,
            "refine": "ADD",
            "content": {"uri": name},
        },
    }
    return {"tileset.json": json.dumps(tileset).encode(), name: data}


def _local(lon: float, lat: float) -> tuple[np.ndarray, Place]:
    """(4, 4): from metres east, north, up of a place to the earth-centred EPSG:4978; and the way there from degrees."""
    to_earth = Transformer.from_crs(4979, 4978, always_xy=True)
    sin_lon, cos_lon = math.sin(math.radians(lon)), math.cos(math.radians(lon))
    sin_lat, cos_lat = math.sin(math.radians(lat)), math.cos(math.radians(lat))
    east = (-sin_lon, cos_lon, 0.0)
    north = (-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat)
    up = (cos_lat * cos_lon, cos_lat * sin_lon, sin_lat)
    matrix = np.eye(4)
    matrix[:3, :3] = np.transpose([east, north, up])
    matrix[:3, 3] = to_earth.transform(lon, lat, 0.0)

    def place(x: float, y: float, height: float) -> tuple[float, float, float]:
        found = matrix[:3, :3].T @ (np.array(to_earth.transform(x, y, height)) - matrix[:3, 3])
        return float(found[0]), float(found[1]), float(found[2])

    return matrix, place


def _buildings(things: Iterable[Thing], ground: Ground, place: Place) -> Iterable[np.ndarray]:
    """(n, 3, 3) each: walls, and a flat roof, from the ground at the middle of the building on."""
    for thing in things:
        point = thing.geometry.representative_point()
        base = ground.height(point.x, point.y)
        for polygon in thing.geometry.geoms:
            yield _extruded(polygon, base, base + thing.attributes["height"], place)


def _extruded(polygon: Polygon, base: float, top: float, place: Place) -> np.ndarray:
    rings = [polygon.exterior, *polygon.interiors]
    # Outlines to the left and holes to the right, so that every wall looks outwards.
    turned = [ring.coords[:-1] if ring.is_ccw == (not hole) else ring.coords[:-1][::-1]
              for hole, ring in enumerate(rings)]  # fmt: skip
    upper = [np.array([place(x, y, top) for x, y in ring]) for ring in turned]
    lower = [np.array([place(x, y, base) for x, y in ring]) for ring in turned]
    faces = [triangles_of(upper)]
    for above, below in zip(upper, lower):
        next_above, next_below = np.roll(above, -1, axis=0), np.roll(below, -1, axis=0)
        faces += [np.stack([below, next_below, next_above], axis=1), np.stack([below, next_above, above], axis=1)]
    return np.concatenate(faces)


def _trees(things: Iterable[Thing], ground: Ground, place: Place) -> Iterable[np.ndarray]:
    """(8, 3, 3) each: a crown of eight faces on its tip."""
    height, radius = TREE
    for thing in things:
        lon, lat = thing.geometry.x, thing.geometry.y
        foot = np.array(place(lon, lat, ground.height(lon, lat)))
        ring = foot + np.array([[radius, 0, 0], [0, radius, 0], [-radius, 0, 0], [0, -radius, 0]]) + [0, 0, height / 2]
        following, tip = np.roll(ring, -1, axis=0), foot + [0, 0, height]
        yield np.array([face for a, b in zip(ring, following) for face in ((a, b, tip), (b, a, foot))])


def _glb(triangles: np.ndarray, colour: list[float]) -> bytes:
    """The triangles (east, north, up) with flat normals. glTF's y is up, a viewer of 3D Tiles turns it back."""
    turned = np.stack([triangles[..., 0], triangles[..., 2], -triangles[..., 1]], axis=-1)
    normals = np.cross(turned[:, 1] - turned[:, 0], turned[:, 2] - turned[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    turned, normals = turned[lengths[:, 0] > 0], (normals / np.where(lengths, lengths, 1))[lengths[:, 0] > 0]
    positions = turned.reshape(-1, 3).astype("<f4")
    binary = positions.tobytes() + np.repeat(normals, 3, axis=0).astype("<f4").tobytes()
    half, count = len(binary) // 2, len(positions)
    common = {"componentType": 5126, "count": count, "type": "VEC3"}
    bounds = {"min": positions.min(axis=0).tolist(), "max": positions.max(axis=0).tolist()}
    document = {
        "asset": {"version": "2.0", "generator": "Cutout stand-in"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1}, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": colour, "metallicFactor": 0}}],
        "accessors": [{"bufferView": 0, **common, **bounds}, {"bufferView": 1, **common}],
        "bufferViews": [{"buffer": 0, "byteOffset": start, "byteLength": half, "target": 34962} for start in (0, half)],
        "buffers": [{"byteLength": len(binary)}],
    }
    text = _padded(json.dumps(document).encode(), 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def _b3dm(glb: bytes) -> bytes:
    """The header, an empty table of features, and the model, which begins and ends on a multiple of 8 bytes."""
    glb = glb + b"\0" * (-len(glb) % 8)
    table = b'{"BATCH_LENGTH":0}'
    table += b" " * (-(28 + len(table)) % 8)
    return struct.pack("<4s6I", b"b3dm", 1, 28 + len(table) + len(glb), len(table), 0, 0, 0) + table + glb


def _padded(text: bytes, multiple: int) -> bytes:
    return text + b" " * (-len(text) % multiple)
