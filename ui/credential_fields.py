"""Where credentials are typed: a key, e-mail and password, or one of QGIS's own sign-ins."""

from __future__ import annotations

from qgis.gui import QgsAuthConfigSelect, QgsPasswordLineEdit
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QLineEdit

from ..core.http import Secret
from ..core.provider import Credentials

translate = QCoreApplication.translate


class CredentialFields(QObject):
    """Rows for the kind of credentials. authcfg: what is saved already; it is kept when the fields stay empty."""

    changed = pyqtSignal()

    def __init__(self, kind: Credentials, authcfg: str, form: QFormLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._authcfg = authcfg
        self.select: QgsAuthConfigSelect | None = None
        self.userEdit: QLineEdit | None = None
        self.passwordEdit: QLineEdit | None = None
        if kind is Credentials.OAUTH2:
            self.select = QgsAuthConfigSelect()
            self.select.setConfigId(authcfg)
            self.select.selectedConfigIdChanged.connect(self.changed)
            form.addRow(translate("CutoutAccount", "Sign-in"), self.select)
            return
        if kind is Credentials.LOGIN:
            self.userEdit = self._edit(QLineEdit(), "userEdit")
            form.addRow(translate("CutoutAccount", "E-mail"), self.userEdit)
        self.passwordEdit = self._edit(QgsPasswordLineEdit(), "passwordEdit")
        label = translate("CutoutAccount", "Password") if self.userEdit else translate("CutoutAccount", "Key")
        form.addRow(label, self.passwordEdit)

    @property
    def authcfg(self) -> str:
        return self.select.configId() if self.select else self._authcfg

    @property
    def secret(self) -> Secret | None:
        """None: keep what is saved."""
        if self.passwordEdit is None or not self.passwordEdit.text().strip():
            return None
        user = self.userEdit.text().strip() if self.userEdit else ""
        return Secret(username=user, password=self.passwordEdit.text().strip())

    @property
    def missing(self) -> str:
        """What to enter first; empty when nothing is missing."""
        if self.select:
            return "" if self.select.configId() else translate("CutoutAccount", "Choose a sign-in first.")
        entered = [bool(edit.text().strip()) for edit in (self.userEdit, self.passwordEdit) if edit is not None]
        kept = bool(self._authcfg) and not any(entered)
        return "" if kept or all(entered) else translate("CutoutAccount", "Enter the credentials first.")

    def _edit(self, edit: QLineEdit, name: str) -> QLineEdit:
        edit.setObjectName(name)
        edit.textChanged.connect(self.changed)
        if self._authcfg:
            edit.setPlaceholderText(translate("CutoutAccount", "Leave empty to keep the saved one"))
        return edit
