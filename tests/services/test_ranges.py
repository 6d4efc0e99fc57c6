"""One file over several connections: from real servers on loopback that are slow, refuse, change, break and forget."""

from __future__ import annotations

import json
import os
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cutout.core import download, ranges, transfer
from cutout.core.errors import Cancelled
from cutout.core.model import Artifact
from cutout.core.part import Part
from cutout.core.ranges import FAST, LEAST, MOST_HANDS, Pace, Spans
from cutout.core.transfer import fetch
from tests.unit.downloads import DATA, Net, fetch_one, fetch_until_killed, left_over, quiet
from tests.unit.downloads import ranges as asked
from tests.unit.scripted_server import Content, Reply, Request, ScriptedServer

SOON = {"WINDOW": 0.02, "LEAST": 10_000}  # what a small file is judged by here
MARKED = Content(DATA, etag='"1"')


@pytest.fixture
def storage() -> Iterator[ScriptedServer]:
    with ScriptedServer() as storage:
        yield storage


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SOON.items():
        monkeypatch.setattr(ranges, name, value)
    monkeypatch.setattr(download, "LEAST", SOON["LEAST"])
    monkeypatch.setattr(transfer, "BEAT", 0.01)


def stalled(storage: ScriptedServer, content: Content = MARKED) -> tuple[Callable[[Request], Reply], threading.Event]:
    """The file, of which the first 50 kB come at once and the rest when the event is set."""
    go = storage.stalling()
    return lambda request: replace(content(request), cut=50_000, stall=go), go


def setting(go: threading.Event, count: int, then: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    """Sets the event at the so many-th request."""
    seen = iter(range(1, 10_000))

    def answer(request: Request) -> Reply:
        if next(seen) == count:
            go.set()
        return then(request)

    return answer


# Downloads


def test_a_slow_file_comes_over_several_connections(storage: ScriptedServer, tmp_path: Path, soon: None) -> None:
    first, go = stalled(storage)
    url = storage.on("/a", first, setting(go, 4, MARKED))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert asked(storage)[0] == "" and all(asked(storage)[1:]) and len(asked(storage)) >= 5
    assert {seen.headers["if-range"] for seen in storage.seen()[1:]} == {'"1"'}
    assert asked(storage)[1].endswith("-") and not asked(storage)[2].endswith("-")  # each asks for its own bytes only
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        Content(DATA, etag='W/"1"'),
        Content(DATA, modified="Wed, 21 Oct 2015 07:28:00 GMT"),
        Content(DATA, etag='"1"', headers={"Accept-Ranges": "none"}),
        Content(DATA),
    ],
)
def test_without_ranges_or_a_strong_mark_one_connection_brings_it(
    storage: ScriptedServer, tmp_path: Path, soon: None, content: Content
) -> None:
    first, go = stalled(storage, content)
    url = storage.on("/a", first)
    threading.Timer(0.3, go.set).start()
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA and asked(storage) == [""]


def test_a_packed_file_comes_over_one_connection(storage: ScriptedServer, tmp_path: Path, soon: None) -> None:
    import gzip

    packed = gzip.compress(DATA)
    headers = {"Content-Encoding": "gzip", "ETag": '"1"', "Accept-Ranges": "bytes"}
    go = storage.stalling()
    url = storage.on("/a", Reply(200, packed, headers, cut=50_000, stall=go))
    threading.Timer(0.3, go.set).start()
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA and len(storage.seen()) == 1


def test_files_that_wait_go_before_help(storage: ScriptedServer, tmp_path: Path, soon: None) -> None:
    first, go = stalled(storage)
    url = storage.on("/a", first, MARKED)
    small = [Artifact(str(n), storage.on(f"/{n}", Reply(200, b"x")), 1) for n in range(20)]
    storage.on("/19", setting(go, 1, lambda request: Reply(200, b"x")))
    fetched = fetch(Net().http(), [Artifact("a", url), *small], tmp_path, quiet, connections=2)
    assert len(fetched.files) == 21 and fetched.files[0].read_bytes() == DATA


@pytest.mark.parametrize("refusal", [Reply(503), Reply(429), Reply(403), Reply(404), Reply(416), Reply(drop=True)])
def test_a_server_that_allows_one_connection_is_not_asked_for_another(
    storage: ScriptedServer, tmp_path: Path, soon: None, refusal: Reply
) -> None:
    """The first connection brings what another was refused. It has time to be helped, and is not."""
    first, go = stalled(storage)

    def refuse(request: Request) -> Reply:
        threading.Timer(0.3, go.set).start()
        return refusal

    url = storage.on("/a", first, refuse, MARKED)
    net = Net()
    assert fetch_one(Artifact("a", url), tmp_path, net).files[0].read_bytes() == DATA
    assert len(asked(storage)) == 3 and asked(storage)[1] == asked(storage)[2] and net.pauses == []


