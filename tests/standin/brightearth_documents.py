"""What the BrightEarth stand-in tells of projects, areas and scenarios, as JSON. Keys: brightearth.py."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from .brightearth_scenarios import Aoi, Project, Scenario, Scenarios


def activity_document(scenario: Scenario, scenarios: Scenarios, user: str, failure: str) -> dict[str, Any]:
    """DOC L1: every field, times without a zone, null before there is one. ``failure``: the details of a FAILED one."""
    state = scenarios.state(scenario)
    return {
        "project_id": scenario.project.id,
        "user_id": user,
        "type": "SCENARIO-EXECUTION",
        "progress": scenarios.progress(scenario),
        "state": state,
        "creation_date": _moment(scenario.created),
        "start_date": _moment(scenario.started),
        "end_date": _moment(scenario.finished),
        "details": failure if state == "FAILED" else "",
        "misc": {},
        "scenario_id": scenario.id,
        "activity_id": scenario.activity,
        "id": scenario.activity,
    }


# The entries of lists. DOC L1 says that there are lists; GUESS: what an entry holds.


def project_entry(project: Project) -> dict[str, Any]:
    number, created = project.id, _moment(project.created)
    return {"id": number, "project_id": number, "name": project.name, "creation_date": created}


def aoi_entry(aoi: Aoi) -> dict[str, Any]:
    return {"id": aoi.id, "asset_id": aoi.id, "type": "aoi", "geometry": aoi.text}


def scenario_entry(scenario: Scenario, state: str) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "scenario_id": scenario.id,
        "activity_id": scenario.activity,
        "project_id": scenario.project.id,
        "name": scenario.order.name,
        "type": scenario.order.kind,
        "state": state,
        "creation_date": _moment(scenario.created),
    }


def _moment(seconds: float | None) -> str | None:
    """DOC L1: 2024-08-22T13:19:27.358250. GUESS: it is UTC."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds")
