"""What was picked, a row each with a button that takes it out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPainter, QPaintEvent, QResizeEvent
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ..core.model import Choice
from .choice_delegate import choice_icon, subtitle
from .notice import tip

translate = QCoreApplication.translate
ICON = 16


class PickedList(QWidget):
    """`items`: the picked choices, in the order they were picked, each once."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[Choice, ...] = ()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.hide()

    def add(self, choices: Sequence[Choice]) -> None:
        known = {choice.value for choice in self.items}
        self._set((*self.items, *(choice for choice in choices if choice.value not in known)))

    def drop(self, choice: Choice) -> None:
        self._set(tuple(one for one in self.items if one.value != choice.value))

    def clear(self) -> None:
        self._set(())

    def _set(self, items: tuple[Choice, ...]) -> None:
        if items == self.items:
            return
        self.items = items
        while entry := self._rows.takeAt(0):
            entry.widget().hide()  # deleteLater() alone would leave it painted until the event loop comes round
            entry.widget().deleteLater()
        for choice in items:
            self._rows.addWidget(self._row(choice))
        self.setVisible(bool(items))
        self.changed.emit()

    def _row(self, choice: Choice) -> QWidget:
        row = QWidget(self)
        icon = QLabel(row)
        icon.setPixmap(choice_icon(choice).pixmap(QSize(ICON, ICON)))
        title = ElidedLabel(choice.label, row)
        title.setToolTip(tip(f"{choice.label}\n{subtitle(choice)}"))
        remove = QToolButton(row)
        remove.setAutoRaise(True)
        remove.setIcon(QgsApplication.getThemeIcon("/mIconClearText.svg"))
        remove.setAccessibleName(translate("CutoutItems", "Take {title} out of the order").format(title=choice.label))
        remove.setToolTip(tip(remove.accessibleName()))
        remove.clicked.connect(partial(self.drop, choice))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(icon)
        layout.addWidget(title, 1)
        layout.addWidget(remove)
        return row


class ElidedLabel(QLabel):
    """A plain line of text that gives way where there is no room, with … at its end."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter, self.rect(), int(Qt.AlignmentFlag.AlignVCenter), self.palette(), self.isEnabled(), shown,
            self.foregroundRole(),
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()
