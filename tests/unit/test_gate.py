"""The gate refuses what plugins.qgis.org refuses."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests import ROOT

METADATA = (ROOT / "metadata.txt").read_text("utf-8")
WHOLE = {"__init__.py": "", "metadata.txt": METADATA, "LICENSE": "GPL", "icon.svg": "<svg/>"}


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gate", ROOT / "scripts" / "gate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(folder: Path, files: dict[str, str], top: str = "cutout") -> Path:
    path = folder / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{top}/{name}", text)
    return path


def test_a_whole_package_passes(gate: ModuleType, tmp_path: Path) -> None:
    assert list(gate.zip_problems(package(tmp_path, WHOLE))) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"../x.py": ""}, "leaves"),
        ({"core/x.pyc": ""}, "must not be"),
        ({"__pycache__/x": ""}, "must not be"),
        ({"setup.sh": ""}, "must not be"),
        ({".bandit": ""}, "hidden"),
        ({"tests/test_x.py": ""}, "developers only"),
        ({"metadata.txt": METADATA.replace("tracker=", "x=")}, "tracker is missing"),
        ({"metadata.txt": METADATA.replace("author=", "author=a/")}, "slash"),
        ({"metadata.txt": METADATA.replace("homepage=https://", "homepage=")}, "homepage is no link"),
    ],
)
def test_a_package_with_one_fault_is_refused(
    gate: ModuleType, tmp_path: Path, change: dict[str, str], word: str
) -> None:
    assert any(word in problem for problem in gate.zip_problems(package(tmp_path, {**WHOLE, **change})))


@pytest.mark.parametrize("name", ["LICENSE", "icon.svg", "__init__.py"])
def test_a_package_without_a_needed_file_is_refused(gate: ModuleType, tmp_path: Path, name: str) -> None:
    files = {key: text for key, text in WHOLE.items() if key != name}
    assert list(gate.zip_problems(package(tmp_path, files)))


@pytest.mark.parametrize("top", ["cutout-0.1", "my_plugin"])
def test_the_folder_has_a_python_name(gate: ModuleType, tmp_path: Path, top: str) -> None:
    assert any("Python name" in problem for problem in gate.zip_problems(package(tmp_path, WHOLE, top)))
