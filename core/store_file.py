"""The SQLite file behind the store: made for its user only, checked, and set aside when it is damaged."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

from .errors import ExportError

SCHEMA = 1
PATIENCE = 5.0  # seconds to wait for another process that writes
TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    key TEXT PRIMARY KEY, title TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL,
    due REAL,       -- only while the job is open and waits for nobody
    lease TEXT,     -- the owner who works on it
    change INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_change ON jobs (change);
CREATE INDEX IF NOT EXISTS jobs_created ON jobs (created DESC, change DESC, key, title, state);
CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY, beat REAL NOT NULL);
CREATE TABLE IF NOT EXISTS removed (key TEXT PRIMARY KEY, change INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS counter (one INTEGER PRIMARY KEY CHECK (one = 1), change INTEGER NOT NULL);
INSERT OR IGNORE INTO counter VALUES (1, 0);
"""


def opened(path: Path) -> tuple[sqlite3.Connection, str]:
    """A connection that threads may share under a lock, and what the person should know about the file.

    Errors: ExportError for a file of a newer version, which is left alone; sqlite3.Error, OSError.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _connected(path), ""
    except sqlite3.OperationalError:  # locked, no permission, a disk that fails: not the file's fault
        raise
    except sqlite3.DatabaseError as damage:
        aside = _set_aside(path)
        notice = f"The list of jobs was damaged ({damage}). It was kept as {aside}, and a new one was begun."
        return _connected(path), notice


def _connected(path: Path) -> sqlite3.Connection:
    _make_private(path)
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        version = _version(connection)
        if version > SCHEMA:
            raise ExportError(
                f"The list of jobs ({path}) was written by a newer version of Cutout.", "Update Cutout to use it."
            )
        _check(connection)
        _prefer_wal(connection)
        if version < SCHEMA:
            connection.executescript(f"BEGIN IMMEDIATE;{TABLES}PRAGMA user_version = {SCHEMA};COMMIT;")
    except (sqlite3.Error, ExportError):
        connection.close()
        raise
    return connection


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


def _check(connection: sqlite3.Connection) -> None:
    """Errors: sqlite3.DatabaseError with what is damaged."""
    said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise sqlite3.DatabaseError(said)


def _make_private(path: Path) -> None:
    """SQLite gives the files it adds the rights of this one."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with suppress(PermissionError):  # somebody else's file on a shared drive
        path.chmod(0o600)


def _set_aside(path: Path) -> Path:
    """Rename the file and what belongs to it, by the day it was last written."""
    day = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc).strftime("%Y-%m-%d")
    aside = path.with_name(f"{path.stem}-damaged-{day}{path.suffix}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.stem}-damaged-{day}-{count}{path.suffix}")
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{aside}{ending}")
    return aside
