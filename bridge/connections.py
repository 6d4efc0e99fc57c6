"""The services that jobs are ordered from, for the poller: each with its account, and whether it may be asked now."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ..core.errors import ExportError
from ..core.provider import Provider
from ..core.store import Due
from .accounts import Account, Accounts
from .news import News
from .rounds import Where

KEPT = 30.0  # seconds; what the person changes in Cutout's own accounts counts at once
Connection = tuple[Account, Provider]


class Connections:
    """Belongs to the main thread. news: hears what jobs wait for."""

    def __init__(self, accounts: Accounts, news: News) -> None:
        self._accounts, self._news = accounts, news
        self._kept: dict[Where, tuple[float, Connection]] = {}
        accounts.changed.connect(self._kept.clear)

    def of(self, where: Where) -> Connection:
        """Kept for a while: each time QGIS decrypts the credentials and gathers its certificates, 10 to 30 ms. But not
        where QGIS makes the headers, which may be good for a moment only. Errors: ExportError."""
        made, connection = self._kept.get(where, (0.0, None))
        if connection is None or time.monotonic() - made > KEPT:
            account = self._accounts.get(*where)
            connection = account, self._accounts.connect_to(account)
            if not connection[1].secret.headers:
                self._kept[where] = time.monotonic(), connection
        return connection

    def unlock(self, where: Where | None) -> None:
        """The person is there, and QGIS may ask for what it needs. Errors: ExportError when the person declines."""
        self._accounts.unlock(self._account(where) if where else None)

    def may_sign_in(self) -> bool:
        """Never ask for the master password out of the blue: say once that jobs wait for it."""
        is_unlocked = self._accounts.is_unlocked()
        if is_unlocked or not self._accounts.is_signing_in:
            self._news.unlocked(is_unlocked)
        return is_unlocked

    def signed_in(self, due: Iterable[Due]) -> list[Due]:
        """Without those that wait for somebody to sign in in the web browser, which is said once for each account."""
        due = list(due)
        ready = {where: self._is_signed_in(where) for where in {one.where for one in due}}
        return [one for one in due if ready[one.where]]

    def _is_signed_in(self, where: Where) -> bool:
        if where in self._kept:
            return True
        account = self._account(where)
        is_open = account is None or self._accounts.may_open(account)
        if account is not None:
            self._news.signed_in(account, is_open)
        return is_open

    def _account(self, where: Where) -> Account | None:
        """None for a job whose account is gone."""
        try:
            return self._accounts.get(*where)
        except ExportError:
            return None
