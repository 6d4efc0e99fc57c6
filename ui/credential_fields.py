"""Where credentials are typed, in each of the ways that a service offers to sign in."""

from __future__ import annotations

from enum import Enum

from qgis.gui import QgsAuthConfigSelect, QgsPasswordLineEdit
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox

from ..bridge.accounts import Account
from ..bridge.sign_in import PORT, Client, has_pkce, redirect
from ..core.http import Secret
from ..core.provider import SHARE_USER, Credentials, Provider

translate = QCoreApplication.translate


class Way(str, Enum):
    """As the person chooses. OAuth2 comes in two: a config made here, and one that QGIS has already."""

    TOKEN = "token"  # nosec B105 - a kind of credentials
    LOGIN = "login"
    SHARE_KEY = "sharekey"
    CLIENT = "client"
    BROWSER = "browser"
    CONFIG = "config"


class CredentialFields(QObject):
    """`rows` for the chosen way. What is saved already in that way is kept when the fields stay empty."""

    changed = pyqtSignal()

    def __init__(self, service: type[Provider], account: Account, form: QFormLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._ways = ways(service)
        self._saved = account if account.authcfg else None
        self._saved_way = self._way_of(account)
        self.wayCombo = QComboBox()
        self.wayCombo.setObjectName("wayCombo")
        for way in self._ways:
            self.wayCombo.addItem(_title(way), way.value)
        self.wayCombo.setCurrentIndex(max(0, self.wayCombo.findData(self._saved_way.value)))
        self.userEdit = self._edit(QLineEdit(), "userEdit")
        self.passwordEdit = self._edit(QgsPasswordLineEdit(), "passwordEdit")
        self.portSpin = QSpinBox()
        self.portSpin.setObjectName("portSpin")
        self.portSpin.setRange(1024, 65535)
        self.portSpin.setValue(PORT)
        self.redirectEdit = QLineEdit()  # to be copied from
        self.redirectEdit.setObjectName("redirectEdit")
        self.redirectEdit.setReadOnly(True)
        self.select = QgsAuthConfigSelect()
        self.select.setObjectName("configSelect")
        if self._saved and self._saved_way is Way.CONFIG:
            self.select.setConfigId(account.authcfg)
        self._user_label, self._password_label = QLabel(), QLabel()
        self._rows = (
            (QLabel(translate("CutoutAccount", "Sign in with")), self.wayCombo),
            (self._user_label, self.userEdit),
            (self._password_label, self.passwordEdit),
            (QLabel(translate("CutoutAccount", "Port")), self.portSpin),
            (QLabel(translate("CutoutAccount", "Redirect address")), self.redirectEdit),
            (QLabel(translate("CutoutAccount", "Auth config")), self.select),
        )
        for label, field in self._rows:
            label.setBuddy(field)
            form.addRow(label, field)
        self.wayCombo.currentIndexChanged.connect(self._show)
        self.portSpin.valueChanged.connect(self._show)
        self.select.selectedConfigIdChanged.connect(self.changed)
        self._show()

    @property
    def way(self) -> Way:
        return Way(self.wayCombo.currentData())

    @property
    def authcfg(self) -> str:
        """The auth config that is kept or chosen; empty where one has to be made."""
        if self.way is Way.CONFIG:
            return self.select.configId()
        return self._saved.authcfg if self._saved and self.way is self._saved_way else ""

    @property
    def secret(self) -> Secret | Client | None:
        """None: keep what is saved, or use what is chosen."""
        user, password = self.userEdit.text().strip(), self.passwordEdit.text().strip()
        if self.way is Way.CONFIG or self.missing or not (user or password):
            return None
        if self.way is Way.BROWSER:
            return Client(user, self.portSpin.value(), "" if has_pkce() else password)
        if self.way is Way.SHARE_KEY:
            return Secret(SHARE_USER, password)
        return Secret(user if self.way in (Way.LOGIN, Way.CLIENT) else "", password)

    @property
    def missing(self) -> str:
        """What to enter first; empty when nothing is missing."""
        if self.way is Way.CONFIG:
            return "" if self.select.configId() else translate("CutoutAccount", "Choose an auth config first.")
        entered = [bool(edit.text().strip()) for edit in self._shown_edits()]
        kept = bool(self.authcfg) and not any(entered)
        return "" if kept or all(entered) else translate("CutoutAccount", "Enter the credentials first.")

    def forget(self) -> None:
        """What was typed is no longer needed."""
        self.passwordEdit.clear()
        self.passwordEdit.setPasswordVisibility(False)

    def _shown_edits(self) -> list[QLineEdit]:
        needs_user = self.way in (Way.LOGIN, Way.CLIENT, Way.BROWSER)
        needs_password = self.way is not Way.CONFIG and (self.way is not Way.BROWSER or not has_pkce())
        return [edit for edit, needed in ((self.userEdit, needs_user), (self.passwordEdit, needs_password)) if needed]

    def _way_of(self, account: Account) -> Way:
        """As it was saved, else the service's usual one."""
        way = account.way
        if way == Credentials.OAUTH2.value:
            way = Way.BROWSER.value if account.own else Way.CONFIG.value
        return next((one for one in self._ways if one.value == way), self._ways[0])

    def _show(self, *_: object) -> None:
        """The rows of this way, with their names in it."""
        way, shown = self.way, self._shown_edits()
        user, password = _labels(way)
        self.passwordEdit.setPasswordVisibility(False)
        self._user_label.setText(user)
        self._password_label.setText(password)
        keep = translate("CutoutAccount", "Leave empty to keep the saved one")
        for edit in (self.userEdit, self.passwordEdit):
            edit.setPlaceholderText(keep if self.authcfg and way is not Way.CONFIG else "")
        self.redirectEdit.setText(redirect(self.portSpin.value()))
        browser = (self.portSpin, self.redirectEdit) if way is Way.BROWSER else ()
        choice = (self.wayCombo,) if len(self._ways) > 1 else ()
        visible = (*choice, *shown, *browser, *((self.select,) if way is Way.CONFIG else ()))
        self.rows = [(label, field) for label, field in self._rows if field in visible]
        for label, field in self._rows:
            label.setVisible(field in visible)
            field.setVisible(field in visible)
        self.changed.emit()

    def _edit(self, edit: QLineEdit, name: str) -> QLineEdit:
        edit.setObjectName(name)
        edit.textChanged.connect(self.changed)
        return edit


def ways(service: type[Provider]) -> list[Way]:
    """How one may sign in, the usual way first."""
    found: list[Way] = []
    for kind in service.credentials:
        if kind is not Credentials.OAUTH2:
            found.append(Way(kind.value))
            continue
        if service.oauth2 is not None:
            found.append(Way.BROWSER)
        found.append(Way.CONFIG)
    return found


def _title(way: Way) -> str:
    return {
        Way.TOKEN: translate("CutoutAccount", "Key"),
        Way.LOGIN: translate("CutoutAccount", "E-mail and password"),
        Way.SHARE_KEY: translate("CutoutAccount", "Share key"),
        Way.CLIENT: translate("CutoutAccount", "Client id and secret of a service application"),
        Way.BROWSER: translate("CutoutAccount", "Web browser (OAuth2)"),
        Way.CONFIG: translate("CutoutAccount", "An auth config of QGIS"),
    }[way]


def _labels(way: Way) -> tuple[str, str]:
    """Of the user and of the password."""
    if way in (Way.CLIENT, Way.BROWSER):
        return translate("CutoutAccount", "Client id"), translate("CutoutAccount", "Client secret")
    key = translate("CutoutAccount", "Share key") if way is Way.SHARE_KEY else translate("CutoutAccount", "Key")
    password = translate("CutoutAccount", "Password") if way is Way.LOGIN else key
    return translate("CutoutAccount", "E-mail"), password
