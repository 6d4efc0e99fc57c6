"""The job poller: a timer says who is due, short tasks ask the services, one visible task a download fetches files.

All decisions are made here on the main thread; tasks get frozen values. Whatever happens to a job goes into the store,
by whichever thread or window, and `changed` tells what is new there: so nothing is lost when QGIS dies in between.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from ..core.store import LAPSE, LAST, Changes, Due, Store
from .accounts import Account, Accounts
from .clerk import Clerk
from .connections import Connection, Connections
from .news import News
from .pulse import Pulse
from .recovery import Recovery
from .rounds import Lane, Where, turns
from .sight import Later, Sight, seen, settle, where
from .steps import Moved, Step, as_new, fetched, moved, others
from .tasks import Task, in_background

translate = QCoreApplication.translate

TICK = 1000  # milliseconds
MOST_DOWNLOADS = 2
QUIT_GRACE = 2.0  # seconds
SOON = 50  # milliseconds
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
        self._connections = Connections(accounts, self._news)
        self._clerk = Clerk(self)
        self.is_looking = False  # the clerk does
        self._busy: dict[str, Task] = {}  # by job key: the task that works on it
        self._steps: dict[str, Step] = {}  # by job key: what the person asked for and nobody has begun yet
        self._later: Later = {}  # what is to be written down of jobs on which nobody works any more
        self._settling: Later = {}  # the same, in the hands of the clerk
        self._lanes: set[Lane] = set()  # those in which a task is under way
        self._fractions: dict[str, float] = {}
        self._failures = 0  # of the store, in a row
        self._recovery = Recovery(store, downloads, self.said.emit, self._tell_news)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.look)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start()
        self._pulse.begin()  # a window that does not answer for a while is not dead
        self._recovery.begin()

    def stop(self) -> None:
        """Before the plugin goes: no timer, no task; the jobs stay as they are stored and go on next time.

        Work that can't be stopped, as an order that has just left, still stores what comes of it: until then, or for as
        long as a lease lives, nobody else takes its job, and the store is closed when the last of it lets go.
        """
        self._timer.stop()
        self._soon.stop()
        last = partial(settle, self._store, self._owner, self._clock(), self._ready_to_settle())
        self._clerk.do(last, lambda done: None, lambda error: None)
        self._clerk.stop()
        self._pulse.stop()
        self._recovery.stop()
        for task in set(self._busy.values()):
            task.abandon()
        if not self._busy:
            self._store.close()
        self._busy.clear()

    def all(self) -> list[Job]:
        """Newest first."""
        return self._store.all()

    def listing(self, before: tuple[float, str] = LAST, most: int = -1) -> list[Line]:
        """Newest first, of all or of those after a place; none when the store can't be used, as `look` says."""
        try:
            return self._store.listing(before, most)
        except ExportError as error:
            log.warning("No list: %s", error)
            return []

    def fraction(self, key: str) -> float | None:
        """How far a running download is, 0 to 1; None when none is running."""
        return self._fractions.get(key)

    def get(self, key: str) -> Job | None:
        """None also when the store can't be used, as `look` says."""
        try:
            return self._store.get(key)
        except ExportError as error:
            log.warning("No job %s: %s", key, error)
            return None

    def provider(self, job: Job) -> Provider:
        """The service of a job, for another question than about the job. Errors: ExportError."""
        self._unlock(job.key)
        return self._connections.of(where(job))[1]

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

    def look(self) -> None:
        """What is done once a second: heartbeat, news from other windows, then the jobs that are due.

        Without waiting for the disk and for whoever else uses the list.
        """
        if self.is_looking:
            self._soon.start(SOON)
            return
        self.is_looking = True
        self._settling = self._ready_to_settle()
        wishes = [key for key in self._steps if key not in self._busy]
        work = partial(seen, self._store, self._owner, self._clock(), self._seen, self._settling, wishes)
        self._clerk.do(work, self._looked, self._look_failed)

    def _looked(self, sight: Sight) -> None:
        self._has_looked()
        try:
            self._go_on(sight)
        except ExportError as error:
            self._look_failed(error)

    def _look_failed(self, error: ExportError) -> None:
        """The store: a full disk, a drive that is gone. Said once, tried on."""
        if self.is_looking:
            self._has_looked()
        self._failures += 1
        if self._failures == MOST_FAILURES:
            self.said.emit(str(error), int(Qgis.MessageLevel.Critical))

    def _has_looked(self) -> None:
        """What could not be written down is kept, before what came since."""
        self.is_looking = False
        for key, hows in self._settling.items():
            self._later[key] = [*hows, *self._later.get(key, ())]
        self._settling = {}

    def _go_on(self, sight: Sight) -> None:
        now = sight.now
        self._tell(sight.changes)
        self._news.elsewhere(sight.elsewhere)
        if self._pulse.has_paused():  # the machine slept, and the other windows with us: they get the time to say so
            self._leave_to_others_until = now + LAPSE
        is_rested = not now < self._leave_to_others_until <= now + LAPSE
        due = [one for one in sight.due if self._is_free(one.key) and one.key not in self._steps] if is_rested else []
        wishes = [one for one in sight.wished if self._is_free(one.key) and one.key in self._steps]
        if (due or wishes) and self._connections.may_sign_in():
            begun = self._begin(self._connections.signed_in(due), self._connections.signed_in(wishes))
            if begun:  # to begin one takes a moment of the window, so the others get turns of their own
                self._soon.start(SOON)
        self._failures = 0

    def _is_free(self, key: str) -> bool:
        """Whether nobody works on it here, and all is written down that came of earlier work."""
        return key not in self._busy and key not in self._later

    def _begin(self, due: Sequence[Due], wishes: Sequence[Due]) -> bool:
        """One task: what the person wants comes first. False when there is none to begin."""
        if wishes:
            place = wishes[0].where
            self._ask_for(place, [one.key for one in wishes if one.where == place])
            return True
        for lane, keys in turns((one for one in due if one.state is not JobState.READY), self._lanes):
            self._ask_for(lane[0], keys, lane)
            return True
        ready = [one for one in due if one.state is JobState.READY]
        if ready and len(self._fractions) < MOST_DOWNLOADS:
            self._download(ready[0])
            return True
        return False

    def _ask_for(self, place: Where, keys: Sequence[str], lane: Lane | None = None) -> None:
        """One task that asks an account's service for these jobs, as far as they are free."""
        steps = {key: self._steps.pop(key) for key in keys if key in self._steps}
        found = self._service(place, keys)
        if found is None:
            return
        account, provider = found
        work = partial(moved, provider, keys, steps, self._store, self._owner, self._clock)
        title = translate("Jobs", "Ask {server}").format(server=account.label)
        ends = partial(self._moved, keys, lane=lane, steps=steps), partial(self._failed, keys, lane=lane)
        task = in_background(title, work, *ends, stopped=partial(self._free, keys, lane))
        self._busy.update(dict.fromkeys(keys, task))
        if lane:
            self._lanes.add(lane)

    def _download(self, due: Due) -> None:
        key, found = due.key, self._service(due.where, [due.key])
        if found is None:
            return
        work = partial(fetched, found[1], key, self._downloads(), self._store, self._owner, self._clock)
        title = translate("Jobs", "Download {title}").format(title=due.title)
        ends = partial(self._collected, key), partial(self._failed, [key])
        task = in_background(title, work, *ends, visible=True, stopped=partial(self._stopped, key))
        self._fractions[key] = 0.0
        task.progressChanged.connect(partial(self._progressed, key))
        self._busy[key] = task

    def _service(self, place: Where, keys: Sequence[str]) -> Connection | None:
        """Jobs whose account is gone wait for the person; there is no service then."""
        try:
            return self._connections.of(place)
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
        self._soon.start(0)

    def _moved(self, keys: Sequence[str], moved: Moved, lane: Lane | None, steps: Mapping[str, Step]) -> None:
        """steps: what the person wanted of some of the jobs, who hears what the service does not do."""
        self._free(keys, lane)
        for key in moved.elsewhere & steps.keys():
            self._steps.setdefault(key, steps[key])
        self._news.here(steps.keys() - moved.elsewhere)
        for job in moved.jobs:
            if job.key in steps and job.message and job.state.is_open and not job.paused:
                self.said.emit(f"{job.title}: {job.message}", int(Qgis.MessageLevel.Warning))

    def _collected(self, key: str, job: Job | None) -> None:
        """job: None where somebody else fetches it."""
        self._free([key])
        if job and job.state is JobState.DONE:
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
        self._soon.start(0)

    def _ready_to_settle(self) -> Later:
        """Taken out of what is to be written down: that of jobs on which nobody works."""
        return {key: self._later.pop(key) for key in [*self._later] if key not in self._busy}

    def _tell_news(self) -> None:
        """What any window has changed in the store since we last looked."""
        self._tell(self._store.changed_since(self._seen))

    def _tell(self, changes: Changes) -> None:
        if changes.counter < self._seen and not changes.renewed:
            return  # all of it was told while it was on its way here
        self._seen, lines, removed, renewed = changes
        for line in lines:
            self.changed.emit(line)
            self._news.trouble(line)
        for key in removed:
            self._news.forget(key)
            self._steps.pop(key, None)
            self.removed.emit(key)
        if renewed:
            self.renewed.emit()
            self._recovery.begin()
        self._news.notice(self._store.notice)

    def _unlock(self, key: str) -> None:
        job = self._store.get(key)
        self._connections.unlock(where(job) if job else None)
