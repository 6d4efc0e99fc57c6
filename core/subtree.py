"""Which tiles of implicit tiling there are, from the files that say it: the subtrees (3D Tiles 1.1, 10.6 to 10.8).

A subtree has a bit for each of its tiles, their contents and the subtrees below it. Counts in it are not believed: only
the bits are looked at, and one beyond the end of the file is not set.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional
from urllib.parse import unquote_to_bytes

import numpy as np
import numpy.typing as npt

from .container import is_inline
from .gltf import Data, parsed
from .model import Json

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

Flags: TypeAlias = npt.NDArray[np.bool_]
Indices: TypeAlias = npt.NDArray[np.int64]
Load: TypeAlias = Callable[[str], Optional[bytes]]
"""The bytes of a file that a subtree refers to; None when it is not here."""

_HEADER = 24
_CONTENTS = "3DTILES_multiple_contents"


@dataclass(frozen=True)
class Bits:
    """One bit for each index, or the same for all."""

    bits: bool | npt.NDArray[np.uint8]

    def at(self, index: Indices) -> Flags:
        if isinstance(self.bits, bool):
            return np.full(len(index), self.bits)
        inside = index >> 3 < len(self.bits)
        found: Flags = np.zeros(len(index), dtype=bool)
        found[inside] = (self.bits[index[inside] >> 3] >> (index[inside] & 7)) & 1
        return found


@dataclass(frozen=True)
class Subtree:
    """tiles: by the number of the tile in the subtree, level by level; contents: the same for each content of a tile;
    children: by the number of the subtree below."""

    tiles: Bits
    contents: tuple[Bits, ...]
    children: Bits


def buffers(data: Data) -> list[str]:
    """The files in which the bits of a subtree are, besides its own. Errors: ValueError."""
    document, _ = _parts(data)
    needed: dict[str, None] = {}
    for availability in _availabilities(document):
        buffer = _buffer(document, availability)
        uri = buffer.get("uri") if buffer is not None else None
        if isinstance(uri, str) and not is_inline(uri):
            needed[uri] = None
    return list(needed)


def read(data: Data, load: Load) -> Subtree:
    """A subtree, binary or JSON. Errors: ValueError."""
    document, binary = _parts(data)
    tiles, children, *contents = (_bits(document, one, binary, load) for one in _availabilities(document))
    return Subtree(tiles, tuple(contents), children)


def _parts(data: Data) -> tuple[Mapping[str, Json], bytes]:
    """The JSON and what is in the same file behind it."""
    text, binary = data[:], b""
    if data[:4] == b"subt":
        if len(data) < _HEADER:
            raise ValueError("it is cut short")
        length, rest = struct.unpack_from("<2Q", data, 8)
        text = data[_HEADER : _HEADER + length]
        binary = data[_HEADER + length : _HEADER + length + rest]
    document = parsed(text.rstrip(b" \0"))
    if not isinstance(document, Mapping):
        raise ValueError("it is no subtree")
    return document, binary


def _availabilities(document: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Those of the tiles, the subtrees below, and each content."""
    extensions = document.get("extensions")
    several = extensions.get(_CONTENTS) if isinstance(extensions, Mapping) else None
    contents = (several if isinstance(several, Mapping) else document).get("contentAvailability", [])
    if isinstance(contents, Mapping):
        contents = [contents]
    every = [document.get("tileAvailability"), document.get("childSubtreeAvailability")]
    every += contents if isinstance(contents, list) else []
    found = [one for one in every if isinstance(one, Mapping)]
    if len(found) < len(every):
        raise ValueError("it does not say which tiles there are")
    return found


def _view(document: Mapping[str, Json], availability: Mapping[str, Json]) -> Mapping[str, Json] | None:
    number = availability.get("bitstream", availability.get("bufferView"))
    return None if number is None else _item(document, "bufferViews", number)


def _buffer(document: Mapping[str, Json], availability: Mapping[str, Json]) -> Mapping[str, Json] | None:
    view = _view(document, availability)
    return None if view is None else _item(document, "buffers", view.get("buffer"))


def _item(document: Mapping[str, Json], key: str, number: Json) -> Mapping[str, Json]:
    items = document.get(key)
    if isinstance(items, list) and isinstance(number, int) and 0 <= number < len(items):
        item = items[number]
        if isinstance(item, Mapping):
            return item
    raise ValueError("it does not say which tiles there are")


def _bits(document: Mapping[str, Json], availability: Mapping[str, Json], binary: bytes, load: Load) -> Bits:
    view, buffer = _view(document, availability), _buffer(document, availability)
    if view is None or buffer is None:
        return Bits(availability.get("constant") == 1)
    start, size, uri = view.get("byteOffset", 0), view.get("byteLength"), buffer.get("uri")
    if not (isinstance(start, int) and isinstance(size, int) and start >= 0 and size >= 0):
        raise ValueError("it does not say which tiles there are")
    content: bytes | None = binary
    if isinstance(uri, str):
        content = _inline(uri) if is_inline(uri) else load(uri)
    if content is None:
        raise ValueError("a file that says which tiles there are is missing")
    return Bits(np.frombuffer(content[start : start + size], dtype=np.uint8))


def _inline(uri: str) -> bytes:
    """What a `data:` reference holds (RFC 2397). Errors: ValueError."""
    header, _, body = uri.partition(",")
    return base64.b64decode(body) if header.lower().endswith(";base64") else unquote_to_bytes(body)
