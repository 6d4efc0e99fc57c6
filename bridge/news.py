"""What the poller tells the person of, each thing once and for as long as it lasts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from qgis.core import Qgis
from qgis.PyQt.QtCore import QCoreApplication

from ..core.line import Line
from ..core.model import Job, JobState
from ..core.words import plain
from .accounts import Account

translate = QCoreApplication.translate

TROUBLE = (JobState.FAILED, JobState.EXPIRED, JobState.UNCERTAIN)

log = logging.getLogger(__name__)


class News:
    """say: gets a sentence and a Qgis.MessageLevel."""

    def __init__(self, say: Callable[[str, int], None]) -> None:
        self._say = say
        self._troubles: dict[str, str] = {}  # by job key: the one that was said last, while it lasts
        self._notice = ""
        self._is_unlocked = True
        self._elsewhere: set[str] = set()  # keys of jobs
        self._waiting: set[str] = set()  # auth configs

    def trouble(self, line: Line) -> None:
        """A job that ended badly or waits for the person, wherever the dock is."""
        trouble = line.message if line.paused or line.state in TROUBLE else ""
        if not trouble:
            self._troubles.pop(line.key, None)
        elif trouble != self._troubles.get(line.key):
            log.warning("Job %s, “%s”, is %s: %s", line.key, line.title, line.state.value, trouble)
            self._say(f"{line.title}: {trouble}", int(Qgis.MessageLevel.Warning))
            self._troubles[line.key] = trouble

    def forget(self, key: str) -> None:
        """The job is gone."""
        self._troubles.pop(key, None)
        self._elsewhere.discard(key)

    def notice(self, notice: str) -> None:
        """Of the store."""
        is_new, self._notice = notice != self._notice, notice
        if notice and is_new:
            self._say(notice, int(Qgis.MessageLevel.Warning))

    def elsewhere(self, jobs: Iterable[Job]) -> None:
        """What the person wants of these jobs waits, since somebody else works on them."""
        for job in jobs:
            if job.key not in self._elsewhere:
                text = translate(
                    "Jobs",
                    "Another QGIS window or Processing run works on “{title}”. What you want of it is done as soon as "
                    "it is through, or now if you stop it there."
                )  # fmt: skip
                self._say(text.format(title=plain(job.title)), int(Qgis.MessageLevel.Info))
                self._elsewhere.add(job.key)

    def here(self, keys: Iterable[str]) -> None:
        """What the person wants of these jobs is being done."""
        self._elsewhere.difference_update(keys)

    def unlocked(self, is_unlocked: bool) -> None:
        """Whether QGIS's master password is known, without which no order goes on."""
        if self._is_unlocked and not is_unlocked:
            text = translate("Jobs", "Orders wait for QGIS's master password. Press “Check now” in the Cutout panel.")
            self._say(text, int(Qgis.MessageLevel.Info))
        self._is_unlocked = is_unlocked

    def signed_in(self, account: Account, is_signed_in: bool) -> None:
        """Whether somebody has signed in in the web browser, where this account needs that."""
        if is_signed_in:
            self._waiting.discard(account.authcfg)
        elif account.authcfg not in self._waiting:
            self._waiting.add(account.authcfg)
            text = translate("Jobs", "Orders from {server} wait for you to sign in. Press “Check now” in the panel.")
            self._say(text.format(server=account.label), int(Qgis.MessageLevel.Info))
