"""Clipping: what is shown lies in the area to the last cell and vertex, and what came is as it was."""

from __future__ import annotations

import json
import math
import os
import resource
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from pyproj import Transformer
from qgis.core import Qgis, QgsRasterLayer, QgsVectorLayer
from shapely import wkb
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.prepared import prep

from cutout.bridge import clip
from cutout.bridge.layers import open_layer
from cutout.bridge.source import Arrival, Kind, Source
from cutout.bridge.survey import survey
from cutout.core import manifest
from cutout.core.aoi import from_geometries, from_wkt
from cutout.core.model import Delivery, ExportRequest, Job
from tests.qgis import deliveries
from tests.qgis.deliveries import COUNTIES, COUNTRIES, DEM, GLACIERS, PHOTO

SHAPEFILE = "ESRI Shapefile"
# Over borders of counties, with a hole over a border and a second part inside one county.
PARTS = MultiPolygon(
    [
        Polygon(
            [(-106.3, 39.6), (-105.1, 39.71), (-104.9, 40.83), (-106.1, 40.9), (-106.3, 39.6)],
            [[(-105.9, 40.0), (-105.8, 40.4), (-105.3, 40.3), (-105.9, 40.0)]],
        ),
        Polygon([(-103.6, 38.8), (-103.5, 38.8), (-103.5, 38.93), (-103.6, 38.8)]),
    ]
)
IN_DEM = Polygon(
    [(-105.87, 40.21), (-105.55, 40.19), (-105.52, 40.5), (-105.71, 40.41), (-105.85, 40.52), (-105.87, 40.21)],
    [[(-105.7, 40.3), (-105.65, 40.36), (-105.6, 40.3), (-105.7, 40.3)]],
)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "Süd tal-0a1b2c3d"
    folder.mkdir()
    return folder


@pytest.fixture(params=[False, True], ids=["as it is", "exceptions"])
def told_by_exceptions(request: pytest.FixtureRequest) -> Iterator[None]:
    """Another plugin may have told GDAL to raise exceptions; QGIS's own Processing has in 3.44."""
    modules = [module for module in (gdal, ogr, osr) if request.param and not module.GetUseExceptions()]
    for module in modules:
        module.UseExceptions()
    yield
    for module in reversed(modules):  # a stack
        module.DontUseExceptions()


def order(job: Path, area: BaseGeometry | Mapping[str, Any] | None, *received: Path, wanted: bool = True) -> Path:
    """What the order leaves in the folder. received: files that are named as such."""
    geometry = mapping(area) if isinstance(area, BaseGeometry) else area
    files = [{"name": path.relative_to(job).as_posix()} for path in received]
    deliveries.files(job, {"cutout.json": json.dumps({"request": {"clip": wanted}, "area": geometry, "files": files})})
    return job


