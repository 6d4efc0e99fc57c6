"""The 3D tilesets of a theme as one: a tileset in the job's folder that holds the trees of all of them.

The tiles stay as they were received. It is written anew only when it would be another. Runs in any thread.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import cos, hypot, isfinite, pi, tau
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qgis.PyQt.QtCore import QCoreApplication

from ..core.disk import whole_file
from ..core.errors import ExportError
from .free_names import numbered
from .reasons import reason
from .received import received
from .source import Kind, Source
from .tile_outcome import Outcome
from .tile_record import MARK

_TILESET = "tileset.json"
_RADIUS = 6378137  # m, of the Earth at the equator


@dataclass(frozen=True)
class _Branch:
    """A tile's tileset. region: west, south, east, north in radians, lowest, highest in m; empty if there is a box.

    box: centre and three half axes in m, as in 3D Tiles, transformed. error: m. shared: what the whole document says.
    """

    source: Source
    root: dict[str, Any]
    region: tuple[float, ...]
    box: tuple[float, ...]
    error: float
    shared: dict[str, Any]


def is_made_here(path: Path, folder: Path) -> bool:
    """Whether a file of a job is a tileset that was made of tilesets."""
    is_in_place = path.name == _TILESET and path.parent.parent == folder
    return is_in_place and path not in received(folder) and _is_parent(path)


def joined(series: Mapping[str, Sequence[Source]], outcome: Outcome) -> tuple[list[Source], list[str]]:
    """Each series of tilesets as one, `<name>-3d/tileset.json`; what can't be joined as it is. Also: problems.

    It holds the trees of all tiles. To refer to their tilesets would be less, but QGIS 3.44 draws what it reads in
    that way at the second time only.
    """
    found: list[Source] = []
    problems: list[str] = []
    for name, sources in series.items():
        branches: list[_Branch] = []
        for source in sources:
            try:
                branches.append(_branch(source))
            except (ExportError, OSError, ValueError) as error:
                found.append(source)
                problems.append(outcome.unreadable(source, name, getattr(error, "strerror", None) or str(error)))
        if len(branches) < 2:
            found.extend(branch.source for branch in branches)
            continue
        try:
            path = _planted(branches, outcome, name)
            found.append(Source(path.parent.name, str(path), str(path), "cesiumtiles", Kind.SCENE))
        except (ExportError, OSError, ValueError) as error:  # ValueError: drives of Windows have no way to each other
            found.extend(branch.source for branch in branches)
            problems.append(outcome.unmerged(len(branches), reason(error, outcome.folder)))
    return found, problems


def _branch(source: Source) -> _Branch:
    """Errors: OSError; ValueError when it is no JSON, ExportError when it is no tileset or of an unusual kind."""
    document = json.loads(Path(source.path).read_text("utf-8-sig"))
    try:
        root, asset = document["root"], document["asset"]
        volume = root["boundingVolume"]
        region, box = _numbers(volume.get("region"), 6), _numbers(volume.get("box"), 12)
        sphere, transform = _numbers(volume.get("sphere"), 4), _numbers(root.get("transform"), 16)
        error = max(float(document.get("geometricError", 0)), float(root.get("geometricError", 0)))
        shared = {key: document[key] for key in document if key not in ("asset", "geometricError", "root", "extras")}
        shared["asset"] = {key: asset[key] for key in ("version", "gltfUpAxis") if key in asset}
    except (AttributeError, KeyError, TypeError) as flaw:
        raise ExportError(QCoreApplication.translate("Tiles", "it does not say where it lies")) from flaw
    if sphere and not box:
        box = (*sphere[:3], sphere[3], 0, 0, 0, sphere[3], 0, 0, 0, sphere[3])
    if not (region or box):
        raise ExportError(QCoreApplication.translate("Tiles", "it does not say where it lies"))
    return _Branch(source, root, region, () if region else _moved(box, transform), error, shared)


def _numbers(value: Any, length: int) -> tuple[float, ...]:
    """Empty unless it is a list of that many numbers."""
    if not isinstance(value, list) or len(value) != length:
        return ()
    numbers = tuple(map(float, value))
    return numbers if all(map(isfinite, numbers)) else ()


def _moved(box: tuple[float, ...], transform: tuple[float, ...]) -> tuple[float, ...]:
    """transform: 4 x 4, column by column, or empty. It counts for boxes and spheres, not for regions."""
    if not transform:
        return box
    moved: list[float] = []
    for start in range(0, 12, 3):
        x, y, z = box[start : start + 3]
        is_point = start == 0
        moved += [
            transform[row] * x + transform[row + 4] * y + transform[row + 8] * z + is_point * transform[row + 12]
            for row in range(3)
        ]
    return tuple(moved)


def _planted(branches: Sequence[_Branch], outcome: Outcome, name: str) -> Path:
    """Writes the tileset of all branches, unless it is there. Errors: OSError, ExportError."""
    shared = branches[0].shared
    if any(branch.shared != shared or bool(branch.region) != bool(branches[0].region) for branch in branches):
        raise ExportError(QCoreApplication.translate("Tiles", "they are not of one kind"))
    beside = outcome.folder / name  # seen from there, things lie as from the folder that it will be
    for branch in branches:
        _move_references(branch.root, quote(Path(os.path.relpath(Path(branch.source.path).parent, beside)).as_posix()))
    volume, size = _around(branches)
    error = max(size, *(branch.error for branch in branches))
    root = {"boundingVolume": volume, "geometricError": error, "refine": "ADD"}
    document = {
        **shared,
        "asset": {**shared["asset"], "extras": {MARK: True}},
        "geometricError": error,
        "root": {**root, "children": [branch.root for branch in branches]},
    }
    text = json.dumps(document).encode()
    path = _place(outcome, name, text)
    if not path.is_file() or path.read_bytes() != text:
        try:
            with whole_file(path) as file:
                file.write(text)
        except OSError:
            with suppress(OSError):  # the earlier one may be in it
                path.parent.rmdir()
            raise
    return path


def _move_references(root: dict[str, Any], place: str) -> None:
    """What a tile names is seen from the folder of the whole from now on."""
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            for key, value in node.items():
                if key in ("uri", "url") and isinstance(value, str) and not value.startswith("data:"):
                    node[key] = f"{place}/{value}"
                elif key != "extras":
                    waiting.append(value)


def _place(outcome: Outcome, name: str, text: bytes) -> Path:
    """Where it may be written: over what was made here earlier, but in a folder above jobs only if it is the same."""
    for place in numbered(outcome.folder, f"{name}-3d"):
        path = place / _TILESET
        with suppress(FileExistsError):
            place.mkdir()  # at this moment another run may want the same name
            return path
        if is_made_here(path, outcome.folder) and not (outcome.of_areas and path.read_bytes() != text):
            return path
    raise FileNotFoundError(outcome.folder)


def _is_parent(path: Path) -> bool:
    try:
        return json.loads(path.read_text("utf-8"))["asset"]["extras"][MARK] is True
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _around(branches: Sequence[_Branch]) -> tuple[dict[str, Sequence[float]], float]:
    """The bounding volume of all, and how long it is in m."""
    if branches[0].region:
        region = _around_regions([branch.region for branch in branches])
        west, south, east, north, low, high = region
        width = (east - west) % tau * cos(min(abs(south), abs(north)))
        return {"region": region}, hypot(width * _RADIUS, (north - south) * _RADIUS, high - low)
    reach = [
        (box[axis] - spread, box[axis] + spread)
        for axis in range(3)
        for box in (branch.box for branch in branches)
        for spread in [sum(abs(box[start + axis]) for start in (3, 6, 9))]
    ]
    sides = [reach[axis * len(branches) : (axis + 1) * len(branches)] for axis in range(3)]
    ends = [(min(low for low, _ in side), max(high for _, high in side)) for side in sides]
    half = [(high - low) / 2 for low, high in ends]
    centre = [(low + high) / 2 for low, high in ends]
    return {"box": [*centre, half[0], 0, 0, 0, half[1], 0, 0, 0, half[2]]}, 2 * hypot(*half)


def _around_regions(regions: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The antimeridian may run through one of them."""
    crosses = any(region[0] > region[2] for region in regions)
    wests = [region[0] % tau if crosses else region[0] for region in regions]
    easts = [west + (region[2] - region[0]) % tau for west, region in zip(wests, regions)]
    west, east = min(wests), max(easts)
    west, east = (one - tau if crosses and one > pi else one for one in (west, east))
    lows, highs = [region[4] for region in regions], [region[5] for region in regions]
    return west, min(region[1] for region in regions), east, max(region[3] for region in regions), min(lows), max(highs)
