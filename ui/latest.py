"""A question that takes a while, asked in the background: only the answer to the last one counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer

from ..bridge.tasks import in_background
from ..core.errors import ExportError

translate = QCoreApplication.translate
Work = Callable[[Any], Any]
Done = Callable[[Any], None]
Failed = Callable[[ExportError], None]


class Latest(QObject):
    """Waits until the questions have settled (`settle` ms after the last one), then asks it in a task.

    A new question, and stop(), drop the one before: neither of its callbacks is called any more.
    """

    def __init__(self, title: str, settle: int, parent: QObject) -> None:
        super().__init__(parent)
        self._title = title
        self._question: tuple[Work, Done, Failed] | None = None
        self._task: Any = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(settle)
        self._timer.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        return self._timer.isActive() or self._task is not None

    def ask(self, work: Work, done: Done, failed: Failed) -> None:
        self.stop()
        self._question = (work, done, failed)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._question = None
        task, self._task = self._task, None
        if task is not None:
            task.abandon()

    def _start(self) -> None:
        if self._question is None:
            return
        work, done, failed = self._question
        self._question = None
        stopped = self._then(lambda: failed(ExportError(translate("CutoutTasks", "This was stopped."))))
        self._task = in_background(self._title, work, self._then(done), self._then(failed), stopped=stopped)

    def _then(self, callback: Callable[..., None]) -> Callable[..., None]:
        def ended(*outcome: Any) -> None:
            self._task = None
            callback(*outcome)

        return ended
