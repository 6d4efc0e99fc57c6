"""The rings of areas with very many parts, as shapely has them and with the area on their left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.prepared import prep

from cutout.core.aoi import covered, from_geometries
from cutout.core.polygons import gone_round, joined, outlines, positions, ring_area, ring_areas

LAKE = Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 2, 2).exterior, box(2.5, 2.5, 3, 3).exterior])
HIGH = Polygon([(9, 0, 7.0), (9, 1, 7.0), (10, 1, 7.0)])


@pytest.mark.parametrize("shape", [LAKE, HIGH, MultiPolygon([LAKE, HIGH]), Polygon(), MultiPolygon()])
def test_rings_are_all_there_with_the_area_on_their_left(shape: BaseGeometry) -> None:
    parts = [part for part in getattr(shape, "geoms", [shape]) if not part.is_empty]
    expected = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    found = outlines(shape)
    assert positions(shape) == sum(len(ring.coords) for ring in expected)
    assert len(found) == len(expected)
    for ring, there in zip(found, expected):
        assert ring.tolist() in ([list(place[:2]) for place in there.coords][::step] for step in (1, -1))
    assert sum(ring_area(ring) for ring in found) == pytest.approx(shape.area)
    assert [area > 0 for area in ring_areas(found)] == [number == 0 for part in parts
                                                         for number in range(1 + len(part.interiors))]  # fmt: skip


def test_area_of_small_rings_far_from_the_origin() -> None:
    rings = [np.array(box(179 + n, 89, 179 + n + 1e-6, 89 + 1e-6).exterior.coords) for n in (0, 0.5)]
    assert ring_areas(rings) == pytest.approx([1e-12, 1e-12], rel=1e-3)


def test_parts_that_overlap_become_one_valid_shape_with_nothing_lost() -> None:
    discs = [Point(x / 2, 0).buffer(1) for x in range(5)]
    shape = joined([Polygon(disc.exterior.coords[::-1]) for disc in discs])
    assert shape.is_valid and shape.geom_type == "Polygon" and shape.exterior.is_ccw
    assert all(shape.buffer(1e-9).covers(disc) for disc in discs)


EDGES = st.tuples(st.integers(0, 7), st.integers(1, 3))  # where a side begins, and its length
BOXES = st.lists(st.tuples(EDGES, EDGES, st.booleans()), min_size=1, max_size=12)


@given(boxes=BOXES)
@settings(max_examples=80, deadline=None)
def test_what_rings_go_round_is_told_cell_by_cell(boxes: list[tuple[tuple[int, int], tuple[int, int], bool]]) -> None:
    turns = np.zeros((10, 10), int)
    rings = []
    for (west, wide), (south, high), is_hole in boxes:
        ring = np.array(box(west, south, west + wide, south + high, ccw=not is_hole).exterior.coords)
        rings.append(ring)
        turns[west : west + wide, south : south + high] += -1 if is_hole else 1
    cells = [box(*place, *(place + 1)) for place in np.argwhere(turns > 0)]
    assert gone_round(rings).symmetric_difference(unary_union(cells)).area == pytest.approx(0, abs=1e-12)


def test_thousands_of_islets_beside_a_coast() -> None:
    rng = np.random.default_rng(9)
    islets = [box(x, y, x + 0.002, y + 0.001) for x, y in rng.uniform((5, 60), (7, 62), (2000, 2))]
    area = from_geometries([box(7, 60, 9, 62), *islets], "EPSG:4326")
    cover = covered(area, 100)
    assert cover.area.geometry.is_valid and prep(cover.area.geometry).covers(area.geometry)
    assert cover.vertices_after <= 100 and cover.extra < 1.1  # the sea between the islets is as large as the land


@settings(max_examples=10, deadline=None)
@given(
    teeth=st.lists(st.integers(1, 60), min_size=20, max_size=80),
    islets=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=60, unique=True),
    lon=st.sampled_from([6.0, -179.95, 179.2]),
    most=st.sampled_from([12, 40, 90]),
)
def test_fjords_with_islets_in_them(teeth: list[int], islets: list[tuple[int, int]], lon: float, most: int) -> None:
    coast = [(lon + i / len(teeth), 62 + (tooth if i % 2 else -tooth) / 200) for i, tooth in enumerate(teeth)]
    shore = Polygon([*coast, (lon + 1, 61.2), (lon, 61.2)])
    small = [box(lon + x / 110, 61.6 + y / 120, lon + x / 110 + 0.004, 61.604 + y / 120) for x, y in islets]
    area = from_geometries([shore, *small], "EPSG:4326")
    cover = covered(area, most)
    assert cover.area.geometry.is_valid and cover.area.geometry.covers(area.geometry)
    assert cover.vertices_after <= most
