"""Which jobs of a run are to be worked on now: politely to the services, and each in its turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..core import lifecycle
from ..core.model import Job, JobState
from ..core.provider import Provider

AT_ONCE = 4  # orders that leave side by side, and downloads: each of these has many connections of its own


class Turns:
    """providers: by job key. Times are seconds as the jobs have them."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers
        self._asked: dict[Provider, float] = {}  # when each was asked for jobs last
        self._no_order_before = 0.0

    def hold_orders(self, until: float) -> None:
        """The service has asked for a pause."""
        self._no_order_before = until

    def due(self, state: JobState, free: Iterable[Job], busy: Iterable[Job], now: float) -> list[Job]:
        """The free jobs of this state whose time has come, as many as there is room for beside the busy ones."""
        if state is JobState.NEW and now < self._no_order_before:
            return []
        due = [job for job in free if job.state is state and _is_due(job, now)]
        return due[: max(0, AT_ONCE - sum(job.state is state for job in busy))]

    def looks(self, free: Iterable[Job], now: float) -> list[Sequence[Job]]:
        """The free jobs to ask for, those of a server together; it then counts as asked.

        A server is not asked again right away because the next job is due, and not while it wants a pause.
        """
        groups: dict[Provider, list[Job]] = {}
        for job in free:
            if job.state not in (JobState.NEW, JobState.READY, JobState.DONE):
                groups.setdefault(self._providers[job.key], []).append(job)
        chosen: list[Sequence[Job]] = []
        for provider, group in groups.items():
            due = [job for job in group if _is_due(job, now)]
            wants_pause = any(job.soft_errors and not _is_due(job, now) for job in group)
            if due and not wants_pause and not 0 <= now - self._asked.get(provider, 0.0) < lifecycle.FIRST_LOOK:
                self._asked[provider] = now
                # The others go along with one that is due.
                chosen.append(group if provider.lists() else due)
        return chosen


def _is_due(job: Job, now: float) -> bool:
    return job.due is None or job.due <= now