@pytest.mark.parametrize("status", [200, 206])
def test_a_file_that_changes_meanwhile_is_fetched_anew(
    storage: ScriptedServer, tmp_path: Path, soon: None, status: int
) -> None:
    other = Content(DATA[::-1], etag='"2"')

    def ignoring_if_range(request: Request) -> Reply:
        return other(replace(request, headers={**request.headers, "if-range": '"2"'}))

    first, go = stalled(storage)
    then = other if status == 200 else ignoring_if_range
    url = storage.on("/a", first, setting(go, 1, then), then, other)
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA[::-1]
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("wrong", ["bytes 0-{last}/{size}", "bytes {start}-{last}/999999", "nonsense", ""])
def test_another_part_than_was_asked_for_is_not_taken(
    storage: ScriptedServer, tmp_path: Path, soon: None, wrong: str
) -> None:
    def lying(request: Request) -> Reply:
        start, last = request.headers["range"][6:].split("-")
        said = wrong.format(start=start, last=last or len(DATA) - 1, size=len(DATA))
        return Reply(206, b"?" * 1000, {"ETag": '"1"', "Content-Range": said})

    first, go = stalled(storage)
    url = storage.on("/a", first, setting(go, 1, lying), MARKED)
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA


@pytest.mark.parametrize("reset", [False, True])
def test_connections_that_break_are_followed_by_others(
    storage: ScriptedServer, tmp_path: Path, soon: None, reset: bool
) -> None:
    first, go = stalled(storage)
    broken = [lambda request: replace(MARKED(request), cut=40_000, reset=reset)] * 3
    url = storage.on("/a", first, *broken, setting(go, 3, MARKED))
    net = Net()
    assert fetch_one(Artifact("a", url), tmp_path, net).files[0].read_bytes() == DATA
    brought = sum(min(int(last or len(DATA) - 1) + 1 - int(start), 40_000) for start, last in spans_of(storage)[:3])
    assert brought > 0 and len(net.pauses) <= 1


def spans_of(storage: ScriptedServer) -> list[list[str]]:
    return [header[6:].split("-") for header in asked(storage) if header]


def test_a_link_that_expires_meanwhile_is_renewed(storage: ScriptedServer, tmp_path: Path, soon: None) -> None:
    first, go = stalled(storage)
    old = storage.on("/old", first, setting(go, 1, lambda request: Reply(403, b"expired")))
    new = storage.on("/new", MARKED)
    renewed: list[str] = []

    def fresh(artifact: Artifact) -> Artifact:
        renewed.append(artifact.url)
        return replace(artifact, url=new)

    assert fetch_one(Artifact("a", old), tmp_path, fresh=fresh).files[0].read_bytes() == DATA
    assert renewed == [old] and len(storage.seen("/new")) == 1


def test_the_report_never_goes_beyond_the_size(storage: ScriptedServer, tmp_path: Path, soon: None) -> None:
    first, go = stalled(storage)
    url = storage.on("/a", first, setting(go, 3, MARKED))
    told: list[tuple[int, int | None]] = []
    fetch(Net().http(), [Artifact("a", url, len(DATA))], tmp_path, lambda *now: told.append(now))
    assert told[-1] == (len(DATA), len(DATA)) and all(0 <= done <= len(DATA) for done, _ in told)


def test_cancel_ends_them_all_and_the_next_run_asks_for_the_gaps(
    storage: ScriptedServer, tmp_path: Path, soon: None
) -> None:
    stall = storage.stalling()
    url = storage.on("/a", lambda request: replace(MARKED(request), cut=40_000, stall=stall))

    def stop(done: int, total: int | None) -> None:
        if done >= 60_000:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(Net().http(), [Artifact("a", url)], tmp_path, stop)
    assert not [thread for thread in threading.enumerate() if thread.name == "cutout-fetch" and thread.is_alive()]
    goes_on_with_the_gaps(storage, tmp_path, 60_000)


def test_after_a_kill_nothing_that_has_come_is_fetched_again(storage: ScriptedServer, tmp_path: Path) -> None:
    stall = storage.stalling()
    url = storage.on("/a", lambda request: replace(MARKED(request), cut=40_000, stall=stall))
    fetch_until_killed(
        url,
        tmp_path,
        80_000,
        "from cutout.core import download, ranges\n"
        f"ranges.WINDOW, ranges.LEAST, download.LEAST = {SOON['WINDOW']}, {SOON['LEAST']}, {SOON['LEAST']}\n",
    )
    assert not (tmp_path / "a").exists()
    goes_on_with_the_gaps(storage, tmp_path, 80_000)


