"""What the Koordinates stand-in says of a well-formed order before it takes it: name, size, price, reasons against it.

The document is answered with 200 at validate, and with 400 at create when it refuses (CODE K3, K4c, K13). The source
keys are those of koordinates.py.
"""

from __future__ import annotations

from typing import Any

from .data import geometry
from .koordinates_catalogue import slugify
from .koordinates_orders import Order, Ordered


def reasons(ordered: Ordered, order: Order) -> list[str]:
    """Why this item cannot be served. ``outside-extent`` is the only name that is attested (CODE K3, K18)."""
    found = []
    cropped = order.area if ordered.item.type == "layer" else None
    if cropped and geometry(cropped).Disjoint(geometry(ordered.item.extent)):
        found.append("outside-extent")
    if not ordered.offer.available:
        found.append("format-unavailable")  # GUESS: the stand-in has no driver for DWG, PDF and sometimes KEA
    return found


def size_estimate(ordered: Ordered, order: Order) -> int:
    """Bytes, zipped: the share of the layer's bounds that is asked for. GUESS, like any estimate."""
    whole = ordered.item.summary.size
    if not order.area or ordered.item.type == "table":
        return whole // 2
    bounds, area = geometry(ordered.item.extent), geometry(order.area)
    return int(whole * bounds.Intersection(area).GetArea() / bounds.GetArea() / 2)


def export_name(order: Order, prefix: str, always_codes: bool) -> str:
    """The name the service gives: prefix and sanitised name (CODE K3: "fred the export" -> kx-fred-the-export; LINZ
    has lds-, K8), or slug, number of layers and format codes (CODE K3, K4c: kx-new-zealand-2layers-JPEG-SHP)."""
    codes = "-".join(sorted({ordered.offer.code for ordered in order.items}))
    if order.name:
        return f"{prefix}-{slugify(order.name) or 'export'}" + (f"-{codes}" if always_codes else "")
    count = f"-{len(order.items)}layers" if len(order.items) > 1 else ""
    return f"{prefix}-{order.items[0].item.long_slug}{count}-{codes}"


def validation_document(order: Order, base: str, name: str, rich: bool, price: str, extra: list[str]) -> dict[str, Any]:
    """The answer of validate, and of create when it refuses. CODE K3; ``rich`` adds what koop demands of v1.x (B1).

    ``extra`` are reasons that concern the whole export (GUESS: their names are not known).
    """
    items = []
    for ordered in order.items:
        found = reasons(ordered, order)
        entry = {"item": ordered.sent["item"]}
        if "color" in ordered.sent:
            entry["color"] = ordered.sent["color"]
        entry.update(license=ordered.item.licence.document(base), price=price, is_valid=not found,
                     invalid_reasons=found)  # fmt: skip
        if rich:
            entry.update(currency="NZD", size_estimate_zipped=size_estimate(ordered, order))
        items.append(entry)
    valid = not extra and all(entry["is_valid"] for entry in items)
    document = {
        "items": items,
        "size_estimate_zipped": sum(size_estimate(o, order) for o in order.items) if valid else 0,
        "is_valid": valid,
        "invalid_reasons": extra,
    }
    if rich:
        document.update(suggested_crs=[], suggested_crs_vertical=[], name=name, zip_filename=f"{name}.zip",
                        delivery={"method": "download"}, courier_cost={})  # fmt: skip
    return document
