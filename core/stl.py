"""STL, binary and as text. Format: Marshall Burns, Automated Fabrication, section 6.5 (1993).

Both kinds may begin with the word solid. A binary one is known by its size, which follows from the count in it.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from .errors import ExportError
from .mesh import Mesh, mesh, welded

_HEAD = 84  # bytes: 80 of any text, then the count of triangles
_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_AT_ONCE = 2**16  # triangles
_CHUNK = 16 * 2**20
_NUMBER = rb"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
_VERTEX = re.compile(rb"\bvertex[ \t]+" + rb"[ \t]+".join([_NUMBER] * 3) + rb"(?=\s)", re.IGNORECASE)
_WORD = re.compile(rb"\bvertex\b", re.IGNORECASE)
_END = re.compile(rb"\bendsolid\b[^\n]*\s*\Z", re.IGNORECASE)


def read_stl(path: Path) -> Mesh:
    """Errors: ExportError when it is cut off, damaged or no STL; OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
    count = int.from_bytes(head[80:_HEAD], "little") if size >= _HEAD else 0
    is_whole = size >= _HEAD and size == _HEAD + count * _TRIANGLE.itemsize
    if not is_whole and _is_text(head):
        return _read_text(path)
    if size < _HEAD + count * _TRIANGLE.itemsize or size < _HEAD:
        there = max(0, size - _HEAD) // _TRIANGLE.itemsize
        raise ExportError(f"it is damaged or cut off: it announces {count:,} triangles and has room for {there:,}")
    corners = np.empty((count, 3, 3), np.float32)
    with path.open("rb") as file:
        file.seek(_HEAD)
        for start in range(0, count, _AT_ONCE):
            records = np.fromfile(file, _TRIANGLE, min(_AT_ONCE, count - start))
            corners[start : start + _AT_ONCE] = records["corners"]
    vertices, vertex = welded(corners.reshape(-1, 3))
    return mesh(vertices, vertex.reshape(-1, 3))


def _is_text(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return b"\0" not in head and (text.startswith(b"solid") or b"facet" in text)


def _read_text(path: Path) -> Mesh:
    """Piece by piece: the text of a model is five times as long as its numbers."""
    found: list[np.ndarray] = []
    words, rest = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text, newline, rest = (rest + chunk).rpartition(b"\n")
            words += _add(text + newline, found)
    words += _add(rest + b"\n", found)
    corners = np.concatenate(found)
    if len(corners) != words or words % 3:
        raise ExportError("it is damaged: some corners of triangles are not three numbers")
    if not _END.search(rest or text):
        raise ExportError("it is cut off: its end is missing")
    vertices, vertex = welded(corners)
    return mesh(vertices, vertex.reshape(-1, 3))


def _add(text: bytes, found: list[np.ndarray]) -> int:
    """Adds the corners in a piece of text. Gives how often it says that there is one."""
    numbers = b" ".join(b" ".join(place) for place in _VERTEX.findall(text))
    found.append(np.fromstring(numbers, sep=" ").reshape(-1, 3) if numbers else np.empty((0, 3)))
    return sum(1 for _ in _WORD.finditer(text))
