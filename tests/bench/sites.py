"""A server on loopback that is any of three services, as far as orders are placed and asked about: for measure 7."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from tests.unit.scripted_server import Reply, Request, ScriptedServer

START = 1_000_000.0  # seconds, when the clock of a site begins
# What the services call the state of an order, one that they work on, and one that is done.
WORDS = {
    "koordinates": ("state", "processing", "complete"),
    "cityloader": ("status", "processing", "done"),
    "brightearth": ("state", "RUNNING", "SUCCESSFUL"),
}


class Site:
    """Any of three services: an order is done so many seconds after it came, by a clock of ours."""

    def __init__(self, service: str, lengths: Sequence[float]) -> None:
        self.now, self.asked = START, 0
        self._word, self._working, self._done = WORDS[service]
        self.ends: list[float] = []
        self._lengths, self._told = lengths, set[int]()

    def __call__(self) -> float:
        return self.now

    def serve(self, server: ScriptedServer) -> None:
        site, project = "/services/api/v1.x", "/users/me/projects/1"
        server.on(f"{site}/layers/1/", _json({"kind": "vector", "title": "Roads"}))
        server.on(f"{site}/exports/validate/", _json({"is_valid": True}))
        server.on(f"{site}/exports/", lambda ask: self._taken() if ask.method == "POST" else self._list(ask))
        server.on("/export/simple", lambda ask: self._taken())
        server.on("/auth/login", _json({"access_token": "session"}))
        server.on("/users/me", _json({"credits": 100}))
        server.on("/users/me/projects", _json({"project_id": 1}))
        server.on(f"{project}/assets/aoi", _json({"asset_id": 1}))
        server.on(f"{project}/scenarios/extraction-mono", lambda ask: self._taken())
        for number in range(1, len(self._lengths) + 1):
            for path in (f"{site}/exports/{number}/", f"/export/{number}", f"{project}/activities/{number}"):
                server.on(path, self._look(number))

    def _taken(self) -> Reply:
        self.ends.append(self.now + self._lengths[len(self.ends)])
        number = len(self.ends)
        return _json({"id": number, "scenario_id": number, "activity_id": number})

    def _look(self, number: int) -> Callable[[Request], Reply]:
        """What is asked when it is known that the order is done is for the download, and does not count."""

        def reply(request: Request) -> Reply:
            self.asked += number not in self._told
            return _json(self._entry(number))

        return reply

    def _list(self, request: Request) -> Reply:
        """The newest first, 100 a page."""
        self.asked += 1
        after = re.search(r"after=(\d+)", request.query)
        numbers = range(int(after[1]) - 1 if after else len(self.ends), 0, -1)
        more = f'<{request.path}?after={numbers[99]}>; rel="page-next"' if len(numbers) > 100 else ""
        return _json([self._entry(number) for number in numbers[:100]], {"Link": more} if more else {})

    def _entry(self, number: int) -> dict[str, object]:
        is_done = self.now >= self.ends[number - 1]
        if is_done:
            self._told.add(number)
        state = {self._word: self._done if is_done else self._working}
        return {"id": number, "activity_id": number, **state}


def _json(document: object, headers: dict[str, str] | None = None) -> Reply:
    return Reply(200, json.dumps(document).encode(), headers or {})
