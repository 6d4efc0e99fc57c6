"""What is done with jobs in a task: one step each, stored at once. Frozen values in, frozen values out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ..core import lifecycle
from ..core.errors import ExportError
from ..core.model import Job, JobState
from ..core.provider import Provider
from ..core.store import Store
from .tasks import Progress

# What the person can ask of a job: gives the job as it is afterwards.
Step = Callable[[Provider, Job, float], Job]


def as_new(job: Job, now: float) -> Job:
    """To be sent once more; only a job that is still uncertain, or a running one would be ordered twice."""
    if job.state is not JobState.UNCERTAIN:
        return job
    return replace(job, state=JobState.NEW, remote={}, created=now, due=now, message="", paused=False)


def advanced(
    provider: Provider,
    jobs: Sequence[Job],
    steps: dict[str, Step],
    store: Store,
    owner: str,
    clock: Callable[[], float],
    progress: Progress,
) -> list[Job]:
    """In a task: each job one step further, and stored."""

    def save(job: Job) -> None:
        if not store.save(job, owner):
            raise ExportError("Another QGIS window has taken over this job.")

    moved = []
    for job in lifecycle.advance_many(provider, [job for job in jobs if job.key not in steps], clock(), save):
        store.save(job, owner)
        moved.append(job)
        progress()
    for job in jobs:
        if job.key in steps:
            job = _asked(provider, job, steps[job.key], clock())
            store.save(job, owner)
            moved.append(job)
    return moved


def _asked(provider: Provider, job: Job, step: Step, now: float) -> Job:
    """What the person asked for; a refusal leaves the job as it is, with the reason."""
    try:
        return step(provider, job, now)
    except ExportError as error:
        return replace(job, message=str(error))


def collected(provider: Provider, job: Job, folder: Path, store: Store, owner: str, progress: Progress) -> Job:
    """In a task: the job's files fetched and the job stored as done."""

    def report(done: int, total: int | None) -> None:
        progress(min(1.0, done / total) if total else None)

    job = lifecycle.collect(provider, job, folder, report)
    store.save(job, owner)
    return job
