"""The tables that tiles make together: one a theme and CRS, with the fields and the geometry that hold all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from osgeo import ogr, osr
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import ExportError
from . import tile_reading
from .source import Kind, Source
from .tile_outcome import Outcome
from .tile_reading import Field, Tile

_WIDER = {
    frozenset((ogr.OFTInteger, ogr.OFTInteger64)): ogr.OFTInteger64,
    frozenset((ogr.OFTInteger, ogr.OFTReal)): ogr.OFTReal,
    frozenset((ogr.OFTInteger64, ogr.OFTReal)): ogr.OFTReal,
    frozenset((ogr.OFTDate, ogr.OFTDateTime)): ogr.OFTDateTime,
}  # everything else that differs is text
_FAMILIES = {
    Kind.POINT: (ogr.wkbMultiPoint, ogr.wkbMultiPoint),
    Kind.LINE: (ogr.wkbMultiLineString, ogr.wkbMultiCurve),
    Kind.POLYGON: (ogr.wkbMultiPolygon, ogr.wkbMultiSurface),
}  # what holds all simple shapes of the kind, and what also holds curves


@dataclass(frozen=True)
class Table:
    """A layer to be and its tiles, in the order in which they are appended. fid, shape: names of columns."""

    name: str
    tiles: tuple[Tile, ...]
    fields: tuple[Field, ...]
    fid: str
    shape: str

    @property
    def kind(self) -> Kind:
        """That of all its tiles."""
        return self.tiles[0].source.kind

    def sql_names(self) -> dict[str, str]:
        """Table and columns as they stand in SQL. What is called fid is the number of a feature, no attribute."""
        names = [name for name, _, _ in self.fields if name.casefold() != "fid"]
        return {
            "table": f"main.{_quoted(self.name)}",
            "fid": _quoted(self.fid),
            "shape": _quoted(self.shape),
            "content": ", ".join(map(_quoted, names if self.kind is Kind.TABLE else [self.shape, *names])),
        }


def tables(series: Mapping[str, Sequence[Source]], outcome: Outcome) -> Iterator[Table]:
    """A table for each series and CRS; outcome gets what stays apart. series: name of the layer and its sources."""
    known: dict[bytes, str] = {}
    for name, sources in series.items():
        groups: dict[str, list[Tile]] = {}
        for source in sources:
            try:
                tile = tile_reading.read(source, known)
            except (ExportError, RuntimeError) as error:
                outcome.leave_apart(source, name, str(error))
                continue
            groups.setdefault(_same(tile.crs, groups), []).append(tile)
        if len(groups) > 1:
            outcome.problems.append(outcome.several_crs(name, map(_crs_name, groups)))
        for crs, tiles in groups.items():
            if len(tiles) == 1:
                outcome.apart.append(tiles[0].source)
            else:
                title = name if len(groups) == 1 else f"{name}-{_crs_name(crs).replace(':', '-')}"
                fields = _union(field for tile in tiles for field in tile.fields)
                yield Table(title, tuple(tiles), fields, _free("fid", fields), _free("geom", fields))


def geometry(table: Table) -> int:
    """The OGR type that holds what all tiles have: a multipolygon where some have polygons, Z where some have Z."""
    if table.kind is Kind.TABLE:
        return int(ogr.wkbNone)
    simple, curved = _FAMILIES[table.kind]
    types = {tile.geometry for tile in table.tiles}
    flat = {ogr.GT_Flatten(one) for one in types}
    if ogr.wkbUnknown in flat:  # GeoJSON with polygons and multipolygons
        flat = flat - {ogr.wkbUnknown} | {simple}
    if len(flat) > 1:
        flat = {
            one if ogr.GT_IsSubClassOf(one, ogr.wkbGeometryCollection) else ogr.GT_GetCollection(one) for one in flat
        }
    common = flat.pop() if len(flat) == 1 else curved
    return int(ogr.GT_SetModifier(common, any(map(ogr.GT_HasZ, types)), any(map(ogr.GT_HasM, types))))


def _union(fields: Iterable[Field]) -> tuple[Field, ...]:
    """All columns by name, without regard to case as in SQLite, each as wide as the widest."""
    union: dict[str, Field] = {}
    for name, kind, subtype in fields:
        first, other, other_subtype = union.setdefault(name.casefold(), (name, kind, subtype))
        if kind != other:
            union[name.casefold()] = first, _WIDER.get(frozenset((kind, other)), ogr.OFTString), ogr.OFSTNone
        elif subtype != other_subtype:
            union[name.casefold()] = first, kind, ogr.OFSTNone
    return tuple(union.values())


def _same(crs: str, known: Iterable[str]) -> str:
    """The one of the known descriptions that means the same CRS, else itself."""
    if not crs or crs in known:
        return crs
    reference = osr.SpatialReference(crs)
    options = ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]
    return next((one for one in known if one and reference.IsSame(osr.SpatialReference(one), options)), crs)


def _free(name: str, fields: Iterable[Field]) -> str:
    """A name for a column that no attribute has."""
    taken = {field.casefold() for field, _, _ in fields}
    return next(free for free in chain([name], (f"{name}_{number}" for number in count(1))) if free not in taken)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _crs_name(crs: str) -> str:
    reference = osr.SpatialReference(crs) if crs else None
    if reference is None:
        return QCoreApplication.translate("Tiles", "none")
    code = reference.GetAuthorityCode(None)
    return f"{reference.GetAuthorityName(None)}:{code}" if code else str(reference.GetName())
