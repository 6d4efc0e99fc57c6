"""The jobs of the 3DCityLoader stand-in: pending -> processing -> done or failed (DOC C1, see cityloader.py)."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .cityloader_files import pack
from .cityloader_model import Model, model
from .cityloader_orders import Order
from .cityloader_settings import Settings
from .world import World

FIRST_ID = 4201


@dataclass
class Export:
    """One job. ``looks`` counts the answers that told its state; ``key`` is its object in the storage."""

    id: int | str
    number: int
    order: Order
    request: Any
    account: str
    created: float
    unpaid: bool
    looks: int = 0
    outcome: str = ""
    key: str = ""
    model: Model | None = None
    links: int = 0


class Exports:
    """All jobs of the service. Safe to use from several requests at once."""

    def __init__(self, world: World, settings: Callable[[], Settings]) -> None:
        self._world, self._settings = world, settings
        self._lock = threading.RLock()
        self._exports: dict[str, Export] = {}

    def create(self, order: Order, request: Any, account: str, unpaid: bool) -> Export:
        with self._lock:
            number = len(self._exports)
            name = str(uuid.uuid4()) if self._settings().uuid_ids else FIRST_ID + number
            export = Export(name, number, order, request, account, self._world.clock.now(), unpaid)
            self._exports[str(name)] = export
            return export

    def get(self, name: str) -> Export | None:
        return self._exports.get(name)

    def look(self, export: Export) -> str:
        """The state as it is told; counts as a look."""
        with self._lock:
            state = self._state(export)
            export.looks += 1
            return state

    def link(self, export: Export) -> str:
        """A fresh presigned link to the zip of a job that is done."""
        export.links += 1
        return self._world.storage.presign(export.key, self._settings().link_lifetime, f"{export.id}.zip")

    def records(self) -> list[dict[str, Any]]:
        """For a test: oldest first, with the request as sent, and ``model``: how its coordinates came about."""
        with self._lock:
            return [
                {
                    "id": export.id,
                    "state": self._state(export),
                    "looks": export.looks,
                    "links": export.links,
                    "account": export.account,
                    "request": export.request,
                    "bbox": list(export.order.bbox),
                    "km2": export.order.km2,
                    "model": _about(export.model) if export.model else None,
                }
                for export in self._exports.values()
            ]

    def _state(self, export: Export) -> str:
        settings, now = self._settings(), self._world.clock.now()
        if export.unpaid:
            return "pending"
        if not export.outcome:
            if export.looks < settings.polls or now < export.created + settings.seconds:
                return settings.open_state if export.looks else "pending"
            self._finish(export, settings)
        return export.outcome

    def _finish(self, export: Export, settings: Settings) -> None:
        """GUESS: where the service has no data, the job fails. DOC C1: there is no reason with it."""
        finals = [settings.final] if isinstance(settings.final, str) else settings.final
        export.outcome = finals[export.number % len(finals)]
        if export.outcome != "done":
            return
        export.model = model(export.order, settings)
        if export.model is None:
            export.outcome = "failed"
            return
        export.key = f"exports/{export.id}.zip"
        archive = pack(str(export.id), export.model, export.order, settings)
        self._world.storage.put(export.key, archive, "application/zip")


def _about(made: Model) -> dict[str, Any]:
    buildings = [body.name for body in made.bodies if body.theme == "buildings"]
    return {"frame": made.frame, "origin": list(made.origin), "scale": made.scale, "buildings": buildings}
