"""What cancelling or forgetting a job stops, what it does not, and what may be charged all the same."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication

from ..core.model import Job, JobState
from ..providers import services

translate = QCoreApplication.translate


def can_be_cancelled(job: Job) -> bool:
    here = job.state in (JobState.NEW, JobState.READY)
    return here or (job.state.is_at_service and not goes_on_anyway(job))


def cancel_text(job: Job) -> str:
    if job.state is JobState.READY:
        return translate("CutoutJobs", "Stop the download of “{title}”? What it may have cost is not given back.")
    if job.state is JobState.NEW:
        return translate("CutoutJobs", "Cancel “{title}”? It has not been ordered yet.")
    return translate("CutoutJobs", "Cancel “{title}” at the service?")


def removal_text(job: Job) -> str:
    """What is lost with the job, and what goes on without it."""
    if job.state is JobState.NEW:
        return translate("CutoutJobs", "Forget “{title}”? It has not been ordered yet.")
    if job.state is JobState.READY:
        return translate("CutoutJobs", "Forget “{title}”? Its files wait at the service; they can't be collected then.")
    if job.state.is_at_service and can_cost(job):
        return translate(
            "CutoutJobs",
            "Forget “{title}”? The order goes on at the service and may be charged; its files can't be collected then."
        )  # fmt: skip
    if job.state.is_at_service:
        return translate(
            "CutoutJobs", "Forget “{title}”? The order goes on at the service; its files can't be collected then."
        )
    if job.state in (JobState.SUBMITTING, JobState.UNCERTAIN):
        return translate(
            "CutoutJobs",
            "Forget “{title}”? If the service accepted it, it goes on there and may be charged, and its files can't be "
            "collected then."
        )  # fmt: skip
    return translate("CutoutJobs", "Take “{title}” out of the list? Files and layers stay.")


def cancel_tip(job: Job | None) -> str:
    if job is not None and job.state is JobState.SUBMITTING:
        return translate("CutoutJobs", "The order is on its way; it can be cancelled once the service has answered.")
    if job is None or not job.state.is_at_service or not goes_on_anyway(job):
        return translate("CutoutJobs", "Cancel")
    if can_cost(job):
        return translate("CutoutJobs", "This service can't cancel: the order goes on and may be charged.")
    return translate("CutoutJobs", "This service can't cancel: the order goes on.")


def goes_on_anyway(job: Job) -> bool:
    """The service does not cancel, whatever is pressed here."""
    service = services().get(job.request.service)
    return service is None or not service.can_cancel


def can_cost(job: Job) -> bool:
    service = services().get(job.request.service)
    return service is None or service.can_cost
