"""The job store: values, leases, several processes, crashes, damage, and ten thousand jobs."""

from __future__ import annotations

import json
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
from cutout.core.line import Line
from cutout.core.model import ExportRequest, FileRecord, Job, JobState, License, Quote, new_job
from cutout.core.store import LAPSE, Changes, Due, Store
from cutout.core.store_file import INSERT, columns
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
    first, second, third = store.listing()
    assert first == Line.of(store.all()[0]) and (first.key, first.title, first.created) == ("c", "Straße Ł", 3.0)
    assert [second.key, third.key] == ["b", "a"]
    assert store.listing(before=first.place, most=1) == [second] and store.listing(before=third.place) == []


def test_a_line_has_what_a_list_shows_and_no_more(store: Store) -> None:
    files = tuple(FileRecord(f"theme/{n}.gpkg", n, "ab" * 32) for n in range(100))
    ring = [[n / 7, n / 11] for n in range(1000)]
    request = replace(REQUEST, area={"type": "Polygon", "coordinates": [ring]})
    kept = job("k", 5.0, request=request, files=files, problems=tuple(map(str, range(1000))), message="m", due=9.0)
    store.add(kept)
    (line,) = store.listing()
    assert (line.count, line.size, line.message, line.due) == (100, 4950, "m", 9.0)
    assert len(line.problems) == 10 and len(line.to_json()) < 1000


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
    assert changes == Changes(store.counter(), [Line.of(job("b")), Line.of(job("a", progress=1.0))], [])
    assert store.changed_since(changes.counter) == Changes(changes.counter, [], [])
    store.remove("a")
    counter, lines, removed, renewed = store.changed_since(changes.counter)
    assert (lines, removed, renewed) == ([], ["a"], False) and counter > changes.counter
    assert [one.key for one in store.changed_since(0).lines] == ["b"]


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
    assert [one.message for one in changes.lines] == ["from there"] and changes.removed == ["b"]


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
    assert store.changed_since(0).lines == [Line.of(job("a", progress=1.0))]


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


def spoiled(content: bytes, damage: str) -> bytes:
    """The file with something gone: the first 16 bytes, a whole first page, pages in the middle, the second half."""
    if damage == "text":
        return b"not a database at all" * 1000
    if damage == "header":
        return bytes(16) + content[16:]
    if damage == "first page":
        return b"\xa5" * 4096 + content[4096:]
    if damage == "pages":
        return content[: 20 * 4096] + bytes(8 * 4096) + content[28 * 4096 :]
    if damage == "tail":
        return content[: len(content) - 3 * 4096]
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("damage", "least"), [("text", 0), ("header", 20), ("first page", 20), ("pages", 12), ("tail", 17), ("half", 5)]
)
def test_a_damaged_file_is_set_aside_and_what_can_be_read_is_in_the_new_one(
    path: Path, damage: str, least: int
) -> None:
    store = Store(path)
    jobs = [job(f"{n:02}", n, state=JobState.RUNNING, message="x" * 5000, remote={"id": n}) for n in range(20)]
    for one in jobs:
        store.add(one)
    store.remove("00")
    store.add(jobs[0])
    store.close()
    content = spoiled(path.read_bytes(), damage)
    path.write_bytes(content)
    for count in (1, 2):  # also a second time on the same day
        store = Store(path)
        found = {one.key: one for one in store.all()}
        assert len(found) >= least and all(found[one.key] == one for one in jobs if one.key in found)
        notice = store.repaired()
        assert "damaged" in notice and "look there before you order them again" in notice
        assert (f"{len(found)} of its jobs were" if found else "Nothing could be read") in notice
        store.add(job("new"))
        store.close()
        store = Store(path)
        assert store.repaired() == notice, "until somebody has told it"
        store.end_repair()
        assert store.repaired() == ""
        store.close()
        kept = [each for each in path.parent.iterdir() if "damaged" in each.name]
        assert len(kept) == count and any(str(each) in notice for each in kept)
        assert all(each.read_bytes() == content for each in kept)
        assert {each.name for each in path.parent.iterdir()} == {path.name, *(each.name for each in kept)}
        assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}
        path.write_bytes(content)


