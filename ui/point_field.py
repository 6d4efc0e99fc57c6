"""A place on Earth: typed, taken from the middle of the map, or clicked on it."""

from __future__ import annotations

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsPointXY,
    QgsProject,
)
from qgis.gui import QgsFilterLineEdit, QgsMapCanvas, QgsMapTool, QgsMapToolEmitPoint
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ..core.model import Json, Option
from .notice import Mood, Notice
from .point_text import point_text, read_point

translate = QCoreApplication.translate


class PointField(QWidget):
    """`value`: [lon, lat] in degrees, None for none. `problem`: what is wrong with the text, which `notice` says."""

    changed = pyqtSignal()

    def __init__(
        self, option: Option, canvas: QgsMapCanvas | None, project: QgsProject, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas, self._project = canvas, project
        self._tool: QgsMapToolEmitPoint | None = None
        self._tool_before: QgsMapTool | None = None
        self.value: list[float] | None = None
        self.problem = ""
        self.notice = Notice()
        self.edit = QgsFilterLineEdit()
        self.edit.setObjectName(f"{option.key}Edit")
        self.edit.setPlaceholderText(translate("CutoutPoint", "Longitude, latitude"))
        self.edit.setAccessibleName(translate("providers", option.label))
        self.edit.textChanged.connect(self._read)
        self.edit.editingFinished.connect(lambda: self.set_value(self.value) if self.value else None)
        self.centreButton = _button(
            f"{option.key}CentreButton", "/mActionViewExtentInCanvas.svg", translate("CutoutPoint", "Centre of the map")
        )
        self.centreButton.clicked.connect(self._take_centre)
        self.pickButton = _button(
            f"{option.key}PickButton", "/mActionCapturePoint.svg", translate("CutoutPoint", "Click a place on the map")
        )
        self.pickButton.setCheckable(True)
        self.pickButton.toggled.connect(self._pick)
        self.setFocusProxy(self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.edit, 1)
        for button in (self.centreButton, self.pickButton):
            button.setVisible(canvas is not None)
            row.addWidget(button)

    def set_value(self, value: Json) -> None:
        self.edit.setText(point_text(value) if value else "")

    def shutdown(self) -> None:
        self.pickButton.setChecked(False)

    def _read(self) -> None:
        try:
            self.value, self.problem = read_point(self.edit.text()), ""
        except ValueError as error:
            self.value, self.problem = None, str(error)
        self.notice.say(self.problem, Mood.WARNING)
        self.changed.emit()

    def _take_centre(self) -> None:
        if self._canvas is not None:
            self._take(self._canvas.center())

    def _pick(self, on: bool) -> None:
        """The next click on the map is the place; then the map has its tool back."""
        if on and self._canvas is not None:
            self._tool = QgsMapToolEmitPoint(self._canvas)
            self._tool.canvasClicked.connect(self._clicked)
            self._tool.deactivated.connect(self._tool_gone)
            self._tool_before = self._canvas.mapTool()
            self._canvas.setMapTool(self._tool)
        elif not on and self._tool is not None and self._canvas is not None:
            if self._tool_before is None or sip.isdeleted(self._tool_before):
                self._canvas.unsetMapTool(self._tool)
            else:
                self._canvas.setMapTool(self._tool_before)

    def _tool_gone(self) -> None:
        """Also when the person takes another tool."""
        tool, self._tool = self._tool, None
        if tool is not None:
            tool.deleteLater()
        self.pickButton.setChecked(False)

    def _clicked(self, point: QgsPointXY, *_: object) -> None:
        self._take(point)
        self.pickButton.setChecked(False)

    def _take(self, point: QgsPointXY) -> None:
        crs = self._canvas.mapSettings().destinationCrs()
        to_lon_lat = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4326"), self._project)
        try:
            place = to_lon_lat.transform(point)
        except QgsCsException:
            self.notice.say(translate("CutoutPoint", "The map does not know where on Earth this is."), Mood.WARNING)
            return
        self.edit.setText(point_text((place.x(), place.y())))


def _button(name: str, icon: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(QgsApplication.getThemeIcon(icon))
    button.setAutoRaise(True)
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button
