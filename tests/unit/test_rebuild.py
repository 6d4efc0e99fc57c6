"""Finished jobs from their folders: as they were, nothing from elsewhere, thousands in bounded time."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cutout.core import manifest
from cutout.core.model import Delivery, ExportRequest, Job, JobState, License, Quote
from cutout.core.rebuild import finished

AREA = {"type": "Polygon", "coordinates": [[[175.5, -41.0], [176.0, -41.0], [176.0, -40.0], [175.5, -41.0]]]}
LOTS = {"type": "MultiPolygon", "coordinates": [AREA["coordinates"]]}
REQUEST = ExportRequest(
    "koordinates", "https://data.linz.govt.nz", {"items": "layer:1", "crs": "EPSG:2193"}, AREA, "Straße Ł", LOTS, ("n",)
)


def job(downloads: Path, key: str = "0123abcd", **fields: Any) -> Job:
    """One that is done, with its files."""
    one = Job(
        key, REQUEST, "abc1234", Delivery(clip=True), JobState.DONE, {"id": 7}, 1.0, created=1_760_000_000.0,
        quote=Quote(license=License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")), problems=("one",),
        updated=1_760_000_100.0, finished=1_760_000_100.0,
    )  # fmt: skip
    home = downloads / one.folder_name
    (home / "roads").mkdir(parents=True)
    paths = [home / "roads" / "a.gpkg", home / "b.tif"]
    for path in paths:
        path.write_bytes(path.name.encode())
    layers = (f"{paths[0]}|layername=roads", str(paths[1]))
    one = replace(one, folder=str(home), files=manifest.records(home, paths), layers=layers, **fields)
    manifest.write(one, home, attribution="Sourced from LINZ")
    return one


def found(downloads: Path) -> list[Job]:
    return [one for lot in finished(downloads) for one in lot]


def spoil(one: Job, **changes: Any) -> None:
    path = Path(one.folder) / manifest.NAME
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


def test_a_job_comes_back_as_it_was_but_for_its_account(tmp_path: Path) -> None:
    one = job(tmp_path)
    assert found(tmp_path) == [replace(one, authcfg="")]
    assert Job.from_json(found(tmp_path)[0].to_json()).files == one.files


def test_where_there_is_nothing_nothing_is_found(tmp_path: Path) -> None:
    assert found(tmp_path) == [] == found(tmp_path / "gone")
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "other-0123abcd").mkdir()
    (tmp_path / "other-0123abcd" / manifest.NAME).write_text("[]")
    assert found(tmp_path) == []


def test_files_that_are_gone_are_left_out_and_so_is_a_folder_without_any(tmp_path: Path) -> None:
    one = job(tmp_path)
    os.remove(Path(one.folder) / "b.tif")
    (back,) = found(tmp_path)
    assert [record.name for record in back.files] == ["roads/a.gpkg"] and len(back.layers) == 1
    os.remove(Path(one.folder) / "roads" / "a.gpkg")
    assert found(tmp_path) == []


def deep(levels: int) -> Any:
    return [deep(levels - 1)] if levels else [1.0, 2.0]


@pytest.mark.parametrize(
    "changes",
    [
        {"job": {"key": "ffffffff", "remote": {}}},  # not of this folder
        {"job": {"key": "../0123abcd", "remote": {}}},
        {"job": {"key": "0123abcd", "remote": deep(50)}},
        {"job": []},
        {"service": "../../etc"},
        {"server": "file:///etc/passwd"},
        {"server": "https://user:word@data.linz.govt.nz"},
        {"server": None},
        {"area": {"type": "Polygon", "coordinates": deep(50)}},
        {"area": {"type": "Polygon", "coordinates": [[["a", "b"]]]}},
        {"area": {"type": "Polygon", "coordinates": [[[float("nan"), 1]]]}},
        {"area": "everywhere"},
        {"ordered": "yesterday"},
        {"finished": None},
        {"files": "all"},
        {"files": [{"name": "b.tif", "size": -1, "sha256": "00" * 32}]},
        {"files": [{"name": "b.tif", "size": 1, "sha256": "x"}]},
        {"files": []},
        {"license": None},
        {"layers": [None]},
        {"problems": 7},
    ],
)
def test_what_is_not_as_cutout_writes_it_is_not_taken(tmp_path: Path, changes: dict[str, Any]) -> None:
    spoil(job(tmp_path), **changes)
    assert found(tmp_path) == []


def test_nothing_outside_of_the_folder_is_taken(tmp_path: Path) -> None:
    outside = tmp_path / "outside.tif"
    outside.write_bytes(b"x")
    downloads = tmp_path / "downloads"
    one = job(downloads)
    home = Path(one.folder)
    (home / "link.tif").symlink_to(outside)
    (home / "linked").symlink_to(tmp_path)
    record = {"size": 1, "sha256": "00" * 32}
    names = ["../../outside.tif", str(outside), "link.tif", "linked/outside.tif", "b.tif", "roads/../b.tif"]
    layers = [*names, "/vsicurl/https://evil.example/x.tif", "roads/a.gpkg|layername=x"]
    spoil(one, files=[{"name": name, **record} for name in names], layers=layers)
    (back,) = found(downloads)
    assert [one.name for one in back.files] == ["b.tif"]
    assert back.layers == (str(home / "b.tif"), f"{home / 'roads' / 'a.gpkg'}|layername=x")
    (downloads / "linked-0123abcd").symlink_to(home)
    assert len(found(downloads)) == 1
    os.rename(home / manifest.NAME, tmp_path / "elsewhere.json")
    (home / manifest.NAME).symlink_to(tmp_path / "elsewhere.json")
    assert found(downloads) == []


def test_words_of_somebody_else_are_plain_and_without_secrets(tmp_path: Path) -> None:
    one = job(tmp_path)
    spoil(one, problems=["a\nb\u202e https://x.example/y?sig=verysecret"])
    assert found(tmp_path)[0].problems == ("a b https://x.example/y?•••",)


def test_a_manifest_that_is_too_large_or_too_deep_is_passed_over(tmp_path: Path) -> None:
    one, other = job(tmp_path), job(tmp_path, "89ab0123")
    path = Path(one.folder) / manifest.NAME
    with path.open("ab") as file:
        file.truncate(10_000_000_000)  # of which nothing is read
    (Path(other.folder) / manifest.NAME).write_text("[" * 100_000)
    began = time.thread_time()
    assert found(tmp_path) == [] and time.thread_time() - began < 1


def test_five_hundred_folders_take_less_than_a_few_seconds(tmp_path: Path) -> None:
    one = job(tmp_path)
    text = (Path(one.folder) / manifest.NAME).read_text("utf-8")
    for number in range(500):
        key = f"{number:08x}"
        home = tmp_path / f"Straße-Ł-{key}"
        home.mkdir()
        (home / "b.tif").touch()
        (home / manifest.NAME).write_text(text.replace(one.key, key), "utf-8")
    began = time.thread_time()
    assert len(found(tmp_path)) == 501 and time.thread_time() - began < 4
