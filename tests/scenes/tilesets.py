"""Small real tilesets for tests: models of a triangle near Vienna in every format, and the JSON that lays them out.

site = Site(server, "/exports/mesh/", "sv=2022&sig=a%2Bb%2F%3D")
site.put("tiles/0.glb", glb())                # answers only when the query holds the whole signature
site.put("tileset.json", tileset(tile(box(16.37, 48.21), content="tiles/0.glb")))
fetched, tileset = fetched(site.root, area, folder)
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Transformer

from cutout.core.model import Artifact
from cutout.core.tileset import Tileset
from cutout.core.transfer import Fetched, fetch
from tests.unit.downloads import Net, quiet
from tests.unit.scripted_server import Reply, Request, ScriptedServer

Json = Any
SIGNATURE = "sv=2022-11-02&se=2030-01-01T00%3A00%3A00Z&sr=c&sp=rl&sig=Ab%2Bc%2FdE+f~g%3D%3D&z=%7E"
LON, LAT = 16.3725, 48.2085  # St. Stephen's Cathedral
_TO_EARTH = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


def earth(lon: float, lat: float, height: float = 0.0) -> tuple[float, float, float]:
    """Earth-centred metres."""
    return _TO_EARTH.transform(lon, lat, height)


def enu(lon: float = LON, lat: float = LAT, height: float = 170.0) -> list[float]:
    """The transform of a tile whose metres go east, north and up from a point."""
    a, b = math.radians(lon), math.radians(lat)
    east = (-math.sin(a), math.cos(a), 0.0)
    north = (-math.sin(b) * math.cos(a), -math.sin(b) * math.sin(a), math.cos(b))
    up = (math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b))
    return [*east, 0.0, *north, 0.0, *up, 0.0, *earth(lon, lat, height), 1.0]


def local_box(x: float = 0, y: float = 0, half: float = 50) -> Json:
    """A box in the metres of a transform."""
    return {"box": [x, y, half, half, 0, 0, 0, half, 0, 0, 0, half]}


def box(lon: float, lat: float, half: float = 50, height: float = 0.0) -> Json:
    """A box on the Earth, its sides east, north and up."""
    matrix = np.reshape(enu(lon, lat, height), (4, 4))
    return {"box": [*matrix[3, :3].tolist(), *(matrix[:3, :3] * half).ravel().tolist()]}


def sphere(lon: float, lat: float, radius: float = 50) -> Json:
    return {"sphere": [*earth(lon, lat), radius]}


def region(west: float, south: float, east: float, north: float) -> Json:
    return {"region": [*map(math.radians, (west, south, east, north)), 0.0, 100.0]}


def tile(volume: Json, *children: Json, content: Json = "", error: float = 0.0, **more: Json) -> Json:
    raw = {"boundingVolume": volume, "geometricError": error, **more}
    if content:
        raw["content"] = {"uri": content} if isinstance(content, str) else content
    return {**raw, "children": list(children)} if children else raw


def tileset(root: Json, **more: Json) -> bytes:
    return json.dumps({"asset": {"version": "1.1"}, "geometricError": 500, "root": root, **more}).encode()


def triangle(images: Sequence[str] = (), buffer: str = "") -> Json:
    """The JSON of a glTF of a triangle, 80 m wide; without a buffer of its own it is the BIN chunk's."""
    gltf: Json = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "buffers": [{"byteLength": 36, **({"uri": buffer} if buffer else {})}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": 3,
                "type": "VEC3",
                "min": [-40, 0, -40],
                "max": [40, 40, 40],
            }
        ],
    }
    if images:
        gltf["images"] = [{"uri": uri} for uri in images]
        gltf["textures"] = [{"source": number} for number in range(len(images))]
        gltf["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    return gltf


def positions(east: float = 0, north: float = 0, half: float = 40) -> bytes:
    """The corners of the triangle, y pointing up as glTF has it."""
    corners = [(east - half, 0, -north - half), (east + half, 0, -north - half), (east, half, half - north)]
    return struct.pack("<9f", *(number for corner in corners for number in corner))


POSITIONS = positions()


def glb(document: Json = None, binary: bytes = POSITIONS) -> bytes:
    text = json.dumps(triangle() if document is None else document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<2I", len(text), 0x4E4F534A) + text
    if binary:
        binary += b"\0" * (-len(binary) % 4)
        chunks += struct.pack("<2I", len(binary), 0x004E4942) + binary
    return struct.pack("<4s2I", b"glTF", 2, 12 + len(chunks)) + chunks


def json_of(model: bytes) -> Json:
    """The JSON of a GLB, after a look at its layout."""
    magic, version, length, size, kind = struct.unpack_from("<4s4I", model)
    assert (magic, version, kind, length) == (b"glTF", 2, 0x4E4F534A, len(model))
    assert size % 4 == 0 and length % 4 == 0
    return json.loads(model[20 : 20 + size])


def b3dm(model: bytes) -> bytes:
    table = b'{"BATCH_LENGTH":0}  '
    body = table + model
    body += b"\0" * (-(28 + len(body)) % 8)
    return struct.pack("<4s6I", b"b3dm", 1, 28 + len(body), len(table), 0, 0, 0) + body


def i3dm(model: bytes | str) -> bytes:
    """model: its bytes, or where it is."""
    table = b'{"INSTANCES_LENGTH":1,"POSITION":{"byteOffset":0}}' + b" " * 6
    position = struct.pack("<3f", 0, 0, 0) + b"\0" * 4
    inside = isinstance(model, bytes)
    body = model if isinstance(model, bytes) else model.encode()
    body += (b"\0" if inside else b" ") * (-len(body) % 8)
    head = struct.pack("<4s7I", b"i3dm", 1, 32 + 72 + len(body), len(table), len(position), 0, 0, int(inside))
    return head + table + position + body


def cmpt(*tiles: bytes) -> bytes:
    return struct.pack("<4s3I", b"cmpt", 1, 16 + sum(map(len, tiles)), len(tiles)) + b"".join(tiles)


def bits(*numbers: int, size: int) -> bytes:
    """A bitstream in which these are set."""
    stream = bytearray(-(-size // 8))
    for number in numbers:
        stream[number >> 3] |= 1 << (number & 7)
    return bytes(stream)


def subtree(streams: Mapping[str, Json], buffer: str = "") -> tuple[bytes, bytes]:
    """A binary subtree and the bytes of its buffer, which are inside if that has no name.

    streams: tileAvailability, childSubtreeAvailability, contentAvailability (a list), each bytes, 0 or 1.
    """
    body, views = b"", []

    def availability(stream: Json) -> Json:
        nonlocal body
        if isinstance(stream, int):
            return {"constant": stream}
        views.append({"buffer": 0, "byteOffset": len(body), "byteLength": len(stream)})
        body += stream + b"\0" * (-len(stream) % 8)
        return {"bitstream": len(views) - 1, "availableCount": 10**12}  # a lie, which nobody believes

    document: Json = {
        key: [availability(one) for one in stream] if isinstance(stream, list) else availability(stream)
        for key, stream in streams.items()
    }
    document["buffers"] = [{"byteLength": len(body), **({"uri": buffer} if buffer else {})}]
    document["bufferViews"] = views
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 8)
    inside = b"" if buffer else body
    return struct.pack("<4sI2Q", b"subt", 1, len(text), len(inside)) + text + inside, body


@dataclass
class Site:
    """A container on a real server that answers only to its signature."""

    server: ScriptedServer
    folder: str = "/exports/mesh/"
    signature: str = SIGNATURE
    name: str = "tileset.json"
    put_names: list[str] = field(default_factory=list)

    def put(self, path: str, body: bytes) -> None:
        """path: escaped, below the container."""
        self.put_names.append(path)

        def answer(request: Request) -> Reply:
            signed = request.query == self.signature or request.query.endswith("&" + self.signature)
            return Reply(200, body) if signed else Reply(403, b"<Error>AuthenticationFailed</Error>")

        self.server.on(self.folder + path, answer)

    @property
    def root(self) -> Artifact:
        return Artifact(self.name, self.server.url(f"{self.folder}tileset.json?{self.signature}"), tileset=True)

    @property
    def asked(self) -> list[str]:
        """The files that were asked for, below the container."""
        return sorted(request.path[len(self.folder) :] for request in self.server.seen())


def arrived(root: Artifact, area: Mapping[str, Json] | None, home: Path) -> tuple[Fetched, Tileset]:
    """Everything that the tileset refers to, fetched as a job does it, but not settled yet."""
    followed = Tileset(root, area)
    return fetch(Net().http(), [root], home, quiet, connections=4, follow=followed.children), followed


def files_in(home: Path) -> list[str]:
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())


def rectangle(west: float, south: float, east: float, north: float) -> Json:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def around(lon: float, lat: float, metres: float) -> Json:
    """A square area."""
    high = metres / 111_200
    wide = high / math.cos(math.radians(lat))
    return rectangle(lon - wide, lat - high, lon + wide, lat + high)


def offset(east: float, north: float, lon: float = LON, lat: float = LAT) -> tuple[float, float]:
    """The longitude and latitude so many metres away, nearly."""
    return lon + east / (111_320 * math.cos(math.radians(lat))), lat + north / 111_200


def uris(document: Json) -> list[str]:
    """All contents of a tileset, those of a tile before those in it."""
    found, waiting = [], [document["root"]]
    while waiting:
        tile = waiting.pop()
        found += [tile["content"]["uri"]] if "content" in tile else []
        waiting += reversed(tile.get("children", []))
    return found


def loaded(path: Path) -> Json:
    return json.loads(path.read_bytes())
