"""Work off the main thread: one short QgsTask around a plain function, its end told on the main thread.

A task here never touches QGIS objects of the main thread; it gets frozen values and gives one back.

The function runs in a thread that Python has made: in Qt's own threads pyproj 3.7.0 to 3.7.2 ends the process
(https://github.com/pyproj4/pyproj/issues/1622). That also lets a cancelled task end while a server does not answer.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import QThreadPool

from ..core.errors import Cancelled, ExportError
from ..core.words import plain, redacted
from .threads import is_main_thread

T = TypeVar("T")
GRACE = 1.0  # seconds that cancelled work gets to end; what it learns later it still stores, but nobody is told
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
        # The system's notification of its end may take it for HTML.
        super().__init__(plain(title), _QUIET if visible or _HIDDEN is None else _QUIET | _HIDDEN)
        self.stopped = threading.Event()
        self._stirred = threading.Event()  # the work has ended, or is to stop
        self._work, self._done, self._failed, self._stopped = work, done, failed, stopped
        self._end: Callable[[], object] = self._tell_stopped

    def cancel(self) -> None:
        """Also called by QGIS: its task panel, and when it quits."""
        self.stopped.set()
        self._stirred.set()
        super().cancel()

    def abandon(self) -> None:
        """Cancel, and tell nobody: whoever started it is going away."""
        self._stopped = None  # a cancelled task tells nobody else
        self.cancel()

    def run(self) -> bool:
        worker = threading.Thread(target=self._run, name="cutout-task", daemon=True)
        with slot_released():
            worker.start()
            self._stirred.wait()
            worker.join(GRACE)
        return not self.stopped.is_set()

    def _run(self) -> None:
        try:
            self._end = partial(self._done, self._work(Progress(self)))
        except Exception as error:  # noqa: BLE001 - the one place where a worker's failures end; told in finished()
            self._end = partial(self._tell, error)
        self._stirred.set()

    def finished(self, succeeded: bool) -> None:
        _running.discard(self)
        end, self._end = self._end, self._tell_stopped  # an exception holds its frames, and they hold this task
        if self.stopped.is_set():
            self._tell_stopped()
        else:
            end()

    def _tell(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self._tell_stopped()
        else:
            self._failed(error if isinstance(error, ExportError) else unexpected(error))

    def _tell_stopped(self) -> None:
        if self._stopped:
            self._stopped()


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


def unexpected(error: Exception) -> ExportError:
    """A bug: into the log with its traceback, here and nowhere else."""
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    log.error("Unexpected failure\n%s", redacted(trace))  # as text: a logger's handler may belong to anybody
    return ExportError(
        f"Something unexpected happened in Cutout ({type(error).__name__}: {plain(redacted(str(error)))}).",
        "Please report it; the log panel (View > Panels > Log Messages, tab Cutout) has the details.",
    )


class slot_released:
    """A task that waits for a server must not keep its slot: on QGIS 3.22 tasks share the thread pool that draws the
    map, and newer versions have a pool for tasks with a slot for each core, which two silent servers would fill.

    Giving the slot back while this thread works lets the others go on (measured).
    """

    def __enter__(self) -> None:
        self._pool = None if is_main_thread() else _pool()
        if self._pool is not None:
            self._pool.releaseThread()

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.reserveThread()


def _pool() -> QThreadPool:
    manager = QgsApplication.taskManager()
    return manager.threadPool() if hasattr(manager, "threadPool") else QThreadPool.globalInstance()
