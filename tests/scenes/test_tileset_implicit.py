"""Implicit tiling: subtrees in every form are followed, filtered by area, and written out for QGIS."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutout.core.implicit import ROOT, explored, tiling
from cutout.core.model import Artifact
from cutout.core.subtree import buffers, read
from cutout.core.tileset import Tileset
from tests.scenes.tilesets import (
    LAT,
    LON,
    Site,
    around,
    arrived,
    bits,
    enu,
    glb,
    loaded,
    local_box,
    offset,
    region,
    subtree,
    tile,
    tileset,
    uris,
)
from tests.unit.scripted_server import ScriptedServer

CONTENT = "c/{level}_{x}_{y}.glb"
SUBTREES = "s/{level}.{x}.{y}.subtree"


@pytest.fixture
def site() -> Iterator[Site]:
    with ScriptedServer() as server:
        yield Site(server)


def implicit(volume: Any, levels: int, in_subtree: int, scheme: str = "QUADTREE", **more: Any) -> Any:
    raw = {
        "subdivisionScheme": scheme,
        "subtreeLevels": in_subtree,
        "availableLevels": levels,
        "subtrees": {"uri": SUBTREES if scheme == "QUADTREE" else SUBTREES.replace("{y}", "{y}.{z}")},
    }
    return tile(volume, error=64, implicitTiling=raw, **{"content": {"uri": CONTENT}, **more})


def put_all(site: Site, streams: Mapping[str, Any], external: bool = False) -> None:
    """Four levels: a root subtree of two, and below it five subtrees of two."""
    for cell in ("0.0.0", "2.0.0", "2.1.0", "2.0.1", "2.1.1", "2.3.3"):
        body, buffer = subtree(streams[cell[0]], f"{cell}.bin" if external else "")
        site.put(f"s/{cell}.subtree", body)
        if external and buffer:
            site.put(f"s/{cell}.bin", buffer)


# What a subtree says


def cells(streams: Mapping[str, Any], *, levels: int, in_subtree: int, octree: bool = False, contents: int = 1) -> Any:
    raw = implicit(local_box(), levels, in_subtree, "OCTREE" if octree else "QUADTREE")
    raw.pop("content")
    raw["contents"] = [{"uri": f"{number}"} for number in range(contents)]
    known = tiling(raw)
    assert known is not None
    return explored(known, read(subtree(streams)[0], lambda uri: None), ROOT, lambda every: [True] * len(every))


def test_tiles_are_found_in_morton_order() -> None:
    """The figure in 3D Tiles 1.1, 10.7: levels follow each other, on each of them x runs fastest."""
    streams = {
        "tileAvailability": bits(0, 2, 5 + 7, size=21),  # the root, (1, 1, 0), and on level 2 number 7: x 3, y 1
        "childSubtreeAvailability": bits(4 * 7 + 2, size=64),
        "contentAvailability": [bits(2, size=21), 1],
    }
    found = cells(streams, levels=9, in_subtree=3, contents=2)
    assert found.tiles == {(0, 0, 0, 0): (1,), (1, 1, 0, 0): (0, 1), (2, 3, 1, 0): (1,)}
    assert found.below == [(3, 6, 3, 0)]


def test_an_octree_has_eight_ways() -> None:
    streams = {
        "tileAvailability": bits(0, 1 + 6, size=9),
        "childSubtreeAvailability": bits(6 * 8 + 5, size=64),
        "contentAvailability": [1],
    }
    found = cells(streams, levels=9, in_subtree=2, octree=True)
    assert set(found.tiles) == {(0, 0, 0, 0), (1, 0, 1, 1)}
    assert found.below == [(2, 1, 2, 3)]


def test_levels_end_where_the_tileset_says() -> None:
    streams = {"tileAvailability": 1, "childSubtreeAvailability": 1, "contentAvailability": [1]}
    found = cells(streams, levels=2, in_subtree=3)
    assert len(found.tiles) == 5 and found.below == []
    assert len(cells(streams, levels=3, in_subtree=3).tiles) == 21


def test_a_bit_beyond_the_end_is_not_set() -> None:
    streams = {"tileAvailability": b"\xff", "childSubtreeAvailability": 0, "contentAvailability": [b""]}
    found = cells(streams, levels=5, in_subtree=5)
    assert len(found.tiles) == 8 and set(found.tiles.values()) == {()}


def test_a_tree_without_end_is_refused() -> None:
    streams = {"tileAvailability": 1, "childSubtreeAvailability": 1, "contentAvailability": [1]}
    with pytest.raises(ValueError, match="hundreds of thousands"):
        cells(streams, levels=10**9, in_subtree=16)
    assert tiling(implicit(local_box(), 10**9, 16)) is not None
    for wrong in (0, -1, 17, 10**9, "3", None, 2.5):
        with pytest.raises(ValueError, match="implicit tiling can't be read"):
            tiling(implicit(local_box(), 10, wrong))  # type: ignore[arg-type]


def test_json_subtrees_and_the_older_extension() -> None:
    stream = base64.b64encode(bits(0, 1, size=5)).decode()
    document = {
        "buffers": [{"uri": f"data:application/octet-stream;base64,{stream}", "byteLength": 1}],
        "bufferViews": [{"buffer": 0, "byteLength": 1}],
        "tileAvailability": {"bufferView": 0},
        "contentAvailability": {"constant": 1},
        "childSubtreeAvailability": {"constant": 0},
    }
    body = json.dumps(document).encode()
    assert buffers(body) == []
    raw = implicit(local_box(), 2, 2)
    older = raw.pop("implicitTiling")
    older["maximumLevel"] = older.pop("availableLevels") - 1
    raw["extensions"] = {"3DTILES_implicit_tiling": older}
    known = tiling(raw)
    assert known is not None
    found = explored(known, read(body, lambda uri: None), ROOT, lambda every: [True] * len(every))
    assert found.tiles == {(0, 0, 0, 0): (0,), (1, 0, 0, 0): (0,)}


@settings(max_examples=200)
@given(
    st.binary(max_size=80) | st.binary(max_size=60).map(lambda data: struct.pack("<4sI2Q", b"subt", 1, 40, 9) + data)
)
def test_any_bytes_are_a_subtree_or_refused_in_words(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it "):
        read(data, lambda uri: b"")


INDEX = st.sampled_from([0, 1, -1, 5, "0", None, 1.5, True])


@settings(max_examples=200)
@given(st.fixed_dictionaries({}, optional={"constant": INDEX, "bitstream": INDEX, "bufferView": INDEX}), INDEX, INDEX)
def test_any_numbers_in_a_subtree_are_read_or_refused_in_words(availability: Any, buffer: Any, size: Any) -> None:
    document = {
        "buffers": [{"byteLength": size}, {"uri": buffer}, {"uri": "data:;base64,!"}],
        "bufferViews": [{"buffer": buffer, "byteLength": size, "byteOffset": size}, buffer],
        **dict.fromkeys(("tileAvailability", "childSubtreeAvailability", "contentAvailability"), availability),
    }
    try:
        assert read(json.dumps(document).encode(), lambda uri: None).tiles.at(np.arange(3)).shape == (3,)
    except ValueError as refusal:
        assert str(refusal)


# From the server to the folder

STREAMS = {
    "0": {
        "tileAvailability": bits(0, 1, 2, 3, 4, size=5),
        "contentAvailability": [bits(1, 2, 3, 4, size=5)],
        "childSubtreeAvailability": bits(0, 1, 2, 3, 15, size=16),
    },
    "2": {"tileAvailability": bits(0, 1, size=5), "contentAvailability": [1], "childSubtreeAvailability": 0},
}
ALL = [
    *(f"c/1_{x}_{y}.glb" for x in (0, 1) for y in (0, 1)),
    *(f"c/2_{x}_{y}.glb" for x, y in ((0, 0), (1, 0), (0, 1), (1, 1), (3, 3))),
    *(f"c/3_{x}_{y}.glb" for x, y in ((0, 0), (2, 0), (0, 2), (2, 2), (6, 6))),
]


@pytest.mark.parametrize("external", [False, True])
@pytest.mark.parametrize("area", [None, around(LON, LAT, 3000)])
def test_an_implicit_tileset_comes_whole_and_is_written_out(
    site: Site, tmp_path: Path, external: bool, area: Any
) -> None:
    put_all(site, STREAMS, external)
    site.put("tileset.json", tileset(implicit(local_box(half=800), 4, 2, transform=enu())))
    for name in ALL:
        site.put(name, glb())
    fetched, followed = arrived(site.root, area, tmp_path)
    assert fetched.problems == () and site.asked == sorted(site.put_names)
    changed, sentences = followed.settle(tmp_path)
    assert changed == (tmp_path / "tileset.json",) and sentences == ()
    document = loaded(tmp_path / "tileset.json")
    assert "implicitTiling" not in json.dumps(document) and "{level}" not in json.dumps(document)
    assert sorted(uris(document)) == sorted(ALL)
    root = document["root"]
    assert (root["transform"], root["geometricError"], len(root["children"])) == (enu(), 64, 4)
    corner = next(child for child in root["children"] if child["content"]["uri"] == "c/1_1_1.glb")
    assert corner["geometricError"] == 32
    assert corner["boundingVolume"] == {"box": [400, 400, 800, 400, 0, 0, 0, 400, 0, 0, 0, 800]}
    (leaf,) = corner["children"]
    assert (leaf["content"], leaf["geometricError"]) == ({"uri": "c/2_3_3.glb"}, 16)
    assert leaf["children"][0]["boundingVolume"]["box"][:3] == [500, 500, 800]
    assert Tileset(site.root, area).settle(tmp_path) == ((), ())


def test_only_what_meets_the_area_is_fetched(site: Site, tmp_path: Path) -> None:
    put_all(site, STREAMS)
    site.put("tileset.json", tileset(implicit(local_box(half=800), 4, 2, transform=enu())))
    for name in ALL:
        site.put(name, glb())
    arrived_there, followed = arrived(site.root, around(*offset(600, 600), 100), tmp_path)
    wanted = ["c/1_1_1.glb", "c/2_3_3.glb", "c/3_6_6.glb"]
    assert arrived_there.problems == ()
    assert site.asked == [*wanted, "s/0.0.0.subtree", "s/2.3.3.subtree", "tileset.json"]
    _, sentences = followed.settle(tmp_path)
    assert sentences == ("3 of more than 3 tiles meet the area; the others were left out.",)
    assert uris(loaded(tmp_path / "tileset.json")) == wanted


def test_regions_are_divided_too(site: Site, tmp_path: Path) -> None:
    put_all(site, STREAMS)
    volume = region(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)
    site.put("tileset.json", tileset(implicit(volume, 4, 2)))
    site.put("c/1_0_0.glb", glb())
    arrived(site.root, around(LON - 0.001, LAT - 0.001, 20), tmp_path)
    assert [name for name in site.asked if name.startswith("c/")] == ["c/1_0_0.glb", "c/2_1_1.glb"]
    assert "c/3_2_2.glb" not in site.asked


def test_an_octree_with_several_contents(site: Site, tmp_path: Path) -> None:
    streams = {
        "tileAvailability": bits(0, 1, 8, size=9),
        "contentAvailability": [bits(1, 8, size=9), bits(8, size=9)],
        "childSubtreeAvailability": 0,
    }
    site.put("s/0.0.0.0.subtree", subtree(streams)[0])
    contents = [{"uri": "a/{level}/{x}/{y}/{z}.glb"}, {"uri": "b/{level}/{x}/{y}/{z}.glb"}]
    raw = implicit(local_box(half=800), 2, 2, "OCTREE", contents=contents, transform=enu())
    del raw["content"]
    site.put("tileset.json", tileset(raw))
    expected = ["a/1/0/0/0.glb", "a/1/1/1/1.glb", "b/1/1/1/1.glb"]
    for name in expected:
        site.put(name, glb())
    fetched, followed = arrived(site.root, None, tmp_path)
    followed.settle(tmp_path)
    assert fetched.problems == ()
    root = loaded(tmp_path / "tileset.json")["root"]
    assert uris({"root": root}) == expected and "contents" not in json.dumps(root)
    both = root["children"][1]
    assert both["geometricError"] == 64 and [part["geometricError"] for part in both["children"]] == [32, 32]
    assert both["boundingVolume"]["box"][:3] == [400, 400, 1200]


@pytest.mark.parametrize("missing", ["s/2.3.3.subtree", "s/2.3.3.bin", "s/0.0.0.subtree", "s/0.0.0.bin"])
def test_without_a_subtree_the_rest_is_shown(site: Site, tmp_path: Path, missing: str) -> None:
    put_all(site, STREAMS, external=True)
    site.put("tileset.json", tileset(implicit(local_box(half=800), 4, 2, transform=enu())))
    for name in ALL:
        site.put(name, glb())
    site.server.on(site.folder + missing)
    fetched, followed = arrived(site.root, None, tmp_path)
    assert len(fetched.problems) == 1 and missing in fetched.problems[0]
    _, sentences = followed.settle(tmp_path)
    lost = ALL if "0.0.0" in missing else ["c/2_3_3.glb", "c/3_6_6.glb"]
    assert sorted(uris(loaded(tmp_path / "tileset.json"))) == sorted(set(ALL) - set(lost))
    assert len(sentences) == missing.endswith(".bin")
    assert all("a file that says which tiles there are is missing" in sentence for sentence in sentences)


def test_a_damaged_subtree_is_said_once(site: Site, tmp_path: Path) -> None:
    put_all(site, STREAMS)
    site.put("s/2.3.3.subtree", b"subt")
    site.put("tileset.json", tileset(implicit(local_box(half=800), 4, 2, transform=enu())))
    for name in ALL:
        site.put(name, glb())
    _, followed = arrived(site.root, None, tmp_path)
    assert followed.settle(tmp_path)[1] == ("“s/2.3.3.subtree” can't be read: it is cut short.",)
    assert len(uris(loaded(tmp_path / "tileset.json"))) == len(ALL) - 2


def test_a_subtree_that_stands_for_all_of_them_ends(tmp_path: Path) -> None:
    """Its name has no coordinates, it says that there is always more, and the tileset that there are 10⁹ levels."""
    streams = {"tileAvailability": 1, "contentAvailability": [1], "childSubtreeAvailability": 1}
    raw = implicit(local_box(half=800), 10**9, 1, transform=enu(), content={"uri": "same.glb"})
    raw["implicitTiling"]["subtrees"] = {"uri": "same.subtree"}
    (tmp_path / "tileset.json").write_bytes(tileset(raw))
    (tmp_path / "same.subtree").write_bytes(subtree(streams)[0])
    (tmp_path / "same.glb").write_bytes(glb())
    root = Artifact("tileset.json", "https://a.example/tileset.json", tileset=True)
    followed = Tileset(root, None)
    found = list(followed.children(root, tmp_path / "tileset.json"))
    found += followed.children(found[0], tmp_path / "same.subtree")
    assert [artifact.name for artifact in found] == ["same.subtree", "same.glb"]
    assert any("more tiles than Cutout follows" in sentence for sentence in followed.settle(tmp_path)[1])
    assert 1 <= len(uris(loaded(tmp_path / "tileset.json"))) <= 16
