"""Where the area comes from: what the map shows, or the polygons selected in a layer, followed as they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from qgis.core import QgsProject, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from ..bridge.areas import AreaSource, from_extent, from_selection, resolve
from ..core.model import Json

if TYPE_CHECKING:
    from ..core.aoi import Area

translate = QCoreApplication.translate


class AreaMode(str, Enum):
    CANVAS = "canvas"
    SELECTION = "selection"
    NONE = "none"


@dataclass(frozen=True)
class Measured:
    """An area with all that is told and sent of it, worked out off the main thread. geojson: in EPSG:4326."""

    area: Area
    km2: float
    vertices: int
    geojson: Mapping[str, Json]

    @classmethod
    def of(cls, source: AreaSource) -> Measured:
        area = resolve(source)
        return cls(area, area.km2, area.vertices, area.geojson)


class FollowedArea(QObject):
    """Says `stirred` whenever the area may have become another one; read() gives it as it is now."""

    stirred = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, project: QgsProject, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._project = canvas, project
        self.mode = AreaMode.CANVAS
        self.layer: QgsVectorLayer | None = None
        canvas.extentsChanged.connect(self._canvas_moved)
        canvas.destinationCrsChanged.connect(self._canvas_moved)
        canvas.currentLayerChanged.connect(self._layers_changed)
        canvas.selectionChanged.connect(self._layers_changed)
        project.layersAdded.connect(self._layers_changed)
        project.layersRemoved.connect(self._layers_changed)

    def use(self, mode: AreaMode) -> None:
        self.mode = mode
        self._follow(self._polygon_layer() if mode is AreaMode.SELECTION else None)
        self.stirred.emit()

    def read(self) -> AreaSource | None:
        """None without an area. Errors: AreaError in words."""
        if self.mode is AreaMode.CANVAS:
            return from_extent(self._canvas.extent(), self._canvas.mapSettings().destinationCrs())
        if self.mode is AreaMode.SELECTION:
            return from_selection(self.layer)
        return None

    def shutdown(self) -> None:
        self._follow(None)
        self._canvas.extentsChanged.disconnect(self._canvas_moved)
        self._canvas.destinationCrsChanged.disconnect(self._canvas_moved)
        self._canvas.currentLayerChanged.disconnect(self._layers_changed)
        self._canvas.selectionChanged.disconnect(self._layers_changed)
        self._project.layersAdded.disconnect(self._layers_changed)
        self._project.layersRemoved.disconnect(self._layers_changed)

    def _canvas_moved(self) -> None:
        if self.mode is AreaMode.CANVAS:
            self.stirred.emit()

    def _layers_changed(self, *_: object) -> None:
        if self.mode is AreaMode.SELECTION:
            self._follow(self._polygon_layer())
            self.stirred.emit()

    def _polygon_layer(self) -> QgsVectorLayer | None:
        """The current layer if it has polygons; else the one used so far, else any, as long as some are selected."""
        current = self._canvas.currentLayer()
        if _has_polygons(current):
            return current
        known = [] if self.layer is None or sip.isdeleted(self.layer) else [self.layer]
        for layer in [*known, *self._project.mapLayers().values()]:
            if _has_polygons(layer) and layer.selectedFeatureCount():
                return layer
        return current if isinstance(current, QgsVectorLayer) else None

    def _follow(self, layer: QgsVectorLayer | None) -> None:
        """Its selection, the shapes of its features while they are edited, and its CRS."""
        if layer is self.layer:
            return
        if self.layer is not None and not sip.isdeleted(self.layer):
            self.layer.selectionChanged.disconnect(self._layer_stirred)
            self.layer.geometryChanged.disconnect(self._layer_stirred)
            self.layer.crsChanged.disconnect(self._layer_stirred)
            self.layer.willBeDeleted.disconnect(self._layer_gone)
        self.layer = layer
        if layer is not None:
            layer.selectionChanged.connect(self._layer_stirred)
            layer.geometryChanged.connect(self._layer_stirred)
            layer.crsChanged.connect(self._layer_stirred)
            layer.willBeDeleted.connect(self._layer_gone)

    def _layer_stirred(self, *_: object) -> None:
        self.stirred.emit()

    def _layer_gone(self) -> None:
        self._follow(None)
        self.stirred.emit()


def _has_polygons(layer: object) -> bool:
    polygons = QgsWkbTypes.GeometryType.PolygonGeometry
    return isinstance(layer, QgsVectorLayer) and layer.geometryType() == polygons
