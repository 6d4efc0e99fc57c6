"""A tileset.json as it is written: its tiles and their contents (3D Tiles 1.0 and 1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .model import Json
from .volumes import IDENTITY, chained

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

SEVERAL = "3DTILES_multiple_contents"
Raw = dict[str, Any]


def is_tileset(document: Json) -> TypeGuard[Raw]:
    return isinstance(document, dict) and isinstance(document.get("root"), dict)


def tiles(document: Raw) -> list[tuple[Raw, int]]:
    """All tiles, each before those in it, with the number of the one that it is in (-1 for the root)."""
    found: list[tuple[Raw, int]] = [(document["root"], -1)]
    for number, (tile, _) in enumerate(found):  # grows on the way
        found.extend((child, number) for child in _dicts(tile.get("children")))
    return found


def contents(tile: Mapping[str, Json]) -> list[Raw]:
    """What a tile shows: each has a name of a file, in `uri` or, as older ones have it, in `url`."""
    several = several_of(tile)
    found = [tile.get("content")] if several is None else several
    return [content for content in _dicts(found) if _key(content)]


def check(document: Raw) -> None:
    """Errors: ValueError for what ends QGIS 3.44 when it opens the tileset or, with a project, opens it again.

    A tile without a bounding volume is a segmentation fault there, a wrong type an exception that nobody catches.
    """
    asset = document.get("asset")
    if isinstance(asset, dict) and not isinstance(asset.get("gltfUpAxis", "Y"), str):
        raise ValueError("its up axis is no name")
    for tile, _ in tiles(document):
        children, content = tile.get("children") or [], tile.get("content")
        if not isinstance(tile.get("boundingVolume"), dict):
            raise ValueError("it has a tile without a bounding volume")
        if not isinstance(children, list) or len(_dicts(children)) < len(children):
            raise ValueError("it has tiles that are none")
        if not isinstance(tile.get("geometricError", 0), (int, float)):
            raise ValueError("it has a tile whose geometric error is no number")
        if tile.get("transform") is not None and chained(IDENTITY, tile["transform"]) is None:
            raise ValueError("it has a tile with a transform of other than 16 numbers")
        if isinstance(content, dict) and any(not isinstance(content.get(key) or "", str) for key in ("uri", "url")):
            raise ValueError("it has a tile whose content is no name")


def several_of(tile: Mapping[str, Json]) -> list[Json] | None:
    """The list of a tile with several contents, in 1.1 or as the extension to 1.0; None where it has but one."""
    extended = extension(tile, SEVERAL)
    older = extended.get("contents", extended.get("content")) if isinstance(extended, Mapping) else None
    found = tile.get("contents", older)
    return found if isinstance(found, list) else None


def extension(thing: Mapping[str, Json], name: str) -> Json:
    extensions = thing.get("extensions")
    return extensions.get(name) if isinstance(extensions, Mapping) else None


def uri_of(content: Mapping[str, Json]) -> str:
    return str(content[_key(content)])


def is_tree(content: Mapping[str, Json]) -> bool:
    """Whether it is another tileset, by its name."""
    return uri_of(content).partition("?")[0].lower().endswith(".json")


def with_uri(content: Raw, uri: str) -> Raw:
    return {**content, _key(content): uri}


def schemas(document: Raw) -> list[Raw]:
    """What may hold a `schemaUri`: the tileset itself, or the extension of 1.0."""
    found = [document, extension(document, "3DTILES_metadata")]
    return [thing for thing in _dicts(found) if isinstance(thing.get("schemaUri"), str)]


def _dicts(things: Json) -> list[Raw]:
    return [thing for thing in things if isinstance(thing, dict)] if isinstance(things, list) else []


def _key(content: Mapping[str, Json]) -> str:
    return next((key for key in ("uri", "url") if isinstance(content.get(key), str)), "")
