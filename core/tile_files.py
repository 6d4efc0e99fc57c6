"""What the files of a tileset refer to: tilesets, subtrees of implicit tiling, and models in any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Optional, Union

from .gltf import Data, Kind, document_in, opened, references
from .ground import Ground
from .implicit import ROOT, Cell, Tiling, explored, filled, tiling
from .subtree import buffers, read
from .tally import Tally
from .tiles import Raw, contents, is_tileset, schemas, tiles, uri_of
from .volumes import IDENTITY, Matrix, Volume, chained, is_on_globe

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

Find: TypeAlias = Callable[[str, str], Optional[Path]]
"""The file that a reference in another one (the second name) leads to, None when it has not arrived."""


@dataclass(frozen=True)
class Shown:
    """The content of a tile, a model or another tileset, whose coordinates the matrix takes to the Earth."""

    matrix: Matrix


@dataclass(frozen=True)
class Branch:
    """A subtree of implicit tiling in the tileset of this name. cell: its root."""

    tiling: Tiling
    cell: Cell
    tileset: str
    matrix: Matrix


@dataclass(frozen=True)
class Needed:
    """A file without which the subtree of this name can't be read."""

    subtree: str
    branch: Branch


@dataclass(frozen=True)
class Plain:
    """A file that refers to nothing: a picture, numbers, a schema."""


Role: TypeAlias = Union[Shown, Branch, Needed, Plain]


@dataclass(frozen=True)
class Reference:
    """uri: as it stands in the file `beside`. role: what it is there for."""

    uri: str
    beside: str
    role: Role


class Reader:
    """Reads the files of one tileset. ground: the area that tiles must meet to be wanted, None: all are.

    looked_at: tiles so far.
    """

    def __init__(self, root: str, ground: Ground | None, tally: Tally, find: Find) -> None:
        self.looked_at = 0
        self._root, self._ground, self._tally, self._find = root, ground, tally, find

    @property
    def start(self) -> Role:
        """What the tileset.json itself is."""
        return Shown(IDENTITY if self._ground else None)

    def references(self, name: str, file: Path, role: Role) -> Iterator[Reference]:
        """What a file refers to when it is read as what it is there for; what is wrong in it goes to the tally.

        Errors: OSError.
        """
        try:
            with opened(file) as data:
                if isinstance(role, Branch):
                    yield from self._of_subtree(name, data, role)
                elif isinstance(role, Shown):
                    yield from self._of_content(name, data, role)
        except ValueError as error:
            self._tally.unreadable(name, str(error))

    def _of_content(self, name: str, data: Data, shown: Shown) -> Iterator[Reference]:
        document = document_in(data)
        if is_tileset(document):
            yield from self._of_tileset(name, document, shown.matrix)
        elif name == self._root:
            raise ValueError("it is no tileset")
        else:
            for uri, kind in references(data):
                yield Reference(uri, name, Shown(None) if kind is Kind.MODEL else Plain())

    def _of_tileset(self, name: str, document: Raw, outer: Matrix) -> Iterator[Reference]:
        every = tiles(document)
        self.looked_at += len(every)
        if name == self._root:
            self._check_place(document["root"])
        matrices: list[Matrix] = []
        for tile, above in every:
            before = outer if above < 0 else matrices[above]
            matrices.append(chained(before, tile.get("transform")) if self._ground else None)
        met = self._meet([tile for tile, _ in every], matrices)
        for (tile, _), matrix, is_met in zip(every, matrices, met):
            yield from self._of_tile(name, tile, matrix, is_met)
        for thing in schemas(document):
            yield Reference(thing["schemaUri"], name, Plain())

    def _of_tile(self, name: str, tile: Raw, matrix: Matrix, is_met: bool) -> Iterator[Reference]:
        try:
            branches = tiling(tile)
        except ValueError as error:
            self._tally.unreadable(name, str(error))
            return
        if branches and is_met:
            yield Reference(filled(branches.subtrees, ROOT), name, Branch(branches, ROOT, name, matrix))
        elif branches:
            self._tally.cut(1)
        else:
            yield from self._of_contents(name, contents(tile), matrix, is_met)

    def _of_contents(self, name: str, shown: Sequence[Raw], matrix: Matrix, is_met: bool) -> Iterator[Reference]:
        inside = self._meet(shown, [matrix] * len(shown)) if is_met else [False] * len(shown)
        for content, is_inside in zip(shown, inside):
            if self._tally.count(name, uri_of(content), is_inside):
                yield Reference(uri_of(content), name, Shown(matrix))

    def _of_subtree(self, name: str, data: Data, branch: Branch) -> Iterator[Reference]:
        needed = buffers(data)
        for uri in needed:
            yield Reference(uri, name, Needed(name, branch))
        if all(self._find(uri, name) for uri in needed):
            yield from self._of_branch(name, data, branch)

    def _of_branch(self, name: str, data: Data, branch: Branch) -> Iterator[Reference]:
        def load(uri: str) -> bytes | None:
            file = self._find(uri, name)
            return file.read_bytes() if file else None

        def chosen(cells: list[Cell]) -> list[bool]:
            if self._ground is None:
                return [True] * len(cells)
            return self._ground.meets([(branch.tiling.cell_volume(cell), branch.matrix) for cell in cells])

        found = explored(branch.tiling, read(data, load), branch.cell, chosen)
        self.looked_at += len(found.tiles) + len(found.below)
        self._tally.cut(found.cut)
        for cell, which in found.tiles.items():
            for uri in (filled(branch.tiling.contents[number], cell) for number in which):
                self._tally.count(branch.tileset, uri, True)
                yield Reference(uri, branch.tileset, Shown(branch.matrix))
        for cell in found.below:
            yield Reference(filled(branch.tiling.subtrees, cell), branch.tileset, replace(branch, cell=cell))

    def _meet(self, things: Sequence[Raw], matrices: Sequence[Matrix]) -> list[bool]:
        """For tiles or contents whether their bounding volumes meet the area."""
        if self._ground is None:
            return [True] * len(things)
        return self._ground.meets(
            [(Volume.of(thing.get("boundingVolume")), matrix) for thing, matrix in zip(things, matrices)]
        )

    def _check_place(self, root: Raw) -> None:
        """Gives up to choose by an area where the model has no place on the Earth."""
        if self._ground and not is_on_globe(root.get("boundingVolume"), chained(IDENTITY, root.get("transform"))):
            self._ground = None
            self._tally.has_no_place()
