"""Records every request that reaches a stand-in, so that a test can prove what was sent, where, and what was not."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import EnvironHeaders

from .clock import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def _length(environ: WSGIEnvironment) -> int:
    return int(environ.get("CONTENT_LENGTH") or 0)


class Journal:
    """The requests in the order in which they arrived, as JSON-ready dicts (the fields of client.Recorded)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []

    def reset(self) -> None:
        with self._lock:
            self._entries = []

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(entry) for entry in self._entries]

    def record(self, server: str, app: WSGIApplication) -> WSGIApplication:
        """The same application, with its requests recorded under the name of the server."""

        def recorded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            entry = self._entry(server, environ)
            with self._lock:
                self._entries.append(entry)

            def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
                entry["status"] = int(status.split(" ", 1)[0])
                return start_response(status, headers, *rest)

            return app(environ, start)

        return recorded

    def _entry(self, server: str, environ: WSGIEnvironment) -> dict[str, Any]:
        # Read here and handed on as a copy: a fault may break the connection before the application reads the body.
        chunked = environ.get("wsgi.input_terminated")
        body = environ["wsgi.input"].read() if chunked else environ["wsgi.input"].read(_length(environ))
        environ["wsgi.input"] = io.BytesIO(body)
        return {
            "server": server,
            "method": environ["REQUEST_METHOD"],
            "host": environ.get("HTTP_HOST", ""),
            "port": int(environ["SERVER_PORT"]),
            "path": environ["PATH_INFO"],
            "query": environ.get("QUERY_STRING", ""),
            "headers": dict(EnvironHeaders(environ)),
            "body": base64.b64encode(body).decode(),
            "status": None,
            "when": self._clock.now(),
        }
