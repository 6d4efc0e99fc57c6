"""A run of Processing: jobs driven by whoever waits for them, with the same steps on the same store as the dock's.

The thread that calls only keeps the time, and alone speaks to the feedback. What takes a while is done in threads that
Python has made (bridge.crew). A job is leased from its turn to be ordered until the run is through with it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..core import lifecycle
from ..core.errors import Cancelled, ExportError
from ..core.model import Job, JobState
from ..core.provider import Provider
from ..core.store import Store
from .crew import Outcome
from .share import Change, Share, as_it_is
from .source import Arrival
from .steps import advanced, brought, collected
from .tasks import unexpected
from .telling import Telling
from .turns import Turns
from .watch import Watch

translate = QCoreApplication.translate

PATIENCE = 20.0  # seconds that an order on its way gets to be answered when the run is stopped, longer than a timeout
GRACE = 2.0  # the same for everything else


class Run(Watch):
    """The jobs of one run, in their order. folder: gets the files of jobs that do not say where to.

    arrivals: by job key, what the files of a job that is done hold. unwritten: keys of jobs whose files can't be put
    where they are wanted. Use it in a `with` block: afterwards nothing of it
    is at work and the jobs are free for the dock. Errors: ExportError when the store can't be used.
    """

    def __init__(
        self, store: Store, folder: Path, feedback: QgsProcessingFeedback, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(feedback)
        self.arrivals: dict[str, Arrival] = {}
        self.unwritten: set[str] = set()
        self._share, self._folder, self._clock = Share(store, clock), folder, clock
        self._providers: dict[str, Provider] = {}
        self._placing: dict[str, Change] = {}  # by key: of jobs that were there before us
        self._stopped = threading.Event()
        self._turns = Turns(self._providers)
        self._telling = Telling(feedback)

    def __enter__(self) -> Run:
        self._share.start()
        if notice := self._share.store.repaired():  # which the dock ends, since it may take a while
            self.feedback.pushWarning(notice)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """An order that is on its way is waited for, or nobody knew what became of it. What has not left does not leave
        any more."""
        is_given_up = error is not None or self.feedback.isCanceled()
        self._stopped.set()
        self._hear_out()
        try:
            for job in self.jobs:
                self._let_go(job, is_given_up)
        except ExportError as trouble:  # the list of jobs; the leases end by themselves
            self.feedback.pushWarning(str(trouble))
        if self.crew.at_work:
            self.crew.when_gone(self._share.close)
        else:
            self._share.close()

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(self._share.jobs.values())

    def order(self, job: Job, provider: Provider) -> None:
        """A new job, to be ordered when its turn comes."""
        self._providers[job.key] = provider
        self._share.add(job)

    def resume(self, job: Job, provider: Provider | None, how: Change, placing: Change) -> None:
        """A job of the store; if somebody else works on it, as soon as he is through. provider: None for one of which
        the service is not asked. how: what is to be changed in it then. placing: done with one whose files are there,
        in another thread, to bring them to where they are wanted. Errors: ExportError."""
        self._share.jobs[job.key], self._share.elsewhere[job.key] = job, how
        self._placing[job.key] = placing
        if provider is not None:
            self._providers[job.key] = provider

    def pass_over(self, job: Job, reason: str) -> None:
        """A job of the store with which this run can't go on. There it stays as it is."""
        self._share.jobs[job.key] = replace(job, paused=True, message=reason)

    def follow(self, is_settled: Callable[[Job], bool], seconds: float) -> bool:
        """Drive the jobs until each is settled, and the files of those that are done are known.

        False when the time was over before. Errors: Cancelled when the person stops; ExportError.
        """
        end = time.monotonic() + seconds

        def is_through() -> bool:
            return all(self._is_through(job, is_settled) for job in self.jobs)

        self.wait_while(lambda: not is_through() and time.monotonic() < end, partial(self._go_on, is_settled))
        self._telling.tell(self.jobs, self.arrivals)
        return is_through()

    def _is_through(self, job: Job, is_settled: Callable[[Job], bool]) -> bool:
        if job.key in self._share.elsewhere:  # what is over there may go on here
            return is_settled(job) and not is_over(job)
        return is_settled(job) and (job.state is not JobState.DONE or job.paused or job.key in self.arrivals)

    def _go_on(self, is_settled: Callable[[Job], bool]) -> None:
        self._telling.tell(self.jobs, self.arrivals)
        now = self._clock()
        busy = [job for jobs in self.crew.at_work.values() for job in jobs]
        keys = {job.key for job in busy}
        self._share.take_back(keys)
        free = [job for job in self.jobs if job.key not in keys | self._share.elsewhere.keys()]
        for job in free:
            if self._is_through(job, is_settled):
                self._share.release(job.key)
        free = [job for job in free if not self._is_through(job, is_settled)]
        steps = {JobState.NEW: self._order, JobState.READY: self._collect, JobState.DONE: self._bring}
        for state, begin in steps.items():
            for job in self._turns.due(state, free, busy, now):
                begin(job)
        for group in self._turns.looks(free, now):
            self._advance(group)

    def _order(self, job: Job) -> None:
        """If it has not been cancelled or ordered in the dock before its turn came."""
        if self._share.take(job.key) and self._share.jobs[job.key].state is JobState.NEW:
            self._advance([self._share.jobs[job.key]])
        else:
            self._share.lend([job.key])

    def _advance(self, jobs: Sequence[Job]) -> None:
        provider, store = self._providers[jobs[0].key], self._share.store
        work = partial(advanced, provider, jobs, {}, store, self._share.owner, self._clock, self._check)
        self.crew.begin(jobs, work, partial(self._moved, jobs))

    def _collect(self, job: Job) -> None:
        folder = Path(job.delivery.folder) if job.delivery.folder else self._folder
        provider, store, load = self._providers[job.key], self._share.store, partial(self._load, job.key)
        work = partial(collected, provider, job, folder, store, self._share.owner, load)
        self.crew.begin([job], work, partial(self._moved, [job]))

    def _bring(self, job: Job) -> None:
        work = partial(brought, job, self._placing.get(job.key, as_it_is), self._check)
        self.crew.begin([job], work, partial(self._brought, job))

    def _moved(self, jobs: Sequence[Job], outcome: Outcome) -> None:
        """The work on these jobs has ended: with what it has stored of them, or with a reason why they wait."""
        try:
            outcome()
        except ExportError as error:
            self._hold(jobs, error)
        except Cancelled:
            if not self._stopped.is_set():  # somebody else has the job now, and what he makes of it is what counts
                self._share.lend(job.key for job in jobs)
        except Exception as error:  # noqa: BLE001 - a bug in a step must not lose the other jobs
            self._hold(jobs, unexpected(error))
        for before in jobs:
            self._share.see(before.key)
            job = self._share.jobs[before.key]
            if job.state is JobState.NEW:
                self._share.keep(job)
            elif before.state is JobState.NEW and job.state is JobState.FAILED and job.wait:
                self._turns.hold_orders(self._clock() + job.wait)

    def _hold(self, jobs: Sequence[Job], error: ExportError) -> None:
        self._note(jobs, error)
        for job in jobs:
            if self._share.see(job.key):
                self._share.keep(lifecycle.held(self._share.jobs[job.key], str(error), self._clock()))

    def _note(self, jobs: Sequence[Job], error: ExportError) -> None:
        if error.about == "output":
            self.unwritten.update(job.key for job in jobs)

    def _brought(self, job: Job, outcome: Outcome) -> None:
        try:
            job, arrival = outcome()
        except Cancelled:
            return
        except ExportError as error:
            self._note([job], error)
            self.pass_over(job, str(error))
            return
        except Exception as error:  # noqa: BLE001 - a bug must not hide the files that have come
            arrival = Arrival(problems=(str(unexpected(error)),))
        self.arrivals[job.key] = arrival
        problems = tuple(dict.fromkeys((*job.problems, *arrival.problems)))
        self._share.keep(replace(job, layers=arrival.uris, problems=problems))

    def _check(self, fraction: float | None = None) -> None:
        if self._stopped.is_set():
            raise Cancelled

    def _load(self, key: str, fraction: float | None = None) -> None:
        self._check()
        if fraction is not None:
            self._telling.loading(key, fraction)

    def _hear_out(self) -> None:
        """What ends soon. Each outcome may be one that the list of jobs does not take."""
        for _ in range(1 + len(self.crew.at_work)):
            try:
                self.crew.leave(GRACE, PATIENCE, self._is_leaving)
                return
            except ExportError as trouble:
                self.feedback.pushWarning(str(trouble))

    def _is_leaving(self, jobs: Sequence[Job]) -> bool:
        """Whether an order may be on its way to the service."""
        orders = [job.key for job in jobs if job.state is JobState.NEW]
        try:
            stored = [self._share.store.get(key) for key in orders]
        except ExportError:
            return bool(orders)
        return any(job is not None and job.state is JobState.SUBMITTING for job in stored)

    def _let_go(self, job: Job, is_given_up: bool) -> None:
        """One that has not left waits for the person, or ends with the run that made it."""
        share = self._share
        is_unsent = job.state is JobState.NEW and not job.paused and job.key not in share.elsewhere
        if is_unsent and share.take(job.key) and share.see(job.key):
            self._call_off(share.jobs[job.key], is_given_up and job.key not in self._placing)
        if share.jobs[job.key].state is not JobState.SUBMITTING:
            share.release(job.key)

    def _call_off(self, job: Job, is_given_up: bool) -> None:
        if job.state is not JobState.NEW:
            return
        if is_given_up:
            job = lifecycle.cancelled(self._providers[job.key], job, self._clock())
        else:
            text = translate(
                "Toolbox", "It has not been ordered: cutout:collect does that, or “Check now” in the panel."
            )
            job = replace(job, message=text)
        self._share.keep(job)


def is_over(job: Job) -> bool:
    """Nothing more will happen to it by itself."""
    return job.paused or not job.state.is_open


def is_accepted(job: Job) -> bool:
    """The service has it, or will not have it."""
    return is_over(job) or job.state not in (JobState.NEW, JobState.SUBMITTING)
