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


def attach() -> PanelHandler:
    """Send the package's log to the panel until detach()."""
    handler = PanelHandler()
    logger = logging.getLogger(PACKAGE)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler


def detach(handler: PanelHandler) -> None:
    logging.getLogger(PACKAGE).removeHandler(handler)
