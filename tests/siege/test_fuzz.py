"""What reads things from outside, with many more examples than in `make test`, and guided by coverage (atheris).

CUTOUT_FUZZ_SECONDS: of each target under atheris (5). CUTOUT_FUZZ_EXAMPLES: of each property of Hypothesis (40);
from 100 on the largest inputs are larger too.
atheris lies in a venv of its own, build/fuzz-venv (`scripts/setup.sh fuzz`); it has wheels for some Pythons only.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.siege.fuzz.targets import TARGETS

SECONDS = os.environ.get("CUTOUT_FUZZ_SECONDS", "5")
EXAMPLES = os.environ.get("CUTOUT_FUZZ_EXAMPLES", "40")
PYTHON = ROOT / "build" / "fuzz-venv" / "bin" / "python"
PROPERTIES = ("tests/scenes/test_hostile_input.py", "tests/unit/test_hostile_services.py")
START_AND_END = 300.0  # seconds besides, on a machine with much else to do


def has_atheris() -> bool:
    return PYTHON.is_file() and not subprocess.run([PYTHON, "-c", "import atheris"], capture_output=True).returncode


@pytest.mark.skipif(not has_atheris(), reason="build/fuzz-venv has no atheris, which has no wheel for this Python")
@pytest.mark.parametrize("name", TARGETS)
def test_guided_by_coverage(name: str, tmp_path: Path) -> None:
    command = [PYTHON, "-m", "tests.siege.fuzz", name, tmp_path, SECONDS]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=float(SECONDS) * 2 + START_AND_END
    )

    left = [path.name for path in tmp_path.iterdir() if path.is_file()]
    assert (ended.returncode, left) == (0, []), ended.stderr[-5000:]
    runs = re.search(r"number_of_executed_units: (\d+)", ended.stderr)
    assert runs and int(runs[1]) > len(TARGETS[name].seeds)
    print(f"{name}: {runs[1]} runs in {SECONDS} s")


@pytest.mark.parametrize("tests", PROPERTIES)
def test_many_examples(tests: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", tests]
    environment = {**os.environ, "CUTOUT_FUZZ_EXAMPLES": EXAMPLES}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3600)
    assert ended.returncode == 0, ended.stdout[-5000:]
