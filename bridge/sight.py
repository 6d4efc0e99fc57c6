"""What the poller does with the list of jobs once a second, in a thread of its own: what is to be written down is,
leases are given back, and then it is seen what is new and who is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple

from ..core.errors import ExportError
from ..core.model import Job
from ..core.store import Changes, Due, Store
from .rounds import Where

HURRY = 0.2  # seconds that a look waits for whoever else uses the store

Later = dict[str, list[Callable[[Job], Job]]]  # by job key: changes to be made as soon as nobody works on the job


class Sight(NamedTuple):
    """The list at one moment. wished: jobs of which the person wants something, elsewhere: those of them that somebody
    else works on."""

    now: float
    changes: Changes
    due: list[Due]
    wished: list[Due]
    elsewhere: list[Job]


def seen(store: Store, owner: str, now: float, since: int, later: Later, wishes: Iterable[str]) -> Sight:
    """later: as for `settle`. since: as for changed_since. wishes: keys. Errors: ExportError."""
    settle(store, owner, now, later)
    store.beat(owner, now, HURRY)
    jobs = [job for key in wishes if (job := store.get(key))]
    free = [job for job in jobs if store.is_free(job.key, now)]
    wished = [Due(job.key, job.state, where(job), job.title) for job in free]
    return Sight(now, store.changed_since(since), store.due(now), wished, [job for job in jobs if job not in free])


def settle(store: Store, owner: str, now: float, later: Later) -> None:
    """Gives the leases back of jobs on which nobody works any more, changed as they are to be.

    What is done is taken out of `later`; what the list of jobs can't take now, as on a full disk, stays for another
    time.
    """
    if not later:
        return
    with suppress(ExportError):
        store.release_many(later, owner)
        for key in [*later]:
            while hows := later[key]:
                if job := store.take(key, owner, now):
                    store.save(hows[0](job), owner, durable=False)
                    store.release(key, owner)
                del hows[0]
            del later[key]


def where(job: Job) -> Where:
    """The account that the job is at."""
    return job.request.service, job.request.server, job.authcfg
