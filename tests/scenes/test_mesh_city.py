"""City models taken apart and placed, against what the City of Vienna surveyed; and the cases that a city has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Transformer
from shapely.geometry import box, mapping

from cutout.core.buildings import buildings
from cutout.core.city import City
from cutout.core.city import city as taken_apart
from cutout.core.mesh import Mesh, mesh, welded
from cutout.core.model import ExportRequest
from cutout.core.placing import Ground, ground, placement
from cutout.core.terrain import NO_DATA, elevations
from cutout.providers.cityloader import CityLoader
from tests.figures import Figures, deliver, figures, take
from tests.standin import city

SMALL = (16.347, 48.2035, 16.351, 48.2065)
QUADS = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]  # the first is the bottom


@pytest.mark.parametrize(
    ("form", "settings"),
    [
        ("stl", {"origin": "corner"}),
        ("stl", {"origin": "centre", "stl": "solid"}),
        ("stl", {"origin": "other", "stl": "ascii"}),
        ("stl", {"solid": True, "heights": "sea"}),
        ("stl", {"frame": "north", "origin": "centre"}),
        ("obj", {"origin": "absolute"}),
        ("obj", {"obj_objects": False}),
    ],
)
def test_every_building_of_vienna_is_found_where_it_stands(form: str, settings: dict[str, Any]) -> None:
    found = figures(form, **settings)

    assert found.found == found.wanted == (149 if form == "obj" and "obj_objects" not in settings else 490), found
    assert found.superfluous == 0, found
    assert found.placement < 0.02, found
    assert found.mean_iou > 0.998, found
    assert found.height < 0.001, found
    assert found.measured < 0.01, found
    assert found.flat_roofs > 0.9, found
    assert found.terrain < 0.01, found


def test_single_floats_of_absolute_coordinates_are_as_good_as_their_steps() -> None:
    """STL has single floats: 5,340,000 m north they are half a metre apart, and nobody can bring back the rest."""
    found: Figures = figures(origin="absolute")

    assert found.placement < 0.5, found
    assert found.found > 0.9 * found.wanted, found
    assert found.height < 0.001, found


@pytest.mark.parametrize("clip", ["whole", "cut"])
@pytest.mark.parametrize("origin", ["corner", "centre", "other", "absolute"])
@pytest.mark.parametrize("frame", ["utm", "north"])
def test_a_model_with_terrain_is_placed_whatever_sticks_out(tmp_path: Path, clip: str, origin: str, frame: str) -> None:
    made = deliver(tmp_path, "obj", SMALL, clip=clip, origin=origin, frame=frame)

    taken = take(tmp_path / "4201.obj", SMALL)

    assert taken.placed and taken.placed.crs == "EPSG:32633"
    ordered = {body.name for body in made.bodies}
    inside = [one for one in city.buildings() if one.id in ordered and box(*utm(SMALL)).contains(one.ground)]
    assert len(inside) > 40
    found = {one.name: one for one in taken.found}
    assert all(found[one.id].footprint.centroid.distance(one.ground.centroid) < 0.05 for one in inside)


def utm(area: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A box that lies in the area wholly."""
    x, y = city.to_utm(np.array(area)[[0, 2, 2, 0]], np.array(area)[[1, 1, 3, 3]])
    return sorted(x)[1], sorted(y)[1], sorted(x)[2], sorted(y)[2]


@pytest.mark.parametrize(
    ("origin", "clip"), [("corner", "whole"), ("corner", "cut"), ("centre", "whole"), ("centre", "cut")]
)
def test_buildings_alone_are_placed_where_their_coordinates_tell_the_origin(
    tmp_path: Path, origin: str, clip: str
) -> None:
    made = deliver(tmp_path, "obj", SMALL, include=("buildings",), origin=origin, clip=clip)

    taken = take(tmp_path / "4201.obj", SMALL)

    assert taken.placed
    moved = taken.placed.placed(np.zeros((1, 2)))[0]
    assert moved == pytest.approx(made.origin[:2], abs=0.01)