def test_an_open_order_that_is_half_gone_is_named(path: Path) -> None:
    store = Store(path)
    for n in range(3):
        store.add(
            job(f"{n}", n, state=JobState.RUNNING, request=replace(REQUEST, title=f"Park {n}"), message="x" * 50000)
        )
    where = path.read_bytes() if store.close() is None else b""
    spot = where.index(b"x" * 4000, where.index(b"Park 1") + 8000)
    path.write_bytes(where[:spot] + bytes(20000) + where[spot + 20000 :])
    store = Store(path)
    notice, found = store.repaired(), store.all()
    store.close()
    assert 1 <= len(found) <= 2
    for title in {"Park 0", "Park 1", "Park 2"} - {one.title for one in found}:
        assert f"“{title}” (koordinates)" in notice


def test_another_window_goes_on_in_the_new_file(store: Store, path: Path) -> None:
    store.add(job("a", state=JobState.RUNNING))
    seen = store.counter()
    store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"\xa5" * 100)
    other = Store(path)
    assert other.get("a") is not None and "damaged" in other.repaired()
    store.add(job("b"))
    assert other.get("b") == job("b")
    assert store.changed_since(seen) == Changes(other.counter(), [], [], renewed=True)
    assert not store.changed_since(other.counter()).renewed
    other.close()


def test_damage_that_shows_while_it_is_used_is_repaired_at_the_next_beat(store: Store, path: Path) -> None:
    for n in range(40):
        store.add(job(f"{n:02}", n, message="x" * 9000))
    store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store._connection.execute("PRAGMA cache_size = 0")
    with path.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xa5" * 40 * 4096)
    store.add(job("new"))  # what lies elsewhere can still be used, and what was read before is forgotten
    with pytest.raises(ExportError, match="malformed"):
        store.all()
    store.beat("me", 1.0)
    assert "damaged" in store.repaired() and 5 < len(store.all()) < 40


def test_who_is_killed_in_the_last_step_of_a_repair_finds_it_ended(path: Path) -> None:
    Store(path).close()
    store = Store(path)
    store.add(job("a"))
    store.close()
    path.rename(f"{path}-new")
    store = Store(path)
    assert store.get("a") == job("a")
    store.close()


def test_without_its_write_ahead_log_it_opens(path: Path) -> None:
    store = Store(path)
    store.add(job("b"))
    assert Path(f"{path}-wal").stat().st_size > 0
    copy = path.with_name("copy.sqlite")
    copy.write_bytes(path.read_bytes())  # as after a crash that took the log
    store.close()
    again = Store(copy)
    again.add(job("c"))
    assert again.get("c") == job("c")
    again.close()


