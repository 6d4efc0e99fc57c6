"""The job store: values, leases, several processes, crashes, damage, and ten thousand jobs."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cutout.core.errors import ExportError
from cutout.core.model import ExportRequest, FileRecord, Job, JobState, License, Quote, new_job
from cutout.core.store import LAPSE, Changes, Store
from tests import ROOT

REQUEST = ExportRequest("koordinates", "https://data.linz.govt.nz", {"items": ["layer:1"]}, title="Straße Ł")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cutout" / "jobs.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


def job(key: str, created: float = 0.0, **fields: object) -> Job:
    return replace(Job(key, REQUEST, created=created), **fields)  # type: ignore[arg-type]


def run(program: str, path: Path, *args: str) -> subprocess.Popen[str]:
    """Another process on the same file."""
    head = "import sys, tests\nfrom pathlib import Path\nfrom cutout.core.store import Store\n"
    head += "store = Store(Path(sys.argv[1]))\n"
    command = [sys.executable, "-c", head + program, str(path), *args]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


def finished(child: subprocess.Popen[str]) -> str:
    out, _ = child.communicate(timeout=30)
    assert child.returncode == 0
    return out


# Values


def test_a_job_comes_back_as_it_was(store: Store) -> None:
    kept = job(
        "k1", 5.0, state=JobState.READY, remote={"id": 7}, due=9.5, layers=("a|layername=x",),
        quote=Quote((), Decimal("12.50"), "NZD", 10, "1 layer", License("CC BY 4.0", "https://l.example/by/")),
        files=(FileRecord("a/b.tif", 3, "00" * 32),), problems=("one",), progress=0.5,
    )  # fmt: skip
    store.add(kept)
    assert store.get("k1") == kept == store.all()[0]
    assert store.get("none") is None


def test_half_characters_from_a_service_do_not_stop_it(store: Store) -> None:
    store.add(job("a", message="\ud800", request=replace(REQUEST, title="x\udfffy")))
    assert [entry.title for entry in store.listing()] == ["x?y"]
    assert store.all()[0].title == "x?y"


def test_newest_come_first(store: Store) -> None:
    for key, created in (("b", 2.0), ("c", 3.0), ("a", 1.0)):
        store.add(job(key, created))
    assert [one.key for one in store.all()] == ["c", "b", "a"]
    assert [tuple(entry) for entry in store.listing()][0] == ("c", "Straße Ł", "new", 3.0)
    assert [entry.key for entry in store.listing()] == ["c", "b", "a"]


def test_due_are_open_unpaused_and_past(store: Store) -> None:
    store.add(job("late", due=20.0))
    store.add(job("early", due=10.0, state=JobState.QUEUED))
    store.add(job("future", due=31.0))
    store.add(job("paused", due=5.0, paused=True))
    store.add(job("ended", due=5.0, state=JobState.DONE))
    store.add(job("unsure", due=5.0, state=JobState.UNCERTAIN))
    store.add(job("waits", due=None))
    assert [one.key for one in store.due(30.0)] == ["early", "late"]
    store.save(job("early", due=10.0, state=JobState.FAILED), "me")
    assert [one.key for one in store.due(30.0)] == ["late"]


def test_nothing_is_due_in_an_empty_store(store: Store) -> None:
    assert store.due(1e12) == [] and store.all() == []


def test_a_key_is_used_once(store: Store) -> None:
    store.add(job("a"))
    with pytest.raises(ExportError):
        store.add(job("a", 9.0))
    assert store.get("a") == job("a")


def test_removed_is_gone_and_stays_gone(store: Store) -> None:
    store.add(job("a"))
    store.remove("a")
    store.remove("a")
    assert store.get("a") is None and not store.save(job("a"), "me") and store.all() == []


# Leases, on a fake clock


def test_a_lease_is_taken_once(store: Store) -> None:
    store.add(job("a"))
    assert store.take("a", "me", 100.0) == job("a")
    assert store.take("a", "you", 101.0) is None
    assert store.take("a", "me", 101.0) is None
    store.release("a", "you")
    assert store.take("a", "you", 101.0) is None
    store.release("a", "me")
    assert store.take("a", "you", 101.0) == job("a")
    assert store.take("none", "me", 100.0) is None


def test_a_lease_dies_with_its_owner(store: Store) -> None:
    store.add(job("a"))
    store.take("a", "dead", 100.0)
    assert store.take("a", "me", 100.0 + LAPSE) is None
    assert store.take("a", "me", 100.1 + LAPSE) is not None


def test_a_heart_that_beats_keeps_the_lease(store: Store) -> None:
    store.add(job("a"))
    store.take("a", "alive", 100.0)
    for now in range(101, 160):
        store.beat("alive", float(now))
        assert store.take("a", "me", now + 0.9) is None
    assert store.take("a", "me", 159 + LAPSE + 0.1) is not None


def test_a_clock_set_back_does_not_make_the_dead_live(store: Store) -> None:
    store.add(job("a"))
    store.take("a", "dead", 10_000.0)
    assert store.take("a", "me", 5_000.0) is not None


def test_only_the_holder_or_anybody_without_a_holder_saves(store: Store) -> None:
    store.add(job("a"))
    assert store.save(job("a", progress=0.1), "you")
    store.take("a", "me", 100.0)
    assert not store.save(job("a", progress=0.2), "you")
    assert store.save(job("a", progress=0.3), "me")
    assert store.get("a") == job("a", progress=0.3)
    assert store.take("a", "next", 200.0) == job("a", progress=0.3)
    assert not store.save(job("a", progress=0.4), "me")  # too late: taken over
    assert store.get("a") == job("a", progress=0.3)


def test_who_forgets_a_job_forgets_it_for_the_worker_too(store: Store) -> None:
    store.add(job("a"))
    store.take("a", "me", 100.0)
    store.remove("a")
    assert not store.save(job("a"), "me")


# Changes


def test_changes_are_told_once(store: Store) -> None:
    start = store.counter()
    store.add(job("a"))
    store.add(job("b"))
    store.save(job("a", progress=1.0), "me")
    changes = store.changed_since(start)
    assert changes == Changes(store.counter(), [job("b"), job("a", progress=1.0)], [])
    assert store.changed_since(changes.counter) == Changes(changes.counter, [], [])
    store.remove("a")
    counter, jobs, removed = store.changed_since(changes.counter)
    assert (jobs, removed) == ([], ["a"]) and counter > changes.counter
    assert [one.key for one in store.changed_since(0).jobs] == ["b"]


def test_leases_and_heartbeats_are_no_changes(store: Store) -> None:
    store.add(job("a"))
    counter = store.counter()
    store.take("a", "me", 1.0)
    store.beat("me", 2.0)
    store.release("a", "me")
    assert not store.save(job("none"), "me")
    assert store.counter() == counter


def test_another_window_sees_changes(store: Store, path: Path) -> None:
    store.add(job("a"))
    store.add(job("b"))
    seen = store.counter()
    program = """
