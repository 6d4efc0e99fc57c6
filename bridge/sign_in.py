"""Signing in through QGIS: the OAuth2 configs that Cutout makes, and the headers that an auth config makes of itself.

Measured on 3.22.16 and 3.44.15, in the desktop: QGIS opens the browser and answers on a port of this machine, in an
event loop of its own on the main thread, for five times `requestTimeout`. 3.22 reads only the JSON keys it knows, has
no PKCE and keeps the port of a sign-in that nobody finished, so that the next one fails until QGIS is started again.
3.44 neither sends a client secret with PKCE nor bears a second sign-in with the same config inside of the first.
All open the browser again, unasked, when a token is over and there is none to renew it with.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsAuthMethodConfig
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest

from ..core.address import host
from ..core.errors import ExportError
from ..core.provider import OAuth2

METHOD = "OAuth2"
PORT = 7070  # what QGIS proposes
FIFTH = 30  # seconds; a fifth of the time that the person has in the browser
CODE, BY_PASSWORD, PKCE, BY_SECRET = 0, 2, 3, 4  # grant flows as QGIS counts them
RENEWED_BY = "offline_access"  # the scope that brings a token to renew the other with (OpenID Connect Core, 11)
SINCE = {PKCE: (33400, "3.34"), BY_SECRET: (34400, "3.44")}  # qgis/QGIS pull requests 54014 and 61063
_KEYS = "oauth2config"


@dataclass(frozen=True)
class Client:
    """An application that somebody registered at the service, as which QGIS signs people in.

    port: of this machine, where the browser brings the answer. secret: only for QGIS that has no PKCE.
    """

    id: str
    port: int = PORT
    secret: str = field(default="", repr=False)


def redirect(port: int) -> str:
    """The address that has to be registered with the application."""
    return f"http://127.0.0.1:{port}/"


def has_pkce() -> bool:
    """Whether this QGIS signs in applications that have no secret."""
    return _has(PKCE)


def oauth2_config(endpoints: OAuth2, client: Client) -> QgsAuthMethodConfig:
    """An auth config of QGIS, not stored yet: PKCE where QGIS has it, else the authorisation code with a secret."""
    values = {
        "accessMethod": 0,  # the Authorization header
        "apiKey": "",
        "clientId": client.id,
        "clientSecret": client.secret,
        "configType": 1,  # custom, as opposed to one that comes with QGIS
        "description": "",
        "grantFlow": PKCE if has_pkce() else CODE,
        "id": "",
        "name": "",
        "objectName": "",
        "password": "",  # nosec B105 - a field that this flow leaves empty
        "persistToken": False,  # QGIS would keep it outside of its authentication database
        "queryPairs": {},
        "redirectPort": client.port,
        "redirectUrl": "",
        "refreshTokenUrl": "",
        "requestTimeout": FIFTH,
        "requestUrl": endpoints.authorize,
        "scope": endpoints.scope,
        "tokenUrl": endpoints.token,
        "username": "",
        "version": 1,
    }
    config = QgsAuthMethodConfig(METHOD)
    config.setConfig(_KEYS, json.dumps(values))
    return config


def needs_person(config: QgsAuthMethodConfig) -> bool:
    """Whether somebody has to sign in in a web browser before it can be used."""
    return config.method() == METHOD and _values(config).get("grantFlow") not in (BY_PASSWORD, BY_SECRET)


def is_renewed(config: QgsAuthMethodConfig) -> bool:
    """Whether QGIS goes on by itself with what somebody has signed in to."""
    return RENEWED_BY in str(_values(config).get("scope")).split()


def signed_headers(server: str, config: QgsAuthMethodConfig) -> dict[str, str]:
    """The headers that the auth config puts on a request to this server. QGIS may open a web browser for it.

    Errors: ExportError, which says what to do when nobody has signed in.
    """
    _refuse_newer_flow(config)
    signed, request = QgsApplication.authManager().updateNetworkRequest(QNetworkRequest(QUrl(server)), config.id())
    if not signed:
        raise _failure(server, config)
    headers = {
        bytes(name).decode("latin-1"): bytes(request.rawHeader(name)).decode("latin-1")
        for name in request.rawHeaderList()
    }
    if not headers:
        raise ExportError(
            f"The auth config “{config.name()}” signs in with something else than a header.",
            "Choose one that makes headers: Basic, API header or OAuth2 (access method: header).",
        )
    return headers


def _refuse_newer_flow(config: QgsAuthMethodConfig) -> None:
    """A grant flow that it does not know makes QGIS wait, open nothing, and say nothing."""
    flow = _values(config).get("grantFlow")
    if flow in SINCE and not _has(flow):
        raise ExportError(
            f"The auth config “{config.name()}” signs in in a way that QGIS has from version {SINCE[flow][1]} on.",
            "Use a newer QGIS, or sign in in another way.",
        )


def _values(config: QgsAuthMethodConfig) -> dict[str, Any]:
    """What an OAuth2 config says; nothing where it is broken, of which QGIS tells."""
    with suppress(ValueError):
        values = json.loads(config.config(_KEYS) or "{}")
        if isinstance(values, dict):
            return values
    return {}


def _failure(server: str, config: QgsAuthMethodConfig) -> ExportError:
    message = f"QGIS could not sign in to {host(server)} with the auth config “{config.name()}”."
    if config.method() != METHOD:
        return ExportError(message, "Check it in Settings > Options > Authentication.")
    advice = (
        "Try again and finish the sign-in in the web browser soon. If no page opens there or it shows an error, check "
        "that this computer is online, and the auth config in Settings > Options > Authentication."
    )
    return ExportError(message, advice if has_pkce() else f"Start QGIS again, which this version needs first. {advice}")


def _has(flow: int) -> bool:
    return SINCE[flow][0] <= Qgis.QGIS_VERSION_INT
