"""Answers that would take for ever, or all memory: they end, soon and in words. Real sockets on loopback."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest

from cutout.core.errors import ExportError, ServiceError, TransientError
from cutout.core.http import Http, Network
from cutout.core.model import Artifact
from tests.unit.downloads import DATA, KEY, Net, fetch_one
from tests.unit.raw_server import RawServer
from tests.unit.scripted_server import Reply, ScriptedServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def slowly(server: Callable[[], RawServer], pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        server().wait(0.02)


@pytest.mark.parametrize(
    "beginning",
    [
        HEAD + b"Content-Length: 900000\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n",
        HEAD + b"\r\n",
        b"HTTP/1.1 200 ",
        HEAD + b"X-Long: ",
    ],
    ids=["body", "length of a chunk", "without a length", "status", "header"],
)
def test_an_answer_that_drips_has_an_end(beginning: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutout.core.wire.LONGEST_ANSWER", 0.3)
    with RawServer(lambda: slowly(lambda: server, chain([beginning], repeat(b"1")))) as server:
        http = Http(server.url(), KEY, Network(pause=lambda seconds: None))
        for ask in (lambda: http.get("/x", tries=1), lambda: http.create("/x", {})):
            began = time.monotonic()
            with pytest.raises(TransientError, match="seconds for one answer") as caught:
                ask()
            assert caught.value.reached and time.monotonic() - began < 5


def test_a_file_takes_as_long_as_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutout.core.wire.LONGEST_ANSWER", 0.2)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n"
    with RawServer(lambda: slowly(lambda: server, chain([head], repeat(b"1", 30)))) as server:
        began = time.monotonic()
        assert fetch_one(Artifact("a", server.url("/a")), tmp_path).files[0].read_bytes() == b"1" * 30
        assert time.monotonic() - began > 0.4


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        HEAD,
        HEAD + b"X-Long: ",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n7\r\n",
    ],
    ids=["status", "headers", "header", "length of the first chunk", "length of the second"],
)
def test_lines_have_an_end(beginning: bytes) -> None:
    with RawServer(lambda: chain([beginning], repeat(b"1" * 65536, 1000))) as server:
        tracemalloc.start()
        with pytest.raises(TransientError):
            Http(server.url(), KEY, Network()).get("/x", tries=1)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()


@pytest.mark.parametrize("many", [b"X-Header: one\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_so_have_heads(many: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutout.core.wire.LONGEST_ANSWER", 0.3)
    with RawServer(lambda: chain([b"" if many.startswith(b"HTTP") else HEAD], repeat(many * 100))) as server:
        began = time.monotonic()
        with pytest.raises(TransientError):
            Http(server.url(), KEY, Network()).get("/x", tries=1)
        assert time.monotonic() - began < 5


def bomb(times: int) -> bytes:
    """Zeros that are packed so many times."""
    body = bytes(30_000_000)
    for _ in range(times):
        body = gzip.compress(body, mtime=0)
    return body


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_packed_comes_in_small_pieces(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = bomb(times)
    reply = Reply(200, packed, {"Content-Encoding": ", ".join(["gzip"] * times)})
    with ScriptedServer() as server:
        server.on("/x", reply)
        tracemalloc.start()
        with pytest.raises(ServiceError, match="over 16 MB" if times == 1 else r"not asked for \(gzip, gzip\)"):
            Http(server.url(), KEY, Network()).get("/x")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 40_000_000


def test_only_one_packing_is_asked_for_and_only_that_is_undone(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        server.on("/x", Reply(200, b"{}"))
        http = Http(server.url(), KEY, Network())
        http.get("/x")
        assert server.seen("/x")[0].headers["accept-encoding"] == "gzip"
        for word in ("br", "zstd", "compress", "gzip, br"):
            url = server.on("/y", Reply(200, b"{}", {"Content-Encoding": word}))
            with pytest.raises(ServiceError, match="not asked for"):
                http.get("/y")
            with pytest.raises(ServiceError, match="not asked for"):
                fetch_one(Artifact("a", url), tmp_path)
        for word in ("identity", "aws-chunked", "utf-8", ""):  # what storages write there, and nothing is packed
            server.on("/y", Reply(200, b"{}", {"Content-Encoding": word}))
            assert http.get("/y").document == {}


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(b'{"a": ') + gzip.compress(b"1}"),
        gzip.compress(b'{"a": 1}') + bytes(512),
        zlib.compress(b'{"a": 1}'),
    ],
    ids=["two after each other", "padded", "zlib"],
)
def test_packed_answers_of_every_kind(packed: bytes) -> None:
    with ScriptedServer() as server:
        server.on("/x", Reply(200, packed, {"Content-Encoding": "gzip"}))
        assert Http(server.url(), KEY, Network()).get("/x").document == {"a": 1}


def test_a_large_packed_answer_is_whole() -> None:
    text = json.dumps([DATA[start : start + 50].hex() for start in range(0, len(DATA), 50)] + [" " * 1_000_000])
    with ScriptedServer() as server:
        server.on("/x", Reply(200, gzip.compress(text.encode()), {"Content-Encoding": "gzip"}))
        assert Http(server.url(), KEY, Network()).get("/x").text == text


def test_packed_answers_that_are_no_good(tmp_path: Path) -> None:
    packed = gzip.compress(b"{}" * 10_000)
    with ScriptedServer() as server:
        http = Http(server.url(), KEY, Network(pause=lambda seconds: None))
        url = server.on("/x", Reply(200, b"not packed at all", {"Content-Encoding": "gzip"}))
        with pytest.raises(ServiceError, match="can't be unpacked"):
            http.get("/x")
        with pytest.raises(ServiceError, match="can't be unpacked"):
            fetch_one(Artifact("a", url), tmp_path)
        server.on("/x", Reply(200, packed[:-9], {"Content-Encoding": "gzip"}))
        with pytest.raises(TransientError, match="broke off"):
            http.get("/x")
        server.on("/x", Reply(204, b"", {"Content-Encoding": "gzip"}))
        assert http.get("/x").text == ""


@pytest.mark.parametrize("depth", [101, 400, 1000, 100_000])
def test_answers_that_are_too_deep_are_not_understood(depth: int) -> None:
    with ScriptedServer() as server:
        server.on("/x", Reply(200, b'{"id":' * depth + b"1" + b"}" * depth))
        server.on("/y", Reply(200, b"[" * 99 + b"]" * 99))
        http = Http(server.url(), KEY, Network())
        assert http.get("/x").document is None and http.get("/y").document is not None


def test_a_large_file_is_refused_before_it_is_begun(tmp_path: Path) -> None:
    huge = b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n' % 10**16
    with RawServer(lambda: chain([huge], repeat(bytes(65536), 100))) as server:
        with pytest.raises(ExportError, match=r"only .* MB free in .*, and a takes 10,000,000,000\.0 MB") as caught:
            fetch_one(Artifact("a", server.url("/a")), tmp_path, Net())
        assert "Free some space" in caught.value.advice and list(tmp_path.iterdir()) == []
        with pytest.raises(ExportError, match="free in"):  # as the service names it, before it is even asked for
            fetch_one(Artifact("b", server.url("/b"), 10**16), tmp_path, Net())
    assert len(server.asked) == 1