from dataclasses import replace
store.save(replace(store.get("a"), message="from there"), "other")
store.remove("b")
"""
    finished(run(program, path))
    changes = store.changed_since(seen)
    assert [one.message for one in changes.jobs] == ["from there"] and changes.removed == ["b"]


def test_from_many_threads(store: Store) -> None:
    store.add(job("a"))
    taken: list[str] = []

    def work(owner: str) -> None:
        for n in range(25):
            store.add(job(f"{owner}-{n}"))
            if store.take("a", owner, 100.0):
                taken.append(owner)

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.all()) == 101 and len(taken) == 1


# Several processes


def test_fifty_jobs_in_two_processes_are_taken_once_each(store: Store, path: Path) -> None:
    keys = [f"job{n:02}" for n in range(50)]
    for key in keys:
        store.add(job(key))
    program = """
import time
sys.stdin.readline()
print(*[key for key in sys.argv[3:] if store.take(key, sys.argv[2], time.time())])
"""
    children = [run(program, path, owner, *order) for owner, order in (("one", keys), ("two", keys[::-1]))]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    one, two = (finished(child).split() for child in children)
    assert sorted(one + two) == keys


def test_a_killed_process_holds_nobody_up(store: Store, path: Path) -> None:
    store.add(job("a"))
    child = run("print(store.take('a', 'other', 100.0) is not None, flush=True)\nsys.stdin.readline()", path)
    assert child.stdout is not None and child.stdout.readline() == "True\n"
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert store.take("a", "me", 101.0) is None
    assert store.take("a", "me", 107.0) == job("a")


def test_killed_in_a_transaction_nothing_of_it_stays(store: Store, path: Path) -> None:
    store.add(job("a"))
    program = """
import dataclasses
with store._writing() as connection:
    connection.execute("UPDATE jobs SET body = 'half'")
    connection.execute("DELETE FROM counter")
    print("in", flush=True)
    sys.stdin.readline()
"""
    child = run(program, path)
    assert child.stdout is not None and child.stdout.readline() == "in\n"
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert store.get("a") == job("a") and store.save(job("a", progress=1.0), "me")
    assert store.changed_since(0).jobs == [job("a", progress=1.0)]


def test_killed_at_any_moment_every_job_is_whole(path: Path) -> None:
    program = """
from cutout.core.model import *
request = ExportRequest("koordinates", "https://data.linz.govt.nz")
n = store.counter()
while True:
    n += 1
    store.add(Job(f"{n}", request, message="x" * 5000))
    store.take(f"{n}", "child", n)
    store.save(Job(f"{n}", request, state=JobState.SUBMITTING, message="y" * 9000), "child")
    print(n, flush=True)
