"""What the stories have in common that are played inside QGIS: a person at its window, who waits for what comes.

A story runs with --code and finds this as a part of the plugin, which QGIS has loaded before: cutout.tests.desktop.
"""

from __future__ import annotations

import json
import os
import time
import traceback
from pathlib import Path

import qgis.utils
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMeshLayer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QToolButton

ORDER = json.loads(Path(os.environ["CUTOUT_ORDER"]).read_text())
STEP = 50  # milliseconds between two looks at the window
PATIENCE = 90.0  # seconds: a machine may have other things to do


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

    def story(self):
        """A generator of conditions to wait for, each with a name for when it never comes."""
        raise NotImplementedError

    def seen(self):
        """What the test is to know, besides trouble and stalls."""
        raise NotImplementedError

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

    def end(self, trouble):
        stalls = {phase: round(late, 1) for phase, late in self.stalls.longest.items()}
        answer = {"trouble": trouble, "qgis": Qgis.QGIS_VERSION, **self.seen(), "stalls_ms": stalls}
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


def for_seconds(seconds, name):
    end = time.monotonic() + seconds
    return until(lambda: time.monotonic() > end, name)


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))


def toolbar_button(window, name):
    action = window.findChild(QAction, name)
    return next(button for button in window.findChildren(QToolButton) if button.defaultAction() is action)


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
    """Of the dock's poller; none when it does not run."""
    plugin = qgis.utils.plugins.get("cutout")
    return plugin.jobs.all() if plugin and plugin.jobs else []


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
        window.grab().save(str(path))
