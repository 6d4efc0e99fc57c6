"""Answers of a gigabyte: how much memory and time they cost. Each is asked for by a process of its own.

The bounds themselves are in tests/services/test_wire.py; here the figures are those of the whole process.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, repeat

import pytest

from tests import ROOT
from tests.unit.raw_server import RawServer

GIGABYTE = 2**30
KINDS = ("announced", "chunked", "without an end", "packed", "packed twice", "packed otherwise", "long line", "headers")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
PROGRAM = """
import resource, sys, tests
from cutout.core.errors import ExportError
from cutout.core.http import Http, Network
http = Http(sys.argv[1], {}, Network())
try:
    said = str(type(http.get("/x", tries=1).document).__name__)
except ExportError as error:
    said = str(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, said)
"""


def asked(says: Callable[[], Iterator[bytes]]) -> tuple[int, str, float]:
    """What was said of the answer, with the megabytes and the seconds that it took."""
    with RawServer(says) as server:
        began = time.monotonic()
        command = [sys.executable, "-c", PROGRAM, server.url()]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
        megabytes, _, said = run.stdout.strip().partition(" ")
        return int(megabytes), said, time.monotonic() - began


def small() -> int:
    """Megabytes of a process that gets an answer of two bytes."""
    return asked(lambda: iter([HEAD + b"Content-Length: 2\r\n\r\n{}"]))[0]


@cache
def packed(times: int) -> bytes:
    """A gigabyte of zeros, packed so many times."""
    if times > 1:
        return gzip.compress(packed(times - 1), mtime=0)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(GIGABYTE >> 20)), packer.flush()])


def answers() -> dict[str, Callable[[], Iterator[bytes]]]:
    once, twice = packed(1), packed(2)
    block = b'"0123456",' * 6553
    chunk = b"%x\r\n%s\r\n" % (len(block), block)
    return {
        "announced": lambda: chain(
            [HEAD + b"Content-Length: %d\r\n\r\n[" % GIGABYTE], repeat(block, GIGABYTE // len(block))
        ),
        "chunked": lambda: chain([HEAD + b"Transfer-Encoding: chunked\r\n\r\n"], repeat(chunk, GIGABYTE // len(block))),
        "without an end": lambda: chain([HEAD + b"\r\n["], repeat(block)),
        "packed": lambda: iter([HEAD + b"Content-Encoding: gzip\r\n\r\n", once]),
        "packed twice": lambda: iter([HEAD + b"Content-Encoding: gzip, gzip\r\n\r\n", twice]),
        "packed otherwise": lambda: iter([HEAD + b"Content-Encoding: br\r\n\r\n", once]),
        "long line": lambda: chain([HEAD + b"Transfer-Encoding: chunked\r\n\r\n"], repeat(b"1" * 2**16, 2**14)),
        "headers": lambda: chain([HEAD], (b"X-%d: %s\r\n" % (number, b"y" * 60_000) for number in range(2**14))),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_gigabyte_is_not_taken(kind: str) -> None:
    usual = small()
    megabytes, said, seconds = asked(answers()[kind])
    print(f"{kind}: {megabytes} MB ({usual} MB for a small answer), {seconds:.1f} s: {said}")
    assert megabytes < usual + 80 and seconds < 60
    assert "over 16 MB" in said or "not asked for" in said or "broke off" in said


@pytest.mark.parametrize("piece", [b"{},", b"[],", b"0,", b'"",', b'{"a":[{}]},'])
def test_the_largest_answer_that_is_taken_leaves_the_machine_alive(piece: bytes) -> None:
    """As objects in memory JSON takes many times its bytes."""
    body = b"[" + piece * ((16 * 2**20 - 100) // len(piece)) + b"1]"
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
    megabytes, said, seconds = asked(lambda: iter([head, body]))
    print(f"16 MB of {piece.decode()}: {megabytes} MB, {seconds:.1f} s: {said}")
    assert said == "list" and megabytes < 1000 and seconds < 60
