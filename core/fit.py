"""The area as a service takes it: fewer vertices, one piece, or its bounding box, and by how much that is more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.polygon import orient
from shapely.ops import unary_union

from .aoi import Area, covered, from_geojson, percent
from .errors import AreaError
from .islands import bridges
from .model import ExportRequest
from .polygons import Shape, polygons, rings
from .provider import AreaKind, Provider

BRIDGE = 1e-5  # degrees, about a metre: half the width of what joins the parts of an area
SLIVER = BRIDGE**2  # square degrees; smaller parts and holes are what overlays of layers leave behind
_WORLD = box(-180, -90, 180, 90)
TOLD_FROM = 0.0005  # as a part of the area; less than that is more is not worth a word


def prepared(provider: type[Provider] | Provider, request: ExportRequest) -> ExportRequest:
    """The request with the area as the service takes it, and what that changes for the person.

    Errors: AreaError when the area can't be used.
    """
    rule = provider.area
    if request.sent is not None or rule.kind is AreaKind.NONE:
        return request
    if request.area is None:
        return replace(request, sent=provider.extent(request))
    area = from_geojson(dict(request.area))
    if rule.kind is AreaKind.BBOX:
        area = _told(_rectangle(area, provider.title), area, f"{provider.title} takes rectangles", TOLD_FROM)
    elif not (rule.parts and rule.holes) and not _is_simple(area.geometry):
        area = _told(_in_one_piece(area, provider.title), area, "One polygon around everything", 0.0)
    if rule.max_vertices and area.vertices > rule.max_vertices:
        cover = covered(area, rule.max_vertices)
        area = replace(cover.area, notes=(*area.notes, cover.sentence))
    return replace(request, sent=area.geojson, notes=area.notes)


def apart(provider: type[Provider] | Provider, request: ExportRequest) -> tuple[ExportRequest, ...]:
    """A request for each part of the area, for a service that takes no parts or no holes; else the request itself.

    A polygon with holes is cut through them, so together the parts are the area, but for slivers: each part may have
    its price. Errors: AreaError.
    """
    rule = provider.area
    if request.area is None or rule.kind is not AreaKind.POLYGON or (rule.parts and rule.holes):
        return (request,)
    area = from_geojson(dict(request.area))
    pieces = [Area(orient(piece)) for piece in _solid(_simple(_solid(polygons(area.geometry))))]
    return tuple(replace(request, area=piece.geojson) for piece in pieces) if len(pieces) > 1 else (request,)


def _rectangle(area: Area, service: str) -> Shape:
    _refuse_seam(area, service)
    return box(*area.geometry.bounds)


def _in_one_piece(area: Area, service: str) -> Shape:
    """The parts joined by bridges a few metres wide, and the holes filled."""
    _refuse_seam(area, service)
    outlines = [next(rings(part)) for part in _solid(polygons(area.geometry))]
    places = np.concatenate([ring[:-1] for ring in outlines])
    links = [LineString(places[list(pair)]).buffer(BRIDGE) for pair in bridges(outlines)]
    joined = list(polygons(unary_union([*map(Polygon, outlines), *links]).intersection(_WORLD)))
    if len(joined) > 1:
        raise AreaError(f"{service} takes one polygon, and this area is too scattered.", "Order its parts one by one.")
    return orient(Polygon(joined[0].exterior))


def _simple(parts: Iterable[Polygon]) -> Iterator[Polygon]:
    """Polygons without holes that together are the parts: each hole is cut from north to south."""
    for part in parts:
        if not part.interiors:
            yield part
            continue
        west, south, east, north = part.bounds
        widest = max(part.interiors, key=lambda ring: Polygon(ring).area)
        middle = (widest.bounds[0] + widest.bounds[2]) / 2
        for half in (box(west, south, middle, north), box(middle, south, east, north)):
            yield from _simple(polygons(part.intersection(half)))


def _solid(parts: Iterable[Polygon]) -> list[Polygon]:
    """The parts without slivers, neither as holes nor as parts, unless there is nothing else."""
    filled = [
        Polygon(part.exterior, [hole for hole in part.interiors if Polygon(hole).area > SLIVER]) for part in parts
    ]
    return [part for part in filled if part.area > SLIVER] or filled


def _is_simple(shape: Shape) -> bool:
    return [len(list(rings(part))) for part in polygons(shape)] == [1]


def _told(shape: Shape, area: Area, what: str, least: float) -> Area:
    """The area that is sent, with how much more it is, unless that is less than so great a part of the area."""
    sent = Area(shape, area.notes)
    more = max(0.0, sent.km2 - area.km2)
    if more < least * area.km2:
        return sent
    sentence = f"{what}: {_km2(sent.km2)}, {percent(more / area.km2)} ({_km2(more)}) more."
    return replace(sent, notes=(*area.notes, sentence))


def _km2(size: float) -> str:
    return f"{size:,.2f} km²" if size >= 0.01 else f"{size * 1e6:,.0f} m²"


def _refuse_seam(area: Area, service: str) -> None:
    if area.crosses_antimeridian:
        raise AreaError(
            f"The area lies over the antimeridian, and {service} takes only one piece.",
            "Order what is on each side by itself.",
        )
