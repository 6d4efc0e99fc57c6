"""The area drawn on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsCoordinateReferenceSystem, QgsCsException, QgsReferencedRectangle, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QColor

from ..bridge.areas import to_qgis

if TYPE_CHECKING:
    from ..core.aoi import Area

OUTLINE = QColor(214, 69, 22)
FILL = QColor(214, 69, 22, 40)
MARGIN = 1.15  # of the area around it, when the map zooms to it


class AreaBand:
    """One rubber band on one canvas, which is gone after remove()."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._band: QgsRubberBand | None = None

    def show(self, area: Area) -> None:
        if self._band is None:
            self._band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
            self._band.setStrokeColor(OUTLINE)
            self._band.setFillColor(FILL)
            self._band.setWidth(2)
        self._band.setToGeometry(to_qgis(area), wgs84())

    def remove(self) -> None:
        band, self._band = self._band, None
        if band is not None and not sip.isdeleted(band):
            self._canvas.scene().removeItem(band)
            sip.delete(band)


def zoom_to(canvas: QgsMapCanvas, area: Area) -> None:
    """Show the whole area with a little around it. An area that the map's CRS can't hold leaves the map as it is."""
    bounds = to_qgis(area).boundingBox()
    bounds.scale(MARGIN)
    try:
        canvas.setReferencedExtent(QgsReferencedRectangle(bounds, wgs84()))
    except QgsCsException:
        return
    canvas.refresh()


def wgs84() -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem("EPSG:4326")
