"""A real QGIS desktop with a profile of its own, on the screen there is or on a virtual one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests import ROOT

HERE = Path(__file__).resolve().parent
# Neither news nor tips nor a look for updates: nothing may ask the network, or stand in the way of the map.
SETTINGS = """[PythonPlugins]
cutout=true

[app]
projections\\unknownCrsBehavior=NoAction
projections\\newProjectCrsBehavior=UseCrsOfFirstLayer

[qgis]
checkVersion=false
showTips=false
newsFeed\\session\\enabled=false
promptForSublayers=false
"""


def profile(folder: Path) -> Path:
    """Makes a profile with the plugin enabled, if there is none, and gives the folder for --profiles-path."""
    default = folder / "profiles" / "default"
    if default.is_dir():
        return folder
    (default / "python" / "plugins").mkdir(parents=True)
    (default / "python" / "plugins" / "cutout").symlink_to(ROOT)
    (default / "QGIS").mkdir()
    (default / "QGIS" / "QGIS3.ini").write_text(SETTINGS)
    return folder


@contextmanager
def screen(size: str = "1500x950x24") -> Iterator[Mapping[str, str]]:
    """The environment with a display: an X server of our own, ended by its id."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield {**os.environ, "DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait(10)


def drive(
    folder: Path,
    script: Path,
    order: Mapping[str, Any],
    environment: Mapping[str, str],
    seconds: float,
    tell: Callable[[Any], None] | None = None,
) -> Any:
    """Starts QGIS, runs the script in it with the order, waits for its end, and gives what the script wrote.

    tell: gets that as soon as it is there. RuntimeError when it wrote nothing.
    """
    answer = folder / "answer.json"
    orders = folder / "order.json"
    orders.write_text(json.dumps({**order, "answer": str(answer)}))
    command = [shutil.which("qgis") or "qgis", "--profiles-path", str(profile(folder)), "--profile", "default"]
    command += ["--nologo", "--noversioncheck", "--code", str(script)]
    started = {
        **environment,
        "CUTOUT_ORDER": str(orders),
        "PYQGIS_STARTUP": str(HERE / "watch.py"),
        "PATH": f"/usr/bin:{environment.get('PATH', '')}",  # QGIS embeds the first python3 there
    }
    with (folder / "qgis.log").open("w") as log:
        process = subprocess.Popen(command, env=started, stdout=log, stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + seconds
            while process.poll() is None and not answer.is_file() and time.monotonic() < end:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.2)
            if tell and answer.is_file():
                tell(json.loads(answer.read_text()))
            process.wait(max(1, end - time.monotonic()))
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    said = (folder / "qgis.log").read_text()
    if not answer.is_file():
        raise RuntimeError(f"QGIS ended with {process.returncode} and no answer:\n{said[-4000:]}")
    return {**json.loads(answer.read_text()), "status": process.returncode, "log": said}


if __name__ == "__main__":
    sys.exit("Use make demo, or make test-desktop.")
