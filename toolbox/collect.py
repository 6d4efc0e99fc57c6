"""cutout:collect: go on with jobs of the list, whoever has ordered them, and give back what came.

Here is what Processing asks of it when QGIS starts; what a run does is in `collecting`, which comes with the first run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import Cancelled, ExportError
from .algorithm import CutoutAlgorithm
from .parameters import collect_parameters, outputs

if TYPE_CHECKING:
    from ..bridge.accounts import Accounts
    from .collecting import Found

translate = QCoreApplication.translate


class Collect(CutoutAlgorithm):
    """left_open: called when a run ends with jobs that the dock may go on with."""

    def __init__(self, accounts: Accounts, left_open: Callable[[], None]) -> None:
        super().__init__()
        self.accounts, self.left_open = accounts, left_open
        self.found: Callable[[], Sequence[Found]] = tuple

    def createInstance(self) -> Collect:
        return Collect(self.accounts, self.left_open)

    def name(self) -> str:
        return "collect"

    def displayName(self) -> str:
        return translate("Toolbox", "Collect what was ordered")

    def group(self) -> str:
        return translate("Toolbox", "Jobs")

    def groupId(self) -> str:
        return "jobs"

    def tags(self) -> list[str]:
        return translate("Toolbox", "job,order,export,download,resume,wait").split(",")

    def shortHelpString(self) -> str:
        return translate(
            "Toolbox",
            "Waits for orders that were placed before, in the Cutout panel, by a model or by a script, fetches their "
            "files, and gives them back as layers. An order whose answer was lost is looked for at its service. "
            "Nothing is sent twice, and what has been fetched already is not fetched again."
        )  # fmt: skip

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for definition in collect_parameters():
            self.addParameter(definition)
        for output in outputs():
            self.addOutput(output)

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        from .values import value_problems

        problems = list(value_problems(self, None, parameters, context))
        if problems:
            return False, "\n".join(self.named(problems, parameters))
        return super().checkParameterValues(parameters, context)

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Credentials are for the main thread. Why they can't be had is told in the run, where it is heard."""
        from .collecting import looked_up

        try:
            found = looked_up(self, parameters, context, feedback)
            self.found = lambda: found
        except (ExportError, Cancelled) as error:
            self.found = partial(_raise, error)
        return True

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        from .collecting import process

        return process(self, parameters, context, feedback)


def _raise(error: Exception) -> Sequence[Found]:
    raise error
