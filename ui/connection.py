"""The chosen account, ready to be asked."""

from __future__ import annotations

import time

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..bridge.accounts import Account, Accounts
from ..core.errors import ExportError
from ..core.provider import Provider

FRESH = 300.0  # seconds for which the headers that QGIS made are good without asking it again


class Connection(QObject):
    """Opening an account may make QGIS ask for its master password or open a browser, and nobody wants that while it
    starts.

    So it opens by itself where nobody has to be asked, and else when the person wants it: until then it is `locked`.
    error: why it could not be opened.
    """

    changed = pyqtSignal()

    def __init__(self, accounts: Accounts, parent: QObject) -> None:
        super().__init__(parent)
        self._accounts = accounts
        self._opening = False
        self._opened = 0.0
        self.account: Account | None = None
        self.provider: Provider | None = None
        self.error: ExportError | None = None
        self.locked = False
        QgsApplication.authManager().masterPasswordVerified.connect(self._verified)

    @property
    def needs_sign_in(self) -> bool:
        """It is locked because nobody has signed in yet, and not because of the master password."""
        return self.locked and self._accounts.is_unlocked()

    def use(self, account: Account | None) -> None:
        self.account, self.provider, self.error = account, None, None
        self.locked = account is not None and not self._accounts.is_ready(account)
        if account is not None and not self.locked:
            self._open(account)
        self.changed.emit()

    def unlock(self) -> None:
        """The person wants to go on: QGIS may ask for its master password now, or sign in in the web browser."""
        account = self.account
        if account is None or self._opening:
            return
        self._opening = True
        try:
            self._accounts.unlock(account)
        except ExportError as error:
            self.error = error
        else:
            self._open(account)
        finally:
            self._opening = False
        if self.account is account:  # a sign-in takes a while, and meanwhile anything can be chosen
            self.locked = not self._accounts.is_ready(account)
            self.changed.emit()

    def fresh(self) -> Provider | None:
        """The provider with credentials that are good now: QGIS renews what it signs in with in time."""
        account, provider = self.account, self.provider
        is_old = time.monotonic() - self._opened > FRESH
        if account is None or provider is None or not provider.secret.headers or not is_old or self._opening:
            return provider
        self._open(account)
        if self.provider is None and self.account is account:
            self.locked = not self._accounts.is_ready(account)
            self.changed.emit()
        return self.provider

    def shutdown(self) -> None:
        QgsApplication.authManager().masterPasswordVerified.disconnect(self._verified)

    def _open(self, account: Account) -> None:
        self._opening = True  # QGIS says that the password is right each time somebody uses it
        try:
            provider, error = self._accounts.connect_to(account), None
        except ExportError as reason:
            provider, error = None, reason
        finally:
            self._opening = False
        if self.account is account:
            self.provider, self.error, self._opened = provider, error, time.monotonic()

    def _verified(self, right: bool) -> None:
        if right and self.locked and not self._opening:
            self.use(self.account)
