"""What comes over a connection, within bounds: who is at its other end, how long an answer takes, how long a line is.

http.client and urllib3 leave open what a server can do for ever: a byte every ten seconds, or a line without an end.
Imports requests, so it is imported where the first connection is made.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import cache
from http.client import HTTPResponse, LineTooLong
from typing import Any

from requests.adapters import HTTPAdapter

LONGEST_ANSWER = 120.0  # seconds for the head of an answer, and for the body of one that is no file
LONGEST_LINE = 64 * 1024  # bytes, as http.client allows for a header


Met = Callable[[str], None]
"""Told the IP address at the other end of a new connection before anything is asked over it; may raise to end that."""


class TooSlow(Exception):
    """Bytes come, but the answer does not come to an end."""


class Wire(HTTPAdapter):
    """Connections for one request at a time.

    It is used without a Session of requests: what that adds to each request, the environment, cookies and redirects, is
    not wanted. (Cookies know no port and reach subdomains, so a login in one would leave its origin.)
    until: when the answer has to be here, None: a file takes as long as it takes.
    """

    def __init__(self) -> None:
        self.until: float | None = None
        self._met: Met = anybody
        super().__init__()

    def begin(self, met: Met) -> None:
        """Before a request. met: not told of connections to a proxy."""
        self._met = met
        self.limit()

    def limit(self) -> None:
        """What is read from now on is an answer."""
        self.until = time.monotonic() + LONGEST_ANSWER

    def lift(self) -> None:
        """What is read from now on is a file."""
        self.until = None

    def check(self) -> None:
        if self.until is not None and time.monotonic() > self.until:
            raise TooSlow

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._watch(self.poolmanager, lambda peer: self._met(peer))

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if is_new:
            self._watch(manager, anybody)
        return manager

    def _watch(self, manager: Any, met: Met) -> None:
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: _watched(pool, self, met) for scheme, pool in pools.items()}


def anybody(peer: str) -> None:
    """The proxy is where the person says; where it leads to is only known there."""


def _watched(pool: Any, wire: Wire, met: Met) -> Any:
    """Makes connection pools of this class, with connections that are looked at."""

    def connection(**kwargs: Any) -> Any:
        made = _looked_at(pool.ConnectionCls)(**kwargs)
        made.wire, made.met = wire, met
        return made

    def made(*args: Any, **kwargs: Any) -> Any:
        new = pool(*args, **kwargs)
        new.ConnectionCls = connection
        return new

    return made


@cache
def _looked_at(kind: Any) -> Any:
    """The class of connections that are of this one: plain, TLS or through a SOCKS proxy."""

    class Connection(kind):  # type: ignore[misc]
        wire: Wire
        met: Met
        debuglevel = 0  # http.client prints every header where somebody has set it for all connections

        def connect(self) -> None:
            super().connect()
            self.met(self.sock.getpeername()[0])

        def response_class(self, sock: Any, *args: Any, **kwargs: Any) -> HTTPResponse:
            return _Response(self.wire, sock, *args, **kwargs)

    return Connection


class _Response(HTTPResponse):
    def __init__(self, wire: Wire, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = _Lines(_Bytes(self.fp.detach(), wire))


class _Lines(io.BufferedReader):
    """urllib3 reads the length of a chunk with no limit."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(LONGEST_LINE + 1 if size is None or size < 0 else size)
        if len(line) > LONGEST_LINE:
            raise LineTooLong("line")
        return line


class _Bytes(io.RawIOBase):
    """What a socket gives, for as long as the wire allows."""

    def __init__(self, socket: Any, wire: Wire) -> None:
        self._socket, self._wire = socket, wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        self._wire.check()
        count: int | None = self._socket.readinto(buffer)
        return count

    def fileno(self) -> int:
        number: int = self._socket.fileno()
        return number

    def close(self) -> None:
        self._socket.close()
        super().close()
