"""The buildings of a city model as polygons with heights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .city import STEEP, City
from .footprints import LEAST, footprints
from .mesh import Flags, Floats, Indices, normals_of
from .polygons import Shape

_AT_ONCE = 2**15  # triangles, about: whole buildings
_FLAT = 0.985  # z of the unit normal of a flat roof: 10 degrees
_MOSTLY = 0.8
_EQUAL = 1e-4


@dataclass(frozen=True)
class Building:
    """footprint: seen from above, in the coordinates of the model. base: z of its lowest point. height: of its
    highest above that. eaves: of the lowest part of the roof above that. is_flat: most of its roof is.

    name: of the object in the file, empty where there is none.
    """

    footprint: Shape
    base: float
    height: float
    eaves: float
    is_flat: bool
    name: str = ""


@dataclass(frozen=True)
class _Faces:
    """The triangles of several buildings, one building after the other.

    across: their normals, whose z is twice what they cover. of: the building of each, from 0 on. starts: the first
    triangle of each building.
    """

    corners: Floats
    across: Floats
    of: Indices
    starts: Indices

    def total(self, values: Floats) -> Floats:
        """The sum over each building."""
        return np.add.reduceat(values, self.starts)

    @property
    def unit_z(self) -> Floats:
        """How far each looks up."""
        up = self.across[:, 2] / np.maximum(np.linalg.norm(self.across, axis=1), 1e-12)
        return np.where(self._is_inside_out[self.of], -up, up)

    @property
    def _is_inside_out(self) -> Flags:
        """Of which buildings the normals point inwards: then the volume, summed over the triangles, is negative."""
        middles = self.corners.mean(axis=1)
        counts = self.total(np.ones(len(self.of)))
        middle = np.add.reduceat(middles, self.starts) / counts[:, None]
        found: Flags = self.total(((middles - middle[self.of]) * self.across).sum(axis=1)) < 0
        return found


def buildings(city: City) -> Iterator[Building]:
    """Each building that has a footprint that is large enough."""
    chosen = np.flatnonzero(city.buildings >= 0)
    order = chosen[np.argsort(city.buildings[chosen], kind="stable")]
    ends = np.flatnonzero(np.diff(city.buildings[order], append=-2)) + 1
    start = 0
    while start < len(order):
        end = int(ends[min(int(np.searchsorted(ends, start + _AT_ONCE)), len(ends) - 1)])
        yield from _measured(city, order[start:end])
        start = end


def _measured(city: City, its: Indices) -> Iterator[Building]:
    """The buildings that these triangles are."""
    surface, faces = city.surface, _faces(city, its)
    unit_z, weight = faces.unit_z, np.abs(faces.across[:, 2])
    level, roof = np.abs(unit_z) > STEEP, unit_z > STEEP
    roof = np.where(np.logical_or.reduceat(roof, faces.starts)[faces.of], roof, level)
    lower, upper = faces.total(np.where(level & ~roof, weight, 0.0)), faces.total(np.where(roof, weight, 0.0))
    is_flat = faces.total(np.where(roof & (np.abs(unit_z) >= _FLAT), weight, 0.0)) >= _MOSTLY * upper
    # Of a closed body, whose two sides are equal, the lower one covers all.
    is_closed = (np.abs(lower - upper) <= _EQUAL * upper) & (lower > 0)
    is_large = (lower + upper) / 2 >= LEAST
    covering = level & ~(roof & is_closed[faces.of]) & is_large[faces.of]
    low, high = faces.corners[:, :, 2].min(axis=1), faces.corners[:, :, 2].max(axis=1)
    base, top = np.minimum.reduceat(low, faces.starts), np.maximum.reduceat(high, faces.starts)
    eaves = np.minimum.reduceat(np.where(roof, low, np.inf), faces.starts)
    is_up = faces.across[:, 2] > 0
    for number, shape in footprints(faces.corners[covering], is_up[covering], faces.of[covering]):
        part = surface.parts[its[faces.starts[number]]]
        name = surface.names[part] if part >= 0 and len(surface.names) > 1 else ""
        heights = float(base[number]), float(top[number] - base[number]), float(eaves[number] - base[number])
        yield Building(shape, *heights, bool(is_flat[number]), name)


def _faces(city: City, its: Indices) -> _Faces:
    corners = city.surface.vertices[city.surface.triangles[its]]
    is_first = np.diff(city.buildings[its], prepend=-1) != 0
    of = np.cumsum(is_first) - 1
    return _Faces(corners, normals_of(corners), of, np.flatnonzero(is_first))
