"""What a GeoPackage made here remembers of the tiles that it was made of: told by it, it is made once.

A record is a JSON object. layers: kind by name. tiles: size by key. apart: keys of tiles that are not in it. problems:
sentences. Runs in any thread: plain GDAL.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from osgeo import gdal

from ..core.errors import ExportError
from .source import Kind, Source

MARK = "CUTOUT_TILES"  # in the metadata of what was made here, in a GeoPackage those of its first layer: those of
# the whole are written into an .aux.xml by GDAL 3.10 as soon as it is opened


def key(source: Source, folder: Path) -> str:
    """How the record of a job names a tile: its file and what of it is meant, wherever the folder is moved."""
    try:
        path = os.path.relpath(source.path, folder)
    except ValueError:  # another drive of Windows
        path = source.path
    return Path(path).as_posix() + source.shown[len(source.path) :]


def write(dataset: gdal.Dataset, record: Mapping[str, Any]) -> None:
    """Puts the record into a GeoPackage that has a layer."""
    dataset.GetLayer(0).SetMetadataItem(MARK, json.dumps(record), MARK)


def read(path: Path) -> dict[str, Any]:
    """What the GeoPackage was made of; empty when it was not made here."""
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR, allowed_drivers=["GPKG"])
        numbers = range(dataset.GetLayerCount()) if dataset is not None else ()
        text = next(filter(None, (dataset.GetLayer(number).GetMetadataItem(MARK, MARK) for number in numbers)), "{}")
        record = json.loads(text)
    except (RuntimeError, ValueError):  # RuntimeError: a plugin's gdal.UseExceptions
        return {}
    return record if isinstance(record, dict) and {"layers", "tiles", "apart", "problems"} <= set(record) else {}


def holds(path: Path, record: Mapping[str, Any], name: str, tile: Source) -> bool:
    """Whether it was made of this tile as the tile is now. name: the key of the tile."""
    state = os.stat(tile.path)
    return record["tiles"].get(name) == state.st_size and state.st_mtime <= path.stat().st_mtime


def layers(path: Path, record: Mapping[str, Any]) -> list[Source]:
    """The layers that the record tells of and that are there. Errors: ExportError when it can't be opened."""
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR, allowed_drivers=["GPKG"])
    if dataset is None:
        raise ExportError(gdal.GetLastErrorMsg())
    sources = []
    for name, kind in record["layers"].items():
        layer = dataset.GetLayerByName(name)
        if layer is not None:
            uri = f"{path}|layername={name}"
            sources.append(Source(name, uri, str(path), "ogr", Kind(kind), layer.GetFeatureCount()))
    return sources
