"""The folder of a job: made for its files and for the user alone, and never one that somebody else has filled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from .disk import in_words, make_folder
from .errors import ExportError
from .manifest import read
from .model import Job


def begun(folder: Path, job: Job) -> Path:
    """The folder `<title>-<key>` below the one given, made if it is missing; with a number where other things lie.

    A hidden file in it says whose it is until cutout.json does. Errors: ExportError.
    """
    with in_words(folder):
        home = next(home for home in homes(folder, job) if _is_free(home) or is_of(home, job))
        make_folder(home)
        if not is_of(home, job):
            _mark(home, job).touch()
    return home


def ended(home: Path, job: Job) -> None:
    """cutout.json stands in it now. Errors: ExportError."""
    with in_words(home):
        _mark(home, job).unlink(missing_ok=True)


def homes(folder: Path, job: Job) -> Iterator[Path]:
    """`<title>-<key>`, `<title>-<key>-2` and so on."""
    yield folder / job.folder_name
    yield from (folder / f"{job.folder_name}-{number}" for number in count(2))


def is_of(home: Path, job: Job) -> bool:
    """Whether the files of this job lie in it, or some of them."""
    try:
        about = read(home).get("job")
    except ExportError:
        about = None
    return _mark(home, job).is_file() or (isinstance(about, dict) and about.get("key") == job.key)


def _is_free(home: Path) -> bool:
    """Errors: OSError."""
    return not home.exists() or (home.is_dir() and next(home.iterdir(), None) is None)


def _mark(home: Path, job: Job) -> Path:
    return home / f".cutout-{job.key}"
