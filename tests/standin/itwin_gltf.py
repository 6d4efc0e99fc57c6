"""Triangles as glTF 2.0 binary and as b3dm, as a tile carries them.

glTF 2.0: https://www.khronos.org/gltf/ (its y axis is up). b3dm: 3D Tiles 1.0, 9.2.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

FLOAT, ARRAY_BUFFER, REPEAT = 5126, 34962, 10497
TEXTURE_METRES = 4.0  # side of the picture on a roof
ROOF, WALL = 0, 1  # the materials


@dataclass(frozen=True)
class Mesh:
    """Triangles of a tile: (n, 3, 3) metres each, z up, in the frame of the tile."""

    roofs: np.ndarray
    walls: np.ndarray

    @property
    def points(self) -> np.ndarray:
        """(n, 3): every corner."""
        return np.concatenate([self.roofs, self.walls]).reshape(-1, 3)

    def __len__(self) -> int:
        return len(self.roofs) + len(self.walls)

    def moved(self, by: np.ndarray) -> Mesh:
        return Mesh(self.roofs + by, self.walls + by)


def glb(mesh: Mesh, texture: str, buffer: str = "") -> tuple[bytes, bytes]:
    """(file, its buffer). ``texture``: address of the roofs' picture. ``buffer``: of the buffer, "" keeps it inside.

    An outside buffer is in nobody's file until the caller stores it at that address.
    """
    document: dict[str, Any] = {
        "asset": {"version": "2.0", "generator": "Cutout stand-in"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": []}],
        "materials": [
            _material(mesh, texture),
            {"pbrMetallicRoughness": _colour(0.8, 0.78, 0.74), "doubleSided": True},
        ],
        "accessors": [],
        "bufferViews": [],
    }
    if len(mesh.roofs):
        document["textures"] = [{"source": 0, "sampler": 0}]
        document["samplers"] = [{"wrapS": REPEAT, "wrapT": REPEAT}]
        document["images"] = [{"uri": texture}]
    data = b""
    for triangles, material in ((mesh.roofs, ROOF), (mesh.walls, WALL)):
        if len(triangles):
            data += _primitive(document, triangles, material, len(data))
    document["buffers"] = [{"byteLength": len(data), **({"uri": buffer} if buffer else {})}]
    text = json.dumps(document, separators=(",", ":")).encode()
    chunks = _chunk(b"JSON", text + b" " * (-len(text) % 4)) + (b"" if buffer else _chunk(b"BIN\0", data))
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks, data


def b3dm(content: bytes) -> bytes:
    """A glTF binary without batches in the older container."""
    table = b'{"BATCH_LENGTH":0}'
    table += b" " * (-(28 + len(table)) % 8)
    content += b"\0" * (-len(content) % 8)
    length = 28 + len(table) + len(content)
    return struct.pack("<4sIIIIII", b"b3dm", 1, length, len(table), 0, 0, 0) + table + content


def picture() -> bytes:
    """A PNG of 32 x 32 pixels: rows of tiles in brick red."""
    rows, columns = np.mgrid[0:32, 0:32]
    joint = (rows % 8 == 0) | ((columns + rows // 8 % 2 * 4) % 8 == 0)
    pixels = np.where(joint[..., None], (120, 52, 40), (178, 82, 62)).astype(np.uint8)
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _material(mesh: Mesh, texture: str) -> dict[str, Any]:
    textured = {"baseColorTexture": {"index": 0}, "metallicFactor": 0.0}
    return {"pbrMetallicRoughness": textured if len(mesh.roofs) else _colour(0.7, 0.3, 0.25), "doubleSided": True}


def _colour(red: float, green: float, blue: float) -> dict[str, Any]:
    return {"baseColorFactor": [red, green, blue, 1.0], "metallicFactor": 0.0}


def _primitive(document: dict[str, Any], triangles: np.ndarray, material: int, start: int) -> bytes:
    """Adds a primitive to the document; answers its part of the buffer, which begins at ``start``."""
    corners = np.stack([triangles[..., 0], triangles[..., 2], -triangles[..., 1]], axis=-1)  # y up
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    attributes = {"POSITION": corners.reshape(-1, 3), "NORMAL": np.repeat(normals, 3, axis=0)}
    if material == ROOF:
        attributes["TEXCOORD_0"] = triangles.reshape(-1, 3)[:, :2] / TEXTURE_METRES
    data = b""
    numbers = {}
    for name, values in attributes.items():
        numbers[name] = len(document["accessors"])
        array = np.ascontiguousarray(values, dtype="<f4")
        view = {"buffer": 0, "byteOffset": start + len(data), "byteLength": array.nbytes, "target": ARRAY_BUFFER}
        accessor = {
            "bufferView": len(document["bufferViews"]),
            "componentType": FLOAT,
            "count": len(array),
            "type": f"VEC{array.shape[1]}",
        }
        if name == "POSITION":
            accessor["min"], accessor["max"] = array.min(axis=0).tolist(), array.max(axis=0).tolist()
        document["bufferViews"].append(view)
        document["accessors"].append(accessor)
        data += array.tobytes()
    document["meshes"][0]["primitives"].append({"attributes": numbers, "material": material})
    return data


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("<I4s", len(data), kind) + data
