"""A run of cutout:collect.

Imported with the first run, and all of it then: the plugin may be unloaded while a run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.access import access
from ..bridge.accounts import Accounts
from ..bridge.folders import check_room, downloads, store_path
from ..bridge.runs import Run, is_over
from ..bridge.share import as_it_is
from ..bridge.steps import placed
from ..bridge.threads import on_main_thread
from ..core.errors import ExportError
from ..core.lifecycle import looked_for_now
from ..core.model import Delivery, Job, JobState, several
from ..core.provider import Provider
from ..core.store import Store
from ..providers import services
from .following import arrived, conclude, delivery, followed, hand_over, outcome
from .loading import offer
from .lots import km2_of

if TYPE_CHECKING:
    from .collect import Collect

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Found:
    """A job of the list. provider: its service, None where it is not asked any more. trouble: why it can't be asked."""

    job: Job
    provider: Provider | None = None
    trouble: ExportError | None = None


def looked_up(
    collect: Collect, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> Sequence[Found]:
    """The jobs that JOB_ID names, and their services. Errors: ExportError, Cancelled."""
    keys = several(collect.parameterAsString(parameters, "JOB_ID", context))
    return on_main_thread(partial(_found, keys, collect.accounts), feedback.isCanceled)


def process(
    collect: Collect, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> dict[str, Any]:
    """The outputs. Errors: QgsProcessingException, ExportError, Cancelled."""
    found = collect.found()
    wanted, given = delivery(collect, parameters, context)
    is_waited_for = collect.parameterAsBoolean(parameters, "WAIT", context)
    minutes = collect.parameterAsDouble(parameters, "TIMEOUT", context)
    is_settled = is_over if is_waited_for else partial(_is_looked_at, since=time.time())
    with Run(Store(store_path()), given or downloads(), feedback) as run:
        if given is not None:
            _refuse_inside(given, [one.job for one in found])
            run.work(partial(check_room, given))
        (km2,) = run.work(partial(km2_of, [one.job for one in found]))
        for one in found:
            _resume(collect, run, one, wanted, parameters)
        why = followed(run, is_settled, minutes)
        arrivals = arrived(run)
    hand_over(collect.left_open)
    conclude(run, is_waited_for, why)
    for job, arrival in arrivals:
        offer(job, arrival, context)
    return {**outcome(run.jobs, arrivals), "AREA_KM2": km2}


def _resume(collect: Collect, run: Run, found: Found, wanted: Delivery, parameters: dict[str, Any]) -> None:
    if found.trouble is not None:
        run.pass_over(found.job, " ".join(collect.named([found.trouble], parameters)))
        return
    how = as_it_is if found.provider is None else partial(_afresh, wanted=wanted, now=time.time())
    folder = Path(wanted.folder) if wanted.folder else None
    run.resume(found.job, found.provider, how, partial(placed, folder=folder, clip=wanted.clip))


def _found(keys: Sequence[str], accounts: Accounts) -> list[Found]:
    """Each job once; jobs of one account share its service. Errors: ExportError when one is not there, or all are
    in trouble."""
    store = Store(store_path())
    try:
        known = {key: job for key in keys if (job := store.get(key)) is not None}
    finally:
        store.close()
    unknown = [key for key in keys if key not in known]
    if unknown or not keys:
        raise ExportError(
            translate("Toolbox", "There is no job {keys} in this profile.").format(keys=", ".join(unknown)),
            translate("Toolbox", "The Cutout panel lists the jobs there are."),
            about="job_id",
        )
    reached: dict[tuple[str, str, str], Provider | ExportError] = {}
    found = []
    for job in known.values():
        where = (job.request.service, job.request.server, job.authcfg)
        if _is_here(job):
            found.append(Found(job))
            continue
        if where not in reached:
            reached[where] = _reached(accounts, *where)
        one = reached[where]
        found.append(Found(job, trouble=one) if isinstance(one, ExportError) else Found(job, one))
    return found


def _reached(accounts: Accounts, service: str, server: str, authcfg: str) -> Provider | ExportError:
    """What is wrong with one account must not keep the jobs of the others."""
    try:
        return access(accounts, _service(service), server, authcfg)[0]
    except ExportError as error:
        return error


def _service(name: str) -> type[Provider]:
    service = services().get(name)
    if service is None:
        raise ExportError(f"This version of Cutout does not know the service {name}.", "Update Cutout.")
    return service


def _is_here(job: Job) -> bool:
    return job.state is JobState.DONE and Path(job.folder).is_dir()


def _refuse_inside(folder: Path, jobs: Sequence[Job]) -> None:
    """Errors: ExportError where files would be copied into themselves."""
    for job in jobs:
        if job.folder and Path(job.folder).resolve() in folder.resolve().parents:
            text = translate("Toolbox", "{folder} is inside the folder of “{title}”.")
            raise ExportError(text.format(folder=folder, title=job.title), "Choose another folder.", about="output")


def _afresh(job: Job, wanted: Delivery, now: float) -> Job:
    """To be looked at now: also an order whose answer was lost, and one whose files are gone."""
    if _is_here(job):
        return job
    job = replace(job, delivery=Delivery(wanted.folder or job.delivery.folder, wanted.clip or job.delivery.clip))
    if job.state is JobState.UNCERTAIN:
        job = replace(job, state=JobState.SUBMITTING)
    elif job.state is JobState.DONE:
        job = replace(job, state=JobState.READY, folder="", files=(), layers=(), problems=())
    return looked_for_now(job, now)


def _is_looked_at(job: Job, since: float) -> bool:
    """It is over, its files wait at the service, or the service has been asked about it once."""
    return is_over(job) or job.state is JobState.READY or (job.state.is_at_service and job.updated > since)
