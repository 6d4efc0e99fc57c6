"""Reads what a client sends to the BrightEarth stand-in: an area of interest, a scenario. Keys: brightearth.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pyproj import Geod
from shapely import wkt
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon

OUTPUT_CRS = (3857, 4326)  # DOC L1
VECTOR_FORMATS = ("shapefile", "geopackage")  # DOC L1
RASTER_FORMATS = ("geotiff",)  # DOC L1
SCENE_FORMATS = ("3d_tiles",)  # DOC L1: the only one without augmentation. GUESS: with it, too
BASEMAPS = (1,)  # DOC L1: 1 is that of Esri. GUESS: there is no other


class BadRequest(Exception):
    """A refused field. ``problem``: what is wrong with it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


@dataclass(frozen=True)
class Order:
    """A scenario as it was understood. ``crs``: an EPSG code."""

    name: str
    kind: str
    crs: int
    vectors: tuple[str, ...]
    rasters: tuple[str, ...]
    scenes: tuple[str, ...]


def read_aoi(body: Mapping[str, Any], only_simple: bool) -> Polygon | MultiPolygon:
    """The area in lon, lat degrees. DOC L1: a WKT Polygon. CODE L1: that of the sample begins with a line break."""
    text = body.get("geometry")
    if not isinstance(text, str):
        raise BadRequest("geometry", "a WKT string is required")
    try:
        area = wkt.loads(text.strip())
    except ShapelyError as error:
        raise BadRequest("geometry", "not a WKT geometry") from error
    if not isinstance(area, (Polygon, MultiPolygon)) or area.is_empty:
        raise BadRequest("geometry", "not a Polygon")
    if only_simple and (isinstance(area, MultiPolygon) or area.interiors):
        raise BadRequest("geometry", "one Polygon without holes is expected")  # GUESS
    west, south, east, north = area.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadRequest("geometry", "longitude or latitude out of range")  # GUESS
    if not area.is_valid:
        raise BadRequest("geometry", "not a valid Polygon")  # GUESS
    return area


def square_kilometres(area: Polygon | MultiPolygon) -> float:
    """On the WGS 84 ellipsoid."""
    return abs(float(Geod(ellps="WGS84").geometry_area_perimeter(area)[0])) / 1e6


def cost(area: Polygon | MultiPolygon, per_km2: float) -> int:
    """Credits for a scenario over an area. GUESS."""
    return math.ceil(square_kilometres(area) * per_km2)


def read_order(body: Mapping[str, Any], kind: str) -> Order:
    """DOC L1: "at least the following parameters"; GUESS: so each is required. Lists of formats are comma strings,
    that of the models is a JSON list."""
    _typed(body, "source_image_type", str, lambda value: value == "basemap", "unknown")
    _typed(body, "source_image_id", int, lambda value: value in BASEMAPS, "there is no such basemap")
    _typed(body, "augmented", bool)
    _typed(body, "dl_models", list)
    return Order(
        str(_typed(body, "name", str, bool, "must not be empty")),
        kind,
        int(_typed(body, "output_crs", int, lambda value: value in OUTPUT_CRS, f"not one of {OUTPUT_CRS}")),
        _formats(body, "vector_formats", VECTOR_FORMATS),
        _formats(body, "raster_formats", RASTER_FORMATS),
        _formats(body, "three_d_formats", SCENE_FORMATS),
    )


def _typed(body: Mapping[str, Any], field: str, kind: type, accept: Callable[[Any], bool] | None = None,
           problem: str = "") -> Any:  # fmt: skip
    if field not in body:
        raise BadRequest(field, "field required")
    value = body[field]
    # To Python a bool is an int, to JSON it is not.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadRequest(field, f"{kind.__name__} type expected")
    if accept and not accept(value):
        raise BadRequest(field, problem)
    return value


def _formats(body: Mapping[str, Any], field: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """GUESS: an empty string is no format."""
    names = tuple(name for name in str(_typed(body, field, str)).split(",") if name)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadRequest(field, f"unknown format {', '.join(unknown)}")
    return names
