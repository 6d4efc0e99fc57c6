"""The house rules that a machine can check: who imports whom, and what metadata.txt promises."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import ROOT

ROOMS = ("core", "providers", "bridge", "toolbox", "ui")
MAY_IMPORT = {
    "": {"plugin"},  # __init__.py, and only inside classFactory
    "plugin": {"core", "providers", "bridge", "toolbox", "ui"},
    "core": {"core"},
    "providers": {"core"},
    "bridge": {"core", "providers", "bridge"},
    "toolbox": {"core", "providers", "bridge", "toolbox"},
    "ui": {"core", "providers", "bridge", "ui"},
}
QGIS = {"qgis", "osgeo", "osgeo_utils", "processing", "sip", "console", "PyQt5", "PyQt6"}
WIDGETS = {"qgis.gui", "qgis.utils", "qgis.PyQt.QtWidgets"}
WAITING = {
    "requests", "urllib3", "urllib.request", "http.client", "socket", "ssl", "select", "selectors", "ftplib",
    "threading", "_thread", "concurrent", "multiprocessing", "asyncio", "queue", "qgis.PyQt.QtNetwork",
}  # fmt: skip
FORBIDDEN = {
    "": QGIS,
    "plugin": {"PyQt5", "PyQt6"},
    "core": QGIS,
    "providers": QGIS | {"requests", "urllib3", "urllib.request"},
    "bridge": WIDGETS | {"PyQt5", "PyQt6"},
    "toolbox": WIDGETS | {"PyQt5", "PyQt6"},
    "ui": WAITING | {"PyQt5", "PyQt6", "osgeo"},
}


class Import(NamedTuple):
    """One imported name: `target` is its full dotted path, inside the package when `inside`."""

    room: str
    where: str
    target: str
    inside: bool


def shipped_files() -> list[Path]:
    top = [ROOT / "__init__.py", ROOT / "plugin.py"]
    return [path for path in top if path.exists()] + [p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py"))]


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 else path.stem.replace("__init__", "")


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def imports_in(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import statement that can run, also those inside functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child
        elif is_for_types_only(child):
            for other in getattr(child, "orelse", []):
                yield from imports_in(other)
        else:
            yield from imports_in(child)


def imports_of(path: Path, source: str | None = None) -> list[Import]:
    room, package = room_of(path), list(path.relative_to(ROOT).parts[:-1])
    found = []
    for node in imports_in(ast.parse(source if source is not None else path.read_text("utf-8"))):
        where = f"{path.relative_to(ROOT)}:{node.lineno}"
        if isinstance(node, ast.Import):
            found += [Import(room, where, alias.name, False) for alias in node.names]
        elif node.level:
            base = package[: len(package) - (node.level - 1)] + (node.module.split(".") if node.module else [])
            found += [Import(room, where, ".".join([*base, alias.name]), True) for alias in node.names]
        else:
            found += [Import(room, where, f"{node.module}.{alias.name}", False) for alias in node.names]
    return found


def breaches(imported: Import) -> Iterator[str]:
    room, where, target, inside = imported
    head = target.split(".")[0]
    if inside:
        if head == room == "providers" and where.startswith("providers/__init__.py"):
            return
        if head not in MAY_IMPORT[room]:
            yield f"{where}: {room or 'the package'} must not import {target}"
    elif head in {*ROOMS, "plugin", "cutout", "tests"}:
        yield f"{where}: import {target} relatively"
    else:
        for name in FORBIDDEN[room]:
            if f"{target}.".startswith(f"{name}."):
                yield f"{where}: {room or 'the package'} must not import {target}"


def test_imports_run_one_way() -> None:
    files = shipped_files()
    assert {room_of(path) for path in files} >= set(ROOMS)
    assert [breach for path in files for imported in imports_of(path) for breach in breaches(imported)] == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("core/x.py", "from qgis.core import QgsTask"),
        ("core/x.py", "def f():\n    import osgeo.gdal"),
        ("core/x.py", "from ..providers import koordinates"),
        ("core/x.py", "from cutout.core import aoi"),
        ("providers/x.py", "from .koordinates import Koordinates"),
        ("providers/x.py", "from ..bridge.network import x"),
        ("providers/x.py", "import requests"),
        ("bridge/x.py", "from qgis.PyQt.QtWidgets import QWidget"),
        ("bridge/x.py", "from ..ui.dock import Dock"),
        ("toolbox/x.py", "from .. import ui"),
        ("toolbox/x.py", "import qgis.gui"),
        ("ui/x.py", "import threading"),
        ("ui/x.py", "from urllib import request"),
        ("ui/x.py", "from ..toolbox.provider import X"),
        ("ui/x.py", "from PyQt5.QtCore import Qt"),
        ("__init__.py", "import qgis"),
    ],
)
def test_the_law_sees_a_breach(path: str, line: str) -> None:
    assert [breach for imported in imports_of(ROOT / path, line) for breach in breaches(imported)]


def test_importing_the_plain_rooms_brings_no_qgis() -> None:
    program = """
