"""A part of Vienna in three dimensions, as the city models it: the data behind the stand-ins that export 3D models.

``data/vienna.jsonl.gz`` holds buildings only. The ground under them is drawn from the heights at which they stand,
since no other elevation model of the place is at hand: true at the buildings, where each counts with its lowest point
(so the city's description of the data has it), and a guess between them.

    for part in parts():
        part.triangles      (n, 3, 3) east, north, height
        part.kinds          (n,) "ground", "roof" or "wall"
    ground_height(x, y)     of the ground between
    PLACE                   (west, south, east, north) in degrees

Metres throughout: EPSG:32633 (UTM zone 33 north) and height above the Adriatic. Read once, when first asked for (two
seconds).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon
from shapely.ops import unary_union

from .city_faces import triangles_of

SOURCE = Path(__file__).parent / "data" / "vienna.jsonl.gz"
# EPSG:31256 with the transformation EPSG:1618 spelt out, whose 1.5 m do here: PROJ would take whatever it has.
SOURCE_CRS = (
    "+proj=tmerc +lat_0=0 +lon_0=16.3333333333333 +k=1 +x_0=0 +y_0=-5000000 +ellps=bessel "
    "+towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232 +units=m +no_defs"
)
EPSG = 32633
# The file's heights are above "Wiener Null", the zero of the city, which is 156.68 m above the Adriatic.
WIENER_NULL = 156.68
# West, south, east, north in degrees: the box around all buildings, written down so that it costs no reading.
PLACE = (16.34541, 48.202833, 16.352455, 48.207839)
KINDS = {"GroundSurface": "ground", "RoofSurface": "roof", "WallSurface": "wall"}


@dataclass(frozen=True)
class Part:
    """One closed body of a building. A building of one body is its own only part.

    ``triangles``: (n, 3, 3) metres, outside to the front; ``kinds``: (n,) what each belongs to, "ground", "roof" or
    "wall"; ``ground``: its footprint; ``base``, ``top``: height of its ground and of its highest point.
    """

    id: str
    building: str
    triangles: np.ndarray
    kinds: np.ndarray
    ground: Polygon | MultiPolygon
    base: float
    top: float


@dataclass(frozen=True)
class Building:
    """A building with its parts. ``ground``: the union of their footprints; ``base``, ``top``: lowest and highest."""

    id: str
    parts: tuple[Part, ...]
    ground: Polygon | MultiPolygon
    base: float
    top: float


@lru_cache(maxsize=1)
def parts() -> tuple[Part, ...]:
    """All 490 bodies, in the order of the file."""
    return tuple(_read())


@lru_cache(maxsize=1)
def buildings() -> tuple[Building, ...]:
    """All 149 buildings, in the order of the file."""
    grouped: dict[str, list[Part]] = {}
    for part in parts():
        grouped.setdefault(part.building, []).append(part)
    return tuple(
        Building(
            name,
            tuple(members),
            unary_union([part.ground for part in members]),
            min(part.base for part in members),
            max(part.top for part in members),
        )
        for name, members in grouped.items()
    )


def ground_height(x: Any, y: Any) -> Any:
    """Height of the ground in metres at places in EPSG:32633; numbers or arrays of one shape.

    The mean of what the buildings stand on, weighted by the inverse square of the distance.
    """
    known = _ground_points()
    at = np.stack([np.ravel(x), np.ravel(y)], axis=1)
    heights = np.empty(len(at))
    for start in range(0, len(at), 4096):
        few = at[start : start + 4096]
        squares = ((few[:, None, :] - known[None, :, :2]) ** 2).sum(axis=2)
        weights = 1 / (squares + 1.0)  # the metre keeps it finite, and smooth at a building
        heights[start : start + 4096] = weights @ known[:, 2] / weights.sum(axis=1)
    return float(heights[0]) if np.ndim(x) == 0 else heights.reshape(np.shape(x))


def to_utm(lon: Any, lat: Any) -> tuple[Any, Any]:
    """EPSG:4326, longitude first, to EPSG:32633; numbers or arrays."""
    x, y = _transformer(4326, EPSG).transform(lon, lat)
    return x, y


def to_degrees(x: Any, y: Any) -> tuple[Any, Any]:
    """EPSG:32633 to EPSG:4326, longitude first; numbers or arrays."""
    lon, lat = _transformer(EPSG, 4326).transform(x, y)
    return lon, lat


@lru_cache(maxsize=1)
def _ground_points() -> np.ndarray:
    """(n, 3): a point inside of each part's footprint, at the height of its ground."""
    inside = [(part.ground.representative_point(), part.base) for part in parts()]
    return np.array([(point.x, point.y, base) for point, base in inside])


@lru_cache(maxsize=8)
def _transformer(source: int | str, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _read() -> Iterator[Part]:
    """CityJSON 1.1, one feature a line, https://www.cityjson.org/specs/1.1.3/#text-sequences-and-streaming-with-cityjsonfeature"""
    with gzip.open(SOURCE, "rt", encoding="utf-8") as lines:
        transform = json.loads(next(lines))["transform"]
        for line in lines:
            feature = json.loads(line)
            corners = np.array(feature["vertices"]) * transform["scale"] + transform["translate"]
            x, y = _transformer(SOURCE_CRS, EPSG).transform(corners[:, 0], corners[:, 1])
            corners = np.stack([x, y, corners[:, 2] + WIENER_NULL], axis=1)
            for name, thing in feature["CityObjects"].items():
                surfaces = [shape for shape in thing.get("geometry", []) if shape["type"] == "MultiSurface"]
                for shape in surfaces:  # the Solid beside it has the same faces without their meaning
                    yield _part(name, thing.get("parents", [name])[0], shape, corners)


def _part(name: str, building: str, shape: dict[str, Any], corners: np.ndarray) -> Part:
    triangles: list[np.ndarray] = []
    kinds: list[str] = []
    grounds: list[Polygon] = []
    meanings = [KINDS[surface["type"]] for surface in shape["semantics"]["surfaces"]]
    for face, meaning in zip(shape["boundaries"], shape["semantics"]["values"]):
        rings = [corners[ring] for ring in face]
        found = triangles_of(rings)
        triangles.append(found)
        kinds += [meanings[meaning]] * len(found)
        if meanings[meaning] == "ground":
            grounds.append(Polygon(rings[0][:, :2], [ring[:, :2] for ring in rings[1:]]).buffer(0))
    every = np.concatenate(triangles)
    ground = unary_union(grounds)
    bottom = every[np.array(kinds) == "ground"]
    return Part(name, building, every, np.array(kinds), ground, float(bottom[..., 2].min()), float(every[..., 2].max()))
