"""Serves a WSGI application on a loopback port, over http or https, and can hang up in the middle of an answer."""

from __future__ import annotations

import logging
import socket
import ssl
import struct
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from .faults import Hangup

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Handler(WSGIRequestHandler):
    """Turns a Hangup into what a client sees when a server dies or a line is cut."""

    _reset = False

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        self._reset = isinstance(error, Hangup) and error.reset
        # Without an answer nothing has told the handler that this connection will not bring another request.
        self.close_connection = True

    def finish(self) -> None:
        super().finish()
        if self._reset:
            # Closing with linger 0 sends RST; the files that finish() closed held the socket open until here.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.connection.close()


class WebServer:
    """One application on one port, in its own threads. ``port`` 0 takes a free one."""

    def __init__(self, app: WSGIApplication, port: int, certificate: tuple[Path, Path] | None = None) -> None:
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
        self._server = make_server(HOST, port, app, threaded=True, request_handler=Handler, ssl_context=context)
        self.url = f"{'https' if certificate else 'http'}://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def quiet() -> None:
    """Keeps werkzeug from printing a line for each request."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and localhost, good for two days. Needs the openssl command.

    Answers (certificate, key). The extensions are those that Python 3.13's strict verification asks for.
    """
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    command += ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return certificate, key
