"""What comes from outside and is read by us: for each reader a function that takes any bytes, and some to begin with.

A target raises only for a bug: what a reader documents for bad input is caught.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from cutout.core import gltf
from cutout.core.answer import Answer, failure
from cutout.core.aoi import from_geojson
from cutout.core.buildings import buildings
from cutout.core.city import city
from cutout.core.container import Container
from cutout.core.errors import AreaError, ExportError
from cutout.core.implicit import ROOT, Tiling, explored
from cutout.core.mesh_files import read_mesh
from cutout.core.model import Artifact, Delivery, ExportRequest, Job, License, Quote, new_job
from cutout.core.names import NameRefused, Names
from cutout.core.offer import offered_name
from cutout.core.subtree import buffers, read
from cutout.core.terrain import elevations
from cutout.core.tileset import Tileset
from cutout.core.volumes import Volume
from cutout.core.words import MOST
from cutout.providers.brightearth import _files
from tests.scenes import tilesets

Run = Callable[[bytes, Path], None]
BREAK = b"\n%%\n"  # between the files of one input
UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)  # that the store catches
AREA = tilesets.around(tilesets.LON, tilesets.LAT, 500)
MOST_FILES = 60


@dataclass(frozen=True)
class Target:
    """run: takes the input, and a folder that is its own."""

    run: Run
    seeds: tuple[bytes, ...]


def _json(document: Any) -> bytes:
    return json.dumps(document).encode()


def job(data: bytes, scratch: Path) -> None:
    try:
        found = Job.from_json(data.decode("utf-8", "replace"))
    except UNREADABLE:
        return
    text = found.to_json()
    assert Job.from_json(text).to_json() == text


def error_body(data: bytes, scratch: Path) -> None:
    text = data.decode("utf-8", "replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    said = str(failure(Answer(400, "https://example.org/a?sig=1", {}, text, document)))
    assert said.isprintable() and len(said) < 2 * MOST and "<" not in said


def links(data: bytes, scratch: Path) -> None:
    """A tree of links, and the names in it as files."""
    try:
        tree = gltf.parsed(data)
    except ValueError:
        return
    if isinstance(tree, dict):
        for artifact in list(_files(tree)):
            assert artifact.url.startswith("http")
            _name(artifact.name, scratch)


def disposition(data: bytes, scratch: Path) -> None:
    header, _, path = data.decode("latin-1").partition("\n")
    answer: Any = SimpleNamespace(headers={"Content-Disposition": header}, url=f"https://example.org/{path}")
    try:
        urlsplit(answer.url)
    except ValueError:  # it would not have been asked
        return
    _name(offered_name(answer), scratch)


def _name(name: str, scratch: Path) -> None:
    try:
        path = Names(scratch).claim(name)
    except NameRefused as refused:
        assert refused.message.isprintable()
        return
    assert scratch in path.parents and not any(unicodedata.category(char) in ("Cc", "Cs") for char in path.name)


def address(data: bytes, scratch: Path) -> None:
    """References in a tileset."""
    container = Container(Artifact("mesh/tileset.json", "https://example.org/exports/mesh/tileset.json?sig=1"))
    first, _, second = data.decode("utf-8", "replace").partition("\n")
    try:
        place = container.place(first, container.root)
        place = container.place(second, place)
    except ValueError:
        return
    assert place.name.startswith("mesh/") and ".." not in place.name.split("/")
    assert container.url(place).startswith("https://example.org/exports/mesh/")


def area(data: bytes, scratch: Path) -> None:
    try:
        document = gltf.parsed(data)
    except ValueError:
        return
    try:
        from_geojson(document)
    except AreaError:
        return


def tileset(data: bytes, scratch: Path) -> None:
    """A tileset, a subtree and another tileset that it may refer to: followed, then put in order."""
    parts = dict(zip(("tileset.json", "0.subtree", "inner.json"), data.split(BREAK)))
    for name, content in parts.items():
        (scratch / name).write_bytes(content)
    root = Artifact("tileset.json", "https://example.org/mesh/tileset.json?sig=1", tileset=True)
    followed = Tileset(root, AREA if len(data) % 2 else None)
    waiting, seen = [root], 0
    while waiting and seen < MOST_FILES:
        artifact, seen = waiting.pop(), seen + 1
        assert artifact.url.startswith("https://example.org/mesh/")
        if artifact.name in parts:
            waiting.extend(followed.children(artifact, scratch / artifact.name))
    try:
        followed.settle(scratch)
    except ExportError:
        return
    if seen < MOST_FILES:
        assert followed.settle(scratch)[0] == ()


def subtree(data: bytes, scratch: Path) -> None:
    volume = Volume("region", (0.0, 0.0, 0.1, 0.1, 0.0, 10.0))
    octree = bool(len(data) % 2)
    tiling = Tiling(octree, 40, 3 + len(data) % 14, "{level}.subtree", ("{x}.glb", "{y}.glb"), volume)
    try:
        buffers(data)
        found = explored(tiling, read(data, lambda uri: data), ROOT, lambda cells: [True] * len(cells))
    except ValueError:
        return
    for cell in list(found.tiles)[:100]:
        tiling.cell_volume(cell)


def model(data: bytes, scratch: Path) -> None:
    """glTF in all its wrappers."""
    try:
        gltf.references(data)
        changed = gltf.changed(data, lambda uri, kind: f"{uri}x")
        if changed is not None:
            assert [uri for uri, _ in gltf.references(changed)]
    except ValueError:
        return


def stl(data: bytes, scratch: Path) -> None:
    _mesh(data, scratch / "a.stl")


def obj(data: bytes, scratch: Path) -> None:
    _mesh(data, scratch / "a.obj")


def _mesh(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    try:
        surface = read_mesh(path)
    except ExportError:
        return
    parts = city(surface)
    for building in buildings(parts):
        assert math.isfinite(building.height) and not building.footprint.is_empty
    if parts.terrain.any():
        assert np.isfinite(elevations(parts.surface.of(parts.terrain)).elevations).all()


def _cube() -> tuple[bytes, bytes, bytes]:
    """Binary STL, the same as text, and OBJ."""
    corners = np.array([(x, y, z) for x in (0, 9) for y in (0, 9) for z in (0, 9)], "<f4")
    quads = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    triangles = [face for a, b, c, d in quads for face in ((a, b, c), (a, c, d))]
    binary = bytes(80) + len(triangles).to_bytes(4, "little")
    text = "solid a\n"
    for face in triangles:
        binary += bytes(12) + corners[list(face)].tobytes() + bytes(2)
        rows = "".join(f"vertex {x:g} {y:g} {z:g}\n" for x, y, z in corners[list(face)])
        text += f"facet normal 0 0 0\nouter loop\n{rows}endloop\nendfacet\n"
    vertices = "".join(f"v {x:g} {y:g} {z:g}\n" for x, y, z in corners)
    faces = "".join(f"f {a + 1}/1/1 {b + 1} {c + 1} {d - 8}\n" for a, b, c, d in quads)
    return binary, f"{text}endsolid a\n".encode(), f"o a\n{vertices}g b\n{faces}".encode()


def _seed_job() -> bytes:
    request = ExportRequest("koordinates", "https://example.org", {"items": ["layer:1"]}, AREA, "Roads", AREA, ("x",))
    quote = Quote(("no",), Decimal("1.5"), "NZD", 5, "x", License("CC", "https://example.org"), Decimal(2))
    return replace(new_job(request, 1.0, "abc", Delivery("/x", True)), quote=quote).to_json().encode()


IMPLICIT = {
    "subdivisionScheme": "QUADTREE", "availableLevels": 4, "subtreeLevels": 2, "subtrees": {"uri": "{level}.subtree"},
}  # fmt: skip
_BOX = tilesets.box(tilesets.LON, tilesets.LAT)
_TREE = tilesets.tileset(
    tilesets.tile(
        _BOX, tilesets.tile(tilesets.region(16, 48, 17, 49), content="inner.json", error=5),
        tilesets.tile(tilesets.region(16, 48, 17, 49), content="{level}/{x}.glb", implicitTiling=IMPLICIT, error=9),
        tilesets.tile(_BOX, contents=[{"uri": "a.glb"}, {"uri": "b.b3dm?x=1"}], transform=tilesets.enu()),
    )
)  # fmt: skip
_STREAMS = {
    "tileAvailability": tilesets.bits(0, 2, size=5),
    "childSubtreeAvailability": 1,
    "contentAvailability": [1, 0],
}
_SUBTREE, _ = tilesets.subtree(_STREAMS)
_SUBTREE_ASIDE, _ = tilesets.subtree(_STREAMS, "a.bin")
_GLB = tilesets.glb(tilesets.triangle(["a.png", "https://example.org/b.png"], "c.bin"))
_STL, _STL_TEXT, _OBJ = _cube()
TARGETS = {
    "job": Target(job, (_seed_job(), b"[]", b'{"key": 1, "request": {}, "state": "new"}')),
    "error_body": Target(
        error_body,
        (
            b'{"errors": {"crs": ["This field is required."]}}', b'{"detail": [{"loc": ["body", "a"], "msg": "b"}]}',
            b"<html><title>502</title><script>x</script><p>&lt;&#8238;</p>", b"key AbCdEf123456 https://a@b/?sig=1",
        ),
    ),
    "links": Target(links, (b'{"0": {"EXPORT": {"a.tif": "https://example.org/a?x=1", "../b": "http://c/"}}}',)),
    "disposition": Target(
        disposition,
        (b"attachment; filename*=UTF-8''a%20b.zip\n", b'attachment; filename="a\\"b.zip"\n', b"\na/b%2Fc.tif?x"),
    ),
    "address": Target(
        address, (b"a/b.glb?x=1\n../c.json", b"https://example.org/exports/mesh/x\n/exports/mesh/y", b"%2e\n\\a")
    ),
    "area": Target(
        area,
        (
            _json(AREA), b'{"type": "MultiPolygon", "coordinates": [[[[179, 0], [-179, 0], [180, 5], [179, 0]]]]}',
            b'{"type": "Polygon", "coordinates": [[[1], [2], [3]]]}',
        ),
    ),
    "tileset": Target(tileset, (BREAK.join((_TREE, _SUBTREE, _TREE.replace(b"inner", b"tileset"))), _TREE)),
    "subtree": Target(subtree, (_SUBTREE, _SUBTREE_ASIDE, _SUBTREE + b" ")),
    "model": Target(
        model,
        (
            _GLB, tilesets.b3dm(_GLB), tilesets.i3dm(_GLB), tilesets.i3dm("a.glb"),
            tilesets.cmpt(tilesets.b3dm(_GLB), tilesets.i3dm("b.glb")), _json(tilesets.triangle(["a"], "b")),
        ),
    ),
    "stl": Target(stl, (_STL, _STL_TEXT)),
    "obj": Target(obj, (_OBJ, b"v 0 0 0\nf\n")),
}  # fmt: skip
