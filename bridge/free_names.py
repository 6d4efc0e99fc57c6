"""Names for what is made here, that nobody has: neither a service, nor the person, nor another run."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from itertools import count
from pathlib import Path

from ..core.disk import part_of


def numbered(folder: Path, stem: str, ending: str = "") -> Iterator[Path]:
    """`a.gpkg`, `a-2.gpkg`, `a-3.gpkg` and so on."""
    yield folder / f"{stem}{ending}"
    yield from (folder / f"{stem}-{number}{ending}" for number in count(2))


def own_part(target: Path) -> Path:
    """Where a file stands until it is whole, if another run may make one of the same name at the same time."""
    return part_of(target.with_name(f"{target.name}.{secrets.token_hex(4)}"))


def take(part: Path, path: Path) -> bool:
    """Gives a finished file its name, unless somebody has it, even at this moment. Errors: OSError."""
    try:
        path.open("xb").close()
    except FileExistsError:
        return False
    try:
        part.replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True


def unused(name: str, taken: Collection[str]) -> str:
    """The name, or with a number. SQLite does not tell Building from building."""
    names = {one.casefold() for one in taken}
    return next(
        one
        for one in (name, *(f"{name}-{number}" for number in range(2, len(names) + 3)))
        if one.casefold() not in names
    )
