"""What a request for an export says, and what the 3DCityLoader stand-in refuses. Keys as in cityloader.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyproj import Geod

FORMATS = ("stl", "obj", "dxf")  # DOC C3
FEATURES = ("terrain", "buildings")  # DOC C3
# GUESS: a geocoder of three lines. Where the houses stand is approximate; the last is outside of the data.
ADDRESSES = {
    "Burggasse 40, 1070 Wien": (16.3505, 48.2043),
    "Lerchenfelder Straße 60, 1080 Wien": (16.3478, 48.2068),
    "Stephansplatz 1, 1010 Wien": (16.3731, 48.2085),
}
WGS84 = Geod(ellps="WGS84")

Bounds = tuple[float, float, float, float]


class BadOrder(Exception):
    """A refusal: the problems of each field."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        super().__init__(str(fields))
        self.fields = fields

    @property
    def message(self) -> str:
        """GUESS: as Laravel sums up a failed validation."""
        first, *rest = [problem for problems in self.fields.values() for problem in problems]
        return f"{first} (and {len(rest)} more error{'s' if len(rest) > 1 else ''})" if rest else first


@dataclass(frozen=True)
class Order:
    """A valid request. ``bbox``: west, south, east, north in degrees, also where a centre or an address was sent."""

    bbox: Bounds
    format: str
    include: tuple[str, ...]
    separate: bool

    @property
    def km2(self) -> float:
        west, south, east, north = self.bbox
        return abs(WGS84.polygon_area_perimeter([west, east, east, west], [south, south, north, north])[0]) / 1e6


def read_order(body: Any, max_km2: float) -> Order:
    """The order in a request body. Raises BadOrder with everything that is wrong with it (GUESS: status and words)."""
    body = body if isinstance(body, dict) else {}
    problems: dict[str, list[str]] = {}
    chosen = _choice(body, "format", "stl", FORMATS, problems)
    include = _include(body, problems)
    separate = _separate(body, problems)
    bbox = _area(body, problems)
    if bbox:
        order = Order(bbox, chosen, include, separate)
        if max_km2 and order.km2 > max_km2:
            problems["bbox"] = [f"The area of {order.km2:.2f} km² exceeds the limit of {max_km2:g} km²."]
    if problems:
        raise BadOrder(problems)
    return order


def _choice(body: dict[str, Any], name: str, default: str, choices: tuple[str, ...],
            problems: dict[str, list[str]]) -> str:  # fmt: skip
    value = body.get(name, default)
    if value not in choices:
        problems[name] = [f"The selected {name} is invalid."]
    return str(value)


def _include(body: dict[str, Any], problems: dict[str, list[str]]) -> tuple[str, ...]:
    """DOC C3: terrain alone unless something is said. GUESS: an empty list is refused."""
    value = body.get("include", ["terrain"])
    if not isinstance(value, list) or not value:
        problems["include"] = ["The include field must be an array."]
        return ()
    for number, feature in enumerate(value):
        if feature not in FEATURES:
            problems[f"include.{number}"] = [f"The selected include.{number} is invalid."]
    return tuple(feature for feature in FEATURES if feature in value)


def _separate(body: dict[str, Any], problems: dict[str, list[str]]) -> bool:
    """DOC C3 calls it an array of strings and describes "if true ..."; GUESS: a boolean, as the words say."""
    value = body.get("separate_files", False)
    if value not in (True, False, "1", "0"):  # 1 and 0 are True and False to Python
        problems["separate_files"] = ["The separate files field must be true or false."]
    return value in (True, "1")


def _area(body: dict[str, Any], problems: dict[str, list[str]]) -> Bounds | None:
    """DOC C1: one of the three. GUESS: what happens with more."""
    given = [name for name in ("bbox", "center", "address") if body.get(name) is not None]
    if len(given) != 1:
        several = f"Only one of {', '.join(given)} may be given."
        problems["bbox"] = [several if given else "One of bbox, center and address is required."]
        return None
    if given == ["bbox"]:
        return _bbox(body["bbox"], problems)
    size = body.get("size", [500, 500])  # DOC C3
    if not _numbers(size, 2) or min(size) <= 0:
        problems["size"] = ["The size field must be two positive numbers."]
    centre = body.get("center")
    if centre is None:
        centre = _found(body["address"], problems)
    elif not _numbers(centre, 2) or abs(centre[0]) > 180 or abs(centre[1]) > 90:
        problems["center"] = ["The center field must be a longitude and a latitude."]
    return None if problems else around(centre, size)


def _bbox(value: Any, problems: dict[str, list[str]]) -> Bounds | None:
    """DOC C3: [west, south, east, north]."""
    if _numbers(value, 4):
        west, south, east, north = (float(entry) for entry in value)
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return west, south, east, north
    problems["bbox"] = ["The bbox field must be [minLon, minLat, maxLon, maxLat] in WGS84."]
    return None


def _found(address: Any, problems: dict[str, list[str]]) -> tuple[float, float] | None:
    """The place of an address, however it is spaced and capitalised, with or without what follows the street."""
    wanted = " ".join(str(address).casefold().split()) if isinstance(address, str) else ""
    for name, place in ADDRESSES.items():
        if wanted and wanted in (name.casefold(), name.casefold().split(",")[0]):
            return place
    problems["address"] = ["The address could not be found."]
    return None


def around(centre: Any, size: Any) -> Bounds:
    """DOC C3: metres, west to east and south to north. GUESS: measured on the ellipsoid through the centre."""
    lon, lat = centre
    east, west = (WGS84.fwd(lon, lat, azimuth, size[0] / 2)[0] for azimuth in (90, 270))
    north, south = (WGS84.fwd(lon, lat, azimuth, size[1] / 2)[1] for azimuth in (0, 180))
    return west, south, east, north


def _numbers(value: Any, count: int) -> bool:
    if not isinstance(value, list) or len(value) != count:
        return False
    return all(isinstance(entry, (int, float)) and not isinstance(entry, bool) for entry in value)
