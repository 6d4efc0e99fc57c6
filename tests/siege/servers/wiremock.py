"""WireMock: answers that break in ways of its own making. https://wiremock.org/docs/simulating-faults/"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.siege.servers.process import HOST, free_port, program, running

JAR = "servers/node_modules/wiremock/build/wiremock-standalone-3.13.2.jar"


class WireMock:
    def __init__(self, port: int) -> None:
        self.url = f"http://{HOST}:{port}"

    def on(self, method: str, path: str, *responses: dict[str, Any]) -> str:
        """What a path answers, one after the other, the last one for ever. Gives its address."""
        for number, response in enumerate(responses):
            states = {"scenarioName": f"{method} {path}", "requiredScenarioState": str(number) if number else "Started"}
            if number + 1 < len(responses):
                states["newScenarioState"] = str(number + 1)
            self._admin("mappings", {"request": {"method": method, "urlPath": path}, "response": response, **states})
        return self.url + path

    def seen(self, path: str) -> list[dict[str, Any]]:
        """The requests for a path, oldest first."""
        found = self._admin("requests/find", {"urlPath": path})["requests"]
        return sorted(found, key=lambda one: int(one["loggedDate"]))

    def reset(self) -> None:
        self._admin("reset", {})

    def _admin(self, what: str, body: Any) -> Any:
        request = urllib.request.Request(f"{self.url}/__admin/{what}", json.dumps(body).encode(), method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@contextmanager
def wiremock(folder: Path) -> Iterator[WireMock]:
    java, jar, port = program("Java", "java"), program("WireMock", JAR), free_port()
    command = [java, "-Xmx256m", "-jar", jar, "--port", str(port), "--bind-address", HOST, "--root-dir", str(folder)]
    with running(command, port, folder / "wiremock.log"):
        yield WireMock(port)
