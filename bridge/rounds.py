"""Whose turn it is: jobs that are due, by account, so that a slow server holds up nobody but its own jobs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ..core.model import JobState
from ..core.store import Due
from ..providers import services

MOST_ASKED = 8  # accounts at once, each in a thread of its own; and as many again for orders
LISTED = 100  # jobs in one go where one request may tell of all of them
ALONE = 10  # elsewhere, and of orders: who comes later does not wait for many others

Where = tuple[str, str, str]  # service, server, auth config
Lane = tuple[Where, bool]  # of an account, and whether for orders: a look must not wait for them, nor they for it


def turns(due: Iterable[Due], taken: Collection[Lane]) -> Iterator[tuple[Lane, list[str]]]:
    """Keys of jobs to work on together, one lot for each lane that is free, those first that have waited longest."""
    lanes: dict[Lane, list[str]] = {}
    for one in due:
        lanes.setdefault((one.where, one.state is JobState.NEW), []).append(one.key)
    for is_order in (True, False):
        room = MOST_ASKED - sum(lane[1] is is_order for lane in taken)
        free = [lane for lane in lanes if lane[1] is is_order and lane not in taken]
        for lane in free[: max(0, room)]:
            yield lane, lanes[lane][: ALONE if is_order or not _lists(lane[0][0]) else LISTED]


def _lists(service: str) -> bool:
    found = services().get(service)
    return found is not None and found.lists()
