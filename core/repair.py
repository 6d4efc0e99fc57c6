"""A damaged store file: kept aside as it is, and replaced by one with all jobs that can still be read in it.

An order that the service works on may be paid for already, so each row is tried by itself, and also what SQLite reads
only when the file's first page is lent by an empty store. Finished jobs come back by core.rebuild, too.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from . import store_file
from .line import Line
from .model import Job

PAGE = 4096  # bytes, of every file that a store has made
SIZE = 28  # where the first page says how many there are (https://www.sqlite.org/fileformat.html)
MOST_NAMED = 5
SOURCES = (
    "SELECT rowid FROM jobs NOT INDEXED",
    "SELECT rowid FROM jobs NOT INDEXED ORDER BY rowid DESC",
    "SELECT rowid FROM jobs INDEXED BY jobs_created",
    "SELECT rowid FROM jobs INDEXED BY jobs_change",
)
UNREADABLE = (sqlite3.DatabaseError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError)


@dataclass
class Salvage:
    """jobs: by key. lost: of open jobs, what is left of them. removed: keys of those that the person has removed."""

    jobs: dict[str, Job] = field(default_factory=dict)
    lost: dict[str, Line] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


def repair(path: Path, damage: str) -> None:
    """Set the file aside and put one in its place that has what could be read, and a notice for the person in it.

    Nothing happens when the file is whole by now, since another process had the same idea. Errors: sqlite3.Error,
    OSError; the damaged file is then where it was.
    """
    with _alone(path):
        if _is_whole(path):
            return
        aside, fresh = _free_name(path), Path(f"{path}{store_file.FRESH}")
        with TemporaryDirectory(prefix="repair-", dir=path.parent) as folder:
            found = _salvaged(_copied(path, Path(folder)))
            _write(Path(folder) / "fresh.sqlite", found, _notice(damage, aside, found))
            os.replace(Path(folder) / "fresh.sqlite", fresh)
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.replace(f"{path}{ending}", f"{aside}{ending}")
        os.replace(fresh, path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process repairs meanwhile; ends with the process that holds it."""
    lock = path.with_name(f"{path.name}-repair")
    connection = sqlite3.connect(lock, timeout=store_file.PATIENCE, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()
        with suppress(OSError):
            lock.unlink()


def _is_whole(path: Path) -> bool:
    try:
        store_file.connected(path, suspected=True).close()
        return True
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def _copied(path: Path, folder: Path) -> Path:
    """To work on: opening a file may change it."""
    copy = folder / "damaged.sqlite"
    for ending in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
    return copy


def _salvaged(copy: Path) -> Salvage:
    found = _read(copy)
    for mend in (_agree_on_size, _lend_first_page):
        if not found.jobs and copy.stat().st_size >= PAGE:
            mend(copy)
            found = _read(copy)
    return found


def _agree_on_size(copy: Path) -> None:
    """SQLite does not begin to read a file that is shorter than it says of itself."""
    with copy.open("r+b") as file:
        file.seek(SIZE)
        file.write((copy.stat().st_size // PAGE).to_bytes(4, "big"))


def _lend_first_page(copy: Path) -> None:
    """The first page says where the tables begin, which is the same in each file that was begun with this schema."""
    empty = copy.with_name("empty.sqlite")
    store_file.connected(empty).close()
    with copy.open("r+b") as file:
        file.write(empty.read_bytes()[:PAGE])
    _agree_on_size(copy)


def _read(copy: Path) -> Salvage:
    found = Salvage()
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        for row in sorted(_rowids(connection)):
            try:
                (body,) = connection.execute("SELECT body FROM jobs WHERE rowid = ?", (row,)).fetchone()
                job = Job.from_json(body)
                found.jobs[job.key] = job
            except UNREADABLE:
                _note_lost(connection, row, found)
        with suppress(sqlite3.DatabaseError):
            found.removed.update(key for (key,) in connection.execute("SELECT key FROM removed"))
    return found


def _rowids(connection: sqlite3.Connection) -> set[int]:
    """A query ends where the damage begins, so several go through the table in different ways."""
    rows: set[int] = set()
    for query in SOURCES:
        with suppress(sqlite3.DatabaseError):
            for (row,) in connection.execute(query):
                rows.add(row)
    return rows


def _note_lost(connection: sqlite3.Connection, row: int, found: Salvage) -> None:
    with suppress(*UNREADABLE):
        (text,) = connection.execute("SELECT line FROM jobs WHERE rowid = ?", (row,)).fetchone()
        line = Line.from_json(text)
        if line.state.is_open:
            found.lost[line.key] = line


def _write(fresh: Path, found: Salvage, notice: str) -> None:
    with closing(store_file.connected(fresh)) as connection:
        connection.execute("BEGIN")
        for count, job in enumerate(found.jobs.values(), 1):
            connection.execute(store_file.INSERT, (job.key, *store_file.columns(job), count))
        connection.executemany("INSERT INTO removed VALUES (?, 0)", [(key,) for key in found.removed])
        connection.execute("UPDATE counter SET change = ?", (len(found.jobs),))
        connection.execute("INSERT INTO repairs VALUES (?)", (notice,))
        connection.execute("COMMIT")


def _notice(damage: str, aside: Path, found: Salvage) -> str:
    count = len(found.jobs)
    kept = f"{count:,} of its jobs {'was' if count == 1 else 'were'} read from it" if count else "Nothing could be read"
    text = f"The list of jobs was damaged ({damage.splitlines()[-1]}). It was kept as {aside}. {kept}."
    if found.lost:
        lines = list(found.lost.values())
        names = ", ".join(f"“{line.title}” ({line.service})" for line in lines[:MOST_NAMED])
        more = f" and {len(lines) - MOST_NAMED:,} more" if len(lines) > MOST_NAMED else ""
        text += f" These open orders could not: {names}{more}."
    return f"{text} {store_file.MISSING}"


def _free_name(path: Path) -> Path:
    """For a file to set aside, by the day it was last written."""
    day = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc).strftime("%Y-%m-%d")
    aside, count = path.with_name(f"{path.stem}-damaged-{day}{path.suffix}"), 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.stem}-damaged-{day}-{count}{path.suffix}")
    return aside
