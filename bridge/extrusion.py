"""Buildings as bodies in QGIS's 3D views: from their base as high as they are."""

from __future__ import annotations

from qgis.core import Qgis, QgsProperty, QgsVectorLayer

try:  # before any work begins: a thread that gets a QObject while QGIS's 3D module is half imported ends QGIS
    from qgis import _3d
except ImportError:  # QGIS may be built without it
    _3d = None

_ALTITUDE, _EXTRUSION = 0, 1  # QgsAbstract3DSymbol.Property, which goes by other names from QGIS 3.36 on
_ABSOLUTE = 0  # AltitudeClamping: heights are those of the data, whatever the ground


def extrude(layer: QgsVectorLayer) -> None:
    """Gives polygons with the fields height and base a 3D symbol, where QGIS is built with 3D."""
    if _3d is None:
        return
    symbol = _3d.QgsPolygon3DSymbol()
    properties = symbol.dataDefinedProperties()
    properties.setProperty(_ALTITUDE, QgsProperty.fromField("base"))
    properties.setProperty(_EXTRUSION, QgsProperty.fromField("height"))
    symbol.setDataDefinedProperties(properties)
    symbol.setAltitudeClamping(_clampings()(_ABSOLUTE))
    renderer = _3d.QgsVectorLayer3DRenderer(symbol)
    renderer.setLayer(layer)
    layer.setRenderer3D(renderer)


def _clampings() -> type:
    return getattr(Qgis, "AltitudeClamping", None) or _3d.Qgs3DTypes.AltitudeClamping  # the latter before QGIS 3.30
