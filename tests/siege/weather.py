"""Connections that lead elsewhere: to nobody, to no name, to servers with a wrong certificate.

What a connection leads to is decided by the look-up of its name, which is scripted here; the connections themselves and
what fails in them are real. Which request a connection is for is known from `Network.proxies`, which is asked right
before each.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cutout.core.http import Network

REFUSED, NO_NAME, SELF_SIGNED, OTHER_NAME = "refused", "no such name", "self-signed", "other name"
KINDS = (REFUSED, NO_NAME, SELF_SIGNED, OTHER_NAME)


class Weather:
    """`strike` the requests to addresses that `hits` takes; `calm` ends that. network: to use in a Network's place."""

    def __init__(self, folder: Path, certificate: str) -> None:
        self._folder = folder
        self._real = socket.getaddrinfo
        self._asked = threading.local()
        self._lock = threading.Lock()
        self.calm()
        mine, other = make_certificate(folder, "127.0.0.1"), make_certificate(folder, "elsewhere.example")
        bundle = folder / "bundle.pem"  # the second is of a trusted authority, but for another name
        bundle.write_text(Path(certificate).read_text() + Path(other).read_text())
        self._servers = {SELF_SIGNED: Stranger(mine), OTHER_NAME: Stranger(other)}
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            self._closed = nobody.getsockname()[1]
        self.network = Network(self._proxies, str(bundle), pause=lambda seconds: None)

    def stop(self) -> None:
        for server in self._servers.values():
            server.stop()

    def calm(self) -> None:
        self._kind, self._hits, self._skip, self._left = "", lambda url: False, 0, 0

    def strike(self, kind: str, hits: Callable[[str], bool], *, count: int = 1, skip: int = 0) -> None:
        """count: requests, -1 for all from now on, after letting `skip` of them pass."""
        self._kind, self._hits, self._skip, self._left = kind, hits, skip, count

    @contextmanager
    def outside(self) -> Iterator[None]:
        """For this block the look-ups are ours."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", self._look_up)
            yield

    def _proxies(self, url: str) -> dict[str, str]:
        self._asked.url = url
        return {}

    def _look_up(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        kind = self._kind_now(port)
        if kind == NO_NAME:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if kind == REFUSED:
            port = self._closed
        elif kind:
            port = self._servers[kind].port
        return self._real(host, port, *args, **kwargs)

    def _kind_now(self, port: Any) -> str:
        url = getattr(self._asked, "url", "")
        with self._lock:
            if not self._left or urlsplit(url).port != port or not self._hits(url):
                return ""
            if self._skip:
                self._skip -= 1
                return ""
            self._left -= 1 if self._left > 0 else 0
            return self._kind


class Stranger:
    """A server with a certificate of its own, to which nobody gets as far as to ask something."""

    def __init__(self, certificate: str) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.asked = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                with suppress(OSError), connection, self._context.wrap_socket(connection, server_side=True) as secured:
                    self.asked += bool(secured.recv(1))


def make_certificate(folder: Path, name: str) -> str:
    """A self-signed certificate and its key in one file, `<name>.pem`."""
    path = folder / f"{name}.pem"
    kind = "IP" if name[0].isdigit() else "DNS"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", f"/CN={name}", "-keyout", f"{path}.key", "-out", f"{path}.crt"]
    command += ["-addext", f"subjectAltName={kind}:{name}", "-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    path.write_text(Path(f"{path}.crt").read_text() + Path(f"{path}.key").read_text())
    return str(path)
