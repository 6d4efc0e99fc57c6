"""BrightEarth On Demand of LuxCarta: buildings, trees, roads, land cover and terrain found in a picture of the ground.

https://landing.brightearth.ai/beod-api-tutorial documents it. E-mail and password buy a session. An order is a project,
an area of interest (AOI) in it, and a scenario, which is run over that area; an activity tells how far it is. What
comes is one zip, or a tree of folders with a signed link to each file. Its errors are documented nowhere, nor are the
lists of what a project holds, which the tutorial only says there are.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from ..core.address import host
from ..core.errors import ServiceError, nothing_ordered_yet, refusal_about
from ..core.model import (
    Artifact,
    Choice,
    ChoicePage,
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
from ..core.sessions import Sessions, bought
from ..core.words import plain, spoken

if TYPE_CHECKING:
    from ..core.http import Secret

ME = "users/me"  # whoever the session belongs to
STATES = {
    "CREATED": JobState.QUEUED,
    "PENDING": JobState.QUEUED,
    "RUNNING": JobState.RUNNING,
    "SUCCESSFUL": JobState.READY,
    "FAILED": JobState.FAILED,
}
NO_REASON = "The extraction failed, and the service gives no reason. Try another area, or ask the service's support."
MOST_PAGES = 1000  # of the list of files, so that one that never ends does
MOST_CREDITS = 1e15  # more than that is no account's balance
DEEPEST = 64  # folders in folders
NO_SUCH_LIST = (403, 404, 405)  # 403: what AWS says to a path that does not exist
log = logging.getLogger(__name__)

Tree = Mapping[str, Json]


def _formats(key: str, label: str, *choices: Choice) -> Option:
    default = (choices[0].value,)
    return Option(key, label, OptionKind.CHOICES, default, choices, help="In which formats they come, one or several.")


class BrightEarth(Provider):
    """BrightEarth On Demand, with the e-mail and password of its web application."""

    id = "brightearth"
    title = "BrightEarth On Demand"
    home = "https://landing.brightearth.ai/beod-api-tutorial"
    servers = (Server("https://api.beod.luxcarta.cloud", "BrightEarth On Demand"),)
    credentials = (Credentials.LOGIN,)
    credentials_help = "The e-mail and password with which you sign in to the BrightEarth On Demand web application."
    area = AreaRule(AreaKind.POLYGON, parts=False, holes=False)
    attribution = "LuxCarta BrightEarth On Demand"
    can_cost = True
    options = (
        Option(
            "scenario", "Scenario", OptionKind.TEXT, "extraction-mono",
            (Choice("extraction-mono", "Extraction from one picture"),), asked=True, required=True,
            help="What is to be done. A type that your account knows and that is not in the list can be typed.",
        ),
        Option(
            "source_image_type", "Source image", OptionKind.TEXT, "basemap", (Choice("basemap", "Basemap"),),
            asked=True, required=True, advanced=True,
            help="The kind of picture to look at. A kind that is not in the list can be typed.",
        ),
        Option(
            "source_image_id", "Number of the image", OptionKind.NUMBER, 1, minimum=0, advanced=True,
            help="Of the basemaps, 1 is that of Esri.",
        ),
        Option(
            "augmented", "Augmented buildings", OptionKind.FLAG, False,
            help="Buildings in more detail, as the service calls it augmented.",
        ),
        Option(
            "output_crs", "CRS", OptionKind.CHOICE, "3857",
            (Choice("3857", "Web Mercator (EPSG:3857)"), Choice("4326", "WGS 84 (EPSG:4326)")),
            help="The CRS of the files; the service makes these two.",
        ),
        _formats(
            "vector_formats", "Vector formats", Choice("geopackage", "GeoPackage"), Choice("shapefile", "Shapefile"),
        ),
        _formats("raster_formats", "Raster formats", Choice("geotiff", "GeoTIFF")),
        _formats("three_d_formats", "3D formats", Choice("3d_tiles", "3D Tiles")),
        Option(
            "dl_models", "Deep learning models", OptionKind.TEXT, "[]", advanced=True,
            help="A JSON list of models to use instead of the usual ones; [] for those.",
        ),
    )  # fmt: skip
    _sessions: ClassVar[Sessions] = Sessions()

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return secret.headers

    def sign_in(self) -> Mapping[str, str]:
        if self.secret.headers:
            return {}
        return self._sessions.instead_of(self.http.headers, self.server, self.secret, self._log_in)

    def _log_in(self) -> Mapping[str, str]:
        """How to refresh a session is not documented, so each is bought anew."""
        body = {"email": self.secret.username, "password": self.secret.password}
        return bought(
            self.server,
            lambda: self.http.ask("auth/login", body, credentials=False),
            "Check the e-mail and the password in the account.",
        )

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        area = () if request.area is not None else (Problem("No area is chosen.", "area"),)
        return (*area, *_option_problems(request.options))

    def choices(self, key: str, search: str = "", more: str = "", request: ExportRequest | None = None) -> ChoicePage:
        """What the tutorial names: the service has no list of its scenario types and images."""
        found = [option.choices for option in self.options if option.key == key and option.asked]
        return ChoicePage(found[0]) if found else super().choices(key, search, more, request)

    def greet(self) -> str:
        credit = _credits(self._document(ME))
        left = "" if credit is None else f" {credit.normalize():f} credits are left."
        return f"{host(self.server)} knows {self.secret.username or 'you'}.{left}"

    def quote(self, request: ExportRequest) -> Quote:
        """What is left on the account: how much an order takes of it is not known beforehand."""
        options = request.options
        formats = (_names(options, key) for key in ("vector_formats", "raster_formats", "three_d_formats"))
        summary = f"{_text(options, 'scenario')}: {', '.join(name for names in formats for name in names)}"
        return Quote(balance=_credits(self._document(ME)), currency="credits", summary=summary)

    def submit(self, request: ExportRequest) -> Iterator[Mapping[str, Json]]:
        """A project has one area, so each order is a project of its own. Only the scenario costs something."""
        name = request.title or "Cutout"
        with nothing_ordered_yet():
            project = self._created(f"{ME}/projects", {"name": name}, "project_id")
        yield project
        home, area = _home(project), {"geometry": _wkt(request.sent or request.area or {})}
        with nothing_ordered_yet(), refusal_about({}, otherwise="area"):
            asset = self._created(f"{home}/assets/aoi", area, "asset_id")
        yield asset
        scenario = quote(_text(request.options, "scenario"), safe="")
        yield self._run(f"{home}/scenarios/{scenario}", {"name": name, **_scenario(request.options)})

    def _run(self, path: str, body: Mapping[str, Json]) -> Mapping[str, Json]:
        """The ids of the scenario and its activity. Which status too few credits have is not documented."""
        try:
            with refusal_about({key: key for key in body if key != "name"}, missing="scenario"):
                return self._created(path, body, "scenario_id", "activity_id")
        except ServiceError as refusal:
            if "credit" in refusal.message.lower():
                refusal.about = "account"
            raise

    def poll(self, job: Job) -> Look:
        activity = self._document(f"{_home(job.remote)}/activities/{_part(job.remote, 'activity_id')}", tries=1)
        word = activity.get("state")
        if not isinstance(word, str):
            raise ServiceError(f"{host(self.server)} described the order in a way that can't be understood.")
        state = STATES.get(word)
        message = "" if state else f"The service says “{plain(word)}”."
        if state is JobState.FAILED:
            details = spoken(activity.get("details"))
            message = f"The extraction failed: {details}" if details else NO_REASON
        return Look(state or JobState.RUNNING, _progress(activity, state), message, word, state is not None)

    def find_lost(self, job: Job, taken: Collection[Mapping[str, Json]]) -> Mapping[str, Json] | None:
        """The scenario of the job's own project. INFER: the lists are where their entries are created."""
        if "project_id" not in job.remote:
            return None
        for scenario in self._list(f"{_home(job.remote)}/scenarios"):
            number, activity = scenario.get("scenario_id", scenario.get("id")), scenario.get("activity_id")
            if activity is None:
                listed = self._list(f"{_home(job.remote)}/activities")
                activity = next((one.get("activity_id") for one in listed if one.get("scenario_id") == number), None)
            if number is not None and activity is not None:
                return {"scenario_id": number, "activity_id": activity}
        return None

    def links(self, job: Job) -> Iterator[Artifact]:
        """Files by their paths, so that a folder that one page ends in goes on in the next."""
        path = f"{_home(job.remote)}/scenarios/{_part(job.remote, 'scenario_id')}/download/urls"
        first, more = self._page(path)
        files, names, seen = first, set[str](), set[str]()
        while True:
            new = {file.name: file for file in files if file.name not in names}
            yield from new.values()
            names.update(new)
            if not more:
                return
            if more in seen or len(seen) >= MOST_PAGES or (files and not new):
                break
            seen.add(more)
            files, more = self._next_page(path, more, first)
        self.remarks[job.key].append("The service's list of files went in a circle, so some of them may be missing.")

    def _next_page(self, path: str, more: str, first: list[Artifact]) -> tuple[list[Artifact], str]:
        """The tutorial calls the token a query parameter, but in its address and its sample there is no `?`."""
        try:
            files, onward = self._page(path, {"continuation_token": more})
        except ServiceError as refusal:
            if not 400 <= refusal.status < 500:
                raise
        else:
            if not first or {file.name for file in files} != {file.name for file in first}:
                return files, onward
        return self._page(f"{path}&continuation_token={quote(more, safe='')}")

    def _page(self, path: str, params: Mapping[str, str] | None = None) -> tuple[list[Artifact], str]:
        """The files of a page, and the token of the next one, empty on the last."""
        tree = dict(self._document(path, params))
        more = tree.pop("NextContinuationToken", "")
        return list(_files(tree)), more if isinstance(more, str) else ""

    def _document(self, path: str, params: Mapping[str, str] | None = None, *, tries: int = 3) -> Tree:
        document = self.http.get(path, params, tries=tries).document
        if not isinstance(document, dict):
            raise ServiceError(f"{host(self.server)} gave an answer that can't be understood.", "Try again later.")
        return document

    def _created(self, path: str, body: Mapping[str, Json], *keys: str) -> Mapping[str, Json]:
        """The ids of what was created. Errors: ServiceError without a status when they are not in the answer."""
        answer = self.http.create(path, body).document
        if not isinstance(answer, dict) or any(answer.get(key) in (None, "") for key in keys):
            raise ServiceError(f"{host(self.server)} accepted the order but did not say its {' and '.join(keys)}.")
        return {key: answer[key] for key in keys}

    def _list(self, path: str) -> list[dict[str, Json]]:
        """The entries of a list; none where there is no such list."""
        try:
            answer = self.http.get(path).document
        except ServiceError as refusal:
            if refusal.status not in NO_SUCH_LIST:
                raise
            return []
        lists = [answer] if isinstance(answer, list) else list(answer.values()) if isinstance(answer, dict) else []
        return [entry for one in lists if isinstance(one, list) for entry in one if isinstance(entry, dict)]


