"""What can be opened under the folder of a job. Runs in any thread: plain GDAL, no layer and no project.

Nothing is dropped: what can't be opened stands among the problems with the reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsProviderRegistry
from qgis.PyQt.QtCore import QCoreApplication

from ..core import manifest
from ..core.errors import ExportError
from . import merge, references, untrusted
from .clip import clipped
from .clip_record import is_made_here
from .derived import made
from .probe import is_readable, read
from .received import received
from .scenes import remarks, scene
from .source import Arrival, Kind, Source
from .statistics import is_mended, measure

__all__ = ["Arrival", "Kind", "Source", "survey"]

MOST_NAMED = 3  # files that have one reason in common are named; more are counted
_TILESET = "tileset.json"
_MESHES = (".2dm", ".ply")
_MODELS = (".stl", ".obj")
_DRAWING = ".dxf"
_PICTURES = (".tif", ".tiff", ".jpg", ".jpeg", ".jp2", ".png")
_MAIN = (".shp", ".tab", ".mif")  # before the files that belong to them
_DOCUMENTS = (".txt", ".xml", ".aux", ".html", ".htm", ".md", ".pdf", ".rtf", ".css", ".js", ".ini", ".url", ".part")
_COMPANIONS = (".prj", ".cpg", ".qpj", ".qml", ".qmd", ".sld", ".lyr", ".lyrx", ".csvt", ".wld", ".tfw", ".jgw", ".j2w")
_OPEN_DATABASE = (".gpkg-wal", ".gpkg-shm", ".gpkg-journal")  # QGIS writes them while a layer is open
_TILE_CONTENT = (".json", ".glb", ".gltf", ".b3dm", ".i3dm", ".pnts", ".cmpt", ".bin", ".subtree")
_TEXTURES = (".png", ".jpg", ".jpeg", ".webp", ".ktx2", ".mtl")
_MAY_BE_DOCUMENTS = (".json", "")
_SKIPPED = frozenset(_DOCUMENTS + _COMPANIONS + _OPEN_DATABASE + (".mtl",))


def survey(folder: Path) -> Arrival:
    """Everything under the folder that becomes a layer, and why the rest does not. Writes mosaics beside sheets, and
    copies cut to the area where that was ordered."""
    folder = folder.absolute()
    gdal.PushErrorHandler("CPLQuietErrorHandler")  # this thread's; the reasons are read and told
    try:
        found, problems, models = _open_all(folder)
        sources, apart = merge.themes(found, folder)
        problems.extend(_empty(source, folder) for source in sources if source.count is not None and source.count < 1)
        sources.extend(_of_models(models, folder, problems))
        sources, whole = clipped(sources, folder)
        for source in sources:
            if source.kind is Kind.RASTER:
                with suppress(RuntimeError):  # gdal.UseExceptions again; a sheet of the sea has no statistics
                    measure(source)
    finally:
        gdal.PopErrorHandler()
    if not sources and not (problems or apart or whole) and received(folder):
        problems.append(QCoreApplication.translate("Survey", "QGIS shows none of the files; they are in the folder."))
    order = list(Kind)
    sources.sort(key=lambda source: (order.index(source.kind), source.name.casefold(), source.uri))
    return Arrival(tuple(sources), (*problems, *apart, *whole), _attribution(folder))


def _open_all(folder: Path) -> tuple[list[Source], list[str], list[Path]]:
    """What can be opened as it is, the problems, and the files that have to become something else first."""
    found: list[Source] = []
    problems: list[str] = []
    refused: list[tuple[Path, str]] = []
    inside: set[Path] = set()  # what a virtual raster shows already
    models: list[Path] = []
    ours = made(folder)
    without_crs = _is_without_crs(folder)
    came = received(folder)
    for path in _datasets(folder):
        if path in ours or not is_mended(path, came):
            continue
        if _is_model(path, without_crs):
            models.append(path)
            continue
        try:
            sources, parts, notes = _open(path, folder)
        except (ExportError, OSError, RuntimeError) as error:  # RuntimeError: a plugin has set gdal.UseExceptions
            refused.append((path, str(error)))
            continue
        found.extend(sources)
        inside.update(parts)
        problems.extend(_remark(path, folder, note) for note in notes)
    found = [source for source in found if Path(source.path).resolve() not in inside]
    return found, [*_unloaded(refused, folder), *problems], models


def _of_models(models: list[Path], folder: Path, problems: list[str]) -> list[Source]:
    if not models:
        return []
    from .models import load  # brings numpy, shapely and pyproj, which the start of QGIS does without

    loaded = load(models, folder)
    problems.extend(_unloaded(loaded.refused, folder))
    problems.extend(_remark(path, folder, note) for path, note in loaded.notes)
    return loaded.sources


def _is_model(path: Path, without_crs: bool) -> bool:
    """Whether its coordinates may count from anywhere. Of a drawing the order or a .prj may say in which CRS it is."""
    suffix = path.suffix.casefold()
    return suffix in _MODELS or (suffix == _DRAWING and without_crs and not path.with_suffix(".prj").is_file())


def _is_without_crs(folder: Path) -> bool:
    """Whether it is the folder of a job that was ordered without a CRS, as cutout.json has it."""
    try:
        request = manifest.read(folder).get("request")
    except ExportError:
        return False
    options = request.get("options") if isinstance(request, dict) else None
    return isinstance(options, dict) and not any("crs" in key and value for key, value in options.items())


def _datasets(folder: Path) -> Iterator[Path]:
    """The files that may be data, one for each dataset. A geodatabase is a folder, a tileset a tree of files."""
    scenes: list[Path] = []
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        folders[:] = [name for name in folders if not is_made_here(here / name, folder)]
        yield from (here / name for name in folders if name.casefold().endswith(".gdb"))
        folders[:] = [name for name in folders if not name.casefold().endswith(".gdb")]
        is_scene = any(scene == here or scene in here.parents for scene in scenes)
        if _TILESET in files and not is_scene:
            scenes.append(here)
            is_scene = True
            yield here / _TILESET
        skipped = _SKIPPED.union(_TILE_CONTENT, _TEXTURES) if is_scene else _SKIPPED
        yield from _main_files(here, [name for name in files if Path(name).suffix.casefold() not in skipped])


def _main_files(here: Path, names: list[str]) -> Iterator[Path]:
    """Each dataset once: a shapefile is six files."""
    taken = {name.casefold() for name in names if _places_picture(name, names)}
    for name in sorted(names, key=lambda name: (Path(name).suffix.casefold() not in _MAIN, name)):
        if name.startswith(".") or name == manifest.NAME or name.casefold() in taken:
            continue
        for provider in ("ogr", "gdal") if len(names) > 1 else ():
            metadata = QgsProviderRegistry.instance().providerMetadata(provider)
            sidecars = metadata.sidecarFilesForUri(str(here / name))
            taken.update(os.path.basename(sidecar).casefold() for sidecar in sidecars)
        if Path(name).suffix.casefold() not in _MAY_BE_DOCUMENTS or is_readable(here / name):
            yield here / name


def _places_picture(name: str, names: list[str]) -> bool:
    """A .tab is a table if its data are there, else it only says to MapInfo where the picture beside it lies."""
    stem, suffix = os.path.splitext(name.casefold())
    others = {other for other in map(str.casefold, names) if os.path.splitext(other)[0] == stem}
    return suffix == ".tab" and f"{stem}.dat" not in others and any(f"{stem}{end}" in others for end in _PICTURES)


def _open(path: Path, folder: Path) -> tuple[list[Source], tuple[Path, ...], list[str]]:
    """The layers of a dataset, the files that it shows with its own, and what of it can't be shown."""
    if not references.is_inside(path, folder):
        raise ExportError(QCoreApplication.translate("Survey", "it is a link that leads out of the job's folder"))
    untrusted.check_name(path, folder)
    if path.name == _TILESET:
        return [scene(path, folder)], (), remarks(path)
    if path.suffix.casefold() in _MESHES:
        untrusted.check_mesh(path)
        return [Source(path.stem, str(path), str(path), "mdal", Kind.MESH)], (), []
    if path.is_file() and not path.stat().st_size:
        raise ExportError(QCoreApplication.translate("Survey", "the file is empty"))
    return read(path, folder)


