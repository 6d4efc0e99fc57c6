"""Where the files of orders go, and whether it is asked before paid orders: the settings of the dock itself."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QDir
from qgis.PyQt.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from ..bridge.folders import choose_downloads, downloads
from ..bridge.offers import ask_always, waived
from .figures import amount_text

translate = QCoreApplication.translate


class DownloadsButton(QToolButton):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("downloadsButton")
        self.setAutoRaise(True)
        self.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        self.setText(translate("CutoutJobs", "Folder for files, and questions before orders"))
        self.setAccessibleName(self.text())
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._folder = menu.addAction(translate("CutoutJobs", "Folder for files…"))
        self._asking = menu.addAction("")
        self._asking.setObjectName("askAlways")
        self._folder.triggered.connect(self._choose)
        self._asking.triggered.connect(ask_always)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._show_asking)
        self.setMenu(menu)
        self._show()
        self._show_asking()

    def _show(self) -> None:
        text = translate("CutoutJobs", "Files are saved in {folder}.")
        text = text.format(folder=QDir.toNativeSeparators(str(downloads())))
        self.setToolTip(text)
        self._folder.setToolTip(text)

    def _show_asking(self) -> None:
        """To be asked again is on offer while the person has waived it."""
        amounts = ", ".join(amount_text(amount, currency) for currency, amount in sorted(waived().items()))
        text = translate("CutoutJobs", "Ask again before orders up to {amounts}").format(amounts=amounts)
        always = translate("CutoutJobs", "It is asked before every order that costs something")
        self._asking.setText(text if amounts else always)
        self._asking.setEnabled(bool(amounts))

    def _choose(self) -> None:
        title = translate("CutoutJobs", "Folder for the files of new orders")
        folder = QFileDialog.getExistingDirectory(self, title, str(downloads()))
        if folder:
            choose_downloads(folder)
            self._show()
