"""Adding and editing an account: server, name, credentials, and a test that says what is wrong."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlsplit

from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..bridge.accounts import Account, Accounts, normal_server
from ..bridge.sign_in import Client, has_pkce
from ..core.address import host, is_loopback
from ..core.errors import ExportError
from ..core.provider import Credentials, Provider
from .credential_fields import CredentialFields, Way
from .latest import Latest
from .narrow import lay_rows
from .notice import Mood, Notice

translate = QCoreApplication.translate
WIDTH = 460


class AccountDialog(QDialog):
    """After exec(): `saved` is the account as it was saved, None when the person went back.

    Existing credentials are never shown; fields left empty keep them.
    """

    def __init__(
        self, accounts: Accounts, service: type[Provider], account: Account | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("CutoutAccountDialog")
        self._accounts, self._service = accounts, service
        self._edited = account or Account(service.id, "")
        self.saved: Account | None = None
        self._draft: tuple[Account, Client] | None = None  # a sign-in that was tried and is not saved yet
        self._test = Latest(translate("CutoutAccount", "Test connection"), 0, self)
        title = translate("CutoutAccount", "Edit account") if account else translate("CutoutAccount", "Add account")
        self.setWindowTitle(f"{title}: {service.title}")
        self._build()
        self.serverCombo.editTextChanged.connect(self._look)
        self.credentials.changed.connect(self._look)
        self.testButton.clicked.connect(self._ask)
        self._look()

    @property
    def account(self) -> Account:
        """As the fields say."""
        server, authcfg = self._server(), self.credentials.authcfg
        known = {one.url: one.title for one in self._service.servers}
        return replace(
            self._edited,
            server=server,
            title=self.titleEdit.text().strip() or known.get(server, ""),
            allow_http=self.httpCheck.isChecked() and _is_open_http(server),
            authcfg=authcfg,
            way=_kind(self.credentials.way).value,
            own=self._edited.own and authcfg == self._edited.authcfg,
        )

    def accept(self) -> None:
        try:
            self.saved = self._save()
        except ExportError as error:
            self._say(str(error), Mood.ERROR)
            return
        super().accept()

    def done(self, result: int) -> None:
        self._test.stop()
        self._forget_draft()
        self.credentials.forget()
        super().done(result)

    def _save(self) -> Account:
        account, secret = self.account, self.credentials.secret
        if self._draft is None or self._draft[1] != secret:
            return self._accounts.save(account, secret)
        tried, self._draft = self._draft[0], None  # signed in already
        return self._accounts.save(replace(account, authcfg=tried.authcfg, own=True))

    def _forget_draft(self) -> None:
        if self._draft is not None:
            self._accounts.discard(self._draft[0])
            self._draft = None

    def _build(self) -> None:
        self.serverCombo = self._server_field()
        self.titleEdit = QLineEdit(self._edited.title)
        self.titleEdit.setObjectName("accountTitleEdit")
        self.titleEdit.setPlaceholderText(translate("CutoutAccount", "Optional: how to call it in the list"))
        self.httpCheck = QCheckBox(translate("CutoutAccount", "Send the key unencrypted (plain http)"))
        self.httpCheck.setObjectName("httpCheck")
        self.httpCheck.setToolTip(translate("CutoutAccount", "Anybody between here and the server can read the key."))
        self.httpCheck.setChecked(self._edited.allow_http)
        self.help = QLabel()
        self.help.setWordWrap(True)
        self.help.setOpenExternalLinks(True)
        self.notice = Notice(self)
        self._form = form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._server_row = (QLabel(translate("CutoutAccount", "Server")), self.serverCombo)
        self._title_row = (QLabel(translate("CutoutAccount", "Name")), self.titleEdit)
        for label, field in (self._server_row, (None, self.httpCheck), self._title_row):
            form.addRow(label, field)
        self.credentials = CredentialFields(self._service, self._edited, form, self)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.help)
        layout.addWidget(self.notice)
        layout.addStretch()
        layout.addWidget(self._buttons())
        self.resize(WIDTH, self.sizeHint().height())

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.okButton = box.button(QDialogButtonBox.StandardButton.Ok)
        self.testButton = QPushButton(translate("CutoutAccount", "Test connection"))
        self.testButton.setObjectName("testButton")
        self.testButton.setAutoDefault(False)
        box.addButton(self.testButton, QDialogButtonBox.ButtonRole.ActionRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    def _server_field(self) -> QComboBox:
        """The known servers to choose from, or any other address."""
        combo = QComboBox()
        combo.setObjectName("serverCombo")
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for server in self._service.servers:
            combo.addItem(f"{server.title} ({host(server.url)})", server.url)
        combo.lineEdit().setPlaceholderText(translate("CutoutAccount", "Choose, or type the site's address"))
        only = 0 if len(self._service.servers) == 1 else -1
        combo.setCurrentIndex(combo.findData(self._edited.server) if self._edited.server else only)
        if self._edited.server and combo.currentIndex() < 0:
            combo.setEditText(self._edited.server)
        return combo

    def _server(self) -> str:
        """Empty for what is no address."""
        text = self.serverCombo.currentText().strip()
        index = self.serverCombo.findText(text, Qt.MatchFlag.MatchExactly)
        if index >= 0:
            return self.serverCombo.itemData(index)
        try:
            server = normal_server(text)
            parts = urlsplit(server)
            return server if parts.scheme in ("https", "http") and parts.hostname and host(server) else ""
        except (ExportError, ValueError):
            return ""

    def _look(self, *_: object) -> None:
        """Something was changed: an old test no longer says anything about it."""
        self._test.stop()
        self.notice.clear()
        server = self._server()
        is_open = _is_open_http(server)
        self.httpCheck.setVisible(is_open)
        check = [(None, self.httpCheck)] if is_open else []
        lay_rows(self._form, [self._server_row, *check, self._title_row, *self.credentials.rows])
        self.help.setText(self._help(server))
        missing = self.credentials.missing
        if not server:
            missing = translate("CutoutAccount", "Enter the address of the server first.")
        for button in (self.okButton, self.testButton):
            button.setEnabled(not missing)
            button.setToolTip(missing)
        self._fit()

    def _help(self, server: str) -> str:
        page = self._service.key_page(server) if server else ""
        link = f'<a href="{escape(page)}">{escape(page.split("://", 1)[-1])}</a>'
        kept = translate("CutoutAccount", "QGIS keeps it encrypted, and may ask for your master password.")
        sentences = (
            escape(translate("providers", self._service.credentials_help)),
            translate("CutoutAccount", "Make one here: {link}.").format(link=link) if page else "",
            kept if self.credentials.way is not Way.CONFIG else "",
            self._browser_help() if self.credentials.way is Way.BROWSER else "",
        )
        return " ".join(filter(None, sentences))

    def _browser_help(self) -> str:
        native = translate("CutoutAccount", "Register a native application (PKCE): it has a client id and no secret.")
        web = translate("CutoutAccount", "Register a web application with a secret: without one it takes QGIS 3.34.")
        return native if has_pkce() else web

    def _say(self, text: str, mood: Mood) -> None:
        self.notice.say(text, mood)
        self._fit()

    def _fit(self) -> None:
        """Grow with the text: a dialog does not do so by itself."""
        self.layout().activate()
        self.resize(self.width(), max(self.height(), self.layout().totalHeightForWidth(self.width())))

    def _ask(self) -> None:
        if self.credentials.way in (Way.BROWSER, Way.CONFIG):
            self._say(translate("CutoutAccount", "QGIS signs in, maybe in your web browser…"), Mood.BUSY)
        try:
            provider = self._provider()
        except ExportError as error:
            self._say(str(error), Mood.ERROR)
            return
        self._say(translate("CutoutAccount", "Asking {host}…").format(host=host(provider.server)), Mood.BUSY)
        self._test.ask(
            lambda progress: provider.greet(),
            lambda greeting: self._say(greeting, Mood.GOOD),
            lambda error: self._say(str(error), Mood.ERROR),
        )

    def _provider(self) -> Provider:
        """With what is entered. QGIS only signs in with what it has stored, so that is a draft until it is saved."""
        account, secret = self.account, self.credentials.secret
        if not isinstance(secret, Client):
            self._accounts.unlock(account)
            return self._accounts.connect_to(account, secret)
        if self._draft is None or self._draft[1] != secret:
            self._forget_draft()
            self._draft = (self._accounts.draft(account, secret), secret)
        draft = replace(self._draft[0], server=account.server)
        self._accounts.unlock(draft)
        return self._accounts.connect_to(draft)


def _kind(way: Way) -> Credentials:
    return Credentials.OAUTH2 if way in (Way.BROWSER, Way.CONFIG) else Credentials(way.value)


def _is_open_http(server: str) -> bool:
    """Plain http to another machine."""
    parts = urlsplit(server)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")