def _files(tree: Tree, folder: str = "") -> Iterator[Artifact]:
    """What is a link is a file, what is an object is a folder."""
    for name, entry in tree.items():
        if isinstance(entry, dict) and folder.count("/") < DEEPEST:
            yield from _files(entry, f"{folder}{name}/")
        elif isinstance(entry, str) and entry.startswith(("https://", "http://")):
            yield Artifact(f"{folder}{name}", entry, signed=True)
        else:
            log.warning("%s among the files is neither a link nor a folder", plain(f"{folder}{name}"))


def _home(remote: Mapping[str, Json]) -> str:
    return f"{ME}/projects/{_part(remote, 'project_id')}"


def _part(remote: Mapping[str, Json], key: str) -> str:
    """An id as a part of an address."""
    return quote(str(remote[key]), safe="")


def _scenario(options: Mapping[str, Json]) -> dict[str, Json]:
    """In the service's own types: lists of formats are strings with commas, the list of models is a list."""
    return {
        "source_image_type": _text(options, "source_image_type"),
        "source_image_id": int(_value(options, "source_image_id")),
        "augmented": bool(_value(options, "augmented")),
        "output_crs": int(_text(options, "output_crs")),
        **{key: ",".join(_names(options, key)) for key in ("vector_formats", "raster_formats", "three_d_formats")},
        "dl_models": _models(options),
    }


