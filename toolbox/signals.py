"""Ctrl+C and `kill` end a run of qgis_process like the Cancel button does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsApplication, QgsProcessingFeedback

from ..bridge.threads import is_main_thread

STOPPING = (signal.SIGINT, signal.SIGTERM)
NOT_OURS = (signal.SIG_IGN, None)  # as a shell sets it for what runs in the background; None: not set by Python


@contextmanager
def cancelled_by_signals(feedback: QgsProcessingFeedback) -> Iterator[None]:
    """Only in qgis_process: elsewhere signals are not ours. A second one ends the process at once."""
    if QgsApplication.platform() != "qgis_process" or not is_main_thread():
        yield
        return
    found = {number: signal.getsignal(number) for number in STOPPING}
    before = {number: handler for number, handler in found.items() if handler not in NOT_OURS}

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
