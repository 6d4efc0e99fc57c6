"""Runs in a mount namespace of its own, see test_disk.py: a job's files on disks that are full, read-only or gone."""

from __future__ import annotations

import hashlib
import random
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cutout.core import manifest
from cutout.core.disk import PART
from cutout.core.errors import ExportError
from cutout.core.lifecycle import collect
from cutout.core.model import Artifact, Job, JobState
from cutout.core.transfer import fetch
from tests.services.test_lifecycle import new, orders_sent, provider, quiet, until_ready
from tests.siege.disks import MILLION, Disk
from tests.standin.client import Standin
from tests.unit.downloads import Net

ENTERING = 52 * MILLION + 500_000  # bytes: a little more than what archive.SPARE leaves alone
Stage = Callable[[Path, "int | None"], bool]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    yield Disk(tmp_path / "drive")


@pytest.fixture
def ready(standin: Standin) -> Job:
    noise = random.Random(5).randbytes(MILLION).hex()
    standin.settings(polls=0, extra_members={"deep/noise.txt": noise, "noise.txt": noise[:1000]})
    return until_ready(standin, new(standin, "101,104"))


def downloading(home: Path, total: int | None) -> bool:
    return any(part.stat().st_size for part in home.glob(f"*{PART}"))


def unpacking(home: Path, total: int | None) -> bool:
    return total is not None and any(home.glob("*.zip")) and any(path.is_file() for path in home.glob("*/*"))


def writing(home: Path, total: int | None) -> bool:
    """The checksums are counted, cutout.json comes next."""
    return total is None and any(home.glob("*/*.gpkg"))


STAGES = [downloading, unpacking, writing]


class Deed:
    """A report that does something when it has come to a stage, once."""

    def __init__(self, stage: Stage, home: Path, act: Callable[[], None]) -> None:
        self.is_done = False
        self._stage, self._home, self._act = stage, home, act

    def __call__(self, done: int, total: int | None) -> None:
        if not self.is_done and self._stage(self._home, total):
            self._act()
            self.is_done = True


def slow(standin: Standin) -> None:
    standin.storage_settings(rate=1_500_000)


def no_more_bytes(standin: Standin) -> None:
    """Whoever asks the storage for a whole file again gets none of it."""
    standin.storage_settings(rate=0)
    standin.fault("cut", server="storage", part=0.0, count=-1)


def refused(standin: Standin, job: Job, disk: Disk, report: Callable[[int, int | None], None] = quiet) -> ExportError:
    with pytest.raises(ExportError) as caught:
        collect(provider(standin), job, disk.folder, report)
    home = disk.folder / job.folder_name
    assert not (home / manifest.NAME).exists()
    said = str(caught.value)
    assert said.count(str(disk.folder)) == 1 and said.count("kept") == 0 and "Errno" not in said
    return caught.value


def finished(standin: Standin, job: Job, disk: Disk) -> Job:
    done = collect(provider(standin), job, disk.folder, quiet)
    home = Path(done.folder)
    assert done.state is JobState.DONE and done.problems == ()
    for record in done.files:
        assert hashlib.sha256((home / record.name).read_bytes()).hexdigest() == record.sha256
    assert {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()} == {
        "cutout.json", *(record.name for record in done.files)
    }  # fmt: skip
    assert manifest.read(home)["job"]["key"] == job.key
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert orders_sent(standin) == 1
    return done


@pytest.mark.parametrize("leave", [0, 8192, MILLION])
def test_full_before_a_file_comes(standin: Standin, ready: Job, disk: Disk, leave: int) -> None:
    disk.fill(leave)
    error = refused(standin, ready, disk)
    assert error.message.startswith(("The disk is full: ", "There are only ")) and error.about == "output"
    assert error.advice == "Free some space or choose another folder."
    home = disk.folder / ready.folder_name
    assert not any(path.stat().st_size for path in home.glob("*"))
    disk.clear()
    finished(standin, ready, disk)
    assert disk.notes.read_text() == "mine"


