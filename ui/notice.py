"""A sentence in place, with an icon: what is going on, what is wrong, and a button to go on where there is one."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from html import escape

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

ICON = 16


def tip(text: str) -> str:
    """For a tool tip, which takes what looks like markup for markup: the text as it is."""
    return f"<p>{escape(text)}</p>" if "<" in text else text


class Mood(Enum):
    """What kind of sentence; the value is the icon in QGIS's theme."""

    PLAIN = ""
    BUSY = "/mTaskRunning.svg"
    GOOD = "/mIconSuccess.svg"
    INFO = "/mActionPropertiesWidget.svg"
    WARNING = "/mIconWarning.svg"
    ERROR = "/mIconDelete.svg"


class Notice(QWidget):
    """Hidden while there is nothing to say. The text is plain, whatever a server put in it, and can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon = QLabel(self)
        self.icon.setFixedWidth(ICON)
        self.icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setMinimumWidth(0)
        self.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.button = QToolButton(self)
        self._action: Callable[[], None] | None = None
        self.button.clicked.connect(self._act)
        lines = QVBoxLayout()
        lines.addWidget(self.label)
        lines.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clear()

    def say(self, text: str, mood: Mood, action: str = "", act: Callable[[], None] | None = None) -> None:
        """action: the button's text; act: what it does."""
        self.icon.setVisible(bool(mood.value))
        if mood.value:
            self.icon.setPixmap(QgsApplication.getThemeIcon(mood.value).pixmap(QSize(ICON, ICON)))
        self.label.setText(text)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self._action = act
        self.setVisible(bool(text))

    def clear(self) -> None:
        self.say("", Mood.PLAIN)

    @property
    def text(self) -> str:
        return self.label.text()

    def _act(self) -> None:
        if self._action:
            self._action()
