"""Wavefront OBJ: the surfaces in it. Format: Object Files, appendix B1 of Wavefront's Advanced Visualizer manual."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .errors import ExportError
from .mesh import Floats, Mesh, mesh, welded
from .polygon_mesh import triangulated

_CHUNK = 2**20
_TEXTURE_AND_NORMAL = re.compile(rb"/\S*")
_NO_INDEX, _NO_NUMBER = re.compile(rb"[^\d\s-]"), re.compile(rb"[^\d\s.eE+\-nNaAiIfF]")
_DAMAGED = "it is damaged"


@dataclass
class _Content:
    """What has been read so far, a piece of the file an entry. sizes: corners of each face; corners: their vertices,
    from 0 on; objects: in which of names each face stands, -1 for none."""

    vertices: list[Floats] = field(default_factory=list)
    count: int = 0
    sizes: list[np.ndarray] = field(default_factory=list)
    corners: list[np.ndarray] = field(default_factory=list)
    objects: list[np.ndarray] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    now: int = -1


def read_obj(path: Path) -> Mesh:
    """Faces of any number of corners become triangles; points, lines, textures and free-form surfaces are left out.

    An object (`o`), or a group (`g`) where there are no objects, becomes a part. Errors: ExportError, OSError.
    """
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data[:1024]:
        raise ExportError("it is damaged or no OBJ: it is not text")
    if b"\\" in data:
        data = re.sub(rb"\\\r?\n", b" ", data)  # a line that goes on in the next
    mark = b"o" if re.search(rb"^o[ \t]", data, re.MULTILINE) else b"g"
    content = _Content()
    for lines in _pieces(data):
        _add(lines, mark, content)
    del data
    return _surface(content)


def _pieces(data: bytes) -> Iterator[list[bytes]]:
    """The lines, so many at a time as fit into a chunk."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _CHUNK) + 1 or len(data)
        yield data[start:end].split(b"\n")
        start = end


def _add(lines: list[bytes], mark: bytes, content: _Content) -> None:
    heads = [line[:2].rstrip() for line in lines]
    vertex_at = np.array([number for number, head in enumerate(heads) if head == b"v"], np.int64)
    face_at = np.array([number for number, head in enumerate(heads) if head == b"f"], np.int64)
    mark_at = [number for number, head in enumerate(heads) if head == mark]
    before = content.count
    if len(vertex_at):
        content.vertices.append(_vertices([lines[number][2:] for number in vertex_at]))
        content.count += len(vertex_at)
    if len(face_at):
        sizes, corners = _faces([lines[number][2:] for number in face_at])
        counted = before + np.searchsorted(vertex_at, face_at)  # a negative index counts back from here
        known: npt.NDArray[np.int64] = np.repeat(counted, sizes)
        content.sizes.append(sizes)
        absolute = np.where(corners < 0, known + corners, corners - 1)
        content.corners.append(absolute.clip(-1, 2**31 - 1).astype(np.int32))
    current = [content.now]
    for number in mark_at:
        name = lines[number][2:].decode("utf-8", "replace").strip()
        current.append(content.names.setdefault(name, len(content.names)))
    content.now = current[-1]
    content.objects.append(np.array(current, np.int32)[np.searchsorted(np.array(mark_at, np.int64), face_at)])


def _vertices(lines: Sequence[bytes]) -> Floats:
    """Three numbers a line; a weight or colours may follow."""
    columns = len(lines[0].split())
    values = _numbers(b" ".join(lines), np.float64)
    if columns < 3 or len(values) != columns * len(lines):
        rows = [line.split()[:3] for line in lines]
        values, columns = _numbers(b" ".join(b" ".join(row) for row in rows), np.float64), 3
        if any(len(row) != 3 for row in rows) or len(values) != 3 * len(lines):
            raise ExportError(f"{_DAMAGED}: some vertices are not three numbers")
    return np.ascontiguousarray(values.reshape(-1, columns)[:, :3])


def _faces(lines: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """How many corners each face has, and the indices of all of them. A comment may follow."""
    if any(b"#" in line for line in lines):
        lines = [line.partition(b"#")[0] for line in lines]
    sizes = np.fromiter((len(line.split()) for line in lines), np.int64, len(lines))
    text = b" ".join(lines)
    corners = _numbers(_TEXTURE_AND_NORMAL.sub(b"", text) if b"/" in text else text, np.int64)
    if len(corners) != sizes.sum() or not corners.all():
        raise ExportError(f"{_DAMAGED}: some faces are not numbers of vertices")
    return sizes, corners


def _numbers(text: bytes, kind: type) -> np.ndarray:
    """As many as can be read up to the first that is none: which versions of numpy warn of, and later ones refuse."""
    if _NO_INDEX.search(text) if kind is np.int64 else _NO_NUMBER.search(text):
        return np.empty(0, kind)
    try:
        numbers: np.ndarray = np.fromstring(text, kind, sep=" ")
        return numbers
    except ValueError:
        return np.empty(0, kind)


def _surface(content: _Content) -> Mesh:
    if not content.sizes or not content.count:
        raise ExportError("there are no triangles in it")
    vertices = np.concatenate(content.vertices)
    corners = np.concatenate(content.corners)
    content.vertices.clear()
    content.corners.clear()
    if not len(corners):
        raise ExportError("there are no triangles in it")
    if corners.min() < 0 or corners.max() >= len(vertices):
        raise ExportError(f"{_DAMAGED} or cut off: some faces have vertices that are not there")
    if not np.isfinite(vertices).all():
        raise ExportError(f"{_DAMAGED}: some coordinates are not numbers")
    triangles, face = triangulated(vertices, corners, np.concatenate(content.sizes))
    places, vertex = welded(vertices)  # many programs write the corners of each face anew
    return mesh(places, vertex[triangles], np.concatenate(content.objects)[face], tuple(content.names))
