"""A run of an algorithm that orders: what is checked before it, and all that it does.

Imported with the first run, and all of it then: the plugin may be unloaded while a run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.access import access
from ..bridge.accounts import normal_server
from ..bridge.folders import check_room, downloads, store_path
from ..bridge.runs import Run, is_accepted, is_over
from ..bridge.threads import on_main_thread
from ..core.errors import ExportError
from ..core.model import Agreement, ExportRequest, JobState, about
from ..core.provider import Provider
from ..core.store import Store
from .areas import SOMEWHERE, area_problem, places
from .consent import agreements
from .following import arrived, conclude, delivery, followed, hand_over, merged, offered, outcome, price
from .given import Given
from .loading import offer
from .lots import Lots, lots, verdict
from .values import option_values, usable_values, value_problems

if TYPE_CHECKING:
    from .order import Order

translate = QCoreApplication.translate


def problems(order: Order, parameters: dict[str, Any], context: QgsProcessingContext) -> Sequence[Any]:
    """What can be seen before the run without asking the service, all of it at once: sentences and ExportErrors."""
    found: list[Any] = list(value_problems(order, order.service, parameters, context))
    # What QGIS itself checks, which the algorithm's own method adds to.
    fine, reason = (True, "") if found else QgsProcessingAlgorithm.checkParameterValues(order, parameters, context)
    area = area_problem(order, order.service, parameters, context) if fine else reason
    told = {"area"} if area else {error.about for error in found}
    found += filter(None, [area])
    return found + [one for one in _offline_problems(order, parameters, context) if about(one) not in told]


def reached(
    order: Order, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> tuple[Provider, str]:
    """The service, ready for other threads, and the auth config of the jobs. Errors: ExportError, Cancelled."""
    server = order.parameterAsString(parameters, "SERVER", context)
    authcfg = order.parameterAsString(parameters, "AUTHCFG", context)
    return on_main_thread(partial(access, order.accounts, order.service, server, authcfg), feedback.isCanceled)


def process(
    order: Order, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> dict[str, Any]:
    """The outputs. Errors: QgsProcessingException, ExportError, Cancelled."""
    request, found = _request(order, parameters, context), places(order, parameters, context)
    wanted, given = delivery(order, parameters, context)
    folder = given or downloads()
    provider, authcfg = order.access()
    is_wanted = partial(order.parameterAsBoolean, parameters, context=context)
    is_waited_for = is_wanted("WAIT")
    with Run(Store(store_path()), folder, feedback) as run:
        (every,) = run.work(partial(lots, order.service, found, request))
        if is_wanted("DRY_RUN"):
            return {"OUTPUT": str(folder), **_priced(order, run, provider, every, parameters)}
        agreed = iter(_agree(order, run, provider, every, folder, parameters))
        if wanted.clip and all(lot.request.area is None for lot in every.lots):
            feedback.pushWarning(translate("Toolbox", "CLIP has no effect without AREA or EXTENT."))
        for lot in every.lots:
            job = lot.job(authcfg, wanted, time.time())
            run.order(job if lot.problem else replace(job, agreed=next(agreed)), provider)
        minutes = order.parameterAsDouble(parameters, "TIMEOUT", context)
        why = followed(run, is_over if is_waited_for else is_accepted, minutes)
        names = {place.name or order.service.title for place in found}
        title = names.pop() if len(names) == 1 else order.service.title
        arrivals = merged(run, folder, title) if is_wanted("MERGE") and not why else arrived(run)
    hand_over(order.left_open)
    conclude(run, is_waited_for, why)
    for job, arrival in arrivals:
        offer(job, arrival, context)
    return {**outcome(run.jobs, arrivals), "AREA_KM2": every.km2}


def _offline_problems(order: Order, parameters: dict[str, Any], context: QgsProcessingContext) -> Sequence[Any]:
    try:
        server = _server(order, parameters, context)
    except ExportError as error:
        return [error]
    options = usable_values(order, order.service, parameters, context)
    has_area = any(Given(order, parameters, context).value(name) is not None for name in ("AREA", "EXTENT"))
    area = SOMEWHERE if has_area else None
    return order.service.check(ExportRequest(order.service.id, server, options, area))


def _priced(order: Order, run: Run, provider: Provider, every: Lots, parameters: dict[str, Any]) -> dict[str, Any]:
    """What a run without an order gives. Errors: QgsProcessingException with every problem at once."""
    verdicts = run.work(*(partial(verdict, provider, lot) for lot in every.usable))
    found = list(every.problems)
    for lot, one in zip(every.usable, verdicts):
        found += map(lot.saying, one.quote.problems)
        for note in (*lot.notes, *one.notes, offered(one.quote)):
            run.feedback.pushInfo(lot.saying(note))
    if found:
        raise order.refusal(found, parameters)
    quotes = [one.quote for one in verdicts]
    return {"JOB_ID": "", "STATE": JobState.NEW.value, "LAYERS": [], "AREA_KM2": every.km2, **price(quotes)}


def _agree(
    order: Order, run: Run, provider: Provider, every: Lots, folder: Path, parameters: dict[str, Any]
) -> Sequence[Agreement | None]:
    """Asks once before anything is ordered: what the service says of the first lot holds for all, but for what is
    about its area. Gives what each usable lot may cost, None where nobody is asked.

    Errors: QgsProcessingException, ExportError, Cancelled.
    """
    if not every.usable:
        raise order.refusal(every.problems, parameters)
    lot, is_alone = every.usable[0], len(every.lots) == 1
    (first,) = run.work(partial(verdict, provider, lot))
    found = [problem for problem in first.quote.problems if is_alone or about(problem) != "area"]
    if found:
        raise order.refusal(found, parameters)
    for note in (*lot.notes, *first.notes) if is_alone else ():
        run.feedback.pushInfo(note)
    run.work(partial(check_room, folder, first.quote.size))
    if order.confirm is None:
        return [None] * len(every.usable)
    return agreements(run, order.confirm, provider, every, first)


def _request(order: Order, parameters: dict[str, Any], context: QgsProcessingContext) -> ExportRequest:
    """What all lots have in common. Errors: ExportError."""
    server, options = _server(order, parameters, context), option_values(order, order.service, parameters, context)
    return ExportRequest(order.service.id, server, options, title=order.service.title)


def _server(order: Order, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
    try:
        return normal_server(order.parameterAsString(parameters, "SERVER", context))
    except ExportError as error:
        raise ExportError(error.message, error.advice, about="server") from error
