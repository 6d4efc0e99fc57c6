"""The models that come with Cutout: each .model3 file here is an algorithm cutout:<name of the file>."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingModelAlgorithm
from qgis.PyQt.QtCore import QCoreApplication

from ..algorithm import DOCS

FILES = sorted(Path(__file__).parent.glob("*.model3"))


class Model(QgsProcessingModelAlgorithm):
    """QGIS would have the title of a model be its name too, with spaces, which scripts and qgis_process go by."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.fromFile(str(file))

    def createInstance(self) -> Model:
        return Model(self._file)

    def complete(self) -> None:
        """Takes the algorithms of its steps that were not there when it was read, and the outputs that come of them."""
        self.canExecute()
        self.updateDestinationParameters()

    def name(self) -> str:
        return self._file.stem

    def displayName(self) -> str:
        return super().name()

    def group(self) -> str:
        return QCoreApplication.translate("Toolbox", "Models")

    def groupId(self) -> str:
        return "models"

    def helpUrl(self) -> str:
        return f"{DOCS}#models"
