"""cutout:cover as a person runs it from the toolbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from cutout.bridge.accounts import Accounts
from cutout.toolbox.provider import CutoutProcessing
from tests import ROOT

DATA = ROOT / "tests" / "standin" / "data"


@pytest.fixture(autouse=True)
def provider(qgis_app: QgsApplication) -> Iterator[None]:
    provider = CutoutProcessing(Accounts())
    QgsApplication.processingRegistry().addProvider(provider)
    yield
    QgsApplication.processingRegistry().removeProvider(provider)


def covered(source: str, most: int) -> QgsVectorLayer:
    import processing

    parameters = {"INPUT": str(DATA / source), "MAX_VERTICES": most, "OUTPUT": "memory:"}
    return processing.run("cutout:cover", parameters)["OUTPUT"]


def test_every_feature_is_covered_with_no_more_vertices() -> None:
    before = {each["NAME"]: each for each in QgsVectorLayer(str(DATA / "colorado-counties.geojson")).getFeatures()}
    layer = covered("colorado-counties.geojson", 12)
    assert layer.crs().authid() == "EPSG:4326"
    assert layer.featureCount() == len(before) > 10
    for feature in layer.getFeatures():
        assert feature.geometry().contains(before[feature["NAME"]].geometry())
        assert feature.geometry().constGet().nCoordinates() == feature["vertices"] <= 12
        assert feature["extra_pct"] >= 0


def test_points_are_refused_in_words() -> None:
    with pytest.raises(QgsProcessingException, match="points or lines"):
        covered("colorado-glaciers.geojson", 12)


def test_a_run_that_is_stopped_does_not_pass_for_a_whole_one() -> None:
    import processing

    parameters = {"INPUT": str(DATA / "colorado-counties.geojson"), "MAX_VERTICES": 12, "OUTPUT": "memory:"}
    feedback = QgsProcessingFeedback()
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Stopped"):
        processing.run("cutout:cover", parameters, feedback=feedback)
