"""in_background: one end is told, on the main thread, and waiting work does not hold up anybody else's."""

from __future__ import annotations

import logging
import sys
import threading
from functools import partial

import pyproj
import pytest
from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QThread

from cutout.bridge import tasks
from cutout.bridge.tasks import Progress, in_background
from cutout.core.errors import Cancelled, ExportError
from tests.qgis.waiting import wait_until


class Ends:
    """Which end was told, with what, and in which thread."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []
        self.threads: list[bool] = []

    def tell(self, what: str, value: object = None) -> None:
        self.told.append((what, value))
        self.threads.append(QThread.currentThread() is QgsApplication.instance().thread())

    def start(self, work, visible: bool = False):
        return in_background(
            "Test",
            work,
            lambda result: self.tell("done", result),
            lambda error: self.tell("failed", str(error)),
            visible=visible,
            stopped=lambda: self.tell("stopped"),
        )


def test_the_result_arrives_on_the_main_thread() -> None:
    ends, main, workers = Ends(), threading.get_ident(), []
    ends.start(lambda progress: workers.append(threading.get_ident()) or 42)
    wait_until(lambda: ends.told)
    assert ends.told == [("done", 42)]
    assert ends.threads == [True]
    assert workers[0] != main


def test_threads_take_short_turns_while_tasks_work(qgis_app: QgsApplication) -> None:
    usual, seen, go = sys.getswitchinterval(), [], threading.Event()

    def work(progress: Progress) -> None:
        seen.append(sys.getswitchinterval())
        go.wait(30)

    ended: list[None] = []
    for _ in range(2):
        in_background("Test", work, ended.append, pytest.fail)
    wait_until(lambda: len(seen) == 2)
    assert max(seen) < usual
    go.set()
    wait_until(lambda: len(ended) == 2)
    assert sys.getswitchinterval() == usual


def test_a_failure_is_told_in_its_own_words() -> None:
    def work(progress: Progress) -> None:
        raise ExportError("The site is down.", "Try later.")

    ends = Ends()
    ends.start(work)
    wait_until(lambda: ends.told)
    assert ends.told == [("failed", "The site is down. Try later.")]


def test_a_bug_goes_to_the_log_once_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def work(progress: Progress) -> None:
        raise KeyError("surprise")

    ends = Ends()
    with caplog.at_level(logging.ERROR):
        ends.start(work)
        wait_until(lambda: ends.told)
    assert ends.told[0][0] == "failed" and "unexpected" in str(ends.told[0][1])
    assert len(caplog.records) == 1
    assert "Traceback" in caplog.text and "KeyError: 'surprise'" in caplog.text


def test_cancelling_wakes_a_pause_and_tells_only_that() -> None:
    started, ends = threading.Event(), Ends()

    def work(progress: Progress) -> None:
        started.set()
        progress.pause(600)

    task = ends.start(work)
    wait_until(started.is_set)
    task.cancel()
    wait_until(lambda: ends.told)
    assert ends.told == [("stopped", None)]


def test_an_abandoned_task_tells_nobody() -> None:
    started, ended, ends = threading.Event(), threading.Event(), Ends()

    def work(progress: Progress) -> None:
        started.set()
        try:
            progress.pause(600)
        finally:
            ended.set()

    task = ends.start(work)
    wait_until(started.is_set)
    task.abandon()
    wait_until(ended.is_set)
    after = Ends()
    after.start(lambda progress: None)
    wait_until(lambda: after.told)
    assert ends.told == []


def test_waiting_tasks_leave_room_for_others() -> None:
    """On QGIS 3.22 in the pool that renders the map, too; later versions have one of their own, a slot for a core."""
    go, waiting, ends = threading.Event(), Ends(), Ends()
    count = QThread.idealThreadCount() + 2
    for _ in range(count):
        waiting.start(lambda progress: go.wait(30))
    ends.start(lambda progress: "drawn")
    wait_until(lambda: ends.told)
    assert ends.told == [("done", "drawn")]
    assert waiting.told == []
    go.set()
    wait_until(lambda: len(waiting.told) == count)


def test_projections_work_in_one_task_after_the_other() -> None:
    """pyproj 3.7.1 ends the process at the second use in the same Qt thread."""

    def work(progress: Progress) -> float:
        transformer = pyproj.Transformer.from_crs("EPSG:2193", "EPSG:4326", always_xy=True)
        return round(transformer.transform(1_600_000.0, 5_000_000.0)[0], 6)

    ends = Ends()
    for count in range(1, 9):
        ends.start(work)
        wait_until(lambda count=count: len(ends.told) == count)
    assert ends.told == [("done", 173.0)] * 8


def test_of_many_short_tasks_that_begin_each_other_none_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """QGIS 3.22 and 3.44 never start about one in four hundred (https://github.com/qgis/QGIS/pull/67040)."""
    ends, count = Ends(), 1500
    begun = iter(range(count))

    def begin_next() -> None:
        if next(begun, None) is not None:
            in_background("Test", lambda progress: None, lambda result: (ends.tell("done"), begin_next()), ends.tell)

    for _ in range(12):
        begin_next()
    wait_until(lambda: len(ends.told) == count)
    assert set(ends.told) == {("done", None)} and all(ends.threads)
    monkeypatch.setattr(tasks, "FORGOTTEN", 0.0)
    ends.start(lambda progress: None)
    wait_until(lambda: not QgsApplication.taskManager().tasks())


def test_work_whose_task_is_gone_ends_without_harm() -> None:
    """QGIS deletes a task that was cancelled, while the work may still be in its thread and ask whether to go on."""
    ends: list[BaseException] = []

    def work(go: threading.Event, progress: Progress) -> None:
        try:
            go.wait(10)
            progress(0.5)
        except Exception as end:
            ends.append(end)
            raise

    def is_gone(task: object) -> bool:
        QCoreApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
        return sip.isdeleted(task)

    go = threading.Event()
    task = in_background("Test", partial(work, go), ends.append, ends.append)
    task.cancel()
    wait_until(partial(is_gone, task))
    go.set()
    wait_until(lambda: ends)
    assert [type(end) for end in ends] == [Cancelled]
