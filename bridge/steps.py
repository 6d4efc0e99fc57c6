"""What is done with jobs in a task: one step each, stored at once. Frozen values in, frozen values out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copy2
from typing import TYPE_CHECKING, NamedTuple, Optional

from ..core import lifecycle
from ..core.disk import in_words, make_folder, part_of
from ..core.errors import Cancelled, ExportError
from ..core.home import homes, is_of
from ..core.manifest import write
from ..core.model import Agreement, Job, JobState
from ..core.provider import Provider
from ..core.store import Store

if TYPE_CHECKING:
    from .source import Arrival

# Called now and then by what runs in a task, with how far it is (0 to 1) or None; raises Cancelled to stop it.
Progress = Callable[[Optional[float]], None]

# What the person can ask of a job: gives the job as it is afterwards.
Step = Callable[[Provider, Job, float], Job]


class Moved(NamedTuple):
    """What a task has done. elsewhere: keys of jobs that somebody else works on."""

    jobs: list[Job]
    elsewhere: set[str]


TRIES = 3
log = logging.getLogger(__name__)


def as_new(job: Job, now: float, agreed: Agreement | None) -> Job:
    """To be sent once more; only a job that is still uncertain, or a running one would be ordered twice."""
    if job.state is not JobState.UNCERTAIN:
        return job
    job = replace(job, state=JobState.NEW, remote={}, created=now, message="", agreed=agreed)
    return lifecycle.looked_for_now(job, now)


def others(store: Store, owner: str) -> lifecycle.Others:
    """So that no two jobs of the list, in whatever window, take the same order for theirs."""
    return lifecycle.Others(store.ids, lambda job, taken: store.claim(job, owner, taken), store.count)


def advanced(
    provider: Provider,
    jobs: Sequence[Job],
    steps: dict[str, Step],
    store: Store,
    owner: str,
    clock: Callable[[], float],
    progress: Progress,
) -> list[Job]:
    """In a task: each job one step further, and stored. Errors: Cancelled, also when somebody else has the job now."""

    def save(job: Job) -> None:
        if not job.remote:  # it has not left yet, so there is still time to stop
            progress(None)
            if not store.save(job, owner, leased=True):
                raise Cancelled
        elif not _save(job, store, owner):
            raise ExportError("Another QGIS window has taken over this job.")

    moved = []
    rest = [job for job in jobs if job.key not in steps]
    known = {job.key: job.remote for job in rest}
    for job in lifecycle.advance_many(provider, rest, clock(), save, others(store, owner)):
        _save(job, store, owner, durable=job.remote != known[job.key])
        moved.append(job)
        progress(None)
    for job in jobs:
        if job.key in steps:
            job = _asked(provider, job, steps[job.key], clock())
            store.save(job, owner)
            moved.append(job)
    return moved


def moved(
    provider: Provider,
    keys: Sequence[str],
    steps: dict[str, Step],
    store: Store,
    owner: str,
    clock: Callable[[], float],
    progress: Progress,
) -> Moved:
    """As `advanced`, of jobs that are neither leased nor read yet: that waits for the disk and for other windows, and
    hundreds of areas take a while."""
    progress(None)
    free = store.take_many(keys, owner, clock())
    jobs = [job for key in free if (job := store.get(key))]
    return Moved(advanced(provider, jobs, steps, store, owner, clock, progress), {*keys}.difference(free))


def rebuilt(folder: Path, store: Store, progress: Progress) -> int:
    """In a task: the finished jobs of a folder are in the store again, and its repair is over. How many were not."""
    from ..core.rebuild import finished

    count = 0
    for jobs in finished(folder):
        progress(None)
        count += store.restore(jobs)
    store.end_repair()
    return count


def _save(job: Job, store: Store, owner: str, durable: bool = True) -> bool:
    """Tried again when the list of jobs is locked for long: only we know the ids of an order that has just left."""
    for _ in range(TRIES - 1):
        try:
            return store.save(job, owner, durable=durable)
        except ExportError as error:
            log.warning("Job %s, at the service as %s, is not stored yet: %s", job.key, dict(job.remote), error)
    return store.save(job, owner, durable=durable)


def _asked(provider: Provider, job: Job, step: Step, now: float) -> Job:
    """What the person asked for; a refusal leaves the job as it is, with the reason."""
    try:
        return step(provider, job, now)
    except ExportError as error:
        return replace(job, message=str(error))


def fetched(
    provider: Provider,
    key: str,
    folder: Path,
    store: Store,
    owner: str,
    clock: Callable[[], float],
    progress: Progress,
) -> Job | None:
    """As `collected`, of a job that is not leased yet; None where somebody else works on it. folder: of downloads,
    for jobs that don't say where their files are to be."""
    progress(None)
    job = store.take(key, owner, clock())
    if job is None:
        return None
    return collected(provider, job, Path(job.delivery.folder or folder), store, owner, progress)


def collected(provider: Provider, job: Job, folder: Path, store: Store, owner: str, progress: Progress) -> Job:
    """In a task: the job's files fetched and the job stored as done."""

    def report(done: int, total: int | None) -> None:
        progress(min(1.0, done / total) if total else None)

    job = lifecycle.collect(provider, job, folder, report)
    store.save(job, owner)
    return job


def placed(job: Job, folder: Path | None, clip: bool) -> Job:
    """A job that is done, with its files also in another folder, and to be clipped. Errors: ExportError."""
    home = Path(job.folder)
    if folder is not None and folder.resolve() not in (home.parent.resolve(), home.resolve()):
        with in_words(folder):
            target = next(home for home in homes(folder, job) if is_of(home, job) or not home.exists())
            if not target.exists():
                make_folder(folder)
                _copy(home, part_of(target))
                part_of(target).replace(target)
        job = replace(job, folder=str(target))
    if clip and not job.delivery.clip:
        job = replace(job, delivery=replace(job.delivery, clip=True))
        write(job, Path(job.folder))
    return job


def _copy(home: Path, target: Path) -> None:
    """All that is in a folder. Errors: OSError, the first one."""
    target.mkdir(mode=0o700, exist_ok=True)
    for path in sorted(home.rglob("*")):
        there = target / path.relative_to(home)
        if path.is_dir():
            there.mkdir(exist_ok=True)
        else:
            copy2(path, there)


def brought(job: Job, placing: Callable[[Job], Job], progress: Progress) -> tuple[Job, Arrival]:
    """In a task: a job that is done, with its files where they are wanted, and what of them can be opened.

    Errors: ExportError of placing. What keeps the files from being looked through is among the problems.
    """
    from .source import Arrival

    job = placing(job)
    try:
        return job, surveyed(job, progress)
    except ExportError as error:
        return job, Arrival(problems=(str(error),))


def surveyed(job: Job, progress: Progress) -> Arrival:
    """In a task: what of the job's files can be opened, and cutout.json told about it."""
    from .survey import survey  # brings GDAL, which the start of QGIS does without

    progress(None)
    folder = Path(job.folder)
    if not folder.is_dir():
        raise ExportError(f"The folder of “{job.title}” is gone: {folder}.", "Order it again, or put the folder back.")
    with in_words(folder):
        arrival = survey(folder)
    write(job, folder, layers=arrival.uris, problems=arrival.problems)
    return arrival
