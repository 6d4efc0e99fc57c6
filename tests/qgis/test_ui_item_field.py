"""Choosing one thing of a catalogue: searched, paged, under headings, or by an id that somebody pastes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cutout.core.http import Network, Secret
from cutout.core.model import ChoicePage, ExportRequest
from cutout.ui.connection import Connection
from cutout.ui.item_field import ItemField
from tests.qgis.invented import ACCOUNT, FAR, MODELS, NEAR, InventedAccounts, Modelled
from tests.qgis.waiting import wait_until

AREA = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


class Form(QWidget):
    """The field as it stands in a form, and another one that can take the focus."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.field = ItemField(connection, next(one for one in Modelled.options if one.key == "model"))
        self.other = QLineEdit()
        self.told: list[str] = []
        self.field.changed.connect(lambda: self.told.append(self.field.value))
        layout = QVBoxLayout(self)
        for widget in (self.field, self.field.panel, self.other):
            layout.addWidget(widget)
        self.resize(300, 400)
        self.show()
        self.activateWindow()
        self.other.setFocus()

    @property
    def rows(self) -> int:
        return self.field.results.found.rowCount()

    def type(self, text: str) -> None:
        self.field.edit.setFocus()
        QTest.keyClicks(self.field.edit, text)
        wait_until(lambda: not self.field.results.found.busy)

    def drop(self) -> None:
        QTest.mouseClick(self.field.dropButton, Qt.MouseButton.LeftButton)
        wait_until(lambda: self.rows)

    def click(self, row: int) -> None:
        results = self.field.results
        at = results.visualRect(results.found.index(row))
        QTest.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at.center().x(), at.bottom() - 8))


@pytest.fixture
def accounts(qgis_app: object) -> InventedAccounts:
    accounts = InventedAccounts()
    accounts.provider = Modelled("https://example.org", Secret(username="me"), Network())
    return accounts


@pytest.fixture
def form(accounts: InventedAccounts) -> Iterator[Form]:
    parent = QObject()
    connection = Connection(accounts, parent)
    connection.use(ACCOUNT)
    form = Form(connection)
    yield form
    form.field.shutdown()
    connection.shutdown()
    sip.delete(form)


def request(project: str = "") -> ExportRequest:
    return ExportRequest("modelled", "https://example.org", {"project": project}, AREA)


def test_it_is_one_line_and_asks_nobody_until_it_is_opened(form: Form, accounts: InventedAccounts) -> None:
    form.field.consider(request())
    assert not form.field.panel.isVisible() and form.field.value == ""
    assert form.field.sizeHint().height() <= form.other.sizeHint().height() + 4
    QTest.qWait(500)  # longer than it waits before it asks
    assert accounts.provider.asked == []
    form.drop()
    assert form.field.panel.isVisible() and form.rows == 20
    assert accounts.provider.requests[-1] == request(), "what is chosen so far, and the area"
    QTest.mouseClick(form.field.dropButton, Qt.MouseButton.LeftButton)
    assert not form.field.panel.isVisible()


def test_a_click_picks_and_the_list_goes(form: Form) -> None:
    form.drop()
    form.click(1)
    assert (form.field.value, form.field.edit.text()) == ("model:1", "Model 01")
    assert form.told == ["model:1"] and not form.field.panel.isVisible()


def test_groups_have_headings(form: Form) -> None:
    form.drop()
    found = form.field.results.found
    assert [found.heading(row) for row in range(8)] == [NEAR, "", "", "", "", "", FAR, ""]
    heights = [form.field.results.visualRect(found.index(row)).height() for row in (0, 1, 6)]
    assert heights[0] == heights[2] > heights[1]
    assert NEAR in found.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    picture = form.field.results.viewport().grab().toImage()
    above = range(heights[0] - heights[1])
    ink = [sum(picture.pixelColor(x, y).lightness() < 128 for x in range(10, 100)) for y in above]
    assert max(ink) > 5, "the heading is drawn above its first row"


def test_scrolling_fetches_the_next_page(form: Form) -> None:
    form.drop()
    form.field.results.scrollToBottom()
    wait_until(lambda: form.rows == len(MODELS))


def test_typing_searches_and_enter_picks_the_only_result(form: Form, accounts: InventedAccounts) -> None:
    form.type("model 1")
    assert form.rows == 10
    QTest.keyClick(form.field.edit, Qt.Key.Key_Return)
    assert form.field.value == "", "ten results: which one is meant is not known"
    form.type("7")
    assert form.rows == 1
    QTest.keyClick(form.field.edit, Qt.Key.Key_Return)
    assert form.field.value == "model:17"


