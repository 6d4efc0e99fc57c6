"""The areas of a run: AREA and EXTENT as they were given, each with the title that its order gets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.areas import AreaSource, from_bounds, from_features
from ..core.errors import AreaError, ExportError
from ..core.model import ExportRequest, Json, OptionKind
from .given import Given
from .titles import Titles
from .values import usable_values

if TYPE_CHECKING:
    from ..core.provider import Provider

translate = QCoreApplication.translate

# Any area, where only the rest of an order is to be checked.
SOMEWHERE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
# What is wrong with a ring is repaired later; QGIS would end the run for it.
AS_THEY_ARE = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
_NUMBER = r"\s*([-+]?(?:nan|inf|[\d.]+(?:e[-+]?\d+)?))\s*"
_BOUNDS = re.compile(rf"{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}(?:\[.*\]\s*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """One area to order. number: the position of its feature from 1, 0 where it isn't one of several.

    source: None for an order without an area, or for a problem: why this one can't be ordered.
    """

    number: int
    name: str
    source: AreaSource | None = None
    problem: str = ""


def places(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
) -> list[Place]:
    """What a run is to order: a place for AREA or each of its features, or one for EXTENT or for no area at all.

    Errors: AreaError where there is nothing to order, ExportError for a NAME or a CRS that can't be understood; each
    names the parameter.
    """
    given = Given(algorithm, parameters, context)
    if given.value("AREA") is None:
        source = None if given.value("EXTENT") is None else _extent(given)
        return [Place(0, Titles(given).title(), source)]
    layer = _opened(given)
    titles = Titles(given, layer)
    try:
        return _each(layer, titles) if given.read("PER_FEATURE", OptionKind.FLAG) else [_all(layer, titles)]
    except AreaError as error:
        raise AreaError(f"AREA: {error.message}", error.advice) from error


def area_problem(
    algorithm: QgsProcessingAlgorithm,
    service: type[Provider],
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
) -> str:
    """Why what is given as an area doesn't go together; empty where it does."""
    given = Given(algorithm, parameters, context)
    ways = ["AREA", "EXTENT", *(key.upper() for key in service.area.instead_of)]
    taken = [name for name in ways if given.value(name) is not None]
    if len(taken) > 1:
        return translate("Toolbox", "Give only one of {names}.").format(names=", ".join(taken))
    if "AREA" not in taken and _is_for_each(given):
        return translate("Toolbox", "PER_FEATURE needs AREA, the features of which it orders for.")
    if not taken and _needs_area(service, usable_values(algorithm, service, parameters, context)):
        return translate("Toolbox", "An area is missing: give one of {names}.").format(names=", ".join(ways))
    try:
        if "AREA" in taken:
            _opened(given)
    except AreaError as error:
        return str(error)
    return ""


def _is_for_each(given: Given) -> bool:
    try:
        return bool(given.read("PER_FEATURE", OptionKind.FLAG))
    except ExportError:  # which value_problems tells
        return False


def _needs_area(service: type[Provider], options: Mapping[str, Json]) -> bool:
    """Whether the service has less to say against the order once it has an area: it needs none for tables, say."""
    request = ExportRequest(service.id, "", options)
    remaining = service.check(replace(request, area=SOMEWHERE))
    return service.area.required and not set(service.check(request)) <= set(remaining)


def _opened(given: Given) -> QgsProcessingFeatureSource:
    layer = given.algorithm.parameterAsSource(given.parameters, "AREA", given.context)
    value = given.value("AREA")
    is_broken = isinstance(value, QgsMapLayer) and not value.isValid()
    if layer is None or is_broken:
        raise AreaError(given.algorithm.invalidSourceError(given.parameters, "AREA"))
    if QgsWkbTypes.geometryType(layer.wkbType()) != QgsWkbTypes.GeometryType.PolygonGeometry:
        text = translate("Toolbox", "AREA: {layer} has no polygons.").format(layer=layer.sourceName())
        raise AreaError(text, translate("Toolbox", "Choose a polygon layer."))
    if not layer.featureCount():
        is_selection = isinstance(value, QgsProcessingFeatureSourceDefinition) and value.selectedFeaturesOnly
        if is_selection:
            text = translate("Toolbox", "AREA: Nothing is selected in {layer}.")
        else:
            text = translate("Toolbox", "AREA: {layer} has no features.")
        raise AreaError(text.format(layer=layer.sourceName()))
    return layer


def _features(layer: QgsProcessingFeatureSource) -> Iterator[QgsFeature]:
    return layer.getFeatures(QgsFeatureRequest(), AS_THEY_ARE)


def _all(layer: QgsProcessingFeatureSource, titles: Titles) -> Place:
    """All features as one area. Only one that is alone is what expressions in the title are about."""
    first = list(layer.getFeatures(QgsFeatureRequest().setLimit(2), AS_THEY_ARE))
    title = titles.title(first[0] if len(first) == 1 else None)
    return Place(0, title, from_features(_features(layer), layer.sourceCrs(), layer.sourceName()))


def _each(layer: QgsProcessingFeatureSource, titles: Titles) -> list[Place]:
    found = []
    for number, feature in enumerate(_features(layer), 1):
        title = titles.title(feature, number)
        if feature.geometry().isEmpty():  # as a missing one is
            text = translate("Toolbox", "Feature {number} has no geometry.").format(number=number)
            found.append(Place(number, title, problem=text))
        else:
            source = from_features([feature], layer.sourceCrs(), layer.sourceName())
            found.append(Place(number, title, source))
    if all(place.problem for place in found):
        text = translate("Toolbox", "The features of {layer} have no geometry.")
        raise AreaError(text.format(layer=layer.sourceName()))
    return found


def _extent(given: Given) -> AreaSource:
    """QGIS would turn one with west greater than east into the rest of the globe, so that numbers are read here."""
    value, around = given.value("EXTENT"), (given.parameters, "EXTENT", given.context)
    written = _BOUNDS.fullmatch(value) if isinstance(value, str) else None
    if written:
        west, east, south, north = map(float, written.groups())
    else:
        box = given.algorithm.parameterAsExtent(*around)
        west, east, south, north = box.xMinimum(), box.xMaximum(), box.yMinimum(), box.yMaximum()
        if box.isNull():
            text = translate("Toolbox", "EXTENT: “{value}” is not an extent.").format(value=value)
            raise AreaError(text, translate("Toolbox", "Write it like 174.7,174.8,-41.3,-41.2 [EPSG:4326]."))
    is_beyond = any(abs(x) > 180 for x in (west, east)) or any(abs(y) > 90 for y in (south, north))
    crs = given.crs("EXTENT", given.algorithm.parameterAsExtentCrs(*around), not is_beyond)
    return from_bounds((west, south, east, north), crs, "EXTENT")
