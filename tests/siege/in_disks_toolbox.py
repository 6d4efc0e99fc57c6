"""Runs in a mount namespace of its own, see test_disk.py: qgis_process whose OUTPUT is on a full disk."""

# ruff: noqa: F811 - fixtures are imported, and asked for by their names

from __future__ import annotations

from pathlib import Path

from cutout.core.model import JobState
from tests.headless.conftest import headless, site  # noqa: F401 - fixtures
from tests.headless.orders import collect, found, order, orders_sent, whole
from tests.headless.process import Headless
from tests.siege.disks import Disk
from tests.standin.client import Standin


def test_what_does_not_fit_is_collected_when_there_is_room(
    headless: Headless,
    site: Standin,
    tmp_path: Path,
) -> None:
    disk = Disk(tmp_path / "drive")
    disk.fill(4_000_000)
    ended = order(headless, site, OUTPUT=disk.folder)
    (job,) = headless.jobs()
    home = disk.folder / job.folder_name
    assert ended.status == 1 and job.state is JobState.READY and job.paused
    line = next(line for line in ended.err.splitlines() if "JOB_ID" in line)
    print(ended.err)
    assert f"JOB_ID {job.key} is ready. OUTPUT: " in line and " have to be free to unpack the files, and " in line
    assert line.count(str(home)) == 1 and line.count("Free some space") == 1 and line.count("kept") == 1

    disk.clear()
    disk.fill()
    refused = collect(headless, site, job.key, OUTPUT=disk.folder)
    assert refused.status == 1 and "OUTPUT: The disk is full: " in refused.err and "JOB_ID" not in refused.out

    disk.clear()
    site.fault("cut", server="storage", part=0.0, count=-1)  # no byte of what has come is fetched again
    results = collect(headless, site, job.key, OUTPUT=disk.folder).results
    assert results["STATE"] == "done" and results["OUTPUT"] == str(home)
    assert whole(results["OUTPUT"])["problems"] == [] and found(results["LAYERS"][0])
    assert orders_sent(site) == 1 and disk.notes.read_text() == "mine"
