"""Runs inside QGIS: uses the dock as a person does, and writes down what came of it.

One order after the other, each from another service: area from the canvas, what to order from the search and the form,
Order, and on with the next one while the first is worked on; then other work until all layers are in the project.
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
    QgsMeshLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QObject, QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAction,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListView,
    QMessageBox,
    QSplitter,
    QToolButton,
    QWidget,
)

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
        self.preflights, self.questions = {}, {}
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
        yield until(is_drawn, "the base map")
        self.stalls.phase = "idle"
        end = time.monotonic() + 2
        yield until(lambda: time.monotonic() > end, "two seconds of doing nothing")

        self.stalls.phase = "dock"
        click(toolbar_button(self.window, "CutoutAction"))
        yield until(lambda: self.window.findChild(QDockWidget, "CutoutDock"), "the dock")
        self.dock = self.window.findChild(QDockWidget, "CutoutDock")
        self.window.resizeDocks([self.dock], [400], Qt.Orientation.Horizontal)
        for order in ORDER["orders"]:
            yield from self.order(order)

        self.stalls.phase = "work"
        for order in ORDER["orders"]:
            yield until(partial(has_arrived, order["title"]), f"the layers of {order['title']}")
        self.stalls.phase = "picture"
        form, orders = (sum(self.dock.findChild(QSplitter).sizes()) * part for part in (0.5, 0.5))
        self.dock.findChild(QSplitter).setSizes([int(form), int(orders)])  # pulled up, so that all orders show
        as_outlines(ORDER["orders"][0]["title"])  # so that the picture shows the elevation model beneath
        zoom_to(ORDER["orders"][-1]["extent"], ORDER["orders"][-1]["crs"])
        yield until(is_drawn, "the map")
        end = time.monotonic() + 1.5
        yield until(lambda: time.monotonic() > end, "the window at rest")
        save_picture(self.window, ORDER.get("picture"))

    def order(self, order):
        """One order, from the place on the map to the job in the list."""
        self.stalls.phase = f"form of {order['service']}"
        zoom_to(order["extent"], order["crs"])
        yield until(is_drawn, "the place on the map")
        combo = self.widget(QComboBox, "serviceCombo")
        combo.setCurrentIndex(combo.findData(order["service"]))
        for words in order.get("items", ()):
            yield from self.pick(words)
        for name, words in order.get("found", {}).items():
            yield from self.find(name, words)
        title = self.widget(QLineEdit, "titleEdit")
        title.clear()
        QTest.keyClicks(title, order["title"])
        QTest.keyClick(title, Qt.Key.Key_Tab)

        submit = self.dock.form.submitButton
        yield until(submit.isEnabled, "the button Order")
        self.preflights[order["service"]] = self.widget(QLabel, "preflightLabel").text()
        save_picture(self.window, order.get("picture"))
        known = len(jobs())
        self.stalls.phase = f"order from {order['service']}"
        QTimer.singleShot(0, partial(click, submit))  # a question may stand in the way until it is answered
        if order.get("asks"):
            yield until(lambda: question() is not None, "the question before money is spent")
            self.questions[order["service"]] = question().text()
            click(accepting(question()))
        yield until(lambda: len(jobs()) > known, "the job in the list")

    def pick(self, words):
        """From the catalogue: by words of its title, with a double click."""
        search = self.widget(QLineEdit, "searchEdit")
        results = self.widget(QListView, "resultList")
        search.clear()
        QTest.keyClicks(search, words)
        yield until(partial(shows, results.model(), words), f"one result for {words}")
        row = results.visualRect(results.model().index(0, 0)).center()
        QTest.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=row)
        QTest.mouseDClick(results.viewport(), Qt.MouseButton.LeftButton, pos=row)
        search.clear()

    def find(self, name, words):
        """One thing from the catalogue: by words of its title, with Enter."""
        field = self.widget(QWidget, name)
        line = self.widget(QLineEdit, f"{name}Edit")
        QTest.keyClicks(line, words)
        yield until(partial(shows, field.results.model(), words), f"one result for {words}")
        QTest.keyClick(line, Qt.Key.Key_Return)
        yield until(lambda: bool(field.value), f"{name} chosen")

    def end(self, trouble):
        answer = {
            "trouble": trouble,
            "qgis": Qgis.QGIS_VERSION,
            "preflights": self.preflights,
            "questions": self.questions,
            "jobs": {job.request.service: about(job) for job in jobs()},
            "layers": [described(node.layer()) for node in QgsProject.instance().layerTreeRoot().findLayers()],
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


def zoom_to(extent, authid):
    """West, south, east, north in degrees, shown in a projected CRS as a person there would use."""
    project = QgsProject.instance()
    crs = QgsCoordinateReferenceSystem(authid)
    project.setCrs(crs)
    lon_lat = QgsCoordinateReferenceSystem("EPSG:4326")
    place = QgsCoordinateTransform(lon_lat, crs, project).transformBoundingBox(QgsRectangle(*extent))
    qgis.utils.iface.mapCanvas().setExtent(place)
    qgis.utils.iface.mapCanvas().refresh()


def is_drawn():
    return not qgis.utils.iface.mapCanvas().isDrawing()


def sign_in():
    """The accounts that a person would have added before, in QGIS's authentication database."""
    from cutout.bridge.accounts import Account, Accounts
    from cutout.bridge.folders import choose_downloads
    from cutout.core.http import Secret

    if not QgsApplication.authManager().setMasterPassword("demo", True):
        raise RuntimeError("no master password")
    for order in ORDER["orders"]:
        secret = Secret(username=order.get("username", ""), password=order["password"])
        Accounts().save(Account(order["service"], order["url"], "Stand-in"), secret)
    choose_downloads(ORDER["downloads"])


def jobs():
    plugin = qgis.utils.plugins.get("cutout")
    return plugin.jobs.all() if plugin and plugin.jobs else []


def has_arrived(title):
    """Everything that can be a layer is one; a job whose files this QGIS does not show is done all the same."""
    job = next(job for job in jobs() if job.title == title)
    group = QgsProject.instance().layerTreeRoot().findGroup(title)
    if not job.layers:
        return job.state.value == "done" and bool(job.problems)
    return group is not None and len(group.findLayers()) >= len(job.layers)


def about(job):
    return {
        "state": job.state.value,
        "title": job.title,
        "message": job.message,
        "problems": job.problems,
        "notes": job.request.notes,
        "folder": job.folder,
        "files": len(job.files),
    }


def question():
    """The question that waits for an answer, if there is one."""
    box = QApplication.activeModalWidget()
    return box if isinstance(box, QMessageBox) and box.objectName() == "CutoutQuestion" else None


def accepting(box):
    return next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.AcceptRole)


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
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    group = node.parent().name() if node.parent() else ""
    return {
        "group": group,
        "name": layer.name(),
        "type": type(layer).__name__.replace("Qgs", "").replace("Layer", "").lower(),
        "size": size(layer),
        "crs": layer.crs().authid(),
        "extent": "" if extent.isEmpty() else extent.toString(0),
        "valid": layer.isValid(),
        "licenses": list(layer.metadata().licenses()),
        "abstract": layer.metadata().abstract(),
    }


def size(layer):
    if isinstance(layer, QgsVectorLayer):
        return f"{layer.featureCount()} features"
    if isinstance(layer, QgsRasterLayer):
        return f"{layer.width()} x {layer.height()}"
    if isinstance(layer, QgsMeshLayer):
        return f"{layer.meshFaceCount()} faces"
    return ""


def save_picture(window, path):
    if path:
        QApplication.processEvents()
        window.grab().save(path)


person = Person()
