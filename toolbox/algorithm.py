"""What all algorithms have in common: the icon, the help, and how a failure is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from ..bridge.needs import missing
from ..core.errors import Cancelled, ExportError
from ..core.model import about
from .signals import cancelled_by_signals

translate = QCoreApplication.translate

ICON = str(Path(__file__).parent.parent / "icon.svg")
DOCS = "https://github.com/cutout-qgis/cutout/blob/main/docs/processing.md"
PLACES = {"account": "AUTHCFG", "server": "SERVER"}  # what a problem may be about besides options and the area


class CutoutAlgorithm(QgsProcessingAlgorithm):
    """An algorithm ends with one sentence for the person that names the parameter, never with a traceback."""

    def icon(self) -> QIcon:
        return QIcon(ICON)

    def svgIconPath(self) -> str:
        return ICON

    def helpUrl(self) -> str:
        return f"{DOCS}#cutout{self.name()}"

    def canExecute(self) -> tuple[bool, str]:
        return not missing(), missing()

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        with cancelled_by_signals(feedback):
            try:
                return self.process(parameters, context, feedback)
            except QgsProcessingException:
                raise
            except Cancelled:
                raise QgsProcessingException(translate("Toolbox", "Stopped. Nothing was ordered.")) from None
            except ExportError as error:
                raise self.refusal([error], parameters) from error
            except Exception as error:  # noqa: BLE001 - the one place where an algorithm's bugs end
                from ..bridge.tasks import unexpected

                raise QgsProcessingException(str(unexpected(error))) from error

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """As processAlgorithm. Errors: ExportError and Cancelled besides."""
        raise NotImplementedError

    def refusal(self, problems: Iterable[ExportError | str], parameters: Mapping[str, Any]) -> QgsProcessingException:
        """All problems (sentences or errors), each after the parameter that it is about."""
        return QgsProcessingException("\n".join(self.named(problems, parameters)))

    def named(self, problems: Iterable[ExportError | str], parameters: Mapping[str, Any]) -> list[str]:
        """The problems as sentences, each once: `ITEMS: There is no layer 999 at data.linz.govt.nz.`"""
        lines = []
        for problem in problems:
            what = problem.about if isinstance(problem, ExportError) else about(problem)
            area = "EXTENT" if parameters.get("EXTENT") not in (None, "") else "AREA"
            name = area if what == "area" else PLACES.get(what, what.upper())
            text = str(problem)
            lines.append(f"{name}: {text}" if self.parameterDefinition(name) and name not in text else text)
        return list(dict.fromkeys(lines))
