"""One widget for each kind of option. FIELDS is the registry: a kind is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.gui import QgsCheckableComboBox, QgsProjectionSelectionWidget
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from ..core.model import Choice, Json, Option, OptionKind
from .narrow import shrinking

translate = QCoreApplication.translate
MOST = 2**31 - 1


def _offers_nothing(choices: Sequence[Choice]) -> None:
    """For widgets that choose from nothing."""


@dataclass(frozen=True)
class Field:
    """A widget and how to talk to it. listen: called with what is to be called after every change.

    offer: take these choices, which the service named, instead of the declared ones.
    """

    widget: QWidget
    value: Callable[[], Json]
    set_value: Callable[[Json], None]
    listen: Callable[[Callable[..., None]], object]
    offer: Callable[[Sequence[Choice]], None] = _offers_nothing


def _text(option: Option, project: QgsProject) -> Field:
    if option.asked:
        return _typed_choice(option)
    edit = QLineEdit()
    return Field(
        edit, lambda: edit.text().strip(), lambda value: edit.setText(str(value or "")), edit.textChanged.connect
    )


def _typed_choice(option: Option) -> Field:
    """Text that may be typed, or chosen from what the service offers."""
    combo = shrinking(QComboBox())
    combo.setEditable(True)
    combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)

    def value() -> str:
        index = combo.findText(combo.currentText(), Qt.MatchFlag.MatchExactly)
        return combo.itemData(index) if index >= 0 else combo.currentText().strip()

    def offer(choices: Sequence[Choice]) -> None:
        text = combo.currentText()
        combo.blockSignals(True)
        combo.clear()
        for choice in choices:
            combo.addItem(choice.label, choice.value)
        combo.setEditText(text)
        combo.blockSignals(False)

    return Field(combo, value, lambda given: combo.setEditText(str(given or "")), combo.editTextChanged.connect, offer)


def _number(option: Option, project: QgsProject) -> Field:
    whole = not isinstance(option.default, float)
    spin = QSpinBox() if whole else QDoubleSpinBox()
    low = -MOST if option.minimum is None else option.minimum
    spin.setRange(low, MOST if option.maximum is None else option.maximum)
    return Field(
        spin, spin.value, lambda value: spin.setValue(low if value is None else value), spin.valueChanged.connect
    )


def _flag(option: Option, project: QgsProject) -> Field:
    box = QCheckBox(translate("providers", option.label))
    return Field(box, box.isChecked, lambda value: box.setChecked(bool(value)), box.toggled.connect)


def _choice(option: Option, project: QgsProject) -> Field:
    combo = shrinking(QComboBox())

    def set_value(value: Json) -> None:
        combo.setCurrentIndex(max(0, combo.findData(value)))

    def offer(choices: Sequence[Choice]) -> None:
        before = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        for choice in _named(choices, option):
            combo.addItem(choice.label, choice.value)
        set_value(before)
        combo.blockSignals(False)

    offer(option.choices)
    return Field(combo, combo.currentData, set_value, combo.currentIndexChanged.connect, offer)


def _choices(option: Option, project: QgsProject) -> Field:
    combo = QgsCheckableComboBox()
    shrinking(combo)

    def value() -> list[Json]:
        return list(combo.checkedItemsData())

    def set_value(wanted: Json) -> None:
        for index in range(combo.count()):
            checked = combo.itemData(index) in (wanted or ())
            combo.setItemCheckState(index, Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)

    def offer(choices: Sequence[Choice]) -> None:
        before = value()
        combo.clear()
        for choice in _named(choices, option):
            combo.addItemWithCheckState(choice.label, Qt.CheckState.Unchecked, choice.value)
        set_value(before)

    offer(option.choices)
    # checkedItemsChanged is silent when the items are checked by code.
    return Field(combo, value, set_value, combo.model().dataChanged.connect, offer)


def _crs(option: Option, project: QgsProject) -> Field:
    """An empty value stands for the project's CRS."""
    widget = QgsProjectionSelectionWidget()
    combo = shrinking(widget.findChild(QComboBox))
    combo.setAccessibleName(translate("providers", option.label))
    widget.setFocusProxy(combo)
    widget.setOptionVisible(QgsProjectionSelectionWidget.CrsOption.CurrentCrs, True)

    def set_value(value: Json) -> None:
        widget.setCrs(QgsCoordinateReferenceSystem(str(value)) if value else project.crs())

    return Field(widget, lambda: widget.crs().authid(), set_value, widget.crsChanged.connect)


def _named(choices: Sequence[Choice], option: Option) -> list[Choice]:
    """Declared labels are kept: they are translated, and the services' own are often technical."""
    declared = {choice.value: choice.label for choice in option.choices}
    return [
        Choice(
            choice.value, translate("providers", declared[choice.value]) if choice.value in declared else choice.label
        )
        for choice in choices
    ]


FIELDS: dict[OptionKind, Callable[[Option, QgsProject], Field]] = {
    OptionKind.TEXT: _text,
    OptionKind.NUMBER: _number,
    OptionKind.FLAG: _flag,
    OptionKind.CHOICE: _choice,
    OptionKind.CHOICES: _choices,
    OptionKind.CRS: _crs,
}
