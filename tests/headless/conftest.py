"""qgis_process on the stand-ins. What it must never do is looked for after every test."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.headless.process import Headless
from tests.headless.vault import MASTER, Saved
from tests.standin.client import Standin

SAVE = Path(__file__).with_name("save_account.py")


def secrets_of(standin: Standin) -> list[str]:
    facts = {name: standin.of(name).facts for name in ("cityloader", "brightearth", "itwin")}
    return [
        standin.key,
        standin.reader_key,
        standin.foreign_key,
        facts["cityloader"]["tokens"]["full"],
        facts["brightearth"]["password"],
        facts["itwin"]["token"],
        facts["itwin"]["share_key"],
        MASTER,
    ]


@pytest.fixture
def headless(tmp_path: Path, standin: Standin) -> Iterator[Headless]:
    """A profile, and whatever ran with it has shown no traceback, left no core, and told no secret."""
    folder = tmp_path / "headless"
    folder.mkdir()
    headless = Headless(folder)
    yield headless
    for one in headless.ended:
        assert "Traceback" not in one.out + one.err and "Exception" not in one.out + one.err, one
        assert one.status in (0, 1), one
    assert not list(headless.work.glob("core*"))
    assert {secret: headless.tells(secret) for secret in secrets_of(standin) if headless.tells(secret)} == {}


@pytest.fixture
def site(standin: Standin) -> Standin:
    """The Koordinates site, which answers at once."""
    standin.settings(polls=0)
    return standin


@pytest.fixture(scope="session")
def saved(running_standin: Standin, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A profile in which the site has an account."""
    folder = tmp_path_factory.mktemp("saved")
    headless = Headless(folder)
    secrets = {"CUTOUT_TOKEN": running_standin.key, "MASTER": MASTER, "PYTHONPATH": str(ROOT)}
    with headless.process([sys.executable, str(SAVE), running_standin.url], secrets) as process:
        ended = headless.end(process)
    assert ended.status == 0, ended.err
    right, wrong = folder / "right", folder / "wrong"
    right.write_text(f"{MASTER}\n")
    wrong.write_text("another one\n")
    return Saved(headless.profile, ended.out.split()[-1], right, wrong)


@pytest.fixture
def vault(headless: Headless, saved: Saved) -> Headless:
    """With a copy of that profile."""
    shutil.rmtree(headless.profile)
    shutil.copytree(saved.profile, headless.profile, symlinks=True)
    return headless