def test_full_while_many_files_come(standin: Standin, disk: Disk) -> None:
    links = {f"{n}/{n}.bin": standin.put(f"{n}.bin", size=90_000 + n) for n in range(40)}
    artifacts = [Artifact(name, url, 90_000 + n) for n, (name, url) in enumerate(links.items())]
    home = disk.folder / "job"
    disk.fill(2 * MILLION)
    with pytest.raises(ExportError, match="The disk is full|There are only .* free in"):
        fetch(Net().http(), artifacts, home, quiet)
    here = {one.name for one in artifacts if (home / one.name).exists()}
    assert 10 < len(here) < 25 and all(
        (home / one.name).stat().st_size == one.size for one in artifacts if one.name in here
    )
    before = len(standin.requests("storage"))
    disk.clear()
    fetched = fetch(Net().http(), artifacts, home, quiet)
    assert len(fetched.files) == 40 and not list(home.rglob(f"*{PART}*"))
    asked = [one.path for one in standin.requests("storage")[before:]]
    assert len(asked) <= 40 - len(here), "what is whole is not asked for again"


def test_no_room_to_unpack(standin: Standin, ready: Job, disk: Disk) -> None:
    disk.fill(ENTERING - 2 * MILLION)
    error = refused(standin, ready, disk)
    assert " MB have to be free to unpack the files, and 49.3 MB are, in " in error.message
    home = disk.folder / ready.folder_name
    assert [path.suffix for path in home.iterdir() if path.is_file() and path.stat().st_size] == [".zip"]
    disk.clear()
    no_more_bytes(standin)
    finished(standin, ready, disk)


@pytest.mark.parametrize("stage", STAGES)
def test_full_in_the_middle(standin: Standin, ready: Job, disk: Disk, stage: Stage) -> None:
    home = disk.folder / ready.folder_name
    slow(standin)
    deed = Deed(stage, home, disk.fill)
    error = refused(standin, ready, disk, deed)
    assert deed.is_done and error.message == f"The disk is full: {home}."
    assert error.advice == "Free some space or choose another folder." and error.about == "output"
    disk.clear()
    if stage is downloading:
        standin.storage_settings(rate=0)
        (part,) = home.glob(f"*{PART}")
        had = part.stat().st_size
        finished(standin, ready, disk)
        assert standin.requests("storage")[-1].header("Range") == f"bytes={had}-"
    else:
        assert not list(home.rglob(f"*{PART}"))
        no_more_bytes(standin)
        finished(standin, ready, disk)


def test_a_disk_that_takes_nothing(standin: Standin, ready: Job, disk: Disk) -> None:
    disk.lock()
    error = refused(standin, ready, disk)
    assert error.message == f"Nothing can be written to this disk: {disk.folder}."
    disk.lock(False)
    disk.fill(8192)
    refused(standin, ready, disk)
    disk.clear()
    disk.lock()
    error = refused(standin, ready, disk)
    assert error.message == f"Nothing can be written to this disk: {disk.folder / ready.folder_name}.", "begun already"
    disk.lock(False)
    finished(standin, ready, disk)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("what", ["removed", "replaced", "pulled out"])
def test_the_folder_goes_while_the_job_runs(standin: Standin, ready: Job, disk: Disk, stage: Stage, what: str) -> None:
    home = disk.folder / ready.folder_name

    def act() -> None:
        if what == "pulled out":
            disk.unmount()
            return
        shutil.rmtree(home)
        if what == "replaced":
            home.write_text("a file of somebody")

    slow(standin)
    deed = Deed(stage, home, act)
    error = refused(standin, ready, disk, deed)
    assert deed.is_done and str(home) in error.message, error
    if what == "pulled out":
        assert list(disk.folder.iterdir()) == [], "nothing is written where the drive was"
        disk.mount()
    standin.storage_settings(rate=0)
    done = finished(standin, ready, disk)
    assert disk.notes.read_text() == "mine"
    if what == "replaced":
        assert home.read_text() == "a file of somebody" and done.folder == f"{home}-2"
    else:
        assert done.folder == str(home)


def test_a_folder_of_that_name_with_other_things_is_left_alone(standin: Standin, ready: Job, disk: Disk) -> None:
    reference = finished(standin, ready, disk)
    theirs = disk.folder / "theirs"
    theirs.mkdir()
    home = theirs / ready.folder_name
    for record in reference.files:
        (home / record.name).parent.mkdir(parents=True, exist_ok=True)
        (home / record.name).write_text("not yours")
    (home / "cutout.json").write_text('{"job": {"key": "another"}}')
    home.chmod(0o755)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    for _ in range(2):
        done = collect(provider(standin), ready, theirs, quiet)
        assert done.folder == f"{home}-2" and done.files == reference.files
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert stat.S_IMODE(home.stat().st_mode) == 0o755
