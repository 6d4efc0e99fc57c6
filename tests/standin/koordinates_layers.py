"""The addresses of layers, tables, licences and crop layers, and lists in pages, of the Koordinates stand-in.

Plain functions of the request: ``g`` holds the site, its settings, the base address and whether the version is the
rich one, as Koordinates sets them. The source keys are those of koordinates.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, g, jsonify, request

from .data import Area
from .koordinates_catalogue import BY_PATH, CROP_LAYER_ID, ITEMS, LICENCES, Item
from .koordinates_documents import crop_features, crop_layer, detail, list_entry

Found = TypeVar("Found")


class NotThere(Exception):
    """There is no such thing, or no such page of it."""


def found(thing: Found | None) -> Found:
    if thing is None:
        raise NotThere("Not found.")
    return thing


def paged(things: list[Any], show: Callable[[Any], Any]) -> Response:
    """One page as JSON; ``show`` is called for the things of that page only.

    DOC K2: X-Paginate-By, X-Resource-Range (half-open), Link with page-next and page-last. GUESS: 404 behind the last.
    """
    size, page = _number("page_size", g.settings.page_size), _number("page", 1)
    pages = max(1, math.ceil(len(things) / size))
    if page > pages:
        raise NotThere("Invalid page.")
    start, end = (page - 1) * size, min(page * size, len(things))
    response = jsonify([show(thing) for thing in things[start:end]])
    response.headers["X-Paginate-By"] = str(size)
    response.headers["X-Resource-Range"] = f"{start}-{end}/{len(things)}"
    links = {"page-next": page + 1, "page-last": pages} if page < pages else {}
    if page > 1:
        links["page-previous"] = page - 1
    for relation, target in links.items():
        query = urlencode([(k, v) for k, v in request.args.items(multi=True) if k != "page"] + [("page", str(target))])
        response.headers.add("Link", f'<{g.site}{request.path}?{query}>; rel="{relation}"')
    return response


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise NotThere("Invalid page.")
    return int(text)


# --- layers and tables --------------------------------------------------------------------------------------------


def catalogue(kind: str) -> Response:
    """Filters q, kind, type, id and sort by name (CODE K3, K4, K5); details with ``Expand: list`` (DOC K2)."""
    items = [item for item in ITEMS if kind in ("data", item.type + "s")]
    for word in request.args.get("q", "").lower().split():
        items = [item for item in items if word in f"{item.title} {item.description}".lower()]
    for name in ("kind", "type", "id"):
        if name in request.args:
            items = [item for item in items if str(getattr(item, name)) in request.args.getlist(name)]
    sort = request.args.get("sort", "")
    if sort.lstrip("-") == "name":
        items = sorted(items, key=lambda item: item.title, reverse=sort.startswith("-"))
    expand = "list" in request.headers.get("Expand", "").split(",")
    return paged(items, _document if expand else lambda item: list_entry(item, g.base))


def _document(item: Item) -> dict[str, Any]:
    return detail(item, g.base, g.rich, g.settings.pdf)


def item(kind: str, number: int) -> Response:
    return jsonify(_document(found(BY_PATH.get(f"{kind}/{number}/"))))


def services(kind: str, number: int) -> Response:
    """CODE K5: kapipy asks which services a layer has. None here: exports are all that the stand-in serves."""
    found(BY_PATH.get(f"{kind}/{number}/"))
    return jsonify([])


def licence(number: int) -> Response:
    return jsonify(found(LICENCES.get(number)).document(g.base))


# --- crop layers --------------------------------------------------------------------------------------------------


def list_crop_layers() -> Response:
    return paged([crop_layer(g.base)], dict)


def one_crop_layer(layer: int) -> Response:
    return jsonify(found(crop_layer(g.base) if layer == CROP_LAYER_ID else None))


def list_crop_features(layer: int) -> Response:
    """CODE K3: the list leaves the geometry out."""
    features = found(crop_features(g.base) if layer == CROP_LAYER_ID else None)
    return paged(features, lambda feature: {name: feature[name] for name in ("id", "name", "url")})


def one_crop_feature(layer: int, number: int) -> Response:
    features = crop_features(g.base) if layer == CROP_LAYER_ID else []
    return jsonify(found(next((feature for feature in features if feature["id"] == number), None)))


def crop_area(url: str, site: str) -> Area | None:
    """The geometry of the crop feature at this address of the site, in either version of the API."""
    features = [*crop_features(f"{site}/services/api/v1"), *crop_features(f"{site}/services/api/v1.x")]
    return next((feature["geometry"] for feature in features if feature["url"] == url), None)


ROUTES: dict[str, Callable[..., Any]] = {
    "<any(data, layers, tables):kind>/": catalogue,
    "<any(layers, tables):kind>/<int:number>/": item,
    "<any(layers, tables):kind>/<int:number>/services/": services,
    "licenses/<int:number>/": licence,
    "exports/croplayers/": list_crop_layers,
    "exports/croplayers/<int:layer>/": one_crop_layer,
    "exports/croplayers/<int:layer>/cropfeatures/": list_crop_features,
    "exports/croplayers/<int:layer>/cropfeatures/<int:number>/": one_crop_feature,
}
