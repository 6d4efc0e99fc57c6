"""How the iTwin stand-in behaves. A test changes these by name; the keys (B1 ...) are those of itwin.py."""

from __future__ import annotations

from dataclasses import dataclass, field

VARIANTS = ("plain", "nested", "contents", "implicit", "local", "levels")


@dataclass(frozen=True)
class Settings:
    """The defaults are what the documentation shows."""

    # Signing in
    token_lifetime: float = 3600  # seconds (CODE B9)
    code_lifetime: float = 60  # of an authorization code, which is good for a limited time (DOC B6; how long: GUESS)
    login_page: bool = False  # True: a page with one button stands between the browser and the redirect
    deny: bool = False  # True: the person says no, error=access_denied (DOC RFC 6749)
    refresh: str = "offline_access"  # a refresh token with this scope (GUESS), or always, or never
    service_invited: bool = True  # False: nobody has invited the service account, it sees no iTwin (DOC B7)
    # Manners of the API
    unauthorized: str = "plain"  # a 401 without details (DOC seed), or with: details (CODE B10 reads them)
    forbidden: list[str] = field(default_factory=list)  # ids of iTwins and iModels: 403 (DOC B14; the body: GUESS)
    strict_accept: bool = (
        True  # iModels and changesets only to those who accept v2, others get 406 (GUESS; v2: DOC B14)
    )
    minimal: bool = True  # iModels without Prefer: return=representation have only id and name (DOC B14; fields: GUESS)
    max_page: int = 100  # entries a page, whatever $top asks (CODE B11: $top=100 in the links)
    last_next: str = "absent"  # on the last page _links.next is absent, or null (CODE B10, B11)
    per_minute: int = 500  # requests a credential and minute, then 429 (DOC B16: the Community tier); 0: no limit
    # The catalogue
    crowd: int = 0  # so many further iModels without an extent in the first iTwin
    pushed: int = 0  # so many further changesets on top of every iModel that has some
    # The life of an export
    autostart: bool = True  # exports of the latest changeset come about by themselves once somebody asks (DOC B1)
    empty: int = 1  # how many lists say nothing of them before that (DOC B1: an empty list is not yet)
    empty_seconds: float = 0  # and how long at least, by the stand-in's clock (DOC B1: 10 to 30 s)
    polls: int = 1  # how many looks at an export find it unfinished; the last of them InProgress, the others NotStarted
    seconds: float = 0  # and how long it takes at least
    final: str | list[str] = "Complete"  # or Invalid (DOC seed); a list: first export, second ... and again
    error: str = "The export failed: no tiles could be generated."  # text of an Invalid export (GUESS); "": none
    link_lifetime: float = 3600  # seconds that the link to the container is good (DOC B1)
    # What is in the container
    variant: str = "plain"  # explicit tiles, boxes, GLB (CODE B10, B17), or nested, implicit, contents, local, levels
    tiles: int = 40  # how many tiles at least; the city is divided as finely as it takes
    exact_query: bool = True  # the signed query byte for byte, in its order (DOC CloudFront); False: its values (Azure)
    refuse_bearer: bool = False  # True: an Authorization beside the signature is a 400 (GUESS; CODE azurite: tolerated)
