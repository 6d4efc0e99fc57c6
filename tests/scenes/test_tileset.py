"""Tilesets fetched from a real server: all that they refer to, only what meets the area, nothing from elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cutout.core.errors import ExportError
from cutout.core.model import Artifact
from cutout.core.tileset import Tileset
from cutout.core.transfer import fetch
from tests.scenes.tilesets import (
    LAT,
    LON,
    POSITIONS,
    SIGNATURE,
    Site,
    around,
    arrived,
    b3dm,
    box,
    cmpt,
    enu,
    files_in,
    glb,
    i3dm,
    loaded,
    local_box,
    offset,
    region,
    sphere,
    tile,
    tileset,
    triangle,
    uris,
)
from tests.unit.downloads import Net, quiet
from tests.unit.scripted_server import Reply, ScriptedServer

HERE = around(LON, LAT, 100)
FAR = offset(0, 5000)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def site(server: ScriptedServer) -> Site:
    return Site(server)


def whole_tree(site: Site) -> None:
    """A tileset with everything that may be referred to."""
    children = [
        tile(box(LON, LAT), content="a/b3dm.b3dm"),
        tile(sphere(LON, LAT), content="a/i3dm.i3dm?v=1"),
        tile(region(LON - 0.001, LAT - 0.001, LON + 0.001, LAT + 0.001), content="./a/cmpt%20tile.cmpt"),
        tile(box(LON, LAT), contents=[{"uri": "points.pnts"}, {"uri": "text.gltf"}]),
        tile(box(LON, LAT), extensions={"3DTILES_multiple_contents": {"contents": [{"url": "old.glb"}]}}),
        tile(box(LON, LAT), content="/exports/mesh/n/tileset.json"),
        tile(box(LON, LAT), content="dynamic?id=7"),
        tile(box(LON, LAT), content="data:model/gltf-binary;base64,AAAA"),
    ]
    site.put("tileset.json", tileset(tile(box(LON, LAT, 500), *children), schemaUri="schema.json"))
    site.put("schema.json", b'{"id":"s"}')
    site.put("a/b3dm.b3dm", b3dm(glb(triangle(["t/x.png", "../u.jpg"]))))
    site.put("a/t/x.png", b"PNG")
    site.put("u.jpg", b"JPG")
    site.put("a/i3dm.i3dm", i3dm("../models/tree.gltf"))
    site.put("models/tree.gltf", json.dumps(triangle(["bark.png"], "tree.bin")).encode())
    site.put("models/bark.png", b"PNG")
    site.put("models/tree.bin", POSITIONS)
    site.put("a/cmpt%20tile.cmpt", cmpt(b3dm(glb(triangle(["t/y.png"]))), cmpt(i3dm(glb(triangle(["t/z.png"]))))))
    site.put("a/t/y.png", b"PNG")
    site.put("a/t/z.png", b"PNG")
    site.put("points.pnts", b"pnts")
    site.put("text.gltf", json.dumps(triangle(buffer="text.bin")).encode())
    site.put("text.bin", POSITIONS)
    site.put("old.glb", glb())
    inner = tile(local_box(), tile(local_box(), content="deeper.subset"), transform=enu())
    site.put("n/tileset.json", tileset(inner))
    site.put("n/deeper.subset", tileset(tile(local_box(), content="leaf.glb")))  # a tileset by another name
    site.put("n/leaf.glb", glb())
    site.put("dynamic", glb())


@pytest.mark.parametrize("area", [None, HERE])
def test_a_tileset_comes_whole(site: Site, tmp_path: Path, area: Any) -> None:
    whole_tree(site)
    fetched, followed = arrived(site.root, area, tmp_path)
    assert fetched.problems == ()
    assert site.asked == sorted(site.put_names)
    assert all(request.query.endswith(SIGNATURE) for request in site.server.seen())
    names = {name.replace("%20", " ") for name in site.put_names} - {"dynamic"}
    found = set(files_in(tmp_path))
    assert names < found and len(found - names) == 1
    assert followed.settle(tmp_path)[1] == ()


def test_children_are_optional_and_as_signed_as_the_root() -> None:
    root = Artifact("x/tileset.json", "https://a.example/t/tileset.json?s=1", tileset=True)
    with_file = Path(__file__).with_name("nothing-is-read-of-it")
    assert list(Tileset(root, None).children(replace(root, name="other.zip"), with_file)) == []
    assert Tileset(root, None).renewed(replace(root, name="other.zip"), root).name == "other.zip"


def test_the_names_are_below_the_folder_of_the_root(site: Site, tmp_path: Path) -> None:
    site.name = "scenes/city/tileset.json"
    site.put("tileset.json", tileset(tile(box(LON, LAT), content="t/0.glb")))
    site.put("t/0.glb", glb(triangle(["../x.png"])))
    site.put("x.png", b"PNG")
    arrived(site.root, None, tmp_path)
    assert files_in(tmp_path) == ["scenes/city/t/0.glb", "scenes/city/tileset.json", "scenes/city/x.png"]


def test_nothing_is_asked_of_another_server(site: Site, tmp_path: Path) -> None:
    with ScriptedServer() as other:
        foreign = [other.url("/exports/mesh/0.glb"), f"//{other.url()[7:]}/0.glb", "file:///etc/passwd", "../../up.glb"]
        children = [tile(box(LON, LAT), content=uri) for uri in foreign]
        site.put("tileset.json", tileset(tile(box(LON, LAT), *children, content="0.glb")))
        site.put("0.glb", glb(triangle([other.url("/pixel.png")])))
        fetched, followed = arrived(site.root, None, tmp_path)
        _, sentences = followed.settle(tmp_path)
        assert other.seen() == [] and site.asked == ["0.glb", "tileset.json"]
    assert fetched.problems == ()
    assert len(sentences) == 5
    for uri in (*foreign, other.url("/pixel.png")):
        assert any(uri in sentence and "left out: it leads" in sentence for sentence in sentences)
    assert not any("sig=" in sentence for sentence in sentences)


def test_a_missing_child_is_named_and_the_rest_comes(site: Site, tmp_path: Path) -> None:
    children = [tile(box(LON, LAT), content=f"{number}.glb") for number in range(3)]
    site.put("tileset.json", tileset(tile(box(LON, LAT), *children)))
    site.put("0.glb", glb())
    site.put("2.glb", glb())
    fetched, followed = arrived(site.root, None, tmp_path)
    assert [problem for problem in fetched.problems if "1.glb" in problem] == list(fetched.problems) != []
    followed.settle(tmp_path)
    assert uris(loaded(tmp_path / "tileset.json")) == ["0.glb", "2.glb"]


def test_links_that_expire_on_the_way_are_renewed(server: ScriptedServer, tmp_path: Path) -> None:
    site = Site(server)
    site.put("tileset.json", tileset(tile(box(LON, LAT), content="n.json?v=1")))
    followed = Tileset(site.root, None)
    fresh = Site(server, signature="sv=2022&sig=second%2F")
    asked: list[str] = []

    def renew(old: Artifact) -> Artifact:
        asked.append(old.name)
        return followed.renewed(old, fresh.root)

    fresh.put("n.json", tileset(tile(box(LON, LAT), content="0.glb")))
    fresh.put("0.glb", glb())
    fetched = fetch(Net().http(), [site.root], tmp_path, quiet, fresh=renew, connections=2, follow=followed.children)
    assert fetched.problems == () and files_in(tmp_path) == ["0.glb", "n.json", "tileset.json"]
    assert asked == ["n.json"]  # what was found after that has the fresh link at once
    assert [request.query for request in server.seen("/exports/mesh/n.json")][-1] == "v=1&sv=2022&sig=second%2F"


# By area


def test_a_twentieth_of_the_tiles_is_fetched(site: Site, tmp_path: Path) -> None:
    """2,000 tiles of 100 m in 20 nested tilesets of 10 rows; the area lies in one of them."""
    nested = []
    for part in range(20):
        x, y = 1000 * (part % 5), 1000 * (part // 5)
        tiles = [local_box(x + 100 * column, y + 100 * row) for column in range(10) for row in range(10)]
        leaves = [tile(volume, content=f"{part}-{number}.glb") for number, volume in enumerate(tiles)]
        site.put(f"{part}.json", tileset(tile(local_box(x + 450, y + 450, 500), *leaves)))
        for number in range(100):
            site.put(f"{part}-{number}.glb", glb())
        nested.append(tile(local_box(x + 450, y + 450, 500), content=f"{part}.json"))
    site.put("tileset.json", tileset(tile(local_box(2450, 1950, 2500), *nested, transform=enu())))
    area = around(*offset(2450, 1450), 480)
    fetched, followed = arrived(site.root, area, tmp_path)
    assert fetched.problems == ()
    tiles = [name for name in files_in(tmp_path) if name.endswith(".glb")]
    assert len(tiles) == 100
    assert len(site.asked) <= 0.1 * len(site.put_names)
    changed, sentences = followed.settle(tmp_path)
    assert sentences == ("100 of more than 100 tiles meet the area; the others were left out.",)
    assert tmp_path / "tileset.json" in changed
    assert uris(loaded(tmp_path / "tileset.json")) == ["7.json"]


def test_how_many_tiles_meet_the_area_is_told(site: Site, tmp_path: Path) -> None:
    near = [tile(box(LON, LAT), content="0.glb"), tile(sphere(LON, LAT), content="1.glb")]
    far = [tile(box(*FAR), content="2.glb"), tile(sphere(*FAR), content="3.glb")]
    loose = tile(box(LON, LAT, 9000))
    loose["content"] = {"uri": "4.glb", "boundingVolume": box(*FAR)}
    site.put("tileset.json", tileset(tile(box(LON, LAT, 9000), *near, *far, loose)))
    site.put("0.glb", glb())
    site.put("1.glb", glb())
    _, followed = arrived(site.root, HERE, tmp_path)
    assert site.asked == ["0.glb", "1.glb", "tileset.json"]
    assert followed.settle(tmp_path)[1] == ("2 of 5 tiles meet the area; the others were left out.",)
    assert followed.settle(tmp_path) == ((), ("2 of 5 tiles meet the area; the others were left out.",))


def test_an_area_without_any_tile_is_told(site: Site, tmp_path: Path) -> None:
    site.put("tileset.json", tileset(tile(box(*FAR), tile(box(*FAR), content="0.glb"))))
    _, followed = arrived(site.root, HERE, tmp_path)
    assert followed.settle(tmp_path)[1] == ("None of the tiles meets the area, so there is nothing to show.",)
    assert uris(loaded(tmp_path / "tileset.json")) == []


def test_a_nested_tileset_lies_where_its_tile_does(site: Site, tmp_path: Path) -> None:
    """One tileset shown in two places, one of them here: only its tile that lands here is fetched."""
    shift = [1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0, 0, 5000.0, 0, 0, 1.0]
    shown = [
        tile(local_box(0, 0, 9000), content="n.json"),
        tile(local_box(0, 0, 9000), content="n.json", transform=shift),
    ]
    site.put("tileset.json", tileset(tile(local_box(0, 0, 9000), *shown, transform=enu())))
    inner = [tile(local_box(x), content=f"{x}.glb") for x in (-5000, 0, 5000, -2500)]
    site.put("n.json", tileset(tile(local_box(0, 0, 9000), *inner)))
    for x in (-5000, 0, 5000, -2500):
        site.put(f"{x}.glb", glb())
    arrived(site.root, HERE, tmp_path)
    assert site.asked == ["-5000.glb", "0.glb", "n.json", "tileset.json"]


def test_a_model_without_geolocation_comes_whole(site: Site, tmp_path: Path) -> None:
    site.put("tileset.json", tileset(tile(local_box(half=500), tile(local_box(), content="0.glb"))))
    site.put("0.glb", glb())
    _, followed = arrived(site.root, HERE, tmp_path)
    assert site.asked == ["0.glb", "tileset.json"]
    (sentence,) = followed.settle(tmp_path)[1]
    assert "no geolocation" in sentence and "will not lie on the map" in sentence


def test_an_area_on_both_sides_of_the_antimeridian(site: Site, tmp_path: Path) -> None:
    places = {"east": (179.9999, 10.0), "west": (-179.9999, 10.0), "far": (179.9, 10.0)}
    leaves = [tile(box(*place), content=f"{name}.glb") for name, place in places.items()]
    site.put("tileset.json", tileset(tile(region(179.8, 9, -179.8, 11), *leaves)))
    for name in places:
        site.put(f"{name}.glb", glb())
    rings = [
        [[[west, 9.99], [east, 9.99], [east, 10.01], [west, 10.01], [west, 9.99]]]
        for west, east in ((179.99, 180), (-180, -179.99))
    ]
    arrived(site.root, {"type": "MultiPolygon", "coordinates": rings}, tmp_path)
    assert site.asked == ["east.glb", "tileset.json", "west.glb"]


# What is not as it should be


def test_circles_end(site: Site, tmp_path: Path) -> None:
    """Tilesets that show each other, each time further on, so that no two times are alike."""
    shift = [1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0, 0, 10.0, 0, 0, 1.0]
    again = tile(local_box(half=9000), content="other.json", transform=shift)
    site.put("tileset.json", tileset(tile(local_box(half=9000), again, content="tileset.json", transform=enu())))
    site.put("other.json", tileset(tile(local_box(half=9000), content="tileset.json", transform=shift)))
    fetched, followed = arrived(site.root, HERE, tmp_path)
    assert fetched.problems == () and site.asked == ["other.json", "tileset.json"]
    assert followed.settle(tmp_path) == ((), ())


def test_ten_thousand_tiles(tmp_path: Path) -> None:
    leaves = [tile(local_box(10 * x, 10 * y, 5), content=f"{x}/{y}.glb?v=1") for x in range(100) for y in range(100)]
    root = Artifact("tileset.json", "https://a.example/t/tileset.json?s=1", tileset=True)
    file = tmp_path / "tileset.json"
    file.write_bytes(tileset(tile(local_box(half=2000), *leaves, transform=enu())))
    followed = Tileset(root, around(*offset(495, 495), 10_000))
    found = list(followed.children(root, file))
    assert len(found) == len({artifact.name for artifact in found}) == 10_000
    assert all(artifact.optional and artifact.signed and not artifact.tileset for artifact in found)
    assert found[0].url.endswith(".glb?v=1&s=1")


def test_each_child_is_given_once_whoever_asks(tmp_path: Path) -> None:
    root = Artifact("tileset.json", "https://a.example/t/tileset.json?s=1", tileset=True)
    (tmp_path / "tileset.json").write_bytes(
        tileset(tile(box(LON, LAT), *(tile(box(LON, LAT), content=f"{n}.json") for n in range(50))))
    )
    leaves = [tile(box(LON, LAT), content=f"{n}.glb") for n in range(100)]
    (tmp_path / "n.json").write_bytes(tileset(tile(box(LON, LAT), *leaves)))
    followed = Tileset(root, HERE)
    nested = list(followed.children(root, tmp_path / "tileset.json"))
    gate = threading.Barrier(8)

    def ask(number: int) -> list[Artifact]:
        gate.wait(10)
        return [one for other in nested[number::8] for one in followed.children(other, tmp_path / "n.json")]

    with ThreadPoolExecutor(8) as threads:
        found = [artifact.name for some in threads.map(ask, range(8)) for artifact in some]
    assert sorted(found) == sorted(f"{n}.glb" for n in range(100))


DEEP = b'{"asset":{"version":"1.0"},"root":' + b'{"children":[' * 1000 + b"{}" + b"]}" * 1000 + b"}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (DEEP, "it is nested too deep"),
        (b'{"root":', "it is not JSON"),
        (b'{"root":{"geometricError":NaN}}', "it is not JSON"),
        (b'{"root":{"geometricError":1e999}}', "it is not JSON"),
        (b'{"\xff":1}', "it is not in UTF-8"),
        (b"[]", "it is no tileset"),
        (b"", "it is no tileset"),
        (b"<html>", "it is no tileset"),
        (b'{"asset":{}}', "it is no tileset"),
    ],
    ids=range(9),
)
def test_a_root_that_is_no_tileset_is_kept_and_said(site: Site, tmp_path: Path, body: bytes, reason: str) -> None:
    site.put("tileset.json", body)
    fetched, followed = arrived(site.root, HERE, tmp_path)
    assert fetched.problems == ()
    assert followed.settle(tmp_path) == ((), (f"“tileset.json” can't be read: {reason}.",))
    assert (tmp_path / "tileset.json").read_bytes() == body


def test_what_is_damaged_further_down_is_said_and_the_rest_comes(site: Site, tmp_path: Path) -> None:
    bad = {"deep.json": DEEP, "cut.glb": glb()[:50], "cut.b3dm": b3dm(glb())[:40], "bad.json": b'{"root'}
    children = [tile(box(LON, LAT), content=name) for name in (*bad, "good.glb")]
    children += [5, {"content": 5}, {"content": {"uri": 5}}, {"children": 5}, {"implicitTiling": {"subtrees": 1}}]
    site.put("tileset.json", tileset(tile(box(LON, LAT), *children)))
    for name, body in {**bad, "good.glb": glb()}.items():
        site.put(name, body)
    fetched, followed = arrived(site.root, HERE, tmp_path)
    sentences = followed.settle(tmp_path)[1]
    assert fetched.problems == () and "good.glb" in site.asked
    assert [name for name in bad if not any(f"“{name}” can't be read" in sentence for sentence in sentences)] == []
    assert len(sentences) == len(bad) + 1


def test_a_flood_of_refusals_is_told_in_a_few_sentences(site: Site, tmp_path: Path) -> None:
    children = [tile(box(LON, LAT), content=f"../../{number}.glb") for number in range(1000)]
    site.put("tileset.json", tileset(tile(box(LON, LAT), *children)))
    _, followed = arrived(site.root, None, tmp_path)
    sentences = followed.settle(tmp_path)[1]
    assert len(sentences) == 21 and sentences[-1] == "The same holds for 980 more."


def test_there_is_an_end_to_how_many_files_are_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutout.core.tileset.MOST_FILES", 100)
    root = Artifact("tileset.json", "https://a.example/tileset.json", tileset=True)
    leaves = [tile(box(LON, LAT), content=f"{number}.glb") for number in range(300)]
    (tmp_path / "tileset.json").write_bytes(tileset(tile(box(LON, LAT), *leaves)))
    followed = Tileset(root, None)
    assert len(list(followed.children(root, tmp_path / "tileset.json"))) == 99
    assert any("more tiles than Cutout follows" in sentence for sentence in followed.settle(tmp_path)[1])


def test_a_disk_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    root = Artifact("tileset.json", "https://a.example/tileset.json", tileset=True)
    with pytest.raises(ExportError, match="The folder is gone"):
        list(Tileset(root, None).children(root, tmp_path / "tileset.json"))


def test_a_refused_root_is_the_errors_of_the_job(server: ScriptedServer, tmp_path: Path) -> None:
    server.on("/exports/mesh/tileset.json", Reply(403, b"<Error>AuthenticationFailed</Error>"))
    with pytest.raises(ExportError, match="AuthenticationFailed"):
        arrived(Site(server).root, None, tmp_path)
