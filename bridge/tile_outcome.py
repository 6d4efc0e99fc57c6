"""What became of the tiles of a job: those that could not be joined, and the sentences that say why."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication

from . import tile_record
from .source import Source


@dataclass
class Outcome:
    """Gathered while the tiles are joined. apart: sources that stay as they are. problems: a sentence each."""

    folder: Path
    apart: list[Source] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def leave_apart(self, source: Source, layer: str, reason: str) -> None:
        """The source is no part of the layer."""
        self.apart.append(source)
        self.problems.append(unreadable(source, self.folder, layer, reason))


def unreadable(source: Source, folder: Path, layer: str, reason: str) -> str:
    """Says that one tile is a layer of its own."""
    return QCoreApplication.translate(
        "Tiles", "{file} could not be joined with the other tiles of “{layer}”, so it is a layer of its own: {reason}."
    ).format(file=tile_record.key(source, folder), layer=layer, reason=reason.strip().rstrip("."))


def unmerged(count: int, reason: str) -> str:
    """Says that all tiles are layers of their own."""
    return QCoreApplication.translate(
        "Tiles", "{count} tiles could not be joined to one layer a theme, so each is a layer: {reason}."
    ).format(count=count, reason=reason.strip().rstrip("."))