def _option_problems(options: Mapping[str, Json]) -> Iterator[str]:
    for option in BrightEarth.options:
        known, chosen = [choice.value for choice in option.choices], _names(options, option.key)
        if option.asked and not re.fullmatch(r"[\w-]+", _text(options, option.key)):
            yield Problem(f"{option.label}: choose one, or type a word like {known[0]}.", option.key)
        if option.kind in (OptionKind.CHOICE, OptionKind.CHOICES) and not _fits(chosen, known, option.kind):
            yield Problem(f"{option.label}: choose from {', '.join(known)}.", option.key)
    yield from flag_problems(BrightEarth.options, options)
    if not re.fullmatch(r"\d+", _text(options, "source_image_id"), re.ASCII):
        yield Problem("The number of the image must be a whole number.", "source_image_id")
    if not isinstance(_models(options), list):
        yield Problem("The deep learning models must be a JSON list, [] for the usual ones.", "dl_models")


def _fits(chosen: list[str], known: list[str], kind: OptionKind) -> bool:
    return bool(chosen) and set(chosen) <= set(known) and (kind is OptionKind.CHOICES or len(chosen) == 1)


def _value(options: Mapping[str, Json], key: str) -> Json:
    """What was chosen, else the default."""
    given = options.get(key)
    return next(option.default for option in BrightEarth.options if option.key == key) if given is None else given


