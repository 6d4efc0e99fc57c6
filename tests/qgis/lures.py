"""Files that a hostile service could send: each is made to lead QGIS to a private file, or to make it ask a server.

LURES["overviews"](Place(job, outside, url))    writes it into the job's folder
with Watch(outside) as watch: ...               watch.opened: names of the private files that anybody has opened
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from osgeo import gdal, ogr

from tests.qgis import deliveries

_IN_OPEN = 0x20  # of inotify
POINT = {"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
PLACEMARK = "<Placemark><name>a</name>{}<Point><coordinates>1,2</coordinates></Point></Placemark>"
BAND = (
    '<SimpleSource><SourceFilename relativeToVRT="0">{}</SourceFilename><SourceBand>1</SourceBand>'
    '<SrcRect xOff="0" yOff="0" xSize="152" ySize="187"/><DstRect xOff="0" yOff="0" xSize="{}" ySize="{}"/>'
    "</SimpleSource>"
)


@dataclass(frozen=True)
class Place:
    """job: the folder that the service fills; outside: one with private files; url: a server that must not be asked."""

    job: Path
    outside: Path
    url: str

    def put(self, name: str, text: str) -> None:
        deliveries.files(self.job, {name: text})


Lure = Callable[[Place], None]
LURES: dict[str, Lure] = {}


class Watch:
    """Which files of a folder are opened while the block runs, by whatever library."""

    def __init__(self, folder: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._folder = folder
        self.opened: set[str] = set()

    def __enter__(self) -> Watch:
        self._events = self._libc.inotify_init1(os.O_NONBLOCK)
        watched = self._libc.inotify_add_watch(self._events, os.fsencode(self._folder), _IN_OPEN)
        assert self._events >= 0 and watched >= 0, os.strerror(ctypes.get_errno())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        try:
            while data := os.read(self._events, 65536):
                while data:
                    *_, length = struct.unpack_from("iIII", data)
                    self.opened.add(os.fsdecode(data[16 : 16 + length].rstrip(b"\0")))
                    data = data[16 + length :]
        except BlockingIOError:
            self.opened.discard("")  # the folder itself
        finally:
            os.close(self._events)


def bait(outside: Path) -> None:
    """A private file of each kind that something may lead to."""
    deliveries.raster(outside / "private.tif")
    deliveries.vector(outside / "private.gpkg", "GPKG")
    deliveries.vector(outside / "private.tab", "MapInfo File")
    deliveries.vector(outside / "private.shp", "ESRI Shapefile")
    deliveries.files(outside, {"private.csv": "secret\n1\n", "private.svg": "<svg/>"})
    (outside / "private.bin").write_bytes(bytes(range(256)) * 64)


def lure(name: str) -> Callable[[Lure], Lure]:
    def keep(write: Lure) -> Lure:
        LURES[name] = write
        return write

    return keep


def virtual(source: str, width: int = 152, height: int = 187, kind: str = "Float32", more: str = "") -> str:
    band = f'<VRTRasterBand dataType="{kind}" band="1">{BAND.format(source, width, height)}</VRTRasterBand>'
    place = "<GeoTransform>0,1,0,187,0,-1</GeoTransform>"
    return f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}">{more}{place}{band}</VRTDataset>'


def changed(database: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA writable_schema = ON")
        for statement, values in statements:
            opened.execute(statement, values)
        opened.commit()


TABLE_V = ("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('v', 'attributes', 'v')", ())


@lure("overviews at a server")
def _(place: Place) -> None:
    deliveries.raster(place.job / "dem.tif")
    place.put("dem.tif.ovr", virtual(f"/vsicurl/{place.url}/a.tif", 76, 93))


@lure("private overviews")
def _(place: Place) -> None:
    deliveries.raster(place.job / "dem.tif")
    place.put("dem.tif.ovr", virtual(f"{place.outside}/private.tif", 76, 93))


@lure("private mask")
def _(place: Place) -> None:
    deliveries.raster(place.job / "dem.tif")
    flag = '<Metadata><MDI key="INTERNAL_MASK_FLAGS_1">2</MDI></Metadata>'
    place.put("dem.tif.msk", virtual(f"{place.outside}/private.tif", kind="Byte", more=flag))


@lure("mask of overviews")
def _(place: Place) -> None:
    deliveries.raster(place.job / "dem.tif")
    gdal.Translate(str(place.job / "dem.tif.ovr"), str(deliveries.DEM), format="GTiff", width=76, height=93)
    flag = '<Metadata><MDI key="INTERNAL_MASK_FLAGS_1">2</MDI></Metadata>'
    place.put("dem.tif.ovr.msk", virtual(f"/vsicurl/{place.url}/a.tif", 76, 93, kind="Byte", more=flag))


def tagged(path: Path, overviews: str) -> None:
    raster = gdal.GetDriverByName("GTiff").CreateCopy(str(path), gdal.Open(str(deliveries.DEM)))
    raster.SetMetadata({"OVERVIEW_FILE": overviews}, "OVERVIEWS")


@lure("overviews in a tag of a TIFF, at a server")
def _(place: Place) -> None:
    tagged(place.job / "dem.tif", f"/vsicurl/{place.url}/a.ovr")


@lure("overviews in a tag of a TIFF, private")
def _(place: Place) -> None:
    tagged(place.job / "dem.tif", f"{place.outside}/private.tif")


@lure("overviews in a tag of a mosaic's sheet")
def _(place: Place) -> None:
    deliveries.raster(place.job / "sheet.tif")
    gdal.BuildVRT(str(place.job / "mosaic.vrt"), [str(place.job / "sheet.tif")])
    tagged(place.job / "sheet.tif", f"/vsicurl/{place.url}/a.ovr")


@lure("cells of an IMG elsewhere")
def _(place: Place) -> None:
    image, spill = place.job / "aaaaaaaaaaaaaa.img", place.job / "aaaaaaaaaaaaaa.ige"
    gdal.GetDriverByName("HFA").CreateCopy(str(image), gdal.Open(str(deliveries.DEM)), options=["USE_SPILL=YES"])
    shutil.move(spill, place.outside / "private.ige")
    image.write_bytes(image.read_bytes().replace(spill.name.encode(), b"../out/private.ige"))


@lure("a CRS at a server in a JPEG 2000")
def _(place: Place) -> None:
    whole, path = place.outside / "whole.tif", place.job / "a.jp2"
    gdal.Warp(str(whole), str(deliveries.DEM), dstSRS="EPSG:2193", width=50, height=50, outputType=gdal.GDT_UInt16)
    options = ["GMLJP2=YES", "GeoJP2=NO"]
    gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(str(path), gdal.Open(str(whole)), options=options)
    content = path.read_bytes()
    for name in set(re.findall(rb'srsName="([^"]+)"', content)):
        content = content.replace(name, f"{place.url}/".encode().ljust(len(name), b"x"))
    path.write_bytes(content)


@lure("a CRS at a server in an .aux.xml")
def _(place: Place) -> None:
    deliveries.raster(place.job / "dem.png", "PNG")
    place.put("dem.png.aux.xml", f"<PAMDataset><SRS>{place.url}/crs</SRS></PAMDataset>")


@lure("a CRS at a server in a virtual raster")
def _(place: Place) -> None:
    deliveries.raster(place.job / "dem.tif")
    text = virtual("dem.tif", more=f"<SRS>{place.url}/crs</SRS>").replace('relativeToVRT="0"', 'relativeToVRT="1"')
    place.put("x.vrt", text)


@lure("a CRS at a server in a virtual layer")
def _(place: Place) -> None:
    deliveries.files(place.job, {"t.csv": "a,b\n1,2\n"})
    crs, points = f"<LayerSRS>{place.url}/crs</LayerSRS>", '<GeometryField encoding="PointFromColumns" x="a" y="b"/>'
    source = '<SrcDataSource relativeToVRT="1">t.csv</SrcDataSource><SrcLayer>t</SrcLayer>'
    layer = f'<OGRVRTLayer name="t">{source}<GeometryType>wkbPoint</GeometryType>{crs}{points}</OGRVRTLayer>'
    place.put("x.vrt", f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>")


@lure("a warped raster with files in its options")
def _(place: Place) -> None:
    deliveries.raster(place.job / "dem.tif")
    gdal.Warp(str(place.job / "w.vrt"), str(place.job / "dem.tif"), format="VRT", dstSRS="EPSG:3857")
    text = (place.job / "w.vrt").read_text("utf-8")
    place.put(
        "w.vrt",
        text.replace("<WarpMemoryLimit>", f'<Option name="X">{place.outside}/private.tif</Option><WarpMemoryLimit>'),
    )


@lure("a mesh that is a web coverage")
def _(place: Place) -> None:
    place.put("m.2dm", f"<WCS_GDAL><ServiceURL>{place.url}/wcs</ServiceURL><CoverageName>a</CoverageName></WCS_GDAL>")


@lure("a PLY that is a web map")
def _(place: Place) -> None:
    place.put("m.ply", f"<GDAL_WMS><Service name='WMS'><ServerUrl>{place.url}/wms?</ServerUrl></Service></GDAL_WMS>")


def features(crs: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": [POINT], "crs": crs})


@lure("a GeoJSON with a CRS at a server")
def _(place: Place) -> None:
    place.put("a.geojson", features({"type": "link", "properties": {"href": f"{place.url}/crs", "type": "ogcwkt"}}))


@lure("a GeoJSON that hides it")
def _(place: Place) -> None:
    text = features({"type": "URL", "properties": {"url": f"{place.url}/crs"}})
    place.put("a.geojson", text.replace('"crs"', '"\\u0043r\\u0053"'))


@lure("a GeoJSON with a comment in it")
def _(place: Place) -> None:
    text = features({"type": "link", "properties": {"href": f"{place.url}/crs"}})
    place.put("a.geojson", text.replace('"crs":', '"crs" /* : null, */ :'))


@lure("a GeoJSON with a CRS whose name is an address")
def _(place: Place) -> None:
    place.put("a.geojson", features({"type": "name", "properties": {"name": f"{place.url}/crs"}}))


@lure("a GeoJSON with a CRS whose name is a file")
def _(place: Place) -> None:
    place.put("a.geojson", features({"type": "name", "properties": {"name": f"{place.outside}/private.csv"}}))


@lure("a GeoJSON with styles")
def _(place: Place) -> None:
    style = f'SYMBOL(id:"{place.url}/i.svg")'
    point = {**POINT, "properties": {"OGR_STYLE": style}, "style": style}
    place.put("a.geojson", json.dumps({"type": "FeatureCollection", "features": [point]}))


@lure("a shapefile with a grid in its CRS")
def _(place: Place) -> None:
    deliveries.vector(place.job / "a.shp", "ESRI Shapefile")
    datum = 'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    grid = f'EXTENSION["PROJ4","+proj=merc +nadgrids={place.outside}/private.bin +units=m"]'
    place.put("a.prj", f'PROJCS["x",{datum},PROJECTION["Mercator_1SP"],UNIT["metre",1],{grid}]')


@lure("a GeoPackage with a CRS at a server")
def _(place: Place) -> None:
    deliveries.vector(place.job / "l.gpkg", "GPKG")
    sql = "UPDATE gpkg_spatial_ref_sys SET definition = ?, organization = 'NONE', organization_coordsys_id = 99999"
    changed(place.job / "l.gpkg", (sql, (f"{place.url}/crs",)))


@lure("a GeoPackage with a table that is a shapefile")
def _(place: Place) -> None:
    deliveries.vector(place.job / "l.gpkg", "GPKG")
    table = f"CREATE VIRTUAL TABLE v USING/**/\"VirtualShape\"('{place.outside}/private', 'UTF-8', 4326)"
    changed(place.job / "l.gpkg", ("INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, ?)", (table,)), TABLE_V)


@lure("a GeoPackage with a view that looks into a raster")
def _(place: Place) -> None:
    deliveries.vector(place.job / "l.gpkg", "GPKG")
    pixel = f"\"gdal_get_pixel_value\"/**/('{place.outside}/private.tif', 1, 'georef', 1, 1)"
    changed(place.job / "l.gpkg", (f"CREATE VIEW v AS SELECT 1 AS id, {pixel} AS x", ()), TABLE_V)


@lure("a GeoPackage whose view is in its journal")
def _(place: Place) -> None:
    path, aside = place.job / "l.gpkg", place.outside / "aside.gpkg"
    deliveries.vector(aside, "GPKG")
    with closing(sqlite3.connect(aside)) as database:
        database.execute("PRAGMA journal_mode = wal")
        shutil.copy(aside, path)
        table = f"CREATE VIRTUAL TABLE v USING VirtualShape('{place.outside}/private', 'UTF-8', 4326)"
        database.execute("PRAGMA writable_schema = ON")
        database.execute("INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, ?)", (table,))
        database.execute(TABLE_V[0])
        database.commit()
        shutil.copy(f"{aside}-wal", f"{path}-wal")


@lure("a GeoPackage whose layer's name opens another")
def _(place: Place) -> None:
    path = place.job / "l.gpkg"
    deliveries.vector(path, "GPKG", layer="land")
    option = f"land|option:PRELUDE_STATEMENTS=ATTACH DATABASE '{place.outside}/private.gpkg' AS p"
    deliveries.vector(path, "GPKG", layer=option, add=True)


@lure("a GeoPackage whose rasters are others")
def _(place: Place) -> None:
    for table, more in (("a", []), ("b", ["APPEND_SUBDATASET=YES"])):
        options = [f"RASTER_TABLE={table}", *more]
        gdal.Translate(str(place.job / "r.gpkg"), str(deliveries.PHOTO), format="GPKG", creationOptions=options)
    other = f'<MDI key="SUBDATASET_1_NAME">{place.outside}/private.tif</MDI>'
    place.put("r.gpkg.aux.xml", f'<PAMDataset><Metadata domain="SUBDATASETS">{other}</Metadata></PAMDataset>')


@lure("a GeoPackage with a style, and one beside it")
def _(place: Place) -> None:
    from qgis.core import QgsMarkerSymbol, QgsSingleSymbolRenderer, QgsSvgMarkerSymbolLayer, QgsVectorLayer

    aside = deliveries.vector(place.outside / "aside.gpkg", "GPKG", deliveries.GLACIERS, layer="l")
    layer, symbol = QgsVectorLayer(str(aside), "l", "ogr"), QgsMarkerSymbol.createSimple({})
    symbol.changeSymbolLayer(0, QgsSvgMarkerSymbolLayer(f"{place.outside}/private.svg"))
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    layer.saveNamedStyle(str(place.job / "l.qml"))
    style = (place.job / "l.qml").read_text("utf-8")
    del layer
    shutil.copy(aside, place.job / "l.gpkg")
    columns = "id INTEGER PRIMARY KEY, f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName"
    columns += ", styleQML, styleSLD, useAsDefault, description, owner, ui, update_time"
    changed(
        place.job / "l.gpkg",
        (f"CREATE TABLE layer_styles ({columns})", ()),
        ("INSERT INTO layer_styles VALUES (1, '', '', 'l', 'geom', 's', ?, '', 1, '', '', '', '2020-01-01')", (style,)),
    )


@lure("a KML with a picture at a server")
def _(place: Place) -> None:
    style = f"<Style><IconStyle><Icon><href>{place.url}/i.svg</href></Icon></IconStyle></Style>"
    place.put("a.kml", f"<kml><Document>{PLACEMARK.format(style)}</Document></kml>")


@lure("a KML with a private picture")
def _(place: Place) -> None:
    style = f"<Style><IconStyle><Icon><href>{place.outside}/private.svg</href></Icon></IconStyle></Style>"
    place.put("a.kml", f"<kml><Document>{PLACEMARK.format(style)}</Document></kml>")


@lure("a KML with styles at a server")
def _(place: Place) -> None:
    place.put(
        "a.kml", f"<kml><Document>{PLACEMARK.format(f'<styleUrl>{place.url}/s.kml#x</styleUrl>')}</Document></kml>"
    )


@lure("a KMZ with links")
def _(place: Place) -> None:
    link = f"<NetworkLink><Link><href>{place.url}/s.kml</href></Link></NetworkLink>"
    with zipfile.ZipFile(place.job / "a.kmz", "w") as archive:
        archive.writestr("doc.kml", f"<kml><Document>{link}{PLACEMARK.format('')}</Document></kml>")


@lure("a KML of pictures at a server")
def _(place: Place) -> None:
    box = "<LatLonAltBox><north>1</north><south>0</south><east>1</east><west>0</west></LatLonAltBox>"
    link = f"<NetworkLink><Region>{box}</Region><Link><href>{place.url}/s.kml</href></Link></NetworkLink>"
    overlay = f"<GroundOverlay><Icon><href>{place.url}/i.png</href></Icon>{box.replace('Alt', '')}</GroundOverlay>"
    place.put("a.kml", f"<kml><Document><Region>{box}</Region>{link}{overlay}</Document></kml>")


@lure("a MapInfo view of another table")
def _(place: Place) -> None:
    deliveries.vector(place.job / "a.tab", "MapInfo File")
    view = "Create View v As\nSelect name\nFrom private, a\nWhere private.name=a.name\n"
    place.put("v.tab", f'!table\n!version 100\nOpen Table "../out/private" Hide\nOpen Table "a" Hide\n\n{view}')


@lure("a MapInfo table of other tables")
def _(place: Place) -> None:
    table = ogr.GetDriverByName("MapInfo File").CreateDataSource(str(place.job / "s.tab"))
    layer = table.CreateLayer("s", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("Table", ogr.OFTString))
    feature = ogr.Feature(layer.GetLayerDefn())
    feature["Table"] = "../out/private.tab"
    feature.SetGeometry(ogr.CreateGeometryFromWkt("POLYGON ((0 0,1 0,1 1,0 0))"))
    layer.CreateFeature(feature)
    feature = layer = table = None
    text = (place.job / "s.tab").read_text("latin-1")
    place.put("s.tab", f'{text}\nbegin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n')


@lure("a MIF with a symbol from elsewhere")
def _(place: Place) -> None:
    head = 'VERSION 300\nCharset "WindowsLatin1"\nDELIMITER ","\nCOLUMNS 1\n a Char(1)\nDATA\nPOINT 1 2\n'
    place.put("a.mif", f'{head}    SYMBOL ("{place.outside}/private.svg",12,12,0)\n')
    place.put("a.mid", '"x"\n')


@lure("a CSV with styles")
def _(place: Place) -> None:
    place.put("a.csv", f'WKT,OGR_STYLE\n"POINT (1 2)","SYMBOL(id:""{place.url}/i.svg"")"\n')


@lure("a drawing with another drawing in it")
def _(place: Place) -> None:
    block = f"0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nXR\n70\n4\n1\n{place.outside}/private.csv\n0\nENDBLK\n0\nENDSEC\n"
    use = (
        "0\nSECTION\n2\nENTITIES\n0\nINSERT\n2\nXR\n10\n0\n20\n0\n0\nPOINT\n8\n0\n10\n1.0\n20\n2.0\n0\nENDSEC\n0\nEOF\n"
    )
    place.put("a.dxf", block + use)


def city(place: Place, folder: str, uri: str) -> None:
    tile = {"boundingVolume": {"region": [0, 0, 0.01, 0.01, 0, 10]}, "geometricError": 1e6, "content": {"uri": uri}}
    tileset = {"asset": {"version": "1.0"}, "geometricError": 1e7, "root": {**tile, "refine": "ADD"}}
    place.put(f"{folder}/{'tileset' if folder == 'city' else 'inner'}.json", json.dumps(tileset))


@lure("a tileset whose models have odd names")
def _(place: Place) -> None:
    city(place, "city", "model.dat")
    buffer = {"byteLength": 36, "uri": f"{place.outside}/private.bin"}
    scene = {"scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}], "buffers": [buffer]}
    mesh = {"meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}], "images": [{"uri": f"{place.url}/i.png"}]}
    accessor = {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0] * 3, "max": [1] * 3}
    views = {"bufferViews": [{"buffer": 0, "byteLength": 36}], "accessors": [accessor]}
    place.put("city/model.dat", json.dumps({"asset": {"version": "2.0"}, **scene, **mesh, **views}))


@lure("a tileset beside a tileset")
def _(place: Place) -> None:
    city(place, "city", "../other/inner.json")
    city(place, "other", f"{place.url}/a.b3dm")
