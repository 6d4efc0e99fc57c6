"""The stand-in as a test sees it. Standard library only, so that any Python can use it.

    from tests.standin.client import Standin

    with Standin() as s:
        s.url            # "http://127.0.0.1:40123", the Koordinates site
        s.storage_url    # "http://127.0.0.1:40124", the object storage: another origin
        s.key            # an API key with every scope
        s.reader_key     # reads layers and the catalogue, has no exports scopes
        s.foreign_key    # a key of another Koordinates site
        s.layer_url("counties")             # the API URL of a layer or table, for the items of an export

        s.settings(polls=3, price="12.50")  # how the service behaves; the names are those of koordinates.Settings
        s.fault("status", status=503, retry_after=2, path="/services/api/v1.x/exports/")
        s.fault("lost", method="POST", path="/services/api/v1.x/exports/$")     # $: this path only, not validate
        s.fault("cut", server="storage", count=2)       # the kinds are those of faults.KINDS
        s.freeze(); s.advance(3600)         # the scripted clock
        s.revoke(s.key)                     # from now on 401
        url = s.put("big.bin", size=50_000_000)         # any object, as a presigned link

        city = s.of("cityloader")           # any of the services by its name
        city.url, city.facts                # its address, and what a client needs to use it
        city.settings(polls=2)              # how it behaves; city.orders(), city.revoke(key)

        s.requests()                        # everything that arrived, oldest first
        s.requests("storage")               # what reached the object storage
        s.exports()                         # the exports that exist, with what was asked for
        s.log                               # what the process wrote: the traceback behind an unexpected 500
        s.reset()                           # as new: no faults, exports, requests; default settings

One stand-in serves a whole test session: ``reset()`` before each test costs a millisecond, a start about a second.
The process ends with the ``with`` block, and also when the test process dies, because it then loses its standard input.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30


@dataclass(frozen=True)
class Recorded:
    """One request that reached the stand-in. ``status`` is None when the connection was broken on purpose."""

    server: str
    method: str
    host: str
    port: int
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int | None
    when: float

    def header(self, name: str) -> str | None:
        """The value of a header whatever its case, None if it was not sent."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)

    @property
    def json(self) -> Any:
        """The body parsed as JSON."""
        return json.loads(self.body)


class One:
    """One service of the stand-in. ``facts``: what its describe() says."""

    def __init__(self, standin: Standin, name: str, facts: dict[str, Any]) -> None:
        self._standin, self.name, self.facts = standin, name, facts
        self.url = str(facts["url"])

    def settings(self, **values: Any) -> dict[str, Any]:
        """Changes settings of the service and answers all of them. Unknown names raise ValueError."""
        return dict(self._standin.control(f"settings/{self.name}", values))

    def orders(self) -> list[dict[str, Any]]:
        """The jobs that exist at the service, oldest first."""
        return list(self._standin.control(f"exports/{self.name}"))

    def revoke(self, key: str) -> None:
        self._standin.control(f"revoke/{self.name}", {"key": key})


