"""What can be opened among the files of a job, as values: no layer, no project, nothing that belongs to a thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What a source becomes, in the order in which it lies on the map, the uppermost first."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"
    MESH = "mesh"
    SCENE = "scene"
    RASTER = "raster"
    TABLE = "table"


@dataclass(frozen=True)
class Grid:
    """How the cells of a north-up raster lie. Tiles that agree in bands and crs can be one mosaic.

    bands: data type, no-data value and colour interpretation of each band. crs: WKT. corner: x and y of the upper
    left corner, cell: width and height of a cell, both in units of the CRS. columns, rows: size in cells.
    """

    bands: tuple[str, ...]
    crs: str
    corner: tuple[float, float]
    cell: tuple[float, float]
    columns: int
    rows: int

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north in units of the CRS."""
        west, north = self.corner
        return west, north - self.rows * self.cell[1], west + self.columns * self.cell[0], north


@dataclass(frozen=True)
class Source:
    """One layer to be. uri: what GDAL or MDAL opens, `path` or `path|layername=x`. path: the file or folder it is in.

    provider: the key of QGIS's data provider. count: features,
    None for anything that has none. mixed: the file mixes several kinds of geometry in the layer and this is one.
    slow: opening or measuring it reads the whole file. crs: in place of what the file says, "" for none. remark: what
    to know of its place. solid: polygons with a base and a height, to be shown as bodies.
    """

    name: str
    uri: str
    path: str
    provider: str
    kind: Kind
    count: int | None = None
    mixed: bool = False
    slow: bool = False
    grid: Grid | None = None
    crs: str | None = None
    remark: str = ""
    solid: bool = False

    @property
    def shown(self) -> str:
        """What QGIS opens: a layer with several kinds of geometry is one layer a kind there."""
        geometry = {Kind.POINT: "Point", Kind.LINE: "LineString", Kind.POLYGON: "Polygon"}
        return f"{self.uri}|geometrytype={geometry[self.kind]}" if self.mixed else self.uri


@dataclass(frozen=True)
class Arrival:
    """What a job brought. problems: what can't become a layer, a sentence each. attribution: whom to name."""

    sources: tuple[Source, ...] = ()
    problems: tuple[str, ...] = ()
    attribution: str = ""

    @property
    def uris(self) -> tuple[str, ...]:
        """Each source once, as scripts get them."""
        return tuple(dict.fromkeys(source.uri for source in self.sources))
