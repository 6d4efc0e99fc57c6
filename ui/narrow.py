"""What keeps the dock usable when it is narrow."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QComboBox, QFormLayout


def shrinking(combo: QComboBox) -> QComboBox:
    """A combo box that gives way instead of asking for the width of its longest entry."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(4)
    return combo


def align_labels(*forms: QFormLayout) -> None:
    """The fields of forms that stand below each other begin on one line."""
    labels = [
        item.widget()
        for form in forms
        for row in range(form.rowCount())
        if (item := form.itemAt(row, QFormLayout.ItemRole.LabelRole)) is not None and item.widget() is not None
    ]
    width = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(width)
