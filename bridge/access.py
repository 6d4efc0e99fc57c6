"""How a Processing run gets at a service: an auth config, an account that is saved, or the environment.

Main thread only, as bridge.accounts is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qgis.core import QgsApplication

from ..core.address import host
from ..core.errors import ExportError
from ..core.provider import SHARE_USER, Credentials, Provider
from .accounts import Account, Accounts, is_config, normal_server

if TYPE_CHECKING:
    from ..core.http import Secret

TOKEN, USER, PASSPHRASE, SHARE_KEY = "CUTOUT_TOKEN", "CUTOUT_USERNAME", "CUTOUT_PASSWORD", "CUTOUT_SHARE_KEY"
HEADLESS = "qgis_process"  # what QgsApplication.platform() says there


def access(
    accounts: Accounts, service: type[Provider], server: str, authcfg: str, environment: Mapping[str, str] = os.environ
) -> tuple[Provider, str]:
    """The service, ready for other threads, and the id of the auth config that its jobs keep: none for the environment.

    QGIS may ask for its master password, and open a web browser to sign in. Errors: ExportError about the account.
    """
    if authcfg and not is_config(authcfg):
        raise ExportError(f"QGIS has no auth config {authcfg}.", "Choose another one.", about="account")
    saved = [one for one in accounts.all(service.id) if one.server == normal_server(server)]
    allow_http = any(one.allow_http for one in saved)
    secret = _from(environment, service)
    account = Account(service.id, server, authcfg=authcfg, allow_http=allow_http) if authcfg else None
    for one in saved:
        if account is None or one.authcfg == authcfg:
            account = one
    if account is None and secret is None:
        raise ExportError(
            f"There are no credentials for {host(server)}.",
            f"Order with an auth config, add the account in the Cutout panel, or set {variables(service)}.",
            about="account",
        )
    try:
        if account is not None:
            _unlock(accounts, account)
            return accounts.connect_to(account), account.authcfg
    except ExportError as error:
        if authcfg or secret is None:  # a saved account that can't be opened now is no reason to ignore the others
            raise ExportError(error.message, error.advice, about="account") from error
    return accounts.connect_to(Account(service.id, server, allow_http=allow_http), secret), ""


def _unlock(accounts: Accounts, account: Account) -> None:
    """Errors: ExportError, which where nobody can be asked says how else QGIS gets its master password."""
    try:
        accounts.unlock(account)
    except ExportError as error:
        if QgsApplication.platform() != HEADLESS or QgsApplication.authManager().isDisabled():
            raise
        advice = "Set QGIS_AUTH_PASSWORD_FILE to the name of a file with QGIS's master password, the right one."
        raise ExportError(error.message, advice) from error


def _from(environment: Mapping[str, str], service: type[Provider]) -> Secret | None:
    """The credentials that the environment holds for this service."""
    from ..core.http import Secret

    pair = environment.get(USER, ""), environment.get(PASSPHRASE, "")
    for kind in service.credentials:
        if kind in (Credentials.TOKEN, Credentials.OAUTH2) and environment.get(TOKEN):
            return Secret(password=environment[TOKEN])
        if kind in (Credentials.LOGIN, Credentials.CLIENT) and all(pair):
            return Secret(*pair)
        if kind is Credentials.SHARE_KEY and environment.get(SHARE_KEY):
            return Secret(SHARE_USER, environment[SHARE_KEY])
    return None


def variables(service: type[Provider]) -> str:
    """The names of the environment variables that can hold credentials for the service, in words."""
    names = {
        Credentials.TOKEN: TOKEN,
        Credentials.OAUTH2: TOKEN,
        Credentials.LOGIN: f"{USER} and {PASSPHRASE}",
        Credentials.CLIENT: f"{USER} and {PASSPHRASE}",
        Credentials.SHARE_KEY: SHARE_KEY,
    }
    return " or ".join(dict.fromkeys(names[kind] for kind in service.credentials))
