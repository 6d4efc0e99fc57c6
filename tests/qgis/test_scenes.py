"""Tilesets as QGIS shows them: fetched from a real server, settled, loaded, drawn in 2D and dressed for 3D."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from cutout.bridge import scenes
from cutout.bridge.layers import open_layer
from cutout.bridge.scenes import dress, remarks, scene
from cutout.core.errors import ExportError
from tests.scenes.tilesets import (
    LAT,
    LON,
    Site,
    around,
    arrived,
    b3dm,
    bits,
    box,
    enu,
    glb,
    i3dm,
    local_box,
    offset,
    positions,
    region,
    sphere,
    subtree,
    tile,
    tileset,
    triangle,
)
from tests.unit.scripted_server import ScriptedServer

HAS_SCENES = Qgis.QGIS_VERSION_INT >= scenes.FIRST_WITH_SCENES
only_with_scenes = pytest.mark.skipif(not HAS_SCENES, reason="QGIS shows 3D Tiles from version 3.34 on")


@pytest.fixture
def site() -> Iterator[Site]:
    with ScriptedServer() as server:
        yield Site(server)


def moved(east: float, north: float) -> list[float]:
    return [1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0, 0, east, north, 0, 1.0]


def nested(site: Site) -> None:
    """A root transform, a GLB, a b3dm, and a tileset in it, from which another 100 m further east is shown."""
    children = [
        tile(local_box(0, 0), content="here.glb?v=1"),
        tile(local_box(), content="north.b3dm", transform=moved(0, 100)),
        tile(local_box(100, 0), content="n/east.json"),
    ]
    root = tile(local_box(50, 50, 150), *children, error=100, refine="ADD", transform=enu())
    site.put("tileset.json", tileset(root))
    site.put("here.glb", glb())
    site.put("north.b3dm", b3dm(glb()))
    leaf = tile(local_box(0, 0), content="/exports/mesh/n/leaf.glb")
    site.put("n/east.json", tileset(tile(local_box(0, 0, 60), leaf, error=50, refine="ADD", transform=moved(100, 0))))
    site.put("n/leaf.glb", glb())


def implicit(site: Site) -> None:
    """Three of four cells of 100 m, beside a tile with two contents."""
    streams = {
        "tileAvailability": 1,
        "contentAvailability": [bits(1, 2, 4, size=5)],
        "childSubtreeAvailability": 0,
    }
    raw = {"subdivisionScheme": "QUADTREE", "subtreeLevels": 2, "availableLevels": 2, "subtrees": {"uri": "s.subtree"}}
    tree = tile(local_box(0, 0, 100), error=100, implicitTiling=raw, content={"uri": "c/{level}/{x}/{y}.glb"})
    both = tile(local_box(300, 0), error=0, contents=[{"uri": "a.glb"}, {"uri": "b.glb"}])
    site.put(
        "tileset.json", tileset(tile(local_box(100, 0, 300), tree, both, error=200, refine="ADD", transform=enu()))
    )
    site.put("s.subtree", subtree(streams)[0])
    places = {"c/1/0/0": (-50, -50), "c/1/1/0": (50, -50), "c/1/1/1": (50, 50), "a": (280, 0), "b": (320, 0)}
    for name, at in places.items():
        site.put(f"{name}.glb", glb(binary=positions(*at, half=8)))


def fetched(site: Site, area: Any, folder: Path) -> Path:
    problems, followed = arrived(site.root, area, folder)
    assert problems.problems == ()
    followed.settle(folder)
    return folder / "tileset.json"


def ink(layer: Any, lon: float, lat: float, metres: float) -> int:
    """How many pixels of a square map around a place the layer draws."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    ring = around(lon, lat, metres)["coordinates"][0]
    settings.setExtent(QgsRectangle(*ring[0], *ring[2]))
    settings.setOutputSize(QSize(100, 100))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(100) for y in range(100))


@only_with_scenes
@pytest.mark.parametrize("area", [None, around(LON, LAT, 5000)])
def test_a_nested_tileset_is_drawn_where_it_lies(site: Site, tmp_path: Path, area: Any) -> None:
    nested(site)
    path = fetched(site, area, tmp_path)
    layer = open_layer(scene(path, tmp_path))
    assert layer.isValid()
    extent = layer.extent()
    assert (extent.xMinimum(), extent.yMinimum()) == pytest.approx(offset(-100, -100), abs=2e-4)
    assert (extent.xMaximum(), extent.yMaximum()) == pytest.approx(offset(200, 200), abs=2e-4)
    assert remarks(path) == []
    shown, bare = [(0, 0), (100, 0), (0, 100)], [(200, 0), (-60, 0), (100, 100)]
    assert [place for place in shown + bare if ink(layer, *offset(*place), 2)] == shown


