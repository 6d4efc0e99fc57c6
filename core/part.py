"""A file on its way: the bytes that have come, and beside them a note of what they are a part of.

The note (`<name>.part.json`) is written before the first byte, so a part can be continued after a crash, and only by
bytes of the same version of the file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .answer import length
from .body import packing
from .disk import FREE_SPACE, in_words, size_text
from .errors import ExportError

if TYPE_CHECKING:
    import requests

SMALL = 64 * 1024  # bytes
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_EXTENDED = re.compile(r"filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)
_QUOTED = re.compile(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)
# Some services answer with the bare file where a zip was to come, and still call it a zip.
_NO_ZIP = {b"II*\0": ".tif", b"MM\0*": ".tif", b"II+\0": ".tif", b"MM\0+": ".tif", b"SQLite format 3\0": ".gpkg"}


@dataclass(frozen=True)
class Version:
    """Which version of a file: what If-Range takes (a strong ETag, else Last-Modified), bytes in all, its own name."""

    mark: str = ""
    size: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Offer:
    """What an answer brings. start: the first byte of the file in it. encoded: the bytes are packed for the way."""

    version: Version
    start: int = 0
    encoded: bool = False

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
        return cls(Version(mark, size, offered_name(response)), start, encoded)


class Part:
    """The part that belongs to a path ending in `.part`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._note = path.with_name(path.name + ".json")
        self.version = self._noted()

    @property
    def have(self) -> int:
        """Bytes that can be built on: none without a note of what they belong to."""
        if not self.version.mark or not self.path.is_file():
            return 0
        return self.path.stat().st_size

    @property
    def is_whole(self) -> bool:
        return self.version.size is not None and self.have == self.version.size

    def request_headers(self) -> Mapping[str, str]:
        """Ask for what is missing, or for everything if the file has changed."""
        headers = {"Accept-Encoding": "identity"}
        if self.have:
            headers |= {"Range": f"bytes={self.have}-", "If-Range": self.version.mark}
        return headers

    def continues(self, offer: Offer) -> bool:
        """Whether the answer goes on where the part ends, in the same version of the file."""
        mine, theirs = self.version, offer.version
        same = not offer.encoded and theirs.mark in ("", mine.mark)
        return same and offer.start == self.have and (mine.size is None or theirs.size in (None, mine.size))

    def make_room(self, size: int | None, called: str) -> None:
        """Errors: ExportError when the disk can't hold what is missing of so many bytes, before any is written."""
        folder = self.path.parent
        with in_words(folder):
            free = shutil.disk_usage(next(above for above in self.path.parents if above.is_dir())).free
            here = self.path.stat().st_size if self.path.is_file() else 0  # it is gone on with, or written over
        if size is not None and size - here > free:
            raise ExportError(
                f"There are only {size_text(free)} free in {folder}, and {called} takes {size_text(size)}.",
                FREE_SPACE,
                about="output",
            )

    def begin(self, version: Version) -> None:
        """An empty part of this version. A small file gets no note: it is sooner asked for again than noted."""
        small = version.size is not None and version.size < SMALL
        self.version = replace(version, mark="") if small else version
        with in_words(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._note.unlink(missing_ok=True)
            self.path.write_bytes(b"")
            if self.version.mark:
                self._note.write_text(json.dumps(asdict(version)), "utf-8")

    def drop(self) -> None:
        self.version = Version()
        with in_words(self.path.parent):
            self._note.unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[Callable[[bytes], None]]:
        """Gives the function that appends bytes. Errors: ExportError, for the disk only and not for the connection."""
        with in_words(self.path.parent):
            file = self.path.open("ab")

        def write(content: bytes) -> None:
            with in_words(self.path.parent):
                file.write(content)

        try:
            yield write
        finally:
            with in_words(self.path.parent):
                file.close()

    def real_name(self, name: str) -> str:
        """What the file is to be called: the name given, else the one that came with it; a zip only if it is one."""
        name = name or self.version.name or "download"
        if not name.lower().endswith(".zip"):
            return name
        with in_words(self.path.parent), self.path.open("rb") as file:
            head = file.read(max(map(len, _NO_ZIP)))
        return next((name[:-4] + suffix for magic, suffix in _NO_ZIP.items() if head.startswith(magic)), name)

    def become(self, target: Path) -> None:
        """The file is whole: give it its name."""
        with in_words(self.path.parent):
            os.replace(self.path, target)
            self._note.unlink(missing_ok=True)

    def _noted(self) -> Version:
        try:
            note = json.loads(self._note.read_text("utf-8"))
            return Version(str(note["mark"]), note["size"] if note["size"] is None else int(note["size"]), note["name"])
        except (OSError, ValueError, KeyError, TypeError):  # none, or cut short by a crash
            return Version()


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