class Standin:
    """Starts ``python -m tests.standin`` on free ports, once, and ends that very process again.

    ``tls`` serves https with a certificate made for this run; ``certificate`` is then the file a client must trust.
    ``python`` is the interpreter to use: the running one unless that is embedded in QGIS, then the one of build/venv.
    """

    def __init__(self, tls: bool = False, python: str | None = None) -> None:
        self._tls = tls
        self._python = python or _interpreter()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - stop() closes it
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: dict[str, Any] = {}

    def __enter__(self) -> Standin:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> Standin:
        """Starts the process and waits until it serves. Raises RuntimeError with its messages if it does not."""
        command = [self._python, "-m", "tests.standin", "--json", "--port", "0", "--storage-port", "0"]
        self._process = subprocess.Popen(
            command + (["--tls"] if self._tls else []),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        line = _first_line(self._process, START_SECONDS)
        if not line:
            messages = self.log
            self.stop()
            raise RuntimeError("The stand-in did not start:\n" + messages)
        self._ready = json.loads(line)
        return self

    def stop(self) -> None:
        """Ends the process by its own id and waits for it. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout, self._log):
            if pipe:
                pipe.close()

    @property
    def log(self) -> str:
        """What the process has written to its standard error: the traceback behind an unexpected 500."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def of(self, name: str) -> One:
        """One of the services."""
        return One(self, name, self._ready[name])

    @property
    def url(self) -> str:
        return str(self._ready["koordinates"]["url"])

    @property
    def storage_url(self) -> str:
        return str(self._ready["storage"]["url"])

    @property
    def certificate(self) -> str | None:
        certificate: str | None = self._ready["certificate"]
        return certificate

    @property
    def key(self) -> str:
        return str(self._ready["koordinates"]["keys"]["full"])

    @property
    def reader_key(self) -> str:
        return str(self._ready["koordinates"]["keys"]["reader"])

    @property
    def foreign_key(self) -> str:
        return str(self._ready["koordinates"]["keys"]["foreign"])

    @property
    def layers(self) -> dict[str, str]:
        """Slug -> path of each layer and table below the API version, e.g. ``{"counties": "layers/101/"}``."""
        return dict(self._ready["koordinates"]["layers"])

    def layer_url(self, slug: str, version: str = "v1.x") -> str:
        return f"{self.url}/services/api/{version}/{self.layers[slug]}"

    def reset(self) -> None:
        self.control("reset", {})

    def settings(self, **values: Any) -> dict[str, Any]:
        """Changes settings of the Koordinates service and answers all of them. Unknown names raise ValueError."""
        return dict(self.control("settings/koordinates", values))

    def storage_settings(self, **values: Any) -> dict[str, Any]:
        """The same for the object storage: ``head``, ``ranges``, ``rate`` (see storage.Settings)."""
        return dict(self.control("settings/storage", values))

    def fault(self, kind: str, *, server: str = "koordinates", path: str = "/", method: str | None = None,
              count: int = 1, skip: int = 0, **details: Any) -> None:  # fmt: skip
        """Orders a fault for the next ``count`` matching requests (-1: all), after letting ``skip`` of them pass.

        ``path`` is a prefix, or the whole path if it ends in ``$``. For the kinds and details see ``faults.KINDS``.
        """
        fault = {"kind": kind, "server": server, "path": path, "method": method, "count": count, "skip": skip}
        self.control("faults", {**fault, "details": details})

    def calm(self) -> None:
        """No more faults; all else stays as it is."""
        self.control("calm", {})

    def requests(self, server: str | None = None) -> list[Recorded]:
        """The recorded requests, oldest first, of one server (``koordinates`` or ``storage``) or of all."""
        entries = [Recorded(**{**entry, "body": base64.b64decode(entry["body"])}) for entry in self.control("requests")]
        return [entry for entry in entries if server in (None, entry.server)]

    def exports(self) -> list[dict[str, Any]]:
        """Every export that was created, oldest first: id, name, state, request (the body as sent), looks (polls)."""
        return list(self.control("exports/koordinates"))

    def advance(self, seconds: float) -> float:
        """Moves the stand-in's clock on and answers its time (seconds since 1970)."""
        return float(self.control("clock", {"advance": seconds})["now"])

    def freeze(self, frozen: bool = True) -> None:
        """Stops the stand-in's clock, so that only ``advance`` moves it, or lets it run again."""
        self.control("clock", {"frozen": frozen})

    def revoke(self, key: str) -> None:
        self.control("revoke/koordinates", {"key": key})

    def put(self, name: str, data: bytes = b"", *, size: int | None = None, lifetime: float = 900) -> str:
        """Stores an object and answers a presigned link to it. ``size`` bytes of noise, repeatable, instead of data."""
        body = {"name": name, "data": base64.b64encode(data).decode(), "size": size, "lifetime": lifetime}
        return str(self.control("objects", body)["url"])

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A request to the control endpoints; a refusal raises ValueError."""
        request = urllib.request.Request(f"{self._ready['control']}/_standin/{path}", method="GET")
        if body is not None:
            request.method, request.data = "POST", json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        # A proxy or the certificate of the service must not stand between a test and its control.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            result = json.load(answer)
        if isinstance(result, dict) and "refused" in result:
            raise ValueError(result["refused"])
        return result


def _interpreter() -> str:
    if Path(sys.executable).name.startswith("python"):
        return sys.executable
    folder = "Scripts" if os.name == "nt" else "bin"
    return str(ROOT / "build" / "venv" / folder / "python")


def _first_line(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """The first line of standard output, empty if the process ends or says nothing in that time."""
    output = process.stdout
    if output is None:
        return b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        return output.readline() if selector.select(seconds) else b""
