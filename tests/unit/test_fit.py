"""The area as a service takes it. The invented services differ in their rule only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from shapely.geometry import MultiPolygon, Polygon, box, mapping, shape
from shapely.ops import unary_union

from cutout.core.errors import AreaError
from cutout.core.fit import apart, prepared
from cutout.core.model import ExportRequest
from cutout.core.provider import AreaKind, AreaRule, Provider

TRIANGLE = Polygon([(16.34, 48.20), (16.36, 48.20), (16.34, 48.21)])
RING = Polygon(box(16.30, 48.20, 16.33, 48.22).exterior, [box(16.31, 48.205, 16.32, 48.215).exterior])
ISLANDS = MultiPolygon(
    [box(16.30, 48.20, 16.31, 48.21), box(16.32, 48.20, 16.33, 48.21), box(16.35, 48.23, 16.36, 48.24)]
)


class Rectangles(Provider):
    id = title = "Rectangles"
    area = AreaRule(AreaKind.BBOX)


class OnePiece(Provider):
    id = title = "One piece"
    area = AreaRule(AreaKind.POLYGON, parts=False, holes=False)


class Models(Provider):
    id = title = "Models"
    area = AreaRule(AreaKind.NONE, required=False)


def request(area: Any) -> ExportRequest:
    return ExportRequest("x", "https://x", area=None if area is None else mapping(area))


def sent(service: type[Provider], area: Any) -> Any:
    return shape(prepared(service, request(area)).sent)


def test_a_rectangle_service_gets_the_bounding_box_and_the_person_is_told_by_how_much_it_is_more() -> None:
    ready = prepared(Rectangles, request(TRIANGLE))
    assert shape(ready.sent).equals(box(*TRIANGLE.bounds))
    assert ready.notes == ("Rectangles takes rectangles: 1.65 km², 100.0 % (0.83 km²) more.",)


def test_a_rectangle_stays_a_rectangle_without_a_word() -> None:
    area = box(16.34, 48.20, 16.36, 48.21)
    ready = prepared(Rectangles, request(area))
    assert shape(ready.sent).equals(area) and ready.notes == ()


def test_no_box_goes_round_the_globe() -> None:
    both_sides = MultiPolygon([box(179, -18, 180, -17), box(-180, -18, -179, -17)])
    for service in (Rectangles, OnePiece):
        with pytest.raises(AreaError, match="antimeridian"):
            prepared(service, request(both_sides))
    assert len(apart(OnePiece, request(both_sides))) == 2


@pytest.mark.parametrize("area", [RING, ISLANDS], ids=["hole", "parts"])
def test_one_polygon_covers_parts_and_holes_with_little_more(area: Any) -> None:
    covering = sent(OnePiece, area)
    assert covering.geom_type == "Polygon" and not covering.interiors and covering.is_valid and covering.covers(area)
    filled = unary_union([Polygon(part.exterior) for part in getattr(area, "geoms", [area])])
    assert covering.area < filled.area * 1.01
    note = prepared(OnePiece, request(area)).notes[0]
    assert note.startswith("One polygon around everything: ") and "-" not in note
    assert covering.exterior.is_ccw  # RFC 7946


@pytest.mark.parametrize(("area", "count"), [(RING, 2), (ISLANDS, 3), (TRIANGLE, 1)], ids=["hole", "parts", "simple"])
def test_apart_the_parts_are_the_area(area: Any, count: int) -> None:
    parts = [shape(one.area) for one in apart(OnePiece, request(area))]
    assert len(parts) == count
    assert all(part.geom_type == "Polygon" and not part.interiors and part.exterior.is_ccw for part in parts)
    assert unary_union(parts).symmetric_difference(area).area < 1e-12
    assert all(prepared(OnePiece, one).notes == () for one in apart(OnePiece, request(area)))


def test_scattered_islands_are_bridged_whatever_their_number() -> None:
    many = MultiPolygon([box(x / 10, y / 10, x / 10 + 0.03, y / 10 + 0.03) for x in range(12) for y in range(12)])
    covering = sent(OnePiece, many)
    assert covering.covers(many) and covering.geom_type == "Polygon"


def test_a_service_without_areas_is_sent_none() -> None:
    assert prepared(Models, request(TRIANGLE)).sent is None
    assert apart(Models, request(ISLANDS)) == (request(ISLANDS),)
    assert apart(Rectangles, request(None)) == (request(None),)


# What overlays of layers leave behind


SLIVER = Polygon([(16.4, 48.2), (16.4 + 1e-13, 48.21), (16.4, 48.22)])


@pytest.mark.parametrize("width", [0.0, 1e-14, 1e-13, 1e-12])
def test_a_hole_of_no_width_is_no_order_of_its_own(width: float) -> None:
    edge = float(np.nextafter(16.31, 17.0)) if not width else 16.31 + width
    area = Polygon(box(16.30, 48.20, 16.33, 48.22).exterior, [[(16.31, 48.205), (edge, 48.21), (16.31, 48.215)]])
    assert len(apart(OnePiece, request(area))) == 1
    assert sent(OnePiece, area).equals(Polygon(area.exterior))


def test_a_part_of_no_width_is_no_order_of_its_own() -> None:
    area = MultiPolygon([box(16.30, 48.20, 16.33, 48.22), SLIVER])
    assert len(apart(OnePiece, request(area))) == 1
    assert sent(OnePiece, area).equals(area.geoms[0])


def test_an_area_of_slivers_alone_is_kept() -> None:
    tiny = MultiPolygon([box(16.3, 48.2, 16.300005, 48.200005), box(16.4, 48.2, 16.400005, 48.200005)])
    assert len(apart(OnePiece, request(tiny))) == 2 and sent(OnePiece, tiny).covers(tiny)


@pytest.mark.parametrize("corner", [(179.9, -18.0), (-180.0, -18.0), (10.0, 89.7)], ids=["east", "west", "pole"])
def test_bridges_stay_on_the_globe(corner: tuple[float, float]) -> None:
    x, y = corner
    area = MultiPolygon([box(x, y, x + 0.1, y + 0.1), box(x, y + 0.2, x + 0.1, y + 0.3)])
    west, south, east, north = sent(OnePiece, area).bounds
    assert box(-180, -90, 180, 90).covers(box(west, south, east, north))
    assert sent(OnePiece, area).is_valid and sent(OnePiece, area).covers(area)
