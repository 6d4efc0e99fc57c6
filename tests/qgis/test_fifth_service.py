"""A further service is one file: the dock has it, with the form that it declares, and brings its files as layers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle, QgsSettings
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
from cutout.ui.dock import CutoutDock
from tests.fifth import beside_the_others
from tests.qgis import deliveries
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
def dock(fifth: type[Provider], server: ScriptedServer, tmp_path: Path) -> Iterator[CutoutDock]:
    QgsSettings().remove("cutout")
    window, canvas, accounts = QMainWindow(), QgsMapCanvas(), Accounts()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    window.setCentralWidget(canvas)
    accounts.save(Account("fifth", server.url()), Secret(password="not-so-secret"))
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
