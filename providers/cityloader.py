"""3DCityLoader Simple Export: terrain and buildings of a rectangle as one 3D model.

https://v2.3dcityloader.com/docs/api/quickstart, .../authentication and .../simple-export document it. An export is
created, polled, and downloaded as one zip, to which a link without the token leads by redirects. There is no list of
exports, no price beforehand, no way to cancel, and nothing says in which coordinates the model is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ..core.address import host
from ..core.errors import CredentialError, ServiceError, refusal_about
from ..core.model import (
    Artifact,
    Choice,
    ExportRequest,
    Job,
    JobState,
    Json,
    Look,
    Option,
    OptionKind,
    Problem,
    Quote,
    flag_problems,
    several,
)
from ..core.provider import AreaKind, AreaRule, Credentials, Provider, Server
from ..core.words import plain

if TYPE_CHECKING:
    from ..core.answer import Answer
    from ..core.http import Secret

JSON = {"Accept": "application/json", "Content-Type": "application/json"}  # in every sample, also of a GET
FORMATS = (Choice("stl", "STL"), Choice("obj", "Wavefront OBJ"), Choice("dxf", "AutoCAD DXF"))
FEATURES = (Choice("terrain", "Terrain"), Choice("buildings", "Buildings"))
SIZE = 500  # metres, the service's own default
LONGEST = 1_000_000  # metres; a slip of the pen, not a city
STATES = {
    "pending": JobState.QUEUED,
    "processing": JobState.RUNNING,
    "done": JobState.READY,
    "failed": JobState.FAILED,
}
NO_REASON = (
    "The service could not make this export and gives no reason. It may have no data there: "
    "try another area, or ask the service's support."
)
CREATE, READ = ("export.create", "export.pay"), ("export.read",)  # what creating and reading an export may lack
_PERMISSION = r"\bexport\.[a-z]+"


class CityLoader(Provider):
    """The Simple Export API, with an API token."""

    id = "cityloader"
    title = "3DCityLoader"
    home = "https://v2.3dcityloader.com/docs/api/simple-export"
    servers = (Server("https://v2.3dcityloader.com/api", "3DCityLoader"),)
    credentials = (Credentials.TOKEN,)
    credentials_help = (
        "An API token with the permissions export.create and export.read, and with export.pay for what costs "
        "something. The account needs a payment method; setting it up costs nothing."
    )
    area = AreaRule(AreaKind.BBOX, instead_of=("center", "address"))
    attribution = "3DCityLoader"
    can_cost = True
    options = (
        Option("format", "Format", OptionKind.CHOICE, "stl", FORMATS, help="The format of the model."),
        Option(
            "include", "Include", OptionKind.CHOICES, ("terrain", "buildings"), FEATURES,
            help="What the model holds. An elevation model is made of the terrain, footprints of the buildings.",
        ),
        Option(
            "separate_files", "Separate files", OptionKind.FLAG, False,
            help="Terrain and buildings in a file each.",
        ),
        Option(
            "center", "Centre point", OptionKind.POINT, None,
            help="The middle of a rectangle, instead of an area.",
        ),
        Option(
            "address", "Address", OptionKind.TEXT, "",
            help="The middle of a rectangle, instead of an area; the service looks up where it is.",
        ),
        Option(
            "width", "Width", OptionKind.NUMBER, SIZE, minimum=1, unit="m", with_any=("center", "address"),
            help="From west to east, around a centre point or an address.",
        ),
        Option(
            "height", "Height", OptionKind.NUMBER, SIZE, minimum=1, unit="m", with_any=("center", "address"),
            help="From south to north, around a centre point or an address.",
        ),
    )  # fmt: skip

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return secret.headers or {"Authorization": f"Bearer {secret.password}"}

    @classmethod
    def key_page(cls, server: str) -> str:
        parts = urlsplit(server)
        return f"{parts.scheme}://{parts.netloc}/user/api-tokens"

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        return (*_place_problems(request), *_option_problems(request.options))

    @classmethod
    def extent(cls, request: ExportRequest) -> Mapping[str, Json] | None:
        """The rectangle around the centre point; only the service knows where an address is.

        INFER: that the size is measured on the ellipsoid, through the centre.
        """
        centre = request.options.get("center")
        if centre is None:
            return None
        from pyproj import Geod  # the dock and most jobs need none

        (lon, lat), (width, height), globe = centre, _size(request.options), Geod(ellps="WGS84")
        sideways = (globe.fwd(lon, lat, 90, width / 2)[0] - lon) % 360
        upwards = abs(globe.fwd(lon, lat, 180 if lat > 0 else 0, height / 2)[1] - lat)  # away from the pole
        west, east, south, north = lon - sideways, lon + sideways, max(lat - upwards, -90), min(lat + upwards, 90)
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}

    def greet(self) -> str:
        """INFER: an export that nobody has (0) is not found by those who may read, and refused to all others."""
        try:
            self._explained(READ, lambda: self.http.get("export/0", headers=JSON))
        except ServiceError as refusal:
            if refusal.status != 404:
                raise
            if refusal.document is None:
                raise ServiceError(
                    f"{host(self.server)} has no API at this address: {refusal.message}",
                    "The address ends in /api.",
                    status=404,
                ) from refusal
        return f"{host(self.server)} accepts the token. Whether it may order and pay shows when something is ordered."

    def quote(self, request: ExportRequest) -> Quote:
        """The service names no price beforehand."""
        return Quote(summary=f"{_format(request.options).upper()} with {' and '.join(_included(request.options))}")

    def submit(self, request: ExportRequest) -> Iterator[Mapping[str, Json]]:
        body = _body(request)
        with refusal_about(_fields(request)):
            answer = self._explained(CREATE, lambda: self.http.create("export/simple", body, headers=JSON))
        number = answer.document.get("id") if isinstance(answer.document, dict) else None
        if number in (None, ""):
            raise ServiceError(f"{host(self.server)} accepted the order but did not say which export it is.")
        yield {"id": number}

    def poll(self, job: Job) -> Look:
        export = self._export(job)
        word = export["status"]
        state = STATES.get(word)
        if state is None:
            return Look(JobState.RUNNING, message=f"The service says “{plain(word)}”.", word=word, known=False)
        return Look(state, message=NO_REASON if state is JobState.FAILED else "", word=word)

    def links(self, job: Job) -> Iterator[Artifact]:
        """One zip. The link redirects, and is fetched without the token as the documented samples do."""
        url = self._export(job).get("download_url")
        if url and isinstance(url, str):
            yield Artifact("", url, signed=True)

    def _export(self, job: Job) -> dict[str, Json]:
        number = str(job.remote["id"])
        path = f"export/{quote(number, safe='')}"
        try:
            export = self._explained(READ, lambda: self.http.get(path, headers=JSON, tries=1)).document
        except ServiceError as refusal:
            if refusal.status != 404:
                raise
            raise ServiceError(
                f"{host(self.server)} knows no export {plain(number)} of this account.",
                "Is it the account that ordered it? If so, order it again.",
                status=404,
            ) from refusal
        if not isinstance(export, dict) or not isinstance(export.get("status"), str):
            raise ServiceError(f"{host(self.server)} described the export in a way that can't be understood.")
        return export

    def _explained(self, permissions: Sequence[str], ask: Callable[[], Answer]) -> Answer:
        """What a token or an account lacks, and where to change that. permissions: what the request may need."""
        page = self.key_page(self.server)
        try:
            return ask()
        except CredentialError as refusal:
            if refusal.status == 401:
                raise CredentialError(
                    f"{host(self.server)} does not accept the token: {refusal.said}",
                    f"Make one at {page} and enter it in the account.",
                    status=401,
                ) from refusal
            named = re.search(_PERMISSION, refusal.message)
            wanted = named.group() if named else " or ".join(permissions)
            raise CredentialError(
                f"The token for {host(self.server)} lacks the permission {wanted}: {refusal.said}",
                f"Tick it at {page}.",
                status=refusal.status,
            ) from refusal
        except ServiceError as refusal:
            if refusal.status != 402:
                raise
            raise ServiceError(
                f"{host(self.server)} wants to be paid for this: {refusal.said}",
                f"Set up a payment method in your account, and tick export.pay for the token at {page}.",
                status=402,
            ) from refusal


def _body(request: ExportRequest) -> dict[str, Json]:
    """`include` is always sent: without it the service leaves out the buildings."""
    options = request.options
    body = {
        "format": _format(options),
        "include": _included(options),
        "separate_files": bool(options.get("separate_files")),
    }
    if request.area is not None:
        rectangle = request.sent or request.area
        lons, lats = zip(*(place[:2] for place in rectangle["coordinates"][0]))
        return {"bbox": [min(lons), min(lats), max(lons), max(lats)], **body}
    if options.get("center") is not None:
        return {"center": list(options["center"]), "size": _size(options), **body}
    return {"address": _address(options), "size": _size(options), **body}


def _fields(request: ExportRequest) -> dict[str, str]:
    """Which option is behind each name in an export. What is too large without an area is made smaller by its sides."""
    same = ("format", "include", "separate_files", "center", "address")
    return {**{key: key for key in same}, "bbox": "width" if request.area is None else "area", "size": "width"}


def _place_problems(request: ExportRequest) -> Iterator[str]:
    """The area, a centre point or an address: one of them."""
    centre, address = request.options.get("center"), _address(request.options)
    given = [thing for thing in (request.area, centre, address or None) if thing is not None]
    if not given:
        yield Problem("No area is chosen: draw one, or give a centre point or an address.", "area")
    elif len(given) > 1:
        about = "address" if address else "center"
        yield Problem("Choose an area, a centre point or an address, only one of them.", about)
    if centre is not None and not _is_place(centre):
        text = "The centre point must be a longitude from -180 to 180 and a latitude from -90 to 90."
        yield Problem(text, "center")
    width, height = map(_is_length, _size(request.options))
    if (centre is not None or address) and not (width and height):
        text = f"Width and height must be numbers, more than 0 metres and at most {LONGEST:,}."
        yield Problem(text, "height" if width else "width")


def _option_problems(options: Mapping[str, Json]) -> Iterator[str]:
    formats, features = ([choice.value for choice in choices] for choices in (FORMATS, FEATURES))
    if _format(options) not in formats:
        yield Problem(f"Format: “{plain(_format(options))}” is none of {', '.join(formats)}.", "format")
    if not _included(options):
        yield Problem("Include terrain, buildings or both: without either there is nothing to order.", "include")
    for name in _included(options):
        if name not in features:
            yield Problem(f"Include: “{plain(name)}” is none of {', '.join(features)}.", "include")
    yield from flag_problems(CityLoader.options, options)


def _format(options: Mapping[str, Json]) -> str:
    return str(options.get("format") or "stl")


def _included(options: Mapping[str, Json]) -> list[str]:
    given = options.get("include")
    return [choice.value for choice in FEATURES] if given is None else list(several(given))


def _address(options: Mapping[str, Json]) -> str:
    return str(options.get("address") or "").strip()


def _size(options: Mapping[str, Json]) -> list[Json]:
    """Width and height in metres."""
    return [SIZE if options.get(side) is None else options[side] for side in ("width", "height")]


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < math.inf


def _is_length(side: Json) -> bool:
    return _is_number(side) and 0 < side <= LONGEST


def _is_place(point: Json) -> bool:
    pair = isinstance(point, (list, tuple)) and len(point) == 2 and all(map(_is_number, point))
    return pair and abs(point[0]) <= 180 and abs(point[1]) <= 90
