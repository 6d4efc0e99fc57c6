"""3D models read from files: STL and OBJ, without trusting what is in them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .disk import in_words
from .errors import ExportError
from .mesh import Mesh
from .obj import read_obj
from .stl import read_stl

MOST_BYTES = 2**30  # twenty million triangles; they take up to six times that in memory
_READERS: dict[str, Callable[[Path], Mesh]] = {".stl": read_stl, ".obj": read_obj}


def read_mesh(path: Path) -> Mesh:
    """The surface in an STL or OBJ. Errors: ExportError when it is damaged, empty, too big, or not such a file."""
    with in_words(path.parent):
        size = os.stat(path).st_size
        if not size:
            raise ExportError("the file is empty")
        if size > MOST_BYTES:
            raise ExportError(f"it has {size / 2**30:.1f} GB, and models of up to {MOST_BYTES / 2**30:g} GB are read")
        surface = _READERS[path.suffix.casefold()](path)
    if not np.isfinite(surface.vertices).all():
        raise ExportError("it is damaged: some coordinates are not numbers")
    if not len(surface.triangles):
        raise ExportError("there are no triangles in it")
    if np.abs(surface.vertices).max() > 1e9:  # metres; the Earth is 4e7 around
        raise ExportError("it is damaged: some coordinates are farther away than anything on the Earth")
    return surface
