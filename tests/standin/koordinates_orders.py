"""How the Koordinates stand-in reads an export request.

A body that is wrong in itself is a 400 with ``{field: [messages]}``, at validate and at create (CODE K3,
exceptions.BadRequest). What the service says of a well-formed one is in koordinates_validation.py. The source keys are
those of koordinates.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import data
from .data import Area
from .koordinates_catalogue import BY_PATH, Item, Offer, formats

ITEM_URL = re.compile(r"(?P<host>https?://[^/]+)/services/api/(?P<version>v1|v1\.x)/(?P<path>(layers|tables)/\d+/)")
PAGE = {"page_size": {"a4", "a3", "letter"}, "page_orientation": {"landscape", "portrait"}}  # DOC K1
SWITCHES = {"include_scale", "include_scale_grid", "include_lat_lon_grid", "include_legend"}  # DOC K1


class BadOrder(Exception):
    """A body that is wrong in itself. ``fields`` names each field with its messages."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.fields = {field: [message]}


@dataclass(frozen=True)
class Ordered:
    """One item of an order: the layer or table, its format, and the entry as it was sent."""

    item: Item
    offer: Offer
    sent: dict[str, Any]


@dataclass(frozen=True)
class Order:
    """A well-formed request. ``extent`` is what was sent (geometry or URL), ``area`` the geometry it stands for."""

    items: tuple[Ordered, ...]
    formats: dict[str, str]
    crs: str
    area: Area | None
    extent: Any
    options: dict[str, Any]
    name: str | None


@dataclass(frozen=True)
class Rules:
    """What the site accepts: its own address, limits and toggles, and how it looks a crop feature up."""

    site: str
    max_vertices: int
    crs_required: bool
    pdf: bool
    crop_feature: Callable[[str], Area | None]


def read_order(body: Any, rules: Rules) -> Order:
    """The order in a JSON body. Raises BadOrder at the first field that is wrong."""
    if not isinstance(body, Mapping):
        raise BadOrder("__all__", "A JSON object is expected.")
    chosen = _formats(body.get("formats"), rules)
    items = _items(body.get("items"), chosen, rules)
    area = _area(body.get("extent"), rules)
    delivery = body.get("delivery") or {"method": "download"}  # CODE K3, K7: the only one seen
    if not isinstance(delivery, Mapping) or delivery.get("method") != "download":
        raise BadOrder("delivery", "Not a delivery method.")
    return Order(
        items=items,
        formats=chosen,
        crs=_crs(body.get("crs"), items, rules),
        area=area,
        extent=body.get("extent"),
        options=_options(body.get("options")),
        name=body.get("name") or None,
    )


def _formats(sent: Any, rules: Rules) -> dict[str, str]:
    if not isinstance(sent, Mapping) or not sent:
        raise BadOrder("formats", "This field is required.")
    known = formats(rules.pdf)
    for kind, mime in sent.items():
        if kind not in known:
            raise BadOrder("formats", f'"{kind}" is not a kind of data.')
        if mime not in known[kind]:
            raise BadOrder("formats", f'"{mime}" is not a valid choice for {kind}.')
    return dict(sent)


def _items(sent: Any, chosen: dict[str, str], rules: Rules) -> tuple[Ordered, ...]:
    if not isinstance(sent, list) or not sent:
        raise BadOrder("items", "This field is required.")
    return tuple(_item(entry, chosen, rules) for entry in sent)


def _item(entry: Any, chosen: dict[str, str], rules: Rules) -> Ordered:
    url = entry.get("item") if isinstance(entry, Mapping) else None
    match = ITEM_URL.fullmatch(url) if isinstance(url, str) else None
    # GUESS (unverified in all sources): a path without a host is refused like the address of another site.
    if not match or match["host"] != rules.site:
        raise BadOrder("items", f"Invalid item: {url!r} is not the API URL of a layer or table of this site.")
    if match["path"] not in BY_PATH:
        raise BadOrder("items", f"Invalid item: {url} does not exist.")
    item = BY_PATH[match["path"]]
    if item.kind not in chosen:  # CODE K11: grid for raster or the other way round is a 400
        raise BadOrder("formats", f"No format given for {item.kind} data: {item.title} is a {item.kind}.")
    if entry.get("color") is not None and not re.fullmatch(r"#[0-9A-Fa-f]{6}", str(entry["color"])):  # DOC K1
        raise BadOrder("items", f"Invalid color: {entry['color']!r}.")
    if "tile_id" in entry or "tiles" in entry:  # DOC K1 / CODE K7; GUESS: refused where a dataset has no tiles
        raise BadOrder("items", f"{item.title} has no tiles.")
    return Ordered(item, formats(rules.pdf)[item.kind][chosen[item.kind]], dict(entry))


