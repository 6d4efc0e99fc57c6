"""Runs inside QGIS once it has started: loads one plugin as QGIS does, and looks how long the window is held by that,
by the first opening of the dock, and by the first form of each service."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import qgis.utils
from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import QObject, Qt, QTimer
from qgis.PyQt.QtWidgets import QAction, QComboBox, QDockWidget

ORDER = json.loads(Path(os.environ["CUTOUT_ORDER"]).read_text())
QUIET = 1.0  # seconds after the start of QGIS, and after each step
HEAVY = {"numpy", "osgeo", "processing", "pyproj", "requests", "shapely", "sqlite3", "urllib3", "zipfile"}


class Stalls(QObject):
    """The longest gap between two beats of a 1 ms timer, in which the window could not answer, by phase, in ms.

    work: the most that the main thread worked in one gap, which on an idle machine is all of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest: dict[str, float] = {}
        self.work: dict[str, float] = {}
        self._phase, self._last, self._worked = "", time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def begin(self, phase: str) -> None:
        self._phase, self._last, self._worked = phase, time.perf_counter(), time.thread_time()
        self.longest[phase] = self.work[phase] = 0.0

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        if self._phase:
            self.longest[self._phase] = max(self.longest[self._phase], 1000 * (now - self._last))
            self.work[self._phase] = max(self.work[self._phase], 1000 * (worked - self._worked))
        self._last, self._worked = now, worked


class Starter:
    """Goes through the steps and stays quiet for a while after each."""

    def __init__(self) -> None:
        self.stalls, self.answer = Stalls(), {"qgis": Qgis.QGIS_VERSION}
        self._steps = self.steps()
        self._timer = QTimer()
        self._timer.timeout.connect(self._go_on)
        self._timer.start(int(1000 * QUIET))

    def steps(self) -> Iterator[None]:
        before = set(sys.modules)
        self.stalls.begin("start")
        began, worked = time.perf_counter(), time.thread_time()
        is_there = qgis.utils.loadPlugin(ORDER["plugin"]) and qgis.utils.startPlugin(ORDER["plugin"])
        self.answer["start"] = 1000 * (time.perf_counter() - began)
        self.answer["work"] = 1000 * (time.thread_time() - worked)
        if not is_there:
            raise RuntimeError(f"{ORDER['plugin']} did not start")
        brought = set(sys.modules) - before
        self.answer["modules"] = len(brought)
        self.answer["heavy"] = sorted({name.split(".")[0] for name in brought} & HEAVY)
        yield
        if ORDER["is_opened"]:
            yield from self.open()

    def open(self) -> Iterator[None]:
        window = qgis.utils.iface.mainWindow()
        self.stalls.begin("dock")
        window.findChild(QAction, "CutoutAction").trigger()
        yield
        services = window.findChild(QDockWidget, "CutoutDock").findChild(QComboBox, "serviceCombo")
        shown = services.currentIndex()
        for index in (one for one in range(services.count()) if one != shown):
            self.stalls.begin(services.itemData(index))
            services.setCurrentIndex(index)
            yield

    def _go_on(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self.end("")
        except Exception:  # noqa: BLE001 - whatever went wrong is the answer of this run
            self.end(traceback.format_exc())

    def end(self, trouble: str) -> None:
        self._timer.stop()
        part = Path(ORDER["answer"] + ".part")
        part.write_text(
            json.dumps({**self.answer, "stalls": self.stalls.longest, "works": self.stalls.work, "trouble": trouble})
        )
        part.replace(ORDER["answer"])
        QgsProject.instance().setDirty(False)
        qgis.utils.iface.actionExit().trigger()


starter = Starter()
