"""Runs inside QGIS (--code): tiles become a drawn map, by Cutout and by adding them one by one, in turns."""

import time
from functools import partial
from pathlib import Path

import qgis.utils
from qgis.core import QgsProject

from cutout.bridge.layers import Loader
from cutout.bridge.steps import surveyed
from cutout.bridge.tasks import in_background
from cutout.core.model import ExportRequest, Job, JobState
from cutout.tests.desktop.person import ORDER, Person, for_seconds, until

MADE = ("*.gpkg*", "*.vrt*", "*/**/*.aux.xml", "cutout.json")


class Drawing(Person):
    """Times each run from files on the disk to a map on which all of them are drawn."""

    def __init__(self):
        super().__init__()
        self.runs = []
        self._iface = qgis.utils.iface
        self._loader = Loader(self.window)
        self._iface.mapCanvas().mapCanvasRefreshed.connect(self._see)

    def story(self):
        yield for_seconds(2, "QGIS has settled")
        end = time.monotonic() + ORDER["enough"]
        for run in ORDER["runs"]:
            if run["again"] and time.monotonic() > end:
                continue
            self._expected = self._seconds = None
            self._told = {"kind": run["kind"], "way": run["way"], "tiles": len(run["files"])}
            self._began, used = time.perf_counter(), time.process_time()
            if run["way"] == "Cutout":
                self._cutout(run)
            else:
                self._one_by_one(run)
            yield until(lambda: self._seconds is not None, f"the map of {self._told}")
            layers = list(QgsProject.instance().mapLayers().values())
            used = time.process_time() - used
            self.runs.append({**self._told, "seconds": self._seconds, "processor": used, "layers": len(layers)})
            if run["way"] == "Cutout":
                self.runs[-1]["streets"] = streets(layers)
            layers.clear()  # a layer that outlives its project breaks QGIS 3.22
            QgsProject.instance().clear()
            for path in (path for made in MADE for path in Path(run["folder"]).glob(made)):
                path.unlink()
            yield for_seconds(0.3, "the project is empty")

    def _one_by_one(self, run):
        """As a person's script would. It may take minutes, so it stops at the limit."""
        add, provider = {
            "shp": (self._iface.addVectorLayer, "ogr"),
            "tif": (self._iface.addRasterLayer, "gdal"),
        }[run["kind"]]
        added, used = [], time.process_time()
        self._told["added"] = added  # the processor's time after each
        for number, path in enumerate(run["files"], 1):
            add(path, f"tile {number}", provider)
            added.append(time.process_time() - used)
            if self._since_began() > ORDER["limit"]:
                self._seconds = self._since_began()
                return
        self._draw(len(run["files"]))

    def _cutout(self, run):
        """As bridge/arrivals.py does when a job's files are there."""
        request = ExportRequest("brightearth", "https://api.example.org", {}, title=run["kind"])
        job = Job("0a1b2c3d", request, state=JobState.DONE, folder=run["folder"], created=1.0, finished=2.0)
        self._task = in_background("Look through", partial(surveyed, job), partial(self._surveyed, job), self._fail)

    def _surveyed(self, job, arrival):
        self._told["surveyed"] = self._since_began()
        self._loader.load(job, arrival, QgsProject.instance(), self._loaded)

    def _loaded(self, loaded):
        if loaded.problems:
            self._fail(loaded.problems)
        self._draw(len(loaded.layers))

    def _fail(self, error):
        raise RuntimeError(error)

    def _draw(self, layers):
        self._expected = layers

    def _see(self):
        canvas = self._iface.mapCanvas()
        if self._seconds is not None or self._expected != len(canvas.mapSettings().layers()):
            return
        if not canvas.extent().contains(canvas.fullExtent()):  # QGIS does so by itself in a project without layers
            canvas.zoomToFullExtent()
        else:
            self._seconds = self._since_began()

    def _since_began(self):
        return time.perf_counter() - self._began

    def seen(self):
        return {"runs": self.runs}


def streets(layers):
    """The names in the features, each once."""
    vectors = [layer for layer in layers if hasattr(layer, "uniqueValues")]
    return sorted({name for layer in vectors for name in layer.uniqueValues(layer.fields().indexOf("street"))})


drawing = Drawing()
