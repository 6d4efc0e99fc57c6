"""The tiles of a theme as one layer: features in one GeoPackage in the job's folder.

The tiles stay as they were received. The GeoPackage remembers what it was made of, so that it is made once. Runs in
any thread: plain GDAL and SQLite.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from osgeo import gdal

from ..core.disk import part_of
from ..core.errors import ExportError
from . import tile_record, tile_writing
from .free_names import numbered, own_part, take
from .reasons import reason
from .received import received
from .source import Source
from .tile_doubles import without_doubles
from .tile_outcome import Outcome
from .tile_tables import Table, tables

_IN_USE = ("-wal", "-shm", "-journal")  # beside a database that is open, in QGIS or elsewhere


def is_made_here(path: Path, folder: Path) -> bool:
    """Whether a file of a job is a GeoPackage that was made of tiles."""
    is_in_place = path.parent == folder and path.suffix == ".gpkg"
    return is_in_place and path not in received(folder) and bool(tile_record.read(path))


def merged(
    series: Mapping[str, Sequence[Source]], outcome: Outcome, title: str, earlier: Iterable[Path] = ()
) -> tuple[list[Source], list[str]]:
    """Each series of tiles as a layer of `<title>.gpkg`; what can't be merged as it is. Also: problems.

    series: name of the layer and its sources, one a tile. Features from different tiles that are equal in geometry and
    in all attributes are one: it is kept as often as the tile has it that has it most often. earlier: GeoPackages for
    which is_made_here; the first that holds all these tiles is taken as it is, the others may be written over: but not
    where the folder is that of several jobs.
    """
    earlier = sorted(earlier)
    keys = {tile_record.key(source, outcome.folder): source for sources in series.values() for source in sources}
    for path in earlier:
        record = tile_record.read(path)
        if outcome.of_areas and not _is_of(path, record, keys):
            continue
        if all(tile_record.holds(path, record, key, source) for key, source in keys.items()):
            apart = [source for key, source in keys.items() if key in record["apart"]]
            return [*tile_record.layers(path, record), *apart], list(record["problems"])
    found = list(tables(series, outcome))
    if not found:
        return outcome.apart, outcome.problems
    try:
        path, record = _made(found, keys, title, outcome, earlier)
        return [*tile_record.layers(path, record), *outcome.apart], outcome.problems
    except (ExportError, OSError, RuntimeError, sqlite3.Error) as error:  # RuntimeError: a plugin's gdal.UseExceptions
        size = sum(os.path.getsize(source.path) for source in keys.values())
        why = reason(error, outcome.folder, size)
        return list(keys.values()), [*outcome.problems, outcome.unmerged(len(keys), why)]


def _is_of(path: Path, record: Mapping[str, Any], keys: Mapping[str, Source]) -> bool:
    """Whether it was made of these tiles and no others, and nobody has taken a layer out since."""
    return set(record["tiles"]) == set(keys) and len(tile_record.layers(path, record)) == len(record["layers"])


def _made(
    found: Sequence[Table], keys: Mapping[str, Source], title: str, outcome: Outcome, earlier: Sequence[Path]
) -> tuple[Path, dict[str, Any]]:
    """Errors: OSError, ExportError, RuntimeError or sqlite3.Error; then nothing new is there."""
    target = outcome.folder / f"{title}.gpkg"
    part = own_part(target) if outcome.of_areas else part_of(target)
    part.unlink(missing_ok=True)
    try:
        record = _written(part, found, keys, outcome)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        newest = max(os.path.getmtime(source.path) for source in keys.values())
        if newest > part.stat().st_mtime:  # the clock of a server; otherwise it would be made anew each time
            os.utime(part, (newest, newest))
        return _put(part, target, () if outcome.of_areas else earlier), record
    finally:
        part.unlink(missing_ok=True)


def _written(part: Path, found: Sequence[Table], keys: Mapping[str, Source], outcome: Outcome) -> dict[str, Any]:
    """The record of what was written, once it was read again and every feature was there. Errors: as _made."""
    starts = tile_writing.fill(part, found, outcome)
    counts = without_doubles(part, found, starts, outcome.of_areas)
    record = {
        "layers": {table.name: table.kind.value for table in found},
        "tiles": {key: os.path.getsize(source.path) for key, source in keys.items()},
        "apart": [tile_record.key(source, outcome.folder) for source in outcome.apart],
        "problems": outcome.problems,
    }
    tile_writing.finish(part, found, record)
    if [source.count for source in tile_record.layers(part, record)] != counts:
        raise ExportError(gdal.GetLastErrorMsg())
    return record


def _put(part: Path, target: Path, earlier: Sequence[Path]) -> Path:
    """Never over what the service sent, nor over what is open. Errors: OSError."""
    for path in numbered(target.parent, target.stem, target.suffix):
        if any(os.path.exists(f"{path}{end}") for end in _IN_USE):
            continue
        if path not in earlier:
            if take(part, path):
                return path
            continue
        with suppress(PermissionError):  # Windows says so of a file that is open
            return part.replace(path)
    raise FileNotFoundError(part)
