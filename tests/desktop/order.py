"""Runs inside QGIS: uses the dock as a person does, and writes down what came of it.

Area from the canvas, layers from the search, Order, and on with other work until the layers are in the project.
"""

import json
import os
import time
import traceback
from functools import partial
from pathlib import Path

import qgis.utils
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFillSymbol,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QObject, QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QComboBox, QDockWidget, QLabel, QLineEdit, QListView, QToolButton

ORDER = json.loads(Path(os.environ["CUTOUT_ORDER"]).read_text())
STEP = 50  # milliseconds between two looks at the window
PATIENCE = 60  # seconds for one step


class Stalls(QObject):
    """How late a 10 ms timer comes: the time in which the window could not answer."""

    def __init__(self):
        super().__init__()
        self.longest = {}
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = None
        self.phase = "start"
        self._timer.start(10)

    def _beat(self):
        now = time.perf_counter()
        if self._last is not None:
            late = 1000 * (now - self._last) - 10
            self.longest[self.phase] = max(late, self.longest.get(self.phase, 0.0))
        self._last = now


class Person:
    """Goes through the story, step by step, and waits for what a person would wait for."""

    def __init__(self):
        self.window = qgis.utils.iface.mainWindow()
        self.stalls = Stalls()
        self._story = self.story()
        self._waiting = lambda: True
        self._since = time.monotonic()
        self._timer = QTimer()
        self._timer.timeout.connect(self._go_on)
        self._timer.start(STEP)

    def _go_on(self):
        if not self._waiting():
            if time.monotonic() - self._since > PATIENCE:
                self._timer.stop()
                self.end(f"waited in vain for: {self._waiting.__doc__}")
            return
        try:
            self._waiting = next(self._story)
            self._since = time.monotonic()
        except StopIteration:
            self._timer.stop()
            self.end("")
        except Exception:  # noqa: BLE001 - whatever went wrong is the answer of this run
            self._timer.stop()
            self.end(traceback.format_exc())

    def widget(self, kind, name):
        found = self.dock.findChild(kind, name)
        if found is None:
            raise LookupError(name)
        return found

    def story(self):
        self.window.setGeometry(0, 0, 1500, 950)
        add_base_map()
        sign_in()
        yield until(lambda: not qgis.utils.iface.mapCanvas().isDrawing(), "the base map")
        zoom_to_place()
        yield until(lambda: not qgis.utils.iface.mapCanvas().isDrawing(), "the place on the map")
        self.stalls.phase = "idle"
        end = time.monotonic() + 2
        yield until(lambda: time.monotonic() > end, "two seconds of doing nothing")

        self.stalls.phase = "dock"
        click(toolbar_button(self.window, "CutoutAction"))
        yield until(lambda: self.window.findChild(QDockWidget, "CutoutDock"), "the dock")
        self.dock = self.window.findChild(QDockWidget, "CutoutDock")
        self.window.resizeDocks([self.dock], [400], Qt.Orientation.Horizontal)
        combo = self.widget(QComboBox, "serviceCombo")
        combo.setCurrentIndex(combo.findData("koordinates"))

        self.stalls.phase = "search"
        for words in ORDER["items"]:
            search = self.widget(QLineEdit, "searchEdit")
            results = self.widget(QListView, "resultList")
            search.clear()
            QTest.keyClicks(search, words)
            yield until(partial(shows, results.model(), words), f"one result for {words}")
            row = results.visualRect(results.model().index(0, 0)).center()
            QTest.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=row)
            QTest.mouseDClick(results.viewport(), Qt.MouseButton.LeftButton, pos=row)
        self.widget(QLineEdit, "searchEdit").clear()
        title = self.widget(QLineEdit, "titleEdit")
        QTest.keyClicks(title, ORDER["title"])
        QTest.keyClick(title, Qt.Key.Key_Tab)

        self.stalls.phase = "order"
        submit = self.dock.form.submitButton
        yield until(submit.isEnabled, "the button Order")
        self.preflight = self.widget(QLabel, "preflightLabel").text()
        save_picture(self.window, ORDER.get("before"))
        click(submit)
        self.stalls.phase = "work"
        yield until(self.has_arrived, "the layers")
        as_outlines(ORDER["title"])  # so that the picture shows the elevation model beneath
        yield until(lambda: not qgis.utils.iface.mapCanvas().isDrawing(), "the map")
        end = time.monotonic() + 1.5
        yield until(lambda: time.monotonic() > end, "the window at rest")
        save_picture(self.window, ORDER.get("picture"))

    def has_arrived(self):
        group = QgsProject.instance().layerTreeRoot().findGroup(ORDER["title"])
        jobs = qgis.utils.plugins["cutout"].jobs.all()
        return (
            group is not None and bool(jobs) and bool(jobs[0].layers) and len(group.findLayers()) >= len(jobs[0].layers)
        )

    def end(self, trouble):
        plugin = qgis.utils.plugins.get("cutout")
        jobs = plugin.jobs.all() if plugin and plugin.jobs else []
        group = QgsProject.instance().layerTreeRoot().findGroup(ORDER["title"])
        answer = {
            "trouble": trouble,
            "qgis": Qgis.QGIS_VERSION,
            "preflight": getattr(self, "preflight", ""),
            "states": [job.state.value for job in jobs],
            "messages": [job.message for job in jobs],
            "problems": [problem for job in jobs for problem in job.problems],
            "folder": jobs[0].folder if jobs else "",
            "layers": [described(node.layer()) for node in group.findLayers()] if group else [],
            "stalls_ms": {phase: round(late, 1) for phase, late in self.stalls.longest.items()},
        }
        if trouble:
            save_picture(self.window, ORDER.get("picture"))
        if ORDER.get("project"):
            QgsProject.instance().write(ORDER["project"])
        part = Path(ORDER["answer"] + ".part")
        part.write_text(json.dumps(answer))
        part.replace(ORDER["answer"])
        if not os.environ.get("CUTOUT_STAY"):
            QgsProject.instance().clear()  # else QGIS asks about layers that lie in a temporary folder
            QgsProject.instance().setDirty(False)
            qgis.utils.iface.actionExit().trigger()


