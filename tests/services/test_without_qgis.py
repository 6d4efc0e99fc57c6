"""docs/order_without_qgis.py, run by a Python that has no QGIS, against the Koordinates stand-in."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import PACKAGE, ROOT
from tests.places import PARK
from tests.standin.client import Standin

SCRIPT = ROOT / "docs" / "order_without_qgis.py"
EXPORTS = "/services/api/v1.x/exports/"
BBOX = "-105.8,40.2,-105.5,40.5"
# The tests' Python sees the system's QGIS. Python imports this by itself when it starts.
NO_QGIS = """
import sys

class NoQgis:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("qgis", "osgeo", "PyQt5", "PyQt6", "sip"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoQgis())
"""


@pytest.fixture
def environment(standin: Standin, tmp_path: Path) -> dict[str, str]:
    """That of a person who has unzipped the plugin into a folder."""
    home = tmp_path / "plugins"
    home.mkdir()
    (home / PACKAGE).symlink_to(ROOT, target_is_directory=True)
    (home / "sitecustomize.py").write_text(NO_QGIS)
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(home), "CUTOUT_TOKEN": standin.key}


def started(environment: dict[str, str], tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=pipe, stderr=pipe, text=True)


def ended(script: subprocess.Popen[str]) -> tuple[int, list[str], str]:
    """Its exit code, the lines that it printed, and what it said of an error."""
    try:
        printed, said = script.communicate(timeout=60)
    finally:
        script.kill()
    return script.returncode, printed.splitlines(), said


def orders_sent(standin: Standin) -> int:
    return sum(one.method == "POST" and one.path == EXPORTS for one in standin.requests())


def manifest_of(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "cutout.json").read_text("utf-8"))
    return document


@pytest.mark.parametrize("module", ["qgis", "osgeo", "PyQt5"])
def test_there_is_no_qgis_there(environment: dict[str, str], module: str) -> None:
    command = [sys.executable, "-c", f"import cutout.providers.koordinates, {module}"]
    script = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert script.returncode == 1 and f"No module named '{module}'" in script.stderr


def test_the_files_arrive_whole(standin: Standin, environment: dict[str, str], tmp_path: Path) -> None:
    standin.settings(polls=0)
    code, printed, said = ended(
        started(environment, tmp_path, standin.url, "layer:104,layer:101,table:201", BBOX, "out/park",
                "crs=EPSG:26913", "resolution_multiplier=4")
    )  # fmt: skip
    assert (code, said) == (0, "")
    assert [line.split()[1] for line in printed[:-1]] == ["queued", "ready", "done"]
    folder = Path(printed[-1])
    assert folder.parent == tmp_path / "out" / "park" and folder.name.startswith("park-")
    manifest = manifest_of(folder)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "cutout.json", *(entry["name"] for entry in manifest["files"]),
    }  # fmt: skip
    for entry in manifest["files"]:
        assert hashlib.sha256((folder / entry["name"]).read_bytes()).hexdigest() == entry["sha256"]
    assert any(entry["name"].endswith(".gpkg") for entry in manifest["files"])
    sent = standin.exports()[0]["request"]
    assert (sent["crs"], sent["options"]) == ("EPSG:26913", {"raster_resolution_multiplier": 4})
    assert standin.key not in (tmp_path / "out" / "park" / "order.json").read_text("utf-8")


def test_a_second_run_orders_nothing_and_another_order_is_refused(
    standin: Standin, environment: dict[str, str], tmp_path: Path
) -> None:
    standin.settings(polls=0)
    (tmp_path / "park.geojson").write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": PARK}))
    arguments = [standin.url, "layer:101", "park.geojson", "park"]
    first = ended(started(environment, tmp_path, *arguments))
    again = ended(started(environment, tmp_path, *arguments))
    assert first[0] == again[0] == 0 and first[1][-1] == again[1][-1]
    other = ended(started(environment, tmp_path, standin.url, "layer:102", *arguments[2:]))
    assert other[0] == 1 and "is of another order" in other[2]
    assert orders_sent(standin) == 1


@pytest.mark.parametrize("answered", [True, False], ids=["after the answer", "before the answer"])
def test_a_run_that_was_killed_is_gone_on_with(
    standin: Standin, environment: dict[str, str], tmp_path: Path, answered: bool
) -> None:
    standin.settings(polls=1000)
    arguments = [standin.url, "layer:101", BBOX, "park"]
    script = started(environment, tmp_path, *arguments)
    assert script.stdout
    key, state = script.stdout.readline().split()
    script.kill()
    script.communicate()
    assert state == "queued"
    kept = tmp_path / "park" / "order.json"
    if not answered:  # as it is stored when the order leaves
        kept.write_text(json.dumps({**json.loads(kept.read_text("utf-8")), "state": "submitting", "remote": {}}))
    standin.settings(polls=0)
    code, printed, said = ended(started(environment, tmp_path, *arguments))
    assert (code, said) == (0, "") and {line.split()[0] for line in printed[:-1]} == {key}
    assert manifest_of(Path(printed[-1]))["job"]["key"] == key
    assert orders_sent(standin) == 1 == len(standin.exports())


def test_a_wrong_key_says_so_and_the_right_one_orders(
    standin: Standin, environment: dict[str, str], tmp_path: Path
) -> None:
    standin.settings(polls=0)
    arguments = [standin.url, "layer:101", BBOX, "park"]
    for key, sentence in ((standin.foreign_key, "does not accept the key"), (standin.reader_key, "exports:"), ("", "")):
        code, _, said = ended(started({**environment, "CUTOUT_TOKEN": key}, tmp_path, *arguments))
        assert code == 1 and sentence in said and "Nothing was ordered." in said and "Traceback" not in said
        assert not key or key not in said
    assert orders_sent(standin) == 0
    assert ended(started(environment, tmp_path, *arguments))[0] == 0
    assert orders_sent(standin) == 1


@pytest.mark.parametrize(
    ("items", "area", "sentence"),
    [
        ("layer:999", BBOX, "has no layer 999"),
        ("layer:x", BBOX, "is not a layer"),
        ("layer:101", "1,2,3", "expected 4, got 3"),
        ("layer:101", "-40,30,-39,31", "the area lies outside of it"),
        ("layer:101", "nowhere.geojson", "nowhere.geojson"),
    ],
)
def test_what_can_not_be_ordered_ends_with_the_reason(
    standin: Standin, environment: dict[str, str], tmp_path: Path, items: str, area: str, sentence: str
) -> None:
    code, _, said = ended(started(environment, tmp_path, standin.url, items, area, "park"))
    assert code == 1 and sentence in said and "Traceback" not in said
    assert orders_sent(standin) == 0


def test_without_arguments_it_tells_how_to_use_it(environment: dict[str, str], tmp_path: Path) -> None:
    code, _, said = ended(started(environment, tmp_path))
    assert code == 1 and "CUTOUT_TOKEN" in said and "SERVER, ITEMS, AREA, OUTPUT" in said


def test_what_the_service_could_not_make_is_not_ordered_again(
    standin: Standin, environment: dict[str, str], tmp_path: Path
) -> None:
    standin.settings(polls=0, final="error")
    arguments = [standin.url, "layer:101", BBOX, "park"]
    for _ in range(2):
        code, _, said = ended(started(environment, tmp_path, *arguments))
        assert code == 1 and "could not make this export" in said and "order.json" in said
    assert orders_sent(standin) == 1
