"""Files that lead elsewhere: what a service sends must not make QGIS read other files of this machine or ask hosts.

Only files inside the job's folder may be referred to. GDAL's own XML reader is used, so that nothing reads
differently here than there.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from osgeo import gdal
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError

_ELEMENT, _TEXT, _ATTRIBUTE = 0, 1, 2  # CPLXMLNodeType
_FILE_ELEMENTS = ("sourcefilename", "srcdatasource")
_FILE_KEYS = ("overview_file", "x_dataset", "y_dataset")
_TAG_DOMAINS = ("OVERVIEWS", "GEOLOCATION")
_PLAIN = ("GTiff", "HFA")  # what overviews and masks are written in
_BESIDE = (".ovr", ".OVR", ".msk", ".MSK")  # behind the name of a raster: GDAL opens them, whatever they are
# What mosaics and unions of layers are made of. Others run code or SQL, name files in further ways, or open them anew.
_MOSAIC = (
    "vrtdataset", "srs", "geotransform", "gcplist", "gcp", "metadata", "mdi", "vrtrasterband", "description",
    "unittype", "offset", "scale", "colorinterp", "colortable", "entry", "nodatavalue", "hidenodatavalue",
    "categorynames", "category", "histograms", "histitem", "histmin", "histmax", "bucketcount", "includeoutofrange",
    "approximate", "histcounts", "simplesource", "complexsource", "sourcefilename", "sourceband", "sourceproperties",
    "srcrect", "dstrect", "nodata", "scaleoffset", "scaleratio", "lut", "usemaskband", "colortablecomponent",
    "maskband", "overview", "overviewlist", "blockxsize", "blockysize",
)  # fmt: skip
_UNION = (
    "ogrvrtdatasource", "ogrvrtlayer", "ogrvrtunionlayer", "metadata", "mdi", "srcdatasource", "srclayer", "layersrs",
    "geometrytype", "geometryfield", "field", "fid", "style", "extentxmin", "extentymin", "extentxmax", "extentymax",
    "featurecount", "fieldstrategy", "preservesrcfid", "sourcelayerfieldname", "srs", "nullable",
)  # fmt: skip
_VIRTUAL = frozenset(_MOSAIC + _UNION)


def parts(path: Path, folder: Path) -> tuple[Path, ...]:
    """The files of which a virtual raster or virtual layer consists, those behind another such file included.

    Errors: ExportError when it leads out of the job's folder or to a file that is not there.
    """
    found: list[Path] = []
    waiting = [path]
    while waiting:
        for name, base in _xml_references(waiting.pop(), _VIRTUAL):
            part = _inside(base / name, folder)
            if part is None or part == path.resolve():
                raise ExportError(refusal(name))
            if part not in found:
                found.append(part)
                waiting.extend([part] if _is_virtual(part) else [])
    return tuple(found)


def check_companions(path: Path, folder: Path) -> None:
    """Beside a raster may lie its overviews and mask, and an .aux.xml that names others. Errors: ExportError when they
    lead elsewhere."""
    for companion in (path.with_name(f"{path.name}.aux.xml"), path.with_suffix(".aux.xml")):
        if companion.is_file():
            for name, _ in _xml_references(companion):
                raise ExportError(refusal(name))
    for ending in _BESIDE:
        beside = path.with_name(f"{path.name}{ending}")
        if beside.exists():
            driver = gdal.IdentifyDriverEx(str(beside), gdal.OF_RASTER)
            if driver is None or driver.ShortName not in _PLAIN or not is_inside(beside, folder):
                raise ExportError(refusal(beside.name))
            check_companions(beside, folder)
            check_opened(gdal.OpenEx(str(beside), gdal.OF_RASTER, allowed_drivers=[driver.ShortName]), folder)


def check_opened(dataset: gdal.Dataset | None, folder: Path) -> None:
    """What a file has said when it was opened: which files belong to it, and in its tags where overviews lie.

    Errors: ExportError.
    """
    if dataset is None:
        return
    tags = (dataset.GetMetadataItem(key.upper(), domain) for domain in _TAG_DOMAINS for key in _FILE_KEYS)
    for name in filter(None, tags):  # first: to list the files, GDAL opens overviews
        raise ExportError(refusal(name))
    home = _real(folder)
    for name in dataset.GetFileList() or ():
        if not os.path.realpath(name).startswith(home):
            raise ExportError(refusal(name))


def check_scene(tileset: Path, folder: Path) -> None:
    """Tilesets name their tiles in JSON, and models their pictures. Errors: ExportError when a name leads out of the
    job's folder, or the file is no tileset.

    Looked at is all that lies in the folder of the tileset, and all else that is referred to.
    """
    from ..core.container import is_inline  # these bring numpy, which the start of QGIS does without
    from ..core.tiles import is_tileset

    if not is_tileset(_json(tileset)):
        raise ExportError(QCoreApplication.translate("References", "it is not a tileset"))
    waiting = sorted(tileset.parent.rglob("*"))
    known = set(waiting)
    while waiting:
        file = waiting.pop()
        if file.is_symlink() and not is_inside(file, folder):
            raise ExportError(refusal(file.name))
        for name in _scene_references(file):
            target = None if is_inline(name) else _named(name, file.parent, folder)
            if target is not None and target not in known:
                known.add(target)
                waiting.append(target)


def is_inside(path: Path, folder: Path) -> bool:
    """Whether the file itself, behind any link, lies in the folder."""
    return os.path.realpath(path).startswith(_real(folder))


def _real(folder: Path) -> str:
    """With what the real path of everything in the folder begins."""
    return os.path.join(os.path.realpath(folder), "")


def _named(name: str, base: Path, folder: Path) -> Path:
    """The place that a name in a file of this folder means. Errors: ExportError when it leads out of the job's."""
    plain = unquote(name.split("?")[0].split("#")[0])
    path = Path(os.path.normpath(base / plain))
    is_odd = any(char in plain for char in ":\\\0") or PurePosixPath(plain).is_absolute()
    if is_odd or not is_inside(path, folder):
        raise ExportError(refusal(name))
    return path


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


