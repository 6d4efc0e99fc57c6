"""Connections are kept for the next request, whichever thread sends it, and closed in the end."""

from __future__ import annotations

import gc
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cutout.core import connections
from cutout.core.http import Http, Network


class Counting(ThreadingHTTPServer):
    """Keeps connections alive, and knows how many there were."""

    connections = 0
    daemon_threads = True

    def get_request(self):  # type: ignore[no-untyped-def]
        self.connections += 1
        return super().get_request()


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(server: Counting) -> Http:
    return Http(f"http://127.0.0.1:{server.server_port}", {}, Network())


def in_a_thread(http: Http) -> None:
    thread = threading.Thread(target=http.get, args=("x",))
    thread.start()
    thread.join()


def test_one_thread_after_another_uses_the_same_connection(server: Counting) -> None:
    http = asked(server)
    for _ in range(4):
        in_a_thread(http)
    assert server.connections == 1


def test_requests_at_the_same_time_have_one_each(server: Counting) -> None:
    http = asked(server)
    with http.open("x") as response:
        http.get("x")
        assert response.content == b"{}"
    http.get("x")
    assert server.connections == 2


def test_what_was_not_used_for_long_is_not_used_again(server: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    http = asked(server)
    http.get("x")
    monkeypatch.setattr(connections, "KEPT", -1.0)
    http.get("x")
    assert server.connections == 2


def test_nothing_is_left_open(server: Counting) -> None:
    http = asked(server)
    in_a_thread(http)
    gc.collect()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        del http
        gc.collect()
    assert [str(one.message) for one in said] == []
