"""Questions that are asked before something that can't be taken back."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import QMessageBox, QWidget

translate = QCoreApplication.translate


def agreed(parent: QWidget, title: str, text: str, button: str) -> bool:
    """Whether the person pressed the button that does it; going back is what Enter and Escape do.

    The text is plain, since parts of it may come from a server.
    """
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.NoButton, parent)
    box.setObjectName("CutoutQuestion")
    box.setTextFormat(Qt.TextFormat.PlainText)
    yes = box.addButton(button, QMessageBox.ButtonRole.AcceptRole)
    back = box.addButton(translate("CutoutQuestions", "Go back"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(back)
    box.setEscapeButton(back)
    box.exec()
    chosen = box.clickedButton() is yes
    box.deleteLater()
    return chosen
