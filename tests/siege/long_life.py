"""Runs inside QGIS (--code): the dock of a profile with a long list of jobs is opened, and left alone for a while."""

import resource
import time
from pathlib import Path

import qgis.utils
from qgis.PyQt.QtCore import QEvent, QObject
from qgis.PyQt.QtWidgets import QListView

from cutout.tests.desktop.person import ORDER, Person, click, for_seconds, sign_in, toolbar_button, until


class FirstPaint(QObject):
    """When something is painted for the first time after the rows are there."""

    def __init__(self, view):
        super().__init__()
        self.at, self._view = None, view
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.at is None:
            self.at = time.perf_counter()
        return False


def memory():
    """Megabytes of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Watcher(Person):
    figures = {}

    def story(self):
        figures, plugin = self.figures, qgis.utils.plugins["cutout"]
        yield for_seconds(3, "QGIS has settled")
        sign_in()
        figures["memory_before"] = memory()
        self.stalls.phase = "open"
        began = time.perf_counter()
        click(toolbar_button(self.window, "CutoutAction"))
        view = plugin.dock.findChild(QListView, "jobList")
        paint = FirstPaint(view)
        yield until(lambda: paint.at is not None, "the list is painted")
        figures["open_ms"] = 1000 * (paint.at - began)
        figures["rows"] = view.model().rowCount()
        yield for_seconds(2, "the dock has settled")
        self.stalls.phase = "poll"
        yield for_seconds(ORDER["seconds"], "the jobs are asked for")
        self.stalls.phase = "scroll"
        for _ in range(ORDER["pages"]):
            view.scrollToBottom()
            yield for_seconds(0.1, "the next page")
        figures["rows_scrolled"] = view.model().rowCount()
        self.stalls.phase = "rest"
        used, since = processor(), time.perf_counter()
        yield for_seconds(ORDER["rest"], "nothing happens")
        figures["cpu_at_rest"] = 100 * (processor() - used) / (time.perf_counter() - since)
        figures["memory"] = memory()
        store = plugin.jobs._store
        figures["looked_at"] = sum(job.updated > ORDER["began"] for job in map(store.get, ORDER["open"]) if job)

    def seen(self):
        return {"figures": {name: round(value, 1) for name, value in self.figures.items()}}


watcher = Watcher()
