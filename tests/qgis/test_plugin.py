"""The wiring: what QGIS gets when it loads the plugin, and that nothing stays when it unloads it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QTimer, pyqtBoundSignal
from qgis.PyQt.QtWidgets import QApplication, QDockWidget

from cutout import classFactory
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.folders import store_path
from cutout.core.http import Secret
from cutout.core.model import ExportRequest, new_job
from cutout.core.store import Store
from tests import ROOT
from tests.qgis.interface import Interface
from tests.qgis.toolbox import ROCKIES, stored
from tests.qgis.waiting import wait_until
from tests.standin.client import Standin

ALGORITHMS = {"brightearth", "cityloader", "collect", "cover", "itwin", "koordinates"}


@pytest.fixture
def iface(qgis_app: QgsApplication) -> Iterator[Interface]:
    QgsApplication.authManager().setMasterPassword("test", True)
    interface = Interface()
    interface.window.show()
    yield interface
    sip.delete(interface.window)


def algorithms() -> set[str]:
    """Those of ours that Processing knows."""
    provider = QgsApplication.processingRegistry().providerById("cutout")
    return {algorithm.name() for algorithm in provider.algorithms()} if provider else set()


def connections() -> dict[str, int]:
    """How many listen to each signal of what outlives a plugin."""
    lasting: dict[str, Any] = {
        "authentication": QgsApplication.authManager(),
        "log": QgsApplication.messageLog(),
        "processing": QgsApplication.processingRegistry(),
        "project": QgsProject.instance(),
        "tasks": QgsApplication.taskManager(),
        "application": QApplication.instance(),
    }
    counts = {}
    for place, thing in lasting.items():
        for name in dir(thing):
            signal = getattr(thing, name)
            if isinstance(signal, pyqtBoundSignal):
                counts[f"{place} {name}"] = thing.receivers(signal)
    return counts


def settle() -> None:
    """What was to be deleted later is, and what was to be done next is done."""
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    QApplication.processEvents()


def test_qgis_process_gets_the_algorithms_and_nothing_else(qgis_app: QgsApplication) -> None:
    plugin = classFactory(None)
    plugin.initProcessing()
    assert algorithms() >= ALGORITHMS
    assert (plugin.action, plugin.dock, plugin.jobs) == (None, None, None)
    plugin.unload()
    assert not algorithms()


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


def test_the_models_come_after_the_start_and_stay(iface: Interface) -> None:
    models = {"order_clip_statistics", "submit_collect"}
    plugin = classFactory(iface)
    plugin.initGui()
    assert not models & algorithms()
    settle()
    assert models <= algorithms()
    plugin.processing.refreshAlgorithms()
    assert models <= algorithms() and len(algorithms()) == len(plugin.processing.algorithms())
    plugin.unload()
    settle()
    assert not algorithms()


def test_unloaded_before_the_models_have_come(iface: Interface) -> None:
    plugin = classFactory(iface)
    plugin.initGui()
    plugin.unload()
    settle()
    assert not algorithms()


def test_loaded_and_unloaded_twenty_times_nothing_stays(iface: Interface) -> None:
    threads = threading.active_count()
    for _ in range(20):
        plugin = classFactory(iface)
        plugin.initGui()
        iface.toolbar.actions()[0].trigger()
        assert plugin.dock is not None
        plugin.unload()
        settle()
    assert iface.window.findChildren(QDockWidget) == []
    assert not [timer for timer in iface.window.findChildren(QTimer) if timer.isActive() and timer.interval() >= 1000]
    wait_until(lambda: threading.active_count() <= threads)


def test_reloaded_five_times_nothing_is_there_twice(iface: Interface) -> None:
    logger = logging.getLogger("cutout")
    handlers, kept = list(logger.handlers), []
    for _ in range(5):
        plugin = classFactory(iface)
        plugin.initGui()
        assert algorithms() >= ALGORITHMS and len(logger.handlers) == len(handlers) + 1
        plugin.processing.left_open.emit()
        assert plugin.jobs is not None
        plugin.unload()
        settle()
        assert logger.handlers == handlers and not algorithms()
        kept.append(connections())
    assert kept[-1] == kept[0]  # PyQt lets go of the last provider's with the next


def test_without_jobs_nothing_polls_until_a_run_leaves_some(iface: Interface) -> None:
    plugin = classFactory(iface)
    plugin.initGui()
    settle()
    assert plugin.jobs is None and not store_path().exists()
    plugin.processing.left_open.emit()
    assert plugin.jobs is not None and store_path().is_file()
    plugin.unload()


def test_what_a_run_says_too_late_starts_nothing(iface: Interface) -> None:
    plugin = classFactory(iface)
    plugin.initGui()
    settle()
    thread = threading.Thread(target=plugin.processing.left_open.emit)
    thread.start()
    thread.join()  # it is on its way to this thread
    plugin.unload()
    settle()
    assert plugin.jobs is None and not store_path().exists()


def test_a_run_outlives_the_plugin(iface: Interface, standin: Standin, tmp_path: Path) -> None:
    plugin = classFactory(iface)
    plugin.initGui()
    Accounts().save(Account("koordinates", standin.url), Secret(password=standin.key))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("cutout:koordinates")
    given = {"SERVER": standin.url, "ITEMS": standin.layer_url("counties"), "EXTENT": ROCKIES}
    context, feedback, ends = QgsProcessingContext(), QgsProcessingFeedback(False), []
    standin.settings(polls=0)
    task = QgsProcessingAlgRunnerTask(algorithm, {**given, "OUTPUT": str(tmp_path)}, context, feedback)
    task.executed.connect(lambda is_fine, results: ends.append((is_fine, results)))
    QgsApplication.taskManager().addTask(task)
    wait_until(standin.exports)
    plugin.unload()
    wait_until(lambda: ends)
    (job,) = stored()
    assert ends[0][0], feedback.textLog()
    assert (ends[0][1]["JOB_ID"], job.state.value, plugin.jobs) == (job.key, "done", None)


def test_the_start_of_qgis_does_without_what_is_heavy(tmp_path: Path) -> None:
    program = """
import os, sys
from qgis.core import QgsApplication
application = QgsApplication([], True)
application.initQgis()
from tests.qgis.interface import Interface
from cutout import classFactory
interface, before = Interface(), set(sys.modules)
plugin = classFactory(interface)
plugin.initGui()
application.processEvents()
assert len(plugin.processing.algorithms()) > 5
print(*set(sys.modules) - before, flush=True)
plugin.action.trigger()
assert plugin.dock is not None
print(*set(sys.modules) - before, flush=True)
os._exit(0)
"""
    profile = {**os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path), "QGIS_AUTH_DB_DIR_PATH": str(tmp_path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=profile, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    heavy = {"numpy", "osgeo", "processing", "pyproj", "requests", "shapely"}
    start, dock = (set(line.split()) for line in done.stdout.splitlines())
    assert "cutout.toolbox.order" in start and "cutout.ui.dock" in dock
    assert not heavy & {name.split(".")[0] for name in dock}
    assert (
        not {"cutout.bridge.jobs", "cutout.bridge.runs", "cutout.core.http", "cutout.core.store", "cutout.ui"} & start
    )


def test_jobs_go_on_after_the_start_without_the_dock(iface: Interface) -> None:
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
    assert "‹b>River" in item.text() and "can't be reached" in item.text()
    plugin.unload()
    store.remove(job.key)
    store.close()
