"""Saved accounts: the credentials in QGIS's authentication database, the rest in QgsSettings under cutout/accounts.

Main thread only: the authentication manager may ask for the master password in a window.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qgis.core import QgsApplication, QgsAuthManager, QgsAuthMethodConfig
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..core.address import host
from ..core.errors import ExportError
from ..core.provider import SHARE_USER, Credentials, Provider
from ..providers import services
from . import account_settings
from .account_settings import Account
from .sign_in import METHOD, Client, is_renewed, needs_person, oauth2_config, signed_headers

if TYPE_CHECKING:
    from ..core.http import Secret

__all__ = ["Account", "Accounts", "is_config", "normal_server"]
# A token without a user name is kept as a Basic config under this name: QGIS 3.22 has no APIHeader method.
NO_USER = "apikey"
_KEY_IN_PATH = r"(?i)/services;key=.*|;key=[^/]*"  # a web service's address of Koordinates
WILLING = 10.0  # seconds after the person asked for it, in which QGIS may open a web browser to sign in
SESSION = 3480.0  # seconds: an hour, which a sign-in usually lasts, less the time before its end that QGIS renews it


def is_config(authcfg: str) -> bool:
    """QGIS has this auth config. Its configAuthMethodKey() also knows those that were removed (seen in 3.44)."""
    return authcfg in QgsApplication.authManager().configIds()


@dataclass(frozen=True)
class _Session:
    """headers: as QGIS made them last. until: by time.monotonic(), endless where QGIS renews them itself."""

    headers: dict[str, str] = field(repr=False)
    until: float


class Accounts(QObject):
    """The list of accounts. Errors: ExportError when QGIS can't open or write its authentication database."""

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._sessions: dict[str, _Session] = {}  # by auth config: what somebody has signed in to
        self._known_to_ask: dict[str, bool] = {}  # by auth config, of those with OAuth2
        self._willing = ("", 0.0)  # to sign in with this auth config, until this time
        self.is_signing_in = False

    def all(self, service: str = "") -> tuple[Account, ...]:
        return tuple(one for one in account_settings.read_all() if service in ("", one.service))

    def get(self, service: str, server: str, authcfg: str = "") -> Account:
        """The account of a job: with its server and auth config, else one of them, else the auth config as it is.

        Errors: ExportError when there is none any more.
        """
        ours = self.all(service)
        here = [one for one in ours if one.server == normal_server(server)]
        same = [one for one in ours if authcfg and one.authcfg == authcfg]
        # An auth config that others made may serve many servers, so it says nothing of where the job is.
        best = [one for one in here if one in same] or [one for one in same if one.own] or here
        if not best and is_config(authcfg):
            return Account(service, normal_server(server), authcfg=authcfg)
        if not best:
            raise ExportError(
                f"There is no account for {host(server)} any more.", "Add it again, then press “Check now”."
            )
        return best[0]

    def is_unlocked(self) -> bool:
        """Credentials can be read without asking the person."""
        manager = QgsApplication.authManager()
        return not manager.isDisabled() and manager.masterPasswordIsSet() and not self.is_signing_in

    def is_ready(self, account: Account) -> bool:
        """The credentials of this account can be had without asking the person."""
        if not self.is_unlocked() or not self._asks(account.authcfg):
            return self.is_unlocked()
        return self._has_session(account.authcfg)

    def may_open(self, account: Account) -> bool:
        """It is ready, or the person has just asked for it."""
        return self.is_ready(account) or (self.is_unlocked() and self._is_willing(account.authcfg))

    def unlock(self, account: Account | None = None) -> None:
        """The person is there and willing: QGIS may ask for its master password now, and open a web browser to sign in
        with this account.

        Errors: ExportError when the person declines.
        """
        _open_manager()
        self._willing = (account.authcfg if account else "", time.monotonic() + WILLING)

    def save(self, account: Account, secret: Secret | Client | None = None) -> Account:
        """Keep the account; without a secret the stored credentials stay as they are."""
        import secrets  # comes with much that the start of QGIS does without

        account = replace(account, server=normal_server(account.server))
        before = self._known(account)
        own = account.own or (before is not None and before.own and before.authcfg == account.authcfg)
        key = before.key if before else secrets.token_hex(4)
        account = replace(account, key=key, own=own)
        if secret is not None:
            config = self._config(account, secret)
            account = replace(account, way=self._way(account, secret), authcfg=self._store(account, config), own=True)
        account_settings.write(account)
        if before is not None and before.own and before.authcfg != account.authcfg:
            self._let_go(before.authcfg)
        self.changed.emit()
        return account

    def remove(self, account: Account) -> None:
        """Forget the account, and its credentials if Cutout keeps them and no other account needs them."""
        before = self._known(account)
        if before is not None:
            account_settings.remove(before)
            if before.own:
                self._let_go(before.authcfg)
        self.changed.emit()

    def draft(self, account: Account, client: Client) -> Account:
        """The account with an auth config of its own that can be tried: save() the account, or discard() it."""
        fresh = replace(account, authcfg="", own=False)
        return replace(fresh, authcfg=self._store(fresh, self._config(fresh, client)), own=True)

    def discard(self, draft: Account) -> None:
        QgsApplication.authManager().removeAuthenticationConfig(draft.authcfg)

    def secret(self, account: Account) -> Secret:
        """The credentials as a value. Basic configs as they are, any other method as the headers it makes."""
        from ..core.http import Secret

        manager = _open_manager()
        found, config = False, QgsAuthMethodConfig()
        if account.authcfg:
            found, config = manager.loadAuthenticationConfig(account.authcfg, config, True)
        if not found:
            raise ExportError(
                f"The credentials of {account.label} are not in QGIS's authentication database.",
                "Edit the account and enter them again.",
            )
        if config.method() == "Basic":
            user = config.config("username")
            return Secret(username="" if user == NO_USER else user, password=config.config("password"))
        return Secret(headers=self._headers(account, config))

    def connect_to(self, account: Account, secret: Secret | None = None) -> Provider:
        """The account's service, ready to be used in a task. secret: credentials that are not saved yet."""
        from .network import network  # with the transport, which the start of QGIS does without

        service = self._service(account)
        secret = self.secret(account) if secret is None else secret
        return service(normal_server(account.server), secret, network(allow_http=account.allow_http))

    def _headers(self, account: Account, config: QgsAuthMethodConfig) -> dict[str, str]:
        """Never opens a web browser out of the blue, and never a second one beside the first."""
        if self.is_signing_in:
            raise ExportError("QGIS is waiting for a sign-in in the web browser.", "Finish that first.")
        asks, session = needs_person(config), self._sessions.get(config.id())
        if asks and not self._is_willing(config.id()):
            if session is None or not self._has_session(config.id()):
                raise ExportError(
                    f"QGIS is not signed in to {account.label}.", "Sign in in the Cutout panel, then press “Check now”."
                )
            if session.until != inf:
                return session.headers  # QGIS might find that it is over, and open the browser
        self._sessions.pop(config.id(), None)
        self.is_signing_in = True
        try:
            headers = signed_headers(normal_server(account.server), config)
        finally:
            self.is_signing_in = False
        if asks:
            until = inf if is_renewed(config) else time.monotonic() + SESSION
            self._sessions[config.id()] = _Session(headers, until)
        return headers

    def _asks(self, authcfg: str) -> bool:
        """Whether somebody has to sign in for it in a web browser. Read once: reading it makes QGIS say that the master
        password is right, to everybody who waits for that."""
        manager = QgsApplication.authManager()
        if not authcfg or manager.configAuthMethodKey(authcfg) != METHOD:
            return False
        if authcfg not in self._known_to_ask:
            self._known_to_ask[authcfg] = True  # for whoever asks when QGIS says so
            _, config = manager.loadAuthenticationConfig(authcfg, QgsAuthMethodConfig(), True)
            self._known_to_ask[authcfg] = needs_person(config)
        return self._known_to_ask[authcfg]

    def _has_session(self, authcfg: str) -> bool:
        return authcfg in self._sessions and time.monotonic() < self._sessions[authcfg].until

    def _is_willing(self, authcfg: str) -> bool:
        return bool(authcfg) and self._willing[0] == authcfg and time.monotonic() < self._willing[1]

    def _service(self, account: Account) -> type[Provider]:
        service = services().get(account.service)
        if service is None:
            raise ExportError(f"This version of Cutout does not know the service {account.service}.", "Update Cutout.")
        return service

    def _known(self, account: Account) -> Account | None:
        """The account as it is kept: by its key, else by what it opens."""
        ours = self.all(account.service)
        if account.key:
            return next((one for one in ours if one.key == account.key), None)
        same = (one for one in ours if account.authcfg and one.authcfg == account.authcfg)
        return next((one for one in same if one.server == account.server), None)

    def _way(self, account: Account, secret: Secret | Client) -> str:
        if isinstance(secret, Client):
            return Credentials.OAUTH2.value
        if not secret.username:
            return Credentials.TOKEN.value
        if secret.username == SHARE_USER:
            return Credentials.SHARE_KEY.value
        pairs = (Credentials.LOGIN.value, Credentials.CLIENT.value)
        return account.way if account.way in pairs else pairs[Credentials.CLIENT in self._service(account).credentials]

    def _config(self, account: Account, secret: Secret | Client) -> QgsAuthMethodConfig:
        if isinstance(secret, Client):
            endpoints = self._service(account).oauth2
            if endpoints is None:
                raise ExportError(f"{account.label} has no sign-in in the web browser.", "Sign in in another way.")
            return oauth2_config(endpoints, secret)
        config = QgsAuthMethodConfig("Basic")
        config.setConfig("username", secret.username or NO_USER)
        config.setConfig("password", secret.password)
        return config

    def _store(self, account: Account, config: QgsAuthMethodConfig) -> str:
        """Into the auth config of the account if Cutout has made that, else into a new one."""
        manager = _open_manager()
        config.setName(f"Cutout: {account.label}")
        config.setUri(account.server)
        if account.own and account.authcfg:
            config.setId(account.authcfg)
            stored, authcfg = manager.updateAuthenticationConfig(config), account.authcfg
        else:
            stored, config = manager.storeAuthenticationConfig(config)
            authcfg = config.id()
        if not stored:
            raise ExportError("QGIS did not save the credentials.", "Try again, and enter QGIS's master password.")
        self._sessions.pop(authcfg, None)
        self._known_to_ask.pop(authcfg, None)
        return authcfg

    def _let_go(self, authcfg: str) -> None:
        """An auth config that Cutout has made goes with its last account."""
        heir = next((one for one in self.all() if one.authcfg == authcfg), None)
        if heir is None:
            QgsApplication.authManager().removeAuthenticationConfig(authcfg)
        else:
            account_settings.write(replace(heir, own=True))


def normal_server(server: str) -> str:
    """The address as it is kept: with a scheme, without a query or a slash at the end, nor a user, password or key, for
    which settings are no place. Errors: ExportError."""
    server = server.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*://", server, re.IGNORECASE):
        server = f"https://{server}"
    try:
        parts = urlsplit(server)
    except ValueError:
        raise ExportError(f"{server} is not a web address.", "It looks like https://data.linz.govt.nz.") from None
    path = re.sub(_KEY_IN_PATH, "", parts.path).rstrip("/")
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}{path}"


def _open_manager() -> QgsAuthManager:
    manager = QgsApplication.authManager()
    if manager.isDisabled():
        raise ExportError("QGIS's authentication database can't be used.", manager.disabledMessage())
    if not (manager.masterPasswordIsSet() or manager.setMasterPassword(True)):  # to verify it takes 10 ms
        raise ExportError(
            "QGIS's authentication database is locked.", "Try again, and enter QGIS's master password when asked."
        )
    return manager
