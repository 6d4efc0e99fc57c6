"""The ground of an order in words, from whatever is known of it."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import QCoreApplication

from ..core.model import ExportRequest, Json, Option, OptionKind
from ..core.provider import AreaKind, Provider
from .figures import area_text
from .point_text import point_text

translate = QCoreApplication.translate


def replacing(service: type[Provider] | Provider, options: Mapping[str, Json]) -> Option | None:
    """The option that stands in for the area; None while none of them has a value."""
    able = (option for option in service.options if option.key in service.area.instead_of)
    return next((option for option in able if options.get(option.key)), None)


def area_words(service: type[Provider] | Provider, request: ExportRequest, km2: float | None) -> str:
    """`12.3 km²`, `500 m × 400 m, Stephansplatz 1`, or that it is the whole."""
    place = replacing(service, request.options)
    if km2 is not None and place is None:
        return area_text(km2)
    if place is not None:
        sides = " × ".join(
            f"{request.options[side.key]:g} {side.unit}"
            for side in _sides(service, place)
            if side.key in request.options
        )
        value = request.options[place.key]
        where = point_text(value) if place.kind is OptionKind.POINT else str(value)
        return ", ".join(filter(None, (sides, area_text(km2) if km2 is not None else "", where)))
    if service.area.kind is AreaKind.NONE:
        return translate("CutoutArea", "the whole model")
    return translate("CutoutArea", "everything there is")


def _sides(service: type[Provider] | Provider, place: Option) -> list[Option]:
    """The lengths that matter beside the option."""
    return [one for one in service.options if one.kind is OptionKind.NUMBER and one.unit and place.key in one.with_any]
