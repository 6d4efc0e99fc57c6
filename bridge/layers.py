"""Files that arrived become layers, in one group for each job, while the window stays alive.

Layers are made one in a turn of the event loop; where the whole file has to be read for that, in a task. When all are
made they join the project, again one in a turn, and at last they are shown together: one change of the layer panel and
of the map, which costs about as much for one layer as for five.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsMeshLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer

from ..core.errors import ExportError
from ..core.model import Job
from ..core.words import plain
from .extrusion import extrude
from .groups import add, job_layers, show
from .provenance import provenance
from .scenes import dress
from .source import Arrival, Kind, Source
from .tasks import Progress, Task, in_background

try:
    from qgis.core import QgsTiledSceneLayer
except ImportError:  # before QGIS 3.34, where the survey finds no scene
    QgsTiledSceneLayer = None

__all__ = ["Arrival", "Kind", "Loaded", "Loader", "Source", "open_layer", "provenance"]

_CLASSES = {"ogr": QgsVectorLayer, "gdal": QgsRasterLayer, "mdal": QgsMeshLayer, "cesiumtiles": QgsTiledSceneLayer}


@dataclass(frozen=True)
class Loaded:
    """What became of it. layers: ids of the layers that are new, names: theirs; present: ids of those already there.

    problems: what is not on the map and why, a sentence each.
    """

    layers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def open_layer(source: Source) -> QgsMapLayer:
    """The layer, valid or not. No style is taken from files that came along, and no dialog asks for a CRS."""
    kind = _CLASSES[source.provider]
    options = kind.LayerOptions()
    options.loadDefaultStyle = False
    options.skipCrsValidation = True
    layer = kind(source.shown, plain(source.name), source.provider, options)  # its properties show the name as HTML
    if source.crs is not None:
        layer.setCrs(QgsCoordinateReferenceSystem(source.crs))
    if source.solid and layer.isValid():
        extrude(layer)
    if source.kind is Kind.SCENE and layer.isValid():
        dress(layer)
    return layer


def unopened(source: Source, why: str) -> str:
    """The sentence about a source that did not become a layer. why: what QGIS says, "" if it says nothing."""
    return QCoreApplication.translate("Layers", "“{name}” could not be opened: {reason}.").format(
        name=source.name,
        reason=why.strip().rstrip(".") or QCoreApplication.translate("Layers", "QGIS gives no reason"),
    )


def of_the_moment(job: Job, arrival: Arrival) -> set[str]:
    """What an earlier load of the job may have said and another need not: the project was closed, it was stopped."""
    return {_closed(job), *(unopened(source, _stopped()) for source in arrival.sources)}


def _stopped() -> str:
    return QCoreApplication.translate("Layers", "it was stopped")


def _closed(job: Job) -> str:
    return QCoreApplication.translate(
        "Layers", "The project was closed before the layers of “{title}” were in it. Load the job again."
    ).format(title=job.title)


def reason(layer: QgsMapLayer) -> str:
    """Why a layer is not valid, as far as QGIS says."""
    error = layer.error()
    return "" if error.isEmpty() else error.summary()  # the summary of none is a crash on 3.22


class Loader(QObject):
    """Loads what jobs brought, one job after the other. Belongs to the main thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loads: deque[_Load] = deque()
        self._task: Task[QgsMapLayer] | None = None
        self._is_opening = False  # the task is at work; it may end before we hold it
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._next)

    def load(self, job: Job, arrival: Arrival, project: QgsProject, done: Callable[[Loaded], None]) -> None:
        """Adds what the project does not have yet of a job. done is called later, once, unless stop comes before."""
        self._loads.append(_Load(job, arrival, project, done, self))
        self._turn.start(0)

    def stop(self) -> None:
        """Nothing more happens; layers that have not joined a project are gone."""
        self._turn.stop()
        while self._loads:
            self._loads.popleft().drop()
        if self._is_opening and self._task is not None:
            self._task.abandon()
        self._is_opening = False

    def _next(self) -> None:
        if self._is_opening or not self._loads:
            return
        load = self._loads[0]
        source = load.next_source()
        if source is not None and source.slow:
            title = QCoreApplication.translate("Layers", "Open {name}").format(name=source.name)
            opened, failed = partial(self._opened, load, source), partial(self._failed, load, source)
            stopped = partial(failed, ExportError(_stopped()))
            self._is_opening = True
            self._task = in_background(
                title, partial(_open_aside, source), opened, failed, visible=True, stopped=stopped
            )
            return
        if source is not None:
            load.keep(source, open_layer(source))
        elif not load.add_next():
            self._loads.popleft()
            load.finish()
        self._turn.start(0)

    def _opened(self, load: _Load, source: Source, layer: QgsMapLayer) -> None:
        load.keep(source, layer)
        self._go_on()

    def _failed(self, load: _Load, source: Source, error: ExportError) -> None:
        load.fail(source, str(error))
        self._go_on()

    def _go_on(self) -> None:
        if not sip.isdeleted(self):
            self._is_opening = False
            self._turn.start(0)


