"""The form follows from what a service declares, also one that nobody has seen before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle, QgsSettings
from qgis.gui import QgsCheckableComboBox, QgsMapCanvas, QgsMapToolPan, QgsProjectionSelectionWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QToolButton

from cutout.core.http import Network, Secret
from cutout.core.model import ExportRequest, OptionKind
from cutout.providers import services
from cutout.ui.connection import Connection
from cutout.ui.narrow import WrappingCheckBox
from cutout.ui.option_fields import FIELDS
from cutout.ui.option_form import OptionForm
from cutout.ui.point_field import PointField
from tests.qgis.invented import ACCOUNT, Invented, InventedAccounts, Modelled, Placed
from tests.qgis.waiting import wait_until


@pytest.fixture
def accounts(qgis_app: object) -> InventedAccounts:
    QgsSettings().remove("cutout")
    return InventedAccounts()


@pytest.fixture
def connection(accounts: InventedAccounts) -> Iterator[Connection]:
    parent = QObject()
    connection = Connection(accounts, parent)
    yield connection
    connection.shutdown()


@pytest.fixture
def form(connection: Connection) -> Iterator[OptionForm]:
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:32613"))
    form = OptionForm(Invented, connection, QgsProject.instance())
    yield form
    form.shutdown()
    sip.delete(form)


def test_every_kind_of_option_has_a_widget() -> None:
    assert set(FIELDS) == set(OptionKind) - {OptionKind.ITEMS}


def test_each_kind_has_its_own_widget(form: OptionForm) -> None:
    kinds = {
        "note": QLineEdit, "place": QComboBox, "count": QSpinBox, "share": QDoubleSpinBox, "deep": QCheckBox,
        "style": QComboBox, "parts": QgsCheckableComboBox, "crs": QgsProjectionSelectionWidget,
    }  # fmt: skip
    for key, kind in kinds.items():
        assert form.findChild(kind, key) is not None, key


def test_the_defaults_are_the_declared_ones_and_the_projects_crs(form: OptionForm) -> None:
    assert form.values() == {
        "note": "hello", "place": "", "count": 3, "share": 0.5, "deep": True, "style": "b", "parts": ["p"],
        "crs": "EPSG:32613",
    }  # fmt: skip


def test_a_crs_follows_the_project_until_somebody_chooses_one(form: OptionForm) -> None:
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:2193"))
    assert form.values()["crs"] == "EPSG:2193"
    form.findChild(QgsProjectionSelectionWidget, "crs").setCrs(QgsCoordinateReferenceSystem("EPSG:4167"))
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    assert form.values()["crs"] == "EPSG:4167"


def test_rows_for_a_kind_show_only_with_it(form: OptionForm) -> None:
    assert "format" not in form.values() and "fixed_crs" not in form.values()
    form.set_kinds({"vector"})
    assert form.values()["format"] == "x" and "fixed_crs" not in form.values()
    assert not form.findChild(QComboBox, "format").isHidden()
    form.set_kinds({"vector", "grid"})
    assert form.values()["fixed_crs"] == "EPSG:2193"
    form.set_kinds(())
    assert form.findChild(QComboBox, "format").isHidden()


def test_opening_the_advanced_box_shows_no_row_that_is_not_meant(form: OptionForm) -> None:
    form.show()
    form.advanced.setCollapsed(False)
    assert form.findChild(QgsCheckableComboBox, "parts").isVisible()
    assert not form.findChild(QgsProjectionSelectionWidget, "fixed_crs").isVisible()


def test_changes_are_told_and_come_back_next_time(form: OptionForm, connection: Connection) -> None:
    told: list[int] = []
    form.changed.connect(lambda: told.append(1))
    form.set_values({"note": "x", "count": 5, "deep": False, "style": "a", "parts": ["p", "q"]})
    assert len(told) >= 5
    assert form.values()["parts"] == ["p", "q"]
    again = OptionForm(Invented, connection, QgsProject.instance())
    values = again.values()
    again.shutdown()
    sip.delete(again)
    assert (values["style"], values["deep"], values["parts"]) == ("a", False, ["p", "q"])
    assert (values["note"], values["count"]) == ("hello", 3), "what belongs to one order only is not kept"


def test_a_number_outside_of_its_range_is_taken_to_the_edge(form: OptionForm) -> None:
    form.set_values({"count": 100, "share": -3.0})
    assert (form.values()["count"], form.values()["share"]) == (9, 0.0)


def test_choices_come_from_the_service_once_a_row_is_seen(
    form: OptionForm, connection: Connection, accounts: InventedAccounts
) -> None:
    connection.use(ACCOUNT)
    place = form.findChild(QComboBox, "place")
    wait_until(lambda: place.count() == 2)
    assert ("format", "", "") not in accounts.provider.asked, "its row is not shown yet"
    form.set_kinds({"vector"})
    formats = form.findChild(QComboBox, "format")
    wait_until(lambda: formats.count() == 2)
    assert [formats.itemText(i) for i in range(2)] == ["Ex", "application/y"], "declared labels stay"
    assert form.values()["format"] == "x"
    place.setEditText("Nelson")
    assert form.values()["place"] == "place:2"
    place.setEditText("https://example.org/place/9")
    assert form.values()["place"] == "https://example.org/place/9"


def test_the_form_of_every_real_service_gives_what_it_declares(connection: Connection) -> None:
    for service in services().values():
        form = OptionForm(service, connection, QgsProject.instance())
        form.set_kinds({option.for_kind for option in service.options})
        hidden = {option.key for option in service.options if option.with_any}
        values = form.values()
        form.shutdown()
        sip.delete(form)
        for option in service.options:
            if option.key not in hidden and option.kind not in (OptionKind.ITEMS, OptionKind.CRS):
                expected = list(option.default) if isinstance(option.default, tuple) else option.default
                assert values[option.key] == expected, (service.id, option.key)


# --- options that depend on others, places and lengths -----------------------------------------------------------


Make = Callable[..., OptionForm]


@pytest.fixture
def form_of(connection: Connection, canvas: QgsMapCanvas) -> Iterator[Make]:
    made: list[OptionForm] = []

    def make(service: type[Invented]) -> OptionForm:
        made.append(OptionForm(service, connection, QgsProject.instance(), canvas))
        made[-1].resize(300, 500)
        made[-1].show()
        return made[-1]

    yield make
    for form in made:
        form.shutdown()
        sip.delete(form)


@pytest.fixture
def canvas(qgis_app: object) -> Iterator[QgsMapCanvas]:
    canvas = QgsMapCanvas()
    canvas.resize(200, 200)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    canvas.setExtent(QgsRectangle(600000, 5339000, 602000, 5341000))
    canvas.show()
    yield canvas
    canvas.stopRendering()
    sip.delete(canvas)


def line(form: OptionForm, name: str) -> QLineEdit:
    return form.findChild(QLineEdit, name)


def button(form: OptionForm, name: str) -> QToolButton:
    return form.findChild(QToolButton, name)


def test_a_row_for_others_shows_with_them(form_of: Make) -> None:
    form = form_of(Placed)
    width = form.findChild(QSpinBox, "width")
    assert not width.isVisible() and "width" not in form.values()
    line(form, "address").setText("Stephansplatz 1")
    assert width.isVisible() and form.values()["width"] == 500
    line(form, "address").clear()
    assert not width.isVisible() and "width" not in form.values()
    line(form, "centreEdit").setText("16.37 48.21")
    assert width.isVisible()


def test_a_length_says_its_unit_and_takes_fractions(form_of: Make) -> None:
    form = form_of(Placed)
    line(form, "address").setText("x")
    width, height = form.findChild(QSpinBox, "width"), form.findChild(QDoubleSpinBox, "height")
    assert (width.text(), height.text()) == ("500 m", "400.5 m")
    height.selectAll()
    QTest.keyClicks(height, "1250.25")
    QTest.keyClick(height, Qt.Key.Key_Return)
    assert form.values()["height"] == 1250.25 and height.text() == "1250.25 m"


def test_rows_that_are_not_meant_leave_no_gap(form_of: Make) -> None:
    form = form_of(Placed)
    line(form, "address").setText("x")
    tall = form.form.sizeHint().height()
    line(form, "address").clear()
    width = form.findChild(QSpinBox, "width")
    assert tall - form.form.sizeHint().height() >= 2 * (width.sizeHint().height() + form.form.verticalSpacing())


@pytest.mark.parametrize(
    "text",
    [
        "16.37, 48.21", "16.37 48.21", "16.37;48.21", "16,37 48,21", "16,37; 48,21", "16,37, 48,21", "(16.37, 48.21)",
        "16.37° 48.21°", "16.37 E 48.21 N", "48.21 N, 16.37 E", "N 48.21 E 16.37", "48.21°N 16.37°E",
        "48°12'36\" N 16°22'12\" E", "48° 12.6′ N, 16° 22.2′ E", "48 12 36 N 16 22 12 E", "16°22'12\" 48°12'36\"",
        "n48,21 e16,37",
    ],
)  # fmt: skip
def test_a_place_is_read_as_people_write_it(form_of: Make, text: str) -> None:
    form = form_of(Placed)
    line(form, "centreEdit").setText(text)
    assert form.values()["centre"] == pytest.approx([16.37, 48.21]) and form.problems() == ()


@pytest.mark.parametrize(
    ("text", "point"),
    [("-70.5 -33.4", [-70.5, -33.4]), ("33.4 S 70.5 W", [-70.5, -33.4]), ("16,48", [16, 48]), ("16, 48", [16, 48])],
)
def test_south_and_west(form_of: Make, text: str, point: list[float]) -> None:
    form = form_of(Placed)
    line(form, "centreEdit").setText(text)
    assert form.values()["centre"] == pytest.approx(point)


@pytest.mark.parametrize(
    "text", ["Vienna", "16.37", "16.37, 95", "190, 48", "1 2 3", "48 N 16 N", "16.37 48.21 E", "4°61' 5°"]
)
def test_what_is_no_place_is_told(form_of: Make, text: str) -> None:
    form = form_of(Placed)
    line(form, "centreEdit").setText(text)
    assert form.values()["centre"] is None
    (problem,) = form.problems()
    assert problem.startswith("Centre point: ")
    notice = form.findChild(PointField).notice
    assert notice.isVisible() and notice.text in problem
    line(form, "centreEdit").clear()
    assert form.problems() == () and form.values()["centre"] is None and not notice.isVisible()


def test_a_place_from_the_map(form_of: Make, canvas: QgsMapCanvas) -> None:
    form = form_of(Placed)
    QTest.mouseClick(button(form, "centreCentreButton"), Qt.MouseButton.LeftButton)
    assert form.values()["centre"] == pytest.approx([16.354, 48.207], abs=0.01)
    before = form.values()["centre"]
    tool = QgsMapToolPan(canvas)
    canvas.setMapTool(tool)
    QTest.mouseClick(button(form, "centrePickButton"), Qt.MouseButton.LeftButton)
    assert canvas.mapTool() is not tool
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(150, 100))
    assert form.values()["centre"][0] > before[0], "east of the middle"
    assert canvas.mapTool() is tool and not button(form, "centrePickButton").isChecked()
    QTest.mouseClick(button(form, "centrePickButton"), Qt.MouseButton.LeftButton)
    canvas.setMapTool(tool)
    assert not button(form, "centrePickButton").isChecked(), "another tool was taken"
    QTest.mouseClick(button(form, "centrePickButton"), Qt.MouseButton.LeftButton)
    form.findChild(PointField).shutdown()
    assert canvas.mapTool() is tool
    canvas.unsetMapTool(tool)


def request(values: dict[str, object], area: object = None) -> ExportRequest:
    return ExportRequest("modelled", "https://example.org", values, area)


@pytest.fixture
def models(form_of: Make, connection: Connection, accounts: InventedAccounts) -> OptionForm:
    accounts.provider = Modelled("https://example.org", Secret(username="me"), Network())
    connection.use(ACCOUNT)
    return form_of(Modelled)


def test_choices_are_asked_anew_when_what_decides_them_has_changed(
    models: OptionForm, accounts: InventedAccounts
) -> None:
    version = models.findChild(QComboBox, "version")
    models.consider(request({"model": "model:1"}))
    wait_until(lambda: version.count() == 2)
    version.setCurrentIndex(1)
    assert models.values()["version"] == "model:1@2"
    asked = len(accounts.provider.asked)
    models.consider(request({"model": "model:1", "tag": "x"}, {"type": "Point"}))
    QTest.qWait(400)  # longer than it waits before it asks
    assert len(accounts.provider.asked) == asked, "nothing that decides the choices has changed"
    models.consider(request({"model": "model:2"}))
    wait_until(lambda: version.itemData(0) == "model:2@1")
    assert models.values()["version"] == "model:2@1", "the old one is not offered any more"
    assert accounts.provider.requests[-1].options["model"] == "model:2"


def test_what_somebody_typed_stays_and_what_was_picked_goes_with_the_offer(models: OptionForm) -> None:
    tag = models.findChild(QComboBox, "tag")
    models.consider(request({"model": "model:1"}))
    wait_until(lambda: tag.count() == 2)
    tag.setCurrentIndex(1)
    assert models.values()["tag"] == "model:1@2"
    models.consider(request({"model": "model:2"}))
    wait_until(lambda: tag.itemData(0) == "model:2@1")
    assert models.values()["tag"] == ""
    tag.setEditText("mine")
    models.consider(request({"model": "model:3"}))
    wait_until(lambda: tag.itemData(0) == "model:3@1")
    assert models.values()["tag"] == "mine"


def test_a_long_label_of_a_check_box_takes_two_lines(qgis_app: object) -> None:
    box = WrappingCheckBox("Download everything through the content network & more")
    box.resize(900, 40)
    box.show()
    assert box.text().count("\n") == 0 and "&&" in box.text()
    box.resize(160, 40)
    assert box.text().count("\n") >= 1 and box.minimumSizeHint().width() <= 90
    sip.delete(box)
