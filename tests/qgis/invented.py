"""A service that does not exist, with every kind of option: what the dock shows must follow from what it declares."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from cutout.bridge.accounts import Account, Accounts
from cutout.core.errors import ServiceError
from cutout.core.http import Network, Secret
from cutout.core.model import Choice, ChoicePage, ExportRequest, Job, JobState, Json, Look, Option, OptionKind, Quote
from cutout.core.provider import AreaKind, AreaRule, Credentials, OAuth2, Provider, Server
from cutout.providers import services

PAGE = 20
CATALOGUE = [Choice(f"layer:{i}", f"Layer {i:02}", "Invented", "vector" if i % 2 else "grid") for i in range(1, 48)]
NEAR, FAR = "In the area", "Elsewhere"
MODELS = [
    Choice(f"model:{i}", f"Model {i:02}", f"of project {'ab'[i % 2]}", group=NEAR if i < 6 else FAR) for i in range(30)
]


class Invented(Provider):
    id = "invented"
    title = "Invented"
    home = "https://example.org/"
    servers = (Server("https://example.org", "The only one"),)
    credentials = (Credentials.LOGIN,)
    credentials_help = "E-mail and <b>password</b> of your invented account."
    area = AreaRule(AreaKind.BBOX, required=False)
    can_cost = True
    options: tuple[Option, ...] = (
        Option("items", "Things", OptionKind.ITEMS, (), asked=True, required=True),
        Option("note", "Note", OptionKind.TEXT, "hello", help="Any words."),
        Option("place", "Place", OptionKind.TEXT, "", asked=True),
        Option("count", "Count", OptionKind.NUMBER, 3, minimum=1, maximum=9),
        Option("share", "Share", OptionKind.NUMBER, 0.5, minimum=0, maximum=1),
        Option("deep", "Deep", OptionKind.FLAG, True),
        Option("style", "Style", OptionKind.CHOICE, "b", (Choice("a", "Alpha"), Choice("b", "Beta"))),
        Option("format", "Format", OptionKind.CHOICE, "x", (Choice("x", "Ex"),), asked=True, for_kind="vector"),
        Option("parts", "Parts", OptionKind.CHOICES, ["p"], (Choice("p", "Pe"), Choice("q", "Qu")), advanced=True),
        Option("crs", "CRS", OptionKind.CRS, ""),
        Option("fixed_crs", "Fixed CRS", OptionKind.CRS, "EPSG:2193", for_kind="grid", advanced=True),
    )

    def __init__(self, server: str, secret: Secret, network: Network) -> None:
        super().__init__(server, secret, network)
        self.asked: list[tuple[str, str, str]] = []
        self.requests: list[ExportRequest | None] = []  # that came with them
        self.quoted: list[ExportRequest] = []
        self.submitted: list[ExportRequest] = []

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return {"X-User": secret.username, "X-Password": secret.password}

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        return () if request.options.get("items") else ("Choose a thing.",)

    def choices(self, key: str, search: str = "", more: str = "", request: ExportRequest | None = None) -> ChoicePage:
        self.asked.append((key, search, more))
        self.requests.append(request)
        if search == "broken":
            raise ServiceError("The catalogue is closed.", "Come back tomorrow.")
        if key == "items":
            return page(CATALOGUE, search, more)
        if key == "format":
            return ChoicePage((Choice("x", "application/x"), Choice("y", "application/y")))
        if key == "place":
            return ChoicePage((Choice("place:1", "Wellington"), Choice("place:2", "Nelson")))
        return super().choices(key, search, more, request)


class Modelled(Invented):
    """A service of models, each of a project; credits are left on the account."""

    id = "modelled"
    title = "Modelled"
    credentials = (Credentials.OAUTH2, Credentials.SHARE_KEY, Credentials.CLIENT, Credentials.TOKEN)
    oauth2 = OAuth2("https://id.example.org/authorize", "https://id.example.org/token", "models offline_access")
    credentials_help = "One of the ways that an invented service has."
    area = AreaRule(AreaKind.NONE, required=False)
    options = (
        Option("project", "Project", OptionKind.ITEM, "", asked=True, guide=True, help="Only narrows the list below."),
        Option("model", "Model", OptionKind.ITEM, "", asked=True, after=("project", "area"), required=True),
        Option("version", "Version", OptionKind.CHOICE, "", asked=True, after=("model",)),
        Option("tag", "Tag", OptionKind.TEXT, "", asked=True, after=("model",)),
    )

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        return () if request.options.get("model") else ("Choose a model.",)

    def choices(self, key: str, search: str = "", more: str = "", request: ExportRequest | None = None) -> ChoicePage:
        options = request.options if request else {}
        if key not in ("project", "model", "version", "tag"):
            return super().choices(key, search, more, request)
        self.asked.append((key, search, more))
        self.requests.append(request)
        if search == "broken":
            raise ServiceError("The catalogue is closed.", "Come back tomorrow.")
        if key == "project":
            return page([Choice("a", "Project a"), Choice("b", "Project b")], search, more)
        if key == "model":
            project = options.get("project")
            return page([one for one in MODELS if not project or one.detail.endswith(project)], search, more)
        model = options.get("model")
        return ChoicePage(tuple(Choice(f"{model}@{i}", f"{key} {i} of {model}") for i in (1, 2)) if model else ())

    def quote(self, request: ExportRequest) -> Quote:
        self.quoted.append(request)
        return Quote(currency="credits", balance=Decimal(120), summary="A model")

    def submit(self, request: ExportRequest) -> Iterator[Mapping[str, Json]]:
        self.submitted.append(request)
        yield {"id": len(self.submitted)}

    def poll(self, job: Job) -> Look:
        return Look(JobState.QUEUED)


class Placed(Modelled):
    """A service of rectangles: an area, or a point or an address with a size."""

    id = "placed"
    title = "Placed"
    credentials = (Credentials.TOKEN,)
    oauth2 = None
    area = AreaRule(AreaKind.BBOX, instead_of=("centre", "address"))
    options = (
        Option("centre", "Centre point", OptionKind.POINT, None),
        Option("address", "Address", OptionKind.TEXT, ""),
        Option("width", "Width", OptionKind.NUMBER, 500, minimum=1, unit="m", with_any=("centre", "address")),
        Option("height", "Height", OptionKind.NUMBER, 400.5, minimum=1, unit="m", with_any=("centre", "address")),
    )

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        known = request.area or request.options.get("centre") or request.options.get("address")
        return () if known else ("Choose an area.",)

    @classmethod
    def extent(cls, request: ExportRequest) -> Mapping[str, Json] | None:
        """About a rectangle: the size of a degree on a sphere."""
        if not request.options.get("centre"):
            return None
        lon, lat = request.options["centre"]
        up = request.options["height"] / 111_195 / 2
        side = request.options["width"] / 111_195 / 2 / math.cos(math.radians(lat))
        corners = ((-side, -up), (side, -up), (side, up), (-side, up), (-side, -up))
        return {"type": "Polygon", "coordinates": [[[lon + x, lat + y] for x, y in corners]]}


class Single(Modelled):
    """A service that takes one polygon without holes."""

    id = "single"
    title = "Single"
    credentials = (Credentials.LOGIN,)
    oauth2 = None
    area = AreaRule(AreaKind.POLYGON, parts=False, holes=False)
    options = (Option("scenario", "Scenario", OptionKind.TEXT, "usual", (Choice("usual", "The usual one"),)),)

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        return () if request.area else ("Choose an area.",)

    def quote(self, request: ExportRequest) -> Quote:
        self.quoted.append(request)
        return Quote(price=Decimal("2.5"), currency="credits", balance=Decimal("7.5"), summary="Roofs")


def page(catalogue: list[Choice], search: str, more: str) -> ChoicePage:
    """Those with the words in their name, or with that id."""
    found = [one for one in catalogue if search.lower() in one.label.lower() or search == one.value]
    first = int(more or 0)
    onward = str(first + PAGE) if first + PAGE < len(found) else ""
    return ChoicePage(tuple(found[first : first + PAGE]), onward, len(found))


class InventedAccounts(Accounts):
    """As if the invented service were one of Cutout's."""

    def __init__(self, service: type[Invented] = Invented) -> None:
        super().__init__()
        self.provider = service("https://example.org", Secret(username="me", password="it"), Network())

    def connect_to(self, account: Account, secret: Secret | None = None) -> Invented:
        return self.provider


@contextmanager
def offering(*invented: type[Invented]) -> Iterator[None]:
    """Cutout has these services too, and no others."""
    offer = services()  # one and the same for all who ask
    known = dict(offer)
    offer.clear()
    offer.update({one.id: one for one in invented})
    try:
        yield
    finally:
        offer.clear()
        offer.update(known)


ACCOUNT = Account("invented", "https://example.org", "Mine", "abc1234")
