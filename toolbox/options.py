"""A parameter for each option that a service declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterPoint,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from ..core.model import Option, OptionKind

if TYPE_CHECKING:
    from ..core.provider import Provider

translate = QCoreApplication.translate


def option_parameters(service: type[Provider]) -> list[QgsProcessingParameterDefinition]:
    """Named as the options, in upper case. What only helps to find something in the dock is none."""
    return [_parameter(option, service) for option in service.options if not option.guide]


def _parameter(option: Option, service: type[Provider]) -> QgsProcessingParameterDefinition:
    label = translate("providers", option.label) + (f" ({option.unit})" if option.unit else "")
    parameter = _KINDS[option.kind](option.key.upper(), label, option)
    return told(parameter, translate("providers", option.help), *_conditions(option, service), advanced=option.advanced)


def _conditions(option: Option, service: type[Provider]) -> list[str]:
    """When the option matters, and what its values mean."""
    said = []
    if option.key in service.area.instead_of:
        said.append(translate("Toolbox", "Instead of AREA or EXTENT."))
    if option.for_kind:
        said.append(translate("Toolbox", "Only for {kind} data.").format(kind=option.for_kind))
    if option.with_any:
        several = translate("Toolbox", " or ").join(key.upper() for key in option.with_any)
        said.append(translate("Toolbox", "Only with {parameters}.").format(parameters=several))
    if option.unit:
        said.append(translate("Toolbox", "In {unit}.").format(unit=option.unit))
    values = [f"{choice.value}: {translate('providers', choice.label)}" for choice in option.choices]
    return [*said, f"{', '.join(values)}."] if values else said


def _text(name: str, label: str, option: Option) -> QgsProcessingParameterDefinition:
    default = ",".join(option.default) if isinstance(option.default, (list, tuple)) else option.default
    return QgsProcessingParameterString(name, label, default or None, False, not option.required)


def _number(name: str, label: str, option: Option) -> QgsProcessingParameterDefinition:
    """A length may have decimals; a count has none."""
    kinds = QgsProcessingParameterNumber.Type
    limits = {"minValue": option.minimum, "maxValue": option.maximum}
    given = {key: limit for key, limit in limits.items() if limit is not None}
    return QgsProcessingParameterNumber(
        name, label, kinds.Double if option.unit else kinds.Integer, option.default, **given
    )


def _flag(name: str, label: str, option: Option) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterBoolean(name, label, bool(option.default))


def _choice(name: str, label: str, option: Option) -> QgsProcessingParameterDefinition:
    return _enum(name, label, option, option.default, several=False)


def _choices(name: str, label: str, option: Option) -> QgsProcessingParameterDefinition:
    return _enum(name, label, option, list(option.default), several=True)


def _enum(name: str, label: str, option: Option, default: Any, several: bool) -> QgsProcessingParameterDefinition:
    values = [choice.value for choice in option.choices]
    return QgsProcessingParameterEnum(name, label, values, several, default, False, True)


def _crs(name: str, label: str, option: Option) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterCrs(name, label, option.default or None, True)


def _point(name: str, label: str, option: Option) -> QgsProcessingParameterDefinition:
    default = "{},{} [EPSG:4326]".format(*option.default) if option.default else None
    return QgsProcessingParameterPoint(name, label, default, True)


_KINDS: dict[OptionKind, Callable[[str, str, Option], QgsProcessingParameterDefinition]] = {
    OptionKind.TEXT: _text,
    OptionKind.ITEMS: _text,
    OptionKind.ITEM: _text,
    OptionKind.NUMBER: _number,
    OptionKind.FLAG: _flag,
    OptionKind.CHOICE: _choice,
    OptionKind.CHOICES: _choices,
    OptionKind.CRS: _crs,
    OptionKind.POINT: _point,
}


def told(
    parameter: QgsProcessingParameterDefinition, *help: str, advanced: bool = False
) -> QgsProcessingParameterDefinition:
    """With its help, a sentence each, and among the advanced ones."""
    parameter.setHelp(" ".join(filter(None, help)))
    if advanced:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
