"""How well a city model is placed and taken apart, measured on the part of Vienna in tests/standin/data.

    python -m tests.figures

The truth is the city's own survey: footprints of its ground surfaces, measured heights, roof types. The model comes
from the stand-in of 3DCityLoader, whose coordinates start where its settings say.
"""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Transformer
from shapely.geometry import Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from cutout.core.buildings import Building, buildings
from cutout.core.city import City
from cutout.core.city import city as taken_apart
from cutout.core.mesh import Mesh, pieces
from cutout.core.mesh_files import read_mesh
from cutout.core.placing import Placement, ground, placement
from cutout.core.terrain import NO_DATA, Grid, elevations
from tests.standin import city
from tests.standin.cityloader_files import pack
from tests.standin.cityloader_model import Model, model
from tests.standin.cityloader_orders import Order
from tests.standin.cityloader_settings import Settings

Bounds = tuple[float, float, float, float]
EVERYTHING = ("terrain", "buildings")


def deliver(
    folder: Path,
    form: str = "stl",
    area: Bounds = city.PLACE,
    include: Sequence[str] = EVERYTHING,
    separate: bool = False,
    **settings: Any,
) -> Model:
    """An order to the stand-in, unpacked into a folder. The model that it was made from."""
    chosen, order = Settings(**settings), Order(area, form, tuple(include), separate)
    made = model(order, chosen)
    if made is None:
        raise ValueError("there are no data in the area")
    with zipfile.ZipFile(io.BytesIO(pack("4201", made, order, chosen))) as archive:
        archive.extractall(folder)
    return made


@dataclass(frozen=True)
class Taken:
    """A model as Cutout takes it apart, in UTM where it could be placed."""

    parts: City
    placed: Placement | None
    found: tuple[Building, ...]
    grid: Grid | None


def take(path: Path, area: Bounds) -> Taken:
    parts = taken_apart(read_mesh(path))
    has_terrain = bool(parts.terrain.any())
    base = parts.surface.of(parts.terrain) if has_terrain else parts.surface
    place = ground(mapping(box(*area)))
    placed = placement(place, base.extent, has_terrain) if place else None
    surface = parts.surface
    if placed:
        surface = Mesh(placed.placed(surface.vertices), surface.triangles, surface.parts, surface.names)
    parts = City(surface, parts.terrain, parts.buildings)
    grid = elevations(surface.of(parts.terrain)) if has_terrain else None
    return Taken(parts, placed, tuple(buildings(parts)), grid)


@dataclass(frozen=True)
class Figures:
    """Metres; iou: intersection over union of a footprint with that of the source.

    placement: the farthest that any footprint found is from that of the source; wanted, found: footprints there and
    found at 0.9 of intersection over union; height: the largest error against the source's geometry; measured: the
    median error against the heights that the city measured; flat_roofs: part of the roofs that are told right;
    terrain: the largest error of a cell against the surface of the file; seconds: to read, take apart and place.
    """

    placement: float
    wanted: int
    found: int
    superfluous: int
    worst_iou: float
    mean_iou: float
    height: float
    measured: float
    flat_roofs: float
    terrain: float
    seconds: float

    def __str__(self) -> str:
        values = [(entry.name, getattr(self, entry.name)) for entry in fields(self)]
        return ", ".join(f"{name} {value:.4g}" for name, value in values)


def figures(form: str = "stl", area: Bounds = city.PLACE, separate: bool = False, **settings: Any) -> Figures:
    """Of a model with terrain and buildings."""
    with tempfile.TemporaryDirectory() as folder:
        made = deliver(Path(folder), form, area, separate=separate, **settings)
        (path,) = Path(folder).rglob(f"*.{form}")
        start = time.perf_counter()
        taken = take(path, area)
        seconds = time.perf_counter() - start
    if taken.placed is None or taken.grid is None:
        raise ValueError("the model was not placed")
    by_building = form == "obj" and settings.get("obj_objects", True)
    truth = _truth(made, by_building)
    pairs = [(one, *_best(one.ground, taken.found)) for one in truth]
    matched = [(one, found) for one, found, iou in pairs if found and iou >= 0.9]
    ious = [iou for _, _, iou in pairs]
    measured = [
        (found.height - height, found.is_flat == is_flat)
        for one, found in matched
        for height, is_flat in [_surveyed().get(one.id, (None, None))]
        if height is not None
    ]
    base = made.origin[2]
    return Figures(
        placement=max(_closed(found.footprint).hausdorff_distance(_closed(one.ground)) for one, found in matched),
        wanted=len(truth),
        found=len(matched),
        superfluous=len(taken.found) - len({id(found) for _, found in matched}),
        worst_iou=min(ious),
        mean_iou=float(np.mean(ious)),
        height=max(
            max(abs(found.height - (one.top - one.base)), abs(found.base + base - one.base)) for one, found in matched
        ),
        measured=float(np.median([abs(error) for error, _ in measured])) if measured else float("nan"),
        flat_roofs=float(np.mean([right for _, right in measured])) if measured else float("nan"),
        terrain=terrain_error(taken, made, area),
        seconds=seconds,
    )


@dataclass(frozen=True)
class _Truth:
    id: str
    ground: BaseGeometry
    base: float
    top: float


