"""Measure 5: 500 tiles of a theme, from files on the disk to a map on which all of them are drawn, in a real QGIS."""

from __future__ import annotations

import math
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr

from tests.bench.result import Growth, Ratio, Result
from tests.desktop.window import drive, screen

SCRIPT = Path(__file__).parent / "in_tiles.py"
SIZES, MOST = (50, 150), 500  # tiles
BUILDINGS, CELLS, METRES = 200, 250, 1000  # of a tile: polygons, cells and metres along a side
STREETS = [f"Königsstraße {number}" for number in range(BUILDINGS)]
LIMIT = 30  # seconds, after which no more layers are added one by one
ENOUGH = 45  # seconds, after which nothing is measured again
CUTOUT, ONE_BY_ONE = "Cutout", "one by one"
_CORNERS = 9  # of the ring of a building
_RECORD = np.dtype(
    [("head", ">i4", 2), ("type", "<i4"), ("box", "<f8", (2, 2)), ("counts", "<i4", 3), ("ring", "<f8", (_CORNERS, 2))]
)  # of a shapefile with such polygons


def measure() -> Result:
    folder = Path(tempfile.mkdtemp(prefix="bench-tiles-"))
    try:
        for size in (*SIZES, MOST):
            vector_tiles(folder / f"shp{size}", size)
            raster_tiles(folder / f"tif{size}", size)
        runs = [run for kind in ("shp", "tif") for run in _runs(folder, kind)]
        with screen() as environment:
            answer = drive(folder, SCRIPT, {"runs": runs, "limit": LIMIT, "enough": ENOUGH}, environment, 165)
        if answer["trouble"]:
            raise RuntimeError(answer["trouble"])
        appends = min(_appended(folder / f"shp{SIZES[-1]}", folder / f"{turn}.gpkg") for turn in range(2))
    finally:
        shutil.rmtree(folder)
    return _result(answer, appends)


def vector_tiles(folder: Path, count: int) -> None:
    """Shapefiles side by side as a service lays them out: one is made, and copied with its coordinates moved."""
    driver = ogr.GetDriverByName("ESRI Shapefile")
    first = folder / "made" / "building.shp"
    first.parent.mkdir(parents=True)
    dataset = driver.CreateDataSource(str(first))
    layer = dataset.CreateLayer("building", _crs(), ogr.wkbPolygon)
    for name, kind in (("id", ogr.OFTInteger), ("street", ogr.OFTString), ("height", ogr.OFTReal)):
        layer.CreateField(ogr.FieldDefn(name, kind))
    for number, street in enumerate(STREETS):
        feature = ogr.Feature(layer.GetLayerDefn())
        for name, value in (("id", number), ("street", street), ("height", number / 10)):
            feature.SetField(name, value)
        x, y = 25 + number % 20 * 48, 45 + number // 20 * 95
        angles = (-2 * math.pi * corner / (_CORNERS - 1) for corner in range(_CORNERS - 1))
        ring = [f"{x + 15 * math.cos(angle)} {y + 15 * math.sin(angle)}" for angle in angles]
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({','.join([*ring, ring[0]])}))"))
        layer.CreateFeature(feature)
    del feature, layer, dataset
    head, records = first.read_bytes()[:100], np.frombuffer(first.read_bytes()[100:], _RECORD)
    for number in range(count):
        place = folder / str(number) / "EXPORT" / "building" / "shapefile" / first.name
        shutil.copytree(first.parent, place.parent)
        corner = _corner(number)
        box = np.frombuffer(head[36:68]).reshape(2, 2) + corner
        moved = records.copy()
        moved["box"] += corner
        moved["ring"] += corner
        place.write_bytes(head[:36] + box.tobytes() + head[68:] + moved.tobytes())
    shutil.rmtree(first.parent)


def raster_tiles(folder: Path, count: int) -> None:
    """Elevation in GeoTIFFs side by side."""
    size = METRES / CELLS
    rows, columns = np.mgrid[0:CELLS, 0:CELLS] * size
    for number in range(count):
        place = folder / str(number) / "EXPORT" / "dtm" / "geotiff" / "dtm.tif"
        place.parent.mkdir(parents=True)
        raster = gdal.GetDriverByName("GTiff").Create(str(place), CELLS, CELLS, 1, gdal.GDT_Float32)
        x, y = _corner(number)
        raster.SetProjection(_crs().ExportToWkt())
        raster.SetGeoTransform((x, size, 0, y + METRES, 0, -size))
        heights = 300 + 100 * np.sin((columns + x) / 3000) + 80 * np.cos((rows - y) / 2500)
        raster.GetRasterBand(1).WriteArray(heights.astype(np.float32))
        raster.GetRasterBand(1).SetNoDataValue(-9999)


def _crs() -> osr.SpatialReference:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    return crs


def _corner(number: int) -> tuple[float, float]:
    return 500_000.0 + number % 25 * METRES, 5_300_000.0 + number // 25 * METRES


