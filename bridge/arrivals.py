"""From files that have come to layers in the project: looked through in a task, opened piece by piece."""

from __future__ import annotations

from collections import deque
from functools import partial

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from ..core.errors import ExportError
from ..core.model import Job
from .jobs import Jobs
from .layers import Loaded, Loader, of_the_moment
from .source import Arrival
from .steps import surveyed
from .tasks import Task, in_background

translate = QCoreApplication.translate


class Arrivals(QObject):
    """Loads each job that arrives, and says in one sentence what became of it.

    One job is looked through at a time: joining tiles takes a processor, and the window and the map need one too.
    """

    said = pyqtSignal(str, int)  # sentence, Qgis.MessageLevel

    def __init__(self, jobs: Jobs, project: QgsProject) -> None:
        super().__init__(jobs)
        self._jobs, self._project = jobs, project
        self._loader = Loader(self)
        self._waiting: deque[Job] = deque()
        self._task: Task | None = None
        self._keys: set[str] = set()  # of jobs that are on their way
        jobs.arrived.connect(self.load)

    def stop(self) -> None:
        self._waiting.clear()
        if self._task is not None:
            self._task.abandon()
        self._loader.stop()

    def load(self, job: Job) -> None:
        """Look through the job's folder and open what is there; once at a time for one job."""
        if job.key not in self._keys:
            self._keys.add(job.key)
            self._waiting.append(job)
            self._next()

    def _next(self) -> None:
        if self._task is None and self._waiting:
            job = self._waiting.popleft()
            title = translate("Arrivals", "Look through {title}").format(title=job.title)
            ends = partial(self._surveyed, job), partial(self._failed, job)
            self._task = in_background(title, partial(surveyed, job), *ends, stopped=partial(self._left, job))

    def _surveyed(self, job: Job, arrival: Arrival) -> None:
        self._task = None
        self._next()
        self._loader.load(job, arrival, self._project, partial(self._loaded, job, arrival))

    def _loaded(self, job: Job, arrival: Arrival, loaded: Loaded) -> None:
        self._keys.discard(job.key)
        over = of_the_moment(job, arrival)
        problems = tuple(dict.fromkeys((*(one for one in job.problems if one not in over), *loaded.problems)))
        self._jobs.note(job.key, arrival.uris, problems)
        count = len(loaded.layers) + len(loaded.present)
        text = translate("Arrivals", "“{title}” has arrived: %n layer(s).", "", count)
        level = Qgis.MessageLevel.Success
        if problems:
            level = Qgis.MessageLevel.Warning
            text = f"{text} {problems[0]}"
        # In a turn of its own: the layers have just taken one.
        QTimer.singleShot(0, partial(self.said.emit, text.format(title=job.title), int(level)))

    def _left(self, job: Job) -> None:
        """The person has stopped it, in QGIS's task panel."""
        self._task = None
        self._keys.discard(job.key)
        self._next()

    def _failed(self, job: Job, error: ExportError) -> None:
        self._left(job)
        self.said.emit(str(error), int(Qgis.MessageLevel.Warning))
