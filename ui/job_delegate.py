"""How a job looks in the list: title and age, state and what comes next, where, and what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable

from qgis.PyQt.QtCore import QModelIndex, QObject, QRect, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFontMetrics, QPainter, QPalette
from qgis.PyQt.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..core.line import Line
from ..core.model import JobState
from . import painting
from .figures import age_text
from .job_model import FRACTION, LINE, state_icon
from .job_text import next_text, place_text, state_text, trouble_text

BAR = 4  # height of the progress bar
MOST_LINES = 5  # of what is wrong: in a narrow dock what to do stands in the last
INDENT = painting.PAD + painting.ICON + painting.PAD
BLUE, GREEN, RED, ORANGE = QColor("#1f78b4"), QColor("#33a02c"), QColor("#d7301f"), QColor("#d97706")
COLOURS = {
    JobState.DONE: GREEN,
    JobState.FAILED: RED,
    JobState.UNCERTAIN: ORANGE,
    JobState.EXPIRED: ORANGE,
}


class JobDelegate(QStyledItemDelegate):
    def __init__(self, parent: QObject, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        job: Line = index.data(LINE)
        fraction: float | None = index.data(FRACTION)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.background(painter, option)
        rect = option.rect.adjusted(painting.PAD, painting.PAD, -painting.PAD, -painting.PAD)
        state_icon(job).paint(painter, QRect(rect.left(), rect.top(), painting.ICON, painting.ICON))
        rect.setLeft(option.rect.left() + INDENT)
        self._title(painter, option, rect, job)
        self._state(painter, option, rect, job, fraction)
        small = painting.smaller(option.font)
        painting.text_line(painter, rect, place_text(job), small, painting.ink(option, quiet=True))
        rect.setTop(rect.top() + QFontMetrics(small).height() + painting.GAP)
        for line in self._trouble(option, job):
            painting.text_line(painter, rect, line, small, painting.ink(option))
            rect.setTop(rect.top() + QFontMetrics(small).height())
        done = _progress(job, fraction)
        if done is not None:
            self._bar(painter, option, rect, done)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        job: Line = index.data(LINE)
        small = QFontMetrics(painting.smaller(option.font)).height()
        text = 2 * (QFontMetrics(option.font).height() + painting.GAP) + small + painting.GAP
        trouble = len(self._trouble(option, job)) * small
        bar = 0 if _progress(job, index.data(FRACTION)) is None else BAR + painting.GAP
        return QSize(120, 2 * painting.PAD + text + trouble + bar)

    def _title(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, job: Line) -> None:
        age = age_text(self._clock() - job.created)
        width = painting.text_line(
            painter, rect, age, painting.smaller(option.font), painting.ink(option, quiet=True), right=True
        )
        heavy = painting.bold(option.font)
        painting.text_line(
            painter, rect.adjusted(0, 0, -width - painting.PAD, 0), job.title, heavy, painting.ink(option)
        )
        rect.setTop(rect.top() + QFontMetrics(option.font).height() + painting.GAP)

    def _state(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, job: Line, fraction: float | None
    ) -> None:
        """The state in words and in colour, then what comes next."""
        width = painting.text_line(painter, rect, state_text(job), option.font, self._colour(option, job))
        coming = next_text(job, self._clock(), fraction)
        if coming:
            after = rect.adjusted(width, 0, 0, 0)
            painting.text_line(painter, after, f" · {coming}", option.font, painting.ink(option, quiet=True))
        rect.setTop(rect.top() + QFontMetrics(option.font).height() + painting.GAP)

    @staticmethod
    def _colour(option: QStyleOptionViewItem, job: Line) -> QColor:
        """Bright enough on a dark list; on a selected row the text's own colour."""
        if option.state & QStyle.StateFlag.State_Selected:
            return painting.ink(option)
        colour = ORANGE if job.paused else COLOURS.get(job.state, BLUE if job.state.is_open else None)
        if colour is None:
            return painting.ink(option, quiet=True)
        dark = option.palette.color(QPalette.ColorRole.Base).lightness() < 128
        return painting.mixed(colour, QColor(Qt.GlobalColor.white), 0.55) if dark else colour

    @staticmethod
    def _trouble(option: QStyleOptionViewItem, job: Line) -> tuple[str, ...]:
        view = option.widget
        width = (view.viewport().width() if view else option.rect.width()) - INDENT - painting.PAD
        return painting.wrapped(trouble_text(job), painting.smaller(option.font), width, MOST_LINES)

    @staticmethod
    def _bar(painter: QPainter, option: QStyleOptionViewItem, rect: QRect, fraction: float) -> None:
        groove = QRectF(rect.left(), rect.top() + 1, rect.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        ink = painting.ink(option)
        painter.setBrush(QColor(ink.red(), ink.green(), ink.blue(), 40))
        painter.drawRoundedRect(groove, BAR / 2, BAR / 2)
        groove.setWidth(max(BAR, groove.width() * min(1.0, fraction)))
        painter.setBrush(ink if option.state & QStyle.StateFlag.State_Selected else BLUE)
        painter.drawRoundedRect(groove, BAR / 2, BAR / 2)


def _progress(job: Line, fraction: float | None) -> float | None:
    """What the bar shows: the download, else what the service says; None without a bar."""
    if not job.state.is_open:
        return None
    return fraction if fraction is not None else job.progress if job.state is JobState.RUNNING else None