def _xml_references(path: Path, known: Collection[str] = ()) -> Iterator[tuple[str, Path]]:
    """Each name of a file with the folder it starts from: as GDAL does, where the program runs unless it says else.

    known: the only elements that may be there.
    """
    tree = gdal.ParseXMLString(path.read_text("utf-8", "replace"))
    if tree is None:
        raise ExportError(gdal.GetLastErrorMsg())
    for element, attributes, text in _elements(tree):
        leading = [value for value in (text, *attributes.values()) if "/vsi" in value.casefold()]
        if leading or (known and element not in known and not element.startswith("?")):
            raise ExportError(refusal(leading[0] if leading else element))
        if attributes.get("key", "").casefold() in _FILE_KEYS:
            raise ExportError(refusal(text))
        if text and element in _FILE_ELEMENTS:
            is_beside = attributes.get("relativetovrt", "0") != "0"
            yield text, path.parent if is_beside else Path.cwd()


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
    """What a tileset or a model refers to, whatever it is called; nothing for a file of another kind."""
    from ..core.gltf import document_in, opened, references
    from ..core.tiles import contents, is_tileset, tiles, uri_of

    if not file.is_file():
        return []
    try:
        with opened(file) as data:
            document = document_in(data)
            if is_tileset(document):
                return [uri_of(content) for tile, _ in tiles(document) for content in contents(tile)]
            return [uri for uri, _ in references(data)]
    except (OSError, ValueError):
        return []


def refusal(name: str) -> str:
    return QCoreApplication.translate(
        "References", "it refers to “{name}”, which is no file of this job, so it is not opened"
    ).format(name=" ".join(name.split())[:200])