def _crs(sent: Any, items: tuple[Ordered, ...], rules: Rules) -> str:
    """DOC K1: required, but for KML, which is WGS 84 whatever is sent. CODE K5: clients send none for tables."""
    if sent is None:
        needed = any(o.item.type == "layer" and not (o.offer.form and o.offer.form.wgs84) for o in items)
        if needed and rules.crs_required:
            raise BadOrder("crs", "This field is required.")
        return "EPSG:4326"
    if not isinstance(sent, str) or not re.fullmatch(r"EPSG:\d+", sent):
        raise BadOrder("crs", f"{sent!r} is not of the form EPSG:XXXX.")
    try:
        data.reference(sent)
    except ValueError as error:
        raise BadOrder("crs", f"{sent} is not a known coordinate reference system.") from error
    return sent


def _area(sent: Any, rules: Rules) -> Area | None:
    if sent is None:
        return None
    if isinstance(sent, str):  # DOC K1: the URL of a crop feature
        area = rules.crop_feature(sent)
        if area is None:
            raise BadOrder("extent", f"{sent} is not a crop feature of this site.")
        return area
    if not isinstance(sent, Mapping) or sent.get("type") not in ("Polygon", "MultiPolygon"):  # DOC K1: no Feature
        raise BadOrder("extent", "A GeoJSON Polygon or MultiPolygon geometry or the URL of a crop feature is expected.")
    area = {"type": sent["type"], "coordinates": sent.get("coordinates")}  # DOC K1: a crs member is ignored
    _check_positions(area, rules.max_vertices)
    try:
        data.geometry(area)
    except (ValueError, RuntimeError) as error:  # GUESS: what the service does with an invalid polygon is not known
        raise BadOrder("extent", f"Invalid extent: {error}.") from error
    return area


def _check_positions(area: Area, most: int) -> None:
    """Rings closed, lon and lat in range (GUESS); no more vertices than the limit (DOC K1), closing ones counted."""
    polygons = area["coordinates"] if area["type"] == "MultiPolygon" else [area["coordinates"]]
    count = 0
    try:
        for ring in (ring for polygon in polygons for ring in polygon):
            count += len(ring)
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise BadOrder("extent", "Invalid extent: a ring must be closed and have four positions or more.")
            if any(abs(lon) > 180 or abs(lat) > 90 for lon, lat, *_ in ring):
                raise BadOrder("extent", "Invalid extent: coordinates must be longitude and latitude in degrees.")
    except (TypeError, ValueError) as error:
        raise BadOrder("extent", "Invalid extent: not a GeoJSON geometry.") from error
    if count > most:
        raise BadOrder("extent", f"The extent has {count} vertices, the limit is {most}.")


def _options(sent: Any) -> dict[str, Any]:
    """DOC K1. Names that the page does not list are let through (GUESS)."""
    if sent is None:
        return {}
    if not isinstance(sent, Mapping):
        raise BadOrder("options", "An object is expected.")
    for name, value in sent.items():
        number = isinstance(value, int) and not isinstance(value, bool)
        wrong = (
            (name in PAGE and value not in PAGE[name])
            or (name in SWITCHES and not isinstance(value, bool))
            or (name == "pdf_raster_dpi" and not (number and value > 0))
            or (name == "raster_resolution_multiplier" and not (number and 1 <= value <= 16))
        )
        if wrong:
            raise BadOrder("options", f"{name}: {value!r} is not a valid value.")
    return dict(sent)