def test_keys_alone_are_enough(form: Form) -> None:
    form.field.edit.setFocus()
    QTest.keyClick(form.field.edit, Qt.Key.Key_Down)
    wait_until(lambda: form.rows)
    QTest.keyClick(form.field.results, Qt.Key.Key_Down)
    QTest.keyClick(form.field.results, Qt.Key.Key_Down)
    QTest.keyClick(form.field.results, Qt.Key.Key_Return)
    assert form.field.value in ("model:1", "model:2") and not form.field.panel.isVisible()


def test_a_pasted_id_is_found_or_taken_as_it_is(form: Form) -> None:
    form.type("model:29")
    QTest.keyClick(form.field.edit, Qt.Key.Key_Return)
    assert (form.field.value, form.field.edit.text()) == ("model:29", "Model 29")
    form.field.edit.selectAll()
    form.type("unheard-of")
    assert form.rows == 0
    form.other.setFocus()
    wait_until(lambda: not form.field.panel.isVisible())
    assert form.field.value == "unheard-of"


def test_leaving_a_search_keeps_what_was_chosen(form: Form) -> None:
    form.drop()
    form.click(1)
    form.field.edit.selectAll()
    form.type("model")
    assert form.field.value == "model:1", "a search is no choice yet"
    form.other.setFocus()
    wait_until(lambda: not form.field.panel.isVisible())
    assert (form.field.value, form.field.edit.text()) == ("model:1", "Model 01")
    form.field.edit.selectAll()
    form.type("x")
    QTest.keyClick(form.field.edit, Qt.Key.Key_Escape)
    assert not form.field.panel.isVisible() and form.field.edit.text() == "Model 01"
    assert form.told == ["model:1"]


def test_an_emptied_line_chooses_nothing(form: Form) -> None:
    form.drop()
    form.click(1)
    form.field.edit.selectAll()
    form.field.edit.setFocus()
    QTest.keyClick(form.field.edit, Qt.Key.Key_Backspace)
    form.other.setFocus()
    wait_until(lambda: form.field.value == "")
    assert form.told == ["model:1", ""]


def test_what_is_no_longer_offered_goes_and_what_is_typed_stays(form: Form) -> None:
    form.field.consider(request())
    form.drop()
    form.click(1)
    form.field.consider(request("b"))
    wait_until(lambda: not form.field._checking.busy)
    assert form.field.value == "model:1", "it is one of b"
    form.field.consider(request("a"))
    wait_until(lambda: form.field.value == "")
    form.field.set_value("model:99")
    form.field.consider(request("b"))
    QTest.qWait(500)  # longer than it waits before it asks
    assert form.field.value == "model:99"


def test_what_is_on_a_later_page_is_still_offered(form: Form) -> None:
    form.field.consider(request())
    form.type("model:29")
    QTest.keyClick(form.field.edit, Qt.Key.Key_Return)
    form.field.consider(ExportRequest("modelled", "https://example.org", {"project": ""}, {**AREA, "x": 1}))
    wait_until(lambda: not form.field._checking.busy)
    assert form.field.value == "model:29"


def test_an_error_stands_in_place_and_can_be_tried_again(form: Form, accounts: InventedAccounts) -> None:
    form.type("broken")
    notice = form.field.results.notice
    assert "The catalogue is closed. Come back tomorrow." in notice.text
    asked = len(accounts.provider.asked)
    QTest.mouseClick(notice.button, Qt.MouseButton.LeftButton)
    wait_until(lambda: len(accounts.provider.asked) > asked)
    assert form.field.panel.isVisible()
    form.field.edit.selectAll()
    form.type("model 03")
    assert form.rows == 1 and "closed" not in notice.text


def test_nothing_to_find_yet_says_what_to_choose_first(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Modelled, "choices", lambda *_: ChoicePage(()))
    form.field.consider(request())
    QTest.mouseClick(form.field.dropButton, Qt.MouseButton.LeftButton)
    wait_until(lambda: not form.field.results.found.busy)
    assert form.field.results.empty == "Nothing here yet. Choose first: Project."
    form.type("words")
    assert form.field.results.empty == "Nothing found. Try fewer or other words."
