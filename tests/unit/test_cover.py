"""The covering polygon: it covers, it is valid, it has few enough vertices, and it adds little."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from cutout.core.aoi import Area, Cover, covered, from_bbox, from_geometries
from cutout.core.errors import AreaError

DATA = Path(__file__).parents[1] / "standin" / "data"


def naturalearth() -> list[BaseGeometry]:
    """The countries of the committed shapefile, each record as its rings say (polygons only, no library)."""
    content = (DATA / "naturalearth_lowres.shp").read_bytes()
    at, countries = 100, []
    while at < len(content):
        size = 2 * struct.unpack(">i", content[at + 4 : at + 8])[0]
        record = content[at + 8 : at + 8 + size]
        ring_count, point_count = struct.unpack("<2i", record[36:44])
        starts = [*struct.unpack(f"<{ring_count}i", record[44 : 44 + 4 * ring_count]), point_count]
        points = np.frombuffer(record, "<f8", 2 * point_count, 44 + 4 * ring_count).reshape(-1, 2)
        rings = [Polygon(points[a:b]) for a, b in zip(starts, starts[1:])]
        islands = [ring for ring in rings if not ring.exterior.is_ccw]  # a hole runs the other way
        lakes = [ring for ring in rings if ring.exterior.is_ccw]
        countries.append(MultiPolygon(islands).difference(MultiPolygon(lakes)) if lakes else MultiPolygon(islands))
        at += 8 + size
    return countries


def coast(seed: int, vertices: int, lon: float = 170, lat: float = -42, radius: float = 4) -> Polygon:
    """An island with a coast that is rough at every scale, by midpoints put aside at random (fjords included)."""
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * math.pi, 13)[:-1]
    ring = np.column_stack((np.cos(angles), np.sin(angles)))
    while len(ring) < vertices:
        ahead = np.roll(ring, -1, axis=0) - ring
        aside = np.column_stack((-ahead[:, 1], ahead[:, 0])) * rng.uniform(-0.28, 0.28, (len(ring), 1))
        ring = np.stack((ring, ring + ahead / 2 + aside), axis=1).reshape(-1, 2)
    return Polygon(ring[:vertices] * (radius, radius) + (lon, lat))


def assert_covers(cover: Cover, area: Area, most: int) -> None:
    geometry = cover.area.geometry
    assert geometry.is_valid and geometry.covers(area.geometry)
    assert shape(json.loads(json.dumps(cover.area.geojson))).covers(area.geometry)
    assert cover.vertices_before == area.vertices
    assert cover.vertices_after == cover.area.vertices <= most or cover.area is area
    assert cover.extra >= 0
    west, south, east, north = geometry.bounds
    assert west >= -180 and south >= -90 and east <= 180 and north <= 90
    assert all(part.exterior.is_ccw for part in getattr(geometry, "geoms", [geometry]))


def buffered(area: Area, most: int) -> BaseGeometry:
    """What people do: a buffer, simplified by half of it, as narrow as the limit allows."""
    low, high, found = 0.0, 5.0, area.geometry.envelope
    for _ in range(10):
        middle = (low + high) / 2
        tried = area.geometry.buffer(middle).simplify(middle / 2)
        count = sum(len(part.exterior.coords) + sum(len(hole.coords) for hole in part.interiors)
                    for part in getattr(tried, "geoms", [tried]))  # fmt: skip
        low, high, found = (low, middle, tried) if count <= most else (middle, high, found)
    return found


def test_area_within_the_limit_is_left_as_it_is() -> None:
    area = from_bbox(0, 0, 1, 1)
    cover = covered(area, 5)
    assert cover.area is area and cover.extra == 0 and cover.vertices_after == 5


@pytest.mark.parametrize(
    ("extra", "said"),
    [(0.004, "+0.4 % area"), (0.125, "+12.5 % area"), (0.00025, "+0.025 % area"), (1e-9, "+0.001 % area")],
)
def test_sentence(extra: float, said: str) -> None:
    cover = Cover(from_bbox(0, 0, 1, 1), 12_340, 998, extra)
    assert cover.sentence == f"12,340 → 998 vertices, {said}"


def test_notes_stay_with_the_cover() -> None:
    area = from_geometries([coast(1, 500), Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], "EPSG:4326")
    assert area.notes and covered(area, 100).area.notes == area.notes


def test_straight_edges_cost_nothing() -> None:
    """A rectangle with a vertex every few metres is the rectangle."""
    steps, zero, one = np.linspace(0, 1, 3001)[:-1], np.zeros(3000), np.ones(3000)
    sides = ((steps, zero), (one, steps), (1 - steps, one), (zero, 1 - steps))
    ring = np.vstack([np.column_stack(side) for side in sides])
    area = from_geometries([Polygon(ring)], "EPSG:4326")
    cover = covered(area, 5)
    assert_covers(cover, area, 5)
    assert cover.extra < 1e-7


def test_extra_is_how_much_larger_the_cover_is() -> None:
    area = from_geometries([coast(2, 3000)], "EPSG:4326")
    cover = covered(area, 100)
    assert cover.extra == pytest.approx(cover.area.km2 / area.km2 - 1, rel=0.02)


@pytest.mark.parametrize("most", [40, 200])
def test_adds_less_than_half_of_what_a_buffer_adds(most: int) -> None:
    area = from_geometries([coast(3, 1000)], "EPSG:4326")
    cover = covered(area, most)
    assert_covers(cover, area, most)
    assert cover.vertices_after >= 0.9 * most
    assert cover.extra < 0.5 * (buffered(area, most).area / area.geometry.area - 1)


def test_more_vertices_add_less() -> None:
    area = from_geometries([coast(4, 4000)], "EPSG:4326")
    extras = [covered(area, most).extra for most in (10, 100, 1000)]
    assert extras == sorted(extras, reverse=True) and extras[-1] < 0.01 < extras[0]


def test_countries() -> None:
    """Islands, fjords and enclaves, and Russia and Fiji over the antimeridian."""
    drawn = [country for country in naturalearth() if country.bounds[2] == 180 or len(country.wkb) > 16 * 300]
    areas = [from_geometries([country], "EPSG:4326") for country in drawn]
    assert len(areas) > 4 and sum(area.crosses_antimeridian for area in areas) == 2
    for area in areas:
        for most in (10, 60):
            assert_covers(covered(area, most), area, most)


def test_counties() -> None:
    features = json.loads((DATA / "colorado-counties.geojson").read_text(encoding="utf-8"))["features"]
    area = from_geometries([shape(feature["geometry"]) for feature in features], "EPSG:4326")
    cover = covered(area, area.vertices // 5)
    assert_covers(cover, area, area.vertices // 5)
    assert cover.extra < 0.01


def test_lakes_stay_where_there_are_vertices_for_them() -> None:
    lakes = [coast(5, 800, radius=1).exterior, coast(6, 60, lon=172.2, radius=0.02).exterior]
    area = from_geometries([Polygon(box(167, -45, 173, -39).exterior, lakes)], "EPSG:4326")
    cover = covered(area, 60)
    assert_covers(cover, area, 60)
    large, small = (Polygon(lake) for lake in lakes)
    left = [Polygon(hole) for hole in cover.area.geometry.interiors]
    assert all(large.covers(hole) for hole in left) and sum(hole.area for hole in left) > 0.9 * large.area
    assert cover.area.geometry.covers(small)
    filled = covered(area, 5)
    assert_covers(filled, area, 5)
    assert filled.area.geometry.area == pytest.approx(36, rel=1e-6)


def test_many_islands() -> None:
    """More islands than rectangles would fit: near ones are joined, those far away aren't joined to them."""
    rng = np.random.default_rng(7)
    near = [coast(i, 40, 170 + x, -42 + y, 0.01) for i, (x, y) in enumerate(rng.uniform(0, 1, (120, 2)))]
    far = coast(999, 400, 178, -30, 0.5)
    area = from_geometries([*near, far], "EPSG:4326")
    cover = covered(area, 100)
    assert_covers(cover, area, 100)
    assert len(cover.area.geometry.geoms) >= 2 and not cover.area.geometry.intersects(Point(174, -36))
    assert cover.area.geometry.area < 1.2 + 1.1 * far.area


