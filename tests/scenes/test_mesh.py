"""STL and OBJ as people's programs write them, and as broken downloads leave them."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Polygon
from shapely.ops import unary_union

from cutout.core.buildings import buildings
from cutout.core.city import city
from cutout.core.errors import ExportError
from cutout.core.mesh import Mesh, normals, pieces, welded
from cutout.core.mesh_files import read_mesh
from cutout.core.polygon_mesh import triangulated
from tests.figures import sheet

CUBE = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], float)
FACES = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
SPLIT = np.array([(a, b, c) for p, q, r, s in FACES for a, b, c in ((p, q, r), (p, r, s))])


def binary(corners: np.ndarray, header: bytes = b"", count: int | None = None, tail: bytes = b"") -> bytes:
    """corners: triangles of three corners."""
    facets = b"".join(struct.pack("<12fH", 0, 0, 0, *triangle.ravel(), 0) for triangle in corners)
    return header.ljust(80, b"\0") + struct.pack("<I", len(corners) if count is None else count) + facets + tail


def text(corners: np.ndarray, name: str = "cube", number: str = "{:e}") -> str:
    lines = [f"solid {name}"]
    for triangle in corners:
        rows = ["      vertex " + " ".join(number.format(value) for value in corner) for corner in triangle]
        lines += ["  facet normal 0 0 0", "    outer loop", *rows, "    endloop", "  endfacet"]
    return "\n".join([*lines, f"endsolid {name}"])


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def volume(surface: Mesh) -> float:
    middles = surface.vertices[surface.triangles].mean(axis=1)
    return float((middles * normals(surface)).sum() / 6)


@pytest.mark.parametrize(
    "content",
    [
        binary(CUBE[SPLIT]),
        binary(CUBE[SPLIT], b"solid says nothing"),
        binary(CUBE[SPLIT], b"solid facet normal 0 0 0\n vertex 1 2 3\n"),
        binary(CUBE[SPLIT], tail=b"written by a program that adds its name"),
        text(CUBE[SPLIT]),
        text(CUBE[SPLIT], number="{:.2f}").upper(),
        text(CUBE[SPLIT]).replace("\n", "\r\n") + "\r\n\r\n",
        "\ufeff" + text(CUBE[SPLIT]),
        text(CUBE[SPLIT]).replace("solid cube", "made by hand", 1),
        text(CUBE[SPLIT]).replace("0.000000e+00", "-0"),
    ],
)
def test_each_kind_of_stl_is_the_same_cube(tmp_path: Path, content: str | bytes) -> None:
    surface = read_mesh(written(tmp_path / "cube.STL", content))

    assert (surface.vertices.shape, surface.triangles.shape) == ((8, 3), (12, 3))
    assert (surface.vertices.dtype, surface.extent) == (np.float64, (0, 0, 1, 1))
    assert volume(surface) == pytest.approx(1)
    assert set(pieces(surface.triangles)) == {0}


def quads(form: str) -> str:
    return "\n".join("f " + " ".join(form.format(i=i + 1, n=i - 8) for i in face) for face in FACES)


VERTICES = "\n".join(f"v {x} {y} {z}" for x, y, z in CUBE)


@pytest.mark.parametrize("form", ["{i}", "{i}/1", "{i}/1/1", "{i}//1", "{n}", "{n}/-1/-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_way_to_write_faces_of_an_obj_is_the_same_cube(tmp_path: Path, form: str, end: str) -> None:
    lines = f"# a cube\nmtllib x.mtl\n{VERTICES}\nvt 0 0\nvn 0 0 1\ns off\nusemtl a\n{quads(form)}\nl 1 2\np 1\n"

    surface = read_mesh(written(tmp_path / "cube.obj", lines.replace("\n", end)))

    assert (surface.vertices.shape, surface.triangles.shape, surface.names) == ((8, 3), (12, 3), ())
    assert volume(surface) == pytest.approx(1)


def test_vertices_of_an_obj_may_have_weights_colours_and_lines_that_go_on(tmp_path: Path) -> None:
    mixed = VERTICES.replace("v 0.0 0.0 0.0", "v  0.0\t0.0 0.0 1.0").replace("v 1.0 1.0 1.0", "v 1 1 1 0.5 0.5 0.5")
    long = quads("{i}").replace(" 4 ", " \\\n 4 ", 1)

    surface = read_mesh(written(tmp_path / "cube.obj", f"{mixed}\n{long}"))

    assert volume(surface) == pytest.approx(1)


@pytest.mark.parametrize(("word", "names"), [("o", ("left", "right house")), ("g", ("left", "right house"))])
def test_objects_of_an_obj_are_parts_and_indices_count_on(tmp_path: Path, word: str, names: tuple[str, ...]) -> None:
    second = "\n".join(f"v {x + 5} {y} {z}" for x, y, z in CUBE)
    one, two, again = (f"{word} {name}\n" for name in (*names, names[0]))

    group = "g wall\n" if word == "o" else ""  # of no matter where there are objects
    lines = f"f 1 2 3\n{VERTICES}\n{one}{quads('{n}')}\n{second}\n{two}{group}{quads('{n}')}\n{again}f 9 10 11\n"

    surface = read_mesh(written(tmp_path / "two.obj", lines))

    assert surface.names == names
    assert surface.parts.tolist() == [-1] + [0] * 12 + [1] * 12 + [0]
    assert surface.of(surface.parts == 1).extent == (5, 0, 6, 1)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.stl", b"", "empty"),
        ("a.stl", binary(CUBE[SPLIT])[:-1], "announces 12 triangles and has room for 11"),
        ("a.stl", binary(CUBE[SPLIT])[:60], "cut off"),
        ("a.stl", binary(CUBE[SPLIT], b"solid")[:200], "announces 12 triangles and has room for 2"),
        ("a.stl", binary(CUBE[SPLIT], count=2**32 - 1), "announces 4,294,967,295"),
        ("a.stl", binary(CUBE[:0].reshape(0, 3, 3)), "no triangles"),
        ("a.stl", binary(CUBE[SPLIT] * np.nan), "not numbers"),
        ("a.stl", binary(CUBE[SPLIT] + np.inf), "not numbers"),
        ("a.stl", binary(CUBE[SPLIT] * 1e20), "farther away"),
        ("a.stl", binary(CUBE[SPLIT] * 0), "no triangles"),
        ("a.stl", text(CUBE[SPLIT])[:700], "cut off|not three numbers"),
        ("a.stl", text(CUBE[SPLIT]).rpartition("endsolid")[0], "cut off"),
        ("a.stl", text(CUBE[SPLIT]).replace("1.000000e+00", "nan"), "not three numbers"),
        ("a.stl", text(CUBE[SPLIT]).replace("1.000000e+00", "1.0.0", 1), "not three numbers"),
        ("a.stl", "solid nothing\nendsolid nothing\n", "no triangles"),
        ("a.stl", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "announces"),
        ("a.stl", "<html><body>Please log in</body></html>" * 9, "announces"),
        ("a.obj", "", "empty"),
        ("a.obj", "# nothing\n", "no triangles"),
        ("a.obj", VERTICES, "no triangles"),
        ("a.obj", "f 1 2 3\n", "no triangles"),
        ("a.obj", f"{VERTICES}\nf 1 2 9\n", "not there"),
        ("a.obj", f"{VERTICES}\nf 1 2 -9\n", "not there"),
        ("a.obj", f"{VERTICES}\nf 1 2 99999999999999\n", "not there"),
        ("a.obj", f"{VERTICES}\nf 0 1 2\n", "not numbers of vertices"),
        ("a.obj", f"{VERTICES}\nf 1 2 x\n", "not numbers of vertices"),
        ("a.obj", f"{VERTICES}\nf 1 2 3.5\n", "not numbers of vertices"),
        ("a.obj", f"{VERTICES}\nf 1 2\n", "no triangles"),
        ("a.obj", f"{VERTICES}\nv 1 2\nf 1 2 3\n", "not three numbers"),
        ("a.obj", f"{VERTICES}\nv 1 2 x\nf 1 2 3\n", "not three numbers"),
        ("a.obj", f"v nan 0 0\n{VERTICES}\nf 1 2 3\n", "not numbers"),
        ("a.obj", b"L\x01\x04\0\0\0\0\0" * 200, "not text"),
    ],
)
def test_what_is_damaged_or_no_model_is_refused_in_words(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    with pytest.raises(ExportError, match=reason):
        read_mesh(written(tmp_path / name, content))


def test_an_announced_count_takes_no_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "a.stl", binary(CUBE[SPLIT], count=2**32 - 1))
    tracemalloc.start()
    with pytest.raises(ExportError):
        read_mesh(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1e6


@pytest.mark.parametrize("form", ["stl", "obj"])
def test_memory_stays_within_six_times_the_file(tmp_path: Path, form: str) -> None:
    sheet(tmp_path / "a.stl", 300)
    path = tmp_path / "a.stl"
    if form == "obj":
        surface = read_mesh(path)
        path = written(
            tmp_path / "a.obj",
            "".join("v {:.3f} {:.3f} {:.3f}\n".format(*place) for place in surface.vertices.tolist())
            + "".join("f {} {} {}\n".format(*face) for face in (surface.triangles + 1).tolist()),
        )
    tracemalloc.start()
    read = read_mesh(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(read.triangles) == 180_000
    assert len(read.vertices) == 301**2
    assert peak < 6 * path.stat().st_size


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.stl"
    with path.open("wb") as file:
        file.truncate(2**30 + 1)

    with pytest.raises(ExportError, match="1.0 GB"):
        read_mesh(path)


def test_welding_joins_the_same_places_only() -> None:
    random = np.random.default_rng(1)
    places = random.normal(size=(500, 3)).astype(np.float32)
    which = random.integers(0, 500, 4000)

    vertices, vertex = welded(places[which].copy())

    assert len(vertices) == len(np.unique(which))
    assert (vertices[vertex] == places[which]).all()
    assert (np.diff(np.unique(vertex, return_index=True)[1]) > 0).all()  # in the order in which they first stand


STAR = [(0, 3), (-1, 1), (-3, 1), (-1.5, -0.5), (-2, -3), (0, -1.5), (2, -3), (1.5, -0.5), (3, 1), (1, 1)]
COMB = [(0, 0), (9, 0), *[(9 - 0.5 * i, 5 if i % 2 else 1) for i in range(19)]]


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (4, 0), (4, 4), (0, 4)],
        [(0, 0), (2, 0), (4, 0), (4, 4), (2, 4), (0, 4), (0, 2)],
        [(0, 0), (4, 0), (1, 1), (0, 4)],
        [(1, 1), (0, 4), (0, 0), (4, 0)],
        STAR,
        COMB,
    ],
)
@pytest.mark.parametrize("plane", ["flat", "upright", "tilted"])
@pytest.mark.parametrize("backwards", [False, True])
def test_polygons_are_covered_by_their_triangles_and_keep_their_side(
    ring: list[tuple[float, float]], plane: str, backwards: bool
) -> None:
    flat = np.array(ring[::-1] if backwards else ring, float)
    axes = {"flat": [(1, 0, 0), (0, 1, 0)], "upright": [(1, 0, 0), (0, 0, 1)], "tilted": [(1, 0, 1), (0, 1, 1)]}[plane]
    vertices = np.concatenate([flat @ np.array(axes, float) + 7, [[0, 0, 0]]])
    first = np.array([len(ring), 0, 1, *range(len(ring))], np.int32)

    triangles, owner = triangulated(vertices, first, np.array([3, len(ring)]))

    its = triangles[owner == 1]
    assert len(its) == len(ring) - 2
    shapes = [Polygon(flat[triangle]) for triangle in its]
    assert sum(shape.area for shape in shapes) == pytest.approx(Polygon(flat).area)
    assert unary_union([shape.buffer(1e-9) for shape in shapes]).symmetric_difference(Polygon(flat)).area < 1e-6
    across = normals(Mesh(vertices, its, owner[owner == 1]))
    assert (across @ np.cross(*np.array(axes, float)) * (-1 if backwards else 1) > -1e-9).all()


def test_a_polygon_that_crosses_itself_ends(tmp_path: Path) -> None:
    bow = "v 0 0 0\nv 4 4 0\nv 4 0 0\nv 0 4 0\nv 2 9 0\nf 1 2 3 4 5\nf 1 1 2 2 3\nf 1 2 1 2\n"

    surface = read_mesh(written(tmp_path / "bow.obj", bow))

    assert len(surface.triangles) >= 2


def test_houses_that_share_a_wall_are_two_pieces() -> None:
    corners = np.concatenate([CUBE[SPLIT], (CUBE + [1, 0, 0])[SPLIT]])
    _, vertex = welded(corners.reshape(-1, 3))

    of = pieces(vertex.reshape(-1, 3))

    assert len(set(of[:10])) == len({*of[12:20], *of[22:]}) == 1  # all but the wall between them
    assert of[0] != of[12]


SQUARE = "v 0 0 0\nv 9 0 0\nv 9 9 0\nv 0 9 0\n"


@pytest.mark.parametrize(
    "content",
    ["\ufeff" + SQUARE + "f 1 2 3 4\n", SQUARE + "f 1 2 3 4 # the roof\n", SQUARE + "f 1/1 2/1 3/1 4/1 # a/b\n"],
    ids=["mark", "comment", "textures"],
)
def test_a_byte_order_mark_and_comments_are_no_damage(tmp_path: Path, content: str) -> None:
    assert len(read_mesh(written(tmp_path / "a.obj", content)).triangles) == 2


def test_a_name_with_a_hash_is_a_name(tmp_path: Path) -> None:
    surface = read_mesh(written(tmp_path / "a.obj", f"{SQUARE}o house #1\nf 1 2 3\no house #2\nf 1 3 4\n"))
    assert surface.names == ("house #1", "house #2")


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0, 0), (1, 0, 0), (2, 0, 0)],
        [(0, 0, 0), (10, 0, 0), (10, 0, 5), (0, 0, 5)],
        [(0, 0, 0), (10, 10, 0), (10, 10, 5), (0, 0, 5)],
        [(0, 0, 0), (0, 0, 1e-9), (1e-9, 0, 0)],
    ],
    ids=["line", "wall", "oblique", "nothing"],
)
def test_a_wall_alone_is_neither_ground_nor_building(tmp_path: Path, corners: list[tuple[float, ...]]) -> None:
    lines = [f"v {x} {y} {z}" for x, y, z in corners] + ["f " + " ".join(str(n + 1) for n in range(len(corners)))]
    model = city(read_mesh(written(tmp_path / "a.obj", "\n".join(lines))))
    assert not model.terrain.any() and list(buildings(model)) == []
