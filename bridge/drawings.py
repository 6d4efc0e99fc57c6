"""DXF: the triangles in it as a model, and the whole drawing moved to where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from ..core.mesh import Floats, Mesh, mesh, welded
from ..core.placing import Placement
from ..core.polygon_mesh import triangulated
from .model_files import add, new_database, reference

_CORNERS = 4  # of a 3DFACE
_MOSTLY = 0.5  # of the features are such faces in a model
_KINDS = (
    ("points", ogr.wkbPoint, ogr.wkbMultiPoint),
    ("lines", ogr.wkbCurve, ogr.wkbMultiCurve),
    ("polygons", ogr.wkbSurface, ogr.wkbMultiSurface),
)


@dataclass(frozen=True)
class Drawing:
    """extent: west, south, east, north as in the file. surface: the model that it is, None for a plan."""

    extent: tuple[float, float, float, float]
    surface: Mesh | None


def read_drawing(path: Path) -> Drawing:
    """Errors: ExportError when it can't be read or nothing is drawn in it."""
    with_faces: list[Floats] = []
    count, low, high = 0, np.full(2, np.inf), np.full(2, -np.inf)
    for feature in _features(path):
        geometry = feature.GetGeometryRef()
        if geometry is None or geometry.IsEmpty():
            continue
        count += 1
        west, east, south, north = geometry.GetEnvelope()
        low, high = np.minimum(low, (west, south)), np.maximum(high, (east, north))
        with_faces.extend(_faces(geometry))
    if not count or not np.isfinite([low, high]).all():
        raise ExportError(QCoreApplication.translate("Drawings", "nothing is drawn in it"))
    is_model = len(with_faces) >= _MOSTLY * count
    return Drawing((low[0], low[1], high[0], high[1]), _surface(with_faces) if is_model else None)


def write_placed(path: Path, origin: Path, placement: Placement) -> tuple[dict[str, int], int]:
    """The drawing as a GeoPackage with a layer for each kind of geometry, its attributes kept.

    Gives the layers with their counts, and how many features are of no such kind. Errors: ExportError.
    """
    counts: dict[str, int] = {}
    undrawn = 0
    source = _opened(origin)
    with new_database(path) as database:
        for feature in source.GetLayer(0):
            geometry = feature.GetGeometryRef()
            kind = _kind(geometry)
            if not kind:
                undrawn += 1
                continue
            if kind not in counts:
                _layer_like(database, kind, source.GetLayer(0), placement.crs)
            counts[kind] = counts.get(kind, 0) + 1
            layer = database.GetLayerByName(kind)
            copy = ogr.Feature(layer.GetLayerDefn())
            copy.SetFrom(feature)
            _move(copy.GetGeometryRef(), placement)
            copy.SetFID(ogr.NullFID)
            add(layer, copy)
    return counts, undrawn


def _opened(path: Path) -> gdal.Dataset:
    gdal.ErrorReset()
    drawing = gdal.OpenEx(str(path), gdal.OF_VECTOR, allowed_drivers=["DXF"])
    if drawing is None:
        reason = gdal.GetLastErrorMsg()
        raise ExportError(QCoreApplication.translate("Drawings", "it is damaged: {reason}").format(reason=reason))
    return drawing


def _features(path: Path) -> Iterator[ogr.Feature]:
    drawing = _opened(path)
    yield from drawing.GetLayer(0)
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        reason = gdal.GetLastErrorMsg()
        raise ExportError(QCoreApplication.translate("Drawings", "it is damaged: {reason}").format(reason=reason))


def _faces(geometry: ogr.Geometry) -> Iterator[Floats]:
    """The faces of a surface in space: triangles, quadrilaterals, and those of a mesh."""
    if geometry.GetGeometryCount() and not geometry.GetGeometryRef(0).GetGeometryCount():
        ring = geometry.GetGeometryRef(0)
        is_face = geometry.Is3D() and geometry.GetGeometryCount() == 1 and ring.GetPointCount() <= _CORNERS + 1
        if is_face and ogr.GT_IsSubClassOf(ogr.GT_Flatten(geometry.GetGeometryType()), ogr.wkbSurface):
            corners = np.array(ring.GetPoints(), float)[:, :3]
            corners = corners[(corners != np.roll(corners, 1, axis=0)).any(axis=1)]
            if len(corners) >= 3:
                yield corners
        return
    for number in range(geometry.GetGeometryCount()):
        yield from _faces(geometry.GetGeometryRef(number))


def _surface(faces: list[Floats]) -> Mesh:
    vertices, vertex = welded(np.concatenate(faces))
    triangles, _ = triangulated(vertices, vertex, np.array([len(face) for face in faces]))
    return mesh(vertices, triangles)


def _kind(geometry: ogr.Geometry | None) -> str:
    if geometry is None or geometry.IsEmpty():
        return ""
    flat = ogr.GT_Flatten(geometry.GetGeometryType())
    kinds = (name for name, *parents in _KINDS if any(ogr.GT_IsSubClassOf(flat, parent) for parent in parents))
    return next(kinds, "")


def _layer_like(database: gdal.Dataset, name: str, model: ogr.Layer, crs: str) -> None:
    """A layer of any kind of geometry: in a drawing single ones and collections are mixed."""
    layer = database.CreateLayer(name, reference(crs), ogr.wkbUnknown)
    definition = model.GetLayerDefn()
    for field in range(definition.GetFieldCount()):
        layer.CreateField(definition.GetFieldDefn(field))


def _move(geometry: ogr.Geometry, placement: Placement) -> None:
    if geometry.GetGeometryCount():
        for number in range(geometry.GetGeometryCount()):
            _move(geometry.GetGeometryRef(number), placement)
        return
    points = np.array(geometry.GetPoints(), float)
    for number, point in enumerate(placement.placed(points).tolist()):
        if geometry.Is3D():
            geometry.SetPoint(number, *point[:3])
        else:
            geometry.SetPoint_2D(number, *point[:2])
