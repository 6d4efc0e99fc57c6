"""The area: where it comes from, how large it is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAction,
    QActionGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..bridge.areas import AreaSource
from ..core.errors import ExportError
from ..core.provider import AreaKind, AreaRule
from .area_band import AreaBand, zoom_to
from .area_source import AreaMode, FollowedArea, Measured
from .figures import area_text, vertices_text
from .latest import Latest
from .notice import Mood, Notice

translate = QCoreApplication.translate
SETTLE = 300  # milliseconds without a change before the area is read
NARROWEST = 90  # pixels of the button, whatever its text
SETTING = "cutout/dock/area"
ICONS = {
    AreaMode.CANVAS: "/mActionViewExtentInCanvas.svg",
    AreaMode.SELECTION: "/mIconPolygonLayer.svg",
    AreaMode.NONE: "/mActionRemove.svg",
}


class AreaPicker(QWidget):
    """`measured` is None while that is worked out (`waiting`), when there is a `problem`, and without an area."""

    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, project: QgsProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._active = False
        self.measured: Measured | None = None
        self.problem = ""
        self.waiting = False
        self._rule = AreaRule(AreaKind.POLYGON)
        self._replaced = ""
        self._label = ""
        self._followed = FollowedArea(canvas, project, self)
        self._band = AreaBand(canvas)
        self._measuring = Latest(translate("CutoutArea", "Measure the area"), 0, self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLE)
        self._settled.timeout.connect(self._read)
        self._build()
        self._followed.stirred.connect(self._stir)
        remembered = QgsSettings().value(SETTING, AreaMode.CANVAS.value, str)
        self._choose(AreaMode.SELECTION if remembered == AreaMode.SELECTION.value else AreaMode.CANVAS)

    @property
    def mode(self) -> AreaMode:
        return self._followed.mode

    def set_rule(self, rule: AreaRule) -> None:
        """What the service takes. The choice of no area at all is only offered where it can do without one."""
        self._rule = rule
        optional = not rule.required or rule.kind is AreaKind.NONE
        self._actions[AreaMode.NONE].setVisible(optional)
        if self.mode is AreaMode.NONE and not optional:
            self._choose(AreaMode.CANVAS)
        elif self.mode is AreaMode.NONE:
            self._stir()  # it means something else to another service

    def set_replaced(self, option: str) -> None:
        """The label of the option that says where instead of the area; empty where none does."""
        if option != self._replaced:
            self._replaced = option
            self._show()

    def set_active(self, active: bool) -> None:
        """Nobody looks: nothing is measured and nothing is drawn on the map."""
        self._active = active
        if active:
            self._stir()
        else:
            self._settled.stop()
            self._measuring.stop()
            self._band.remove()

    def set_notes(self, notes: Sequence[str]) -> None:
        """What is changed before the area goes to the service."""
        own = self.measured.area.notes if self.measured else ()
        lines = [*own, *(note for note in notes if note not in own)]
        if not self.problem and not self._replaced:
            self.notice.say("\n".join(lines), Mood.INFO)

    def shutdown(self) -> None:
        self.set_active(False)
        self._followed.shutdown()

    def _build(self) -> None:
        self.areaButton = QToolButton()
        self.areaButton.setObjectName("areaButton")
        self.areaButton.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.areaButton.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.areaButton.setMenu(self._menu())
        self.areaButton.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.areaButton.setMinimumWidth(NARROWEST)
        self.areaButton.setToolTip(translate("CutoutArea", "Where the area comes from"))
        self.zoomButton = QToolButton()
        self.zoomButton.setObjectName("zoomButton")
        self.zoomButton.setIcon(QgsApplication.getThemeIcon("/mActionZoomToArea.svg"))
        self.zoomButton.setToolTip(translate("CutoutArea", "Zoom to the area"))
        self.zoomButton.setAccessibleName(self.zoomButton.toolTip())
        self.zoomButton.clicked.connect(self._zoom)
        self.figures = QLabel()
        self.figures.setObjectName("areaLabel")
        self.figures.setTextFormat(Qt.TextFormat.PlainText)  # it shows the name of a layer
        self.figures.setWordWrap(True)
        self.notice = Notice()
        row = QHBoxLayout()
        row.addWidget(self.areaButton, 1)
        row.addWidget(self.zoomButton)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(row)
        layout.addWidget(self.figures)
        layout.addWidget(self.notice)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(self)
        texts = {
            AreaMode.CANVAS: translate("CutoutArea", "Map canvas extent"),
            AreaMode.SELECTION: translate("CutoutArea", "Selected polygons"),
            AreaMode.NONE: translate("CutoutArea", "No area"),
        }
        self._actions: dict[AreaMode, QAction] = {}
        for mode, text in texts.items():
            action = QAction(QgsApplication.getThemeIcon(ICONS[mode]), text, group)
            action.setCheckable(True)
            action.setData(mode.value)
            menu.addAction(action)
            self._actions[mode] = action
        self._actions[AreaMode.NONE].setVisible(False)
        group.triggered.connect(self._chosen)
        return menu

    def _chosen(self, action: QAction) -> None:
        mode = AreaMode(action.data())
        QgsSettings().setValue(SETTING, mode.value)
        self._choose(mode)

    def _choose(self, mode: AreaMode) -> None:
        action = self._actions[mode]
        action.setChecked(True)
        self.areaButton.setText(action.text())
        self.areaButton.setIcon(action.icon())
        self.zoomButton.setVisible(mode is AreaMode.SELECTION)  # the canvas shows its own extent anyway
        self._followed.use(mode)

    def _stir(self) -> None:
        """The area may be another one: what was known is void until it has been read."""
        if not self._active:
            return
        self._measuring.stop()
        self.measured, self.problem, self.waiting = None, "", True
        self._settled.start()
        self.changed.emit()

    def _read(self) -> None:
        try:
            source = self._followed.read()
        except ExportError as error:
            self._refused(error)
            return
        if source is None:
            whole = translate("CutoutArea", "The whole model, wherever it is.")
            everything = translate("CutoutArea", "The service is asked for everything.")
            self._settle(None, whole if self._rule.kind is AreaKind.NONE else everything)
            return
        self._measuring.ask(
            lambda progress: Measured.of(source), lambda found: self._found(source, found), self._refused
        )

    def _found(self, source: AreaSource, measured: Measured) -> None:
        figures = f"{area_text(measured.km2)}, {vertices_text(measured.vertices)}"
        self._settle(measured, f"{source.label}: {figures}" if source.label else figures)

    def _refused(self, error: ExportError) -> None:
        self.problem = str(error)
        self._settle(None, "")

    def _settle(self, measured: Measured | None, label: str) -> None:
        self.measured, self.waiting, self._label = measured, False, label
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        replaced = translate("CutoutArea", "Not used: “{option}” says where.").format(option=self._replaced)
        text = replaced if self._replaced else self._label
        self.figures.setText(text)
        self.figures.setVisible(bool(text))
        measured = None if self._replaced else self.measured
        problem = "" if self._replaced else self.problem
        notes = "\n".join(measured.area.notes if measured else ())
        self.notice.say(problem or notes, Mood.WARNING if problem else Mood.INFO)
        self.zoomButton.setEnabled(measured is not None)
        # What the map shows needs no outline: it is the frame of the map itself.
        if measured is not None and self.mode is AreaMode.SELECTION and self._active:
            self._band.show(measured.area)
        else:
            self._band.remove()

    def _zoom(self) -> None:
        if self.measured is not None:
            zoom_to(self._canvas, self.measured.area)
