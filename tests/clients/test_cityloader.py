"""The 3DCityLoader stand-in does what the vendor's documentation says, on a city that is really there."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from osgeo import gdal, ogr
from pyproj import Geod
from shapely.geometry import MultiPoint, Polygon
from shapely.ops import unary_union

from tests.clients import seeds
from tests.standin import city
from tests.standin.city_faces import triangles_of
from tests.standin.client import Standin

gdal.UseExceptions()
BBOX = [16.3470, 48.2035, 16.3510, 48.2060]
BOTH = ["terrain", "buildings"]


class Loader:
    """A small client of the test's own. No redirect is followed, nothing is polled unless said."""

    def __init__(self, standin: Standin) -> None:
        self.standin, self.service = standin, standin.of("cityloader")
        self.api, self.tokens = self.service.facts["api"], self.service.facts["tokens"]
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method: str, url: str, token: str = "full", **rest: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.tokens[token]}", "Accept": "application/json"}
        headers.update(rest.pop("headers", {}))
        return self.session.request(method, url, headers=headers, allow_redirects=False, timeout=30, **rest)

    def order(self, token: str = "full", **body: Any) -> requests.Response:
        return self.call("POST", f"{self.api}/export/simple", token, json=body)

    def look(self, number: Any, token: str = "full") -> requests.Response:
        return self.call("GET", f"{self.api}/export/{number}", token)

    def done(self, **body: Any) -> dict[str, Any]:
        """What is told of a job that is done at the first look."""
        self.service.settings(polls=0)
        answer = self.look(self.order(**body).json()["id"]).json()
        assert answer["status"] == "done", answer
        return dict(answer)

    def archive(self, **body: Any) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(plain(self.done(**body)["download_url"]).content))

    def file(self, **body: Any) -> bytes:
        """The only file of an export."""
        archive = self.archive(**body)
        (name,) = archive.namelist()
        return archive.read(name)

    def triangles(self, **body: Any) -> np.ndarray:
        """(n, 3, 3): what a binary STL holds."""
        return read_stl(self.file(**body))

    @property
    def model(self) -> dict[str, Any]:
        """How the coordinates of the last job came about."""
        return dict(self.service.orders()[-1]["model"])


def plain(url: str, **headers: str) -> requests.Response:
    """As a browser would: redirects followed, no token."""
    return requests.get(url, headers=headers, timeout=30)


def read_stl(data: bytes) -> np.ndarray:
    count = int.from_bytes(data[80:84], "little")
    assert len(data) == 84 + 50 * count
    facets = np.frombuffer(data, offset=84, dtype=[("normal", "<f4", 3), ("at", "<f4", (3, 3)), ("attribute", "<u2")])
    return facets["at"].astype(float)


def extent(triangles: np.ndarray) -> np.ndarray:
    """Width, depth and height."""
    return np.ptp(triangles.reshape(-1, 3), axis=0)


def in_metres(bbox: list[float]) -> tuple[float, float]:
    """Width and height of a box in degrees, along its middle, on the ellipsoid."""
    west, south, east, north = bbox
    geod, lat, lon = Geod(ellps="WGS84"), (south + north) / 2, (west + east) / 2
    return geod.line_length([west, east], [lat, lat]), geod.line_length([lon, lon], [south, north])


def in_utm(bbox: list[float]) -> Polygon:
    west, south, east, north = bbox
    x, y = city.to_utm([west, east, east, west], [south, south, north, north])
    return Polygon(zip(x, y))


@pytest.fixture
def loader(standin: Standin) -> Loader:
    return Loader(standin)


# --- the way of a job -------------------------------------------------------------------------------------------


def test_a_job_from_order_to_file(loader: Loader, standin: Standin) -> None:
    created = loader.order(bbox=BBOX, format="stl", include=BOTH)
    assert created.status_code == 201
    number = created.json()["id"]
    told = [loader.look(number).json() for _ in range(3)]
    assert [answer["status"] for answer in told] == ["pending", "processing", "done"]
    assert [sorted(answer) for answer in told[:2]] == [["id", "status"]] * 2
    url = told[2]["download_url"]
    assert url.startswith(standin.of("cityloader").url)
    redirect = requests.get(url, allow_redirects=False, timeout=30)
    assert redirect.status_code == 302 and redirect.headers["Location"].startswith(standin.storage_url)
    archive = zipfile.ZipFile(io.BytesIO(plain(url).content))
    assert archive.namelist() == [f"{number}.stl"] and archive.testzip() is None
    (order,) = loader.service.orders()
    assert (order["state"], order["looks"], order["links"], order["account"]) == ("done", 3, 2, "customer")
    assert order["request"] == {"bbox": BBOX, "format": "stl", "include": BOTH}
    assert order["km2"] == pytest.approx(np.prod(in_metres(BBOX)) / 1e6, rel=1e-3)


