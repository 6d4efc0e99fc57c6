"""The results of several jobs as one: each theme one layer, though every area was a job of its own.

What the jobs brought stays as it is in their folders; what is made of it lies in the folder above. Runs in any thread:
plain GDAL and SQLite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from osgeo import gdal
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from ..core.model import slug
from . import scene_tree, tiles
from .free_names import own_part, unused
from .job_words import JobWords, of_jobs
from .mosaics import misfit, mosaic
from .probe import grid_of
from .reasons import reason
from .shared_themes import Theme, names, shared_themes
from .source import Arrival, Grid, Kind, Source
from .statistics import measure
from .tile_outcome import AreasOutcome

MOST_NAMED = 3  # jobs that have a problem in common are named; more are counted


def together(arrivals: Mapping[Path, Arrival], folder: Path, title: str) -> Arrival:
    """What several jobs brought, the layers of a theme as one.

    arrivals: what `survey` found, by the folders of the jobs, in the order of the areas. folder: the one above them.
    `<title>.gpkg` is written into it with the features, `<title>-<theme>.vrt` for the rasters of a theme and
    `<title>-<theme>-3d/` for its tilesets, under other names where these are taken. What can't be one layer stays a
    layer for each job.
    """
    if len(arrivals) < 2:
        return next(iter(arrivals.values()), Arrival())
    arrivals = {place.absolute(): arrival for place, arrival in arrivals.items()}
    jobs = of_jobs({place: set(names(place, arrival)) for place, arrival in arrivals.items()})
    gdal.PushErrorHandler("CPLQuietErrorHandler")  # this thread's; the reasons are read and told
    try:
        themes, empty = shared_themes(arrivals, jobs, title)
        found, apart = _joined(themes, folder.absolute(), slug(title))
    finally:
        gdal.PopErrorHandler()
    given = {source for theme in themes for source in theme.sources}
    joined = [source for source in found if source not in given]
    gone = given.union(empty).difference(found)
    called = _called(jobs)
    rest = {place: [source for source in arrival.sources if source not in gone] for place, arrival in arrivals.items()}
    sources = [*joined, *_told_apart(rest, given, joined, jobs, called)]
    order = list(Kind)
    sources.sort(key=lambda source: (order.index(source.kind), source.name.casefold(), source.uri))
    problems = _problems({called[place]: arrival.problems for place, arrival in arrivals.items()})
    credits = dict.fromkeys(arrival.attribution for arrival in arrivals.values() if arrival.attribution)
    return Arrival(tuple(sources), tuple(dict.fromkeys((*problems, *apart))), "; ".join(credits))


def _joined(themes: Sequence[Theme], folder: Path, title: str) -> tuple[list[Source], list[str]]:
    """The layers that were made, and the sources that are in none of them. Also: problems."""
    sources, problems = _features(themes, folder, title)
    for theme in themes:
        name = title if slug(theme.name) == title else f"{title}-{slug(theme.name)}"
        if theme.kind is Kind.RASTER:
            found, apart = _rasters(theme, folder / f"{name}.vrt")
        elif theme.kind is Kind.SCENE:
            found, apart = scene_tree.joined({name: theme.sources}, AreasOutcome(folder))
            found = [one if one in theme.sources else replace(one, name=theme.name) for one in found]
        else:
            continue
        sources.extend(found)
        problems.extend(apart)
    return sources, problems


def _features(themes: Sequence[Theme], folder: Path, title: str) -> tuple[list[Source], list[str]]:
    series: dict[str, Sequence[Source]] = {}
    problems: list[str] = []
    apart: list[Source] = []
    for theme in themes:
        if theme.kind in (Kind.RASTER, Kind.SCENE):
            continue
        reasons = [reason for reason in map(_obstacle, theme.sources) if reason]
        if reasons:
            apart.extend(theme.sources)
            problems.append(_several(theme, len(theme.sources), reasons))
        else:
            series[theme.name] = theme.sources
    if not series:
        return apart, problems
    places = (path for path in folder.glob("*.gpkg") if path.name.startswith(title))
    earlier = [path for path in places if tiles.is_made_here(path, folder)]
    layers, said = tiles.merged(series, AreasOutcome(folder), title, earlier)
    given = {source for sources in series.values() for source in sources}
    found = [one if one in given else _as_members(one, series) for one in layers]
    return [*found, *apart], [*problems, *said]


def _obstacle(source: Source) -> str:
    """Why it can be no part of a layer with others, a clause."""
    if source.mixed:
        return QCoreApplication.translate("Together", "several kinds of geometry are in one file")
    if source.crs == "":
        return QCoreApplication.translate("Together", "it is not placed on the map")
    return ""


def _as_members(layer: Source, series: Mapping[str, Sequence[Source]]) -> Source:
    """The layer with what all its members have. Where there are several CRS, the name of one comes after its own."""
    name = max((name for name in series if f"{layer.name}-".startswith(f"{name}-")), key=len)
    remarks = {source.remark for source in series[name]}
    solid = all(source.solid for source in series[name])
    return replace(layer, solid=solid, remark=remarks.pop() if len(remarks) == 1 else "")


def _rasters(theme: Theme, place: Path) -> tuple[list[Source], list[str]]:
    """The rasters as one, or as few as there are ways in which their cells lie."""
    apart: list[Source] = []
    reasons: list[str] = []
    groups: list[tuple[Grid, list[Source]]] = []
    for source in theme.sources:
        try:
            grid = _grid(source)
        except (ExportError, RuntimeError) as error:  # RuntimeError: a plugin has set gdal.UseExceptions
            apart.append(source)
            reasons.append(str(error))
            continue
        misfits = [misfit(grid, other) for other, _ in groups]
        if "" in misfits:
            groups[misfits.index("")][1].append(source)
        else:
            groups.append((grid, [source]))
            reasons.extend(misfits[:1])
    problems = [_several(theme, len(apart) + len(groups), reasons)] if reasons else []
    made: list[Source] = []
    for _, group in groups:
        if len(group) == 1:
            apart.extend(group)
            continue
        try:
            raster = mosaic(group, place, own_part(place))
            with suppress(RuntimeError):  # gdal.UseExceptions again; the sea has no statistics
                measure(raster)
            made.append(replace(raster, name=unused(theme.name, [one.name for one in made])))
        except (ExportError, OSError, RuntimeError) as error:
            apart.extend(group)
            problems.append(AreasOutcome(place.parent).unmerged(len(group), reason(error, place.parent)))
    return [*made, *apart], problems


def _grid(source: Source) -> Grid:
    """Errors: ExportError, a clause, when its cells can't be those of a raster with others."""
    obstacle = _obstacle(source)
    if obstacle:
        raise ExportError(obstacle)
    if source.grid is not None:
        return source.grid
    dataset = gdal.OpenEx(source.uri, gdal.OF_RASTER)
    if dataset is None:
        raise ExportError(gdal.GetLastErrorMsg())
    corner = dataset.GetGeoTransform(can_return_null=True)
    grid = grid_of(dataset, corner) if corner is not None and source.uri == source.path else None
    if grid is None:
        raise ExportError(
            QCoreApplication.translate(
                "Together", "a raster is not laid out with north at the top in a file of its own"
            )
        )
    return grid


