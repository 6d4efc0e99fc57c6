"""What the package logs, into QGIS's log panel under the tab Cutout, without secrets."""

from __future__ import annotations

import logging

from qgis.core import Qgis, QgsApplication

from ..core.words import redacted

TAG = "Cutout"
PACKAGE = __name__.split(".")[0]
LEVELS = {
    logging.INFO: Qgis.MessageLevel.Info,
    logging.WARNING: Qgis.MessageLevel.Warning,
    logging.ERROR: Qgis.MessageLevel.Critical,
}


class PanelHandler(logging.Handler):
    """Records of any thread; the log panel's signal brings them to the main thread."""

    def emit(self, record: logging.LogRecord) -> None:
        level = LEVELS.get(record.levelno, Qgis.MessageLevel.Info)
        QgsApplication.messageLog().logMessage(redacted(self.format(record)), TAG, level, False)


class BugHandler(logging.StreamHandler):
    """Without a window, in qgis_process: bugs to the standard error, from where they get into cron's mail."""

    def __init__(self) -> None:
        super().__init__()
        self.setLevel(logging.ERROR)

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def attach(has_panel: bool = True) -> logging.Handler:
    """Send the package's log to the panel until detach()."""
    handler = PanelHandler() if has_panel else BugHandler()
    logger = logging.getLogger(PACKAGE)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler


def detach(handler: logging.Handler) -> None:
    logging.getLogger(PACKAGE).removeHandler(handler)
