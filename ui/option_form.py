"""The form of a service's options, made from what the service declares."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from qgis.core import QgsProject, QgsSettings
from qgis.gui import QgsCollapsibleGroupBox, QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from ..core.errors import ExportError
from ..core.model import Choice, ExportRequest, Json, Option, OptionKind
from ..core.provider import Provider
from .connection import Connection
from .latest import Latest
from .narrow import lay_rows, with_panel
from .option_fields import FIELDS, Field, Surroundings
from .result_list import decided_by

translate = QCoreApplication.translate
REMEMBERED = (
    OptionKind.CHOICE,
    OptionKind.CHOICES,
    OptionKind.FLAG,
)  # what somebody chose once is likely meant for the next time
SETTLE = 200  # milliseconds


class OptionForm(QWidget):
    """A row for each option, as long as it matters: for the kinds of items that are ordered, beside other options."""

    changed = pyqtSignal()

    def __init__(
        self,
        service: type[Provider],
        connection: Connection,
        project: QgsProject,
        canvas: QgsMapCanvas | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._service, self._connection, self._project = service, connection, project
        self._around = Surroundings(project, connection, canvas)
        self._options = [option for option in service.options if option.kind in FIELDS]
        self._fields: dict[str, Field] = {}
        self._labels: dict[str, QLabel | None] = {}
        self._rows: dict[str, tuple[QLabel | None, QWidget]] = {}
        self._shown: list[str] | None = None
        self._kinds: Collection[str] = ()
        self._picked: Mapping[str, Json] = {}
        self._request: ExportRequest | None = None
        self._offered: dict[str, tuple[Json, ...]] = {}  # by key: what decided the choices that are offered
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

    def problems(self) -> tuple[str, ...]:
        """Why what is entered can't be used, with the option's label."""
        found = ((option, self._fields[option.key].problem()) for option in self._options if self._is_meant(option))
        return tuple(f"{translate('providers', option.label)}: {problem}" for option, problem in found if problem)

    def names(self) -> tuple[str, ...]:
        """What the chosen things are called, for a title."""
        return tuple(filter(None, (self._fields[option.key].name() for option in self._options if not option.guide)))

    @property
    def labels(self) -> list[QLabel]:
        """Of all rows that are not advanced, whether they are shown or not."""
        return [self._labels[one.key] for one in self._options if self._labels[one.key] and not one.advanced]

    def set_values(self, values: Mapping[str, Json]) -> None:
        for key, value in values.items():
            if key in self._fields:
                self._fields[key].set_value(value)

    def set_kinds(self, kinds: Collection[str], picked: Mapping[str, Json] | None = None) -> None:
        """The kinds of the items that are ordered, and the items themselves by option key."""
        self._picked = picked or {}
        if set(kinds) != set(self._kinds):
            self._kinds = kinds
            self._ask()
        self._show_rows()

    def consider(self, request: ExportRequest) -> None:
        """What is chosen so far, and the area: other things may be on offer now."""
        self._request = request
        for option in self._options:
            self._fields[option.key].consider(request)
        self._ask()

    def shutdown(self) -> None:
        self._asking.stop()
        for field in self._fields.values():
            field.shutdown()
        self._connection.changed.disconnect(self._connected)
        self._project.crsChanged.disconnect(self._project_moved)

    def _build(self) -> None:
        for option in self._options:
            field = FIELDS[option.kind](option, self._around)
            self._fields[option.key] = field
            field.set_value(self._remembered(option))
            field.widget.setObjectName(option.key)
            field.widget.setToolTip(translate("providers", option.help) if option.help else "")
            field.widget.setAccessibleName(translate("providers", option.label))
            label = None if isinstance(field.widget, QCheckBox) else QLabel(translate("providers", option.label))
            if label:
                label.setBuddy(field.widget)
            self._labels[option.key], self._rows[option.key] = label, _row(label, field)
            field.listen(self._edited)
        for form, advanced in ((self.form, False), (self.more, True)):
            lay_rows(form, [self._rows[option.key] for option in self._options if option.advanced is advanced])
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
        is_of_a_kind = not option.for_kind or option.for_kind in self._kinds
        return is_of_a_kind and (not option.with_any or any(map(self._has_value, option.with_any)))

    def _has_value(self, key: str) -> bool:
        option = next((one for one in self._options if one.key == key), None)
        if option is None:
            return bool(self._picked.get(key))
        return self._is_meant(option) and self._fields[key].value() not in (None, "", [], False)

    def _show_rows(self) -> None:
        meant = [option for option in self._options if self._is_meant(option)]
        if [option.key for option in meant] == self._shown:
            return
        self._shown = [option.key for option in meant]
        lay_rows(self.form, [self._rows[option.key] for option in meant if not option.advanced])
        lay_rows(self.more, [self._rows[option.key] for option in meant if option.advanced])
        for key, row in self._rows.items():
            for widget in filter(None, row):
                widget.setVisible(key in self._shown)
        self.advanced.setVisible(any(option.advanced for option in meant))

    def _edited(self, *_: object) -> None:
        for option in self._options:
            if option.kind in REMEMBERED and self._is_meant(option):
                QgsSettings().setValue(self._setting(option), json.dumps(self._fields[option.key].value()))
        self._show_rows()
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
        """Ask for the choices of the rows that can be seen: once, and again when what decides them has changed."""
        wanted = {
            option.key: decided_by(option, self._request)
            for option in self._options
            if option.asked and option.kind is not OptionKind.ITEM and self._is_seen(option)
            if self._request is not None or not option.after
        }
        wanted = {key: deciding for key, deciding in wanted.items() if self._offered.get(key) != deciding}
        provider, request = self._connection.fresh() if wanted else None, self._request
        if provider is not None:
            self._asking.ask(
                lambda progress: _choices(provider, wanted, request),
                lambda answers: self._offer(answers, wanted),
                lambda error: None,
            )

    def _is_seen(self, option: Option) -> bool:
        return self._is_meant(option) and not (option.advanced and self.advanced.isCollapsed())

    def _offer(self, answers: Mapping[str, Sequence[Choice]], deciding: Mapping[str, tuple[Json, ...]]) -> None:
        before = self.values()
        self._offered.update(deciding)
        following = {option.key for option in self._options if option.after}
        for key, choices in answers.items():
            if choices or key in following:
                self._fields[key].offer(choices)
        if self.values() != before:
            self.changed.emit()


def _choices(provider: Provider, keys: Iterable[str], request: ExportRequest | None) -> dict[str, Sequence[Choice]]:
    """The first page for each option. Without an answer the choices stay as they are: the order is checked anyway."""
    found: dict[str, Sequence[Choice]] = {}
    for key in keys:
        with suppress(ExportError):
            found[key] = provider.choices(key, request=request).choices
    return found


def _row(label: QLabel | None, field: Field) -> tuple[QLabel | None, QWidget]:
    if label is None or field.below is None:
        return label, field.widget
    return None, with_panel(label, field.widget, field.below)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form
