"""A server that says whatever bytes it is told, as no HTTP library would.

    with RawServer(lambda: iter([b"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n", b"hello"])) as server:
        ... server.url("/x") ... server.asked

Each request gets the bytes of a new iterator, one after the other for as long as the client listens; then the
connection ends.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType


class RawServer:
    """asked: the heads of the requests so far."""

    def __init__(self, says: Callable[[], Iterator[bytes]]) -> None:
        self.asked: list[bytes] = []
        self._says = says
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> RawServer:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}{path}"

    def wait(self, seconds: float) -> None:
        """For iterators that take their time; short when the server ends."""
        self._ended.wait(seconds)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65536)
                if not received:
                    return
                head += received
            self.asked.append(head)
            for piece in self._says():
                if self._ended.is_set():
                    return
                connection.sendall(piece)
