"""The web browser in which somebody signs in: it brings the answer to the port where QGIS waits for it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def browser(port: int, answer: str = "code=CODE", seconds: float = 20) -> Iterator[list[str]]:
    """Somebody who signs in once QGIS asks for it. The list then holds what QGIS showed in the browser."""
    shown: list[str] = []

    def sign_in() -> None:
        end = time.monotonic() + seconds
        while not shown and time.monotonic() < end and not stopped.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as page:
                    page.sendall(f"GET /?{answer} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                    shown.append(page.recv(10_000).decode("latin-1"))
            except OSError:
                stopped.wait(0.05)

    stopped = threading.Event()
    person = threading.Thread(target=sign_in)
    person.start()
    try:
        yield shown
    finally:
        stopped.set()
        person.join()
