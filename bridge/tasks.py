"""Work off the main thread: one short QgsTask around a plain function, its end told on the main thread.

A task here never touches QGIS objects of the main thread; it gets frozen values and gives one back.

The function runs in a thread that Python has made: in Qt's own threads pyproj 3.7.0 to 3.7.2 ends the process
(https://github.com/pyproj4/pyproj/issues/1622). That also lets a cancelled task end while a server does not answer.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, Qt, QThreadPool, pyqtSignal

from ..core.errors import Cancelled, ExportError
from ..core.words import plain, redacted
from .threads import is_main_thread

T = TypeVar("T")
GRACE = 1.0  # seconds that cancelled work gets to end; what it learns later it still stores, but nobody is told
TURN = 0.0005  # seconds
QUIET = 0.2  # seconds between two signs of progress: at each QGIS paints its status bar, and we the list of jobs
FORGOTTEN = 10.0  # seconds after its end in which QGIS has begun with a task, or never will
log = logging.getLogger(__name__)

_HIDDEN = getattr(QgsTask.Flag, "Hidden", None)  # QGIS 3.22 has no hidden tasks
_QUIET = QgsTask.Flag.CanCancel | QgsTask.Flag.CancelWithoutPrompt
_running: set[Task] = set()


class Progress:
    """Handed to the work: call it with a fraction (or None) to show it; it raises Cancelled when stopped.

    It never touches the task, which QGIS may delete while the work is still at its last step.
    """

    def __init__(self, stopped: threading.Event, show: Callable[[float], None]) -> None:
        self._stopped, self._show = stopped, show
        self._percent, self._quiet_until = 0, 0.0

    def __call__(self, fraction: float | None = None) -> None:
        if self._stopped.is_set():
            raise Cancelled
        percent = 0 if fraction is None else int(100 * fraction)
        now = time.monotonic()
        if percent > self._percent and now >= self._quiet_until:
            self._percent, self._quiet_until = percent, now + QUIET
            self._show(percent)

    def pause(self, seconds: float) -> None:
        """A wait that ends at once when the task is cancelled."""
        self._stopped.wait(seconds)
        self()


class _ShortTurns:
    """While tasks work, threads take short turns at the interpreter. With the usual 5 ms the window, which is one of
    them, waits for up to 80 ms where sixteen others fetch files: a quarter less of its turns are late like this.

    That holds for all of QGIS, so it is as before when no task works.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks, self._usual = 0, 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._tasks:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(min(TURN, self._usual))
            self._tasks += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._tasks -= 1
            if not self._tasks:
                sys.setswitchinterval(self._usual)


_TURNS = _ShortTurns()


class _Bell(QObject):
    """Rung in any thread, heard in the one that made it."""

    rung = pyqtSignal()
    moved = pyqtSignal(float)

    def __init__(self, end: Callable[[], None], move: Callable[[float], None]) -> None:
        super().__init__()
        self._end, self._move = end, move
        self.rung.connect(self.hear, Qt.ConnectionType.QueuedConnection)
        self.moved.connect(self.follow, Qt.ConnectionType.QueuedConnection)

    def hear(self) -> None:
        self._end()

    def follow(self, percent: float) -> None:
        self._move(percent)


class Task(QgsTask, Generic[T]):
    """Runs `work` in a thread and tells its end in the main thread, unless somebody cancelled it.

    QGIS shows the task, cancels it, and waits for it when it quits. It does not start the work: its task manager
    forgets about one of four hundred tasks that begin when others end (https://github.com/qgis/QGIS/pull/67040).
    """

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
        self._done, self._failed, self._stopped = done, failed, stopped
        self._end: Callable[[], object] = self._tell_stopped
        self._told: float | None = None  # when
        self._bell = _Bell(self._tell_end, self._show)
        self._worker = threading.Thread(target=self._run, args=(work,), name="cutout-task", daemon=True)

    def start(self) -> None:
        """To be shown from now on."""
        self._worker.start()
        QgsApplication.taskManager().addTask(self)

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
        with slot_released():
            self._stirred.wait()
            self._worker.join(GRACE)
        return not self.stopped.is_set()

    def _run(self, work: Callable[[Progress], T]) -> None:
        try:
            with _TURNS:
                self._end = partial(self._done, work(Progress(self.stopped, self._bell.moved.emit)))
        except Exception as error:  # noqa: BLE001 - the one place where a worker's failures end; told in _tell_end()
            self._end = partial(self._tell, error)
        self._stirred.set()
        self._bell.rung.emit()

    def _show(self, percent: float) -> None:
        if not sip.isdeleted(self):
            self.setProgress(percent)

    def finished(self, succeeded: bool) -> None:
        _running.discard(self)
        self._tell_end()

    def take_off_if_forgotten(self) -> None:
        """Not at once: QGIS may just be about to begin with it."""
        if self._told and self.status() == QgsTask.TaskStatus.Queued and time.monotonic() - self._told > FORGOTTEN:
            super().cancel()

    def _tell_end(self) -> None:
        if self._told:
            return
        self._told = time.monotonic()
        end, self._end = self._end, self._tell_stopped  # an exception holds its frames, and they hold this task
        if self.stopped.is_set():
            self._tell_stopped()
        else:
            end()
        self._done = self._failed = _nobody
        self._stopped = None

    def _tell(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self._tell_stopped()
        else:
            self._failed(error if isinstance(error, ExportError) else unexpected(error))

    def _tell_stopped(self) -> None:
        if self._stopped:
            self._stopped()


def _nobody(told: object) -> None:
    """To whom the end is told twice."""


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
    for earlier in tuple(_running):
        earlier.take_off_if_forgotten()
    task = Task(title, work, done, failed, visible, stopped)
    _running.add(task)
    task.start()
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
