"""The sheets of a raster that fit together and lie side by side become one mosaic, a virtual raster beside them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from osgeo import gdal
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from .source import Grid, Source
from .theme_folders import job_title, theme


def mosaics(sources: Sequence[Source], folder: Path) -> tuple[list[Source], list[str]]:
    """The sheets of a raster as one virtual raster beside them; everything else as it is. Also: problems.

    What does not fit together (bands, CRS, size of a cell) or lies on the same ground stays apart.
    """
    merged = [source for source in sources if source.grid is None]
    problems: list[str] = []
    groups = _sheets([source for source in sources if source.grid], folder)
    themes = Counter(theme(Path(sheets[0].path), folder) for sheets in groups if len(sheets) > 1)
    for sheets in groups:
        if len(sheets) == 1:
            merged.extend(sheets)
            continue
        about = theme(Path(sheets[0].path), folder)
        title = about[-1] if about else job_title(folder)
        try:
            merged.append(_mosaic(sheets, title if themes[about] == 1 else f"{title}-{_shared_name(sheets)}"))
        except (ExportError, OSError, RuntimeError) as error:  # RuntimeError: a plugin has set gdal.UseExceptions
            problems.append(_apart(len(sheets), getattr(error, "strerror", None) or str(error)))
            merged.extend(sheets)
    return merged, problems


def _sheets(rasters: Iterable[Source], folder: Path) -> list[list[Source]]:
    groups: list[list[Source]] = []
    for raster in sorted(rasters, key=lambda source: source.path):
        about = theme(Path(raster.path), folder)
        for group in groups:
            if theme(Path(group[0].path), folder) == about and _joins(raster, group):
                group.append(raster)
                break
        else:
            groups.append([raster])
    return groups


def _joins(raster: Source, group: Sequence[Source]) -> bool:
    grids = [source.grid for source in group if source.grid]
    grid = raster.grid
    return grid is not None and _fits(grid, grids[0]) and not any(_covers(grid, other) for other in grids)


def _fits(grid: Grid, other: Grid) -> bool:
    """Cells of one size: over the whole sheet they drift apart by less than a tenth of a cell."""
    drift = max(abs(a - b) * max(grid.columns, grid.rows) / b for a, b in zip(grid.cell, other.cell))
    return (grid.bands, grid.crs) == (other.bands, other.crs) and drift < 0.1


def _covers(grid: Grid, other: Grid) -> bool:
    """On the same ground: two themes or two dates, not two sheets, which share a margin at most."""
    west, south, east, north = grid.extent
    west2, south2, east2, north2 = other.extent
    width, height = min(east, east2) - max(west, west2), min(north, north2) - max(south, south2)
    smaller = min((east - west) * (north - south), (east2 - west2) * (north2 - south2))
    return width > 0 and height > 0 and width * height > smaller / 2


def _mosaic(sheets: Sequence[Source], title: str) -> Source:
    """Errors: OSError where nothing can be written, ExportError or RuntimeError when GDAL can't join the sheets."""
    paths = [sheet.path for sheet in sheets]
    target = _free(Path(os.path.commonpath([os.path.dirname(path) for path in paths])), title)
    written = target.with_name(f"{target.name}.part")
    written.write_bytes(b"")
    raster = gdal.BuildVRT(str(written), paths)
    joined = raster is not None and set(map(os.path.abspath, raster.GetFileList() or ())) >= set(paths)
    raster = None  # closes and writes it
    if not joined or not written.stat().st_size:
        written.unlink(missing_ok=True)
        raise ExportError(gdal.GetLastErrorMsg())
    written.replace(target)
    return replace(sheets[0], name=target.stem, uri=str(target), path=str(target), grid=None)


def _apart(count: int, reason: str) -> str:
    return QCoreApplication.translate(
        "Merge", "{count} sheets could not be joined to one raster, so each is a layer: {reason}"
    ).format(count=count, reason=reason)


def _shared_name(sheets: Sequence[Source]) -> str:
    """What the names of the sheets begin with: dsm of dsm_01.tif and dsm_02.tif."""
    return os.path.commonprefix([Path(sheet.path).stem for sheet in sheets]).rstrip("0123456789-_ .") or "1"


def _free(place: Path, title: str) -> Path:
    """A name that is not taken: what the service sent is never written over."""
    target, number = place / f"{title}.vrt", 1
    while target.exists():
        number += 1
        target = place / f"{title}-{number}.vrt"
    return target
