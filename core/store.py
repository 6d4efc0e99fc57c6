"""The jobs of a profile in one SQLite file, shared by every QGIS window and qgis_process run on it.

Who works on a job holds its lease. A lease belongs to an owner (a random string for each process), who shows with a
heartbeat that he lives; the leases of one who has not been heard of for LAPSE seconds are free. Every change of a job
gets the next number of one counter, so each window can ask what has changed since it last looked.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from .errors import ExportError
from .model import Job
from .store_file import opened

COUNT_CHANGE = "UPDATE counter SET change = change + 1"
LAPSE = 6.0  # seconds without a heartbeat after which an owner counts as dead


class Changes(NamedTuple):
    """What has changed up to `counter`. removed: keys."""

    counter: int
    jobs: list[Job]
    removed: list[str]


class Entry(NamedTuple):
    """A job as a line of a list, cheap to read by the thousand."""

    key: str
    title: str
    state: str
    created: float


class Store:
    """All methods may be called from any thread. Times are seconds since 1970, as the caller's clock has them.

    notice: what the person should know about the file itself, empty as a rule. Errors: ExportError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._in_words():
            self._connection, self.notice = opened(path)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def add(self, job: Job) -> None:
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO jobs (key, title, state, created, due, body, change) "
                "VALUES (?, ?, ?, ?, ?, ?, (SELECT change + 1 FROM counter))",
                (job.key, *_columns(job)),
            )
            connection.execute("DELETE FROM removed WHERE key = ?", (job.key,))
            connection.execute(COUNT_CHANGE)

    def save(self, job: Job, owner: str, *, leased: bool = False) -> bool:
        """Store a new value. False, and nothing stored, when somebody else holds the lease or the job is gone.

        leased: nor when nobody does, since somebody else may have had it meanwhile.
        """
        with self._writing() as connection:
            saved = connection.execute(
                "UPDATE jobs SET title = ?, state = ?, created = ?, due = ?, body = ?, "
                "change = (SELECT change + 1 FROM counter) WHERE key = ? AND (lease = ? OR (lease IS NULL AND NOT ?))",
                (*_columns(job), job.key, owner, leased),
            ).rowcount
            if saved:
                connection.execute(COUNT_CHANGE)
            return bool(saved)

    def remove(self, key: str) -> None:
        """Forget the job, whoever works on it."""
        with self._writing() as connection:
            if connection.execute("DELETE FROM jobs WHERE key = ?", (key,)).rowcount:
                connection.execute("REPLACE INTO removed VALUES (?, (SELECT change + 1 FROM counter))", (key,))
                connection.execute(COUNT_CHANGE)

    def get(self, key: str) -> Job | None:
        return next(iter(self._jobs("SELECT key, body FROM jobs WHERE key = ?", key)), None)

    def all(self) -> list[Job]:
        """Newest first."""
        return self._jobs("SELECT key, body FROM jobs ORDER BY created DESC, change DESC")

    def listing(self) -> list[Entry]:
        """As `all`, without reading the jobs themselves."""
        rows = self._rows("SELECT key, title, state, created FROM jobs ORDER BY created DESC, change DESC")
        return [Entry(*row) for row in rows]

    def due(self, now: float) -> list[Job]:
        """Open jobs that wait for nobody and whose time has come, the longest waiting first."""
        return self._jobs("SELECT key, body FROM jobs WHERE due <= ? ORDER BY due", now)

    def counter(self) -> int:
        """A number that grows with every change by any process."""
        counter: int = self._rows("SELECT change FROM counter")[0][0]
        return counter

    def changed_since(self, counter: int) -> Changes:
        """Everything that has changed after `counter` was that number; 0: everything there is."""
        with self._lock, self._in_words():
            if counter == self.counter():
                return Changes(counter, [], [])
            self._connection.execute("BEGIN")  # one moment for all three
            with self._connection:
                now = self.counter()
                jobs = self._jobs("SELECT key, body FROM jobs WHERE change > ? ORDER BY change", counter)
                removed = self._rows("SELECT key FROM removed WHERE change > ? ORDER BY change", counter)
        return Changes(now, jobs, [key for (key,) in removed])

    def take(self, key: str, owner: str, now: float) -> Job | None:
        """Lease the job and give its fresh value. None when a living owner (also this one) holds it, or it is gone."""
        with self._writing(durable=False) as connection:
            _beat(connection, owner, now)
            taken = connection.execute(
                "UPDATE jobs SET lease = ? WHERE key = ? AND "
                "(lease IS NULL OR lease NOT IN (SELECT owner FROM owners WHERE beat BETWEEN ? AND ?))",
                (owner, key, now - LAPSE, now + LAPSE),
            )
            return self.get(key) if taken.rowcount else None

    def release(self, key: str, owner: str) -> None:
        """Give the lease back; nothing happens if it is no longer this owner's."""
        with self._writing(durable=False) as connection:
            connection.execute("UPDATE jobs SET lease = NULL WHERE key = ? AND lease = ?", (key, owner))

    def beat(self, owner: str, now: float) -> None:
        """Show that the owner lives. A beat that lies ahead of the clock by more than LAPSE is worth nothing."""
        with self._writing(durable=False) as connection:
            _beat(connection, owner, now)

    @contextmanager
    def _writing(self, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction. durable: on the disk before it ends, even if the power fails right after.

        That is for the jobs themselves: one that was ordered must not be found unordered. Leases die anyway.
        """
        with self._lock, self._in_words():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.commit()
            finally:
                if self._connection.in_transaction:
                    self._connection.rollback()

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._in_words():
            return self._connection.execute(query, values).fetchall()

    def _jobs(self, query: str, *values: object) -> list[Job]:
        """From rows of key and body. A job that can't be read is told about and left out; it stays in the file."""
        jobs: list[Job] = []
        for key, body in self._rows(query, *values):
            try:
                jobs.append(Job.from_json(body))
            except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
                self.notice = f"Job {key} can't be read; it may have been written by a newer Cutout."
        return jobs

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise ExportError(
                f"The list of jobs ({self.path}) can't be used: {error}.",
                "See that the disk is not full and the file is writable, and start QGIS again.",
            ) from error


def _columns(job: Job) -> tuple[object, ...]:
    due = job.due if job.state.is_open and not job.paused else None
    return _storable(job.title), job.state.value, job.created, due, _storable(job.to_json())


def _storable(text: str) -> str:
    """JSON from a service may hold half of a surrogate pair, which SQLite refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _beat(connection: sqlite3.Connection, owner: str, now: float) -> None:
    connection.execute("REPLACE INTO owners VALUES (?, ?)", (owner, now))
    connection.execute("DELETE FROM owners WHERE beat NOT BETWEEN ? AND ?", (now - 10 * LAPSE, now + 10 * LAPSE))
