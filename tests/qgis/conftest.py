"""One QGIS without a window for all tests of this folder, with a profile of its own."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsMapLayer, QgsNetworkAccessManager, QgsProject, QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest

from cutout.bridge.folders import store_path

LOOPBACK = ("127.0.0.1", "localhost", "::1", "")
# Port 9 of this machine: refused at once, as long as nobody serves the discard protocol.
NOWHERE = QUrl("http://127.0.0.1:9/")


def _keep_on_this_machine(request: QNetworkRequest) -> None:
    if request.url().host() not in LOOPBACK:
        request.setUrl(NOWHERE)


def _use_profile(folder: Path) -> None:
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(folder)
    os.environ["QGIS_AUTH_DB_DIR_PATH"] = str(folder)
    os.environ["PROJ_NETWORK"] = "OFF"
    # What the desktop calls itself: QgsSettings and the profile's ini file go by it.
    QCoreApplication.setOrganizationName("QGIS")
    QCoreApplication.setApplicationName("QGIS3")


def _start_processing() -> None:
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing
    from qgis.analysis import QgsNativeAlgorithms

    Processing.initialize()
    registry = QgsApplication.processingRegistry()
    if registry.providerById("native") is None:
        registry.addProvider(QgsNativeAlgorithms(registry))


def _delete_layers() -> None:
    """Layers that Python still owns when QGIS ends corrupt the heap on 3.22."""
    QgsProject.instance().clear()
    gc.collect()
    for thing in gc.get_objects():
        if isinstance(thing, QgsMapLayer) and not sip.isdeleted(thing):
            sip.delete(thing)


@pytest.fixture(scope="session")
def qgis_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QgsApplication]:
    """QGIS with its data providers and the native algorithms; profile, settings and auth database are temporary."""
    _use_profile(tmp_path_factory.mktemp("profile"))
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", "/usr"), True)
    application = QgsApplication([], True)
    application.initQgis()
    application.authManager().setMasterPassword("test", True)  # or QGIS asks for one in a dialog
    _start_processing()
    QgsNetworkAccessManager.setRequestPreprocessor(_keep_on_this_machine)
    yield application
    _delete_layers()
    application.exitQgis()


@pytest.fixture(autouse=True)
def new_project(qgis_app: QgsApplication) -> Iterator[QgsProject]:
    """An empty project for each test."""
    yield QgsProject.instance()
    QgsProject.instance().clear()


@pytest.fixture(autouse=True)
def nothing_of_ours(qgis_app: QgsApplication) -> None:
    """No job and no setting of the test before."""
    QgsSettings().remove("cutout")
    for path in store_path().parent.glob("jobs*"):
        path.unlink()
