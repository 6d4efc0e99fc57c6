"""Cutout in the Processing toolbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QIcon

from ..bridge.accounts import Accounts
from ..providers import services
from .algorithm import ICON
from .collect import Collect
from .cover import Cover
from .models import FILES, Model
from .order import Order

if TYPE_CHECKING:
    from ..bridge.offers import Confirm


class _Bell(QObject):
    """Held by every run: QGIS deletes the provider with the plugin, whatever still runs."""

    rung = pyqtSignal()

    def ring(self) -> None:
        self.rung.emit()


class CutoutProcessing(QgsProcessingProvider):
    """left_open: a run has ended, and there may be jobs for the dock's poller to go on with. Any thread says it.

    confirm: asks the person before something that costs money is ordered, None where there is nobody to ask.
    has_models: False to do without them until add_models(), since QGIS needs 5 to 10 ms to read each.
    """

    def __init__(self, accounts: Accounts, confirm: Confirm | None = None, has_models: bool = True) -> None:
        super().__init__()
        self._accounts, self._confirm, self._has_models = accounts, confirm, has_models
        self._bell = _Bell()
        self.left_open = self._bell.rung
        QgsApplication.processingRegistry().providerAdded.connect(self._complete_models)

    def id(self) -> str:
        return "cutout"

    def name(self) -> str:
        return "Cutout"

    def icon(self) -> QIcon:
        return QIcon(ICON)

    def svgIconPath(self) -> str:
        return ICON

    def loadAlgorithms(self) -> None:
        for service in services().values():
            self.addAlgorithm(Order(service, self._accounts, self._bell.ring, self._confirm))
        self.addAlgorithm(Collect(self._accounts, self._bell.ring))
        self.addAlgorithm(Cover())
        for file in FILES if self._has_models else ():
            self.addAlgorithm(Model(file))

    def add_models(self) -> None:
        self._has_models = True
        for file in FILES:
            self.addAlgorithm(Model(file))
        self.algorithmsLoaded.emit()  # the toolbox shows them

    def _complete_models(self) -> None:
        """The algorithms of their steps are there only once the provider is, this one too."""
        for algorithm in self.algorithms():
            if isinstance(algorithm, Model):
                algorithm.complete()