def test_it_takes_its_time_by_the_clock(loader: Loader, standin: Standin) -> None:
    standin.freeze()
    loader.service.settings(polls=0, seconds=60, open_state="queued-for-tiles")
    number = loader.order(bbox=BBOX).json()["id"]
    assert [loader.look(number).json()["status"] for _ in range(2)] == ["pending", "queued-for-tiles"]
    standin.advance(61)
    assert loader.look(number).json()["status"] == "done"


def test_a_job_fails_without_a_reason(loader: Loader) -> None:
    loader.service.settings(polls=0, final=["failed", "done"])
    answers = [loader.look(loader.order(bbox=BBOX).json()["id"]).json() for _ in range(3)]
    assert [answer["status"] for answer in answers] == ["failed", "done", "failed"]
    assert sorted(answers[0]) == ["id", "status"]


def test_where_there_are_no_data_the_job_fails_unless_vienna_stands_in(loader: Loader) -> None:
    loader.service.settings(polls=0)
    cologne = [6.9539, 50.9407, 6.9592, 50.9439]
    number = loader.order(bbox=cologne).json()["id"]
    assert loader.look(number).json() == {"id": number, "status": "failed"}
    loader.service.settings(anywhere=True)
    assert extent(loader.triangles(bbox=cologne))[:2] == pytest.approx(in_metres(cologne), rel=0.03)


def test_ids_can_be_uuids(loader: Loader) -> None:
    loader.service.settings(uuid_ids=True)
    answer = loader.done(bbox=BBOX)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer["id"])
    assert zipfile.ZipFile(io.BytesIO(plain(answer["download_url"]).content)).namelist() == [f"{answer['id']}.stl"]


