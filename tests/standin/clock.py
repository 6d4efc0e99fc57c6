"""The stand-ins' own time: real, until a test stops it or moves it on."""

from __future__ import annotations

import threading
import time


class Clock:
    """Seconds since 1970. Starts as the machine's time, so that signed links look right to a client."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._offset = 0.0
            self._frozen_at: float | None = None

    def now(self) -> float:
        with self._lock:
            return self._now()

    def advance(self, seconds: float) -> None:
        with self._lock:
            if self._frozen_at is None:
                self._offset += seconds
            else:
                self._frozen_at += seconds

    def freeze(self, frozen: bool) -> None:
        with self._lock:
            now = self._now()
            self._frozen_at = now if frozen else None
            self._offset = now - time.time()

    def _now(self) -> float:
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at
