"""What the Koordinates stand-in has on offer: layers, a table, crop layers, licences, formats; and their JSON.

The source keys (K1, K3 ...) are those of koordinates.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from . import data
from .data import FOLDER, Area, Format

PUBLISHED = "2026-01-15T01:02:03.456789Z"


@dataclass(frozen=True)
class Licence:
    id: int
    title: str
    type: str
    version: str
    url_html: str

    def document(self, base: str) -> dict[str, Any]:
        """CODE K3. The urls of the real service's licence pages are on the site; here they are the true ones."""
        url = f"{base}/licenses/{self.id}/"
        head = {"id": self.id, "title": self.title, "type": self.type, "jurisdiction": "", "version": self.version}
        return {**head, "url": url, "url_html": self.url_html, "url_fulltext": url + "fulltext/"}


PUBLIC_DOMAIN = Licence(1, "Public Domain", "public-domain", "", "https://creativecommons.org/publicdomain/mark/1.0/")
GLIMS = Licence(7, "GLIMS: free use with citation", "other", "", "http://www.glims.org/download/00README_GLIMS.txt")
TERRAIN = Licence(8, "Terrain Tiles: attribution", "other", "", "https://mapzen.com/terms/")
LICENCES = {licence.id: licence for licence in (PUBLIC_DOMAIN, GLIMS, TERRAIN)}


@dataclass(frozen=True)
class Item:
    """A layer or table. ``kind`` is the key under which an export names its format (CODE K11: a DEM is a grid)."""

    slug: str
    id: int
    type: str
    kind: str
    title: str
    description: str
    source: Path
    licence: Licence

    @property
    def path(self) -> str:
        """Below the API version, e.g. ``layers/101/``."""
        return f"{self.type}s/{self.id}/"

    @property
    def long_slug(self) -> str:
        """The name of its folder and files in an export, e.g. ``colorado-counties``."""
        return slugify(self.title)

    @property
    def summary(self) -> data.Summary:
        return _summary(self.source)

    @property
    def extent(self) -> Area:
        """Its bounds as a GeoJSON polygon in lon, lat."""
        left, bottom, right, top = self.summary.bounds
        ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
        return {"type": "Polygon", "coordinates": [ring]}


@cache
def _summary(source: Path) -> data.Summary:
    return data.summary(source)


