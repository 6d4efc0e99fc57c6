"""What the tests of the toolbox share: running an algorithm, what it says, and what is in the list of jobs then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsFeature, QgsGeometry, QgsProcessingFeedback, QgsVectorLayer

from cutout.bridge.folders import store_path
from cutout.core.model import Job
from cutout.core.store import Store

ROCKIES = "-105.8,-105.5,40.2,40.5 [EPSG:4326]"


class Feedback(QgsProcessingFeedback):
    """Keeps what it is told. cancel_when: asked whenever something is told; once it is true, the run is cancelled."""

    def __init__(self, cancel_when: Callable[[], bool] = lambda: False) -> None:
        super().__init__(False)
        self.lines: list[str] = []
        self.fractions: list[float] = []
        self._cancel_when = cancel_when

    def pushInfo(self, info: str) -> None:
        self._told(info)

    def pushWarning(self, warning: str) -> None:
        self._told(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self._told(error)

    def isCanceled(self) -> bool:
        if not super().isCanceled() and self._cancel_when():
            self.cancel()
        return super().isCanceled()

    def setProgress(self, progress: float) -> None:
        self.fractions.append(progress)

    def _told(self, line: str) -> None:
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def run(algorithm: str, feedback: QgsProcessingFeedback | None = None, **parameters: Any) -> dict[str, Any]:
    """As from QGIS's Python console."""
    import processing

    return processing.run(f"cutout:{algorithm}", parameters, feedback=feedback or Feedback())


def stored() -> list[Job]:
    """The jobs of the profile, in the order in which they were made."""
    if not store_path().is_file():
        return []
    store = Store(store_path())
    jobs = store.all()
    store.close()
    return list(reversed(jobs))


def squares(*bounds: tuple[float, float, float, float] | None, crs: str = "EPSG:4326") -> QgsVectorLayer:
    """A layer of rectangles called a, b, c …; None for a feature without a geometry."""
    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=name:string", "Squares", "memory")
    features = []
    for number, one in enumerate(bounds):
        feature = QgsFeature(layer.fields())
        feature["name"] = "abcdefghijklmnopqrstuvwxyz"[number % 26]
        if one is not None:
            west, south, east, north = one
            corners = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
            feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({corners}))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def threads() -> list[str]:
    """The names of the threads of ours that are alive."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("cutout")]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
