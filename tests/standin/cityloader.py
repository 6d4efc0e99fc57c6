"""The Simple Export API of 3DCityLoader, on a part of Vienna (see city.py).

Every behaviour is tagged DOC (the vendor's documentation) or GUESS (nobody outside knows; do not rely on it); no client
in public source speaks to this service. The keys say where:

C1   https://v2.3dcityloader.com/docs/api/quickstart
C2   https://v2.3dcityloader.com/docs/api/authentication
C3   https://v2.3dcityloader.com/docs/api/simple-export

Where the documentation is silent on errors, the words and shapes are those of Laravel, the framework that the answers
look like: GUESS throughout.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.exceptions import HTTPException

from . import city
from .cityloader_exports import Export, Exports
from .cityloader_orders import ADDRESSES, BadOrder, read_order
from .cityloader_settings import Settings
from .faults import error_body
from .settings import changed
from .world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PERMISSIONS = ("create", "read", "pay")  # DOC C2: export.create, export.read (view and download), export.pay
ACCOUNTS = {"stranger": "stranger"}  # every other token belongs to the customer
HOLDS = {
    "full": PERMISSIONS,
    **{f"no_{missing}": tuple(name for name in PERMISSIONS if name != missing) for missing in PERMISSIONS},
    "stranger": PERMISSIONS,
}


class ApiError(Exception):
    """An answer other than what was asked for. ``fields``: what is wrong with each field of the request."""

    def __init__(self, status: int, message: str, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.fields = status, message, fields


class CityLoader:
    """The service with its tokens, settings and jobs. ``url`` is set once it has a port; the API is below ``/api``."""

    name = "cityloader"

    def __init__(self, world: World) -> None:
        self._world = world
        self.tokens = {name: f"{number}|{secrets.token_hex(20)}" for number, name in enumerate(HOLDS, start=1)}
        self._secret = secrets.token_bytes(32)
        self.url = ""
        self.reset()
        self.app: WSGIApplication = self._application()
        files = Flask("standin-cityloader-files")
        files.add_url_rule("/download/<name>", "download", self._download)
        files.register_error_handler(ApiError, self._error)
        self.companions: dict[str, WSGIApplication] = {"cityloader-files": files}
        self.companion_urls: dict[str, str] = {}

    def reset(self) -> None:
        self.settings = Settings()
        self._revoked: set[str] = set()
        self._exports = Exports(self._world, lambda: self.settings)

    def configure(self, values: dict[str, Any]) -> dict[str, Any]:
        self.settings = changed(self.settings, values)
        return asdict(self.settings)

    def describe(self) -> dict[str, Any]:
        """``api``: the base URL for a client; ``place``: west, south, east, north of where there are data."""
        return {
            "url": self.url,
            "api": f"{self.url}/api",
            "tokens": self.tokens,
            "place": [round(degrees, 6) for degrees in city.PLACE],
            "addresses": {name: list(place) for name, place in ADDRESSES.items()},
        }

    def records(self) -> list[dict[str, Any]]:
        return self._exports.records()

    def revoke(self, key: str) -> None:
        self._revoked.add(key)

    # --- the application ---------------------------------------------------------------------------------------

    def _application(self) -> WSGIApplication:
        app = Flask("standin-cityloader")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.register_error_handler(ApiError, self._error)
        app.register_error_handler(HTTPException, lambda error: self._error(ApiError(error.code or 500, error.name)))
        app.register_error_handler(BadOrder, lambda bad: self._error(ApiError(422, bad.message, bad.fields)))
        routes: list[tuple[str, Callable[..., Any], str]] = [
            ("/login", self._login, "GET"),
            ("/api/export/simple", self._create, "POST"),
            ("/api/export/<name>", self._detail, "GET"),
            ("/api/export/<name>/download", self._download, "GET"),
        ]
        for path, view, method in routes:
            app.add_url_rule(path, f"{method} {path}", view, methods=[method])
        return app

    def _login(self) -> str:
        return "<!DOCTYPE html><title>Log in</title><h1>Log in</h1><form method=post><input name=email></form>"

    def _token(self) -> str:
        """DOC C2: ``Authorization: Bearer TOKEN``. The name of the token; raises a 401 without a valid one."""
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        for name, token in self.tokens.items():
            if scheme == "Bearer" and hmac.compare_digest(sent.encode(), token.encode()) and token not in self._revoked:
                return name
        raise ApiError(401, "Unauthenticated.")

    def _permitted(self, permission: str) -> str:
        """The name of the token. DOC C2: which permission is for what; GUESS: 403 without it."""
        name = self._token()
        if permission not in HOLDS[name]:
            raise ApiError(403, self._lacking(permission))
        return name

    def _lacking(self, permission: str) -> str:
        if self.settings.names_permission:
            return f"The API token lacks the permission export.{permission}."
        return "Invalid ability provided."

    def _create(self) -> Response:
        """DOC C1: 201 with an id. A body that does not say it is JSON is not read (GUESS: all samples say it)."""
        token = self._permitted("create")
        order = read_order(request.get_json(silent=True), self.settings.max_km2)
        if not self.settings.payment_method:
            raise ApiError(402, "Please add a payment method to your account.")
        unpaid = "pay" not in HOLDS[token]
        if unpaid and self.settings.unpaid != "pending":
            status = int(self.settings.unpaid)
            raise ApiError(status, "Payment required." if status == 402 else self._lacking("pay"))
        export = self._exports.create(order, request.get_json(), ACCOUNTS.get(token, "customer"), unpaid)
        response = jsonify({"id": export.id})
        response.status_code = 201
        return response

    def _detail(self, name: str) -> Response:
        """DOC C1: the status, and the download_url when it is done. GUESS: no other field, and 404 for other ids."""
        account = ACCOUNTS.get(self._permitted("read"), "customer")
        export = self._exports.get(name)
        if export is None or export.account != account:
            raise ApiError(404, "Not Found.")
        answer = {"id": export.id, "status": self._exports.look(export)}
        if answer["status"] == "done":
            answer["download_url"] = self._download_url(export)
        return jsonify(answer)

    def _download_url(self, export: Export) -> str:
        """GUESS: signed, for the vendor's sample sends no token there (DOC C1)."""
        if self.settings.download_via == "storage":
            return self._exports.link(export)
        expires = str(int(self._world.clock.now() + self.settings.link_lifetime))
        place = f"{self.url}/api/export/{export.id}/download"
        if self.settings.download_via == "files":
            place = f"{self.companion_urls['cityloader-files']}/download/{export.id}"
        return f"{place}?expires={expires}&signature={self._signature(str(export.id), expires)}"

    def _signature(self, name: str, expires: str) -> str:
        return hmac.new(self._secret, f"{name} {expires}".encode(), hashlib.sha256).hexdigest()

    def _download(self, name: str) -> Any:
        """DOC C1: a redirect. GUESS: 302, to a presigned link at the storage; a token sent along is not looked at."""
        expires, signature = request.args.get("expires", ""), request.args.get("signature", "")
        export = self._exports.get(name)
        genuine = hmac.compare_digest(signature.encode(), self._signature(name, expires).encode())
        if export is None or not genuine or int(expires) < self._world.clock.now():
            raise ApiError(403, "Invalid signature.")
        return redirect(self._exports.link(export), 302)

    def _error(self, error: ApiError) -> Any:
        """DOC C1: JSON with ``message``. GUESS: everything else."""
        shape = self.settings.error_shape
        if error.status == 401 and self.settings.login_redirect and "json" not in request.headers.get("Accept", ""):
            return redirect(f"{self.url}/login", 302)
        if shape in ("message", "empty"):
            answer = {"message": error.message, **({"errors": error.fields} if error.fields else {})}
            response = jsonify(answer if shape == "message" else {})
            response.status_code = error.status
            return response
        text, content_type = error_body(shape, error.status, error.message)
        return Response(text, error.status, content_type=content_type)
