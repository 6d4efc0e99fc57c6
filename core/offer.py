"""What the head of an answer says of the file that follows: its version, its size, its name, and where it begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .answer import length
from .body import packing

if TYPE_CHECKING:
    import requests

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_EXTENDED = re.compile(r"filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)
_QUOTED = re.compile(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)


@dataclass(frozen=True)
class Version:
    """Which version of a file: what If-Range takes (a strong ETag, else Last-Modified), bytes in all, its own name."""

    mark: str = ""
    size: int | None = None
    name: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether the mark stands for these very bytes: two files of the same second have one date."""
        return self.mark.startswith('"') and self.size is not None


@dataclass(frozen=True)
class Offer:
    """What an answer brings. start: the first byte of the file in it. encoded: the bytes are packed for the way.
    ranges: whether the server gives parts of the file."""

    version: Version
    start: int = 0
    encoded: bool = False
    ranges: bool = False

    @classmethod
    def of(cls, response: requests.Response) -> Offer:
        """Read from the headers of a 200 or 206; start is -1 for a 206 that does not say what it is a part of."""
        encoded = bool(packing(response))
        start, size = 0, length(response)
        if response.status_code == 206:
            found = _RANGE.match(response.headers.get("Content-Range", ""))
            start = int(found[1]) if found else -1
            size = int(found[3]) if found and found[3] != "*" else None
        mark = "" if encoded else _mark(response)
        ranges = response.status_code == 206 or response.headers.get("Accept-Ranges", "").lower() == "bytes"
        return cls(Version(mark, size, offered_name(response)), start, encoded, ranges)


def offered_name(response: requests.Response) -> str:
    """The file's own name as the answer gives it, without folders (RFC 6266); else the end of the address."""
    header = response.headers.get("Content-Disposition", "")
    if extended := _EXTENDED.search(header):
        name = unquote(extended[2].strip('"'), encoding=extended[1], errors="replace")
    elif quoted := _QUOTED.search(header):
        raw = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted[1] is not None else quoted[2]
        name = _as_utf8(raw)
    else:
        name = unquote(urlsplit(response.url).path)
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _as_utf8(header: str) -> str:
    """Headers are read as Latin-1, and many servers put UTF-8 into them."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _mark(response: requests.Response) -> str:
    etag: str = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
