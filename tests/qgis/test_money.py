"""Money in the dock: one question before each order that costs something, and nothing leaves that nobody agreed to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QCheckBox, QMessageBox, QRadioButton, QToolButton
from shapely.geometry import box, mapping

from cutout.bridge.accounts import Account
from cutout.bridge.jobs import Jobs
from cutout.bridge.offers import ASK_ABOVE, Offer, ask_always, waive, waived
from cutout.core.http import Secret
from cutout.core.model import Agreement, ExportRequest, Job, JobState, Quote, new_job
from cutout.core.store import Store
from cutout.providers import services
from cutout.ui import preflight
from cutout.ui.figures import amount_text
from tests.places import PARK
from tests.qgis.invented import Single, offering
from tests.qgis.questions import nobody_asked, when_asked
from tests.qgis.test_ui_dock import EXPORTS, Desk
from tests.qgis.test_ui_services import SQUARE, TRIANGLE
from tests.qgis.test_ui_services import Desk as InventedDesk
from tests.qgis.waiting import look_once, wait_until
from tests.standin.client import Standin

AGREED = Agreement(Decimal("12.50"), "NZD")
LATER = "Order again to agree to the new price."


@pytest.fixture
def desk(qgis_app: object, tmp_path: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """With an order of 12.50 NZD ready to be placed, and the poller at work."""
    monkeypatch.setattr(preflight, "SETTLE", 10)
    standin.settings(price="12.50", polls=1000)
    desk = Desk(tmp_path, standin)
    desk.sign_in()
    desk.pick("counties")
    desk.jobs.start()
    wait_until(desk.submit.isEnabled)
    yield desk
    desk.close()


def created(desk: Desk) -> int:
    return desk.sent(EXPORTS)


def job(desk: Desk, number: int = 0) -> Job:
    """The newest one, or an older one."""
    return desk.jobs.all()[number]


def placed(desk: Desk) -> Job:
    """The newest job, once the service has it or will not have it."""
    wait_until(lambda: job(desk).state not in (JobState.NEW, JobState.SUBMITTING))
    return job(desk)


def press(desk: Desk, name: str) -> None:
    """A button beneath the list, as soon as the newest job has come that far."""
    panel = desk.dock.panel
    action = next(one for one in panel.commands.actions if one.objectName() == name)
    wait_until(lambda: panel.model.row_of(job(desk).key) >= 0)
    panel.select(job(desk))
    wait_until(action.isEnabled)
    action.trigger()


def answered(press_button: str, act: Callable[[], object], meanwhile: Callable[[QMessageBox], object] = id) -> str:
    """What was asked once this was done."""
    asked = when_asked(press_button, meanwhile)
    act()
    wait_until(lambda: asked)
    return asked[0]


# --- the question ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [[Qt.Key.Key_Return, Qt.Key.Key_Return], [Qt.Key.Key_Escape]], ids=["Enter", "Escape"])
def test_keys_that_are_pressed_without_reading_order_nothing(desk: Desk, keys: list[Qt.Key]) -> None:
    def type_them(question: QMessageBox) -> None:
        assert question.defaultButton().text() == "Go back"
        for key in keys:
            QTest.keyClick(question, key)

    asked = answered("Go back", desk.order, type_them)
    assert asked.startswith("Order Counties from Koordinates (127.0.0.1") and "Price: 12.50 NZD" in asked
    assert "Area: " in asked and "km²" in asked
    assert desk.jobs.all() == [] and created(desk) == 0


def test_whatever_is_pressed_while_it_is_asked_is_one_order(desk: Desk) -> None:
    def impatient(question: QMessageBox) -> None:
        with nobody_asked(besides=question):
            QTest.mouseDClick(desk.submit, Qt.MouseButton.LeftButton)
            QTest.keyClick(desk.submit, Qt.Key.Key_Space)
            desk.submit.click()
            desk.dock.form.area_picker.changed.emit()  # as when the map is redrawn: the price is asked again
            wait_until(desk.submit.isEnabled)
            desk.submit.click()

    answered("Order", desk.order, impatient)
    assert placed(desk).agreed == AGREED
    assert len(desk.jobs.all()) == created(desk) == 1


def test_up_to_an_amount_it_is_not_asked_again_until_that_is_taken_back(desk: Desk) -> None:
    def tick(question: QMessageBox) -> None:
        check = question.findChild(QCheckBox, "CutoutWaiver")
        assert check.text() == "Don't ask again for orders up to 12.50 NZD" and not check.isChecked()
        check.click()

    answered("Go back", desk.order, tick)
    assert waived() == {}, "nothing was agreed to"
    answered("Order", desk.order, tick)
    assert waived() == {"NZD": Decimal("12.50")} and placed(desk).agreed == AGREED
    with nobody_asked():
        desk.order()
        wait_until(lambda: len(desk.jobs.all()) == 2)
    desk.standin.settings(price="12.51")
    desk.pick("glaciers")
    desk.until_says("25.02")
    assert "Price: 25.02 NZD" in answered("Go back", desk.order)
    button = desk.find(QToolButton, "downloadsButton")
    button.menu().aboutToShow.emit()
    again = button.findChild(QAction, "askAlways")
    assert again.text() == "Ask again before orders up to 12.50 NZD"
    again.trigger()
    button.menu().aboutToShow.emit()
    assert waived() == {} and not again.isEnabled()


def test_a_waiver_is_for_one_currency_and_for_prices_that_are_named() -> None:
    QgsSettings().remove("cutout")

    def offer(*quotes: Quote) -> Offer:
        request = ExportRequest("koordinates", "https://data.example.org")
        return Offer(services()["koordinates"], request, "Roads", quotes)

    ten = Quote(price=Decimal(10), currency="NZD")
    waive(Decimal(10), "NZD")
    assert offer(ten).is_waived
    assert not offer(replace(ten, currency="EUR")).is_waived
    assert not offer(replace(ten, currency="")).is_waived
    assert not offer(ten, ten).is_waived, "it is the sum that counts"
    assert not offer(ten, replace(ten, price=Decimal(1), currency="EUR")).is_waived
    assert not offer(Quote()).is_waived and not offer(ten, Quote()).is_waived
    for written in ("much", "NaN", "-1", "Infinity", ["1", "2"]):
        QgsSettings().setValue(f"{ASK_ABOVE}/NZD", written)
        assert not offer(ten).is_waived
    ask_always()
    assert not offer(ten).is_waived and offer(replace(ten, price=Decimal(0))).is_free


def test_an_amount_is_not_rounded_down() -> None:
    assert amount_text(Decimal("12.5"), "NZD") == "12.50 NZD"
    assert amount_text(Decimal("0.004"), "NZD") == "0.004 NZD"


# --- what was agreed to ----------------------------------------------------------------------------------------------


def test_what_is_dearer_by_then_is_not_ordered_until_it_is_agreed_to(desk: Desk) -> None:
    answered("Order", desk.order, lambda question: desk.standin.settings(price="15.00"))
    dear = placed(desk)
    assert (dear.state, created(desk)) == (JobState.FAILED, 0)
    assert dear.message == f"The price is now 15.00 NZD, you agreed to 12.50 NZD. Nothing was ordered. {LATER}"
    asked = answered("Go back", lambda: press(desk, "orderAgain"))
    assert "Price: 15.00 NZD" in asked and "km²" in asked and len(desk.jobs.all()) == 1
    answered("Order", lambda: press(desk, "orderAgain"), lambda question: desk.standin.settings(price="14.00"))
    assert placed(desk).agreed == Agreement(Decimal("15.00"), "NZD")
    assert job(desk).state is JobState.QUEUED and len(desk.jobs.all()) == 2 and created(desk) == 1
    assert job(desk).quote.price == Decimal("14.00"), "cheaper is fine"


# --- sent again ------------------------------------------------------------------------------------------------------


@pytest.fixture
def uncertain(desk: Desk) -> Job:
    """An order of which nobody knows whether the service has it."""
    (account,) = desk.accounts.all("koordinates")
    request = ExportRequest("koordinates", desk.standin.url, {"items": ["layer:101"]}, PARK, "Lost")
    one = replace(new_job(request, time.time(), account.authcfg), state=JobState.UNCERTAIN, due=None, submitted=1.0)
    desk.jobs._add(one)
    return one


def test_sending_again_is_always_asked_for_with_the_price_and_the_risk(desk: Desk, uncertain: Job) -> None:
    waive(Decimal(1000), "NZD")
    unwaivable: list[bool] = []
    asked = answered(
        "Go back",
        lambda: press(desk, "sendAgain"),
        lambda question: unwaivable.append(question.findChild(QCheckBox, "CutoutWaiver") is None),
    )
    assert asked.startswith("“Lost” may have been accepted. If it was, it may be charged twice.")
    assert "Price: 12.50 NZD" in asked and unwaivable == [True]
    assert job(desk).state is JobState.UNCERTAIN
    answered("Send again", lambda: press(desk, "sendAgain"), lambda question: desk.standin.settings(price="13"))
    wait_until(lambda: "Nothing was sent again" in job(desk).message)
    assert job(desk).state is JobState.UNCERTAIN and "now 13 NZD, you agreed to 12.50" in job(desk).message
    desk.standin.settings(price="0")
    assert "Price: free" in answered("Send again", lambda: press(desk, "sendAgain"))
    wait_until(lambda: job(desk).state is JobState.QUEUED)
    assert created(desk) == 1


def test_two_windows_that_send_again_at_once_send_once(desk: Desk, uncertain: Job, tmp_path: Path) -> None:
    other = Jobs(Store(tmp_path / "jobs.sqlite"), desk.accounts, lambda: tmp_path)
    other.start()
    for window in (desk.jobs, other):
        window.send_again(uncertain.key, AGREED)
    wait_until(lambda: job(desk).state is JobState.QUEUED)
    look_once(other)
    other.stop()
    assert created(desk) == 1


# --- cancelling, and what it does not stop ---------------------------------------------------------------------------


def test_an_order_that_leaves_while_it_is_being_removed_is_asked_about_once_more(desk: Desk) -> None:
    desk.standin.fault("slow", seconds=0.5, method="POST", path=f"{EXPORTS}validate/")
    with_price = desk.jobs.order(
        ExportRequest("koordinates", desk.standin.url, {"items": ["layer:101"]}, PARK, "Moving"),
        desk.accounts.all("koordinates")[0],
    )
    second: list[list[str]] = []

    def until_it_left(question: QMessageBox) -> None:
        wait_until(lambda: desk.jobs.get(with_price.key).state is JobState.QUEUED)
        second.append(when_asked("Go back"))

    first = answered("Remove", lambda: press(desk, "removeJob"), until_it_left)
    assert first == "Forget “Moving”? It has not been ordered yet."
    assert "goes on at the service and may be charged; its files can't be collected then" in second[0][0]
    assert desk.jobs.get(with_price.key) is not None


def cityloader(desk: Desk) -> tuple[ExportRequest, Account]:
    facts = desk.standin.of("cityloader").facts
    account = desk.accounts.save(Account("cityloader", facts["api"]), Secret(password=facts["tokens"]["full"]))
    options = {"format": "stl", "include": ["terrain"]}
    area = mapping(box(16.3462, 48.2035, 16.3515, 48.2070))
    return ExportRequest("cityloader", account.server, options, area, "Model"), account


def koordinates(desk: Desk) -> tuple[ExportRequest, Account]:
    request = ExportRequest("koordinates", desk.standin.url, {"items": ["layer:101"]}, PARK, "Park")
    return request, desk.accounts.all("koordinates")[0]


@pytest.mark.parametrize(("service", "path"), [(koordinates, f"{EXPORTS}$"), (cityloader, "/api/export/simple")])
def test_what_is_cancelled_on_its_way_is_told_how_that_ended(
    desk: Desk, service: Callable[[Desk], tuple[ExportRequest, Account]], path: str
) -> None:
    request, account = service(desk)
    said: list[str] = []
    desk.jobs.said.connect(lambda text, level: said.append(text))
    desk.standin.fault("slow", server=request.service, seconds=0.5, method="POST", path=path)
    order = desk.jobs.order(request, account)
    wait_until(lambda: desk.jobs.get(order.key).state is JobState.SUBMITTING)
    desk.jobs.cancel(order.key)
    if service is koordinates:
        wait_until(lambda: desk.jobs.get(order.key).state is JobState.CANCELLED)
        assert [one["state"] for one in desk.standin.exports()] == ["cancelled"] and said == []
    else:
        wait_until(lambda: said)
        assert said == ["Model: 3DCityLoader can't cancel: the service goes on and may charge for it."]
        assert desk.jobs.get(order.key).state.is_at_service
        assert len(desk.standin.of("cityloader").orders()) == 1


# --- several orders with one sum -------------------------------------------------------------------------------------


class Rising(Single):
    """Dearer with each order that it has taken."""

    id = "rising"
    title = "Rising"

    def quote(self, request: ExportRequest) -> Quote:
        return replace(super().quote(request), price=Decimal("2.5") + len(self.submitted))


def test_of_several_orders_none_leaves_at_a_price_above_its_own(
    qgis_app: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "SETTLE", 10)
    with offering(Rising):
        desk = InventedDesk(tmp_path, Rising)
        desk.select(SQUARE, TRIANGLE)
        wait_until(lambda: desk.dock.form.part_choice.isVisible())
        desk.find(QRadioButton, "partsRadio").click()
        desk.until_says("5.00 credits")
        asked = when_asked("Order")
        desk.order()
        assert "Price: 5.00 credits" in asked[0] and "These are 2 orders." in asked[0]
        wait_until(lambda: all(one.state is not JobState.NEW for one in desk.jobs.all()))
        assert {one.agreed for one in desk.jobs.all()} == {Agreement(Decimal("2.5"), "credits")}
        first, second = sorted(desk.jobs.all(), key=lambda one: one.state is JobState.FAILED)
        assert first.state.is_at_service and second.message.startswith("The price is now 3.5 credits")
        assert len(desk.provider.submitted) == 1
        desk.close()
