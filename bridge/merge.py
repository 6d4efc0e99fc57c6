"""One theme, one layer: sheets become a mosaic, tiles a layer, and of a theme in two formats one is taken.

Services deliver a theme in many files. What belongs together is told by the place and by the data, never by the
service.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from . import scene_tree, tiles
from .free_names import unused
from .mosaics import mosaics
from .source import Kind, Source
from .theme_folders import FORMATS, job_title, letters, place, stem, theme, tile
from .tile_outcome import Outcome

_DRAWN = (Kind.POINT, Kind.LINE, Kind.POLYGON, Kind.TABLE)


def themes(sources: Sequence[Source], folder: Path) -> tuple[list[Source], list[str]]:
    """Each theme as one layer. Also: problems."""
    paths = {Path(source.path) for source in sources}
    earlier = {path for path in paths if tiles.is_made_here(path, folder)}
    made = earlier.union(path for path in paths if scene_tree.is_made_here(path, folder))
    found = one_format([source for source in sources if Path(source.path) not in made], folder)
    found, problems = mosaics(_without_empty_tiles(found, folder), folder)
    features, scenes = _series(found, folder, _DRAWN), _series(found, folder, (Kind.SCENE,))
    layers, apart = tiles.merged(features, Outcome(folder), job_title(folder), earlier)
    parents, single = scene_tree.joined(scenes, Outcome(folder))
    tiled = {source for groups in (features, scenes) for group in groups.values() for source in group}
    rest = [_titled(source, folder) for source in found if source not in tiled]
    return [*rest, *layers, *parents], [*problems, *apart, *single]


def _without_empty_tiles(sources: Sequence[Source], folder: Path) -> list[Source]:
    """A tile without features says nothing as long as another tile of its theme has some."""
    numbers = [tile(Path(source.path), folder) for source in sources]
    filled = {theme(Path(source.path), folder) for source, number in zip(sources, numbers) if number and source.count}
    return [
        source
        for source, number in zip(sources, numbers)
        if not number or source.count != 0 or theme(Path(source.path), folder) not in filled
    ]


def _titled(source: Source, folder: Path) -> Source:
    """The only tileset of a theme by its theme: its folder is called 3d_tiles."""
    about = theme(Path(source.path), folder) if source.kind is Kind.SCENE and tile(Path(source.path), folder) else ()
    return replace(source, name=about[-1]) if about else source


def _series(sources: Iterable[Source], folder: Path, kinds: Collection[Kind]) -> dict[str, list[Source]]:
    """What is to be one layer, under its name: the tiles of one theme with one kind of geometry."""
    alike: dict[tuple[tuple[str, ...], Kind], list[Source]] = {}
    for source in sources:
        if source.kind in kinds and not source.mixed and tile(Path(source.path), folder):
            alike.setdefault((theme(Path(source.path), folder), source.kind), []).append(source)
    found = []
    for (about, kind), members in sorted(alike.items()):
        for name, group in _one_a_tile(members, folder):
            if len(group) > 1:
                words = about or (job_title(folder),)
                found.append(([words[-1:], words, (*words, kind.value), (*words, kind.value, name)], group))
    series: dict[str, list[Source]] = {}
    for names, group in found:
        clear = (name for level, name in enumerate(names) if [other[level] for other, _ in found].count(name) == 1)
        series[unused("-".join(next(clear, names[-1])), series)] = group
    return series


def _one_a_tile(sources: Sequence[Source], folder: Path) -> Iterator[tuple[str, list[Source]]]:
    """Groups with at most one source a tile, with the name that its sources have but for numbers.

    Names count where a tile has several: trunks and crowns of trees. Otherwise each tile may be called as it likes.
    """
    stems: dict[str, set[str]] = {}
    for source in sources:
        stems.setdefault(tile(Path(source.path), folder), set()).add(stem(source.name))
    by_name = any(len(several) > 1 for several in stems.values())
    groups: dict[str, list[dict[str, Source]]] = {}
    for source in sorted(sources, key=lambda source: (*_in_order(source, folder), _preference(source), source.uri)):
        number = tile(Path(source.path), folder)
        rows = groups.setdefault(stem(source.name) if by_name else "", [])
        row = next((row for row in rows if number not in row), None)
        if row is None:
            rows.append({number: source})
        else:
            row[number] = source
    for name, rows in sorted(groups.items()):
        yield from ((name, list(row.values())) for row in rows)


def one_format(sources: Sequence[Source], folder: Path) -> list[Source]:
    """Of a theme that came in several formats the one that is best to work with, the rest as it is.

    Only what also has as many features, or a grid of the same size, counts as the same.
    """
    best: dict[Hashable, Source] = {}
    for source in sorted(sources, key=_preference):
        best.setdefault(_identity(source, folder), source)
    return [source for source in sources if _suffix(source) == _suffix(best[_identity(source, folder)])]


def _in_order(source: Source, folder: Path) -> tuple[str, int]:
    """Tile 10 after tile 9."""
    above, _, number = tile(Path(source.path), folder).rpartition("/")
    return above, int(number)


def _preference(source: Source) -> int:
    return next((rank for rank, words in enumerate(FORMATS) if _suffix(source) in words), len(FORMATS))


def _suffix(source: Source) -> str:
    return Path(source.path).suffix.lstrip(".").casefold()


def _identity(source: Source, folder: Path) -> tuple[Hashable, ...]:
    grid = source.grid
    content = (grid.columns, grid.rows, len(grid.bands)) if grid else (source.count,)
    return (place(Path(source.path), folder), letters(source.name), source.kind, content)