# --- who may what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "key {}", "bearer {}", "Bearer wrong", "Bearer {}x"])
def test_only_a_bearer_token_opens(loader: Loader, header: str) -> None:
    headers = {"Authorization": header.format(loader.tokens["full"])}
    for method, path in (("POST", "simple"), ("GET", "4201")):
        answer = loader.call(method, f"{loader.api}/export/{path}", headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthenticated."})
    assert loader.service.orders() == []


def test_a_revoked_token_is_refused_until_the_reset(loader: Loader, standin: Standin) -> None:
    loader.service.revoke(loader.tokens["full"])
    assert loader.order(bbox=BBOX).status_code == 401
    standin.reset()
    assert loader.order(bbox=BBOX).status_code == 201


def test_each_permission_is_needed_for_its_own(loader: Loader) -> None:
    number = loader.order(bbox=BBOX).json()["id"]
    assert [loader.order(token, bbox=BBOX).status_code for token in ("no_create", "no_read", "no_pay")] == [
        403,
        201,
        402,
    ]
    assert [loader.look(number, token).status_code for token in ("no_create", "no_read", "no_pay")] == [200, 403, 200]
    assert loader.order("no_create", bbox=BBOX).json() == {"message": "Invalid ability provided."}
    loader.service.settings(names_permission=True)
    assert "export.read" in loader.look(number, "no_read").json()["message"]


def test_a_token_that_may_not_pay(loader: Loader) -> None:
    loader.service.settings(unpaid="403", names_permission=True)
    refused = loader.order("no_pay", bbox=BBOX)
    assert refused.status_code == 403 and "export.pay" in refused.json()["message"]
    assert loader.service.orders() == []
    loader.service.settings(unpaid="pending", polls=0)
    number = loader.order("no_pay", bbox=BBOX).json()["id"]
    assert [loader.look(number).json()["status"] for _ in range(5)] == ["pending"] * 5


def test_without_a_payment_method_nothing_is_ordered(loader: Loader) -> None:
    loader.service.settings(payment_method=False)
    refused = loader.order(bbox=BBOX)
    assert refused.status_code == 402 and "payment method" in refused.json()["message"]
    assert loader.service.orders() == []


def test_other_peoples_jobs_are_not_there(loader: Loader) -> None:
    number = loader.order(bbox=BBOX).json()["id"]
    assert loader.look(number, "stranger").status_code == 404
    assert loader.look(number + 1).status_code == 404 and loader.look("simple").status_code == 404
    theirs = loader.order("stranger", bbox=BBOX).json()["id"]
    assert (loader.look(theirs, "stranger").status_code, loader.look(theirs).status_code) == (200, 404)
    assert "message" in loader.look(theirs).json()


# --- what can be ordered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "bbox"),
        ({"bbox": BBOX, "center": [16.35, 48.2]}, "bbox"),
        ({"center": [16.35, 48.2], "address": "Burggasse 40"}, "bbox"),
        ({"bbox": BBOX[:3]}, "bbox"),
        ({"bbox": "16.347,48.2035,16.351,48.206"}, "bbox"),
        ({"bbox": [*BBOX[2:], *BBOX[:2]]}, "bbox"),
        ({"bbox": [48.2, 16.3, 48.3, 186.4]}, "bbox"),
        ({"bbox": [179.9, 48.2, -179.9, 48.3]}, "bbox"),
        ({"bbox": [True, 0, 2, 3]}, "bbox"),
        ({"center": [16.35, 98.2]}, "center"),
        ({"center": [16.35, 48.2], "size": [500]}, "size"),
        ({"center": [16.35, 48.2], "size": [500, 0]}, "size"),
        ({"address": "Nowhere 1"}, "address"),
        ({"address": ""}, "address"),
        ({"bbox": BBOX, "format": "STL"}, "format"),
        ({"bbox": BBOX, "format": ["stl"]}, "format"),
        ({"bbox": BBOX, "format": "geotiff"}, "format"),
        ({"bbox": BBOX, "include": "terrain"}, "include"),
        ({"bbox": BBOX, "include": []}, "include"),
        ({"bbox": BBOX, "include": ["terrain", "streets"]}, "include.1"),
        ({"bbox": BBOX, "separate_files": ["terrain"]}, "separate_files"),
    ],
)
def test_what_is_wrong_is_refused_and_named(loader: Loader, body: dict[str, Any], field: str) -> None:
    refused = loader.order(**body)
    assert refused.status_code == 422
    assert refused.json()["message"] == refused.json()["errors"][field][0]
    assert list(refused.json()["errors"]) == [field] and loader.service.orders() == []


def test_several_mistakes_are_told_at_once(loader: Loader) -> None:
    refused = loader.order(bbox=BBOX, format="shp", include=["roads"], separate_files="maybe").json()
    assert sorted(refused["errors"]) == ["format", "include.0", "separate_files"]
    assert refused["message"] == "The selected format is invalid. (and 2 more errors)"


def test_a_body_that_is_no_json_says_nothing(loader: Loader) -> None:
    refused = loader.call("POST", f"{loader.api}/export/simple", data='{"bbox": [1, 2, 3, 4]}')
    assert refused.status_code == 422 and "bbox" in refused.json()["errors"]


def test_a_limit_of_the_area(loader: Loader) -> None:
    loader.service.settings(max_km2=0.05)
    assert "0.08 km²" in loader.order(bbox=BBOX).json()["message"]
    assert loader.order(center=[16.349, 48.205], size=[200, 200]).status_code == 201


def test_the_defaults_are_stl_and_terrain_alone_of_half_a_kilometre(loader: Loader) -> None:
    triangles = loader.triangles(center=[16.349, 48.205])
    assert extent(triangles)[:2] == pytest.approx((500, 500), rel=0.02)
    assert loader.model["buildings"] == []
    up = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    assert (up[:, 2] > 0).all()


def test_centre_and_address_make_a_box_of_the_size(loader: Loader) -> None:
    for area in ({"center": [16.349, 48.205]}, {"address": "burggasse  40, 1070 WIEN"}, {"address": "Burggasse 40"}):
        loader.order(**area, size=[400, 300])
        assert in_metres(loader.service.orders()[-1]["bbox"]) == pytest.approx((400, 300), rel=1e-4)
    places = loader.service.facts["addresses"]
    west, south, east, north = loader.service.orders()[-1]["bbox"]
    assert [(west + east) / 2, (south + north) / 2] == pytest.approx(places["Burggasse 40, 1070 Wien"], abs=1e-6)


