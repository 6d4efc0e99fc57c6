"""A sign of life every second from whoever holds leases, in a thread of its own: who waits for a person is not dead."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ..core import store
from ..core.errors import ExportError

BEAT = 1.0  # seconds
GRACE = 1.0  # seconds that a beat under way gets to end
log = logging.getLogger(__name__)


class Pulse:
    """Of one owner, from `start` (errors: ExportError), or `begin` for one who has just been heard of, to `stop`.

    clock: as the list of jobs has it; how long nothing was heard of him is real time.
    """

    def __init__(self, jobs: store.Store, owner: str, clock: Callable[[], float]) -> None:
        self._jobs, self._owner, self._clock = jobs, owner, clock
        self._last = time.time()
        self._has_paused = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="cutout-pulse", daemon=True)

    def start(self) -> None:
        self._beat()
        self.begin()

    def begin(self) -> None:
        self._last = time.time()
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(GRACE)

    def has_paused(self) -> bool:
        """Whether, since this was asked last, others may have taken the owner for dead: the process was stopped, the
        machine slept, the list of jobs could not be written."""
        paused = self._has_paused or self._is_late()
        self._has_paused = False
        return paused

    def _go_on(self) -> None:
        while not self._stopped.wait(BEAT):
            self._has_paused = self._has_paused or self._is_late()
            try:
                self._beat()
            except ExportError as error:
                log.warning("No sign of life: %s", error)

    def _beat(self) -> None:
        self._jobs.beat(self._owner, self._clock())
        self._last = time.time()

    def _is_late(self) -> bool:
        return self._thread.is_alive() and not 0 <= time.time() - self._last < store.LAPSE
