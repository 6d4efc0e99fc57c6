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

from .control import Control
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
    site = Koordinates(world, options.key)
    services: dict[str, Service] = {site.name: site}
    with tempfile.TemporaryDirectory(prefix="standin-") as folder:
        certificate = make_certificate(Path(folder)) if options.tls else None
        servers = [
            WebServer(world.wired(site.name, site.app), options.port, certificate),
            WebServer(world.wired(world.storage.name, world.storage.app), options.storage_port, certificate),
            WebServer(Control(world, services).app, options.control_port),
        ]
        site.url, world.storage.url, control_url = (server.url for server in servers)
        for server in servers:
            server.start()
        ready = {name: service.describe() for name, service in services.items()}
        ready["storage"] = {"url": world.storage.url}
        facts = {**ready, "control": control_url, "certificate": str(certificate[0]) if certificate else None}
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
    parser.add_argument("--port", type=int, default=8101, help="of the Koordinates site (8101; 0: any free one)")
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
    site = facts["koordinates"]
    example = f"{site['url']}/services/api/v1.x/layers/"
    lines = [
        f"Koordinates site   {site['url']}",
        f"  API key, all scopes          {site['keys']['full']}",
        f"  API key without exports      {site['keys']['reader']}",
        f"  API key of another site      {site['keys']['foreign']}",
        *(f"  {slug:<12} {path}" for slug, path in site["layers"].items()),
        f"Object storage     {facts['storage']['url']}",
        f"Control            {facts['control']}/_standin/  (see tests/standin/client.py)",
        *([f"Certificate        {facts['certificate']}"] if facts["certificate"] else []),
        "",
        f"Try: curl -H 'Authorization: key {site['keys']['full']}' {example}",
        f"Ends {f'after {seconds:g} s or ' if seconds else ''}with Ctrl+C.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