def test_buildings_alone_that_count_from_anywhere_are_not_placed(tmp_path: Path) -> None:
    deliver(tmp_path, "stl", SMALL, include=("buildings",), origin="other")

    assert take(tmp_path / "4201.stl", SMALL).placed is None


@pytest.fixture
def place() -> Ground:
    found = ground(mapping(box(*SMALL)))
    assert found
    return found


@pytest.mark.parametrize(
    ("extent", "has_terrain", "is_placed"),
    [
        ((0, 0, 1, 1), True, True),
        ((0, 0, 1.02, 0.99), True, True),
        ((7, 9, 8, 10), True, True),
        ((0, 0, 1.05, 1), True, False),
        ((0, 0, 0.9, 0.9), True, False),
        ((0, 0, 0.001, 0.001), True, False),
        ((0.02, 0.03, 0.9, 0.8), False, True),  # from a corner
        ((-0.45, -0.4, 0.4, 0.45), False, True),  # from the middle
        ((0.0, 0.0, 0.9, 0.8), False, False),  # was moved to its own corner
        ((-0.4, -0.4, 0.4, 0.4), False, False),  # or to its own middle
        ((0.1, 0.1, 0.4, 0.4), False, False),  # too little to know by
        ((3.1, 3.1, 3.9, 3.9), False, False),
        ((3.01, 3.0, 4.0, 3.99), False, True),  # as large as the area
    ],
)
def test_what_can_be_known_of_a_place(
    place: Ground, extent: tuple[float, ...], has_terrain: bool, is_placed: bool
) -> None:
    """extent: in widths and heights of the area."""
    size, _ = place.size(0, 1)
    west, south, east, north = np.array(extent) * [*size, *size]

    found = placement(place, (west, south, east, north), has_terrain)

    assert (found is not None) == is_placed


@pytest.mark.parametrize(
    ("area", "crs"),
    [
        ((174.7, -41.3, 174.71, -41.29), "EPSG:32760"),
        ((-0.005, 51.0, 0.005, 51.01), "EPSG:32631"),
        ((179.99, 10.0, 180.0, 10.01), "EPSG:32660"),
        ((0.0, 0.0, 10.0, 1.0), None),
        ((0.0, 85.0, 0.1, 85.1), None),
    ],
)
def test_the_zone_is_that_of_the_middle(area: tuple[float, float, float, float], crs: str | None) -> None:
    found = ground(mapping(box(*area)))

    assert (found.crs if found else None) == crs


def test_north_and_scale_are_those_of_the_ground() -> None:
    area = (18.7, 69.6, 18.72, 69.61)  # Tromsø, far from the middle of its zone
    found = ground(mapping(box(*area)))
    assert found
    flat = Transformer.from_crs(4326, "+proj=aeqd +lon_0=18.71 +lat_0=69.605 +ellps=WGS84", always_xy=True)
    x, y = flat.transform([18.7, 18.72, 18.72, 18.7], [69.6, 69.6, 69.61, 69.61])

    placed = placement(found, (min(x), min(y), max(x), max(y)), True)

    assert placed
    to_utm = Transformer.from_crs(4326, found.crs, always_xy=True)
    wanted = np.stack(to_utm.transform([18.7, 18.72, 18.72, 18.7], [69.6, 69.6, 69.61, 69.61]), axis=1)
    assert abs(placed.placed(np.stack([x, y], axis=1)) - wanted).max() < 0.05


def block(
    west: float, south: float, size: float, low: float, high: float, faces: list[int] | None = None
) -> np.ndarray:
    """The triangles of a box, or of some of its faces."""
    corners = np.array(
        [[x, y, z] for z in (low, high) for y in (south, south + size) for x in (west, west + size)], float
    )
    chosen = [QUADS[number] for number in (faces or range(6))]
    return corners[[triangle for a, b, c, d in chosen for triangle in ((a, b, c), (a, c, d))]]


def hills(cells: int = 20, step: float = 5.0) -> np.ndarray:
    x, y = np.meshgrid(*[np.arange(cells + 1) * step] * 2)
    z = np.sin(x / 30) + np.cos(y / 20)
    corners = np.stack([x, y, z], axis=-1)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]
    return np.concatenate([np.stack([a, b, c], axis=-2), np.stack([a, c, d], axis=-2)]).reshape(-1, 3, 3)


