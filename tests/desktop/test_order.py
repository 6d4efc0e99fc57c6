"""The whole way in a real window, for every service: area from the canvas, Order, layers in the project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.demo import orders
from tests.desktop.window import HERE, drive, screen
from tests.standin.client import Recorded, Standin

SECONDS = 400
PLACED = "placed by the ordered area, not georeferenced by the service"
CREATING = {
    "koordinates": "/exports/",
    "cityloader": "/simple",
    "brightearth": "/extraction-mono",
    "itwin": "/mesh-export/",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desktop")


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    with Standin() as standin:
        standin.settings(polls=2)
        yield standin


@pytest.fixture(scope="module")
def story(standin: Standin) -> list[dict[str, Any]]:
    return orders(standin)


@pytest.fixture(scope="module")
def answer(folder: Path, story: list[dict[str, Any]]) -> Any:
    order = {
        "orders": story,
        "downloads": str(folder / "downloads"),
        "project": str(folder / "project.qgz"),
        "picture": str(folder / "window.png"),
    }
    with screen() as environment:
        answer = drive(folder, HERE / "order.py", order, environment, SECONDS)
    print("Longest stall of the window in ms:", answer["stalls_ms"])
    return answer


@pytest.fixture(scope="module")
def requests(answer: Any, standin: Standin) -> list[Recorded]:
    return standin.requests()


def layers(answer: Any, service: str) -> list[dict[str, Any]]:
    return [layer for layer in answer["layers"] if layer["group"] == answer["jobs"][service]["title"]]


def has_scenes(answer: Any) -> bool:
    return tuple(map(int, answer["qgis"].split("-")[0].split("."))) >= (3, 34)


def test_every_order_is_done(answer: Any) -> None:
    assert answer["trouble"] == ""
    assert {service: job["state"] for service, job in answer["jobs"].items()} == dict.fromkeys(CREATING, "done")
    assert all(layer["valid"] for layer in answer["layers"])


def test_koordinates_brings_vectors_a_grid_and_a_table(answer: Any) -> None:
    found = layers(answer, "koordinates")
    assert answer["jobs"]["koordinates"]["problems"] == []
    assert sorted(layer["type"] for layer in found) == ["raster", "vector", "vector", "vector", "vector"]
    assert {layer["crs"] for layer in found if layer["extent"]} == {"EPSG:32613"}
    assert all(layer["size"] != "0 features" and layer["licenses"] for layer in found)


def test_brightearth_brings_a_layer_a_theme(answer: Any) -> None:
    found = {layer["name"]: layer for layer in layers(answer, "brightearth") if layer["type"] != "tiledscene"}
    assert sorted(found) == ["building", "clutter", "dtm", "road", "tree"]
    assert {layer["crs"] for layer in found.values()} == {"EPSG:3857"}
    assert all(layer["size"] != "0 features" for layer in found.values())


def test_3d_tiles_are_scenes_or_it_is_said_which_qgis_shows_them(answer: Any) -> None:
    for service, count in (("itwin", 1), ("brightearth", 2)):
        scenes = [layer for layer in layers(answer, service) if layer["type"] == "tiledscene"]
        problems = answer["jobs"][service]["problems"]
        assert (len(scenes), len(problems)) == ((count, 0) if has_scenes(answer) else (0, 1)), (service, problems)
        assert has_scenes(answer) or "3.34" in problems[0]
    assert (Path(answer["jobs"]["itwin"]["folder"]) / "tileset.json").is_file()
    assert "tiles meet the area" in answer["jobs"]["itwin"]["message"]


def test_a_city_model_is_placed_by_the_area_and_says_so(answer: Any) -> None:
    found = layers(answer, "cityloader")
    assert sorted(layer["type"] for layer in found) == ["mesh", "raster", "vector"]
    assert {layer["crs"] for layer in found} == {"EPSG:32633"}
    assert all(PLACED in layer["name"] and PLACED in layer["abstract"] for layer in found)


def test_the_dock_said_what_it_would_order(answer: Any) -> None:
    said = answer["preflights"]
    assert "km²" in said["koordinates"] and "free" in said["koordinates"].lower()
    assert "500 credits" in said["brightearth"]
    assert any("3DCityLoader takes rectangles" in note for note in answer["jobs"]["cityloader"]["notes"])


def test_it_asked_once_with_the_area_where_money_may_be_spent(answer: Any) -> None:
    assert sorted(answer["questions"]) == ["brightearth", "cityloader"]
    assert all("km²" in question for question in answer["questions"].values())


def test_one_order_each_for_the_area_on_the_map(
    answer: Any, story: list[dict[str, Any]], requests: list[Recorded]
) -> None:
    sent = {
        service: [one.json for one in requests if one.method == "POST" and one.path.endswith(path)]
        for service, path in CREATING.items()
    }
    counts = {service: len(bodies) for service, bodies in sent.items()}
    assert counts == {"koordinates": 1, "cityloader": 1, "brightearth": 1, "itwin": 0}  # the platform made its own
    west, south, east, north = story[0]["extent"]
    longitudes, latitudes = zip(*sent["koordinates"][0]["extent"]["coordinates"][0])
    assert min(longitudes) <= west and max(longitudes) >= east and min(latitudes) <= south and max(latitudes) >= north
    assert sent["koordinates"][0]["crs"] == "EPSG:32613"
    box = sent["cityloader"][0]["bbox"]
    west, south, east, north = story[-1]["extent"]
    assert box[0] <= west and box[1] <= south and box[2] >= east and box[3] >= north
    assert sorted(sent["cityloader"][0]["include"]) == ["buildings", "terrain"]


def test_no_credential_left_its_service(
    answer: Any, story: list[dict[str, Any]], requests: list[Recorded], folder: Path
) -> None:
    secrets = [order["password"] for order in story]
    stored = [one for one in requests if one.server in ("storage", "blobs", "cityloader-files")]
    assert {one.server for one in stored} >= {"storage", "blobs"}
    for one in stored:
        assert one.header("Authorization") is None
        assert not any(secret in f"{one.path}?{one.query}" for secret in secrets)
    written = [path for path in folder.rglob("*") if path.is_file() and path.name != "order.json"]
    assert any(path.suffix == ".qgz" for path in written) and any(path.name == "jobs.sqlite" for path in written)
    for path in written:
        content = path.read_bytes()
        assert not any(secret.encode() in content for secret in secrets), path
    assert not any(secret in answer["log"] for secret in secrets)


def test_the_folders_say_where_everything_is_from(answer: Any) -> None:
    for service, job in answer["jobs"].items():
        manifest = json.loads(Path(job["folder"], "cutout.json").read_text())
        assert manifest["service"] == service and manifest["attribution"]
        assert len(manifest["layers"]) == len(layers(answer, service))


def test_qgis_ended_by_itself(answer: Any) -> None:
    assert answer["status"] == 0, answer["log"][-3000:]
    assert "Traceback" not in answer["log"]