def until(condition, name):
    def waiting():
        return condition()

    waiting.__doc__ = name
    return waiting


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))


def toolbar_button(window, name):
    action = window.findChild(QAction, name)
    return next(button for button in window.findChildren(QToolButton) if button.defaultAction() is action)


def shows(model, words):
    """The list has answered to these words: one row, with them in it."""
    row = str(model.index(0, 0).data(Qt.ItemDataRole.DisplayRole)) if model.rowCount() == 1 else ""
    return words.lower() in row.lower()


def add_base_map():
    """Natural Earth as QGIS brings it."""
    project = QgsProject.instance()
    world = Path(QgsApplication.pkgDataPath()) / "resources" / "data" / "world_map.gpkg"
    layer = QgsVectorLayer(f"{world}|layername=countries", "Countries (Natural Earth)", "ogr")
    symbol = layer.renderer().symbol()
    symbol.setColor(symbol.color().fromRgb(236, 234, 226))
    symbol.symbolLayer(0).setStrokeColor(symbol.color().fromRgb(150, 150, 150))
    project.addMapLayer(layer)


def zoom_to_place():
    """The place that the stand-in has data of, in a projected CRS as a person there would use."""
    project = QgsProject.instance()
    crs = QgsCoordinateReferenceSystem("EPSG:32613")
    project.setCrs(crs)
    west, south, east, north = ORDER["extent"]
    lon_lat = QgsCoordinateReferenceSystem("EPSG:4326")
    extent = QgsCoordinateTransform(lon_lat, crs, project).transformBoundingBox(QgsRectangle(west, south, east, north))
    qgis.utils.iface.mapCanvas().setExtent(extent)
    qgis.utils.iface.mapCanvas().refresh()


def sign_in():
    """The account that a person would have added before, in QGIS's authentication database."""
    from cutout.bridge.accounts import Account, Accounts
    from cutout.bridge.folders import choose_downloads
    from cutout.core.http import Secret

    if not QgsApplication.authManager().setMasterPassword("demo", True):
        raise RuntimeError("no master password")
    Accounts().save(Account("koordinates", ORDER["url"], "Stand-in"), Secret(password=ORDER["key"]))
    choose_downloads(ORDER["downloads"])


def as_outlines(group):
    for node in QgsProject.instance().layerTreeRoot().findGroup(group).findLayers():
        layer = node.layer()
        if isinstance(layer, QgsVectorLayer) and layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry:
            symbol = QgsFillSymbol.createSimple(
                {"color": "0,0,0,0", "outline_color": "120,40,20", "outline_width": "0.6"}
            )
            layer.renderer().setSymbol(symbol)
            layer.triggerRepaint()
            qgis.utils.iface.layerTreeView().refreshLayerSymbology(layer.id())


def described(layer):
    extent = layer.extent()
    size = (
        f"{layer.featureCount()} features"
        if isinstance(layer, QgsVectorLayer)
        else f"{layer.width()} x {layer.height()}"
    )
    return {
        "name": layer.name(),
        "type": type(layer).__name__.replace("Qgs", "").replace("Layer", "").lower(),
        "size": size,
        "crs": layer.crs().authid(),
        "extent": "" if extent.isEmpty() else extent.toString(0),
        "valid": layer.isValid(),
        "licenses": list(layer.metadata().licenses()),
    }


def save_picture(window, path):
    if path:
        QApplication.processEvents()
        window.grab().save(path)


person = Person()
