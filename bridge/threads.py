"""In which thread things may be done: an algorithm runs in the main thread, in a task, or in one that a model has made.

Credentials are for the main thread. pyproj 3.7.0 to 3.7.2 ends the process in a thread that Qt has made
(https://github.com/pyproj4/pyproj/issues/1622).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from qgis.PyQt.QtCore import QCoreApplication, QMetaObject, QObject, Qt, QThread, pyqtSlot

from ..core.errors import Cancelled

T = TypeVar("T")
WINK = 0.1  # seconds between two looks at whether it is still wanted
_sent: set[_Errand[object]] = set()  # Qt calls them in the main thread, even if nobody waits for them any more


def is_main_thread() -> bool:
    return QThread.currentThread() is QCoreApplication.instance().thread()


def on_main_thread(work: Callable[[], T], is_stopped: Callable[[], bool]) -> T:
    """The result of the work, done on the main thread while this thread waits. Its exceptions come back too.

    Errors: Cancelled when it is stopped: the main thread may be waiting for this one, as when QGIS ends.
    """
    if is_main_thread():
        return work()
    errand = _Errand(work)
    errand.moveToThread(QCoreApplication.instance().thread())
    _sent.add(errand)
    QMetaObject.invokeMethod(errand, "run", Qt.ConnectionType.QueuedConnection)
    while not errand.is_done.wait(WINK):
        if is_stopped():
            raise Cancelled
    _sent.discard(errand)
    return errand.result()


def aside(work: Callable[[], T]) -> T:
    """The result of the work, done in a thread that Python has made while this thread waits. So are its exceptions."""
    errand = _Errand(work)
    thread = threading.Thread(target=errand.run, name="cutout-aside", daemon=True)
    thread.start()
    thread.join()
    return errand.result()


class _Errand(QObject, Generic[T]):
    """Work that is done elsewhere; its result is for whoever has sent it."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__()
        self._work = work
        self._values: list[T] = []
        self._error: Exception | None = None
        self.is_done = threading.Event()

    @pyqtSlot()
    def run(self) -> None:
        try:
            self._values.append(self._work())
        except Exception as error:  # noqa: BLE001 - it is raised again where the work was asked for
            self._error = error
        self.is_done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._values[0]
