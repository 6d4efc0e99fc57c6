"""Wires: one for each request that is on its way, and kept with its connections for the next one."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .hidden import asking

if TYPE_CHECKING:
    from .wire import Wire

KEPT = 30.0  # seconds without use; after that the other side may have closed the connection without our hearing of it


class Connections:
    """A wire must not be shared by threads, but opening a connection for each thread and step costs a handshake.

    What is kept is closed when this object goes.
    """

    def __init__(self) -> None:
        self._idle: list[tuple[float, Wire]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._idle)

    @contextmanager
    def wire(self) -> Iterator[Wire]:
        """For this block alone."""
        wire = self._kept() or _new()
        try:
            with asking():
                yield wire
        finally:
            with self._lock:
                self._idle.append((time.monotonic(), wire))

    def _kept(self) -> Wire | None:
        """The one that was used last; those that have not been used for long are closed."""
        with self._lock:
            oldest = time.monotonic() - KEPT
            stale = [one for one in self._idle if one[0] < oldest]
            self._idle[:] = [one for one in self._idle if one[0] >= oldest]
            wire = self._idle.pop()[1] if self._idle else None
        _close(stale)
        return wire


def _new() -> Wire:
    from .wire import Wire

    return Wire()


def _close(kept: list[tuple[float, Wire]]) -> None:
    while kept:
        kept.pop()[1].close()
