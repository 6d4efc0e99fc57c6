"""Whatever a service sends, to look through it, to open what is shown of it and to draw that leads nowhere else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import (
    QgsMapLayer,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsMeshLayer,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

from cutout.bridge.layers import open_layer
from cutout.bridge.survey import survey
from tests.qgis import lures
from tests.qgis.lures import LURES, Place, Watch
from tests.unit.scripted_server import ScriptedServer


@pytest.fixture(scope="module")
def baits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("baits")
    lures.bait(folder)
    return folder


@pytest.fixture
def place(tmp_path: Path, baits: Path) -> Iterator[Place]:
    shutil.copytree(baits, tmp_path / "out")
    (tmp_path / "job").mkdir()
    with ScriptedServer() as server:
        yield Place(tmp_path / "job", tmp_path / "out", server.url())
        assert server.seen() == []


def drawn(layer: QgsMapLayer) -> None:
    """What the person sees of it, after the whole of it was read."""
    extent = layer.extent()
    extent.grow(1)
    if isinstance(layer, QgsVectorLayer):
        for feature in layer.getFeatures():
            feature.geometry()
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(extent)
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(60, 60))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()


@pytest.mark.parametrize("name", LURES)
def test_nothing_else_is_opened_and_nobody_asked(place: Place, name: str) -> None:
    LURES[name](place)
    with Watch(place.outside) as watch:
        arrival = survey(place.job)
        for source in arrival.sources:
            layer = open_layer(source)
            assert layer.isValid()
            drawn(layer)
            del layer
    assert watch.opened == set()
    assert arrival.sources or arrival.problems


@pytest.mark.parametrize(
    ("name", "file", "kind", "provider"),
    [
        ("private overviews", "dem.tif", QgsRasterLayer, "gdal"),
        ("overviews in a tag of a TIFF, private", "dem.tif", QgsRasterLayer, "gdal"),
        ("private mask", "dem.tif", QgsRasterLayer, "gdal"),
        ("cells of an IMG elsewhere", "aaaaaaaaaaaaaa.img", QgsRasterLayer, "gdal"),
        ("a GeoPackage with a table that is a shapefile", "l.gpkg|layername=v", QgsVectorLayer, "ogr"),
        ("a GeoPackage whose view is in its journal", "l.gpkg|layername=v", QgsVectorLayer, "ogr"),
        ("a MapInfo table of other tables", "s.tab", QgsVectorLayer, "ogr"),
        ("a shapefile with a grid in its CRS", "a.shp", QgsVectorLayer, "ogr"),
        ("a GeoPackage with a style, and one beside it", "l.gpkg|layername=l", QgsVectorLayer, "ogr"),
    ],
)
def test_opened_otherwise_it_would_be(place: Place, name: str, file: str, kind: type, provider: str) -> None:
    """Else the test above would prove nothing."""
    LURES[name](place)
    with Watch(place.outside) as watch:
        drawn(kind(str(place.job / file), "x", provider))
    assert {path for path in watch.opened if path.startswith("private")}


@pytest.mark.parametrize(
    ("name", "file", "kind", "provider"),
    [
        ("overviews at a server", "dem.tif", QgsRasterLayer, "gdal"),
        ("a mesh that is a web coverage", "m.2dm", QgsMeshLayer, "mdal"),
        ("a GeoJSON with a CRS at a server", "a.geojson", QgsVectorLayer, "ogr"),
        ("a GeoJSON that hides it", "a.geojson", QgsVectorLayer, "ogr"),
    ],
)
def test_opened_otherwise_it_would_ask(tmp_path: Path, name: str, file: str, kind: type, provider: str) -> None:
    (tmp_path / "job").mkdir()
    with ScriptedServer() as server:
        LURES[name](Place(tmp_path / "job", tmp_path / "out", server.url()))
        drawn(kind(str(tmp_path / "job" / file), "x", provider))
        assert server.seen()


def test_a_crs_as_geojson_has_it_is_fine(tmp_path: Path) -> None:
    crs = '"crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::2193" } }'
    point = json.dumps({**lures.POINT, "properties": {"crs": "a", "epsg crs": 5}})
    (tmp_path / "a.geojson").write_text(f'{{"type": "FeatureCollection", {crs}, "features": [{point}]}}')

    arrival = survey(tmp_path)

    assert (len(arrival.sources), arrival.problems) == (1, ())