def table(path: Path, shapes: list[str], crs: int | None = 4326, form: str = "GPKG", kind: int | None = None) -> Path:
    """A layer with these shapes, numbered from 0."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(crs or 4326)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    path.parent.mkdir(parents=True, exist_ok=True)
    target = ogr.GetDriverByName(form).CreateDataSource(str(path))
    geometries = [ogr.CreateGeometryFromWkt(one) for one in shapes]
    layer = target.CreateLayer(
        path.stem, reference if crs else None, geometries[0].GetGeometryType() if kind is None else kind
    )
    layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
    for number, geometry in enumerate(geometries):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("number", number)
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)
    return path


def rows(uri: str, key: str) -> dict[Any, list[ogr.Geometry]]:
    """The shapes by an attribute."""
    path, _, name = uri.partition("|layername=")
    dataset = gdal.OpenEx(path, gdal.OF_VECTOR)
    layer = dataset.GetLayerByName(name) if name else dataset.GetLayer(0)
    found: dict[Any, list[ogr.Geometry]] = {}
    for feature in layer:
        found.setdefault(feature[key], []).append(feature.GetGeometryRef().Clone())
    return found


def shapes(uri: str, key: str) -> dict[Any, BaseGeometry]:
    """Each attribute once, with all its shapes together."""
    every = rows(uri, key).items()
    return {name: unary_union([wkb.loads(bytes(one.ExportToWkb())) for one in some]) for name, some in every}


def only(arrival: Arrival) -> Source:
    assert arrival.problems == ()
    (source,) = arrival.sources
    return source


def is_near(found: float, wanted: float, part: float = 1e-9) -> bool:
    return math.isclose(found, wanted, rel_tol=part)


def positions(geometry: ogr.Geometry) -> bytes:
    """The coordinates without what kind of geometry they are of, part by part."""
    if not geometry.GetGeometryCount():
        return np.array(geometry.GetPoints()).tobytes()
    return b"|".join(positions(geometry.GetGeometryRef(number)) for number in range(geometry.GetGeometryCount()))


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("counties.gpkg", "GPKG"),
        ("counties.shp", SHAPEFILE),
        ("counties.geojson", "GeoJSON"),
        ("counties.gdb", "OpenFileGDB"),
        ("counties.fgb", "FlatGeobuf"),
        ("counties.tab", "MapInfo File"),
        ("counties.kml", "LIBKML"),
    ],
)
def test_polygons_are_cut_exactly_and_what_lies_inside_is_not_touched(job: Path, name: str, form: str) -> None:
    path = deliveries.vector(job / "land" / name, form)
    before = deliveries.tree(job)

    source = only(survey(order(job, PARTS)))

    assert (source.name, source.kind, source.path) == (
        "counties",
        Kind.POLYGON,
        str(job / "clipped/land/counties.gpkg"),
    )
    came, cut = rows(str(path), "name"), rows(source.uri, "name")
    wanted = {key: one.intersection(PARTS) for key, one in shapes(str(path), "name").items()}
    assert set(cut) == {key for key, one in wanted.items() if one.area > 0}
    assert source.count == sum(map(len, cut.values()))
    found = shapes(source.uri, "name")
    assert is_near(unary_union(list(found.values())).area, unary_union(list(wanted.values())).area)
    for key, one in found.items():
        assert is_near(one.area, wanted[key].area), key
        assert PARTS.buffer(1e-12).covers(one), key
    inside = [key for key, one in shapes(str(path), "name").items() if PARTS.contains(one)]
    assert inside
    for key in inside:
        assert list(map(positions, cut[key])) == list(map(positions, came[key])), key
    layer = open_layer(source)
    assert layer.isValid()
    assert (layer.featureCount(), layer.crs().authid()) == (source.count, "EPSG:4326")
    assert layer.extent().xMinimum() >= PARTS.bounds[0]
    assert {key: deliveries.tree(job)[key] for key in before} == before


def test_attributes_and_names_of_fields_come_through(job: Path) -> None:
    rows_ = [
        {"name": "Ä", "Name": "B", "fid": 7, "geom": "x", "list": [1, 2], "when": "2026-01-31T12:00:00Z", "ok": True},
        {"name": "far", "Name": "C", "fid": 7, "geom": "y", "list": [3], "when": "2026-01-31T12:00:00Z", "ok": False},
    ]
    places = [box(0, 0, 2, 2), box(50, 0, 52, 2)]
    features = [{"type": "Feature", "properties": row, "geometry": mapping(place)} for row, place in zip(rows_, places)]
    deliveries.files(job, {"a.geojson": json.dumps({"type": "FeatureCollection", "features": features})})

    source = only(survey(order(job, box(1, 1, 9, 9))))

    dataset = gdal.OpenEx(source.path, gdal.OF_VECTOR)
    (feature,) = list(dataset.GetLayer(0))
    values = [feature.GetFieldAsString(number) for number in range(feature.GetFieldCount())]
    assert [value.replace("( ", "").replace(" )", "") for value in values][:4] == ["Ä", "B", "7", "x"]
    assert feature.GetField("ok") == 1
    assert [feature.GetFieldDefnRef(number).GetType() for number in (2, 5, 6)] == [
        ogr.OFTInteger,
        ogr.OFTDateTime,
        ogr.OFTInteger,
    ]
    assert feature.GetFieldDefnRef(6).GetSubType() == ogr.OFSTBoolean


@pytest.mark.parametrize("has_cpg", [True, False])
def test_umlauts_of_a_shapefile_survive_after_qgis_has_opened_a_layer(job: Path, has_cpg: bool) -> None:
    for path in COUNTRIES.parent.glob("naturalearth_lowres.*"):
        if has_cpg or path.suffix != ".cpg":
            (job / path.name).write_bytes(path.read_bytes())
    layer = QgsVectorLayer(str(COUNTRIES), "x", "ogr")  # QGIS turns GDAL's decoding off in the whole process
    assert layer.isValid()

    source = only(survey(order(job, box(-9, 4, 1, 11))))

    names = [feature["name"] for feature in QgsVectorLayer(source.uri, "x", "ogr").getFeatures()]
    assert "Côte d'Ivoire" in names
    assert len(names) == source.count


def test_points_are_in_or_out_and_lines_are_cut(job: Path) -> None:
    glaciers = deliveries.vector(job / "glaciers.gpkg", "GPKG", GLACIERS)
    table(
        job / "ways.gpkg",
        ["LINESTRING (-107 40.5,-104 40.5)", "LINESTRING (-105.5 40.5,-105.4 40.6)", "LINESTRING (0 0,1 1)"],
    )
    table(job / "sites.gpkg", ["MULTIPOINT (-105.5 40.5,0 0)", "MULTIPOINT (0 0,1 1)", "MULTIPOINT (-106.3 39.6)"])

    arrival = survey(order(job, PARTS))

    assert arrival.problems == ()
    points, sites, ways = arrival.sources
    came = [one for some in rows(str(glaciers), first_field(glaciers)).values() for one in some]
    inside = [one for one in came if PARTS.covers(wkb.loads(bytes(one.ExportToWkb())))]
    assert 0 < points.count == len(inside) < len(came)
    found = [one for some in rows(points.uri, first_field(Path(points.path))).values() for one in some]
    assert sorted(one.ExportToWkb() for one in found) == sorted(one.ExportToWkb() for one in inside)
    assert found[0].GetGeometryName() == "POINT"
    line = shape({"type": "LineString", "coordinates": [(-107, 40.5), (-104, 40.5)]})
    cut = shapes(ways.uri, "number")
    assert set(cut) == {0, 1}
    assert is_near(cut[0].length, line.intersection(PARTS).length)
    assert list(map(positions, rows(ways.uri, "number")[1])) == [np.array([(-105.5, 40.5), (-105.4, 40.6)]).tobytes()]
    assert {key: one.wkt for key, one in shapes(sites.uri, "number").items()} == {
        0: "POINT (-105.5 40.5)",
        2: "POINT (-106.3 39.6)",
    }
    assert {one.GetGeometryName() for some in rows(sites.uri, "number").values() for one in some} == {"MULTIPOINT"}


def first_field(path: Path) -> str:
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    return str(dataset.GetLayer(0).GetLayerDefn().GetFieldDefn(0).GetName())


def test_what_only_touches_the_area_is_not_in_it(job: Path) -> None:
    table(job / "a.gpkg", ["POLYGON ((2 0,3 0,3 1,2 1,2 0))", "POLYGON ((1 1,3 1,3 3,1 3,1 1))"])
    table(job / "b.gpkg", ["LINESTRING (2 1,5 1)", "LINESTRING (0 0,2 0,2 1)"])

    polygons, lines = sorted(survey(order(job, box(0, 0, 2, 2))).sources, key=lambda source: source.name)

    assert {key: one.area for key, one in shapes(polygons.uri, "number").items()} == {1: 1.0}
    assert {key: one.length for key, one in shapes(lines.uri, "number").items()} == {1: 3.0}, "along the edge"


def place_in(crs: int, area: BaseGeometry, step: float) -> BaseGeometry:
    """The area on a map, with points every so many degrees: by PROJ without GDAL."""
    way = Transformer.from_crs(4326, crs, always_xy=True)

    def ring(coordinates: Any) -> list[tuple[float, float]]:
        points = np.array(coordinates)[:, :2]
        parts = [np.linspace(a, b, max(2, int(np.abs(b - a).max() / step))) for a, b in zip(points, points[1:])]
        together = np.concatenate(parts)
        return list(zip(*way.transform(together[:, 0], together[:, 1])))

    polygons = area.geoms if hasattr(area, "geoms") else [area]
    return unary_union(
        [Polygon(ring(one.exterior.coords), [ring(i.coords) for i in one.interiors]) for one in polygons]
    )


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize(
    ("crs", "area"),
    [
        (2193, Polygon([(167.3, -45.9), (176.2, -44.1), (177.0, -38.2), (170.1, -39.0), (167.3, -45.9)])),
        (32760, box(173.3, -42.5, 179.2, -38.5)),
        (3857, box(166.0, -46.0, 178.9, -35.0)),
        (2193, box(-180, -90, 180, 90)),
        (3857, box(-180, -90, 180, 90)),
    ],
)
def test_long_edges_stay_where_they_are_on_a_map(job: Path, crs: int, area: BaseGeometry) -> None:
    """The fishnet covers all of it; only a long edge that bends gives the right sum."""
    net = [box(x, y, x + 1.5, y + 1) for x in np.arange(166.5, 178.5, 1.5) for y in range(-47, -34)]
    placed = [place_in(crs, one, 0.01) for one in net]
    path = table(job / "net.gpkg", [one.wkt for one in placed], crs)

    source = only(survey(order(job, area)))

    is_world = area.bounds[0] == -180
    wanted = unary_union(placed) if is_world else place_in(crs, area, 2e-4).intersection(unary_union(placed))
    found = shapes(source.uri, "number")
    assert is_near(sum(one.area for one in found.values()), wanted.area, 3e-8)
    came, cut = rows(str(path), "number"), rows(source.uri, "number")
    same = [key for key in cut if list(map(positions, cut[key])) == list(map(positions, came[key]))]
    assert len(same) == len(net) if is_world else 0 < len(same) < len(net)


@pytest.mark.parametrize(
    ("crs", "shape_", "parts", "width"),
    [
        (2193, None, 1, None),  # its seam is far away
        (3832, None, 1, None),  # Mercator around the Pacific
        (3857, "MULTIPOLYGON (((19900000 -5000000,20037508.342789244 -5000000,20037508.342789244 -4900000,"
         "19900000 -4900000,19900000 -5000000)),((-20037508.342789244 -5000000,-19900000 -5000000,-19900000 -4900000,"
         "-20037508.342789244 -4900000,-20037508.342789244 -5000000)))", 2, None),
        (4326, "POLYGON ((179 -41,181 -41,181 -40,179 -40,179 -41))", 1, 1.0),  # longitudes up to 360
        (4167, "POLYGON ((179 -41,181 -41,181 -40,179 -40,179 -41))", 1, 1.0),  # another datum
        (4326, "MULTIPOLYGON (((179 -41,180 -41,180 -40,179 -40,179 -41)),"
         "((-180 -41,-179 -41,-179 -40,-180 -40,-180 -41)))", 2, None),
    ],
)  # fmt: skip
def test_an_area_over_the_antimeridian_is_one_where_the_map_has_no_seam(
    job: Path, crs: int, shape_: str | None, parts: int, width: float | None
) -> None:
    if shape_ is None:
        shape_ = place_in(crs, box(179, -41, 181, -40), 0.01).wkt
    table(job / "a.gpkg", [shape_], crs, kind=ogr.wkbMultiPolygon if shape_.startswith("MULTI") else None)
    area = from_wkt("POLYGON ((179.5 -40.8,180.5 -40.8,180.5 -40.2,179.5 -40.2,179.5 -40.8))")
    assert area.crosses_antimeridian

    source = only(survey(order(job, area.geojson)))

    (cut,) = rows(source.uri, "number")[0]
    assert cut.GetGeometryCount() == parts
    found = shapes(source.uri, "number")[0]
    if width is not None:
        assert found.bounds == pytest.approx((179.5, -40.8, 180.5, -40.2), abs=1e-9)
    elif parts == 1:
        wanted = place_in(crs, box(179.5, -40.8, 180.5, -40.2), 2e-5)
        assert is_near(found.area, wanted.area, 3e-8)
    else:
        came = shapes(str(job / "a.gpkg"), "number")[0]
        assert 0 < found.area < came.area
        assert found.bounds[0] == came.bounds[0], "the eastern part reaches the seam"
        assert found.bounds[2] == came.bounds[2]


def test_what_a_file_says_of_its_extent_does_not_lose_features(job: Path) -> None:
    path = table(job / "a.gpkg", [place_in(2193, box(174, -41, 175, -40), 0.1).wkt], 2193)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE gpkg_contents SET min_x = 1, max_x = 2, min_y = 1, max_y = 2")

    source = only(survey(order(job, box(174.2, -40.8, 174.4, -40.2))))

    wanted = place_in(2193, box(174.2, -40.8, 174.4, -40.2), 1e-4).area
    assert is_near(rows(source.uri, "number")[0][0].GetArea(), wanted, 3e-8)


def test_an_area_round_the_pole_is_cut_without_a_slit(job: Path) -> None:
    side = 3_000_000
    table(job / "ice.gpkg", [box(-side, -side, side, side).wkt], 3031)

    source = only(survey(order(job, box(-180, -90, 180, -80))))

    (cut,) = rows(source.uri, "number")[0]
    assert cut.GetGeometryCount() == 1
    disc = cut.GetGeometryRef(0)
    assert disc.GetGeometryCount() == 1, "no hole"
    assert wkb.loads(bytes(disc.ExportToWkb())).covers(Point(0, 0))
    radius = Transformer.from_crs(4326, 3031, always_xy=True).transform(0, -80)[1]
    assert is_near(disc.GetArea(), math.pi * radius**2, 1e-7)


def test_a_layer_of_several_geometries_is_still_one_file(job: Path) -> None:
    path = deliveries.mixed(job / "plan.geojson", "GeoJSON")

    arrival = survey(order(job, box(0.25, -1, 3, 3)))

    assert arrival.problems == ()
    assert arrival.uris == (str(job / "clipped/plan.gpkg"),)
    assert [(source.name, source.mixed, source.count) for source in arrival.sources] == [
        ("plan (points)", True, 5),
        ("plan (lines)", True, 3),
        ("plan (polygons)", True, 2),
    ]
    layers = [open_layer(source) for source in arrival.sources]
    assert [layer.featureCount() for layer in layers] == [5, 3, 2]
    assert path.exists()


def test_a_kind_of_geometry_with_nothing_left_is_empty_and_told(job: Path) -> None:
    deliveries.mixed(job / "plan.geojson", "GeoJSON")

    arrival = survey(order(job, box(0.9, 1.9, 3, 3)))

    assert arrival.problems == ("“plan (lines)”, “plan (polygons)” are empty: nothing of them is in the area.",)
    layers = [open_layer(source) for source in arrival.sources]
    assert [(layer.isValid(), layer.featureCount()) for layer in layers] == [(True, 5), (True, 0), (True, 0)]


def test_invalid_polygons_are_repaired_and_curves_and_heights_kept(job: Path) -> None:
    table(job / "bows.gpkg", ["POLYGON ((0 0,4 4,4 0,0 4,0 0))", "POLYGON ((1 1,1.5 1.5,1.5 1,1 1.5,1 1))"])
    arc = "CURVEPOLYGON (CIRCULARSTRING (1 1,1.5 1.5,2 1,1.5 0.5,1 1))"
    table(job / "curves.gpkg", [arc, "CURVEPOLYGON (CIRCULARSTRING (-1 1,0 2,1 1,0 0,-1 1))"])
    table(job / "walls.gpkg", ["POLYGON Z ((-1 1 5,1 1 5,1 2 7,-1 2 7,-1 1 5))"])

    arrival = survey(order(job, box(0, 0, 3, 3)))

    assert arrival.problems == ()
    bows, curves, walls = sorted(arrival.sources, key=lambda source: source.name)
    found = shapes(bows.uri, "number")
    assert found[0].area == pytest.approx(4.5), "3.5 of the lobe in the west, 1 of the other one"
    assert not found[1].is_valid or found[1].area > 0, "what lies inside is left as it is"
    whole, part = rows(curves.uri, "number")[0][0], rows(curves.uri, "number")[1][0]
    assert "CIRCULARSTRING (1 1,1.5 1.5,2 1,1.5 0.5,1 1)" in whole.ExportToWkt()
    assert part.GetArea() == pytest.approx(math.pi / 2, rel=2e-3)
    assert {geometry.GetGeometryName() for geometry in (whole, part)} == {"MULTISURFACE"}
    (wall,) = rows(walls.uri, "number")[0]
    heights = {point[2] for ring in wall.GetGeometryRef(0) for point in ring.GetPoints()}
    assert heights == {5.0, 7.0}
    assert QgsVectorLayer(walls.uri, "x", "ogr").wkbType() == 1006


def test_bodies_that_have_no_place_on_a_map_stay_whole_and_are_told(job: Path) -> None:
    body = "POLYHEDRALSURFACE Z (((0 0 0,0 0 9,4 0 9,4 0 0,0 0 0)),((0 0 9,4 0 9,4 4 9,0 4 9,0 0 9)))"
    table(job / "bodies.gpkg", [body])
    table(job / "some.gpkg", [body, "POLYGON ((0 0,4 0,4 4,0 4,0 0))"], kind=ogr.wkbUnknown)

    arrival = survey(order(job, box(0, 0, 3, 3)))

    assert arrival.problems == (
        "“bodies” is not clipped: surfaces in space can't be cut.",
        "1 feature(s) of “some” can't be cut, so they are there as a whole.",
    )
    bodies, some = sorted(arrival.sources, key=lambda source: source.name)
    assert bodies.path == str(job / "bodies.gpkg")
    assert some.count == 2
    assert rows(some.uri, "number")[1][0].GetArea() == 9


def test_a_coast_of_very_many_points_cuts_the_same(job: Path) -> None:
    angles = np.linspace(0, 2 * math.pi, 40_001)[:-1]
    far = 1 + 0.1 * np.sin(angles * 37) + 0.01 * np.sin(angles * 2011)
    coast = Polygon(np.column_stack((far * np.cos(angles), far * np.sin(angles))))
    net = [box(x, y, x + 0.02, y + 0.02) for x in np.arange(-1.2, 1.2, 0.02) for y in np.arange(-1.2, 1.2, 0.02)]
    table(job / "houses.gpkg", [one.wkt for one in net])

    source = only(survey(order(job, from_geometries([coast], 4326).geojson)))

    found = shapes(source.uri, "number")
    assert 0 < len(found) < len(net)
    assert is_near(sum(one.area for one in found.values()), coast.area)
    for key in list(found)[::97]:
        assert is_near(found[key].area, wkb.loads(net[key].wkb).intersection(coast).area, 1e-8)


def centres(raster: gdal.Dataset, area: BaseGeometry) -> np.ndarray:
    """Which cells have their centre in the area."""
    place = raster.GetGeoTransform()
    rows_, columns = raster.RasterYSize, raster.RasterXSize
    inside, prepared = np.zeros((rows_, columns), dtype=bool), prep(area)
    for row in range(rows_):
        for column in range(columns):
            inside[row, column] = prepared.contains(Point(gdal.ApplyGeoTransform(place, column + 0.5, row + 0.5)))
    return inside


def check_cells(original: str, copy: str, area: BaseGeometry) -> tuple[gdal.Dataset, np.ndarray]:
    """The copy has all cells of the area where they were, and is no larger. Gives it, and which of its cells count."""
    came, cut = gdal.OpenEx(original), gdal.OpenEx(copy)
    inside = centres(came, area)
    assert inside.any()
    west, south, east, north = area.bounds
    place = came.GetGeoTransform()
    xs = place[0] + place[1] * (np.arange(came.RasterXSize) + 0.5)
    ys = place[3] + place[5] * (np.arange(came.RasterYSize) + 0.5)
    columns, rows_ = np.flatnonzero((xs >= west) & (xs <= east)), np.flatnonzero((ys >= south) & (ys <= north))
    corner = gdal.ApplyGeoTransform(came.GetGeoTransform(), float(columns[0]), float(rows_[0]))
    assert cut.GetGeoTransform()[0::3] == pytest.approx(corner, abs=1e-9)
    assert cut.GetGeoTransform()[1:3] + cut.GetGeoTransform()[4:] == (
        came.GetGeoTransform()[1:3] + came.GetGeoTransform()[4:]
    )
    assert (cut.RasterXSize, cut.RasterYSize) == (columns[-1] - columns[0] + 1, rows_[-1] - rows_[0] + 1)
    window = np.s_[rows_[0] : rows_[-1] + 1, columns[0] : columns[-1] + 1]
    here = inside[window]
    for number in range(1, came.RasterCount + 1):
        band, other = came.GetRasterBand(number), cut.GetRasterBand(number)
        assert (band.ReadAsArray()[window][here].tobytes()) == other.ReadAsArray()[here].tobytes()
        assert (band.DataType, band.GetDescription()) == (other.DataType, other.GetDescription())
        assert band.GetColorInterpretation() in (gdal.GCI_Undefined, other.GetColorInterpretation())
        if other.GetColorInterpretation() == gdal.GCI_AlphaBand:
            continue
        mask = band.GetMaskBand().ReadAsArray()[window] * here
        assert ((other.GetMaskBand().ReadAsArray() > 0) == (mask > 0)).all()
    assert cut.GetSpatialRef().IsSame(came.GetSpatialRef())
    return cut, here


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize(("name", "form"), [("dem.tif", "GTiff"), ("dem.img", "HFA"), ("dem.jp2", "JP2OpenJPEG")])
def test_cells_inside_keep_value_and_place_and_the_others_are_no_data(job: Path, name: str, form: str) -> None:
    path = deliveries.raster(job / name, form)
    before = path.read_bytes()

    source = only(survey(order(job, IN_DEM)))

    assert (source.name, source.kind, source.uri) == ("dem", Kind.RASTER, str(job / "clipped/dem.tif"))
    cut, inside = check_cells(str(path), source.uri, IN_DEM)
    band = cut.GetRasterBand(1)
    if form != "JP2OpenJPEG":
        assert band.GetNoDataValue() == 65535
    assert (band.ReadAsArray()[~inside] == band.GetNoDataValue()).all()
    assert band.GetMinimum() == band.ReadAsArray()[inside].min(), "statistics are those of the cells that are left"
    assert cut.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "DEFLATE"
    assert open_layer(source).isValid()
    assert path.read_bytes() == before


def test_a_photo_keeps_its_colours_and_black(job: Path) -> None:
    """Without a no-data value every value is one of the picture, so a mask says what is outside."""
    came = gdal.Translate("", str(PHOTO), format="MEM", noData="none")
    came.GetRasterBand(1).WriteRaster(150, 150, 60, 60, b"\0" * 3600)
    path = job / "photo.tif"
    gdal.GetDriverByName("GTiff").CreateCopy(str(path), came)

    source = only(survey(order(job, IN_DEM)))

    cut, inside = check_cells(str(path), source.uri, IN_DEM)
    assert cut.RasterCount == 3
    assert cut.GetRasterBand(1).GetMaskFlags() == gdal.GMF_PER_DATASET
    assert (cut.GetRasterBand(1).ReadAsArray()[inside] == 0).any()
    assert sorted(Path(source.path).parent.glob("photo*")) == [Path(source.path)], "the mask is in the file"
    layer = open_layer(source)
    assert isinstance(layer, QgsRasterLayer)
    assert layer.renderer().alphaBand() == 4, "QGIS draws by the mask"


@pytest.mark.parametrize(
    ("kind", "value"), [(gdal.GDT_Float32, math.nan), (gdal.GDT_Int16, -32768), (gdal.GDT_Byte, 255)]
)
def test_a_grid_without_no_data_gets_a_value_that_no_cell_has(job: Path, kind: int, value: float) -> None:
    path = job / "grid.tif"
    sheet = gdal.Translate(
        "", str(DEM), format="MEM", outputType=kind, noData="none", scaleParams=[[2000, 4500, 0, 200]]
    )
    sheet.GetRasterBand(1).SetDescription("Höhe")
    gdal.GetDriverByName("GTiff").CreateCopy(str(path), sheet)

    source = only(survey(order(job, IN_DEM)))

    cut, inside = check_cells(str(path), source.uri, IN_DEM)
    found = cut.GetRasterBand(1).GetNoDataValue()
    assert found == value or (math.isnan(found) and math.isnan(value))
    outside = cut.GetRasterBand(1).ReadAsArray()[~inside]
    assert np.isnan(outside).all() if math.isnan(value) else (outside == value).all()


def test_classes_keep_their_colours(job: Path) -> None:
    sheet = gdal.Translate(
        "", str(DEM), format="MEM", outputType=gdal.GDT_Byte, noData="none", scaleParams=[[2000, 4500, 0, 9]]
    )
    colours = gdal.ColorTable()
    for number in range(10):
        colours.SetColorEntry(number, (number * 20, 255 - number, 7, 255))
    sheet.GetRasterBand(1).SetColorTable(colours)
    sheet.GetRasterBand(1).SetCategoryNames(["water", "Wald"])
    path = job / "classes.tif"
    gdal.GetDriverByName("GTiff").CreateCopy(str(path), sheet)

    source = only(survey(order(job, IN_DEM)))

    cut, _ = check_cells(str(path), source.uri, IN_DEM)
    table_ = cut.GetRasterBand(1).GetColorTable()
    assert [table_.GetColorEntry(number) for number in range(10)] == [colours.GetColorEntry(n) for n in range(10)]
    assert cut.GetRasterBand(1).GetCategoryNames()[:2] == ["water", "Wald"]
    assert type(open_layer(source).renderer()).__name__ == "QgsPalettedRasterRenderer"


def test_a_raster_with_alpha_and_one_that_is_turned(job: Path) -> None:
    sheet = gdal.Translate("", str(PHOTO), format="MEM", bandList=[1, 2, 3, 1], noData="none")
    sheet.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
    sheet.GetRasterBand(4).Fill(255)
    gdal.GetDriverByName("GTiff").CreateCopy(str(job / "alpha.tif"), sheet)
    turned = gdal.Translate("", str(DEM), format="MEM")
    west, width, _, north, _, height = turned.GetGeoTransform()
    turned.SetGeoTransform((west + 0.1, width * 0.9, height * 0.3, north, width * 0.2, height * 0.9))
    gdal.GetDriverByName("GTiff").CreateCopy(str(job / "turned.tif"), turned)

    arrival = survey(order(job, IN_DEM))

    assert arrival.problems == ()
    alpha, skewed = arrival.sources
    cut, inside = check_cells(str(job / "alpha.tif"), alpha.uri, IN_DEM)
    assert (cut.GetRasterBand(4).ReadAsArray()[~inside] == 0).all()
    came, cut = gdal.OpenEx(str(job / "turned.tif")), gdal.OpenEx(skewed.uri)
    place = gdal.InvGeoTransform(came.GetGeoTransform())
    column, row = (round(v) for v in gdal.ApplyGeoTransform(place, *cut.GetGeoTransform()[0::3]))
    window = np.s_[row : row + cut.RasterYSize, column : column + cut.RasterXSize]
    inside = centres(came, IN_DEM)
    assert inside.sum() == inside[window].sum() > 0
    wanted = np.where(inside, came.ReadAsArray(), 65535)[window]
    assert (cut.ReadAsArray() == wanted).all()


def test_sheets_are_one_clipped_raster_under_the_same_name(job: Path) -> None:
    deliveries.sheets(job / "dem")

    source = only(survey(order(job, IN_DEM)))

    assert (source.name, source.path) == ("dem", str(job / "clipped/dem/dem.tif"))
    check_cells(str(job / "dem/dem.vrt"), source.uri, IN_DEM)


def test_a_large_raster_is_cut_block_by_block_and_keeps_its_overviews(job: Path) -> None:
    path = job / "large.tif"
    gdal.Translate(str(path), str(DEM), width=152 * 20, height=187 * 20, creationOptions=["TILED=YES"])
    large = gdal.OpenEx(str(path), gdal.OF_UPDATE)
    large.BuildOverviews("NEAREST", [2, 4])
    del large

    source = only(survey(order(job, IN_DEM)))

    came, cut = gdal.OpenEx(str(path)), gdal.OpenEx(source.uri)
    place = gdal.InvGeoTransform(came.GetGeoTransform())
    column, row = (round(v) for v in gdal.ApplyGeoTransform(place, *cut.GetGeoTransform()[0::3]))
    values = cut.ReadAsArray()
    original = came.ReadAsArray()[row : row + cut.RasterYSize, column : column + cut.RasterXSize]
    is_kept = values != 65535
    assert (values[is_kept] == original[is_kept]).all()
    west, width, _, north, _, height = cut.GetGeoTransform()
    assert is_near(is_kept.sum() * width * -height, IN_DEM.area, 1e-3)
    assert cut.GetRasterBand(1).GetOverviewCount() > 1


def test_a_raster_in_another_crs_is_cut_on_its_own_grid(job: Path) -> None:
    path = job / "utm.tif"
    gdal.Warp(str(path), str(DEM), dstSRS="EPSG:32613", xRes=250, yRes=250)

    source = only(survey(order(job, IN_DEM)))

    check_cells(str(path), source.uri, place_in(32613, IN_DEM, 1e-4))


def test_what_lies_elsewhere_is_empty_or_not_shown_and_told(job: Path) -> None:
    deliveries.vector(job / "far.gpkg", "GPKG")
    deliveries.raster(job / "dem.tif")
    deliveries.raster(job / "photo.tif", origin=PHOTO)

    arrival = survey(order(job, box(7, 46, 8, 47)))

    assert arrival.problems == (
        "“dem”, “photo” are not shown: nothing of them is in the area.",
        "“far” is empty: nothing of it is in the area.",
    )
    (source,) = arrival.sources
    layer = open_layer(source)
    assert (layer.isValid(), layer.featureCount(), layer.fields().names()) == (True, 0, ["fid", "name"])
    assert survey(job) == arrival


def test_a_second_survey_makes_nothing_anew(job: Path) -> None:
    deliveries.vector(job / "a.shp", SHAPEFILE)
    deliveries.mixed(job / "plan.geojson", "GeoJSON")
    deliveries.sheets(job / "dem")
    first = survey(order(job, PARTS))
    made = states(job / "clipped")
    assert len(made) > 3

    assert survey(job) == first
    assert states(job / "clipped") == made


def states(folder: Path) -> dict[str, tuple[int, int]]:
    every = (path for path in folder.rglob("*") if path.is_file())
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in every}


def test_a_moved_folder_is_known_again(job: Path) -> None:
    deliveries.vector(job / "a.shp", SHAPEFILE)
    survey(order(job, PARTS))
    made = states(job / "clipped")
    moved = job.rename(job.with_name("elsewhere-0a1b2c3d"))

    assert only(survey(moved)).path == str(moved / "clipped/a.gpkg")
    assert states(moved / "clipped") == made


def test_another_area_and_other_data_are_clipped_anew(job: Path) -> None:
    deliveries.vector(job / "a.shp", SHAPEFILE)
    path = deliveries.vector(job / "b.gpkg", "GPKG", where="name < 'M'")
    first = survey(order(job, PARTS))

    second = survey(order(job, box(-106, 39, -105, 40)))

    assert second.uris == first.uris
    assert sum(one.area for one in shapes(second.uris[0], "name").values()) == pytest.approx(1.0)
    made = states(job / "clipped")
    path.unlink()
    deliveries.vector(path, "GPKG")
    third = survey(job)
    assert third.sources[1].count > second.sources[1].count
    assert states(job / "clipped")["a.gpkg"] == made["a.gpkg"], "which has not changed"


def test_statistics_are_those_of_the_copy_that_is_there(job: Path) -> None:
    deliveries.raster(job / "dem.tif")
    survey(order(job, IN_DEM))
    assert (job / "clipped/dem.tif.aux.xml").is_file(), "where GDAL keeps them"

    source = only(survey(order(job, box(-105.6, 40.2, -105.5, 40.25))))

    raster = gdal.OpenEx(source.uri)
    band = raster.GetRasterBand(1)
    cells = band.ReadAsArray()
    assert (band.GetMinimum(), band.GetMaximum()) == (cells.min(), cells[cells != 65535].max())


def test_copies_that_are_open_are_not_written_over(job: Path) -> None:
    deliveries.vector(job / "a.shp", SHAPEFILE)
    first = only(survey(order(job, PARTS)))
    layer = QgsVectorLayer(first.uri, "x", "ogr")
    assert layer.startEditing()  # QGIS makes a.gpkg-wal and a.gpkg-shm now
    layer.deleteFeature(next(layer.getFeatures()).id())

    second = only(survey(order(job, box(-106, 39, -105, 40))))

    layer.rollBack()
    assert second.path == str(job / "clipped/a-2.gpkg")
    assert open_layer(second).isValid()
    assert only(survey(job)) == second


def test_copies_that_somebody_deleted_or_that_are_not_needed_any_more(job: Path) -> None:
    deliveries.vector(job / "a.shp", SHAPEFILE)
    gone = deliveries.vector(job / "b.gpkg", "GPKG")
    survey(order(job, PARTS))
    (job / "clipped/a.gpkg").unlink()
    gone.unlink()

    assert only(survey(job)).path == str(job / "clipped/a.gpkg")
    assert sorted(path.name for path in (job / "clipped").iterdir()) == [".cutout-clipped.json", "a.gpkg"]


def test_a_folder_called_clipped_that_came_is_data_like_any_other(job: Path) -> None:
    came = deliveries.vector(job / "clipped" / "a.gpkg", "GPKG")
    deliveries.files(job, {"clipped/.cutout-clipped.json": json.dumps({"clipped/a.gpkg": {"file": "clipped/a.gpkg"}})})
    before = deliveries.tree(job)
    order(job, PARTS, came, job / "clipped/.cutout-clipped.json")

    source = only(survey(job))

    assert source.path == str(job / "clipped-2/clipped/a.gpkg")
    assert {name: deliveries.tree(job)[name] for name in before} == before
    assert only(survey(job)) == source


def test_a_file_called_clipped_is_not_written_over(job: Path) -> None:
    deliveries.vector(job / "a.gpkg", "GPKG")
    deliveries.files(job, {"clipped": "README of the service"})

    assert only(survey(order(job, PARTS))).path == str(job / "clipped-2/a.gpkg")
    assert (job / "clipped").read_text() == "README of the service"


@pytest.mark.parametrize("wanted", [False, None])
def test_without_the_wish_nothing_is_clipped(job: Path, wanted: bool | None) -> None:
    path = deliveries.vector(job / "a.gpkg", "GPKG")
    plain = survey(job)
    order(job, PARTS, wanted=bool(wanted)) if wanted is not None else order(job, None)

    assert survey(job) == plain
    assert only(plain).path == str(path)
    assert not (job / "clipped").exists()


def test_copies_of_before_are_no_data_when_the_wish_is_gone(job: Path) -> None:
    path = deliveries.vector(job / "a.gpkg", "GPKG")
    survey(order(job, PARTS))

    assert only(survey(order(job, PARTS, wanted=False))).path == str(path)


def test_what_can_not_be_cut_stays_whole_with_a_sentence_a_kind(job: Path) -> None:
    deliveries.files(
        job,
        {
            "people.csv": "code,name\n007,x\n",
            **{
                f"mesh{number}.2dm": "MESH2D\nE3T 1 1 2 3 1\nND 1 0 0 0\nND 2 1 0 0\nND 3 1 1 0\n"
                for number in range(5)
            },
        },
    )
    table(job / "local.shp", ["POLYGON ((0 0,1 0,1 1,0 0))"], None, SHAPEFILE)
    region = {"region": [0.28, 0.84, 0.29, 0.85, 100, 300]}
    tile = {"boundingVolume": region, "geometricError": 0}
    tileset = {"asset": {"version": "1.0"}, "geometricError": 500, "root": tile}
    deliveries.files(job, {"city/tileset.json": json.dumps(tileset)})

    arrival = survey(order(job, PARTS))

    scenes = {"“city” is not clipped: 3D Tiles can't be cut."} if Qgis.QGIS_VERSION_INT >= 33400 else set()
    assert {problem for problem in arrival.problems if "clipped" in problem} == {
        "“local” is not clipped: its CRS is not known.",
        "“mesh0”, “mesh1”, “mesh2” and 2 more are not clipped: a mesh can't be cut.",
        *scenes,
    }
    assert not any("people" in problem for problem in arrival.problems)
    assert not (job / "clipped").exists()
    assert {source.kind for source in arrival.sources} >= {Kind.MESH, Kind.POLYGON, Kind.TABLE}


def test_footprints_stay_bodies_and_what_was_not_placed_stays_whole(job: Path) -> None:
    path = table(job / "x-buildings.gpkg", ["POLYGON ((0 0,2 0,2 2,0 2,0 0))"])
    order(job, box(1, 1, 5, 5))
    placed = Source("Buildings", str(path), str(path), "ogr", Kind.POLYGON, 1, crs="EPSG:4326", solid=True, remark="r")
    adrift = Source("Drawing", str(path), str(path), "ogr", Kind.POLYGON, 1, crs="")

    (cut,), problems = clip.clipped([placed], job)
    assert (cut.name, cut.solid, cut.crs, cut.remark, cut.count) == ("Buildings", True, "EPSG:4326", "r", 1)
    assert shapes(cut.uri, "number")[0].area == 1.0
    assert problems == []

    (whole,), told = clip.clipped([adrift], job)
    assert whole == adrift
    assert told == ["“Drawing” is not clipped: its CRS is not known."]


def test_layers_and_rasters_of_one_geopackage_keep_their_names(job: Path) -> None:
    path = deliveries.vector(job / "land.gpkg", "GPKG", layer="Gemeinden_Süd")
    deliveries.vector(path, "GPKG", GLACIERS, "glaciers", add=True)
    for number in range(2):
        options = ["APPEND_SUBDATASET=YES", f"RASTER_TABLE=photo{number}"]
        gdal.Translate(str(path), str(PHOTO), format="GPKG", creationOptions=options)

    arrival = survey(order(job, PARTS))

    assert arrival.problems == ()
    copy = job / "clipped/land.gpkg"
    assert arrival.uris == (
        f"{copy}|layername=glaciers",
        f"{copy}|layername=Gemeinden_Süd",
        str(job / "clipped/land-photo0.tif"),
        str(job / "clipped/land-photo1.tif"),
    )
    assert [source.name for source in arrival.sources] == ["glaciers", "Gemeinden_Süd", "photo0", "photo1"]
    assert all(open_layer(source).isValid() for source in arrival.sources)
    assert survey(job) == arrival


def test_tiles_are_brought_together_first(job: Path) -> None:
    for number, where in enumerate(("name < 'H'", "name >= 'H'")):
        deliveries.vector(job / f"{number}/EXPORT/county/geopackage/county.gpkg", "GPKG", where=where)

    source = only(survey(order(job, PARTS)))

    assert (source.name, source.path) == ("county", str(job / "clipped/Süd tal.gpkg"))
    assert is_near(
        sum(one.area for one in shapes(source.uri, "name").values()),
        unary_union(list(shapes(str(COUNTIES), "name").values())).intersection(PARTS).area,
    )
    assert only(survey(job)) == source


@contextmanager
def nearly_full_disk(room: int) -> Iterator[None]:
    """No file can become larger than this: writing fails in the middle, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.usefixtures("told_by_exceptions")
