"""Starts the stand-ins and says how to use them: ``python -m tests.standin``. Ends on Ctrl+C, SIGTERM or in time."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from .brightearth import BrightEarth
from .cityloader import CityLoader
from .control import Control
from .itwin import ITwin
from .koordinates import Koordinates
from .web import WebServer, make_certificate, quiet
from .world import Service, World


def main(arguments: list[str] | None = None) -> None:
    options = _options(arguments)
    quiet()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    world = World()
    services: list[Service] = [Koordinates(world, options.key), CityLoader(world), BrightEarth(world), ITwin(world)]
    with tempfile.TemporaryDirectory(prefix="standin-") as folder:
        certificate = make_certificate(Path(folder)) if options.tls else None
        ports = [port and port + number for number, port in enumerate([options.port] * len(services))]
        sites = [
            WebServer(world.wired(service.name, service.app), port, certificate)
            for service, port in zip(services, ports)
        ]
        beside = [
            (service, name, WebServer(world.wired(name, app), 0, certificate))
            for service in services
            for name, app in service.companions.items()
        ]
        storage = WebServer(world.wired(world.storage.name, world.storage.app), options.storage_port, certificate)
        control = WebServer(Control(world, {service.name: service for service in services}).app, options.control_port)
        for service, site in zip(services, sites):
            service.url = site.url
        for service, name, server in beside:
            service.companion_urls[name] = server.url
        world.storage.url = storage.url
        servers = [*sites, *(server for _, _, server in beside), storage, control]
        for server in servers:
            server.start()
        ready = {service.name: service.describe() for service in services}
        ready["storage"] = {"url": world.storage.url}
        facts = {**ready, "control": control.url, "certificate": str(certificate[0]) if certificate else None}
        if options.json:
            print(json.dumps(facts), flush=True)
            threading.Thread(target=_wait_for_end_of_input, args=(ended,), daemon=True).start()
        else:
            print(_guide(facts, options.seconds), flush=True)
        ended.wait(options.seconds)
        world.faults.stop()
        for server in servers:
            server.stop()
        world.storage.close()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8101, help="of the first service (8101); the others follow (0: any free ones)"
    )
    parser.add_argument("--storage-port", type=int, default=8110, help="of the object storage (8110)")
    parser.add_argument("--control-port", type=int, default=0, help="of the control endpoints (any free one)")
    parser.add_argument("--seconds", type=float, help="end after this time")
    parser.add_argument("--key", help="the API key to accept, instead of one made for this run")
    parser.add_argument("--tls", action="store_true", help="serve https with a certificate made for this run")
    parser.add_argument(
        "--json", action="store_true", help="for programs: one line of JSON when ready, and end with stdin"
    )
    return parser.parse_args(arguments)


def _wait_for_end_of_input(ended: threading.Event) -> None:
    # A test process that is killed cannot stop this one, but its end of the pipe closes. Not through sys.stdin: its
    # lock would hold up the end of the interpreter.
    while os.read(sys.stdin.fileno(), 1024):
        continue
    ended.set()


def _guide(facts: dict[str, Any], seconds: float | None) -> str:
    """Every address and every account, for a person to try by hand."""
    lines: list[str] = []
    for name, about in facts.items():
        if isinstance(about, dict):
            lines.append(f"{name:<12} {about['url']}")
            lines += [line for key, value in about.items() if key != "url" for line in _fact(key, value)]
    site = facts["koordinates"]
    lines += [
        f"control      {facts['control']}/_standin/  (see tests/standin/client.py)",
        *([f"certificate  {facts['certificate']}"] if facts["certificate"] else []),
        "",
        f"Try: curl -H 'Authorization: key {site['keys']['full']}' {site['url']}/services/api/v1.x/layers/",
        f"Ends {f'after {seconds:g} s or ' if seconds else ''}with Ctrl+C.",
    ]
    return "\n".join(lines)


def _fact(key: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"  {f'{key} {name}':<26} {entry}" for name, entry in value.items()]
    return [f"  {key:<26} {value}"]


if __name__ == "__main__":
    main()
