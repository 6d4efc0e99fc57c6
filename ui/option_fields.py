"""One widget for each kind of option. FIELDS is the registry: a kind is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.gui import QgsCheckableComboBox, QgsMapCanvas, QgsProjectionSelectionWidget
from qgis.PyQt.QtCore import QCoreApplication, QLocale, Qt
from qgis.PyQt.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from ..core.model import Choice, ExportRequest, Json, Option, OptionKind
from .connection import Connection
from .item_field import ItemField
from .narrow import WrappingCheckBox, shrinking
from .point_field import PointField

translate = QCoreApplication.translate
MOST = 2**31 - 1


def _offers_nothing(choices: Sequence[Choice]) -> None:
    """For widgets that choose from nothing."""


def _asks_nothing(request: ExportRequest) -> None:
    """For widgets whose choices follow from nothing, or are asked for by the form."""


def _says_nothing() -> str:
    """For widgets in which nothing wrong can be entered, and without a name for what is chosen."""
    return ""


def _holds_nothing() -> None:
    """For widgets that just go."""


@dataclass(frozen=True)
class Surroundings:
    """What a field may need beside its option."""

    project: QgsProject
    connection: Connection
    canvas: QgsMapCanvas | None = None


@dataclass(frozen=True)
class Field:
    """A widget and how to talk to it. listen: called with what is to be called after every change.

    offer: take these choices, which the service named, instead of the declared ones. consider: what else is chosen has
    changed. problem: why the value can't be used. name: of what is chosen, for a title. below: a row of its own under
    the widget. shutdown: before it goes.
    """

    widget: QWidget
    value: Callable[[], Json]
    set_value: Callable[[Json], None]
    listen: Callable[[Callable[..., None]], object]
    offer: Callable[[Sequence[Choice]], None] = _offers_nothing
    consider: Callable[[ExportRequest], None] = _asks_nothing
    problem: Callable[[], str] = _says_nothing
    name: Callable[[], str] = _says_nothing
    below: QWidget | None = None
    shutdown: Callable[[], None] = _holds_nothing


def _text(option: Option, around: Surroundings) -> Field:
    if option.asked or option.choices:
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

    def picked() -> int:
        return combo.findText(combo.currentText(), Qt.MatchFlag.MatchExactly)

    def value() -> str:
        return combo.itemData(picked()) if picked() >= 0 else combo.currentText().strip()

    def set_value(given: Json) -> None:
        index = combo.findData(given)
        combo.setEditText(combo.itemText(index) if index >= 0 else str(given or ""))
        combo.lineEdit().setCursorPosition(0)  # where it is too long, its beginning says more

    def offer(choices: Sequence[Choice]) -> None:
        before, was_picked = value(), picked() >= 0
        combo.blockSignals(True)
        combo.clear()
        for choice in _named(choices, option):
            combo.addItem(choice.label, choice.value)
        # What was picked means nothing where it is no longer offered; what somebody typed is theirs.
        set_value("" if was_picked and option.after and combo.findData(before) < 0 else before)
        combo.blockSignals(False)

    offer(option.choices)
    return Field(combo, value, set_value, combo.editTextChanged.connect, offer)


class _Decimal(QDoubleSpinBox):
    """Shows as many decimals as the number has."""

    def textFromValue(self, value: float) -> str:
        locale = QLocale(self.locale())
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        return locale.toString(float(value), "g", 12)


def _number(option: Option, around: Surroundings) -> Field:
    spin = _Decimal() if isinstance(option.default, float) else QSpinBox()
    low = -MOST if option.minimum is None else option.minimum
    spin.setRange(low, MOST if option.maximum is None else option.maximum)
    if option.unit:
        spin.setSuffix(f" {option.unit}")
    return Field(
        spin, spin.value, lambda value: spin.setValue(low if value is None else value), spin.valueChanged.connect
    )


def _item(option: Option, around: Surroundings) -> Field:
    field = ItemField(around.connection, option)
    return Field(
        field, lambda: field.value, field.set_value, field.changed.connect, consider=field.consider, below=field.panel,
        name=lambda: field.chosen.label if field.chosen and not field.is_typed else "", shutdown=field.shutdown,
    )  # fmt: skip


def _point(option: Option, around: Surroundings) -> Field:
    field = PointField(option, around.canvas, around.project)
    return Field(
        field, lambda: field.value, field.set_value, field.changed.connect, problem=lambda: field.problem,
        below=field.notice, shutdown=field.shutdown,
    )  # fmt: skip


def _flag(option: Option, around: Surroundings) -> Field:
    box = WrappingCheckBox(translate("providers", option.label))
    return Field(box, box.isChecked, lambda value: box.setChecked(bool(value)), box.toggled.connect)


def _choice(option: Option, around: Surroundings) -> Field:
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


def _choices(option: Option, around: Surroundings) -> Field:
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


def _crs(option: Option, around: Surroundings) -> Field:
    """An empty value stands for the project's CRS."""
    widget = QgsProjectionSelectionWidget()
    combo = shrinking(widget.findChild(QComboBox))
    combo.setAccessibleName(translate("providers", option.label))
    widget.setFocusProxy(combo)
    widget.setOptionVisible(QgsProjectionSelectionWidget.CrsOption.CurrentCrs, True)

    def set_value(value: Json) -> None:
        widget.setCrs(QgsCoordinateReferenceSystem(str(value)) if value else around.project.crs())

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


FIELDS: dict[OptionKind, Callable[[Option, Surroundings], Field]] = {
    OptionKind.TEXT: _text,
    OptionKind.NUMBER: _number,
    OptionKind.FLAG: _flag,
    OptionKind.CHOICE: _choice,
    OptionKind.CHOICES: _choices,
    OptionKind.CRS: _crs,
    OptionKind.ITEM: _item,
    OptionKind.POINT: _point,
}
