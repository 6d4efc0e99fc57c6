"""The control endpoints: how a test or a person steers the stand-ins. On a port of their own, under /_standin/.

They are not recorded, take no faults and speak plain http also when the services speak https.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from .faults import Fault
from .world import Service, World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Control:
    """Steers one world and its services. A refused request is answered with ``{"refused": reason}``."""

    def __init__(self, world: World, services: dict[str, Service]) -> None:
        self._world, self._services = world, services
        self.app: WSGIApplication = self._application()

    def _application(self) -> WSGIApplication:
        app = Flask("standin-control")
        for kind in (ValueError, TypeError, KeyError):
            app.register_error_handler(kind, lambda error: {"refused": str(error)})
        routes: list[tuple[str, Callable[..., Any], str]] = [
            ("reset", self._reset, "POST"),
            ("settings/<name>", self._settings, "POST"),
            ("faults", self._fault, "POST"),
            ("calm", self._calm, "POST"),
            ("clock", self._clock, "POST"),
            ("revoke/<name>", self._revoke, "POST"),
            ("objects", self._object, "POST"),
            ("requests", self._requests, "GET"),
            ("exports/<name>", self._exports, "GET"),
        ]
        for path, view, method in routes:
            app.add_url_rule(f"/_standin/{path}", path, view, methods=[method])
        return app

    def _reset(self) -> Any:
        self._world.reset()
        for service in self._services.values():
            service.reset()
        return {}

    def _settings(self, name: str) -> Any:
        part = self._world.storage if name == "storage" else self._services[name]
        return part.configure(_body())

    def _fault(self) -> Any:
        self._world.faults.order(Fault(**_body()))
        return {}

    def _calm(self) -> Any:
        self._world.faults.reset()
        return {}

    def _clock(self) -> Any:
        body = _body()
        if "frozen" in body:
            self._world.clock.freeze(bool(body["frozen"]))
        self._world.clock.advance(float(body.get("advance", 0)))
        return {"now": self._world.clock.now()}

    def _revoke(self, name: str) -> Any:
        self._services[name].revoke(_body()["key"])
        return {}

    def _object(self) -> Any:
        body = _body()
        data = base64.b64decode(body["data"])
        if body["size"] is not None:
            data = random.Random(body["name"]).randbytes(int(body["size"]))
        self._world.storage.put(body["name"], data)
        return {"url": self._world.storage.presign(body["name"], float(body["lifetime"]))}

    def _requests(self) -> Any:
        return self._world.journal.entries()

    def _exports(self, name: str) -> Any:
        return self._services[name].records()


def _body() -> dict[str, Any]:
    return dict(request.get_json(force=True))
