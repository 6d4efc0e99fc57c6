"""An algorithm for each service, made of what the service declares: order for an area, wait, give back what came."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.access import access
from ..bridge.accounts import Accounts, normal_server
from ..bridge.folders import check_room, downloads, store_path
from ..bridge.runs import Run, is_accepted, is_over
from ..bridge.threads import on_main_thread
from ..core.errors import Cancelled, ExportError
from ..core.model import Agreement, ExportRequest, JobState, about
from ..core.provider import Provider
from ..core.store import Store
from .algorithm import CutoutAlgorithm
from .areas import SOMEWHERE, area_problem, places
from .consent import agreements
from .following import arrived, conclude, delivery, followed, hand_over, merged, offered, outcome, price
from .given import Given
from .loading import offer
from .lots import Lots, lots, verdict
from .parameters import order_parameters, outputs
from .values import option_values, usable_values, value_problems

if TYPE_CHECKING:
    from ..bridge.offers import Confirm

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
        self.service, self._accounts, self._left_open, self._confirm = service, accounts, left_open, confirm
        self._access: Callable[[], tuple[Provider, str]] = partial(_raise, ExportError("This was not prepared."))

    def createInstance(self) -> Order:
        return Order(self.service, self._accounts, self._left_open, self._confirm)

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
        problems: list[Any] = list(value_problems(self, self.service, parameters, context))
        fine, reason = (True, "") if problems else super().checkParameterValues(parameters, context)
        area = area_problem(self, self.service, parameters, context) if fine else reason
        told = {"area"} if area else {error.about for error in problems}
        problems += filter(None, [area])
        problems += [one for one in self._offline_problems(parameters, context) if about(one) not in told]
        return not problems, "\n".join(self.named(problems, parameters))

    def _offline_problems(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Sequence[Any]:
        try:
            server = self._server(parameters, context)
        except ExportError as error:
            return [error]
        options = usable_values(self, self.service, parameters, context)
        has_area = any(Given(self, parameters, context).value(name) is not None for name in ("AREA", "EXTENT"))
        area = SOMEWHERE if has_area else None
        return self.service.check(ExportRequest(self.service.id, server, options, area))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Credentials are for the main thread. Why they can't be had is told in the run, where it is heard."""
        server = self.parameterAsString(parameters, "SERVER", context)
        authcfg = self.parameterAsString(parameters, "AUTHCFG", context)
        try:
            work = partial(access, self._accounts, self.service, server, authcfg)
            found = on_main_thread(work, feedback.isCanceled)
            self._access = lambda: found
        except (ExportError, Cancelled) as error:
            self._access = partial(_raise, error)
        return True

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        request, found = self._request(parameters, context), places(self, parameters, context)
        wanted, given = delivery(self, parameters, context)
        folder = given or downloads()
        provider, authcfg = self._access()
        is_wanted = partial(self.parameterAsBoolean, parameters, context=context)
        is_waited_for = is_wanted("WAIT")
        with Run(Store(store_path()), folder, feedback) as run:
            (every,) = run.work(partial(lots, self.service, found, request))
            if is_wanted("DRY_RUN"):
                return {"OUTPUT": str(folder), **self._priced(run, provider, every, parameters)}
            agreed = iter(self._agree(run, provider, every, folder, parameters))
            if wanted.clip and all(lot.request.area is None for lot in every.lots):
                feedback.pushWarning(translate("Toolbox", "CLIP has no effect without AREA or EXTENT."))
            for lot in every.lots:
                job = lot.job(authcfg, wanted, time.time())
                run.order(job if lot.problem else replace(job, agreed=next(agreed)), provider)
            minutes = self.parameterAsDouble(parameters, "TIMEOUT", context)
            why = followed(run, is_over if is_waited_for else is_accepted, minutes)
            names = {place.name or self.service.title for place in found}
            title = names.pop() if len(names) == 1 else self.service.title
            arrivals = merged(run, folder, title) if is_wanted("MERGE") and not why else arrived(run)
        hand_over(self._left_open)
        conclude(run, is_waited_for, why)
        for job, arrival in arrivals:
            offer(job, arrival, context)
        return {**outcome(run.jobs, arrivals), "AREA_KM2": every.km2}

    def _priced(self, run: Run, provider: Provider, every: Lots, parameters: dict[str, Any]) -> dict[str, Any]:
        """What a run without an order gives. Errors: QgsProcessingException with every problem at once."""
        verdicts = run.work(*(partial(verdict, provider, lot) for lot in every.usable))
        problems = list(every.problems)
        for lot, one in zip(every.usable, verdicts):
            problems += map(lot.saying, one.quote.problems)
            for note in (*lot.notes, *one.notes, offered(one.quote)):
                run.feedback.pushInfo(lot.saying(note))
        if problems:
            raise self.refusal(problems, parameters)
        quotes = [one.quote for one in verdicts]
        return {"JOB_ID": "", "STATE": JobState.NEW.value, "LAYERS": [], "AREA_KM2": every.km2, **price(quotes)}

    def _agree(
        self, run: Run, provider: Provider, every: Lots, folder: Path, parameters: dict[str, Any]
    ) -> Sequence[Agreement | None]:
        """Asks once before anything is ordered: what the service says of the first lot holds for all, but for what is
        about its area. Gives what each usable lot may cost, None where nobody is asked.

        Errors: QgsProcessingException, ExportError, Cancelled.
        """
        if not every.usable:
            raise self.refusal(every.problems, parameters)
        lot, is_alone = every.usable[0], len(every.lots) == 1
        (first,) = run.work(partial(verdict, provider, lot))
        problems = [problem for problem in first.quote.problems if is_alone or about(problem) != "area"]
        if problems:
            raise self.refusal(problems, parameters)
        for note in (*lot.notes, *first.notes) if is_alone else ():
            run.feedback.pushInfo(note)
        run.work(partial(check_room, folder, first.quote.size))
        if self._confirm is None:
            return [None] * len(every.usable)
        return agreements(run, self._confirm, provider, every, first)

    def _request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> ExportRequest:
        """What all lots have in common. Errors: ExportError."""
        server, options = self._server(parameters, context), option_values(self, self.service, parameters, context)
        return ExportRequest(self.service.id, server, options, title=self.service.title)

    def _server(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        try:
            return normal_server(self.parameterAsString(parameters, "SERVER", context))
        except ExportError as error:
            raise ExportError(error.message, error.advice, about="server") from error


def _raise(error: Exception) -> tuple[Provider, str]:
    raise error
