"""An algorithm that orders nothing: it has the parameters of a service's and tells what was read from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsProcessingException, QgsProcessingProvider

from cutout.core.errors import ExportError
from cutout.core.provider import Provider
from cutout.providers import services
from cutout.toolbox.areas import Place, area_problem, places
from cutout.toolbox.parameters import collect_parameters, order_parameters, outputs
from cutout.toolbox.values import option_values, value_problems


@dataclass
class Seen:
    """What the last run was given."""

    options: Mapping[str, Any] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)


class Trial(QgsProcessingAlgorithm):
    def __init__(self, service: type[Provider], seen: Seen) -> None:
        super().__init__()
        self.service, self.seen = service, seen

    def createInstance(self) -> Trial:
        return Trial(self.service, self.seen)

    def name(self) -> str:
        return self.service.id

    def displayName(self) -> str:
        return self.service.title

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for definition in order_parameters(self.service):
            assert self.addParameter(definition)
        for output in outputs():
            assert self.addOutput(output)

    def checkParameterValues(self, parameters: dict[str, Any], context: Any) -> tuple[bool, str]:
        problem = area_problem(self, self.service, parameters, context)
        problems = [problem, *map(str, value_problems(self, self.service, parameters, context))]
        text = "\n".join(filter(None, problems))
        return (False, text) if text else super().checkParameterValues(parameters, context)

    def processAlgorithm(self, parameters: dict[str, Any], context: Any, feedback: Any) -> dict[str, Any]:
        try:
            self.seen.options = option_values(self, self.service, parameters, context)
            self.seen.places = places(self, parameters, context)
        except ExportError as error:
            raise QgsProcessingException(str(error)) from error
        return {"JOB_ID": "x", "STATE": "new", "LAYERS": []}


class Collecting(QgsProcessingAlgorithm):
    def createInstance(self) -> Collecting:
        return Collecting()

    def name(self) -> str:
        return "collect"

    def displayName(self) -> str:
        return "Collect"

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for definition in collect_parameters():
            assert self.addParameter(definition)

    def checkParameterValues(self, parameters: dict[str, Any], context: Any) -> tuple[bool, str]:
        text = "\n".join(map(str, value_problems(self, None, parameters, context)))
        return (False, text) if text else super().checkParameterValues(parameters, context)

    def processAlgorithm(self, parameters: dict[str, Any], context: Any, feedback: Any) -> dict[str, Any]:
        return {"OUTPUT": self.parameterAsString(parameters, "OUTPUT", context)}


class Trials(QgsProcessingProvider):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()

    def id(self) -> str:
        return "trial"

    def name(self) -> str:
        return "Trial"

    def loadAlgorithms(self) -> None:
        for service in services().values():
            self.addAlgorithm(Trial(service, self.seen))
        self.addAlgorithm(Collecting())


Run = Callable[..., Seen]


@contextmanager
def in_toolbox() -> Iterator[Run]:
    """run(service, AREA=..., ...) -> Seen, through the registry. Errors: QgsProcessingException."""
    import processing

    provider = Trials()
    QgsApplication.processingRegistry().addProvider(provider)

    def run(name: str, **parameters: Any) -> Seen:
        processing.run(f"trial:{name}", parameters)
        return provider.seen

    try:
        yield run
    finally:
        QgsApplication.processingRegistry().removeProvider(provider)
