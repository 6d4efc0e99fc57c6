"""What comes from outside and is read here, as nobody should send it: readers say so in their own words.

The targets are those that atheris runs (tests/siege/fuzz); here they get real files with parts of them changed.
"""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenes import tilesets
from tests.siege.fuzz.targets import BREAK, TARGETS
from tests.unit.hostile import IS_DEEP, like, thorough

BOX = tilesets.box(tilesets.LON, tilesets.LAT)
MANY, LEVELS = (100_000, 5) if IS_DEEP else (3_000, 3)
MOST_SECONDS = 300.0 if IS_DEEP else 20.0  # of one input, on a machine with much else to do


LENGTHS = (b"\xff" * 4, b"\0" * 4, b"\xff" * 8, b"nan", b"1e999", b"-1")


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """Cut, doubled, or with other bytes in places: also such as are lengths and counts."""
    data = bytearray(seed)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        other = draw(st.binary(max_size=8) | st.sampled_from(LENGTHS))
        data[place : place + draw(st.integers(0, len(other)))] = other
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_files(name: str, tmp_path: Path) -> None:
    @thorough
    @given(st.sampled_from(TARGETS[name].seeds).flatmap(damaged))
    def property(data: bytes) -> None:
        TARGETS[name].run(data, tmp_path)

    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed, tmp_path)
    property()


@pytest.mark.parametrize("name", ["job", "links", "area", "error_body"])
def test_other_json(name: str, tmp_path: Path) -> None:
    @thorough
    @given(like(json.loads(TARGETS[name].seeds[0])))
    def property(document: Any) -> None:
        TARGETS[name].run(json.dumps(document).encode(), tmp_path)

    property()


@pytest.mark.parametrize("which", range(3))
def test_other_tilesets(which: int, tmp_path: Path) -> None:
    parts = TARGETS["tileset"].seeds[0].split(BREAK)
    start = 24 if which == 1 else 0
    tree = json.loads(parts[which][start : parts[which].rindex(b"}") + 1])

    @thorough
    @given(like(tree))
    def property(document: Any) -> None:
        text = json.dumps(document).encode()
        TARGETS["tileset"].run(BREAK.join((*parts[:which], text, *parts[which + 1 :])), tmp_path)

    property()


def deep(levels: int, around: str = '{"a":%s}') -> bytes:
    before, after = around.split("%s")
    return (before * levels + "1" + after * levels).encode()


def tree(levels: int) -> bytes:
    tile = '{"boundingVolume":{"sphere":[0,0,0,1]},"geometricError":-5,"children":['
    return f'{{"asset":{{}},"root":{tile * levels}{"]}" * levels}}}'.encode()


def wide(count: int) -> bytes:
    children = ({"content": {"uri": f"{number}.json"}, "geometricError": number} for number in range(count))
    return tilesets.tileset(tilesets.tile(BOX, *children))


def implicit(**more: Any) -> bytes:
    levels = {"availableLevels": 64, "subtreeLevels": 64}
    tiling = {"subdivisionScheme": "OCTREE", **levels, "subtrees": {"uri": "0.subtree"}, **more}
    return tilesets.tileset(tilesets.tile(BOX, content="a.glb", implicitTiling=tiling))


def one_to_the_other() -> bytes:
    here, there = (wide(3).replace(b"0.json", name) for name in (b"inner.json", b"tileset.json"))
    return BREAK.join((here, b"", there))


ALL = tilesets.subtree({"tileAvailability": 1, "childSubtreeAvailability": 1, "contentAvailability": [1]})[0]
LYING = struct.pack("<4sI2Q", b"subt", 1, 2**63, 2**63) + b"{}"
NAN = b"facet normal 0 0 0\nouter loop\nvertex nan 0 0\nvertex inf 0 0\nvertex 0 0 0\nendloop\nendfacet\n"
EXTREMES = {
    "a job a thousand levels deep": ("job", b'{"key":"a","state":"new","request":{"options":' + deep(1000) + b"}}"),
    "a job of lists ten thousand levels deep": ("job", b"[" * 10_000),
    "folders a thousand levels deep": ("links", deep(1000)),
    "folders eight hundred levels deep": ("links", deep(800).replace(b"1", b'"https://a/b"')),
    "a body a thousand levels deep": ("error_body", deep(1000, '{"error":%s}')),
    "a body of a million characters": ("error_body", b"<title>" + b"< " * 500_000),
    "links without an end": ("error_body", b"https://" * 100_000),
    "a tileset ten thousand levels deep": ("tileset", tree(10_000)),
    "a tileset as deep as is read": ("tileset", tree(400)),
    "many children": ("tileset", wide(MANY)),
    "two tilesets in a circle": ("tileset", one_to_the_other()),
    "numbers that are none": (
        "tileset",
        b'{"root":{"boundingVolume":{"box":["1",NaN]},"geometricError":Infinity,"transform":[1e999]}}',
    ),
    "implicit tiling of 64 levels": ("tileset", BREAK.join((implicit(), ALL))),
    "implicit tiling of itself": (
        "tileset", BREAK.join((implicit(subtreeLevels=LEVELS, availableLevels=2**70), ALL)),
    ),
    "implicit tiling of one file": (
        "tileset", BREAK.join((implicit(subtreeLevels=2, subdivisionScheme="QUADTREE"), ALL)),
    ),
    "a subtree that lies": ("subtree", LYING),
    "a subtree that has everything": ("subtree", ALL + b" " * 13),
    "a model that lies": ("model", b"glTF" + struct.pack("<4I", 2, 2**32 - 1, 2**32 - 1, 0x4E4F534A)),
    "tables that lie": ("model", b"b3dm" + struct.pack("<6I", 1, 28, *[2**32 - 1] * 4)),
    "a composite that lies": (
        "model", tilesets.cmpt(*[tilesets.cmpt()] * 1000).replace(struct.pack("<I", 1000), b"\xff" * 4),
    ),
    "four billion triangles": ("stl", bytes(80) + b"\xff" * 4 + bytes(5000)),
    "triangles of no numbers": ("stl", b"solid a\n" + NAN + b"endsolid a\n"),
    "a binary of no numbers": ("stl", bytes(80) + struct.pack("<I12fH", 1, *[float("nan")] * 12, 0)),
    "faces that are not there": ("obj", b"v 0 0 0\nf 1 2 99999999999999999999\n"),
    "faces before the vertices": ("obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf -9 -2 -3\n"),
    "far away": ("obj", b"v 1e308 1e308 1e308\nv -1e308 0 0\nv 0 1e308 0\nv 5 5 5\nf 1 2 3 4\n"),
    "a face of ten thousand corners": ("obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf " + b"1 2 3 " * 3000 + b"\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes(name: str, tmp_path: Path) -> None:
    target, data = EXTREMES[name]
    began = time.process_time()
    TARGETS[target].run(data, tmp_path)
    assert time.process_time() - began < MOST_SECONDS
