"""A job in words: its state, what happens next, and everything about it for a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qgis.PyQt.QtCore import QCoreApplication

from ..core.address import host
from ..core.line import MOST_PROBLEMS, Line
from ..core.model import Job, JobState
from ..core.words import redacted, seen
from ..providers import services
from .figures import moment_text, percent_text, price_text, size_text, span_text

translate = QCoreApplication.translate
MOST_LISTED = 500
LONGEST = 2000  # characters of one line among the details


def state_text(job: Job | Line) -> str:
    """One or two words."""
    if job.paused:
        return translate("CutoutJobs", "Paused")
    words = {
        JobState.NEW: translate("CutoutJobs", "New"),
        JobState.SUBMITTING: translate("CutoutJobs", "Ordering"),
        JobState.QUEUED: translate("CutoutJobs", "Queued"),
        JobState.RUNNING: translate("CutoutJobs", "Running"),
        JobState.READY: translate("CutoutJobs", "Ready"),
        JobState.DONE: translate("CutoutJobs", "Done"),
        JobState.FAILED: translate("CutoutJobs", "Failed"),
        JobState.CANCELLED: translate("CutoutJobs", "Cancelled"),
        JobState.EXPIRED: translate("CutoutJobs", "Expired"),
        JobState.UNCERTAIN: translate("CutoutJobs", "Uncertain"),
    }
    return words[job.state]


def next_text(job: Job | Line, now: float, fraction: float | None) -> str:
    """What is going on or comes next; empty when nothing does."""
    if job.state is JobState.DONE:
        return files_text(job)
    if not job.state.is_open or job.paused:
        return ""
    if fraction is not None:
        return translate("CutoutJobs", "downloading {percent}").format(percent=percent_text(fraction))
    parts = [percent_text(job.progress)] if job.progress and job.state is JobState.RUNNING else []
    if job.state.is_at_service and job.due is not None:
        wait = job.due - now
        parts.append(
            translate("CutoutJobs", "next look in {span}").format(span=span_text(wait))
            if wait >= 0.5
            else translate("CutoutJobs", "looking now")
        )
    return ", ".join(parts)


def files_text(job: Job | Line) -> str:
    """How much has come."""
    count = job.count
    files = translate("CutoutJobs", "%Ln file(s)", "", count)
    return f"{files}, {size_text(job.size)}" if count else ""


def trouble_text(job: Job | Line) -> str:
    """What the person should read: the message, or what became of a finished job's files, the first of many."""
    return " ".join(filter(None, (job.message, *job.problems[:MOST_PROBLEMS])))


def readable(job: Job | Line, now: float, fraction: float | None = None) -> str:
    """The job in one line."""
    state = ", ".join(filter(None, (state_text(job), next_text(job, now, fraction))))
    return ". ".join(filter(None, (f"{job.title}: {state}", trouble_text(job))))


def place_text(job: Job | Line) -> str:
    """Service and server."""
    service = services().get(job.service)
    return f"{service.title if service else job.service} · {host(job.server)}"


def details(job: Job) -> str:
    """Everything about the job as plain text, without secrets, to read; the report for others leaves out more."""
    service = services().get(job.request.service)
    lines = [
        (translate("CutoutJobs", "Title"), job.title),
        (translate("CutoutJobs", "Service"), place_text(job)),
        (translate("CutoutJobs", "State"), f"{state_text(job)} ({job.state.value})"),
        (translate("CutoutJobs", "The service's word"), job.word),
        (translate("CutoutJobs", "Message"), job.message),
        (translate("CutoutJobs", "Ordered"), moment_text(job.created)),
        (translate("CutoutJobs", "Last news"), moment_text(job.updated)),
        (translate("CutoutJobs", "Next look"), moment_text(job.due)),
        (translate("CutoutJobs", "Finished"), moment_text(job.finished)),
        (
            translate("CutoutJobs", "Price"),
            price_text(job.quote, bool(service and service.can_cost)) if job.quote else "",
        ),
        (translate("CutoutJobs", "Licence"), " ".join(filter(None, (job.license.title, job.license.url)))),
        (translate("CutoutJobs", "Folder"), job.folder),
        (translate("CutoutJobs", "Key"), job.key),
        *((translate("CutoutJobs", "Id at the service"), f"{key} = {value}") for key, value in job.remote.items()),
        *((translate("CutoutJobs", "Option"), f"{key} = {value}") for key, value in job.request.options.items()),
        *((translate("CutoutJobs", "Note"), note) for note in job.request.notes),
        *_first(translate("CutoutJobs", "File"), [f"{one.name} ({size_text(one.size)})" for one in job.files]),
        *_first(translate("CutoutJobs", "Layer"), job.layers),
        *_first(translate("CutoutJobs", "Problem"), job.problems),
    ]
    return "\n".join(f"{name}: {_line(str(value))}" for name, value in lines if value)


def _first(name: str, values: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What there may be thousands of."""
    yield from ((name, value) for value in values[:MOST_LISTED])
    more = len(values) - MOST_LISTED
    if more > 0:
        yield name, translate("CutoutJobs", "and %Ln more", "", more)


def _line(value: str) -> str:
    value = redacted(value)  # before it is cut: half a secret would not be recognised
    return seen(value if len(value) <= LONGEST else f"{value[:LONGEST]}…").replace("\n", " ")
