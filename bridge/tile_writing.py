"""How the GeoPackage of the tiles is written: every tile appended and counted, at the end indexed and recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template
from typing import Any

from osgeo import gdal, ogr, osr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from . import tile_record
from .source import Kind
from .tile_outcome import Outcome
from .tile_reading import Tile, crs_as_told, opened
from .tile_tables import Table, geometry

_LAST = Template("SELECT max($fid) FROM $table")


def fill(part: Path, tables: Sequence[Table], outcome: Outcome) -> list[list[int]]:
    """Makes the file and appends every tile. Gives for each table the number of the first feature of each tile.

    What came of a tile that can't be read to its end is taken out again, and outcome gets its source. Errors:
    ExportError; RuntimeError when a plugin has set gdal.UseExceptions.
    """
    dataset = gdal.GetDriverByName("GPKG").Create(str(part), 0, 0, 0, gdal.GDT_Unknown)
    if dataset is None:
        raise ExportError(gdal.GetLastErrorMsg())
    _sql(dataset, "PRAGMA synchronous = OFF")  # a file that is not whole is thrown away
    _sql(dataset, "PRAGMA journal_mode = MEMORY")
    return [_append_all(dataset, table, outcome) for table in tables]


def finish(part: Path, tables: Sequence[Table], record: Mapping[str, Any]) -> None:
    """Gives the filled file its spatial indexes and its record. Errors: as fill."""
    with _failures() as failures:
        dataset = gdal.OpenEx(str(part), gdal.OF_VECTOR | gdal.OF_UPDATE, allowed_drivers=["GPKG"])
        if dataset is None:
            raise ExportError(gdal.GetLastErrorMsg())
        for table in tables:
            if table.kind is not Kind.TABLE:
                _sql(dataset, f"SELECT CreateSpatialIndex({_text(table.name)}, {_text(table.shape)})")
        tile_record.write(dataset, record)
        dataset.FlushCache()
        dataset = None  # closes it
    if failures:
        raise ExportError(failures[0])


def _append_all(dataset: gdal.Dataset, table: Table, outcome: Outcome) -> list[int]:
    layer = _created(dataset, table)
    starts, last = [], 0
    for tile in table.tiles:
        starts.append(last + 1)
        before = layer.GetFeatureCount()
        flaw = _append(dataset, table, tile)
        gained = layer.GetFeatureCount() - before
        if flaw is None and gained < (tile.source.count or 0):
            flaw = QCoreApplication.translate("Tiles", "it ends too early")
        if flaw is None:
            last += gained
            continue
        _check_tile_is_torn(tile, flaw)
        first, last = last + 1, _sql(dataset, _LAST.substitute(table.sql_names())) or last
        for number in range(first, last + 1):
            layer.DeleteFeature(number)
        outcome.leave_apart(tile.source, table.name, flaw)
    return starts


def _created(dataset: gdal.Dataset, table: Table) -> ogr.Layer:
    """The layer without its spatial index, which is made at the end: that halves the time."""
    crs = osr.SpatialReference(table.tiles[0].crs) if table.tiles[0].crs else None
    options = ["SPATIAL_INDEX=NO", f"FID={table.fid}", f"GEOMETRY_NAME={table.shape}"]
    layer = dataset.CreateLayer(table.name, crs, geometry(table), options)
    if layer is None:
        raise ExportError(gdal.GetLastErrorMsg())
    for name, kind, subtype in table.fields:
        field = ogr.FieldDefn(name, kind)
        field.SetSubType(subtype)
        if layer.CreateField(field) != ogr.OGRERR_NONE:
            raise ExportError(gdal.GetLastErrorMsg())
    return layer


def _append(dataset: gdal.Dataset, table: Table, tile: Tile) -> str | None:
    """What went wrong. What GDAL says of features is forgotten when it has copied the rest, so it is listened to."""
    shape = ogr.GT_Flatten(geometry(table))
    is_multi = shape != ogr.wkbNone and ogr.GT_IsSubClassOf(shape, ogr.wkbGeometryCollection)
    with _failures() as failures, crs_as_told():
        try:
            source, layer = opened(tile.source, tile.encoding)
            done = gdal.VectorTranslate(
                dataset,
                source,
                accessMode="append",
                layers=[layer.GetName()],
                layerName=table.name,
                geometryType="PROMOTE_TO_MULTI" if is_multi else None,
            )
        except (ExportError, RuntimeError) as error:
            return str(error)
    return failures[0] if failures else None if done else gdal.GetLastErrorMsg()


def _check_tile_is_torn(tile: Tile, flaw: str) -> None:
    """Errors: ExportError when the tile can be read to its end: then it could not be written."""
    features = 0
    with _failures() as failures, suppress(RuntimeError):  # a plugin's gdal.UseExceptions
        _, layer = opened(tile.source, tile.encoding)
        features = sum(1 for _ in layer)
    if not failures and features >= (tile.source.count or 0):
        raise ExportError(flaw)


@contextmanager
def _failures() -> Iterator[list[str]]:
    """What GDAL calls a failure in this thread, as it is said."""
    said: list[str] = []

    def listen(severity: int, _number: int, text: str) -> None:
        if severity >= gdal.CE_Failure:
            said.append(text)

    gdal.PushErrorHandler(listen)
    try:
        yield said
    finally:
        gdal.PopErrorHandler()


def _sql(dataset: gdal.Dataset, statement: str) -> int | None:
    """Runs it. The number that it gives, if it gives any."""
    result = dataset.ExecuteSQL(statement)
    if result is None:
        return None
    row = result.GetNextFeature()
    number = row.GetFieldAsInteger64(0) if row is not None and row.IsFieldSetAndNotNull(0) else None
    dataset.ReleaseResultSet(result)
    return number


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
