"""make demo: the plugin in a real QGIS, on the stand-ins, used as a person would use it."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import nullcontext
from typing import Any

from tests import ROOT
from tests.desktop.window import HERE, drive, screen
from tests.standin.client import Standin

SECONDS = 900


def orders(standin: Standin) -> list[dict[str, Any]]:
    """What a person orders from each service, as order.py does it: where, by which account, what is chosen."""
    city, earth, bentley = (standin.of(name) for name in ("cityloader", "brightearth", "itwin"))
    vienna = {"extent": [16.3468, 48.2038, 16.3512, 48.2068], "crs": "EPSG:32633"}
    return [
        {
            "service": "koordinates",
            "title": "Rocky Mountains",
            "url": standin.url,
            "password": standin.key,
            "extent": [-105.83, 40.24, -105.48, 40.50],  # Rocky Mountain National Park, Colorado
            "crs": "EPSG:32613",
            "items": ["boundary", "glaciers", "counties", "elevation", "figures"],
        },
        {
            "service": "brightearth",
            "title": "Helsinki",
            "url": earth.url,
            "username": earth.facts["email"],
            "password": earth.facts["password"],
            "extent": [24.9400, 60.1660, 24.9500, 60.1710],
            "crs": "EPSG:3067",
            "asks": True,
        },
        {
            "service": "itwin",
            "title": "Vienna as tiles",
            "url": bentley.url,
            "username": "sharekey",
            "password": bentley.facts["share_key"],
            **vienna,
            "found": {"itwin": "Vienna", "imodel": "Vienna city"},
        },
        {
            "service": "cityloader",
            "title": "Vienna as a model",
            "url": city.facts["api"],
            "password": city.facts["tokens"]["full"],
            **vienna,
            "asks": True,
        },
    ]


def main() -> int:
    folder = ROOT / "build" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    picture = ROOT / "build" / "demo.png"
    stays = bool(os.environ.get("DISPLAY")) and not os.environ.get("CI")
    with Standin() as standin, nullcontext(os.environ) if stays else screen() as environment:
        standin.settings(polls=2)
        order = {"orders": orders(standin), "downloads": str(folder / "downloads"), "picture": str(picture)}
        environment = {**environment, **({"CUTOUT_STAY": "1"} if stays else {})}
        seconds = 24 * 3600 if stays else SECONDS
        answer = drive(folder, HERE / "order.py", order, environment, seconds, tell=report)
    print(f"The picture is {picture.relative_to(ROOT)}.")
    whole = all(job["state"] == "done" for job in answer["jobs"].values()) and len(answer["jobs"]) == 4
    good = answer["layers"] and all(layer["valid"] for layer in answer["layers"])
    return 0 if whole and good and not answer["trouble"] and answer["status"] == 0 else 1


def report(answer: dict[str, Any]) -> None:
    """What came of it, while QGIS may stay open to play with."""
    print(f"QGIS {answer['qgis']}")
    for service, said in answer["preflights"].items():
        print(f"{service}: {' '.join(said.split())}")
    rows = [("order", "layer", "type", "features or size", "CRS", "extent")]
    rows += [
        tuple(layer[key] for key in ("group", "name", "type", "size", "crs", "extent")) for layer in answer["layers"]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print("Longest stall of the window in ms:", answer["stalls_ms"], flush=True)
    for job in answer["jobs"].values():
        for sentence in filter(None, (job["message"], *job["problems"])):
            print(f"{job['title']}: {sentence}")
    if answer["trouble"]:
        print(answer["trouble"], file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