class _Load(QObject):
    """One job on its way into one project."""

    def __init__(
        self, job: Job, arrival: Arrival, project: QgsProject, done: Callable[[Loaded], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._job, self._arrival, self._project, self._done = job, arrival, project, done
        self._waiting: deque[Source] | None = None
        self._layers: dict[Source, QgsMapLayer] = {}  # not in the project yet
        self._added: dict[Source, QgsMapLayer] = {}
        self._problems = list(arrival.problems)
        self._closed = False
        project.cleared.connect(self._close)

    def next_source(self) -> Source | None:
        """What is to be opened next. What the project has is looked up when the job's turn has come."""
        if self._is_closed():
            return None
        if self._waiting is None:
            there = job_layers(self._project, self._job)
            self._waiting = deque(source for source in self._arrival.sources if source.shown not in there)
        return self._waiting.popleft() if self._waiting else None

    def keep(self, source: Source, layer: QgsMapLayer) -> None:
        if layer.isValid():
            self._layers[source] = layer
        else:
            self.fail(source, reason(layer))

    def fail(self, source: Source, why: str) -> None:
        self._problems.append(unopened(source, why))

    def add_next(self) -> bool:
        """One more layer into the project, which shows it later. False when there is none left."""
        if self._is_closed() or not self._layers:
            return False
        source = next(iter(self._layers))
        layer = self._layers.pop(source)
        if add(self._project, self._job, self._arrival, source, layer):
            self._added[source] = layer
        return True

    def finish(self) -> None:
        """Everything into the layer panel and the map, and the news to whoever asked."""
        present: tuple[str, ...] = ()
        if self._is_closed():
            self._forget()
            self._problems.append(_closed(self._job))
        else:
            show(self._project, self._job, self._arrival, self._added)
            there = job_layers(self._project, self._job)
            kept = (source.shown for source in self._arrival.sources if source not in self._added)
            present = tuple(there[shown] for shown in kept if shown in there)
        ids = tuple(layer.id() for layer in self._added.values())
        names = tuple(layer.name() for layer in self._added.values())
        self.deleteLater()
        self._done(Loaded(ids, names, present, tuple(self._problems)))

    def drop(self) -> None:
        """Layers that are nowhere shown don't stay in the project."""
        if not self._is_closed():
            self._project.removeMapLayers([layer.id() for layer in self._added.values()])
        self._forget()
        self.deleteLater()

    def _forget(self) -> None:
        """On QGIS 3.22 a layer that outlives the program's end breaks it."""
        self._layers.clear()
        self._added.clear()

    def _close(self) -> None:
        self._closed = True

    def _is_closed(self) -> bool:
        return self._closed or sip.isdeleted(self._project)


def _open_aside(source: Source, progress: Progress) -> QgsMapLayer:
    """In a task: a 70 MB KML took 4 s. The extent is asked here too, since QGIS reads the file again for it."""
    progress()
    layer = open_layer(source)
    layer.extent()
    layer.moveToThread(QCoreApplication.instance().thread())
    return layer