def test_the_size_does_not_matter_to_a_box(loader: Loader) -> None:
    loader.order(bbox=BBOX, size=[10, 10])
    assert loader.service.orders()[-1]["bbox"] == BBOX


# --- links ------------------------------------------------------------------------------------------------------


def test_the_storage_refuses_a_token_beside_the_link(loader: Loader) -> None:
    redirect = loader.call("GET", loader.done(bbox=BBOX)["download_url"])
    refused = plain(redirect.headers["Location"], Authorization=f"Bearer {loader.tokens['full']}")
    assert refused.status_code == 400 and "Only one auth mechanism allowed" in refused.text


def test_links_grow_old_and_fresh_ones_are_told(loader: Loader, standin: Standin) -> None:
    standin.freeze()
    loader.service.settings(link_lifetime=60)
    answer = loader.done(bbox=BBOX)
    signed = loader.call("GET", answer["download_url"]).headers["Location"]
    standin.advance(61)
    assert plain(answer["download_url"]).status_code == 403
    assert plain(answer["download_url"]).json() == {"message": "Invalid signature."}
    old = plain(signed)
    assert old.status_code == 403 and "<Code>AccessDenied</Code>" in old.text
    assert plain(loader.look(answer["id"]).json()["download_url"]).status_code == 200


def test_a_link_is_good_for_its_own_job_only(loader: Loader) -> None:
    first, second = (loader.done(bbox=BBOX) for _ in range(2))
    other = first["download_url"].replace(str(first["id"]), str(second["id"]), 1)
    assert plain(other).status_code == 403 and plain(first["download_url"].split("?")[0]).status_code == 403


@pytest.mark.parametrize("via", ["files", "storage"])
def test_where_the_link_points(loader: Loader, standin: Standin, via: str) -> None:
    loader.service.settings(download_via=via)
    url = loader.done(bbox=BBOX)["download_url"]
    assert not url.startswith(loader.service.url)
    answer = plain(url)
    assert answer.status_code == 200 and answer.url.startswith(standin.storage_url)
    assert [step.status_code for step in answer.history] == ([302] if via == "files" else [])
    assert len(standin.requests("cityloader-files")) == (1 if via == "files" else 0)


# --- manners ----------------------------------------------------------------------------------------------------


def test_without_accept_a_person_is_sent_to_log_in(loader: Loader) -> None:
    loader.service.settings(login_redirect=True)
    wrong = {"Authorization": "Bearer wrong"}
    redirect = loader.call("GET", f"{loader.api}/export/1", headers={**wrong, "Accept": "*/*"})
    assert redirect.status_code == 302 and "<form" in plain(redirect.headers["Location"]).text
    assert loader.call("GET", f"{loader.api}/export/1", headers=wrong).status_code == 401


@pytest.mark.parametrize(
    ("shape", "text"), [("empty", "{}"), ("error", '{"error": "Not Found."}'), ("html", "<h1>Not Found.</h1>")]
)
def test_errors_of_other_shapes(loader: Loader, shape: str, text: str) -> None:
    loader.service.settings(error_shape=shape)
    answer = loader.look(1)
    assert answer.status_code == 404 and text in answer.text


def test_unknown_paths_and_methods_are_json_too(loader: Loader) -> None:
    for method, path, status in (
        ("GET", "nothing", 404),
        ("DELETE", "export/4201", 405),
        ("PUT", "export/simple", 405),
    ):
        answer = loader.call(method, f"{loader.api}/{path}")
        assert answer.status_code == status and "message" in answer.json()


def test_a_setting_that_there_is_not(loader: Loader) -> None:
    with pytest.raises(ValueError, match="colour"):
        loader.service.settings(colour="blue")


# --- the model --------------------------------------------------------------------------------------------------


