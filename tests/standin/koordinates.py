"""The Koordinates Exports API as LINZ, Stats NZ and other sites serve it, on real open data.

Every behaviour is tagged DOC (the vendor's documentation), CODE (seen in the source or tests of a real client) or
GUESS (nobody outside knows; do not rely on it). The keys say where:

K1   https://help.koordinates.com/site-admin-apis/export-api
K2   https://apidocs.koordinates.com/
K3   https://github.com/koordinates/python-client (the official client: koordinates/exports.py, client.py,
     exceptions.py, tests/test_exports.py, tests/response_data/exports.py, docs)
K4   https://github.com/koordinates/koordinates-qgis-plugin, K4c https://github.com/niwa/geoapis
K5   https://github.com/phaakma/pykaahma-linz, packaged as kapipy
K6   https://github.com/osm-nz/koordinates-api
K7   the Python package geokoord
K8   https://github.com/linz/lds-cache
K9 to K13, K18   public scripts of users of LINZ data
K16  https://help.koordinates.com/find-and-export-data/txt-file-your-export/
B1   the Python packages koordinates 0.7.1, kapipy 0.4.2 and koop 0.0.7 as run against this stand-in
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, jsonify, redirect, request
from werkzeug.exceptions import HTTPException

from . import koordinates_layers as layers
from .faults import error_body
from .koordinates_catalogue import ITEMS, options_document
from .koordinates_exports import Export, Exports
from .koordinates_layers import NotThere, crop_area, found, paged
from .koordinates_orders import BadOrder, Order, Rules, read_order
from .koordinates_settings import Settings
from .koordinates_validation import export_name, validation_document
from .settings import changed
from .world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

API = "/services/api/<any(v1, 'v1.x'):version>"
READER = {"query", "tiles", "catalog", "wxs:wfs", "layers:read", "sets:read", "documents:read"}  # CODE K9: the default
FULL = READER | {"exports:read", "exports:write"}  # CODE K9
SCOPES = {"layers": "layers:read", "tables": "layers:read", "licenses": "layers:read", "data": "catalog"}


class ApiError(Exception):
    """An answer other than what was asked for: a message in the site's error shape."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Koordinates:
    """One site with its keys, settings and exports. ``url`` is set once it has a port."""

    name = "koordinates"

    def __init__(self, world: World, key: str | None = None) -> None:
        self._world = world
        made = {name: secrets.token_hex(16) for name in ("full", "reader", "foreign")}
        self.keys = {**made, "full": key or made["full"]}
        self.url = ""
        self.companions: dict[str, WSGIApplication] = {}
        self.companion_urls: dict[str, str] = {}
        self.reset()
        self.app: WSGIApplication = self._application()

    def reset(self) -> None:
        self.settings = Settings()
        self._revoked: set[str] = set()
        self._exports = Exports(self._world, lambda: self.settings, lambda: self.url)

    def configure(self, values: dict[str, Any]) -> dict[str, Any]:
        self.settings = changed(self.settings, values)
        return asdict(self.settings)

    def describe(self) -> dict[str, Any]:
        return {"url": self.url, "keys": self.keys, "layers": {item.slug: item.path for item in ITEMS}}

    def records(self) -> list[dict[str, Any]]:
        return self._exports.records()

    def revoke(self, key: str) -> None:
        self._revoked.add(key)

    # --- the application ---------------------------------------------------------------------------------------

    def _application(self) -> WSGIApplication:
        app = Flask("standin-koordinates")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.before_request(self._slash)
        app.before_request(self._authorize)
        app.register_error_handler(ApiError, self._error)
        app.register_error_handler(HTTPException, lambda error: self._error(ApiError(error.code or 500, error.name)))
        app.register_error_handler(NotThere, lambda error: self._error(ApiError(404, str(error))))  # CODE K3
        app.register_error_handler(BadOrder, lambda error: (error.fields, 400))  # CODE K3: {field: [messages]}
        routes: list[tuple[str, Callable[..., Any], str]] = [
            ("/", self._home, "GET"),
            ("/login/", self._home, "GET"),  # CODE B1: koop looks here first
            (f"{API}/users/me/", self._me, "GET"),
            (f"{API}/exports/", self._formats, "OPTIONS"),
            (f"{API}/exports/", self._list, "GET"),
            (f"{API}/exports/", self._create, "POST"),
            (f"{API}/exports/validate/", self._validate, "POST"),
            (f"{API}/exports/<int:number>/", self._detail, "GET"),
            (f"{API}/exports/<int:number>/", self._cancel, "DELETE"),
            (f"{API}/exports/<int:number>/download/", self._download, "GET"),
            *((f"{API}/{path}", view, "GET") for path, view in layers.ROUTES.items()),
        ]
        for path, view, method in routes:
            options: dict[str, Any] = {"methods": [method], "provide_automatic_options": False}
            app.add_url_rule(path, f"{method} {path}", _without_version(view), **options)
        return app

    def _slash(self) -> Any:
        """CODE K3: every URL template of the official client ends in a slash. GUESS: what happens without."""
        if request.path.endswith("/"):
            return None
        if not self.settings.slash_redirect:
            raise ApiError(404, "Not found.")
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        return redirect(f"{self.url}{request.path}/{query}", 301)

    def _authorize(self) -> None:
        """DOC K2: ``Authorization: key TOKEN``. CODE K9: a key without the scope is a 401 whose body names it."""
        _, services, _, version, resource = (request.path.split("/") + [""] * 4)[:5]
        if services != "services":
            return
        g.site, g.settings = self.url, self.settings
        g.rich, g.base = version == "v1.x", f"{self.url}/services/api/{version}"
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "key":  # DOC K2: Bearer is not for public use
            raise ApiError(401, "Authentication credentials were not provided.")
        scopes = {self.keys["full"]: FULL, self.keys["reader"]: READER}.get(token)
        if scopes is None or token in self._revoked:  # CODE K3 (quickstart): a key of another site is not valid here
            raise ApiError(401, "Invalid API key.")
        writing = request.method not in ("GET", "HEAD", "OPTIONS")
        needed = f"exports:{'write' if writing else 'read'}" if resource == "exports" else SCOPES.get(resource)
        if needed and needed not in scopes:
            raise ApiError(401, f"Invalid scope: this API key does not have {needed}.")

    def _error(self, error: ApiError) -> Response:
        text, content_type = error_body(self.settings.error_shape, error.status, error.message)
        return Response(text, error.status, content_type=content_type)

    def _home(self) -> str:
        return "<!DOCTYPE html><title>Koordinates stand-in</title><h1>Koordinates stand-in</h1>"

    def _me(self) -> Response:
        """CODE K4: the official plugin's login check. GUESS: the fields."""
        user = {"id": 7, "first_name": "Cutout", "last_name": "Tester", "email": "tester@example.org", "country": "NZ"}
        return jsonify({**user, "url": f"{g.base}/users/7/"})

    # --- exports -----------------------------------------------------------------------------------------------

    def _formats(self) -> Response:
        return jsonify(options_document(self.settings.pdf))

    def _list(self) -> Response:
        """DOC K1; CODE K3: newest first. An export that the page shows has been looked at."""

        def entry(export: Export) -> dict[str, Any]:
            self._exports.look(export)
            return self._exports.entry(export, g.base)

        return paged(self._exports.newest_first(), entry)

    def _read(self) -> tuple[Order, dict[str, Any]]:
        """The order in the request, and what the service says of it."""
        body = request.get_json(force=True, silent=True)
        if body is None:
            raise ApiError(400, "JSON parse error.")
        settings = self.settings
        rules = Rules(
            self.url, settings.max_vertices, settings.crs_required, settings.pdf, lambda url: crop_area(url, self.url)
        )
        order = read_order(body, rules)
        name = export_name(order, settings.prefix, settings.name_codes)
        return order, validation_document(order, g.base, name, g.rich, settings.price, settings.refuse)

    def _validate(self) -> Response:
        """CODE K3: 200 also when invalid."""
        return jsonify(self._read()[1])

    def _create(self) -> Response:
        """DOC K1. CODE K3, K10, K12: 201 with Location; a refusal is the validation document with 400."""
        order, document = self._read()
        if not document["is_valid"]:
            return _json(document, 400)
        export = self._exports.create(order, request.get_json(force=True))
        response = self._answer(export, 201) if self.settings.create_body else Response(status=201)
        response.headers["Location"] = f"{g.base}/exports/{export.id}/"
        return response

    def _detail(self, number: int) -> Response:
        export = found(self._exports.get(number))
        self._exports.look(export)
        complete = self._exports.state(export) == "complete"
        return self._answer(export, 303 if complete and self.settings.detail_303 else 200)

    def _cancel(self, number: int) -> Response:
        """CODE K3: 202 with the export, or 409 with this very body."""
        export = found(self._exports.get(number))
        if self._exports.cancel(export):
            return self._answer(export, self.settings.cancel_status)
        return _json({"errors": ["Can't cancel"]}, 409)

    def _download(self, number: int) -> Any:
        """CODE K8: exactly 302, to a presigned link at another host. GUESS: 404 unless complete."""
        export = found(self._exports.get(number))
        if self._exports.state(export) != "complete":
            raise ApiError(404, "Not found.")
        return redirect(self._exports.link(export), 302)

    def _answer(self, export: Export, status: int) -> Response:
        return _json(self._exports.detail(export, g.base, g.rich), status)


def _without_version(view: Callable[..., Any]) -> Callable[..., Any]:
    """The version is known to every view from _authorize; as an argument it would be noise in each."""

    def called(**values: Any) -> Any:
        values.pop("version", None)
        return view(**values)

    return called


def _json(document: dict[str, Any], status: int) -> Response:
    response = jsonify(document)
    response.status_code = status
    return response
