"""Many files at once: how they are scheduled, named, reported and stopped. Real servers on loopback."""

from __future__ import annotations

import gzip
import hashlib
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from cutout.core.disk import in_words
from cutout.core.errors import Cancelled, CredentialError, ExportError, ServiceError, TransientError
from cutout.core.model import Artifact
from cutout.core.transfer import Fetched, fetch
from tests.unit.downloads import DATA, Net, fetch_one, left_over, quiet, ranges
from tests.unit.scripted_server import Content, Reply, Request, ScriptedServer


@pytest.fixture
def storage() -> Iterator[ScriptedServer]:
    with ScriptedServer() as storage:
        yield storage


@pytest.fixture
def api() -> Iterator[ScriptedServer]:
    with ScriptedServer() as api:
        yield api


# Whole files


def test_files_arrive_in_order_with_their_bytes(storage: ScriptedServer, tmp_path: Path) -> None:
    bodies = {f"tiles/{n}.glb": DATA[: n * 1000] for n in range(40)}
    artifacts = [Artifact(name, storage.on(f"/{name}", Reply(200, body)), None) for name, body in bodies.items()]
    fetched = fetch(Net().http(), artifacts, tmp_path / "job", quiet)
    assert [path.relative_to(tmp_path / "job").as_posix() for path in fetched.files] == list(bodies)
    assert [path.read_bytes() for path in fetched.files] == list(bodies.values())
    assert fetched.problems == () and left_over(tmp_path) == []


def test_nothing_to_fetch_is_fetched(tmp_path: Path) -> None:
    assert fetch(Net().http(), [], tmp_path / "job", quiet) == Fetched((), ())


def test_identity_is_asked_for(storage: ScriptedServer, tmp_path: Path) -> None:
    fetch_one(Artifact("a", storage.on("/a", Content(DATA))), tmp_path)
    assert storage.seen()[0].headers["accept-encoding"] == "identity" and ranges(storage) == [""]


def test_up_to_so_many_connections_at_once(storage: ScriptedServer, tmp_path: Path) -> None:
    lock, gate = threading.Lock(), threading.Barrier(4)
    now, most = 0, 0

    def answer(request: Request) -> Reply:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        gate.wait(10)  # opens only when four are here together
        with lock:
            now -= 1
        return Reply(200, b"x")

    artifacts = [Artifact(str(n), storage.on(f"/{n}", answer), 1) for n in range(8)]
    assert len(fetch(Net().http(), artifacts, tmp_path, quiet, connections=4).files) == 8
    assert most == 4


