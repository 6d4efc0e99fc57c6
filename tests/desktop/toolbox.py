"""Runs inside QGIS: orders from the Processing toolbox as a person does, and writes down what came of it.

The same algorithm again and again: refused, left to the dock, waited for, stopped, collected while the dock works on
it, and for the rows of a batch. The dock is not opened, nor its poller at work, before the first order is left to it.
"""

import time
from functools import partial
from pathlib import Path

import processing
import qgis.utils
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import QgsApplication, QgsProcessingContext, QgsProject
from qgis.gui import QgsFilterLineEdit, QgsProcessingAlgorithmDialogBase
from qgis.PyQt.QtCore import QModelIndex, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QListView, QMessageBox, QTextEdit

from cutout.tests.desktop.person import (
    ORDER,
    Person,
    add_base_map,
    click,
    described,
    for_seconds,
    is_drawn,
    jobs,
    save_picture,
    sign_in,
    toolbar_button,
    until,
    zoom_to,
)

ALGORITHM = "cutout:koordinates"
REFUSED = "Unable to execute algorithm"  # the title of QGIS's box
AT_SERVICE = ("queued", "running")


class Guest(Person):
    """Uses the algorithms by their dialogs."""

    def __init__(self):
        super().__init__()
        self.facts, self.runs, self.states = {}, {}, {}

    def seen(self):
        nodes = QgsProject.instance().layerTreeRoot().findLayers()
        layers = [{"job": node.layer().customProperty("cutout/job"), **described(node.layer())} for node in nodes]
        listed = {job.key: {"title": job.title, "state": job.state.value, "folder": job.folder} for job in jobs()}
        return {**self.facts, "runs": self.runs, "states": self.states, "jobs": listed, "layers": layers}

    def story(self):
        QApplication.instance().setProperty("cutoutExpected", [REFUSED, "Koordinates"])
        self.window.setGeometry(0, 0, 1500, 950)
        add_base_map()
        sign_in()
        zoom_to(*ORDER["place"])
        yield until(is_drawn, "the base map")
        self.stalls.phase = "idle"
        yield for_seconds(1, "a second of doing nothing")
        yield from self.refused()
        yield from self.left()
        yield from self.waited_for()
        yield from self.stopped()
        yield from self.collected()
        yield from self.batch()
        self.stalls.phase = "rest"
        yield until(self.is_all_there, "the layers of all jobs")
        yield until(is_drawn, "the map")
        yield for_seconds(0.5, "the window at rest")
        self.picture("window", self.window)

    def refused(self):
        """From the toolbox with a double click, to the box that says what does not go together."""
        self.stalls.phase = "toolbox"
        dock = self.window.findChild(QDockWidget, "ProcessingToolbox")
        dock.setUserVisible(True)
        QTest.keyClicks(dock.findChild(QgsFilterLineEdit, "searchBox"), "cutout")
        tree = dock.algorithmTree
        yield until(lambda: row_with(tree.model(), "Koordinates").isValid(), "the algorithms in the toolbox")
        self.facts["tree"] = texts(tree.model())
        self.picture("tree", dock)
        at = tree.visualRect(row_with(tree.model(), "Koordinates")).center()
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QTimer.singleShot(0, partial(QTest.mouseDClick, tree.viewport(), Qt.MouseButton.LeftButton, pos=at))
        yield until(lambda: dialog_shown() is not None, "the dialog of the algorithm")
        dock.setUserVisible(False)
        self.dialog = dialog_shown()
        self.dialog.setParameters({**ORDER["parameters"], "AREA": ORDER["area"]})
        self.picture("dialog", self.dialog)
        QTimer.singleShot(0, partial(click, self.dialog.runButton()))
        yield until(lambda: refusal() is not None, "the refusal")
        self.facts["refusal"] = refusal().text()
        self.picture("refusal", refusal())
        click(refusal().button(QMessageBox.StandardButton.Ok))
        yield until(lambda: refusal() is None, "the dialog once more")
        self.dialog.close()

    def left(self):
        """Without waiting: the dialog ends with the order placed, and the dock's poller goes on."""
        self.facts["poller_before"] = is_polling()
        self.begin("left", NAME="Left", WAIT=False)
        yield from self.ended("left")
        yield until(is_polling, "the dock's poller")
        click(toolbar_button(self.window, "CutoutAction"))
        yield until(lambda: self.window.findChild(QDockWidget, "CutoutDock"), "the dock")
        self.list = self.window.findChild(QDockWidget, "CutoutDock").findChild(QListView, "jobList").model()
        self.list.rowsInserted.connect(self.look_at_list)
        self.list.dataChanged.connect(self.look_at_list)

    def waited_for(self):
        self.begin("waited for", NAME="Waited for", ITEMS=ORDER["two"])
        yield until(lambda: self.listed("Waited for", AT_SERVICE), "the order in the list")
        self.picture("running", self.window)
        yield from self.ended("waited for")

    def stopped(self):
        self.begin("stopped", NAME="Stopped")
        yield until(lambda: self.listed("Stopped", AT_SERVICE), "the order at the service")
        self.began = time.monotonic()
        QTimer.singleShot(0, partial(click, self.dialog.cancelButton()))
        yield from self.ended("stopped")

    def collected(self):
        """Ordered again in the dock, and collected while the dock fetches the files."""
        before = {job.key for job in jobs()}
        (first,) = self.listed("Waited for", ("done",))
        poller = qgis.utils.plugins["cutout"].jobs
        poller.order_again(first)
        (key,) = {job.key for job in jobs()} - before
        yield until(lambda: poller.fraction(key) is not None, "the download of the dock")
        self.begin("collected", "cutout:collect", JOB_ID=key)
        yield from self.ended("collected")

    def batch(self):
        self.stalls.phase = "batch dialog"
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
        self.dialog = BatchAlgorithmDialog(algorithm, self.window)
        self.dialog.show()
        panel = self.dialog.mainWidget()
        panel.addRow()
        for row, name in enumerate(("First", "Second")):
            for key, value in {**ORDER["parameters"], "NAME": name}.items():
                column = panel.parameter_to_column[key]
                if key == "OUTPUT":
                    panel.tblParameters.cellWidget(row + 1, column).setValue(value)
                else:
                    panel.wrappers[row][column].setParameterValue(value, QgsProcessingContext())
        self.picture("rows", self.dialog)
        self.press("batch")
        yield until(lambda: "Batch execution completed" in self.log(), "the end of the batch")
        yield until(self.dialog.runButton().isEnabled, "the dialog of the batch at rest")
        self.write_down("batch")

    def begin(self, name, algorithm=ALGORITHM, **parameters):
        self.stalls.phase = f"dialog of {name}"
        given = {**ORDER["parameters"], **parameters} if algorithm == ALGORITHM else parameters
        self.dialog = processing.createAlgorithmDialog(algorithm, given)
        self.dialog.show()
        self.result = {}
        result = self.result
        self.dialog.algorithmFinished.connect(lambda ok, results: result.update(ok=ok, results=plain(results)))
        self.press(name)

    def press(self, name):
        self.stalls.phase = name
        self.began = time.monotonic()
        QTimer.singleShot(0, partial(click, self.dialog.runButton()))

    def ended(self, name):
        yield until(lambda: bool(self.result), f"the end of {name}")
        self.write_down(name, **self.result)

    def write_down(self, name, **result):
        self.runs[name] = {"seconds": time.monotonic() - self.began, "log": self.log(), **result}
        self.picture(name, self.dialog)
        self.dialog.close()

    def log(self):
        return self.dialog.findChild(QTextEdit, "txtLog").toPlainText()

    def listed(self, title, states):
        """The keys of jobs in the dock's list."""
        found = (self.list.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(self.list.rowCount()))
        return [job.key for job in found if job.title == title and job.state.value in states]

    def look_at_list(self, *_):
        for row in range(self.list.rowCount()):
            job = self.list.index(row, 0).data(Qt.ItemDataRole.UserRole)
            states = self.states.setdefault(job.key, [])
            if job.state.value not in states[-1:]:
                states.append(job.state.value)

    def is_all_there(self):
        """Whoever loads them, each layer of each job."""
        there = [layer.customProperty("cutout/job") for layer in QgsProject.instance().mapLayers().values()]
        return all(job.layers and there.count(job.key) >= len(job.layers) for job in jobs())

    def picture(self, name, window):
        phase, self.stalls.phase = self.stalls.phase, "picture"
        save_picture(window, Path(ORDER["pictures"]) / f"{name}.png")
        self.stalls.phase = phase


def is_polling():
    return qgis.utils.plugins["cutout"].jobs is not None


def dialog_shown():
    windows = (each for each in QApplication.topLevelWidgets() if isinstance(each, QgsProcessingAlgorithmDialogBase))
    return next((window for window in windows if window.isVisible()), None)


def refusal():
    box = QApplication.activeModalWidget()
    return box if isinstance(box, QMessageBox) and box.windowTitle() == REFUSED else None


def row_with(model, words):
    """Its index; an invalid one while there is none."""
    how = Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive
    found = model.match(model.index(0, 0), Qt.ItemDataRole.DisplayRole, words, 1, how)
    return found[0] if found else QModelIndex()


def texts(model, parent=None):
    """All rows of a tree, as they are nested."""
    parent = parent or QModelIndex()
    indexes = (model.index(row, 0, parent) for row in range(model.rowCount(parent)))
    return {index.data(): texts(model, index) for index in indexes}


def plain(results):
    return {key: value for key, value in results.items() if isinstance(value, (str, float, list))}


person = Guest()
