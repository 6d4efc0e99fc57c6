"""What the package logs, into QGIS's log panel under the tab Cutout, without secrets and without markup."""

from __future__ import annotations

import logging
import re
from collections import deque
from time import gmtime

from qgis.core import Qgis, QgsApplication

from ..core.hidden import Signatures
from ..core.words import inert, redacted

TAG = "Cutout"
PACKAGE = __name__.split(".")[0]
LEVELS = {
    logging.INFO: Qgis.MessageLevel.Info,
    logging.WARNING: Qgis.MessageLevel.Warning,
    logging.ERROR: Qgis.MessageLevel.Critical,
}
LONGEST = 10_000  # characters of a record; the panel keeps them all, and lays each out anew
KEPT = 100  # records that a report may tell of
SIGNATURES = Signatures()
_JOB = r"(?i)\bjob ([0-9a-f]{8})\b"


class PanelHandler(logging.Handler):
    """Records of any thread; the log panel's signal brings them to the main thread. kept: the last ones, with time."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: deque[str] = deque(maxlen=KEPT)
        self._clock = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S UTC")
        self._clock.converter = gmtime

    def emit(self, record: logging.LogRecord) -> None:
        level = LEVELS.get(record.levelno, Qgis.MessageLevel.Info)
        # Before 3.44 the panel shows HTML, later it does not.
        text = inert(redacted(self.format(record))[:LONGEST])
        QgsApplication.messageLog().logMessage(text, TAG, level, False)
        self.kept.append(redacted(self._clock.format(record))[:LONGEST])


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
    SIGNATURES.attach()
    return handler


def detach(handler: logging.Handler) -> None:
    logging.getLogger(PACKAGE).removeHandler(handler)
    SIGNATURES.detach()


def recent(key: str) -> tuple[str, ...]:
    """What was logged of late about a job, or about none, the oldest first; empty where there is no panel."""
    handlers = (one for one in logging.getLogger(PACKAGE).handlers if isinstance(one, PanelHandler))
    return tuple(entry for handler in handlers for entry in handler.kept if re.findall(_JOB, entry) in ([], [key]))