def test_the_report_counts_up_to_the_whole_in_the_calling_thread(storage: ScriptedServer, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    threads = set()

    def report(done: int, total: int | None) -> None:
        told.append((done, total))
        threads.add(threading.get_ident())

    artifacts = [Artifact(str(n), storage.on(f"/{n}", Content(DATA)), [len(DATA), None][n % 2]) for n in range(4)]
    fetch(Net().http(), artifacts, tmp_path, report)
    assert told[-1] == (4 * len(DATA), 4 * len(DATA))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert threads == {threading.get_ident()}


def test_packed_bodies_are_unpacked_and_counted_on_the_way(storage: ScriptedServer, tmp_path: Path) -> None:
    text = b"{" + b" " * 50_000 + b"}"
    packed = gzip.compress(text)
    told: list[tuple[int, int | None]] = []
    url = storage.on("/t", Reply(200, packed, {"Content-Encoding": "gzip", "ETag": '"1"'}))
    fetched = fetch(Net().http(), [Artifact("t.json", url, len(packed))], tmp_path, lambda *now: told.append(now))
    assert fetched.files[0].read_bytes() == text and told[-1] == (len(packed), len(packed))


def test_a_packed_body_cut_short_is_fetched_again_from_the_start(storage: ScriptedServer, tmp_path: Path) -> None:
    packed = gzip.compress(DATA)
    headers = {"Content-Encoding": "gzip", "ETag": '"1"'}
    url = storage.on("/a", Reply(200, packed, headers, cut=len(packed) // 2), Reply(200, packed, headers))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage) == ["", ""]


def test_chunked_bodies_without_a_length(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Reply(200, DATA, chunked=True, cut=1000), Reply(200, DATA, chunked=True))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA


def test_an_empty_file_is_a_file(storage: ScriptedServer, tmp_path: Path) -> None:
    fetched = fetch_one(Artifact("a", storage.on("/a", Reply(200, b"", {"ETag": '"1"'}))), tmp_path)
    assert fetched.files[0].read_bytes() == b""


# Names


def test_unsafe_names_are_left_out_and_the_rest_arrives(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA))
    names = ["../evil", "ok.tif", "/etc/x", "OK.TIF", "C:\\x", "sub/ok.tif", "cutout.json"]
    fetched = fetch(Net().http(), [Artifact(name, url) for name in names], tmp_path / "job", quiet)
    assert [path.relative_to(tmp_path / "job").as_posix() for path in fetched.files] == ["ok.tif", "sub/ok.tif"]
    assert len(fetched.problems) == 5 and "../evil" in fetched.problems[0]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["ok.tif", "ok.tif"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=lds-roads.zip", "lds-roads.zip"),
        ('attachment; filename="a \\"b\\".tif"; size=3', 'a "b".tif'),
        ("attachment; filename=\"x.tif\"; filename*=UTF-8''Stra%C3%9Fe.tif", "Straße.tif"),
        ('attachment; filename="' + "Łódź.tif".encode().decode("latin-1") + '"', "Łódź.tif"),
        ('attachment; filename="../../etc/x.tif"', "x.tif"),
        ("inline", "download.tif"),
        ("", "download.tif"),
    ],
)
def test_a_file_without_a_name_brings_its_own(storage: ScriptedServer, tmp_path: Path, header: str, name: str) -> None:
    url = storage.on("/files/download.tif", Content(DATA, headers={"Content-Disposition": header}))
    fetched = fetch_one(Artifact("", url + "?sig=1"), tmp_path)
    assert fetched.files == (tmp_path / name,) and fetched.files[0].read_bytes() == DATA
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("..", "download-1"), ("a: b.zip", "download-1.zip"), ("CON.tif", "download-1.tif"), ("x.part", "download-1"),
        ("cutout.json", "download-1.json"), ("\u202e.gpkg", "download-1.gpkg"), ("a" * 999 + ".tif", "download-1.tif"),
    ],
)  # fmt: skip
def test_an_own_name_that_is_not_safe_costs_no_file(
    storage: ScriptedServer, tmp_path: Path, own: str, name: str
) -> None:
    header = f"attachment; filename*=UTF-8''{quote(own)}"
    url = storage.on("/x", Content(DATA, headers={"Content-Disposition": header}))
    fetched = fetch_one(Artifact("", url), tmp_path)
    assert fetched.files == (tmp_path / name,) and os.listdir(tmp_path) == [name]
    assert f"is called {name} here: its name " in fetched.problems[0] and fetched.problems[0].isprintable()


def test_two_files_that_bring_one_name_both_arrive(storage: ScriptedServer, tmp_path: Path) -> None:
    headers = {"Content-Disposition": "attachment; filename=a.tif"}
    urls = [storage.on(f"/{n}", Content(DATA[n:], headers=headers)) for n in range(2)]
    fetched = fetch(Net().http(), [Artifact("", url) for url in urls], tmp_path, quiet)
    assert {path.stat().st_size for path in fetched.files} == {len(DATA), len(DATA) - 1}
    assert len(fetched.problems) == 1 and "its name is already taken" in fetched.problems[0]


def test_a_file_without_a_name_that_is_there_is_not_read_again(storage: ScriptedServer, tmp_path: Path) -> None:
    headers = {"Content-Disposition": "attachment; filename=a.zip"}
    url = storage.on("/a", Content(DATA, '"1"', headers=headers))
    first = fetch_one(Artifact("", url), tmp_path)
    storage.on("/a", Reply(200, DATA, headers, cut=1000))
    again = fetch_one(Artifact("", url), tmp_path)
    assert again == first == Fetched((tmp_path / "a.zip",), ()) and os.listdir(tmp_path) == ["a.zip"]


def test_files_without_names_are_continued_although_the_signature_changes(
    storage: ScriptedServer, tmp_path: Path
) -> None:
    headers = {"Content-Disposition": "attachment; filename=a.zip"}
    url = storage.on("/a", Content(DATA, '"1"', headers=headers, cut=100_000), Reply(403))
    with pytest.raises(CredentialError):
        fetch_one(Artifact("", url + "?sig=1"), tmp_path)
    storage.on("/a", Content(DATA, '"1"', headers=headers))
    assert fetch_one(Artifact("", url + "?sig=2"), tmp_path).files == (tmp_path / "a.zip",)
    assert ranges(storage)[-1].startswith("bytes=")


