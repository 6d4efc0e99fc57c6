"""The report of a job that is sent to strangers, with what this QGIS is made of. Asks no service and opens no file
of the job."""

from __future__ import annotations

import configparser
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import gettempdir

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import PYQT_VERSION_STR, QSysInfo, qVersion

from ..core.model import Job
from ..core.report import Around, report
from ..providers import services
from .folders import downloads
from .log import recent
from .needs import PACKAGES

METADATA = Path(__file__).parent.parent / "metadata.txt"
NOWHERE = ("/", "")  # the name of no folder


def report_of(job: Job) -> str:
    """Plain text in English. Call it on the main thread."""
    return report(job, services().get(job.request.service), Around(_versions(), _names(), recent(job.key)))


def _versions() -> dict[str, str]:
    from osgeo import gdal  # the start of QGIS does without

    parser = configparser.ConfigParser(interpolation=None)
    parser.read(METADATA, encoding="utf-8")
    system = f"{QSysInfo.prettyProductName()}, {QSysInfo.kernelType()}, {QSysInfo.currentCpuArchitecture()}"
    return {
        "Cutout": parser.get("general", "version", fallback="unknown"),
        "QGIS": Qgis.QGIS_VERSION,
        "Qt": f"{qVersion()} (PyQt {PYQT_VERSION_STR})",
        "Python": platform.python_version(),
        "System": system,
        "GDAL": gdal.__version__,
        **{package: _version(package) for package in PACKAGES},
    }


def _version(package: str) -> str:
    """Not from the package itself: it would have to be imported for that."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing or without metadata"


def _names() -> dict[str, str]:
    """Who and where this is, and the marks that take its place. With both sorts of slashes."""
    folders = {
        str(downloads()): "<downloads>",
        gettempdir(): "<temp>",
        str(Path.home()): "<home>",
        QgsApplication.qgisSettingsDirPath().rstrip("/\\"): "<profile>",
        QSysInfo.machineHostName(): "<machine>",
        QgsApplication.userLoginName(): "<user>",
        QgsApplication.userFullName(): "<user>",
    }
    return {name: mark for name, mark in folders.items() if name not in NOWHERE}
