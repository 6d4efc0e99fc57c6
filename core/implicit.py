"""Implicit tiling (3D Tiles 1.1, 10, and 3DTILES_implicit_tiling before it): a tile that stands for a whole tree.

The tree is a quadtree or an octree; the names of its files follow from a template with {level}, {x}, {y} and {z}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .model import Json
from .subtree import Flags, Indices, Subtree
from .tiles import contents, extension, uri_of
from .volumes import Volume

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

EXTENSION = "3DTILES_implicit_tiling"
DEEPEST = 40  # levels; on the 24th a tile of the whole globe is two metres wide
_MOST_LEVELS = 16  # of one subtree
_MOST_TILES = 400_000  # of one subtree; ten full levels of a quadtree have 349,525

Cell: TypeAlias = tuple[int, int, int, int]
"""Level, x, y, z."""

ROOT: Cell = (0, 0, 0, 0)


@dataclass(frozen=True)
class Tiling:
    """levels: how many there are in all, in_subtree: how many a subtree has. subtrees, contents: templates."""

    octree: bool
    levels: int
    in_subtree: int
    subtrees: str
    contents: tuple[str, ...]
    volume: Volume | None

    def cell_volume(self, cell: Cell) -> Volume | None:
        return self.volume.part(cell, self.octree) if self.volume else None


@dataclass(frozen=True)
class Found:
    """What a subtree has. tiles: each with the numbers of the contents that it has; below: roots of other subtrees.
    cut: how many tiles and subtrees were not looked into."""

    tiles: dict[Cell, tuple[int, ...]]
    below: list[Cell]
    cut: int


def tiling(tile: Mapping[str, Json]) -> Tiling | None:
    """None for a tile that stands for itself. Errors: ValueError."""
    raw = tile.get("implicitTiling") or extension(tile, EXTENSION)
    if not isinstance(raw, Mapping):
        return None
    scheme, subtrees = raw.get("subdivisionScheme"), raw.get("subtrees")
    levels, in_subtree, last = raw.get("availableLevels"), raw.get("subtreeLevels"), raw.get("maximumLevel")
    if levels is None and isinstance(last, int):
        levels = last + 1
    template = subtrees.get("uri") if isinstance(subtrees, Mapping) else None
    if scheme not in ("QUADTREE", "OCTREE") or not isinstance(template, str):
        raise ValueError("its implicit tiling can't be read")
    if not isinstance(levels, int) or not isinstance(in_subtree, int) or not 0 < in_subtree <= _MOST_LEVELS:
        raise ValueError("its implicit tiling can't be read")
    templates = tuple(uri_of(content) for content in contents(tile))
    volume = Volume.of(tile.get("boundingVolume"))
    return Tiling(scheme == "OCTREE", min(levels, DEEPEST), in_subtree, template, templates, volume)


def filled(template: str, cell: Cell) -> str:
    for key, number in zip(("{level}", "{x}", "{y}", "{z}"), cell):
        template = template.replace(key, str(number))
    return template


def explored(tiling: Tiling, subtree: Subtree, root: Cell, chosen: Callable[[list[Cell]], list[bool]]) -> Found:
    """The tiles of a subtree level by level; what is not chosen is not looked into. Errors: ValueError."""
    cells: Indices = np.array([root], dtype=np.int64)
    index: Indices = np.zeros(1, dtype=np.int64)
    tiles: dict[Cell, tuple[int, ...]] = {}
    ways, first, cut = 8 if tiling.octree else 4, 0, 0
    for depth in range(tiling.in_subtree + 1):
        is_below = depth == tiling.in_subtree
        there = subtree.children.at(index) if is_below else subtree.tiles.at(first + index)
        there &= cells[:, 0] < tiling.levels
        cells, index = cells[there], index[there]
        if len(tiles) + len(cells) > _MOST_TILES:
            raise ValueError("it says that it has hundreds of thousands of tiles")
        kept = np.array(chosen(_listed(cells)), dtype=bool)
        cut += int(np.count_nonzero(~kept))
        cells, index = cells[kept], index[kept]
        if is_below:
            break
        tiles.update(zip(_listed(cells), _contents(tiling, subtree, first + index)))
        first += ways**depth
        cells, index = _halved(cells, index, ways)
    return Found(tiles, _listed(cells), cut)


def _contents(tiling: Tiling, subtree: Subtree, index: Indices) -> Iterator[tuple[int, ...]]:
    flags: list[Flags] = [bits.at(index) for bits, _ in zip(subtree.contents, tiling.contents)]
    for number in range(len(index)):
        yield tuple(which for which, flag in enumerate(flags) if flag[number])


def _halved(cells: Indices, index: Indices, ways: int) -> tuple[Indices, Indices]:
    """The cells on the next level, and their numbers on it: in Morton order, x running fastest."""
    way = np.tile(np.arange(ways), len(cells))
    inner = np.repeat(cells, ways, axis=0)
    inner[:, 0] += 1
    for axis in range(3 if ways == 8 else 2):
        inner[:, axis + 1] = 2 * inner[:, axis + 1] + (way >> axis & 1)
    return inner, np.repeat(index, ways) * ways + way


def _listed(cells: Indices) -> list[Cell]:
    return [(level, x, y, z) for level, x, y, z in cells.tolist()]
