"""The body of an answer, in pieces that stay small whatever is packed in it.

urllib3 unpacks all that a piece holds at once, and packings in packings: one of 64 kB can become many GB in memory.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .address import host
from .errors import ServiceError, TransientError

if TYPE_CHECKING:
    import requests

PACKINGS = ("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress")  # other words there pack nothing
ASKED = ("gzip", "x-gzip", "deflate")
GZIP = b"\x1f"  # how a file of gzip begins
LARGEST = 256 * 1024  # bytes of a piece: what has come of one is lost when the connection breaks
SHORT, LONG = 0.02, 0.2  # seconds: a piece that comes sooner is followed by a larger one, one that takes longer by less
EITHER = zlib.MAX_WBITS | 32  # gzip or zlib, as the first bytes say


def packing(response: requests.Response) -> tuple[str, ...]:
    """How the body is packed for the way, the last step last; empty when it comes as it is."""
    steps = response.headers.get("Content-Encoding", "").lower().split(",")
    return tuple(step.strip() for step in steps if step.strip() in PACKINGS)


def pieces(response: requests.Response, size: int) -> Iterator[bytes]:
    """The body unpacked, at most `size` bytes at once; more where it comes as it is, and so fast that each piece costs
    more than its bytes.

    Errors: those of requests; ServiceError for what was not asked for, TransientError for what ends too early.
    """
    packings = packing(response)
    response.raw.headers.pop("Content-Encoding", None)  # from now on urllib3 leaves it as it is
    if not packings:
        yield from response.iter_content(size) if response.raw.chunked else _as_it_is(response, size)
        return
    if len(packings) > 1 or packings[0] not in ASKED:
        raise ServiceError(
            f"{host(response.url)} sent an answer packed in a way that was not asked for ({', '.join(packings)}).",
            "Tell the service's support.",
        )
    try:
        yield from _unpacked(response, size)
    except zlib.error as error:
        raise ServiceError(
            f"{host(response.url)} sent an answer that can't be unpacked.", "Try again later."
        ) from error


def _as_it_is(response: requests.Response, size: int) -> Iterator[bytes]:
    from requests.exceptions import ConnectionError
    from urllib3.exceptions import HTTPError

    least, began = size, time.monotonic()
    try:
        while piece := response.raw.read(size, decode_content=False):
            took = time.monotonic() - began
            size = min(2 * size, LARGEST) if took < SHORT else max(size // 2, least) if took > LONG else size
            yield piece
            began = time.monotonic()
    except HTTPError as error:
        raise ConnectionError(error) from error


def _unpacked(response: requests.Response, size: int) -> Iterator[bytes]:
    unpacker = None
    for packed in response.iter_content(size):
        while packed:
            if unpacker is None or (unpacker.eof and packed[:1] == GZIP):  # gzip files may follow each other
                unpacker = zlib.decompressobj(EITHER)
            elif unpacker.eof:
                break  # padding
            yield unpacker.decompress(packed, size)
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while unpacker and (rest := unpacker.decompress(b"", size)):
        yield rest
    if unpacker and not unpacker.eof:
        raise TransientError(f"The connection to {host(response.url)} broke off.", "Try again later.")
