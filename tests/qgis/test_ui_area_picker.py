"""The area as the map and the selection give it, live: figures, outline, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from cutout.core.provider import AreaKind, AreaRule
from cutout.ui.area_picker import AreaPicker
from cutout.ui.area_source import AreaMode
from tests.qgis.waiting import wait_until

SQUARE = "POLYGON((175 -41, 175.1 -41, 175.1 -40.9, 175 -40.9, 175 -41))"
BOW_TIE = "POLYGON((175 -41, 175.2 -40.8, 175.2 -41, 175 -40.8, 175 -41))"


def polygons(*shapes: str, crs: str = "EPSG:4326", kind: str = "Polygon", name: str = "Sites") -> QgsVectorLayer:
    layer = QgsVectorLayer(f"{kind}?crs={crs}", name, "memory")
    features = []
    for shape in shapes:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.fixture
def canvas(qgis_app: object) -> Iterator[QgsMapCanvas]:
    QgsSettings().remove("cutout")
    canvas = QgsMapCanvas()
    canvas.resize(400, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    canvas.setExtent(QgsRectangle(175, -41, 175.1, -40.9))
    yield canvas
    canvas.stopRendering()
    sip.delete(canvas)


@pytest.fixture
def picker(canvas: QgsMapCanvas) -> Iterator[AreaPicker]:
    picker = AreaPicker(canvas, QgsProject.instance())
    picker.show()
    picker.set_active(True)
    yield picker
    picker.shutdown()
    sip.delete(picker)


def settle(picker: AreaPicker) -> None:
    wait_until(lambda: not picker.waiting)


def choose(picker: AreaPicker, mode: AreaMode) -> None:
    next(action for action in picker.areaButton.menu().actions() if action.data() == mode.value).trigger()
    settle(picker)


def bands(canvas: QgsMapCanvas) -> list[QgsRubberBand]:
    return [item for item in canvas.scene().items() if isinstance(item, QgsRubberBand)]


def test_the_canvas_extent_is_the_area_and_follows_the_map(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    settle(picker)
    first = picker.measured
    measure = QgsDistanceArea()
    measure.setEllipsoid("EPSG:7030")
    km2 = measure.measureArea(QgsGeometry.fromRect(canvas.extent())) / 1e6
    assert first.km2 == pytest.approx(km2, rel=1e-4)
    assert picker.figures.text() == f"{km2:.1f} km², 5 vertices"
    assert bands(canvas) == [], "the map shows its own frame"
    canvas.setExtent(QgsRectangle(175, -41, 175.2, -40.8))
    assert picker.waiting and picker.measured is None, "the old figures are void at once"
    settle(picker)
    assert 3.9 < picker.measured.km2 / first.km2 < 4.1


def test_panning_asks_once_when_the_map_comes_to_rest(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    settle(picker)
    measured: list[str] = []
    picker.changed.connect(lambda: picker.waiting or measured.append(picker.figures.text()))
    for step in range(20):
        canvas.setExtent(QgsRectangle(175, -41, 175.1 + step / 100, -40.9))
    settle(picker)
    assert len(measured) == 1


def test_the_canvas_in_a_projected_crs(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:2193"))
    canvas.setExtent(QgsRectangle(1750000, 5420000, 1760000, 5430000))
    settle(picker)
    metres = canvas.extent()
    assert picker.measured.km2 == pytest.approx(metres.width() * metres.height() / 1e6, rel=2e-3)


def test_selected_polygons_with_outline_and_the_name_of_their_layer(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    layer = polygons(SQUARE, SQUARE.replace("175", "176"))
    canvas.setCurrentLayer(layer)
    layer.selectByIds([1])
    choose(picker, AreaMode.SELECTION)
    assert picker.areaButton.text() == "Selected polygons"
    assert picker.figures.text() == "Sites: 93.5 km², 5 vertices"
    (band,) = bands(canvas)
    assert band.asGeometry().area() == pytest.approx(0.01)
    layer.selectByIds([1, 2])
    settle(picker)
    assert picker.figures.text() == "Sites: 187.0 km², 10 vertices"
    canvas.setExtent(QgsRectangle(0, 0, 1, 1))
    assert not picker.waiting, "the map has nothing to do with it now"
    QTest.mouseClick(picker.zoomButton, Qt.MouseButton.LeftButton)
    assert canvas.extent().contains(QgsRectangle(175, -41, 176.1, -40.9))


def test_editing_a_selected_polygon_moves_the_area(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    layer = polygons(SQUARE)
    canvas.setCurrentLayer(layer)
    layer.selectAll()
    choose(picker, AreaMode.SELECTION)
    before = picker.measured.km2
    layer.startEditing()
    layer.changeGeometry(1, QgsGeometry.fromRect(QgsRectangle(175, -41, 175.2, -40.9)))
    assert picker.waiting
    settle(picker)
    assert picker.measured.km2 == pytest.approx(2 * before, rel=0.01)
    layer.rollBack()


def test_a_selection_in_another_layer_is_found(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    lines = polygons("LINESTRING(175 -41, 176 -41)", kind="LineString", name="Rivers")
    sites = polygons(SQUARE)
    canvas.setCurrentLayer(lines)
    sites.selectAll()
    choose(picker, AreaMode.SELECTION)
    assert picker.figures.text().startswith("Sites: ")


@pytest.mark.parametrize(
    ("kind", "shape", "words"),
    [
        ("LineString", "LINESTRING(175 -41, 176 -41)", "has no polygons"),
        ("Polygon", SQUARE, "Nothing is selected in Sites"),
    ],
)
def test_what_is_wrong_stands_in_place(
    picker: AreaPicker, canvas: QgsMapCanvas, kind: str, shape: str, words: str
) -> None:
    canvas.setCurrentLayer(polygons(shape, kind=kind))
    choose(picker, AreaMode.SELECTION)
    assert words in picker.problem and words in picker.notice.text
    assert picker.measured is None and bands(canvas) == []
    assert not picker.zoomButton.isEnabled()


def test_without_any_layer_or_crs_it_says_so(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    choose(picker, AreaMode.SELECTION)
    assert "polygon" in picker.problem
    layer = polygons(SQUARE, crs="")
    layer.setCrs(QgsCoordinateReferenceSystem())
    layer.selectAll()
    canvas.setCurrentLayer(layer)
    settle(picker)
    assert "coordinate reference system" in picker.problem


def test_a_bow_tie_is_repaired_and_that_is_told(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    layer = polygons(BOW_TIE)
    layer.selectAll()
    canvas.setCurrentLayer(layer)
    choose(picker, AreaMode.SELECTION)
    assert picker.problem == "" and picker.notice.text != ""
    picker.set_notes((*picker.measured.area.notes, "12,340 → 998 vertices, +0.4 % area"))
    assert picker.notice.text.count("\n") == len(picker.measured.area.notes)


def test_a_layer_that_goes_takes_its_area_along(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    layer = polygons(SQUARE)
    layer.selectAll()
    canvas.setCurrentLayer(layer)
    choose(picker, AreaMode.SELECTION)
    assert len(bands(canvas)) == 1
    QgsProject.instance().removeMapLayer(layer.id())
    settle(picker)
    assert picker.measured is None and bands(canvas) == [] and picker.problem != ""


def test_no_area_is_offered_only_where_a_service_can_do_without(picker: AreaPicker) -> None:
    none = next(action for action in picker.areaButton.menu().actions() if action.data() == AreaMode.NONE.value)
    picker.set_rule(AreaRule(AreaKind.POLYGON))
    assert not none.isVisible()
    picker.set_rule(AreaRule(AreaKind.POLYGON, required=False))
    assert none.isVisible()
    choose(picker, AreaMode.NONE)
    assert picker.measured is None and picker.problem == ""
    picker.set_rule(AreaRule(AreaKind.POLYGON))
    assert picker.mode is AreaMode.CANVAS


def test_nobody_looks_nothing_is_measured_or_drawn(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    layer = polygons(SQUARE)
    layer.selectAll()
    canvas.setCurrentLayer(layer)
    choose(picker, AreaMode.SELECTION)
    picker.set_active(False)
    assert bands(canvas) == []
    told: list[int] = []
    picker.changed.connect(lambda: told.append(1))
    layer.removeSelection()
    assert told == []
    layer.selectAll()
    picker.set_active(True)
    settle(picker)
    assert len(bands(canvas)) == 1


def test_the_choice_is_remembered(picker: AreaPicker, canvas: QgsMapCanvas) -> None:
    choose(picker, AreaMode.SELECTION)
    again = AreaPicker(canvas, QgsProject.instance())
    mode = again.mode
    again.shutdown()
    sip.delete(again)
    assert mode is AreaMode.SELECTION


def test_after_shutdown_canvas_project_and_layer_reach_it_no_more(canvas: QgsMapCanvas) -> None:
    layer = polygons(SQUARE)
    layer.selectAll()
    canvas.setCurrentLayer(layer)
    picker = AreaPicker(canvas, QgsProject.instance())
    picker.set_active(True)
    choose(picker, AreaMode.SELECTION)
    picker.shutdown()
    told: list[int] = []
    picker.changed.connect(lambda: told.append(1))
    layer.removeSelection()
    canvas.setExtent(QgsRectangle(0, 0, 1, 1))
    canvas.setCurrentLayer(None)
    QgsProject.instance().removeMapLayer(layer.id())
    assert told == [] and bands(canvas) == []
    sip.delete(picker)
