"""Finished jobs from the `cutout.json` in their folders, for a list of jobs that was damaged.

Such a file may come from anywhere and say anything, so what is taken from it is checked: it is that of this folder, and
what it names lies in it, not behind a link. Which auth config was used it does not say: its server's account is taken.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from .errors import ExportError
from .manifest import NAME, read
from .model import Delivery, ExportRequest, FileRecord, Job, JobState, Json, License, Quote
from .words import plain, redacted

AT_ONCE = 50  # folders
MOST_BYTES = 20_000_000  # of a cutout.json
MOST_FILES = 100_000  # in a folder
MOST_PROBLEMS = 1000
DEPTH = 8  # of lists and objects in each other, where an area has five
_KEY = re.compile(r"[0-9a-f]{8}")
_SERVICE = re.compile(r"[a-z][a-z0-9_]{0,40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WRONG = (ExportError, OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


def finished(downloads: Path) -> Iterator[list[Job]]:
    """The jobs that are done and whose folder is there, those of a few folders at a time."""
    folders = _folders(downloads)
    while lot := list(islice(folders, AT_ONCE)):
        yield [job for job in map(_job, lot) if job]


def _folders(downloads: Path) -> Iterator[Path]:
    try:
        with os.scandir(downloads) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path)
    except OSError:  # no such folder, or a drive that is gone: then there is nothing to find
        return


def _job(folder: Path) -> Job | None:
    path = folder / NAME
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        return _taken(folder, read(folder))
    except _WRONG:  # not one of ours
        return None


def _taken(folder: Path, document: Mapping[str, Json]) -> Job | None:
    key, asked = _matched(_KEY, document["job"]["key"]), document["request"]
    there = set(islice(_files(str(folder), ""), MOST_FILES))
    files = tuple(_record(each) for each in document["files"] if each["name"] in there)
    if not folder.name.endswith(f"-{key}") or not files:
        return None
    ordered, ended = _seconds(document["ordered"]), _seconds(document["finished"])
    request = ExportRequest(
        _matched(_SERVICE, document["service"]), _server(document["server"]),
        _object(asked["options"]), _ground(document["area"]), plain(str(asked["title"])),
        _ground(asked["sent"]), tuple(_sentence(note) for note in asked["notes"]),
    )  # fmt: skip
    terms = License(*(plain(str(document["license"][name])) for name in ("title", "url")))
    return Job(
        key, request, delivery=Delivery(clip=asked.get("clip") is True), state=JobState.DONE,
        remote=_object(document["job"]["remote"]), progress=1.0, created=ordered, updated=ended, finished=ended,
        quote=Quote(license=terms) if terms.title or terms.url else None, folder=str(folder), files=files,
        layers=tuple(f"{folder}{os.sep}{layer}" for layer in document["layers"] if layer.split("|")[0] in there),
        problems=tuple(_sentence(problem) for problem in document["problems"][:MOST_PROBLEMS]),
    )  # fmt: skip


def _files(folder: str, within: str) -> Iterator[str]:
    """Names with slashes, below the folder; links are not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{within}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield within + entry.name


def _record(raw: Mapping[str, Json]) -> FileRecord:
    size = raw["size"]
    if not isinstance(size, int) or size < 0:
        raise ValueError(size)
    return FileRecord(raw["name"], size, _matched(_SHA256, raw["sha256"]))


def _matched(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _server(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(url)
    return url


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def _sentence(text: str) -> str:
    return plain(redacted(text))


def _object(value: Json) -> dict[str, Json]:
    _check_depth(value, DEPTH)
    return dict(value)


def _ground(area: Json) -> dict[str, Json] | None:
    if area is None:
        return None
    _check_depth(area, DEPTH)
    if area["type"] not in ("Polygon", "MultiPolygon") or not _is_ground(area["coordinates"]):
        raise ValueError(area["type"])
    return {"type": area["type"], "coordinates": area["coordinates"]}


def _is_ground(value: Json) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_is_ground, value))
    return isinstance(value, (int, float)) and math.isfinite(value)


def _check_depth(value: Json, depth: int) -> None:
    if not depth:
        raise ValueError("too deep")
    if isinstance(value, (list, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            _check_depth(entry, depth - 1)
