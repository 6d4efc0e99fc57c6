"""A tileset that has come, changed where it would not work without the storage that it came from, or not in QGIS.

Nothing is decided anew: a reference stays if the file it leads to is here. Names are written as they are in the job's
folder, without signatures; tiles that show nothing any more are left out. QGIS reads neither implicit tiling nor tiles
with several contents (measured with 3.40 and 3.44), so both are written out as tiles with one content each.
"""

from __future__ import annotations

import os
from pathlib import Path

from .container import Container, Place, is_inline, offline, works_offline
from .disk import whole_file
from .explicit import Tree, spread
from .gltf import Kind, changed, document_in, opened, written
from .implicit import EXTENSION, Tiling, tiling
from .tally import unreadable
from .tiles import SEVERAL, Raw, contents, extension, is_tileset, schemas, several_of, tiles, uri_of, with_uri

# A white pixel, in place of a picture that would have come from elsewhere.
_PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4//8/AAX+Av4zEpUUAAAAAElFTkSuQmCC"
)
_NOTHING = "data:,"


def settled(container: Container, home: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The files below `home` that are others now, and what can't be read, a sentence each. Errors: OSError."""
    settling = _Settling(container, home)
    settling.run()
    return tuple(settling.files), tuple(settling.problems)


class _Settling:
    def __init__(self, container: Container, home: Path) -> None:
        self.files: list[Path] = []
        self.problems: list[str] = []
        self._container, self._home = container, home
        self._known = {container.root.name}
        self._waiting = [container.root]

    def run(self) -> None:
        while self._waiting:
            place = self._waiting.pop()
            path = self._home / place.name
            try:
                new = self._changed(path, place) if os.path.isfile(path) else None
            except ValueError as error:
                self.problems.append(unreadable(place.name, str(error)))
                continue
            if new is not None:
                with whole_file(path) as file:
                    file.write(new)
                self.files.append(path)

    def _changed(self, path: Path, place: Place) -> bytes | None:
        with opened(path) as data:
            document = document_in(data)
            if is_tileset(document):
                return written(document) if self._settle(document, place) else None
            return changed(data, lambda uri, kind: self._of_model(uri, kind, place))

    def _of_model(self, uri: str, kind: Kind, beside: Place) -> str:
        """A reference of a glTF. What leads elsewhere must not make QGIS ask there."""
        if is_inline(uri):
            return uri
        try:
            target = self._container.place(uri, beside)
        except ValueError:
            return _PIXEL if kind is Kind.IMAGE else _NOTHING
        if kind is Kind.MODEL:
            self._await(target)
        return uri if works_offline(uri, beside, target) else offline(beside, target)

    def _await(self, place: Place) -> None:
        if place.name not in self._known:
            self._known.add(place.name)
            self._waiting.append(place)

    def _settle(self, document: Raw, place: Place) -> bool:
        """Changes a tileset in place, from the leaves to the root; whether there was anything to change."""
        every = tiles(document)
        refines = _refines(every)
        errors = [_number(tile.get("geometricError")) for tile, _ in every]
        gone: set[int] = set()
        is_other = self._settle_schemas(document, place)
        for number in reversed(range(len(every))):
            tile, above = every[number]
            error = errors[above] if above >= 0 else _number(document.get("geometricError"))
            has_lost = _without(tile, gone)
            is_changed, has_lost_more = self._settle_tile(tile, place, refines[number] == "ADD", error)
            has_lost |= has_lost_more
            is_other |= has_lost or is_changed
            if has_lost and above >= 0 and not contents(tile) and not tile.get("children"):
                gone.add(id(tile))
        if is_other:
            _declare(document, every)
        return is_other

    def _settle_tile(self, tile: Raw, place: Place, adds: bool, error: float) -> tuple[bool, bool]:
        """Whether the tile is another now, and whether it has lost what it was to show."""
        branches = _tiling(tile)
        if branches:
            tree = Tree(self._container, self._home, place, lambda shown: self._here(shown, place))
            has_any = tree.write_out(tile, branches, adds, error)
            self.problems += tree.problems
            return True, not has_any
        shown, is_one = contents(tile), several_of(tile) is None
        here = self._here(shown, place)
        if is_one and here == shown:
            return False, False
        spread(tile, here, adds, error)
        return True, len(here) < len(shown)

    def _here(self, shown: list[Raw], place: Place) -> list[Raw]:
        """The contents whose files are here, with references that find them."""
        found: list[Raw] = []
        for content in shown:
            uri = self._local(uri_of(content), place)
            if uri:
                found.append(content if uri == uri_of(content) else with_uri(content, uri))
        return found

    def _local(self, uri: str, beside: Place) -> str:
        """The reference as it has to be; empty when there is no such file."""
        if is_inline(uri):
            return uri
        try:
            target = self._container.place(uri, beside)
        except ValueError:
            return ""
        if not os.path.isfile(self._home / target.name):
            return ""
        self._await(target)
        return uri if works_offline(uri, beside, target) else offline(beside, target)

    def _settle_schemas(self, document: Raw, place: Place) -> bool:
        is_other = False
        for thing in schemas(document):
            uri = self._local(thing["schemaUri"], place)
            is_other |= uri != thing["schemaUri"]
            if uri:
                thing["schemaUri"] = uri
            else:
                del thing["schemaUri"]
        return is_other


def _without(tile: Raw, gone: set[int]) -> bool:
    """Takes out the children that are gone; whether there were any."""
    children = tile.get("children")
    kept = [child for child in children if id(child) not in gone] if isinstance(children, list) else []
    if not isinstance(children, list) or len(kept) == len(children):
        return False
    tile["children"] = kept
    if not kept:
        del tile["children"]
    return True


def _refines(every: list[tuple[Raw, int]]) -> list[str]:
    """ADD or REPLACE: where a tile does not say, the one that it is in does."""
    found: list[str] = []
    for tile, above in every:
        own = tile.get("refine")
        found.append(own.upper() if isinstance(own, str) else found[above] if above >= 0 else "REPLACE")
    return found


def _declare(document: Raw, every: list[tuple[Raw, int]]) -> None:
    """Takes the extensions off the lists of the tileset that no tile has any more."""
    for name in (EXTENSION, SEVERAL):
        if any(extension(tile, name) is not None for tile, _ in every):
            continue
        for key in ("extensionsUsed", "extensionsRequired"):
            named = document.get(key)
            if isinstance(named, list) and name in named:
                document[key] = [other for other in named if other != name]
                if not document[key]:
                    del document[key]


def _tiling(tile: Raw) -> Tiling | None:
    try:
        return tiling(tile)
    except ValueError:  # told when it came
        return None


def _number(raw: object) -> float:
    return float(raw) if isinstance(raw, (int, float)) else 0.0