def _truth(made: Model, by_building: bool) -> list[_Truth]:
    ordered = {body.name for body in made.bodies}
    every = city.buildings() if by_building else city.parts()
    return [
        _Truth(one.id, one.ground, one.base, one.top)
        for one in every
        if (one.id if by_building else getattr(one, "building", "")) in ordered
    ]


def _closed(ground: BaseGeometry) -> BaseGeometry:
    """Without what is left between the footprints of parts that all but meet."""
    return ground.buffer(0.03, join_style=2).buffer(-0.03, join_style=2)


def _best(wanted: BaseGeometry, found: Sequence[Building]) -> tuple[Building | None, float]:
    best: tuple[Building | None, float] = (None, 0.0)
    for one in found:
        if one.footprint.intersects(wanted):
            shared = one.footprint.intersection(wanted).area
            iou = shared / (one.footprint.area + wanted.area - shared)
            if iou > best[1]:
                best = one, iou
    return best


@lru_cache(maxsize=1)
def _surveyed() -> dict[str, tuple[float, bool]]:
    """The height that the city measured of each part, and whether its roof is flat."""
    surveyed = {}
    with gzip.open(city.SOURCE, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            for name, thing in json.loads(line)["CityObjects"].items():
                attributes = thing["attributes"]
                if "measuredHeight" in attributes:
                    surveyed[name] = (float(attributes["measuredHeight"]), attributes["roofType"] == "FLACHDACH")
    return surveyed


def terrain_error(taken: Taken, made: Model, area: Bounds) -> float:
    """The largest difference of a cell from the triangle of the source's surface above or below its centre."""
    assert taken.grid is not None
    (body,) = (body for body in made.bodies if body.theme == "terrain")
    triangles = body.triangles + np.array([*made.origin[:2], 0.0])
    if made.frame == "north" and abs(made.origin[0]) < 1e5:
        west, south, east, north = area
        middle = f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +ellps=WGS84"
        to_utm = Transformer.from_crs(middle, city.EPSG, always_xy=True)
        triangles[..., 0], triangles[..., 1] = to_utm.transform(triangles[..., 0], triangles[..., 1])
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    triangles = triangles[across[:, 2] > 1e-6]  # without the sides and the bottom of a solid one
    errors = [0.0]
    for triangle in triangles[:: max(1, len(triangles) // 2000)]:
        for x, y, height in _cells(taken.grid, triangle):
            errors.append(abs(height - _plane(triangle, x, y)))
    return max(errors)


def _cells(grid: Grid, triangle: np.ndarray) -> Iterator[tuple[float, float, float]]:
    """Centre and height of each cell whose centre is well inside of a triangle."""
    outline = Polygon(triangle[:, :2]).buffer(-0.05)
    west, south, east, north = Polygon(triangle[:, :2]).bounds
    for row in range(int((grid.north - north) / grid.cell), int((grid.north - south) / grid.cell) + 1):
        for column in range(int((west - grid.west) / grid.cell), int((east - grid.west) / grid.cell) + 1):
            x, y = grid.west + (column + 0.5) * grid.cell, grid.north - (row + 0.5) * grid.cell
            if outline.contains(Point(x, y)):
                height = grid.elevations[row, column]
                yield x, y, float("inf") if height == NO_DATA else float(height)


def _plane(triangle: np.ndarray, x: float, y: float) -> float:
    a, b, c = triangle
    weights = np.linalg.solve(np.array([b[:2] - a[:2], c[:2] - a[:2]]).T, np.array([x, y]) - a[:2])
    return float(a[2] + weights @ np.array([b[2] - a[2], c[2] - a[2]]))


def sheet(path: Path, cells: int) -> None:
    """A binary STL of a hilly square, two triangles a cell of half a metre."""
    x, y = np.meshgrid(*[np.arange(cells + 1) * 0.5] * 2)
    corners = np.stack([x, y, 5 * np.sin(x / 20) + 4 * np.cos(y / 17) + 180], axis=-1)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]
    triangles = np.stack([np.stack([a, b, c], axis=-2), np.stack([a, c, d], axis=-2)], axis=2).reshape(-1, 3, 3)
    records = np.zeros(len(triangles), [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    records["corners"] = triangles
    path.write_bytes(b"sheet".ljust(80, b"\0") + len(triangles).to_bytes(4, "little") + records.tobytes())


def main() -> None:
    for origin in ("corner", "centre", "absolute", "other"):
        print(f"STL, {origin}: {figures(origin=origin)}")
    print(f"STL, true north: {figures(frame='north')}")
    print(f"STL, as text: {figures(stl='ascii')}")
    print(f"STL, solid ground: {figures(solid=True)}")
    print(f"OBJ, an object for each building: {figures('obj')}")
    print(f"OBJ, one object: {figures('obj', obj_objects=False)}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.stl"
        sheet(path, 1000)
        start = time.perf_counter()
        surface = read_mesh(path)
        read = time.perf_counter()
        pieces(surface.triangles)
        apart = time.perf_counter()
        elevations(surface)
        print(
            f"{len(surface.triangles):,} triangles: read {read - start:.2f} s, pieces {apart - read:.2f} s, "
            f"grid {time.perf_counter() - apart:.2f} s"
        )


if __name__ == "__main__":
    main()
