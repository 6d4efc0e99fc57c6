"""What Cutout has made of models, and of which: so that it is made once, and never taken for what a service sent.

It stands in a hidden file in the job's folder. Names in it are relative to that folder, which may be moved.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.disk import whole_file
from .received import received
from .references import is_inside
from .source import Kind, Source

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

NAME = ".cutout-models.json"
_ENDINGS = (".2dm", ".gpkg", ".tif")
VERSION = 1  # of what is made: with another one it is made anew

Said: TypeAlias = tuple[Path, str]
"""A file of the job, and what is to be told of it."""


def made(folder: Path) -> frozenset[Path]:
    """The files in the folder that Cutout has made of models."""
    names = _read(folder).get("files")
    paths = [folder / name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return frozenset(path for path in paths if path.name.endswith(_ENDINGS) and is_inside(path, folder))


class Derived:
    """The files that are being made of the models of one job."""

    def __init__(self, folder: Path, models: Sequence[Path], area: Any) -> None:
        self._folder = folder
        self._origin = [VERSION, area, [_state(path, folder) for path in models]]
        self._known = _read(folder)
        self._earlier = made(folder)
        self._files: list[Path] = []

    def result(self) -> tuple[list[Source], list[Said], list[Said]] | None:
        """The sources, refusals and notes of the last time, if it was made of the same and is still there."""
        known = self._known
        if known.get("of") != self._origin or not all(path.is_file() for path in self._earlier):
            return None
        try:
            sources = [_absolute(source, self._folder) for source in known["sources"]]
            if not all(is_inside(Path(source.path), self._folder) for source in sources):
                return None
            return sources, self._said(known["refused"]), self._said(known["notes"])
        except (KeyError, TypeError, ValueError):
            return None

    @contextmanager
    def file(self, wanted: Path) -> Iterator[tuple[Path, Path]]:
        """Where to write, and the name that the file gets when the block ends well: the wanted one if it is free.

        What a service sent is never written over. Errors: OSError.
        """
        target, number = wanted, 1
        while target in self._files or (target.exists() and target not in self._earlier):
            number += 1
            target = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        self._files.append(target)
        self._write({"files": self._names({*self._files, *self._earlier})})  # known as ours before it is there
        with tempfile.TemporaryDirectory(prefix=".cutout-", dir=target.parent) as aside:
            written = Path(aside) / target.name
            yield written, target
            written.replace(target)

    def close(self, sources: Sequence[Source], refused: Sequence[Said], notes: Sequence[Said]) -> None:
        """Keeps the result, and removes what was made earlier and is not made any more. Errors: OSError."""
        for path in self._earlier.difference(self._files):
            path.unlink(missing_ok=True)
        self._write(
            {
                "of": self._origin,
                "files": self._names(path for path in self._files if path.is_file()),
                "sources": [asdict(_relative(source, self._folder)) for source in sources],
                "refused": [(path.relative_to(self._folder).as_posix(), reason) for path, reason in refused],
                "notes": [(path.relative_to(self._folder).as_posix(), note) for path, note in notes],
            }
        )

    def _said(self, entries: Any) -> list[Said]:
        return [(self._folder / name, str(text)) for name, text in entries]

    def _names(self, paths: Any) -> list[str]:
        return sorted(path.relative_to(self._folder).as_posix() for path in paths)

    def _write(self, document: dict[str, Any]) -> None:
        with whole_file(self._folder / NAME) as file:
            file.write(json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def _read(folder: Path) -> dict[str, Any]:
    """The record, but none that came with the files: it would say what is opened."""
    if folder / NAME in received(folder):
        return {}
    try:
        document = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _state(path: Path, folder: Path) -> list[Any]:
    state = path.stat()
    return [path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns]


def _relative(source: Source, folder: Path) -> Source:
    inside = Path(source.path).relative_to(folder).as_posix()
    return replace(source, path=inside, uri=source.uri.replace(source.path, inside, 1))


def _absolute(values: dict[str, Any], folder: Path) -> Source:
    source = Source(**{**values, "kind": Kind(values["kind"])})
    path = str(folder / source.path)
    return replace(source, path=path, uri=source.uri.replace(source.path, path, 1))
