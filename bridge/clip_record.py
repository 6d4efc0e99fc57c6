"""Where clipped copies lie, and of what they were made: so that each is made once, and never taken for received data.

They have a folder of their own in the job's folder, and the record lies in it: whoever deletes the folder has them made
anew. Names in the record are relative to the job's folder, which may be moved.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from ..core.disk import whole_file
from ..core.errors import ExportError
from . import references
from .received import received
from .source import Source

FOLDER = "clipped"
NAME = ".cutout-clipped.json"
_ASIDE = ".cutout-"  # begins the names of folders in which copies are written
_DAY = 86_400.0  # seconds
VERSION = 1  # of how things are clipped: with another one they are made anew
_BESIDE = (".dbf", ".prj", ".cpg", ".dat", ".map")  # parts of a shapefile or of a MapInfo table


@dataclass(frozen=True)
class Piece:
    """What became of a layer or raster. counts: features by kind, or cells of a raster inside the area.

    refused: why it stays whole, empty if it does not. whole: features in it that could not be cut.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    refused: str = ""
    whole: int = 0


@dataclass(frozen=True)
class Copy:
    """A clipped file, None where there is nothing to write; what became of each source, by its uri."""

    path: Path | None
    pieces: Mapping[str, Piece]


def is_made_here(place: Path, folder: Path) -> bool:
    """Whether a folder in that of a job has clipped copies and nothing that came."""
    if place.parent != folder or not (place / NAME).is_file():
        return False
    return not any(place in path.parents for path in received(folder))


class Record:
    """What is clipped of one job, for one area."""

    def __init__(self, folder: Path, area: Mapping[str, Any]) -> None:
        self._folder = folder
        self._area = hashlib.sha256(json.dumps(area, sort_keys=True).encode()).hexdigest()
        places = (folder / (FOLDER if number == 1 else f"{FOLDER}-{number}") for number in count(1))
        self._place = next(place for place in places if is_made_here(place, folder) or _is_free(place))
        self._known = _read(self._place)
        self._earlier = {path for path in map(self._file, self._known.values()) if path is not None}
        self._current: dict[str, Any] = {}

    def known(self, sources: Sequence[Source]) -> Copy | None:
        """The copy of a file with these sources, if it was made of it as it is now, and is still there."""
        source = sources[0]
        entry = self._known.get(self._key(source), {})
        path = self._file(entry)
        try:
            if path is None or not path.is_file() or entry["of"] != self._origin(source):
                return None
            inside = self._name(Path(source.path))
            pieces = {uri.replace(inside, source.path, 1): Piece(**piece) for uri, piece in entry["pieces"].items()}
        except (KeyError, TypeError):  # it was never finished
            return None
        if not {one.uri for one in sources} <= pieces.keys():
            return None
        self._current[self._key(source)] = entry
        return Copy(path, pieces)

    @contextmanager
    def file(self, source: Source, name: str) -> Iterator[tuple[Path, Path]]:
        """Where to write the copy of a file, and the name that it gets if it is there when the block ends well.

        The one that was made before is replaced, unless it is in use. Errors: OSError.
        """
        target = self._target(source, name)
        self._known[self._key(source)] = {"file": self._name(target)}
        self._save()  # known as ours before it is there
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self._place))
        try:
            yield aside / target.name, target
            if (aside / target.name).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                for file in aside.iterdir():  # GDAL puts what a format can't hold into a file beside it
                    file.replace(target.with_name(file.name))
        finally:
            shutil.rmtree(aside, ignore_errors=True)  # after an error a file may still be open

    def keep(self, source: Source, copy: Copy) -> None:
        """Errors: OSError."""
        if copy.path is not None:
            inside = self._name(Path(source.path))
            pieces = {uri.replace(source.path, inside, 1): asdict(piece) for uri, piece in copy.pieces.items()}
            entry = {"of": self._origin(source), "file": self._name(copy.path), "pieces": pieces}
            self._current[self._key(source)] = entry
            self._save()

    def close(self) -> None:
        """Removes what was made earlier and is not needed any more. What can't be removed stays."""
        with suppress(OSError):
            for path in self._earlier.difference(map(self._file, self._current.values())):
                _remove(path)
            for aside in self._place.glob(f"{_ASIDE}*"):
                if time.time() - aside.stat().st_mtime > _DAY:  # of a QGIS that was ended
                    shutil.rmtree(aside)
            if self._current and self._known != self._current:
                self._known = {}
                self._save()
            if not self._current:
                (self._place / NAME).unlink(missing_ok=True)
                self._place.rmdir()

    def _key(self, source: Source) -> str:
        """A GeoPackage may have features, which are clipped together, and rasters."""
        inside = self._name(Path(source.path))
        return inside if source.provider == "ogr" else f"{source.uri.replace(source.path, inside, 1)} raster"

    def _origin(self, source: Source) -> list[Any]:
        path = Path(source.path)
        files = [path, *(path.with_suffix(end) for end in _BESIDE)] if path.is_file() else sorted(path.iterdir())
        if path.suffix.casefold() == ".vrt":
            with suppress(ExportError):
                files.extend(references.parts(path, self._folder))
        states = [(file.name, file.stat()) for file in files if file.is_file()]
        return [VERSION, self._area, source.crs, [[name, state.st_size, state.st_mtime_ns] for name, state in states]]

    def _target(self, source: Source, name: str) -> Path:
        """In the clipped folder as the file lies in the job's."""
        place = self._place / Path(source.path).relative_to(self._folder).parent
        replaced = self._file(self._known.get(self._key(source)))
        paths = (
            place / (name if number == 1 else f"{Path(name).stem}-{number}{Path(name).suffix}") for number in count(1)
        )
        return next(path for path in paths if (not path.exists() or path == replaced) and _remove(path))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _file(self, entry: Any) -> Path | None:
        name = entry.get("file") if isinstance(entry, dict) else None
        path = self._folder / name if isinstance(name, str) and name else None
        return path if path is not None and references.is_inside(path, self._place) else None

    def _save(self) -> None:
        document = {**self._known, **self._current}
        with whole_file(self._place / NAME) as file:
            file.write(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))


def _is_free(place: Path) -> bool:
    return not place.exists() or (place.is_dir() and not any(place.iterdir()))


def _remove(path: Path) -> bool:
    """A copy and what QGIS has found out about it. False if it is in use, in QGIS or elsewhere. Errors: OSError."""
    if any(path.with_name(f"{path.name}{end}").exists() for end in ("-wal", "-shm", "-journal")):
        return False
    try:
        path.unlink(missing_ok=True)
    except PermissionError:  # Windows says so of a file that is open
        return False
    path.with_name(f"{path.name}.aux.xml").unlink(missing_ok=True)
    return True


def _read(place: Path) -> dict[str, Any]:
    try:
        document = json.loads((place / NAME).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
