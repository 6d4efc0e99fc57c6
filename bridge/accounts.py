"""Saved accounts: the credentials in QGIS's authentication database, the rest in QgsSettings under cutout/accounts.

Main thread only: the authentication manager may ask for the master password in a window.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from qgis.core import QgsApplication, QgsAuthManager, QgsAuthMethodConfig, QgsSettings
from qgis.PyQt.QtCore import QObject, QUrl, pyqtSignal
from qgis.PyQt.QtNetwork import QNetworkRequest

from ..core.address import host
from ..core.errors import ExportError
from ..core.http import Secret
from ..core.provider import Provider
from ..providers import services
from .network import network

GROUP = "cutout/accounts"
# A token without a user name is kept as a Basic config under this name: QGIS 3.22 has no APIHeader method.
NO_USER = "apikey"


@dataclass(frozen=True)
class Account:
    """Where one may order: a service, one of its servers, and the id of the auth config that holds the credentials."""

    service: str
    server: str
    title: str = ""
    authcfg: str = ""
    allow_http: bool = False

    @property
    def label(self) -> str:
        return f"{self.title} ({host(self.server)})" if self.title else host(self.server)


class Accounts(QObject):
    """The list of accounts. Errors: ExportError when QGIS can't open or write its authentication database."""

    changed = pyqtSignal()

    def all(self, service: str = "") -> tuple[Account, ...]:
        settings = QgsSettings()
        settings.beginGroup(GROUP)
        keys = settings.childGroups()
        settings.endGroup()
        found = (self._read(key) for key in keys)
        return tuple(sorted((one for one in found if service in ("", one.service)), key=lambda one: one.label.lower()))

    def get(self, service: str, server: str, authcfg: str = "") -> Account:
        """The account of a job: by its auth config, else the first one saved for the server.

        Errors: ExportError when there is none any more.
        """
        ours = self.all(service)
        same = [one for one in ours if authcfg and one.authcfg == authcfg]
        same = same or [one for one in ours if one.server == normal_server(server)]
        if not same:
            raise ExportError(
                f"There is no account for {host(server)} any more.", "Add it again, then press “Check now”."
            )
        return same[0]

    def is_unlocked(self) -> bool:
        """Credentials can be read without asking the person."""
        manager = QgsApplication.authManager()
        return not manager.isDisabled() and manager.masterPasswordIsSet()

    def unlock(self) -> None:
        """Let QGIS ask for its master password if it has to. Errors: ExportError when the person declines."""
        _open_manager()

    def save(self, account: Account, secret: Secret | None = None) -> Account:
        """Keep the account; without a secret the stored credentials stay as they are."""
        account = replace(account, server=normal_server(account.server))
        if secret is not None:
            account = replace(account, authcfg=self._store(account, secret))
        settings = QgsSettings()
        for key, value in (
            ("service", account.service),
            ("server", account.server),
            ("title", account.title),
            ("allow_http", account.allow_http),
        ):
            settings.setValue(f"{GROUP}/{account.authcfg}/{key}", value)
        self.changed.emit()
        return account

    def remove(self, account: Account) -> None:
        """Forget the account and its credentials."""
        QgsSettings().remove(f"{GROUP}/{account.authcfg}")
        QgsApplication.authManager().removeAuthenticationConfig(account.authcfg)
        self.changed.emit()

    def secret(self, account: Account) -> Secret:
        """The credentials as a value. Basic configs as they are, any other method as the headers it makes."""
        manager = _open_manager()
        config = QgsAuthMethodConfig()
        if not account.authcfg or not manager.loadAuthenticationConfig(account.authcfg, config, True)[0]:
            raise ExportError(
                f"The credentials of {account.label} are not in QGIS's authentication database.",
                "Edit the account and enter them again.",
            )
        loaded = manager.loadAuthenticationConfig(account.authcfg, config, True)[1]
        if loaded.method() == "Basic":
            user = loaded.config("username")
            return Secret(username="" if user == NO_USER else user, password=loaded.config("password"))
        return Secret(headers=_signed_headers(account.server, account.authcfg))

    def connect_to(self, account: Account, secret: Secret | None = None) -> Provider:
        """The account's service, ready to be used in a task. secret: credentials that are not saved yet."""
        service = services().get(account.service)
        if service is None:
            raise ExportError(f"This version of Cutout does not know the service {account.service}.", "Update Cutout.")
        secret = self.secret(account) if secret is None else secret
        return service(normal_server(account.server), secret, network(allow_http=account.allow_http))

    def _read(self, authcfg: str) -> Account:
        settings = QgsSettings()
        path = f"{GROUP}/{authcfg}"
        return Account(
            service=settings.value(f"{path}/service", "", str),
            server=settings.value(f"{path}/server", "", str),
            title=settings.value(f"{path}/title", "", str),
            authcfg=authcfg,
            allow_http=settings.value(f"{path}/allow_http", False, bool),
        )

    def _store(self, account: Account, secret: Secret) -> str:
        manager = _open_manager()
        config = QgsAuthMethodConfig("Basic")
        config.setName(f"Cutout: {account.label}")
        config.setUri(account.server)
        config.setConfig("username", secret.username or NO_USER)
        config.setConfig("password", secret.password)
        if account.authcfg:
            config.setId(account.authcfg)
            stored, authcfg = manager.updateAuthenticationConfig(config), account.authcfg
        else:
            stored, config = manager.storeAuthenticationConfig(config)
            authcfg = config.id()
        if not stored:
            raise ExportError("QGIS did not save the credentials.", "Try again, and enter QGIS's master password.")
        return authcfg


def normal_server(server: str) -> str:
    """The address as it is kept: with a scheme, without a query or a slash at the end. Errors: ExportError."""
    server = server.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*://", server, re.IGNORECASE):
        server = f"https://{server}"
    try:
        parts = urlsplit(server)
    except ValueError:
        raise ExportError(f"{server} is not a web address.", "It looks like https://data.linz.govt.nz.") from None
    return f"{parts.scheme.lower()}://{parts.netloc}{parts.path.rstrip('/')}"


def _open_manager() -> QgsAuthManager:
    manager = QgsApplication.authManager()
    if manager.isDisabled():
        raise ExportError("QGIS's authentication database can't be used.", manager.disabledMessage())
    if not manager.setMasterPassword(True):
        raise ExportError(
            "QGIS's authentication database is locked.", "Try again, and enter QGIS's master password when asked."
        )
    return manager


def _signed_headers(server: str, authcfg: str) -> dict[str, str]:
    """The headers that the auth config puts on a request to this server (measured on 3.22 to 3.44)."""
    signed, request = QgsApplication.authManager().updateNetworkRequest(QNetworkRequest(QUrl(server)), authcfg)
    if not signed:
        raise ExportError(
            "QGIS could not sign in with this auth config.", "Check it in Settings > Options > Authentication."
        )
    return {
        bytes(name).decode("latin-1"): bytes(request.rawHeader(name)).decode("latin-1")
        for name in request.rawHeaderList()
    }
