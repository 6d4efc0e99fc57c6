"""3D Tiles as a layer: from QGIS 3.34 on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsMapLayer
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from .source import Kind, Source
from .theme_folders import job_title

FIRST_WITH_SCENES = 33400  # QGIS 3.34


def scene(path: Path, folder: Path) -> Source:
    """The layer of a tileset.json.

    Errors: ExportError where this QGIS shows none, it leads out of the folder, or it would end QGIS.
    """
    from . import references  # brings GDAL

    if Qgis.QGIS_VERSION_INT < FIRST_WITH_SCENES:
        raise ExportError(
            QCoreApplication.translate(
                "Scenes", "QGIS shows 3D Tiles from version 3.34 on; the files stay in the folder"
            )
        )
    references.check_scene(path, folder)
    _check(path)
    name = path.parent.name if path.parent != folder else job_title(folder)
    return Source(name, str(path), str(path), "cesiumtiles", Kind.SCENE)


def remarks(path: Path) -> list[str]:
    """What the person won't see of a tileset.json, or not where it belongs; a clause each. Errors: OSError."""
    from ..core.tiles import several_of, tiles
    from ..core.volumes import IDENTITY, chained, is_on_globe

    found: list[str] = []
    documents = dict(_tilesets(path))
    root = documents[path]["root"] if path in documents else None
    if root is not None and not is_on_globe(root.get("boundingVolume"), chained(IDENTITY, root.get("transform"))):
        found.append(
            QCoreApplication.translate("Scenes", "the model has no geolocation, so it does not lie where it belongs")
        )
    every = [tile for document in documents.values() for tile, _ in tiles(document)]
    if any(_is_implicit(tile) for tile in every):
        found.append(QCoreApplication.translate("Scenes", "QGIS does not show its tiles with implicit tiling"))
    if any(several_of(tile) for tile in every):
        found.append(QCoreApplication.translate("Scenes", "QGIS does not show its tiles with several contents"))
    return found


def dress(layer: QgsMapLayer) -> None:
    """Gives a tiled scene what 3D views draw it by. Nothing happens where QGIS comes without its 3D library."""
    try:
        from qgis._3d import QgsTiledSceneLayer3DRenderer
    except ImportError:
        return
    renderer = QgsTiledSceneLayer3DRenderer()
    renderer.setLayer(layer)
    layer.setRenderer3D(renderer)


def _check(path: Path) -> None:
    from ..core.tiles import check

    for file, document in _tilesets(path):
        try:
            check(document)
        except ValueError as error:
            raise ExportError(
                QCoreApplication.translate("Scenes", "“{file}” is damaged: {reason}").format(
                    file=file.relative_to(path.parent).as_posix(), reason=error
                )
            ) from error


def _tilesets(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The tileset.json and the other tilesets in its tree."""
    from ..core.gltf import parsed
    from ..core.tiles import is_tileset

    for file in sorted(path.parent.rglob("*.json")):
        try:
            document = parsed(file.read_bytes())
        except ValueError:
            continue
        if is_tileset(document):
            yield file, document


def _is_implicit(tile: dict[str, Any]) -> bool:
    from ..core.implicit import tiling

    try:
        return tiling(tile) is not None
    except ValueError:
        return True
