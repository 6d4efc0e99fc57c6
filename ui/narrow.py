"""What keeps forms tidy, and the dock usable when it is narrow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QResizeEvent
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from .painting import wrapped

if TYPE_CHECKING:
    from qgis.PyQt.QtWidgets import QAbstractButton as _Button
else:
    _Button = object  # PyQt builds no class on two of its own

INDICATOR = 30  # pixels of the box or circle before a text, and of what is around it
NARROWEST = 90  # pixels to which a line gives way
MOST_LINES = 4
SPACING = 6  # pixels between a label and its field, whatever the style thinks of forms inside of forms


def shrinking(combo: QComboBox) -> QComboBox:
    """A combo box that gives way instead of asking for the width of its longest entry."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(4)
    return combo


class _Wrapping(_Button):
    """A button with a text of as many lines as its width takes. `words`: the text."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)
        self.say(words)

    def say(self, words: str) -> None:
        self.words = words
        self._wrap()

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def _wrap(self) -> None:
        lines = wrapped(self.words, self.font(), max(NARROWEST, self.width()) - INDICATOR, MOST_LINES)
        text = "\n".join(lines).replace("&", "&&")
        if text != self.text():
            self.setText(text)


class WrappingCheckBox(_Wrapping, QCheckBox):
    pass


class WrappingRadioButton(_Wrapping, QRadioButton):
    pass


def align_labels(forms: Iterable[QFormLayout], others: Iterable[QLabel] = ()) -> None:
    """The fields of forms that stand below each other begin on one line. others: labels outside of their columns."""
    labels = list(others)
    for form in forms:
        form.setHorizontalSpacing(SPACING)
        for row in range(form.rowCount()):
            item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            if item is not None and item.widget() is not None:
                labels.append(item.widget())
    width = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(width)


def lay_rows(form: QFormLayout, rows: Iterable[tuple[QLabel | None, QWidget]]) -> None:
    """The form with these rows alone: one that is only hidden leaves its spacing behind.

    A check box stands in the column of fields, anything else without a label over both.
    """
    while form.rowCount():
        form.takeRow(0)
    for label, field in rows:
        if label is None and not isinstance(field, QCheckBox):
            form.addRow(field)
        else:
            form.addRow(label, field)


def with_panel(label: QLabel, field: QWidget, panel: QWidget) -> QWidget:
    """A row whose panel, when it is shown, takes the whole width below the label and the field."""
    row = QWidget()
    line = QHBoxLayout()
    line.setSpacing(SPACING)
    line.addWidget(label)
    line.addWidget(field, 1)
    layout = QVBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(3)
    layout.addLayout(line)
    layout.addWidget(panel)
    return row
