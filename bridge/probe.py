"""What one file or geodatabase holds, as GDAL sees it, and whether it is whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from osgeo import gdal, ogr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from . import references, untrusted
from .source import Grid, Kind, Source
from .tile_reading import crs_as_told

_BOTH = gdal.OF_RASTER | gdal.OF_VECTOR
# Formats that hold their data. Others (WMS, WFS, STAC, super overlays, ..) only say where the data are.
_RASTERS = ("GTiff", "JP2OpenJPEG", "JP2KAK", "JP2ECW", "JP2MrSID", "JPEG", "PNG", "HFA", "KEA", "AAIGrid")
_VECTORS = (
    "ESRI Shapefile",
    "GPKG",
    "OpenFileGDB",
    "FileGDB",
    "MapInfo File",
    "FlatGeobuf",
    "GeoJSON",
    "LIBKML",
    "KML",
)
_OTHERS = ("DXF", "CAD", "DGN", "CSV")
_VIRTUAL = ("VRT", "OGR_VRT")  # say where the data are too, and are looked through
_READERS = frozenset(_RASTERS + _VECTORS + _OTHERS + _VIRTUAL)
_READ_WHOLE = ("GeoJSON", "LIBKML", "KML", "DXF", "CAD")  # in memory as soon as they are opened
_OF_QGIS = ("layer_styles", "qgis_projects")  # tables in which QGIS keeps its own things
_FAMILIES = (
    (Kind.POINT, (ogr.wkbPoint, ogr.wkbMultiPoint)),
    (Kind.LINE, (ogr.wkbCurve, ogr.wkbMultiCurve)),
    (Kind.POLYGON, (ogr.wkbSurface, ogr.wkbMultiSurface)),
)


def read(path: Path, folder: Path) -> tuple[list[Source], tuple[Path, ...], list[str]]:
    """The layers in it; the files that it shows with its own; what to tell of it though it is opened.

    Errors: ExportError, without the name of the file, when it can't be opened or leads out of the job's folder.
    """
    reader = _reader(path)
    parts: tuple[Path, ...] = ()
    if reader in _VIRTUAL:
        parts = references.parts(path, folder)
        for part in parts:
            _opened(part, _reader(part), folder)
    notes: list[str] = []
    with crs_as_told():
        dataset = _opened(path, reader, folder)
        sources = [*_rasters(path, dataset, reader), *_layers(path, dataset, notes)]
    if not sources and not notes:
        raise ExportError(QCoreApplication.translate("Probe", "there is no layer in it"))
    return sources, parts, notes


def _opened(path: Path, reader: str, folder: Path) -> gdal.Dataset:
    """Errors: ExportError, as of `read`."""
    untrusted.check_file(path, reader)
    references.check_companions(path, folder)
    gdal.ErrorReset()
    # For rasters GDAL opens the pictures that a DWG names, wherever they are.
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR if reader == "CAD" else _BOTH, allowed_drivers=[reader])
    if dataset is None:
        raise ExportError(_damaged())
    references.check_opened(dataset, folder)
    return dataset


def is_readable(path: Path) -> bool:
    """Whether the file looks like data at all."""
    driver = gdal.IdentifyDriverEx(str(path), _BOTH)
    return driver is not None and driver.ShortName in _READERS


def _reader(path: Path) -> str:
    """The driver that GDAL takes for the file, here and when QGIS opens it."""
    driver = gdal.IdentifyDriverEx(str(path), _BOTH)
    if driver is None:
        raise ExportError(
            QCoreApplication.translate("Probe", "it is damaged, or in a format that this QGIS does not read")
        )
    if driver.ShortName not in _READERS:
        raise ExportError(
            QCoreApplication.translate(
                "Probe", "QGIS would read it as {format}, which may lead to other files or servers"
            ).format(format=driver.LongName)
        )
    return str(driver.ShortName)


def _rasters(path: Path, dataset: gdal.Dataset, reader: str) -> Iterator[Source]:
    if dataset.RasterCount:
        untrusted.check_crs(dataset.GetSpatialRef() or dataset.GetGCPSpatialRef())
        corner = dataset.GetGeoTransform(can_return_null=True)
        if corner is None and not dataset.GetGCPCount():
            raise ExportError(QCoreApplication.translate("Probe", "it is a picture without a position on the map"))
        band = dataset.GetRasterBand(dataset.RasterCount)
        gdal.ErrorReset()
        if band.ReadRaster(dataset.RasterXSize - 1, dataset.RasterYSize - 1, 1, 1) is None:  # the end of the file
            raise ExportError(_damaged())
        grid = None if reader in _VIRTUAL or corner is None else grid_of(dataset, corner)
        yield Source(path.stem, str(path), str(path), "gdal", Kind.RASTER, grid=grid)
        return
    for uri in untrusted.subdatasets(dataset, path):
        yield Source(uri.rpartition(":")[2], uri, str(path), "gdal", Kind.RASTER)


def grid_of(dataset: gdal.Dataset, place: tuple[float, ...]) -> Grid | None:
    """How the cells lie; None unless north is up. place: the geotransform."""
    west, width, skew, north, tilt, height = place
    if skew or tilt or width <= 0 or height >= 0:
        return None
    bands = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        bands.append(f"{band.DataType} {band.GetNoDataValue()} {band.GetColorInterpretation()}")
    size = dataset.RasterXSize, dataset.RasterYSize
    return Grid(tuple(bands), dataset.GetProjection(), (west, north), (width, -height), *size)


def _layers(path: Path, dataset: gdal.Dataset, notes: list[str]) -> Iterator[Source]:
    is_single = dataset.GetLayerCount() == 1 and not dataset.RasterCount
    in_memory = dataset.GetDriver().ShortName in _READ_WHOLE
    for number in range(dataset.GetLayerCount()):
        layer = dataset.GetLayer(number)
        name = layer.GetName()
        if name in _OF_QGIS:
            continue
        untrusted.check_crs(layer.GetSpatialRef())
        if "|" in name and not is_single:  # as in the name of a file
            text = QCoreApplication.translate("Probe", "“{layer}” has a “|” in its name, so QGIS can't open it")
            notes.append(text.format(layer=name[:100]))
            continue
        title, uri = (path.stem, str(path)) if is_single else (name, f"{path}|layername={name}")
        yield from _sources(layer, Source(title, uri, str(path), "ogr", Kind.TABLE, slow=in_memory), notes)


def _sources(layer: ogr.Layer, whole: Source, notes: list[str]) -> Iterator[Source]:
    """A source for each kind of geometry: in a drawing all kinds lie in one layer."""
    features = layer.GetFeatureCount()
    if features > 0 and not whole.slow:
        _check_end(layer, features)
    kinds, undrawn = _kinds(layer, features)
    if undrawn and kinds:
        notes.append(
            QCoreApplication.translate(
                "Probe", "{count} features of “{layer}” are collections of geometries, which QGIS does not draw"
            ).format(count=undrawn, layer=whole.name)
        )
    slow = whole.slow or (Kind.TABLE not in kinds and not layer.TestCapability(ogr.OLCFastGetExtent))
    if len(kinds) < 2:
        yield replace(whole, kind=next(iter(kinds), Kind.TABLE), count=features, slow=slow)
        return
    for kind, count in kinds.items():
        yield replace(whole, name=f"{whole.name} ({_word(kind)})", kind=kind, count=count, mixed=True, slow=slow)


def _check_end(layer: ogr.Layer, features: int) -> None:
    """Errors: ExportError when the last feature is not there: the file is cut off."""
    gdal.ErrorReset()
    layer.SetNextByIndex(features - 1 if layer.TestCapability(ogr.OLCFastSetNextByIndex) else 0)
    if layer.GetNextFeature() is None or gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise ExportError(_damaged())
    layer.ResetReading()


def _kinds(layer: ogr.Layer, features: int) -> tuple[Counter[Kind], int]:
    """How many features there are of each kind of geometry, and how many collections. Features are read if need be."""
    declared = _kind(layer.GetGeomType())
    if declared is not None:
        return Counter({declared: features}), 0
    found = [_kind(geometry.GetGeometryType()) for geometry in _geometries(layer)]
    layer.ResetReading()
    return Counter(kind for kind in found if kind is not None), found.count(None)


def _geometries(layer: ogr.Layer) -> Iterator[ogr.Geometry]:
    for feature in layer:
        geometry = feature.GetGeometryRef()
        if geometry is not None:
            yield geometry


def _kind(geometry_type: int) -> Kind | None:
    flat = ogr.GT_Flatten(geometry_type)
    if flat == ogr.wkbNone:
        return Kind.TABLE
    families = (kind for kind, parents in _FAMILIES if any(ogr.GT_IsSubClassOf(flat, parent) for parent in parents))
    return next(families, None)


def _word(kind: Kind) -> str:
    words = {
        Kind.POINT: QCoreApplication.translate("Probe", "points"),
        Kind.LINE: QCoreApplication.translate("Probe", "lines"),
        Kind.POLYGON: QCoreApplication.translate("Probe", "polygons"),
    }
    return words[kind]


def _damaged() -> str:
    return QCoreApplication.translate("Probe", "it is damaged: {reason}").format(reason=gdal.GetLastErrorMsg())
