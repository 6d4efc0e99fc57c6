"""The area: read from whatever people have, repaired, in longitude and latitude, split at the antimeridian.

An area is never made smaller on the way in. What was changed is told in its notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from pyproj import Geod
from shapely import wkb, wkt
from shapely.errors import ShapelyError
from shapely.geometry import Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from .cover import cover
from .errors import AreaError
from .globe import meeting_at_seam, narrow_edges, quarters, span, stepped
from .lonlat import Projection, projection
from .polygons import Shape, joined, polygons, positions, rings

_WGS84 = Geod(ellps="WGS84")
# What shapely says to coordinates that are none: version 1.8 takes one number for a failed assertion.
_MALFORMED = (
    ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, OverflowError,
    RecursionError,
)  # fmt: skip
_POLYGON_WANTED = "Draw or choose a polygon."


@dataclass(frozen=True)
class Area:
    """An area on the Earth.

    geometry: a valid polygon or multipolygon in EPSG:4326, longitude first, without heights, outer rings
    counter-clockwise and holes clockwise (RFC 7946). Longitudes are within ±180: what crosses the antimeridian is in
    parts. No edge is wider than 90 degrees, so none can be read as the way round the other side of the globe.
    notes: what was changed on the way in, a sentence each.
    """

    geometry: Shape
    notes: tuple[str, ...] = ()

    @cached_property
    def km2(self) -> float:
        """Square kilometres on the WGS 84 ellipsoid, edges being geodesics; holes are taken off."""
        every = (ring for piece in quarters(self.geometry) for part in polygons(piece) for ring in rings(part))
        return sum(float(_WGS84.polygon_area_perimeter(*ring.T)[0]) for ring in every) / 1e6  # of a hole, negative

    @property
    def vertices(self) -> int:
        """Positions as a service counts them: those of all rings, with the closing one of each."""
        return positions(self.geometry)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north. West is greater than east for an area over the antimeridian (RFC 7946, 5.2)."""
        west, south, east, north = self.geometry.bounds
        if self.crosses_antimeridian:
            west, east = span(self.geometry)
        return west, south, east, north

    @property
    def geojson(self) -> dict[str, Any]:
        """As a GeoJSON geometry. Positions are sent as they are, not rounded: what was checked is what is sent."""
        parts = [[ring.tolist() for ring in rings(part)] for part in polygons(self.geometry)]
        if self.geometry.geom_type == "Polygon":
            return {"type": "Polygon", "coordinates": parts[0]}
        return {"type": "MultiPolygon", "coordinates": parts}

    @property
    def crosses_antimeridian(self) -> bool:
        """Whether parts of it meet at ±180. What goes all round the globe in one part doesn't need to."""
        return meeting_at_seam(self.geometry)


@dataclass(frozen=True)
class Cover:
    """An area that covers another with fewer vertices. extra: what it adds, as a part of the area: 0.004 is 0.4 %."""

    area: Area
    vertices_before: int
    vertices_after: int
    extra: float

    @property
    def sentence(self) -> str:
        return f"{self.vertices_before:,} → {self.vertices_after:,} vertices, +{percent(self.extra)} area"


def covered(area: Area, max_vertices: int) -> Cover:
    """The area itself if it has few enough vertices, else the smallest that was found to cover it with no more.

    Errors: AreaError for fewer than five: a closed rectangle has that many.
    """
    before = area.vertices
    if before <= max_vertices:
        return Cover(area, before, before, 0.0)
    if max_vertices < 5:
        raise AreaError(f"No area can be covered with {max_vertices} vertices.", "Five are the least.")
    geometry, extra = cover(area.geometry, max_vertices)
    result = Area(geometry, area.notes)
    return Cover(result, before, result.vertices, extra)


def from_bbox(west: float, south: float, east: float, north: float, crs: object = "EPSG:4326") -> Area:
    """A rectangle of a map. West greater than east crosses the antimeridian, where the map repeats itself.

    What shows more than the world is cut to it. Errors: AreaError.
    """
    if not np.isfinite([west, south, east, north]).all():
        raise AreaError("The extent has no numbers.", "Zoom to a place, or type the extent anew.")
    source = projection(crs)
    if east < west and source.period:
        east = _beyond_seam(west, east, source.period)
    if not (west < east and south < north):
        raise AreaError("The extent is empty: its sides are not west, south, east and north.", "Choose it anew.")
    notes = []
    if source.period:
        first, bottom, last, top = source.world()
        is_wider = east - west > source.period * (1 + 1e-9)
        if is_wider or south < bottom or north > top:
            notes.append("Cut to the world: the extent showed more than that.")
        if is_wider:
            west, east = first, last
        south, north = max(south, bottom), min(north, top)
        if south >= north:
            raise AreaError("The extent lies beyond the poles.", "Zoom to a place on the Earth.")
    ring = np.array(box(west, south, east, north).exterior.coords)
    if source.period:  # so that an extent wider than half the world is not taken for the rest of it
        ring = stepped(ring, source.period / 4, source.period / 36)
    return _area([Polygon(ring)], source, notes)