"""
    for wait in (0.0, 0.013, 0.031):
        child = run(program, path)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(wait)  # not for luck: the moment of the kill is what varies
        os.kill(child.pid, signal.SIGKILL)
        told = [int(line) for line in child.communicate()[0].split()]
        store = Store(path)
        assert store.notice == ""
        for one in store.all():
            assert one.message in ("x" * 5000, "y" * 9000)
        for n in told:  # what was told was stored
            stored = store.get(str(n))
            assert stored is not None and stored.state is JobState.SUBMITTING
        store.close()


def test_two_processes_may_begin_the_file_together(path: Path) -> None:
    children = [run("sys.stdin.readline()\nprint(store.counter())", path) for _ in range(3)]
    assert [child.communicate("go\n")[0] for child in children] == ["0\n"] * 3
    assert [child.returncode for child in children] == [0] * 3


# The file


def test_only_the_user_may_read_it(store: Store, path: Path) -> None:
    store.add(job("a"))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert "jobs.sqlite-wal" in modes and set(modes.values()) == {0o600}


def test_a_readable_file_is_made_private(path: Path) -> None:
    Store(path).close()
    path.chmod(0o644)
    Store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_kept_for_the_next_session(path: Path) -> None:
    store = Store(path)
    store.add(job("a"))
    store.close()
    again = Store(path)
    assert again.get("a") == job("a") and again.notice == "" and again.counter() == 1
    again.close()


@pytest.mark.parametrize("damage", ["garbage", "header", "truncated", "pages"])
def test_a_damaged_file_is_set_aside(path: Path, damage: str) -> None:
    store = Store(path)
    for n in range(20):
        store.add(job(str(n), message="x" * 5000))
    store.close()
    content = bytearray(path.read_bytes())
    if damage == "garbage":
        content = bytearray(b"not a database at all" * 1000)
    elif damage == "header":
        content[:16] = b"\0" * 16
    elif damage == "truncated":
        del content[len(content) // 2 :]
    else:
        content[8192:65536] = b"\xa5" * (65536 - 8192)
    path.write_bytes(content)
    for count in (1, 2):  # also a second time on the same day
        store = Store(path)
        assert "damaged" in store.notice and store.all() == []
        store.add(job("new"))
        store.close()
        kept = [each for each in path.parent.iterdir() if "damaged" in each.name]
        assert len(kept) == count and any(str(each) in store.notice for each in kept)
        assert all(each.read_bytes() == content for each in kept)
        path.write_bytes(content)


def test_an_empty_file_is_a_new_one(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    store = Store(path)
    assert store.all() == [] and store.notice == ""
    store.close()


def test_a_newer_file_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE other (x); PRAGMA user_version = 2;")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ExportError, match=r"newer version of Cutout\. Update Cutout"):
        Store(path)
    assert path.read_bytes() == before and os.listdir(path.parent) == ["jobs.sqlite"]


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="can't be used"):
        Store(tmp_path / "file" / "jobs.sqlite")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError, match="can't be used"):
        Store(tmp_path / "folder")


def test_a_job_that_cannot_be_read_hides_no_other(store: Store, path: Path) -> None:
    store.add(job("good"))
    store.add(job("odd"))
    connection = sqlite3.connect(path)
    connection.execute("""UPDATE jobs SET body = '{"state": "teleported"}' WHERE key = 'odd'""")
    connection.commit()
    connection.close()
    assert [one.key for one in store.all()] == ["good"] and "Job odd can't be read" in store.notice
    assert len(store.listing()) == 2


def test_without_write_ahead_log_it_works_too(path: Path) -> None:
    Store(path).close()
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("PRAGMA journal_mode = DELETE")
    reader.executescript("BEGIN; SELECT * FROM jobs;")
    began = time.monotonic()
    store = Store(path)
    assert time.monotonic() - began < 4  # it would wait 5 s for the reader
    reader.close()
    store.add(job("a"))
    assert store.take("a", "me", 1.0) == job("a")
    assert store._rows("PRAGMA journal_mode") == [("delete",)]
    store.close()


# Size


def test_with_ten_thousand_jobs_the_frequent_questions_read_an_index_only(path: Path) -> None:
    store = Store(path)
    one = new_job(REQUEST, 0.0)
    with store._writing() as connection:
        body = replace(one, state=JobState.DONE).to_json()
        rows = [(f"{n:08}", "t", "done", n, None, None, n, body.replace(one.key, f"{n:08}")) for n in range(10_000)]
        connection.executemany("INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute("UPDATE counter SET change = 10000")
    store.add(replace(one, key="due", due=5.0))
    assert [found.key for found in store.due(9.0)] == ["due"]
    assert len(store.changed_since(9_990).jobs) == 10
    assert len(store.listing()) == 10_001
    asked: list[str] = []
    store._connection.set_trace_callback(asked.append)
    store.due(9.0)
    store.changed_since(9_990)
    store.listing()
    store._connection.set_trace_callback(None)
    questions = [sql for sql in asked if sql.startswith("SELECT") and " jobs" in sql]
    plans = {sql: str(store._rows(f"EXPLAIN QUERY PLAN {sql}")) for sql in questions}
    store.close()
    assert len(plans) == 3
    assert {sql: plan for sql, plan in plans.items() if "INDEX jobs_" not in plan or "TEMP B-TREE" in plan} == {}
