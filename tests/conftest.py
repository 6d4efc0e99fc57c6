"""What holds for every test: no traffic beyond this machine, and no exception lost on the way out of a worker."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import pytest

import tests  # noqa: F401 - loads the repository root as the package `cutout`
from tests.standin.client import Standin

_lost: list[BaseException] = []


def _keep(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _lost.append(error)
    sys.__excepthook__(kind, error, trace)


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _loopback_only(event: str, args: tuple[Any, ...]) -> None:
    """Answers a look-up or a connection beyond this machine as a machine without a network does."""
    if event == "socket.getaddrinfo" and not _is_loopback(args[0]):
        raise socket.gaierror(socket.EAI_NONAME, f"Name not known: {args[0]!r} (tests stay on this machine)")
    if event == "socket.connect" and isinstance(args[1], tuple) and not _is_loopback(args[1][0]):
        raise OSError(errno.ENETUNREACH, f"Network is unreachable: {args[1]!r} (tests stay on this machine)")


def pytest_configure() -> None:
    sys.addaudithook(_loopback_only)


@pytest.fixture(scope="session")
def running_standin() -> Iterator[Standin]:
    with Standin() as standin:
        yield standin


@pytest.fixture
def standin(running_standin: Standin) -> Standin:
    """The stand-in, as new: no faults, no exports, default settings."""
    running_standin.reset()
    return running_standin


@pytest.fixture(autouse=True)
def no_lost_exception() -> Iterator[list[BaseException]]:
    """Fails the test in which an exception left a slot or a task. A test that wants one empties the list."""
    _lost.clear()
    # PyQt ends the process when an exception leaves a slot or a task and nobody has set a hook. Set before each test:
    # importing qgis.utils sets QGIS's own, which shows a dialog.
    sys.excepthook = _keep
    yield _lost
    if _lost:
        pytest.fail(f"an exception reached sys.excepthook: {_lost[0]!r}")
