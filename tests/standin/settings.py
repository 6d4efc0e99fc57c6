"""Changing a part's settings by name."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

Settings = TypeVar("Settings")


def changed(settings: Settings, values: dict[str, Any]) -> Settings:
    """The settings (a frozen dataclass) with other values. Raises ValueError for a name that there is not."""
    unknown = set(values) - {entry.name for entry in fields(settings)}  # type: ignore[arg-type]
    if unknown:
        raise ValueError(f"No such setting: {', '.join(sorted(unknown))}")
    return replace(settings, **values)  # type: ignore[type-var]
