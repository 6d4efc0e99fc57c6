"""Where a 3D model stands, told by the area that was ordered: the services don't say where its coordinates start.

A model with terrain is as large as the area, so its middle is the middle of the area, whatever its origin. One with
buildings only may be smaller; then its coordinates have to show that they count from a corner or from the middle.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyproj import Geod, Transformer

from .aoi import from_geojson
from .mesh import Floats

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

FITS = 0.03  # how far the size of the model may be off, as a part of that of the area
_EXACTLY = 1e-3  # metres: a model that starts so near to zero was moved there, wherever its first building stands
_LEAST = 0.5  # of the area, for buildings alone: fewer may stand anywhere in it
_STICK_OUT = 0.1  # so far may whole buildings leave the area, as a part of its size
_CENTRED = 0.05  # but then on all sides alike: the middle is so near to that of the area, as a part of its size
_WIDEST = 6.0  # degrees of longitude: a UTM zone
_WGS84 = Geod(ellps="WGS84")
_STEP = 1e-4  # degrees, ten metres
_STEPS = 16  # points on each side of the area, since its sides are not straight in UTM

Extent: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True)
class Ground:
    """The area that was ordered, in its UTM zone. outline: x and y along its border, in metres.

    north: by how much true north is turned from the grid's, counter-clockwise, in radians. scale: grid metres in a
    metre on the ground.
    """

    crs: str
    outline: Floats
    north: float
    scale: float

    @property
    def middle(self) -> Floats:
        middle: Floats = (self.outline.min(axis=0) + self.outline.max(axis=0)) / 2
        return middle

    def size(self, turn: float, scale: float) -> tuple[Floats, Floats]:
        """Width and height, measured in another frame; and the middle of that, in UTM."""
        seen = (self.outline - self.middle) @ _turning(-turn).T / scale
        low, high = seen.min(axis=0), seen.max(axis=0)
        return high - low, self.middle + _turning(turn) @ ((low + high) / 2) * scale


@dataclass(frozen=True)
class Placement:
    """How coordinates of a model become those of a CRS: turned about the model's `pivot`, which goes to `place`.

    turn: counter-clockwise, in radians.
    """

    crs: str
    pivot: tuple[float, float]
    place: tuple[float, float]
    turn: float = 0.0
    scale: float = 1.0

    def placed(self, vertices: Floats) -> Floats:
        """Rows of x, y and more; what comes after y stays as it is."""
        moved = np.array(vertices, float)
        moved[:, :2] = (moved[:, :2] - self.pivot) @ _turning(self.turn).T * self.scale + self.place
        return moved

    def extent(self, extent: Extent) -> Extent:
        """Where an extent of the model comes to lie."""
        west, south, east, north = extent
        corners = self.placed(np.array([[west, south], [east, south], [east, north], [west, north]]))
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        return float(west), float(south), float(east), float(north)


def ground(area: Mapping[str, Any]) -> Ground | None:
    """The area in UTM; None for one that is too wide for a zone. area: GeoJSON in EPSG:4326. Errors: AreaError."""
    west, south, east, north = from_geojson(dict(area)).bounds
    east += 360 if east < west else 0  # over the antimeridian
    if not 0 < east - west <= _WIDEST or not -80 <= south < north <= 84:
        return None
    longitude, latitude = (west + east) / 2, (south + north) / 2
    crs = f"EPSG:{(32600 if latitude >= 0 else 32700) + _zone(longitude, latitude)}"
    to_utm = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    along = np.linspace(0, 1, _STEPS, endpoint=False)
    sides = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = np.concatenate([np.outer(1 - along, a) + np.outer(along, b) for a, b in zip(sides, sides[1:])])
    outline = np.stack(to_utm.transform(*ring.T), axis=1)
    x, y = to_utm.transform([longitude, longitude], [latitude, latitude + _STEP])
    metres = _WGS84.line_length([longitude, longitude], [latitude, latitude + _STEP])
    return Ground(crs, outline, math.atan2(x[0] - x[1], y[1] - y[0]), math.hypot(x[1] - x[0], y[1] - y[0]) / metres)


def _zone(longitude: float, latitude: float) -> int:
    """The UTM zone in use there; around Norway and Svalbard they are wider and narrower (DMA TM 8358.2, 2-3)."""
    longitude = (longitude + 180) % 360 - 180
    if 56 <= latitude < 64 and 3 <= longitude < 12:
        return 32
    if latitude >= 72 and 0 <= longitude < 42:
        return next(zone for east, zone in ((9, 31), (21, 33), (33, 35), (42, 37)) if longitude < east)
    return math.floor((longitude + 180) / 6) + 1


def placement(ground: Ground, extent: Extent, has_terrain: bool) -> Placement | None:
    """Where the model goes; None when that can't be told. extent: of its terrain, else of all of it."""
    low, high = np.array(extent[:2]), np.array(extent[2:])
    if _lies_in(ground, low, high):
        return Placement(ground.crs, (0.0, 0.0), (0.0, 0.0))
    if not has_terrain:
        origin = _origin(ground, low, high)
        if origin is not None:
            return Placement(ground.crs, (0.0, 0.0), _pair(origin))
    grid = _misfit(ground, high - low, 0.0, 1.0)
    true = _misfit(ground, high - low, ground.north, ground.scale)
    is_true = has_terrain and 2 * true < grid  # made along true north, which only terrain can show
    if (true if is_true else grid) > FITS:
        return None
    turn, scale = (ground.north, ground.scale) if is_true else (0.0, 1.0)
    return Placement(ground.crs, _pair((low + high) / 2), _pair(ground.size(turn, scale)[1]), turn, scale)


def fits(ground: Ground, placed: Extent) -> bool:
    """Whether what is placed like another model of the same job lies in the area too, but for what sticks out."""
    return _lies_in(ground, np.array(placed[:2]), np.array(placed[2:]))


def _misfit(ground: Ground, size: Floats, turn: float, scale: float) -> float:
    """By how much the size of a model, width and height in metres, is off, as a part of that of the area."""
    return float(np.abs(size / ground.size(turn, scale)[0] - 1).max())


def _lies_in(ground: Ground, low: Floats, high: Floats) -> bool:
    first, last = ground.outline.min(axis=0), ground.outline.max(axis=0)
    slack = _STICK_OUT * (last - first)
    return bool((low >= first - slack).all() and (high <= last + slack).all())


def _origin(ground: Ground, low: Floats, high: Floats) -> Floats | None:
    """The place of the origin, where the coordinates of buildings can only count from one: a corner or the middle."""
    first, last = ground.outline.min(axis=0), ground.outline.max(axis=0)
    size = last - first
    moved_to_zero, moved_to_middle = np.abs(low).max() < _EXACTLY, np.abs(low + high).max() < _EXACTLY
    if (high - low < _LEAST * size).any() or moved_to_zero or moved_to_middle:
        return None
    places = []
    for origin in (first, ground.middle):
        is_centred = (np.abs(origin + (low + high) / 2 - ground.middle) <= _CENTRED * size).all()
        slack = (_STICK_OUT if is_centred else FITS) * size
        if (origin + low >= first - slack).all() and (origin + high <= last + slack).all():
            places.append(origin)
    return places[0] if len(places) == 1 else None


def _turning(angle: float) -> Floats:
    """The matrix that turns columns counter-clockwise."""
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _pair(values: Floats) -> tuple[float, float]:
    return float(values[0]), float(values[1])
