"""What is rewritten so that a tileset loads without the storage that it came from, and what is left as it came."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cutout.core.gltf import references
from cutout.core.model import Artifact
from cutout.core.tileset import Tileset
from tests.scenes.tilesets import (
    LAT,
    LON,
    POSITIONS,
    Site,
    around,
    arrived,
    b3dm,
    box,
    enu,
    files_in,
    glb,
    i3dm,
    json_of,
    loaded,
    local_box,
    offset,
    tile,
    tileset,
    triangle,
    uris,
)
from tests.unit.scripted_server import ScriptedServer

HERE = around(LON, LAT, 100)
FAR = offset(0, 5000)
ROOT = Artifact("tileset.json", "https://a.example/mesh/tileset.json?sig=secret", tileset=True)


@pytest.fixture
def site() -> Iterator[Site]:
    with ScriptedServer() as server:
        yield Site(server)


def state(home: Path) -> dict[str, tuple[bytes, int]]:
    return {name: ((home / name).read_bytes(), os.stat(home / name).st_ino) for name in files_in(home)}


def lay(home: Path, files: dict[str, bytes]) -> Path:
    for name, body in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(body)
    return home


def test_what_works_offline_is_not_touched(tmp_path: Path) -> None:
    inner = tileset(tile(local_box(), content="../t/1%20%23.b3dm", transform=enu()))
    root = tile(box(LON, LAT), tile(box(LON, LAT), content="./n/tileset.json"), tile(box(LON, LAT)), refine="ADD")
    files = {
        "tileset.json": b" " + tileset(root, schemaUri="schema.json"),
        "schema.json": b"{}",
        "n/tileset.json": inner,
        "t/1 #.b3dm": b3dm(glb(triangle(["x.png", "missing.png", "data:image/png;base64,AA"]))),
        "t/x.png": b"PNG",
    }
    before = state(lay(tmp_path, files))
    assert Tileset(ROOT, None).settle(tmp_path) == ((), ())
    assert state(tmp_path) == before


def test_queries_and_addresses_become_local_names(tmp_path: Path) -> None:
    children = [
        tile(box(LON, LAT), content="t/a%20b.glb?sig=secret"),
        tile(box(LON, LAT), content="https://a.example/mesh/n/tileset.json?sig=secret"),
        tile(box(LON, LAT), content="t\\c#1.glb"),
    ]
    inner = tile(box(LON, LAT), content="/mesh/t/a%20b.glb")
    files = {
        "tileset.json": tileset(tile(box(LON, LAT), *children), schemaUri="/mesh/schema.json?1", extras={"url": "x"}),
        "schema.json": b"{}",
        "n/tileset.json": tileset(inner, schema={"id": "kept"}),
        "t/a b.glb": glb(triangle(["/mesh/x.png?sig=secret", "y.png"])),
        "t/c": glb(),
    }
    changed, sentences = Tileset(ROOT, None).settle(lay(tmp_path, files))
    assert sentences == ()
    assert {path.name for path in changed} == {"tileset.json", "a b.glb"} and len(changed) == 3
    outer = loaded(tmp_path / "tileset.json")
    assert uris(outer) == ["t/a%20b.glb", "n/tileset.json", "t/c"]
    assert outer["schemaUri"] == "schema.json" and outer["extras"] == {"url": "x"}
    nested = loaded(tmp_path / "n" / "tileset.json")
    assert uris(nested) == ["../t/a%20b.glb"] and nested["schema"] == {"id": "kept"}
    assert [image["uri"] for image in json_of((tmp_path / "t/a b.glb").read_bytes())["images"]] == ["../x.png", "y.png"]
    assert all(b"secret" not in (tmp_path / name).read_bytes() for name in files_in(tmp_path))


def test_a_second_time_nothing_is_left_to_do(tmp_path: Path) -> None:
    children = [tile(box(LON, LAT), contents=[{"uri": "a.glb?1"}, {"uri": "b.glb"}]), tile(box(LON, LAT), content="no")]
    root = tile(box(LON, LAT), *children, error=8)
    files = {"tileset.json": tileset(root), "a.glb": glb(triangle(["x.png?1"])), "b.glb": i3dm("a.glb?1")}
    assert len(Tileset(ROOT, None).settle(lay(tmp_path, files))[0]) == 3
    before = state(tmp_path)
    assert Tileset(ROOT, None).settle(tmp_path) == ((), ())
    assert state(tmp_path) == before


def test_the_same_files_are_settled_alike(tmp_path: Path) -> None:
    root = tile(box(LON, LAT), *(tile(box(LON, LAT), content=f"{n}.glb?{n}") for n in range(9)))
    files = {"tileset.json": tileset(root), **{f"{n}.glb": glb(triangle([f"{n}.png?"])) for n in range(0, 9, 2)}}
    homes = [lay(tmp_path / name, files) for name in ("one", "two")]
    for home in homes:
        Tileset(ROOT, None).settle(home)
    one, two = ({name: (home / name).read_bytes() for name in files_in(home)} for home in homes)
    assert one == two and len(one) == 6


def test_tiles_that_show_nothing_any_more_are_left_out(tmp_path: Path) -> None:
    branches = [
        tile(box(LON, LAT), tile(box(LON, LAT), content="gone.glb"), content="here.glb"),
        tile(box(LON, LAT), tile(box(LON, LAT), tile(box(LON, LAT), content="gone.glb"), content="gone.json")),
        tile(box(LON, LAT), tile(box(LON, LAT), content="here.glb"), content="gone.glb"),
        tile(box(LON, LAT)),
        tile(box(LON, LAT), content="data:,"),
    ]
    files = {"tileset.json": tileset(tile(box(LON, LAT), *branches, content="gone.glb")), "here.glb": glb()}
    Tileset(ROOT, None).settle(lay(tmp_path, files))
    root = loaded(tmp_path / "tileset.json")["root"]
    assert "content" not in root
    assert root["children"] == [
        tile(box(LON, LAT), content="here.glb"),
        tile(box(LON, LAT), tile(box(LON, LAT), content="here.glb")),
        tile(box(LON, LAT)),
        tile(box(LON, LAT), content="data:,"),
    ]


def test_a_model_never_leads_elsewhere(site: Site, tmp_path: Path) -> None:
    with ScriptedServer() as other:
        document = triangle([other.url("/x.png"), "../../y.png", "file:///etc/passwd"], other.url("/b.bin"))
        site.put("tileset.json", tileset(tile(box(LON, LAT), content="0.glb")))
        site.put("0.glb", b3dm(glb(document, b"")))
        _, followed = arrived(site.root, None, tmp_path)
        followed.settle(tmp_path)
        assert other.seen() == []
    found = [uri for uri, _ in references((tmp_path / "0.glb").read_bytes())]
    assert len(found) == 4 and all(uri.startswith("data:") for uri in found)
    assert sum(uri.startswith("data:image/png;base64,iVBOR") for uri in found) == 3


def test_filtered_tiles_are_no_longer_referred_to(site: Site, tmp_path: Path) -> None:
    children = [
        tile(box(LON, LAT), content="0.glb"),
        tile(box(*FAR), content="1.glb"),
        tile(box(*FAR), content="f.json"),
    ]
    site.put("tileset.json", tileset(tile(box(LON, LAT, 9000), *children, content="coarse.glb", refine="REPLACE")))
    for name in ("0.glb", "coarse.glb"):
        site.put(name, glb())
    _, followed = arrived(site.root, HERE, tmp_path)
    assert followed.settle(tmp_path)[0] == (tmp_path / "tileset.json",)
    assert uris(loaded(tmp_path / "tileset.json")) == ["coarse.glb", "0.glb"]


def test_a_crash_in_between_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tile(box(LON, LAT), content="0.glb?1")
    old = tileset(root)
    lay(tmp_path, {"tileset.json": old, "0.glb": glb()})

    def crash(source: Any, target: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(os, "replace", crash)
        Tileset(ROOT, None).settle(tmp_path)
    assert (tmp_path / "tileset.json").read_bytes() == old and files_in(tmp_path) == ["0.glb", "tileset.json"]
    assert Tileset(ROOT, None).settle(tmp_path)[0] == (tmp_path / "tileset.json",)


# Several contents


@pytest.mark.parametrize("key", ["contents", "extension"])
def test_several_contents_become_children(tmp_path: Path, key: str) -> None:
    several: Any = [{"uri": "a.glb", "group": 1}, {"uri": "b.glb"}]
    own = {"extensions": {"3DTILES_multiple_contents": {"contents": several}}} if key == "extension" else {key: several}
    leaf = tile(box(LON, LAT), error=4, **own)
    listed = {"extensionsUsed": ["3DTILES_multiple_contents", "OTHER"]}
    files = {"tileset.json": tileset(tile(box(LON, LAT), leaf, error=16), **listed), "a.glb": glb(), "b.glb": glb()}
    Tileset(ROOT, None).settle(lay(tmp_path, files))
    document = loaded(tmp_path / "tileset.json")
    (frame,) = document["root"]["children"]
    parts = [tile(box(LON, LAT), error=4, content="a.glb"), tile(box(LON, LAT), error=4, content="b.glb")]
    parts[0]["content"]["group"] = 1
    assert frame == tile(box(LON, LAT), *parts, error=16)
    assert document["extensionsUsed"] == ["OTHER"]


@pytest.mark.parametrize(("there", "expected"), [(("a.glb",), ["a.glb"]), ((), [])])
def test_of_several_contents_those_stay_that_are_here(tmp_path: Path, there: Any, expected: Any) -> None:
    frame = tile(box(LON, LAT), contents=[{"uri": "a.glb"}, {"uri": "b.glb"}])
    files = {"tileset.json": tileset(tile(box(LON, LAT), frame)), **{name: glb() for name in there}}
    Tileset(ROOT, None).settle(lay(tmp_path, files))
    document = loaded(tmp_path / "tileset.json")
    assert uris(document) == expected
    assert ("children" in document["root"]) is bool(expected)


def test_children_replace_every_one_of_several_contents(tmp_path: Path) -> None:
    finer = [tile(box(LON, LAT), content="c.glb")]
    root = tile(box(LON, LAT), *finer, error=4, refine="REPLACE", contents=[{"uri": "a.glb"}, {"uri": "b.glb"}])
    files = {"tileset.json": tileset(root), "a.glb": glb(), "b.glb": glb(), "c.glb": glb()}
    Tileset(ROOT, None).settle(lay(tmp_path, files))
    frame = loaded(tmp_path / "tileset.json")["root"]
    assert (frame["geometricError"], frame["refine"], "content" in frame) == (500, "REPLACE", False)
    first, second = frame["children"]
    assert (first["content"], first["children"]) == ({"uri": "a.glb"}, finer)
    assert (second["content"], second["children"]) == ({"uri": "b.glb"}, [tile(box(LON, LAT), error=0)])


def test_children_come_beside_several_contents_where_they_are_added(tmp_path: Path) -> None:
    leaf = tile(box(LON, LAT), content="c.glb")
    inner = tile(box(LON, LAT), leaf, error=4, contents=[{"uri": "a.glb"}, {"uri": "b.glb"}])
    files = {"tileset.json": tileset(tile(box(LON, LAT), inner, refine="add", error=8))}
    Tileset(ROOT, None).settle(lay(tmp_path, {**files, "a.glb": glb(), "b.glb": glb(), "c.glb": glb()}))
    (frame,) = loaded(tmp_path / "tileset.json")["root"]["children"]
    assert [child["content"]["uri"] for child in frame["children"]] == ["a.glb", "b.glb", "c.glb"]
    assert not any("children" in child for child in frame["children"])


# Anything

VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["a.glb", "n.json"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["root", "children", "content", "contents", "uri", "url", "boundingVolume", "transform", "refine"]
                + ["implicitTiling", "extensions", "3DTILES_multiple_contents", "schemaUri", "geometricError", "box"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


HUGE = "1" + "0" * 400


@pytest.mark.parametrize("number", [HUGE, "1e308", "-1e308", "1e999"])
def test_numbers_beyond_all_bounds_end_nothing(tmp_path: Path, number: str) -> None:
    """What JSON can say and no float can hold ends QGIS when it reads it, so it must not be written either."""
    implicit = (
        '{"subdivisionScheme": "QUADTREE", "availableLevels": 2, "subtreeLevels": 2, "subtrees": {"uri": "s.json"}}'
    )
    root = (
        f'{{"boundingVolume": {{"box": [{", ".join([number] * 12)}]}}, "geometricError": {number}, '
        f'"implicitTiling": {implicit}, "content": {{"uri": "a.glb"}}}}'
    )
    body = f'{{"asset": {{"version": "1.1"}}, "geometricError": {number}, "root": {root}}}'
    flags = json.dumps({name: {"constant": 1} for name in ("tileAvailability", "childSubtreeAvailability")})
    subtree = flags[:-1] + ', "contentAvailability": [{"constant": 1}]}'
    lay(tmp_path, {"tileset.json": body.encode(), "s.json": subtree.encode(), "a.glb": glb()})
    followed = Tileset(ROOT, None)
    for artifact in [ROOT, *followed.children(ROOT, tmp_path / "tileset.json")]:
        list(followed.children(artifact, tmp_path / artifact.name))
    sentences = followed.settle(tmp_path)[1]
    text = (tmp_path / "tileset.json").read_text()
    assert "Infinity" not in text and "NaN" not in text
    assert text == body and any("tileset.json" in sentence for sentence in sentences) or number not in (HUGE, "1e999")


def test_a_document_too_large_to_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutout.core.gltf.MOST_JSON", 1000)
    lay(tmp_path, {"tileset.json": tileset(tile(box(LON, LAT), content="a.glb", extras=["x" * 1000]))})
    followed = Tileset(ROOT, None)
    assert list(followed.children(ROOT, tmp_path / "tileset.json")) == []
    assert any("too large" in sentence for sentence in followed.settle(tmp_path)[1])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["root", "asset", "extensionsUsed", "schemaUri"]), VALUE, max_size=4), VALUE)
def test_any_json_is_followed_and_settled(tmp_path: Path, document: Any, root: Any) -> None:
    body = json.dumps({**document, "root": {"children": [root], "content": root}}).encode()
    lay(tmp_path, {"tileset.json": body, "a.glb": glb(triangle(buffer="b.bin")), "b.bin": POSITIONS, "n.json": body})
    followed = Tileset(ROOT, HERE)
    waiting = [ROOT]
    while waiting:
        artifact = waiting.pop()
        if (tmp_path / artifact.name).is_file():
            waiting += followed.children(artifact, tmp_path / artifact.name)
    first = followed.settle(tmp_path)
    assert all(isinstance(sentence, str) and sentence.endswith(".") for sentence in first[1])
    assert Tileset(ROOT, HERE).settle(tmp_path)[0] == ()
