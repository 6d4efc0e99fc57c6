"""The form follows from what a service declares, also one that nobody has seen before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsSettings
from qgis.gui import QgsCheckableComboBox, QgsProjectionSelectionWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox

from cutout.core.model import OptionKind
from cutout.providers import services
from cutout.ui.connection import Connection
from cutout.ui.option_fields import FIELDS
from cutout.ui.option_form import OptionForm
from tests.qgis.invented import ACCOUNT, Invented, InventedAccounts
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
        values = form.values()
        form.shutdown()
        sip.delete(form)
        for option in service.options:
            if option.kind not in (OptionKind.ITEMS, OptionKind.CRS):
                assert values[option.key] == option.default, (service.id, option.key)
