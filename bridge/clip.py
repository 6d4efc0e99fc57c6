"""What arrived, cut to the area of the order: copies, which are shown in place of what was received.

Whether that is wanted stands in cutout.json. What can't be cut stays whole, and a sentence says so. Runs in any thread:
plain GDAL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QCoreApplication

from ..core import manifest
from ..core.errors import ExportError
from .clip_record import Copy, Record
from .reasons import reason
from .source import Kind, Source

translate = QCoreApplication.translate

_DRAWN = (Kind.POINT, Kind.LINE, Kind.POLYGON)
_MOST_NAMED = 3  # layers of which the same is to be told are named; more are counted


def clipped(sources: Sequence[Source], folder: Path) -> tuple[list[Source], list[str]]:
    """The sources as they are to be shown, and a sentence for whatever is not as the person expects it.

    A layer with nothing in the area is empty, such a raster is left out. Tables stay as they are.
    """
    area = _wanted(folder)
    if area is None:
        return list(sources), []
    told = _Told()
    record = Record(folder, area)
    shown: list[Source] = []
    for group in _files(sources):
        if group[0].kind is Kind.TABLE:
            shown.extend(group)
            continue
        if group[0].kind in (Kind.MESH, Kind.SCENE):
            shown.extend(told.whole(group, _uncut(group[0].kind)))
            continue
        try:
            copy = record.known(group) or _made(group, record, area)
        except (ExportError, OSError, RuntimeError) as error:  # RuntimeError: a plugin has set gdal.UseExceptions
            shown.extend(told.whole(group, reason(error, folder, _size(group[0]))))
        else:
            shown.extend(told.cut(group, copy))
    record.close()
    return shown, list(told.sentences())


def _wanted(folder: Path) -> Mapping[str, Any] | None:
    """The area to cut to, None where that is not wanted."""
    try:
        document = manifest.read(folder)
    except ExportError:
        return None
    request, area = document.get("request"), document.get("area")
    is_wanted = isinstance(request, dict) and request.get("clip") is True
    return area if is_wanted and isinstance(area, dict) else None


def _files(sources: Sequence[Source]) -> list[list[Source]]:
    """All that is drawn of a file together, everything else by itself."""
    groups: dict[tuple[str, str], list[Source]] = {}
    for source in sources:
        key = (source.path, "") if source.kind in _DRAWN else (source.path, source.shown)
        groups.setdefault(key, []).append(source)
    return list(groups.values())


def _made(group: Sequence[Source], record: Record, area: Mapping[str, Any]) -> Copy:
    """Errors: OSError, ExportError or RuntimeError when the file can't be read, or its copy not be written."""
    from . import clip_rasters, clip_vectors  # these bring numpy, which the start of QGIS does without

    source, stem = group[0], Path(group[0].path).stem
    is_raster = source.kind is Kind.RASTER
    if is_raster and source.uri != source.path:  # one of several in a file
        stem += "-" + re.sub(r"[^\w .-]", "_", source.name)
    with record.file(source, stem + (".tif" if is_raster else ".gpkg")) as (written, target):
        pieces = clip_rasters.clip(source, area, written) if is_raster else clip_vectors.clip(group, area, written)
        copy = Copy(target if written.is_file() else None, pieces)
    record.keep(source, copy)
    return copy


@dataclass
class _Told:
    """Gathers what is to be told: names of layers, by the reason or by themselves."""

    uncut: dict[str, list[str]] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    partly: dict[str, int] = field(default_factory=dict)

    def whole(self, sources: Sequence[Source], reason: str) -> Sequence[Source]:
        """They are shown as they came."""
        self.uncut.setdefault(reason.strip().rstrip("."), []).extend(source.name for source in sources)
        return sources

    def cut(self, sources: Sequence[Source], copy: Copy) -> Iterator[Source]:
        """What is shown in their place."""
        for source in sources:
            piece = copy.pieces[source.uri]
            count = piece.counts.get(source.kind.value, 0)
            if piece.refused:
                yield from self.whole([source], piece.refused)
            elif copy.path is None:
                self.missing.append(source.name)
            else:
                if piece.whole:
                    self.partly[source.name] = piece.whole
                if source.count and not count:
                    self.empty.append(source.name)
                yield _shown(source, copy.path, count)

    def sentences(self) -> Iterator[str]:
        for why, names in self.uncut.items():
            one = translate("Clip", "{layers} is not clipped: {reason}.")
            yield (one if len(names) == 1 else translate("Clip", "{layers} are not clipped: {reason}.")).format(
                layers=_named(names), reason=why
            )
        if self.missing:
            one = translate("Clip", "{layers} is not shown: nothing of it is in the area.")
            several = translate("Clip", "{layers} are not shown: nothing of them is in the area.")
            yield (one if len(self.missing) == 1 else several).format(layers=_named(self.missing))
        if self.empty:
            one = translate("Clip", "{layers} is empty: nothing of it is in the area.")
            several = translate("Clip", "{layers} are empty: nothing of them is in the area.")
            yield (one if len(self.empty) == 1 else several).format(layers=_named(self.empty))
        for name, count in self.partly.items():
            text = translate(
                "Clip", "%n feature(s) of “{layer}” can't be cut, so they are there as a whole.", "", count
            )
            yield text.format(layer=name)


def _shown(source: Source, path: Path, count: int) -> Source:
    if source.kind is Kind.RASTER:
        return replace(source, uri=str(path), path=str(path), grid=None)
    uri = f"{path}{source.uri[len(source.path) :]}"
    return replace(source, uri=uri, path=str(path), count=count, slow=False)


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return translate("Clip", "{layers} and %n more", "", more).format(layers=shown) if more > 0 else shown


def _uncut(kind: Kind) -> str:
    """Why a mesh or a scene stays whole."""
    if kind is Kind.MESH:
        return translate("Clip", "a mesh can't be cut")
    return translate("Clip", "3D Tiles can't be cut")


def _size(source: Source) -> int:
    path = Path(source.path)
    return path.stat().st_size if path.is_file() else 0
