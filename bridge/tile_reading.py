"""What a tile holds: how it is opened, in which encoding, with which fields, kind of geometry and CRS."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal, ogr

from ..core.errors import ExportError
from .gdal_option import gdal_option
from .source import Kind, Source

_SHAPEFILE = "ESRI Shapefile"

Field = tuple[str, int, int]  # name, OGR type, OGR subtype


@dataclass(frozen=True)
class Tile:
    """What of a tile has to be known before the layer is made. geometry: OGR type. crs: WKT, empty for none.

    encoding: of the text in a shapefile, empty for other formats.
    """

    source: Source
    geometry: int
    crs: str
    fields: tuple[Field, ...]
    encoding: str


def read(source: Source, known: dict[bytes, str]) -> Tile:
    """Looks into a tile. Errors: ExportError; RuntimeError when a plugin has set gdal.UseExceptions.

    known: WKT by the text of a .prj, to be kept for the next tile: to find out what such a text means takes 7 ms.
    """
    dataset, layer = opened(source)
    is_shapefile = dataset.GetDriver().ShortName == _SHAPEFILE
    geometry = layer.GetGeomType()
    if is_shapefile and source.kind is not Kind.POINT:
        geometry = ogr.GT_GetCollection(geometry)  # it does not tell a polygon from a multipolygon
    definition = layer.GetLayerDefn()
    columns = [definition.GetFieldDefn(number) for number in range(definition.GetFieldCount())]
    fields = tuple((column.GetName(), column.GetType(), column.GetSubType()) for column in columns)
    described = Path(source.path).with_suffix(".prj")
    text = described.read_bytes() if is_shapefile and described.is_file() else b""
    crs = known.get(text) if text else None
    if crs is None:
        reference = layer.GetSpatialRef()
        crs = reference.ExportToWkt(["FORMAT=WKT2_2018"]) if reference is not None else ""
        known[text] = crs
    encoding = _encoding(layer.GetMetadata("SHAPEFILE")) if is_shapefile else ""
    return Tile(source, geometry, crs, fields, encoding)


def opened(source: Source, encoding: str | None = None) -> tuple[gdal.Dataset, ogr.Layer]:
    """The dataset of a tile, which has to live as long as its layer, and the layer. Errors: ExportError.

    encoding: as a Tile has it; to find it out takes opening the file once more. QGIS keeps GDAL from decoding
    shapefiles in the whole process (SHAPE_ENCODING), so it is given.
    """
    gdal.ErrorReset()
    dataset = gdal.OpenEx(source.path, gdal.OF_VECTOR, open_options=_decoding(encoding))
    if encoding is None and dataset is not None and dataset.GetDriver().ShortName == _SHAPEFILE:
        encoding = _encoding(dataset.GetLayer(0).GetMetadata("SHAPEFILE"))
        dataset = gdal.OpenEx(source.path, gdal.OF_VECTOR, open_options=_decoding(encoding))
    name = source.uri.partition("|layername=")[2]
    layer = dataset and (dataset.GetLayerByName(name) if name else dataset.GetLayer(0))
    if layer is None:
        raise ExportError(gdal.GetLastErrorMsg())
    return dataset, layer


def crs_as_told() -> AbstractContextManager[None]:
    """In this thread GDAL takes the CRS of a shapefile as its .prj has it, without a search for one with a number.

    That search takes 7 ms a file, and with 500 tiles was half of the time of the whole survey.
    """
    return gdal_option("USE_OSR_FIND_MATCHES", "NO")


def _decoding(encoding: str | None) -> list[str]:
    return [f"ENCODING={encoding}"] if encoding else []


def _encoding(said: Mapping[str, str]) -> str:
    """Of the text in a .dbf, as the .cpg says it, else its own header, unless they say something like `System`."""
    for name in (said.get("ENCODING_FROM_CPG"), said.get("ENCODING_FROM_LDID")):
        with suppress(LookupError):
            codecs.lookup(name or "")
            return str(name)
    return "ISO-8859-1"
