"""Runs inside QGIS (--code): how late its event loop is, and how long a map takes, with Cutout idle and at work."""

import json
import sqlite3
import sys
import threading
import time
import traceback
import urllib.request
from pathlib import Path

import qgis.utils
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, QSize, Qt, QTimer

from cutout.bridge.folders import store_path
from cutout.bridge.groups import JOB, SOURCE
from cutout.tests.desktop.person import ORDER, Person, click, for_seconds, sign_in, toolbar_button, until

BEAT = 10  # milliseconds
LATE = 8.0  # milliseconds of a beat that the witness looks into
SIZE = QSize(1600, 800)  # pixels of the map whose drawing is timed


class Beats(QObject):
    """By phase, for each beat of a timer, in milliseconds: how late it came (what a click would have waited for), how
    much of that this thread waited for a processor, and how long it worked."""

    def __init__(self):
        super().__init__()
        self.seen, self.phase = {}, "start"
        self._file = open("/proc/thread-self/schedstat")  # noqa: SIM115 - as long as QGIS
        self.last, self._queued, self._used = self._now()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT)

    def _now(self):
        self._file.seek(0)
        return 1000 * time.perf_counter(), int(self._file.read().split()[1]) / 1e6, 1000 * time.thread_time()

    def _beat(self):
        now, queued, used = self._now()
        beat = (now - self.last - BEAT, queued - self._queued, used - self._used)
        self.seen.setdefault(self.phase, []).append([round(value, 2) for value in beat])
        self.last, self._queued, self._used = now, queued, used


class Witness(threading.Thread):
    """Writes what the main thread is at, and the last calls of all others, whenever a beat is late. It costs some time,
    so it is there only when a file is named for it."""

    def __init__(self, beats, path):
        super().__init__(daemon=True)
        self._beats, self._path, self._main = beats, path, threading.main_thread().ident

    def run(self):
        with open(self._path, "w") as file:
            while True:
                time.sleep(0.004)
                late = 1000 * time.perf_counter() - self._beats.last - BEAT
                if late > LATE:
                    frames = sys._current_frames()
                    lines = [f"== {self._beats.phase} {late:.0f} ms", *calls(frames.pop(self._main, None))]
                    lines += [" | ".join(["  --", *calls(frame)[-2:]]) for frame in frames.values()]
                    del frames  # what they hold, as an open file, is held as long
                    print(*lines, sep="\n", file=file, flush=True)


def calls(frame):
    stack = traceback.extract_stack(frame) if frame else []
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in stack]


