"""Connections that can be cut from another thread, also while they wait for bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from .errors import Cancelled

if TYPE_CHECKING:
    import requests


class Lines:
    """The open connections of a download, and the switch that ends them all."""

    def __init__(self) -> None:
        self._cut = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def check(self) -> None:
        """Errors: Cancelled once the lines are cut."""
        if self._cut.is_set():
            raise Cancelled

    def cut(self) -> None:
        self._cut.set()
        with self._lock:
            for line in self._open:
                with suppress(OSError):  # the other side was faster
                    line.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def holding(self, response: requests.Response) -> Iterator[None]:
        """While the body is read, `cut` ends the read: closing the response would wait until bytes come.

        The socket is duplicated, so that its number can't come to mean another one meanwhile.
        """
        try:
            line = socket.fromfd(response.raw.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        except (OSError, ValueError, AttributeError):  # the whole answer is here already
            self.check()
            yield
            return
        with self._lock:
            self._open.add(line)
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._open.discard(line)
            line.close()
