"""All that is known about a job, to read, to copy, and as a report for strangers."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QFontDatabase, QGuiApplication
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ..core.words import plain
from .notice import Mood, Notice

translate = QCoreApplication.translate
LONGEST = 100  # characters of the window's title


class JobDetails(QDialog):
    """text: what is shown. report: makes what may be sent to others, when it is asked for."""

    def __init__(self, title: str, text: str, report: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setObjectName("CutoutJobDetails")
        self.setWindowTitle(plain(title, LONGEST))
        self.edit = QPlainTextEdit(text)
        self.edit.setReadOnly(True)
        self.edit.setTabChangesFocus(True)
        self.edit.setAccessibleName(translate("CutoutJobs", "Details"))
        self.edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.notice = Notice(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.edit)
        layout.addWidget(self.notice)
        layout.addWidget(self._buttons())
        self.resize(560, 420)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copyButton = QPushButton(translate("CutoutJobs", "Copy all"))
        self.copyButton.setToolTip(translate("CutoutJobs", "For yourself: with title, folder and file names"))
        self.copyButton.clicked.connect(self._copy)
        self.reportButton = QPushButton(translate("CutoutJobs", "Copy report"))
        self.reportButton.setToolTip(report_tip())
        self.reportButton.clicked.connect(self._copy_report)
        for button, name in ((self.copyButton, "copyAllButton"), (self.reportButton, "copyReportButton")):
            button.setObjectName(name)
            button.setAccessibleName(button.text())
            button.setAccessibleDescription(button.toolTip())
            box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        box.rejected.connect(self.reject)
        return box

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.edit.toPlainText())
        self.notice.say(translate("CutoutJobs", "Copied, with title, folder and file names."), Mood.GOOD)

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._report())
        self.notice.say(report_copied(), Mood.GOOD)


def report_tip() -> str:
    return translate("CutoutJobs", "For a bug report: without keys, title, area, folders and your name")


def report_copied() -> str:
    return translate("CutoutJobs", "The report is on the clipboard. Read it before you send it to anybody.")
