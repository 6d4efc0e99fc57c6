"""A list that says what it is for while it is empty."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QPainter, QPaintEvent
from qgis.PyQt.QtWidgets import QAbstractItemView, QListView, QWidget

CENTRED = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)
MARGIN = 12


class SpeakingList(QListView):
    """Rows of any height, as wide as the list. `empty`: what it says without rows."""

    def __init__(self, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = empty
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWordWrap(True)  # else another width alone does not make it ask anew how high the rows are
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def say(self, empty: str) -> None:
        self.empty = empty
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model() is not None and self.model().rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setOpacity(0.6)
        room = self.viewport().rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        self.style().drawItemText(painter, room, CENTRED, self.palette(), True, self.empty, self.foregroundRole())
