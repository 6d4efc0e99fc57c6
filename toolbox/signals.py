"""Ctrl+C and `kill` end a run of qgis_process like the Cancel button does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsApplication, QgsProcessingFeedback

from ..bridge.threads import is_main_thread


@contextmanager
def cancelled_by_signals(feedback: QgsProcessingFeedback) -> Iterator[None]:
    """Only in qgis_process: elsewhere signals are not ours. A second one ends the process at once."""
    if QgsApplication.platform() != "qgis_process" or not is_main_thread():
        yield
        return
    import signal

    found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    # A shell has what runs in the background ignore them; None: not set by Python.
    before = {number: handler for number, handler in found.items() if handler not in (signal.SIG_IGN, None)}

    def stop(number: int, frame: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        feedback.cancel()

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
