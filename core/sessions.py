"""Sessions that credentials are exchanged for: in memory only, one for all provider objects of this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from .address import host
from .errors import NOT_FOUND, CredentialError, ServiceError, nothing_ordered_yet

if TYPE_CHECKING:
    from .answer import Answer
    from .http import Secret

Headers = Mapping[str, str]


def bought(where: str, ask: Callable[[], Answer], advice: str) -> Headers:
    """The session in the answer to a login: its `access_token` (RFC 6749, 5.1, and many besides).

    where: the address that is asked. Errors: CredentialError with the advice when there is none; ServiceError where
    nobody signs in at that address; TransientError, not reached, since whatever else is asked with it has not left yet.
    """
    with nothing_ordered_yet():
        try:
            answer = ask().document
        except ServiceError as refusal:
            if not 400 <= refusal.status < 500 or refusal.status == NOT_FOUND:
                raise
            message = f"{host(where)} does not sign you in: {refusal.said}"
            raise CredentialError(message, advice, status=refusal.status) from refusal
    session = answer.get("access_token") if isinstance(answer, dict) else None
    if not session or not isinstance(session, str):
        about = "account" if isinstance(answer, dict) else "server"
        raise CredentialError(f"{host(where)} answered the login without a session.", advice, status=401, about=about)
    return {"Authorization": f"Bearer {session}"}


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
    from hashlib import sha256

    return sha256(f"{server}\n{secret.username}\n{secret.password}".encode()).hexdigest()
