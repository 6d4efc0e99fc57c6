"""Sessions of requests: one for each request that is on its way, and kept with its connections for the next one."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

KEPT = 30.0  # seconds without use; after that the other side may have closed the connection without our hearing of it


class Connections:
    """A session must not be shared by threads, but opening a connection for each thread and step costs a handshake.

    What is kept is closed when this object goes.
    """

    def __init__(self) -> None:
        self._idle: list[tuple[float, requests.Session]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close, self._idle)

    @contextmanager
    def session(self) -> Iterator[requests.Session]:
        """For this block alone."""
        session = self._kept() or _new()
        try:
            yield session
        finally:
            with self._lock:
                self._idle.append((time.monotonic(), session))

    def _kept(self) -> requests.Session | None:
        """The one that was used last; those that have not been used for long are closed."""
        with self._lock:
            oldest = time.monotonic() - KEPT
            stale = [one for one in self._idle if one[0] < oldest]
            self._idle[:] = [one for one in self._idle if one[0] >= oldest]
            session = self._idle.pop()[1] if self._idle else None
        _close(stale)
        return session


def _new() -> requests.Session:
    import requests

    session = requests.Session()
    session.trust_env = False
    # Cookies know no port and reach subdomains, so a login in one would leave its origin.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # requests reads the whole body of a redirect and its target even if it is not to follow it.
    session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
    return session


def _close(kept: list[tuple[float, requests.Session]]) -> None:
    while kept:
        kept.pop()[1].close()
