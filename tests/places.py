"""Places that the stand-in has data of, as GeoJSON."""

from __future__ import annotations

# A part of Rocky Mountain National Park, Colorado.
PARK = {
    "type": "Polygon",
    "coordinates": [[[-105.8, 40.2], [-105.5, 40.2], [-105.5, 40.5], [-105.8, 40.5], [-105.8, 40.2]]],
}
# A few blocks of Vienna.
VIENNA = {
    "type": "Polygon",
    "coordinates": [[[16.346, 48.203], [16.350, 48.203], [16.350, 48.206], [16.346, 48.206], [16.346, 48.203]]],
}
