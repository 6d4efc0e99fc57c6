"""The links to the files of a BrightEarth scenario: one zip, or a tree of folders in pages. Keys: brightearth.py.

A page is cut after so many files wherever that is, in the middle of a folder as in a list of S3.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from .brightearth_scenarios import Scenario
from .brightearth_settings import Settings
from .world import World

TOKEN_KEY = "NextContinuationToken"


class BadToken(Exception):
    """A continuation token that this scenario never gave out."""


def links(scenario: Scenario, settings: Settings, world: World, token: str | None) -> dict[str, Any]:
    """The document of one page. Raises BadToken."""

    def link(key: str) -> str:
        return world.storage.presign(key, settings.link_lifetime)

    if settings.nothing:
        return {}
    if scenario.zipped and not settings.tree_beside_zip:
        return {f"{scenario.id}.zip": link(scenario.zipped)}
    names = sorted(scenario.keys)
    start = _start(scenario, names, token)
    page = start // settings.page_size + 1
    empty = page == settings.empty_page and token != _token(scenario, start, "-")
    end = start if empty else min(start + settings.page_size, len(names))
    tree: dict[str, Any] = {}
    for name in names[start:end]:
        folder = tree
        *folders, file = name.split("/")
        for part in folders:
            folder = folder.setdefault(part, {})
        folder[file] = link(scenario.keys[name])
    if start == 0 and not empty:
        tree.update(_extra(settings.extra_names, f"scenarios/{scenario.id}/extra", world, link))
        if scenario.zipped:
            tree[f"{scenario.id}.zip"] = link(scenario.zipped)
    if end < len(names) or settings.repeat_token:
        following = min(settings.page_size, len(names)) if settings.repeat_token else end
        tree[TOKEN_KEY] = _token(scenario, following, "-" if empty else "")
    return tree


def _token(scenario: Scenario, start: int, mark: str) -> str:
    """Base64 as the tokens of S3 are, and so made that every one holds a plus, a slash and an equals sign: what breaks
    a query that was not encoded."""
    text = f"{scenario.id}:{start}:{mark}"
    text += " " * ((1 - len(text)) % 3)
    return base64.b64encode(b"\xfb\xef\xbf" + text.encode()).decode()


def _start(scenario: Scenario, names: list[str], token: str | None) -> int:
    if token is None:
        return 0
    for mark in ("", "-"):
        for start in range(len(names) + 1):
            if token == _token(scenario, start, mark):
                return start
    raise BadToken(token)


def _extra(names: Mapping[str, Any], key: str, world: World, link: Callable[[str], str]) -> dict[str, Any]:
    """Names that no honest service would send, with a link each that works."""
    tree: dict[str, Any] = {}
    for number, (name, text) in enumerate(names.items()):
        if isinstance(text, dict):
            tree[name] = _extra(text, f"{key}/{number}", world, link)
        else:
            world.storage.put(f"{key}/{number}", str(text).encode(), "text/plain")
            tree[name] = link(f"{key}/{number}")
    return tree
