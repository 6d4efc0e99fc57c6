"""Projects, scenarios and their activities at the BrightEarth stand-in: how they come about and how they end.

CREATED, PENDING, RUNNING -> SUCCESSFUL or FAILED (DOC L1, see brightearth.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import MultiPolygon, Polygon

from .brightearth_orders import Order, square_kilometres
from .brightearth_settings import Settings
from .brightearth_tiles import archive, files
from .world import World

FIRST_PROJECT, FIRST_ASSET, FIRST_SCENARIO, FIRST_ACTIVITY = 789, 1201, 543, 2292  # those of the example in DOC L1
NOT_STARTED = ("CREATED", "PENDING")


@dataclass
class Aoi:
    """The area of a project: as it was sent, and as it was understood."""

    id: int
    text: str
    area: Polygon | MultiPolygon


@dataclass
class Project:
    id: int
    name: str
    created: float
    aoi: Aoi | None = None


@dataclass
class Scenario:
    """A scenario and the activity that carries it out. ``looks`` counts the answers that told its state; ``keys`` are
    its objects in the storage by their path, ``zipped`` that of the archive."""

    id: int
    activity: int
    project: Project
    aoi: Aoi
    order: Order
    request: dict[str, Any]
    cost: float
    created: float
    looks: int = 0
    started: float | None = None
    finished: float | None = None
    outcome: str = ""
    asked: int = 0
    keys: dict[str, str] = field(default_factory=dict)
    zipped: str = ""


class Scenarios:
    """All that a user has. Safe to use from several requests at once."""

    def __init__(self, world: World, settings: Callable[[], Settings]) -> None:
        self._world, self._settings = world, settings
        self._lock = threading.RLock()
        self.projects: dict[int, Project] = {}
        self.scenarios: dict[int, Scenario] = {}
        self._assets = 0

    def create_project(self, name: str) -> Project:
        with self._lock:
            project = Project(FIRST_PROJECT + len(self.projects), name, self._world.clock.now())
            self.projects[project.id] = project
            return project

    def set_aoi(self, project: Project, text: str, area: Polygon | MultiPolygon) -> Aoi:
        with self._lock:
            project.aoi = Aoi(FIRST_ASSET + self._assets, text, area)
            self._assets += 1
            return project.aoi

    def create(self, project: Project, aoi: Aoi, order: Order, request: dict[str, Any], cost: float) -> Scenario | None:
        """None if the account does not hold that much."""
        with self._lock:
            if cost > self.credits:
                return None
            number = len(self.scenarios)
            scenario = Scenario(FIRST_SCENARIO + number, FIRST_ACTIVITY + number, project, aoi, order, request, cost,
                                self._world.clock.now())  # fmt: skip
            self.scenarios[scenario.id] = scenario
            return scenario

    @property
    def credits(self) -> float:
        """What is left on the account. GUESS: a scenario costs when it is accepted, and its failure brings nothing
        back."""
        return self._settings().credits - sum(scenario.cost for scenario in self.scenarios.values())

    def of_project(self, project: Project) -> list[Scenario]:
        return [scenario for scenario in self.scenarios.values() if scenario.project is project]

    def look(self, scenario: Scenario) -> None:
        """Counts a look, and starts or finishes the scenario if it is time."""
        with self._lock:
            scenario.looks += 1
            settings, now = self._settings(), self._world.clock.now()
            due = scenario.looks > settings.polls and now >= scenario.created + settings.seconds
            if not scenario.outcome and due:
                self._finish(scenario, settings, now)
            if scenario.started is None and self.state(scenario) not in NOT_STARTED:
                scenario.started = now

    def state(self, scenario: Scenario) -> str:
        states = self._settings().states or ["RUNNING"]
        return scenario.outcome or states[min(max(scenario.looks, 1), len(states)) - 1]

    def records(self) -> list[dict[str, Any]]:
        """For a test: oldest first, the state as it would be told, the request and the area as they were sent."""
        with self._lock:
            return [
                {
                    "id": scenario.id,
                    "activity_id": scenario.activity,
                    "project_id": scenario.project.id,
                    "asset_id": scenario.aoi.id,
                    "project": scenario.project.name,
                    "type": scenario.order.kind,
                    "state": self.state(scenario),
                    "looks": scenario.looks,
                    "asked": scenario.asked,
                    "cost": scenario.cost,
                    "request": scenario.request,
                    "aoi": scenario.aoi.text,
                    "files": sorted(scenario.keys),
                }
                for scenario in self.scenarios.values()
            ]

    def progress(self, scenario: Scenario) -> float:
        settings = self._settings()
        if scenario.outcome == "SUCCESSFUL":
            return float(settings.progress_scale)
        if scenario.started is None:
            return 0.0
        return round(settings.progress_scale * min(scenario.looks / (settings.polls + 1), 0.99), 2)

    def _finish(self, scenario: Scenario, settings: Settings, now: float) -> None:
        finals = [settings.final] if isinstance(settings.final, str) else settings.final
        scenario.finished = now
        scenario.outcome = finals[(scenario.id - FIRST_SCENARIO) % len(finals)]
        if scenario.outcome == "SUCCESSFUL":
            self._store(scenario, settings)

    def _store(self, scenario: Scenario, settings: Settings) -> None:
        found, folder = files(scenario.order, scenario.aoi.area, settings), f"scenarios/{scenario.id}"
        for name, data in found.items():
            scenario.keys[name] = f"{folder}/{name}"
            self._world.storage.put(scenario.keys[name], data)
        if found and square_kilometres(scenario.aoi.area) < settings.zip_below:
            scenario.zipped = f"{folder}/{scenario.id}.zip"
            extra = {name: str(text).encode() for name, text in settings.extra_names.items()}
            packed = archive({**found, **extra}, str(scenario.id) if settings.zip_folder else "")
            self._world.storage.put(scenario.zipped, packed, "application/zip")
