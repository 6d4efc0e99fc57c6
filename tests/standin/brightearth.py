"""BrightEarth On Demand (BEOD) of LuxCarta: buildings, roads, trees and terrain found in an image, on open data.

Every behaviour is tagged DOC (the vendor's documentation), CODE (seen in the vendor's sample scripts) or GUESS (nobody
outside knows; do not rely on it). The keys say where:

L1   https://landing.brightearth.ai/beod-api-tutorial, with its sample scripts
L2   https://landing.brightearth.ai/beod-api-tutorial-upload-image

The reference that the tutorial speaks of is not public. So every refusal is a GUESS: the samples tell only 200 and 201
from the rest.
"""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from .brightearth_documents import activity_document, aoi_entry, project_entry, scenario_entry
from .brightearth_links import BadToken, links
from .brightearth_orders import BadRequest, cost, read_aoi, read_order
from .brightearth_place import PLACE
from .brightearth_scenarios import Project, Scenario, Scenarios
from .brightearth_settings import Settings
from .faults import error_body
from .settings import changed
from .world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

EMAIL = "tester@example.org"
USER = "/users/<user>"
PROJECT = f"{USER}/projects/<int:project>"
URLS = f"{PROJECT}/scenarios/<int:scenario>/download/urls"


class ApiError(Exception):
    """A refusal. ``field``: the field of the body that it is about."""

    def __init__(self, status: int, message: str, field: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.field = status, message, field


class BrightEarth:
    """The service with its one user. ``url`` is set once it has a port."""

    name = "brightearth"

    def __init__(self, world: World) -> None:
        self._world = world
        self._password, self._user = secrets.token_hex(8), str(uuid.uuid4())
        self.url = ""
        self.companions: dict[str, WSGIApplication] = {}
        self.companion_urls: dict[str, str] = {}
        self._lock = threading.Lock()
        self.reset()
        self.app: WSGIApplication = self._application()

    def reset(self) -> None:
        self.settings = Settings()
        self._tokens: dict[str, float] = {}  # token -> when it was given out
        self._closed = False
        self._scenarios = Scenarios(self._world, lambda: self.settings)

    def configure(self, values: dict[str, Any]) -> dict[str, Any]:
        self.settings = changed(self.settings, values)
        return asdict(self.settings)

    def describe(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "email": EMAIL,
            "password": self._password,
            "user_id": self._user,
            "credits": self._scenarios.credits,
            "place": list(PLACE),
        }

    def records(self) -> list[dict[str, Any]]:
        return self._scenarios.records()

    def revoke(self, key: str) -> None:
        """An access token; ``*``: all that were given out; the password: no login any more."""
        with self._lock:
            self._closed = self._closed or key == self._password
            self._tokens = {} if key == "*" else {token: at for token, at in self._tokens.items() if token != key}

    # --- the application ---------------------------------------------------------------------------------------

    def _application(self) -> WSGIApplication:
        app = Flask("standin-brightearth")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.url_map.merge_slashes = False  # a continuation token in the path may hold several
        app.before_request(self._authorize)
        app.register_error_handler(ApiError, self._error)
        app.register_error_handler(HTTPException, lambda error: self._error(ApiError(error.code or 500, error.name)))
        app.register_error_handler(BadRequest, lambda error: self._error(ApiError(422, error.problem, error.field)))
        app.register_error_handler(BadToken, lambda error: self._error(ApiError(400, "Invalid continuation token")))
        routes: list[tuple[str, Callable[..., Any], str]] = [
            ("/auth/login", self._login, "POST"),
            (USER, self._me, "GET"),
            (f"{USER}/projects", self._list_projects, "GET"),
            (f"{USER}/projects", self._create_project, "POST"),
            (f"{PROJECT}/assets", self._list_assets, "GET"),
            (f"{PROJECT}/assets/aoi", self._create_aoi, "POST"),
            (f"{PROJECT}/scenarios", self._list_scenarios, "GET"),
            (f"{PROJECT}/scenarios/<kind>", self._create_scenario, "POST"),
            (f"{PROJECT}/activities/<int:activity>", self._activity, "GET"),
            (URLS, self._links, "GET"),
            (f"{URLS}&continuation_token=<path:token>", self._links, "GET"),
        ]
        for path, view, method in routes:
            app.add_url_rule(path, f"{method} {path}", view, methods=[method])
        return app

    def _authorize(self) -> None:
        """DOC L1: a bearer token for all but the login; "me", or the id of its user."""
        if request.path == "/auth/login":
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        given = self._tokens.get(token) if scheme == "Bearer" else None
        if given is None or self._world.clock.now() > given + self.settings.expires_in:
            raise ApiError(401, "Invalid or expired token")
        if (request.view_args or {}).pop("user", "me") not in ("me", self._user):
            raise ApiError(self.settings.other_user, "Not allowed")

    def _error(self, error: ApiError) -> Response:
        if self.settings.error_shape == "detail":
            entry = {"loc": ["body", error.field], "msg": error.message, "type": "value_error"}
            response = jsonify({"detail": [entry] if error.field else error.message})
            response.status_code = error.status
            return response
        message = f"{error.field}: {error.message}" if error.field else error.message
        text, content_type = error_body(self.settings.error_shape, error.status, message)
        return Response(text, error.status, content_type=content_type)

    def _login(self) -> dict[str, Any]:
        """DOC L1: 200 and these four fields. GUESS: what a token is made of; there is no way to refresh one."""
        body = _body()
        if self._closed or (body.get("email"), body.get("password")) != (EMAIL, self._password):
            raise ApiError(401, "Invalid credentials")
        token = "eyJ" + secrets.token_urlsafe(60)
        with self._lock:
            self._tokens[token] = self._world.clock.now()
        return {
            "refresh_token": "eyJ" + secrets.token_urlsafe(60),
            "access_token": token,
            "expires_in": int(self.settings.expires_in),
            "token_type": "Bearer",
        }

    def _me(self) -> dict[str, Any]:
        """DOC L1: id and credits. GUESS: the rest."""
        return {"id": self._user, "email": EMAIL, "credits": self._scenarios.credits}

    # --- projects, areas, scenarios ----------------------------------------------------------------------------

    def _project(self, number: int) -> Project:
        project = self._scenarios.projects.get(number)
        if project is None:
            raise ApiError(404, "Project not found")
        return project

    def _scenario(self, project: int, scenario: int | None = None, activity: int | None = None) -> Scenario:
        for found in self._scenarios.of_project(self._project(project)):
            if scenario == found.id or activity == found.activity:
                return found
        raise ApiError(404, "Scenario not found" if scenario else "Activity not found")

    def _create_project(self) -> tuple[dict[str, Any], int]:
        name = _body().get("name")
        if not isinstance(name, str) or not name:
            raise BadRequest("name", "field required")
        return {"project_id": self._scenarios.create_project(name).id}, 201

    def _create_aoi(self, project: int) -> tuple[dict[str, Any], int]:
        """DOC L1: a project has only one AOI."""
        found, body = self._project(project), _body()
        area = read_aoi(body, self.settings.only_simple)
        if found.aoi and self.settings.second_aoi == "refuse":
            raise ApiError(409, "The project has an AOI already")
        return {"asset_id": self._scenarios.set_aoi(found, body["geometry"], area).id}, 201

    def _create_scenario(self, project: int, kind: str) -> tuple[dict[str, Any], int]:
        """DOC L1: both ids. GUESS: an unknown type is 404, a project without an AOI 422."""
        found, body = self._project(project), _body()
        if kind not in self.settings.scenario_types:
            raise ApiError(404, "Unknown scenario type")
        order = read_order(body, kind)
        if found.aoi is None:
            raise ApiError(422, "The project has no AOI")
        price = cost(found.aoi.area, self.settings.credits_per_km2)
        scenario = self._scenarios.create(found, found.aoi, order, body, price)
        if scenario is None:
            raise ApiError(self.settings.lack_status, f"Not enough credits: {price} needed")
        return {"scenario_id": scenario.id, "activity_id": scenario.activity}, 201

    def _activity(self, project: int, activity: int) -> dict[str, Any]:
        scenario = self._scenario(project, activity=activity)
        self._scenarios.look(scenario)
        return activity_document(scenario, self._scenarios, self._user, self.settings.details)

    def _links(self, project: int, scenario: int, token: str | None = None) -> dict[str, Any]:
        """DOC L1. Its text calls the token a query parameter, its address and its sample have no question mark."""
        found = self._scenario(project, scenario)
        if self._scenarios.state(found) != "SUCCESSFUL":
            raise ApiError(self.settings.early_status, "The scenario is not finished")
        form, query = self.settings.token_form, request.args.get("continuation_token")
        if token is not None and form == "query":
            raise ApiError(404, "Not Found")  # GUESS: what a router does with it
        if query is not None and form == "ampersand":
            raise ApiError(400, "Unknown parameter continuation_token")
        found.asked += 1
        return links(found, self.settings, self._world, None if form == "ignored" else token or query)

    # --- lists: DOC L1 that there are; GUESS: where, and what they say -------------------------------------------

    def _list_projects(self) -> Response:
        return self._list([project_entry(project) for project in self._scenarios.projects.values()])

    def _list_assets(self, project: int) -> Response:
        aoi = self._project(project).aoi
        return self._list([aoi_entry(aoi)] if aoi else [])

    def _list_scenarios(self, project: int) -> Response:
        found = self._scenarios.of_project(self._project(project))
        return self._list([scenario_entry(scenario, self._scenarios.state(scenario)) for scenario in found])

    def _list(self, entries: list[dict[str, Any]]) -> Response:
        if not self.settings.lists:
            raise ApiError(404, "Not Found")
        return jsonify({self.settings.list_key: entries} if self.settings.list_key else entries)


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ApiError(422, "a JSON object is required")
    return body
