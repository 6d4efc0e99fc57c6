"""Runs inside QGIS: uses the dock as a person does, and writes down what came of it.

One order after the other, each from another service: area from the canvas, what to order from the search and the form,
Order, and on with the next one while the first is worked on; then other work until all layers are in the project.
"""

from functools import partial

import qgis.utils
from qgis.core import QgsFillSymbol, QgsProject, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListView,
    QMessageBox,
    QSplitter,
    QWidget,
)

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


class Orderer(Person):
    """Orders from each service, and looks at what comes."""

    def __init__(self):
        super().__init__()
        self.preflights, self.questions = {}, {}

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
        yield for_seconds(2, "two seconds of doing nothing")

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
        yield for_seconds(1.5, "the window at rest")
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

    def seen(self):
        return {
            "preflights": self.preflights,
            "questions": self.questions,
            "jobs": {job.request.service: about(job) for job in jobs()},
            "layers": [described(node.layer()) for node in QgsProject.instance().layerTreeRoot().findLayers()],
        }


def shows(model, words):
    """The list has answered to these words: one row, with them in it."""
    row = str(model.index(0, 0).data(Qt.ItemDataRole.DisplayRole)) if model.rowCount() == 1 else ""
    return words.lower() in row.lower()


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


person = Orderer()
