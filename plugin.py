"""The wiring: create, connect, register, unload. What the parts do is written in the parts.

Everybody who has the plugin waits for it when QGIS starts, so what is not needed then is imported where it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QLocale, Qt, QTimer, QTranslator
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from .bridge import log
from .bridge.accounts import Accounts
from .bridge.folders import downloads, store_path
from .bridge.needs import missing
from .core.errors import ExportError
from .core.words import plain
from .toolbox.algorithm import ICON
from .toolbox.provider import CutoutProcessing

translate = QCoreApplication.translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from .bridge.jobs import Jobs
    from .bridge.offers import Offer
    from .ui.dock import CutoutDock

SHOWN = "cutout/shown"
LONGEST = 1000  # characters in the message bar


class CutoutPlugin:
    """QGIS calls initProcessing alone in qgis_process (there is no interface then), else initGui and unload."""

    def __init__(self, iface):
        self.iface = iface
        self.processing = None
        self.action = None
        self.accounts = Accounts()
        self.jobs: Jobs | None = None
        self.dock: CutoutDock | None = None
        self.arrivals = None
        self._handler = None
        self._translator = _translator()

    def initProcessing(self):
        self._handler = log.attach(has_panel=self.iface is not None)
        confirm, has_window = self._confirm if self.iface else None, self.iface is not None
        self.processing = CutoutProcessing(self.accounts, confirm, has_models=not has_window)
        QgsApplication.processingRegistry().addProvider(self.processing)

    def initGui(self):
        self.initProcessing()
        self.processing.left_open.connect(self._take_over)
        self.action = QAction(QIcon(ICON), "Cutout", self.iface.mainWindow())
        self.action.setObjectName("CutoutAction")
        self.action.setToolTip(translate("CutoutPlugin", "Order geodata for an area and get it as layers"))
        self.action.setCheckable(True)
        self.action.toggled.connect(self.show)
        self.iface.addToolBarIcon(self.action)
        self.iface.addPluginToWebMenu("Cutout", self.action)
        QTimer.singleShot(0, self._resume)

    def unload(self):
        if self.dock:
            self.dock.visibilityChanged.disconnect(self._follow)  # it goes, which is not the person's wish
            self.dock.shutdown()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        if self.arrivals:
            self.arrivals.stop()
            self.arrivals = None
        if self.jobs:
            self.jobs.stop()
            self.jobs.deleteLater()
            self.jobs = None
        if self.action:
            self.iface.removeToolBarIcon(self.action)
            self.iface.removePluginWebMenu("Cutout", self.action)
            self.action.deleteLater()
            self.action = None
        if self.processing:
            QgsApplication.processingRegistry().removeProvider(self.processing)
            self.processing = None
        if self._handler:
            log.detach(self._handler)
            self._handler = None
        QCoreApplication.removeTranslator(self._translator)

    def show(self, visible: bool):
        """Show or hide the dock; it is made when it is wanted for the first time."""
        if visible and self.dock is None and not self._make_dock():
            self.action.setChecked(False)
            return
        QgsSettings().setValue(SHOWN, visible)
        if self.dock:
            self.dock.setUserVisible(visible)

    def _resume(self):
        """After the start: what can wait, go on with open jobs, and show the dock if it was when QGIS was closed."""
        if self.action is None:
            return
        self.processing.add_models()
        if store_path().is_file():
            self._start_jobs()
        if QgsSettings().value(SHOWN, False, bool):
            self.action.setChecked(True)

    def _confirm(self, offer: Offer, is_off: Callable[[], bool]) -> bool:
        """A run of Processing would order something that costs money."""
        from .ui.questions import agreed_to_pay

        return agreed_to_pay(self.iface.mainWindow(), offer, is_off)

    def _take_over(self):
        """A run of Processing may have left something open. It says so from another thread, maybe too late for us."""
        if self.action is not None:
            self._start_jobs()

    def _start_jobs(self) -> Jobs | None:
        """The running poller; None, and the reason said, when it can't run."""
        if self.jobs is None:
            from .bridge.jobs import Jobs
            from .core.store import Store

            try:
                if missing():
                    raise ExportError(missing())
                store = Store(store_path())
            except ExportError as error:
                self._say(str(error), int(Qgis.MessageLevel.Critical))
                return None
            from .bridge.arrivals import Arrivals

            self.jobs = Jobs(store, self.accounts, downloads, self.iface.mainWindow())
            self.arrivals = Arrivals(self.jobs, QgsProject.instance())
            self.jobs.said.connect(self._say)
            self.arrivals.said.connect(self._say)
            self.jobs.start()
        return self.jobs

    def _make_dock(self) -> bool:
        jobs = self._start_jobs()
        if jobs is None:
            return False
        from .ui.dock import CutoutDock

        main = self.iface.mainWindow()
        self.dock = CutoutDock(self.iface.mapCanvas(), QgsProject.instance(), self.accounts, jobs, main)
        self.dock.message.connect(self._say)
        self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.visibilityChanged.connect(self._follow)
        return True

    def _follow(self, visible: bool):
        """The dock's own close button counts like the action; a tab in front of it or a minimised window does not."""
        self.action.setChecked(not self.dock.isHidden())

    def _say(self, text: str, level: int):
        # The bar shows HTML, and a service's words may be anything; the log keeps what was in the bar, and does not.
        text = plain(text, LONGEST).replace("&", "&amp;")
        self.iface.messageBar().pushMessage("Cutout", text, Qgis.MessageLevel(level))


def _translator() -> QTranslator:
    """In the language of QGIS; else in English, which needs one for its plurals."""
    translator = QTranslator()
    locale = QgsSettings().value("locale/userLocale", QLocale.system().name(), str)
    folder = str(Path(__file__).parent / "i18n")
    if translator.load(f"cutout_{locale[:2]}.qm", folder) or translator.load("cutout_en.qm", folder):
        QCoreApplication.installTranslator(translator)
    return translator
