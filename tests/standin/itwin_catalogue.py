"""What there is on the platform: iTwins, iModels and changesets. The source keys are those of itwin.py."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from .city import PLACE
from .itwin_settings import Settings

# West, south, east, north of the northern half of the buildings. A test holds it against the data.
NORTH = (16.345410, 48.205336, 16.352383, 48.207838)


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://example.org/itwin/{name}"))


@dataclass(frozen=True)
class Twin:
    """An iTwin: a project with its models."""

    name: str
    number: str
    latitude: float
    longitude: float
    status: str = "Active"

    @property
    def id(self) -> str:
        return _id(self.number)

    def entry(self) -> dict[str, Any]:
        """DOC B13."""
        return {
            "id": self.id,
            "class": "Endeavor",
            "subClass": "Project",
            "type": None,
            "number": self.number,
            "displayName": self.name,
            "geographicLocation": None,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "status": self.status,
        }


@dataclass(frozen=True)
class Model:
    """An iModel. ``shape``: what its tiles show, "city", "north" or "local" (no geolocation); "": nothing."""

    key: str
    name: str
    description: str
    twin: Twin
    extent: tuple[float, float, float, float] | None
    changesets: int
    shape: str = "city"
    exported: bool = False  # has exports from before

    @property
    def id(self) -> str:
        return _id(f"model/{self.key}")

    def minimal(self) -> dict[str, Any]:
        """GUESS: the fields (DOC B14: that there are two answers)."""
        return {"id": self.id, "displayName": self.name}

    def entry(self, api: str) -> dict[str, Any]:
        """DOC B14, CODE B11."""
        return {
            **self.minimal(),
            "name": self.name,
            "description": self.description,
            "state": "initialized" if self.shape else "notInitialized",
            "createdDateTime": "2024-08-22T03:18:43Z",
            "iTwinId": self.twin.id,
            "isSecured": False,
            "extent": _corners(self.extent) if self.extent else None,
            "_links": {"changesets": {"href": f"{api}/imodels/{self.id}/changesets"}},
        }

    def history(self, settings: Settings) -> list[str]:
        """The ids of its changesets, oldest first: 40 hexadecimal digits each (DOC seed)."""
        count = self.changesets and self.changesets + settings.pushed
        return [
            hashlib.sha1(f"{self.id} {number}".encode(), usedforsecurity=False).hexdigest() for number in range(count)
        ]

    def latest(self, settings: Settings) -> str:
        """CODE B11: "" for an iModel without changesets."""
        return (self.history(settings) or [""])[-1]


def _corners(extent: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = extent
    return {
        "southWest": {"latitude": south, "longitude": west},
        "northEast": {"latitude": north, "longitude": east},
    }


VIENNA = Twin("Vienna, Neubau and Josefstadt", "AT-WIEN-07-08", 48.205, 16.349)
TWINS = (
    VIENNA,
    Twin("Rocky Mountain visitor centre", "US-CO-ROMO", 40.36, -105.56),
    Twin("Closed project", "AT-OLD", 48.2, 16.3, status="Inactive"),
)
MODELS = (
    Model("city", "Vienna city model", "Buildings, LoD2", VIENNA, PLACE, 3),
    Model("north", "Vienna, northern half", "Exported before", VIENNA, NORTH, 3, "north", exported=True),
    Model("bare", "Vienna as delivered", "Without a changeset", VIENNA, PLACE, 0),
    Model("local", "Workshop without a place", "Drawn in local metres", VIENNA, None, 1, "local"),
    Model("new", "Not initialized yet", "", VIENNA, None, 0, ""),
    Model("visitors", "Visitor centre", "", TWINS[1], (-105.5625, 40.3625, -105.56, 40.365), 2, "local"),
)


def models(settings: Settings) -> tuple[Model, ...]:
    crowd = (
        Model(f"crowd-{n}", f"Model {n:04}", "One of many", VIENNA, None, 1, "local") for n in range(settings.crowd)
    )
    return (*MODELS, *crowd)


def changeset_entry(model: Model, history: list[str], index: int) -> dict[str, Any]:
    """A changeset; the first has the index 1. CODE B12; DOC: the iModels API v2, get-imodel-changesets."""
    return {
        "id": history[index],
        "displayName": str(index + 1),
        "description": f"Version {index + 1} of {model.name}",
        "index": index + 1,
        "parentId": history[index - 1] if index else "",
        "pushDateTime": f"2024-08-{index % 28 + 1:02}T03:18:43Z",
        "state": "fileUploaded",
    }
