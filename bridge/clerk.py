"""A thread for short work with the list of jobs, for which the window must not wait: the disk and other windows that
use the list take their time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal

from ..core.errors import ExportError
from .tasks import unexpected

T = TypeVar("T")
GRACE = 1.0  # seconds that work under way gets to end


class Clerk(QObject):
    """Does one piece of work after the other, and tells the outcome on the main thread, until `stop`."""

    _ended = pyqtSignal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._orders: queue.SimpleQueue[Callable[[], Callable[[], None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="cutout-clerk", daemon=True)
        self._is_stopped = False
        self._ended.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def do(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[ExportError], None]) -> None:
        """One of done, failed is called afterwards on the main thread; after `stop` nothing is done any more."""
        if self._is_stopped:
            return
        if not self._thread.is_alive():
            self._thread.start()
        self._orders.put(partial(_outcome, work, done, failed))

    def stop(self) -> None:
        """Nobody is told anything any more."""
        self._is_stopped = True
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join(GRACE)

    def _work(self) -> None:
        while order := self._orders.get():
            self._ended.emit(order())

    def _tell(self, outcome: Callable[[], None]) -> None:
        if not self._is_stopped:
            outcome()


def _outcome(work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[ExportError], None]) -> Any:
    try:
        return partial(done, work())
    except ExportError as error:
        return partial(failed, error)
    except Exception as error:  # noqa: BLE001 - the one place where the thread's failures end
        return partial(failed, unexpected(error))
