"""Programs that serve on a port of loopback for as long as a block lasts, ended by their own id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import ROOT

HOST = "127.0.0.1"
BUILD = Path(ROOT) / "build"
START_SECONDS = 60.0


def program(what: str, *places: str) -> str:
    """The first that there is, below build/ or on PATH. The test is left out, with the reason, where there is none."""
    for place in places:
        found = str(BUILD / place) if (BUILD / place).is_file() else shutil.which(place)
        if found:
            return found
    pytest.skip(f"{what} is not on this machine: scripts/setup.sh servers installs it")


def free_port() -> int:
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, env: Mapping[str, str] | None = None, folder: Path | None = None
) -> Iterator[None]:
    """Fails with what the program wrote when it does not serve in time."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{command_of(process)} does not serve: {log.read_text(errors='replace')[-2000:]}")


def command_of(process: subprocess.Popen[bytes]) -> str:
    return str(process.args[0] if isinstance(process.args, (list, tuple)) else process.args)
