"""What a file in a format that holds its own data may hide all the same: something that leads to other files or hosts.

Looked for before GDAL, MDAL and SQLite open the file, since to open it is enough.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from osgeo import gdal, osr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from .references import refusal

# A CRS by its name; GDAL fetches one that is a link. JSON may spell letters as numbers, and GDAL takes either quote.
_CRS_OBJECT = re.compile(
    rb"""(?:c|\\u00[46]3)(?:r|\\u00[57]2)(?:s|\\u00[57]3)["']
    (?!\s*(?:[,}\]]|:\s*(?:null|["'\d\[tf-]
    |\{\s*"type"\s*:\s*"name"\s*,\s*"properties"\s*:\s*\{\s*"name"\s*:\s*"[^"\\]*"\s*\}\s*\})))""",
    re.VERBOSE | re.IGNORECASE,
)
_OTHER_TABLES = re.compile(rb"^\s*create\s+view|isseamless", re.IGNORECASE | re.MULTILINE)
_HEADS = {".2dm": b"MESH2D", ".ply": b"ply"}
_NAME = r'(?:"(?:[^"]|"")+"|\w+)'
_STATEMENT = re.compile(
    rf"CREATE (?:(?:TABLE|INDEX|UNIQUE INDEX|VIEW|TRIGGER)\b|VIRTUAL TABLE {_NAME}\s+USING\s+(?:rtree|fts[345]?)\s*\()",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"\b(?:load_extension|readfile|writefile|ogr_\w+|gdal_\w+)\b", re.IGNORECASE)
_OPEN = ("-wal", "-journal")  # what SQLite adds to the file when it opens it
# Grids of heights or shifts, named with a path: PROJ opens them with the CRS.
_GRID = re.compile(r"(?:grids|init|file)=[^\s\"]*[/\\]|PARAMETERFILE\[[^\]]*[/\\]", re.IGNORECASE)


def check_name(path: Path, folder: Path) -> None:
    """QGIS takes what stands behind a bar in a path for options: a layer, SQL, files to open with it.

    Errors: ExportError.
    """
    if "|" in path.relative_to(folder).as_posix():
        raise ExportError(
            QCoreApplication.translate("Probe", "its name has a “|”, which QGIS takes for the end of the name")
        )


def check_file(path: Path, reader: str) -> None:
    """A file that GDAL opens with this driver. Errors: ExportError, OSError."""
    if reader == "GPKG":
        _check_database(path)
    elif reader == "GeoJSON":
        _check_text(path, _CRS_OBJECT)
    elif reader == "MapInfo File" and path.suffix.casefold() == ".tab":
        _check_text(path, _OTHER_TABLES)


def check_mesh(path: Path) -> None:
    """MDAL has GDAL open, in whatever format it is, what it does not know itself. Errors: ExportError, OSError."""
    head = _HEADS[path.suffix.casefold()]
    with path.open("rb") as file:
        if file.read(len(head)) != head:
            raise ExportError(
                QCoreApplication.translate("Probe", "it is damaged, or in a format that this QGIS does not read")
            )


def check_crs(crs: osr.SpatialReference | None) -> None:
    """Errors: ExportError."""
    grid = _GRID.search(crs.ExportToWkt()) if crs is not None else None
    if grid:
        raise ExportError(refusal(grid[0]))


def subdatasets(dataset: gdal.Dataset, path: Path) -> Iterator[str]:
    """What GDAL opens for each raster in a file. Its tags may name others. Errors: ExportError."""
    for key, uri in dataset.GetMetadata("SUBDATASETS").items():
        if key.endswith("_NAME"):
            if not re.fullmatch(rf'\w+:"?{re.escape(str(path))}"?:[^|]*', uri, re.DOTALL):
                raise ExportError(refusal(uri))
            yield uri


def _check_database(path: Path) -> None:
    """Views, triggers and virtual tables. Plain SQLite has none of the functions that reach out: what it can't make
    sense of is refused."""
    is_open = any(path.with_name(f"{path.name}{ending}").exists() for ending in _OPEN)
    state = "" if is_open else "&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{state}", uri=True)) as database:
            schema = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
            for kind, name, statement in schema:
                _check_statement(str(kind), str(statement))
                if kind == "view":
                    quoted = str(name).replace('"', '""')
                    database.execute(f'EXPLAIN SELECT * FROM "{quoted}"')  # nosec B608 - an identifier, quoted
    except sqlite3.Error as error:
        raise ExportError(str(error)) from error


def _check_statement(kind: str, statement: str) -> None:
    outside = _OUTSIDE.search(statement) if kind in ("view", "trigger") else None
    if outside or not _STATEMENT.match(statement):
        raise ExportError(refusal(outside[0] if outside else statement))


def _check_text(path: Path, lead: re.Pattern[bytes]) -> None:
    from ..core.gltf import opened  # brings numpy, which the start of QGIS does without

    with opened(path) as data:
        found = lead.search(data)
        if found:
            raise ExportError(refusal(data[found.start() : found.start() + 80].decode("utf-8", "replace")))
