"""The exports of the iTwin stand-in: how they come about, what becomes of them, and their JSON.

NotStarted -> InProgress -> Complete | Invalid (DOC seed). The source keys are those of itwin.py.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from .itwin_blobs import Blobs
from .itwin_catalogue import MODELS, Model
from .itwin_settings import Settings
from .itwin_tiles import container
from .world import World

TILES = "3DTILES"  # DOC seed writes 3DTiles, CODE B10 and B15 ask for 3DTILES: case does not count
KINDS = {TILES, "IMODEL", "CESIUM", "3DFT"}  # DOC seed
KEPT = 5  # exports of an iModel (CODE B10: "it will auto-delete the 6th")
DAY = 86400.0


@dataclass
class Export:
    """One export. ``looks`` counts the answers that told its status; ``started_by``: client, platform or before."""

    id: str
    model: Model
    changeset: str
    kind: str  # as it was asked for
    started_by: str
    created: float
    modified: float
    status: str = "NotStarted"
    looks: int = 0
    error: str = ""

    @property
    def over(self) -> bool:
        return self.status in ("Complete", "Invalid")


class Exports:
    """All exports of the platform. Safe to use from several requests at once."""

    def __init__(self, world: World, settings: Callable[[], Settings], blobs: Blobs) -> None:
        self._clock, self._settings, self._blobs = world.clock, settings, blobs
        self._lock = threading.RLock()
        self._exports: list[Export] = []
        self._asked: Counter[str] = Counter()
        self._asked_first: dict[str, float] = {}
        self._started = 0
        for model in MODELS:
            if model.exported:
                self._from_before(model)

    def _from_before(self, model: Model) -> None:
        """An older version, the latest, and beside it one of another type that is newer than both."""
        history = model.history(Settings())
        for age, changeset, kind in (
            (9.0, history[0], "3DTiles"),
            (2.0, history[-1], "3DTiles"),
            (1.0, history[-1], "IMODEL"),
        ):
            export = self._add(model, changeset, kind, "before", self._clock.now() - age * DAY)
            self._finish(export, "Complete", self._clock.now() - age * DAY + 600)

    def _add(self, model: Model, changeset: str, kind: str, started_by: str, now: float) -> Export:
        export = Export(str(uuid4()), model, changeset, kind, started_by, now, now)
        self._exports.append(export)
        return export

    # --- what clients do ---------------------------------------------------------------------------------------

    def start(self, model: Model, changeset: str, kind: str, started_by: str = "client") -> Export:
        """A new export, also if there is one like it (CODE B12: a repeated POST may start a second)."""
        with self._lock:
            self._started += 1
            return self._add(model, changeset, kind, started_by, self._clock.now())

    def get(self, id: str) -> Export | None:
        return next((export for export in self._exports if export.id == id), None)

    def delete(self, export: Export) -> None:
        with self._lock:
            self._exports.remove(export)
            self._blobs.remove(export.id)

    def newest_first(self) -> list[Export]:
        with self._lock:
            return sorted(self._exports, key=lambda export: export.modified, reverse=True)

    def wanted(self, model: Model, changeset: str | None) -> None:
        """Somebody lists the exports of an iModel: its latest changeset gets one by itself, after a while (DOC B1).

        GUESS: only the latest. GUESS: never for an iModel without content.
        """
        settings, latest = self._settings(), model.latest(self._settings())
        with self._lock:
            there = any(e.model == model and e.changeset == latest and e.kind.upper() == TILES for e in self._exports)
            if there or not settings.autostart or not model.shape or changeset not in (None, latest):
                return
            key = f"{model.id} {latest}"
            self._asked[key] += 1
            first = self._asked_first.setdefault(key, self._clock.now())
            if self._asked[key] > settings.empty and self._clock.now() >= first + settings.empty_seconds:
                self.start(model, latest, "3DTiles", "platform")
                self._keep_five(model)

    def _keep_five(self, model: Model) -> None:
        for export in [e for e in self.newest_first() if e.model == model][KEPT:]:
            if export.over:
                self.delete(export)

    def look(self, export: Export) -> None:
        """Counts a look, and moves the export on if it is time."""
        with self._lock:
            if export.over:
                return
            export.looks += 1
            settings, now = self._settings(), self._clock.now()
            if export.looks > settings.polls and now >= export.created + settings.seconds:
                finals = [settings.final] if isinstance(settings.final, str) else settings.final
                self._finish(export, finals[(self._started - 1) % len(finals)], now)
            elif export.looks >= settings.polls and export.status == "NotStarted":
                export.status, export.modified = "InProgress", now

    def _finish(self, export: Export, status: str, now: float) -> None:
        settings = self._settings()
        export.status, export.modified = status, now
        export.error = settings.error if status == "Invalid" else ""
        if status == "Complete":
            shape = export.model.shape if export.kind.upper() in (TILES, "CESIUM") else ""
            self._blobs.add(export.id, lambda: container(shape, settings.variant, settings.tiles))

    # --- JSON --------------------------------------------------------------------------------------------------

    def entry(self, export: Export, full: bool, cdn: bool, kind: str = "") -> dict[str, Any]:
        """An export in an answer. DOC B1: without ``full`` neither the request nor a link.

        ``kind``: the type as this request spells it, and as it is answered (CODE B15 compares letter by letter).
        """
        document: dict[str, Any] = {
            "id": export.id,
            "displayName": export.model.name,
            "status": export.status,
            "lastModified": _time(export.modified),
        }
        if export.error:
            document["error"] = export.error
        if full:
            document["request"] = self._request(export, kind)
        if full and export.status == "Complete":
            document["stats"] = {
                "startTime": _time(export.created),
                "duration": int((export.modified - export.created) * 1000),
                "metrics": {},
            }
            document["_links"] = {"mesh": {"href": self._blobs.link(export.id, cdn)}}
        return document

    def _request(self, export: Export, kind: str) -> dict[str, Any]:
        return {
            "iModelId": export.model.id,
            "changesetId": export.changeset,
            "exportType": kind or export.kind,
            "lastModified": _time(export.modified),
            "contextId": export.model.twin.id,  # CODE B11
        }

    def records(self) -> list[dict[str, Any]]:
        """For a test: oldest first, with the status as it was last told."""
        with self._lock:
            exports = sorted(self._exports, key=lambda export: export.created)
        return [
            {
                "id": export.id,
                "model": export.model.key,
                "status": export.status,
                "looks": export.looks,
                "started_by": export.started_by,
                "request": self._request(export, ""),
            }
            for export in exports
        ]


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
