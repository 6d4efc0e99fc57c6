"""Run by QGIS's Python: what is typed into the Python console, one block of text after the other.

python console.py < BLOCKS      a JSON list of texts, in the environment of qgis_process
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QCoreApplication

QCoreApplication.setOrganizationName("QGIS")
QCoreApplication.setApplicationName("QGIS3")
application = QgsApplication([], True)
application.initQgis()
sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
sys.path.append(str(Path(QgsApplication.qgisSettingsDirPath()) / "python" / "plugins"))

import qgis.utils  # noqa: E402
from processing.core.Processing import Processing  # noqa: E402

Processing.initialize()
if not (qgis.utils.loadPlugin("cutout") and qgis.utils.startProcessingPlugin("cutout")):
    sys.exit("QGIS did not load the plugin")
typed: dict[str, Any] = {"__name__": "__console__"}
for block in json.load(sys.stdin):
    exec(compile(block, "<console>", "exec"), typed)
    while QgsApplication.taskManager().countActiveTasks():
        QCoreApplication.processEvents()
    QCoreApplication.processEvents()
print("in the project:", sorted(layer.name() for layer in QgsProject.instance().mapLayers().values()))
typed.clear()
QgsProject.instance().clear()
gc.collect()  # layers that Python still has when QGIS ends corrupt the heap on 3.22
application.exitQgis()
