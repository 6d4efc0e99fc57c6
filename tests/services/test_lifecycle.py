"""advance and collect, driven by a fake clock against the stand-in: what a job goes through, and what never happens."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cutout.core.address import host
from cutout.core.errors import Cancelled, ExportError
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, advance_many, cancelled, collect, held, looked_for_now
from cutout.core.model import ExportRequest, Job, JobState, new_job, order_again
from cutout.providers.koordinates import Koordinates
from tests.places import PARK
from tests.standin.client import Standin

EXPORTS = "/services/api/v1.x/exports/"


def provider(standin: Standin, key: str = "") -> Koordinates:
    return Koordinates(standin.url, Secret(password=key or standin.key), Network(pause=lambda seconds: None))


def new(standin: Standin, items: str = "layer:101", **options: Any) -> Job:
    request = ExportRequest("koordinates", standin.url, {"items": items, **options}, PARK, "Fall River")
    return new_job(request, standin.advance(0))


def orders_sent(standin: Standin) -> int:
    return sum(one.method == "POST" and one.path == EXPORTS for one in standin.requests())


def until_ready(standin: Standin, job: Job) -> Job:
    now = job.created
    for _ in range(20):
        job = advance(provider(standin), job, now)
        now = job.due or now
    return job


def quiet(done: int, total: int | None) -> None:
    pass


def test_from_new_to_done_with_files_and_manifest(standin: Standin, tmp_path: Path) -> None:
    job = until_ready(standin, new(standin, "101,104"))
    assert job.state is JobState.READY
    job = collect(provider(standin), job, tmp_path, quiet, clock=lambda: 12.0)
    assert (job.state, job.finished, job.problems) == (JobState.DONE, 12.0, ())
    folder = tmp_path / f"Fall-River-{job.key}"
    assert Path(job.folder) == folder
    names = {record.name for record in job.files}
    assert names == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {
        "cutout.json"
    }
    assert any(name.endswith(".gpkg") for name in names) and any(name.endswith(".tif") for name in names)
    manifest = json.loads((folder / "cutout.json").read_text())
    assert manifest["area"] == PARK
    assert {entry["name"] for entry in manifest["files"]} == names
    assert manifest["license"]["title"]
    assert (
        manifest["attribution"] == f"Sourced from {host(standin.url)} and licensed under {manifest['license']['title']}"
    )
    assert Job.from_json(job.to_json()) == job


def test_no_credential_reaches_the_storage(standin: Standin, tmp_path: Path) -> None:
    collect(provider(standin), until_ready(standin, new(standin)), tmp_path, quiet)
    at_storage = standin.requests("storage")
    assert at_storage
    for request in at_storage:
        assert request.header("Authorization") is None
        assert standin.key not in f"{request.path}?{request.query}{request.headers}"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and standin.key.encode() in path.read_bytes()]


def test_submitting_is_stored_before_the_order_leaves(standin: Standin) -> None:
    stored: list[tuple[JobState, int]] = []
    advance(provider(standin), new(standin), 0.0, lambda job: stored.append((job.state, orders_sent(standin))))
    assert stored[0] == (JobState.SUBMITTING, 0)
    assert orders_sent(standin) == 1


def test_nothing_is_sent_when_it_cannot_be_stored(standin: Standin) -> None:
    def full(job: Job) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        advance(provider(standin), new(standin), 0.0, full)
    assert orders_sent(standin) == 0


def test_found_as_submitting_it_is_looked_for_and_never_sent_again(standin: Standin) -> None:
    job = new(standin)
    remote = next(provider(standin).submit(job.request))
    found = advance(provider(standin), replace(job, state=JobState.SUBMITTING), job.created)
    assert (found.state, found.remote) == (JobState.QUEUED, remote)
    lost = advance(provider(standin), replace(new(standin, "103"), state=JobState.SUBMITTING), job.created)
    assert lost.state is JobState.UNCERTAIN
    assert "charged twice" in lost.message
    assert orders_sent(standin) == 1


def test_a_lost_answer_is_recovered_at_once(standin: Standin) -> None:
    standin.fault("lost", method="POST", path=EXPORTS, skip=1)  # the first POST below it is the validation
    job = advance(provider(standin), new(standin), 0.0)
    assert job.state is JobState.QUEUED
    assert [export["id"] for export in standin.exports()] == [job.remote["id"]]
    assert orders_sent(standin) == 1


def test_a_lost_answer_with_the_service_down_stays_open_and_is_found_later(standin: Standin) -> None:
    standin.fault("lost", method="POST", path=EXPORTS, skip=1)
    standin.fault("status", method="GET", path=EXPORTS, status=503, count=3)
    job = advance(provider(standin), new(standin), standin.advance(0))
    assert (job.state, job.soft_errors, job.paused) == (JobState.SUBMITTING, 1, False)
    job = advance(provider(standin), job, standin.advance(0))
    assert job.state is JobState.QUEUED
    assert orders_sent(standin) == 1


def test_however_late_it_is_looked_for_an_order_is_found(standin: Standin) -> None:
    standin.fault("lost", method="POST", path=EXPORTS, skip=1)
    standin.fault("status", method="GET", path=EXPORTS, status=503, count=9)  # three tries at each of three looks
    now = standin.advance(0)
    job = advance(provider(standin), new(standin), now)
    for late in (300.0, 900.0):
        job = looked_for_now(advance(provider(standin), job, now + late), now + late)
    assert (job.state, job.soft_errors) == (JobState.SUBMITTING, 0)
    assert advance(provider(standin), job, now + 1800).state is JobState.QUEUED
    assert orders_sent(standin) == 1


def test_too_many_orders_at_once_is_a_refusal_and_nothing_uncertain(standin: Standin) -> None:
    standin.fault("status", method="POST", path=f"{EXPORTS}$", status=429, retry_after=30)
    job = advance(provider(standin), new(standin), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")
    assert orders_sent(standin) == 1


def test_an_order_that_is_sent_on_elsewhere_was_not_taken(standin: Standin) -> None:
    headers = {"Location": "https://elsewhere.example/"}
    standin.fault("status", method="POST", path=f"{EXPORTS}$", status=307, headers=headers, text="", content_type="x/y")
    job = advance(provider(standin), new(standin), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")


def test_an_invalid_order_creates_nothing(standin: Standin) -> None:
    standin.settings(refuse=["too-large"])
    job = advance(provider(standin), new(standin), 0.0)
    assert job.state is JobState.FAILED
    site = standin.url.partition("//")[2]
    assert job.message == f"{site} refuses the export: too-large. Nothing was ordered."
    assert orders_sent(standin) == 0


@pytest.mark.parametrize("path", ["validate/", "$"], ids=["validation", "order"])
@pytest.mark.parametrize("status", [400, 403])
def test_a_refusal_of_the_second_order_says_nothing_of_the_first(standin: Standin, path: str, status: int) -> None:
    standin.fault("status", method="POST", path=f"{EXPORTS}{path}", status=status)
    again = replace(new(standin), submitted=1000.0)  # as somebody made it that is to be sent once more
    job = advance(provider(standin), again, 2000.0)
    assert (job.state, job.submitted) == (JobState.UNCERTAIN, 1000.0)
    assert "Nothing was sent again." in job.message and "first order" in job.message


def test_a_key_without_permission_orders_nothing(standin: Standin) -> None:
    job = advance(provider(standin, standin.reader_key), new(standin), 0.0)
    assert job.state is JobState.FAILED
    assert "lacks the permission" in job.message and job.message.endswith("Nothing was ordered.")


def test_a_service_that_is_down_is_said_soon(standin: Standin) -> None:
    job = replace(new(standin), created=0.0)
    nobody = Koordinates("http://127.0.0.1:9", Secret(password=standin.key), Network())
    now = 0.0
    while job.state is JobState.NEW:
        job = advance(nobody, job, now)
        now = job.due or now
        assert "can't be reached" in job.message
    assert job.state is JobState.FAILED and now <= 30
    assert "Nothing was ordered." in job.message


def test_what_waited_for_its_turn_has_as_much_patience_as_the_first(standin: Standin) -> None:
    """In a long run one short outage must not fail all that was not ordered yet."""
    standin.fault("status", status=503, path=EXPORTS, count=3)  # the three tries of a look at the price
    job = advance(provider(standin), replace(new(standin), created=0.0), 3600.0)
    assert (job.state, job.due, job.faulty_since) == (JobState.NEW, 3602.0, 3600.0)
    job = advance(provider(standin), job, 3602.0)
    assert (job.state, job.faulty_since) == (JobState.QUEUED, None)


def test_a_service_that_was_busy_for_long_gets_as_much_patience(standin: Standin) -> None:
    standin.fault("status", status=429, retry_after=60, path=EXPORTS)
    standin.fault("status", status=503, path=EXPORTS, count=3)
    job = advance(provider(standin), new(standin), 0.0)
    assert (job.state, job.due) == (JobState.NEW, 60.0)
    job = advance(provider(standin), job, 60.0)
    assert job.state is JobState.NEW
    assert advance(provider(standin), job, 63.0).state is JobState.QUEUED


def test_looks_come_slower_and_slower(standin: Standin) -> None:
    standin.settings(polls=100)
    job, now, waits = advance(provider(standin), new(standin), 0.0), 0.0, []
    for _ in range(12):
        waits.append((job.due or 0) - now)
        now = job.due or 0
        job = advance(provider(standin), job, now)
    assert waits[:4] == [2.0, 3.0, 4.5, 6.75]
    assert max(waits) == waits[-1] == 60.0


def test_retry_after_is_obeyed_and_five_faults_in_a_row_pause(standin: Standin) -> None:
    standin.settings(polls=100)
    job = advance(provider(standin), new(standin), 0.0)
    standin.fault("status", status=429, retry_after=77, path=EXPORTS)
    job = advance(provider(standin), job, 100.0)
    assert (job.due, job.soft_errors) == (177.0, 1)
    standin.fault("status", status=503, path=EXPORTS, count=4)
    for now in range(200, 600, 100):
        job = advance(provider(standin), job, float(now))
    assert (job.paused, job.state) == (True, JobState.RUNNING if job.word else JobState.QUEUED)
    assert "Paused after 5 tries" in job.message
    assert advance(provider(standin), job, 700.0) == job
    job = advance(provider(standin), looked_for_now(job, 800.0), 800.0)
    assert (job.paused, job.soft_errors, job.state) == (False, 0, JobState.RUNNING)


def test_a_revoked_key_holds_the_job_and_loses_nothing(standin: Standin) -> None:
    job = advance(provider(standin), new(standin), 0.0)
    job = advance(provider(standin, standin.foreign_key), job, 5.0)
    assert job.paused and job.state is JobState.QUEUED
    assert "does not accept the key" in job.message


def test_a_new_word_is_logged_once(standin: Standin, caplog: pytest.LogCaptureFixture) -> None:
    standin.settings(open_state="reticulating", polls=10)
    job = advance(provider(standin), new(standin), 0.0)
    with caplog.at_level(logging.WARNING):
        for now in (2.0, 5.0, 9.0):
            job = advance(provider(standin), job, now)
    assert job.state is JobState.RUNNING and "reticulating" in job.message
    assert sum("reticulating" in record.message for record in caplog.records) == 1


def test_failed_and_expired_say_what_to_do(standin: Standin) -> None:
    standin.settings(final="error")
    failed = until_ready(standin, new(standin))
    assert failed.state is JobState.FAILED and "Order it again" in failed.message
    standin.settings(final="complete", lifetime=60)
    ready = until_ready(standin, new(standin))
    standin.advance(120)
    gone = collect(provider(standin), ready, Path("unused"), quiet, clock=lambda: 1.0)
    assert gone.state is JobState.EXPIRED and "Order it again" in gone.message
    again = order_again(gone, 50.0)
    assert again.key != gone.key and again.request.options == gone.request.options
    assert advance(provider(standin), again, 50.0).state is JobState.QUEUED


def test_a_zip_that_is_cut_short_is_said_and_can_be_fetched_again(standin: Standin, tmp_path: Path) -> None:
    job = until_ready(standin, new(standin))
    standin.fault("short", server="storage", part=0.6)
    with pytest.raises(ExportError, match="not whole") as cut:
        collect(provider(standin), job, tmp_path, quiet)
    assert cut.value.advice
    assert not list(tmp_path.rglob("*.gpkg"))
    assert collect(provider(standin), job, tmp_path, quiet).state is JobState.DONE


@pytest.mark.parametrize("kind", ["cut", "truncated", "expired", "changed", "no_range", "reset"])
def test_bad_weather_in_the_download_is_overcome(standin: Standin, tmp_path: Path, kind: str) -> None:
    job = until_ready(standin, new(standin, "101,104,105"))
    standin.fault("cut", server="storage", part=0.4)
    standin.fault(kind, server="storage")
    assert collect(provider(standin), job, tmp_path, quiet).state is JobState.DONE
    assert not list(tmp_path.rglob("*.part"))


def test_stopping_a_download_keeps_what_came(standin: Standin, tmp_path: Path) -> None:
    job = until_ready(standin, new(standin, "101,104,105"))

    def stop(done: int, total: int | None) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        collect(provider(standin), job, tmp_path, stop)
    assert collect(provider(standin), job, tmp_path, quiet).state is JobState.DONE


def test_a_bare_tiff_instead_of_a_zip(standin: Standin, tmp_path: Path) -> None:
    standin.settings(bare_tiff=True, sheet=4096)
    job = collect(provider(standin), until_ready(standin, new(standin, "104")), tmp_path, quiet)
    assert [Path(record.name).suffix for record in job.files] == [".tif"]


def test_several_jobs_of_one_site_are_asked_in_one_request(standin: Standin) -> None:
    standin.settings(polls=3)
    jobs = [advance(provider(standin), new(standin), 0.0) for _ in range(5)]
    before = len(standin.requests("koordinates"))
    moved = list(advance_many(provider(standin), jobs, 2.0))
    assert len(standin.requests("koordinates")) == before + 1
    assert [job.key for job in moved] == [job.key for job in jobs]
    assert {job.state for job in moved} == {JobState.RUNNING}


def test_cancelling(standin: Standin) -> None:
    standin.settings(polls=100)
    job = advance(provider(standin), new(standin), 0.0)
    stopped = cancelled(provider(standin), job, 1.0)
    assert (stopped.state, stopped.finished, stopped.due) == (JobState.CANCELLED, 1.0, None)
    assert standin.exports()[0]["state"] == "cancelled"
    never = cancelled(provider(standin), new(standin), 1.0)
    assert never.state is JobState.CANCELLED and len(standin.exports()) == 1


def test_only_what_is_known_to_be_at_the_service_is_cancelled_there(standin: Standin) -> None:
    done = replace(new(standin), state=JobState.DONE, remote={"id": 1})
    assert cancelled(provider(standin), done, 1.0) == done
    with pytest.raises(ExportError, match="not known") as unknown:
        cancelled(provider(standin), replace(new(standin), state=JobState.SUBMITTING), 1.0)
    assert unknown.value.advice
    assert not standin.requests()


def test_what_has_ended_or_waits_for_the_person_is_left_alone(standin: Standin) -> None:
    job = new(standin)
    for state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED, JobState.READY):
        assert advance(provider(standin), replace(job, state=state), 5.0).state is state
    paused = held(job, "Because.", 1.0)
    assert advance(provider(standin), paused, 5.0) == paused
    assert not standin.requests()


def test_a_job_is_its_own_resume_token(standin: Standin) -> None:
    job = advance(provider(standin), new(standin), 3.5)
    text = job.to_json()
    assert Job.from_json(text) == job
    assert standin.key not in text
    newer = json.dumps({**json.loads(text), "invented_later": 1})
    assert Job.from_json(newer) == job


# An order in several requests


class InSteps(Koordinates):
    """A service whose order takes two requests, and gives an id with each."""

    def submit(self, request: ExportRequest) -> Iterator[Mapping[str, Any]]:
        yield {"project": 789}
        yield from super().submit(request)


def in_steps(standin: Standin) -> InSteps:
    return InSteps(standin.url, Secret(password=standin.key), Network(pause=lambda seconds: None))


def test_each_id_is_stored_before_the_next_request_leaves(standin: Standin) -> None:
    stored: list[tuple[JobState, dict[str, Any], int]] = []
    job = advance(
        in_steps(standin),
        new(standin),
        0.0,
        lambda job: stored.append((job.state, dict(job.remote), orders_sent(standin))),
    )
    export = standin.exports()[0]["id"]
    assert stored == [
        (JobState.SUBMITTING, {}, 0),
        (JobState.SUBMITTING, {"project": 789}, 0),
        (JobState.SUBMITTING, {"project": 789, "id": export}, 1),
    ]
    assert (job.state, job.remote) == (JobState.QUEUED, {"project": 789, "id": export})


def test_an_order_that_is_found_again_keeps_the_ids_it_had(standin: Standin) -> None:
    standin.fault("lost", method="POST", path=f"{EXPORTS}$")
    job = advance(in_steps(standin), new(standin), 0.0)
    assert (job.state, job.remote) == (JobState.QUEUED, {"project": 789, "id": standin.exports()[0]["id"]})


def test_a_store_that_fails_in_the_middle_of_an_order_does_not_deny_it(standin: Standin) -> None:
    def full(job: Job) -> None:
        if "id" in job.remote:
            raise ExportError("The disk is full.")

    job = advance(in_steps(standin), new(standin), 0.0, full)
    assert job.state is JobState.QUEUED and orders_sent(standin) == 1
