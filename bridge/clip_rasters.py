"""Rasters cut to an area, into a GeoTIFF: cells whose centre is in the area keep their value and their place.

Runs in any thread: plain GDAL.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from .clip_area import on_map, usable
from .clip_mask import Mask, Window
from .clip_record import Piece
from .gdal_option import gdal_option
from .source import Source

_SMALL = 1024  # cells along a side; what is larger has overviews if the original has some
_FLOATS = (gdal.GDT_Float32, gdal.GDT_Float64)
_LIMITS = {
    gdal.GDT_Byte: (0, 255),
    gdal.GDT_UInt16: (0, 65_535),
    gdal.GDT_Int16: (-32_768, 32_767),
    gdal.GDT_UInt32: (0, 4_294_967_295),
    gdal.GDT_Int32: (-2_147_483_648, 2_147_483_647),
}
_STATISTICS = "STATISTICS_"  # of the whole raster
_OPTIONS = ("TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS", "SPARSE_OK=TRUE")


def clip(source: Source, area: Mapping[str, Any], written: Path) -> dict[str, Piece]:
    """Writes what of the raster is in the area, and says by its uri how many cells those are; without any, nothing.

    Errors: OSError, ExportError or RuntimeError when it can't be read or written.
    """
    gdal.ErrorReset()
    raster = gdal.OpenEx(source.uri, gdal.OF_RASTER)
    if raster is None:
        raise ExportError(gdal.GetLastErrorMsg())
    try:
        shape = _area_for(raster, source, area)
    except ExportError as refusal:
        return {source.uri: Piece(refused=str(refusal))}
    window = _window(raster, shape)
    cells = 0
    if window is not None:
        with gdal_option("GDAL_TIFF_INTERNAL_MASK", "YES"):  # not in a second file beside it
            cells = _write(raster, window, Mask(shape, raster.GetGeoTransform()), written)
    return {source.uri: Piece(counts={source.kind.value: cells})}


def _area_for(raster: gdal.Dataset, source: Source, area: Mapping[str, Any]) -> ogr.Geometry:
    """The area in the CRS of the raster. Errors: ExportError for a raster that can't be cut."""
    crs = raster.GetSpatialRef()
    if source.crs:
        crs = osr.SpatialReference()
        crs.SetFromUserInput(source.crs)
    place = raster.GetGeoTransform(can_return_null=True)
    if place is None:
        raise ExportError(QCoreApplication.translate("ClipRasters", "its cells do not lie in rows on the map"))
    corners = ((x, y) for x in (0, raster.RasterXSize) for y in (0, raster.RasterYSize))
    xs, ys = zip(*(gdal.ApplyGeoTransform(place, x, y) for x, y in corners))
    return on_map(area, usable(None if source.crs == "" else crs), (min(xs), max(xs), min(ys), max(ys)))


def _window(raster: gdal.Dataset, shape: ogr.Geometry) -> Window | None:
    """The cells whose centres may be in the area, None for none."""
    back = gdal.InvGeoTransform(raster.GetGeoTransform())
    if shape.IsEmpty() or back is None:
        return None
    west, east, south, north = shape.GetEnvelope()
    corners = [gdal.ApplyGeoTransform(back, x, y) for x in (west, east) for y in (south, north)]
    spans = []
    for numbers, size in zip(zip(*corners), (raster.RasterXSize, raster.RasterYSize)):
        spans.append((max(math.ceil(min(numbers) - 0.5), 0), min(math.floor(max(numbers) - 0.5), size - 1)))
    (left, right), (top, bottom) = spans
    return Window(left, top, right - left + 1, bottom - top + 1) if left <= right and top <= bottom else None


def _write(raster: gdal.Dataset, window: Window, mask: Mask, written: Path) -> int:
    """The number of cells in the area; without any, there is no file."""
    sheet, has_mask = _blank(raster, window)
    if gdal.GetDriverByName("GTiff").CreateCopy(str(written), sheet, False, _options(sheet)) is None:
        raise ExportError(gdal.GetLastErrorMsg())
    copy = gdal.OpenEx(str(written), gdal.OF_RASTER | gdal.OF_UPDATE, open_options=["NUM_THREADS=ALL_CPUS"])
    if copy is None or (has_mask and copy.CreateMaskBand(gdal.GMF_PER_DATASET) != gdal.CE_None):
        raise ExportError(gdal.GetLastErrorMsg())
    gdal.ErrorReset()
    cells = _fill(copy, raster, sheet, window, mask, has_mask)
    if cells and raster.GetRasterBand(1).GetOverviewCount() and max(window.columns, window.rows) > _SMALL:
        halvings = math.ceil(math.log2(max(window.columns, window.rows) / _SMALL)) + 2
        copy.BuildOverviews("NEAREST", [2**number for number in range(1, halvings)])
    copy = None  # closes it, which may fail too
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise ExportError(gdal.GetLastErrorMsg())
    if not cells:
        written.unlink()
    return cells