def goes_on_with_the_gaps(storage: ScriptedServer, folder: Path, least: int) -> None:
    come = json.loads((folder / "a.part.json").read_text())["come"]
    have = sum(end - start for start, end in come)
    assert len(come) > 1 and have >= least and (folder / "a.part").stat().st_size > have
    before = len(storage.seen())
    url = storage.on("/a", MARKED)
    assert fetch_one(Artifact("a", url), folder).files[0].read_bytes() == DATA and left_over(folder) == []
    again = [header[6:].split("-") for header in asked(storage)[before:]]
    assert sum(int(last or len(DATA) - 1) + 1 - int(start) for start, last in again) == len(DATA) - have


@pytest.mark.parametrize(
    "come",
    [
        [], [[0, 0]], [[5, 2]], [[-3, 4]], [[0, 10], [5, 20]], [[10, 20], [0, 5]], [[0, 10], [10, 20]], [[0, 900_000]],
        [[0]], 7, "x", {"0": 1}, [["a", "b"]], None,
    ],
)  # fmt: skip
def test_a_note_that_cannot_be_true_is_not_built_on(storage: ScriptedServer, tmp_path: Path, come: object) -> None:
    (tmp_path / "a.part").write_bytes(DATA)
    note = {"mark": '"1"', "size": len(DATA), "name": "a", "come": come}
    (tmp_path / "a.part.json").write_text(json.dumps(note))
    url = storage.on("/a", Content(DATA[::-1], etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA[::-1] and asked(storage) == [""]


def test_room_on_the_disk_is_counted_without_the_holes(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(b"x")
    os.truncate(tmp_path / "a.part", 1 << 40)
    note = {"mark": '"1"', "size": 1 << 40, "name": "a", "come": [[0, 1], [(1 << 40) - 1, 1 << 40]]}
    (tmp_path / "a.part.json").write_text(json.dumps(note))
    with pytest.raises(Exception, match="takes 1,099,511.6 MB"):
        Part(tmp_path / "a.part").make_room(1 << 40, "it")


# Spans


def test_every_byte_is_brought_once_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "LEAST", 5)
    dice = random.Random(4)
    for _ in range(60):
        size = dice.randrange(200)
        spans, brought = Spans(size), bytearray(size)
        while spans.have < size:
            deed = dice.choice(["take", "write", "write", "back"])
            if deed == "take" and len(spans.taken) < 6:
                spans.take(divide=True)
            elif spans.taken:
                span = dice.choice(spans.taken)
                count = min(span.room, dice.randrange(9)) if deed == "write" else 0
                brought[span.at : span.at + count] = bytes(byte + 1 for byte in brought[span.at : span.at + count])
                span.at += count
                if not span.room or deed == "back":
                    spans.give_back(span)
            assert spans.have == sum(end - start for start, end in spans.come) == sum(brought)
        assert set(brought) <= {1} and spans.take(divide=True) is None


# Pace


class Line:
    """Connections of so many bytes a second each, and of so many in all; what a Pace makes of them."""

    def __init__(self, each: float, all: float = 1e12, size: int = 1 << 30) -> None:
        self.each, self.all, self.size = each, all, size
        self.pace, self.hands, self.have, self.now = Pace(), 1, 0.0, 100.0

    def run(self, seconds: float) -> int:
        for _ in range(int(seconds * 10)):
            left = int(self.size - self.have)
            self.hands += self.pace.more(self.now, int(self.have), left, self.hands)
            self.now += 0.1
            self.have = min(self.size, self.have + 0.1 * min(self.all, self.hands * self.each))
        return self.hands


@pytest.mark.parametrize(
    ("line", "hands"),
    [
        (Line(4e6), MOST_HANDS),  # the server holds each connection back
        (Line(4e6, 14e6), MOST_HANDS),  # 4 are faster than 2; that 8 are no faster than 4 is known when they are there
        (Line(4e6, 4e6), 2),  # the line is full with one
        (Line(1.1 * FAST), 1),  # fast enough
        (Line(4e6, size=6_000_000), 1),  # soon over
        (Line(0.0), MOST_HANDS),  # nothing comes
    ],
)
def test_connections_join_as_long_as_that_helps(line: Line, hands: int) -> None:
    assert line.run(6) == hands


def test_after_a_refusal_no_others_join() -> None:
    line = Line(4e6)
    assert line.run(1) == 2
    line.hands = 1
    line.pace.settle(1)
    assert line.run(5) == 1


def test_one_that_went_is_replaced_and_none_at_the_end() -> None:
    line = Line(4e6)
    line.run(4)
    line.hands = 5
    assert line.run(0.1) == MOST_HANDS
    line.hands, line.have = 3, line.size - 5 * LEAST
    assert line.run(0.1) == 3


def test_a_file_that_waits_to_be_tried_again_gets_no_help() -> None:
    pace = Pace()
    assert [pace.more(now, 0, 1 << 30, 0) for now in (0.0, 10.0, 20.0)] == [0, 0, 0]
