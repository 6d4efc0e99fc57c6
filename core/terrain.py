"""The ground of a city model as an elevation grid."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .city import STEEP
from .mesh import Flags, Floats, Mesh, blocks, normals_of

NO_DATA = -9999.0
_FINEST, _COARSEST = 0.25, 25.0  # metres
_MOST = 4000  # cells on a side
_AT_ONCE = 2**16  # cells worked on at a time
_EDGE = 1e-9  # of a cell: a cell whose centre lies on the border of a triangle is in it


@dataclass(frozen=True)
class Grid:
    """Elevations, north up, the first row in the north; NO_DATA where there is no ground.

    west, north: of the upper left corner. cell: its width and height, in the units of the model.
    """

    elevations: npt.NDArray[np.float32]
    west: float
    north: float
    cell: float


def elevations(surface: Mesh, cell: float | None = None) -> Grid:
    """The uppermost height at the centre of each cell. cell: by the mean size of the triangles unless given."""
    ground, area = _level(surface)
    west, south, east, north = ground.extent
    cell = cell or _cell(area, max(east - west, north - south))
    west, north = math.floor(west / cell) * cell, math.ceil(north / cell) * cell
    columns, rows = max(1, math.ceil((east - west) / cell)), max(1, math.ceil((north - south) / cell))
    grid = np.full(rows * columns, -np.inf)
    for block in blocks(len(ground.triangles)):
        corners = ground.vertices[ground.triangles[block]]
        corners[:, :, 0] = (corners[:, :, 0] - west) / cell - 0.5  # 0 is the centre of the first column
        corners[:, :, 1] = (north - corners[:, :, 1]) / cell - 0.5
        _draw(corners, grid, columns, rows)
    grid[np.isinf(grid)] = NO_DATA
    return Grid(grid.reshape(rows, columns).astype(np.float32), west, north, cell)


def _level(surface: Mesh) -> tuple[Mesh, float]:
    """The triangles that are not upright, and the mean of what they cover."""
    level: Flags = np.empty(len(surface.triangles), bool)
    covered = 0.0
    for block in blocks(len(level)):
        across = normals_of(surface.vertices[surface.triangles[block]])
        level[block] = np.abs(across[:, 2]) > STEEP * np.linalg.norm(across, axis=1)
        covered += float(np.abs(across[level[block], 2]).sum()) / 2
    return surface.of(level), covered / max(int(np.count_nonzero(level)), 1)


def _cell(area: float, width: float) -> float:
    """Half the spacing of a regular grid whose triangles have this area, as a number that reads well."""
    wanted = max(min(max(math.sqrt(2 * area) / 2, _FINEST), _COARSEST), width / (_MOST - 1))
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= wanted * (1 - 1e-9))


def _draw(corners: Floats, grid: npt.NDArray[np.float64], columns: int, rows: int) -> None:
    """Row by row: where a row of centres enters and leaves each triangle, then every cell between."""
    first = np.ceil(corners[:, :, 1].min(axis=1) - _EDGE).clip(0).astype(np.int64)
    last = np.floor(corners[:, :, 1].max(axis=1) + _EDGE).clip(max=rows - 1).astype(np.int64)
    counts = (last - first + 1).clip(0)
    planes = _planes(corners)
    for chosen in _shares(counts):
        which: npt.NDArray[np.int64] = np.repeat(chosen, counts[chosen])
        row = first[which] + _running(counts[chosen])
        enter, leave = _span(corners[which], row.astype(float))
        begin = np.ceil(enter - _EDGE).clip(0)
        end = np.floor(leave + _EDGE).clip(max=columns - 1)
        is_hit = begin <= end
        which, row = which[is_hit], row[is_hit]
        begin, widths = begin[is_hit].astype(np.int64), (end - begin + 1)[is_hit].astype(np.int64)
        for spans in _shares(widths):
            cells: npt.NDArray[np.int64] = np.repeat(spans, widths[spans])
            column = begin[cells] + _running(widths[spans])
            plane, line = planes[which[cells]], row[cells]
            _raise(grid, line * columns + column, plane[:, 0] + plane[:, 1] * column + plane[:, 2] * line)


def _shares(counts: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The indices of counts in runs whose counts make a bearable sum."""
    total = np.cumsum(counts)
    if not len(total) or not total[-1]:
        return []
    borders = np.searchsorted(total, np.arange(_AT_ONCE, total[-1], _AT_ONCE))
    return [run for run in np.split(np.arange(len(counts)), borders) if len(run)]


def _running(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0, 1, .. up to each count."""
    ends = np.cumsum(counts)
    running: npt.NDArray[np.int64] = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return running


def _span(corners: Floats, row: Floats) -> tuple[Floats, Floats]:
    """From which to which x each triangle lies on its row."""
    enter, leave = np.full(len(row), np.inf), np.full(len(row), -np.inf)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        (x, y), (x2, y2) = corners[:, a, :2].T, corners[:, b, :2].T
        rise = y2 - y
        is_level = np.abs(rise) < _EDGE
        part = (row - y) / np.where(is_level, 1.0, rise)
        meets = ~is_level & (part >= -_EDGE) & (part <= 1 + _EDGE)
        at = x + part * (x2 - x)
        enter, leave = np.where(meets, np.minimum(enter, at), enter), np.where(meets, np.maximum(leave, at), leave)
    return enter, leave


def _planes(corners: Floats) -> Floats:
    """The plane of each triangle: z at 0, 0, and by how much it rises with each column and each row."""
    a, ab, ac = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    by_column = (ab[:, 2] * ac[:, 1] - ac[:, 2] * ab[:, 1]) / area
    by_row = (ac[:, 2] * ab[:, 0] - ab[:, 2] * ac[:, 0]) / area
    return np.stack([a[:, 2] - by_column * a[:, 0] - by_row * a[:, 1], by_column, by_row], axis=1)


def _raise(grid: npt.NDArray[np.float64], cells: npt.NDArray[np.int64], heights: Floats) -> None:
    """Each cell at least as high as this: of several values for one the last one counts, so the highest comes last."""
    order = np.argsort(heights, kind="stable")
    cells, heights = cells[order], heights[order]
    grid[cells] = np.fmax(grid[cells], heights)
