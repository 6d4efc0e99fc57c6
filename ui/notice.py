"""A sentence in place, with an icon: what is going on, what is wrong, and a button to go on where there is one."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from html import escape

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ..core.words import seen

ICON = 16
MOST = 1000  # characters of a notice or a tool tip, which grow with their text
MOST_LINES = 12
NARROWEST, WIDEST, MUCH = 90, 900, 16777215  # pixels; Qt has no widget that is larger than the last


def shown(text: str) -> str:
    """A text that anybody may have written, as a person sees it: nothing unseen in it, and no longer than is read."""
    kept = "\n".join(text[:MOST].split("\n")[:MOST_LINES])
    return seen(kept) if len(kept) == len(text) else f"{seen(kept)}…"


def tip(text: str) -> str:
    """For a tool tip, which takes for markup what looks like it: a tag, or an &lt; in its first line."""
    text = shown(text)
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>' if "<" in text or "&" in text else text


class Mood(Enum):
    """What kind of sentence; the value is the icon in QGIS's theme."""

    PLAIN = ""
    BUSY = "/mTaskRunning.svg"
    GOOD = "/mIconSuccess.svg"
    INFO = "/mActionPropertiesWidget.svg"
    WARNING = "/mIconWarning.svg"
    ERROR = "/mIconDelete.svg"


class _Words(QLabel):
    """A word longer than a line is cut off, and does not widen the window."""

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().boundedTo(QSize(NARROWEST, MUCH))

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(QSize(WIDEST, MUCH))


class Notice(QWidget):
    """Hidden while there is nothing to say. The text is plain, whatever a server put in it, and can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon = QLabel(self)
        self.icon.setFixedWidth(ICON)
        self.icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.label = _Words(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
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
        self.label.setText(shown(text))
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
