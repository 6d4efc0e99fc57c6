"""What a run must not do to jobs, whatever happens to it: order twice, lose one, or leave one to be ordered unasked."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsSettings,
    QgsTask,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QThreadPool

from cutout.bridge import runs
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.folders import store_path
from cutout.bridge.threads import on_main_thread
from cutout.bridge.turns import Turns
from cutout.core import lifecycle, store_file
from cutout.core import store as jobs_store
from cutout.core.errors import Cancelled
from cutout.core.http import Network, Secret
from cutout.core.model import ExportRequest, Job, JobState, Look, new_job
from cutout.core.provider import Provider
from cutout.core.store import Store
from cutout.toolbox.provider import CutoutProcessing
from tests.places import PARK
from tests.qgis.toolbox import ROCKIES, Feedback, files, run, squares, stored, threads
from tests.qgis.waiting import wait_until
from tests.standin.client import Standin

WEST, MIDDLE, EAST = (-105.8, 40.2, -105.7, 40.3), (-105.7, 40.2, -105.6, 40.3), (-105.6, 40.2, -105.5, 40.3)
EXPORTS = "/services/api/v1.x/exports/"
SOON = 5.0  # seconds in which a run ends when it is told to
OTHER = "another window"


@pytest.fixture(autouse=True)
def toolbox(qgis_app: QgsApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[CutoutProcessing]:
    monkeypatch.setattr(lifecycle, "FIRST_LOOK", 0.1)
    provider = CutoutProcessing(Accounts())
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider("cutout")
    wait_until(lambda: threads() == [])


@pytest.fixture
def site(standin: Standin) -> Standin:
    Accounts().save(Account("koordinates", standin.url), Secret(password=standin.key))
    return standin


@pytest.fixture
def other(qgis_app: QgsApplication) -> Iterator[Store]:
    """The list of jobs as another window has it."""
    with closing(Store(store_path())) as store:
        yield store


def order(site: Standin, feedback: Feedback | None = None, **parameters: Any) -> dict[str, Any]:
    common = {"SERVER": site.url, "ITEMS": site.layer_url("counties")}
    return run("koordinates", feedback, **{**common, **parameters})


def orders_sent(site: Standin) -> int:
    return sum(one.method == "POST" and one.path == EXPORTS for one in site.requests("koordinates"))


def in_state(*states: JobState) -> bool:
    return any(job.state in states for job in stored())


def once(act: Callable[[], bool]) -> Callable[[], bool]:
    """For a Feedback that is to do something once: until it says that it is done; the run is not cancelled."""
    done: list[bool] = []

    def look() -> bool:
        if not done and act():
            done.append(True)
        return False

    return look


# --- money -----------------------------------------------------------------------------------------------------------


def test_an_order_that_nobody_waits_for_any_longer_is_not_called_cancelled(
    site: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "PATIENCE", 0.5)
    site.fault("slow", seconds=3, method="POST", path=f"{EXPORTS}$")
    with pytest.raises(QgsProcessingException, match="JOB_ID .* is submitting"):
        order(site, Feedback(lambda: in_state(JobState.SUBMITTING)), EXTENT=ROCKIES)
    assert [job.state for job in stored()] == [JobState.SUBMITTING]
    wait_until(lambda: threads() == [])  # the answer comes in after all
    (job,) = stored()
    assert job.state is JobState.QUEUED and job.remote["id"] == site.exports()[0]["id"]


def test_stopping_to_collect_leaves_alone_what_another_window_has_ordered(site: Standin, other: Store) -> None:
    job = unsent(site, other)
    assert other.take(job.key, OTHER, time.time())
    looks: list[int] = []

    def ordered_there() -> bool:
        looks.append(1)
        if len(looks) < 5:
            return False
        other.save(replace(job, state=JobState.QUEUED, remote={"id": 7}), OTHER)
        other.release(job.key, OTHER)
        return True

    with pytest.raises(QgsProcessingException, match="Stopped."):
        run("collect", Feedback(ordered_there), JOB_ID=job.key)
    assert [(one.state, one.remote) for one in stored()] == [(JobState.QUEUED, {"id": 7})]


def unsent(site: Standin, other: Store, **changes: Any) -> Job:
    """A job that has been made and not ordered."""
    account = next(one for one in Accounts().all("koordinates") if one.server == site.url)
    request = ExportRequest("koordinates", site.url, {"items": "layer:101"}, PARK, "Unsent")
    job = replace(new_job(request, time.time(), account.authcfg), **changes)
    other.add(job)
    return job


def taken_and_ordered(other: Store, is_next: Callable[[Job], bool]) -> Callable[[], bool]:
    """Another window orders one of the jobs, since this process has not been heard of for a while."""

    def act() -> bool:
        for job in stored():
            if is_next(job) and (taken := other.take(job.key, OTHER, time.time() + 2 * jobs_store.LAPSE)):
                other.save(replace(taken, state=JobState.CANCELLED, message="Ordered there", remote={"id": 7}), OTHER)
                other.release(job.key, OTHER)
                return True
        return False

    return act


def test_what_another_window_has_ordered_meanwhile_is_not_ordered_again(
    site: Standin, other: Store, tmp_path: Path
) -> None:
    """As after Ctrl+Z and fg, or when the machine has slept."""
    site.fault("slow", seconds=0.5, method="POST", path=f"{EXPORTS}$", count=-1)
    act = taken_and_ordered(other, lambda job: job.title.endswith(" 9") and in_state(JobState.SUBMITTING))
    order(site, Feedback(once(act)), AREA=squares(*[WEST] * 9), PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert orders_sent(site) == 8
    assert [(job.state, job.remote) for job in stored()][-1] == (JobState.CANCELLED, {"id": 7})


def test_what_another_window_has_ordered_while_it_was_priced_is_not_ordered_again(site: Standin, other: Store) -> None:
    site.fault("slow", seconds=1, method="POST", path=f"{EXPORTS}validate/", skip=1)
    act = taken_and_ordered(other, lambda job: validations(site) == 2)
    with pytest.raises(QgsProcessingException, match="is cancelled. Ordered there"):
        order(site, Feedback(once(act)), EXTENT=ROCKIES)
    assert orders_sent(site) == 0
    assert [job.remote for job in stored()] == [{"id": 7}]


def validations(site: Standin) -> int:
    return sum(one.path == f"{EXPORTS}validate/" for one in site.requests("koordinates"))


def test_an_order_that_is_cancelled_in_the_panel_before_its_turn_does_not_leave(
    site: Standin, other: Store, tmp_path: Path
) -> None:
    site.fault("slow", seconds=0.5, method="POST", path=f"{EXPORTS}$", count=-1)

    def act() -> bool:
        last = next((job for job in stored() if job.title.endswith(" 9")), None)
        if last is None or not (taken := other.take(last.key, OTHER, time.time())):
            return False
        other.save(replace(taken, state=JobState.CANCELLED), OTHER)
        other.release(last.key, OTHER)
        return True

    results = order(site, Feedback(once(act)), AREA=squares(*[WEST] * 9), PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert results["STATE"].split(",") == [*["done"] * 8, "cancelled"]
    assert orders_sent(site) == 8


def test_nobody_else_orders_what_waits_for_its_turn(site: Standin, other: Store, tmp_path: Path) -> None:
    """Or a QGIS that is started after a run was killed would, days later."""
    site.fault("slow", seconds=0.5, method="POST", path=f"{EXPORTS}$", count=-1)
    seen: list[list[Job]] = []

    def act() -> bool:
        if in_state(JobState.SUBMITTING):
            seen.append([job for job in other.due(time.time() + 1e6) if job.state is JobState.NEW])
        return bool(seen)

    order(site, Feedback(once(act)), AREA=squares(*[WEST] * 9), PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert seen == [[]]


def test_what_had_not_left_when_the_time_was_over_is_ordered_when_it_is_collected(
    site: Standin, other: Store, tmp_path: Path
) -> None:
    site.fault("slow", seconds=0.5, method="POST", path=f"{EXPORTS}$", count=-1)
    areas, feedback = squares(*[WEST] * 9), Feedback()
    with pytest.raises(QgsProcessingException, match="TIMEOUT") as failure:
        order(site, feedback, AREA=areas, PER_FEATURE=True, OUTPUT=str(tmp_path), TIMEOUT=0.01)
    left = [job for job in stored() if job.state is JobState.NEW]
    assert left and orders_sent(site) == 9 - len(left)
    assert all(f"JOB_ID {job.key} is new. It has not been ordered" in str(failure.value) for job in left)
    assert not [job for job in other.due(time.time() + 1e6) if job.state is JobState.NEW]
    results = run("collect", JOB_ID=",".join(job.key for job in left))
    assert results["STATE"].split(",") == ["done"] * len(left)
    assert orders_sent(site) == 9


def test_an_order_that_was_not_placed_in_time_is_a_failure(site: Standin) -> None:
    with pytest.raises(QgsProcessingException, match="TIMEOUT: 0 minutes are over"):
        order(site, EXTENT=ROCKIES, WAIT=False, TIMEOUT=0)
    assert orders_sent(site) == 0


def test_a_job_that_is_taken_out_of_the_list_before_its_turn_is_not_ordered(
    site: Standin, other: Store, tmp_path: Path
) -> None:
    site.fault("slow", seconds=0.5, method="POST", path=f"{EXPORTS}$", count=-1)

    def act() -> bool:
        last = next((job for job in stored() if job.title.endswith(" 9")), None)
        if last is not None:
            other.remove(last.key)
        return last is not None

    feedback = Feedback(once(act))
    results = order(site, feedback, AREA=squares(*[WEST] * 9), PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert results["STATE"].split(",") == [*["done"] * 8, "cancelled"]
    assert "taken out of the list" in feedback.text and orders_sent(site) == 8


# --- leases ----------------------------------------------------------------------------------------------------------


def tried_to_take(other: Store, *states: JobState) -> tuple[threading.Event, list[Job]]:
    """Another window tries all the time to get at jobs in these states, until the event is set."""
    over, got = threading.Event(), list[Job]()

    def work() -> None:
        while not over.wait(0.1):
            for job in stored():
                if job.state in states and (taken := other.take(job.key, OTHER, time.time())):
                    got.extend([taken] if taken.state in states else [])  # else let go after it had been read

    threading.Thread(target=work, daemon=True).start()
    return over, got


def test_a_run_that_is_held_up_by_a_dialog_keeps_its_jobs(
    site: Standin, other: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(jobs_store, "LAPSE", 3.0)
    site.settings(polls=3)
    over, got = tried_to_take(other, JobState.QUEUED, JobState.RUNNING, JobState.READY)

    def dialog() -> bool:
        if in_state(JobState.RUNNING):
            time.sleep(5)
        return in_state(JobState.RUNNING)

    assert order(site, Feedback(once(dialog)), EXTENT=ROCKIES, OUTPUT=str(tmp_path))["STATE"] == "done"
    over.set()
    assert got == []


def test_an_order_on_its_way_is_kept_from_others_while_the_run_ends(
    site: Standin, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_store, "LAPSE", 3.0)
    site.fault("slow", seconds=6, method="POST", path=f"{EXPORTS}$")
    over, got = tried_to_take(other, JobState.SUBMITTING)
    with pytest.raises(QgsProcessingException, match="Stopped."):
        order(site, Feedback(lambda: in_state(JobState.SUBMITTING)), EXTENT=ROCKIES)
    over.set()
    assert got == [] and [job.state for job in stored()] == [JobState.QUEUED]


def test_a_job_is_free_as_soon_as_the_run_is_through_with_it(site: Standin, other: Store, tmp_path: Path) -> None:
    """And not only when the run is through with all others."""
    site.storage_settings(rate=2000)
    got: list[Job] = []

    def act() -> bool:
        for job in stored():
            if job.layers and (taken := other.take(job.key, OTHER, time.time())):
                got.append(taken)
        return bool(got) and in_state(JobState.READY)

    with pytest.raises(QgsProcessingException, match="Stopped."):
        areas = squares((-105.8, 40.2, -105.78, 40.22), (-105.8, 40.2, -105.5, 40.5))
        order(site, Feedback(act), ITEMS="layer:104", AREA=areas, PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert [job.state for job in got] == [JobState.DONE]


# --- stopping --------------------------------------------------------------------------------------------------------


def ended_after(action: Callable[[], Any]) -> float:
    began = time.monotonic()
    with pytest.raises(QgsProcessingException, match="Stopped."):
        action()
    return time.monotonic() - began


def test_stopping_does_not_wait_for_a_price(site: Standin) -> None:
    site.fault("slow", seconds=12, method="POST", path=f"{EXPORTS}validate/", skip=1)
    feedback = Feedback(lambda: validations(site) == 2)
    assert ended_after(lambda: order(site, feedback, EXTENT=ROCKIES)) < SOON
    assert orders_sent(site) == 0 and [job.state for job in stored()] == [JobState.CANCELLED]


def test_stopping_waits_once_for_all_that_is_under_way(site: Standin, tmp_path: Path) -> None:
    site.settings(polls=0)
    areas = squares(WEST, MIDDLE, EAST, (-105.8, 40.3, -105.7, 40.4))
    jobs = order(site, AREA=areas, PER_FEATURE=True, WAIT=False, OUTPUT=str(tmp_path))["JOB_ID"]
    assert run("collect", JOB_ID=jobs, WAIT=False)["STATE"].split(",") == ["ready"] * 4
    paths = {f"{EXPORTS}{export['id']}/" for export in site.exports()}
    for path in paths:
        site.fault("slow", seconds=9, path=path, method="GET", count=-1)
    before = len(site.requests("koordinates"))

    def all_are_asked_for() -> bool:
        return paths <= {one.path for one in site.requests("koordinates")[before:]}

    assert ended_after(lambda: run("collect", Feedback(all_are_asked_for), JOB_ID=jobs)) < SOON
    site.reset()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes every connection and never answers, and the connections so far."""
    monkeypatch.setenv("CUTOUT_TOKEN", "of-nobody")
    monkeypatch.setattr("cutout.core.http.TIMEOUT", (1.0, 1.0))
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            with suppress(OSError):  # the end
                while True:
                    taken.append(server.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", taken
        server.shutdown(socket.SHUT_RDWR)
    for one in taken:
        one.close()


@pytest.mark.parametrize("is_dry", [True, False])
def test_a_server_that_never_answers_is_told_after_one_timeout(
    silent: tuple[str, list[socket.socket]], is_dry: bool
) -> None:
    """Which is 15 s: three of them would be more than the 30 s in which it has to be said."""
    server, taken = silent
    with pytest.raises(QgsProcessingException, match="SERVER: .* stopped answering"):
        run("koordinates", SERVER=server, ITEMS="layer:1", EXTENT=ROCKIES, DRY_RUN=is_dry)
    assert len(taken) == 1 and stored() == []


@pytest.mark.parametrize("is_dry", [True, False])
def test_stopping_does_not_wait_for_a_server_that_never_answers(
    silent: tuple[str, list[socket.socket]], monkeypatch: pytest.MonkeyPatch, is_dry: bool
) -> None:
    server, taken = silent
    monkeypatch.setattr("cutout.core.http.TIMEOUT", (1.0, 10.0))
    feedback = Feedback(lambda: bool(taken))
    parameters = {"SERVER": server, "ITEMS": "layer:1", "EXTENT": ROCKIES, "DRY_RUN": is_dry}
    assert ended_after(lambda: run("koordinates", feedback, **parameters)) < SOON
    taken[0].close()


# --- the list of jobs ------------------------------------------------------------------------------------------------


def locked() -> sqlite3.Connection:
    """The list of jobs, which nobody else can write until this is closed."""
    connection = sqlite3.connect(store_path(), isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_a_list_that_cannot_be_written_ends_the_run_with_the_job(
    site: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "PATIENCE", 0.2)
    site.settings(polls=1000)
    locks: list[sqlite3.Connection] = []

    def lock() -> bool:
        if in_state(JobState.RUNNING):
            locks.append(locked())
        return bool(locks)

    with pytest.raises(QgsProcessingException, match="list of jobs .* can't be used") as failure:
        order(site, Feedback(once(lock)), EXTENT=ROCKIES)
    locks[0].close()
    (job,) = stored()
    assert f"JOB_ID {job.key} is running" in str(failure.value)
    site.settings(polls=0)
    assert run("collect", JOB_ID=job.key)["STATE"] == "done"


def test_the_ids_of_an_order_are_stored_even_if_the_list_is_locked_for_a_while(
    site: Standin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(store_file, "PATIENCE", 0.4)
    site.fault("slow", seconds=1, method="POST", path=f"{EXPORTS}$")
    site.fault("status", status=403, path=f"{EXPORTS}$", method="GET", count=1)  # it can't be looked for
    frees: list[threading.Timer] = []

    def lock() -> bool:
        if in_state(JobState.SUBMITTING):
            lock = locked()
            frees.append(threading.Timer(1.7, lock.close))
            frees[0].start()
            frees[0].join()  # nor does anything of this thread
        return bool(frees)

    assert order(site, Feedback(once(lock)), EXTENT=ROCKIES, OUTPUT=str(tmp_path))["STATE"] == "done"
    assert orders_sent(site) == 1


# --- how it ends -----------------------------------------------------------------------------------------------------


def test_when_the_time_is_over_that_is_told_though_some_have_come(site: Standin, tmp_path: Path) -> None:
    site.storage_settings(rate=2000)
    areas = squares((-105.8, 40.2, -105.78, 40.22), (-105.8, 40.2, -105.5, 40.5))
    feedback = Feedback()
    results = order(site, feedback, ITEMS="layer:104", AREA=areas, PER_FEATURE=True, OUTPUT=str(tmp_path), TIMEOUT=0.07)
    assert results["STATE"] == "done,ready" and len(results["LAYERS"]) == 1
    assert "TIMEOUT: 0.07 minutes are over." in feedback.text and results["AREA_KM2"] > 0


def test_time_that_is_over_before_the_files_are_looked_through_is_no_success_without_layers(
    site: Standin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from cutout.bridge import survey

    looks, go_on = survey.survey, threading.Event()
    monkeypatch.setattr(survey, "survey", lambda folder: go_on.wait(10) and looks(folder))
    with pytest.raises(QgsProcessingException, match="TIMEOUT") as failure:
        order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path), TIMEOUT=0.05)
    go_on.set()
    (job,) = stored()
    assert f"JOB_ID {job.key} is done." in str(failure.value) and "cutout:collect" in str(failure.value)
    assert len(run("collect", JOB_ID=job.key)["LAYERS"]) == 1


@pytest.mark.parametrize("kind", ["ExportError", "RuntimeError"])
def test_layers_that_cannot_be_merged_come_one_by_one(
    site: Standin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    from cutout.bridge import together
    from cutout.core.errors import ExportError

    def full(*_: object) -> None:
        raise (ExportError if kind == "ExportError" else RuntimeError)("The disk is full.")

    monkeypatch.setattr(together, "together", full)
    feedback, areas = Feedback(), squares(WEST, EAST)
    results = order(site, feedback, AREA=areas, PER_FEATURE=True, MERGE=True, OUTPUT=str(tmp_path))
    assert results["STATE"] == "done,done" and len(results["LAYERS"]) == 2
    assert "The disk is full." in feedback.text


def test_the_price_is_that_of_what_was_ordered(site: Standin, tmp_path: Path) -> None:
    site.settings(price="12.50")
    site.fault("status", status=402, method="POST", path=f"{EXPORTS}$", message="No credit left")
    results = order(site, AREA=squares(WEST, EAST), PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert sorted(results["STATE"].split(",")) == ["done", "failed"]
    assert (results["PRICE"], results["CURRENCY"]) == (12.5, "NZD")


def test_prices_in_two_currencies_have_no_sum() -> None:
    from decimal import Decimal

    from cutout.core.model import Quote
    from cutout.toolbox.following import price

    quotes = [Quote(price=Decimal(1), currency="NZD"), Quote(price=Decimal(1), currency="EUR")]
    assert price(quotes) == {"PRICE": None, "CURRENCY": ""}


def test_a_fault_when_a_file_is_to_be_fetched_is_not_the_end(site: Standin, other: Store, tmp_path: Path) -> None:
    """As when fifty exports are ready at once and the service asks for a pause."""
    placed_job = other.take(placed(site, tmp_path), OTHER, time.time())
    assert placed_job is not None
    other.save(replace(placed_job, state=JobState.READY), OTHER)
    other.release(placed_job.key, OTHER)
    site.fault("status", status=429, retry_after=3, path=EXPORTS, method="GET")
    assert run("collect", JOB_ID=placed_job.key)["STATE"] == "done"


# --- collect ---------------------------------------------------------------------------------------------------------


def placed(site: Standin, tmp_path: Path, **more: Any) -> str:
    return str(order(site, EXTENT=ROCKIES, WAIT=False, OUTPUT=str(tmp_path), **more)["JOB_ID"])


def test_a_look_does_not_wait_for_the_files(site: Standin, tmp_path: Path) -> None:
    site.settings(polls=0)
    key = placed(site, tmp_path)
    assert run("collect", JOB_ID=key, WAIT=False)["STATE"] == "ready"
    assert run("collect", JOB_ID=key, WAIT=False)["STATE"] == "ready"
    assert site.requests("storage") == []
    assert run("collect", JOB_ID=key)["STATE"] == "done"
    assert len(run("collect", JOB_ID=key, WAIT=False)["LAYERS"]) == 1


def test_a_look_does_not_wait_for_another_run(site: Standin, other: Store, tmp_path: Path) -> None:
    key = placed(site, tmp_path)
    assert (job := other.take(key, OTHER, time.time()))

    def looked_at_there() -> bool:
        other.beat(OTHER, time.time())
        return other.save(replace(job, state=JobState.RUNNING, updated=time.time()), OTHER)

    assert run("collect", Feedback(once(looked_at_there)), JOB_ID=key, WAIT=False, TIMEOUT=0.1)["STATE"] == "running"


def test_what_another_window_fetches_meanwhile_is_not_fetched_again(
    site: Standin, other: Store, tmp_path: Path
) -> None:
    first = order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    job = other.take(first["JOB_ID"], OTHER, time.time())
    assert job is not None
    other.save(replace(job, state=JobState.READY, folder="", layers=()), OTHER)
    looks: list[int] = []

    def fetched_there() -> bool:
        looks.append(1)
        if len(looks) == 5:
            other.save(replace(job, layers=()), OTHER)
            other.release(job.key, OTHER)
        return len(looks) >= 5

    seen = len(site.requests())
    results = run("collect", Feedback(once(fetched_there)), JOB_ID=job.key)
    assert results["LAYERS"] == first["LAYERS"] and len(site.requests()) == seen


def test_a_job_that_is_removed_while_it_is_waited_for(site: Standin, other: Store, tmp_path: Path) -> None:
    key = placed(site, tmp_path)
    assert other.take(key, OTHER, time.time())

    def removed() -> bool:
        other.remove(key)
        return True

    with pytest.raises(QgsProcessingException, match="taken out of the list"):
        run("collect", Feedback(once(removed)), JOB_ID=key, TIMEOUT=0.1)


def test_an_account_that_is_gone_does_not_keep_the_others(site: Standin, other: Store, tmp_path: Path) -> None:
    good = placed(site, tmp_path)
    bad = replace(unsent(site, other), state=JobState.QUEUED, authcfg="gone123", remote={"id": 1})
    other.save(bad, OTHER)
    feedback = Feedback()
    results = run("collect", feedback, JOB_ID=f"{bad.key},{good},{bad.key}")
    assert (results["JOB_ID"], results["STATE"]) == (f"{bad.key},{good}", "queued,done")
    assert (
        f"JOB_ID {bad.key} is queued. QGIS has no auth config gone123" in feedback.text
        and "It is kept" in feedback.text
    )
    with pytest.raises(QgsProcessingException, match=f"JOB_ID {bad.key} is queued. QGIS has no auth config gone123"):
        run("collect", JOB_ID=bad.key)
    assert {job.key: job.state for job in stored()}[bad.key] is JobState.QUEUED


def test_a_job_of_an_unknown_service_is_named_and_kept(site: Standin, other: Store, tmp_path: Path) -> None:
    good, strange = placed(site, tmp_path), unsent(site, other, state=JobState.QUEUED)
    other.save(replace(strange, request=replace(strange.request, service="later")), OTHER)
    feedback = Feedback()
    assert run("collect", feedback, JOB_ID=f"{good},{strange.key}")["STATE"] == "done,queued"
    assert "does not know the service later" in feedback.text
    with pytest.raises(QgsProcessingException, match="does not know the service later"):
        run("collect", JOB_ID=strange.key)


def test_the_folder_of_the_job_itself_is_where_its_files_are_already(site: Standin, tmp_path: Path) -> None:
    first = order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    before = files(tmp_path)
    again = run("collect", JOB_ID=first["JOB_ID"], OUTPUT=first["OUTPUT"])
    assert again["LAYERS"] == first["LAYERS"] and files(tmp_path) == before


def test_files_are_not_copied_into_themselves(site: Standin, tmp_path: Path) -> None:
    first = order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    before = files(tmp_path)
    with pytest.raises(QgsProcessingException, match="OUTPUT"):
        run("collect", JOB_ID=first["JOB_ID"], OUTPUT=str(Path(first["OUTPUT"]) / "deeper"))
    assert files(tmp_path) == before and not (Path(first["OUTPUT"]) / "deeper").exists()
    assert stored()[0].folder == first["OUTPUT"]


def test_files_that_cannot_be_copied_do_not_keep_the_others(site: Standin, tmp_path: Path) -> None:
    keys = [order(site, AREA=squares(one), OUTPUT=str(tmp_path / "a"))["JOB_ID"] for one in (WEST, EAST)]
    first, second = stored()
    there = tmp_path / "b"
    there.mkdir()
    (there / f"{first.folder_name}.part").write_text("in the way")
    feedback = Feedback()
    results = run("collect", feedback, JOB_ID=",".join(keys), OUTPUT=str(there))
    assert len(results["LAYERS"]) == 1 and str(there) in results["LAYERS"][0]
    assert f"JOB_ID {first.key} is done." in feedback.text and "can't be read or written" in feedback.text
    assert [job.folder for job in stored()] == [first.folder, str(there / second.folder_name)]
    with pytest.raises(QgsProcessingException, match="can't be read or written"):
        run("collect", JOB_ID=first.key, OUTPUT=str(there))
    assert len(run("collect", JOB_ID=first.key)["LAYERS"]) == 1


def test_folders_without_anything_in_common() -> None:
    from cutout.toolbox.following import outcome

    jobs = [
        replace(new_job(ExportRequest("koordinates", "x"), 0.0), state=JobState.DONE, folder=folder)
        for folder in ("d:/exports/a-1", "/exports/b-2")
    ]
    assert outcome(jobs, [])["OUTPUT"] == "d:/exports"


def test_a_temporary_folder_is_not_named_for_files_that_come_later(site: Standin, tmp_path: Path) -> None:
    QgsSettings().setValue("cutout/downloads", str(tmp_path))
    results = order(site, EXTENT=ROCKIES, WAIT=False, OUTPUT="TEMPORARY_OUTPUT")
    assert Path(results["OUTPUT"]).parent == tmp_path
    assert run("collect", JOB_ID=results["JOB_ID"])["OUTPUT"] == results["OUTPUT"]
    assert QgsVectorLayer(run("collect", JOB_ID=results["JOB_ID"])["LAYERS"][0], "counties", "ogr").isValid()


# --- several at once, and others in the same QGIS --------------------------------------------------------------------


def test_a_download_that_fails_does_not_keep_the_others(site: Standin, tmp_path: Path) -> None:
    site.fault("short", server="storage", part=0.6)
    feedback = Feedback()
    areas = squares(WEST, MIDDLE, EAST)
    results = order(site, feedback, ITEMS="layer:101", AREA=areas, PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert sorted(results["STATE"].split(",")) == ["done", "done", "ready"] and len(results["LAYERS"]) == 2
    (left,) = (job for job in stored() if job.state is JobState.READY)
    assert f"JOB_ID {left.key} is ready. " in feedback.text and left.message in feedback.text and left.paused
    assert run("collect", JOB_ID=left.key)["STATE"] == "done"


def test_a_folder_that_is_removed_meanwhile_is_made_again(site: Standin, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    def removed() -> bool:
        if in_state(JobState.QUEUED, JobState.RUNNING):
            folder.rmdir()
        return not folder.exists()

    results = order(site, Feedback(once(removed)), EXTENT=ROCKIES, OUTPUT=str(folder))
    assert results["STATE"] == "done" and Path(results["OUTPUT"]).parent == folder


def test_a_run_may_be_started_in_the_middle_of_another(site: Standin, tmp_path: Path) -> None:
    """A toolbox whose thread we are in handles its events when it is told of progress."""
    inner: list[dict[str, Any]] = []

    class Busy(Feedback):
        def setProgress(self, progress: float) -> None:
            super().setProgress(progress)
            if not inner and in_state(JobState.RUNNING):
                inner.append({})
                inner[0] = order(site, AREA=squares(EAST), OUTPUT=str(tmp_path / "inner"))

    site.settings(polls=3)
    outer = order(site, Busy(), AREA=squares(WEST), OUTPUT=str(tmp_path / "outer"))
    assert (outer["STATE"], inner[0]["STATE"]) == ("done", "done")
    assert len(site.exports()) == 2


def in_tasks(feedback: Feedback, *runs: dict[str, Any]) -> list[QgsTask]:
    """The algorithm of the Koordinates service as the toolbox runs it. Each with a context of its own."""
    tasks = []
    for parameters in runs:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cutout:koordinates")
        context = QgsProcessingContext()
        task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
        task.of_the_test = context  # type: ignore[attr-defined]
        tasks.append(task)
    return tasks


def test_runs_in_the_background_leave_their_threads_as_they_were(site: Standin, tmp_path: Path) -> None:
    pools = [QThreadPool.globalInstance()]
    if hasattr(QgsApplication.taskManager(), "threadPool"):
        pools.append(QgsApplication.taskManager().threadPool())
    before = [(pool.activeThreadCount(), pool.maxThreadCount()) for pool in pools]
    common = {"SERVER": site.url, "ITEMS": site.layer_url("counties"), "EXTENT": ROCKIES, "OUTPUT": str(tmp_path)}
    ended: list[tuple[bool, dict[str, Any]]] = []
    feedback = Feedback()
    tasks = in_tasks(feedback, common, {**common, "SERVER": "http://127.0.0.1:9"})
    for task in tasks:
        task.executed.connect(lambda *results: ended.append(results))
        QgsApplication.taskManager().addTask(task)
    wait_until(lambda: len(ended) == 2)
    assert sorted(fine for fine, _ in ended) == [False, True]
    wait_until(lambda: [(pool.activeThreadCount(), pool.maxThreadCount()) for pool in pools] == before)


def test_the_plugin_may_be_gone_when_a_run_ends(site: Standin, toolbox: CutoutProcessing, tmp_path: Path) -> None:
    site.settings(polls=3)
    common = {"SERVER": site.url, "ITEMS": site.layer_url("counties"), "EXTENT": ROCKIES, "OUTPUT": str(tmp_path)}
    ended: list[tuple[bool, dict[str, Any]]] = []
    feedback = Feedback()
    (task,) = in_tasks(feedback, common)
    task.executed.connect(lambda *results: ended.append(results))
    QgsApplication.taskManager().addTask(task)
    wait_until(lambda: in_state(JobState.RUNNING))
    QgsApplication.processingRegistry().removeProvider(toolbox)
    wait_until(lambda: ended)
    assert [(is_fine, results["STATE"]) for is_fine, results in ended] == [(True, "done")]


def test_the_main_thread_is_not_waited_for_when_it_does_not_come(qgis_app: QgsApplication) -> None:
    """When QGIS ends it waits for its tasks, and a task that waits for it would never end."""
    stopped, ended, came = threading.Event(), list[str](), list[str]()

    def work() -> None:
        try:
            on_main_thread(lambda: came.append("came"), stopped.is_set)
        except Cancelled:
            ended.append("stopped")

    thread = threading.Thread(target=work)
    thread.start()
    stopped.set()
    thread.join(SOON)
    assert ended == ["stopped"] and came == []
    wait_until(lambda: came == ["came"])  # late, and for nobody; it does no harm


# --- politeness ------------------------------------------------------------------------------------------------------


class Alone(Provider):
    """A service that has to be asked for each job by itself."""

    @classmethod
    def headers(cls, secret: Secret) -> dict[str, str]:
        return {}


class Listing(Alone):
    def poll_many(self, jobs: Sequence[Job]) -> dict[str, Look]:
        return {}


def looks_sent(kind: type[Provider], minutes: float, jobs_a_second: float = 4.0) -> tuple[dict[str, int], int]:
    """200 orders that take long: how often each is asked for, and how often the server is."""
    provider = kind("https://example.org", Secret(), Network())
    waiting = [replace(new_job(ExportRequest("x", "y"), 0.0), state=JobState.QUEUED) for _ in range(200)]
    turns = Turns({job.key: provider for job in waiting})
    jobs: dict[str, Job] = {}
    looks, requests, now = {job.key: 0 for job in waiting}, 0, 1000.0
    while now < 1000 + 60 * minutes:
        while waiting and len(jobs) < (now - 1000) * jobs_a_second:
            job = waiting.pop()
            jobs[job.key] = replace(job, due=now + lifecycle.FIRST_LOOK, wait=lifecycle.FIRST_LOOK)
        for group in turns.looks(list(jobs.values()), now):
            requests += 1
            for job in group:
                looks[job.key] += 1
                jobs[job.key] = lifecycle.looked(job, Look(JobState.QUEUED), now)
        now += 0.1
    return looks, requests


@pytest.fixture
def real_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "FIRST_LOOK", 2.0)


def test_a_service_that_does_not_list_is_asked_for_what_is_due_only(real_pace: None) -> None:
    looks, _ = looks_sent(Alone, minutes=10)
    assert min(looks.values()) >= 15 and max(looks.values()) <= 18  # 2, 3, 4.5 … 60 s apart


def test_a_service_that_lists_is_asked_for_all_at_once(real_pace: None) -> None:
    looks, requests = looks_sent(Listing, minutes=10)
    assert min(looks.values()) >= 15 and requests <= 60


def test_a_service_that_wants_a_pause_gets_it(real_pace: None) -> None:
    provider = Listing("https://example.org", Secret(), Network())
    first, second = (replace(new_job(ExportRequest("x", "y"), 0.0), state=JobState.QUEUED) for _ in range(2))
    turns = Turns({first.key: provider, second.key: provider})
    first, second = replace(first, soft_errors=1, due=1077.0), replace(second, due=1002.0)
    assert turns.looks([first, second], 1050.0) == []
    assert turns.looks([first, second], 1077.0) == [[first, second]]


def test_a_clock_that_jumps_ends_no_run(site: Standin, tmp_path: Path) -> None:
    """As when the machine has slept, or was set right."""
    offset = [0.0]
    feedback = Feedback()
    site.settings(polls=2)
    account = next(one for one in Accounts().all("koordinates") if one.server == site.url)
    provider = Accounts().connect_to(account)
    request = ExportRequest("koordinates", site.url, {"items": "layer:101"}, PARK, "Slept")
    with runs.Run(Store(store_path()), tmp_path, feedback, lambda: time.time() + offset[0]) as one:
        one.order(new_job(request, time.time()), provider)

        def jump(job: Job) -> bool:
            if job.state is JobState.RUNNING:
                offset[0] = 8 * 3600
            return runs.is_over(job)

        assert one.follow(jump, 60)
        assert [job.state for job in one.jobs] == [JobState.DONE]
    assert orders_sent(site) == 1