def test_the_terrain_is_the_area_and_its_heights_are_those_of_the_ground(loader: Loader) -> None:
    loader.service.settings(heights="sea", terrain_step=5)
    triangles = loader.triangles(bbox=BBOX)
    area = in_utm(BBOX)
    x, y, _ = loader.model["origin"]
    corners = triangles.reshape(-1, 3) + [x, y, 0]
    assert extent(triangles)[:2] == pytest.approx((np.subtract(area.bounds[2:], area.bounds[:2])), rel=1e-4)
    outline = MultiPoint(corners[:, :2]).convex_hull
    assert outline.symmetric_difference(area).area < area.area * 1e-4
    assert extent(triangles)[:2] == pytest.approx(in_metres(BBOX), rel=0.02)  # the grid of UTM is turned by a degree
    assert corners[:, 2] == pytest.approx(city.ground_height(corners[:, 0], corners[:, 1]), abs=0.01)
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])[:, 2]
    assert across.sum() / 2 == pytest.approx(area.area, rel=1e-4)  # no gap and no overlap


def test_towards_true_north_the_size_is_that_of_the_area(loader: Loader) -> None:
    loader.service.settings(frame="north")
    assert extent(loader.triangles(bbox=BBOX))[:2] == pytest.approx(in_metres(BBOX), rel=0.001)


@pytest.mark.parametrize(
    ("origin", "low"),
    [("corner", (0, 0)), ("centre", (-150.8, -140.9)), ("other", (-1234.5, 9876.5)), ("absolute", (600078, 5339796))],
)
def test_where_the_coordinates_begin(loader: Loader, origin: str, low: tuple[float, float]) -> None:
    loader.service.settings(origin=origin, stl="ascii")
    text = loader.file(bbox=BBOX).decode()
    corners = np.array([line.split()[1:] for line in text.splitlines() if "vertex" in line], dtype=float)
    west, south = in_utm(BBOX).bounds[:2]
    assert corners.min(axis=0)[:2] + loader.model["origin"][:2] == pytest.approx((west, south), abs=1e-3)
    if origin == "centre":
        assert corners.min(axis=0)[:2] == pytest.approx(-corners.max(axis=0)[:2], abs=1e-3)
    else:
        assert corners.min(axis=0)[:2] == pytest.approx(low, abs=1)
    assert corners[:, 2].min() == pytest.approx(0, abs=1e-3)


def test_a_model_for_the_table_fits_no_area(loader: Loader) -> None:
    loader.service.settings(origin="scaled")
    assert extent(loader.triangles(bbox=BBOX))[:2] == pytest.approx(np.array(in_metres(BBOX)) / 1000, rel=0.02)


def test_whole_buildings_are_those_with_their_middle_inside(loader: Loader) -> None:
    triangles = loader.triangles(bbox=BBOX, include=["buildings"])
    area = in_utm(BBOX)
    inside = [building for building in city.buildings() if area.contains(building.ground.centroid)]
    assert loader.model["buildings"] == [building.id for building in inside] and len(inside) > 50
    assert len(triangles) == sum(len(part.triangles) for building in inside for part in building.parts)
    x, y, z = loader.model["origin"]
    together = unary_union([building.ground for building in inside])
    corners = triangles.reshape(-1, 3) + [x, y, z]
    assert corners[:, :2].min(axis=0) == pytest.approx(together.bounds[:2], abs=0.01)
    assert corners[:, 2].max() == pytest.approx(max(building.top for building in inside), abs=0.01)


def test_cut_buildings_end_at_the_edge(loader: Loader) -> None:
    loader.service.settings(clip="cut")
    triangles = loader.triangles(bbox=BBOX, include=["buildings"])
    area = in_utm(BBOX)
    x, y, _ = loader.model["origin"]
    grown = area.buffer(0.01)
    flat = triangles[..., :2] + [x, y]
    assert MultiPoint(flat.reshape(-1, 2)).within(grown)
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    level = np.abs(across[:, 2]) > 0.999 * np.linalg.norm(across, axis=1)
    ground = -across[level & (across[:, 2] < 0), 2].sum() / 2
    grounds = sum(part.ground.intersection(area).area for part in city.parts())
    assert ground == pytest.approx(grounds, rel=1e-3)


