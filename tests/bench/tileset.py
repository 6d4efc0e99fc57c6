"""Measure 10: of 3D Tiles only what meets the area is asked for.

Over the stand-in of iTwin, with the real provider and core's fetch. Which tiles an area meets is told here from the
bounding boxes alone, in the metres of the city's own frame; what was asked for, by the stand-in's journal.
"""

from __future__ import annotations

import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import Polygon, box, mapping

from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, collect
from cutout.core.model import ExportRequest, Job, JobState, new_job
from cutout.providers.itwin import ITwin
from tests.bench.result import Growth, Ratio, Result
from tests.standin.client import Standin
from tests.standin.itwin_city import Frame

Bounds = tuple[float, float, float, float]  # west, south, east, north

TILES = 2000
MET = 0.05  # of the tiles
SHARES = (0.01, 0.02, MET, 0.1, 0.2, 0.5)
BUILT = 170  # seconds to wait till the stand-in has cut the city


@dataclass(frozen=True)
class Fetched:
    """What one order asked the storage for. met: how many of the tiles its area meets."""

    met: int
    requests: int
    size: int
    seconds: float


class City:
    """The export in the stand-in. `sizes`: bytes of each file by name; `boxes`: west, south, east, north of each tile,
    in metres from the middle of the city."""

    def __init__(self, standin: Standin, folder: Path, variant: str) -> None:
        self._standin, self._one, self._folder = standin, standin.of("itwin"), folder
        self._one.settings(tiles=TILES, variant=variant, empty=0, polls=0)
        self._provider = ITwin(self._one.url, Secret(password=self._one.facts["token"]), Network())
        (link,) = self._provider.links(self._ready(None))
        with urllib.request.urlopen(link.url, timeout=BUILT) as answer:
            document = answer.read()
        root = json.loads(document)["root"]
        self._frame = Frame(np.reshape(root["transform"], (4, 4)).T)
        self.boxes = np.array(list(_boxes(root)))
        self.sizes = {"tileset.json": len(document)}
        self.whole = self.fetched(None)

    def fetched(self, area: Polygon | None) -> Fetched:
        """area: in the city's metres."""
        met = len(self.boxes) if area is None else int(np.count_nonzero(_meet(self.boxes, area.bounds)))
        job, before = self._ready(self._degrees(area)), len(self._asked())
        began = time.perf_counter()
        done = collect(self._provider, job, self._folder, lambda done, total: None)
        seconds = time.perf_counter() - began
        home, names = Path(done.folder), self._asked()[before:]
        for file in home.rglob("*"):
            self.sizes.setdefault(file.relative_to(home).as_posix(), file.stat().st_size)
        return Fetched(met, len(names), sum(self.sizes[name] for name in names), seconds)

    def square(self, share: float) -> Polygon:
        """The smallest square in steps of two metres that meets so much of the tiles, around a place in the city."""
        west, south, east, north = self.boxes[0]
        x, y = west + 0.4 * (east - west), south + 0.6 * (north - south)
        half = 1.0
        while np.count_nonzero(_meet(self.boxes, (x - half, y - half, x + half, y + half))) < share * len(self.boxes):
            half += 1.0
        return box(x - half, y - half, x + half, y + half)

    def _ready(self, area: dict[str, Any] | None) -> Job:
        options = {"imodel": self._one.facts["imodels"]["city"]["id"]}
        job, now = new_job(ExportRequest("itwin", self._one.url, options, area, "City"), 0.0), 0.0
        while job.state is not JobState.READY and now < 60:
            job, now = advance(self._provider, job, now), now + 5
        return job

    def _degrees(self, area: Polygon | None) -> dict[str, Any] | None:
        if area is None:
            return None
        corners = np.array(area.exterior.coords)
        return dict(mapping(Polygon(self._frame.degrees(np.column_stack([corners, np.zeros(len(corners))]))[:, :2])))

    def _asked(self) -> list[str]:
        """The names of the files that were asked for: what follows the container's in the path."""
        return [one.path.split("/", 2)[2] for one in self._standin.requests("blobs")]


def measure() -> Result:
    with tempfile.TemporaryDirectory() as place, Standin() as standin:
        heavy = City(standin, Path(place), "plain")
        heavy_share = heavy.fetched(heavy.square(MET)).size / heavy.whole.size
        standin.reset()
        city = City(standin, Path(place), "levels")
        found = {share: city.fetched(city.square(share)) for share in SHARES}
    whole, chosen = city.whole, found[MET]
    every = [*found.values(), whole]
    sizes = [(100 * one.met / whole.met, 100 * one.size / whole.size) for one in every]
    requests = [(100 * one.met / whole.met, 100 * one.requests / whole.requests) for one in every]
    return Result(
        10,
        "The tiles that meet an area",
        f"3D Tiles of {whole.met:,} tiles, {whole.size / 1e6:.1f} MB, and an area that meets {chosen.met:,} of them, "
        f"{chosen.met / whole.met:.1%}, from the order to the files.",
        [
            Ratio("bytes of the whole tileset's", 100 * chosen.size / whole.size, at_most=10, unit="%"),
            Ratio("requests of the whole tileset's", 100 * chosen.requests / whole.requests, at_most=10, unit="%"),
            Ratio("requests beyond tiles, tileset.json and texture", max(map(_beyond, every)), at_most=0),
        ],
        {
            "whole tileset, s": whole.seconds,
            "tiles that meet the area, s": chosen.seconds,
            "tileset.json, kB": city.sizes["tileset.json"] / 1e3,
            "bytes of the whole tileset's where coarse tiles show every roof, %": 100 * heavy_share,
        },
        [
            Growth(
                "What an area costs", "tiles met, %", "of the whole tileset, %", {"bytes": sizes, "requests": requests}
            )
        ],
        "Nothing had to be changed: a tile is asked for when its bounding volume meets the area, and there is no "
        "request for anything else. What is fetched whatever the area is the tileset.json, about 250 bytes for each "
        "tile of the whole, and the coarse tiles above the chosen ones. The tileset here has coarse tiles as large as "
        "the others, as levels of detail have them (the stand-in's variant `levels`). Where they are larger they count "
        "more: with every roof of the city in its root, 4.7 % of all bytes (the variant `plain`), an area that meets "
        "as many tiles takes as few requests but more than 10 % of the bytes, all of them of tiles that it meets.",
    )


def _beyond(one: Fetched) -> int:
    return one.requests - one.met - 2


def _boxes(tile: dict[str, Any]) -> Iterator[Bounds]:
    """Of the tile and all below it. Half axes along x, y and z, as the stand-in has them."""
    x, y, _, *axes = tile["boundingVolume"]["box"]
    yield x - axes[0], y - axes[4], x + axes[0], y + axes[4]
    for child in tile.get("children", []):
        yield from _boxes(child)


def _meet(boxes: np.ndarray, bounds: Bounds) -> np.ndarray:
    west, south, east, north = bounds
    return (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
