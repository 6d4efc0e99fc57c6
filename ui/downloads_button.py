"""Where the files of orders go, and another place for those to come."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QDir
from qgis.PyQt.QtWidgets import QFileDialog, QToolButton, QWidget

from ..bridge.folders import choose_downloads, downloads

translate = QCoreApplication.translate


class DownloadsButton(QToolButton):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("downloadsButton")
        self.setAutoRaise(True)
        self.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        self.setText(translate("CutoutJobs", "Folder for files…"))
        self.setAccessibleName(self.text())
        self.clicked.connect(self._choose)
        self._show()

    def _show(self) -> None:
        text = translate("CutoutJobs", "Files are saved in {folder}. Click to choose another folder.")
        self.setToolTip(text.format(folder=QDir.toNativeSeparators(str(downloads()))))

    def _choose(self) -> None:
        title = translate("CutoutJobs", "Folder for the files of new orders")
        folder = QFileDialog.getExistingDirectory(self, title, str(downloads()))
        if folder:
            choose_downloads(folder)
            self._show()
