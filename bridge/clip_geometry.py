"""Geometries of OGR for cutting: made of arrays and taken apart again. Runs in any thread: plain GDAL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from osgeo import ogr

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

_MULTI = (ogr.wkbMultiPoint, ogr.wkbMultiLineString, ogr.wkbMultiPolygon)  # by dimension

Points: TypeAlias = npt.NDArray[np.float64]
"""n rows of x and y, or of longitude and latitude."""

Extent: TypeAlias = tuple[float, float, float, float]
"""West, east, south, north, as OGR has it."""


def polygon(rings: Sequence[Points]) -> ogr.Geometry:
    """Of its outer ring and its holes."""
    head = np.array([len(rings)], "<u4").tobytes()
    body = (np.array([len(ring)], "<u4").tobytes() + ring.astype("<f8").tobytes() for ring in rings)
    return ogr.CreateGeometryFromWkb(b"\x01\x03\x00\x00\x00" + head + b"".join(body))


def rings_of(shape: ogr.Geometry) -> list[Points]:
    """The outer ring of a polygon and its holes, without heights."""
    rings = (shape.GetGeometryRef(number) for number in range(shape.GetGeometryCount()))
    return [np.array([point[:2] for point in ring.GetPoints()], dtype=float) for ring in rings]


def polygons_of(geometry: ogr.Geometry) -> Iterator[ogr.Geometry]:
    """Every polygon in a geometry, which has to live as long as they do."""
    if ogr.GT_Flatten(geometry.GetGeometryType()) == ogr.wkbPolygon:
        if not geometry.IsEmpty():
            yield geometry
        return
    for number in range(geometry.GetGeometryCount()):
        yield from polygons_of(geometry.GetGeometryRef(number))


def together(geometries: Iterable[ogr.Geometry]) -> ogr.Geometry:
    """The polygons of all of them as one geometry, joined where they meet."""
    every = ogr.Geometry(ogr.wkbMultiPolygon)
    for geometry in geometries:
        for part in polygons_of(geometry):
            every.AddGeometry(part)
    return ogr.ForceToMultiPolygon(every.UnionCascaded()) if every.GetGeometryCount() else every


def box(extent: Extent) -> ogr.Geometry:
    """A rectangle."""
    west, east, south, north = extent
    return polygon([np.array([(west, south), (east, south), (east, north), (west, north), (west, south)])])


def of_dimension(shape: ogr.Geometry, dimension: int) -> ogr.Geometry:
    """What of it has this dimension: an intersection also has the points and lines where two shapes only touch."""
    if ogr.GT_Flatten(shape.GetGeometryType()) != ogr.wkbGeometryCollection:
        return shape if shape.GetDimension() == dimension else ogr.Geometry(_MULTI[dimension])
    found = ogr.Geometry(_MULTI[dimension])
    for number in range(shape.GetGeometryCount()):
        part = of_dimension(shape.GetGeometryRef(number), dimension)
        if part.IsEmpty():
            continue
        is_multi = ogr.GT_IsSubClassOf(part.GetGeometryType(), ogr.wkbGeometryCollection)
        for member in [part.GetGeometryRef(i) for i in range(part.GetGeometryCount())] if is_multi else [part]:
            found.AddGeometry(member)
    return found