@pytest.mark.parametrize("room", [0, 300, 2_000, 20_000, 60_000, 90_000])
def test_where_the_disk_is_full_what_came_is_shown_and_told(job: Path, room: int) -> None:
    countries = deliveries.vector(job / "countries.gpkg", "GPKG", COUNTRIES)
    noise = job / "noise.tif"
    raster = gdal.GetDriverByName("GTiff").Create(str(noise), 400, 400, 1, gdal.GDT_Float64)
    raster.SetGeoTransform((-20, 0.1, 0, 20, 0, -0.1))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    raster.SetProjection(reference.ExportToWkt())
    raster.GetRasterBand(1).WriteArray(np.random.default_rng(1).random((400, 400)))
    del raster
    before = deliveries.tree(job)
    order(job, Polygon([(-20, -20), (20, -20), (20, 20), (0, 15), (-20, 20), (-20, -20)]))

    with nearly_full_disk(room):
        arrival = survey(job)

    assert arrival.uris == (str(countries), str(noise))
    assert all(" not clipped: " in problem for problem in arrival.problems)
    assert "countries" in " ".join(arrival.problems)
    assert "noise" in " ".join(arrival.problems)
    kept = {name: content for name, content in deliveries.tree(job).items() if name in before}
    assert kept == before
    assert not list(job.rglob("*.gpkg*"))[1:], "nothing half done"
    again = survey(job)
    assert again.problems == ()
    assert again.uris == (str(job / "clipped/countries.gpkg"), str(job / "clipped/noise.tif")), "once there is room"


