"""Bounding volumes of tiles (3D Tiles 1.1, 7.3): as they are written, where they lie, and their parts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

import numpy as np
import numpy.typing as npt

from .model import Json

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

Floats: TypeAlias = npt.NDArray[np.float64]

Matrix: TypeAlias = Optional[tuple[float, ...]]
"""16 numbers, one column after the other, from the coordinates of a tile to Earth-centred ones (EPSG:4978). None: it
can't be read, so nobody knows where the tile is."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)

_NUMBERS = {"box": 12, "region": 6, "sphere": 4}
_SURFACE = (
    6_330_000.0,
    6_400_000.0,
)  # metres from the centre: 27 km below the poles to 22 km above the equator
_S2 = "3DTILES_bounding_volume_S2"


@dataclass(frozen=True)
class Volume:
    """kind: box (centre and three half axes, metres), region (west, south, east, north in radians, lowest and highest
    in metres; no transform applies to it), sphere (centre and radius, metres)."""

    kind: str
    numbers: tuple[float, ...]

    @classmethod
    def of(cls, raw: Json) -> Volume | None:
        """None for one that can't be read."""
        for kind, count in _NUMBERS.items():
            numbers = _numbers(raw.get(kind), count) if isinstance(raw, Mapping) else None
            if numbers is not None:
                return cls(kind, numbers)
        return None

    @property
    def json(self) -> dict[str, list[float]]:
        return {self.kind: list(self.numbers)}

    def part(self, cell: tuple[int, int, int, int], octree: bool) -> Volume:
        """What a cell of implicit tiling (level, x, y, z) holds of the volume of the root. A sphere has no parts."""
        level, *index = cell
        size = math.ldexp(1.0, -level)
        if self.kind == "region":
            return Volume("region", self._part_of_region(index, size, octree))
        if self.kind == "box":
            centre, axes = np.array(self.numbers[:3]), np.array(self.numbers[3:]).reshape(3, 3)
            split = np.array([True, True, octree])
            with np.errstate(all="ignore"):
                centre = centre + np.where(split, size * (2 * np.array(index) + 1) - 1, 0.0) @ axes
            axes = axes * np.where(split, size, 1.0)[:, None]
            return Volume("box", (*centre.tolist(), *axes.ravel().tolist()))
        return self

    def _part_of_region(self, index: list[int], size: float, octree: bool) -> tuple[float, ...]:
        west, south, east, north, low, high = self.numbers
        sides = [_part(west, east + (2 * math.pi if east < west else 0.0), index[0], size)]
        sides.append(_part(south, north, index[1], size))
        sides.append(_part(low, high, index[2], size) if octree else (low, high))
        return (*(side[0] for side in sides[:2]), *(side[1] for side in sides[:2]), *sides[2])


def chained(outer: Matrix, raw: Json) -> Matrix:
    """The transform of a tile inside of another. raw: as the tile has it, None if it has none."""
    if raw is None or outer is None:
        return outer
    inner = _numbers(raw, 16)
    if inner is None or inner[3::4] != (0.0, 0.0, 0.0, 1.0):
        return None
    with np.errstate(all="ignore"):
        product = (np.reshape(inner, (4, 4)) @ np.reshape(outer, (4, 4))).ravel().tolist()
    return tuple(product) if all(map(math.isfinite, product)) else None


def is_on_globe(raw: Json, matrix: Matrix) -> bool:
    """Whether a bounding volume reaches the surface of the Earth: else the model has no place on the map."""
    volume = Volume.of(raw)
    if volume is None:
        extensions = raw.get("extensions") if isinstance(raw, Mapping) else None
        return isinstance(extensions, Mapping) and _S2 in extensions
    if volume.kind == "region":
        return True
    if matrix is None:
        return False
    transform = np.reshape(matrix, (4, 4)).T
    with np.errstate(all="ignore"):
        centre = float(np.linalg.norm((transform @ [*volume.numbers[:3], 1.0])[:3]))
        scaled = transform[:3, :3] @ np.reshape(volume.numbers[3:], (-1, 3)).T if volume.kind == "box" else 0.0
        radius = float(np.linalg.norm(scaled)) if volume.kind == "box" else volume.numbers[3] * scale(transform)
    return centre - radius <= _SURFACE[1] and centre + radius >= _SURFACE[0]


def scale(transform: Floats) -> float:
    """The largest by which a transform stretches anything."""
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(transform[:3, :3], 2))


def _part(low: float, high: float, index: int, size: float) -> tuple[float, float]:
    step = (high - low) * size
    return low + index * step, low + (index + 1) * step


def _numbers(raw: Json, count: int) -> tuple[float, ...] | None:
    if not isinstance(raw, list) or len(raw) != count:
        return None
    if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in raw):
        return None
    try:
        numbers = tuple(map(float, raw))
    except OverflowError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None
