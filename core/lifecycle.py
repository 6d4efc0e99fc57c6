"""The one function that moves a job, and the one that fetches its files. Neither sleeps; three drivers use both.

    NEW --(check, quote)--> SUBMITTING --(one request)--> QUEUED -> RUNNING -> READY --collect--> DONE

A job is stored as SUBMITTING before the request that may cost money leaves. Found like that later, or with its answer
lost, it is UNCERTAIN: it may be looked for at the service, and is never sent again by itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .archive import looks_like_zip, unpack
from .disk import in_words
from .errors import ExportError, ServiceError, TransientError
from .home import begun, ended
from .manifest import records, write
from .model import Agreement, Job, JobState, Json, Look, Quote
from .names import Names
from .provider import Provider
from .scenes import Scenes
from .transfer import Report, fetch
from .words import redacted

FIRST_LOOK = 2.0  # seconds
SLOWER = 1.5
LONGEST_WAIT = 60.0
AMONG_OTHERS = 58.0  # the same for one of many: its turn may come a moment later, and a minute is to be enough
FEW = 4  # orders, as many requests as these would take, where more have to be asked for one by one
MOST_SOFT_ERRORS = 5
TOO_MANY_REQUESTS = 429  # a refusal before anything is done, unlike the other faults that may be gone later
SEE_OTHER = 303  # the order was taken, and what came of it is elsewhere; other redirects mean that it was not
MOST_PROBLEMS = 1000  # that are told one by one
ZIPPED_FORMATS = (".kmz", ".xlsx", ".ods")  # zips that are files in their own right
PATIENCE_BEFORE_ORDER = 10.0  # seconds in which a service that does not answer is tried again before ordering

Save = Callable[[Job], None]
Ids = Mapping[str, Json]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Others:
    """The other jobs on the same server: an order that is found there may be one of theirs.

    taken: the ids that they have. claim: stores the job with the ids that were found for it, or gives False where
    another one has got them since `taken` was asked. count: how many of the same account the service works on.
    """

    taken: Callable[[Job], Collection[Ids]]
    claim: Callable[[Job, Collection[Ids]], bool]
    count: Callable[[Job], int]


ALONE = Others(lambda job: (), lambda job, taken: True, lambda job: 1)


def advance(provider: Provider, job: Job, now: float, save: Save = lambda job: None, others: Others = ALONE) -> Job:
    """The job one step further: ordered if it is new, else looked at once.

    save: called with the job as SUBMITTING before the request leaves; if it raises, nothing is sent.
    Errors of the service end up in the job, in words; only bugs are raised.
    """
    if job.paused or not (job.state.is_open or job.state is JobState.UNCERTAIN):
        return job
    try:
        job = _stepped(provider, job, now, save, others)
        return _paced(provider, job, now, others.count(job)) if job.state.is_at_service else job
    except TransientError as error:
        return _soft(job, error, now)
    except ExportError as error:
        return _refused(job, error, now)


def advance_many(
    provider: Provider, jobs: Sequence[Job], now: float, save: Save = lambda job: None, others: Others = ALONE
) -> Iterator[Job]:
    """Several jobs of one server and account, in as few requests as it allows. Each is given as soon as it is known."""
    waiting = [job for job in jobs if job.state.is_at_service and not job.paused]
    moved: dict[str, Job] = {}
    if len(waiting) > 1:
        try:
            looks = provider.poll_many(waiting)
            seen = {job.key: looked(job, looks[job.key], now) for job in waiting if job.key in looks}
            moved = {key: _paced(provider, job, now, len(waiting)) for key, job in seen.items()}
        except TransientError as error:
            moved = {job.key: _soft(job, error, now) for job in waiting}
        except ExportError as error:
            log.info("%s can't be asked for several jobs at once: %s", provider.title, error)
    for job in jobs:
        yield moved[job.key] if job.key in moved else advance(provider, job, now, save, others)


def find(provider: Provider, job: Job, now: float, others: Others = ALONE) -> Job:
    """Look at the service for an order whose answer was lost; it stays UNCERTAIN where it isn't found."""
    taken = others.taken(job)
    while (remote := provider.find_lost(job, taken)) is not None:
        found = _accepted(job, {**job.remote, **remote}, now)
        if others.claim(found, taken):
            return found
        taken = others.taken(job)  # with what has just been claimed before us
    return replace(
        job,
        state=JobState.UNCERTAIN,
        due=None,
        updated=now,
        message=f"Whether {provider.title} has accepted the order is not known, and it can't be found there. "
        "Look again in a while, or send it again (which may be charged twice).",
    )


def looked(job: Job, look: Look, now: float) -> Job:
    """The job after a look at the service."""
    if not look.known and look.word != job.word:
        log.warning("%s says %r for job %s, a word it does not document", job.request.service, look.word, job.key)
    wait = min(LONGEST_WAIT, job.wait * SLOWER) if job.wait else FIRST_LOOK
    is_open = look.state.is_at_service
    return replace(
        job,
        state=look.state,
        progress=job.progress if look.progress is None and is_open else look.progress,
        message=redacted(look.message),
        word=look.word,
        updated=now,
        finished=job.finished if look.state.is_open else now,
        due=now + wait if is_open else (now if look.state is JobState.READY else None),
        wait=wait,
        soft_errors=0,
        faulty_since=None,
    )


