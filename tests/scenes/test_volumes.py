"""Bounding volumes against an area: nothing that meets it is left out, and little else is kept."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from cutout.core.ground import Ground
from cutout.core.volumes import IDENTITY, Volume, chained, is_on_globe
from tests.scenes.tilesets import LAT, LON, around, box, earth, enu, local_box, offset, rectangle, region, sphere

TO_DEGREES = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
ANY_NUMBER = st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.booleans() | st.text(max_size=2)


def meets(area: Any, volume: Any, transform: Any = None) -> bool:
    """Whether a volume as a tileset has it meets a GeoJSON area."""
    return Ground(area).meets([(Volume.of(volume), chained(IDENTITY, transform))])[0]


def speck(lon: float, lat: float) -> Any:
    """An area of a decimetre."""
    west = (lon + 180) % 360 - 180
    return rectangle(west, lat, min(west + 1e-6, 180), min(lat + 1e-6, 90))


def rotation(angles: tuple[float, float, float]) -> Any:
    turned = np.eye(3)
    for axis, angle in enumerate(angles):
        one, other = [index for index in range(3) if index != axis]
        turn = np.eye(3)
        turn[one, one] = turn[other, other] = math.cos(angle)
        turn[one, other], turn[other, one] = -math.sin(angle), math.sin(angle)
        turned = turned @ turn
    return turned


UNIT_BOX = {"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}
ANGLE = st.floats(0, 6.3)
WHERE = st.tuples(st.floats(-180, 180), st.floats(-89.9, 89.9), st.floats(-300, 9000))
PART = st.floats(-1, 1)
SIZE = st.floats(0, 7).map(lambda power: 10**power)  # metres; up to 10,000 km


@settings(max_examples=80, deadline=None)
@given(WHERE, st.tuples(SIZE, SIZE, SIZE), st.tuples(ANGLE, ANGLE, ANGLE), st.tuples(PART, PART, PART), st.booleans())
@example((180.0, 10.0, 0.0), (500.0, 500.0, 5.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), False)
@example((0.0, 89.9, 0.0), (9000.0, 9000.0, 5.0), (0.1, 0.2, 0.3), (1.0, -1.0, 1.0), True)
def test_no_point_of_a_box_is_missed(where: Any, sizes: Any, angles: Any, part: Any, transformed: bool) -> None:
    axes = rotation(angles) * np.array(sizes)[:, None]
    centre = np.array(earth(*where))
    lon, lat, _ = TO_DEGREES.transform(*(centre + np.array(part) @ axes))
    if transformed:
        matrix = [*axes[0], 0, *axes[1], 0, *axes[2], 0, *centre, 1]
        assert meets(speck(lon, lat), UNIT_BOX, [float(number) for number in matrix])
    else:
        assert meets(speck(lon, lat), {"box": [*centre.tolist(), *axes.ravel().tolist()]})


@settings(max_examples=80, deadline=None)
@given(WHERE, SIZE, st.tuples(PART, PART, PART), st.floats(0.1, 3))
@example((-180.0, -40.0, 0.0), 1000.0, (0.0, 1.0, 0.0), 1.0)
def test_no_point_of_a_sphere_is_missed(where: Any, radius: float, part: Any, stretch: float) -> None:
    away = np.array(part) / max(1.0, float(np.linalg.norm(part)))
    centre = np.array(earth(*where))
    lon, lat, _ = TO_DEGREES.transform(*(centre + away * radius * stretch))
    transform = [stretch, 0.0, 0.0, 0.0, 0.0, stretch / 2, 0.0, 0.0, 0.0, 0.0, stretch, 0.0, 0.0, 0.0, 0.0, 1.0]
    raw = {"sphere": [*(centre / [stretch, stretch / 2, stretch]).tolist(), radius]}
    assert meets(speck(lon, lat), raw, transform)


@settings(max_examples=80, deadline=None)
@given(st.floats(-180, 180), st.floats(0, 359), st.floats(-90, 89), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
@example(170.0, 20.0, -20.0, 0.5, 0.75, 0.5)
def test_no_point_of_a_region_is_missed(
    west: float, width: float, south: float, height: float, across: float, up: float
) -> None:
    east = west + width
    raw = region(west, south, east - 360 if east > 180 else east, south + height)
    assert meets(speck(west + across * width, min(south + up * height, 90 - 1e-6)), raw)


@pytest.mark.parametrize("away", [(165, 0), (-165, 0), (0, 165), (0, -165), (160, 160)])
def test_what_lies_beside_is_left_out(away: tuple[float, float]) -> None:
    """Volumes of 50 m to each side, an area of 100 m to each side: 15 m lie between them, or 10 across."""
    area, place = around(LON, LAT, 100), offset(*away)
    assert not meets(area, box(*place))
    assert not meets(area, sphere(*place))
    assert not meets(area, local_box(*away), enu(LON, LAT))
    assert not meets(area, region(place[0] - 5e-4, place[1] - 4e-4, place[0] + 5e-4, place[1] + 4e-4))


def test_a_turned_box_is_not_taken_for_the_box_around_it() -> None:
    spin = rotation((0, 0, math.pi / 4)) * 500
    turned = {"box": [0.0, 0.0, 0.0, *spin.ravel().tolist()]}
    corner = offset(500, 500)
    assert not meets(around(*corner, 100), turned, enu())
    assert meets(around(*offset(0, 650), 100), turned, enu())


def test_few_of_many_tiles_are_kept() -> None:
    """2,000 tiles of 100 m in 40 rows, an area that meets 100 of them."""
    volumes = [local_box(100 * x, 100 * y) for x in range(50) for y in range(40)]
    area = around(*offset(450, 450), 490)
    met = Ground(area).meets([(Volume.of(volume), chained(IDENTITY, enu())) for volume in volumes])
    assert sum(met) == 100


def test_an_area_over_the_antimeridian_has_two_sides() -> None:
    sides = [rectangle(179.99, 10, 180, 10.01), rectangle(-180, 10, -179.99, 10.01)]
    area = {"type": "MultiPolygon", "coordinates": [side["coordinates"] for side in sides]}
    for lon in (179.995, 180.0, -180.0, -179.995):
        assert meets(area, box(lon, 10.005)) and meets(area, sphere(lon, 10.005))
    assert meets(area, region(179.9999, 10, -179.9999, 10.001))
    assert meets(sides[0], box(-179.9999, 10.005)) and meets(sides[1], region(179, 10, 180, 10.01))
    for lon in (179.9, -179.9, 0.0):
        assert not meets(area, box(lon, 10.005)) and not meets(area, region(lon, 10, lon + 0.01, 10.01))


def test_a_region_is_not_transformed() -> None:
    there = region(LON, LAT, LON + 0.001, LAT + 0.001)
    assert meets(around(LON, LAT, 10), there, enu(-70, -30))
    assert not meets(around(-70, -30, 10), there, enu(-70, -30))


def test_transforms_are_chained_from_the_outside() -> None:
    inner = [0.0, 2.0, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 300.0, 0.0, 0.0, 1.0]  # turn, double, move
    chain = chained(chained(IDENTITY, enu()), inner)
    ground = Ground(around(*offset(300, 200), 20))
    small = Volume.of(local_box(100, 0, 5))
    assert ground.meets([(small, chain), (small, chained(IDENTITY, enu()))]) == [True, False]


@pytest.mark.parametrize(
    "volume",
    [
        None,
        {},
        [],
        {"box": [1, 2]},
        {"box": [math.nan] * 12},
        {"box": [10**400] * 12},
        {"sphere": ["a", 0, 0, 1]},
        {"region": [3, 2, 1]},
        {"extensions": {"3DTILES_bounding_volume_S2": {"token": "3"}}},
        {"sphere": [1e300, 1e300, 1e300, 1e300]},
        {"region": [0.2, 0.9, 0.3, 0.8, 0, 1]},
    ],
)
def test_what_cannot_be_read_meets_every_area(volume: Any) -> None:
    assert meets(around(LON, LAT, 10), volume)


@pytest.mark.parametrize("raw", [[], ["a"] * 16, [math.inf] * 16, [1] * 16, "x", {}])
def test_a_transform_that_cannot_be_read_could_lead_anywhere(raw: Any) -> None:
    assert chained(IDENTITY, raw) is None
    assert meets(around(LON, LAT, 10), box(LON + 5, LAT), raw)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["box", "region", "sphere"]), st.lists(ANY_NUMBER, min_size=4, max_size=16)))
def test_any_numbers_give_an_answer(raw: Any) -> None:
    assert meets(around(LON, LAT, 10), raw) in (True, False)
    assert is_on_globe(raw, IDENTITY) in (True, False)


# Parts


def test_the_parts_of_a_box_fill_it() -> None:
    whole = Volume.of(box(LON, LAT, 400))
    assert whole is not None
    centre, axes = np.array(whole.numbers[:3]), np.reshape(whole.numbers[3:], (3, 3))
    for octree in (False, True):
        found = set()
        for x, y, z in np.ndindex(4, 4, 4 if octree else 1):
            part = whole.part((2, int(x), int(y), int(z)), octree)
            at = (np.array(part.numbers[:3]) - centre) @ np.linalg.inv(axes)
            found.add(tuple(np.round(at * 4).astype(int)))
            assert np.allclose(np.reshape(part.numbers[3:], (3, 3)), axes * [[0.25], [0.25], [0.25 if octree else 1]])
        heights = (-3, -1, 1, 3) if octree else (0,)
        assert found == {(x, y, z) for x in (-3, -1, 1, 3) for y in (-3, -1, 1, 3) for z in heights}


def test_the_parts_of_a_region_over_the_antimeridian() -> None:
    whole = Volume.of(region(170, 0, -170, 20))
    assert whole is not None
    part = whole.part((2, 3, 1, 1), True)
    assert np.degrees(part.numbers[:4]) == pytest.approx([185, 5, 190, 10])
    assert part.numbers[4:] == (25, 50)
    ground = Ground(rectangle(-173, 6, -172, 7))
    assert ground.meets([(part, None), (whole.part((2, 0, 1, 1), True), None)]) == [True, False]


# On the globe or not


@pytest.mark.parametrize(
    ("volume", "transform", "expected"),
    [
        (box(LON, LAT), None, True),
        (sphere(LON, LAT), None, True),
        (region(LON, LAT, LON + 1, LAT + 1), None, True),
        (local_box(), enu(), True),
        ({"sphere": [0, 0, 0, 6_400_000]}, None, True),
        ({"extensions": {"3DTILES_bounding_volume_S2": {"token": "3"}}}, None, True),
        (local_box(), None, False),
        (local_box(half=5000), None, False),
        ({"sphere": [600_000, 5_340_000, 200, 800]}, None, False),
        ({"sphere": [16.37, 48.2, 200, 800]}, None, False),
        ({"sphere": [0, 0, 0, 1e9, 5]}, None, False),
        (box(LON, LAT), ["a"], False),
        (None, None, False),
    ],
)
def test_whether_a_model_has_a_place_on_the_earth(volume: Any, transform: Any, expected: bool) -> None:
    assert is_on_globe(volume, chained(IDENTITY, transform)) is expected