def _attribution(folder: Path) -> str:
    """Whom the service wants named, as cutout.json has it."""
    try:
        attribution = manifest.read(folder).get("attribution")
    except ExportError:
        return ""
    return attribution if isinstance(attribution, str) else ""


def _unloaded(refused: Sequence[tuple[Path, str]], folder: Path) -> Iterator[str]:
    """A sentence a reason, with the files named as the person sees them in the folder."""
    names: dict[str, list[str]] = {}
    for path, reason in refused:
        plain = reason.replace(str(path), path.name).replace(f"{folder}{os.sep}", "").strip().rstrip(".")
        names.setdefault(plain, []).append(path.relative_to(folder).as_posix())
    for reason, files in names.items():
        shown, more = ", ".join(files[:MOST_NAMED]), len(files) - MOST_NAMED
        if len(files) == 1:
            text = QCoreApplication.translate("Survey", "{file} is not loaded: {reason}.")
        elif more <= 0:
            text = QCoreApplication.translate("Survey", "{file} are not loaded: {reason}.")
        else:
            text = QCoreApplication.translate("Survey", "{file} and %n more are not loaded: {reason}.", "", more)
        yield text.format(file=shown, reason=reason)


def _empty(source: Source, folder: Path) -> str:
    """Told when the tiles are together: an empty one among others is nothing to tell."""
    text = QCoreApplication.translate("Survey", "“{layer}” has no features, there may be none in the area")
    return _remark(Path(source.path), folder, text.format(layer=source.name))


def _remark(path: Path, folder: Path, note: str) -> str:
    return f"{path.relative_to(folder).as_posix()}: {note}."