def test_bridges_between_islands_are_not_land() -> None:
    area = from_geometries([coast(8, 300, 170), coast(9, 300, 179 - 4.5)], "EPSG:4326")
    cover = covered(area, 80)
    assert_covers(cover, area, 80)
    assert cover.extra < 0.2


class TestEdgeOfTheWorld:
    def test_cover_stays_in_parts(self) -> None:
        area = from_geometries([coast(10, 2000, lon=180)], "EPSG:4326")
        assert area.crosses_antimeridian
        for most in (10, 50, 300):
            cover = covered(area, most)
            assert_covers(cover, area, most)
            assert cover.area.crosses_antimeridian and cover.area.bounds[0] > cover.area.bounds[2]
            assert not cover.area.geometry.intersects(box(-170, -80, 170, 80))

    def test_too_few_for_both_sides(self) -> None:
        area = from_geometries([coast(10, 2000, lon=180)], "EPSG:4326")
        with pytest.raises(AreaError, match="can't be covered with 7 vertices") as refused:
            covered(area, 7)
        assert "10" in refused.value.advice

    def test_fewer_than_a_rectangle_has(self) -> None:
        with pytest.raises(AreaError, match="4 vertices"):
            covered(from_bbox(0, 0, 1, 1), 4)

    def test_nothing_reaches_beyond_a_pole(self) -> None:
        area = from_bbox(-3e6, -3e6, 2e6, 2e6, crs="EPSG:3031")
        for most in (100, 1000):
            cover = covered(area, most)
            assert_covers(cover, area, most)
            assert cover.extra < 0.05 and cover.area.bounds[1] == -90


