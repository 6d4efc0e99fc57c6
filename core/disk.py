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
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ExportError(
                f"The disk is full: {folder}.", "Free some space or choose another folder. What has come is kept."
            ) from error
        raise ExportError(
            f"Files in {folder} can't be read or written: {error.strerror or error}.",
            "Choose another folder, or close the program that uses the files in it.",
        ) from error


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
