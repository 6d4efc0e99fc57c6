"""8: what the plugin adds to the start of QGIS, against a plugin that does nothing, and what its first use costs."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from subprocess import TimeoutExpired
from typing import Any

from tests.bench.result import Ratio, Result
from tests.desktop.window import SETTINGS, drive, profile, screen

SCRIPT = Path(__file__).with_name("in_start.py")
ROUNDS = 4
PATIENCE = 60.0  # seconds; no new round is begun after that
LONGEST = 40.0  # seconds for one QGIS; of those of 3.44 one in ten hangs before it runs a script, whatever the plugin
NOTHING = """def classFactory(iface):
    return Nothing()


class Nothing:
    def initGui(self):
        pass

    def unload(self):
        pass
"""
FOUND = (
    "The mark is held against the processor time of the main thread, which waits for nothing here: on an idle machine "
    "that is the time on the clock, on a busy one the clock measures the others. Of what was there before (190 ms, "
    "where it is 52 now, on a machine twice as slow as when idle) two thirds were imports of what only a run "
    "or the dock needs: poller, store, transport, downloads, the run of an algorithm. An algorithm is now what "
    "Processing asks of it at the start (toolbox/order.py), and its run comes with the first run "
    "(toolbox/ordering.py). The two models took 10 ms each, mostly QGIS reading their XML and making their steps; they "
    "are added in the first turn of the event loop. Then a third of the rest was what only the first use needs: 15 "
    "patterns that were compiled, and 24 modules of Python itself for random numbers, hashes, dates, temporary files "
    "and signals (37.6 ms became 24.3 in the interpreter of 3.22 alone). Of what is left, a fifth is 18 frozen "
    "dataclasses, most in core.model, half a millisecond each; the rest finding and reading 34 modules of ours, the "
    "160 parameters, and what Processing does with a new provider. The first opening of the dock imported pyproj, "
    "shapely and numpy in the window's thread by way of bridge.judging: 189 of 260 ms; 103 ms are left on the same "
    "machine, a third of it the poller with its store, a third the modules of the dock, a third its widgets. The "
    "libraries come in the thread that measures the area, GDAL in the one that looks through the first files. A form "
    "is widgets and their layout, no import and no look-up."
)


def measure() -> Result:
    ours, theirs = _runs()
    more = min(one["work"] for one in ours) - min(one["work"] for one in theirs)
    heavy = {name for one in ours for name in one["heavy"]}
    return Result(
        number=8,
        title="Start in QGIS",
        work="Load and start the plugin in a QGIS that has just started, with its files in the cache.",
        ratios=(
            Ratio("more than an empty plugin, main thread at work", more, at_most=40, unit="ms"),
            Ratio("heavy modules imported", len(heavy), at_most=0),
        ),
        figures=_figures(ours, theirs),
        found=FOUND,
        qgis=ours[0]["qgis"],
    )


def _runs() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """In turn, each in a QGIS of its own. The first one only brings the compiled modules and the cache."""
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    end = time.monotonic() + PATIENCE
    with tempfile.TemporaryDirectory(prefix="cutout-start-") as name, screen() as display:
        folder = Path(name)
        environment = {**display, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _run(folder, environment, "cutout")
        while len(theirs) < ROUNDS and (time.monotonic() < end or not theirs):
            ours.append(_run(folder, environment, "cutout"))
            theirs.append(_run(folder, environment, "nothing"))
    return ours, theirs


def _run(folder: Path, environment: Mapping[str, str], plugin: str) -> dict[str, Any]:
    """A profile as new, so that no dock opens by itself, in the same place, so that the compiled modules fit."""
    shutil.rmtree(folder / "profiles", ignore_errors=True)
    (folder / "answer.json").unlink(missing_ok=True)
    default = profile(folder) / "profiles" / "default"
    (default / "QGIS" / "QGIS3.ini").write_text(SETTINGS.replace("cutout=true", "cutout=false"))
    nothing = default / "python" / "plugins" / "nothing"
    nothing.mkdir()
    (nothing / "__init__.py").write_text(NOTHING)
    (nothing / "metadata.txt").write_text("[general]\nname=Nothing\nversion=1\nqgisMinimumVersion=3.22\n")
    order = {"plugin": plugin, "is_opened": plugin == "cutout"}
    try:
        answer: dict[str, Any] = drive(folder, SCRIPT, order, environment, LONGEST)
    except TimeoutExpired:
        answer = drive(folder, SCRIPT, order, environment, LONGEST)
    if answer["trouble"]:
        raise RuntimeError(answer["trouble"])
    return answer


def _figures(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> dict[str, float]:
    figures = {
        "runs of each": float(len(ours)),
        "ours, at work, least, ms": min(one["work"] for one in ours),
        "ours, at work, median, ms": median(one["work"] for one in ours),
        "ours, on the clock, least, ms": min(one["start"] for one in ours),
        "empty, at work, least, ms": min(one["work"] for one in theirs),
        "empty, on the clock, least, ms": min(one["start"] for one in theirs),
        "modules of ours": float(ours[0]["modules"]),
    }
    for phase in ours[0]["stalls"]:
        if phase != "start":
            what = "first opening of the dock" if phase == "dock" else f"first form of {phase}"
            figures[f"{what}, longest stall, at work, least, ms"] = min(one["works"][phase] for one in ours)
            figures[f"{what}, longest stall, on the clock, least, ms"] = min(one["stalls"][phase] for one in ours)
    return figures