import importlib, pkgutil, sys
import tests, cutout
for room in ("core", "providers"):
    package = importlib.import_module("cutout." + room)
    for entry in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{entry.name}")
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "cutout" in loaded
    assert not loaded & QGIS


@pytest.fixture(scope="module")
def general() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_metadata_says_which_qgis(general: configparser.SectionProxy) -> None:
    assert version(general["qgisMinimumVersion"]) == (3, 22)
    assert version(general["qgisMinimumVersion"]) <= version(general["qgisMaximumVersion"])
    assert "supportsQt6" not in general, "QGIS 4 and the plugin site ignore it and warn about it"
    assert general.getboolean("hasProcessingProvider")


def test_metadata_has_what_the_plugin_site_requires(general: configparser.SectionProxy) -> None:
    required = ("name", "description", "version", "author", "email", "about", "tracker", "repository", "homepage")
    assert [field for field in required if not general.get(field, "").strip()] == []
    assert "/" not in general["author"]
    assert (ROOT / general["icon"]).is_file()
    for dependency in ("shapely", "pyproj", "requests"):
        assert dependency in general["about"]


def test_the_changelog_begins_with_this_version(general: configparser.SectionProxy) -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest and newest[1] == general["version"]


def test_version_stands_in_metadata_only(general: configparser.SectionProxy) -> None:
    quoted = re.compile(rf"""["']{re.escape(general["version"])}["']""")
    assert [str(path) for path in shipped_files() if quoted.search(path.read_text("utf-8"))] == []


def test_no_file_names_a_path_of_this_machine() -> None:
    places = {f"{ROOT}/", f"{Path.home()}/"} - {"//"}
    folders = (*ROOMS, "scripts", "docs", "tests", "i18n", ".ci")
    files = [path for path in ROOT.iterdir() if path.is_file()] + [p for f in folders for p in (ROOT / f).rglob("*")]
    suffixes = {"", ".py", ".md", ".txt", ".toml", ".sh", ".ts", ".svg", ".json"}
    texts = [path for path in files if path.is_file() and path.suffix in suffixes]
    assert ROOT / "metadata.txt" in texts
    assert [str(p) for p in texts if any(place in p.read_text("utf-8", "replace") for place in places)] == []


def test_certificates_are_always_verified_by_the_list_that_qgis_has() -> None:
    """No switch: `verify` is what bridge.network gives, and that is a file or True."""
    text = {path: path.read_text("utf-8") for path in shipped_files()}
    loose = re.compile(r"CERT_NONE|_create_unverified|disable_warnings|check_hostname|ignoreSslErrors|trust_env = True")
    assert [str(path) for path, source in text.items() if loose.search(source)] == []
    calls = [node for source in text.values() for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword)]
    assert [ast.unparse(one.value) for one in calls if one.arg == "verify"] == ["self.network.certificates"]
    given = [ast.unparse(one.value) for one in calls if one.arg == "certificates"]
    assert given == ["certificates()"]


def test_security_names_tests_that_are_there() -> None:
    """As `qgis/test_x.py`, from tests/ on."""
    named = re.findall(r"`(\w+/test_\w+\.py)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named) > 20 and [one for one in named if not (ROOT / "tests" / one).is_file()] == []
