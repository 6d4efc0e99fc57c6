"""Equal orders whose answers were lost, looked for at the same time by several windows: none gets another's export."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from cutout.bridge.steps import advanced, others
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import find
from cutout.core.model import ExportRequest, Job, JobState, new_job
from cutout.core.store import Store
from cutout.providers.koordinates import Koordinates
from tests.places import PARK
from tests.standin.client import Standin

EXPORTS = "/services/api/v1.x/exports/"
JOBS = 8


def site(standin: Standin) -> Koordinates:
    return Koordinates(standin.url, Secret(password=standin.key), Network(pause=lambda seconds: None))


def equal_orders(standin: Standin, number: int) -> list[Job]:
    request = ExportRequest("koordinates", standin.url, {"items": "layer:101"}, PARK, "Nightly")
    return [new_job(request, standin.advance(0)) for _ in range(number)]


def sent(standin: Standin) -> int:
    return sum(one.method == "POST" and one.path == EXPORTS for one in standin.requests())


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[list[Store]]:
    """The list of one profile, opened four times."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Store(tmp_path / "jobs.sqlite"))) for _ in range(4)]


def in_all_windows(standin: Standin, windows: list[Store], jobs: list[Job]) -> dict[str, Job]:
    """Each job one step further, all at the same time."""

    def step(number: int, job: Job) -> Job:
        store, owner = windows[number % len(windows)], f"window {number % len(windows)}"
        leased = store.take(job.key, owner, time.time())
        assert leased is not None
        return advanced(site(standin), [leased], {}, store, owner, time.time, lambda fraction: None)[0]

    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(step, range(len(jobs)), jobs))
    return {job.key: job for job in windows[0].all()}


def test_orders_lost_in_the_same_moment_are_each_found_once(standin: Standin, windows: list[Store]) -> None:
    standin.fault("lost", method="POST", path=f"{EXPORTS}$", count=-1)
    jobs = equal_orders(standin, JOBS)
    for job in jobs:
        windows[0].add(job)
    found = in_all_windows(standin, windows, jobs)
    assert {job.state for job in found.values()} == {JobState.QUEUED}
    assert sorted(job.remote["id"] for job in found.values()) == sorted(one["id"] for one in standin.exports())
    assert sent(standin) == JOBS


def test_after_a_crash_each_is_found_once_and_what_never_arrived_takes_nothing(
    standin: Standin, windows: list[Store]
) -> None:
    """Half of them arrived, and one more export belongs to a job that is done."""
    jobs = equal_orders(standin, JOBS)
    remotes = [next(site(standin).submit(jobs[0].request)) for _ in range(JOBS // 2 + 1)]
    done = replace(equal_orders(standin, 1)[0], state=JobState.DONE, remote=remotes[0])
    windows[0].add(done)
    for job in jobs:
        windows[0].add(replace(job, state=JobState.SUBMITTING, submitted=job.created))
    found = in_all_windows(standin, windows, jobs)
    ids = [job.remote["id"] for job in found.values() if job.remote]
    assert sorted(ids) == sorted(remote["id"] for remote in remotes)
    states = [job.state for key, job in found.items() if key != done.key]
    assert (states.count(JobState.QUEUED), states.count(JobState.UNCERTAIN)) == (JOBS // 2, JOBS // 2)
    assert sent(standin) == JOBS // 2 + 1


def test_what_the_person_looks_for_again_takes_no_other_jobs_export(standin: Standin, windows: list[Store]) -> None:
    lost, other = equal_orders(standin, 2)
    remote = next(site(standin).submit(other.request))
    windows[1].add(replace(other, state=JobState.QUEUED, remote=remote))
    lost = replace(lost, state=JobState.UNCERTAIN, submitted=lost.created)
    windows[0].add(lost)
    looked = find(site(standin), lost, time.time(), others(windows[0], "window 0"))
    assert looked.state is JobState.UNCERTAIN
    windows[1].remove(other.key)
    looked = find(site(standin), lost, time.time(), others(windows[0], "window 0"))
    assert (looked.state, looked.remote) == (JobState.QUEUED, remote)
