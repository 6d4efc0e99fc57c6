"""All that is known about a job, to read and to copy into a report."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QFontDatabase, QGuiApplication
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

translate = QCoreApplication.translate


class JobDetails(QDialog):
    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("CutoutJobDetails")
        self.setWindowTitle(title)
        self.edit = QPlainTextEdit(text)
        self.edit.setReadOnly(True)
        self.edit.setAccessibleName(translate("CutoutJobs", "Details"))
        self.edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(translate("CutoutJobs", "Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.edit)
        layout.addWidget(buttons)
        self.resize(560, 420)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.edit.toPlainText())
