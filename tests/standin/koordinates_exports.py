"""The exports of the Koordinates stand-in: how they come about, what becomes of them, and their JSON.

processing -> complete -> gone, processing -> cancelled, processing -> error (DOC K1, see koordinates.py).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .koordinates_archive import bare_tiff, pack
from .koordinates_documents import crs_document
from .koordinates_orders import Order, Ordered
from .koordinates_settings import Settings
from .koordinates_validation import export_name, size_estimate
from .world import World

FIRST_ID = 1001


@dataclass
class Export:
    """One export. ``looks`` counts the answers that told its state; ``key`` is its object in the storage."""

    id: int
    order: Order
    request: dict[str, Any]
    name: str
    created: float
    looks: int = 0
    cancelled: bool = False
    finished: float | None = None
    downloaded: float | None = None
    outcome: str = ""
    key: str = ""
    size: int = 0


class Exports:
    """All exports of a site. Safe to use from several requests at once."""

    def __init__(self, world: World, settings: Callable[[], Settings], site: Callable[[], str]) -> None:
        self._world, self._settings, self._site = world, settings, site
        self._lock = threading.RLock()
        self._exports: dict[int, Export] = {}

    def create(self, order: Order, request: dict[str, Any]) -> Export:
        with self._lock:
            settings = self._settings()
            name = export_name(order, settings.prefix, settings.name_codes)
            export = Export(FIRST_ID + len(self._exports), order, request, name, self._world.clock.now())
            self._exports[export.id] = export
            return export

    def get(self, number: int) -> Export | None:
        return self._exports.get(number)

    def newest_first(self) -> list[Export]:
        with self._lock:
            return sorted(self._exports.values(), key=lambda export: export.id, reverse=True)

    def records(self) -> list[dict[str, Any]]:
        """For a test: oldest first, the state as it would be told, and the request as it was sent."""
        with self._lock:
            exports = list(self._exports.values())
        return [
            {
                "id": export.id,
                "name": export.name,
                "state": self.state(export),
                "looks": export.looks,
                "downloaded": export.downloaded is not None,
                "request": export.request,
            }
            for export in exports
        ]

    def look(self, export: Export) -> None:
        """Counts a look, and finishes the export if it is time."""
        with self._lock:
            export.looks += 1
            settings, now = self._settings(), self._world.clock.now()
            due = export.looks > settings.polls and now >= export.created + settings.seconds
            if due and not export.cancelled and export.finished is None:
                self._finish(export, now)

    def cancel(self, export: Export) -> bool:
        """False if there is nothing left to cancel."""
        with self._lock:
            open_still = export.finished is None and not export.cancelled
            export.cancelled = export.cancelled or open_still
            return open_still

    def state(self, export: Export) -> str:
        settings = self._settings()
        if export.cancelled:
            return "cancelled"
        if export.finished is None:
            return settings.open_state
        expired = self._world.clock.now() > export.finished + settings.lifetime
        return "gone" if expired and export.outcome == "complete" else export.outcome

    def link(self, export: Export) -> str:
        """A fresh presigned link to the archive of a complete export."""
        export.downloaded = self._world.clock.now()
        filename = export.name + "." + export.key.rsplit(".", 1)[1]
        return self._world.storage.presign(export.key, self._settings().link_lifetime, filename)

    def _finish(self, export: Export, now: float) -> None:
        settings = self._settings()
        finals = [settings.final] if isinstance(settings.final, str) else settings.final
        export.finished = now
        export.outcome = finals[(export.id - FIRST_ID) % len(finals)]
        if export.outcome == "complete":
            try:
                self._store(export, settings)
            except RuntimeError:
                # GUESS: what cannot be brought into the CRS, like the world into one UTM zone, ends in error.
                logging.exception("export %s", export.id)
                export.outcome = "error"

    def _store(self, export: Export, settings: Settings) -> None:
        tiff = bare_tiff(export.order, settings.sheet) if settings.bare_tiff else None
        data = tiff or pack(export.order, self._site(), settings.sheet, settings.one_folder, settings.extra_members)
        export.key, export.size = f"exports/{export.id}/export.{'tif' if tiff else 'zip'}", len(data)
        self._world.storage.put(export.key, data, "image/tiff" if tiff else "application/zip")

    # --- JSON ---

    def entry(self, export: Export, base: str) -> dict[str, Any]:
        """An export in a list. DOC K1; the link is there only while it is complete (DOC K1, CODE K3)."""
        url, state = f"{base}/exports/{export.id}/", self.state(export)
        return {
            "id": export.id,
            "name": export.name,
            "created_at": _time(export.created),
            "created_via": "api",
            "state": state,
            "url": url,
            "download_url": url + "download/" if state == "complete" else None,
        }

    def detail(self, export: Export, base: str, rich: bool) -> dict[str, Any]:
        """An export. CODE K3 for v1; ``rich`` is v1.x with what live clients read there (CODE K6, B1)."""
        order = export.order
        document = {
            **self.entry(export, base),
            "extent": order.extent,
            "delivery": {"method": "download"},
            "formats": order.formats,
            "items": [_rich_item(item) if rich else item.sent for item in order.items],
            "crs": crs_document(order.crs, base) if rich else order.crs,
            "options": order.options,
            "size_estimate_zipped": sum(size_estimate(item, order) for item in order.items),
            "progress": self._progress(export),
        }
        return {**document, **self._more(export, base)} if rich else document

    def _more(self, export: Export, base: str) -> dict[str, Any]:
        estimate = sum(size_estimate(item, export.order) for item in export.order.items)
        return {
            "user": {"id": 7, "url": f"{base}/users/7/", "first_name": "Cutout", "last_name": "Tester"},
            "size_estimate_unzipped": estimate * 2,
            "size_complete_zipped": export.size or None,
            "size_complete_unzipped": export.size * 2 or None,
            "is_cropped": export.order.area is not None,
            "invoice": None,
            "from": {"name": "Koordinates stand-in", "domain": self._site().split("//")[1]},
            "downloaded_at": _time(export.downloaded),
            "finished_at": _time(export.finished),
        }

    def _progress(self, export: Export) -> float | None:
        """0.0 to 1.0; null when cancelled (CODE K3). GUESS: null in an error, too."""
        if export.cancelled or export.outcome not in ("", "complete"):
            return None
        if export.finished is not None:
            return 1.0
        settings = self._settings()
        parts = [export.looks / (settings.polls + 1)]
        if settings.seconds:
            parts.append((self._world.clock.now() - export.created) / settings.seconds)
        return round(min(*parts, 0.99), 2)


def _rich_item(ordered: Ordered) -> dict[str, Any]:
    return {
        **ordered.sent,
        "title": ordered.item.title,
        "format": ordered.offer.name,
        "short_format": ordered.offer.code,
        "data_type": ordered.item.kind,
        "data_type_label": ordered.item.kind.title(),
    }


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