@only_with_scenes
def test_what_was_implicit_is_drawn_tile_by_tile(site: Site, tmp_path: Path) -> None:
    implicit(site)
    path = fetched(site, None, tmp_path)
    layer = open_layer(scene(path, tmp_path))
    assert layer.isValid() and remarks(path) == []
    shown, bare = [(-50, -50), (50, -50), (50, 50), (280, 0), (320, 0)], [(-50, 50), (0, 0), (300, 0), (250, 0)]
    assert [place for place in shown + bare if ink(layer, *offset(*place), 2)] == shown


@only_with_scenes
def test_a_filtered_tileset_loads(site: Site, tmp_path: Path) -> None:
    nested(site)
    path = fetched(site, around(*offset(100, 0), 20), tmp_path)
    assert "here.glb" not in site.asked and "n/leaf.glb" in site.asked
    layer = open_layer(scene(path, tmp_path))
    assert layer.isValid() and not layer.extent().isEmpty()


@only_with_scenes
def test_a_scene_is_dressed_for_3d_views(site: Site, tmp_path: Path) -> None:
    nested(site)
    layer = open_layer(scene(fetched(site, None, tmp_path), tmp_path))
    dress(layer)
    assert layer.renderer3D().type() == "tiledscene"
    assert layer.renderer3D().layer().id() == layer.id()


def test_without_the_3d_library_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "qgis._3d", None)

    class Layer:
        def setRenderer3D(self, renderer: object) -> None:
            raise AssertionError(renderer)

    dress(Layer())


def test_an_older_qgis_says_which_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "FIRST_WITH_SCENES", Qgis.QGIS_VERSION_INT + 1)
    with pytest.raises(ExportError, match="from version 3.34 on"):
        scene(tmp_path / "tileset.json", tmp_path)


VOLUME = region(LON, LAT, LON + 0.001, LAT + 0.001)


@pytest.mark.parametrize(
    "root",
    [
        {},
        {"boundingVolume": VOLUME, "children": [{}]},
        {"boundingVolume": VOLUME, "children": [5]},
        {"boundingVolume": VOLUME, "children": {"a": 1}},
        {"boundingVolume": VOLUME, "transform": ["a"]},
        {"boundingVolume": VOLUME, "transform": [1.0]},
        {"boundingVolume": VOLUME, "geometricError": "x"},
        {"boundingVolume": VOLUME, "geometricError": None},
        {"boundingVolume": VOLUME, "content": {"uri": 5}},
    ],
)
def test_what_would_end_qgis_is_not_opened(tmp_path: Path, root: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "FIRST_WITH_SCENES", 0)
    (tmp_path / "inner.json").write_bytes(tileset(root))
    (tmp_path / "tileset.json").write_bytes(tileset(tile(VOLUME, content="inner.json")))
    with pytest.raises(ExportError, match=r"“inner\.json” is damaged: it has"):
        scene(tmp_path / "tileset.json", tmp_path)


@pytest.mark.parametrize(
    "model",
    [
        glb(triangle(["https://evil.example/x.png"])),
        b3dm(glb(triangle(["../../x.png"]))),
        i3dm("file:///etc/passwd"),
        json.dumps(triangle(buffer="/etc/passwd")).encode(),
    ],
)
def test_a_model_that_leads_out_is_refused(tmp_path: Path, model: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "FIRST_WITH_SCENES", 0)
    job = tmp_path / "job"
    (job / "t").mkdir(parents=True)
    (job / "tileset.json").write_bytes(tileset(tile(VOLUME, content="t/0.glb")))
    (job / "t" / "0.glb").write_bytes(model)
    with pytest.raises(ExportError, match="no file of this job"):
        scene(job / "tileset.json", job)


def test_what_a_person_will_not_see_is_remarked(tmp_path: Path) -> None:
    raw = {"subdivisionScheme": "QUADTREE", "subtreeLevels": 2, "availableLevels": 2, "subtrees": {"uri": "s"}}
    several = tile(local_box(), contents=[{"uri": "a.glb"}, {"uri": "b.glb"}])
    (tmp_path / "n.json").write_bytes(tileset(tile(local_box(), several, implicitTiling=raw)))
    (tmp_path / "other.json").write_text("[")
    (tmp_path / "tileset.json").write_bytes(tileset(tile(local_box(half=500), content="n.json")))
    found = remarks(tmp_path / "tileset.json")
    assert len(found) == 3
    assert "no geolocation" in found[0] and "implicit tiling" in found[1] and "several contents" in found[2]


@pytest.mark.parametrize("volume", [box(LON, LAT), sphere(LON, LAT), VOLUME])
def test_a_model_on_the_globe_needs_no_remark(tmp_path: Path, volume: Any) -> None:
    (tmp_path / "tileset.json").write_bytes(tileset(tile(volume, content="0.glb")))
    assert remarks(tmp_path / "tileset.json") == []
