"""A 3D Tiles tileset on its way from a storage: what each file that has come refers to, and which of that is wanted.

All that is known is what the files say, and any of it may be a lie: references in a circle, transforms that never come
to an end, trees without bounds. So a file is looked into once for each place on the Earth in which it is shown, at most
sixteen times, and there is an end to how many tiles are looked at.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from .container import Container, Place, is_inline
from .disk import in_words
from .ground import Ground
from .model import Artifact, Json
from .offline import settled
from .tally import Tally
from .tile_files import Branch, Needed, Reader, Role, Shown

MOST_FILES = 200_000
MOST_TILES = 1_000_000
_MOST_ROLES = 16  # of one file; beyond that nobody asks any more where on the Earth it lies


class Tileset:
    """One tileset on its way: what a file that has come refers to, and how files are changed so that they work offline.

    root: the signed link of the tileset.json, whose query goes to every file. area: GeoJSON geometry in EPSG:4326;
    only tiles whose bounding volume meets it are wanted. None: all. Errors: AreaError.
    """

    def __init__(self, root: Artifact, area: Mapping[str, Json] | None) -> None:
        self._container, self._signed = Container(root), root.signed
        self._tally = Tally()
        self._reader = Reader(root.name, Ground(area) if area else None, self._tally, self._file)
        self._places: dict[str, Place] = {root.name: self._container.root}
        self._roles: dict[str, set[Role]] = {root.name: {self._reader.start}}
        self._files: dict[str, Path] = {}
        self._lock = threading.Lock()

    def children(self, artifact: Artifact, file: Path) -> Iterator[Artifact]:
        """What a file that has arrived refers to and nobody has been told of yet. May be called in any thread.

        Errors: ExportError when the disk refuses. What is wrong in a file, `settle` tells.
        """
        with self._lock, in_words(file.parent):
            self._files[artifact.name] = file
            return iter(self._follow([(artifact.name, role) for role in self._roles.get(artifact.name, ())]))

    def renewed(self, old: Artifact, root: Artifact) -> Artifact:
        """The same file below a fresh link to the tileset.json, which is also good for all that comes later."""
        with self._lock:
            self._container, self._signed = Container(root), root.signed
            place = self._places.get(old.name)
            return replace(old, url=self._container.url(place), signed=root.signed) if place else old

    def settle(self, home: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """Rewrites what would not work offline: the files that are others now, and sentences to tell the person.

        A second time nothing is left to do. Errors: ExportError when the disk refuses.
        """
        with self._lock, in_words(home):
            files, problems = settled(self._container, home)
            return files, tuple(dict.fromkeys((*self._tally.sentences(), *problems)))

    def _follow(self, waiting: list[tuple[str, Role]]) -> list[Artifact]:
        found: list[Artifact] = []
        while waiting:
            name, role = waiting.pop()
            if isinstance(role, Needed):
                name, role = role.subtree, role.branch
            for reference in self._reader.references(name, self._files[name], role):
                place = self._place(reference.uri, reference.beside)
                new = self._entered(place, reference.role) if place else None
                if place is None or new is None:
                    continue
                if place.name in self._files:
                    waiting.append((place.name, new))
                elif place.name not in self._places:
                    self._places[place.name] = place
                    url = self._container.url(place)
                    found.append(Artifact(place.name, url, signed=self._signed, optional=True))
        return found

    def _entered(self, place: Place, role: Role) -> Role | None:
        """What the file is newly there for; None when that is known, or too much."""
        roles = self._roles.get(place.name, set())
        if isinstance(role, Shown) and len(roles) >= _MOST_ROLES:
            role = Shown(None)
        is_too_much = isinstance(role, Branch) and len(roles) >= _MOST_ROLES
        is_too_much = is_too_much or len(self._roles) >= MOST_FILES or self._reader.looked_at > MOST_TILES
        if role in roles:
            return None
        if is_too_much:
            self._tally.overflow()
            return None
        self._roles[place.name] = {*roles, role}
        return role

    def _place(self, uri: str, beside: str) -> Place | None:
        if is_inline(uri):
            return None
        try:
            return self._container.place(uri, self._places[beside])
        except ValueError as error:
            self._tally.refuse(uri, beside, str(error))
            return None

    def _file(self, uri: str, beside: str) -> Path | None:
        place = self._place(uri, beside)
        return self._files.get(place.name) if place else None
