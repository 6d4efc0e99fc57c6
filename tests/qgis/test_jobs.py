"""The poller with real tasks, a real store and the stand-in; only the clock is ours."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings
from qgis.PyQt.QtCore import QTimer

from cutout.bridge import sign_in
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.jobs import Jobs
from cutout.bridge.sign_in import Client
from cutout.core import lifecycle
from cutout.core.errors import ExportError
from cutout.core.http import Secret
from cutout.core.model import ExportRequest, Job, JobState, new_job
from cutout.core.provider import OAuth2
from cutout.core.store import Store
from cutout.providers import services
from tests.places import PARK
from tests.qgis.browser import browser, free_port
from tests.qgis.waiting import look_once, wait_until
from tests.standin.client import Standin
from tests.unit.scripted_server import Reply, ScriptedServer

EXPORTS = "/services/api/v1.x/exports/"


class Clock:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """One QGIS window: a poller on a store, what it told, and a clock that runs as fast as the work."""

    def __init__(self, folder: Path, standin: Standin) -> None:
        QgsApplication.authManager().setMasterPassword("test", True)
        QgsSettings().remove("cutout")
        self.standin, self.folder, self.clock = standin, folder, Clock()
        self.accounts = Accounts()
        self.account = self.accounts.save(Account("koordinates", standin.url), Secret(password=standin.key))
        self.arrived: list[Job] = []
        self.said: list[str] = []
        self.jobs = self.open()

    def open(self) -> Jobs:
        jobs = Jobs(Store(self.folder / "jobs.sqlite"), self.accounts, lambda: self.folder / "files", None, self.clock)
        jobs.arrived.connect(self.arrived.append)
        jobs.said.connect(lambda text, level: self.said.append(text))
        return jobs

    def request(self, items: str = "101,104", title: str = "Park") -> ExportRequest:
        return ExportRequest("koordinates", self.standin.url, {"items": items}, PARK, title)

    def job(self, key: str) -> Job:
        return next(job for job in self.jobs.all() if job.key == key)

    def run_until(self, condition: Callable[[], object]) -> None:
        """Ticks, with the clock at whatever is due next, until the condition holds."""

        def look() -> bool:
            if not condition():
                self.clock.now += 1
                look_once(self.jobs)
            return bool(condition())

        wait_until(look)

    def orders_sent(self) -> int:
        return sum(one.method == "POST" and one.path == EXPORTS for one in self.standin.requests())


@pytest.fixture
def desk(qgis_app: QgsApplication, standin: Standin, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, standin)
    yield desk
    desk.jobs.stop()


def test_from_order_to_files(desk: Desk) -> None:
    states: list[str] = []
    desk.jobs.changed.connect(lambda job: states.append(job.state.value))
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.arrived and states[-1] == "done")
    assert desk.job(job.key).state is JobState.DONE
    order = ["new", "submitting", "queued", "running", "ready", "done"]
    assert states[0] == "new"
    assert [order.index(state) for state in states] == sorted(order.index(state) for state in states)
    assert {Path(record.name).suffix for record in desk.arrived[0].files} >= {".gpkg", ".tif"}
    assert desk.orders_sent() == 1
    assert desk.jobs.fraction(job.key) is None


def test_many_jobs_are_asked_in_one_request(desk: Desk) -> None:
    desk.standin.settings(polls=1000)
    keys = [desk.jobs.order(desk.request(title=str(number)), desk.account).key for number in range(4)]
    desk.run_until(lambda: all(desk.job(key).state.is_at_service for key in keys))
    desk.run_until(lambda: all(desk.job(key).state is JobState.RUNNING for key in keys))
    lists = [one for one in desk.standin.requests() if one.method == "GET" and one.path == EXPORTS]
    assert lists


def test_a_restart_goes_on_where_it_was(desk: Desk) -> None:
    desk.standin.settings(polls=3)
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state.is_at_service)
    desk.jobs.stop()
    desk.jobs = desk.open()
    desk.run_until(lambda: desk.arrived)
    assert [one.key for one in desk.arrived] == [job.key]
    assert desk.orders_sent() == 1


def test_found_as_submitting_after_a_crash_it_is_never_sent_again(desk: Desk) -> None:
    store = Store(desk.folder / "jobs.sqlite")
    job = replace(new_job(desk.request(), desk.clock(), desk.account.authcfg), state=JobState.SUBMITTING)
    store.add(job)
    store.close()
    desk.run_until(lambda: any("charged twice" in text for text in desk.said))
    assert desk.job(job.key).state is JobState.UNCERTAIN
    assert desk.orders_sent() == 0
    desk.jobs.send_again(job.key)
    desk.run_until(lambda: desk.arrived)
    assert desk.orders_sent() == 1


def test_killed_between_order_and_answer_the_order_is_found_again(desk: Desk) -> None:
    class Killed(BaseException):
        """What comes after it is never run, as after SIGKILL."""

    desk.clock.now = time.time()  # the stand-in's time, by which the order is looked for
    store = Store(desk.folder / "jobs.sqlite")
    job = new_job(desk.request(), desk.clock(), desk.account.authcfg)
    store.add(job)
    provider = desk.accounts.connect_to(desk.account)

    def order_and_die(request: ExportRequest) -> None:
        next(type(provider).submit(provider, request))
        raise Killed

    provider.submit = order_and_die
    with pytest.raises(Killed):
        lifecycle.advance(provider, job, desk.clock(), lambda job: store.save(job, "dead"))
    store.close()
    desk.run_until(lambda: desk.arrived)
    assert desk.orders_sent() == 1


def test_what_the_person_asks_while_a_task_works_on_the_job_is_done_afterwards(desk: Desk) -> None:
    desk.standin.settings(polls=1000)
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state.is_at_service)
    desk.standin.fault("status", status=503, count=5, path=EXPORTS)
    desk.run_until(lambda: desk.job(job.key).paused)  # as the task has stored it: its end is not told yet
    desk.jobs.check_now(job.key)
    desk.run_until(lambda: desk.job(job.key).state is JobState.RUNNING and not desk.job(job.key).paused)


def test_only_an_uncertain_job_is_sent_again(desk: Desk) -> None:
    desk.standin.settings(polls=1000)
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state is JobState.RUNNING)
    desk.jobs.send_again(job.key)
    desk.run_until(lambda: desk.job(job.key).due > desk.clock() + 2)
    assert desk.orders_sent() == 1


def test_cancel_reaches_the_service(desk: Desk) -> None:
    desk.standin.settings(polls=1000)
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state.is_at_service)
    desk.jobs.cancel(job.key)
    desk.run_until(lambda: desk.job(job.key).state is JobState.CANCELLED)
    assert desk.standin.exports()[0]["state"] == "cancelled"


def test_a_refused_cancel_is_said_and_the_job_goes_on(desk: Desk) -> None:
    desk.standin.settings(polls=6)
    desk.standin.fault(
        "status", status=409, text='{"errors": ["Can\'t cancel"]}', content_type="application/json", method="DELETE"
    )
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state.is_at_service)
    desk.jobs.cancel(job.key)
    desk.run_until(lambda: "Can't cancel" in desk.job(job.key).message or desk.arrived)
    desk.run_until(lambda: any("Can't cancel" in text for text in desk.said))
    desk.run_until(lambda: desk.arrived)
    assert desk.job(job.key).state is JobState.DONE


def test_a_stopped_download_waits_for_check_now_and_then_goes_on(desk: Desk) -> None:
    desk.jobs.start()
    desk.standin.storage_settings(rate=20_000)
    job = desk.jobs.order(desk.request("101,104,105"), desk.account)
    desk.run_until(lambda: (desk.jobs.fraction(job.key) or 0) > 0)
    QgsApplication.taskManager().cancelAll()
    wait_until(lambda: desk.job(job.key).paused)
    assert "stopped" in desk.job(job.key).message
    desk.standin.storage_settings(rate=None)
    desk.jobs.check_now(job.key)
    desk.run_until(lambda: desk.arrived)
    assert desk.job(job.key).state is JobState.DONE


def test_a_download_stopped_by_quitting_goes_on_after_the_start(desk: Desk) -> None:
    desk.standin.storage_settings(rate=20_000)
    job = desk.jobs.order(desk.request("101,104,105"), desk.account)
    desk.run_until(lambda: (desk.jobs.fraction(job.key) or 0) > 0)
    QgsApplication.taskManager().cancelAll()
    wait_until(lambda: desk.jobs.fraction(job.key) is None)
    desk.jobs.stop()
    desk.standin.storage_settings(rate=None)
    desk.jobs = desk.open()
    desk.run_until(lambda: desk.arrived)
    assert desk.job(job.key).state is JobState.DONE


def test_a_site_that_goes_down_pauses_and_loses_nothing(desk: Desk) -> None:
    desk.standin.settings(polls=3)
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state.is_at_service)
    desk.standin.fault("status", status=503, count=-1, path=EXPORTS)
    desk.run_until(lambda: any("Paused after 5 tries" in text for text in desk.said))
    assert desk.job(job.key).paused and desk.job(job.key).state.is_at_service
    assert len(desk.said) == 1


def test_an_export_that_ends_in_error_is_said_and_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.standin.settings(final="error")
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.said)
    assert desk.job(job.key).state is JobState.FAILED
    assert desk.said == [f"Park: {desk.job(job.key).message}"]
    assert "Order it again" in desk.said[0]
    assert job.key in caplog.text and "Traceback" not in caplog.text


def test_a_zip_cut_short_is_said_and_check_now_fetches_it_again(desk: Desk) -> None:
    desk.standin.fault("short", server="storage", part=0.5)
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.said)
    assert "not whole" in desk.said[0]
    assert desk.job(job.key).state is JobState.READY and desk.job(job.key).paused
    desk.jobs.check_now(job.key)
    desk.run_until(lambda: desk.arrived)
    assert desk.job(job.key).problems == ()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(desk: Desk) -> None:
    (desk.folder / "files").write_text("a file where the folder should be")
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.said)
    assert str(desk.folder / "files") in desk.said[0]
    assert desk.job(job.key).state is JobState.READY
    (desk.folder / "files").unlink()
    desk.jobs.check_now(job.key)
    desk.run_until(lambda: desk.arrived)


def test_a_removed_account_holds_its_jobs(desk: Desk) -> None:
    desk.standin.settings(polls=1000)
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.job(job.key).state.is_at_service)
    desk.accounts.remove(desk.account)
    desk.run_until(lambda: desk.job(job.key).paused)
    assert "no account for" in desk.job(job.key).message


def test_removing_forgets_the_job_and_keeps_the_files(desk: Desk) -> None:
    job = desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.arrived)
    gone: list[str] = []
    desk.jobs.removed.connect(gone.append)
    desk.jobs.remove(job.key)
    assert gone == [job.key]
    assert desk.jobs.all() == []
    assert Path(desk.arrived[0].folder, "cutout.json").is_file()


def test_two_windows_share_the_list_and_each_job_is_done_once(desk: Desk) -> None:
    other = desk.open()
    seen: list[str] = []
    other.changed.connect(lambda job: seen.append(job.key))
    keys = [desk.jobs.order(desk.request(title=str(number)), desk.account).key for number in range(6)]

    def both() -> bool:
        look_once(other)
        return len({job.key for job in desk.arrived}) == len(keys)

    desk.run_until(both)
    assert sorted(job.key for job in desk.arrived) == sorted(keys)
    assert desk.orders_sent() == len(keys)
    assert set(keys) <= set(seen)
    other.stop()


def test_the_key_is_in_no_file_of_the_profile(desk: Desk) -> None:
    desk.jobs.order(desk.request(), desk.account)
    desk.run_until(lambda: desk.arrived)
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert any(path.name == "jobs.sqlite" for path in files)
    assert not [path for path in files if desk.standin.key.encode() in path.read_bytes()]


# --- orders whose account signs in in the web browser ---------------------------------------------------------------


@pytest.fixture
def browsing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Account, ScriptedServer]]:
    """A site for which QGIS signs in with OAuth2; what it then gets is a key of the stand-in all the same."""
    token = json.dumps({"access_token": "T", "token_type": "Bearer", "expires_in": 3600}).encode()
    monkeypatch.setattr(sign_in, "FIFTH", 2)
    with ScriptedServer() as server:
        server.on("/token", Reply(200, token, {"Content-Type": "application/json"}))
        endpoints = OAuth2(server.url("/authorize"), server.url("/token"), "models")
        monkeypatch.setattr(services()["koordinates"], "oauth2", endpoints)
        headers = {"Authorization": f"key {desk.standin.key}"}
        monkeypatch.setattr(services()["koordinates"], "headers", lambda self, secret: headers)
        desk.accounts.remove(desk.account)
        yield desk.accounts.save(Account("koordinates", desk.standin.url), Client("cid", free_port(), "s")), server


def test_orders_wait_silently_until_somebody_signs_in(desk: Desk, browsing: tuple[Account, ScriptedServer]) -> None:
    account, server = browsing
    store = Store(desk.folder / "jobs.sqlite")
    jobs = [new_job(desk.request(title=title), desk.clock(), account.authcfg) for title in "ab"]
    for job in jobs:
        store.add(job)
    store.close()
    for _ in range(5):
        desk.clock.now += 1
        look_once(desk.jobs)
    assert [text for text in desk.said if "sign in" in text] == desk.said and len(desk.said) == 1
    assert [(job.state, job.paused, job.message) for job in desk.jobs.all()] == [(JobState.NEW, False, "")] * 2
    assert server.seen("/token") == []

    desk.accounts.unlock(account)  # in the form of the dock
    with browser(json.loads(_config(account))["redirectPort"]):
        desk.accounts.secret(account)
    desk.run_until(lambda: len(desk.arrived) == 2)
    assert len(desk.said) == 1 and len(server.seen("/token")) == 1


def test_check_now_signs_in_for_that_order(desk: Desk, browsing: tuple[Account, ScriptedServer]) -> None:
    account, server = browsing
    store = Store(desk.folder / "jobs.sqlite")
    job = new_job(desk.request(), desk.clock(), account.authcfg)
    store.add(job)
    store.close()
    look_once(desk.jobs)
    with browser(json.loads(_config(account))["redirectPort"]):
        desk.jobs.check_now(job.key)
        look_once(desk.jobs)
    desk.run_until(lambda: desk.arrived)
    assert len(server.seen("/token")) == 1


def test_while_the_browser_is_open_nothing_is_said_of_the_master_password(
    desk: Desk, browsing: tuple[Account, ScriptedServer]
) -> None:
    account, _ = browsing
    other = desk.accounts.save(Account("koordinates", "http://127.0.0.1:9"), Secret(password="k"))
    store = Store(desk.folder / "jobs.sqlite")
    store.add(new_job(desk.request(), desk.clock(), other.authcfg))
    store.close()
    ticked: list[bool] = []

    def meanwhile() -> None:
        look_once(desk.jobs)
        ticked.append(desk.accounts.is_signing_in)

    QTimer.singleShot(100, meanwhile)
    desk.accounts.unlock(account)
    with pytest.raises(ExportError):
        desk.accounts.secret(account)
    assert ticked == [True] and desk.said == []


def _config(account: Account) -> str:
    _, config = QgsApplication.authManager().loadAuthenticationConfig(account.authcfg, QgsAuthMethodConfig(), True)
    return str(config.config("oauth2config"))
