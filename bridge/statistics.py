"""The statistics that QGIS stretches the colours of a raster by. GDAL keeps them beside it, or in a virtual raster.

On a full disk GDAL leaves half a file there, and nothing can be opened that has such a file beside it: so that is
looked for, and taken away. Runs in any thread: plain GDAL.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from osgeo import gdal

from .free_names import own_part
from .gdal_option import gdal_option
from .source import Source

_VIRTUAL = ".vrt"


def measure(source: Source) -> None:
    """Finds them: with 500 sheets the window stood for 1.5 s. Where there is no room for them, they are not kept.

    Errors: RuntimeError when a plugin has set gdal.UseExceptions.
    """
    if Path(source.path).suffix.casefold() != _VIRTUAL or source.uri != source.path:
        _measure(source.uri)
        return
    part = own_part(Path(source.path))
    try:
        shutil.copy2(source.path, part)
        # A virtual raster keeps its statistics itself, but GDAL 3.10 writes those of every sheet beside it as well,
        # where they are another job's.
        with gdal_option("GDAL_PAM_ENABLED", "NO"):
            _measure(str(part))
        if not _is_torn(part):
            part.replace(source.path)
    except OSError:
        return  # no room, and QGIS finds them out by itself
    finally:
        part.unlink(missing_ok=True)


def is_mended(path: Path, came: Collection[Path]) -> bool:
    """Whether a file of a job may be opened: after what was left half beside it has gone, or it itself.

    came: what the service has sent, which stays as it is. Errors: OSError.
    """
    kept = _beside(path)
    if kept.is_file() and kept not in came and _is_torn(kept):
        kept.unlink()
    is_made_here = bool(came) and path.suffix.casefold() == _VIRTUAL and path not in came
    if is_made_here and _is_torn(path):
        path.unlink()
    return path.exists()


def _measure(uri: str) -> None:
    raster = gdal.OpenEx(uri, gdal.OF_RASTER)
    if raster is None:
        return
    files = [_beside(Path(file)) for file in raster.GetFileList() or ()]
    new = [file for file in files if not file.exists()]
    try:
        _find(raster)
        raster = None  # closes it, which writes
    finally:
        for file in new:
            if file.exists() and _is_torn(file):
                file.unlink()


def _find(raster: gdal.Dataset) -> None:
    is_photo = raster.RasterCount >= 3 and raster.GetRasterBand(1).DataType == gdal.GDT_Byte
    if is_photo or raster.GetRasterBand(1).GetColorTable() is not None:
        return
    for number in range(1, min(raster.RasterCount, 3) + 1):
        raster.GetRasterBand(number).GetStatistics(True, True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.aux.xml")


def _is_torn(document: Path) -> bool:
    try:
        return gdal.ParseXMLString(document.read_text("utf-8", "replace")) is None
    except RuntimeError:  # a plugin has set gdal.UseExceptions
        return True
