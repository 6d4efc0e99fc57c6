"""The wiring: what QGIS gets when it loads the plugin, and that nothing stays when it unloads it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from qgis.core import Qgis, QgsApplication, QgsSettings
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget, QMainWindow, QToolBar

from cutout import classFactory
from cutout.core.http import Secret
from cutout.core.store import Store
from tests.qgis.waiting import wait_until


class Interface(QObject):
    """The part of QgisInterface that the plugin uses, on a real window."""

    def __init__(self) -> None:
        super().__init__()
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas(self.window)
        self.window.setCentralWidget(self.canvas)
        self.bar = QgsMessageBar(self.window)
        self.toolbar = QToolBar(self.window)
        self.menu: list[QAction] = []

    def mainWindow(self) -> QMainWindow:  # noqa: N802 - QGIS's name
        return self.window

    def mapCanvas(self) -> QgsMapCanvas:  # noqa: N802
        return self.canvas

    def messageBar(self) -> QgsMessageBar:  # noqa: N802
        return self.bar

    def addToolBarIcon(self, action: QAction) -> None:  # noqa: N802
        self.toolbar.addAction(action)

    def removeToolBarIcon(self, action: QAction) -> None:  # noqa: N802
        self.toolbar.removeAction(action)

    def addPluginToWebMenu(self, name: str, action: QAction) -> None:  # noqa: N802
        self.menu.append(action)

    def removePluginWebMenu(self, name: str, action: QAction) -> None:  # noqa: N802
        self.menu.remove(action)

    def addDockWidget(self, area: object, dock: QDockWidget) -> None:  # noqa: N802
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock: QDockWidget) -> None:  # noqa: N802
        self.window.removeDockWidget(dock)


@pytest.fixture
def iface(qgis_app: QgsApplication) -> Iterator[Interface]:
    QgsApplication.authManager().setMasterPassword("test", True)
    QgsSettings().remove("cutout")
    interface = Interface()
    interface.window.show()
    yield interface
    sip.delete(interface.window)


def test_it_adds_an_action_a_menu_entry_and_its_algorithms(iface: Interface) -> None:
    plugin = classFactory(iface)
    plugin.initGui()
    (action,) = iface.toolbar.actions()
    assert action.objectName() == "CutoutAction" and iface.menu == [action]
    assert QgsApplication.processingRegistry().algorithmById("cutout:cover") is not None
    action.trigger()
    dock = iface.window.findChild(QDockWidget, "CutoutDock")
    assert dock is not None and dock.isVisible()
    dock.close()
    assert not action.isChecked()
    plugin.unload()
    assert not iface.toolbar.actions() and not iface.menu
    assert QgsApplication.processingRegistry().providerById("cutout") is None


def test_loaded_and_unloaded_twenty_times_nothing_stays(iface: Interface) -> None:
    threads = threading.active_count()
    for _ in range(20):
        plugin = classFactory(iface)
        plugin.initGui()
        iface.toolbar.actions()[0].trigger()
        assert plugin.dock is not None
        plugin.unload()
        QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
        QApplication.processEvents()
    assert iface.window.findChildren(QDockWidget) == []
    assert not [timer for timer in iface.window.findChildren(QTimer) if timer.isActive() and timer.interval() >= 1000]
    wait_until(lambda: threading.active_count() <= threads)


def test_jobs_go_on_after_the_start_without_the_dock(iface: Interface) -> None:
    from cutout.bridge.accounts import Account, Accounts
    from cutout.bridge.folders import store_path
    from cutout.core.model import ExportRequest, new_job

    account = Accounts().save(Account("koordinates", "http://127.0.0.1:9"), Secret(password="0123456789"))
    store = Store(store_path())
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    request = ExportRequest("koordinates", account.server, {"items": "layer:1"}, area, "<b>River</b>")
    job = new_job(request, 0.0, account.authcfg)
    store.add(job)
    plugin = classFactory(iface)
    plugin.initGui()
    wait_until(lambda: iface.bar.currentItem() is not None)
    item = iface.bar.currentItem()
    assert item.level() == Qgis.MessageLevel.Warning
    assert "&lt;b&gt;River" in item.text() and "can&#x27;t be reached" in item.text()
    plugin.unload()
    store.remove(job.key)
    store.close()