def parts(*bodies: np.ndarray, names: tuple[str, ...] = ()) -> City:
    corners = np.concatenate(bodies)
    vertices, vertex = welded(corners.reshape(-1, 3).copy())
    which = np.repeat(np.arange(len(bodies)), [len(body) for body in bodies]) if names else None
    return taken_apart(mesh(vertices, vertex.reshape(-1, 3), which, names))


def counts(found: City) -> tuple[int, int]:
    return int(found.terrain.sum()), len(list(buildings(found)))


def test_ground_is_told_from_buildings_by_shape() -> None:
    houses = [block(10 + 20 * i, 30, 8, -2, 6) for i in range(3)]
    upside_down = hills()[:, ::-1]
    slab = block(0, 0, 100, -10, -2)

    assert counts(parts(hills(), *houses)) == (800, 3)
    assert counts(parts(upside_down, *(house[:, ::-1] for house in houses))) == (800, 3)
    assert counts(parts(slab, *houses)) == (12, 3)
    assert counts(parts(hills())) == (800, 0)
    assert counts(parts(*houses)) == (0, 3)
    assert counts(parts(block(0, 0, 40, 0, 15))) == (0, 1)  # one large house
    assert counts(parts(block(0, 0, 400, 0, 5))) == (12, 0)  # a slab of nothing but ground


def test_ground_in_tiles_is_ground() -> None:
    west, east = hills(10) + [0, 0, 0], hills(10) + [50.001, 0, 0]
    north = [tile + [0, 50.001, 0] for tile in (west, east)]

    assert counts(parts(west, east, *north, block(20, 20, 8, -2, 9))) == (800, 1)


def test_ground_cut_along_a_house_is_ground_below_it_too() -> None:
    house = block(20, 20, 10, 1, 9)
    flat = hills() * [1, 1, 0] + [0, 0, 1]

    found = parts(flat, house)

    assert counts(found)[1] == 1
    (building,) = buildings(found)
    assert (building.footprint.area, building.base, building.height) == pytest.approx((100, 1, 8))


def test_touching_houses_stay_two_and_a_face_that_is_there_twice_counts_once() -> None:
    left, right = block(0, 0, 10, 0, 8), block(10, 0, 10, 0, 8)

    assert counts(parts(left, right)) == (0, 2)
    assert counts(parts(left, left.copy())) == (0, 1)


@pytest.mark.parametrize("faces", [[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1]])
@pytest.mark.parametrize("inside_out", [False, True])
def test_a_house_without_a_bottom_has_a_footprint_too(faces: list[int], inside_out: bool) -> None:
    house = block(3, 4, 10, 2, 9, faces)
    other = block(50, 50, 10, 2, 9, faces)

    found = list(buildings(parts(house[:, ::-1] if inside_out else house, other)))

    assert [one.footprint.area for one in found] == pytest.approx([100, 100])
    assert {one.height for one in found} == ({0.0} if faces == [1] else {7.0})
    assert all(one.is_flat for one in found)


def test_walls_alone_are_no_building() -> None:
    assert counts(parts(block(0, 0, 10, 0, 8, [2]), block(20, 20, 10, 0, 8))) == (0, 1)


def test_a_pitched_roof_and_its_eaves_are_told() -> None:
    walls = block(0, 0, 10, 0, 6, [0, 2, 3])
    ridge = np.array([[0, 5, 9], [10, 5, 9]], float)
    low = np.array([[0, 0, 6], [10, 0, 6], [10, 10, 6], [0, 10, 6]], float)
    roof = [
        (low[0], low[1], ridge[1]),
        (low[0], ridge[1], ridge[0]),
        (low[2], low[3], ridge[0]),
        (low[2], ridge[0], ridge[1]),
    ]
    gables = [((0, 0, 0), (0, 10, 0), low[3]), ((10, 0, 0), (10, 10, 0), low[2])]

    (building,) = buildings(parts(np.concatenate([walls, np.array(roof, float)]), np.array(gables, float)[:0]))

    assert (building.height, building.eaves, building.is_flat) == (9, 6, False)
    assert building.footprint.area == pytest.approx(100)


