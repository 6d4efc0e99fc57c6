"""Which service, and with which account."""

from __future__ import annotations

from html import escape

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAction,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..bridge.accounts import Account, Accounts
from ..core.errors import ExportError
from ..core.provider import Credentials, Provider
from ..providers import services
from .account_dialog import AccountDialog
from .narrow import shrinking
from .questions import agreed

translate = QCoreApplication.translate


class AccountPicker(QWidget):
    """Two combo boxes and a button. The last choice is remembered."""

    changed = pyqtSignal()
    problem = pyqtSignal(str)

    def __init__(self, accounts: Accounts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accounts = accounts
        self.serviceCombo = shrinking(QComboBox())
        self.serviceCombo.setObjectName("serviceCombo")
        self.serviceCombo.setToolTip(translate("CutoutDock", "Where to order from"))
        for key, service in services().items():
            self.serviceCombo.addItem(service.title, key)
        self.accountCombo = shrinking(QComboBox())
        self.accountCombo.setObjectName("accountCombo")
        self.accountCombo.setToolTip(translate("CutoutDock", "The site and the key to order with"))
        self.accountButton = self._button()
        self.invitation = QLabel()
        self.invitation.setWordWrap(True)
        self.invitation.setOpenExternalLinks(True)
        self._lay_out()
        remembered = self.serviceCombo.findData(QgsSettings().value("cutout/dock/service", "", str))
        self.serviceCombo.setCurrentIndex(max(0, remembered))
        self._fill()
        self.serviceCombo.currentIndexChanged.connect(self._service_chosen)
        self.accountCombo.currentIndexChanged.connect(self._account_chosen)
        accounts.changed.connect(self._fill)

    @property
    def service(self) -> type[Provider] | None:
        return services().get(self.serviceCombo.currentData())

    @property
    def account(self) -> Account | None:
        return self.accountCombo.currentData()

    def shutdown(self) -> None:
        self._accounts.changed.disconnect(self._fill)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.accountCombo, 1)
        row.addWidget(self.accountButton)
        row.addStretch()
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.addRow(translate("CutoutDock", "Service"), self.serviceCombo)
        self.form.addRow(translate("CutoutDock", "Account"), row)
        self.form.labelForField(row).setBuddy(self.accountCombo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self.form)
        layout.addWidget(self.invitation)

    def _button(self) -> QToolButton:
        self.newAction = QAction(
            QgsApplication.getThemeIcon("/symbologyAdd.svg"), translate("CutoutDock", "Add account…"), self
        )
        self.editAction = QAction(
            QgsApplication.getThemeIcon("/symbologyEdit.svg"), translate("CutoutDock", "Edit account…"), self
        )
        self.removeAction = QAction(
            QgsApplication.getThemeIcon("/symbologyRemove.svg"), translate("CutoutDock", "Remove account…"), self
        )
        self.newAction.triggered.connect(self._add)
        self.editAction.triggered.connect(self._edit)
        self.removeAction.triggered.connect(self._remove)
        menu = QMenu(self)
        menu.addActions([self.newAction, self.editAction, self.removeAction])
        button = QToolButton()
        button.setObjectName("accountButton")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.setDefaultAction(self.newAction)
        button.setMenu(menu)
        button.setAccessibleName(translate("CutoutDock", "Add, edit or remove an account"))
        return button

    def _fill(self) -> None:
        """The accounts of the service; keeps the chosen one, else the one that was used last."""
        service = self.service
        remembered = QgsSettings().value(f"cutout/dock/account/{service.id}", "", str) if service else ""
        chosen = self.account.key if self.account else remembered
        self.accountCombo.blockSignals(True)
        self.accountCombo.clear()
        found = self._accounts.all(service.id) if service else ()
        for account in found:
            self.accountCombo.addItem(account.label, account)
        index = next((i for i, account in enumerate(found) if account.key == chosen), 0)
        self.accountCombo.setCurrentIndex(index if found else -1)
        self.accountCombo.blockSignals(False)
        self._dress(bool(found))
        self._account_chosen()

    def _dress(self, any_account: bool) -> None:
        self.accountCombo.setVisible(any_account)
        self.editAction.setEnabled(any_account)
        self.removeAction.setEnabled(any_account)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if any_account else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.accountButton.setToolButtonStyle(style)
        self.invitation.setVisible(not any_account and self.service is not None)
        if self.service:
            self.invitation.setText(invitation(self.service))

    def _service_chosen(self) -> None:
        QgsSettings().setValue("cutout/dock/service", self.serviceCombo.currentData())
        self._fill()

    def _account_chosen(self) -> None:
        if self.account:
            QgsSettings().setValue(f"cutout/dock/account/{self.account.service}", self.account.key)
        self.changed.emit()

    def _add(self) -> None:
        self._open(None)

    def _edit(self) -> None:
        self._open(self.account)

    def _open(self, account: Account | None) -> None:
        if self.service is None:
            return
        dialog = AccountDialog(self._accounts, self.service, account, self)
        if dialog.exec() and dialog.saved:
            self._choose(dialog.saved)
        dialog.deleteLater()

    def _choose(self, account: Account) -> None:
        for index in range(self.accountCombo.count()):
            if self.accountCombo.itemData(index).key == account.key:
                self.accountCombo.setCurrentIndex(index)

    def _remove(self) -> None:
        account = self.account
        if account is None:
            return
        with_key = translate("CutoutDock", "Remove {account} and its key? Orders that still run can't be followed.")
        without = translate("CutoutDock", "Remove {account}? Orders that still run can't be followed.")
        text = with_key if account.own else without  # an auth config of the person's own stays
        title, button = translate("CutoutDock", "Remove account"), translate("CutoutDock", "Remove")
        if agreed(self, title, text.format(account=account.label), button):
            try:
                self._accounts.remove(account)
            except ExportError as error:
                self.problem.emit(str(error))


def invitation(service: type[Provider]) -> str:
    """What somebody who has no account yet needs to know, as rich text with a link."""
    page = (service.key_page(service.servers[0].url) if len(service.servers) == 1 else "") or service.home
    with_key = translate("CutoutDock", "To order from {service}, add an account with a key from the service.")
    without = translate("CutoutDock", "To order from {service}, add an account of the service.")
    text = with_key if service.credentials[0] is Credentials.TOKEN else without
    sentence = escape(text).format(service=escape(service.title))
    if not page:
        return sentence
    link = f'<a href="{escape(page)}">{escape(page.split("://", 1)[-1].rstrip("/"))}</a>'
    more = translate("CutoutDock", "More: {link}").format(link=link)
    return f"{sentence} {more}"
