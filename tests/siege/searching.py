"""The search for secrets: in every file, packed or not, in each form in which a program may have written them."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import re
import sqlite3
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
DEEPEST = 4  # packed in packed


def forms(secret: str) -> dict[str, str]:
    """As texts, by their names."""
    found = {
        "plain": secret,
        "percent": quote(secret, safe=""),
        "percent, small": re.sub("%..", lambda one: one[0].lower(), quote(secret, safe="")),
        "path": quote(secret),
        "form": quote_plus(secret),
        "JSON": json.dumps(secret)[1:-1],
        "JSON twice": json.dumps(json.dumps(secret)[1:-1])[1:-1],
        "HTML": html.escape(secret),
        "XML": html.escape(secret, quote=False),
        "repr": repr(secret)[1:-1],
        "hex": secret.encode().hex(),
    }
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + secret.encode()).decode().rstrip("=")
        # What depends on the neighbours is cut off: the first characters after a shift, and the last one.
        inner = whole[(0, 2, 3)[shift] : -1]
        found[f"base64 at {shift}"] = inner
        found[f"base64 of addresses at {shift}"] = inner.replace("+", "-").replace("/", "_")
    return found


@dataclass
class Search:
    """secrets: by what they are. found: `what, form, encoding: where`. Counts what was looked at."""

    secrets: Mapping[str, str]
    files: int = 0
    bytes: int = 0
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        short = [what for what, secret in self.secrets.items() if len(secret) < 8]
        assert self.secrets and not short, short
        self._names: dict[bytes, str] = {}
        for what, secret in self.secrets.items():
            for form, text in forms(secret).items():
                for encoding in ENCODINGS:
                    self._names.setdefault(text.encode(encoding), f"{what}, {form}, {encoding}")
        self._any = re.compile(b"|".join(map(re.escape, sorted(self._names, key=len, reverse=True))))

    @property
    def forms(self) -> int:
        return len(self._names)

    def folders(self, *folders: Path, but: Iterable[str] = ()) -> None:
        """Every file below; links to folders are not gone into. but: names of files that the test wrote."""
        skipped = set(but)
        for folder in folders:
            for parent, _, names in os.walk(folder):
                for path in (Path(parent, name) for name in names if name not in skipped):
                    if path.is_file():
                        self.files += 1
                        self.look(path.read_bytes(), str(path))
                    self.look(str(path.name).encode(), f"the name of {path}")

    def look(self, content: bytes, where: str, depth: int = 0) -> None:
        self.bytes += len(content)
        self.found += sorted({f"{self._names[hit]}: {where}" for hit in self._any.findall(content)})
        if depth < DEEPEST:
            for name, inner in _inside(content):
                self.look(inner, f"{where} > {name}", depth + 1)


def _inside(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"PK\3\4"):
        with suppress(zipfile.BadZipFile, RuntimeError), zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)
    elif content.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError):
            yield "gz", gzip.decompress(content)
    elif content.startswith(b"SQLite format 3\0") and hasattr(sqlite3.Connection, "deserialize"):
        yield "rows", _rows(content)  # where a long value lies on several pages, its bytes are not in one piece


def _rows(content: bytes) -> bytes:
    with suppress(sqlite3.Error), closing(sqlite3.connect(":memory:")) as base:
        base.text_factory = bytes
        # A file that is written ahead (WAL) can't be read in memory; its header then says that it is not.
        base.deserialize(content[:18] + b"\1\1" + content[20:])
        tables = [row[0].decode() for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        lines = [row for table in tables for row in base.execute(f'SELECT * FROM "{table}"')]
        return b"\n".join(_bytes(value) for row in lines for value in row)
    return b""


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@contextmanager
def watched(me: int) -> Iterator[dict[str, bytes]]:
    """The command lines of all processes below this one that are there now and then, by their ids."""
    seen: dict[str, bytes] = {}
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            parents = {pid: _parent(pid) for pid in os.listdir("/proc") if pid.isdecimal()}
            for pid in parents:
                above = pid
                while above in parents and above != str(me):
                    above = parents[above]
                if above == str(me) != pid:
                    with suppress(OSError):
                        seen[pid] = Path(f"/proc/{pid}/cmdline").read_bytes() or seen.get(pid, b"")

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def _parent(pid: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    return ""