def test_where_nothing_can_be_written_what_came_is_shown_and_told() -> None:
    with tempfile.TemporaryDirectory() as name, unwritable(Path(name)) as job:
        path = deliveries.vector(job / "a.gpkg", "GPKG")
        order(job, PARTS)
        with as_nobody(job):
            arrival = survey(job)
        assert arrival.uris == (str(path),)
        assert arrival.problems == ("“a” is not clipped: Permission denied.",)
        assert only(survey(job)).path == str(job / "clipped/a.gpkg"), "once it can be written"


@contextmanager
def unwritable(folder: Path) -> Iterator[Path]:
    """A job's folder that other users may read."""
    folder.chmod(0o755)
    job = folder / "job-0a1b2c3d"
    job.mkdir(mode=0o755)
    yield job


@contextmanager
def as_nobody(job: Path) -> Iterator[None]:
    """The tests run as root, who may write everywhere."""
    for path in job.rglob("*"):
        path.chmod(0o644)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    else:
        job.chmod(0o555)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        job.chmod(0o755)


def test_it_runs_in_a_thread_of_python(job: Path) -> None:
    deliveries.vector(job / "a.shp", SHAPEFILE)
    deliveries.raster(job / "dem.tif")
    order(job, PARTS)
    found: list[Arrival] = []

    thread = threading.Thread(target=lambda: found.append(survey(job)))
    thread.start()
    thread.join()

    assert [source.path for source in found[0].sources] == [str(job / "clipped/a.gpkg"), str(job / "clipped/dem.tif")]


def test_the_wish_of_a_job_is_honoured_as_the_job_keeps_it(job: Path) -> None:
    path = deliveries.vector(job / "a.gpkg", "GPKG")
    request = ExportRequest("koordinates", "https://example.org", area=from_geometries([PARTS], 4326).geojson)
    manifest.write(Job("0a1b2c3d", request, delivery=Delivery(clip=True), folder=str(job)), job)

    source = only(survey(job))

    assert source.path == str(job / "clipped/a.gpkg")
    manifest.write(Job("0a1b2c3d", request, folder=str(job)), job)
    assert only(survey(job)).path == str(path)


def test_an_area_that_can_not_be_read_leaves_all_whole(job: Path) -> None:
    path = deliveries.vector(job / "a.gpkg", "GPKG")

    arrival = survey(order(job, {"type": "Polygon", "coordinates": "here"}))

    assert arrival.uris == (str(path),)
    assert arrival.problems == ("“a” is not clipped: the area of the order can't be read.",)
