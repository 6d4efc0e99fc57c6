"""What is given for the parameters of an algorithm, read as values of JSON and checked.

QgsProcessingAlgorithm.checkParameterValues lets through what is read as something else later, on 3.22 as on 3.44: any
word as a boolean, any word as a CRS, NaN as a number, and any word as a number that is optional.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterNumber,
    QgsProperty,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QCoreApplication, QVariant

from ..core.errors import ExportError
from ..core.model import Json, OptionKind, several

translate = QCoreApplication.translate
WGS84 = "EPSG:4326"
FLAGS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
UNLIMITED = 1e300  # QGIS has the largest number there is where no limit is set
_BRACKETS = re.compile(r"[-+\d.,\seEnaif(]*\[(.*)\][\s)]*")


def is_given(value: Any) -> bool:
    """Nothing is said in many ways: no value, an empty text, NULL, a CRS or an extent that is none."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        return is_given(value.source)
    if isinstance(value, QgsProperty):
        return is_given(value.staticValue()) or bool(value.expressionString())
    return not (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (isinstance(value, (QVariant, QgsRectangle)) and value.isNull())
        or (isinstance(value, QgsCoordinateReferenceSystem) and not value.isValid())
    )


def refusal(name: str, text: str) -> ExportError:
    """Of what is given for a parameter."""
    return ExportError(f"{name}: {text}", about=name.lower())


class Given:
    """What somebody has given for the parameters of an algorithm, by their names."""

    def __init__(
        self, algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> None:
        self.algorithm, self.parameters, self.context = algorithm, dict(parameters), context

    def value(self, name: str) -> Any:
        """As it was given; None for nothing, in whichever way that is said."""
        value = self.parameters.get(name)
        if isinstance(value, QgsProperty):
            value, _ = value.value(self.context.expressionContext())
        return value if is_given(value) else None

    def read(self, name: str, kind: OptionKind) -> Json:
        """As an option of this kind; None where nothing is given. Errors: ExportError that names the parameter."""
        value = self.value(name)
        return None if value is None else _READERS[kind](self, name, value)

    def crs(self, name: str, found: QgsCoordinateReferenceSystem, is_on_globe: bool) -> QgsCoordinateReferenceSystem:
        """The CRS of a point or an extent: the one in brackets, else the one that QGIS found, which may be that of the
        project, else EPSG:4326 where the numbers can be longitudes and latitudes.

        QGIS takes brackets with a CRS that it doesn't know for none at all. Errors: ExportError.
        """
        value = self.value(name)
        brackets = _BRACKETS.fullmatch(value) if isinstance(value, str) else None
        if brackets:
            return self._known(name, brackets[1].strip(), QgsCoordinateReferenceSystem(brackets[1].strip()))
        if found.isValid():
            return found
        if is_on_globe:
            return QgsCoordinateReferenceSystem(WGS84)
        raise refusal(name, translate("Toolbox", "neither it nor the project has a CRS. Add one, like [EPSG:2193]."))

    def _known(self, name: str, value: Any, crs: QgsCoordinateReferenceSystem) -> QgsCoordinateReferenceSystem:
        if not crs.isValid():
            raise refusal(name, translate("Toolbox", "QGIS knows no CRS “{crs}”.").format(crs=value))
        return crs

    def _text(self, name: str, value: Any) -> str:
        if not isinstance(value, (str, int, float)):
            raise refusal(name, translate("Toolbox", "it must be a text."))
        return self.algorithm.parameterAsString(self.parameters, name, self.context).strip()

    def _items(self, name: str, value: Any) -> list[str]:
        return list(several(value))

    def _number(self, name: str, value: Any) -> float:
        definition = self.algorithm.parameterDefinition(name)
        is_whole = definition.dataType() == QgsProcessingParameterNumber.Type.Integer
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        fits = definition.minimum() <= number <= definition.maximum()  # NaN does not
        if not fits or not math.isfinite(number) or (is_whole and not number.is_integer()):
            raise refusal(name, _not_in_range(definition, is_whole, value))
        return int(number) if number.is_integer() else number

    def _flag(self, name: str, value: Any) -> bool:
        known = FLAGS.get(str(value).strip().lower())
        if known is None:
            text = translate("Toolbox", "“{value}” is neither true nor false.").format(value=value)
            raise refusal(name, text)
        return known

    def _choice(self, name: str, value: Any) -> str:
        return self._chosen(name, [value])[0]

    def _choices(self, name: str, value: Any) -> list[str]:
        return self._chosen(name, list(value) if isinstance(value, (list, tuple)) else str(value).split(","))

    def _chosen(self, name: str, values: list[Any]) -> list[str]:
        known = self.algorithm.parameterDefinition(name).options()
        for value in values:
            if value not in known:
                text = translate("Toolbox", "“{value}” is none of {known}.")
                raise refusal(name, text.format(value=value, known=", ".join(known)))
        return list(dict.fromkeys(values))

    def _crs(self, name: str, value: Any) -> str:
        crs = self._known(name, value, self.algorithm.parameterAsCrs(self.parameters, name, self.context))
        if not crs.authid() or crs.authid().startswith("USER:"):
            raise refusal(
                name, translate("Toolbox", "the CRS has no code of an authority, like EPSG:2193. Choose one that has.")
            )
        return str(crs.authid())

    def _point(self, name: str, value: Any) -> list[float]:
        """[lon, lat] in degrees."""
        point = self.algorithm.parameterAsPoint(self.parameters, name, self.context)
        if point.isEmpty() or not (math.isfinite(point.x()) and math.isfinite(point.y())):
            text = translate("Toolbox", "“{value}” is no point. Write it like 16.37,48.21 [EPSG:4326].")
            raise refusal(name, text.format(value=value))
        found = self.algorithm.parameterAsPointCrs(self.parameters, name, self.context)
        crs = self.crs(name, found, abs(point.x()) <= 180 and abs(point.y()) <= 90)
        to_lonlat = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem(WGS84), self.context.transformContext())
        try:
            lonlat = to_lonlat.transform(point)
        except QgsCsException:
            lonlat = None
        if lonlat is None or not (abs(lonlat.x()) <= 180 and abs(lonlat.y()) <= 90):
            text = translate("Toolbox", "“{value}” is not on the Earth, in {crs}.")
            raise refusal(name, text.format(value=value, crs=crs.userFriendlyIdentifier()))
        return [lonlat.x(), lonlat.y()]


_READERS: dict[OptionKind, Callable[[Given, str, Any], Json]] = {
    OptionKind.TEXT: Given._text,
    OptionKind.ITEM: Given._text,
    OptionKind.ITEMS: Given._items,
    OptionKind.NUMBER: Given._number,
    OptionKind.FLAG: Given._flag,
    OptionKind.CHOICE: Given._choice,
    OptionKind.CHOICES: Given._choices,
    OptionKind.CRS: Given._crs,
    OptionKind.POINT: Given._point,
}


def _not_in_range(definition: QgsProcessingParameterNumber, is_whole: bool, value: Any) -> str:
    low, high = definition.minimum(), definition.maximum()
    limits = ""
    if high < UNLIMITED:
        limits = translate("Toolbox", " from {low:g} to {high:g}").format(low=low, high=high)
    elif low > -UNLIMITED:
        limits = translate("Toolbox", " of at least {low:g}").format(low=low)
    whole = translate("Toolbox", "“{value}” is not a whole number{limits}.")
    decimal = translate("Toolbox", "“{value}” is not a number{limits}.")
    return (whole if is_whole else decimal).format(value=value, limits=limits)