def _tiles(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*") if path.suffix in (".shp", ".tif"))


def _runs(folder: Path, kind: str) -> list[dict[str, Any]]:
    places = {size: folder / f"{kind}{size}" for size in (*SIZES, MOST)}
    ways = [(SIZES[0], CUTOUT), (SIZES[0], ONE_BY_ONE), (SIZES[1], CUTOUT)]
    ways += [(MOST, CUTOUT), (MOST, ONE_BY_ONE), (MOST, CUTOUT)]
    return [
        {
            "kind": kind, "way": way, "folder": str(places[size]), "files": _tiles(places[size]),
            "again": (size, way) in ways[:number],
        }
        for number, (size, way) in enumerate(ways)
    ]  # fmt: skip


def _appended(folder: Path, target: Path) -> float:
    """Seconds that ogr2ogr takes to append tile by tile, without starting it anew for each."""
    began = time.perf_counter()
    database = gdal.GetDriverByName("GPKG").Create(str(target), 0, 0, 0, gdal.GDT_Unknown)
    for path in _tiles(folder):
        tile = gdal.OpenEx(path, gdal.OF_VECTOR)
        gdal.VectorTranslate(database, tile, accessMode="append", layerName="all", geometryType="MULTIPOLYGON")
    del database
    return time.perf_counter() - began


def _result(answer: Mapping[str, Any], appends: float) -> Result:
    runs: Sequence[Mapping[str, Any]] = answer["runs"]
    ours = {(run["kind"], run["tiles"]): run for run in sorted(runs, key=_slowest_first) if run["way"] == CUTOUT}
    seconds: dict[tuple[str, str], dict[int, float]] = {}
    for run in runs:
        line = seconds.setdefault((run["kind"], run["way"]), {})
        line[run["tiles"]] = min(run["seconds"], line.get(run["tiles"], math.inf))
    ratios, figures, lines = [], {}, {}
    whole_order, one_by_one = 0.0, 0.0  # seconds of both kinds
    for kind, what in (("shp", "shapefiles"), ("tif", "GeoTIFFs")):
        mine, theirs = seconds[kind, CUTOUT], seconds[kind, ONE_BY_ONE]
        last = next(run for run in runs if run["kind"] == kind and run["way"] == ONE_BY_ONE and run["tiles"] == MOST)
        added = len(last["added"])
        theirs[added] = theirs.pop(MOST)
        whole = theirs.get(MOST) or theirs[added] * _growth(last["added"])
        whole_order, one_by_one = whole_order + mine[MOST], one_by_one + whole
        ratios.append(Ratio(f"{MOST} {what} sooner on the map than one by one", whole / mine[MOST], at_least=20))
        ratios.append(Ratio(f"layers of {MOST} {what}", ours[kind, MOST]["layers"], at_most=1))
        figures[f"{what}, Cutout, to the drawn map, s"] = mine[MOST]
        figures[f"{what}, Cutout, of that looking through and merging, s"] = ours[kind, MOST]["surveyed"]
        figures[f"{what}, Cutout, of that the processor, s"] = ours[kind, MOST]["processor"]
        figures[f"{what}, one by one, the first {added} layers, s"] = last["seconds"]
        figures[f"{what}, one by one, all {MOST} layers, as reckoned, s"] = whole
        figures[f"{what}, one by one, the first {added} layers, processor, s"] = last["processor"]
        lines |= {f"{what}, Cutout": sorted(mine.items()), f"{what}, one by one": sorted(theirs.items())}
    both = f"{MOST} shapefiles and {MOST} GeoTIFFs sooner on the map than one by one, by the sums of their seconds"
    ratios.insert(0, Ratio(both, one_by_one / whole_order, at_least=20))
    merged = ours["shp", SIZES[-1]]["surveyed"]
    kept = len(set(ours["shp", MOST]["streets"]).intersection(STREETS))
    ratios.append(Ratio(f"looking through and merging {SIZES[-1]}, to ogr2ogr appends", merged / appends, at_most=1))
    ratios.append(Ratio("names with umlauts and ß that survive", 100 * kept / len(STREETS), at_least=100, unit="%"))
    figures[f"{SIZES[-1]} shapefiles appended by ogr2ogr, s"] = appends
    return Result(
        number=5,
        title="Tiles to one layer a theme",
        work=f"{MOST} shapefiles of {BUILDINGS} polygons, and {MOST} GeoTIFFs of {CELLS} x {CELLS} cells, from files "
        "on the disk to a map on which all is drawn, against addVectorLayer and addRasterLayer for each.",
        ratios=ratios,
        figures=figures,
        growth=[Growth("From tiles on the disk to the drawn map", "tiles", "seconds", lines)],
        found=FOUND,
        qgis=answer["qgis"],
    )


def _growth(used: Sequence[float]) -> float:
    """How much longer all layers take than these. used: the processor's time after each; it grows as a n + b n²."""
    count = len(used) // 2 * 2
    half, whole = used[count // 2 - 1], used[count - 1]
    square = 2 * (whole - 2 * half) / count**2
    return ((4 * half - whole) / count * MOST + square * MOST**2) / whole


def _slowest_first(run: Mapping[str, Any]) -> float:
    return -float(run["seconds"])


FOUND = (
    f"What is added one by one costs more with every layer, GeoTIFFs most. No more are added after {LIMIT} s, and the "
    "rest is reckoned from how the processor's time has grown till then, without its drawing. Of Cutout's own time for "
    "shapefiles half went into one thing: for each file GDAL searched all CRS for one that is like its .prj, twice, "
    "which takes 7 ms (USE_OSR_FIND_MATCHES). Now that is done once for all that say the same: 11.1 s of the processor "
    "became 5.8 s. Names of files are compared as text, no longer as paths, and a tile is opened three times. "
    "The extents of sheets are no longer computed for each pair of them: 0.25 s became 0.03 s of 4 s. What is left for "
    "shapefiles on 3.22 is the spatial index (a third; SQLite takes 15 µs a feature with GDAL before 3.7, 3 µs since), "
    "to look through the files (a quarter), to copy features (a fifth), to open the files (a tenth), to find doubles; "
    "then QGIS draws 100,000 polygons, which takes more than a second. One by one they take less than a minute, so 20 "
    "times sooner would be within 3 s, drawing included, and ogr2ogr alone takes longer than that to append 500 tiles "
    "on either version (see its figure for 150): shapefiles as they are can't be joined in that time."
)
