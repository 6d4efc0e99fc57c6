"""Ordering from the Processing toolbox in a real window: the dialog, the list of the dock, the layers on the map."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.desktop.window import HERE, drive, screen
from tests.standin.client import Standin

SECONDS = 120
STALL = (
    1000  # milliseconds that the window may be dead while an algorithm runs, on a machine that does other things too
)
ORDERS = ("left", "waited for", "stopped", "collected", "batch")


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("toolbox")
    area = folder / "area.geojson"
    corners = [[-105.8, 40.2], [-105.5, 40.2], [-105.5, 40.5], [-105.8, 40.2]]
    area.write_text(json.dumps({"type": "Polygon", "coordinates": [corners]}))
    with Standin() as standin, screen() as environment:
        standin.settings(polls=0)
        standin.fault("slow", server="storage", path="/exports/1004/", seconds=2)  # of the order to be collected
        order = {
            "orders": [{"service": "koordinates", "url": standin.url, "password": standin.key}],
            "downloads": str(folder / "downloads"),
            "pictures": str(folder),
            "place": [[-105.83, 40.24, -105.48, 40.50], "EPSG:32613"],
            "area": str(area),
            "two": f"{standin.layer_url('counties')},{standin.layer_url('glaciers')}",
            "parameters": {
                "SERVER": standin.url,
                "ITEMS": standin.layer_url("counties"),
                "EXTENT": "-105.8,-105.5,40.2,40.5 [EPSG:4326]",
                "OUTPUT": str(folder / "output"),
            },
        }
        answer = drive(folder, HERE / "toolbox.py", order, environment, SECONDS)
        sent = standin.requests()
    print("Longest stall of the window in ms:", answer["stalls_ms"])
    created = [one for one in sent if one.method == "POST" and one.path.endswith("/exports/")]
    fetched = Counter(one.path for one in sent if one.server == "storage" and one.method == "GET")
    return {**answer, "output": folder / "output", "created": len(created), "fetched": fetched, "key": standin.key}


def key(answer: Any, title: str) -> str:
    """Of the newest job with this title."""
    found: str = next(key for key, job in answer["jobs"].items() if job["title"] == title)
    return found


def layers(answer: Any, job: str) -> list[str]:
    """The names of a job's layers, all in its group."""
    found = [layer for layer in answer["layers"] if layer["job"] == job]
    assert {layer["group"] for layer in found} == {answer["jobs"][job]["title"]}
    return sorted(layer["name"] for layer in found)


def test_the_story_went_to_its_end(answer: Any) -> None:
    assert answer["trouble"] == ""
    assert (len(answer["jobs"]), answer["created"]) == (6, 6)
    assert {job["state"] for job in answer["jobs"].values()} == {"done"}


def test_the_toolbox_has_the_algorithms(answer: Any) -> None:
    found = answer["tree"]["Cutout"]
    assert sorted(found["Order"]) == [
        "Order from 3DCityLoader",
        "Order from Bentley iTwin",
        "Order from BrightEarth On Demand",
        "Order from Koordinates",
    ]
    assert list(found["Jobs"]) == ["Collect what was ordered"]


def test_two_areas_are_refused_before_the_run(answer: Any) -> None:
    assert "AREA" in answer["refusal"] and "EXTENT" in answer["refusal"]


def test_the_dock_goes_on_with_what_is_not_waited_for(answer: Any) -> None:
    left = answer["runs"]["left"]
    assert not answer["poller_before"]
    assert (left["ok"], left["results"]["STATE"], left["results"]["LAYERS"]) == (True, "queued", [])
    job = left["results"]["JOB_ID"]
    assert answer["states"][job][-1] == "done"
    assert answer["jobs"][job]["folder"] == left["results"]["OUTPUT"] == str(answer["output"] / f"Left-{job}")
    assert layers(answer, job) == ["colorado-counties"]


def test_what_is_waited_for_is_in_the_list_and_on_the_map(answer: Any) -> None:
    run = answer["runs"]["waited for"]
    job = run["results"]["JOB_ID"]
    assert (run["ok"], run["results"]["STATE"], len(run["results"]["LAYERS"])) == (True, "done", 2)
    assert answer["states"][job][0] == "queued" and answer["states"][job][-1] == "done"
    assert layers(answer, job) == ["colorado-counties", "colorado-glaciers"]
    assert all(layer["valid"] and layer["licenses"] for layer in answer["layers"] if layer["job"])


def test_cancel_ends_the_run_at_once_and_the_dock_brings_the_order(answer: Any) -> None:
    run, job = answer["runs"]["stopped"], key(answer, "Stopped")
    assert not run["ok"] and run["seconds"] < 3
    assert f"JOB_ID {job} is queued" in run["log"] and "cutout:collect" in run["log"]
    assert answer["states"][job][-1] == "done"
    assert layers(answer, job) == ["colorado-counties"]


def test_what_the_dock_is_fetching_can_be_collected(answer: Any) -> None:
    run, job = answer["runs"]["collected"], key(answer, "Waited for")
    results = run["results"]
    assert (run["ok"], results["JOB_ID"], results["STATE"], len(results["LAYERS"])) == (True, job, "done", 2)
    assert layers(answer, job) == ["colorado-counties", "colorado-glaciers"]


def test_a_batch_orders_for_each_row(answer: Any) -> None:
    log = answer["runs"]["batch"]["log"]
    assert log.count("correctly executed") == 2 and "failed" not in log
    assert [layers(answer, key(answer, title)) for title in ("First", "Second")] == [["colorado-counties"]] * 2


def test_everything_is_fetched_once(answer: Any) -> None:
    assert len(answer["fetched"]) == 6
    assert set(answer["fetched"].values()) == {1}, answer["fetched"]


@pytest.mark.parametrize("name", ORDERS)
def test_the_window_stays_alive(answer: Any, name: str) -> None:
    assert answer["stalls_ms"][name] < STALL


def test_nothing_is_amiss(answer: Any) -> None:
    assert answer["status"] == 0, answer["log"][-3000:]
    assert "Traceback" not in answer["log"]
    assert not any(answer["key"] in run["log"] for run in answer["runs"].values())
