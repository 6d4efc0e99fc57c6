"""Cuts one geometry after the other by one area. Runs in any thread: plain GDAL."""

from __future__ import annotations

from dataclasses import dataclass, field

from osgeo import ogr

from .clip_geometry import Extent, box, of_dimension

SURFACES = (ogr.wkbPolyhedralSurface, ogr.wkbTIN, ogr.wkbTriangle)  # walls too, which have no place on a map
_SMALL = 4096  # bytes; of so much of the area it takes no time to cut by it


class Scissors:
    """Cuts to an area. whole: how many geometries could not be cut, and so were left as they are."""

    def __init__(self, area: ogr.Geometry) -> None:
        self._prepared = area.CreatePreparedGeometry()
        self._root = _Piece(area, area.GetEnvelope())
        self.whole = 0

    def cut(self, shape: ogr.Geometry | None) -> ogr.Geometry | None:
        """What of it is in the area, in the same dimension: itself if that is all, None if nothing.

        A polygon that only touches the area is not in it. Of an invalid one its valid form is cut.
        """
        if shape is None or shape.IsEmpty():
            return None
        kind = ogr.GT_Flatten(shape.GetGeometryType())
        if kind == ogr.wkbGeometryCollection:
            return self._cut_members(shape)
        try:
            if kind in SURFACES:
                return self._left(shape) if self._prepared.Intersects(box(shape.GetEnvelope())) else None
            if self._prepared.Contains(shape):
                return shape
            if not self._prepared.Intersects(shape):
                return None
            part = self._cut(shape)
        except RuntimeError:  # a plugin's ogr.UseExceptions
            part = None
        if part is None:
            return self._left(shape)
        return None if part.IsEmpty() else part

    def _left(self, shape: ogr.Geometry) -> ogr.Geometry:
        self.whole += 1
        return shape

    def _cut(self, shape: ogr.Geometry) -> ogr.Geometry | None:
        """Empty if nothing is left, None if it can't be cut."""
        valid = shape if shape.IsValid() else shape.MakeValid()
        part = None if valid is None else valid.Intersection(self._root.around(shape.GetEnvelope()))
        return None if part is None else of_dimension(part, shape.GetDimension())

    def _cut_members(self, collection: ogr.Geometry) -> ogr.Geometry | None:
        """A collection can't be cut as a whole."""
        found = ogr.Geometry(collection.GetGeometryType())
        members = [collection.GetGeometryRef(number) for number in range(collection.GetGeometryCount())]
        parts = [self.cut(member) for member in members]
        for part in parts:
            if part is not None:
                found.AddGeometry(part)
        if all(part is member for part, member in zip(parts, members)):
            return collection
        return None if found.IsEmpty() else found


@dataclass
class _Piece:
    """A part of the area and its bounds, in quarters as soon as they are asked for: to cut a house by a coast of 50,000
    points took 4 ms."""

    shape: ogr.Geometry
    bounds: Extent
    quarters: dict[Extent, _Piece] = field(default_factory=dict)

    def around(self, envelope: Extent) -> ogr.Geometry:
        """What of the area there is in the envelope, with more around it."""
        if self.shape.WkbSize() <= _SMALL:
            return self.shape
        quarter = self._quarter(envelope)
        if quarter is None:
            return self.shape
        if quarter not in self.quarters:
            part = self.shape.Intersection(box(quarter))
            self.quarters[quarter] = _Piece(self.shape if part is None else of_dimension(part, 2), quarter)
        return self.quarters[quarter].around(envelope)

    def _quarter(self, envelope: Extent) -> Extent | None:
        """The bounds of the quarter that has all of the envelope."""
        west, east, south, north = self.bounds
        x, y = (west + east) / 2, (south + north) / 2
        left, right, bottom, top = envelope
        if left < x < right or bottom < y < top or not (west < x < east and south < y < north):
            return None
        across = (west, x) if right <= x else (x, east)
        up = (south, y) if top <= y else (y, north)
        return (*across, *up)
