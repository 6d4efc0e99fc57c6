"""The whole way in a real window: area from the canvas, search, Order, layers in the project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.demo import ITEMS, PLACE
from tests.desktop.window import HERE, drive, screen
from tests.standin.client import Recorded, Standin

SECONDS = 240


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desktop")


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    with Standin() as standin:
        standin.settings(polls=2)
        yield standin


@pytest.fixture(scope="module")
def answer(folder: Path, standin: Standin) -> Any:
    order = {
        "url": standin.url,
        "key": standin.key,
        "extent": PLACE,
        "items": ITEMS,
        "title": "Rocky Mountains",
        "downloads": str(folder / "downloads"),
        "project": str(folder / "project.qgz"),
    }
    with screen() as environment:
        answer = drive(folder, HERE / "order.py", order, environment, SECONDS)
    print("Longest stall of the window in ms:", answer["stalls_ms"])
    return answer


@pytest.fixture(scope="module")
def requests(answer: Any, standin: Standin) -> list[Recorded]:
    return standin.requests()


def test_the_layers_are_in_the_project(answer: Any) -> None:
    assert (answer["trouble"], answer["problems"], answer["states"]) == ("", [], ["done"])
    assert all(layer["valid"] for layer in answer["layers"])
    kinds = sorted(layer["type"] for layer in answer["layers"])
    assert kinds == ["raster", "vector", "vector", "vector", "vector"]
    assert {layer["crs"] for layer in answer["layers"] if layer["extent"]} == {"EPSG:32613"}
    assert all(layer["size"] != "0 features" for layer in answer["layers"])
    assert all(layer["licenses"] for layer in answer["layers"])


def test_the_dock_said_what_it_would_order(answer: Any) -> None:
    assert "km²" in answer["preflight"] and "free" in answer["preflight"].lower()


def test_one_order_for_the_area_on_the_map(answer: Any, requests: list[Recorded]) -> None:
    orders = [one.json for one in requests if one.method == "POST" and one.path.endswith("/exports/")]
    assert len(orders) == 1
    west, south, east, north = PLACE
    longitudes, latitudes = zip(*orders[0]["extent"]["coordinates"][0])
    assert min(longitudes) <= west and max(longitudes) >= east
    assert min(latitudes) <= south and max(latitudes) >= north
    assert orders[0]["crs"] == "EPSG:32613"


def test_no_credential_left_the_service(answer: Any, standin: Standin, requests: list[Recorded], folder: Path) -> None:
    at_storage = [one for one in requests if one.server == "storage"]
    assert at_storage
    assert not [one for one in at_storage if one.header("Authorization") or standin.key in f"{one.path}?{one.query}"]
    written = [path for path in folder.rglob("*") if path.is_file() and path.name != "order.json"]
    assert any(path.suffix == ".qgz" for path in written) and any(path.name == "jobs.sqlite" for path in written)
    assert not [path for path in written if standin.key.encode() in path.read_bytes()]
    assert standin.key not in answer["log"]


def test_the_folder_says_where_everything_is_from(answer: Any) -> None:
    manifest = json.loads(Path(answer["folder"], "cutout.json").read_text())
    assert manifest["service"] == "koordinates"
    assert len(manifest["layers"]) == len(answer["layers"])
    assert manifest["license"]["title"]


def test_qgis_ended_by_itself(answer: Any) -> None:
    assert answer["status"] == 0, answer["log"][-3000:]
    assert "Traceback" not in answer["log"]
