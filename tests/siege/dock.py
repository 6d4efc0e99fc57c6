"""QGIS with the plugin and its dock, on a profile that others may use too; it is there to be killed.

As a program of its own it has no window, which makes it start sooner; `qgis --code dock.py` is the real thing. It
orders what is not in the list of the profile yet, goes on until nothing is left to be done, and writes down what became
of it. CUTOUT_ORDER names a file with its order: accounts (saved, and nothing else is done), requests, downloads, load
(also the layers of jobs that were done before), again (keys of uncertain jobs to be sent once more), freeze (seconds in
which the window does not answer, in the middle of a download), answer (where to write).
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qgis.utils
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication, QTimer

import cutout
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.folders import choose_downloads
from cutout.core.http import Secret
from cutout.core.model import ExportRequest, Job, JobState
from tests.qgis.interface import Interface

LOOK = 100  # milliseconds
PASSWORD = "siege"  # of the authentication database


class Dock:
    """The plugin, and the person who has ordered. end: called when nothing is left to be done."""

    def __init__(self, order: dict[str, Any], plugin: Any, end: Callable[[], None]) -> None:
        self.order, self.plugin, self.end = order, plugin, end
        self.loaded: list[str] = []
        self.asked: set[str] = set()
        self.timer = QTimer()
        self.timer.timeout.connect(self.look)
        QTimer.singleShot(0, self.begin)

    def begin(self) -> None:
        self.plugin.show(True)
        self.plugin.jobs.arrived.connect(lambda job: self.loaded.append(job.title))
        listed = {job.title for job in self.jobs()}
        for given in self.order["requests"]:
            request = ExportRequest(**given)
            if request.title not in listed:
                account = next(one for one in self.plugin.accounts.all() if one.service == request.service)
                self.plugin.jobs.order(request, account)
        for key in self.order.get("again", ()):
            self.plugin.jobs.send_again(key)
        self.timer.start(LOOK)

    def jobs(self) -> list[Job]:
        jobs: list[Job] = self.plugin.jobs.all()
        return jobs

    def look(self) -> None:
        jobs = self.jobs()
        is_loading = any(self.plugin.jobs.fraction(job.key) is not None for job in jobs)
        if is_loading:
            time.sleep(self.order.pop("freeze", 0))
        if is_loading or any(job.state.is_open and not job.paused for job in jobs):
            return
        for job in jobs:
            if self.order["load"] and job.state is JobState.DONE and job.key not in self.asked:
                self.asked.add(job.key)
                self.plugin.jobs.load(job.key)
        waited = [job for job in jobs if job.key in self.asked or job.title in self.loaded]
        if all(job.layers or job.problems for job in waited if job.state is JobState.DONE):
            self.timer.stop()
            self.write()
            self.end()

    def write(self) -> None:
        layers = [described(layer) for layer in QgsProject.instance().mapLayers().values()]
        part = Path(self.order["answer"] + ".part")
        part.write_text(json.dumps({"loaded": self.loaded, "layers": layers, "ended": time.time()}))
        part.replace(self.order["answer"])


def described(layer: Any) -> list[Any]:
    """Its group and name, and how many features it has."""
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    count = layer.featureCount() if isinstance(layer, QgsVectorLayer) else layer.extent().toString(3)
    return [node.parent().name(), layer.name(), count, layer.isValid()]


def save(accounts: list[dict[str, str]]) -> None:
    for given in accounts:
        secret = Secret(username=given["username"], password=given["password"])
        Accounts().save(Account(given["service"], given["url"], "Stand-in"), secret)


def sign_in() -> None:
    if not QgsApplication.authManager().setMasterPassword(PASSWORD, True):
        raise RuntimeError("no master password")


def as_program(order: dict[str, Any]) -> None:
    """Ends the process."""
    sys.excepthook = lambda *error: (traceback.print_exception(*error), os._exit(3))
    QCoreApplication.setOrganizationName("QGIS")
    QCoreApplication.setApplicationName("QGIS3")
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", "/usr"), True)
    application = QgsApplication([], True)
    application.initQgis()
    sign_in()
    if order["accounts"]:
        save(order["accounts"])
        os._exit(0)
    choose_downloads(order["downloads"])
    plugin = cutout.classFactory(Interface())
    plugin.initGui()
    dock = Dock(order, plugin, lambda: os._exit(0))  # the end of QGIS is another test's
    application.exec()
    dock.timer.stop()


def in_window(order: dict[str, Any]) -> Dock:
    def leave() -> None:
        QgsProject.instance().clear()
        QgsProject.instance().setDirty(False)
        qgis.utils.iface.actionExit().trigger()

    sign_in()
    choose_downloads(order["downloads"])
    return Dock(order, qgis.utils.plugins["cutout"], leave)


_order = json.loads(Path(os.environ["CUTOUT_ORDER"]).read_text())
if qgis.utils.iface is None:
    as_program(_order)
else:
    dock = in_window(_order)
