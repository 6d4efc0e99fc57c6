"""Implicit tiling and tiles with several contents, written out as tiles with one content each."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from .container import Container, Place
from .gltf import opened
from .implicit import EXTENSION, ROOT, Cell, Tiling, explored, filled
from .subtree import Subtree, read
from .tally import unreadable
from .tiles import SEVERAL, Raw, is_tree
from .volumes import Volume

MOST_TILES = 1_000_000
_MOST_USES = 16  # of one subtree file, as when it came

Here = Callable[[list[Raw]], list[Raw]]  # of contents those whose files are here, with references that find them


def spread(tile: Raw, shown: list[Raw], adds: bool, error: float) -> None:
    """Gives a tile these contents in place of its own.

    Several become children of the tile, which is then only a frame: it gets the geometric error of the tile above so
    that it is always looked into, and the children have its own. adds: refinement is ADD. With REPLACE the first takes
    the old children, and the others get an empty one so that they go when those come.
    """
    for key in ("content", "contents"):
        tile.pop(key, None)
    without_extension(tile, SEVERAL)
    if len(shown) < 2:
        tile.update({"content": shown[0]} if shown else {})
        return
    own, volume = tile.get("geometricError", 0), tile.get("boundingVolume")
    parts = [{"boundingVolume": volume, "geometricError": own, "content": content} for content in shown]
    children = tile.pop("children", [])
    holders = [part for part in parts if not is_tree(part["content"])]
    if children and holders and not adds:
        for part in holders:
            part["children"] = [{"boundingVolume": volume, "geometricError": 0}]
        holders[0]["children"] = children
        children = []
    tile["children"] = [*parts, *children]
    tile["geometricError"] = max(error, own) if isinstance(own, (int, float)) else error


def without_extension(tile: Raw, name: str) -> None:
    extensions = tile.get("extensions")
    if isinstance(extensions, dict) and name in extensions:
        del extensions[name]
        if not extensions:
            del tile["extensions"]


class Tree:
    """The tiles below one implicit tile, as the subtrees in the job's folder have them.

    problems: the subtrees that can't be read, a sentence each.
    """

    def __init__(self, container: Container, home: Path, tileset: Place, here: Here) -> None:
        self.problems: list[str] = []
        self._container, self._home, self._tileset, self._here = container, home, tileset, here

    def write_out(self, tile: Raw, tiling: Tiling, adds: bool, error: float) -> bool:
        """Makes a tile that stands for a tree one with children; whether there is anything to show.

        The volumes are those that the subdivision gives; metadata that would make them tighter is not read. Geometric
        errors halve from level to level.
        """
        own = tile.get("geometricError")
        halves = float(own) if isinstance(own, (int, float)) else 0.0
        cells = self._cells(tiling)
        below: dict[Cell, list[Raw]] = {}
        tile.pop("implicitTiling", None)
        without_extension(tile, EXTENSION)
        for cell in sorted(cells, reverse=True):  # the deepest first
            shown = self._here([{"uri": filled(tiling.contents[number], cell)} for number in cells[cell]])
            children = below.pop(cell, [])[::-1]
            if cell != ROOT and (shown or children):
                node = _node(tiling.cell_volume(cell), tile, halves / 2 ** cell[0], children)
                spread(node, shown, adds, halves / 2 ** (cell[0] - 1))
                below.setdefault(_above(cell, tiling.octree), []).append(node)
            elif cell == ROOT:
                tile.update({"children": children} if children else {})
                spread(tile, shown, adds, error)
                return bool(shown or children)
        spread(tile, [], adds, error)
        return False

    def _cells(self, tiling: Tiling) -> dict[Cell, tuple[int, ...]]:
        """All tiles with the numbers of their contents."""
        cells: dict[Cell, tuple[int, ...]] = {}
        uses: Counter[str] = Counter()
        waiting = [ROOT]
        while waiting and len(cells) < MOST_TILES:
            root = waiting.pop()
            place = self._place(filled(tiling.subtrees, root), self._tileset)
            if place is None or uses[place.name] >= _MOST_USES:
                continue
            uses[place.name] += 1
            try:
                found = explored(tiling, self._subtree(place), root, lambda every: [True] * len(every))
            except ValueError as error:
                self.problems.append(unreadable(place.name, str(error)))
                continue
            cells.update(found.tiles)
            waiting += found.below
        return cells

    def _subtree(self, place: Place) -> Subtree:
        def load(uri: str) -> bytes | None:
            buffer = self._place(uri, place)
            return (self._home / buffer.name).read_bytes() if buffer else None

        with opened(self._home / place.name) as data:
            return read(data, load)

    def _place(self, uri: str, beside: Place) -> Place | None:
        """Where the file is, if it is here."""
        try:
            place = self._container.place(uri, beside)
        except ValueError:
            return None
        return place if os.path.isfile(self._home / place.name) else None


def _node(volume: Volume | None, root: Raw, error: float, children: list[Raw]) -> Raw:
    node: Raw = {"boundingVolume": volume.json if volume else root.get("boundingVolume"), "geometricError": error}
    return {**node, "children": children} if children else node


def _above(cell: Cell, octree: bool) -> Cell:
    level, x, y, z = cell
    return level - 1, x >> 1, y >> 1, z >> 1 if octree else z
