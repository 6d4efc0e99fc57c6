"""When to kill: at any time, or at a moment that is looked for, in each part of a job's life."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from random import Random
from typing import Any

from tests.siege.lives import Aim, Place


def slow(server: str, path: str, seconds: float = 0.4) -> Mapping[str, Any]:
    return {"server": server, "path": path, "method": "POST", "seconds": seconds}


def aims(chance: Random, services: Collection[str]) -> list[Aim]:
    """One for each part of a life, in their order. services: those that are ordered from in it."""

    def request(server: str, method: str, pattern: str, path: str = "", most: float = 0.8) -> Aim:
        seen = partial(Place.arrived, method=method, pattern=f"^{server}{pattern}$")
        return Aim(f"{method} {server}{pattern}", chance.uniform(0, most), seen, slow(server, path) if path else None)

    def file(pattern: str, most: float) -> Aim:
        return Aim(f"file {pattern}", chance.uniform(0, most), lambda place: place.has(pattern))

    def state(name: str, most: float) -> Aim:
        return Aim(f"state {name}", chance.uniform(0, most), lambda place: name in place.states())

    def any_time(most: float) -> Aim:
        return Aim("any time", chance.uniform(0, most))

    site = "/services/api/v1.x/exports/"
    early = [
        any_time(4),
        Aim("the list is made", chance.uniform(0, 0.03), lambda place: place.store.exists()),
        state("new", 0.3),
    ]
    orders = [any_time(5), state("submitting", 0.4)]
    middle = [any_time(7), state("queued", 2.5), state("ready", 0.3), file("*.part", 0.6), file("*.zip", 0.1)]
    late = [
        any_time(9),
        file("*.gpkg.part", 0.2),
        file("*.gpkg.*.part", 0.2),
        file(".cutout-*", 0.2),
        file("cutout.json", 0.3),
        state("done", 1.0),
    ]
    if "koordinates" in services:
        early.append(request("koordinates", "POST", ".*/validate/", f"{site}validate/"))
        orders.append(request("koordinates", "POST", ".*/exports/", f"{site}$"))
        middle.append(request("koordinates", "GET", r".*/exports/(\d+/)?", most=0.3))
    if "brightearth" in services:
        early.append(request("brightearth", "POST", ".*/projects", "/users/me/projects"))
        orders.append(request("brightearth", "POST", ".*/scenarios/.*", "/users/me/projects/"))
    if "cityloader" in services:
        orders.append(request("cityloader", "POST", ".*", "/api/export/simple"))
    if "itwin" in services:
        orders.append(request("itwin", "POST", ".*", "/mesh-export"))
    return [chance.choice(part) for part in (early, orders, middle, late)]
