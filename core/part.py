"""A file on its way: the bytes that have come, and beside them a note of what they are a part of.

By its note (`<name>.part.json`) a part can be continued after a crash, and only by bytes of the same version of the
file: a part without one is worth nothing. It is written when the connection breaks, and before whoever watches tells of
the first bytes (`note`). Most files are whole before that: a note would cost them as much time as the file. What comes
over one connection comes from the start on, so the length of the part says what is here. As soon as others bring what
lies further back the note says it, and follows every piece.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from .disk import FREE_SPACE, in_words, size_text
from .errors import ExportError
from .offer import Offer, Version
from .ranges import Span, Spans, is_sound

# Some services answer with the bare file where a zip was to come, and still call it a zip.
_NO_ZIP = {b"II*\0": ".tif", b"MM\0*": ".tif", b"II+\0": ".tif", b"MM\0+": ".tif", b"SQLite format 3\0": ".gpkg"}


class Part:
    """The part that belongs to a path ending in `.part`. Several threads may bring bytes, each in a span of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._note = path.with_name(path.name + ".json")
        self._news = threading.Condition()
        self._is_divided = False
        self._is_noted = True  # there may be a note, good or bad
        self._is_due = False  # a note is to be written
        self.version, self._spans = Version(), Spans()
        self._read_note()

    @property
    def have(self) -> int:
        """Bytes that can be built on: none without a note of what they belong to."""
        return self.come if self.version.mark else 0

    @property
    def come(self) -> int:
        """Bytes that are here."""
        with self._news:
            return self._spans.have

    @property
    def hands(self) -> int:
        """Connections at work."""
        with self._news:
            return len(self._spans.taken)

    @property
    def is_flowing(self) -> bool:
        """Whether each of them has brought something of what it is to bring now."""
        with self._news:
            return all(span.at > span.start for span in self._spans.taken)

    @property
    def is_whole(self) -> bool:
        return bool(self.version.mark) and self.have == self.version.size and not self.hands

    @contextmanager
    def span(self) -> Iterator[Span | None]:
        """For this block alone: bytes that are missing. None when others bring them all, and a half does not pay."""
        with self._news:
            if not self.version.mark and not self._spans.taken:
                self._spans = Spans()
            span = self._spans.take(divide=self.version.is_exact)
            if span is not None and len(self._spans.taken) > 1:
                self._is_divided = True
                self._write_note()  # before a byte is where the length of the part would tell of all before it
        try:
            yield span
        finally:
            with self._news:
                if span is not None:
                    self._spans.give_back(span)
                self._news.notify_all()

    def wait(self, seconds: float) -> None:
        """Until a connection has brought its span, or has failed to."""
        with self._news:
            if self._spans.taken:
                self._news.wait(seconds)

    def request_headers(self, span: Span) -> Mapping[str, str]:
        """Ask for what is missing, or for everything if the file has changed."""
        headers = {"Accept-Encoding": "identity"}
        if span.start or self.have:
            last = "" if span.end == self._spans.end else span.end - 1
            headers |= {"Range": f"bytes={span.start}-{last}", "If-Range": self.version.mark}
        return headers

    def continues(self, offer: Offer, span: Span) -> bool:
        """Whether the answer brings the span, of the same version of the file."""
        mine, theirs = self.version, offer.version
        same = not offer.encoded and theirs.mark in ("", mine.mark)
        return same and offer.start == span.start and (mine.size is None or theirs.size in (None, mine.size))

    def make_room(self, size: int | None, called: str) -> None:
        """Errors: ExportError when the disk can't hold what is missing of so many bytes, before any is written."""
        if size is None:
            return
        folder = self.path.parent
        with in_words(folder):
            free = shutil.disk_usage(next(above for above in self.path.parents if above.is_dir())).free
            if size <= free:
                return
            # What is here is gone on with, or written over. One in several ranges is longer than what is here.
            here = self.have or (self.path.stat().st_size if self.path.is_file() else 0)
        if size - here > free:
            raise ExportError(
                f"There are only {size_text(free)} free in {folder}, and {called} takes {size_text(size)}.",
                FREE_SPACE,
                about="output",
            )

    def begin(self, version: Version, span: Span) -> None:
        """An empty part of this version, of which the span is all."""
        folder = self.path.parent
        with self._news, in_words(folder):
            self.version = version
            self._spans, self._is_divided = Spans(version.size if version.mark else None), False
            self._spans.restart(span)
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
            self._drop_note()
            self.path.write_bytes(b"")
            self._is_due = bool(version.mark)

    def drop(self) -> None:
        with self._news, in_words(self.path.parent):
            self.version, self._spans, self._is_divided = Version(), Spans(), False
            self._drop_note()
            self.path.unlink(missing_ok=True)

    @contextmanager
    def writing(self, span: Span) -> Iterator[Callable[[bytes], bool]]:
        """Gives the function that puts down what has come; it says whether more is wanted.

        Errors: ExportError, for the disk only and not for the connection.
        """
        with in_words(self.path.parent):
            file = self.path.open("r+b", buffering=0)

        def write(content: bytes) -> bool:
            with self._news, in_words(self.path.parent):
                if span not in self._spans.taken:
                    return False  # the file has changed meanwhile
                wanted = memoryview(content)[: span.room]
                while wanted:
                    count = file.write(wanted)
                    span.at, wanted = span.at + count, wanted[count:]
                if self._is_divided:
                    self._write_note()
                return span.room > 0 or not span.is_cut_short

        try:
            with in_words(self.path.parent):
                file.seek(span.at)
            yield write
        finally:
            with in_words(self.path.parent):
                file.close()
            with self._news, suppress(ExportError):  # without a note it is begun anew
                if span.room and span in self._spans.taken and self._is_due:
                    self._write_note()

    def note(self) -> None:
        """From now on what comes outlives this process. Errors: ExportError."""
        if self._is_due:
            with self._news:
                if self._is_due:  # still
                    self._write_note()

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
        with self._news, in_words(self.path.parent):
            os.replace(self.path, target)
            self._drop_note()

    def _drop_note(self) -> None:
        self._is_due = False
        if self._is_noted:
            self._note.unlink(missing_ok=True)
            self._is_noted = False

    def _write_note(self) -> None:
        """Errors: ExportError."""
        come = {"come": self._spans.come} if self._is_divided else {}
        text = json.dumps({**asdict(self.version), **come}).encode()
        mode = "r+b" if come and self._is_noted else "wb"
        with in_words(self.path.parent), self._note.open(mode, buffering=0) as file:
            self._is_noted, self._is_due = True, False
            length = file.seek(0, os.SEEK_END)
            file.seek(0)
            file.write(text.ljust(length))  # over the last one, at once: who is killed leaves that one or this one

    def _read_note(self) -> None:
        """What an earlier run has left. Nothing where the note is missing, or not one of this part."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
            size = None if note["size"] is None else int(note["size"])
            length = self.path.stat().st_size
            come = [(int(start), int(end)) for start, end in note.get("come", [(0, length)])]
            version = Version(str(note["mark"]), size, note["name"])
        except FileNotFoundError:
            self._is_noted = self._note.exists()  # it may be the part that is missing
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # cut short by a crash
            return
        if is_sound(come, length if size is None else min(length, size)):
            self.version, self._spans, self._is_divided = version, Spans(size, come), "come" in note
