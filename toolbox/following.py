"""From jobs to what a run gives back: follow them until they are through, tell how each ended, hand on what came."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.folders import downloads
from ..bridge.runs import Run, is_accepted, is_over
from ..bridge.source import Arrival
from ..bridge.tasks import unexpected
from ..core.disk import size_text
from ..core.errors import Cancelled, ExportError
from ..core.model import Delivery, Job, JobState, Quote
from ..providers import services

translate = QCoreApplication.translate
Arrived = Sequence[tuple[Job, Arrival]]


def delivery(
    algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any], context: QgsProcessingContext
) -> tuple[Delivery, Path | None]:
    """How the files are wanted, and the folder for them in this run, None where none is given.

    A temporary folder goes with this QGIS, so whoever fetches the files later does not put them there.
    """
    given = algorithm.parameterAsString(parameters, "OUTPUT", context)
    folder = Path(given).expanduser().absolute() if given else None
    is_lasting = folder is not None and Path(QgsProcessingUtils.tempFolder()) not in folder.parents
    clip = algorithm.parameterAsBoolean(parameters, "CLIP", context)
    return Delivery(str(folder) if is_lasting else "", clip), folder


def followed(run: Run, is_settled: Callable[[Job], bool], minutes: float) -> str:
    """Drives the jobs until each is settled. Why it ended before that, in words; empty when it did not."""
    try:
        if run.follow(is_settled, 60 * minutes):
            return ""
    except Cancelled:
        return translate("Toolbox", "Stopped.")
    except ExportError as error:  # the list of jobs can't be used; what was ordered goes on at the service
        return str(error)
    return translate("Toolbox", "TIMEOUT: {minutes} minutes are over.").format(minutes=f"{minutes:g}")


def arrived(run: Run) -> Arrived:
    """The jobs that are done, with what their files hold."""
    return [(job, run.arrivals[job.key]) for job in run.jobs if job.key in run.arrivals]


def merged(run: Run, folder: Path, title: str) -> Arrived:
    """The same, with the layers of a theme as one. The first job stands for all."""
    from ..bridge.together import together

    pairs = arrived(run)
    if len(pairs) < 2:
        return pairs
    try:
        (arrival,) = run.work(partial(together, {Path(job.folder): one for job, one in pairs}, folder, title))
    except Cancelled:
        return pairs
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not hide the files that have come
        run.feedback.reportError(str(error if isinstance(error, ExportError) else unexpected(error)))
        return pairs
    first = pairs[0][0]
    return [(replace(first, request=replace(first.request, title=title)), arrival)]


def hand_over(left_open: Callable[[], None]) -> None:
    """To the dock, if the plugin has not been unloaded meanwhile."""
    with suppress(RuntimeError):
        left_open()


def conclude(run: Run, is_waited_for: bool, why: str) -> None:
    """Tells what became of several jobs. Errors: QgsProcessingException when none is fine, or the person stopped it.

    why: it ended early, in words.
    """
    feedback = run.feedback
    if len(run.jobs) > 1:
        for row in _table(run.jobs):
            feedback.pushInfo(row)
    fine = {job.key for job in run.jobs if job.key in run.arrivals or (not is_waited_for and _is_placed(job))}
    stories = {job.key: _story(job, job.key in run.unwritten) for job in run.jobs}
    if not fine or (why and feedback.isCanceled()):
        raise QgsProcessingException("\n".join(filter(None, (why, *stories.values()))))
    for line in filter(None, (why, *(story for key, story in stories.items() if key not in fine))):
        feedback.reportError(line)
    for job in run.jobs:
        for problem in job.problems if job.key in fine else ():
            feedback.pushWarning(f"{job.title}: {problem}")


def outcome(jobs: Sequence[Job], arrivals: Arrived) -> dict[str, Any]:
    """The outputs that tell of jobs."""
    later = downloads()  # for those that don't say where to
    homes = [Path(job.folder) for job in jobs if job.folder]
    homes = homes or [Path(job.delivery.folder or later) / job.folder_name for job in jobs]
    return {
        "OUTPUT": str(homes[0] if len(jobs) == 1 else _above(homes)),
        "JOB_ID": ",".join(job.key for job in jobs),
        "STATE": ",".join(job.state.value for job in jobs),
        "LAYERS": [uri for _, arrival in arrivals for uri in arrival.uris],
        **price([job.quote for job in jobs if job.quote and _may_cost(job)]),
    }


def price(quotes: Sequence[Quote]) -> dict[str, Any]:
    """PRICE: the sum, a number; None where the service names none, or in several currencies. CURRENCY: a code, empty
    where there is none."""
    named = [quote for quote in quotes if quote.price is not None]
    currencies = {quote.currency for quote in named}
    if len(currencies) != 1:
        return {"PRICE": None, "CURRENCY": ""}
    return {
        "PRICE": float(sum((quote.price or Decimal(0) for quote in named), Decimal(0))),
        "CURRENCY": currencies.pop(),
    }


def _above(homes: Sequence[Path]) -> str:
    """The folder that all are in; on Windows there is none for several drives, and the first one has to do."""
    try:
        return os.path.commonpath([home.parent for home in homes])
    except ValueError:
        return str(homes[0].parent)


def _may_cost(job: Job) -> bool:
    """The service has it, or may have it."""
    return bool(job.remote) or job.state in (JobState.SUBMITTING, JobState.UNCERTAIN)


def _is_placed(job: Job) -> bool:
    return job.state is JobState.DONE if is_over(job) else is_accepted(job)


def offered(quote: Quote) -> str:
    """What the service says beforehand: `Parcels: 12.50 NZD, about 4.2 MB, CC BY 4.0. Nothing is ordered.`"""
    size = translate("Toolbox", "about {size}").format(size=size_text(quote.size)) if quote.size else ""
    cost = translate("Toolbox", "no price named") if quote.price is None else f"{quote.price} {quote.currency}".strip()
    told = ", ".join(filter(None, (cost, size, quote.license.title)))
    nothing = translate("Toolbox", "Nothing is ordered.")
    return f"{': '.join(filter(None, (quote.summary, told)))}. {nothing}"


def _table(jobs: Sequence[Job]) -> list[str]:
    """A line for each job: number, JOB_ID, state, title, and what there is to say of it."""
    width = max(len(job.state.value) for job in jobs)
    rows = []
    for number, job in enumerate(jobs, 1):
        files = translate("Toolbox", "%n file(s).", "", len(job.files)) if job.files else ""
        words = " ".join(filter(None, (files, job.message, *job.request.notes)))
        rows.append(f"{number:>4}  {job.key}  {job.state.value:<{width}}  {job.title}  {words}".rstrip())
    return rows


def _story(job: Job, is_unwritten: bool) -> str:
    """`JOB_ID 1a2b3c4d is running. …`, and what can be done about it. is_unwritten: that is about OUTPUT."""
    text = translate("Toolbox", "JOB_ID {key} is {state}.")
    if job.state in (JobState.FAILED, JobState.EXPIRED):
        text = translate("Toolbox", "JOB_ID {key} has {state}.")
    text = text.format(key=job.key, state=job.state.value)
    is_lost = job.state in (JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED)
    kept = translate("Toolbox", "It is kept: collect it later with cutout:collect, or see the Cutout panel.")
    message = f"OUTPUT: {job.message}" if is_unwritten else job.message
    return " ".join(filter(None, (text, message, _goes_on(job), "" if is_lost else kept)))


def _goes_on(job: Job) -> str:
    """That the end of a run is not the end of the order."""
    if not job.state.is_at_service:
        return ""
    service = services().get(job.request.service)
    if service is None or service.can_cost:
        return translate("Toolbox", "The order goes on at the service and may be charged.")
    return translate("Toolbox", "The order goes on at the service.")
