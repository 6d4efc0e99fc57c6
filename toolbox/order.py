"""An algorithm for each service, made of what the service declares: order for an area, wait, give back what came.

Here is what Processing asks of it when QGIS starts; what a run does is in `ordering`, which comes with the first run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import Cancelled, ExportError
from .algorithm import CutoutAlgorithm
from .parameters import order_parameters, outputs

if TYPE_CHECKING:
    from ..bridge.accounts import Accounts
    from ..bridge.offers import Confirm
    from ..core.provider import Provider

translate = QCoreApplication.translate


class Order(CutoutAlgorithm):
    """cutout:<service>. left_open: called when a run ends with jobs that the dock may go on with. confirm: asks the
    person before something that costs money is ordered; None where there is nobody to ask, and who runs it agrees."""

    def __init__(
        self,
        service: type[Provider],
        accounts: Accounts,
        left_open: Callable[[], None],
        confirm: Confirm | None = None,
    ) -> None:
        super().__init__()
        self.service, self.accounts, self.left_open, self.confirm = service, accounts, left_open, confirm
        self.access: Callable[[], tuple[Provider, str]] = partial(_raise, ExportError("This was not prepared."))

    def createInstance(self) -> Order:
        return Order(self.service, self.accounts, self.left_open, self.confirm)

    def name(self) -> str:
        return self.service.id

    def displayName(self) -> str:
        return translate("Toolbox", "Order from {service}").format(service=self.service.title)

    def group(self) -> str:
        return translate("Toolbox", "Order")

    def groupId(self) -> str:
        return "order"

    def tags(self) -> list[str]:
        servers = (server.title for server in self.service.servers)
        words = translate("Toolbox", "order,export,download,area,clip,geodata").split(",")
        return [*words, self.service.title, *servers]

    def shortHelpString(self) -> str:
        text = translate(
            "Toolbox",
            "Orders from {service} for an area, waits for the files, and gives them back as layers. The order is in "
            "the list of the Cutout panel too, and outlives this run: cutout:collect goes on with it. Nothing is sent "
            "twice. It {cost} money; DRY_RUN tells what the service says beforehand."
        )  # fmt: skip
        cost = translate("Toolbox", "may cost") if self.service.can_cost else translate("Toolbox", "costs no")
        asked = translate(
            "Toolbox",
            "In QGIS you are asked once, with the sum, before anything that costs money is ordered. With qgis_process "
            "nobody is asked: the command is the consent."
        )  # fmt: skip
        return " ".join((text.format(service=self.service.title, cost=cost), asked if self.service.can_cost else ""))

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for definition in order_parameters(self.service):
            self.addParameter(definition)
        for output in outputs():
            self.addOutput(output)

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Refuses before the run what can be seen without asking the service, all of it at once."""
        from .ordering import problems

        found = problems(self, parameters, context)
        return not found, "\n".join(self.named(found, parameters))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Credentials are for the main thread. Why they can't be had is told in the run, where it is heard."""
        from .ordering import reached

        try:
            found = reached(self, parameters, context, feedback)
            self.access = lambda: found
        except (ExportError, Cancelled) as error:
            self.access = partial(_raise, error)
        return True

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        from .ordering import process

        return process(self, parameters, context, feedback)


def _raise(error: Exception) -> tuple[Provider, str]:
    raise error