class Window(Person):
    """Idle; then jobs polled, files fetched, layers added; then the same layers added by QGIS alone; then maps."""

    def __init__(self):
        super().__init__()
        self.beats, self.drawn, self.counts, self.loaded = Beats(), {}, {}, []
        if ORDER["witness"]:
            Witness(self.beats, ORDER["witness"]).start()

    def story(self):
        self.window.setGeometry(0, 0, 1500, 950)
        sign_in()
        yield for_seconds(2, "QGIS has settled")
        click(toolbar_button(self.window, "CutoutAction"))
        QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        qgis.utils.iface.mapCanvas().setExtent(QgsRectangle(*ORDER["extent"]))  # what the dock takes for the area
        yield for_seconds(4, "the dock has settled")
        arrivals = qgis.utils.plugins["cutout"].arrivals
        arrivals.said.connect(lambda text, level: self.loaded.append(text))
        self.beats.phase = "idle"
        yield for_seconds(ORDER["idle"], "nothing happens")
        self.beats.phase = "between"
        yield from release([*ORDER["arriving"], *ORDER["polled"]], ORDER["line"])
        self.beats.phase = "busy"
        yield until(lambda: len(self.loaded) == len(ORDER["arriving"]), "all layers")
        yield for_seconds(0.5, "they are drawn")
        self.beats.phase = "between"
        self.count()
        yield from self.bare()
        yield from self.drawing()

    def count(self):
        found = [jobs().get(key) for key in [*ORDER["arriving"], *ORDER["polled"]]]
        self.counts = {
            "layers": len(ours()),
            "files": sum(job.count for job in found),
            "polled": sum(job.state.is_at_service and job.updated > ORDER["began"] for job in found),
            "problems": [problem for job in found for problem in job.problems],
        }

    def bare(self):
        """The same layers, as many at once, added by QGIS alone."""
        lots = {}
        for layer in ours():
            lots.setdefault(layer.customProperty(JOB), []).append((type(layer), layer.source(), layer.providerType()))
        project = QgsProject.instance()
        project.removeAllMapLayers()
        project.layerTreeRoot().removeAllChildren()
        for lot in lots.values():
            yield for_seconds(0.5, "the last ones are drawn")
            self.beats.phase = "between"
            layers = [kind(source, Path(source).name, provider) for kind, source, provider in lot]
            yield for_seconds(0.2, "the next ones are open")
            self.beats.phase = "bare"
            group = project.layerTreeRoot().insertGroup(0, "bare")
            project.addMapLayers(layers, False)
            for layer in layers:
                group.addLayer(layer)
        yield for_seconds(0.5, "the last ones are drawn")
        self.beats.phase = "between"

    def drawing(self):
        """One map drawn over and over, in turns with nothing else to do, and while jobs are polled and files fetched.

        It is drawn by one thread, so that there is a processor for the rest.
        """
        settings, layer = world()
        for slow in ORDER["slow"]:
            yield from self.draw(settings, "warm", 2)
            yield from self.draw(settings, "idle", ORDER["draws"])
            yield from release([slow, *ORDER["polled"]], ORDER["slow_line"])
            yield until(lambda key=slow: jobs().fraction(key), "a download that goes on")
            yield from self.draw(settings, "busy", ORDER["draws"])
            if jobs().fraction(slow) is None:
                raise RuntimeError("the download has ended before the last map was drawn")
            jobs().cancel(slow)
            yield until(lambda: not QgsApplication.taskManager().activeTasks(), "it has stopped")
        del layer

    def draw(self, settings, phase, times):
        for _ in range(times):
            job, ended = QgsMapRendererParallelJob(settings), []
            began = time.perf_counter()
            job.finished.connect(lambda: ended.append(time.perf_counter()))  # noqa: B023 - it ends before the next
            job.start()
            yield until(lambda: bool(ended), "the map")  # noqa: B023
            self.drawn.setdefault(phase, []).append(1000 * (ended[0] - began))

    def seen(self):
        return {"beats": self.beats.seen, "drawn": self.drawn, "counts": self.counts}


def jobs():
    return qgis.utils.plugins["cutout"].jobs


def ours():
    return [layer for layer in QgsProject.instance().mapLayers().values() if layer.customProperty(SOURCE)]


def release(keys, rate):
    """These jobs are due from now on, as by the passing of time, and the storage sends so many bytes a second."""
    thread = threading.Thread(target=_release, args=(keys, rate))
    thread.start()
    yield until(lambda: not thread.is_alive(), "the jobs are due")


def _release(keys, rate):
    address = f"{ORDER['control']}/_standin/settings/storage"
    body, kind = json.dumps({"rate": rate}).encode(), {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(address, body, kind), timeout=10).close()
    connection = sqlite3.connect(store_path())
    with connection:
        connection.executemany("UPDATE jobs SET due = ? WHERE key = ?", [(time.time(), key) for key in keys])
    connection.close()


def world():
    """A map that takes a good part of a second, of what QGIS brings."""
    path = Path(QgsApplication.pkgDataPath()) / "resources" / "data" / "world_map.gpkg"
    settings, layer = QgsMapSettings(), QgsVectorLayer(f"{path}|layername=countries", "Countries", "ogr")
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(-2e7, -1e7, 2e7, 1.2e7))
    settings.setOutputSize(SIZE)
    return settings, layer


window = Window()