def _several(theme: Theme, count: int, reasons: Sequence[str]) -> str:
    return QCoreApplication.translate(
        "Together", "“{layer}” could not become one layer, so it is {count}: {reasons}."
    ).format(layer=theme.name, count=count, reasons="; ".join(dict.fromkeys(reasons)))


def _called(jobs: Mapping[Path, JobWords]) -> dict[Path, str]:
    """A name for each job that no other has: its title, else its folder."""
    titles = Counter(job.title.casefold() for job in jobs.values())
    return {place: job.title if titles[job.title.casefold()] == 1 else place.name for place, job in jobs.items()}


def _told_apart(
    rest: Mapping[Path, Sequence[Source]],
    given: Collection[Source],
    joined: Sequence[Source],
    jobs: Mapping[Path, JobWords],
    called: Mapping[Path, str],
) -> Iterator[Source]:
    """What was not joined. Models, what is called as something else is, and the rest of a theme get the job's name."""
    users = Counter(source.name.casefold() for source in joined)
    for sources in rest.values():
        users.update({source.name.casefold() for source in sources})
    for place, sources in rest.items():
        for source in sources:
            if source.kind is Kind.MESH or source in given or users[source.name.casefold()] > 1:
                own = jobs[place].without(source.name)
                source = replace(source, name=f"{called[place]}: {own}" if own else called[place])
            yield source


def _problems(told: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Each sentence once, with the jobs that it is about unless it is about all. told: by the name of the job."""
    jobs: dict[str, list[str]] = {}
    for name, problems in told.items():
        for problem in dict.fromkeys(problems):
            jobs.setdefault(problem, []).append(name)
    for problem, about in jobs.items():
        if len(about) == len(told):
            yield problem
            continue
        more = len(about) - MOST_NAMED
        shown = ", ".join(about[:MOST_NAMED])
        if more > 0:
            shown = QCoreApplication.translate("Together", "{jobs} and %n more", "", more).format(jobs=shown)
        yield f"{shown}: {problem}"