def test_a_solid_terrain_is_closed(loader: Loader) -> None:
    loader.service.settings(solid=True, terrain_step=40)
    triangles = loader.triangles(bbox=BBOX)
    corners, used = np.unique(triangles.reshape(-1, 3), axis=0, return_inverse=True)
    faces = used.reshape(-1, 3)
    edges = [tuple(edge) for face in faces.tolist() for edge in zip(face, face[1:] + face[:1])]
    assert len(set(edges)) == len(edges) and {edge[::-1] for edge in edges} == set(edges)
    assert len(corners) < len(triangles)


# --- the files --------------------------------------------------------------------------------------------------


def test_the_three_ways_to_write_stl(loader: Loader) -> None:
    wanted = loader.triangles(bbox=BBOX, include=BOTH)
    loader.service.settings(stl="solid")
    misleading = loader.file(bbox=BBOX, include=BOTH)
    assert misleading.startswith(b"solid") and np.array_equal(read_stl(misleading), wanted)
    loader.service.settings(stl="ascii")
    text = loader.file(bbox=BBOX, include=BOTH).decode()
    assert text.startswith("solid ") and text.rstrip().splitlines()[-1].startswith("endsolid")
    corners = np.array([line.split()[1:] for line in text.splitlines() if "vertex" in line], dtype=float)
    assert corners.reshape(-1, 3, 3) == pytest.approx(wanted, abs=1e-3)


def test_obj_has_an_object_for_each_building_or_one_for_all(loader: Loader) -> None:
    wanted = loader.triangles(bbox=BBOX, include=BOTH)
    for objects in (True, False):
        loader.service.settings(obj_objects=objects)
        lines = [line.split() for line in loader.file(bbox=BBOX, format="obj", include=BOTH).decode().splitlines()]
        names = [words[1] for words in lines if words[0] == "o"]
        assert names == (["terrain", *loader.model["buildings"]] if objects else ["model"])
        corners = np.array([words[1:] for words in lines if words[0] == "v"], dtype=float)
        faces = np.array([words[1:] for words in lines if words[0] == "f"], dtype=int)
        assert corners[faces - 1] == pytest.approx(wanted, abs=1e-3)


def test_dxf_opens_in_ogr(loader: Loader, tmp_path: Path) -> None:
    path = tmp_path / "model.dxf"
    path.write_bytes(loader.file(bbox=BBOX, format="dxf", include=BOTH))
    with Quiet():
        source = ogr.Open(str(path))
        faces = [(face["Layer"], face.GetGeometryRef().GetGeometryRef(0).GetPoints()) for face in source.GetLayer(0)]
    model = loader.model
    assert {layer for layer, _ in faces} == {"TERRAIN", "BUILDINGS"}
    terrain = np.array([points[:3] for layer, points in faces if layer == "TERRAIN"])
    area = in_utm(BBOX).bounds
    assert extent(terrain)[:2] == pytest.approx(np.subtract(area[2:], area[:2]), rel=1e-4)
    count = sum(len(part.triangles) for part in city.parts() if part.building in model["buildings"])
    assert sum(layer == "BUILDINGS" for layer, _ in faces) == count


class Quiet:
    """GDAL warns of every 3DFACE that its ring is not closed, and closes it."""

    def __enter__(self) -> None:
        gdal.PushErrorHandler("CPLQuietErrorHandler")

    def __exit__(self, *_: object) -> None:
        gdal.PopErrorHandler()


@pytest.mark.parametrize("form", ["stl", "obj", "dxf"])
def test_separate_files(loader: Loader, form: str) -> None:
    archive = loader.archive(bbox=BBOX, format=form, include=BOTH, separate_files=True)
    number = loader.service.orders()[-1]["id"]
    assert archive.namelist() == [f"{number}_terrain.{form}", f"{number}_buildings.{form}"]
    if form == "stl":
        apart = [len(read_stl(archive.read(name))) for name in archive.namelist()]
        assert sum(apart) == len(loader.triangles(bbox=BBOX, include=BOTH)) and min(apart) > 100


def test_the_zip_can_have_a_folder_and_worse(loader: Loader) -> None:
    loader.service.settings(zip_folder="export/", extra_members={"../outside.txt": "no"})
    archive = loader.archive(bbox=BBOX)
    assert archive.namelist() == [f"export/{loader.service.orders()[-1]['id']}.stl", "../outside.txt"]


# --- the city itself --------------------------------------------------------------------------------------------


