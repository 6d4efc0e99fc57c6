"""A further service is one file: dock and toolbox have it, with what it declares, and bring its files as layers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingProvider,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QComboBox, QMainWindow, QPushButton

from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.arrivals import Arrivals
from cutout.bridge.jobs import Jobs
from cutout.core.http import Secret
from cutout.core.provider import Provider
from cutout.core.store import Store
from cutout.toolbox.provider import CutoutProcessing
from cutout.ui.dock import CutoutDock
from tests.fifth import beside_the_others
from tests.qgis import deliveries
from tests.qgis.toolbox import ROCKIES, run, stored
from tests.qgis.waiting import wait_until
from tests.unit.scripted_server import Reply, ScriptedServer


@pytest.fixture
def fifth(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    yield from beside_the_others(tmp_path_factory.mktemp("providers"), monkeypatch)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        server.on("/jobs", Reply(201, b'{"id": 5}'))
        server.on("/jobs/5", Reply(200, b'{"done": true}'))
        server.on("/jobs/5/file", Reply(200, deliveries.DEM.read_bytes(), {"Content-Type": "image/tiff"}))
        yield server


@pytest.fixture
def accounts(fifth: type[Provider], server: ScriptedServer) -> Accounts:
    """With one at the service."""
    QgsSettings().remove("cutout")
    accounts = Accounts()
    accounts.save(Account("fifth", server.url()), Secret(password="not-so-secret"))
    return accounts


@pytest.fixture
def dock(accounts: Accounts, tmp_path: Path) -> Iterator[CutoutDock]:
    window, canvas = QMainWindow(), QgsMapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    window.setCentralWidget(canvas)
    jobs = Jobs(Store(tmp_path / "jobs.sqlite"), accounts, lambda: tmp_path / "files")
    arrivals = Arrivals(jobs, QgsProject.instance())
    dock = CutoutDock(canvas, QgsProject.instance(), accounts, jobs, window)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    canvas.setExtent(QgsRectangle(-105.8, 40.2, -105.5, 40.5))
    jobs.start()
    yield dock
    dock.shutdown()
    arrivals.stop()
    jobs.stop()
    canvas.stopRendering()
    sip.delete(window)


@pytest.fixture
def toolbox(accounts: Accounts) -> Iterator[QgsProcessingProvider]:
    provider = CutoutProcessing(accounts)
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


def test_it_is_in_the_dock_and_its_files_become_layers(dock: CutoutDock, server: ScriptedServer) -> None:
    services = dock.findChild(QComboBox, "serviceCombo")
    services.setCurrentIndex(services.findData("fifth"))
    form = dock.findChild(QComboBox, "form")
    assert [form.itemText(index) for index in range(form.count())] == ["GeoTIFF"]
    submit = dock.findChild(QPushButton, "submitButton")
    wait_until(submit.isEnabled)
    QTest.mouseClick(submit, Qt.MouseButton.LeftButton)
    wait_until(lambda: [layer.name() for layer in QgsProject.instance().mapLayers().values()] == ["result"])
    assert len(server.seen("/jobs")) == 1


def test_it_is_in_the_toolbox_with_what_it_declares(toolbox: QgsProcessingProvider) -> None:
    algorithm = toolbox.algorithm("fifth")
    form = algorithm.parameterDefinition("FORM")
    assert (form.description(), form.options(), form.defaultValue()) == ("Form", ["tif"], "tif")
    assert form.help().startswith("How it comes.")
    assert algorithm.parameterDefinition("SERVER").defaultValue() == "https://fifth.example/api"
    assert "Fifth" in algorithm.displayName() and "Fifth" in algorithm.shortHelpString()
    others = toolbox.algorithm("koordinates")
    common = {"AREA", "EXTENT", "PER_FEATURE", "SERVER", "AUTHCFG", "NAME", "CLIP", "DRY_RUN", "WAIT", "TIMEOUT"}
    assert {each.name() for each in algorithm.parameterDefinitions()} == common | {"FORM", "MERGE", "OUTPUT"}
    assert [each.name() for each in algorithm.outputDefinitions()] == [
        each.name() for each in others.outputDefinitions()
    ]


def test_it_is_ordered_from_in_a_run(toolbox: QgsProcessingProvider, server: ScriptedServer, tmp_path: Path) -> None:
    results = run("fifth", SERVER=server.url(), EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    (job,) = stored()
    (uri,) = results["LAYERS"]
    assert (results["STATE"], results["JOB_ID"], job.title) == ("done", job.key, "Fifth")
    assert Path(results["OUTPUT"]) == tmp_path / f"Fifth-{job.key}" == Path(uri).parent
    assert QgsRasterLayer(uri, "result").isValid()
    (sent,) = server.seen("/jobs")
    assert sent.headers["authorization"] == "Bearer not-so-secret" and b'"form": "tif"' in sent.body
