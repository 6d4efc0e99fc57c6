"""Leaving: QGIS quits at once with polls and downloads running, and the plugin is reloaded in the middle of its work.

CUTOUT_RELOADS: how often; each takes about eight seconds, since the leases of what was under way have to lapse.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.window import drive, screen
from tests.places import PARK, VIENNA
from tests.standin.client import Standin

SCRIPT = Path(__file__).with_name("leaving.py")
RELOADS = int(os.environ.get("CUTOUT_RELOADS", "5"))
SECONDS = 60 + 20 * RELOADS
SOON = 8.0  # seconds; what is on its way would take a minute
EXPORTS = "/services/api/v1.x/exports/"


@pytest.fixture(scope="module")
def display() -> Iterator[Mapping[str, str]]:
    with screen() as environment:
        yield environment


def order(standin: Standin, folder: Path, then: str, times: int = 1) -> dict[str, Any]:
    """What leaving.py does, with the accounts for what it orders."""
    city = standin.of("cityloader")
    accounts = [
        {"service": "koordinates", "url": standin.url, "password": standin.key},
        {"service": "cityloader", "url": city.facts["api"], "password": city.facts["tokens"]["full"]},
    ]
    return {"orders": accounts, "requests": [], "downloads": str(folder / "downloads"), "then": then, "times": times}


def requests(standin: Standin) -> list[dict[str, Any]]:
    """Six orders: of some the files will be on their way, of the others the service does not say how they are."""
    items = ",".join(standin.layer_url(name) for name in ("counties", "elevation"))
    parks = [("koordinates", {"items": items}, PARK, f"Park {number}") for number in range(4)]
    cities = [("cityloader", {}, VIENNA, f"City {number}") for number in range(2)]
    names = ("service", "options", "area", "title")
    return [dict(zip(names, one)) for one in (*parks, *cities)]


def hold_up(standin: Standin, seconds: float) -> None:
    """Files that come at a trickle, and a service that does not say how an order is for so many seconds."""
    standin.settings(polls=0)
    standin.storage_settings(rate=20_000)
    standin.fault("slow", server="cityloader", method="GET", seconds=seconds, count=-1)


def go_on(standin: Standin) -> None:
    standin.calm()
    standin.storage_settings(rate=0)


def sent(standin: Standin) -> int:
    paths = (EXPORTS, "/api/export/simple")
    return sum(one.method == "POST" and one.path in paths for one in standin.requests())


def checked(answer: Any) -> Any:
    assert answer["trouble"] == "" and answer["status"] == 0, answer["log"][-3000:]
    assert "Traceback" not in answer["log"] and "QThread: Destroyed" not in answer["log"], answer["log"][-3000:]
    return answer


def test_qgis_quits_at_once_and_the_next_one_goes_on(
    standin: Standin, tmp_path: Path, display: Mapping[str, str]
) -> None:
    hold_up(standin, 60)
    quits = {**order(standin, tmp_path, "quit"), "requests": requests(standin)}
    left = checked(drive(tmp_path, SCRIPT, quits, display, SECONDS))
    seconds = time.time() - left["left"]
    print(f"QGIS {left['qgis']} had ended {seconds:.1f} s after it was told to")
    assert seconds < SOON
    assert set(left["states"].values()) <= {"submitting", "queued", "running", "ready"}, left["states"]

    go_on(standin)
    then = checked(drive(tmp_path, SCRIPT, order(standin, tmp_path, "stay"), display, SECONDS))
    assert then["states"] == dict.fromkeys(left["states"], "done")
    assert sent(standin) == len(requests(standin))


def test_reloaded_in_the_middle_of_its_work_nothing_stays_behind(
    standin: Standin, tmp_path: Path, display: Mapping[str, str]
) -> None:
    hold_up(standin, 2)
    reloads = {**order(standin, tmp_path, "reload", RELOADS), "requests": requests(standin)}
    answer = checked(drive(tmp_path, SCRIPT, reloads, display, SECONDS))
    first, *others = answer["remains"]
    assert len(others) == RELOADS - 1
    nothing = ("threads", "timers", "docks", "actions", "providers", "tasks", "handlers", "layers", "groups", "parts")
    assert {name: first[name] for name in nothing} == dict.fromkeys(nothing, 0)
    assert [each for each in others if each != first] == [], answer["remains"]
