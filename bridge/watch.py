"""Waiting for threads in the thread of an algorithm, which alone may look at the feedback and speak to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from qgis.core import QgsApplication, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import Cancelled
from ..core.model import Job
from .access import HEADLESS
from .crew import WINK, Crew, Outcome
from .tasks import slot_released
from .threads import is_main_thread
from .turns import AT_ONCE

T = TypeVar("T")


class Watch:
    """For the thread that runs an algorithm."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self.feedback = feedback
        self.crew: Crew[Sequence[Job]] = Crew()
        # In qgis_process there is nobody to see it, and an interrupt that is not for us would come with the events.
        self._is_seen = is_main_thread() and QgsApplication.platform() != HEADLESS

    def work(self, *works: Callable[[], T]) -> list[T]:
        """What each of them gives, worked out side by side off this thread. Errors: theirs, the first; Cancelled."""
        found: dict[int, Outcome] = {}
        for number, work in enumerate(works):
            self.wait_while(lambda: len(self.crew.at_work) >= AT_ONCE)
            self.crew.begin((), work, partial(found.__setitem__, number))
        self.wait_while(lambda: len(found) < len(works))
        return [found[number]() for number in range(len(works))]

    def wait_while(self, condition: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
        """Errors: Cancelled when the person stops."""
        with slot_released():
            while condition():
                if self.feedback.isCanceled():
                    raise Cancelled
                meanwhile()
                self.crew.hear(WINK)
                if self._is_seen:
                    QCoreApplication.processEvents()
