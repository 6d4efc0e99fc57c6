"""Features cut to an area, into a GeoPackage. What lies wholly inside is copied as it is.

Runs in any thread: plain GDAL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from string import Template
from typing import Any

from osgeo import gdal, ogr, osr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from . import tile_reading
from .clip_area import on_map, usable
from .clip_record import Piece
from .clip_shapes import SURFACES, Scissors
from .source import Kind, Source

_KINDS = (Kind.POINT, Kind.LINE, Kind.POLYGON)  # by dimension
_SIMPLE = {Kind.POINT: ogr.wkbPoint, Kind.LINE: ogr.wkbLineString, Kind.POLYGON: ogr.wkbPolygon}
_NAMES = {Kind.POINT: "MULTIPOINT", Kind.LINE: "MULTILINESTRING", Kind.POLYGON: "MULTIPOLYGON"}
_DELETE = Template("DELETE FROM $table WHERE $number IN ($some)")
_AT_ONCE = 5000  # features in one statement


def clip(sources: Sequence[Source], area: Mapping[str, Any], written: Path) -> dict[str, Piece]:
    """Writes the layers of one file, each under its own name, and says what became of them by the uri of their sources.

    Nothing is written if all of them stay whole. Errors: OSError, ExportError or RuntimeError when they can't be read
    or written.
    """
    pieces: dict[str, Piece] = {}
    counts: dict[str, int] = {}
    database = None
    for uri, source in {source.uri: source for source in sources}.items():
        dataset, layer = tile_reading.opened(source)
        try:
            shape = _area_for(layer, source, area)
        except ExportError as refusal:
            pieces[uri] = Piece(refused=str(refusal))
            continue
        if database is None:
            database = _created(written)
        name = layer.GetName() or written.stem
        _copy(database, dataset, layer, name, _type_of(layer, source), shape)
        pieces[uri], counts[name] = _cut(database, name, Scissors(shape))
    if database is not None:
        database.FlushCache()
        database = None  # closes it
        _check(written, counts)
    return pieces


def _area_for(layer: ogr.Layer, source: Source, area: Mapping[str, Any]) -> ogr.Geometry:
    """The area in the CRS of the layer. Errors: ExportError for a layer that can't be cut."""
    crs = layer.GetSpatialRef()
    if source.crs is not None:
        crs = osr.SpatialReference() if source.crs else None
        if crs is not None:
            crs.SetFromUserInput(source.crs)
    crs = usable(crs)
    if ogr.GT_Flatten(layer.GetGeomType()) in SURFACES:
        raise ExportError(QCoreApplication.translate("ClipVectors", "surfaces in space can't be cut"))
    if not layer.GetFeatureCount():
        return ogr.Geometry(ogr.wkbMultiPolygon)
    return on_map(area, crs, layer.GetExtent())


def _created(path: Path) -> gdal.Dataset:
    dataset = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    if dataset is None:
        raise ExportError(gdal.GetLastErrorMsg())
    for pragma in ("synchronous = OFF", "journal_mode = MEMORY"):  # a file that is not whole is thrown away
        dataset.ExecuteSQL(f"PRAGMA {pragma}")
    return dataset


def _type_of(layer: ogr.Layer, source: Source) -> str | None:
    """What the geometries become: a polygon may be cut in two, so it is a multipolygon. None for what they are."""
    declared = layer.GetGeomType()
    if ogr.GT_Flatten(declared) != ogr.wkbUnknown:
        is_single = not ogr.GT_IsSubClassOf(declared, ogr.wkbGeometryCollection) and source.kind is not Kind.POINT
        return "PROMOTE_TO_MULTI" if is_single else None
    types = {shape.GetGeometryType() for shape in _shapes(layer)}
    simple = _SIMPLE.get(source.kind)
    if source.mixed or not {ogr.GT_Flatten(one) for one in types} <= {simple, ogr.GT_GetCollection(simple)}:
        return None
    return _NAMES[source.kind] + ("Z" if any(map(ogr.GT_HasZ, types)) else "")


def _shapes(layer: ogr.Layer) -> Iterator[ogr.Geometry]:
    layer.ResetReading()
    for feature in layer:
        shape = feature.GetGeometryRef()
        if shape is not None:
            yield shape
    layer.ResetReading()


