"""Full, read-only and vanishing disks. Real ones, each a small tmpfs in a mount namespace that goes with its process.

That takes root, or user namespaces; neither is needed for what is tested.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

HERE = Path(__file__).parent
WAYS = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
MOUNTS = ["sh", "-c", "mount -t tmpfs none /mnt"]


def namespace() -> list[str] | None:
    """What runs a command where it may mount disks."""
    return next((way for way in WAYS if not subprocess.run([*way, *MOUNTS], capture_output=True).returncode), None)


@pytest.mark.parametrize("what", ["in_disks.py", "in_disks_qgis.py", "in_disks_toolbox.py"])
def test_disks(what: str, tmp_path: Path) -> None:
    way = namespace()
    if way is None:
        pytest.skip("this machine lets nobody mount a disk, not even in a namespace of his own")
    pytester = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--tb=short"]
    command = [*way, *pytester, f"--basetemp={tmp_path / 'disks'}", str(HERE / what)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400)
    print(ended.stdout[-300:])
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
