"""Files that lead elsewhere: what a service sends must not make QGIS read other files of this machine or ask hosts.

Only files inside the job's folder may be referred to. GDAL's own XML reader is used, so that nothing reads
differently here than there.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from osgeo import gdal
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError

_ELEMENT, _TEXT, _ATTRIBUTE = 0, 1, 2  # CPLXMLNodeType
_FILE_ELEMENTS = ("sourcefilename", "sourcedataset", "srcdatasource", "filename")
_FILE_KEYS = ("overview_file", "x_dataset", "y_dataset")
_BESIDE = ":::BASE:::"  # in the names of overview files
_MODELS = (".glb", ".gltf", ".b3dm", ".i3dm", ".cmpt")
_CODE_ELEMENTS = ("pixelfunctioncode", "srcsql")
_SQL_OUTSIDE = re.compile(
    r"\b(load_extension|readfile|writefile|ogr_\w+|gdal_\w+)\s*\(|\bUSING\s+(?!rtree\b|fts\d?\b)\w+", re.IGNORECASE
)


def parts(path: Path, folder: Path) -> tuple[Path, ...]:
    """The files of which a virtual raster or virtual layer consists, those behind another such file included.

    Errors: ExportError when it leads out of the job's folder or to a file that is not there.
    """
    found: list[Path] = []
    waiting = [path]
    while waiting:
        for name, base in _xml_references(waiting.pop()):
            part = _inside(base / name, folder)
            if part is None or part == path.resolve():
                raise ExportError(_refusal(name))
            if part not in found:
                found.append(part)
                waiting.extend([part] if _is_virtual(part) else [])
    return tuple(found)


def check_companion(path: Path, folder: Path) -> None:
    """The .aux.xml beside a raster may name files of overviews. Errors: ExportError as for parts."""
    for companion in (path.with_name(f"{path.name}.aux.xml"), path.with_suffix(".aux.xml")):
        if companion.is_file():
            parts(companion, folder)


def check_database(path: Path) -> None:
    """A GeoPackage whose views or virtual tables reach out of it. Errors: ExportError."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            statements = [row[0] for row in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    except sqlite3.Error as error:
        raise ExportError(str(error)) from error
    for statement in statements:
        outside = _SQL_OUTSIDE.search(str(statement))
        if outside:
            raise ExportError(_refusal(outside.group(0)))


def check_scene(tileset: Path, folder: Path) -> None:
    """Tilesets name their tiles in JSON, and models their pictures. Errors: ExportError when a name leads out of the
    job's folder, or the file is no tileset."""
    from ..core.container import is_inline  # these bring numpy, which the start of QGIS does without
    from ..core.tiles import is_tileset

    if not is_tileset(_json(tileset)):
        raise ExportError(QCoreApplication.translate("References", "it is not a tileset"))
    for file in sorted(tileset.parent.rglob("*")):
        for name in _scene_references(file):
            if not is_inline(name) and not _names_inside(name, file.parent, folder):
                raise ExportError(_refusal(name))


def is_inside(path: Path, folder: Path) -> bool:
    """Whether the file itself, behind any link, lies in the folder."""
    return folder.resolve() in path.resolve().parents


def _names_inside(name: str, base: Path, folder: Path) -> bool:
    plain = unquote(name.split("?")[0].split("#")[0])
    if ":" in plain or "\\" in plain or PurePosixPath(plain).is_absolute():
        return False
    return is_inside(base / plain, folder)


def _inside(path: Path, folder: Path) -> Path | None:
    """The file behind the path if it is one in the folder."""
    try:
        return path.resolve() if is_inside(path, folder) and path.is_file() else None
    except (OSError, ValueError):
        return None


def _is_virtual(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(2048)
    return b"<VRTDataset" in head or b"<OGRVRTDataSource" in head


def _xml_references(path: Path) -> Iterator[tuple[str, Path]]:
    """Each name of a file with the folder it starts from: as GDAL does, where the program runs unless it says else."""
    tree = gdal.ParseXMLString(path.read_text("utf-8", "replace"))
    if tree is None:
        raise ExportError(gdal.GetLastErrorMsg())
    for element, attributes, text in _elements(tree):
        leading = [value for value in (text, *attributes.values()) if "/vsi" in value.casefold()]
        if leading or element in _CODE_ELEMENTS:
            raise ExportError(_refusal(leading[0] if leading else element))
        names_file = element in _FILE_ELEMENTS or attributes.get("key", "").casefold() in _FILE_KEYS
        if text and names_file:
            is_beside = attributes.get("relativetovrt", "0") != "0" or text.startswith(_BESIDE)
            yield text.replace(_BESIDE, ""), path.parent if is_beside else Path.cwd()


def _elements(tree: list[Any]) -> Iterator[tuple[str, dict[str, str], str]]:
    """Name, attributes and text of each element; names in lower case, since GDAL does not tell them apart."""
    waiting = [tree]
    while waiting:
        _, name, *children = waiting.pop()
        attributes = {child[1].casefold(): child[2][1] for child in children if child[0] == _ATTRIBUTE and child[2:]}
        yield name.casefold(), attributes, "".join(child[1] for child in children if child[0] == _TEXT).strip()
        waiting.extend(child for child in children if child[0] == _ELEMENT)


def _json(file: Path) -> Any:
    """None for what is no JSON."""
    from ..core.gltf import parsed

    try:
        return parsed(file.read_bytes())
    except (OSError, ValueError):
        return None


def _scene_references(file: Path) -> list[str]:
    """What a tileset or a model refers to; nothing for any other file, or one that can't be read."""
    from ..core.gltf import opened, references
    from ..core.tiles import contents, is_tileset, tiles, uri_of

    suffix = file.suffix.casefold()
    document = _json(file) if suffix == ".json" else None
    if is_tileset(document):
        return [uri_of(content) for tile, _ in tiles(document) for content in contents(tile)]
    if suffix not in _MODELS or not file.is_file():
        return []
    try:
        with opened(file) as data:
            return [uri for uri, _ in references(data)]
    except (OSError, ValueError):
        return []


def _refusal(name: str) -> str:
    return QCoreApplication.translate(
        "References", "it refers to “{name}”, which is no file of this job, so it is not opened"
    ).format(name=name[:200])
