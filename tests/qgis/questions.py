"""Answering the questions that the dock asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QMessageBox, QPushButton


def when_asked(press: str, meanwhile: Callable[[QMessageBox], object] = lambda box: None) -> list[str]:
    """Presses that button of the next question; the list then holds what it asked. meanwhile: done before that."""
    asked: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, answer)
            return
        asked.append(box.text())
        try:
            meanwhile(box)
        finally:  # or it is open for ever
            next(one for one in box.findChildren(QPushButton) if one.text() == press).click()

    QTimer.singleShot(0, answer)
    return asked


@contextmanager
def nobody_asked(besides: QMessageBox | None = None) -> Iterator[None]:
    """No question is asked in the block, but for one that is open already; any other is gone back from."""
    asked: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox) and box is not besides:
            asked.append(box.text())
            box.reject()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(10)
    yield
    timer.stop()
    assert asked == []
