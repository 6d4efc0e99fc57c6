"""A run's share of the list of jobs: its jobs as they are stored, and the leases that keep others away from them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from ..core.model import Job, JobState
from ..core.store import LAPSE, Store
from .pulse import Pulse

Change = Callable[[Job], Job]
TRY = 0.5  # seconds between two tries to get the jobs that somebody else works on


def as_it_is(job: Job) -> Job:
    return job


class Share:
    """From `start` to `close`, which closes the store too. jobs: by key, as they were seen last, in their order.

    elsewhere: by key, jobs that somebody else may work on, and what is to be changed in them as soon as he is through.
    Errors of all methods: ExportError, when the store can't be used.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self.store = store
        self.owner = secrets.token_hex(8)
        self.jobs: dict[str, Job] = {}
        self.elsewhere: dict[str, Change] = {}
        self._leased: set[str] = set()
        self._clock = clock
        self._pulse = Pulse(store, self.owner, clock)
        self._next_try = 0.0

    def start(self) -> None:
        self._pulse.start()

    def close(self) -> None:
        self._pulse.stop()
        with suppress(ExportError):  # what can't be given back is free in a few seconds
            for key in tuple(self._leased):
                self.release(key)
        self.store.close()

    def add(self, job: Job) -> None:
        """A new job. Nobody has its lease until its turn comes, so that it can be cancelled in the dock."""
        self.jobs[job.key] = job
        self.store.add(_unasked(job))

    def keep(self, job: Job) -> None:
        """What has become of one of ours."""
        self.jobs[job.key] = job
        self.store.save(_unasked(job), self.owner)
        if job.state is JobState.NEW:
            self.release(job.key)

    def see(self, key: str) -> bool:
        """The job as it is stored now, whoever has changed it; false when it is not there any more."""
        stored = self.store.get(key)
        gone = QCoreApplication.translate("Toolbox", "It was taken out of the list of jobs.")
        self.jobs[key] = stored or replace(self.jobs[key], state=JobState.CANCELLED, message=gone)
        return stored is not None

    def take(self, key: str) -> bool:
        """Lease the job, and see it. False where somebody else holds it, or it is gone."""
        if key in self._leased:
            return True
        job = self.store.take(key, self.owner, self._clock())
        if job is not None:
            self._leased.add(key)
            self.jobs[key] = job
        return job is not None

    def release(self, key: str) -> None:
        if key in self._leased:
            self._leased.discard(key)
            self.store.release(key, self.owner)

    def lend(self, keys: Iterable[str]) -> None:
        """Somebody else may have these by now."""
        for key in keys:
            self.elsewhere.setdefault(key, as_it_is)

    def take_back(self, busy: set[str]) -> None:
        """Jobs that are elsewhere, as soon as they are free. Until then we see what is made of them there.

        busy: keys of those that our own threads still work on.
        """
        now = self._clock()
        if self._pulse.has_paused():
            self.lend(self._leased)
            self._next_try = now + LAPSE  # the others may have slept as we have: they get the time to say so
        if now < self._next_try <= now + LAPSE:
            return
        self._next_try = now + TRY
        for key in self.elsewhere.keys() - busy:
            self.release(key)
            if self.take(key):
                self.keep(self.elsewhere.pop(key)(self.jobs[key]))
            elif not self.see(key):
                del self.elsewhere[key]


def _unasked(job: Job) -> Job:
    """One that has not been ordered is ordered by its run or by the person, and by nobody else who finds it."""
    return replace(job, due=None) if job.state is JobState.NEW else job
