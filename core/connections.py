"""Sessions of requests: one for each request that is on its way, and kept with its connections for the next one."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .hidden import asking

if TYPE_CHECKING:
    from .wire import Session

KEPT = 30.0  # seconds without use; after that the other side may have closed the connection without our hearing of it


class Connections:
    """A session must not be shared by threads, but opening a connection for each thread and step costs a handshake.

    What is kept is closed when this object goes.
    """

    def __init__(self) -> None:
        self._idle: list[tuple[float, Session]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._idle)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """For this block alone."""
        session = self._kept() or _new()
        try:
            with asking():
                yield session
        finally:
            with self._lock:
                self._idle.append((time.monotonic(), session))

    def _kept(self) -> Session | None:
        """The one that was used last; those that have not been used for long are closed."""
        with self._lock:
            oldest = time.monotonic() - KEPT
            stale = [one for one in self._idle if one[0] < oldest]
            self._idle[:] = [one for one in self._idle if one[0] >= oldest]
            session = self._idle.pop()[1] if self._idle else None
        _close(stale)
        return session


def _new() -> Session:
    from .wire import Session

    return Session()


def _close(kept: list[tuple[float, Session]]) -> None:
    while kept:
        kept.pop()[1].close()
