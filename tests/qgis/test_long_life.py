"""A list of jobs that lives for years: polled fairly, whatever the clock does, and there again after damage."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QListView

from cutout import classFactory
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.folders import choose_downloads, store_path
from cutout.bridge.jobs import MOST_FAILURES, Jobs
from cutout.bridge.rounds import ALONE, LISTED, MOST_ASKED, turns
from cutout.core import manifest
from cutout.core.http import Secret
from cutout.core.model import ExportRequest, Job, JobState, Quote
from cutout.core.store import Due, Store
from tests.long_life_figures import EXPORTS, exports
from tests.places import PARK
from tests.qgis.interface import Interface
from tests.qgis.waiting import look_once, wait_until
from tests.standin.client import Standin

DAY = 86400.0
BOUND = 3.0  # seconds after it is due in which a job is looked at, at a server that answers
START = 1_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Desk:
    """A poller on a store with jobs that run already, on a clock of ours."""

    def __init__(self, folder: Path) -> None:
        QgsApplication.authManager().setMasterPassword("test", True)
        QgsSettings().remove("cutout")
        self.clock, self.accounts = Clock(), Accounts()
        self.store = Store(folder / "jobs.sqlite")
        self.jobs = Jobs(Store(folder / "jobs.sqlite"), self.accounts, lambda: folder / "files", None, self.clock)
        self.said: list[str] = []
        self.jobs.said.connect(lambda text, level: self.said.append(text))

    def add(self, server: str, secret: str, remote: list[int], waiting: float = 0.0) -> set[str]:
        """Jobs that run at a server. Their keys."""
        authcfg = self.accounts.save(Account("koordinates", server), Secret(password=secret)).authcfg
        request = ExportRequest("koordinates", server, {"items": "101"}, PARK, "Park")
        keys = {f"{abs(hash(server)) % 0xFFFF:04x}{number:04x}" for number in range(len(remote))}
        due = self.clock.now - waiting
        for key, number in zip(sorted(keys), remote):
            self.store.add(
                Job(
                    key, request, authcfg, state=JobState.RUNNING, remote={"id": number}, created=due, due=due, wait=2.0
                )
            )
        return keys

    def is_asked(self, server: str) -> bool:
        return any(where[1] == server for where, _ in self.jobs._lanes)


@pytest.fixture
def desk(qgis_app: QgsApplication, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.jobs.stop()
    desk.store.close()


def test_silent_servers_hold_up_nobody_else(desk: Desk, standin: Standin) -> None:
    numbers = exports(standin, 110)
    with ExitStack() as stack:
        for _ in range(3):
            silent = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=200))
            desk.add(f"http://127.0.0.1:{silent.getsockname()[1]}", "k", numbers[:30], waiting=60.0)
        ours = desk.add(standin.url, standin.key, numbers)
        latest, ticks = 0.0, []
        for _ in range(30):
            look_once(desk.jobs)
            wait_until(lambda: not desk.is_asked(standin.url))
            ticks.append(time.time())
            due = [line.due for line in desk.store.listing() if line.key in ours]
            latest = max(latest, *(desk.clock.now - one for one in due if one is not None))
            assert len(desk.jobs._lanes) <= MOST_ASKED
            assert sum(thread.name == "cutout-task" for thread in threading.enumerate()) <= MOST_ASKED
            desk.clock.now += 1
        assert latest <= BOUND
        jobs = [desk.store.get(key) for key in ours]
        assert all(job is not None and job.updated > START + 10 and job.state is JobState.RUNNING for job in jobs)
    asked = [one for one in standin.requests("koordinates") if one.method == "GET"]
    assert {one.path for one in asked} == {EXPORTS} and len(asked) < 30, "in lists, and less and less often"
    ends = [sum(one.when > tick for tick in ticks) for one in asked]
    assert max(map(ends.count, ends)) <= 2, "in each tick one list, of two pages"


def test_who_waits_longest_is_first_and_nobody_takes_all_the_room() -> None:
    places = [("koordinates", f"https://{number}.example", "") for number in range(MOST_ASKED + 2)]
    due = [Due(f"{place[1]} {number}", JobState.RUNNING, place) for number in range(150) for place in places]
    chosen = dict(turns(due, ()))
    assert list(chosen) == [(place, False) for place in places[:MOST_ASKED]]
    assert {len(keys) for keys in chosen.values()} == {LISTED}
    taken = {(place, False) for place in places[1:MOST_ASKED]}
    assert list(dict(turns(due, taken))) == [(places[0], False)], "room for one, and that is who waits longest"
    orders = [Due(f"n{number}", JobState.NEW, places[1]) for number in range(30)]
    assert {lane: len(keys) for lane, keys in turns(orders, taken)} == {(places[1], True): ALONE}
    city = ("cityloader", "https://city.example", "")
    looks = [Due(f"c{number}", JobState.RUNNING, city) for number in range(30)]
    assert [len(keys) for _, keys in turns(looks, ())] == [ALONE]


@pytest.mark.parametrize("jump", [-DAY, -3600.0, DAY], ids=["a day back", "an hour back", "a day forward"])
def test_a_clock_that_is_set_stops_nothing(desk: Desk, standin: Standin, jump: float) -> None:
    (key,) = desk.add(standin.url, standin.key, exports(standin, 1))

    def look() -> bool:
        desk.clock.now += 1
        look_once(desk.jobs)
        job = desk.store.get(key)
        return job is not None and abs(job.updated - desk.clock.now) < 5

    wait_until(look)
    desk.clock.now += jump
    since = desk.clock.now
    wait_until(look)
    assert desk.clock.now - since < 300  # ticks, which here are as fast as the machine
    job = desk.store.get(key)
    assert job is not None and job.state is JobState.RUNNING and not job.paused


def test_a_list_that_somebody_keeps_locked_is_told_once_and_does_not_stall_the_window(
    desk: Desk, standin: Standin
) -> None:
    (key,) = desk.add(standin.url, standin.key, exports(standin, 1))
    lock = sqlite3.connect(desk.store.path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    for _ in range(MOST_FAILURES + 2):
        began = time.monotonic()
        look_once(desk.jobs)
        assert time.monotonic() - began < 2
    assert len(desk.said) == 1 and "database is locked" in desk.said[0]
    lock.close()
    look_once(desk.jobs)
    wait_until(lambda: (job := desk.store.get(key)) is not None and job.updated > 0)
    assert len(desk.said) == 1


def test_nothing_is_kept_of_jobs_that_are_over(desk: Desk, standin: Standin) -> None:
    keys = desk.add(standin.url, standin.key, exports(standin, 5))
    standin.fault("status", status=503, count=-1, path=EXPORTS)

    def looks() -> bool:
        desk.clock.now += 1
        look_once(desk.jobs)
        return all((job := desk.store.get(key)) is None or job.paused for key in keys)

    wait_until(looks)
    wait_until(lambda: not desk.jobs._busy)
    assert set(desk.jobs._news._troubles) == keys, "so that it is said once"
    for key in keys:
        desk.jobs.remove(key)
    jobs = desk.jobs
    wait_until(
        lambda: not any((jobs._news._troubles, jobs._busy, jobs._lanes, jobs._steps, jobs._later, jobs._fractions))
    )
    look_once(jobs)
    assert not jobs._later and not jobs._settling
    assert desk.store._rows("SELECT count(*) FROM owners")[0][0] <= 1


# The plugin, when the file is not as it should be


@pytest.fixture
def iface(qgis_app: QgsApplication, tmp_path: Path) -> Iterator[Interface]:
    QgsApplication.authManager().setMasterPassword("test", True)
    choose_downloads(str(tmp_path / "downloads"))
    store_path().parent.mkdir(exist_ok=True)
    interface = Interface()
    interface.window.show()
    yield interface
    sip.delete(interface.window)


def said(iface: Interface) -> str:
    return "\n".join(item.text() for item in iface.bar.items())


def finished_job(downloads: Path, key: str) -> Job:
    request = ExportRequest("koordinates", "https://data.linz.govt.nz", {"items": "layer:1"}, PARK, f"Park {key}")
    one = Job(key, request, state=JobState.DONE, created=5.0, updated=6.0, finished=6.0, quote=Quote())
    home = downloads / one.folder_name
    home.mkdir(parents=True)
    (home / "a.txt").write_text(key)
    one = replace(one, folder=str(home), files=manifest.records(home, [home / "a.txt"]))
    manifest.write(one, home, attribution="")
    return one


def test_after_damage_open_orders_and_finished_ones_are_in_the_list_again(iface: Interface, tmp_path: Path) -> None:
    ended = [finished_job(tmp_path / "downloads", f"{number:08x}") for number in range(3)]
    going = replace(ended[0], key="aaaaaaaa", state=JobState.RUNNING, paused=True, files=(), folder="", authcfg="x")
    store = Store(store_path())
    store.add(going)
    store.close()
    with store_path().open("r+b") as file:
        file.write(bytes(16))
    plugin = classFactory(iface)
    plugin.initGui()
    plugin.action.setChecked(True)
    view = plugin.dock.findChild(QListView, "jobList")
    wait_until(lambda: view.model().rowCount() == 4)
    wait_until(lambda: "found again" in said(iface))
    assert "list of jobs was damaged" in said(iface) and "look there before you order them again" in said(iface)
    states = {job.key: job.state for job in plugin.jobs.all()}
    assert states == {"aaaaaaaa": JobState.RUNNING, **{one.key: JobState.DONE for one in ended}}
    assert plugin.jobs.get("aaaaaaaa") == going
    assert [plugin.jobs.get(one.key).files for one in ended] == [one.files for one in ended]
    store = Store(store_path())
    assert store.repaired() == "", "and it is said once"
    store.close()
    plugin.unload()


def test_a_list_of_a_newer_version_is_told_and_left_alone(iface: Interface) -> None:
    with sqlite3.connect(store_path()) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    content = store_path().read_bytes()
    plugin = classFactory(iface)
    plugin.initGui()
    plugin.action.setChecked(True)
    assert plugin.dock is None and not plugin.action.isChecked()
    assert "written by a newer version of Cutout. Update Cutout" in said(iface)
    assert store_path().read_bytes() == content
    plugin.unload()


def test_a_folder_in_its_place_is_told(iface: Interface) -> None:
    store_path().mkdir()
    plugin = classFactory(iface)
    plugin.initGui()
    plugin.action.setChecked(True)
    assert plugin.dock is None and "be used: " in said(iface)
    plugin.unload()
    store_path().rmdir()