@pytest.mark.parametrize("name", ["export.zip", ""])
def test_a_bare_tiff_where_a_zip_was_to_come_is_a_tiff(storage: ScriptedServer, tmp_path: Path, name: str) -> None:
    tiff = b"II*\0" + DATA[:1000]
    url = storage.on("/a", Content(tiff, headers={"Content-Disposition": "attachment; filename=export.zip"}))
    assert fetch_one(Artifact(name, url), tmp_path).files == (tmp_path / "export.tif",)


# Ends


def stopping(after: int, error: type[BaseException] = Cancelled) -> Callable[[int, int | None], None]:
    def report(done: int, total: int | None) -> None:
        if done >= after:
            raise error

    return report


@pytest.mark.parametrize("error", [Cancelled, KeyboardInterrupt, ValueError])
def test_cancel_ends_connections_that_wait_for_bytes(
    storage: ScriptedServer, tmp_path: Path, error: type[BaseException]
) -> None:
    stall = storage.stalling()
    artifacts = [
        Artifact(str(n), storage.on(f"/{n}", Reply(200, DATA, {"ETag": '"1"'}, cut=100_000, stall=stall)))
        for n in range(4)
    ]
    threads = threading.active_count()
    began = time.monotonic()
    with pytest.raises(error):
        fetch(Net().http(), artifacts, tmp_path, stopping(300_000, error))
    assert time.monotonic() - began < 10
    working = [thread for thread in threading.enumerate() if thread.name == "cutout-fetch"]
    assert working == [] and threading.active_count() >= threads - 1
    assert len(left_over(tmp_path)) == 8


def test_cancel_does_not_wait_for_a_server_that_does_not_answer(storage: ScriptedServer, tmp_path: Path) -> None:
    asked, go = threading.Event(), storage.stalling()

    def never(request: Request) -> Reply:
        asked.set()
        go.wait(30)
        return Reply(200, DATA)

    def report(done: int, total: int | None) -> None:
        if asked.is_set():
            raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        fetch(Net().http(), [Artifact("a", storage.on("/a", never))], tmp_path, report)
    assert time.monotonic() - began < 10
    go.set()
    for thread in threading.enumerate():
        if thread.name == "cutout-fetch":
            thread.join(5)
    assert os.listdir(tmp_path) == []  # the answer that came too late wrote nothing