def _beyond_seam(west: float, east: float, period: float) -> float:
    """The east of a rectangle over the antimeridian, counted on. More than half the world is a slip of the pen."""
    if east + period - west > period / 2:
        raise AreaError(
            f"The extent begins in the west at {west:g} and ends in the east at {east:g}.",
            "If it is not to go round the globe, swap the two.",
        )
    return east + period


def from_wkt(text: str, crs: object = "EPSG:4326") -> Area:
    """Well-known text; the CRS of EWKT (`SRID=2193;POLYGON ...`) goes before the one given. Errors: AreaError."""
    head, semicolon, rest = text.strip().partition(";")
    if semicolon and head.upper().startswith("SRID="):
        text, crs = rest, f"EPSG:{head[5:].strip()}"
    try:
        geometry = wkt.loads(text)
    except (ShapelyError, ValueError) as error:
        raise AreaError(
            "The text is not well-known text of a polygon.", "It begins like POLYGON ((174.7 -41.3, ..."
        ) from error
    return from_geometries([geometry], crs)


def from_geojson(document: Mapping[str, Any], crs: object = "EPSG:4326") -> Area:
    """A geometry, a feature, or all features of a collection as one area; a `crs` member of the older GeoJSON counts.

    Errors: AreaError.
    """
    try:
        named = (document.get("crs") or {}).get("properties", {}).get("name", crs)
        geometries = [shape(geometry) for geometry in _geometries(document)]
    except _MALFORMED as error:
        raise AreaError("The document is not GeoJSON of polygons.", _POLYGON_WANTED) from error
    return from_geometries(geometries, named)


def from_wkb(parts: Iterable[bytes], crs: object) -> Area:
    """Several polygons in well-known binary, as one area. Errors: AreaError."""
    try:
        geometries = [wkb.loads(bytes(part)) for part in parts]
    except (ShapelyError, ValueError) as error:
        raise AreaError("The shape is not one of polygons with straight edges.", _POLYGON_WANTED) from error
    return from_geometries(geometries, crs)


def from_geometries(parts: Iterable[BaseGeometry], crs: object) -> Area:
    """Several polygons as one area: they may overlap, cross themselves, and lie over the antimeridian or a pole.

    Errors: AreaError for what has no area, what isn't on the globe, and an unknown CRS.
    """
    return _area(parts, projection(crs), [])


def _area(parts: Iterable[BaseGeometry], source: Projection, notes: list[str]) -> Area:
    given = list(parts)
    found = [polygon for part in given for polygon in polygons(part)]
    if not found:
        what = "empty" if all(part.is_empty for part in given) else "of points or lines"
        raise AreaError(f"The area is {what}.", _POLYGON_WANTED)
    if not all(np.isfinite(ring).all() for polygon in found for ring in rings(polygon)):
        raise AreaError("The area has positions that are not numbers.", "Draw it anew, or repair the layer.")
    pieces: list[Polygon] = []
    repairs, split = 0, False
    for polygon in found:
        lonlat, valid = source.to_lonlat(polygon)
        pieces += polygons(lonlat)
        repairs += not valid
        split |= meeting_at_seam(lonlat)
    if not sum(piece.area for piece in pieces):
        raise AreaError("The area is a point or a line: its positions don't go round anything.", _POLYGON_WANTED)
    if repairs:
        notes.append("Repaired a polygon that crossed itself." if repairs == 1 else f"Repaired {repairs:,} polygons.")
    if split:
        notes.append("Split at the antimeridian.")
    return Area(narrow_edges(joined(pieces)), tuple(notes))


def _geometries(document: Mapping[str, Any]) -> Iterable[Any]:
    if document["type"] == "FeatureCollection":
        return [geometry for feature in document["features"] for geometry in _geometries(feature)]
    if document["type"] == "Feature":
        return _geometries(document["geometry"]) if document["geometry"] else []
    if document["type"] not in ("Polygon", "MultiPolygon", "GeometryCollection"):
        raise ValueError(document["type"])
    return [document]


def percent(part: float) -> str:
    """A part of a whole as a person reads it: 0.004 is 0.4 %."""
    return f"{100 * part:.1f} %" if part >= 0.001 else f"{max(100 * part, 0.001):.3f} %"
