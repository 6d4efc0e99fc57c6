"""One stand-in for all tests of this folder, as new before each test that uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standin.client import Standin


@pytest.fixture(scope="session")
def running_standin() -> Iterator[Standin]:
    with Standin() as standin:
        yield standin


@pytest.fixture
def standin(running_standin: Standin) -> Standin:
    running_standin.reset()
    return running_standin
