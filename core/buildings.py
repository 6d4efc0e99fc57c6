"""The buildings of a city model as polygons with heights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon
from shapely.ops import unary_union

from .city import STEEP, City
from .mesh import Flags, Floats, Indices, Mesh, normals
from .polygons import Shape, joined, polygons

LEAST = 0.1  # square metres of a building: chimneys that stand alone are in city models too
_GAP = 0.05  # square metres: a hole so small is where rounded edges don't quite meet
_STRAIGHT = 0.005  # metres: corners that lie so near to the line between their neighbours are left out
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


def buildings(city: City) -> Iterator[Building]:
    """Each building that has a footprint that is large enough."""
    surface = city.surface
    chosen = np.flatnonzero(city.buildings >= 0)
    order = chosen[np.argsort(city.buildings[chosen], kind="stable")]
    across = normals(surface)
    ends = np.flatnonzero(np.diff(city.buildings[order], append=-2)) + 1
    start = 0
    for end in ends:
        its, start = order[start:end], end
        building = _building(surface, its, across[its])
        if building is not None:
            yield building


def _building(surface: Mesh, its: Indices, across: Floats) -> Building | None:
    corners = surface.vertices[surface.triangles[its]]
    unit_z = across[:, 2] / np.maximum(np.linalg.norm(across, axis=1), 1e-12)
    if _is_inside_out(corners, across):
        unit_z = -unit_z
    level = np.abs(unit_z) > STEEP
    if np.abs(across[level, 2]).sum() / 2 < LEAST:
        return None
    roof = unit_z > STEEP if (unit_z > STEEP).any() else level
    footprint = _footprint(corners[_enough(level, roof, across)][:, :, :2])
    if footprint is None:
        return None
    base, top, eaves = corners[:, :, 2].min(), corners[:, :, 2].max(), corners[roof][:, :, 2].min()
    weight = np.abs(across[:, 2])
    is_flat = weight[roof & (np.abs(unit_z) >= _FLAT)].sum() >= _MOSTLY * weight[roof].sum()
    part = surface.parts[its[0]]
    name = surface.names[part] if part >= 0 and len(surface.names) > 1 else ""
    return Building(footprint, float(base), float(top - base), float(eaves - base), bool(is_flat), name)


def _enough(level: Flags, roof: Flags, across: Floats) -> Flags:
    """The faces whose union is the footprint: of a closed body, whose two sides are equal, the lower side does."""
    below = level & ~roof
    lower, upper = (np.abs(across[side, 2]).sum() for side in (below, roof))
    return below if abs(lower - upper) <= _EQUAL * upper and lower > 0 else level


def _is_inside_out(corners: Floats, across: Floats) -> bool:
    """Whether the normals point inwards: then the volume, summed over the faces, is negative."""
    middle = corners.mean(axis=(0, 1))
    return bool(np.einsum("ij,ij->", corners.mean(axis=1) - middle, across) < 0)


def _footprint(triangles: Floats) -> Shape | None:
    """What the faces cover, seen from above."""
    edges = triangles[:, 1:] - triangles[:, :1]
    has_area = np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]) > 1e-9
    covered = unary_union([Polygon(triangle) for triangle in triangles[has_area]])
    found = [_tidied(part) for part in polygons(covered) if part.area >= _GAP]
    return joined(found) if sum(part.area for part in found) >= LEAST else None


def _tidied(part: Polygon) -> Polygon:
    holes = [hole for hole in part.interiors if Polygon(hole).area >= _GAP]
    shape = Polygon(part.exterior, holes)
    simple = shape.simplify(_STRAIGHT)
    return simple if isinstance(simple, Polygon) and simple.is_valid and not simple.is_empty else shape
