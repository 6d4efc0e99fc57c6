"""What a service sent, as cutout.json has it: it is never taken for what was made here, nor written over."""

from __future__ import annotations

from pathlib import Path

from ..core import manifest
from ..core.errors import ExportError


def received(folder: Path) -> frozenset[Path]:
    """The files of a job as they came; none where there is no cutout.json."""
    try:
        files = manifest.read(folder).get("files")
    except ExportError:
        return frozenset()
    names = (one.get("name") for one in files if isinstance(one, dict)) if isinstance(files, list) else ()
    return frozenset(folder / name for name in names if isinstance(name, str))
