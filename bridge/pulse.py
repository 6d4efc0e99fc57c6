"""A sign of life every second from whoever holds leases, in a thread of its own: who waits for a person is not dead."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from ..core import store
from ..core.errors import ExportError

BEAT = 1.0  # seconds
GRACE = 1.0  # seconds that a beat under way gets to end
log = logging.getLogger(__name__)


class Pulse:
    """Of one owner, from `start` (errors: ExportError) to `stop`."""

    def __init__(self, jobs: store.Store, owner: str, clock: Callable[[], float]) -> None:
        self._jobs, self._owner, self._clock = jobs, owner, clock
        self._last = clock()
        self._has_paused = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="cutout-pulse", daemon=True)

    def start(self) -> None:
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
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
        now = self._clock()
        self._jobs.beat(self._owner, now)
        self._last = now

    def _is_late(self) -> bool:
        return not 0 <= self._clock() - self._last < store.LAPSE
