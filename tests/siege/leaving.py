"""Runs inside QGIS: leaves while orders are looked after and files are on their way, and writes down how it went.

What it is to do is in the order: "quit" at once with everything running, "stay" until all is done, or "reload" the
plugin so many times in the middle of its work.
"""

import gc
import logging
import os
import threading
import time
import weakref
from pathlib import Path

import qgis.utils
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget

from cutout.core.model import ExportRequest
from cutout.tests.desktop.person import ORDER, Person, click, for_seconds, jobs, sign_in, toolbar_button, until

ENDED = ("done", "failed", "cancelled", "expired", "uncertain")


class Leaver(Person):
    """Orders with a press of the button that is not shown here, and leaves before anything has come."""

    def __init__(self):
        super().__init__()
        self.left = 0.0
        self.remains, self.ghosts = [], []

    def story(self):
        sign_in()
        if ORDER["then"] != "stay":  # else it comes back by itself, since it was open last time
            click(toolbar_button(self.window, "CutoutAction"))
        yield until(lambda: self.window.findChild(QDockWidget, "CutoutDock"), "the dock")
        for request in ORDER["requests"]:
            place(request)
        if ORDER["then"] == "stay":
            yield until(lambda: jobs() and all(job.state.value in ENDED for job in jobs()), "the end of every job")
            yield until(lambda: all(job.layers for job in jobs() if job.state.value == "done"), "their layers")
            return
        for _ in range(ORDER["times"]):
            yield until(is_busy, "polls and downloads at work")
            if ORDER["then"] == "reload":
                yield from self.reload()
        self.left = time.time()

    def reload(self):
        plugin = qgis.utils.plugins["cutout"]
        self.ghosts += [weakref.ref(thing) for thing in (plugin, plugin.jobs, plugin.dock, plugin.arrivals)]
        del plugin
        qgis.utils.unloadPlugin("cutout")
        yield until(lambda: not at_work(), "the end of the plugin's threads")
        yield for_seconds(0.2, "what was to be deleted later")
        gc.collect()
        self.remains.append({**remains(self.window), "ghosts": sum(ghost() is not None for ghost in self.ghosts)})
        qgis.utils.loadPlugin("cutout")
        qgis.utils.startPlugin("cutout")
        yield until(lambda: self.window.findChild(QDockWidget, "CutoutDock"), "the dock that was open before")
        for job in jobs():
            qgis.utils.plugins["cutout"].jobs.check_now(job.key)

    def seen(self):
        layers = [node.name() for node in QgsProject.instance().layerTreeRoot().findLayers()]
        states = {job.title: job.state.value for job in jobs()}
        return {"left": self.left, "states": states, "layers": layers, "remains": self.remains}


def place(request):
    plugin = qgis.utils.plugins["cutout"]
    account = next(one for one in plugin.accounts.all() if one.service == request["service"])
    plugin.jobs.order(ExportRequest(**{**request, "server": account.server}), account)


def at_work():
    """The plugin's threads, without those that are only kept for the next request."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("cutout")]


def is_busy():
    """Two files on their way, and a look at the service that is not answered yet."""
    poller = qgis.utils.plugins["cutout"].jobs
    downloads = [job for job in jobs() if poller.fraction(job.key) is not None]
    return len(downloads) >= 2 and len(at_work()) > len(downloads)


def remains(window):
    """What a plugin could leave behind in QGIS."""
    files = [os.readlink(entry.path) for entry in os.scandir("/proc/self/fd") if os.path.lexists(entry.path)]
    return {
        "files": sum("cutout" in Path(name).parts or "jobs.sqlite" in name for name in files),
        "parts": sum(name.endswith(".part") for name in files),
        "sockets": sum(name.startswith("socket:") for name in files),
        "threads": len(at_work()),
        "timers": sum(timer.isActive() and timer.interval() == 1000 for timer in window.findChildren(QTimer)),
        "docks": sum(dock.objectName() == "CutoutDock" for dock in window.findChildren(QDockWidget)),
        "actions": sum(action.objectName() == "CutoutAction" for action in window.findChildren(QAction)),
        "providers": int(QgsApplication.processingRegistry().providerById("cutout") is not None),
        "tasks": sum(task.isActive() for task in QgsApplication.taskManager().tasks()),
        "handlers": len(logging.getLogger("cutout").handlers),
        "layers": len(QgsProject.instance().mapLayers()),
        "groups": len(QgsProject.instance().layerTreeRoot().children()),
    }


person = Leaver()