def looked_for_now(job: Job, now: float) -> Job:
    """The person wants to know now: look at once, and start to count faults anew."""
    if not job.state.is_open:
        return job
    return replace(job, due=now, wait=0.0, soft_errors=0, faulty_since=None, paused=False)


def held(job: Job, reason: str, now: float) -> Job:
    """Open, but waiting for the person."""
    return replace(job, paused=True, message=redacted(reason), updated=now)


def cancelled(provider: Provider, job: Job, now: float) -> Job:
    """Ask the service to stop. Errors: ExportError when it does not; the job then goes on."""
    if job.state in (JobState.NEW, JobState.READY):
        return replace(job, state=JobState.CANCELLED, due=None, paused=False, updated=now, finished=now, message="")
    if not job.state.is_open:
        return job
    if not job.state.is_at_service:
        raise ExportError("It is not known yet whether the service has this order.", "Look again, then cancel it.")
    return looked(replace(job, paused=False), provider.cancel(job), now)


def collect(provider: Provider, job: Job, folder: Path, report: Report, clock: Callable[[], float] = time.time) -> Job:
    """Fresh links, download, verify, unpack: the job DONE with its files in `folder/<title>-<key>/`.

    report: told the bytes so far and in all; it raises Cancelled to stop, and what has come is kept for the next try.
    A fault of the service that may be gone later leaves it READY, and due then. Errors: ExportError, TransientError of
    a storage that stays away; the job is then still READY.
    """
    try:
        look = provider.poll(job)
        if look.state is not JobState.READY:
            return looked(job, look, clock())
        artifacts = list(provider.links(job))
    except TransientError as error:
        return _soft(job, error, clock())
    if not artifacts:
        raise ExportError(f"{provider.title} says that the export is ready, but names no files.", "Look again later.")
    scenes = Scenes(provider, job, artifacts)
    home = begun(folder, job)
    with in_words(home):
        fetched = fetch(provider.http, artifacts, home, report, fresh=scenes.renewed, follow=scenes.follow)
        said = scenes.settle(home)
        files, zips, problems = _unpacked(fetched.files, home, report)
        done = replace(
            _ended(job, JobState.DONE, " ".join(said), clock()),
            folder=str(home),
            files=records(home, files, report),
            problems=_counted((*provider.remarks[job.key], *fetched.problems, *problems)),
            progress=1.0,
        )
        write(done, home, attribution=provider.credit(job))
        for zip in zips:  # not before: whatever fails until here, nothing that has come is fetched again
            zip.unlink(missing_ok=True)
    ended(home, job)
    return done


def _stepped(provider: Provider, job: Job, now: float, save: Save, others: Others) -> Job:
    if job.state is JobState.NEW:
        return _order(provider, job, now, save, others)
    if job.state in (JobState.SUBMITTING, JobState.UNCERTAIN):
        return find(provider, job, now, others)
    if job.state is JobState.READY:
        return job
    return looked(job, provider.poll(job), now)


