"""A service that does not exist, with every kind of option: what the dock shows must follow from what it declares."""

from __future__ import annotations

from collections.abc import Mapping

from cutout.bridge.accounts import Account, Accounts
from cutout.core.errors import ServiceError
from cutout.core.http import Network, Secret
from cutout.core.model import Choice, ChoicePage, ExportRequest, Option, OptionKind
from cutout.core.provider import AreaKind, AreaRule, Credentials, Provider, Server

PAGE = 20
CATALOGUE = [Choice(f"layer:{i}", f"Layer {i:02}", "Invented", "vector" if i % 2 else "grid") for i in range(1, 48)]


class Invented(Provider):
    id = "invented"
    title = "Invented"
    home = "https://example.org/"
    servers = (Server("https://example.org", "The only one"),)
    credentials = (Credentials.LOGIN,)
    credentials_help = "E-mail and <b>password</b> of your invented account."
    area = AreaRule(AreaKind.BBOX, required=False)
    can_cost = True
    options = (
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

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return {"X-User": secret.username, "X-Password": secret.password}

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        return () if request.options.get("items") else ("Choose a thing.",)

    def choices(self, key: str, search: str = "", more: str = "", request: ExportRequest | None = None) -> ChoicePage:
        self.asked.append((key, search, more))
        if search == "broken":
            raise ServiceError("The catalogue is closed.", "Come back tomorrow.")
        if key == "items":
            found = [choice for choice in CATALOGUE if search.lower() in choice.label.lower()]
            first = int(more or 0)
            onward = str(first + PAGE) if first + PAGE < len(found) else ""
            return ChoicePage(tuple(found[first : first + PAGE]), onward, len(found))
        if key == "format":
            return ChoicePage((Choice("x", "application/x"), Choice("y", "application/y")))
        if key == "place":
            return ChoicePage((Choice("place:1", "Wellington"), Choice("place:2", "Nelson")))
        return super().choices(key, search, more, request)


class InventedAccounts(Accounts):
    """As if the invented service were one of Cutout's."""

    def __init__(self) -> None:
        super().__init__()
        self.provider = Invented("https://example.org", Secret(username="me", password="it"), Network())

    def connect_to(self, account: Account, secret: Secret | None = None) -> Invented:
        return self.provider


ACCOUNT = Account("invented", "https://example.org", "Mine", "abc1234")
