"""The jobs as a list model, newest first; older ones come when the list is scrolled to them.

Roles: DisplayRole one readable line with the state in words, ToolTipRole all of it, UserRole the Job as it is stored,
LINE what is shown of it, FRACTION how far its running download is (0 to 1, or None).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QAbstractListModel, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QIcon

from ..bridge.jobs import Jobs
from ..core.line import Line
from ..core.model import Job, JobState
from .job_text import place_text, readable
from .notice import tip

FRACTION = Qt.ItemDataRole.UserRole + 1
LINE = Qt.ItemDataRole.UserRole + 2
NO_PARENT = QModelIndex()
PAGE = 200  # a view asks of each row how high it is, over and over
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


def state_icon(job: Job | Line) -> QIcon:
    return QgsApplication.getThemeIcon("/mTaskOnHold.svg" if job.paused else ICONS[job.state])


class JobModel(QAbstractListModel):
    """Follows Jobs: a job that moved on changes its row in place, so selection and scrolling stay."""

    def __init__(self, jobs: Jobs, parent: QObject, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._source, self._clock = jobs, clock
        self._begin()
        self._links = (
            (jobs.changed, self._changed),
            (jobs.progressed, self._progressed),
            (jobs.removed, self._removed),
            (jobs.renewed, self._renewed),
        )
        for signal, slot in self._links:
            signal.connect(slot)

    def shutdown(self) -> None:
        for signal, slot in self._links:
            signal.disconnect(slot)

    def row_of(self, key: str) -> int:
        """-1 when there is none, or it is not shown yet."""
        return self._rows.get(key, -1)

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def canFetchMore(self, parent: QModelIndex) -> bool:
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: QModelIndex) -> None:
        oldest = min(self._lines, key=lambda line: line.place, default=None)
        older = self._source.listing(oldest.place, PAGE) if oldest else self._source.listing(most=PAGE)
        self._has_more = len(older) == PAGE
        if older:
            self._insert(len(self._lines), older)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        if role == LINE:
            return line
        if role == FRACTION:
            return self._source.fraction(line.key)
        if role == Qt.ItemDataRole.UserRole:
            return self._source.get(line.key)
        if role == Qt.ItemDataRole.DecorationRole:
            return state_icon(line)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            text = readable(line, self._clock(), self._source.fraction(line.key))
            return tip(f"{text}\n{place_text(line)}") if role == Qt.ItemDataRole.ToolTipRole else text
        return None

    def _begin(self) -> None:
        self._lines = self._source.listing(most=PAGE)
        self._has_more = len(self._lines) == PAGE
        self._number()

    def _number(self) -> None:
        self._rows = {line.key: row for row, line in enumerate(self._lines)}

    def _insert(self, row: int, lines: Sequence[Line]) -> None:
        self.beginInsertRows(QModelIndex(), row, row + len(lines) - 1)
        self._lines[row:row] = lines
        self._number()
        self.endInsertRows()

    def _changed(self, line: Line) -> None:
        row = self.row_of(line.key)
        if row >= 0:
            self._lines[row] = line
            self.dataChanged.emit(self.index(row), self.index(row))
            return
        row = next((row for row, other in enumerate(self._lines) if other.place <= line.place), len(self._lines))
        if row < len(self._lines) or not self._has_more:
            self._insert(row, [line])

    def _progressed(self, key: str) -> None:
        row = self.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _removed(self, key: str) -> None:
        row = self.row_of(key)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._lines[row]
            self._number()
            self.endRemoveRows()

    def _renewed(self) -> None:
        self.beginResetModel()
        self._begin()
        self.endResetModel()
