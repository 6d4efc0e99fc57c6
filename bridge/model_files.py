"""Models as files that QGIS opens: the mesh as 2DM, the buildings as a GeoPackage, the ground as a GeoTIFF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal, ogr, osr

from ..core.buildings import Building
from ..core.errors import ExportError
from ..core.mesh import Mesh
from ..core.polygons import polygons
from ..core.terrain import NO_DATA, Grid

_ROWS = 10_000  # of text at a time
_FIELDS = (
    ("name", ogr.OFTString),
    ("height", ogr.OFTReal),
    ("base", ogr.OFTReal),
    ("eaves", ogr.OFTReal),
    ("roof", ogr.OFTString),
)


def write_mesh(path: Path, surface: Mesh) -> None:
    """2DM, as MDAL reads it, to the millimetre. Format: https://www.xmswiki.com/wiki/SMS:2D_Mesh_Files_*.2dm

    Errors: OSError.
    """
    with path.open("wb") as file:
        file.write(b"MESH2D\n")
        for start in range(0, len(surface.triangles), _ROWS):
            corners = surface.triangles[start : start + _ROWS] + 1
            file.write(b"E3T %d %d %d %d 1\n" * len(corners) % _numbered(corners, start + 1))
        for start in range(0, len(surface.vertices), _ROWS):
            places = surface.vertices[start : start + _ROWS]
            file.write(b"ND %d %.3f %.3f %.3f\n" * len(places) % _numbered(places, start + 1))


def _numbered(rows: npt.NDArray[Any], first: int) -> tuple[float, ...]:
    """All values, each row after its number; as one list, which takes a third of the time that a list a row does."""
    return tuple(np.column_stack([np.arange(first, first + len(rows)), rows]).ravel().tolist())


def write_buildings(path: Path, found: Iterable[Building], crs: str) -> int:
    """Footprints with heights, in metres. Gives how many. Errors: ExportError."""
    with new_database(path) as database:
        layer = database.CreateLayer(path.stem, reference(crs), ogr.wkbMultiPolygon)
        for name, kind in _FIELDS:
            layer.CreateField(ogr.FieldDefn(name, kind))
        definition = layer.GetLayerDefn()
        for building in found:
            feature = ogr.Feature(definition)
            shape = ogr.Geometry(ogr.wkbMultiPolygon)
            for part in polygons(building.footprint):
                shape.AddGeometryDirectly(ogr.CreateGeometryFromWkb(part.wkb))
            feature.SetGeometryDirectly(shape)
            roof = "flat" if building.is_flat else "pitched"
            values = (building.name, building.height, building.base, building.eaves, roof)
            for field, value in enumerate(values):
                feature.SetField(field, round(value, 3) if isinstance(value, float) else value)
            add(layer, feature)
        count = layer.GetFeatureCount()
    return int(count)


def write_terrain(path: Path, grid: Grid, crs: str) -> None:
    """Errors: ExportError."""
    rows, columns = grid.elevations.shape
    options = ["TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=3"]
    gdal.ErrorReset()
    raster = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, gdal.GDT_Float32, options)
    if raster is None:
        raise ExportError(gdal.GetLastErrorMsg())
    raster.SetGeoTransform((grid.west, grid.cell, 0.0, grid.north, 0.0, -grid.cell))
    place = reference(crs)
    if place is not None:
        raster.SetProjection(place.ExportToWkt())
    band = raster.GetRasterBand(1)
    band.SetNoDataValue(NO_DATA)
    band.SetDescription("elevation")
    band.WriteRaster(0, 0, columns, rows, grid.elevations.tobytes(), buf_type=gdal.GDT_Float32)
    band, raster = None, None  # closes and writes it
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise ExportError(gdal.GetLastErrorMsg())


def reference(crs: str) -> osr.SpatialReference | None:
    """The CRS of an authority's code, x before y; None for none."""
    if not crs:
        return None
    known = osr.SpatialReference()
    known.SetFromUserInput(crs)
    known.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return known


@contextmanager
def new_database(path: Path) -> Iterator[Any]:
    """A GeoPackage to write, which is whole when the block has ended well. Errors: ExportError."""
    gdal.ErrorReset()
    database = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    if database is None:
        raise ExportError(gdal.GetLastErrorMsg())
    database.StartTransaction()
    yield database
    written = database.CommitTransaction() == ogr.OGRERR_NONE
    database = None  # closes it
    if not written:
        raise ExportError(gdal.GetLastErrorMsg())


def add(layer: ogr.Layer, feature: ogr.Feature) -> None:
    """Errors: ExportError when it can't be written."""
    if layer.CreateFeature(feature) != ogr.OGRERR_NONE:
        raise ExportError(gdal.GetLastErrorMsg())
