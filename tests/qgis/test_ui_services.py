"""The dock for services of every kind: what it asks, says and orders follows from what they declare."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QMainWindow, QRadioButton, QWidget

from cutout.bridge import sign_in
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.jobs import Jobs
from cutout.bridge.sign_in import Client
from cutout.core.aoi import from_bbox, from_geojson
from cutout.core.http import Secret
from cutout.core.provider import OAuth2
from cutout.core.store import Store
from cutout.ui.account_picker import invitation
from cutout.ui.area_source import AreaMode
from cutout.ui.dock import CutoutDock
from cutout.ui.figures import area_text
from tests.qgis.browser import browser, free_port
from tests.qgis.invented import Invented, InventedAccounts, Modelled, Placed, Single, offering
from tests.qgis.questions import when_asked
from tests.qgis.waiting import wait_until
from tests.unit.scripted_server import Reply, Request, ScriptedServer

VIENNA = QgsRectangle(16.2, 48.1, 16.5, 48.3)
RING = (
    "POLYGON((16.3 48.2, 16.35 48.2, 16.35 48.24, 16.3 48.24, 16.3 48.2),"
    "(16.31 48.21, 16.34 48.21, 16.34 48.23, 16.31 48.23, 16.31 48.21))"
)
SQUARE = "POLYGON((16.4 48.2, 16.45 48.2, 16.45 48.24, 16.4 48.24, 16.4 48.2))"
TRIANGLE = "POLYGON((16.3 48.2, 16.4 48.2, 16.3 48.3, 16.3 48.2))"


class Desk:
    """A window with a map and the dock, for one invented service."""

    def __init__(self, folder: Path, service: type[Invented], accounts: Accounts | None = None) -> None:
        if accounts is None:
            QgsSettings().remove("cutout")
        QgsSettings().setValue("cutout/dock/service", service.id)
        QgsApplication.authManager().setMasterPassword("test", True)
        self.accounts = accounts or InventedAccounts(service)
        if accounts is None:
            self.accounts.save(Account(service.id, "https://example.org", "Mine"), Secret("sharekey", "k"))
            self.provider = self.accounts.provider
        self.jobs = Jobs(Store(folder / "jobs.sqlite"), self.accounts, lambda: folder / "files")
        self.window, self.canvas = QMainWindow(), QgsMapCanvas()
        self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        self.window.setCentralWidget(self.canvas)
        self.window.resize(900, 900)
        self.dock = CutoutDock(self.canvas, QgsProject.instance(), self.accounts, self.jobs, self.window)
        self.said: list[str] = []
        self.dock.message.connect(lambda text, level: self.said.append(text))
        self.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.window.show()
        self.canvas.setExtent(VIENNA)
        wait_until(lambda: not self.dock.form.area_picker.waiting)

    def close(self) -> None:
        self.dock.shutdown()
        self.jobs.stop()
        self.canvas.stopRendering()
        sip.delete(self.window)

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.dock.findChild(kind, name)
        assert found is not None, name
        return found

    def select(self, *shapes: str) -> None:
        """These polygons as the area."""
        layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "Sites", "memory")
        features = []
        for shape in shapes:
            features.append(QgsFeature())
            features[-1].setGeometry(QgsGeometry.fromWkt(shape))
        layer.dataProvider().addFeatures(features)
        QgsProject.instance().addMapLayer(layer)
        layer.selectAll()
        self.canvas.setCurrentLayer(layer)
        self.use(AreaMode.SELECTION)

    def use(self, mode: AreaMode) -> None:
        menu = self.dock.form.area_picker.areaButton.menu()
        next(action for action in menu.actions() if action.data() == mode.value).trigger()
        wait_until(lambda: not self.dock.form.area_picker.waiting)

    def pick(self, name: str, words: str) -> None:
        """The only thing with these words in its name."""
        line = self.find(QLineEdit, f"{name}Edit")
        field = self.dock.form.service_form.options._fields[name].widget
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, words)
        wait_until(lambda: field.results.found.rowCount() == 1 and not field.results.found.busy)
        QTest.keyClick(line, Qt.Key.Key_Return)

    @property
    def preflight(self) -> str:
        return self.dock.form.preflight.text

    def until_says(self, words: str) -> None:
        wait_until(lambda: words in self.preflight)

    def order(self) -> None:
        wait_until(self.dock.form.submitButton.isEnabled)
        QTest.mouseClick(self.dock.form.submitButton, Qt.MouseButton.LeftButton)


Open = Callable[..., Desk]


@pytest.fixture
def desk_for(qgis_app: object, tmp_path: Path) -> Iterator[Open]:
    desks: list[Desk] = []

    def open_(service: type[Invented], accounts: Accounts | None = None) -> Desk:
        desks.append(Desk(tmp_path, service, accounts))
        return desks[-1]

    with offering(Modelled, Placed, Single):
        yield open_
        for desk in desks:
            desk.close()


def test_a_guide_narrows_the_choices_and_is_no_part_of_the_order(desk_for: Open) -> None:
    desk = desk_for(Modelled)
    desk.pick("project", "Project b")
    desk.pick("model", "Model 03")
    assert desk.provider.requests[-1].options["project"] == "b"
    desk.until_says("price not named")
    assert all("project" not in request.options for request in desk.provider.quoted)
    asked = when_asked("Order")
    desk.order()
    (job,) = desk.jobs.all()
    assert job.request.options["model"] == "model:3" and "project" not in job.request.options
    assert job.title == "Model 03" and "Model 03" in asked[0]


def test_choices_follow_the_area_too(desk_for: Open) -> None:
    desk = desk_for(Modelled)
    desk.pick("model", "Model 03")
    before = desk.provider.requests[-1].area
    assert before is not None and from_geojson(dict(before)).bounds[0] < 16.3
    desk.select(SQUARE)
    wait_until(lambda: desk.provider.asked[-1][0] == "model" and desk.provider.requests[-1].area != before)
    assert from_geojson(dict(desk.provider.requests[-1].area)).bounds == pytest.approx((16.4, 48.2, 16.45, 48.24))
    assert desk.dock.form.service_form.values()["model"] == "model:3", "it is still on offer"


def test_without_an_area_it_is_the_whole_model(desk_for: Open) -> None:
    desk = desk_for(Modelled)
    desk.use(AreaMode.NONE)
    assert "whole model" in desk.dock.form.area_picker.figures.text()
    desk.pick("model", "Model 03")
    desk.until_says("the whole model")
    asked = when_asked("Go back")
    desk.order()
    assert "Area: the whole model" in asked[0] and desk.jobs.all() == []


def test_with_an_area_the_tiles_in_it_are_meant(desk_for: Open) -> None:
    desk = desk_for(Modelled)
    desk.select(SQUARE)
    desk.pick("model", "Model 03")
    desk.until_says("16.5 km²")
    when_asked("Order")
    desk.order()
    (job,) = desk.jobs.all()
    assert job.request.area is not None


def test_what_is_left_on_the_account_is_said_before_and_in_the_question(desk_for: Open) -> None:
    desk = desk_for(Modelled)
    desk.pick("model", "Model 03")
    desk.until_says("You have 120 credits.")
    asked = when_asked("Go back")
    desk.order()
    assert "You have 120 credits." in asked[0] and "Price: not named" in asked[0]
    assert asked[0].count("?") == 1 and desk.provider.submitted == []


def test_a_rectangle_around_a_polygon_says_how_much_more_it_is_before_ordering(desk_for: Open) -> None:
    desk = desk_for(Placed)
    rectangle = area_text(from_bbox(16.3, 48.2, 16.4, 48.3).km2)
    desk.select(TRIANGLE)
    desk.until_says(rectangle)
    notice = desk.dock.form.area_picker.notice
    assert notice.isVisible() and "Placed takes rectangles" in notice.text and "more" in notice.text
    asked = when_asked("Go back")
    desk.order()
    assert f"Area: {rectangle}" in asked[0] and "takes rectangles" in asked[0]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("centreEdit", "16.37, 48.21", "500 m × 400.5 m, 0.20 km², 16.37, 48.21"),
        ("address", "Stephansplatz 1", "500 m × 400.5 m, Stephansplatz 1"),
    ],
)
def test_a_place_instead_of_the_area_is_said_in_its_own_words(desk_for: Open, name: str, text: str, words: str) -> None:
    desk = desk_for(Placed)
    desk.find(QLineEdit, name).setText(text)
    desk.until_says(words)
    figures = desk.dock.form.area_picker.figures.text()
    assert figures.startswith("Not used: “") and "km²" not in figures
    asked = when_asked("Order")
    desk.order()
    assert f"Area: {words}" in asked[0]
    (job,) = desk.jobs.all()
    assert job.request.area is None
    desk.find(QLineEdit, name).clear()
    wait_until(lambda: "km²" in desk.dock.form.area_picker.figures.text())


def test_a_place_needs_no_area_at_all(desk_for: Open) -> None:
    desk = desk_for(Placed)
    desk.use(AreaMode.SELECTION)
    assert desk.dock.form.area_picker.problem
    desk.find(QLineEdit, "address").setText("Stephansplatz 1")
    desk.until_says("Stephansplatz 1")
    assert desk.dock.form.submitButton.isEnabled() and not desk.dock.form.area_picker.notice.isVisible()


def test_a_place_that_can_not_be_read_orders_nothing_else_instead(desk_for: Open) -> None:
    desk = desk_for(Placed)
    wait_until(desk.dock.form.submitButton.isEnabled)
    desk.find(QLineEdit, "centreEdit").setText("Vienna")
    desk.until_says("Centre point: ")
    assert not desk.dock.form.submitButton.isEnabled(), "not the map's extent"


def test_an_area_in_parts_can_be_one_polygon_or_several_orders(desk_for: Open) -> None:
    desk = desk_for(Single)
    desk.select(RING, SQUARE)
    desk.until_says("33.1 km²")
    whole, parts = desk.find(QRadioButton, "wholeRadio"), desk.find(QRadioButton, "partsRadio")
    assert whole.isVisible() and whole.isChecked(), "several orders only when somebody wants them"
    assert whole.words == "One polygon around everything (33.1 km²)"
    assert parts.words == "3 orders, one for each part (28.1 km²)"
    assert len(desk.provider.quoted) == 1
    QTest.mouseClick(parts, Qt.MouseButton.LeftButton)
    assert not desk.dock.form.submitButton.isEnabled(), "what was known was about one polygon"
    desk.until_says("3 orders, 28.1 km² → 7.50 credits")
    asked = when_asked("Order")
    desk.find(QLineEdit, "titleEdit").setText("Roofs")
    desk.order()
    assert len(asked) == 1
    for words in ("Area: 28.1 km²", "Price: 7.50 credits", "These are 3 orders", "You have 7.50 credits."):
        assert words in asked[0]
    assert sorted(job.title for job in desk.jobs.all()) == ["Roofs 1", "Roofs 2", "Roofs 3"]
    assert len({job.key for job in desk.jobs.all()}) == 3
    assert sum(from_geojson(dict(job.request.area)).km2 for job in desk.jobs.all()) == pytest.approx(28.09, abs=0.01)
    assert all(job.request.area["type"] == "Polygon" for job in desk.jobs.all())
    assert all(len(job.request.area["coordinates"]) == 1 for job in desk.jobs.all()), "no holes"
    wait_until(lambda: len(desk.provider.submitted) == 3)
    assert len(desk.said) == 1 and "3 orders are placed" in desk.said[0]


def test_another_area_begins_with_one_polygon_again(desk_for: Open) -> None:
    desk = desk_for(Single)
    desk.select(RING, SQUARE)
    desk.until_says("33.1 km²")
    QTest.mouseClick(desk.find(QRadioButton, "partsRadio"), Qt.MouseButton.LeftButton)
    desk.until_says("3 orders")
    desk.select(RING)
    desk.until_says("16.5 km²")
    assert desk.find(QRadioButton, "wholeRadio").isChecked()
    desk.select(SQUARE)
    desk.until_says("16.5 km²")
    wait_until(lambda: not desk.dock.form.part_choice.isVisible())


def test_one_polygon_is_one_order(desk_for: Open) -> None:
    desk = desk_for(Single)
    desk.select(RING, SQUARE)
    desk.until_says("33.1 km²")
    when_asked("Order")
    desk.order()
    (job,) = desk.jobs.all()
    assert job.request.area["type"] == "MultiPolygon", "the person's own area"


def test_where_one_polygon_is_impossible_the_parts_are_offered(desk_for: Open) -> None:
    desk = desk_for(Single)
    desk.select("POLYGON((170 -10, 190 -10, 190 -20, 170 -20, 170 -10))")
    desk.until_says("antimeridian")
    assert not desk.dock.form.submitButton.isEnabled()
    QTest.mouseClick(desk.find(QRadioButton, "partsRadio"), Qt.MouseButton.LeftButton)
    desk.until_says("2 orders")
    when_asked("Order")
    desk.order()
    assert len(desk.jobs.all()) == 2


def test_too_many_parts_are_only_ordered_as_one_and_that_is_said(desk_for: Open) -> None:
    desk = desk_for(Single)
    desk.select(*(f"POLYGON((16.{n} 48, 16.{n}5 48, 16.{n}5 48.1, 16.{n} 48))" for n in range(10, 70)))
    wait_until(lambda: "60 parts" in desk.dock.form.area_picker.notice.text)
    assert not desk.dock.form.part_choice.isVisible()


def test_an_order_without_a_title_is_called_after_the_service(desk_for: Open) -> None:
    desk = desk_for(Single)
    when_asked("Order")
    desk.order()
    assert [job.title for job in desk.jobs.all()] == ["Single"]


def test_the_invitation_speaks_of_a_key_only_where_there_is_one() -> None:
    assert "a key" in invitation(Placed) and "a key" not in invitation(Single)
    assert all('href="https://example.org/"' in invitation(one) for one in (Placed, Single))


@pytest.mark.parametrize("service", [Modelled, Placed, Single])
def test_every_service_fits_a_narrow_dock(desk_for: Open, service: type[Invented]) -> None:
    desk = desk_for(service)
    if service is Single:
        desk.select(RING, SQUARE)
        desk.until_says("km²")
    if service is Placed:
        desk.find(QLineEdit, "centreEdit").setText("nowhere")
        desk.find(QLineEdit, "address").setText("Stephansplatz")
    if service is Modelled:
        desk.dock.form.service_form.options._fields["model"].widget._toggle()
    desk.window.resizeDocks([desk.dock], [300], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    content = desk.dock.form.findChild(QWidget, "orderContent")
    assert content.width() <= 300
    beyond = [
        (type(widget).__name__, widget.objectName())
        for widget in content.findChildren(QWidget)
        if widget.isVisible() and widget.mapTo(content, widget.rect().topRight()).x() > content.width()
    ]
    assert beyond == []


def test_the_browser_opens_when_somebody_asks_and_credentials_are_renewed(
    desk_for: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifetimes = iter((1, 3600))

    def token(asked: Request) -> Reply:
        form = dict(parse_qsl(asked.body.decode()))
        body = {"access_token": form["grant_type"], "token_type": "Bearer", "expires_in": next(lifetimes)}
        answer = json.dumps({**body, "refresh_token": "R"}).encode()
        return Reply(200, answer, {"Content-Type": "application/json"})

    QgsSettings().remove("cutout")
    QgsApplication.authManager().setMasterPassword("test", True)
    monkeypatch.setattr(sign_in, "FIFTH", 2)
    with ScriptedServer() as server:
        server.on("/token", token)
        monkeypatch.setattr(
            Modelled, "oauth2", OAuth2(server.url("/authorize"), server.url("/token"), "offline_access")
        )
        accounts, port = Accounts(), free_port()
        account = accounts.save(Account("modelled", "https://example.org"), Client("cid", port, "s"))
        desk = desk_for(Modelled, accounts)
        notice = desk.dock.form.key_notice
        assert notice.button.text() == "Sign in…" and "web browser" in notice.text
        assert server.seen("/token") == []
        with browser(port):
            QTest.mouseClick(notice.button, Qt.MouseButton.LeftButton)
        connection = desk.dock.form.connection
        assert connection.account == account and not notice.isVisible()
        assert connection.provider.secret.headers == {"Authorization": "Bearer authorization_code"}
        assert connection.fresh() is connection.provider, "good for a while"
        monkeypatch.setattr("cutout.ui.connection.FRESH", -1.0)
        QTest.qWait(1500)  # until the token has expired
        assert connection.fresh().secret.headers == {"Authorization": "Bearer refresh_token"}
        assert len(server.seen("/token")) == 2
