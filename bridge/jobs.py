"""The job poller: a timer says who is due, short tasks ask the services, one visible task a download fetches files.

All decisions are made here on the main thread; tasks get frozen values. Whatever happens to a job goes into the store,
by whichever thread or window, and `changed` tells what is new there: so nothing is lost when QGIS dies in between.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from ..core import lifecycle
from ..core.errors import ExportError
from ..core.line import Line
from ..core.model import Agreement, ExportRequest, Job, JobState, new_job, order_again
from ..core.provider import Provider
from ..core.store import LAPSE, LAST, Due, Store
from .accounts import Account, Accounts
from .news import News
from .pulse import Pulse
from .rounds import Lane, Where, turns
from .steps import Step, as_new, collected, moved, others, rebuilt
from .tasks import Task, in_background

translate = QCoreApplication.translate

TICK = 1000  # milliseconds
MOST_DOWNLOADS = 2
QUIT_GRACE = 2.0  # seconds
HURRY = 0.2  # seconds that the window waits for whoever else uses the store
MOST_FAILURES = 5  # ticks in a row without the store, of which nothing is said

log = logging.getLogger(__name__)


class Jobs(QObject):
    """The jobs of this profile, shared with every other QGIS window on it through the store."""

    changed = pyqtSignal(object)  # Line of a job that is new, or moved on
    renewed = pyqtSignal()  # all jobs may be different: the store was repaired
    progressed = pyqtSignal(str)  # key of a job whose download goes on
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
        self._pulse = Pulse(store, self._owner, clock)
        self._leave_to_others_until = 0.0
        self._seen = store.counter()
        self._news = News(self.said.emit)
        self._busy: dict[str, Task] = {}  # by job key: the task that works on it
        self._steps: dict[str, Step] = {}  # by job key: what the person asked for and nobody has begun yet
        self._later: dict[str, list[Callable[[Job], Job]]] = {}  # by job key: changes when its lease is given back
        self._lanes: set[Lane] = set()  # those in which a task is under way
        self._fractions: dict[str, float] = {}
        self._failures = 0  # of the store, in a row
        self._repair: Task | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.tick)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.tick)

    def start(self) -> None:
        self._timer.start()
        self._pulse.begin()  # a window that does not answer for a while is not dead
        self._end_repair()

    def stop(self) -> None:
        """Before the plugin goes: no timer, no task; the jobs stay as they are stored and go on next time.

        Work that can't be stopped, as an order that has just left, still stores what comes of it: until then, or for as
        long as a lease lives, nobody else takes its job, and the store is closed when the last of it lets go.
        """
        self._timer.stop()
        self._soon.stop()
        self._pulse.stop()
        for task in {*self._busy.values(), *filter(None, [self._repair])}:
            task.abandon()
        if not self._busy:
            self._store.close()
        self._busy.clear()

    def all(self) -> list[Job]:
        """Newest first."""
        return self._store.all()

    def listing(self, before: tuple[float, str] = LAST, most: int = -1) -> list[Line]:
        """Newest first, of all or of those after a place; none when the store can't be used, as `tick` says."""
        try:
            return self._store.listing(before, most)
        except ExportError as error:
            log.warning("No list: %s", error)
            return []

    def fraction(self, key: str) -> float | None:
        """How far a running download is, 0 to 1; None when none is running."""
        return self._fractions.get(key)

    def get(self, key: str) -> Job | None:
        """None also when the store can't be used, as `tick` says."""
        try:
            return self._store.get(key)
        except ExportError as error:
            log.warning("No job %s: %s", key, error)
            return None

    def provider(self, job: Job) -> Provider:
        """The service of a job, for another question than about the job. Errors: ExportError."""
        self._unlock(job.key)
        return self._accounts.connect_to(self._accounts.get(job.request.service, job.request.server, job.authcfg))

    def order(self, request: ExportRequest, account: Account, agreed: Agreement | None = None) -> Job:
        """Store a new job and begin with it at once. agreed: what it may cost."""
        self._accounts.secret(account)  # locked credentials are told now, not by a job that fails
        return self._add(replace(new_job(request, self._clock(), account.authcfg), agreed=agreed))

    def order_again(self, key: str, agreed: Agreement | None = None) -> None:
        if job := self._store.get(key):
            self._add(replace(order_again(job, self._clock()), agreed=agreed))

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
        self._ask(key, partial(lifecycle.find, others=others(self._store, self._owner)))

    def send_again(self, key: str, agreed: Agreement | None = None) -> None:
        """For a job that is uncertain: order it once more. The person has agreed that it may be charged twice."""
        self._change(key, lambda job: as_new(job, self._clock(), agreed))

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
            self._failures = 0
        except ExportError as error:  # the store: a full disk, a drive that is gone. Said once, tried on
            self._failures += 1
            if self._failures == MOST_FAILURES:
                self.said.emit(str(error), int(Qgis.MessageLevel.Critical))

    def _look_around(self, now: float) -> None:
        self._store.beat(self._owner, now, HURRY)
        self._settle()
        self._tell_news()
        if self._pulse.has_paused():  # the machine slept, and the other windows with us: they get the time to say so
            self._leave_to_others_until = now + LAPSE
        is_rested = not now < self._leave_to_others_until <= now + LAPSE
        due = [one for one in self._store.due(now) if one.key not in self._steps] if is_rested else []
        wishes = [one for one in map(self._wish, self._steps) if one and one.key not in self._busy]
        if (due or wishes) and self._may_sign_in():
            due, wishes = self._signed_in(due), self._signed_in(wishes)
            for where in {one.where for one in wishes}:
                self._ask_for(where, [one.key for one in wishes if one.where == where])
            for lane, keys in turns((one for one in due if one.state is not JobState.READY), self._lanes):
                self._ask_for(lane[0], keys, lane)
            self._download([one.key for one in due if one.state is JobState.READY])

    def _wish(self, key: str) -> Due | None:
        """The job of which the person wants something."""
        job = self._store.get(key)
        return Due(key, job.state, _where(job)) if job else None

    def _ask_for(self, where: Where, keys: Sequence[str], lane: Lane | None = None) -> None:
        """One task that asks an account's service for these jobs, as far as they are free."""
        wanted, keys = keys, self._store.take_many(keys, self._owner, self._clock())
        self._news.elsewhere(filter(None, map(self._store.get, self._steps.keys() & set(wanted).difference(keys))))
        found = self._service(where, keys) if keys else None
        if found is None:
            return
        account, provider = found
        steps = {key: self._steps.pop(key) for key in keys if key in self._steps}
        self._news.here(steps)
        work = partial(moved, provider, keys, steps, self._store, self._owner, self._clock)
        title = translate("Jobs", "Ask {server}").format(server=account.label)
        ends = partial(self._moved, keys, lane=lane, asked=set(steps)), partial(self._failed, keys, lane=lane)
        task = in_background(title, work, *ends, stopped=partial(self._free, keys, lane))
        self._busy.update(dict.fromkeys(keys, task))
        if lane:
            self._lanes.add(lane)

    def _download(self, keys: Sequence[str]) -> None:
        for key in keys[: max(0, MOST_DOWNLOADS - len(self._fractions))]:
            job = self._store.take(key, self._owner, self._clock())
            found = self._service(_where(job), [key]) if job else None
            if job is None or found is None:
                continue
            folder = Path(job.delivery.folder) if job.delivery.folder else self._downloads()
            work = partial(collected, found[1], job, folder, self._store, self._owner)
            title = translate("Jobs", "Download {title}").format(title=job.title)
            failed, stopped = partial(self._failed, [key]), partial(self._stopped, key)
            task = in_background(title, work, self._collected, failed, visible=True, stopped=stopped)
            self._fractions[key] = 0.0
            task.progressChanged.connect(partial(self._progressed, key))
            self._busy[key] = task

    def _service(self, where: Where, keys: Sequence[str]) -> tuple[Account, Provider] | None:
        """Jobs whose account is gone wait for the person; there is no service then."""
        try:
            account = self._accounts.get(*where)
            return account, self._accounts.connect_to(account)
        except ExportError as error:
            self._failed(keys, error)
            return None

    def _free(self, keys: Iterable[str], lane: Lane | None = None) -> None:
        if lane:
            self._lanes.discard(lane)
        for key in keys:
            self._busy.pop(key, None)
            self._fractions.pop(key, None)
            self._later.setdefault(key, [])
        self._settle()

    def _moved(
        self, keys: Sequence[str], jobs: Sequence[Job], lane: Lane | None = None, asked: Collection[str] = ()
    ) -> None:
        """asked: keys of those of which the person wanted something, and hears what the service does not do."""
        self._free(keys, lane)
        self._tell_news()
        for job in jobs:
            if job.key in asked and job.message and job.state.is_open and not job.paused:
                self.said.emit(f"{job.title}: {job.message}", int(Qgis.MessageLevel.Warning))

    def _collected(self, job: Job) -> None:
        self._moved([job.key], [job])
        if job.state is JobState.DONE:
            self.arrived.emit(job)

    def _failed(self, keys: Sequence[str], error: ExportError, lane: Lane | None = None) -> None:
        """The work on these jobs ended with a reason: they wait for the person with it."""
        self._free(keys, lane)
        for key in keys:
            self._change(key, lambda job: lifecycle.held(job, str(error), self._clock()))

    def _stopped(self, key: str) -> None:
        """Somebody cancelled the download: the person in QGIS's task panel, or QGIS because it quits.

        Only the first is a reason to hold the job, and only then are we still here after a moment.
        """
        self._free([key])
        reason = translate("Jobs", "The download was stopped. What has come is kept; “Check now” goes on with it.")
        if key not in self._steps:
            self._change(key, lambda job: replace(job, due=self._clock() + 2 * QUIT_GRACE))
            QTimer.singleShot(int(1000 * QUIT_GRACE), partial(self._hold, key, reason))

    def _hold(self, key: str, reason: str) -> None:
        job = self._store.get(key) if self._timer.isActive() else None
        if job and job.state is JobState.READY:
            self._change(key, lambda job: lifecycle.held(job, reason, self._clock()))

    def _progressed(self, key: str, percent: float) -> None:
        if key in self._fractions:
            self._fractions[key] = percent / 100
            self.progressed.emit(key)

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
        self._later.setdefault(key, []).append(how)
        self._settle()

    def _settle(self) -> None:
        """Gives the leases back of jobs on which nobody works any more, changed as they are to be.

        What the list of jobs can't take now, as on a full disk, it gets at a later tick, which also says so.
        """
        if not self._later:
            return
        with suppress(ExportError):
            free = [key for key in self._later if key not in self._busy]
            self._store.release_many(free, self._owner)
            for key in free:
                while hows := self._later[key]:
                    if job := self._store.take(key, self._owner, self._clock()):
                        self._store.save(hows[0](job), self._owner)
                        self._store.release(key, self._owner)
                        self._soon.start(0)
                    del hows[0]
                del self._later[key]
            self._tell_news()

    def _tell_news(self) -> None:
        """What any window has changed in the store since we last looked."""
        self._seen, lines, removed, renewed = self._store.changed_since(self._seen)
        for line in lines:
            self.changed.emit(line)
            self._news.trouble(line)
        for key in removed:
            self._news.forget(key)
            self._steps.pop(key, None)
            self.removed.emit(key)
        if renewed:
            self.renewed.emit()
            self._end_repair()
        self._news.notice(self._store.notice)

    def _end_repair(self) -> None:
        """After the store was damaged: say so, and look for finished jobs where the files are kept."""
        notice = self._store.repaired()
        if notice and self._repair is None:
            self.said.emit(notice, int(Qgis.MessageLevel.Critical))
            folder = self._downloads()
            title = translate("Jobs", "Look for finished orders in {folder}").format(folder=folder)
            work = partial(rebuilt, folder, self._store)
            self._repair = in_background(title, work, partial(self._rebuilt, folder), self._not_rebuilt)

    def _rebuilt(self, folder: Path, count: int) -> None:
        self._repair = None
        self._tell_news()
        text = translate("Jobs", "%n finished order(s) were found again in {folder}.", "", count)
        self.said.emit(text.format(folder=folder), int(Qgis.MessageLevel.Info))

    def _not_rebuilt(self, error: ExportError) -> None:
        self._repair = None
        self.said.emit(str(error), int(Qgis.MessageLevel.Warning))

    def _may_sign_in(self) -> bool:
        """Never ask for the master password out of the blue: say once that jobs wait for it."""
        is_unlocked = self._accounts.is_unlocked()
        if is_unlocked or not self._accounts.is_signing_in:
            self._news.unlocked(is_unlocked)
        return is_unlocked

    def _signed_in(self, due: Sequence[Due]) -> list[Due]:
        """Without those that wait for somebody to sign in in the web browser, which is said once for each account."""
        ready = {where: self._is_signed_in(where) for where in {one.where for one in due}}
        return [one for one in due if ready[one.where]]

    def _is_signed_in(self, where: Where) -> bool:
        account = self._account(where)
        is_open = account is None or self._accounts.may_open(account)
        if account is not None:
            self._news.signed_in(account, is_open)
        return is_open

    def _account(self, where: Where) -> Account | None:
        """None for a job whose account is gone."""
        try:
            return self._accounts.get(*where)
        except ExportError:
            return None

    def _unlock(self, key: str) -> None:
        job = self._store.get(key)
        self._accounts.unlock(self._account(_where(job)) if job else None)


def _where(job: Job) -> Where:
    return job.request.service, job.request.server, job.authcfg
