"""What the tests of downloads share."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from cutout.core.http import Http, Network
from cutout.core.model import Artifact
from cutout.core.transfer import Fetched, fetch
from tests import ROOT
from tests.unit.scripted_server import ScriptedServer

DATA = random.Random(7).randbytes(300_000)
KEY = {"Authorization": "key k3y-0123456789"}


class Net:
    """A network whose pauses are counted and not taken."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def http(self, server: str = "http://127.0.0.1:9") -> Http:
        return Http(server, KEY, Network(pause=self.pauses.append))


def quiet(done: int, total: int | None) -> None:
    """Nobody watches."""


def fetch_one(artifact: Artifact, folder: Path, net: Net | None = None, **how: object) -> Fetched:
    return fetch((net or Net()).http(), [artifact], folder, quiet, **how)  # type: ignore[arg-type]


def ranges(storage: ScriptedServer, path: str = "/a") -> list[str]:
    return [seen.headers.get("range", "") for seen in storage.seen(path)]


def fetch_until_killed(url: str, folder: Path, come: int, first: str = "") -> None:
    """Fetch the file `a` in a process of its own, which is killed once it has told of so many bytes.

    first: lines of Python before that.
    """
    program = (
        f"import sys, tests\nfrom pathlib import Path\n{first}from cutout.core.http import Http, Network\n"
        "from cutout.core.model import Artifact\nfrom cutout.core.transfer import fetch\n"
        "fetch(Http('http://127.0.0.1:9', {}, Network()), [Artifact('a', sys.argv[1])], Path(sys.argv[2]),"
        " lambda done, total: print(done, flush=True))"
    )
    command = [sys.executable, "-c", program, url, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= come:
                break
        child.kill()


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.part*"))
