"""What plugins.qgis.org does with an upload, done to the zip before it is one: `gate.py ZIP`.

The rules are those of the site's validator.py and of its security scan (QEP 408). Every rule that blocks there fails
here, and of bandit also those that a person may tick away there. flake8 only informs there; here it fails too.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

MOST_BYTES = 25_000_000
LINKS = ("tracker", "repository", "homepage")
REQUIRED_FIELDS = ("name", "description", "version", "qgisMinimumVersion", "author", "email", "about", *LINKS)
REQUIRED_FILES = ("__init__.py", "metadata.txt", "LICENSE")
FORBIDDEN_FOLDERS = {"__pycache__", "__MACOSX", ".git"}
SUSPICIOUS = {".pyc", ".exe", ".dll", ".so", ".dylib", ".bat", ".cmd", ".sh", ".ps1"}
NOT_SHIPPED = {"tests", "docs", "scripts", "build"}
FLAKE8 = (
    "E101,E711,E712,E713,E714,E721,E722,E731,E741,E742,E743,E901,E902,E999,W605,"
    "F402,F403,F404,F405,F811,F821,F822,F823,F831,F901,C901"
)
# Of flake8-qgis: imports and what QGIS 4 dropped. Not QGS105 (classFactory is given iface), not QGS402 (it wants
# QMetaType for QVariant.Int, which QgsField refuses before QGIS 3.38), not QGS2 (guesses by the name of a method).
QGIS_RULES = ("--select", "QGS1,QGS4", "--extend-ignore", "QGS105,QGS402")


def name_problems(name: str, mode: int) -> Iterator[str]:
    path = PurePosixPath(name)
    if ".." in path.parts or path.is_absolute() or "\\" in name or re.match(r"[A-Za-z]:", name):
        yield f"{name}: leaves the plugin's folder"
    if FORBIDDEN_FOLDERS & set(path.parts) or path.suffix.lower() in SUSPICIOUS:
        yield f"{name}: must not be in the package"
    if any(part.startswith(".") for part in path.parts):
        yield f"{name}: a hidden file"
    if path.suffix == ".py" and mode & 0o111:
        yield f"{name}: a module that is executable"
    if len(path.parts) > 1 and path.parts[1] in NOT_SHIPPED:
        yield f"{name}: is for developers only"


def zip_problems(package: Path) -> Iterator[str]:
    if package.stat().st_size > MOST_BYTES:
        yield f"{package.stat().st_size:,} bytes, the site takes {MOST_BYTES:,}"
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        for entry in archive.infolist():
            yield from name_problems(entry.filename, entry.external_attr >> 16 if not entry.is_dir() else 0)
        folders = {PurePosixPath(name).parts[0] for name in names}
        if len(folders) != 1 or not (folder := folders.pop()).isidentifier() or "plugin" in folder.lower():
            yield f"must hold one folder that is a Python name without 'plugin', not {sorted(folders)}"
            return
        for needed in REQUIRED_FILES:
            if f"{folder}/{needed}" not in names:
                yield f"{folder}/{needed} is missing"
        yield from metadata_problems(archive.read(f"{folder}/metadata.txt").decode("utf-8"), folder, names)


def metadata_problems(text: str, folder: str, names: list[str]) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    general = parser["general"]
    for field in REQUIRED_FIELDS:
        if not general.get(field, "").strip():
            yield f"metadata.txt: {field} is missing"
    for field in LINKS:
        if not re.match(r"https?://[^/\s]+\.[^/\s]+/", general.get(field, "")):
            yield f"metadata.txt: {field} is no link"
    if "/" in general.get("author", "") or "plugin" in general.get("name", "").lower():
        yield "metadata.txt: no slash in the author, no 'plugin' in the name"
    if f"{folder}/{general.get('icon', 'icon.svg')}" not in names:
        yield "metadata.txt: the icon is not in the package"


def tool(name: str, *arguments: str, folder: Path) -> str:
    """What a tool of this venv prints. They all exit 1 on a finding; anything else is a broken run."""
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{name} did not run:\n{done.stderr}")
    return done.stdout


def bandit_problems(folder: Path) -> Iterator[str]:
    report = json.loads(tool("bandit", "-r", ".", "-q", "-f", "json", folder=folder))
    for error in report["errors"]:
        yield f"{error['filename']}: bandit could not read it: {error['reason']}"
    for found in report["results"]:
        yield f"{found['filename']}:{found['line_number']}: {found['test_id']} {found['issue_text']}"
    if not report["metrics"]["_totals"]["loc"]:
        yield "bandit read no code"


def secret_problems(folder: Path) -> Iterator[str]:
    what = ("scan", "--all-files", "--exclude-files", r"metadata\.txt")
    for name, found in json.loads(tool("detect-secrets", *what, ".", folder=folder))["results"].items():
        yield from (f"{name}:{one['line_number']}: {one['type']}" for one in found)


def flake8_problems(folder: Path) -> Iterator[str]:
    plain = ("--isolated", "--max-line-length", "120", "--max-complexity", "15")
    yield from tool("flake8", *plain, "--select", FLAKE8, ".", folder=folder).splitlines()
    yield from tool("flake8", *plain, *QGIS_RULES, ".", folder=folder).splitlines()


def main(package: Path) -> int:
    """Prints every problem and how many there are; 1 if there is one."""
    problems = [("package", problem) for problem in zip_problems(package)]
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
        for name, check in (("bandit", bandit_problems), ("secrets", secret_problems), ("flake8", flake8_problems)):
            problems += [(name, problem) for problem in check(Path(folder))]
    for name, problem in problems:
        print(f"{name}: {problem}")
    print(f"gate: {package.name}, {package.stat().st_size:,} bytes, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
