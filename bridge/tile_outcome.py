"""What became of the tiles of a job: those that could not be joined, and the sentences that say why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from qgis.PyQt.QtCore import QCoreApplication

from . import tile_record
from .source import Source


@dataclass
class Outcome:
    """Gathered while the tiles of a job are joined. apart: sources that stay as they are. problems: a sentence each.

    of_areas: they are the results of several jobs, and the folder is above theirs. Other things may lie in it, so
    nothing in it is written over; and tables, which no area cuts, came with each of them.
    """

    folder: Path
    apart: list[Source] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    of_areas: ClassVar[bool] = False

    def leave_apart(self, source: Source, layer: str, reason: str) -> None:
        """The source is no part of the layer."""
        self.apart.append(source)
        self.problems.append(self.unreadable(source, layer, reason))

    def unreadable(self, source: Source, layer: str, reason: str) -> str:
        """Says that one tile is a layer of its own."""
        text = QCoreApplication.translate(
            "Tiles",
            "{file} could not be joined with the other tiles of “{layer}”, so it is a layer of its own: {reason}."
        )  # fmt: skip
        return text.format(file=tile_record.key(source, self.folder), layer=layer, reason=_clause(reason))

    def unmerged(self, count: int, reason: str) -> str:
        """Says that all tiles are layers of their own."""
        return QCoreApplication.translate(
            "Tiles", "{count} tiles could not be joined to one layer a theme, so each is a layer: {reason}."
        ).format(count=count, reason=_clause(reason))

    def several_crs(self, layer: str, names: Iterable[str]) -> str:
        """Says that the tiles are several layers."""
        return QCoreApplication.translate(
            "Tiles", "The tiles of “{layer}” have several CRS ({names}), so there is a layer for each."
        ).format(layer=layer, names=", ".join(names))


@dataclass
class AreasOutcome(Outcome):
    """Gathered while the results of several jobs are joined."""

    of_areas: ClassVar[bool] = True

    def unreadable(self, source: Source, layer: str, reason: str) -> str:
        """Says that the result of one area is a layer of its own."""
        text = QCoreApplication.translate(
            "Tiles",
            "{file} could not be joined with “{layer}” of the other areas, so it is a layer of its own: {reason}."
        )  # fmt: skip
        return text.format(file=tile_record.key(source, self.folder), layer=layer, reason=_clause(reason))

    def unmerged(self, count: int, reason: str) -> str:
        """Says that all results are layers of their own."""
        return QCoreApplication.translate(
            "Tiles", "The {count} results of the areas could not be joined, so each is a layer: {reason}."
        ).format(count=count, reason=_clause(reason))

    def several_crs(self, layer: str, names: Iterable[str]) -> str:
        """Says that the areas are several layers."""
        return QCoreApplication.translate(
            "Tiles", "“{layer}” came in several CRS ({names}), so there is a layer for each."
        ).format(layer=layer, names=", ".join(names))


def _clause(reason: str) -> str:
    return reason.strip().rstrip(".")
