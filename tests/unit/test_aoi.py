"""The area: what is read, kept, repaired and refused, and where on the Earth it ends up."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry

from cutout.core.aoi import Area, from_bbox, from_geojson, from_geometries, from_wkb, from_wkt
from cutout.core.errors import AreaError

GEOD = Geod(ellps="WGS84")
EARTH_KM2 = 510_065_621.724  # of the WGS 84 ellipsoid
BOW_TIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
STAR = Polygon([(0, 3), (2, -3), (-3, 1), (3, 1), (-2, -3)])


def parts(area: Area) -> list[Polygon]:
    return [area.geometry] if isinstance(area.geometry, Polygon) else list(area.geometry.geoms)


def signed(ring: Any) -> float:
    x, y = (np.asarray(ring.coords)[:, :2] - ring.coords[0][:2]).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())


def assert_sound(area: Area) -> None:
    """What every area promises."""
    assert area.geometry.is_valid and not area.geometry.is_empty and not area.geometry.has_z
    west, south, east, north = area.geometry.bounds
    assert -180 <= west < east <= 180 and -90 <= south < north <= 90
    for part in parts(area):
        assert signed(part.exterior) > 0
        assert all(signed(hole) < 0 for hole in part.interiors)
        for ring in (part.exterior, *part.interiors):
            assert np.abs(np.diff(np.asarray(ring.coords)[:, 0])).max() <= 90
    again = from_geojson(json.loads(json.dumps(area.geojson)))
    assert again.geometry.equals(area.geometry) and again.notes == () and again.bounds == area.bounds


def geodesic_km2(corners: list[tuple[float, float]]) -> float:
    return abs(GEOD.geometry_area_perimeter(Polygon(corners))[0]) / 1e6


class TestArea:
    def test_rectangle_stays_as_it_is(self) -> None:
        area = from_bbox(174, -42, 175, -41)
        assert area.geometry.equals(box(174, -42, 175, -41))
        assert area.vertices == 5 and area.bounds == (174, -42, 175, -41) and area.notes == ()
        assert not area.crosses_antimeridian
        assert area.km2 == pytest.approx(geodesic_km2([(174, -42), (175, -42), (175, -41), (174, -41)]), rel=1e-12)
        assert_sound(area)

    def test_known_areas(self) -> None:
        assert from_bbox(-180, -90, 180, 90).km2 == pytest.approx(EARTH_KM2, rel=1e-9)
        assert from_bbox(0, 0, 90, 90).km2 == pytest.approx(EARTH_KM2 / 8, rel=1e-9)
        assert from_bbox(-180, 0, 180, 90).km2 == pytest.approx(EARTH_KM2 / 2, rel=1e-9)

    def test_holes_are_taken_off_whatever_way_they_run(self) -> None:
        outer, hole = [(0, 0), (4, 0), (4, 4), (0, 4)], [(1, 1), (2, 1), (2, 2), (1, 2)]
        for ring in (hole, hole[::-1]):
            area = from_geometries([Polygon(outer, [ring])], "EPSG:4326")
            assert area.km2 == pytest.approx(geodesic_km2(outer) - geodesic_km2(hole), rel=1e-9)
            assert area.vertices == 10
            assert_sound(area)

    def test_parts_add_up(self) -> None:
        area = from_geometries([box(0, 0, 1, 1), box(5, 5, 6, 6)], "EPSG:4326")
        assert area.km2 == pytest.approx(from_bbox(0, 0, 1, 1).km2 + from_bbox(5, 5, 6, 6).km2, rel=1e-12)
        assert area.geojson["type"] == "MultiPolygon" and area.vertices == 10

    def test_overlapping_and_adjoining_polygons_become_one(self) -> None:
        area = from_geometries([box(0, 0, 2, 1), box(1, 0, 3, 1), box(3, 0, 4, 1)], "EPSG:4326")
        assert isinstance(area.geometry, Polygon) and area.geometry.equals(box(0, 0, 4, 1))

    def test_geojson_is_exactly_the_geometry(self) -> None:
        area = from_bbox(1700000.3, 5400000.1, 1710000, 5410000, crs="EPSG:2193")
        sent = shape(json.loads(json.dumps(area.geojson)))
        assert np.array_equal(np.asarray(sent.exterior.coords), np.asarray(area.geometry.exterior.coords))


class TestRepair:
    def test_bow_tie_keeps_both_lobes(self) -> None:
        area = from_geometries([BOW_TIE], "EPSG:4326")
        assert [part.area for part in parts(area)] == pytest.approx([1, 1])
        assert area.notes == ("Repaired a polygon that crossed itself.",)
        assert_sound(area)

    def test_bow_tie_on_a_map_in_metres(self) -> None:
        tie = Polygon([(0, 0), (2e5, 2e5), (2e5, 0), (0, 2e5)])
        area = from_geometries([tie], "EPSG:3857")
        assert len(parts(area)) == 2 and area.notes == ("Repaired a polygon that crossed itself.",)
        assert area.km2 == pytest.approx(2e4, rel=0.02)

    def test_star_keeps_its_middle(self) -> None:
        area = from_geometries([STAR], "EPSG:4326")
        assert area.geometry.contains(Point(0, 0)) and not parts(area)[0].interiors

    def test_area_gone_round_twice_is_kept(self) -> None:
        twice = Polygon([(0, 0), (3, 0), (3, 3), (0, 3), (0, 0), (1, 1), (2, 1), (2, 2), (1, 2), (1, 1)])
        assert from_geometries([twice], "EPSG:4326").geometry.equals(box(0, 0, 3, 3))

    def test_spike_goes_and_area_stays(self) -> None:
        spiked = Polygon([(0, 0), (2, 0), (2, 1), (5, 1), (2, 1), (2, 2), (0, 2)])
        area = from_geometries([spiked], "EPSG:4326")
        assert area.geometry.equals(box(0, 0, 2, 2)) and area.notes

    def test_hole_that_sticks_out(self) -> None:
        area = from_geometries([Polygon(box(0, 0, 4, 4).exterior, [box(3, 1, 6, 2).exterior])], "EPSG:4326")
        assert area.geometry.equals(box(0, 0, 4, 4).difference(box(3, 1, 6, 2)))
        assert_sound(area)

    @pytest.mark.parametrize(
        "text", ["POLYGON Z ((0 0 7, 2 0 7, 2 2 7, 0 0 7))", "POLYGON ((0 0 7, 2 0 7, 2 2 7, 0 0 7))"]
    )
    def test_heights_are_dropped(self, text: str) -> None:
        area = from_wkt(text)
        assert area.geometry.equals(Polygon([(0, 0), (2, 0), (2, 2)]))
        assert_sound(area)

    def test_measures_are_dropped(self) -> None:
        ring = (0, 0, 5, 1, 0, 5, 1, 1, 5, 0, 0, 5)
        measured = struct.pack("<bIII12d", 1, 2003, 1, 4, *ring)  # PolygonM in ISO WKB
        area = from_wkb([measured], "EPSG:4326")
        assert area.geometry.equals(Polygon([(0, 0), (1, 0), (1, 1)]))

    def test_lines_beside_polygons_are_dropped(self) -> None:
        area = from_wkt("GEOMETRYCOLLECTION (POINT (9 9), LINESTRING (5 5, 6 6), POLYGON ((0 0, 1 0, 1 1, 0 0)))")
        assert area.bounds == (0, 0, 1, 1)


class TestRefusal:
    @pytest.mark.parametrize(
        ("geometry", "said"),
        [
            (Point(1, 2), "points or lines"),
            (LineString([(0, 0), (1, 1)]), "points or lines"),
            (Polygon(), "empty"),
            (Polygon([(0, 0), (1, 1), (2, 2)]), "don't go round anything"),
            (Polygon([(0, 0), (0, 0), (0, 0)]), "don't go round anything"),
            (Polygon([(0, 0), (1, 0), (1, math.nan)]), "not numbers"),
            (Polygon([(0, 0), (1, 0), (1, math.inf)]), "not numbers"),
            (Polygon([(0, 80), (10, 80), (10, 95)]), "beyond the longitudes and latitudes"),
            (box(1700000, 5400000, 1710000, 5410000), "beyond the longitudes and latitudes"),
        ],
    )
    def test_in_words(self, geometry: BaseGeometry, said: str) -> None:
        with pytest.raises(AreaError, match=said) as refused:
            from_geometries([geometry], "EPSG:4326")
        assert refused.value.advice

    def test_nothing_given(self) -> None:
        with pytest.raises(AreaError, match="empty"):
            from_wkb([], "EPSG:4326")

    @pytest.mark.parametrize("crs", ["nonsense", "EPSG:999999", "", None, "EPSG:4978", "EPSG:5773"])
    def test_unknown_crs(self, crs: Any) -> None:
        with pytest.raises(AreaError, match="coordinate reference system"):
            from_bbox(0, 0, 1, 1, crs=crs)

    @pytest.mark.parametrize("text", ["hello", "", "POLYGON ((0 0, 1", "SRID=2193;"])
    def test_no_wkt(self, text: str) -> None:
        with pytest.raises(AreaError):
            from_wkt(text)

    @pytest.mark.parametrize(
        "document",
        [
            {},
            [1],
            {"type": "Nothing"},
            {"type": "Polygon"},
            {"type": "Polygon", "coordinates": []},
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
            {"type": "Polygon", "coordinates": [[[0, 0], [1, "a"], [1, 1], [0, 0]]]},
            {"type": "Point", "coordinates": [1, 1]},
            {"type": "Feature", "geometry": None, "properties": {}},
            {"type": "FeatureCollection", "features": []},
            {"type": "FeatureCollection", "features": [1]},
        ],
    )
    def test_no_geojson_of_polygons(self, document: Any) -> None:
        with pytest.raises(AreaError):
            from_geojson(document)

    def test_no_wkb(self) -> None:
        with pytest.raises(AreaError):
            from_wkb([b"\x01\x02"], "EPSG:4326")

    @pytest.mark.parametrize(
        "sides", [(0, 0, 0, 1), (0, 1, 1, 0), (0, 0, math.nan, 1), (0, 0, math.inf, 1), (0, 91, 1, 95)]
    )
    def test_extent(self, sides: tuple[float, float, float, float]) -> None:
        with pytest.raises(AreaError):
            from_bbox(*sides)

    def test_what_a_map_cannot_show(self) -> None:
        with pytest.raises(AreaError, match="beyond what NZGD2000"):
            from_bbox(-1e8, 5.4e6, 1e8, 5.5e6, crs="EPSG:2193")
        with pytest.raises(AreaError, match="beyond what"):
            from_bbox(-1e7, -1e7, 1e7, 2e7, crs="EPSG:2193")


class TestReading:
    def test_features_are_one_area(self) -> None:
        features = [{"type": "Feature", "properties": {}, "geometry": mapping(box(i, 0, i + 1, 1))} for i in (0, 1, 5)]
        area = from_geojson({"type": "FeatureCollection", "features": features})
        assert area.geometry.equals(MultiPolygon([box(0, 0, 2, 1), box(5, 0, 6, 1)]))

    def test_wkb_parts_are_one_area(self) -> None:
        area = from_wkb([box(0, 0, 2, 1).wkb, box(1, 0, 3, 1).wkb], "EPSG:4326")
        assert area.geometry.equals(box(0, 0, 3, 1))

    def test_crs_by_itself(self) -> None:
        plain = from_wkt(box(1700000, 5400000, 1710000, 5410000).wkt, "EPSG:2193")
        ewkt = from_wkt("SRID=2193;" + box(1700000, 5400000, 1710000, 5410000).wkt)
        old = dict(mapping(box(1700000, 5400000, 1710000, 5410000)))
        old["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2193"}}
        assert ewkt.geometry.equals(plain.geometry) and from_geojson(old).geometry.equals(plain.geometry)
        proj = "+proj=tmerc +lat_0=0 +lon_0=173 +k=0.9996 +x_0=1600000 +y_0=10000000 +ellps=GRS80 +units=m"
        assert from_bbox(1700000, 5400000, 1710000, 5410000, crs=proj).km2 == pytest.approx(plain.km2, rel=1e-6)


class TestAntimeridian:
    @pytest.mark.parametrize("sides", [(170, -47, -170, -34), (170, -47, 190, -34), (-190, -47, -170, -34)])
    def test_extent_over_it(self, sides: tuple[float, float, float, float]) -> None:
        area = from_bbox(*sides)
        assert area.geometry.equals(MultiPolygon([box(170, -47, 180, -34), box(-180, -47, -170, -34)]))
        assert area.crosses_antimeridian and area.bounds == (170, -47, -170, -34)
        assert area.notes == ("Split at the antimeridian.",)
        assert area.km2 == pytest.approx(2 * from_bbox(0, -47, 10, -34).km2, rel=1e-9)
        assert_sound(area)

    def test_extent_wholly_beyond_it(self) -> None:
        area = from_bbox(185, -10, 190, 0)
        assert area.geometry.equals(box(-175, -10, -170, 0)) and not area.crosses_antimeridian

    def test_new_zealand_with_the_chathams(self) -> None:
        """Both in one rectangle of the New Zealand map, which goes on beyond 180."""
        area = from_bbox(1_000_000, 4_700_000, 2_700_000, 6_300_000, crs="EPSG:2193")
        assert area.crosses_antimeridian and area.bounds[0] == pytest.approx(164.75, abs=0.5)
        for place in (Point(174.78, -41.29), Point(168.66, -45.03), Point(-176.56, -43.95)):
            assert area.geometry.contains(place)
        assert not area.geometry.intersects(box(-170, -50, 160, -30))
        assert_sound(area)

    def test_fiji_on_its_own_map_and_on_mercator(self) -> None:
        mercator = from_bbox(19_700_000, -2_300_000, 20_400_000, -1_700_000, crs="EPSG:3857")
        pacific = from_bbox(19_700_000 - 16_697_923.62, -2_300_000, 20_400_000 - 16_697_923.62, -1_700_000, "EPSG:3832")
        assert mercator.vertices == pacific.vertices == 10
        assert mercator.crosses_antimeridian and mercator.geometry.contains(Point(179.4, -16.6))
        assert mercator.bounds[0] == pytest.approx(pacific.bounds[0], abs=1e-6)
        assert mercator.bounds[2] == pytest.approx(pacific.bounds[2], abs=1e-6)

    def test_ring_that_jumps(self) -> None:
        area = from_wkt("POLYGON ((179 -10, -179 -10, -179 -12, 179 -12, 179 -10))")
        assert area.geometry.equals(MultiPolygon([box(179, -12, 180, -10), box(-180, -12, -179, -10)]))
        assert_sound(area)

    @pytest.mark.parametrize(
        "hole", ["179.5 -11, -179.5 -11, -179.5 -11.5, 179.5 -11", "-179.8 -11, -179.5 -11, -179.5 -11.5, -179.8 -11"]
    )
    def test_hole_beside_or_on_it(self, hole: str) -> None:
        whole = from_wkt("POLYGON ((179 -10, -179 -10, -179 -12, 179 -12, 179 -10))")
        area = from_wkt(f"POLYGON ((179 -10, -179 -10, -179 -12, 179 -12, 179 -10), ({hole}))")
        lake = from_wkt(f"POLYGON (({hole}))")
        assert area.km2 == pytest.approx(whole.km2 - lake.km2, rel=1e-9)
        assert_sound(area)

    def test_area_split_before_is_left_alone(self) -> None:
        area = from_geometries([MultiPolygon([box(179, 0, 180, 1), box(-180, 0, -179, 1)])], "EPSG:4326")
        assert area.notes == () and area.crosses_antimeridian and area.bounds == (179, 0, -179, 1)

    @settings(max_examples=25, deadline=None)
    @given(
        spokes=st.dictionaries(st.integers(0, 35), st.integers(1, 30), min_size=3, max_size=12),
        lon=st.integers(140, 220),
        lat=st.integers(-50, 50),
    )
    def test_splitting_keeps_the_area(self, spokes: dict[int, int], lon: int, lat: int) -> None:
        turned = [(math.radians(10 * spoke), spokes[spoke]) for spoke in sorted(spokes)]
        there = Polygon([(lon + radius * math.cos(a), lat + radius * math.sin(a)) for a, radius in turned])
        assume(there.is_valid and there.area > 1e-3)
        area = from_geometries([there], "EPSG:4326")
        assert sum(part.area for part in parts(area)) == pytest.approx(there.area, rel=1e-9)
        wrapped = Polygon([((x + 180) % 360 - 180, y) for x, y in there.exterior.coords])
        assert from_geometries([wrapped], "EPSG:4326").geometry.symmetric_difference(area.geometry).area < 1e-6
        assert_sound(area)


class TestWorld:
    @pytest.mark.parametrize(
        ("sides", "crs"), [((-500, -100, 500, 100), "EPSG:4326"), ((-1e9, -1e9, 1e9, 1e9), "EPSG:3857")]
    )
    def test_extent_of_more_than_the_world(self, sides: tuple[float, float, float, float], crs: str) -> None:
        area = from_bbox(*sides, crs=crs)
        assert area.bounds == (-180, -90, 180, 90) and area.notes == (
            "Cut to the world: the extent showed more than that.",
        )
        assert not area.crosses_antimeridian and area.km2 == pytest.approx(EARTH_KM2, rel=1e-6)
        assert_sound(area)

    def test_extent_of_nearly_the_world_is_not_taken_for_the_rest_of_it(self) -> None:
        area = from_bbox(-170, -60, 170, 60)
        assert area.geometry.equals(box(-170, -60, 170, 60)) and not area.crosses_antimeridian
        assert_sound(area)

    def test_extent_over_both_ends_of_mercator(self) -> None:
        area = from_bbox(-3e7, -5e6, 0, 5e6, crs="EPSG:3857")
        assert area.crosses_antimeridian and area.bounds[0] == pytest.approx(90.505415) and area.bounds[2] == 0
        assert_sound(area)

    def test_polygon_of_the_whole_world(self) -> None:
        area = from_wkt("POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))")
        assert area.geometry.equals(box(-180, -90, 180, 90))

    def test_antarctica_as_maps_have_it(self) -> None:
        area = from_wkt("POLYGON ((-180 -90, 180 -90, 180 -75, 60 -66, -60 -64, -180 -75, -180 -90))")
        assert area.geometry.contains(Point(0, -80)) and not area.crosses_antimeridian
        assert_sound(area)

    def test_ring_round_a_pole_in_degrees(self) -> None:
        area = from_wkt("POLYGON ((0 -70, 90 -70, 180 -70, -90 -70, 0 -70), (0 -80, 90 -80, 180 -80, -90 -80, 0 -80))")
        assert area.geometry.equals(box(-180, -80, 180, -70))


def planar_km2(sides: tuple[float, float, float, float], crs: str, lon: float, lat: float) -> float:
    """The rectangle of a map on an equal-area map of its place: an independent way to its size."""
    west, south, east, north = sides
    corners = np.array([(west, south), (east, south), (east, north), (west, north), (west, south)])
    ring = np.vstack([np.linspace(a, b, 2001)[:-1] for a, b in zip(corners, corners[1:])])
    equal = f"+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84"
    return (
        float(Polygon(np.column_stack(Transformer.from_crs(crs, equal, always_xy=True).transform(*ring.T))).area) / 1e6
    )


MAPS = {
    "New Zealand": ((1_000_000, 4_700_000, 2_100_000, 6_200_000), "EPSG:2193", 172, -41),
    "over the antimeridian": ((1_600_000, 4_700_000, 2_900_000, 6_200_000), "EPSG:2193", 180, -41),
    "Europe": ((2_500_000, 1_500_000, 7_300_000, 5_400_000), "EPSG:3035", 10, 52),
    "Texas in feet": ((2_000_000, 9_000_000, 4_000_000, 11_000_000), "EPSG:2277", -97, 28),
    "Mercator": ((1_000_000, 6_000_000, 1_020_000, 6_020_000), "EPSG:3857", 9, 47),
    "with the south pole inside": ((-3e6, -2e6, 2e6, 3e6), "EPSG:3031", 0, -90),
    "with the south pole at a corner": ((0, 0, 3e6, 3e6), "EPSG:3031", 0, -90),
    "with the south pole on a side": ((-3e6, 0, 3e6, 3e6), "EPSG:3031", 0, -90),
    "with the north pole inside": ((-1e6, -1e6, 3e6, 2e6), "EPSG:3995", 0, 90),
    "beside the north pole, over the antimeridian": ((-1e6, 1e6, 2e6, 3e6), "EPSG:3995", 180, 75),
    "past the pole by a hair": ((0.5, -1e6, 2e6, 1e6), "EPSG:3995", 90, 80),
}


class TestMaps:
    @pytest.mark.parametrize("place", MAPS)
    def test_rectangle_covers_the_same_ground(self, place: str) -> None:
        sides, crs, lon, lat = MAPS[place]
        area = from_bbox(*sides, crs=crs)
        assert_sound(area)
        assert area.km2 == pytest.approx(planar_km2(sides, crs, lon, lat), rel=2e-5)
        to_map = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        for lon_, lat_ in np.random.default_rng(0).uniform((-180, -90), (180, 90), (300, 2)):
            x, y = to_map.transform(lon_, lat_)
            inside = sides[0] < x < sides[2] and sides[1] < y < sides[3]
            assert area.geometry.contains(Point(lon_, lat_)) == inside

    @pytest.mark.parametrize("place", ["New Zealand", "Europe", "with the south pole inside"])
    def test_edges_stay_where_they_are(self, place: str) -> None:
        (west, south, east, north), crs, *_ = MAPS[place]
        size = max(east - west, north - south)
        area = from_bbox(west, south, east, north, crs=crs)
        ring = np.asarray(parts(area)[0].exterior.coords)
        between = np.vstack([ring[:-1] + (ring[1:] - ring[:-1]) * part for part in (0, 0.25, 0.5, 0.75)])
        between = between[(np.abs(between[:, 0]) < 180) & (np.abs(between[:, 1]) < 89.9)]  # not the seam to the pole
        x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*between.T)
        off = np.minimum.reduce([np.abs(x - west), np.abs(x - east), np.abs(y - south), np.abs(y - north)])
        assert off.max() < 1.5e-6 * size
        assert area.vertices < 2500

    def test_straight_in_both_needs_no_more_points(self) -> None:
        assert from_bbox(1e6, 5e6, 2e6, 6e6, crs="EPSG:3857").vertices == 5
        assert from_bbox(170, -45, 175, -40, crs="EPSG:4167").vertices == 5

    def test_slanting_edge_on_mercator_is_traced(self) -> None:
        triangle = Polygon([(0, 0), (5e6, 0), (5e6, 8e6)])
        area = from_geometries([triangle], "EPSG:3857")
        to_map = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
        back = Polygon(np.column_stack(to_map.transform(*np.asarray(area.geometry.exterior.coords).T)))
        assert 10 < area.vertices < 1000 and back.symmetric_difference(triangle).area < 1e-5 * triangle.area

    def test_longitudes_from_paris_in_grads(self) -> None:
        area = from_bbox(0, 50, 2, 52, crs="EPSG:4807")
        assert area.vertices == 5
        assert area.bounds == pytest.approx((2.3365, 45, 4.1365, 46.8), abs=2e-3)

    def test_many_vertices_get_no_more(self) -> None:
        angles = np.linspace(0, 2 * math.pi, 20_001)
        ring = np.column_stack((1.6e6 + 1e5 * np.cos(angles), 5.4e6 + 1e5 * np.sin(angles)))
        area = from_geometries([Polygon(ring)], "EPSG:2193")
        assert area.vertices == 20_001
        assert area.km2 == pytest.approx(math.pi * 1e4, rel=2e-3)


def test_a_box_that_lies_on_both_sides_of_the_antimeridian_alike() -> None:
    """Its middle is the seam itself."""
    area = from_bbox(19926188, -2037548, -19926188, -1804722, "EPSG:3857")
    assert area.crosses_antimeridian and len(area.geometry.geoms) == 2
    assert area.bounds == pytest.approx((179.0, -18.0, -179.0, -16.0), abs=0.01)


def test_an_extent_with_its_sides_swapped_is_not_the_rest_of_the_globe() -> None:
    with pytest.raises(AreaError, match=r"begins in the west at 174.8 and ends in the east at 174.76.*swap"):
        from_bbox(174.8, -41.3, 174.76, -41.28)
    with pytest.raises(AreaError, match="swap"):
        from_bbox(1.9e7, 0, 1.8e7, 1e6, "EPSG:3857")
