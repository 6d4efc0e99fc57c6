"""What one service lets people choose: items to pick and options, as it declares them."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from ..core.model import ExportRequest, Json, OptionKind
from ..core.provider import Provider
from .connection import Connection
from .item_picker import ItemPicker
from .option_form import OptionForm

translate = QCoreApplication.translate


class ServiceForm(QWidget):
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
        self.service = service
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.pickers = [ItemPicker(connection, option) for option in service.options if option.kind is OptionKind.ITEMS]
        for picker in self.pickers:
            label = QLabel(translate("providers", picker.option.label))
            label.setBuddy(picker.searchEdit)
            label.setToolTip(translate("providers", picker.option.help))
            layout.addWidget(label)
            layout.addWidget(picker)
            picker.changed.connect(self._picked)
        self.options = OptionForm(service, connection, project, canvas)
        self.options.changed.connect(self.changed)
        layout.addWidget(self.options)

    def values(self) -> dict[str, Json]:
        """Every option as a JSON value; items as a list of their values."""
        return {**self.options.values(), **self._picks()}

    def ordered(self) -> dict[str, Json]:
        """The values that are part of an order: not of what only helped to find something."""
        guides = {option.key for option in self.service.options if option.guide}
        return {key: value for key, value in self.values().items() if key not in guides}

    def problems(self) -> tuple[str, ...]:
        """Why what is entered can't be used, a sentence each."""
        return self.options.problems()

    def consider(self, request: ExportRequest) -> None:
        """What is chosen so far, and the area: other things may be on offer now."""
        for picker in self.pickers:
            picker.consider(request)
        self.options.consider(request)

    def suggested_title(self) -> str:
        """After what is ordered; empty while nothing is picked."""
        titles = [choice.label for picker in self.pickers for choice in picker.items] + list(self.options.names())
        if len(titles) < 2:
            return titles[0] if titles else ""
        return translate("CutoutDock", "{first} and %n more", "", len(titles) - 1).format(first=titles[0])

    def shutdown(self) -> None:
        self.options.shutdown()
        for picker in self.pickers:
            picker.shutdown()

    def _picks(self) -> dict[str, Json]:
        return {picker.option.key: [choice.value for choice in picker.items] for picker in self.pickers}

    def _picked(self) -> None:
        kinds = {choice.kind for picker in self.pickers for choice in picker.items}
        self.options.set_kinds(kinds, self._picks())
        self.changed.emit()
