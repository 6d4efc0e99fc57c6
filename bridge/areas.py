"""The area as QGIS has it (canvas extent, selected polygons) as plain bytes, and an Area back as a QGIS geometry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer, QgsWkbTypes

from ..core.errors import AreaError

if TYPE_CHECKING:
    from ..core.aoi import Area


@dataclass(frozen=True)
class AreaSource:
    """An area as it lies in QGIS, ready for another thread.

    parts: WKB of each polygon; or extent: west, south, east, north. crs: authority id or WKT. label: where it is from.
    """

    crs: str
    label: str
    parts: tuple[bytes, ...] = ()
    extent: tuple[float, float, float, float] | None = None


def from_extent(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, label: str = "") -> AreaSource:
    """Errors: AreaError when there is no extent, or it is not known where on Earth it lies."""
    if extent.isEmpty() or not extent.isFinite():
        raise AreaError("The map shows nothing yet.", "Add a layer or zoom to a place.")
    bounds = (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    return AreaSource(_crs(crs, "The map"), label, extent=bounds)


def from_bounds(bounds: tuple[float, float, float, float], crs: QgsCoordinateReferenceSystem, name: str) -> AreaSource:
    """West, south, east, north, as somebody has written them: whether they are an extent shows in `resolve`.

    West may be greater than east, over the antimeridian. Errors: AreaError when it is not known where on Earth it lies.
    """
    return AreaSource(_crs(crs, name), name, extent=bounds)


def from_selection(layer: QgsVectorLayer | None) -> AreaSource:
    """The selected polygons of a layer. Errors: AreaError when there are none."""
    polygons = QgsWkbTypes.GeometryType.PolygonGeometry
    if not isinstance(layer, QgsVectorLayer) or layer.geometryType() != polygons:
        raise AreaError(
            "The current layer has no polygons.", "Choose a polygon layer in the Layers panel and select some."
        )
    if not layer.selectedFeatureCount():
        raise AreaError(f"Nothing is selected in {layer.name()}.", "Select one or more polygons of it.")
    return from_features(layer.getSelectedFeatures(), layer.crs(), layer.name())


def from_features(features: Iterable[QgsFeature], crs: QgsCoordinateReferenceSystem, name: str) -> AreaSource:
    """Several features as one area. Errors: AreaError when none has a geometry, or the CRS is missing."""
    shapes = (feature.geometry() for feature in features)
    parts = tuple(bytes(_straight(shape).asWkb()) for shape in shapes if not shape.isNull())
    if not parts:
        raise AreaError(f"The features of {name} have no geometry.", "Choose features that are drawn.")
    return AreaSource(_crs(crs, name), name, parts=parts)


def from_document(geometry: Mapping[str, Any]) -> Area:
    """The area of a job, from its GeoJSON."""
    from ..core.aoi import from_geojson

    return from_geojson(dict(geometry))


def resolve(source: AreaSource) -> Area:
    """The area in EPSG:4326, repaired. Takes a while for large ones, so not for the main thread."""
    from ..core.aoi import from_bbox, from_wkb

    if source.extent is not None:
        return from_bbox(*source.extent, crs=source.crs)
    return from_wkb(source.parts, source.crs)


def to_qgis(area: Area) -> QgsGeometry:
    """The area as a QGIS geometry in EPSG:4326."""
    geometry = QgsGeometry()
    geometry.fromWkb(area.geometry.wkb)
    return geometry


def _straight(shape: QgsGeometry) -> QgsGeometry:
    """Curved polygons as straight ones, since shapely has no curves."""
    return QgsGeometry(shape.constGet().segmentize()) if QgsWkbTypes.isCurvedType(shape.wkbType()) else shape


def _crs(crs: QgsCoordinateReferenceSystem, name: str) -> str:
    if not crs.isValid() or crs.description().startswith("Undefined "):  # as GeoPackages say it
        raise AreaError(
            f"{name} has no coordinate reference system.", "Set one, so that Cutout knows where the area is."
        )
    return crs.authid() if crs.authid().startswith(("EPSG:", "ESRI:", "OGC:")) else crs.toWkt()
