"""What the tests of downloads share."""

from __future__ import annotations

import random
from pathlib import Path

from cutout.core.http import Http, Network
from cutout.core.model import Artifact
from cutout.core.transfer import Fetched, fetch
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


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.part*"))
