"""The jobs of a profile in one SQLite file, shared by every QGIS window and qgis_process run on it.

Who works on a job holds its lease. A lease belongs to an owner (a random string for each process), who shows with a
heartbeat that he lives; the leases of one who has not been heard of for LAPSE seconds are free. Every change of a job
gets the next number of one counter, so each window can ask what has changed since it last looked.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any, NamedTuple, TypeVar

from . import store_file
from .errors import ExportError
from .line import Line
from .model import Job, JobState, Json

COUNT_CHANGE = "UPDATE counter SET change = change + 1"
LEASED = "SELECT leases.key FROM leases JOIN owners USING (owner) WHERE beat BETWEEN ? AND ?"  # by a living owner
DUE = Template(
    """SELECT key, state, title, service, server, authcfg FROM jobs
    WHERE due IS NOT NULL AND (due <= ? OR updated > ?) AND key NOT IN ($leased) ORDER BY due"""
).substitute(leased=LEASED)
COUNT = """SELECT count(*) FROM jobs WHERE due IS NOT NULL AND service = ? AND server = ? AND authcfg = ?
    AND state IN (?, ?)"""
TAKE = Template(
    "REPLACE INTO leases (owner, key) SELECT ?, key FROM jobs WHERE key = ? AND key NOT IN ($leased)"
).substitute(leased=LEASED)
SAVE = """UPDATE jobs SET title = ?, state = ?, created = ?, updated = ?, due = ?, service = ?, server = ?, authcfg = ?,
    remote = ?, line = ?, body = ?, change = (SELECT change + 1 FROM counter)
    WHERE key = ? AND (EXISTS (SELECT * FROM leases WHERE leases.key = jobs.key AND owner = ?)
    OR NOT (EXISTS (SELECT * FROM leases WHERE leases.key = jobs.key) OR ?))"""
KNOWN = "SELECT key FROM jobs WHERE key = ? UNION SELECT key FROM removed WHERE key = ?"
KNOWN_STATES = frozenset(state.value for state in JobState)
LAST = (1e300, "")
T = TypeVar("T")
LAPSE = 6.0  # seconds without a heartbeat after which an owner counts as dead


class Changes(NamedTuple):
    """What has changed up to `counter`. removed: keys. renewed: the file is another one, so all may be different."""

    counter: int
    lines: list[Line]
    removed: list[str]
    renewed: bool = False


class Due(NamedTuple):
    """A job to be worked on. where: service, server and auth config; those of one place can be asked for together."""

    key: str
    state: JobState
    where: tuple[str, str, str]
    title: str = ""


class Store:
    """All methods may be called from any thread. Times are seconds since 1970, as the caller's clock has them.

    notice: what the person should know about the file itself, empty as a rule. Errors: ExportError.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.notice = path, ""
        self._lock = threading.RLock()
        self._is_damaged = self._is_renewed = False
        with self._in_words():
            self._open()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def add(self, job: Job) -> None:
        with self._writing() as connection:
            connection.execute(store_file.INSERT, (job.key, *store_file.columns(job), None))
            connection.execute("DELETE FROM removed WHERE key = ?", (job.key,))
            connection.execute(COUNT_CHANGE)

    def restore(self, jobs: Iterable[Job]) -> int:
        """Add those that are neither there nor removed. How many that were."""
        with self._writing() as connection:
            missing = [job for job in jobs if not self._rows(KNOWN, job.key, job.key)]
            for job in missing:
                connection.execute(store_file.INSERT, (job.key, *store_file.columns(job), None))
                connection.execute(COUNT_CHANGE)
            return len(missing)

    def save(self, job: Job, owner: str, *, leased: bool = False, durable: bool = True) -> bool:
        """Store a new value. False, and nothing stored, when somebody else holds the lease or the job is gone.

        leased: nor when nobody does, since somebody else may have had it meanwhile. durable: False for what can be
        found out once more after a power failure, as how far the service is; hundreds of those don't wait for the disk.
        """
        with self._writing(durable) as connection:
            return _save(connection, job, owner, leased)

    def claim(self, job: Job, owner: str, taken: Collection[Mapping[str, Json]]) -> bool:
        """As `save`, unless another job has got the same ids since `ids` gave `taken`: False then."""
        with self._writing() as connection:
            if any(ids == job.remote for ids in self.ids(job) if ids not in taken):
                return False
            _save(connection, job, owner, leased=False)
            return True

    def ids(self, job: Job) -> list[Mapping[str, Json]]:
        """What the other jobs are called on the same server, of those that it has given ids."""
        where = (job.key, job.request.service, job.request.server)
        rows = self._rows(
            "SELECT remote FROM jobs WHERE key != ? AND service = ? AND server = ? AND remote != '{}'", *where
        )
        return [json.loads(remote) for (remote,) in rows]

    def count(self, job: Job) -> int:
        """How many jobs its service is working on for the same account."""
        where = (job.request.service, job.request.server, job.authcfg)
        count: int = self._rows(COUNT, *where, JobState.QUEUED.value, JobState.RUNNING.value)[0][0]
        return count

    def remove(self, key: str) -> None:
        """Forget the job, whoever works on it."""
        with self._writing() as connection:
            connection.execute("DELETE FROM leases WHERE key = ?", (key,))
            if connection.execute("DELETE FROM jobs WHERE key = ?", (key,)).rowcount:
                connection.execute("REPLACE INTO removed VALUES (?, (SELECT change + 1 FROM counter))", (key,))
                connection.execute(COUNT_CHANGE)

    def get(self, key: str) -> Job | None:
        return next(iter(self._jobs("SELECT key, body FROM jobs WHERE key = ?", key)), None)

    def all(self) -> list[Job]:
        """Newest first."""
        return self._jobs("SELECT key, body FROM jobs ORDER BY created DESC, key DESC")

    def listing(self, before: tuple[float, str] = LAST, most: int = -1) -> list[Line]:
        """Newest first, the jobs themselves not read. before: the place after which it goes on. most: -1 for all."""
        query = "SELECT key, line FROM jobs WHERE (created, key) < (?, ?) ORDER BY created DESC, key DESC LIMIT ?"
        return self._lines(self._rows(query, *before, most))

    def due(self, now: float) -> list[Due]:
        """Open jobs that wait for nobody, whom nobody works on and whose time has come, the longest waiting first.

        That is also one that was looked at in what is now the future: the clock was set back.
        """
        rows = self._rows(DUE, now, now + LAPSE, now - LAPSE, now + LAPSE)
        known = [row for row in rows if row[1] in KNOWN_STATES]
        return [Due(key, JobState(state), (*where,), title) for key, state, title, *where in known]

    def counter(self) -> int:
        """A number that grows with every change by any process."""
        counter: int = self._rows("SELECT change FROM counter")[0][0]
        return counter

    def changed_since(self, counter: int) -> Changes:
        """Everything that has changed after `counter` was that number; 0: everything there is."""
        with self._lock, self._in_words():
            if self._is_renewed:
                self._is_renewed = False
                return Changes(self.counter(), [], [], renewed=True)
            if counter == self.counter():
                return Changes(counter, [], [])
            self._connection.execute("BEGIN")  # one moment for all three
            with self._connection:
                now = self.counter()
                lines = self._lines(self._rows("SELECT key, line FROM jobs WHERE change > ? ORDER BY change", counter))
                removed = self._rows("SELECT key FROM removed WHERE change > ? ORDER BY change", counter)
        return Changes(now, lines, [key for (key,) in removed])

    def is_free(self, key: str, now: float) -> bool:
        """Whether no living owner holds a lease of it."""
        return (key,) not in self._rows(LEASED, now - LAPSE, now + LAPSE)

    def take(self, key: str, owner: str, now: float) -> Job | None:
        """Lease the job and give its fresh value. None when a living owner (also this one) holds it, or it is gone."""
        with self._writing(durable=False) as connection:
            _beat(connection, owner, now)
            return self.get(key) if _take(connection, key, owner, now) else None

    def take_many(self, keys: Iterable[str], owner: str, now: float) -> list[str]:
        """Lease these jobs without reading them. Those that were free."""
        with self._writing(durable=False) as connection:
            _beat(connection, owner, now)
            return [key for key in keys if _take(connection, key, owner, now)]

    def release(self, key: str, owner: str) -> None:
        """Give the lease back; nothing happens if it is no longer this owner's."""
        self.release_many([key], owner)

    def release_many(self, keys: Iterable[str], owner: str) -> None:
        """All at once: each for itself would wait for others who write."""
        with self._writing(durable=False) as connection:
            for key in keys:
                connection.execute("DELETE FROM leases WHERE key = ? AND owner = ?", (key, owner))

    def beat(self, owner: str, now: float, patience: float | None = None) -> None:
        """Show that the owner lives. A beat that lies ahead of the clock by more than LAPSE is worth nothing.

        patience: seconds to wait for others who use the file, None for as long as it takes as a rule.
        """
        with self._writing(durable=False, patience=patience) as connection:
            _beat(connection, owner, now)

    def repaired(self) -> str:
        """What the person should know of a repair that has yet to be ended; empty when there is none."""
        return next((str(notice) for (notice,) in self._rows("SELECT notice FROM repairs")), "")

    def end_repair(self) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM repairs")

    def _open(self) -> None:
        self._connection = store_file.opened(self.path, self._is_damaged)
        self._file = store_file.identity(self.path)
        self._end = weakref.finalize(self, self._connection.close)
        self._is_damaged = False

    @contextmanager
    def _writing(self, durable: bool = True, patience: float | None = None) -> Iterator[sqlite3.Connection]:
        """A transaction. durable: on the disk before it ends, even if the power fails right after.

        That is for the jobs themselves: one that was ordered must not be found unordered. Leases die anyway.
        """
        with self._alone(patience), self._in_words():
            if self._end.alive and (self._is_damaged or store_file.identity(self.path) != self._file):
                self._end()  # what is written here would be written into a file that was set aside
                self._open()
                self._is_renewed = True
            seconds = store_file.PATIENCE if patience is None else patience
            self._connection.execute(f"PRAGMA busy_timeout = {1000 * seconds:.0f}")
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.commit()
            finally:
                if self._connection.in_transaction:
                    self._connection.rollback()

    @contextmanager
    def _alone(self, patience: float | None) -> Iterator[None]:
        """Errors: ExportError when another thread holds the store for longer than that."""
        if not self._lock.acquire(timeout=-1 if patience is None else patience):
            raise self._unusable("it is in use")
        try:
            yield
        finally:
            self._lock.release()

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._in_words():
            return self._connection.execute(query, values).fetchall()

    def _lines(self, rows: Iterable[tuple[Any, ...]]) -> list[Line]:
        return self._read(Line.from_json, rows)

    def _jobs(self, query: str, *values: object) -> list[Job]:
        return self._read(Job.from_json, self._rows(query, *values))

    def _read(self, read: Callable[[str], T], rows: Iterable[tuple[Any, ...]]) -> list[T]:
        """From rows of key and text. What can't be read is told about and left out; it stays in the file."""
        found: list[T] = []
        for key, text in rows:
            try:
                found.append(read(text))
            except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
                self.notice = f"Job {key} can't be read; it may have been written by a newer Cutout."
        return found

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self._is_damaged = self._is_damaged or type(error) is sqlite3.DatabaseError  # not one of its kinds
            raise self._unusable(str(error)) from error

    def _unusable(self, why: str) -> ExportError:
        return ExportError(
            f"The list of jobs ({self.path}) can't be used: {why}.",
            "See that the disk is not full and the file is writable, and start QGIS again.",
        )


def _save(connection: sqlite3.Connection, job: Job, owner: str, leased: bool) -> bool:
    saved = connection.execute(SAVE, (*store_file.columns(job), job.key, owner, leased)).rowcount
    if saved:
        connection.execute(COUNT_CHANGE)
    return bool(saved)


def _take(connection: sqlite3.Connection, key: str, owner: str, now: float) -> bool:
    return connection.execute(TAKE, (owner, key, now - LAPSE, now + LAPSE)).rowcount > 0


def _beat(connection: sqlite3.Connection, owner: str, now: float) -> None:
    connection.execute("REPLACE INTO owners VALUES (?, ?)", (owner, now))
    connection.execute("DELETE FROM owners WHERE beat NOT BETWEEN ? AND ?", (now - 10 * LAPSE, now + 10 * LAPSE))