def _blank(raster: gdal.Dataset, window: Window) -> tuple[gdal.Dataset, bool]:
    """What the raster says of itself, of the size of the window, and no cell; and whether that takes a mask."""
    is_complete = _has_no_data(raster)
    value = None if is_complete else _no_data_for(_sheet(raster, window))
    sheet = _sheet(raster, window)  # not the one before: it remembers cells that were looked at
    for number in range(1, sheet.RasterCount + 1):
        band = sheet.GetRasterBand(number)
        band.SetMetadata({key: text for key, text in band.GetMetadata().items() if not key.startswith(_STATISTICS)})
        band.SetMetadata({}, "vrt_sources")
        if value is not None:
            band.SetNoDataValue(value)
    return sheet, value is None and not is_complete


def _sheet(raster: gdal.Dataset, window: Window) -> gdal.Dataset:
    """Errors: ExportError."""
    sheet = gdal.Translate("", raster, format="VRT", srcWin=list(window.numbers), maskBand="none")
    if sheet is None:
        raise ExportError(gdal.GetLastErrorMsg())
    return sheet


def _has_no_data(raster: gdal.Dataset) -> bool:
    """Whether its own cells can say that there is nothing."""
    bands = [raster.GetRasterBand(number) for number in range(1, raster.RasterCount + 1)]
    is_opaque = not any(band.GetColorInterpretation() == gdal.GCI_AlphaBand for band in bands)
    return not is_opaque or all(band.GetNoDataValue() is not None for band in bands)


def _no_data_for(sheet: gdal.Dataset) -> float | None:
    """A value that no cell has, if there is one. QGIS draws by a mask too, but its statistics don't know of it."""
    bands = [sheet.GetRasterBand(number) for number in range(1, sheet.RasterCount + 1)]
    band = bands[0]
    if band.GetMaskFlags() != gdal.GMF_ALL_VALID:
        return None
    if all(one.DataType in _FLOATS for one in bands):
        return math.nan
    is_plain = band.DataType in _LIMITS and not band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE")
    return _unused(band) if len(bands) == 1 and is_plain else None


def _unused(band: gdal.Band) -> int | None:
    if band.DataType == gdal.GDT_Byte:
        counts = band.GetHistogram(-0.5, 255.5, 256, approx_ok=False)
        return max((value for value, cells in enumerate(counts) if not cells), default=None)
    lowest, highest = band.ComputeRasterMinMax(False)
    low, high = _LIMITS[band.DataType]
    if highest < high and not low:
        return high
    return low if low < lowest else None


def _options(sheet: gdal.Dataset) -> list[str]:
    band = sheet.GetRasterBand(1)
    if band.DataType in _FLOATS:
        return [*_OPTIONS, "PREDICTOR=3"]
    is_plain = band.GetColorTable() is None and not band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE")
    return [*_OPTIONS, "PREDICTOR=2"] if band.DataType in _LIMITS and is_plain else list(_OPTIONS)


def _fill(
    copy: gdal.Dataset, raster: gdal.Dataset, empty: gdal.Dataset, window: Window, mask: Mask, has_mask: bool
) -> int:
    """Block by block; a block with no cell in the area is not there in the file. Gives the cells in the area."""
    kind = copy.GetRasterBand(1).DataType
    size = gdal.GetDataTypeSize(kind) // 8
    nothing = np.frombuffer(empty.ReadRaster(0, 0, 1, 1, buf_type=kind), dtype=f"V{size}").reshape(-1, 1)
    known = raster.GetRasterBand(1)
    is_masked = has_mask and known.GetMaskFlags() != gdal.GMF_ALL_VALID
    cells = 0
    for block in window.blocks():
        here = Window(window.left + block.left, window.top + block.top, block.columns, block.rows)
        inside = mask.inside(here)
        if not inside.any():
            continue
        cells += int(np.count_nonzero(inside))
        values = np.frombuffer(_checked(raster.ReadRaster(*here.numbers, buf_type=kind)), dtype=f"V{size}")
        values = values.reshape(raster.RasterCount, -1)
        if not inside.all():
            values = values.copy()
            values[:, ~inside] = nothing
        _done(copy.WriteRaster(*block.numbers, values.tobytes(), buf_type=kind))
        if has_mask:
            valid = np.where(inside, np.uint8(255), np.uint8(0))
            if is_masked:
                valid &= np.frombuffer(_checked(known.GetMaskBand().ReadRaster(*here.numbers)), dtype=np.uint8)
            _done(copy.GetRasterBand(1).GetMaskBand().WriteRaster(*block.numbers, valid.tobytes()))
    return cells


def _checked(data: bytes | None) -> bytes:
    """Errors: ExportError for cells that can't be read."""
    if data is None:
        raise ExportError(gdal.GetLastErrorMsg())
    return data


def _done(error: int) -> None:
    """Errors: ExportError for cells that can't be written."""
    if error != gdal.CE_None:
        raise ExportError(gdal.GetLastErrorMsg())
