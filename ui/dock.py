"""The dock: the form for a new order above, the list of orders below."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget, QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QSplitter, QWidget

from ..bridge.accounts import Accounts
from ..bridge.jobs import Jobs
from ..core.model import Job
from .job_panel import JobPanel
from .order_form import OrderForm

translate = QCoreApplication.translate


class Level(IntEnum):
    """Qgis.MessageLevel as plain numbers, which a signal carries on every version of QGIS."""

    INFO = 0
    WARNING = 1
    CRITICAL = 2
    SUCCESS = 3


class CutoutDock(QgsDockWidget):
    """It is given all it works with, and asks a service only while it can be seen. shutdown() before it goes."""

    message = pyqtSignal(str, int)  # text, Qgis.MessageLevel

    def __init__(
        self, canvas: QgsMapCanvas, project: QgsProject, accounts: Accounts, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(translate("CutoutDock", "Cutout"), parent)
        self.setObjectName("CutoutDock")
        self.form = OrderForm(canvas, project, accounts, jobs)
        self.panel = JobPanel(jobs, canvas)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.addWidget(self.form)
        self._splitter.addWidget(self.panel)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self.setWidget(self._splitter)
        self.form.ordered.connect(self._ordered)
        self.form.problem.connect(self._warn)
        self.panel.commands.failed.connect(self._warn)
        self.panel.commands.said.connect(self._say)
        self.visibilityChanged.connect(self._shown)
        self._is_shut = False

    def shutdown(self) -> None:
        """Nothing of the dock works, listens or is drawn any more."""
        if not self._is_shut:
            self._is_shut = True
            self.visibilityChanged.disconnect(self._shown)
            self.form.shutdown()
            self.panel.shutdown()

    def _shown(self, visible: bool) -> None:
        self.form.set_active(visible)
        self.panel.set_active(visible)

    def _ordered(self, jobs: Sequence[Job]) -> None:
        self.panel.select(jobs[0])
        one = translate("CutoutDock", "“{title}” is ordered. Go on working: its layers come by themselves.")
        many = translate(
            "CutoutDock", "%n orders are placed. Go on working: their layers come by themselves.", "", len(jobs)
        )
        self.message.emit(one.format(title=jobs[0].title) if len(jobs) == 1 else many, int(Level.INFO))

    def _say(self, text: str) -> None:
        self.message.emit(text, int(Level.INFO))

    def _warn(self, text: str) -> None:
        self.message.emit(text, int(Level.WARNING))
