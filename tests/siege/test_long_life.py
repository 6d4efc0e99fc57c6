"""Ten thousand jobs in a real window, and five thousand finished ones found again after the file was damaged.

CUTOUT_DONE and CUTOUT_OPEN: how many jobs have ended (10,000) and are open (500). The figures, with those of a window
without any job to compare: python -m tests.long_life_figures
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cutout.core import manifest
from cutout.core.rebuild import finished
from cutout.core.store import Store
from tests.desktop.window import screen
from tests.long_life_figures import watched
from tests.siege.crowd import FILES, LAYERS, area, done_job, fill
from tests.standin.client import Standin

DONE = int(os.environ.get("CUTOUT_DONE", "10000"))
OPEN = int(os.environ.get("CUTOUT_OPEN", "500"))
AT_ONCE = 2000  # milliseconds, of which a window without jobs needs a good part when it starts for the first time
STALL = 400  # milliseconds; a slow machine that others use too


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("long-life")
    with Standin() as standin, screen() as environment:
        answer = watched(folder, standin, environment, DONE, OPEN, pages=3, rest=5)
    print(answer["figures"], answer["stalls_ms"])
    yield answer
    shutil.rmtree(folder)  # it has a file of half a gigabyte


def test_the_dock_is_there_at_once(answer: Any) -> None:
    assert answer["trouble"] == "" and answer["status"] == 0
    assert answer["figures"]["open_ms"] < AT_ONCE
    assert 0 < answer["figures"]["rows"] <= 200 and answer["figures"]["rows_scrolled"] >= 600


def test_hundreds_of_jobs_are_asked_for_and_the_window_does_not_stall(answer: Any) -> None:
    assert answer["figures"]["looked_at"] == OPEN
    assert answer["stalls_ms"]["poll"] < STALL and answer["stalls_ms"]["rest"] < STALL
    assert answer["lists"] <= 40, "in lists"
    assert answer["figures"]["memory"] - answer["figures"]["memory_before"] < 100


def test_a_thousand_jobs_come_out_of_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    fill(path, "https://a.example", 1000)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(bytes(100))
        file.seek(size // 2 // 4096 * 4096)
        file.write(bytes(100 * 4096))
    began = time.monotonic()
    store = Store(path)
    took, count = time.monotonic() - began, len(store.listing())
    assert 950 < count < 1000 and f"{count:,} of its jobs were read" in store.repaired()
    assert took < 20
    store.close()


def test_thousands_of_folders_are_looked_through_in_bounded_time(tmp_path: Path) -> None:
    one = done_job("00000000", "https://a.example", 1_760_000_000.0)
    one = replace(one, request=replace(one.request, area=area(100)))
    first = tmp_path / one.folder_name
    for record in one.files:
        (first / record.name).parent.mkdir(parents=True, exist_ok=True)
        (first / record.name).touch()
    manifest.write(one, first, attribution="", layers=[record.name for record in one.files[:LAYERS]])
    text = (first / manifest.NAME).read_text("utf-8")
    for number in range(1, 5000):
        home = tmp_path / one.folder_name.replace(one.key, f"{number:08x}")
        home.mkdir()
        (home / manifest.NAME).write_text(text.replace(one.key, f"{number:08x}"), "utf-8")
        (home / "theme-00").symlink_to(first / "theme-00")  # of somebody else: not followed
        (home / "theme-01").mkdir()
        (home / one.files[1].name).touch()
    began = time.process_time()
    found = {job.key: job for lot in finished(tmp_path) for job in lot}
    assert time.process_time() - began < 20
    assert len(found) == 5000 and len(found[one.key].files) == FILES
    assert [record.name for record in found["00000001"].files] == [one.files[1].name]