def _text(options: Mapping[str, Json], key: str) -> str:
    return str(_value(options, key)).strip()


def _names(options: Mapping[str, Json], key: str) -> list[str]:
    return list(several(_value(options, key)))


def _models(options: Mapping[str, Json]) -> Json:
    """None for what is no JSON, as a number that is none."""
    given = _value(options, "dl_models")
    try:
        text = given if isinstance(given, str) else json.dumps(given, allow_nan=False)
        models = json.loads(text.strip() or "[]")
        json.dumps(models, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        return None
    return models


def _wkt(polygon: Mapping[str, Json]) -> str:
    """`POLYGON ((lon lat, ...))`, each number with all its digits and none with an exponent."""
    places = (f"{Decimal(repr(lon)):f} {Decimal(repr(lat)):f}" for lon, lat, *_ in polygon["coordinates"][0])
    return f"POLYGON (({', '.join(places)}))"


def _credits(user: Tree) -> Decimal | None:
    number = user.get("credits")
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) < MOST_CREDITS:
        return None
    return Decimal(str(number))


def _progress(activity: Tree, state: JobState | None) -> float | None:
    """A percentage, says the tutorial, without its scale. INFER: what is above 1 counts to 100, what is below to 1.

    1 while it is running may be the beginning or the end, so it says nothing.
    """
    number = activity.get("progress")
    if state is JobState.READY:
        return 1.0
    if isinstance(number, bool) or not isinstance(number, (int, float)) or number == 1 or not 0 <= number <= 100:
        return None
    return number / 100 if number > 1 else float(number)
