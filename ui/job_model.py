"""The jobs as a list model, newest first.

Roles: DisplayRole one readable line with the state in words, ToolTipRole all of it, UserRole the Job,
FRACTION how far its running download is (0 to 1, or None).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QIcon

from ..bridge.jobs import Jobs
from ..core.model import Job, JobState
from .job_text import place_text, readable
from .notice import tip

FRACTION = Qt.ItemDataRole.UserRole + 1
NO_PARENT = QModelIndex()
ICONS = {
    JobState.NEW: "/mTaskQueued.svg",
    JobState.SUBMITTING: "/mTaskRunning.svg",
    JobState.QUEUED: "/mTaskQueued.svg",
    JobState.RUNNING: "/mTaskRunning.svg",
    JobState.READY: "/mTaskRunning.svg",
    JobState.DONE: "/mIconSuccess.svg",
    JobState.FAILED: "/mIconDelete.svg",
    JobState.CANCELLED: "/mActionStop.svg",
    JobState.EXPIRED: "/mIconWarning.svg",
    JobState.UNCERTAIN: "/mIconWarning.svg",
}


def state_icon(job: Job) -> QIcon:
    return QgsApplication.getThemeIcon("/mTaskOnHold.svg" if job.paused else ICONS[job.state])


class JobModel(QAbstractListModel):
    """Follows Jobs: a job that moved on changes its row in place, so selection and scrolling stay."""

    def __init__(self, jobs: Jobs, parent: QObject, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._source, self._clock = jobs, clock
        self._jobs: list[Job] = sorted(jobs.all(), key=lambda job: -job.created)
        jobs.changed.connect(self._changed)
        jobs.removed.connect(self._removed)

    def shutdown(self) -> None:
        self._source.changed.disconnect(self._changed)
        self._source.removed.disconnect(self._removed)

    def row_of(self, key: str) -> int:
        """-1 when there is none."""
        return next((row for row, job in enumerate(self._jobs) if job.key == key), -1)

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._jobs)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        job = self._jobs[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return job
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return readable(job, self._clock(), self._source.fraction(job.key))
        if role == Qt.ItemDataRole.DecorationRole:
            return state_icon(job)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{readable(job, self._clock(), self._source.fraction(job.key))}\n{place_text(job)}")
        if role == FRACTION:
            return self._source.fraction(job.key)
        return None

    def _changed(self, job: Job) -> None:
        row = self.row_of(job.key)
        if row >= 0:
            self._jobs[row] = job
            self.dataChanged.emit(self.index(row), self.index(row))
            return
        row = next((row for row, other in enumerate(self._jobs) if other.created <= job.created), len(self._jobs))
        self.beginInsertRows(QModelIndex(), row, row)
        self._jobs.insert(row, job)
        self.endInsertRows()

    def _removed(self, key: str) -> None:
        row = self.row_of(key)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._jobs[row]
            self.endRemoveRows()