def _copy(
    database: gdal.Dataset, dataset: gdal.Dataset, layer: ogr.Layer, name: str, kind: str | None, area: ogr.Geometry
) -> None:
    """Appends the layer with the features near the area."""
    near: dict[str, Any] = {"where": "0 = 1"} if area.IsEmpty() else {}
    if near == {} and ogr.GT_Flatten(layer.GetGeomType()) != ogr.wkbUnknown:  # GDAL may filter out bodies
        west, east, south, north = area.GetEnvelope()
        near = {"spatFilter": [west, south, east, north]}
    definition = layer.GetLayerDefn()
    fields = [definition.GetFieldDefn(number).GetName() for number in range(definition.GetFieldCount())]
    options = ["SPATIAL_INDEX=NO", f"FID={_free('fid', fields)}", f"GEOMETRY_NAME={_free('geom', fields)}"]
    failures: list[str] = []  # what GDAL says of features is forgotten when it has copied the rest
    gdal.PushErrorHandler(lambda level, _, text: failures.append(text) if level >= gdal.CE_Failure else None)
    try:
        done = gdal.VectorTranslate(
            database,
            dataset,
            accessMode="append",
            layers=[layer.GetName()],
            layerName=name,
            geometryType=kind,
            layerCreationOptions=options,
            **near,
        )
    finally:
        gdal.PopErrorHandler()
    if failures or done is None:
        raise ExportError(failures[0] if failures else gdal.GetLastErrorMsg())


def _cut(database: gdal.Dataset, name: str, scissors: Scissors) -> tuple[Piece, int]:
    """Also: how many features are left."""
    layer = database.GetLayerByName(name)
    definition = layer.GetLayerDefn()
    counts: Counter[str] = Counter()
    gone: list[int] = []
    changed: list[tuple[int, ogr.Geometry]] = []
    features = 0
    layer.SetIgnoredFields([definition.GetFieldDefn(at).GetName() for at in range(definition.GetFieldCount())])
    for feature in layer:
        features += 1
        shape = feature.GetGeometryRef()
        part = scissors.cut(shape)
        if part is None:
            gone.append(feature.GetFID())
            continue
        if part is not shape:
            changed.append((feature.GetFID(), part))
        if ogr.GT_Flatten(part.GetGeometryType()) != ogr.wkbGeometryCollection:
            counts[_KINDS[part.GetDimension()].value] += 1
    layer.SetIgnoredFields([])
    _change(database, layer, gone, changed)
    return Piece(counts=dict(counts), whole=scissors.whole), features - len(gone)


def _change(
    database: gdal.Dataset, layer: ogr.Layer, gone: Sequence[int], changed: Sequence[tuple[int, ogr.Geometry]]
) -> None:
    """The index is made at the end: that halves the time."""
    name, number, column = layer.GetName(), layer.GetFIDColumn(), layer.GetGeometryColumn()
    _run(database, "BEGIN")
    for start in range(0, len(gone), _AT_ONCE):
        some = ",".join(map(str, gone[start : start + _AT_ONCE]))
        _run(database, _DELETE.substitute(table=_quoted(name), number=_quoted(number), some=some))
    for fid, shape in changed:
        feature = layer.GetFeature(fid)
        kind = layer.GetGeomType()
        feature.SetGeometryDirectly(shape if kind == ogr.wkbUnknown else ogr.ForceTo(shape, kind))
        if layer.SetFeature(feature) != ogr.OGRERR_NONE:
            raise ExportError(gdal.GetLastErrorMsg())
    _run(database, "COMMIT")
    if gone:
        _run(database, "VACUUM")
    if gone or changed:
        _run(database, f"RECOMPUTE EXTENT ON {name}")
    _run(database, f"SELECT CreateSpatialIndex({_text(name)}, {_text(column)})")


def _check(path: Path, counts: Mapping[str, int]) -> None:
    """Errors: ExportError when the features are not there: the disk may have been full at the end."""
    database = gdal.OpenEx(str(path), gdal.OF_VECTOR, allowed_drivers=["GPKG"])
    layers = {name: None if database is None else database.GetLayerByName(name) for name in counts}
    if any(layer is None or layer.GetFeatureCount() != counts[name] for name, layer in layers.items()):
        raise ExportError(
            gdal.GetLastErrorMsg() or QCoreApplication.translate("ClipVectors", "it was not written whole")
        )


def _run(database: gdal.Dataset, statement: str) -> None:
    """Errors: ExportError."""
    gdal.ErrorReset()
    result = database.ExecuteSQL(statement)
    if result is not None:
        database.ReleaseResultSet(result)
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise ExportError(gdal.GetLastErrorMsg())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _free(name: str, fields: Iterable[str]) -> str:
    """A name for a column that no attribute has."""
    taken = {field.casefold() for field in fields}
    return next(free for free in chain([name], (f"{name}_{number}" for number in count(1))) if free not in taken)
