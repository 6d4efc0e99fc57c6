"""mitmproxy in front of servers: it breaks the first answer to each path. https://docs.mitmproxy.org/stable/"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.siege.servers.process import HOST, free_port, program, running

CUT = 150_000  # bytes that arrive of an answer that is larger
ADDON = f'''
struck = set()


def response(flow):
    """Killed if it is one to an order or to a path that says so, else cut with its full Content-Length."""
    path, body = flow.request.path.split("?")[0], flow.response.raw_content or b""
    if (flow.request.port, path) in struck:
        return
    struck.add((flow.request.port, path))
    if flow.request.method == "POST" or path.endswith("killed"):
        flow.kill()
    elif len(body) > {CUT}:
        flow.response.raw_content = body[:{CUT}]
        flow.response.headers["Content-Length"] = str(len(body))
        flow.response.headers["Connection"] = "close"
'''


@contextmanager
def mitmproxy(folder: Path, *targets: str) -> Iterator[list[str]]:
    """The addresses at which the targets are reached through it."""
    binary, ports = program("mitmproxy", "servers-venv/bin/mitmdump"), [free_port() for _ in targets]
    addon = folder / "breaks.py"
    addon.write_text(ADDON)
    command = [binary, "--listen-host", HOST, "-s", str(addon), "-q", "--set", f"confdir={folder / 'mitm'}"]
    for target, port in zip(targets, ports):
        command += ["--mode", f"reverse:{target}@{port}"]
    with running(command, ports[-1], folder / "mitm.log"):
        yield [f"http://{HOST}:{port}" for port in ports]
