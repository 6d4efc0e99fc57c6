"""The stand-ins' data, and how a part of them is cut out: really, by the outline of an area, in any CRS and format.

Areas are GeoJSON Polygons or MultiPolygons in lon, lat degrees (WGS 84); None means everything. Here are the formats,
the geometry and the vectors; the rasters are in rasters.py.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()

FOLDER = Path(__file__).parent / "data"
Area = dict[str, Any]
_one_at_a_time = threading.RLock()


@contextmanager
def quiet_gdal() -> Iterator[None]:
    """One call at a time, as GDAL keeps its errors in global state, and without warnings: shortened field names and the
    like belong to these formats."""
    with _one_at_a_time:
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            yield
        finally:
            gdal.PopErrorHandler()


@dataclass(frozen=True)
class Format:
    """A file format: GDAL's driver, the file name's ending, creation options, and whether it is WGS 84 only."""

    driver: str
    suffix: str
    options: tuple[str, ...] = ()
    wgs84: bool = False

    @property
    def available(self) -> bool:
        """Whether this build of GDAL can write it."""
        driver = gdal.GetDriverByName(self.driver)
        wanted = (gdal.DCAP_CREATE, gdal.DCAP_CREATECOPY)
        return driver is not None and any(driver.GetMetadataItem(item) == "YES" for item in wanted)


def reference(crs: str) -> osr.SpatialReference:
    """The CRS of an ``EPSG:n``, in x, y (lon, lat) order. Raises ValueError if there is none, or only of heights."""
    srs = osr.SpatialReference()
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    try:
        srs.ImportFromEPSG(int(crs.split(":")[1]))
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    if not srs.IsGeographic() and not srs.IsProjected():
        raise ValueError(f"{crs} is neither geographic nor projected")
    return srs


WGS84 = reference("EPSG:4326")


def geometry(area: Area) -> ogr.Geometry:
    """The area for GDAL. Raises ValueError if it is not a geometry that GEOS finds valid."""
    shape = ogr.CreateGeometryFromJson(json.dumps(area))
    if shape is None:
        raise ValueError("not a GeoJSON geometry")
    shape.AssignSpatialReference(WGS84)
    with quiet_gdal():
        valid = shape.IsValid()
    if not valid:
        raise ValueError("not a valid geometry: it touches or crosses itself")
    return shape


# --- vectors and tables -------------------------------------------------------------------------------------------


def clip_vector(source: Path, area: Area | None, crs: str, form: Format, stem: Path, spatial: bool = True) -> None:
    """Writes the part of the source inside the area as ``stem`` + suffix; the attributes only if not ``spatial``."""
    with quiet_gdal():
        origin = gdal.OpenEx(str(source), gdal.OF_VECTOR)
        layer = origin.GetLayer(0)
        inside = geometry(area) if area else None
        srs = WGS84 if form.wgs84 else reference(crs)
        clipped = _memory_layer(layer, stem.name, srs, spatial)
        to_target = osr.CoordinateTransformation(WGS84, srs)
        for feature in layer:
            shape = _clipped(feature.GetGeometryRef(), inside) if spatial else None
            if spatial and shape is None:
                continue
            _copy(feature, clipped.GetLayer(0), shape, to_target)
        options = [item for option in form.options for item in ("-lco", option)]
        target = str(stem.with_name(stem.name + form.suffix))
        written = gdal.VectorTranslate(target, clipped, format=form.driver, layerName=stem.name, options=options)
        written.FlushCache()


def _memory_layer(layer: ogr.Layer, name: str, srs: osr.SpatialReference, spatial: bool) -> gdal.Dataset:
    # GDAL 3.11 moved vectors in memory from the driver "Memory" to "MEM".
    driver = gdal.GetDriverByName("Memory") or gdal.GetDriverByName("MEM")
    memory = driver.Create("", 0, 0, 0, gdal.GDT_Unknown)
    kind = ogr.GT_Flatten(layer.GetGeomType())
    kind = kind if kind == ogr.wkbPoint else ogr.GT_GetCollection(kind) if kind < ogr.wkbMultiPoint else kind
    target = memory.CreateLayer(name, srs if spatial else None, kind if spatial else ogr.wkbNone)
    definition = layer.GetLayerDefn()
    for index in range(definition.GetFieldCount()):
        target.CreateField(_field(definition.GetFieldDefn(index)))
    return memory


def _field(source: ogr.FieldDefn) -> ogr.FieldDefn:
    field = ogr.FieldDefn(source.GetName(), source.GetType())
    field.SetSubType(source.GetSubType())
    field.SetWidth(source.GetWidth())
    if source.GetType() == ogr.OFTReal:
        # DBF and TAB would take 15 decimals and have no room left for the square metres of a county.
        field.SetWidth(20)
        field.SetPrecision(7)
    return field


def _clipped(shape: ogr.Geometry | None, inside: ogr.Geometry | None) -> ogr.Geometry | None:
    """The part of a geometry inside the area, of the same dimension, or None. Polygons and lines become multi parts."""
    if shape is None or (inside is not None and not shape.Intersects(inside)):
        return None
    part = shape.Intersection(inside) if inside is not None else shape.Clone()
    dimension = shape.GetDimension()
    if dimension == 0:
        return part
    multi = ogr.Geometry(ogr.wkbMultiPolygon if dimension == 2 else ogr.wkbMultiLineString)
    for piece in _pieces(part):
        if piece.GetDimension() == dimension:
            multi.AddGeometry(piece)
    return None if multi.IsEmpty() else multi


def _pieces(shape: ogr.Geometry) -> Iterator[ogr.Geometry]:
    if ogr.GT_IsSubClassOf(shape.GetGeometryType(), ogr.wkbGeometryCollection):
        for index in range(shape.GetGeometryCount()):
            yield from _pieces(shape.GetGeometryRef(index))
    else:
        yield shape


def _copy(feature: ogr.Feature, target: ogr.Layer, shape: ogr.Geometry | None,
          transform: osr.CoordinateTransformation) -> None:  # fmt: skip
    copy = ogr.Feature(target.GetLayerDefn())
    copy.SetFrom(feature)
    if shape is not None:
        shape.Transform(transform)
        copy.SetGeometry(shape)
    target.CreateFeature(copy)


def read_features(source: Path) -> Iterator[tuple[int, dict[str, Any], Area]]:
    """(number from 1, attributes, GeoJSON geometry) of each feature of a source in WGS 84."""
    with quiet_gdal():
        layer_source = gdal.OpenEx(str(source), gdal.OF_VECTOR)
        for number, feature in enumerate(layer_source.GetLayer(0), start=1):
            yield number, feature.items(), json.loads(feature.GetGeometryRef().ExportToJson())


# --- what there is ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """What a catalogue says of a source: bounds in lon, lat degrees, field names and OGR types, count, geometry."""

    bounds: tuple[float, float, float, float]
    fields: tuple[tuple[str, str], ...]
    count: int
    geometry: str | None
    size: int


def summary(source: Path) -> Summary:
    with quiet_gdal():
        size = sum(path.stat().st_size for path in source.parent.glob(source.stem + ".*"))
        if source.suffix == ".tif":
            raster = gdal.Open(str(source))
            left, width, _, top, _, height = raster.GetGeoTransform()
            bottom, right = top + height * raster.RasterYSize, left + width * raster.RasterXSize
            return Summary((left, bottom, right, top), (), 0, None, size)
        opened = gdal.OpenEx(str(source), gdal.OF_VECTOR)
        layer = opened.GetLayer(0)
        min_x, max_x, min_y, max_y = layer.GetExtent()
        definition = layer.GetLayerDefn()
        fields = [definition.GetFieldDefn(index) for index in range(definition.GetFieldCount())]
        named = tuple((item.GetName(), item.GetTypeName().lower()) for item in fields)
        kind = ogr.GeometryTypeToName(layer.GetGeomType()).lower().replace(" ", "")
        return Summary((min_x, min_y, max_x, max_y), named, layer.GetFeatureCount(), kind, size)
