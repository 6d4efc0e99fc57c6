"""The form of a service's options, made from what the service declares."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from qgis.core import QgsProject, QgsSettings
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from ..core.errors import ExportError
from ..core.model import Choice, Json, Option, OptionKind
from ..core.provider import Provider
from .connection import Connection
from .latest import Latest
from .option_fields import FIELDS, Field

translate = QCoreApplication.translate
REMEMBERED = (
    OptionKind.CHOICE,
    OptionKind.CHOICES,
    OptionKind.FLAG,
)  # what somebody chose once is likely meant for the next time
SETTLE = 200  # milliseconds


class OptionForm(QWidget):
    """A row for each option; rows for a kind of item show only when an item of that kind is ordered."""

    changed = pyqtSignal()

    def __init__(
        self, service: type[Provider], connection: Connection, project: QgsProject, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._service, self._connection, self._project = service, connection, project
        self._options = [option for option in service.options if option.kind in FIELDS]
        self._fields: dict[str, Field] = {}
        self._labels: dict[str, QLabel | None] = {}
        self._kinds: Collection[str] = ()
        self._offered: set[str] = set()
        self._asking = Latest(translate("CutoutOptions", "Ask for choices"), SETTLE, self)
        self.form, self.more = _form(), _form()
        self._project_crs = project.crs().authid()
        self._build()
        self._show_rows()
        connection.changed.connect(self._connected)
        project.crsChanged.connect(self._project_moved)
        self._connected()

    def values(self) -> dict[str, Json]:
        """What the shown rows say, as JSON values by option key."""
        return {option.key: self._fields[option.key].value() for option in self._options if self._is_meant(option)}

    def set_values(self, values: Mapping[str, Json]) -> None:
        for key, value in values.items():
            if key in self._fields:
                self._fields[key].set_value(value)

    def set_kinds(self, kinds: Collection[str]) -> None:
        """The kinds of the items that are ordered."""
        if set(kinds) != set(self._kinds):
            self._kinds = kinds
            self._show_rows()
            self._ask()

    def shutdown(self) -> None:
        self._asking.stop()
        self._connection.changed.disconnect(self._connected)
        self._project.crsChanged.disconnect(self._project_moved)

    def _build(self) -> None:
        for option in self._options:
            field = FIELDS[option.kind](option, self._project)
            self._fields[option.key] = field
            field.set_value(self._remembered(option))
            field.widget.setObjectName(option.key)
            field.widget.setToolTip(translate("providers", option.help) if option.help else "")
            field.widget.setAccessibleName(translate("providers", option.label))
            form = self.more if option.advanced else self.form
            label = None if isinstance(field.widget, QCheckBox) else QLabel(translate("providers", option.label))
            form.addRow(label, field.widget)
            if label:
                label.setBuddy(field.widget)
            self._labels[option.key] = label
            field.listen(self._edited)
        self.advanced = QgsCollapsibleGroupBox(translate("CutoutOptions", "Advanced"))
        self.advanced.setObjectName("advancedBox")
        self.advanced.setSaveCollapsedState(False)
        self.advanced.setCollapsed(True)
        inner = QWidget()  # the box shows all its children when it opens, also the rows that are not meant
        inner.setLayout(self.more)
        box = QVBoxLayout(self.advanced)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(inner)
        self.advanced.collapsedStateChanged.connect(self._ask)
        self.more.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self.form)
        layout.addWidget(self.advanced)
        self.more.setContentsMargins(0, 0, 0, 0)

    def _remembered(self, option: Option) -> Json:
        kept = QgsSettings().value(self._setting(option), "", str)
        return json.loads(kept) if kept and option.kind in REMEMBERED else option.default

    def _setting(self, option: Option) -> str:
        return f"cutout/dock/options/{self._service.id}/{option.key}"

    def _is_meant(self, option: Option) -> bool:
        return not option.for_kind or option.for_kind in self._kinds

    def _show_rows(self) -> None:
        for option in self._options:
            for widget in filter(None, (self._fields[option.key].widget, self._labels[option.key])):
                widget.setVisible(self._is_meant(option))
        self.advanced.setVisible(any(option.advanced and self._is_meant(option) for option in self._options))

    def _edited(self, *_: object) -> None:
        for option in self._options:
            if option.kind in REMEMBERED and self._is_meant(option):
                QgsSettings().setValue(self._setting(option), json.dumps(self._fields[option.key].value()))
        self.changed.emit()

    def _project_moved(self) -> None:
        """A CRS that was the project's stays the project's; one that somebody chose stays as it is."""
        before, self._project_crs = self._project_crs, self._project.crs().authid()
        for option in self._options:
            field = self._fields[option.key]
            if option.kind is OptionKind.CRS and field.value() == before:
                field.set_value("")

    def _connected(self) -> None:
        self._offered.clear()
        self._ask()

    def _ask(self, *_: object) -> None:
        """Ask the service for the choices of the rows that can be seen, once for each account."""
        provider = self._connection.provider
        keys = [option.key for option in self._options if option.asked and self._is_seen(option)]
        keys = [key for key in keys if key not in self._offered]
        if provider is not None and keys:
            self._asking.ask(lambda progress: _choices(provider, keys), self._offer, lambda error: None)

    def _is_seen(self, option: Option) -> bool:
        return self._is_meant(option) and not (option.advanced and self.advanced.isCollapsed())

    def _offer(self, answers: Mapping[str, Sequence[Choice]]) -> None:
        before = self.values()
        for key, choices in answers.items():
            self._offered.add(key)
            if choices:
                self._fields[key].offer(choices)
        if self.values() != before:
            self.changed.emit()


def _choices(provider: Provider, keys: Sequence[str]) -> dict[str, Sequence[Choice]]:
    """The first page for each option. Without an answer the declared choices stay: the order is checked anyway."""
    found: dict[str, Sequence[Choice]] = {}
    for key in keys:
        try:
            found[key] = provider.choices(key).choices
        except ExportError:
            found[key] = ()
    return found


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form
