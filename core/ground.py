"""Which bounding volumes meet an area on the ground.

No tile that meets the area may be left out, so a volume is taken for a little more than it is where it has to be: what
can't be read, is larger than a quarter of its distance from the Earth's axis, or lies nowhere near the ground, meets
every area. An area stands for all that is below and above it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Optional

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from shapely.affinity import translate
from shapely.geometry import MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry
from shapely.prepared import prep

from .aoi import from_geojson
from .model import Json
from .polygons import polygons
from .volumes import Floats, Matrix, Volume, scale

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

Placed: TypeAlias = tuple[Optional[Volume], Matrix]
"""A bounding volume, None for one that can't be read, and where its coordinates are."""

_NEAR = (5e6, 8e6)  # metres from the Earth's centre: where this is a matter of longitudes and latitudes at all
_EPSILON = 1e-8  # degrees, a millimetre: what the arithmetic may be off
_TURN = math.pi / 4
_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)] * 2, dtype=float)
# An eight-sided prism round a sphere of radius 1.
_PRISM = np.array(
    [
        (math.cos(k * _TURN) / math.cos(_TURN / 2), math.sin(k * _TURN) / math.cos(_TURN / 2), z)
        for k in range(8)
        for z in (-1, 1)
    ]
)


class Ground:
    """An area (GeoJSON geometry in EPSG:4326) to choose tiles by. Errors: AreaError."""

    def __init__(self, area: Mapping[str, Json]) -> None:
        shape = from_geojson(area).geometry
        self._prepared = prep(shape)
        self._bounds = np.array([part.bounds for part in polygons(shape)])
        self._transformer = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)

    def meets(self, volumes: Sequence[Placed]) -> list[bool]:
        """For each volume whether something of it lies below, in or above the area."""
        met = [True] * len(volumes)
        solid: list[int] = []
        for number, (volume, matrix) in enumerate(volumes):
            if volume is not None and volume.kind == "region":
                met[number] = self._meets_region(volume.numbers)
            elif volume is not None and matrix is not None:
                solid.append(number)
        if solid:
            for number, found in zip(solid, self._meet_solids([volumes[number] for number in solid])):
                met[number] = found
        return met

    def _meets_region(self, numbers: tuple[float, ...]) -> bool:
        west, south, east, north = map(math.degrees, numbers[:4])
        east += 360 if east < west else 0
        if not (-720 <= west <= east <= 720 and south <= north):
            return True
        return self._meets_shape(box(west - _EPSILON, south - _EPSILON, east + _EPSILON, north + _EPSILON))

    def _meet_solids(self, volumes: list[Placed]) -> list[bool]:
        """Boxes and spheres: the hull of their corners in degrees, with as much round it as it may bulge."""
        with np.errstate(all="ignore"):
            corners, centres = _corners(volumes)
            radius = np.linalg.norm(corners - centres[:, None], axis=2).max(axis=1)
            from_axis, from_centre = np.hypot(centres[:, 0], centres[:, 1]), np.linalg.norm(centres, axis=1)
            near = (from_centre > _NEAR[0]) & (from_centre < _NEAR[1]) & (radius < from_axis / 4)
            lon, lat, _ = self._transformer.transform(*np.moveaxis(np.where(near[:, None, None], corners, 0.0), 2, 0))
            middle = np.degrees(np.arctan2(centres[:, 1], centres[:, 0]))
            lon = middle[:, None] + (lon - middle[:, None] + 180) % 360 - 180
            wide, high = _bulge(radius, from_axis, from_centre)
        west, east = lon.min(axis=1) - wide, lon.max(axis=1) + wide
        south, north = lat.min(axis=1) - high, lat.max(axis=1) + high
        near &= np.isfinite(west + east + south + north)
        maybe = near & self._may_meet(west, south, east, north)
        return [
            not is_near or (is_maybe and self._meets_outline(*outline))
            for is_near, is_maybe, outline in zip(near.tolist(), maybe.tolist(), zip(lon, lat, wide, high))
        ]

    def _may_meet(self, west: Floats, south: Floats, east: Floats, north: Floats) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = np.zeros(len(west), dtype=bool)
        for left, low, right, top in self._bounds:
            for turn in (-360.0, 0.0, 360.0):
                beside = (west + turn <= right) & (east + turn >= left)
                found |= beside & (south <= top) & (north >= low)
        return found

    def _meets_outline(self, lon: Floats, lat: Floats, wide: float, high: float) -> bool:
        """The middle first, which decides for most: to make a hull takes ten times as long."""
        return self._meets_shape(Point(lon.mean(), lat.mean())) or self._meets_shape(_hull(lon, lat, wide, high))

    def _meets_shape(self, shape: BaseGeometry) -> bool:
        """Longitudes repeat themselves: the shape may lie beyond ±180."""
        west, _, east, _ = shape.bounds
        turns = range(math.floor((west + 180) / 360), math.floor((east + 180) / 360) + 1)
        return any(self._prepared.intersects(translate(shape, -360 * turn) if turn else shape) for turn in turns)


def _corners(volumes: list[Placed]) -> tuple[Floats, Floats]:
    """Sixteen Earth-centred points round each volume, which lies in their hull; and its centre. n x 16 x 3, n x 3."""
    transform = np.array([matrix for _, matrix in volumes]).reshape(-1, 4, 4).swapaxes(1, 2)
    local = np.array([(*volume.numbers[:3], 1.0) for volume, _ in volumes if volume])
    centres = np.einsum("nij,nj->ni", transform, local)[:, :3]
    axes, pattern = np.empty((len(volumes), 3, 3)), np.empty((len(volumes), 16, 3))
    for number, (volume, _) in enumerate(volumes):
        is_box = volume is not None and volume.kind == "box"
        numbers = volume.numbers if volume else ()
        pattern[number] = _CORNERS if is_box else _PRISM
        if is_box:
            axes[number] = np.reshape(numbers[3:], (3, 3)) @ transform[number, :3, :3].T
        else:
            axes[number] = _upright(centres[number]) * abs(numbers[3]) * scale(transform[number])
    return centres[:, None] + pattern @ axes, centres


def _upright(centre: Floats) -> Floats:
    """Three axes of length 1 as rows, the last one pointing up from the centre of the Earth."""
    up = centre / max(float(np.linalg.norm(centre)), 1.0)
    east = np.array([-up[1], up[0], 0.0])
    east /= max(float(np.linalg.norm(east)), np.finfo(float).tiny)
    return np.array([east, np.cross(up, east), up])


def _bulge(radius: Floats, from_axis: Floats, from_centre: Floats) -> tuple[Floats, Floats]:
    """How far beyond the hull of its corners a convex body may reach, in degrees of longitude and latitude.

    By Taylor's theorem half the largest second derivative of the angle times the square of the radius: for longitude
    1/p², for latitude 1/r² + 1/(r p), p and r being the distances from the axis and the centre. A tenth is added since
    latitude here is geodetic.
    """
    axis, centre = from_axis - radius, from_centre - radius
    wide = np.degrees(0.5 * (radius / axis) ** 2) + _EPSILON
    high = np.degrees(0.55 * radius**2 * (1 / centre**2 + 1 / (centre * axis))) + _EPSILON
    return wide, high


def _hull(lon: Floats, lat: Floats, wide: float, high: float) -> BaseGeometry:
    x = np.concatenate([lon - wide, lon - wide, lon + wide, lon + wide])
    y = np.concatenate([lat - high, lat + high, lat - high, lat + high])
    return MultiPoint(np.column_stack((x, y))).convex_hull
