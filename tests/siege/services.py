"""The stand-ins of all services, as they are wanted here."""

from __future__ import annotations

from typing import Any

from tests.standin.client import Standin


def settle(standin: Standin, rate: float) -> None:
    """Services that deliver in tiles and sheets, at a pace at which a download can be met."""
    standin.settings(polls=0, sheet=64)
    standin.storage_settings(rate=rate)
    standin.of("cityloader").settings(polls=0)
    standin.of("brightearth").settings(polls=0, zip_below=0, tile=400)
    standin.of("itwin").settings(polls=0, autostart=False, tiles=10)


def helsinki(standin: Standin) -> dict[str, Any]:
    west, south, east, north = standin.of("brightearth").facts["place"]
    west, south = west + (east - west) / 2, south + (north - south) / 2
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
