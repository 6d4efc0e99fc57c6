"""The chosen account, ready to be asked."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..bridge.accounts import Account, Accounts
from ..core.errors import ExportError
from ..core.provider import Provider


class Connection(QObject):
    """Opening an account may make QGIS ask for its master password, and nobody wants that while QGIS starts.

    So it opens by itself once the password is known, and else when the person asks for it: until then it is `locked`.
    error: why it could not be opened.
    """

    changed = pyqtSignal()

    def __init__(self, accounts: Accounts, parent: QObject) -> None:
        super().__init__(parent)
        self._accounts = accounts
        self._opening = False
        self.account: Account | None = None
        self.provider: Provider | None = None
        self.error: ExportError | None = None
        self.locked = False
        QgsApplication.authManager().masterPasswordVerified.connect(self._verified)

    def use(self, account: Account | None) -> None:
        self.account, self.provider, self.error = account, None, None
        self.locked = account is not None and not self._accounts.is_unlocked()
        if account is not None and not self.locked:
            self._open(account)
        self.changed.emit()

    def unlock(self) -> None:
        """The person wants to go on: QGIS may ask for its master password now."""
        if self.account is not None:
            self._open(self.account)
            self.locked = not self._accounts.is_unlocked()
            self.changed.emit()

    def shutdown(self) -> None:
        QgsApplication.authManager().masterPasswordVerified.disconnect(self._verified)

    def _open(self, account: Account) -> None:
        self._opening = True  # QGIS says that the password is right each time somebody uses it
        try:
            self.provider, self.error = self._accounts.connect_to(account), None
        except ExportError as error:
            self.provider, self.error = None, error
        finally:
            self._opening = False

    def _verified(self, right: bool) -> None:
        if right and self.locked and not self._opening:
            self.use(self.account)
