"""Footprints strung together from the border of faces are what the faces cover."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Polygon
from shapely.ops import unary_union

from cutout.core.footprints import footprints
from cutout.core.polygons import polygons, ring_area, rings

Corners = list[tuple[float, float]]

# A square of 4 m with a diagonal, a step of 1 m beside it, and what may be wrong with them.
SQUARE: list[Corners] = [[(0, 0), (4, 0), (4, 4)], [(0, 0), (4, 4), (0, 4)]]
FRAME: list[Corners] = [
    [(0, 0), (6, 0), (4, 2)],
    [(0, 0), (4, 2), (2, 2)],
    [(6, 0), (6, 6), (4, 4)],
    [(6, 0), (4, 4), (4, 2)],
    [(6, 6), (0, 6), (2, 4)],
    [(6, 6), (2, 4), (4, 4)],
    [(0, 6), (0, 0), (2, 2)],
    [(0, 6), (2, 2), (2, 4)],
]


def moved(faces: list[Corners], x: float, y: float) -> list[Corners]:
    return [[(a + x, b + y) for a, b in face] for face in faces]


def turned(faces: list[Corners]) -> list[Corners]:
    return [face[::-1] for face in faces]


@pytest.mark.parametrize(
    "faces",
    [
        SQUARE,
        turned(SQUARE),
        FRAME,
        turned(FRAME),
        [*SQUARE, *turned(SQUARE)],
        [*SQUARE, *turned(moved(SQUARE, 1.5, 0.5))],
        [*SQUARE, *moved(SQUARE, 1.5, 0.5)],
        [*SQUARE, *SQUARE],
        [*SQUARE, *moved(SQUARE, 4, 4)],
        [*SQUARE, *moved(SQUARE, 9, 0)],
        [*SQUARE, *moved(SQUARE, 4, 1)],
        [*FRAME, *moved(SQUARE, 1.5, 1.5)],
        [*FRAME, *[[(2.5, 2.5), (3.5, 2.5), (3.5, 3.5)]]],
        [*SQUARE, [(0, 0), (4, 0.0005), (4, 0)]],
        [*SQUARE, [(0, 0), (4, 0), (4, 0.0005)]],
    ],
    ids=[
        "one ring", "looking down", "a hole", "a hole, looking down", "both sides", "both sides, apart", "overlapping",
        "twice", "touching in a corner", "apart", "side by side", "over the hole", "in the hole", "turned sliver",
        "sliver that is there twice",
    ],
)  # fmt: skip
def test_a_footprint_is_what_the_faces_cover(faces: list[Corners]) -> None:
    corners = np.array([[(x, y, 5 + x) for x, y in face] for face in faces], float)
    is_up = np.array([Polygon(face).exterior.is_ccw for face in faces])
    beside = corners + [100.0, 0.0, 0.0]

    found = dict(footprints(np.concatenate([corners, beside]), np.tile(is_up, 2), np.repeat([3, 8], len(faces))))

    covered = unary_union([Polygon(face) for face in faces])
    assert list(found) == [3, 8]
    assert found[3].is_valid and found[3].symmetric_difference(covered).area < 1e-4
    assert found[8].area == pytest.approx(covered.area)
    for part in polygons(found[3]):
        outer, *holes = rings(part)
        assert ring_area(outer) > 0 and all(ring_area(hole) < 0 for hole in holes)


def test_a_point_on_a_side_is_left_out_and_so_is_a_chimney() -> None:
    faces = [
        [(0, 0, 0), (2, 0, 0), (2, 4, 0)],
        [(2, 0, 0), (4, 0, 0), (2, 4, 0)],
        [(9, 9, 0), (9.2, 9, 0), (9.2, 9.2, 0)],
    ]

    found = dict(footprints(np.array(faces, float), np.array([True] * 3), np.array([0, 0, 1])))

    assert list(found) == [0]
    assert sorted(set(found[0].exterior.coords)) == [(0, 0), (2, 4), (4, 0)]
