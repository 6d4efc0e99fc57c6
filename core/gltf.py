"""glTF models and the 3D Tiles that wrap them: what they refer to, and the same file with other references.

Formats: glTF 2.0 (JSON and GLB, 4.4), binary glTF 1.0, and b3dm, i3dm, cmpt of 3D Tiles 1.0. All numbers in them are
little-endian; all begin with four letters that say which they are.
"""

from __future__ import annotations

import json
import math
import mmap
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Union

from .model import Json

Data = Union[bytes, mmap.mmap]  # slices of both are bytes

MOST_JSON = 2**28  # bytes of one document; as objects in memory it takes ten times that
_JSON_CHUNK = 0x4E4F534A
_GLB_1, _GLB = 20, 12  # bytes of the headers of binary glTF 1.0 and 2.0
_B3DM, _I3DM, _CMPT = 28, 32, 16
_DEEPEST = 16  # composites in composites
_SURELY_FINITE = 300  # digits
_MOST_LEVELS = 900  # of JSON, two for each level of tiles
_MOST_TILES = 100_000  # in one composite


class Kind(Enum):
    """What a reference leads to: a picture, another model, or plain numbers."""

    IMAGE = "image"
    MODEL = "model"
    DATA = "data"


Change = Callable[[str, Kind], str]


@contextmanager
def opened(file: Path) -> Iterator[Data]:
    """The bytes of a file, read only where they are looked at. Errors: OSError."""
    with file.open("rb") as stream:
        if not stream.seek(0, 2):
            yield b""
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def parsed(text: bytes) -> Json:
    """The JSON. Errors: ValueError, also for one that is too large or nested too deep."""
    if len(text) > MOST_JSON:
        raise ValueError("it is too large")
    try:
        document = json.loads(text.decode("utf-8-sig"), parse_float=_finite, parse_int=_whole, parse_constant=_finite)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeDecodeError:
        raise ValueError("it is not in UTF-8") from None
    except ValueError:
        raise ValueError("it is not JSON") from None
    _check_depth(document)
    return document


def written(document: Json) -> bytes:
    """Errors: ValueError for what no JSON can say."""
    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeEncodeError:
        raise ValueError("it is not in UTF-8") from None
    except ValueError:
        raise ValueError("it has numbers that are too large") from None


