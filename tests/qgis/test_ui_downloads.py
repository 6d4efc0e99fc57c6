"""The folder for files: said, and chosen."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsSettings

from cutout.bridge.folders import choose_downloads, downloads
from cutout.ui.downloads_button import DownloadsButton


def test_the_folder_is_the_setting_else_one_in_the_systems_downloads(qgis_app: QgsApplication, tmp_path: Path) -> None:
    QgsSettings().remove("cutout")
    assert downloads().name == "Cutout"
    choose_downloads(str(tmp_path))
    assert downloads() == tmp_path
    assert str(tmp_path) in DownloadsButton().toolTip()
