"""Rasters cut out of the stand-ins' data by the outline of an area, as sheets. See data.py."""

from __future__ import annotations

import json
import math
import threading
from pathlib import Path
from typing import Any

from osgeo import gdal, osr

from .data import WGS84, Area, Format, geometry, quiet_gdal, reference


def clip_raster(source: Path, area: Area | None, crs: str, form: Format, stem: Path, coarser: int = 1,
                sheet: int = 128) -> int:  # fmt: skip
    """Writes the part of the source inside the area as sheets ``stem-row-column`` + suffix; answers how many.

    Pixels outside the area are nodata; a sheet that would be all nodata is left out. ``coarser`` multiplies the pixel
    size, ``sheet`` is the side of a sheet in pixels. In the source's own CRS pixels keep their place and value.
    """
    with quiet_gdal():
        part = _warped(source, area, "EPSG:4326" if form.wgs84 else crs, coarser)
        written = 0
        if part is None:
            return written
        for row, top in enumerate(range(0, part.RasterYSize, sheet), start=1):
            for column, left in enumerate(range(0, part.RasterXSize, sheet), start=1):
                width, height = min(sheet, part.RasterXSize - left), min(sheet, part.RasterYSize - top)
                if not _has_data(part, left, top, width, height):
                    continue
                name = f"{stem.name}-{row:02d}-{column:02d}{form.suffix}"
                options = gdal.TranslateOptions(
                    format=form.driver, srcWin=[left, top, width, height], creationOptions=list(form.options)
                )
                gdal.Translate(str(stem.with_name(name)), part, options=options).FlushCache()
                written += 1
        return written


def _warped(source: Path, area: Area | None, crs: str, coarser: int) -> gdal.Dataset | None:
    """The part in memory, None if the area only touches the source."""
    origin = gdal.Open(str(source))
    target = reference(crs).ExportToWkt()
    # GDAL would make the pixels of an image square even where nothing is to be reprojected.
    stays = reference(crs).IsSame(origin.GetSpatialRef(), ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"])
    whole = origin if stays else gdal.Warp("", origin, format="VRT", dstSRS=target)
    left, width, _, top, _, height = whole.GetGeoTransform()
    bounds: tuple[float, ...] = (left, top + height * whole.RasterYSize, left + width * whole.RasterXSize, top)
    options: dict[str, Any] = {}
    if area:
        bounds = _snapped(area, reference(crs), bounds, (left, top, width, -height))
        if bounds[0] >= bounds[2] or bounds[1] >= bounds[3]:
            return None
        cutline = f"/vsimem/cutline-{threading.get_ident()}.geojson"
        gdal.FileFromMemBuffer(cutline, json.dumps({"type": "Feature", "properties": {}, "geometry": area}).encode())
        options = {"cutlineDSName": cutline}
    result = gdal.Warp(
        "", origin, format="MEM", dstSRS=target, outputBounds=bounds, xRes=width * coarser, yRes=-height * coarser,
        dstNodata=origin.GetRasterBand(1).GetNoDataValue(), **options,
    )  # fmt: skip
    if area:
        gdal.Unlink(cutline)
    return result


def _snapped(area: Area, srs: osr.SpatialReference, bounds: tuple[float, ...],
             grid: tuple[float, float, float, float]) -> tuple[float, ...]:  # fmt: skip
    """The area's bounds grown to the source's pixel edges and kept inside its own bounds."""
    shape = geometry(area)
    shape.Segmentize(0.05)
    shape.Transform(osr.CoordinateTransformation(WGS84, srs))
    min_x, max_x, min_y, max_y = shape.GetEnvelope()
    left, top, width, height = grid
    return (
        max(bounds[0], left + width * math.floor((min_x - left) / width)),
        max(bounds[1], top - height * math.ceil((top - min_y) / height)),
        min(bounds[2], left + width * math.ceil((max_x - left) / width)),
        min(bounds[3], top - height * math.floor((top - max_y) / height)),
    )


def _has_data(raster: gdal.Dataset, left: int, top: int, width: int, height: int) -> bool:
    band = raster.GetRasterBand(1)
    nodata = band.GetNoDataValue()
    values = band.ReadRaster(left, top, width, height, buf_type=gdal.GDT_Float64)
    return any(value != nodata for value in memoryview(values).cast("d"))
