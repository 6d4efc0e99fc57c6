"""The whole dock with the real bridge, the stand-in and a real canvas, used as a person uses it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsRectangle, QgsSettings
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QToolButton,
    QWidget,
)

from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.jobs import Jobs
from cutout.core.http import Secret
from cutout.core.model import Choice, JobState
from cutout.core.store import Store
from cutout.ui.dock import CutoutDock
from tests.qgis.questions import when_asked
from tests.qgis.waiting import wait_until
from tests.standin.client import Standin

PARK = QgsRectangle(-105.8, 40.2, -105.5, 40.5)
EXPORTS = "/services/api/v1.x/exports/"


class Desk:
    """A window with a map and the dock, and what the dock said."""

    def __init__(self, folder: Path, standin: Standin) -> None:
        QgsSettings().remove("cutout")
        QgsSettings().setValue("cutout/dock/service", "koordinates")
        QgsApplication.authManager().setMasterPassword("test", True)
        self.standin = standin
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas()
        self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:26913"))
        self.window.setCentralWidget(self.canvas)
        self.window.resize(900, 900)
        self.accounts = Accounts()
        self.jobs = Jobs(Store(folder / "jobs.sqlite"), self.accounts, lambda: folder / "files")
        self.said: list[tuple[str, int]] = []
        self.dock: CutoutDock = self.open()
        self.window.show()
        self.canvas.setExtent(PARK)

    def open(self) -> CutoutDock:
        dock = CutoutDock(self.canvas, QgsProject.instance(), self.accounts, self.jobs, self.window)
        dock.message.connect(lambda text, level: self.said.append((text, level)))
        self.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        return dock

    def close(self) -> None:
        self.dock.shutdown()
        self.jobs.stop()
        self.canvas.stopRendering()
        sip.delete(self.window)

    def sign_in(self, key: str = "") -> Account:
        return self.accounts.save(Account("koordinates", self.standin.url), Secret(password=key or self.standin.key))

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.dock.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def preflight(self) -> str:
        return self.find(QLabel, "preflightLabel").text()

    @property
    def submit(self) -> QPushButton:
        return self.find(QPushButton, "submitButton")

    def pick(self, *slugs: str) -> None:
        """As if each had been found and double clicked."""
        picker = self.dock.form.service_form.pickers[0]
        kinds = {"counties": "vector", "glaciers": "vector", "elevation": "grid"}
        for slug in slugs:
            what, number = self.standin.layers[slug].strip("/").split("/")
            picker.picked.add([Choice(f"{what.rstrip('s')}:{number}", slug.title(), "", kinds.get(slug, "vector"))])

    def until_says(self, words: str) -> None:
        wait_until(lambda: words in self.preflight)

    def order(self) -> None:
        wait_until(self.submit.isEnabled)
        QTest.mouseClick(self.submit, Qt.MouseButton.LeftButton)

    def sent(self, path: str, method: str = "POST") -> int:
        return sum(one.method == method and one.path == path for one in self.standin.requests())


@pytest.fixture
def desk(qgis_app: object, tmp_path: Path, standin: Standin) -> Iterator[Desk]:
    desk = Desk(tmp_path, standin)
    yield desk
    desk.close()


def test_the_fixed_names_are_there(desk: Desk) -> None:
    assert desk.dock.objectName() == "CutoutDock"
    for kind, name in (
        (QComboBox, "serviceCombo"),
        (QToolButton, "accountButton"),
        (QToolButton, "areaButton"),
        (QPushButton, "submitButton"),
        (QAbstractItemView, "jobList"),
        (QLabel, "preflightLabel"),
    ):
        desk.find(kind, name)
    assert desk.find(QComboBox, "serviceCombo").findData("koordinates") >= 0


def test_a_newcomer_is_told_what_to_do(desk: Desk) -> None:
    desk.until_says("Add an account first.")
    assert not desk.submit.isEnabled() and desk.submit.toolTip() == desk.preflight
    assert desk.find(QToolButton, "accountButton").text() == "Add account…"
    invitation = desk.dock.form.account_picker.invitation
    assert invitation.isVisible() and 'href="https://' in invitation.text()
    desk.sign_in()
    desk.until_says("No layer or table is chosen.")
    assert not invitation.isVisible()


def test_from_the_canvas_to_the_files(desk: Desk) -> None:
    desk.sign_in()
    desk.jobs.start()
    desk.pick("counties", "elevation")
    wait_until(lambda: desk.dock.form.area_picker.figures.text())
    assert "km², 5 vertices" in desk.dock.form.area_picker.figures.text()
    desk.order()
    job_list = desk.find(QAbstractItemView, "jobList")
    assert job_list.model().rowCount() == 1, "the job is there at once"
    assert job_list.currentIndex().row() == 0
    assert desk.said[0][0].startswith("“Counties and 1 more” is ordered")
    assert len(desk.dock.form.service_form.pickers[0].items) == 2, "the form stays as it was"
    seen: set[str] = set()
    arrived: list[object] = []
    desk.jobs.arrived.connect(arrived.append)

    def is_done() -> bool:
        seen.add(job_list.model().index(0, 0).data().split(":")[1].split(",")[0].strip())
        return bool(arrived)

    wait_until(is_done, 60)
    (job,) = desk.jobs.all()
    assert job.state is JobState.DONE and job.files and Path(job.folder).is_dir()
    wait_until(lambda: "Done" in job_list.model().index(0, 0).data())
    assert "Running" in seen or "Queued" in seen
    assert desk.sent(EXPORTS) == 1
    (export,) = desk.standin.exports()
    assert export["request"]["crs"] == "EPSG:26913", "the project's CRS"
    assert export["request"]["extent"]["type"] == "Polygon"


def test_the_line_before_ordering_says_what_how_large_and_at_what_price(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties")
    desk.until_says("free")
    assert "km²" in desk.preflight and "→ about " in desk.preflight
    assert desk.sent(EXPORTS) == 0
    desk.standin.settings(price="12.50")
    desk.pick("glaciers")
    wait_until(lambda: not desk.submit.isEnabled())
    desk.until_says("25.00")


def test_what_costs_money_is_asked_once_more(desk: Desk) -> None:
    desk.sign_in()
    desk.standin.settings(price="12.50")
    desk.pick("counties")
    desk.until_says("12.50")
    asked = when_asked("Go back")
    desk.order()
    assert "12.50" in asked[0] and "km²" in asked[0] and "127.0.0.1" in asked[0]
    assert desk.jobs.all() == []
    when_asked("Order")
    desk.order()
    assert len(desk.jobs.all()) == 1


def test_a_double_click_orders_once(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties")
    wait_until(desk.submit.isEnabled)
    QTest.mouseDClick(desk.submit, Qt.MouseButton.LeftButton)
    desk.submit.click()
    assert len(desk.jobs.all()) == 1 and not desk.submit.isEnabled()
    wait_until(desk.submit.isEnabled)


def test_every_change_voids_the_answer_before(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties")
    wait_until(desk.submit.isEnabled)
    for change in (
        lambda: desk.canvas.setExtent(QgsRectangle(-105.7, 40.3, -105.6, 40.4)),
        lambda: desk.dock.form.service_form.options.set_values({"vector_format": "shp"}),
        lambda: desk.dock.form.service_form.pickers[0].picked.clear(),
    ):
        change()
        assert not desk.submit.isEnabled()
        if desk.dock.form.service_form.pickers[0].items:
            wait_until(desk.submit.isEnabled)
    desk.until_says("No layer or table is chosen.")


def test_an_answer_that_comes_too_late_is_dropped(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties")
    wait_until(desk.submit.isEnabled)
    validate = f"{EXPORTS}validate/"
    before = desk.sent(validate)
    desk.standin.fault("slow", seconds=1.5, method="POST", path=validate)
    desk.pick("glaciers")
    wait_until(lambda: desk.sent(validate) > before)
    desk.canvas.setExtent(QgsRectangle(0, 50, 1, 51))  # far away from all that the stand-in has
    desk.until_says("outside")
    assert not desk.submit.isEnabled()


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda s: s.settings(price="1.00") and None, "1.00"),
        (lambda s: s.fault("status", status=503, count=-1, path=f"{EXPORTS}validate/"), "busy or down"),
        (
            lambda s: s.fault("status", status=500, shape="html", count=-1, path=f"{EXPORTS}validate/"),
            "answered",
        ),
        (lambda s: s.revoke(s.key), "does not accept the key"),
    ],
    ids=["priced", "down", "html", "revoked"],
)
def test_bad_weather_is_a_sentence(desk: Desk, prepare: Callable[[Standin], None], words: str) -> None:
    desk.sign_in()
    prepare(desk.standin)
    desk.pick("counties")
    desk.until_says(words)
    assert "Traceback" not in desk.preflight and "<" not in desk.preflight


def test_a_site_that_was_down_can_be_asked_again(desk: Desk) -> None:
    desk.sign_in()
    desk.standin.fault("status", status=503, count=3, method="POST", path=f"{EXPORTS}validate/")
    desk.pick("counties")
    desk.until_says("busy or down")
    assert not desk.submit.isEnabled()
    QTest.mouseClick(desk.dock.form.preflight._notice.button, Qt.MouseButton.LeftButton)
    desk.until_says("free")


def test_a_key_without_scopes_is_explained_in_the_dock(desk: Desk) -> None:
    desk.sign_in(desk.standin.reader_key)
    desk.pick("counties")
    desk.until_says("lacks the permission exports:")
    assert desk.jobs.all() == []


def test_a_layer_outside_of_the_area_says_which(desk: Desk) -> None:
    desk.sign_in()
    desk.canvas.setExtent(QgsRectangle(0, 50, 1, 51))
    desk.pick("counties")
    desk.until_says("outside")
    assert not desk.submit.isEnabled()


def test_an_area_too_detailed_for_the_service_is_covered_and_that_is_told(desk: Desk) -> None:
    from math import cos, pi, sin

    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    from cutout.ui.area_source import AreaMode

    ring = [
        QgsPointXY(-105.65 + (0.1 + 0.004 * (i % 2)) * cos(pi * i / 1500), 40.35 + 0.1 * sin(pi * i / 1500))
        for i in range(3000)
    ]
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "Lake", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromPolygonXY([[*ring, ring[0]]]))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    layer.selectAll()
    desk.canvas.setCurrentLayer(layer)
    desk.sign_in()
    desk.dock.form.area_picker._choose(AreaMode.SELECTION)
    desk.pick("counties")
    wait_until(lambda: "vertices, +" in desk.dock.form.area_picker.notice.text)
    assert "3,001 → " in desk.dock.form.area_picker.notice.text
    desk.until_says("→ about")


def test_a_title_typed_last_is_taken_with_the_same_click(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties")
    wait_until(desk.submit.isEnabled)
    title = desk.find(QLineEdit, "titleEdit")
    title.setFocus()
    QTest.keyClicks(title, "My river")
    QTest.mouseClick(desk.submit, Qt.MouseButton.LeftButton)
    assert [job.title for job in desk.jobs.all()] == ["My river"]


def test_a_key_that_is_gone_is_said_and_can_be_entered_again(desk: Desk) -> None:
    account = desk.sign_in()
    QgsApplication.authManager().removeAuthenticationConfig(account.authcfg)
    desk.accounts.changed.emit()
    notice = desk.dock.form.key_notice
    assert "authentication database" in notice.text and notice.button.text() == "Edit account…"
    desk.pick("counties")
    desk.until_says("authentication database")
    assert not desk.submit.isEnabled()


def test_a_locked_key_waits_for_the_person(desk: Desk) -> None:
    desk.sign_in()
    manager = QgsApplication.authManager()
    manager.clearMasterPassword()
    desk.accounts.changed.emit()
    notice = desk.dock.form.key_notice
    assert "master password" in notice.text and notice.button.isVisible()
    desk.pick("counties")
    desk.until_says("Unlock the account first.")
    assert manager.setMasterPassword("test", True)
    wait_until(lambda: notice.text == "")
    desk.until_says("free")


def test_another_account_empties_the_items_of_the_first_site(desk: Desk) -> None:
    desk.sign_in()
    desk.accounts.save(Account("koordinates", "https://data.example.org", "ZZZ"), Secret(password="k"))
    desk.pick("counties")
    combo = desk.find(QComboBox, "accountCombo")
    assert combo.count() == 2 and desk.dock.form.service_form.pickers[0].items
    combo.setCurrentIndex(1 - combo.currentIndex())
    assert desk.dock.form.service_form.pickers[0].items == ()


def test_accounts_are_chosen_again_next_time(desk: Desk) -> None:
    desk.sign_in()
    other = desk.accounts.save(Account("koordinates", "https://data.example.org", "ZZZ"), Secret(password="k"))
    combo = desk.find(QComboBox, "accountCombo")
    combo.setCurrentText(other.label)
    desk.dock.shutdown()
    sip.delete(desk.dock)
    desk.dock = desk.open()
    assert desk.dock.form.account_picker.account == other


def test_removing_an_account_asks_and_forgets_its_key(desk: Desk) -> None:
    account = desk.sign_in()
    asked = when_asked("Remove")
    desk.dock.form.account_picker.removeAction.trigger()
    assert account.label in asked[0]
    assert desk.accounts.all() == ()
    assert account.authcfg not in QgsApplication.authManager().configIds()


def test_hidden_it_asks_nobody(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties")
    wait_until(desk.submit.isEnabled)
    desk.dock.hide()
    asked = len(desk.standin.requests())
    desk.canvas.setExtent(QgsRectangle(-105.7, 40.3, -105.6, 40.4))
    QTest.qWait(1500)  # longer than everything that could still start by itself
    assert len(desk.standin.requests()) == asked
    desk.dock.show()
    wait_until(desk.submit.isEnabled)


def test_created_hidden_it_asks_nobody_either(desk: Desk) -> None:
    desk.sign_in()
    desk.dock.shutdown()
    sip.delete(desk.dock)
    QTest.qWait(500)
    asked = len(desk.standin.requests())
    desk.dock = CutoutDock(desk.canvas, QgsProject.instance(), desk.accounts, desk.jobs, desk.window)
    desk.dock.hide()
    desk.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, desk.dock)
    desk.dock.hide()
    QTest.qWait(800)
    assert len(desk.standin.requests()) == asked
    desk.dock.show()
    picker = desk.dock.form.service_form.pickers[0]
    wait_until(lambda: picker.model.rowCount() > 0)


def test_it_can_come_and_go_twenty_times(desk: Desk) -> None:
    desk.sign_in()
    accounts_listening = desk.accounts.receivers(desk.accounts.changed)
    jobs_listening = desk.jobs.receivers(desk.jobs.changed)
    canvas_listening = desk.canvas.receivers(desk.canvas.extentsChanged)
    for turn in range(20):
        desk.dock.shutdown()
        desk.dock.shutdown()
        desk.window.removeDockWidget(desk.dock)
        desk.dock.deleteLater()
        desk.dock = desk.open()
        if turn % 4 == 0:
            desk.pick("counties")
            QApplication.processEvents()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    QApplication.processEvents()
    gc.collect()
    assert desk.accounts.receivers(desk.accounts.changed) == accounts_listening
    assert desk.jobs.receivers(desk.jobs.changed) == jobs_listening
    assert desk.canvas.receivers(desk.canvas.extentsChanged) == canvas_listening
    assert [item for item in desk.canvas.scene().items() if isinstance(item, QgsRubberBand)] == []
    desk.pick("counties")
    wait_until(desk.submit.isEnabled)


def test_it_fits_a_narrow_window(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties", "glaciers", "elevation")
    desk.dock.form.service_form.options.advanced.setCollapsed(False)
    wait_until(desk.submit.isEnabled)
    assert desk.dock.minimumSizeHint().width() <= 320
    desk.window.resizeDocks([desk.dock], [320], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    content = desk.dock.form.findChild(QWidget, "orderContent")
    assert content.width() <= 320, "nothing is pushed beyond the edge"
    beyond = [
        (type(widget).__name__, widget.objectName())
        for widget in content.findChildren(QWidget)
        if widget.isVisible() and widget.mapTo(content, widget.rect().topRight()).x() > content.width()
    ]
    assert beyond == []


def test_everything_can_be_reached_by_keyboard_and_has_a_name(desk: Desk) -> None:
    desk.sign_in()
    desk.pick("counties")
    wait_until(desk.submit.isEnabled)
    nameless = []
    for kind in (QToolButton, QComboBox, QPushButton, QAbstractItemView):
        for widget in desk.dock.form.findChildren(kind):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                buddy = any(label.buddy() is widget for label in desk.dock.findChildren(QLabel))
                text = getattr(widget, "text", lambda: "")()
                if widget.objectName() == "collapseButton":
                    continue  # QGIS's own
                if not (widget.accessibleName() or widget.toolTip() or text or buddy):
                    nameless.append((type(widget).__name__, widget.objectName()))
    assert nameless == []
