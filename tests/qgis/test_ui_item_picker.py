"""Searching a catalogue page by page, and picking from it with mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QToolButton

from cutout.core.model import Choice
from cutout.ui.connection import Connection
from cutout.ui.item_picker import ItemPicker
from tests.qgis.invented import ACCOUNT, CATALOGUE, Invented, InventedAccounts
from tests.qgis.waiting import wait_until


@pytest.fixture
def accounts(qgis_app: object) -> InventedAccounts:
    return InventedAccounts()


@pytest.fixture
def picker(accounts: InventedAccounts) -> Iterator[ItemPicker]:
    parent = QObject()
    connection = Connection(accounts, parent)
    connection.use(ACCOUNT)
    picker = ItemPicker(connection, Invented.options[0])
    picker.resize(320, 300)
    picker.show()
    wait_until(lambda: picker.model.rowCount() == 20)
    yield picker
    picker.shutdown()
    connection.shutdown()
    sip.delete(picker)


def search(picker: ItemPicker, text: str, rows: int) -> None:
    picker.searchEdit.setText(text)
    wait_until(lambda: picker.model.rowCount() == rows and not picker.model.busy)


def titles(picker: ItemPicker) -> list[str]:
    return [choice.label for choice in picker.items]


def test_it_shows_the_catalogue_before_anything_is_typed(picker: ItemPicker) -> None:
    assert picker.model.index(0).data() == "Layer 01"
    assert "47" in picker.notice.text


def test_scrolling_to_the_end_fetches_the_next_page(picker: ItemPicker, accounts: InventedAccounts) -> None:
    for rows in (40, 47):
        picker.results.scrollToBottom()
        wait_until(lambda rows=rows: picker.model.rowCount() == rows and not picker.model.busy)
    assert [picker.model.index(row).data(Qt.ItemDataRole.UserRole) for row in range(47)] == CATALOGUE
    assert not picker.model.canFetchMore(picker.results.rootIndex())
    assert [more for _, _, more in accounts.provider.asked] == ["", "20", "40"]


def test_typing_asks_once_for_the_last_word(picker: ItemPicker, accounts: InventedAccounts) -> None:
    QTest.keyClicks(picker.searchEdit, "layer 04")
    wait_until(lambda: picker.model.rowCount() == 1)
    assert [words for _, words, _ in accounts.provider.asked] == ["", "layer 04"]


def test_double_click_enter_and_add_pick(picker: ItemPicker) -> None:
    told: list[int] = []
    picker.changed.connect(lambda: told.append(1))
    at = picker.results.visualRect(picker.model.index(1)).center()
    QTest.mouseClick(picker.results.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(picker.results.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert titles(picker) == ["Layer 02"]
    QTest.keyClick(picker.searchEdit, Qt.Key.Key_Down)
    QTest.keyClick(picker.results, Qt.Key.Key_Return)
    assert titles(picker) == ["Layer 02", "Layer 01"]
    picker.results.setCurrentIndex(picker.model.index(3))
    QTest.mouseClick(picker.addButton, Qt.MouseButton.LeftButton)
    assert titles(picker) == ["Layer 02", "Layer 01", "Layer 04"]
    assert not picker.addButton.isEnabled(), "nothing is selected any more"
    assert len(told) == 3


def test_the_same_is_picked_once_and_can_be_taken_out(picker: ItemPicker) -> None:
    picker.picked.add([CATALOGUE[0], CATALOGUE[1]])
    picker.picked.add([CATALOGUE[0]])
    assert titles(picker) == ["Layer 01", "Layer 02"]
    remove = picker.picked.findChildren(QToolButton)[-2]
    assert "Layer 01" in remove.accessibleName()
    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert titles(picker) == ["Layer 02"]
    picker.picked.clear()
    assert picker.items == () and picker.picked.isHidden()


def test_enter_in_the_search_picks_the_only_result(picker: ItemPicker) -> None:
    QTest.keyClick(picker.searchEdit, Qt.Key.Key_Return)
    assert picker.items == (), "twenty results: which one is meant is not known"
    search(picker, "layer 33", 1)
    QTest.keyClick(picker.searchEdit, Qt.Key.Key_Return)
    assert titles(picker) == ["Layer 33"]


def test_what_is_picked_stays_while_the_search_goes_on(picker: ItemPicker) -> None:
    picker.picked.add([CATALOGUE[0]])
    search(picker, "nothing like it", 0)
    assert titles(picker) == ["Layer 01"]


def test_an_error_stands_in_place_and_can_be_tried_again(picker: ItemPicker, accounts: InventedAccounts) -> None:
    picker.searchEdit.setText("broken")
    wait_until(lambda: "closed" in picker.notice.text)
    assert "Come back tomorrow." in picker.notice.text
    asked = len(accounts.provider.asked)
    QTest.mouseClick(picker.notice.button, Qt.MouseButton.LeftButton)
    wait_until(lambda: len(accounts.provider.asked) > asked)
    search(picker, "layer 12", 1)
    assert "closed" not in picker.notice.text


def test_rows_say_what_they_are_to_a_screen_reader(picker: ItemPicker) -> None:
    assert picker.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Layer 01, Vector · Invented"


def test_long_titles_and_markup_are_drawn_as_they_are(picker: ItemPicker) -> None:
    long = Choice("layer:99", "<b>" + "very long " * 40, "x", "unheard-of")
    picker.picked.add([long])
    picker.resize(200, 300)
    assert not picker.grab().isNull()
    assert picker.picked.minimumSizeHint().width() < 120, "a long title must not widen the dock"
