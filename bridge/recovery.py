"""After the list of jobs was damaged: the person is told, and finished jobs are found again where their files are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from ..core.store import Store
from .steps import rebuilt
from .tasks import Task, in_background

translate = QCoreApplication.translate


class Recovery:
    """say: gets a sentence and a Qgis.MessageLevel. found: is called when jobs have been added to the list."""

    def __init__(
        self, store: Store, downloads: Callable[[], Path], say: Callable[[str, int], None], found: Callable[[], None]
    ) -> None:
        self._store, self._downloads, self._say, self._found = store, downloads, say, found
        self._task: Task | None = None

    def begin(self) -> None:
        """Where there is a repair that has yet to be ended, and nobody here is at it."""
        notice = self._store.repaired()
        if notice and self._task is None:
            self._say(notice, int(Qgis.MessageLevel.Critical))
            folder = self._downloads()
            title = translate("Jobs", "Look for finished orders in {folder}").format(folder=folder)
            work = partial(rebuilt, folder, self._store)
            self._task = in_background(title, work, partial(self._rebuilt, folder), self._failed)

    def stop(self) -> None:
        if self._task is not None:
            self._task.abandon()

    def _rebuilt(self, folder: Path, count: int) -> None:
        self._task = None
        self._found()
        text = translate("Jobs", "%n finished order(s) were found again in {folder}.", "", count)
        self._say(text.format(folder=folder), int(Qgis.MessageLevel.Info))

    def _failed(self, error: ExportError) -> None:
        self._task = None
        self._say(str(error), int(Qgis.MessageLevel.Warning))