def _finite(text: str) -> float:
    """What QGIS takes for a number too: one that it does not may end it."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    if len(text) > _SURELY_FINITE:
        _finite(text)
    return int(text)


def _check_depth(document: Json) -> None:
    """Errors: ValueError. Python before 3.12 gives up at a thousand levels, and QGIS goes down tiles by recursion."""
    level = [document]
    for _ in range(_MOST_LEVELS):
        inner = (node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list)))
        level = [child for children in inner for child in children]
        if not level:
            return
    raise ValueError("it is nested too deep")


def document_in(data: Data) -> Json:
    """The JSON that a file is; None for one of another format. Errors: ValueError."""
    begins_json = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    return parsed(data[: MOST_JSON + 1]) if begins_json else None


def is_gltf(document: Json) -> bool:
    return isinstance(document, dict) and isinstance(document.get("asset"), dict) and "root" not in document


def references(data: Data) -> list[tuple[str, Kind]]:
    """Everything that the file refers to, in its order. Empty for a file of another format. Errors: ValueError."""
    found: list[tuple[str, Kind]] = []

    def note(uri: str, kind: Kind) -> str:
        found.append((uri, kind))
        return uri

    changed(data, note)
    return found


def changed(data: Data, change: Change, depth: int = 0) -> bytes | None:
    """The file with each reference as `change` wants it; None when that changes nothing. Errors: ValueError."""
    magic = data[:4]
    try:
        document = document_in(data)
        if document is not None:
            return written(document) if is_gltf(document) and changed_document(document, change) else None
        if magic == b"glTF":
            return _binary(data, change)
        if magic == b"b3dm":
            return _batched(data, change)
        if magic == b"i3dm":
            return _instanced(data, change)
        if magic == b"cmpt":
            return _composite(data, change, depth)
    except struct.error:
        raise ValueError("it is cut short") from None
    return None


def changed_document(document: Json, change: Change) -> bool:
    """Changes the references of a glTF in place; whether there was one to change."""
    is_other = False
    waiting: list[tuple[Json, Kind]] = [(document, Kind.DATA)]
    while waiting:
        node, kind = waiting.pop()
        if isinstance(node, list):
            waiting.extend((child, kind) for child in reversed(node))
        if not isinstance(node, dict):
            continue
        for key in ("uri", "schemaUri"):
            uri = node.get(key)
            if isinstance(uri, str):
                node[key] = change(uri, kind)
                is_other = is_other or node[key] != uri
        inner = [(child, _kind(key, kind)) for key, child in node.items() if key != "extras"]
        waiting.extend(reversed(inner))
    return is_other


def _kind(key: str, above: Kind) -> Kind:
    return Kind.IMAGE if key == "images" else above


def _binary(data: Data, change: Change) -> bytes | None:
    version, length, size, kind = struct.unpack_from("<4I", data, 4)
    start = _GLB_1 if version == 1 else _GLB + 8
    if version != 1 and kind != _JSON_CHUNK:
        raise ValueError("it does not begin with its JSON")
    if length > len(data) or start + size > length:
        raise ValueError("it is cut short")
    document = parsed(data[start : start + size].rstrip(b" \0"))
    if not changed_document(document, change):
        return None
    text, rest = written(document), data[start + size : length]
    text += b" " * (-(start + len(text) + len(rest)) % 8)  # 4 in a file of its own, 8 inside of another tile
    return struct.pack("<4s4I", b"glTF", version, start + len(text) + len(rest), len(text), kind) + text + rest


def _batched(data: Data, change: Change) -> bytes | None:
    start = _B3DM + sum(struct.unpack_from("<4I", data, 12))
    return _wrapped(data, start, changed(_body(data, start), change))


def _instanced(data: Data, change: Change) -> bytes | None:
    *tables, is_inside = struct.unpack_from("<5I", data, 12)
    start = _I3DM + sum(tables)
    body = _body(data, start)
    if is_inside:
        return _wrapped(data, start, changed(body, change))
    try:
        uri = body.rstrip(b" \0").decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not in UTF-8") from None
    other = change(uri, Kind.MODEL)
    return None if other == uri else _wrapped(data, start, other.encode("utf-8"), b" ")


def _composite(data: Data, change: Change, depth: int) -> bytes | None:
    if depth >= _DEEPEST:
        raise ValueError("it is nested too deep")
    (count,) = struct.unpack_from("<I", data, 12)
    tiles: list[bytes] = []
    is_other, start, end = False, _CMPT, _end(data)
    for _ in range(min(count, _MOST_TILES)):
        (size,) = struct.unpack_from("<I", data, start + 8)
        if size < 12 or start + size > end:
            raise ValueError("it is cut short")
        tile = data[start : start + size]
        other = changed(tile, change, depth + 1)
        is_other = is_other or other is not None
        tiles.append(tile if other is None else other)
        start += size
    return _wrapped(data, _CMPT, b"".join(tiles)) if is_other else None


def _body(data: Data, start: int) -> bytes:
    end = _end(data)
    if start > end:
        raise ValueError("it is cut short")
    return data[start:end]


def _end(data: Data) -> int:
    (length,) = struct.unpack_from("<I", data, 8)
    if length > len(data):
        raise ValueError("it is cut short")
    return int(length)


def _wrapped(data: Data, start: int, body: bytes | None, padding: bytes = b"\0") -> bytes | None:
    """A tile with another body: its length stands in its header, and it ends on a multiple of eight."""
    if body is None:
        return None
    body += padding * (-(start + len(body)) % 8)
    return data[:8] + struct.pack("<I", start + len(body)) + data[12:start] + body
