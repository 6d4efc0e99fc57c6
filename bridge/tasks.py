"""Work off the main thread: one short QgsTask around a plain function, its end told on the main thread.

A task here never touches QGIS objects of the main thread; it gets frozen values and gives one back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QThreadPool

from ..core.errors import Cancelled, ExportError

T = TypeVar("T")
log = logging.getLogger(__name__)

_HIDDEN = getattr(QgsTask.Flag, "Hidden", None)  # QGIS 3.22 has no hidden tasks
_QUIET = QgsTask.Flag.CanCancel | QgsTask.Flag.CancelWithoutPrompt
_running: set[Task] = set()


class Progress:
    """Handed to the work: call it with a fraction (or None) to show it; it raises Cancelled when stopped."""

    def __init__(self, task: Task[object]) -> None:
        self._task = task

    def __call__(self, fraction: float | None = None) -> None:
        if self._task.stopped.is_set() or self._task.isCanceled():
            raise Cancelled
        if fraction is not None:
            self._task.setProgress(100 * fraction)

    def pause(self, seconds: float) -> None:
        """A wait that ends at once when the task is cancelled."""
        self._task.stopped.wait(seconds)
        self()


class Task(QgsTask, Generic[T]):
    """Runs `work` in a thread; `finished` (main thread) tells the end unless somebody cancelled it."""

    def __init__(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[ExportError], None],
        visible: bool,
        stopped: Callable[[], None] | None,
    ) -> None:
        super().__init__(title, _QUIET if visible or _HIDDEN is None else _QUIET | _HIDDEN)
        self.stopped = threading.Event()
        self._work, self._done, self._failed, self._stopped = work, done, failed, stopped
        self._result: T | None = None
        self._error: Exception | None = None

    def cancel(self) -> None:
        """Also called by QGIS: its task panel, and when it quits."""
        self.stopped.set()
        super().cancel()

    def abandon(self) -> None:
        """Cancel, and tell nobody: whoever started it is going away."""
        self._done = self._failed = lambda _: None
        self._stopped = None
        self.cancel()

    def run(self) -> bool:
        with _slot_released():
            try:
                self._result = self._work(Progress(self))
            except Exception as error:  # the one place where a worker's failures end; spoken in finished()
                self._error = error
        return self._error is None

    def finished(self, succeeded: bool) -> None:
        _running.discard(self)
        error, self._error = self._error, None
        if self.stopped.is_set() or isinstance(error, Cancelled):
            if self._stopped:
                self._stopped()
        elif error is None:
            self._done(self._result)
        else:
            self._failed(error if isinstance(error, ExportError) else _bug(error))


def in_background(
    title: str,
    work: Callable[[Progress], T],
    done: Callable[[T], None],
    failed: Callable[[ExportError], None],
    *,
    visible: bool = False,
    stopped: Callable[[], None] | None = None,
) -> Task[T]:
    """Start `work` in a QgsTask. One of done, failed, stopped (cancelled) is called afterwards on the main thread.

    visible: show it in QGIS's task panel (from 3.26 on; older versions show every task).
    """
    task = Task(title, work, done, failed, visible, stopped)
    _running.add(task)
    QgsApplication.taskManager().addTask(task)
    return task


def _bug(error: Exception) -> ExportError:
    """A bug: into the log with its traceback, here and nowhere else."""
    log.error("Unexpected failure", exc_info=(type(error), error, error.__traceback__))
    return ExportError(
        f"Something unexpected happened in Cutout ({type(error).__name__}: {error}).",
        "Please report it; the log panel (View > Panels > Log Messages, tab Cutout) has the details.",
    )


class _slot_released:
    """On QGIS 3.22 tasks share the thread pool that draws the map, so one that waits for a server would stop the map.

    Giving the slot back while this thread works lets the map draw on (measured). Newer versions have a pool for tasks.
    """

    def __enter__(self) -> None:
        self._shared = not hasattr(QgsApplication.taskManager(), "threadPool")
        if self._shared:
            QThreadPool.globalInstance().releaseThread()

    def __exit__(self, *_: object) -> None:
        if self._shared:
            QThreadPool.globalInstance().reserveThread()