def test_after_cancel_the_next_run_goes_on(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Reply(200, DATA, {"ETag": '"1"'}, cut=100_000, stall=storage.stalling()))
    with pytest.raises(Cancelled):
        fetch(Net().http(), [Artifact("a", url)], tmp_path, stopping(60_000))
    storage.on("/a", Content(DATA, etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage)[-1].startswith("bytes=")


def test_one_failure_ends_the_others(storage: ScriptedServer, tmp_path: Path) -> None:
    slow = storage.on("/slow", Reply(200, DATA, {"ETag": '"1"'}, cut=100_000, stall=storage.stalling()))
    gone = storage.on("/gone", Reply(404, b"NoSuchKey"))
    began = time.monotonic()
    with pytest.raises(ServiceError, match="NoSuchKey"):
        fetch(Net().http(), [Artifact("slow", slow), Artifact("gone", gone)], tmp_path, quiet)
    assert time.monotonic() - began < 10


def test_a_folder_that_cannot_be_written_is_named(storage: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    url = storage.on("/a", Content(DATA))
    with pytest.raises(ExportError, match="file/job can't be|in .*file/job"):
        fetch_one(Artifact("a", url), tmp_path / "file" / "job")
    (tmp_path / "job" / "a").mkdir(parents=True)
    with pytest.raises(ExportError, match=r"Files in .*job can't be read or written"):
        fetch_one(Artifact("a", url), tmp_path / "job")


def test_a_full_disk_is_told_and_the_part_stays(storage: ScriptedServer, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    url = storage.on("/a", Content(DATA, etag='"1"'))
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        with pytest.raises(ExportError, match=r"Files in .* can't be read or written: File too large"):
            fetch_one(Artifact("a", url), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "a.part").stat().st_size == 100_000
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage)[-1] == "bytes=100000-"


def test_a_disk_without_space_is_called_full(tmp_path: Path) -> None:
    full = Path("/dev/full")  # every write to it fails as on a full disk
    with pytest.raises(ExportError, match=f"The disk is full: {tmp_path}") as caught, in_words(tmp_path):
        full.write_bytes(b"x")
    assert "Free some space" in caught.value.advice


def test_many_small_files_arrive_whole(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Reply(200, DATA[:2000]))
    artifacts = [Artifact(f"{n % 7}/{n}.glb", f"{url}?{n}", 2000) for n in range(120)]
    fetched = fetch(Net().http(), artifacts, tmp_path, quiet)
    assert len(fetched.files) == 120
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in fetched.files}
    assert digests == {hashlib.sha256(DATA[:2000]).hexdigest()}


# Files that refer to others


def test_what_a_file_refers_to_is_fetched_too(storage: ScriptedServer, tmp_path: Path) -> None:
    """A tree of 3 levels with 7 children each, known only from the files themselves."""

    def children(artifact: Artifact, file: Path) -> list[Artifact]:
        names = [f"{artifact.name}-{n}" for n in range(7)] if file.read_text().count("-") < 2 else []
        return [Artifact(name, storage.on(f"/{name}", Reply(200, name.encode()))) for name in names]

    root = Artifact("a", storage.on("/a", Reply(200, b"a")))
    fetched = fetch(Net().http(), [root], tmp_path, quiet, follow=children)
    assert len(fetched.files) == 1 + 7 + 49 and fetched.files[0].name == "a"
    assert all(path.read_text() == path.name for path in fetched.files)


def test_a_child_that_is_missing_is_named_and_the_rest_arrives(storage: ScriptedServer, tmp_path: Path) -> None:
    def children(artifact: Artifact, file: Path) -> list[Artifact]:
        if artifact.name != "a":
            return []
        return [Artifact(name, storage.url(f"/{name}"), optional=True) for name in ("b", "gone", "../out")]

    storage.on("/b", Reply(200, b"b"))
    fetched = fetch_one(Artifact("a", storage.on("/a", Reply(200, b"a"))), tmp_path, follow=children)
    assert [path.name for path in fetched.files] == ["a", "b"]
    assert any("“gone”" in problem for problem in fetched.problems) and len(fetched.problems) == 2
    assert left_over(tmp_path) == []


def test_a_failure_while_following_ends_it_and_is_told(storage: ScriptedServer, tmp_path: Path) -> None:
    def children(artifact: Artifact, file: Path) -> list[Artifact]:
        raise ServiceError("It is no tileset.")

    with pytest.raises(ServiceError, match="no tileset"):
        fetch_one(Artifact("a", storage.on("/a", Reply(200, b"a"))), tmp_path, follow=children)
    assert not [thread for thread in threading.enumerate() if thread.name == "cutout-fetch" and thread.is_alive()]


def test_a_child_that_cannot_be_reached_now_is_not_taken_for_missing(storage: ScriptedServer, tmp_path: Path) -> None:
    storage.on("/b", Reply(503))
    optional = Artifact("b", storage.url("/b"), optional=True)
    with pytest.raises(TransientError):
        fetch_one(optional, tmp_path)


def test_a_child_that_the_storage_fails_at_is_left_out_when_it_serves_the_others(
    storage: ScriptedServer, tmp_path: Path
) -> None:
    """It answers 500 to one of twenty for ever: the rest arrives, and the reason is told."""
    go_on = threading.Event()  # the other connection asks for its second tile, so it has had its first one

    def bad(request: Request) -> Reply:
        if len(storage.seen("/bad")) > 1:
            go_on.wait(10)
        return Reply(500, b"no such luck")

    def good(request: Request) -> Reply:
        if request.path == "/t1":
            go_on.set()
        return Reply(200, b"tile")

    names = [f"t{n}" for n in range(20)]
    tiles = [Artifact("bad", storage.on("/bad", bad), optional=True)]
    tiles += [Artifact(name, storage.on(f"/{name}", good), optional=True) for name in names]
    fetched = fetch(Net().http(), tiles, tmp_path, quiet, connections=2)
    assert {path.name for path in fetched.files} == set(names) and left_over(tmp_path) == []
    assert len(fetched.problems) == 1 and "“bad” could not be fetched" in fetched.problems[0]
    assert "no such luck" in fetched.problems[0] and len(storage.seen("/bad")) == 5


def test_a_storage_that_fails_at_all_ends_it_with_the_reason_and_keeps_what_came(
    storage: ScriptedServer, tmp_path: Path
) -> None:
    tiles = [Artifact("a", storage.on("/a", Reply(200, b"a")), optional=True)]
    assert fetch(Net().http(), tiles, tmp_path, quiet).files
    for name in ("b", "c"):
        storage.on(f"/{name}", Reply(500, b"out of order"))
        tiles.append(Artifact(name, storage.url(f"/{name}"), optional=True))
    storage.on("/a", Reply(500))
    with pytest.raises(TransientError, match="out of order|status 500"):
        fetch(Net().http(), tiles, tmp_path, quiet)
    assert os.listdir(tmp_path) == ["a"]
