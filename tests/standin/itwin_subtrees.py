"""Which tiles of an implicit quadtree there are, as 3D Tiles 1.1 writes it into subtree files.

https://docs.ogc.org/cs/22-025r4/22-025r4.html, 7 (implicit tiling): bits in the order of the levels, and within a level
in Morton order.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from .itwin_city import Tile

LEVELS, SUBTREE_LEVELS = 4, 2


def subtrees(whole: Tile) -> dict[str, bytes]:
    """The subtree files, by name. That of the root has its buffer in a file beside it."""
    files: dict[str, bytes] = {}
    for tile in whole.every():
        level, x, y = tile.address
        if level % SUBTREE_LEVELS == 0:
            name = f"subtrees/{level}/{x}/{y}"
            document, buffer = _subtree(tile)
            if level == 0:
                document["buffers"][0]["uri"] = f"{y}.bin"
                files[f"{name}.bin"] = buffer
            files[f"{name}.subtree"] = _file(document, b"" if level == 0 else buffer)
    return files


def _subtree(start: Tile) -> tuple[dict[str, Any], bytes]:
    """The document and its buffer: bits for the tiles (each has content), and for the subtrees that follow."""
    rows = [[start]]
    for _ in range(SUBTREE_LEVELS):
        rows.append([child for tile in rows[-1] for child in tile.children])
    depth = len(start.path)
    tiles = [(4**level - 1) // 3 + _morton(tile, depth) for level, row in enumerate(rows[:-1]) for tile in row]
    following = [_morton(tile, depth) for tile in rows[-1]]
    size = (4**SUBTREE_LEVELS - 1) // 3
    document: dict[str, Any] = {
        "buffers": [],
        "bufferViews": [],
        "tileAvailability": {"bitstream": 0, "availableCount": len(tiles)},
        "contentAvailability": [{"bitstream": 0, "availableCount": len(tiles)}],
        "childSubtreeAvailability": {"bitstream": 1, "availableCount": len(following)},
    }
    buffer = b""
    for bits, count in ((tiles, size), (following, 4**SUBTREE_LEVELS)):
        document["bufferViews"].append({"buffer": 0, "byteOffset": len(buffer), "byteLength": -(-count // 8)})
        buffer += sum(1 << bit for bit in bits).to_bytes(8, "little")
    document["buffers"].append({"byteLength": len(buffer)})
    if not following:
        document["childSubtreeAvailability"] = {"constant": 0}
    return document, buffer


def _morton(tile: Tile, depth: int) -> int:
    """Its place in its row below a tile of that depth: the quadrants are the digits of a number to the base of 4."""
    return int(tile.path[depth:] or "0", 4)


def _file(document: dict[str, Any], buffer: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<4sIQQ", b"subt", 1, len(text), len(buffer)) + text + buffer
