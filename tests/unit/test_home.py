"""The folder of a job: whose it is, and who may read it."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from cutout.core.disk import make_folder
from cutout.core.errors import ExportError
from cutout.core.home import begun, ended
from cutout.core.manifest import write
from cutout.core.model import ExportRequest, Job

JOB = Job("a1b2c3d4", ExportRequest("koordinates", "https://x.example", title="Fall River"))


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_what_is_made_is_for_the_user_alone_and_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    there.chmod(0o755)
    home = begun(there / "downloads" / "cutout", JOB)
    assert [mode(folder) for folder in (home, home.parent, home.parent.parent, there)] == [0o700, 0o700, 0o700, 0o755]
    home.chmod(0o750)
    make_folder(home)
    assert begun(home.parent, JOB) == home and mode(home) == 0o750


def test_the_folder_of_a_job_is_known_again_at_any_stage(tmp_path: Path) -> None:
    home = tmp_path / "Fall-River-a1b2c3d4"
    home.mkdir()
    assert begun(tmp_path, JOB) == home, "empty"
    (home / "half.part").write_text("x")
    assert begun(tmp_path, JOB) == home, "begun"
    write(JOB, home)
    ended(home, JOB)
    assert sorted(path.name for path in home.iterdir()) == ["cutout.json", "half.part"]
    assert begun(tmp_path, JOB) == home, "ended"


def test_what_is_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "Fall-River-a1b2c3d4"
    home.mkdir()
    (home / "theirs.tif").write_text("x")
    (tmp_path / "Fall-River-a1b2c3d4-2").write_text("a file")
    third = tmp_path / "Fall-River-a1b2c3d4-3"
    third.mkdir()
    write(replace(JOB, key="ffffffff"), third)
    for _ in range(2):
        assert begun(tmp_path, JOB).name == "Fall-River-a1b2c3d4-4"
    assert [path.name for path in home.iterdir()] == ["theirs.tif"]


@pytest.mark.parametrize("text", ["{", "[]", '{"job": 1}', "\0"])
def test_a_cutout_json_that_says_nothing_is_somebody_elses(tmp_path: Path, text: str) -> None:
    home = tmp_path / "Fall-River-a1b2c3d4"
    home.mkdir()
    (home / "cutout.json").write_text(text)
    assert begun(tmp_path, JOB).name == "Fall-River-a1b2c3d4-2"


def test_where_no_folder_can_be_made_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="file can't be read or written"):
        begun(tmp_path / "file", JOB)
