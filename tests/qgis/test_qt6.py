"""The check for Qt 6 finds what QGIS 4 does not have, and lets pass what every QGIS since 3.22 has."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests import ROOT

HEAD = """
from qgis.core import Qgis, QgsProcessing, QgsTask, QgsWkbTypes
from qgis.PyQt import QtWidgets
from qgis.PyQt.QtCore import Qt, QVariant
"""


@pytest.fixture(scope="module")
def qt6() -> ModuleType:
    spec = importlib.util.spec_from_file_location("qt6", ROOT / "scripts" / "qt6.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Qt.AlignRight", "Qt.AlignmentFlag.AlignRight"),
        ("QtWidgets.QMessageBox.Yes", "QtWidgets.QMessageBox.StandardButton.Yes"),
        ("def f(d: object): d.exec_()", ".exec()"),
        ("import PyQt5.QtCore", "qgis.PyQt"),
        ("from PyQt6.QtCore import Qt", "qgis.PyQt"),
        ("QVariant.Type", "not in Qt 6"),
        ("Qt.AlignmentFlag.AlignNowhere", "not in this QGIS"),
    ],
)
def test_it_finds(qt6: ModuleType, line: str, words: str) -> None:
    (problem,) = (said for _, said in qt6.problems(HEAD + line))
    assert words in problem


@pytest.mark.parametrize(
    "line",
    [
        "Qt.AlignmentFlag.AlignRight",
        "QtWidgets.QMessageBox.StandardButton.Yes",
        "QgsTask.Flag.CanCancel",
        "QgsWkbTypes.GeometryType.PolygonGeometry",
        "QgsProcessing.TEMPORARY_OUTPUT",
        "Qgis.QGIS_VERSION_INT",
        "QVariant.Int",
        "getattr(QgsTask.Flag, 'Hidden', None)",
        "def f(d: object): d.exec()",
    ],
)
def test_it_lets_pass(qt6: ModuleType, line: str) -> None:
    assert list(qt6.problems(HEAD + line)) == []
