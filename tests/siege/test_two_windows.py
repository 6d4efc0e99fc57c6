"""Two windows of QGIS on one profile, with fifty orders: each is placed, fetched and loaded once, even if one dies."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from cutout.core.model import JobState
from cutout.core.store import LAPSE
from tests.headless.process import until
from tests.places import PARK
from tests.siege.lives import Driver, Place, orders_sent, whole
from tests.siege.test_kill_dock import dock, with_accounts
from tests.standin.client import Standin

JOBS = 50
TAKEN_OVER = 4 * LAPSE  # seconds, on a machine that has other things to do
LONG = LAPSE + 3.0
SLOW = 400  # bytes a second, at which a download takes longer than that


class Window:
    """One of them. first, last: which of the orders its person places."""

    def __init__(self, place: Place, name: str, first: int, last: int, **more: Any) -> None:
        self.answer = place.folder / f"{name}.json"
        self.place = Place(place.folder, place.standin, place.store, place.files)
        wanted = [order(place.standin, number) for number in range(first, last)]
        self.command, self.environment = dock(self.place, requests=wanted, answer=str(self.answer), **more)
        mine = place.folder / f"{name}-order.json"
        os.replace(self.environment["CUTOUT_ORDER"], mine)
        self.environment["CUTOUT_ORDER"] = str(mine)
        self.driver = Driver(self.place, lambda: (self.command, self.environment))

    @property
    def loaded(self) -> list[str]:
        found: list[str] = json.loads(self.answer.read_text())["loaded"]
        return found

    @property
    def layers(self) -> list[Any]:
        found: list[Any] = json.loads(self.answer.read_text())["layers"]
        return found


def order(standin: Standin, number: int) -> dict[str, Any]:
    options = {"items": "101"}
    return {"service": "koordinates", "server": standin.url, "options": options, "area": PARK, "title": f"P{number}"}


def downloads(standin: Standin) -> Counter[str]:
    """By file, how often it was asked for from its beginning."""
    gets = [one for one in standin.requests("storage") if one.method == "GET" and one.header("Range") is None]
    return Counter(one.path for one in gets)


def finished(place: Place, number: int = JOBS) -> None:
    jobs = place.checked()
    assert len(jobs) == number and {job.state for job in jobs} == {JobState.DONE}
    assert sorted(orders_sent(place.standin).values()) == [1] * number
    assert len({job.folder for job in jobs}) == number
    for job in jobs:
        whole(job)


@pytest.fixture
def place(tmp_path: Path, standin: Standin) -> Place:
    standin.settings(polls=1)
    return with_accounts(tmp_path / "place", standin)


def test_each_job_is_worked_on_once(place: Place) -> None:
    windows = [Window(place, "one", 0, JOBS // 2), Window(place, "two", JOBS // 2, JOBS)]
    with ExitStack() as stack:
        processes = [stack.enter_context(window.driver.running()) for window in windows]
        assert [process.wait(120) for process in processes] == [0, 0], windows[0].driver.log
    finished(place)
    assert sorted(downloads(place.standin).values()) == [1] * JOBS
    loaded = [window.loaded for window in windows]
    assert sorted(loaded[0] + loaded[1]) == sorted(f"P{number}" for number in range(JOBS))
    for window, titles in zip(windows, loaded):
        assert sorted(group for group, *_ in window.layers) == sorted(titles) != []


def leased(place: Place) -> dict[str, list[str]]:
    """Keys of jobs by who works on them."""
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(f"file:{place.store}?mode=ro", uri=True)) as connection:
        for key, owner in connection.execute(
            "SELECT key, owner FROM leases JOIN jobs USING (key) WHERE state != 'done'"
        ):
            found.setdefault(owner, []).append(key)
    return found


def test_when_one_dies_the_other_goes_on_with_its_jobs(place: Place) -> None:
    place.standin.storage_settings(rate=20_000)
    one, two = Window(place, "one", 0, JOBS // 2), Window(place, "two", JOBS // 2, JOBS)
    with ExitStack() as stack:
        victim = stack.enter_context(one.driver.running())
        until(lambda: place.states() and leased(place))
        (dead,) = leased(place)
        survivor = stack.enter_context(two.driver.running())
        until(
            lambda: place.states().count("done") >= 5 and dead in leased(place) and len(leased(place)) == 2, seconds=90
        )
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        died = time.monotonic()
        orphans = leased(place).get(dead, [])
        left = {job.title for job in place.jobs() if job.state is not JobState.DONE}
        place.standin.storage_settings(rate=0)
        until(lambda: dead not in leased(place), seconds=60)
        seconds = time.monotonic() - died
        print(f"{len(orphans)} jobs of the window that died were taken over {seconds:.1f} s after that")
        assert survivor.wait(120) == 0, two.driver.log
    assert orphans and seconds < TAKEN_OVER
    finished(place)
    assert len(two.loaded) == len(set(two.loaded)) and left <= set(two.loaded)
    again = [path for path, count in downloads(place.standin).items() if count > 1]
    assert len(again) <= len(orphans)


def test_a_window_that_does_not_answer_for_long_keeps_its_jobs(place: Place) -> None:
    """What it downloads goes on in its threads."""
    place.standin.storage_settings(rate=SLOW)
    one, two = Window(place, "one", 0, 2, freeze=LONG), Window(place, "two", 2, 2)
    with one.driver.running() as first:
        until(lambda: len(downloads(place.standin)) == 2, seconds=90)
        with two.driver.running() as second:
            assert [process.wait(120) for process in (first, second)] == [0, 0], one.driver.log
    finished(place, 2)
    assert sorted(downloads(place.standin).values()) == [1, 1]
    assert (sorted(one.loaded), two.loaded) == (["P0", "P1"], [])


def test_windows_that_slept_with_the_machine_leave_each_other_their_jobs(place: Place) -> None:
    place.standin.storage_settings(rate=SLOW)
    windows = [Window(place, "one", 0, 2), Window(place, "two", 2, 4)]
    with ExitStack() as stack:
        processes = [stack.enter_context(window.driver.running()) for window in windows]
        until(lambda: len(downloads(place.standin)) == 4, seconds=90)
        for process in processes:
            os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(LONG)  # not for luck: it is what the test is about
        for process in processes:
            os.killpg(process.pid, signal.SIGCONT)
        assert [process.wait(120) for process in processes] == [0, 0], windows[0].driver.log
    finished(place, 4)
    assert sorted(downloads(place.standin).values()) == [1] * 4
    assert sorted(windows[0].loaded + windows[1].loaded) == [f"P{number}" for number in range(4)]
