"""Bentley's identity service: OAuth 2.0 as native and service applications of the iTwin platform use it.

DOC B6: authorization code with PKCE for native applications, which have no secret. DOC B7: client credentials for
services. The rest is what RFC 6749 and RFC 7636 say. The source keys are those of itwin.py.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from flask import Flask, Response, jsonify, redirect, request
from markupsafe import escape

from .itwin_settings import Settings
from .world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SCOPE = "itwin-platform"  # DOC B6
SCOPES = {SCOPE, "offline_access", "openid", "profile", "email"}
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@dataclass(frozen=True)
class Grant:
    """What a code, an access token or a refresh token stands for."""

    client: str
    scope: str
    expires: float
    challenge: str = ""
    redirect_uri: str = ""


class TokenError(Exception):
    """An OAuth error: a 400, or a 401 for a client that used HTTP Basic (DOC RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


class Identity:
    """The service and its tokens. One native application and one service application are registered."""

    name = "ims"

    def __init__(self, world: World, settings: Callable[[], Settings]) -> None:
        self._clock, self._settings = world.clock, settings
        self._lock = threading.Lock()
        self.native, self.service = f"native-{secrets.token_hex(12)}", f"service-{secrets.token_hex(12)}"
        self.secret, self.token = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        self.reset()
        self.app: WSGIApplication = self._application()

    def reset(self) -> None:
        self._codes: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._revoked: set[str] = set()
        # A token at hand from the start, for those who have no browser.
        self._tokens = {self.token: Grant(self.native, SCOPE, self._clock.now() + Settings().token_lifetime)}

    def revoke(self, key: str) -> None:
        self._revoked.add(key)

    def grant(self, token: str) -> Grant | None:
        """What an access token is good for; None if it never was, is too old or revoked."""
        found = self._tokens.get(token)
        return found if found and found.expires > self._clock.now() and token not in self._revoked else None

    def _application(self) -> WSGIApplication:
        app = Flask("standin-ims")
        app.register_error_handler(TokenError, self._error)
        app.add_url_rule("/connect/authorize", "authorize", self._authorize, methods=["GET", "POST"])
        app.add_url_rule("/connect/token", "token", self._token, methods=["POST"])
        return app

    def _error(self, error: TokenError) -> Response:
        response = jsonify({"error": error.error, "error_description": error.description})
        basic = error.error == "invalid_client" and request.authorization is not None
        response.status_code = 401 if basic else 400
        if basic:
            response.headers["WWW-Authenticate"] = "Basic"
        return response

    # --- the browser's side ------------------------------------------------------------------------------------

    def _authorize(self) -> Any:
        """Straight back with a code: who asks is signed in already."""
        asked = request.args
        back = asked.get("redirect_uri", "")
        # DOC B6: a registered redirect URI, else no redirect (RFC 6749, 4.1.2.1). GUESS: any on this machine is one.
        if asked.get("client_id") != self.native or urlsplit(back).hostname not in LOOPBACK:
            return "<!DOCTYPE html><title>Error</title><h1>Unknown client or redirect URI</h1>", 400
        error = self._objection()
        if not error and self._settings().login_page and request.method == "GET":
            form = f"<form method=post action='{escape(request.full_path)}'><button>Sign in</button></form>"
            return f"<!DOCTYPE html><title>Sign in</title>{form}"
        answer = {"error": error} if error else {"code": self._code(back)}
        if "state" in asked:
            answer["state"] = asked["state"]
        return redirect(f"{back}{'&' if '?' in back else '?'}{urlencode(answer)}", 302)

    def _objection(self) -> str:
        asked = request.args
        scopes = set(asked.get("scope", "").split())
        if asked.get("response_type") != "code":
            return "unsupported_response_type"
        if SCOPE not in scopes or not scopes <= SCOPES:
            return "invalid_scope"
        if len(asked.get("code_challenge", "")) != 43 or asked.get("code_challenge_method") != "S256":
            return "invalid_request"  # DOC B6: PKCE is a must for native applications
        return "access_denied" if self._settings().deny else ""

    def _code(self, back: str) -> str:
        code = secrets.token_urlsafe(32)
        expires = self._clock.now() + self._settings().code_lifetime
        grant = Grant(self.native, request.args["scope"], expires, request.args["code_challenge"], back)
        with self._lock:
            self._codes[code] = grant
        return code

    # --- the application's side --------------------------------------------------------------------------------

    def _token(self) -> Response:
        client = self._client()
        kind = request.form.get("grant_type", "")
        kinds: dict[str, Callable[[str], str]] = {
            "authorization_code": self._by_code,
            "client_credentials": self._by_secret,
            "refresh_token": self._by_refresh,
        }
        if kind not in kinds:
            raise TokenError("unsupported_grant_type", f"There is no grant type {kind!r}.")
        return self._issue(client, kinds[kind](client), renewable=kind != "client_credentials")

    def _client(self) -> str:
        """The client, which names itself in the body or by HTTP Basic (DOC RFC 6749, 2.3.1)."""
        basic, form = request.authorization, request.form
        client = unquote_plus(basic.username or "") if basic else form.get("client_id", "")
        secret = unquote_plus(basic.password or "") if basic else form.get("client_secret", "")
        right = client == self.native or (client == self.service and hmac.compare_digest(secret, self.secret))
        if not right or secret in self._revoked:
            raise TokenError("invalid_client", "Client authentication failed.")
        return client

    def _by_code(self, client: str) -> str:
        form = request.form
        with self._lock:
            grant = self._codes.pop(form.get("code", ""), None)  # DOC RFC 6749, 4.1.2: once
        if grant is None or grant.expires < self._clock.now() or grant.client != client:
            raise TokenError("invalid_grant", "The code is unknown, used or too old.")
        if form.get("redirect_uri", "") != grant.redirect_uri:
            raise TokenError("invalid_grant", "The redirect URI is another than the code was asked for.")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not hmac.compare_digest(challenge, grant.challenge):  # DOC RFC 7636, 4.6
            raise TokenError("invalid_grant", "The code verifier does not fit the code challenge.")
        return grant.scope

    def _by_secret(self, client: str) -> str:
        if client != self.service:
            raise TokenError("unauthorized_client", "A native application has no credentials of its own.")
        scope = request.form.get("scope", "")
        if scope != SCOPE:
            raise TokenError("invalid_scope", f"A service asks for the scope {SCOPE}.")
        return scope

    def _by_refresh(self, client: str) -> str:
        token = request.form.get("refresh_token", "")
        grant = self._refresh.get(token)
        if grant is None or grant.client != client or token in self._revoked:
            raise TokenError("invalid_grant", "The refresh token is unknown or revoked.")
        return grant.scope

    def _issue(self, client: str, scope: str, renewable: bool) -> Response:
        settings = self._settings()
        token, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
        grant = Grant(client, scope, self._clock.now() + settings.token_lifetime)
        answer = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(settings.token_lifetime),
            "scope": scope,
        }
        with self._lock:
            self._tokens[token] = grant
            if renewable and (settings.refresh == "always" or settings.refresh in scope.split()):
                self._refresh[refresh] = grant
                answer["refresh_token"] = refresh
        response = jsonify(answer)
        response.headers["Cache-Control"] = "no-store"
        return response
