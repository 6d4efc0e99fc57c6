"""Buildings as bodies in QGIS's 3D views: from their base as high as they are."""

from __future__ import annotations

from qgis.core import Qgis, QgsProperty, QgsVectorLayer

_ALTITUDE, _EXTRUSION = 0, 1  # QgsAbstract3DSymbol.Property, which goes by other names from QGIS 3.36 on
_ABSOLUTE = 0  # AltitudeClamping: heights are those of the data, whatever the ground


def extrude(layer: QgsVectorLayer) -> None:
    """Gives polygons with the fields height and base a 3D symbol, where QGIS is built with 3D."""
    try:
        from qgis._3d import QgsPolygon3DSymbol, QgsVectorLayer3DRenderer
    except ImportError:
        return
    symbol = QgsPolygon3DSymbol()
    properties = symbol.dataDefinedProperties()
    properties.setProperty(_ALTITUDE, QgsProperty.fromField("base"))
    properties.setProperty(_EXTRUSION, QgsProperty.fromField("height"))
    symbol.setDataDefinedProperties(properties)
    symbol.setAltitudeClamping(_clampings()(_ABSOLUTE))
    renderer = QgsVectorLayer3DRenderer(symbol)
    renderer.setLayer(layer)
    layer.setRenderer3D(renderer)


def _clampings() -> type:
    from qgis._3d import Qgs3DTypes  # has them before QGIS 3.30

    return getattr(Qgis, "AltitudeClamping", None) or Qgs3DTypes.AltitudeClamping