def test_objects_are_buildings_unless_they_are_all_of_them() -> None:
    tower, annex = block(20, 20, 10, 0, 20), block(40, 20, 5, 0, 4)
    far = block(80, 80, 10, 0, 9)

    named = parts(hills(), np.concatenate([tower, annex]), far, names=("terrain", "town hall", "church"))
    lumped = parts(hills(), np.concatenate([tower, annex, far, block(2, 2, 5, 0, 5)]), names=("dtm", "buildings"))

    assert sorted(one.name for one in buildings(named)) == ["church", "town hall"]
    assert counts(lumped) == (800, 4)


def test_the_grid_is_the_surface_and_nothing_beyond() -> None:
    vertices = np.array([[0, 0, 0], [40, 0, 4], [40, 30, 10], [0, 30, 6], [10, 10, 50]], float)
    slope = Mesh(vertices, np.array([[0, 1, 2], [0, 2, 3]], np.int32), np.array([-1, -1], np.int32))

    grid = elevations(slope, 0.5)

    rows, columns = np.mgrid[: grid.elevations.shape[0], : grid.elevations.shape[1]]
    x, y = grid.west + (columns + 0.5) * grid.cell, grid.north - (rows + 0.5) * grid.cell
    assert grid.elevations.shape == (60, 80)
    assert abs(grid.elevations - (0.1 * x + 0.2 * y)).max() < 1e-5
    half = elevations(slope.of(np.array([True, False])), 0.5)
    inside = y[: half.elevations.shape[0]] <= 0.75 * x[: half.elevations.shape[0]] + 1e-9
    assert ((half.elevations != NO_DATA) == inside).all()


def test_the_uppermost_surface_counts_and_walls_do_not() -> None:
    grid = elevations(parts(block(0, 0, 10, 2, 7)).surface, 1.0)

    assert grid.elevations.shape == (10, 10)
    assert (grid.elevations == 7).all()


@pytest.mark.parametrize(
    ("cells", "step", "cell"), [(20, 10.0, 5.0), (20, 0.1, 0.25), (3, 5000.0, 25.0), (1, 1e6, 500.0), (40, 3.0, 2.0)]
)
def test_the_cell_follows_the_triangles_within_bounds(cells: int, step: float, cell: float) -> None:
    corners = hills(cells, step)
    vertices, vertex = welded(corners.reshape(-1, 3).copy())

    grid = elevations(mesh(vertices, vertex.reshape(-1, 3)))

    assert grid.cell == cell
    assert max(grid.elevations.shape) <= 4000
    assert (grid.elevations != NO_DATA).mean() > 0.6


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ((5.32, 60.39), 32632),  # Bergen, west of six degrees
        ((2.9, 60.39), 32631),
        ((5.32, 55.9), 32631),
        ((15.63, 78.22), 32633),  # Longyearbyen
        ((8.99, 78.2), 32631),
        ((21.5, 79.9), 32635),
        ((33.5, 80.0), 32637),
        ((10.5, 71.5), 32632),
        ((174.78, -41.29), 32760),  # Wellington
        ((-179.9, -16.8), 32701),
        ((179.9, -16.8), 32760),
        ((-78.5, -0.2), 32717),  # Quito
    ],
)
def test_the_zone_is_the_one_that_people_use_there(place: tuple[float, float], zone: int) -> None:
    lon, lat = place
    found = ground(mapping(box(lon - 0.003, lat - 0.002, lon + 0.003, lat + 0.002)))
    assert found is not None and found.crs == f"EPSG:{zone}"


def test_a_centre_on_the_antimeridian_has_a_place_too() -> None:
    """500 m around Taveuni, as the provider stores it."""
    area = CityLoader.extent(ExportRequest("cityloader", "", {"center": [180.0, -16.85]}))
    found = ground(area or {})
    assert found is not None and found.crs in ("EPSG:32701", "EPSG:32760")
    placed = placement(found, (0.0, 0.0, 500.0, 500.0), True)
    assert placed is not None and abs(placed.place[1] - 10_000_000 + 1_863_000) < 10_000