def test_every_body_is_closed_and_faces_outwards() -> None:
    """The area vectors of a closed surface add up to nothing, and the volume inside is positive."""
    open_ones = 0
    for part in city.parts():
        corners = part.triangles - part.triangles[0, 0]
        areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
        volume = np.einsum("ij,ij->", corners[:, 0], areas) / 3
        assert volume > 0, part.id
        open_ones += bool(np.linalg.norm(areas.sum(axis=0)) > 0.005 * np.linalg.norm(areas, axis=1).sum())
    assert open_ones == 0


def test_grounds_and_heights_are_those_of_the_triangles() -> None:
    parts = city.parts()
    assert (len(parts), len(city.buildings())) == (490, 149)
    for part in parts:
        bottom = part.triangles[part.kinds == "ground"]
        across = np.cross(bottom[:, 1] - bottom[:, 0], bottom[:, 2] - bottom[:, 0])
        assert -across[:, 2].sum() / 2 == pytest.approx(part.ground.area, rel=1e-3)
        assert bottom[..., 2].max() == pytest.approx(part.base) and part.base < part.top < part.base + 60
    middle = [part.ground.representative_point() for part in parts]
    heights = city.ground_height(np.array([p.x for p in middle]), np.array([p.y for p in middle]))
    off = np.abs(heights - [part.base for part in parts])
    assert np.median(off) < 0.5 and 180 < heights.min() < heights.max() < 210


def test_the_place_is_the_box_around_all_buildings() -> None:
    corners = np.concatenate([part.triangles.reshape(-1, 3) for part in city.parts()])
    lon, lat = city.to_degrees(corners[:, 0], corners[:, 1])
    assert (lon.min(), lat.min(), lon.max(), lat.max()) == pytest.approx(city.PLACE, abs=2e-6)


@pytest.mark.parametrize(
    ("rings", "area"),
    [
        ([[(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)]], 10),  # concave
        ([[(0, 0), (6, 0), (6, 6), (0, 6)], [(1, 1), (1, 2), (2, 2), (2, 1)], [(4, 4), (5, 4), (5, 5), (4, 5)]], 34),
        ([[(0, 0), (2, 0), (4, 0), (4, 4), (4, 2), (4, 4), (0, 4)]], 16),  # a corner on an edge, and a spike
        ([[(0, 0), (1, 0), (2, 0)]], 0),
    ],
)
def test_faces_become_triangles(rings: list[list[tuple[float, float]]], area: float) -> None:
    upright = [np.array([(0.0, x, y) for x, y in ring]) for ring in rings]
    triangles = triangles_of(upright)
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]) / 2
    assert (across[:, 0] > 0).all() and across[:, 0].sum() == pytest.approx(area)
    shape = Polygon(rings[0], rings[1:]).buffer(0)
    covered = unary_union([Polygon(triangle[:, 1:]) for triangle in triangles])
    assert covered.symmetric_difference(shape).area == pytest.approx(0, abs=1e-9)


# --- the vendor's own client ------------------------------------------------------------------------------------


@seeds.needed
def test_the_vendors_sample_runs_unchanged_but_for_address_and_token(
    loader: Loader, standin: Standin, tmp_path: Path
) -> None:
    loader.service.settings(polls=1, anywhere=True)  # the sample asks for a place in Düsseldorf
    (source,) = seeds.samples("000").values()
    source = seeds.pointed(source, "https://v2.3dcityloader.com/api'", f"{loader.api}'")
    source = seeds.pointed(source, "<your-api-token>", loader.tokens["full"])
    result = subprocess.run(
        [sys.executable, "-c", source], cwd=tmp_path, capture_output=True, text=True, timeout=60, env={}
    )
    assert result.returncode == 0, result.stdout + result.stderr
    (order,) = loader.service.orders()
    path = tmp_path / "download" / str(order["id"]) / f"{order['id']}.stl"
    assert result.stdout.splitlines()[-1].endswith(f"./{path.relative_to(tmp_path)}")
    triangles = read_stl(path.read_bytes())
    assert len(order["model"]["buildings"]) > 100
    assert extent(triangles)[:2] == pytest.approx(in_metres([6.761024, 51.219985, 6.771285, 51.226381]), rel=0.03)
    assert [entry.header("authorization") for entry in standin.requests("storage")] == [None]
