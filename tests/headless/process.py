"""qgis_process, run with a profile of its own in which the plugin is enabled. Every process is bounded in time."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cutout.core.model import Job
from cutout.core.store import Store
from tests import ROOT

LONGEST = 120.0  # seconds for a run
SETTINGS = "[PythonPlugins]\ncutout=true\nprocessing=true\n"
NUMBER = re.compile(r"\bJOB_ID (\w+) (?:is|has) (\w+)\.")


def program() -> str:
    """The program itself: the wrapper that Debian 12 puts before it does not work."""
    found = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if found is None:
        raise RuntimeError("qgis_process is not installed")
    return found


@dataclass(frozen=True)
class Ended:
    """A run of qgis_process that is over."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """What it printed as JSON; QGIS 3.22 may put warnings of its own before that."""
        document: dict[str, Any] = json.loads(self.out[self.out.index("{\n") :])
        return document

    @property
    def results(self) -> dict[str, Any]:
        if self.status != 0:
            raise AssertionError(f"it ended with {self.status}:\n{self.out}\n{self.err}")
        results: dict[str, Any] = self.document["results"]
        return results

    @property
    def left(self) -> dict[str, str]:
        """JOB_ID and state of each job that the standard error names."""
        return dict(NUMBER.findall(self.err))


class Headless:
    """A profile, a home and a folder for files. environment: of every process, nothing else gets through."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile, self.home, self.files = folder / "profile", folder / "home", folder / "files"
        self.work, self.scratch = folder / "work", folder / "scratch"
        for one in (self.home, self.files, self.work, self.scratch):
            one.mkdir(mode=0o700, exist_ok=True)
        default = self.profile / "profiles" / "default"
        self.store = default / "cutout" / "jobs.sqlite"
        if not default.exists():
            (default / "python" / "plugins").mkdir(parents=True)
            (default / "QGIS").mkdir()
            (default / "QGIS" / "QGIS3.ini").write_text(SETTINGS)
            (default / "python" / "plugins" / "cutout").symlink_to(ROOT)
        self.environment = {
            "PATH": "/usr/bin:/bin",  # QGIS embeds the first python3 there
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self.scratch),
            "XDG_RUNTIME_DIR": str(self.scratch),
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_CUSTOM_CONFIG_PATH": str(self.profile),
            "PROJ_NETWORK": "OFF",
        }
        self.ended: list[Ended] = []

    def run(self, algorithm: str, environment: dict[str, str] | None = None, **parameters: Any) -> Ended:
        """Of cutout:<algorithm>, to its end."""
        with self.started(algorithm, environment, **parameters) as process:
            return self.end(process)

    @contextmanager
    def started(
        self, algorithm: str, environment: dict[str, str] | None = None, **parameters: Any
    ) -> Iterator[subprocess.Popen[str]]:
        with self.process(command(algorithm, **{"OUTPUT": self.files, **parameters}), environment) as process:
            yield process

    @contextmanager
    def process(
        self, arguments: list[str], environment: dict[str, str] | None = None, text: str | None = None
    ) -> Iterator[subprocess.Popen[str]]:
        """Any command in this environment; killed when the block is left before its end. text: its standard input."""
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            arguments,
            env={**self.environment, **(environment or {})},
            cwd=self.work,
            stdin=subprocess.DEVNULL if text is None else pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
            preexec_fn=_as_in_a_terminal,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def end(self, process: subprocess.Popen[str], text: str | None = None, seconds: float = LONGEST) -> Ended:
        """Waits for it. Errors: subprocess.TimeoutExpired."""
        out, err = process.communicate(text, timeout=seconds)
        self.ended.append(Ended(process.returncode, out, err))
        return self.ended[-1]

    def jobs(self) -> list[Job]:
        """What the profile's list holds, newest first."""
        if not self.store.is_file():
            return []
        store = Store(self.store)
        try:
            return store.all()
        finally:
            store.close()

    def tells(self, secret: str) -> list[str]:
        """Where the secret can be read: in what was printed, and in which files of this folder."""
        forms = [secret.encode(), b64encode(secret.encode()).rstrip(b"=")]
        places = [f"run {number}" for number, one in enumerate(self.ended) if secret in one.out + one.err]
        for parent, _, names in os.walk(self.folder):
            for path in (Path(parent, name) for name in names):
                content = path.read_bytes() if path.is_file() else b""
                places += [str(path)] if any(form in content for form in forms) else []
        return places


def command(algorithm: str, **parameters: Any) -> list[str]:
    """What runs cutout:<algorithm> with these parameters, but for those that are None."""
    given = [f"{name}={_written(value)}" for name, value in parameters.items() if value is not None]
    return [program(), "--json", "run", f"cutout:{algorithm}", "--", *given]


def until(condition: Callable[[], Any], process: subprocess.Popen[str] | None = None, seconds: float = 60) -> None:
    """Waits for something to be seen, if need be while the process runs."""
    end = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"it ended before that: {process.communicate()}")
        if time.monotonic() > end:
            raise AssertionError(f"it did not come to that in {seconds:g} s")
        time.sleep(0.05)


def _as_in_a_terminal() -> None:
    """Whoever runs the tests may have been started in the background, where interrupts are ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
