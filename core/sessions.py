"""Sessions that credentials are exchanged for: in memory only, one for all provider objects of this process."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping

from .http import Secret

Headers = Mapping[str, str]


class Sessions:
    """The sessions of one service, by server and by the credentials that they were bought with."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Headers] = {}

    def instead_of(self, ended: Headers, server: str, secret: Secret, begin: Callable[[], Headers]) -> Headers:
        """What to send from now on: the session that somebody else has begun meanwhile, else a new one.

        ended: the headers that are no longer good, empty if there were none yet. Errors: those of begin.
        """
        mark = _mark(server, secret)
        with self._lock:
            kept = self._kept.get(mark, {})
            if not kept or kept == ended:
                kept = self._kept[mark] = dict(begin())
            return kept


def _mark(server: str, secret: Secret) -> str:
    """Which credentials these are, without holding them here as well."""
    return hashlib.sha256(f"{server}\n{secret.username}\n{secret.password}".encode()).hexdigest()
