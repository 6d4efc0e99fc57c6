"""Writing files that are there as a whole or not at all, and what to say when the disk refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Optional

from .errors import ExportError

Report = Callable[[int, Optional[int]], None]  # bytes so far, bytes in all or None; raises Cancelled to stop
PART = ".part"
FREE_SPACE = "Free some space or choose another folder."
_FULL = (errno.ENOSPC, errno.EDQUOT)
_GONE = (errno.ENOENT, errno.ESTALE)  # ESTALE: on a drive of the network


def silent(done: int, total: int | None) -> None:
    """A report that nobody reads."""


def size_text(size: int) -> str:
    """In units of 1000."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Errors: ExportError that names the folder, in place of OSError."""
    try:
        yield
    except OSError as error:
        raise ExportError(*_said(error, folder), about="output") from error


def _said(error: OSError, folder: Path) -> tuple[str, str]:
    """What happened, and what to do about it."""
    if error.errno in _FULL:
        return f"The disk is full: {folder}.", FREE_SPACE
    if error.errno in _GONE:
        return f"The folder is gone, or something in it: {folder}.", "Put it back or choose another folder."
    if error.errno == errno.EROFS:
        return f"Nothing can be written to this disk: {folder}.", "Choose another folder."
    return (
        f"Files in {folder} can't be read or written: {error.strerror or error}.",
        "Choose another folder, or close the program that uses the files in it.",
    )


def make_folder(folder: Path) -> None:
    """The folder and those above it, as far as they are missing: for the user alone. What is there stays as it is.

    Errors: OSError.
    """
    if not folder.is_dir():
        if folder.parent != folder:
            make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def check_there(folder: Path) -> None:
    """Before something is written into the folder of a job: nobody must make half of it anew. Errors: ExportError."""
    with in_words(folder):
        folder.stat()


def part_of(target: Path) -> Path:
    """Where a file stands until it is whole."""
    return target.with_name(target.name + PART)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name when the block ends well, and is removed when it does not.

    Errors: OSError.
    """
    part = part_of(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as file:
            yield file
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