class TestAnyShape:
    """Drawn at random: whatever comes in, the promises hold."""

    @settings(max_examples=15, deadline=None)
    @given(
        rays=st.lists(st.integers(1, 100), min_size=12, max_size=60),
        lon=st.sampled_from([0, 24.7, 171, 179.5, -179.999]),
        lat=st.sampled_from([0, -41.3, 78]),
        size=st.sampled_from([1e-3, 0.1, 8]),
        most=st.sampled_from([10, 11, 17, 40]),
    )
    def test_stars(self, rays: list[int], lon: float, lat: float, size: float, most: int) -> None:
        turn = 2 * math.pi / len(rays)
        ring = [(lon + size * r / 100 * math.cos(i * turn), lat + size * r / 100 * math.sin(i * turn))
                for i, r in enumerate(rays)]  # fmt: skip
        area = from_geometries([Polygon(ring)], "EPSG:4326")
        assert_covers(covered(area, most), area, most)

    @settings(max_examples=15, deadline=None)
    @given(
        points=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=8, max_size=30, unique=True),
        hole=st.booleans(),
        most=st.sampled_from([5, 8, 12, 30]),
    )
    def test_rings_that_cross_themselves(self, points: list[tuple[int, int]], hole: bool, most: int) -> None:
        outer, inner = (points[: len(points) // 2], points[len(points) // 2 :]) if hole else (points, [])
        area_drawn = Polygon(outer, [inner] if hole else [])
        assume(area_drawn.convex_hull.area > 0)
        try:
            area = from_geometries([area_drawn], "EPSG:4326")
        except AreaError:  # all on a line, or the hole takes all of it
            assume(False)
        assert_covers(covered(area, most), area, most)

    @settings(max_examples=10, deadline=None)
    @given(
        boxes=st.lists(
            st.tuples(st.integers(-1800, 1790), st.integers(-800, 800), st.integers(1, 60), st.integers(1, 60)),
            min_size=3,
            max_size=40,
        ),
        most=st.sampled_from([10, 20, 50]),
    )
    def test_scattered_parts(self, boxes: list[tuple[int, int, int, int]], most: int) -> None:
        drawn = [box(x / 10, y / 10, min(180, (x + w) / 10), (y + h) / 10) for x, y, w, h in boxes]
        area = from_geometries(drawn, "EPSG:4326")
        assert_covers(covered(area, most), area, most)


def test_a_long_coast_with_islands() -> None:
    """Nearly thirty thousand vertices, of 40 islands, to the 1,000 that a service takes."""
    rng = np.random.default_rng(11)
    islands = [coast(20 + i, 250, 170 + x, -42 + y, 0.1) for i, (x, y) in enumerate(rng.uniform(-5, 5, (40, 2)))]
    area = from_geometries([coast(12, 24_000), *islands], "EPSG:4326")
    assert area.vertices > 25_000
    cover = covered(area, 1000)
    assert_covers(cover, area, 1000)
    assert cover.extra < 0.04
