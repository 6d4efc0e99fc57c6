"""Waiting in a Qt test: on a condition, with the event loop running, never for a length of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QEventLoop, QTimer
from qgis.PyQt.QtWidgets import QApplication

if TYPE_CHECKING:
    from cutout.bridge.jobs import Jobs

SECONDS = 30


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Runs the event loop until the condition holds. AssertionError when it does not within the bound."""
    deadline = time.monotonic() + seconds
    waker = QTimer()
    waker.start(10)  # processEvents below returns only when something happens
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def look_once(jobs: Jobs) -> None:
    """What a poller does once a second, to its end but for the tasks that it starts."""
    wait_until(lambda: not jobs.is_looking)
    jobs.look()
    wait_until(lambda: not jobs.is_looking)
