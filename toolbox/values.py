"""What is given for a service's options, as JSON values, and why it can't be used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..core.errors import ExportError
from ..core.model import Json, Option, OptionKind
from .given import Given

if TYPE_CHECKING:
    from ..core.provider import Provider

CHECKED = {"boolean": OptionKind.FLAG, "number": OptionKind.NUMBER}  # of the parameters that all algorithms have


def option_values(
    algorithm: QgsProcessingAlgorithm,
    service: type[Provider],
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
) -> dict[str, Json]:
    """By the keys of the options: what is given, else the declared default. Errors: ExportError."""
    given = Given(algorithm, parameters, context)
    return dict(_values(service, lambda option: given.read(option.key.upper(), option.kind)))


def usable_values(
    algorithm: QgsProcessingAlgorithm,
    service: type[Provider],
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
) -> dict[str, Json]:
    """The same, with the default also for what can't be used: so that the rest can be checked."""
    given = Given(algorithm, parameters, context)

    def read(option: Option) -> Json:
        try:
            return given.read(option.key.upper(), option.kind)
        except ExportError:
            return None

    return dict(_values(service, read))


def _values(service: type[Provider], read: Callable[[Option], Json]) -> Iterator[tuple[str, Json]]:
    for option in service.options:
        if not option.guide:
            value = read(option)
            default = list(option.default) if isinstance(option.default, tuple) else option.default
            yield option.key, default if value is None else value


def value_problems(
    algorithm: QgsProcessingAlgorithm,
    service: type[Provider] | None,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
) -> Iterator[ExportError]:
    """Why what is given can't be used, for each parameter of which that is so. service: None for no options."""
    definitions = algorithm.parameterDefinitions()
    kinds = {each.name(): CHECKED[each.type()] for each in definitions if each.type() in CHECKED}
    for option in service.options if service else ():
        if not option.guide:
            kinds[option.key.upper()] = option.kind
    given = Given(algorithm, parameters, context)
    for name, kind in kinds.items():
        try:
            given.read(name, kind)
        except ExportError as error:
            yield error
