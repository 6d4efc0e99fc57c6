"""The SQLite file behind the store: made for its user only, checked, brought up to date, and repaired when damaged."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from .errors import ExportError
from .line import Line
from .model import Job

SCHEMA = 2
PATIENCE = 5.0  # seconds to wait for another process that writes
LARGE = 50_000_000  # bytes of a file that is not read as a whole at each start; damage then shows where it is used
YOUNG = 60.0  # seconds
MISSING = "Orders that are missing may go on at the service: look there before you order them again."
FRESH = "-new"  # ends the name of a repaired file that is about to take the place of a damaged one
TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    key TEXT PRIMARY KEY, title TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL,
    due REAL,       -- only while the job is open and waits for nobody
    change INTEGER NOT NULL,
    service TEXT NOT NULL, server TEXT NOT NULL, authcfg TEXT NOT NULL,
    remote TEXT NOT NULL,  -- JSON, what the service calls it
    line TEXT NOT NULL,    -- JSON, what a list shows; before the body, which may lie on many pages
    body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due, updated) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_change ON jobs (change);
CREATE INDEX IF NOT EXISTS jobs_created ON jobs (created, key);
CREATE TABLE IF NOT EXISTS leases (
    -- who works on a job: not in its row, which is written as a whole
    key TEXT PRIMARY KEY, owner TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY, beat REAL NOT NULL);
CREATE TABLE IF NOT EXISTS removed (key TEXT PRIMARY KEY, change INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS counter (one INTEGER PRIMARY KEY CHECK (one = 1), change INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS repairs (
    notice TEXT NOT NULL -- of one that has yet to be ended by looking for finished jobs in their folders
    );
INSERT OR IGNORE INTO counter VALUES (1, 0);
"""
# The last value is the number of the change, NULL for the next one.
INSERT = """INSERT INTO jobs
    (key, title, state, created, updated, due, service, server, authcfg, remote, line, body, change)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, (SELECT change + 1 FROM counter)))"""


def opened(path: Path, suspected: bool = False) -> sqlite3.Connection:
    """A connection that threads may share under a lock. suspected: of damage, so it is looked through at any size.

    Errors: ExportError for a file of a newer version, which is left alone; sqlite3.Error, OSError.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    was_emptied = _was_emptied(path)
    try:
        connection = connected(path, suspected)
        if was_emptied:
            connection.execute("INSERT INTO repairs VALUES (?)", (f"The list of jobs ({path}) was empty. {MISSING}",))
        return connection
    except sqlite3.OperationalError:  # locked, no permission, a disk that fails: not the file's fault
        raise
    except sqlite3.DatabaseError as damage:
        from .repair import repair

        repair(path, str(damage))
        return connected(path)


def connected(path: Path, suspected: bool = False) -> sqlite3.Connection:
    """Errors: as `opened`, and sqlite3.DatabaseError itself when the file is damaged."""
    if not path.exists():
        with suppress(FileNotFoundError):
            os.replace(f"{path}{FRESH}", path)  # a repair was killed in its last step
    _make_private(path)
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        version = _version(connection)
        if version > SCHEMA:
            raise ExportError(
                f"The list of jobs ({path}) was written by a newer version of Cutout.", "Update Cutout to use it."
            )
        _check(connection, suspected or path.stat().st_size < LARGE)
        _prefer_wal(connection)
        if version < SCHEMA:
            _bring_up_to_date(connection)
    except (sqlite3.Error, ExportError):
        connection.close()
        raise
    return connection


def columns(job: Job, body: str = "") -> tuple[Any, ...]:
    """Values for all columns between the key and the change. body: what the job was read from, if it was."""
    due = job.due if job.state.is_open and not job.paused else None
    where = (job.request.service, job.request.server, job.authcfg)
    values = (
        job.title,
        job.state.value,
        job.created,
        job.updated,
        due,
        *where,
        json.dumps(dict(job.remote), default=str),
    )
    return tuple(map(_storable, (*values, Line.of(job).to_json(), body or job.to_json())))


def identity(path: Path) -> tuple[int, int] | None:
    """By which another file in its place is told; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _storable(value: Any) -> Any:
    """JSON from a service may hold half of a surrogate pair, which SQLite refuses."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """A new file, or one of schema 1, whose rows had neither line nor account. All of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # maybe somebody else was faster
        if version == 1:
            connection.execute("ALTER TABLE jobs RENAME TO older")
            for index in ("jobs_due", "jobs_change", "jobs_created"):
                connection.execute(f"DROP INDEX {index}")
        if version < SCHEMA:
            for statement in TABLES.split(";\n"):
                connection.execute(statement)
        if version == 1:
            _copy(connection, connection.execute("SELECT key, change, body, title, state, created FROM older"))
            connection.execute("DROP TABLE older")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _copy(connection: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """A body that can't be read stays as it is, in a row that says no more than it did."""
    for key, change, body, *known in rows:
        try:
            values = columns(Job.from_json(body), body)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            values = (*known, 0.0, None, "", "", "", "{}", "{}", body)
        connection.execute(INSERT, (key, *values, change))


def _prefer_wal(connection: sqlite3.Connection) -> None:
    """Readers and writers then don't wait for each other. Not every disk can do it, as some network drives, and not
    while somebody reads: then it goes without, and nobody waits for it.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _check(connection: sqlite3.Connection, thorough: bool) -> None:
    """Errors: sqlite3.DatabaseError with what is damaged."""
    connection.execute("SELECT * FROM sqlite_master").fetchall()
    said = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if thorough else "ok"
    if said != "ok":
        raise sqlite3.DatabaseError(said)


def _was_emptied(path: Path) -> bool:
    """As by a power failure; not just made, by us or by somebody who starts at the same time."""
    try:
        found = path.stat()
    except OSError:
        return False
    return (
        found.st_size == 0 and time.time() - found.st_mtime > YOUNG and not path.with_name(f"{path.name}-wal").exists()
    )


def _make_private(path: Path) -> None:
    """SQLite gives the files it adds the rights of this one."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with suppress(PermissionError):  # somebody else's file on a shared drive
        path.chmod(0o600)
