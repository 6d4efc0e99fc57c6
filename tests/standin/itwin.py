"""Bentley's iTwin platform as far as mesh export needs it, on a real city model.

Three servers: the API (``itwin``), the identity service (``ims``) and the storage of the tiles (``blobs``).
Every behaviour is tagged DOC (the vendor's documentation), CODE (seen in the source or tests of a real client) or
GUESS (nobody outside knows; do not rely on it). The keys say where:

seed   https://developer.bentley.com/apis/mesh-export/operations/get-export/
B1     https://developer.bentley.com/apis/mesh-export/operations/get-exports/
B2     .../mesh-export/operations/start-export/
B4     .../mesh-export/operations/delete-export/
B6     https://developer.bentley.com/tutorials/authorize-native/ and /apis/overview/authorization/native-spa/
B7     https://developer.bentley.com/tutorials/authorize-service/ and /apis/overview/authorization/service-app/
B9     https://github.com/CesiumGS/cesium/pull/12289
B10    CesiumJS 1.140, ITwinPlatform.js and ITwinData.js, as run against this stand-in
B11    https://github.com/iTwin/itwin-unreal-plugin: its mock server; B12: its ITwinWebServices
B13    https://developer.bentley.com/apis/itwins/operations/get-my-itwins/ and get-my-recently-used-itwins/
B14    https://developer.bentley.com/apis/imodels-v2/operations/get-itwin-imodels/
B15    https://github.com/iTwin/itwinjs-core: frontend-tiles
B16    https://developer.bentley.com/apis/overview/rate-limits/
B17    https://github.com/CesiumGS/cesium-unreal/issues/1650
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from .city import PLACE
from .itwin_access import Access
from .itwin_answers import Refused
from .itwin_blobs import Blobs
from .itwin_catalogue import MODELS, TWINS, Model
from .itwin_exports import Exports
from .itwin_identity import SCOPE, Identity
from .itwin_mesh import MeshExport
from .itwin_projects import Projects
from .itwin_settings import VARIANTS, Settings
from .settings import changed
from .world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class ITwin:
    """The platform with its accounts, settings and exports. ``url`` is set once it has a port."""

    name = "itwin"

    def __init__(self, world: World) -> None:
        self._world = world
        self.url = ""
        self.companion_urls: dict[str, str] = {}
        self.settings = Settings()
        self._identity = Identity(world, lambda: self.settings)
        self._access = Access(world, lambda: self.settings, self._identity)
        self._blobs = Blobs(world, lambda: self.settings, lambda: self.companion_urls["blobs"])
        self.companions: dict[str, WSGIApplication] = {"ims": self._identity.app, "blobs": self._blobs.app}
        self.reset()
        self.app: WSGIApplication = self._application()

    def reset(self) -> None:
        self.settings = Settings()
        self._identity.reset()
        self._access.reset()
        self._blobs.reset()
        self._exports = Exports(self._world, lambda: self.settings, self._blobs)

    def configure(self, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("variant", "plain") not in VARIANTS:
            raise ValueError(f"No such variant: {values['variant']!r}. There are: {', '.join(VARIANTS)}")
        self.settings = changed(self.settings, values)
        return asdict(self.settings)

    def describe(self) -> dict[str, Any]:
        identity = self._identity
        return {
            "url": self.url,
            "ims": self.companion_urls.get("ims", ""),
            "blobs": self.companion_urls.get("blobs", ""),
            "scope": SCOPE,
            "native_client_id": identity.native,
            "service_client_id": identity.service,
            "service_client_secret": identity.secret,
            "token": identity.token,
            "share_key": self._access.share_key,
            "itwins": {twin.name: twin.id for twin in TWINS},
            "imodels": {model.key: self._facts(model) for model in MODELS},
            "place": list(PLACE),
        }

    def _facts(self, model: Model) -> dict[str, Any]:
        return {
            "id": model.id,
            "name": model.name,
            "itwin": model.twin.id,
            "extent": list(model.extent) if model.extent else None,
            "changesets": model.history(Settings()),
        }

    def records(self) -> list[dict[str, Any]]:
        return self._exports.records()

    def revoke(self, key: str) -> None:
        self._access.revoke(key)
        self._identity.revoke(key)

    # --- the application ---------------------------------------------------------------------------------------

    def _application(self) -> WSGIApplication:
        app = Flask("standin-itwin")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.url_map.strict_slashes = False  # CODE B10: /mesh-export, CODE B15: /mesh-export/
        app.before_request(self._access.authorize)
        app.register_error_handler(Refused, lambda refused: refused.response())
        app.register_error_handler(HTTPException, _unknown)
        projects = Projects(self._access, lambda: self.settings, lambda: self.url)
        mesh = MeshExport(self._access, lambda: self.settings, lambda: self._exports)
        routes: list[tuple[str, Callable[..., Any], str]] = [
            ("/itwins/", projects.twins, "GET"),
            ("/itwins/recents/", projects.recent_twins, "GET"),
            ("/itwins/<id>/", projects.twin, "GET"),
            ("/imodels/", projects.models, "GET"),
            ("/imodels/<id>/", projects.model, "GET"),
            ("/imodels/<id>/changesets/", projects.changesets, "GET"),
            ("/mesh-export/", mesh.list, "GET"),
            ("/mesh-export/", mesh.start, "POST"),
            ("/mesh-export/<id>/", mesh.one, "GET"),
            ("/mesh-export/<id>/", mesh.delete, "DELETE"),
        ]
        for path, view, method in routes:
            app.add_url_rule(path, f"{method} {path}", view, methods=[method])
        return app


def _unknown(error: HTTPException) -> Response:
    return Refused(error.code or 500, "NotFound" if error.code == 404 else "BadRequest", error.name).response()
