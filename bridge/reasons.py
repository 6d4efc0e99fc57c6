"""Why something could not be written, in words. What GDAL says of a full disk, nobody understands."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication

translate = QCoreApplication.translate

_FULL = 1024 * 1024  # bytes; with less a disk is full
_SAID = ("disk is full", "no space left")  # by SQLite and by the system


def reason(error: Exception, folder: Path, size: int = 0) -> str:
    """A clause. folder: of a job, or the one above, where it was to be written. size: about how many bytes."""
    if is_full(error, folder, size):
        text = translate("Disk", "the disk is full ({folder}); free some space, then load the layers again")
        return text.format(folder=folder)
    return _said(error).strip().rstrip(".") or translate("Clip", "GDAL gives no reason")


def is_full(error: Exception, folder: Path, size: int = 0) -> bool:
    """Whether it is because there is no room on the disk."""
    return any(words in _said(error).casefold() for words in _SAID) or _free(folder) < max(_FULL, size)


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _free(folder: Path) -> int:
    return shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.is_dir())).free
