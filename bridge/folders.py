"""Where things lie: the store in the profile, the files where the person wants them."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QStandardPaths

DOWNLOADS = "cutout/downloads"


def store_path() -> Path:
    return Path(QgsApplication.qgisSettingsDirPath()) / "cutout" / "jobs.sqlite"


def downloads() -> Path:
    """The folder that gets a folder for each job: the setting, else `Cutout` in the system's download folder."""
    chosen = QgsSettings().value(DOWNLOADS, "", str)
    if chosen:
        return Path(chosen)
    system = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return Path(system or Path.home()) / "Cutout"


def choose_downloads(folder: str) -> None:
    QgsSettings().setValue(DOWNLOADS, folder)
