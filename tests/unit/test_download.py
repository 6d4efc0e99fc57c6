"""One file from real servers on loopback that break, lie, move and forget."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cutout.core.errors import CredentialError, ServiceError, TransientError
from cutout.core.model import Artifact
from cutout.core.offer import Version
from cutout.core.part import Part
from cutout.core.transfer import fetch
from tests.unit.downloads import DATA, KEY, Net, fetch_one, fetch_until_killed, left_over, quiet, ranges
from tests.unit.scripted_server import Content, Reply, Request, ScriptedServer


@pytest.fixture
def storage() -> Iterator[ScriptedServer]:
    with ScriptedServer() as storage:
        yield storage


@pytest.fixture
def api() -> Iterator[ScriptedServer]:
    with ScriptedServer() as api:
        yield api


# Broken connections


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("mark", [{"etag": '"v1"'}, {"modified": "Wed, 21 Oct 2015 07:28:00 GMT"}])
def test_a_break_is_continued_where_it_was(
    storage: ScriptedServer, tmp_path: Path, mark: dict[str, str], reset: bool
) -> None:
    content = Content(DATA, **mark)
    url = storage.on(
        "/a", lambda seen: replace(content(seen), cut=100_000, reset=reset), replace(content, cut=60_000), content
    )
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    starts = [int(asked[6:-1] or 0) for asked in ranges(storage) if asked]
    assert len(starts) == 2 and 0 < starts[0] < starts[1] < len(DATA)
    assert {seen.headers["if-range"] for seen in storage.seen()[1:]} == set(mark.values())


def test_without_etag_or_date_it_starts_again(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA, cut=100_000), Content(DATA))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage) == ["", ""]


def test_a_weak_etag_is_not_built_on(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA, etag='W/"1"', cut=100_000), Content(DATA, etag='W/"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage) == ["", ""]


def test_a_file_that_changed_is_fetched_anew(storage: ScriptedServer, tmp_path: Path) -> None:
    other = DATA[::-1]
    url = storage.on("/a", Content(DATA, etag='"1"', cut=100_000), Content(other, etag='"2"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == other


@pytest.mark.parametrize(
    "wrong",
    [
        {"ETag": '"2"', "Content-Range": "bytes {have}-{last}/{size}"},  # If-Range ignored
        {"ETag": '"1"', "Content-Range": "bytes 0-{last}/{size}"},
        {"ETag": '"1"', "Content-Range": "bytes {have}-{last}/999999"},
        {"ETag": '"1"', "Content-Range": "nonsense"},
        {"ETag": '"1"'},
    ],
)
def test_a_part_of_something_else_is_not_appended(
    storage: ScriptedServer, tmp_path: Path, wrong: dict[str, str]
) -> None:
    def answer(request: Request) -> Reply:
        have = int(request.headers["range"][6:-1])
        values = {"have": have, "last": len(DATA) - 1, "size": len(DATA)}
        return Reply(206, b"?" * (len(DATA) - have), {name: text.format(**values) for name, text in wrong.items()})

    url = storage.on("/a", Content(DATA, etag='"1"', cut=100_000), answer, Content(DATA, etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage)[2] == ""


def test_a_server_that_always_sends_another_part_is_given_up(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Reply(206, DATA[5:], {"Content-Range": f"bytes 5-{len(DATA) - 1}/{len(DATA)}"}))
    with pytest.raises(TransientError, match="another part"):
        fetch_one(Artifact("a", url), tmp_path)
    assert len(storage.seen()) == 5


def test_416_drops_the_part(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA, etag='"1"', cut=100_000), Reply(416), Content(DATA, etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage)[2] == ""


def test_a_server_that_ignores_range_is_read_from_the_start(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA, etag='"1"', cut=100_000), Reply(200, DATA, {"ETag": '"1"'}))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA


def test_five_failures_without_a_new_byte_end_it(storage: ScriptedServer, tmp_path: Path) -> None:
    net = Net()
    url = storage.on("/a", Content(DATA, etag='"1"', cut=100_000), Reply(drop=True))
    with pytest.raises(TransientError, match="broke off"):
        fetch_one(Artifact("a", url), tmp_path, net)
    assert len(storage.seen()) == 1 + 4 and net.pauses == [0.5, 1.0, 2.0, 4.0]
    assert left_over(tmp_path) == ["a.part", "a.part.json"]


def test_every_new_byte_resets_the_count(storage: ScriptedServer, tmp_path: Path) -> None:
    steps = [Content(DATA, etag='"1"', cut=40_000) for _ in range(7)]
    net = Net()
    url = storage.on(
        "/a", *[script for step in steps for script in (step, Reply(drop=True), Reply(502))], Content(DATA, etag='"1"')
    )
    assert fetch_one(Artifact("a", url), tmp_path, net).files[0].read_bytes() == DATA
    assert max(net.pauses) == 2.0


def test_the_same_bytes_again_and_again_are_no_progress(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA, cut=100_000))  # nothing to build on, and always cut
    with pytest.raises(TransientError, match="broke off"):
        fetch_one(Artifact("a", url), tmp_path)
    assert len(storage.seen()) == 5


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_storage_is_asked_again(storage: ScriptedServer, tmp_path: Path, status: int) -> None:
    net = Net()
    url = storage.on("/a", Reply(status, headers={"Retry-After": "3"} if status == 429 else {}), Content(DATA))
    assert fetch_one(Artifact("a", url), tmp_path, net).files[0].read_bytes() == DATA
    assert net.pauses == [3.0 if status == 429 else 0.5]


def test_a_long_retry_after_is_handed_on(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Reply(503, headers={"Retry-After": "600"}))
    with pytest.raises(TransientError) as caught:
        fetch_one(Artifact("a", url), tmp_path)
    assert caught.value.retry_after == 600 and len(storage.seen()) == 1


def test_the_next_run_goes_on_from_the_part(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA, etag='"1"', cut=100_000), Reply(403, b"<Error>Denied</Error>"))
    with pytest.raises(CredentialError, match="Denied"):
        fetch_one(Artifact("a", url), tmp_path)
    had = (tmp_path / "a.part").stat().st_size
    storage.on("/a", Content(DATA, etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage)[-1] == f"bytes={had}-" and left_over(tmp_path) == []


@pytest.mark.parametrize("note", ["", "{", '{"mark": "\\"1\\""', "[]", "null"])
def test_a_part_without_a_good_note_is_not_trusted(storage: ScriptedServer, tmp_path: Path, note: str) -> None:
    (tmp_path / "a.part").write_bytes(b"of something else")
    if note:
        (tmp_path / "a.part.json").write_text(note)
    url = storage.on("/a", Content(DATA, etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage) == [""]


def test_a_whole_part_only_gets_its_name(storage: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(DATA)
    (tmp_path / "a.part.json").write_text(json.dumps({"mark": '"1"', "size": len(DATA), "name": "a"}))
    assert fetch_one(Artifact("a", storage.url("/a")), tmp_path).files[0].read_bytes() == DATA
    assert storage.seen() == [] and left_over(tmp_path) == []


def test_after_a_kill_the_next_process_goes_on(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", lambda seen: replace(Content(DATA, etag='"1"')(seen), cut=200_000, stall=storage.stalling()))
    fetch_until_killed(url, tmp_path, 60_000)
    had = (tmp_path / "a.part").stat().st_size
    assert 0 < had < len(DATA) and not (tmp_path / "a").exists()
    storage.on("/a", Content(DATA, etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert ranges(storage)[-1] == f"bytes={had}-"


# What is there already


def test_a_file_of_the_right_size_is_not_fetched_again(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA))
    for size in (None, len(DATA)):
        assert fetch_one(Artifact("a", url, size), tmp_path).files[0].read_bytes() == DATA
    assert len(storage.seen()) == 1
    (tmp_path / "a").write_bytes(DATA[:-1])
    assert fetch_one(Artifact("a", url, len(DATA)), tmp_path).files[0].read_bytes() == DATA
    assert len(storage.seen()) == 2


def test_without_a_known_size_the_storage_is_asked_but_not_read(storage: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    url = storage.on("/a", Content(DATA[::-1]))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA


# Sizes


def test_another_size_than_announced_is_said(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Content(DATA))
    with pytest.raises(ServiceError, match="has 300000 bytes of a where 300001 were announced"):
        fetch_one(Artifact("a", url, len(DATA) + 1), tmp_path)
    assert not (tmp_path / "a").exists()


def test_the_announced_size_counts_where_the_storage_names_none(storage: ScriptedServer, tmp_path: Path) -> None:
    url = storage.on("/a", Reply(200, DATA, chunked=True))
    assert fetch_one(Artifact("a", url, len(DATA)), tmp_path).files[0].read_bytes() == DATA
    with pytest.raises(TransientError, match="broke off"):
        fetch_one(Artifact("b", url, len(DATA) + 1), tmp_path)
    with pytest.raises(ServiceError, match="more of c than there is"):
        fetch_one(Artifact("c", url, len(DATA) - 1), tmp_path)
    assert not (tmp_path / "b").exists() and not (tmp_path / "c").exists()


# Links


def test_a_signed_link_behind_a_redirect_gets_no_key(
    api: ScriptedServer, storage: ScriptedServer, tmp_path: Path
) -> None:
    signed = storage.on("/a", Content(DATA, etag='"1"', cut=100_000), Content(DATA, etag='"1"'))
    links = iter(range(9))
    url = api.on("/download", lambda seen: Reply(302, headers={"Location": f"{signed}?sig={next(links)}"}))
    fetched = fetch(Net().http(api.url()), [Artifact("a", url, signed=False)], tmp_path, quiet)
    assert fetched.files[0].read_bytes() == DATA
    assert all(seen.headers["authorization"] == KEY["Authorization"] for seen in api.seen())
    assert not any("authorization" in seen.headers for seen in storage.seen())
    assert [seen.query for seen in storage.seen()] == ["sig=0", "sig=1"]  # from the start each time
    assert ranges(storage)[1].startswith("bytes=")


def test_a_signed_link_at_home_gets_no_key(api: ScriptedServer, tmp_path: Path) -> None:
    url = api.on("/a", Content(DATA))
    fetch(Net().http(api.url()), [Artifact("a", url, signed=True)], tmp_path, quiet)
    assert "authorization" not in api.seen()[0].headers


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_an_expired_link_is_renewed_once(storage: ScriptedServer, tmp_path: Path, status: int) -> None:
    old = storage.on("/old", Content(DATA, etag='"1"', cut=100_000), Reply(status, b"<Error>expired</Error>"))
    new = storage.on("/new", Content(DATA, etag='"1"'))
    asked: list[Artifact] = []

    def fresh(artifact: Artifact) -> Artifact:
        asked.append(artifact)
        return replace(artifact, url=new)

    assert fetch_one(Artifact("a", old), tmp_path, fresh=fresh).files[0].read_bytes() == DATA
    assert [artifact.url for artifact in asked] == [old]
    assert ranges(storage, "/new")[0].startswith("bytes=")


def test_a_link_that_stays_refused_is_told_in_the_storages_words(storage: ScriptedServer, tmp_path: Path) -> None:
    xml = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
    url = storage.on("/a", Reply(403, xml))
    asked: list[Artifact] = []

    def fresh(artifact: Artifact) -> Artifact:
        asked.append(artifact)
        return artifact

    with pytest.raises(CredentialError, match="AccessDenied Request has expired.*fresh link was refused too") as caught:
        fetch_one(Artifact("a", url + "?sig=sesame"), tmp_path, fresh=fresh)
    assert caught.value.about == "server" and "sesame" not in str(caught.value)  # the account is not to blame
    assert len(asked) == 1 and len(storage.seen()) == 2


def test_a_link_that_expires_twice_on_a_long_way_is_renewed_twice(storage: ScriptedServer, tmp_path: Path) -> None:
    step = Content(DATA, etag='"1"', cut=100_000)
    url = storage.on("/a", step, Reply(403), step, Reply(403), Content(DATA, etag='"1"'))
    asked: list[Artifact] = []

    def fresh(artifact: Artifact) -> Artifact:
        asked.append(artifact)
        return artifact

    assert fetch_one(Artifact("a", url), tmp_path, fresh=fresh).files[0].read_bytes() == DATA
    assert len(asked) == 2


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_by_the_service_itself_is_told_in_its_words(api: ScriptedServer, tmp_path: Path, status: int) -> None:
    url = api.on("/a", Reply(status, b'{"error": "No download permission"}'))
    http = Net().http(api.url())
    with pytest.raises(ServiceError, match="No download permission"):
        fetch(http, [Artifact("a", url, signed=False)], tmp_path, quiet, fresh=lambda artifact: artifact)
    assert len(api.seen()) == 1


def test_an_expired_link_behind_an_unsigned_one_is_renewed(
    api: ScriptedServer, storage: ScriptedServer, tmp_path: Path
) -> None:
    signed = storage.on("/a", Reply(403, b"expired"), Content(DATA))
    url = api.on("/a", Reply(302, headers={"Location": signed}))
    http, artifact = Net().http(api.url()), Artifact("a", url, signed=False)
    assert fetch(http, [artifact], tmp_path, quiet, fresh=lambda old: old).files[0].read_bytes() == DATA


def test_a_web_page_is_not_a_file(storage: ScriptedServer, tmp_path: Path) -> None:
    page = Reply(200, b"<html><title>Sign in</title></html>", {"Content-Type": "text/html; charset=utf-8"})
    url = storage.on("/a", page)
    with pytest.raises(ServiceError, match="a web page instead of a.zip: Sign in"):
        fetch_one(Artifact("a.zip", url), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert fetch_one(Artifact("about.HTML", url), tmp_path).files[0].read_bytes() == page.body


def test_a_file_that_comes_at_once_needs_no_note(
    storage: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[Part] = []
    monkeypatch.setattr(Part, "_write_note", noted.append)
    monkeypatch.setattr("cutout.core.transfer.BEAT", 60.0)
    url = storage.on("/a", Content(DATA, etag='"1"'))
    assert fetch_one(Artifact("a", url), tmp_path).files[0].read_bytes() == DATA
    assert not noted


def test_what_is_told_of_is_noted_and_so_is_what_two_bring(tmp_path: Path) -> None:
    version, note = Version('"1"', 8 << 20), tmp_path / "a.part.json"
    part = Part(tmp_path / "a.part")
    for noting in (part.note, lambda: None):
        with part.span() as first:
            assert first is not None
            part.begin(version, first)
            assert not note.exists()
            noting()
            with part.span() as second:
                assert second is not None and json.loads(note.read_text())["mark"] == '"1"'
        part.drop()
        part.note()
        assert not note.exists()