def _paced(provider: Provider, job: Job, now: float, count: int) -> Job:
    """The job with its next look at a time that spares the service. count: how many it works on, as far as is known.

    Where one request tells of many, they come due together, at the same quarters of their wait. Where each takes a
    request of its own, the more there are the longer each of them waits.
    """
    if count < 2 or not job.state.is_at_service:
        return job
    wait = min(AMONG_OTHERS, job.wait)
    if provider.lists():
        return replace(job, due=(now + wait) // (wait / 4) * (wait / 4))
    return replace(job, due=now + min(AMONG_OTHERS, wait * max(1.0, count / FEW)))


def _order(provider: Provider, job: Job, now: float, save: Save, others: Others) -> Job:
    problems = provider.check(job.request)
    if problems:
        return _ended(job, JobState.FAILED, " ".join(problems), now)
    from .fit import prepared  # brings shapely, which a poll does not need

    job = replace(job, request=prepared(provider, job.request))
    quote = provider.quote(job.request)
    job, sent = replace(job, quote=quote), job.submitted
    if (stopped := _stopped(job, quote, now)) is not None:
        return stopped
    # Still due: after a crash it is looked for; until then the lease keeps others away.
    job = replace(job, state=JobState.SUBMITTING, due=now, submitted=now, updated=now, message="")
    save(job)
    try:
        for ids in provider.submit(job.request):
            job = replace(job, remote={**job.remote, **ids})
            save(job)
    except TransientError as error:
        if not error.reached or error.status == TOO_MANY_REQUESTS:
            refused = _unordered(job, str(error), now, sent)
            return replace(refused, wait=error.retry_after or 0.0)  # for whoever has more to order
        return _lost(provider, job, error, now, others)
    except ServiceError as error:
        # A failure over there, or an answer that can't be understood, may be one to an order that was taken.
        if not 300 <= error.status < 500 or error.status == SEE_OTHER:
            return _lost(provider, job, error, now, others)
        return _unordered(job, str(error), now, sent)
    except ExportError as error:
        if not job.remote:
            raise
        return _lost(provider, job, error, now, others)  # the service has it, and only our store failed
    return _accepted(job, job.remote, now)


def _stopped(job: Job, quote: Quote, now: float) -> Job | None:
    """The job as it ends where the service would refuse it, or the person has not agreed to the price; else None."""
    sent, agreed = job.submitted, job.agreed
    if not quote.valid:
        return _unordered(job, " ".join(quote.problems), now, sent)
    if agreed is None or agreed.covers(quote):
        return None
    price = "The service names no price now" if quote.price is None else f"The price is now {_money(quote)}"
    before = "when you agreed it named none" if agreed.price is None else f"you agreed to {_money(agreed)}"
    return _unordered(job, f"{price}, {before}.", now, sent, " Order again to agree to the new price.")


def _unordered(job: Job, reason: str, now: float, sent: float | None, advice: str = "") -> Job:
    """The job as it ends when its order did not leave, or was refused.

    sent: when it left once before and no answer came: then the job stays uncertain.
    """
    if sent is None:
        return _ended(job, JobState.FAILED, f"{reason} Nothing was ordered.{advice}", now)
    message = redacted(f"{reason} Nothing was sent again. Whether the first order was accepted is still not known.")
    return replace(job, state=JobState.UNCERTAIN, submitted=sent, due=None, updated=now, message=message)


def _money(named: Quote | Agreement) -> str:
    return f"{named.price:f} {named.currency}".strip()


def _lost(provider: Provider, job: Job, error: ExportError, now: float, others: Others) -> Job:
    """The order left and no answer came: look for it at once, while it is fresh in the service's list."""
    log.warning("No answer to the order of job %s: %s", job.key, error)
    try:
        found = find(provider, job, now, others)
    except TransientError as still:
        return _soft(job, still, now)
    except ExportError as refusal:
        found = replace(job, state=JobState.UNCERTAIN, due=None, updated=now, message=str(refusal))
    if found.state is not JobState.UNCERTAIN:
        return found
    return replace(found, message=f"{error.message} {found.message}")  # its advice, to try again, would cost twice


def _accepted(job: Job, remote: Mapping[str, Json], now: float) -> Job:
    return replace(
        job,
        state=JobState.QUEUED,
        remote=dict(remote),
        message="",
        updated=now,
        due=now + FIRST_LOOK,
        wait=FIRST_LOOK,
        soft_errors=0,
        faulty_since=None,
    )


def _soft(job: Job, error: TransientError, now: float) -> Job:
    """A fault that may be gone at the next look. Too many in a row hold the job; a new one is given up soon."""
    count, since = job.soft_errors + 1, now if job.faulty_since is None else job.faulty_since
    wait = max(min(LONGEST_WAIT, FIRST_LOOK * SLOWER ** (count - 1)), error.retry_after or 0.0)
    is_busy = error.status == TOO_MANY_REQUESTS  # so it is there, and says when to come again
    if job.state is JobState.NEW and not is_busy and now + wait - since > PATIENCE_BEFORE_ORDER:
        return _unordered(job, str(error), now, job.submitted)
    job = replace(job, soft_errors=count, wait=wait, due=now + wait, updated=now, message=str(error))
    job = replace(job, faulty_since=None if is_busy else since)
    if count < MOST_SOFT_ERRORS:
        return job
    goes_on = "; the order goes on at the service" if job.state.is_at_service else ""
    return held(job, f"{error} Paused after {count} tries in a row{goes_on}.", now)


def _refused(job: Job, error: ExportError, now: float) -> Job:
    """The service said no. Before an order that ends the job; afterwards the job waits for the person."""
    log.warning("Job %s: %s", job.key, error)
    if job.state is JobState.NEW:
        return _unordered(job, str(error), now, job.submitted)
    return held(job, str(error), now)


def _ended(job: Job, state: JobState, message: str, now: float) -> Job:
    return replace(job, state=state, message=redacted(message), due=None, paused=False, updated=now, finished=now)


def _unpacked(
    files: Sequence[Path], home: Path, report: Report
) -> tuple[list[Path], Collection[Path], tuple[str, ...]]:
    """The files without the zips but with what is in these, in the folders that they lie in; the zips; and problems."""
    names = Names(home)
    for path in files:
        names.reserve(path.relative_to(home).as_posix())
    packed = (path for path in files if path.suffix.lower() not in ZIPPED_FORMATS and looks_like_zip(path))
    zips = {path: path.parent for path in packed}
    content = unpack(zips, names, report)
    return [*(path for path in files if path not in zips), *content.files], zips, content.problems


def _counted(problems: Sequence[str]) -> tuple[str, ...]:
    """Each problem once; of a flood the first ones and how many there are besides."""
    each = tuple(dict.fromkeys(problems))
    rest = len(each) - MOST_PROBLEMS
    return (*each[:MOST_PROBLEMS], f"There are {rest:,} more problems like these.") if rest > 0 else each
