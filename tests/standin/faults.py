"""Faults to order: what goes wrong between a client and a service, on request and counted.

A fault waits for requests to one server whose path starts with its ``path`` (or is just that, if it ends in ``$``: so
``/exports/$`` is not ``/exports/validate/``) and whose method matches, if given. It lets ``skip`` of them pass and then
strikes ``count`` times. One fault strikes a request: the oldest that matches.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KINDS = {
    "status": "answers with status= and a body: shape= error|nested|list|fields|html, or text= with content_type=; "
    "message=, retry_after= (seconds or a date), headers= {name: value}. The service never sees the request",
    "reset": "the connection is reset before any answer. The service never sees the request",
    "lost": "the service does what was asked, then the connection is reset: the answer is lost",
    "slow": "the answer starts after seconds=, or its body comes at rate= bytes a second",
    "truncated": "full Content-Length, then a clean end after part= of the body (0.5)",
    "cut": "full Content-Length, then a reset after part= of the body (0.5)",
    "short": "part= of the body (0.5) with a Content-Length to match: looks whole, is not",
    "overstated": "the whole body, with a Content-Length of more= bytes more (100)",
    "understated": "the whole body, with a Content-Length of part= of it (0.5)",
    "expired": "object storage: the link counts as expired",
    "changed": "object storage: another ETag than before, as if the object had been replaced",
    "no_range": "object storage: the Range header is ignored, 200 with everything",
}
APPLICATION_KINDS = {"expired", "changed", "no_range"}
ENVIRON_KEY = "standin.fault"


class Hangup(ConnectionError):
    """Raised inside the application to end the connection: cleanly, or by a reset."""

    def __init__(self, reset: bool) -> None:
        super().__init__("the stand-in hangs up")
        self.reset = reset


@dataclass
class Fault:
    """One order. ``count`` -1 never ends."""

    kind: str
    server: str
    path: str = "/"
    method: str | None = None
    count: int = 1
    skip: int = 0
    details: dict[str, Any] = field(default_factory=dict)

    def matches(self, server: str, method: str, path: str) -> bool:
        if self.count == 0 or self.server != server or self.method not in (None, method):
            return False
        return path == self.path[:-1] if self.path.endswith("$") else path.startswith(self.path)


class Faults:
    """The orders, and the layer around an application that carries them out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._stopped = threading.Event()

    def reset(self) -> None:
        with self._lock:
            self._faults = []

    def stop(self) -> None:
        """Lets slow answers go, so that the process can end."""
        self._stopped.set()

    def order(self, fault: Fault) -> None:
        """Raises ValueError for a kind that does not exist."""
        if fault.kind not in KINDS:
            raise ValueError(f"No such fault: {fault.kind!r}. There are: {', '.join(KINDS)}")
        with self._lock:
            self._faults.append(fault)

    def around(self, server: str, app: WSGIApplication) -> WSGIApplication:
        """The same application, with the faults ordered for this server."""

        def faulty(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            fault = self._next(server, environ["REQUEST_METHOD"], environ["PATH_INFO"])
            if fault is None:
                return app(environ, start_response)
            if fault.kind in APPLICATION_KINDS:
                environ[ENVIRON_KEY] = fault.kind
                return app(environ, start_response)
            return self._strike(fault, app, environ, start_response)

        return faulty

    def _next(self, server: str, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if not fault.matches(server, method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.count -= 1 if fault.count > 0 else 0
                return fault
        return None

    def _strike(self, fault: Fault, app: WSGIApplication, environ: WSGIEnvironment,
                start_response: StartResponse) -> Iterable[bytes]:  # fmt: skip
        if fault.kind == "reset":
            raise Hangup(reset=True)
        if fault.kind == "status":
            return _answer(fault.details, start_response)
        if fault.kind == "slow" and "seconds" in fault.details:
            self._stopped.wait(float(fault.details["seconds"]))
        status, headers, body = _run(app, environ)
        if fault.kind == "lost":
            raise Hangup(reset=True)
        if fault.kind == "slow":
            start_response(status, headers)
            return self._dribble(body, float(fault.details.get("rate", 0)))
        if fault.kind in ("overstated", "understated"):
            said = len(body) + int(fault.details.get("more", 100))
            if fault.kind == "understated":
                said = int(len(body) * float(fault.details.get("part", 0.5)))
            start_response(status, _sized(headers, said))
            return [body]
        part = body[: int(len(body) * float(fault.details.get("part", 0.5)))]
        if fault.kind == "short":
            start_response(status, _sized(headers, len(part)))
            return [part]
        start_response(status, headers)
        return _then_hang_up(part, reset=fault.kind == "cut")

    def _dribble(self, body: bytes, rate: float) -> Iterator[bytes]:
        step = max(1, int(rate / 10)) if rate else max(1, len(body))
        for start in range(0, len(body), step):
            yield body[start : start + step]
            if rate:
                self._stopped.wait(0.1)


def _sized(headers: list[tuple[str, str]], size: int) -> list[tuple[str, str]]:
    """The headers with this Content-Length."""
    return [(name, value) for name, value in headers if name.lower() != "content-length"] + [
        ("Content-Length", str(size))
    ]


def _then_hang_up(part: bytes, reset: bool) -> Iterator[bytes]:
    yield part
    raise Hangup(reset)


def _run(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """The whole answer of the application. Small enough here to be held in memory."""
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        started[:] = [status, headers]

    chunks = app(environ, start)
    body = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close:
        close()
    return started[0], started[1], body


def error_body(shape: str, status: int, message: str) -> tuple[str, str]:
    """(body, content type) of an error in one of the shapes that services use; ``html`` is a proxy's page."""
    if shape == "html":
        page = f"<!DOCTYPE html>\n<html><head><title>{status}</title></head><body><h1>{message}</h1></body></html>\n"
        return page, "text/html"
    shapes: dict[str, Any] = {
        "error": {"error": message},
        "nested": {"errors": {"items": [message], "detail": message}, "status_code": status},
        "list": {"errors": [message]},
        "fields": {"__all__": [message]},
    }
    return json.dumps(shapes[shape]), "application/json"


def _answer(details: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    status = int(details.get("status", 500))
    message = str(details.get("message", f"The stand-in was told to answer {status}."))
    if "text" in details:
        text, content_type = str(details["text"]), str(details.get("content_type", "text/plain"))
    else:
        text, content_type = error_body(str(details.get("shape", "error")), status, message)
    body = text.encode()
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    if "retry_after" in details:
        headers.append(("Retry-After", str(details["retry_after"])))
    headers += [(name, str(value)) for name, value in details.get("headers", {}).items()]
    start_response(f"{status} Ordered", headers)
    return [body]
