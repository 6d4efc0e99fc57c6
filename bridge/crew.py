"""Threads that Python has made, for whoever waits for them: each does one piece of work, and hands back what it gave.

Not Qt's: bridge.threads says why.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Outcome = Callable[[], Any]  # gives what the work gave, or raises what it raised
Done = Callable[[Outcome], None]
WINK = 0.1  # seconds


class Crew(Generic[T]):
    """at_work: what each thread that has not been heard of works on, as it was said when it began."""

    def __init__(self) -> None:
        self.at_work: dict[threading.Thread, T] = {}
        self._outcomes: queue.Queue[tuple[threading.Thread, Done, Outcome]] = queue.Queue()

    def begin(self, about: T, work: Callable[[], Any], done: Done) -> None:
        """done: called with the outcome by `hear`, in the thread of whoever calls that."""
        thread = threading.Thread(target=lambda: self._run(work, done), name="cutout-run", daemon=True)
        self.at_work[thread] = about
        thread.start()

    def hear(self, seconds: float) -> None:
        """Waits for the next outcome, no longer than that."""
        try:
            thread, done, outcome = self._outcomes.get(timeout=seconds)
        except queue.Empty:
            return
        self.at_work.pop(thread, None)
        done(outcome)

    def leave(self, grace: float, patience: float, is_awaited: Callable[[T], bool]) -> bool:
        """Hears what ends within `grace` seconds, and what is awaited within as many as there is patience for.

        False when one is still at work.
        """
        began = time.monotonic()
        while self.at_work:
            passed = time.monotonic() - began
            if passed > patience or (passed > grace and not any(map(is_awaited, self.at_work.values()))):
                break
            self.hear(WINK)
        return not self.at_work

    def when_gone(self, act: Callable[[], None]) -> None:
        """Does something in a thread once the last one has ended, whom nobody hears any more."""
        last = tuple(self.at_work)

        def wait() -> None:
            for thread in last:
                thread.join()
            act()

        threading.Thread(target=wait, name="cutout-last", daemon=True).start()

    def _run(self, work: Callable[[], Any], done: Done) -> None:
        try:
            value = work()
            outcome: Outcome = lambda: value  # noqa: E731 - the other outcome is a partial
        except Exception as error:  # noqa: BLE001 - the one place where a thread's failures end
            outcome = partial(_raise, error)
        self._outcomes.put((threading.current_thread(), done, outcome))


def _raise(error: Exception) -> Any:
    raise error
