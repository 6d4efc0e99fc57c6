"""The JSON of layers, tables and crop layers, in the shapes of the two API versions.

The source keys (K3, K5 ...) are those of koordinates.py. Fields that only fill a place are GUESS unless tagged.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from . import data
from .koordinates_catalogue import CROP_LAYER_ID, CROP_LAYER_NAME, CROP_SOURCE, PUBLISHED, Item, formats

NATIVE_CRS = "EPSG:4326"


def crs_document(crs: str, base: str) -> dict[str, Any]:
    """A CRS as v1.x gives it. CODE K6 (typing of a live client), kapipy's data classes."""
    srid = int(crs.split(":")[1])
    srs = data.reference(crs)
    return {
        "id": crs,
        "url": f"{base}/crs/{crs}/",
        "name": srs.GetName(),
        "kind": "geographic2d" if srs.IsGeographic() else "projected",
        "unit_horizontal": "degree" if srs.IsGeographic() else "metre",
        "unit_vertical": "",
        "url_external": f"https://epsg.io/{srid}",
        "component_horizontal": None,
        "component_vertical": None,
        "srid": srid,
    }


def list_entry(item: Item, base: str) -> dict[str, Any]:
    """A layer or table in a list. CODE kapipy's SearchResult; `name` is what the v1 list also has (K3)."""
    return {
        "id": item.id,
        "url": f"{base}/{item.path}",
        "type": item.type,
        "name": item.title,
        "title": item.title,
        "first_published_at": PUBLISHED,
        "published_at": PUBLISHED,
        "thumbnail_url": None,
        "featured_at": None,
        "services": f"{base}/{item.path}services/",
        "user_capabilities": ["can-view", "can-download"],
        "user_permissions": ["find", "view", "download"],
    }


def detail(item: Item, base: str, rich: bool, pdf: bool) -> dict[str, Any]:
    """A layer or table. ``rich`` is v1.x: CRS as an object (CODE K10) and the formats of this very item (CODE K5)."""
    site = base.split("/services/")[0]
    version = {"id": item.id * 10, "url": f"{base}/{item.path}versions/{item.id * 10}/", "status": "ok",
               "created_at": PUBLISHED, "reference": "1", "progress": 1.0, "data_import": True}  # fmt: skip
    document = {
        **list_entry(item, base),
        "kind": item.kind,
        "description": item.description,
        "description_html": f"<p>{item.description}</p>",
        "url_html": f"{site}/{item.type}/{item.id}-{item.long_slug}/",
        "created_at": PUBLISHED,
        "group": {"id": 5, "url": f"{base}/groups/5/", "name": "Cutout stand-in", "country": "NZ", "org": "Cutout",
                  "type": "other"},
        "license": item.licence.document(base),
        "categories": [],
        "tags": [],
        "metadata": None,
        "version": version,
        "num_views": 12,
        "num_downloads": 3,
        "data": _data(item, base, rich, pdf),
    }  # fmt: skip
    if not rich:
        document.pop("services")
    return document


def _data(item: Item, base: str, rich: bool, pdf: bool) -> dict[str, Any]:
    summary = item.summary
    result: dict[str, Any] = {
        "fields": [{"name": name, "type": kind} for name, kind in summary.fields],
        "feature_count": summary.count,
        "encoding": "UTF-8",
        "primary_key_fields": [],
    }
    if item.type == "layer":
        result["extent"] = item.extent
        result["crs"] = crs_document(NATIVE_CRS, base) if rich else NATIVE_CRS
    if item.kind == "vector":
        result.update(geometry_field="GEOMETRY", geometry_type=summary.geometry)
    if rich:
        offers = {
            mime: offer for mime, offer in formats(pdf)[item.kind].items() if offer.available or mime.endswith("pdf")
        }
        result["export_formats"] = [{"name": offer.name, "mimetype": mime} for mime, offer in offers.items()]
        result.update(_import_fields(item, base))
    return result


def _import_fields(item: Item, base: str) -> dict[str, Any]:
    """What v1.x also tells of a layer's data. CODE kapipy's ItemData, which demands each of these."""
    log = f"{base}/{item.path}versions/{item.id * 10}/import/log/"
    return {
        "storage": "kx.gpkg",
        "datasources": None,
        "source_revision": 1,
        "omitted_fields": [],
        "tile_revision": 1,
        "datasource_count": 1,
        "change_summary": None,
        "source_summary": None,
        "import_started_at": PUBLISHED,
        "import_ended_at": PUBLISHED,
        "import_log": {"invalid_geometries": 0, "messages": 0, "url": log},
        "import_version": "1",
        "update_available": False,
        "sample": None,
        "raster_resolution": None,
        "empty_geometry_count": 0,
        "has_z": False,
    }


# --- crop layers (CODE K3: tests/response_data/exports.py) ----------------------------------------------------------


def crop_layer(base: str) -> dict[str, Any]:
    url = f"{base}/exports/croplayers/{CROP_LAYER_ID}/"
    return {
        "id": CROP_LAYER_ID,
        "name": CROP_LAYER_NAME,
        "url": url,
        "features": url + "cropfeatures/",
        "extent": {"type": "MultiPolygon", "coordinates": [CROP_SOURCE.extent["coordinates"]]},
        "source_layer": f"{base}/{CROP_SOURCE.path}versions/{CROP_SOURCE.id * 10}/",
    }


def crop_features(base: str) -> list[dict[str, Any]]:
    """All crop features with their geometry; a list of them leaves that out."""
    url = f"{base}/exports/croplayers/{CROP_LAYER_ID}/cropfeatures/"
    return [
        {"id": number, "name": name, "url": f"{url}{number}/", "geometry": area} for number, name, area in _crop_areas()
    ]


@cache
def _crop_areas() -> list[tuple[int, str, data.Area]]:
    areas = []
    for number, attributes, shape in data.read_features(CROP_SOURCE.source):
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        areas.append((400 + number, attributes["name"], {"type": "MultiPolygon", "coordinates": parts}))
    return areas
