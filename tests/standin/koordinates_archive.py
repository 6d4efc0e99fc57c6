"""Builds the zip of a Koordinates export: the clipped data of each item, and a text about it."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .data import clip_vector
from .koordinates_orders import Order, Ordered
from .rasters import clip_raster


def pack(order: Order, site: str, sheet: int, one_folder: bool, extra: Mapping[str, str]) -> bytes:
    """The zip. One item: files at the root, or in a folder (``one_folder``); several: a folder each (CODE K12).

    ``sheet`` is the side of a raster sheet in pixels, ``extra`` are further members by name, for names that no honest
    service would send.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, tempfile.TemporaryDirectory() as scratch:
        for number, ordered in enumerate(order.items):
            folder = Path(scratch, str(number))
            folder.mkdir()
            _write(ordered, order, folder, sheet)
            (folder / f"{ordered.item.long_slug}.txt").write_text(about(ordered, order, site), encoding="utf-8")
            inside = f"{ordered.item.long_slug}/" if one_folder or len(order.items) > 1 else ""
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(path, inside + path.relative_to(folder).as_posix())
        for name, text in extra.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def bare_tiff(order: Order, sheet: int) -> bytes | None:
    """The GeoTIFF itself if the order comes to a single one: "sometimes a bare tiff" instead of a zip (CODE K13)."""
    with tempfile.TemporaryDirectory() as scratch:
        if len(order.items) != 1 or order.items[0].offer.code != "GTiff":
            return None
        _write(order.items[0], order, Path(scratch), sheet)
        tiffs = list(Path(scratch).glob("*.tif"))
        return tiffs[0].read_bytes() if len(tiffs) == 1 else None


def _write(ordered: Ordered, order: Order, folder: Path, sheet: int) -> None:
    item, form = ordered.item, ordered.offer.form
    if form is None:
        raise ValueError(f"{ordered.offer.name} cannot be written")
    stem = folder / item.long_slug
    if item.kind in ("raster", "grid"):
        # Several sheets, as the elevation and imagery layers of LINZ come (CODE K4c, K11).
        coarser = order.options.get("raster_resolution_multiplier", 1)
        clip_raster(item.source, order.area, order.crs, form, stem, coarser, sheet)
    else:
        area = order.area if item.type == "layer" else None
        clip_vector(item.source, area, order.crs, form, stem, spatial=item.type == "layer")


def about(ordered: Ordered, order: Order, site: str) -> str:
    """Title, URL, licence, processing steps and crop coordinates: what the text in an export tells (DOC K16).

    Its wording and name are GUESS.
    """
    item = ordered.item
    steps: list[Any] = [f"converted to {ordered.offer.name}"]
    if item.type == "layer":
        steps.append(f"reprojected to {order.crs}")
    lines = [
        item.title,
        f"{site}/{item.type}/{item.id}-{item.long_slug}/",
        "",
        item.description,
        "",
        f"Licence: {item.licence.title} ({item.licence.url_html})",
        f"Processing: {', '.join(steps)}",
    ]
    if order.area and item.type == "layer":
        lines.append(f"Cropped to: {json.dumps(order.area)}")
    return "\n".join(lines) + "\n"
