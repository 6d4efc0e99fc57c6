"""Azurite: an Azure Blob Storage with shared access signatures, as the tiles of Bentley come.

https://learn.microsoft.com/rest/api/storageservices/create-service-sas and create-account-sas
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.siege.servers.process import HOST, free_port, program, running

ACCOUNT, CONTAINER, VERSION = "exports", "tiles", "2020-08-04"


class Azure:
    def __init__(self, port: int, key: bytes) -> None:
        self.url = f"http://{HOST}:{port}/{ACCOUNT}"
        self._key = key
        self._request("PUT", f"{CONTAINER}?restype=container", b"")

    def link(self, *, lifetime: float = 900) -> str:
        """To the container, for reading whatever is in it."""
        query = {"sv": VERSION, "sr": "c", "sp": "r", "se": _time(lifetime)}
        text = f"r\n\n{query['se']}\n/blob/{ACCOUNT}/{CONTAINER}\n\n\n\n{VERSION}\nc\n\n\n\n\n\n"
        return f"{self.url}/{CONTAINER}?{urlencode({**query, 'sig': self._sign(text)}, quote_via=quote)}"

    def put(self, name: str, content: bytes) -> None:
        self._request("PUT", f"{CONTAINER}/{name}?", content, {"x-ms-blob-type": "BlockBlob"})

    def _request(self, method: str, what: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        """With a signature for the whole account."""
        query = {"sv": VERSION, "ss": "b", "srt": "sco", "sp": "rwdlac", "se": _time(900)}
        text = f"{ACCOUNT}\nrwdlac\nb\nsco\n\n{query['se']}\n\n\n{VERSION}\n"
        signed = urlencode({**query, "sig": self._sign(text)}, quote_via=quote)
        request = urllib.request.Request(f"{self.url}/{what}&{signed}", body, headers or {}, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            answer.read()

    def _sign(self, text: str) -> str:
        return base64.b64encode(hmac.new(self._key, text.encode(), hashlib.sha256).digest()).decode()


def _time(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


@contextmanager
def azurite(folder: Path) -> Iterator[Azure]:
    node = program("Node", "node")
    script = program("Azurite", "servers/node_modules/azurite/dist/src/blob/main.js")
    port, key = free_port(), secrets.token_bytes(64)
    command = [node, script, "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", HOST]
    command += ["--blobPort", str(port), "-l", str(folder / "azurite")]
    accounts = f"{ACCOUNT}:{base64.b64encode(key).decode()}"
    with running(command, port, folder / "azurite.log", {"AZURITE_ACCOUNTS": accounts}):
        yield Azure(port, key)
