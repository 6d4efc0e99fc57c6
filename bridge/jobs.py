"""The job poller: a timer says who is due, short tasks ask the services, one visible task a download fetches files.

All decisions are made here on the main thread; tasks get frozen values. Whatever happens to a job goes into the store,
by whichever thread or window, and `changed` tells what is new there: so nothing is lost when QGIS dies in between.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from ..core import lifecycle
from ..core.errors import ExportError
from ..core.model import ExportRequest, Job, JobState, new_job, order_again
from ..core.provider import Provider
from ..core.store import Store
from .accounts import Account, Accounts
from .steps import Step, advanced, as_new, collected
from .tasks import Task, in_background

translate = QCoreApplication.translate

TICK = 1000  # milliseconds
MOST_DOWNLOADS = 2
QUIT_GRACE = 2.0  # seconds
STORE = ""  # stands for the store itself among the keys of jobs
TROUBLE = (JobState.FAILED, JobState.EXPIRED, JobState.UNCERTAIN)

log = logging.getLogger(__name__)

Batch = tuple[Account, Provider, list[Job]]


class Jobs(QObject):
    """The jobs of this profile, shared with every other QGIS window on it through the store."""

    changed = pyqtSignal(object)  # Job: new, or moved on
    removed = pyqtSignal(str)  # key
    arrived = pyqtSignal(object)  # Job whose files are there and are to be loaded
    said = pyqtSignal(str, int)  # a sentence for the person, Qgis.MessageLevel

    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        downloads: Callable[[], Path],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._store, self._accounts, self._downloads, self._clock = store, accounts, downloads, clock
        self._owner = secrets.token_hex(8)
        self._seen = store.counter()
        self._busy: dict[str, Task] = {}  # by job key: the task that works on it
        self._steps: dict[str, Step] = {}  # by job key: what the person asked for and nobody has begun yet
        self._later: dict[str, list[Callable[[Job], Job]]] = {}  # by job key: changes that wait for its task to end
        self._fractions: dict[str, float] = {}
        self._told: dict[str, str] = {}  # by job key: the trouble that was said last
        self._told_locked = False
        self._told_waiting: set[str] = set()  # auth configs of which it was said that orders wait for a sign-in
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.tick)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.tick)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        """Before the plugin goes: no timer, no task; the jobs stay as they are stored and go on next time."""
        self._timer.stop()
        self._soon.stop()
        for task in set(self._busy.values()):
            task.abandon()
        for key in self._busy:
            self._store.release(key, self._owner)
        self._busy.clear()
        self._store.close()

    def all(self) -> list[Job]:
        """Newest first."""
        return self._store.all()

    def fraction(self, key: str) -> float | None:
        """How far a running download is, 0 to 1; None when none is running."""
        return self._fractions.get(key)

    def order(self, request: ExportRequest, account: Account) -> Job:
        """Store a new job and begin with it at once."""
        self._accounts.secret(account)  # locked credentials are told now, not by a job that fails
        return self._add(new_job(request, self._clock(), account.authcfg))

    def order_again(self, key: str) -> None:
        if job := self._store.get(key):
            self._add(order_again(job, self._clock()))

    def check_now(self, key: str) -> None:
        self._unlock(key)
        self._change(key, lambda job: lifecycle.looked_for_now(job, self._clock()))

    def cancel(self, key: str) -> None:
        """Stop the download if one runs, and ask the service to stop."""
        self._unlock(key)
        if (task := self._busy.get(key)) and key in self._fractions:
            task.cancel()
        self._ask(key, lifecycle.cancelled)

    def look_again(self, key: str) -> None:
        """For a job that is uncertain: look for it at the service."""
        self._unlock(key)
        self._ask(key, lifecycle.find)

    def send_again(self, key: str) -> None:
        """For a job that is uncertain: order it once more. The person has agreed that it may be charged twice."""
        self._change(key, lambda job: as_new(job, self._clock()))

    def remove(self, key: str) -> None:
        """Forget the job; its files stay."""
        if task := self._busy.pop(key, None):
            task.abandon()
        self._steps.pop(key, None)
        self._fractions.pop(key, None)
        self._store.remove(key)
        self._tell_news()

    def load(self, key: str) -> None:
        if job := self._store.get(key):
            self.arrived.emit(job)

    def note(self, key: str, layers: Sequence[str], problems: Sequence[str]) -> None:
        """What became of the files: the layers they hold, and what can't be opened."""
        self._change(key, lambda job: replace(job, layers=tuple(layers), problems=tuple(problems)))

    def tick(self) -> None:
        """Once a second: heartbeat, news from other windows, then the jobs that are due."""
        try:
            self._look_around(self._clock())
            self._told.pop(STORE, None)
        except ExportError as error:  # the store: a full disk, a drive that is gone. Said once, tried on
            if STORE not in self._told:
                self.said.emit(str(error), int(Qgis.MessageLevel.Critical))
            self._told[STORE] = str(error)

    def _look_around(self, now: float) -> None:
        self._store.beat(self._owner, now)
        self._tell_news()
        due = [job for job in self._store.due(now) if job.key not in self._busy and job.key not in self._steps]
        asked = [job for key in self._steps if key not in self._busy and (job := self._store.get(key))]
        if (due or asked) and self._may_sign_in():
            due = self._signed_in(due)
            self._poll([job for job in due if job.state is not JobState.READY] + self._signed_in(asked))
            self._download([job for job in due if job.state is JobState.READY])

    def _poll(self, jobs: Sequence[Job]) -> None:
        for account, provider, batch in self._batches(jobs):
            steps = {job.key: self._steps.pop(job.key) for job in batch if job.key in self._steps}
            work = partial(advanced, provider, batch, steps, self._store, self._owner, self._clock)
            title = translate("Jobs", "Ask {server}").format(server=account.label)
            failed = partial(self._failed, batch)
            self._begin(batch, in_background(title, work, self._moved, failed, stopped=partial(self._free, batch)))

    def _download(self, jobs: Sequence[Job]) -> None:
        room = max(0, MOST_DOWNLOADS - len(self._fractions))
        for _, provider, batch in self._batches(jobs[:room]):
            for job in batch:
                folder = Path(job.delivery.folder) if job.delivery.folder else self._downloads()
                work = partial(collected, provider, job, folder, self._store, self._owner)
                title = translate("Jobs", "Download {title}").format(title=job.title)
                failed, stopped = partial(self._failed, [job]), partial(self._stopped, job)
                task = in_background(title, work, self._collected, failed, visible=True, stopped=stopped)
                self._fractions[job.key] = 0.0
                task.progressChanged.connect(partial(self._progressed, job.key))
                self._begin([job], task)

    def _batches(self, jobs: Sequence[Job]) -> list[Batch]:
        """The jobs by account, each leased to this process. Jobs whose account is gone wait for the person."""
        groups: dict[tuple[str, str, str], list[Job]] = {}
        for job in jobs:
            leased = self._store.take(job.key, self._owner, self._clock())
            if leased:
                where = (leased.request.service, leased.request.server, leased.authcfg)
                groups.setdefault(where, []).append(leased)
        batches = []
        for (service, server, authcfg), group in groups.items():
            try:
                account = self._accounts.get(service, server, authcfg)
                batches.append((account, self._accounts.connect_to(account), group))
            except ExportError as error:
                self._failed(group, error)
        return batches

    def _begin(self, jobs: Sequence[Job], task: Task) -> None:
        self._busy.update({job.key: task for job in jobs})

    def _free(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._busy.pop(job.key, None)
            self._fractions.pop(job.key, None)
            self._store.release(job.key, self._owner)
        for job in jobs:
            for how in self._later.pop(job.key, ()):
                self._change(job.key, how)

    def _moved(self, jobs: Sequence[Job]) -> None:
        self._free(jobs)
        self._tell_news()

    def _collected(self, job: Job) -> None:
        self._moved([job])
        if job.state is JobState.DONE:
            self.arrived.emit(job)

    def _failed(self, jobs: Sequence[Job], error: ExportError) -> None:
        """The work on these jobs ended with a reason: they wait for the person with it."""
        self._free(jobs)
        for job in jobs:
            self._change(job.key, lambda job: lifecycle.held(job, str(error), self._clock()))

    def _stopped(self, job: Job) -> None:
        """Somebody cancelled the download: the person in QGIS's task panel, or QGIS because it quits.

        Only the first is a reason to hold the job, and only then are we still here after a moment.
        """
        self._free([job])
        reason = translate("Jobs", "The download was stopped. What has come is kept; “Check now” goes on with it.")
        if job.key not in self._steps:
            self._change(job.key, lambda job: replace(job, due=self._clock() + 2 * QUIT_GRACE))
            QTimer.singleShot(int(1000 * QUIT_GRACE), partial(self._hold, job.key, reason))

    def _hold(self, key: str, reason: str) -> None:
        job = self._store.get(key) if self._timer.isActive() else None
        if job and job.state is JobState.READY:
            self._change(key, lambda job: lifecycle.held(job, reason, self._clock()))

    def _progressed(self, key: str, percent: float) -> None:
        if key in self._fractions and (job := self._store.get(key)):
            self._fractions[key] = percent / 100
            self.changed.emit(job)

    def _add(self, job: Job) -> Job:
        self._store.add(job)
        self._tell_news()
        self._soon.start(0)
        return job

    def _ask(self, key: str, step: Step) -> None:
        self._steps[key] = step
        self._soon.start(0)

    def _change(self, key: str, how: Callable[[Job], Job]) -> None:
        """A change made here and not by a task; while one works on the job it waits, or the task would overwrite it."""
        if key in self._busy:
            self._later.setdefault(key, []).append(how)
            return
        job = self._store.take(key, self._owner, self._clock())
        if job:
            self._store.save(how(job), self._owner)
            self._store.release(key, self._owner)
            self._tell_news()
            self._soon.start(0)

    def _tell_news(self) -> None:
        """What any window has changed in the store since we last looked."""
        self._seen, jobs, removed = self._store.changed_since(self._seen)
        for job in jobs:
            self.changed.emit(job)
            self._tell_trouble(job)
        for key in removed:
            self.removed.emit(key)

    def _tell_trouble(self, job: Job) -> None:
        """A job that ended badly or waits for the person is spoken of once, wherever the dock is."""
        trouble = job.message if job.paused or job.state in TROUBLE else ""
        if trouble and trouble != self._told.get(job.key):
            log.warning("Job %s, “%s”, is %s: %s", job.key, job.title, job.state.value, trouble)
            self.said.emit(f"{job.title}: {trouble}", int(Qgis.MessageLevel.Warning))
        self._told[job.key] = trouble

    def _may_sign_in(self) -> bool:
        """Never ask for the master password out of the blue: say once that jobs wait for it."""
        if self._accounts.is_unlocked():
            self._told_locked = False
            return True
        if not self._told_locked and not self._accounts.is_signing_in:
            self._told_locked = True
            self.said.emit(
                translate("Jobs", "Orders wait for QGIS's master password. Press “Check now” in the Cutout panel."),
                int(Qgis.MessageLevel.Info),
            )
        return False

    def _signed_in(self, jobs: Sequence[Job]) -> list[Job]:
        """Without those that wait for somebody to sign in in the web browser, which is said once for each account."""
        found = []
        for job in jobs:
            account = self._account(job)
            if account is None or self._accounts.may_open(account):
                found.append(job)
                self._told_waiting.discard(account.authcfg if account else "")
            elif account.authcfg not in self._told_waiting:
                self._told_waiting.add(account.authcfg)
                text = translate(
                    "Jobs", "Orders from {server} wait for you to sign in. Press “Check now” in the panel."
                )
                self.said.emit(text.format(server=account.label), int(Qgis.MessageLevel.Info))
        return found

    def _account(self, job: Job) -> Account | None:
        """None for a job whose account is gone."""
        try:
            return self._accounts.get(job.request.service, job.request.server, job.authcfg)
        except ExportError:
            return None

    def _unlock(self, key: str) -> None:
        job = self._store.get(key)
        self._accounts.unlock(self._account(job) if job else None)
