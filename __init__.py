"""Cutout: draw an area, order it from a geodata export service, get the files back as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .plugin import CutoutPlugin


def classFactory(iface: QgisInterface | None) -> CutoutPlugin:
    """The plugin for this QGIS; iface is None in qgis_process."""
    from .plugin import CutoutPlugin

    return CutoutPlugin(iface)