def test_an_empty_file_is_a_new_one(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    store = Store(path)
    assert store.all() == [] and store.notice == ""
    store.close()


def test_a_newer_file_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE other (x); PRAGMA user_version = 99;")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ExportError, match=r"newer version of Cutout\. Update Cutout"):
        Store(path)
    assert path.read_bytes() == before and os.listdir(path.parent) == ["jobs.sqlite"]


def test_a_file_that_was_emptied_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    os.utime(path, (0, 0))
    store = Store(path)
    assert "was empty" in store.repaired() and "look there before you order" in store.repaired()
    store.close()


OLDER = json.loads((Path(__file__).parent / "older_stores.json").read_text("utf-8"))


def begin_older(path: Path, dump: str) -> None:
    path.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(f"{dump}\nPRAGMA user_version = 1; PRAGMA journal_mode = WAL;")
    connection.close()


@pytest.mark.parametrize("older", OLDER, ids=[one["commit"] for one in OLDER])
def test_a_file_of_an_older_version_is_brought_up_to_date(path: Path, older: dict[str, str]) -> None:
    """The files were written by the code of those commits, the last one of each shape."""
    begin_older(path, older["dump"])
    store = Store(path)
    going, done = store.all()
    assert (going.key, going.state, going.remote, going.wait) == ("aaaaaaa2", JobState.RUNNING, {"id": 8}, 60.0)
    assert (done.title, done.authcfg, done.layers) == ("Straße Ł", "abc1234", ("/data/x-aaaaaaa1/a.gpkg|layername=a",))
    assert done.quote is not None and done.quote.price == Decimal("12.50") and done.files[0].size == 3
    assert store.listing() == [Line.of(going), Line.of(done)]
    where = ("koordinates", "https://data.linz.govt.nz", "abc1234")
    assert store.due(1_760_000_400.0) == [Due("aaaaaaa2", JobState.RUNNING, where, going.title)]
    assert store.ids(done) == [{"id": 8}] and store.counter() == 2 and store.notice == store.repaired() == ""
    assert store.take("aaaaaaa2", "me", 100.0) == going, "the lease of a dead owner is no hindrance"
    store.close()
    again = Store(path)
    assert again.all() == [going, done]
    again.close()


def test_killed_while_it_is_brought_up_to_date_it_is_old_or_new(path: Path, tmp_path: Path) -> None:
    """Stopped at each step of it, which every statement of SQLite's is."""
    steps = None
    while steps is None or steps > 0:
        program = f"""
import os, sqlite3
from cutout.core import store_file
count = 0
def step():
    global count
    count += 1
    if count == {steps or 10**9}:
        os.kill(os.getpid(), 9)
class Counting(sqlite3.Connection):
    def execute(self, *what):
        step()
        result = super().execute(*what)
        step()
        return result
plain = sqlite3.connect
sqlite3.connect = lambda *where, **how: plain(*where, **how, factory=Counting)
store_file.opened(Path(sys.argv[2])).close()
print(count)
"""
        older = tmp_path / "older" / "jobs.sqlite"
        for ending in ("", "-wal", "-shm"):
            Path(f"{older}{ending}").unlink(missing_ok=True)
        begin_older(older, OLDER[0]["dump"])
        said = run(program, path, str(older)).communicate(timeout=30)[0]
        steps = steps - 9 if steps else int(said)
        connection = sqlite3.connect(older)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(jobs)")}
        assert (version, "line" in columns) in ((1, False), (2, True))
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (2,)
        connection.close()
        store = Store(older)
        assert [one.key for one in store.all()] == ["aaaaaaa2", "aaaaaaa1"]
        store.close()


def test_a_file_that_somebody_keeps_locked_is_waited_for_only_as_long_as_wanted(store: Store, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(ExportError, match="locked"):
        store.beat("me", 1.0, patience=0.2)
    assert time.monotonic() - began < 2
    other.close()
    store.beat("me", 2.0, patience=0.2)
    store.add(job("a"))
    assert store.take("a", "me", 2.0) == job("a")


def test_a_job_looked_at_in_the_future_is_due(store: Store) -> None:
    """The clock was set back: nothing may wait until it has caught up."""
    store.add(job("a", state=JobState.RUNNING, updated=90_000.0, due=90_060.0))
    store.add(job("b", state=JobState.RUNNING, updated=3_590.0, due=3_650.0))
    assert [one.key for one in store.due(3_600.0)] == ["a"]
    assert [one.key for one in store.due(90_060.0)] == ["b", "a"]


def test_restored_are_only_those_that_are_not_there_and_were_not_removed(store: Store) -> None:
    for key in "abc":
        store.add(job(key))
    store.remove("b")
    assert store.restore([job("a", 5.0), job("b", 5.0), job("d", 5.0)]) == 1
    assert {one.key: one.created for one in store.all()} == {"a": 0.0, "c": 0.0, "d": 5.0}


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
        values = columns(replace(one, state=JobState.DONE))
        rows = [(f"{n:08}", *values, n) for n in range(10_000)]
        connection.executemany(INSERT, rows)
        connection.execute("UPDATE counter SET change = 10000")
    store.add(replace(one, key="due", due=5.0))
    assert [found.key for found in store.due(9.0)] == ["due"]
    assert len(store.changed_since(9_990).lines) == 10
    assert len(store.listing()) == 10_001
    asked: list[str] = []
    store._connection.set_trace_callback(asked.append)
    store.due(9.0)
    store.changed_since(9_990)
    store.listing(most=200)
    store._connection.set_trace_callback(None)
    questions = [sql for sql in asked if sql.startswith("SELECT") and " jobs" in sql]
    plans = {sql: str(store._rows(f"EXPLAIN QUERY PLAN {sql}")) for sql in questions}
    store.close()
    assert len(plans) == 3
    assert {sql: plan for sql, plan in plans.items() if "INDEX jobs_" not in plan or "TEMP B-TREE" in plan} == {}


def test_what_can_be_found_out_again_does_not_wait_for_the_disk(store: Store) -> None:
    store.add(job("1"))
    said: list[str] = []
    store._connection.set_trace_callback(said.append)
    assert store.save(job("1", message="half way"), "a", durable=False)
    assert store.save(job("1", message="done"), "a")
    ways = [one for one in said if "synchronous" in one]
    assert [way.split()[-1] for way in ways] == ["NORMAL", "FULL"]
    assert store.get("1") == job("1", message="done")
