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

PLACE = [-105.83, 40.24, -105.48, 40.50]  # Rocky Mountain National Park, Colorado
ITEMS = ["boundary", "glaciers", "counties", "elevation", "figures"]
SECONDS = 600


def main() -> int:
    folder = ROOT / "build" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    picture = ROOT / "build" / "demo.png"
    stays = bool(os.environ.get("DISPLAY")) and not os.environ.get("CI")
    with Standin() as standin, nullcontext(os.environ) if stays else screen() as environment:
        standin.settings(polls=2)
        order = {
            "url": standin.url,
            "key": standin.key,
            "extent": PLACE,
            "items": ITEMS,
            "title": "Rocky Mountains",
            "downloads": str(folder / "downloads"),
            "picture": str(picture),
        }
        environment = {**environment, **({"CUTOUT_STAY": "1"} if stays else {})}
        seconds = 24 * 3600 if stays else SECONDS
        answer = drive(folder, HERE / "order.py", order, environment, seconds, tell=report)
    print(f"The picture is {picture.relative_to(ROOT)}.")
    good = answer["layers"] and all(layer["valid"] for layer in answer["layers"])
    return 0 if good and not answer["trouble"] and answer["status"] == 0 else 1


def report(answer: dict[str, Any]) -> None:
    """What came of it, while QGIS may stay open to play with."""
    print(f"QGIS {answer['qgis']}; the dock said before ordering: {answer['preflight']}")
    rows = [("layer", "type", "features or size", "CRS", "extent")]
    rows += [tuple(layer[key] for key in ("name", "type", "size", "crs", "extent")) for layer in answer["layers"]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print("Longest stall of the window in ms:", answer["stalls_ms"], flush=True)
    for trouble in filter(None, (answer["trouble"], *answer["problems"], *answer["messages"])):
        print(trouble, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
