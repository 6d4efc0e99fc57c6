"""Finds what Qt 6 and QGIS 4, or this QGIS, do not have: `qt6.py FILE_OR_FOLDER...`. Run it with the Python of QGIS.

Names are looked up in the running QGIS, so an enum value is told from a constant: `Qt.AlignRight` is found because it
is a value of `Qt.AlignmentFlag`, and the scoped name is said. A name that the running QGIS lacks is found too: run on
the oldest QGIS, that keeps the floor. What may be missing is asked for with getattr.
"""

from __future__ import annotations

import ast
import enum
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

GONE_NAMES = {"QVariant.Type", "Qt.MidButton"}
# QGIS patches these into PyQt6: the only way to name a field's type that QGIS 3.22 takes too.
STILL_THERE = {"QVariant"}


def bindings(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """The names that the module's import statements take from QGIS, with what they are in this QGIS."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or node.level or (node.module or "").split(".")[0] != "qgis":
            continue
        module = importlib.import_module(node.module or "")
        for alias in node.names:
            if hasattr(module, "__path__") and importlib.util.find_spec(f"{node.module}.{alias.name}"):
                yield alias.asname or alias.name, importlib.import_module(f"{node.module}.{alias.name}")
            elif hasattr(module, alias.name):
                yield alias.asname or alias.name, getattr(module, alias.name)


def dotted(node: ast.expr) -> list[str]:
    """`a.b.c` as its parts, empty for anything else."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and (parts := dotted(node.value)):
        return [*parts, node.attr]
    return []


def chain_problem(parts: list[str], names: dict[str, object]) -> str:
    """What is wrong with the last step of a dotted name, empty if nothing is."""
    parent = names[parts[0]]
    for part in parts[1:-1]:
        parent = getattr(parent, part, None)
    last = parts[-1]
    if ".".join(parts[-2:]) in GONE_NAMES:
        return "is not in Qt 6"
    if not isinstance(parent, type):
        return ""
    if not hasattr(parent, last):
        return "is not in this QGIS"
    value = getattr(parent, last)
    kind = type(value)
    if not isinstance(value, (int, enum.Enum)) or kind in (int, bool) or kind is parent or parts[-2] in STILL_THERE:
        return ""
    return f"is an unscoped enum: {'.'.join(parts[:-1])}.{kind.__name__}.{last}"


def problems(source: str) -> Iterator[tuple[int, str]]:
    """Line and words for each problem in one module."""
    tree = ast.parse(source)
    names = dict(bindings(tree))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = getattr(node, "module", None)
            for name in [module] if module else [alias.name for alias in node.names]:
                if name.split(".")[0] in ("PyQt5", "PyQt6", "sip"):
                    yield node.lineno, f"import {name}: take it from qgis.PyQt"
        elif isinstance(node, ast.Attribute):
            if node.attr == "exec_":
                yield node.lineno, ".exec_() is not in Qt 6: use .exec()"
            parts = dotted(node)
            if parts and parts[0] in names and (problem := chain_problem(parts, names)):
                yield node.lineno, f"{'.'.join(parts)} {problem}"


def main(arguments: list[str]) -> int:
    """Prints every problem; 1 if there is one."""
    places = [Path(argument) for argument in arguments]
    files = [file for place in places for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place])]
    found = [(file, line, words) for file in files for line, words in problems(file.read_text("utf-8"))]
    for file, line, words in found:
        print(f"{file}:{line}: {words}")
    print(f"qt6: {len(files)} files, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
