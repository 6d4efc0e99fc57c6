"""A real HTTP server on loopback that answers as it is told, and remembers what it was asked.

    with ScriptedServer() as server:
        server.on("/a.zip", Reply(503, headers={"Retry-After": "1"}), Reply(200, content))   # the last one is repeated
        server.on("/b.zip", Reply(200, content, cut=1000, reset=True))
        server.on("/c.zip", Content(content, etag='"one"'))   # Range and If-Range as a storage does
        ... server.url("/a.zip") ... server.seen("/a.zip")[0].headers["authorization"]

A second server is another origin. Replies may be functions from the request to a `Reply`.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Union
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    """What came in. headers: lower-case names."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One answer. Content-Length is that of the whole body unless the headers say otherwise.

    cut: send only so many bytes of the body, then end the connection; reset: end it with a reset. drop: end it without
    any answer. chunked: no Content-Length. stall: after `cut` bytes wait for this event before going on.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    reset: bool = False
    drop: bool = False
    chunked: bool = False
    stall: threading.Event | None = None


Script = Union[Reply, Callable[[Request], Reply]]


@dataclass(frozen=True)
class Content:
    """A file as object storages serve it: parts by Range, the whole if If-Range names another version (RFC 9110)."""

    body: bytes
    etag: str = ""
    modified: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None

    def __call__(self, request: Request) -> Reply:
        headers = {"ETag": self.etag, "Last-Modified": self.modified, "Accept-Ranges": "bytes", **self.headers}
        headers = {name: value for name, value in headers.items() if value}
        whole = Reply(200, self.body, headers, cut=self.cut)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not wanted or request.headers.get("if-range", self.etag) not in (self.etag, self.modified):
            return whole
        start, size = int(wanted[1]), len(self.body)
        if start >= size:
            return Reply(416, b"", {"Content-Range": f"bytes */{size}"})
        end = min(size, int(wanted[2] or size) + bool(wanted[2]))
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        return replace(whole, status=206, body=self.body[start:end], headers=headers)


class ScriptedServer:
    """Ends with the block, together with every connection that still stalls."""

    def __init__(self) -> None:
        self._scripts: dict[str, list[Script]] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._stalls: list[threading.Event] = []
        self._server = _Server(self)

    def __enter__(self) -> ScriptedServer:
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for stall in self._stalls:
            stall.set()
        self._server.shutdown()
        self._server.server_close()

    def on(self, path: str, *script: Script) -> str:
        """What a path answers, one after the other, the last one for ever. Gives its address."""
        self._scripts[path] = list(script)
        return self.url(path)

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def seen(self, path: str | None = None) -> Sequence[Request]:
        """The requests so far, in the order in which they came."""
        return [request for request in self._requests if path in (None, request.path)]

    def stalling(self) -> threading.Event:
        """An event for `Reply.stall`, set at the latest when the server ends."""
        self._stalls.append(threading.Event())
        return self._stalls[-1]

    def reply(self, request: Request) -> Reply:
        with self._lock:
            self._requests.append(request)
            script = self._scripts.get(request.path) or [Reply(404, b"nothing here")]
            now = script.pop(0) if len(script) > 1 else script[0]
        return now if isinstance(now, Reply) else now(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, scripted: ScriptedServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scripted = scripted

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits 40 ms for the receipt of the headers
    server: _Server

    def answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, headers, body)
        reply = self.server.scripted.reply(request)
        if reply.drop:
            self._end(reply.reset)
            return
        self.send_response(reply.status)
        for name, value in self._headers(reply).items():
            self.send_header(name, value)
        self.end_headers()
        self._body(reply)

    do_GET = do_POST = do_DELETE = do_OPTIONS = do_HEAD = answer  # noqa: N815 - names of http.server

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    @staticmethod
    def _headers(reply: Reply) -> Mapping[str, str]:
        if reply.chunked:
            return {"Transfer-Encoding": "chunked", **reply.headers}
        return {"Content-Length": str(len(reply.body)), **reply.headers}

    def _body(self, reply: Reply) -> None:
        self._send(reply.body[: reply.cut], reply)
        if reply.stall is not None:
            reply.stall.wait(30)
            self._send(reply.body[reply.cut or len(reply.body) :], reply)
        elif reply.cut is not None and reply.cut < len(reply.body):
            self._end(reply.reset)
            return
        if reply.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, content: bytes, reply: Reply) -> None:
        if reply.chunked and content:
            content = b"%x\r\n%s\r\n" % (len(content), content)
        self.wfile.write(content)

    def _end(self, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
