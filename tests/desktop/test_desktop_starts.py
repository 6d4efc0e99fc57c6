"""The desktop as a person starts it, with the plugin enabled in a profile of its own."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.desktop.window import HERE, drive


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = drive(tmp_path_factory.mktemp("desktop"), HERE / "look.py", {}, os.environ, 120)
    return found


def test_the_desktop_loads_the_plugin(seen: dict[str, Any]) -> None:
    assert "cutout" in seen["active"], seen["log"]


def test_the_toolbar_action_shows_the_dock(seen: dict[str, Any]) -> None:
    assert (seen["action"], seen["dock"]) == (True, True), seen["log"]


def test_the_algorithms_are_registered(seen: dict[str, Any]) -> None:
    assert seen["provider"], seen["log"]


def test_the_desktop_ends_as_it_should(seen: dict[str, Any]) -> None:
    assert seen["status"] == 0, seen["log"]
