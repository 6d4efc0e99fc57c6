"""Lives: processes on a profile that are killed again and again, until all that was ordered is there."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random, randrange

from cutout.core.model import Job
from tests.siege.aims import aims
from tests.siege.lives import Aim, Driver
from tests.standin.client import Standin

KILLS = int(os.environ.get("CUTOUT_KILLS", "8"))
SEED = int(os.environ.get("CUTOUT_SEED") or randrange(10**6))
SIDES = int(os.environ.get("CUTOUT_SIDES", "2"))
Services = tuple[str, ...]
Content = dict[str, Counter[tuple[str, int]]]  # of the layers of each job, by its title


class Report:
    """Of all lives: how many were killed where, and what became of their jobs."""

    def __init__(self, name: str) -> None:
        self.name, self.kills, self.lives = name, 0, 0
        self.stages: Counter[str] = Counter()
        self.aims: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()

    def go_through(self, driver: Driver, planned: Iterable[Aim]) -> None:
        """One kill after the other, until nothing is left to be killed."""
        for aim in planned:
            stages = driver.kill(aim)
            self.killed(aim, stages)
            if not stages:
                return

    def killed(self, aim: Aim, stages: list[str]) -> None:
        self.kills += bool(stages)
        self.stages.update(stages)
        self.aims[aim.name] += bool(stages)

    def ended(self, jobs: Iterable[Job]) -> None:
        self.lives += 1
        self.ends.update(job.state.value for job in jobs)

    def __str__(self) -> str:
        return (
            f"{self.name}: survived {self.kills} kills in {self.lives} lives (seed {SEED})\n"
            f"  jobs where they were: {dict(self.stages.most_common())}\n"
            f"  aims: {dict(self.aims.most_common())}\n  jobs in the end: {dict(self.ends)}"
        )


Life = Callable[[Services, Path, Standin, list[Aim], Report], Content]


def survive(name: str, folder: Path, life: Life, kinds: Sequence[Services], kills: int = KILLS) -> Report:
    """So many lives that there are enough kills, SIDES of them side by side; each ends as one without a kill does.

    life: gets the services that are ordered from in it. kinds: those of the first, second ... life, and again.
    """
    report, lock, numbers = Report(name), threading.Lock(), iter(range(10**6))
    expected: dict[Services, Content] = {}
    failed = threading.Event()

    def live(number: int, standin: Standin) -> None:
        services = kinds[number % len(kinds)]
        planned = aims(Random(f"{SEED} {name} {number}"), services)
        try:
            found = life(services, folder / f"{name}-{number}", standin, planned, report)
            assert found == {title: expected[services][title] for title in found}
        except Exception as error:
            failed.set()
            plan = [(aim.name, round(aim.after, 3)) for aim in planned]
            raise AssertionError(f"life {number} of seed {SEED}: {plan}") from error

    def side() -> None:
        with Standin() as standin:
            while report.kills < kills and not failed.is_set():
                with lock:
                    number = next(numbers)
                live(number, standin)

    with Standin() as standin:
        for services in dict.fromkeys(kinds):
            expected[services] = life(services, folder / f"{name}-{'-'.join(services)}", standin, [], Report(""))
    with ThreadPoolExecutor(SIDES) as pool:
        sides = [pool.submit(side) for _ in range(SIDES)]
    print(report)
    for each in sides:
        each.result()
    assert report.kills >= kills
    return report
