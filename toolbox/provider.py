"""Cutout in the Processing toolbox."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .cover import Cover

ICON = str(Path(__file__).parent.parent / "icon.svg")


class CutoutProcessing(QgsProcessingProvider):
    def id(self) -> str:
        return "cutout"

    def name(self) -> str:
        return "Cutout"

    def icon(self) -> QIcon:
        return QIcon(ICON)

    def loadAlgorithms(self) -> None:
        self.addAlgorithm(Cover())
