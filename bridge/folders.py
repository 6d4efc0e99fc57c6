"""Where things lie: the store in the profile, the files where the person wants them."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QStandardPaths

from ..core.disk import FREE_SPACE, in_words, make_folder, size_text
from ..core.errors import ExportError

DOWNLOADS = "cutout/downloads"
PROBE = 4096  # bytes: an empty file can also be made on a full disk


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


def check_room(folder: Path, size: int | None = None) -> None:
    """That files can be written into the folder, which is made, and that there is room for so many bytes.

    Errors: ExportError about the output.
    """
    from shutil import disk_usage  # both come with all that packs files
    from tempfile import TemporaryFile

    with in_words(folder):
        if folder.exists() and not folder.is_dir():
            raise ExportError(f"{folder} is a file.", "Choose a folder.", about="output")
        make_folder(folder)
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE))
        free = disk_usage(folder).free
    if size is not None and free < size:
        raise ExportError(
            f"{folder} has room for {size_text(free)}, and about {size_text(size)} will come.",
            FREE_SPACE,
            about="output",
        )