def slugify(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


PARK = "Rocky Mountain National Park"
ITEMS = (
    Item("counties", 101, "layer", "vector", "Colorado Counties", "Boundaries of the 64 counties of Colorado.",
         FOLDER / "colorado-counties.geojson", PUBLIC_DOMAIN),
    Item("glaciers", 102, "layer", "vector", "Colorado Glaciers", "Glaciers of Colorado as points, from GLIMS.",
         FOLDER / "colorado-glaciers.geojson", GLIMS),
    Item("park", 103, "layer", "vector", f"{PARK} Boundary", "The boundary of the park.",
         FOLDER / "rmnp.shp", PUBLIC_DOMAIN),
    Item("elevation", 104, "layer", "grid", f"{PARK} Elevation", "Elevation in metres, about 250 m a pixel.",
         FOLDER / "rmnp-dem.tif", TERRAIN),
    Item("image", 105, "layer", "raster", f"{PARK} Satellite Image", "Landsat 8 on 20 September 2014, natural colour.",
         FOLDER / "rmnp-rgb.tif", PUBLIC_DOMAIN),
    Item("countries", 106, "layer", "vector", "World Countries", "Countries 1:110m; Fiji and Russia lie on both sides "
         "of the antimeridian.", FOLDER / "naturalearth_lowres.shp", PUBLIC_DOMAIN),
    Item("figures", 201, "table", "table", "Country Figures", "Population and GDP, also of Côte d'Ivoire.",
         FOLDER / "naturalearth_lowres.dbf", PUBLIC_DOMAIN),
)  # fmt: skip
BY_PATH = {item.path: item for item in ITEMS}
CROP_LAYER_ID, CROP_LAYER_NAME, CROP_SOURCE = 2, "Colorado Counties", ITEMS[0]


@dataclass(frozen=True)
class Offer:
    """A format as the service names it. ``form`` None: it is on the list, but no free driver writes it."""

    name: str
    code: str
    form: Format | None

    @property
    def available(self) -> bool:
        return self.form is not None and self.form.available


CSV = Offer("CSV", "CSV", Format("CSV", ".csv", ("GEOMETRY=AS_WKT",)))
CSV_TABLE = Offer("CSV", "CSV", Format("CSV", ".csv"))
GPKG = Offer("GeoPackage / SQLite", "GPKG", Format("GPKG", ".gpkg"))
SHP = Offer("Shapefile", "SHP", Format("ESRI Shapefile", ".shp", ("ENCODING=UTF-8",)))
DBF = Offer("Shapefile", "SHP", Format("ESRI Shapefile", ".dbf", ("ENCODING=UTF-8",)))
GDB = Offer("File Geodatabase", "FGDB", Format("OpenFileGDB", ".gdb"))
TAB = Offer("MapInfo TAB", "TAB", Format("MapInfo File", ".tab", ("ENCODING=CP1252",)))
KML = Offer("KML", "KML", Format("LIBKML", ".kml", wgs84=True))
KML_RASTER = Offer("KML", "KML", Format("KMLSUPEROVERLAY", ".kmz", ("FORMAT=AUTO",), wgs84=True))
DWG = Offer("DWG", "DWG", None)
GEOTIFF = Offer("GeoTIFF", "GTiff", Format("GTiff", ".tif", ("COMPRESS=DEFLATE",)))
JPEG = Offer("JPEG", "JPEG", Format("JPEG", ".jpg", ("WORLDFILE=YES",)))
JP2 = Offer("JPEG2000", "JP2", Format("JP2OpenJPEG", ".jp2"))
JP2_LOSSLESS = Offer("JPEG2000 Lossless", "JP2", Format("JP2OpenJPEG", ".jp2", ("QUALITY=100", "REVERSIBLE=YES")))
HFA = Offer("ERDAS Imagine", "HFA", Format("HFA", ".img"))
KEA = Offer("KEA", "KEA", Format("KEA", ".kea"))
AAIGRID = Offer("ASCII Grid", "AAIGrid", Format("AAIGrid", ".asc"))
PDF = Offer("PDF", "PDF", None)

# CODE K3, the fixture export_format_options: kinds, order, mimetypes and the typo "applicaton", all as the service
# sends them.
FORMATS: dict[str, dict[str, Offer]] = {
    "vector": {
        "applicaton/x-ogc-filegdb": GDB,
        "image/vnd.dwg": DWG,
        "text/csv": CSV,
        "application/x-ogc-gpkg": GPKG,
        "application/x-zipped-shp": SHP,
        "application/vnd.google-earth.kml+xml": KML,
        "application/x-ogc-mapinfo_file": TAB,
    },
    "raster": {
        "application/x-hdf;subtype=kea": KEA,
        "image/jpeg": JPEG,
        "image/jp2": JP2,
        "image/vnd.dwg": DWG,
        "application/x-erdas-hfa": HFA,
        "image/jp2;compression=lossless": JP2_LOSSLESS,
        "image/tiff;subtype=geotiff": GEOTIFF,
        "application/vnd.google-earth.kml+xml": KML_RASTER,
    },
    "grid": {
        "application/x-hdf;subtype=kea": KEA,
        "application/x-ogc-aaigrid": AAIGRID,
        "image/tiff;subtype=geotiff": GEOTIFF,
    },
    "rat": {
        "application/x-hdf;subtype=kea": KEA,
        "application/x-erdas-hfa": HFA,
        "image/tiff;subtype=geotiff": GEOTIFF,
    },
    "table": {
        "text/csv": CSV_TABLE,
        "applicaton/x-ogc-filegdb": GDB,
        "application/x-ogc-gpkg": GPKG,
        "application/x-zipped-shp": DBF,
        "application/x-ogc-mapinfo_file": TAB,
    },
}


def formats(pdf: bool) -> dict[str, dict[str, Offer]]:
    """Mimetype -> offer for each kind. GUESS: where PDF is on, it is one of the vector and raster formats."""
    with_pdf = {"vector", "raster"} if pdf else set()
    return {
        kind: {**offers, **({"application/pdf": PDF} if kind in with_pdf else {})} for kind, offers in FORMATS.items()
    }


def options_document(pdf: bool) -> dict[str, Any]:
    """The answer to OPTIONS /exports/. CODE K3."""

    def field(label: str, **rest: Any) -> dict[str, Any]:
        return {"type": "choice", "required": False, "read_only": False, "label": label, **rest}

    children = {
        kind: field(
            kind.title(),
            choices=[{"display_name": offer.name.split(" / ")[0], "value": mime} for mime, offer in offers.items()],
        )
        for kind, offers in formats(pdf).items()
    }
    nested = {"type": "nested object", "required": True, "read_only": False, "label": "Formats", "children": children}
    return {
        "name": "Export List",
        "description": "List all exports or create a new export.",
        "renders": ["application/json", "text/html", "text/html"],
        "parses": ["application/json"],
        "actions": {"POST": {"formats": nested}},
    }
