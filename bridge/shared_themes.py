"""Which layers of several jobs are of one theme: told by their kind, their folders and their names.

What a job has called after itself is left out. Layers that were made here of tiles or sheets are of the theme of those.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osgeo import gdal

from . import scene_tree, tile_record, tiles
from .free_names import unused
from .job_words import JobWords
from .mosaics import shared_name
from .source import Arrival, Kind, Source
from .theme_folders import job_title, letters, stem, theme, tile

_OF_SCENES = re.compile(r"-3d(-\d+)?$")  # the end of the folder of a tileset that was made here


@dataclass(frozen=True)
class Theme:
    """What is to be one layer: the sources of several jobs, one each, in the order of the jobs."""

    name: str
    kind: Kind
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class _Member:
    """A source and what tells its theme. about: words of folders. mark: its own name, None where that tells nothing.

    stem: what tells it from others of its job. label: how the theme may be called.
    """

    job: Path
    source: Source
    about: tuple[str, ...]
    mark: str | None
    stem: str
    label: str


def names(folder: Path, arrival: Arrival) -> Iterator[str]:
    """Of all folders and layers of a job."""
    for source in arrival.sources:
        yield source.name
        yield from (Path(part).stem for part in Path(source.path).relative_to(folder).parts)


def shared_themes(
    arrivals: Mapping[Path, Arrival], jobs: Mapping[Path, JobWords], title: str
) -> tuple[list[Theme], set[Source]]:
    """The themes that several jobs have. Also: sources without features whose theme has some in another job.

    title: how a theme is called that is called after the jobs. Meshes are of no theme.
    """
    members = [one for folder, arrival in arrivals.items() for one in _members(folder, arrival, jobs[folder])]
    filled = {(one.about, one.mark, one.stem) for one in members if one.source.count}
    empty = {
        one.source
        for one in members
        if one.source.count == 0 and not filled.isdisjoint((one.about, one.mark, end) for end in (one.stem, ""))
    }
    order = list(arrivals)
    groups = [
        sorted(group, key=lambda one: order.index(one.job))
        for group in _groups([one for one in members if one.source not in empty])
        if len(group) > 1
    ]
    levels = [_names(group, title) for group in groups]
    themes: dict[str, Theme] = {}
    for group, called in zip(groups, levels):
        clear = (name for rank, name in enumerate(called) if [other[rank] for other in levels].count(name) == 1)
        name = unused(next(clear, called[-1]), themes)
        themes[name] = Theme(name, group[0].source.kind, tuple(one.source for one in group))
    return list(themes.values()), empty


def _members(folder: Path, arrival: Arrival, job: JobWords) -> Iterator[_Member]:
    paths = {Path(source.path) for source in arrival.sources if "|layername=" in source.uri}
    records = {path: tile_record.read(path) for path in paths if tiles.is_made_here(path, folder)}
    for source in arrival.sources:
        record = records.get(Path(source.path))
        if source.kind is Kind.SCENE:
            yield _scene(source, folder, job)
        elif source.kind is Kind.RASTER:
            yield _raster(source, folder, job)
        elif source.kind is not Kind.MESH:
            yield _merged(source, folder, job, record) if record else _vector(source, folder, job)


def _vector(source: Source, folder: Path, job: JobWords) -> _Member:
    """The folder tells what a tile is, however it is called; other files have names."""
    path = Path(source.path)
    about = job.about(theme(path, folder))
    name = job.without(source.name)
    if tile(path, folder):
        return _Member(folder, source, about, None, stem(name), about[-1] if about else "")
    return _Member(folder, source, about, letters(name), letters(name), name)


def _merged(source: Source, folder: Path, job: JobWords, record: Mapping[str, Any]) -> _Member:
    """A layer that was made of tiles. Its name begins with words of theirs, as merge.py has it."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for about in {theme(folder / key.partition("|")[0], folder) for key in record["tiles"]}:
        words = about or (job_title(folder),)
        starts = (name for name in ("-".join(words), words[-1]) if f"{source.name}-".startswith(f"{name}-"))
        found.extend((len(name), about) for name in starts)
    length, about = max(found, default=(0, ()))
    rest = source.name[length:].strip("-").removeprefix(source.kind.value).strip("-")
    about = job.about(about)
    return _Member(folder, source, about, None, stem(rest), about[-1] if about else "")


def _raster(source: Source, folder: Path, job: JobWords) -> _Member:
    """Sheets have numbers in their names, in a folder that says what they are; others are called as what they are."""
    sheets = _sheets(source)
    about = job.about(theme(Path(sheets[0]), folder))
    name = job.without(shared_name(sheets) if len(sheets) > 1 else Path(sheets[0]).stem)
    numbered = any(character.isdigit() for sheet in sheets for character in job.without(Path(sheet).stem))
    if tile(Path(sheets[0]), folder) or (about and numbered):
        return _Member(folder, source, about, None, stem(name), about[-1] if about else "")
    return _Member(folder, source, about, stem(name), stem(name), name.rstrip("0123456789-_ ."))


def _scene(source: Source, folder: Path, job: JobWords) -> _Member:
    path = Path(source.path)
    words = theme(path, folder)
    if scene_tree.is_made_here(path, folder):
        words = (_OF_SCENES.sub("", path.parent.name),)
    about = job.about(words)[-1:]
    return _Member(folder, source, about, None, "", "".join(about))


def _sheets(source: Source) -> list[str]:
    """The files of a mosaic, else that of the raster."""
    if Path(source.path).suffix.casefold() != ".vrt":
        return [source.path]
    try:
        mosaic = gdal.OpenEx(source.path, gdal.OF_RASTER)
        files = [os.path.abspath(file) for file in mosaic.GetFileList() or ()] if mosaic is not None else []
    except RuntimeError:  # a plugin has set gdal.UseExceptions
        files = []
    return [file for file in files if file != source.path and not file.endswith(".aux.xml")] or [source.path]


def _groups(members: Iterable[_Member]) -> Iterator[list[_Member]]:
    """Of one theme, at most one a job. What nothing tells apart is a group of its own."""
    alike: dict[tuple[Kind, tuple[str, ...], str | None], list[_Member]] = {}
    for one in members:
        alike.setdefault((one.source.kind, one.about, one.mark), []).append(one)
    for kind, about, mark in list(alike):
        named = [key for key in alike if key[:2] == (kind, about) and key[2] is not None]
        if kind is Kind.RASTER and mark is None and len(named) == 1:  # one sheet here, several there
            alike[kind, about, mark].extend(alike.pop(named[0]))
    for group in alike.values():
        yield from _one_a_job(group, (lambda one: one.stem, lambda one: letters(one.source.name)))


def _one_a_job(group: Sequence[_Member], tellers: Sequence[Callable[[_Member], str]]) -> Iterator[list[_Member]]:
    if max(Counter(one.job for one in group).values()) == 1:
        yield list(group)
    elif tellers:
        parts: dict[str, list[_Member]] = {}
        for one in group:
            parts.setdefault(tellers[0](one), []).append(one)
        for part in parts.values():
            yield from _one_a_job(part, tellers[1:])
    else:
        yield from ([one] for one in group)


def _names(group: Sequence[_Member], title: str) -> list[str]:
    """How the theme may be called, the shortest first."""
    given = {one.source.name for one in group}
    label = given.pop() if len(given) == 1 else next((one.label for one in group if one.label), title)
    label = label.replace("|", "-")  # what comes after it is no name in a URI
    kind, ending = group[0].source.kind.value, next((one.stem for one in group if one.stem), "")
    return [label, f"{label}-{kind}", f"{label}-{kind}-{ending}".rstrip("-")]
