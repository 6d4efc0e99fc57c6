"""How often a service is asked when many orders wait there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cutout.core.http import Network, Secret
from cutout.core.lifecycle import ALONE, AMONG_OTHERS, LONGEST_WAIT, Others, advance, advance_many
from cutout.core.model import ExportRequest, Job, JobState, Look, new_job
from cutout.core.provider import Provider
from cutout.core.store import Store

SERVER = "https://data.example.org"


class OneByOne(Provider):
    """A service that is for ever at work."""

    id, title = "one", "One by one"

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return {}

    def poll(self, job: Job) -> Look:
        return Look(JobState.RUNNING)


class Listed(OneByOne):
    def poll_many(self, jobs: Sequence[Job]) -> Mapping[str, Look]:
        return {job.key: Look(JobState.RUNNING) for job in jobs}


def job(wait: float = 2.0, server: str = SERVER) -> Job:
    new = new_job(ExportRequest("one", server), 0.0, "a1")
    return replace(new, state=JobState.RUNNING, wait=wait, due=0.0, remote={"id": 1})


def among(count: int) -> Others:
    return replace(ALONE, count=lambda job: count)


@pytest.mark.parametrize(
    ("count", "wait", "seconds"),
    [
        (1, 2.0, 3.0),
        (1, 60.0, LONGEST_WAIT),
        (4, 2.0, 3.0),
        (8, 2.0, 6.0),
        (40, 2.0, 30.0),
        (200, 2.0, AMONG_OTHERS),
        (2, 60.0, AMONG_OTHERS),
    ],
)
def test_the_more_there_are_the_less_often_each_is_asked_for(count: int, wait: float, seconds: float) -> None:
    service = OneByOne(SERVER, Secret(), Network())
    assert advance(service, job(wait), 1000.0, others=among(count)).due == 1000.0 + seconds


def test_what_one_request_tells_of_comes_due_together() -> None:
    service, jobs = Listed(SERVER, Secret(), Network()), [job(60.0) for _ in range(100)]
    when = {moved.due for now, one in enumerate(jobs) for moved in advance_many(service, [one], now, others=among(100))}
    assert len(when) < 10, "and not at a hundred moments"
    looks = list(advance_many(service, jobs, 1000.3, others=among(100)))
    assert len({moved.due for moved in looks}) == 1
    again = next(advance_many(service, looks[:2], looks[0].due or 0.0, others=among(100))).due
    assert again == (looks[0].due or 0.0) + AMONG_OTHERS, "no more often for it"


def test_those_of_the_same_account_count(tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    ours = [job() for _ in range(3)]
    elsewhere = [replace(job(), authcfg="b2"), job(server="https://other.example.org")]
    ended = [replace(job(), state=JobState.DONE, due=None), replace(job(), state=JobState.NEW)]
    for one in (*ours, *elsewhere, *ended):
        store.add(one)
    assert store.count(ours[0]) == 3
    store.close()
