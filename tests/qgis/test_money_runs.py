"""Money in Processing: in a QGIS with a window a run asks once, with the sum, before the first order leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QMessageBox

from cutout import classFactory
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.offers import Offer, waive
from cutout.core import lifecycle
from cutout.core.http import Secret
from cutout.core.model import Agreement, JobState
from cutout.toolbox.provider import CutoutProcessing
from tests.qgis.interface import Interface
from tests.qgis.questions import nobody_asked, when_asked
from tests.qgis.toolbox import ROCKIES, Feedback, run, squares, stored, threads
from tests.qgis.waiting import wait_until
from tests.standin.client import Standin

WEST, MIDDLE, EAST = (-105.8, 40.2, -105.7, 40.3), (-105.7, 40.2, -105.6, 40.3), (-105.6, 40.2, -105.5, 40.3)
AT_SEA = (-150.0, 0.0, -149.9, 0.1)
EXPORTS = "/services/api/v1.x/exports/"
AGREED = Agreement(Decimal("12.50"), "NZD")


class Person:
    """Answers what runs ask. meanwhile: done while the question is open."""

    def __init__(self) -> None:
        self.asked: list[Offer] = []
        self.agrees = True
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, offer: Offer, is_off: Callable[[], bool]) -> bool:
        self.asked.append(offer)
        self.meanwhile()
        return self.agrees


@pytest.fixture(autouse=True)
def profile(qgis_app: QgsApplication, monkeypatch: pytest.MonkeyPatch, standin: Standin) -> Iterator[None]:
    """Without jobs, and with an account at the site, which answers at once."""
    monkeypatch.setattr(lifecycle, "FIRST_LOOK", 0.1)
    Accounts().save(Account("koordinates", standin.url), Secret(password=standin.key))
    standin.settings(price="12.50", polls=0)
    yield
    wait_until(lambda: threads() == [])


@pytest.fixture
def person() -> Iterator[Person]:
    person = Person()
    provider = CutoutProcessing(Accounts(), person)
    QgsApplication.processingRegistry().addProvider(provider)
    yield person
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def plugin() -> Iterator[Any]:
    """The whole plugin in a window, with its own questions."""
    interface = Interface()
    plugin = classFactory(interface)
    plugin.initGui()
    yield plugin
    plugin.unload()
    sip.delete(interface.window)


def order(site: Standin, feedback: Feedback | None = None, **parameters: Any) -> dict[str, Any]:
    return run("koordinates", feedback, **{"SERVER": site.url, "ITEMS": "layer:101", "WAIT": False, **parameters})


def sent(site: Standin, path: str) -> int:
    return sum(one.method == "POST" and one.path == path for one in site.requests("koordinates"))


def test_several_orders_are_agreed_to_with_their_sum_or_not_placed(standin: Standin, person: Person) -> None:
    areas = {"AREA": squares(WEST, AT_SEA, MIDDLE, EAST), "PER_FEATURE": True}
    person.agrees = False
    with pytest.raises(QgsProcessingException, match=r"^The price was not agreed to\. Nothing was ordered\.$"):
        order(standin, **areas)
    (offer,) = person.asked
    assert (offer.sums, offer.unnamed, offer.count) == ({"NZD": Decimal("37.50")}, 0, 3), "none at sea"
    assert "Counties" in offer.what and offer.km2 == pytest.approx(94.5 * 3, rel=0.5)
    assert stored() == [] and sent(standin, EXPORTS) == 0 and sent(standin, f"{EXPORTS}validate/") == 4
    person.agrees = True
    results = order(standin, **areas)
    assert results["STATE"] == "queued,failed,queued,queued" and results["PRICE"] == 37.5
    assert [job.agreed for job in stored()] == [AGREED, Agreement(), AGREED, AGREED]
    assert len(person.asked) == 2 and sent(standin, EXPORTS) == 3


def test_what_is_dearer_when_its_turn_comes_is_not_ordered(standin: Standin, person: Person) -> None:
    person.meanwhile = lambda: standin.settings(price="12.51")
    with pytest.raises(QgsProcessingException) as failure:
        order(standin, AREA=squares(WEST, EAST), PER_FEATURE=True)
    words = "The price is now 12.51 NZD, you agreed to 12.50 NZD. Nothing was ordered."
    assert str(failure.value).count(words) == 2
    assert {job.state for job in stored()} == {JobState.FAILED} and sent(standin, EXPORTS) == 0


def test_what_is_free_and_what_is_not_ordered_is_not_asked_about(standin: Standin, person: Person) -> None:
    assert order(standin, EXTENT=ROCKIES, DRY_RUN=True)["PRICE"] == 12.5
    standin.settings(price="0")
    before = sent(standin, f"{EXPORTS}validate/")
    assert order(standin, AREA=squares(WEST, EAST), PER_FEATURE=True)["STATE"] == "queued,queued"
    assert person.asked == []
    assert sent(standin, f"{EXPORTS}validate/") == before + 1 + 2, "one for the run, and the one before each order"
    assert [job.agreed for job in stored()] == [Agreement(Decimal(0), "NZD")] * 2, "so none may cost anything"


def test_a_run_that_ends_before_the_order_does_says_that_it_may_be_charged(standin: Standin, person: Person) -> None:
    standin.settings(polls=1000)
    feedback = Feedback(lambda: "running" in feedback.text)
    with pytest.raises(QgsProcessingException, match="The order goes on at the service and may be charged") as failure:
        order(standin, feedback, EXTENT=ROCKIES, WAIT=True)
    assert stored()[0].key in str(failure.value) and "cutout:collect" in str(failure.value)


def test_in_the_window_the_question_stands_before_the_order(standin: Standin, plugin: Any) -> None:
    asked = when_asked("Go back")
    with pytest.raises(QgsProcessingException, match="not agreed"):
        order(standin, EXTENT=ROCKIES)
    assert "Area: 849.0 km²" in asked[0] and "Price: 12.50 NZD" in asked[0] and stored() == []
    when_asked("Order")
    assert order(standin, EXTENT=ROCKIES)["STATE"] == "queued"
    waive(Decimal("12.50"), "NZD")
    with nobody_asked():
        assert order(standin, EXTENT=ROCKIES)["STATE"] == "queued"
    assert sent(standin, EXPORTS) == 2


def in_background(site: Standin, folder: Path, feedback: QgsProcessingFeedback, ends: list[bool]) -> Any:
    """As the toolbox runs it."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("cutout:koordinates")
    given = {"SERVER": site.url, "ITEMS": "layer:101", "EXTENT": ROCKIES, "WAIT": False, "OUTPUT": str(folder)}
    context = QgsProcessingContext()
    task = QgsProcessingAlgRunnerTask(algorithm, given, context, feedback)
    task.executed.connect(lambda is_fine, results: ends.append(is_fine))
    QgsApplication.taskManager().addTask(task)
    return task, context


def question() -> QMessageBox | None:
    box = QApplication.activeModalWidget()
    return box if isinstance(box, QMessageBox) else None


def test_a_run_in_the_background_asks_in_the_window(standin: Standin, plugin: Any, tmp_path: Path) -> None:
    ends: list[bool] = []
    feedback = QgsProcessingFeedback(False)
    asked = when_asked("Order")
    _kept = in_background(standin, tmp_path, feedback, ends)
    wait_until(lambda: ends)
    assert ends == [True] and len(asked) == 1 and sent(standin, EXPORTS) == 1


def test_a_run_that_is_stopped_takes_its_question_along(standin: Standin, plugin: Any, tmp_path: Path) -> None:
    ends: list[bool] = []
    feedback = QgsProcessingFeedback(False)
    stopping = QTimer()
    stopping.timeout.connect(lambda: feedback.cancel() if question() else None)
    stopping.start(10)
    _kept = in_background(standin, tmp_path, feedback, ends)
    wait_until(lambda: ends and question() is None)
    assert ends == [False] and "Stopped. Nothing was ordered." in feedback.textLog()
    assert stored() == [] and sent(standin, EXPORTS) == 0
