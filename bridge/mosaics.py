"""The sheets of a raster that fit together become one mosaic, a virtual raster beside them or above."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from osgeo import gdal, osr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.disk import part_of
from ..core.errors import ExportError
from .free_names import numbered, take
from .reasons import reason
from .source import Grid, Source
from .theme_folders import job_title, theme

_LAYOUT = re.compile(r"<(?:VRTDataset|GeoTransform|SourceFilename|SourceBand|SrcRect|DstRect|NODATA)\b[^>]*>[^<]*")
_NEAR = 0.1  # of a cell

Extent = tuple[float, float, float, float]  # west, south, east, north


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
        name = title if themes[about] == 1 else f"{title}-{shared_name(sheet.path for sheet in sheets) or 1}"
        try:
            place = _above(sheets) / f"{name}.vrt"
            merged.append(mosaic(sheets, place, part_of(place)))
        except (ExportError, OSError, RuntimeError) as error:  # RuntimeError: a plugin has set gdal.UseExceptions
            problems.append(_apart(len(sheets), reason(error, folder)))
            merged.extend(sheets)
    return merged, problems


@dataclass
class _Group:
    """Sheets that fit together. The extents are kept, since each sheet is compared with all before it."""

    about: tuple[str, ...]
    grid: Grid
    sheets: list[Source] = field(default_factory=list)
    extents: list[Extent] = field(default_factory=list)

    def takes(self, grid: Grid) -> bool:
        extent = grid.extent
        return _fits(grid, self.grid) and not any(_covers(extent, other) for other in self.extents)


def _sheets(rasters: Iterable[Source], folder: Path) -> list[list[Source]]:
    groups: list[_Group] = []
    for raster in sorted(rasters, key=lambda source: source.path):
        grid = raster.grid
        if grid is None:
            continue
        about = theme(Path(raster.path), folder)
        group = next((group for group in groups if group.about == about and group.takes(grid)), None)
        if group is None:
            group = _Group(about, grid)
            groups.append(group)
        group.sheets.append(raster)
        group.extents.append(grid.extent)
    return [group.sheets for group in groups]


def _fits(grid: Grid, other: Grid) -> bool:
    """Cells of one size: over the whole sheet they drift apart by less than a tenth of a cell."""
    drift = max(abs(a - b) * max(grid.columns, grid.rows) / b for a, b in zip(grid.cell, other.cell))
    return (grid.bands, grid.crs) == (other.bands, other.crs) and drift < 0.1


def _covers(extent: Extent, other: Extent) -> bool:
    """On the same ground: two themes or two dates, not two sheets, which share a margin at most."""
    west, south, east, north = extent
    west2, south2, east2, north2 = other
    if west >= east2 or west2 >= east or south >= north2 or south2 >= north:  # nearly always
        return False
    width, height = min(east, east2) - max(west, west2), min(north, north2) - max(south, south2)
    smaller = min((east - west) * (north - south), (east2 - west2) * (north2 - south2))
    return width * height > smaller / 2


def mosaic(sheets: Sequence[Source], place: Path, part: Path) -> Source:
    """The sheets as one virtual raster: where one has no data, those before it show.

    It is there already if the place, or a numbered name beside it, has one of the same sheets that lie in the same way.
    part: where it stands until it is whole. Errors: OSError where nothing can be written, ExportError or RuntimeError
    when GDAL can't join the sheets.
    """
    paths = [sheet.path for sheet in sheets]
    try:
        part.write_bytes(b"")
        gdal.ErrorReset()
        raster = gdal.BuildVRT(str(part), paths)
        if raster is not None:
            raster.FlushCache()  # what goes wrong when it is closed, no plugin's gdal.UseExceptions could raise
        raster = None
        if not _shows(part, paths):
            raise ExportError(gdal.GetLastErrorMsg())
        layout = _layout(part)
        places = numbered(place.parent, place.stem, place.suffix)
        target = next(path for path in places if take(part, path) or _layout(path) == layout)
    finally:
        part.unlink(missing_ok=True)
    return replace(sheets[0], name=target.stem, uri=str(target), path=str(target), grid=None)


def misfit(grid: Grid, other: Grid) -> str:
    """Why the cells of two rasters can't be those of one, a clause; empty when they can, wherever they lie."""
    if not _is_same_crs(grid.crs, other.crs):
        return QCoreApplication.translate("Merge", "the rasters have several CRS")
    if grid.bands != other.bands:
        return QCoreApplication.translate("Merge", "the rasters differ in bands, data type or value for no data")
    for cell, wanted, count in zip(grid.cell, other.cell, (grid.columns, grid.rows)):
        if abs(cell - wanted) * count > _NEAR * wanted:
            return QCoreApplication.translate("Merge", "the rasters have cells of several sizes")
    apart = [(a - b) / size for a, b, size in zip(grid.corner, other.corner, other.cell)]
    if any(abs(cells - round(cells)) > _NEAR for cells in apart):
        return QCoreApplication.translate("Merge", "the cells of the rasters do not lie on each other")
    return ""


def shared_name(paths: Iterable[str]) -> str:
    """What the names of the sheets begin with: dsm of dsm_01.tif and dsm_02.tif."""
    return os.path.commonprefix([Path(path).stem for path in paths]).rstrip("0123456789-_ .")


def _above(sheets: Sequence[Source]) -> Path:
    return Path(os.path.commonpath([os.path.dirname(sheet.path) for sheet in sheets]))


def _shows(raster: Path, paths: Sequence[str]) -> bool:
    """Whether it was written to its end, and GDAL took every sheet."""
    dataset = gdal.OpenEx(str(raster), gdal.OF_RASTER, allowed_drivers=["VRT"])
    return dataset is not None and set(map(os.path.abspath, dataset.GetFileList() or ())) >= set(paths)


def _layout(raster: Path) -> list[str]:
    """Which sheets lie where. The rest of such a file GDAL changes as soon as somebody asks for statistics."""
    try:
        return _LAYOUT.findall(raster.read_text("utf-8"))
    except (OSError, ValueError):
        return []


def _is_same_crs(crs: str, other: str) -> bool:
    if not crs or not other or crs == other:
        return crs == other
    options = ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]
    return bool(osr.SpatialReference(crs).IsSame(osr.SpatialReference(other), options))


def _apart(count: int, why: str) -> str:
    return QCoreApplication.translate(
        "Merge", "{count} sheets could not be joined to one raster, so each is a layer: {reason}."
    ).format(count=count, reason=why)
