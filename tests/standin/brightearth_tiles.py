"""The files of a BrightEarth scenario: tiles of vectors, rasters and scenes, in the folders of the tutorial.

``0/EXPORT/building/shapefile/building.shp`` and so on (DOC L1, see brightearth.py). Where a tile is cut and what a file
holds is GUESS: no sample of the output is public.
"""

from __future__ import annotations

import io
import math
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from osgeo import gdal, ogr
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.prepared import prep

from .brightearth_orders import Order
from .brightearth_place import Ground, Thing, clipped
from .brightearth_rasters import write_clutter, write_terrain
from .brightearth_scenes import scene
from .brightearth_settings import Settings
from .data import Format, quiet_gdal, reference

PIXEL = 5.0  # metres on the ground
FIELDS = {
    "building": (("osm_id", ogr.OFTInteger64), ("name", ogr.OFTString), ("type", ogr.OFTString),
                 ("height", ogr.OFTReal)),
    "tree": (("osm_id", ogr.OFTInteger64), ("leaf_type", ogr.OFTString)),
    "road": (("osm_id", ogr.OFTInteger64), ("name", ogr.OFTString), ("type", ogr.OFTString),
             ("surface", ogr.OFTString)),
}  # fmt: skip
KINDS = {"building": ogr.wkbMultiPolygon, "tree": ogr.wkbPoint, "road": ogr.wkbMultiLineString}


@dataclass(frozen=True)
class Tile:
    """One tile: its box in the output CRS, its side in pixels, and what is in it, by layer."""

    number: int
    box: Polygon
    pixels: int
    layers: dict[str, list[Thing]]


def files(order: Order, aoi: Polygon | MultiPolygon, settings: Settings) -> dict[str, bytes]:
    """Every file of a scenario by its path."""
    ground = Ground(aoi, settings.anywhere, order.crs)
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for tile in _tiles(ground, order.crs, settings.tile):
            export = Path(scratch, str(tile.number), "EXPORT")
            for layer in FIELDS:
                _write_vectors(order, tile, export, layer, settings)
            if tile.box.intersection(ground.drawn(ground.covered)).area:
                _write_rasters(order, tile, export, ground)
            if order.scenes:
                for layer in ("building", "tree"):  # DOC L1: the 3D format is for buildings and trees
                    here = [thing for thing in tile.layers[layer] if _owned(thing, tile)]
                    for name, data in scene(layer, here, ground, settings.model).items():
                        found[f"{tile.number}/EXPORT/{layer}/3d_tiles/{name}"] = data
        for path in sorted(Path(scratch).rglob("*")):
            if path.is_file():
                found[path.relative_to(scratch).as_posix()] = path.read_bytes()
    return dict(sorted(found.items()))


def _tiles(ground: Ground, crs: int, side: float) -> Iterator[Tile]:
    """Squares of ``side`` metres from the north-west corner of the area on, those that miss the area left out."""
    layers = {layer: list(ground.things(layer)) for layer in (*FIELDS, "land")}
    area = ground.drawn(ground.aoi)
    west, south, east, north = area.bounds
    stretch = 1 / math.cos(math.radians((ground.aoi.bounds[1] + ground.aoi.bounds[3]) / 2))
    metre = (stretch, stretch) if crs == 3857 else (stretch / 111320, 1 / 111320)
    pixels = max(1, round(side / PIXEL))
    width, height = (pixels * PIXEL * unit for unit in metre)
    number = 0
    for row in range(math.ceil((north - south) / height)):
        for column in range(math.ceil((east - west) / width)):
            left, top = west + column * width, north - row * height
            square = box(left, top - height, left + width, top)
            if area.intersection(square).area > 0:
                meets = prep(square).intersects
                here = {layer: [thing for thing in things if meets(thing.drawn)] for layer, things in layers.items()}
                yield Tile(number, square, pixels, here)
                number += 1


def archive(members: Mapping[str, bytes], folder: str) -> bytes:
    """All files in one zip, below ``folder`` if there is one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in members.items():
            zipped.writestr(f"{folder}/{name}" if folder else name, data)
    return buffer.getvalue()


def _owned(thing: Thing, tile: Tile) -> bool:
    """A body stands in one tile only: two in one place would flicker."""
    return bool(tile.box.contains(thing.drawn.representative_point()))


def _write_vectors(order: Order, tile: Tile, export: Path, layer: str, settings: Settings) -> None:
    here = tile.layers[layer]
    if settings.borders == "cut":
        pieces = ((thing, clipped(thing.drawn, tile.box)) for thing in here)
        here = [replace(thing, drawn=piece) for thing, piece in pieces if piece is not None]
    if not here and not settings.empty_files:
        return
    forms = {
        "shapefile": Format("ESRI Shapefile", ".shp", (f"ENCODING={settings.encoding}",)),
        "geopackage": Format("GPKG", ".gpkg"),
    }
    for name in order.vectors:
        folder = export / layer / name
        folder.mkdir(parents=True)
        _write_layer(folder / layer, forms[name], layer, here, order.crs)
        if not settings.cpg:
            (folder / f"{layer}.cpg").unlink(missing_ok=True)


def _write_layer(stem: Path, form: Format, layer: str, things: Iterable[Thing], crs: int) -> None:
    with quiet_gdal():
        target = stem.with_name(stem.name + form.suffix)
        source = gdal.GetDriverByName(form.driver).Create(str(target), 0, 0, 0, gdal.GDT_Unknown)
        # A shapefile calls a multipolygon a polygon, and refuses to be asked for the other.
        written = source.CreateLayer(layer, reference(f"EPSG:{crs}"), KINDS[layer], list(form.options))
        for name, kind in FIELDS[layer]:
            written.CreateField(ogr.FieldDefn(name, kind))
        written.StartTransaction()  # else a GeoPackage waits for the disk after every feature
        for thing in things:
            feature = ogr.Feature(written.GetLayerDefn())
            for name, value in thing.attributes.items():
                feature.SetField(name, value)
            feature.SetGeometry(ogr.CreateGeometryFromWkb(thing.drawn.wkb))
            written.CreateFeature(feature)
        written.CommitTransaction()
        source.FlushCache()


def _write_rasters(order: Order, tile: Tile, export: Path, ground: Ground) -> None:
    for name in order.rasters:
        for layer in ("clutter", "dtm"):
            (export / layer / name).mkdir(parents=True)
        grid = (tile.box.bounds, (tile.pixels, tile.pixels), order.crs)
        write_terrain(export / "dtm" / name / "dtm.tif", grid, ground)
        write_clutter(export / "clutter" / name / "clutter.tif", grid, ground, tile.layers)
