"""What every service must declare and do. A file in `providers/` with a subclass is its own registration.

A provider talks to one server with one set of credentials. It never sleeps, retries, writes files or knows QGIS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from .errors import ExportError
from .model import Artifact, ChoicePage, ExportRequest, Job, Json, Look, Option, Quote

if TYPE_CHECKING:
    from .http import Network, Secret


class Credentials(str, Enum):
    """What the person is asked for when adding an account. The words are kinds of credentials, not credentials."""

    TOKEN = "token"  # nosec B105 - Secret.password
    LOGIN = "login"  # Secret.username, an e-mail, and Secret.password
    OAUTH2 = "oauth2"  # Secret.headers, made by a QGIS auth config
    SHARE_KEY = "sharekey"  # Secret.password, with SHARE_USER as Secret.username
    CLIENT = "client"  # Secret.username, the id of an application, and Secret.password, its secret


SHARE_USER = "sharekey"  # under this user name a share key is kept in a Basic auth config


@dataclass(frozen=True)
class OAuth2:
    """Where people of the service sign in: its authorisation and token endpoints, and the scope to ask for."""

    authorize: str
    token: str
    scope: str


class AreaKind(str, Enum):
    """What the service takes as an area."""

    BBOX = "bbox"
    POLYGON = "polygon"
    NONE = "none"


@dataclass(frozen=True)
class AreaRule:
    """max_vertices: positions in all rings, None: no limit. parts: a multipolygon is taken. holes: so are holes.

    required: no order without. instead_of: the options any of which stands in for the area.
    """

    kind: AreaKind
    max_vertices: int | None = None
    parts: bool = True
    holes: bool = True
    required: bool = True
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Server:
    """A server of the service. url: where it is reached, without a slash at the end."""

    url: str
    title: str


class Provider:
    """One service. Errors of every method that asks the service: ServiceError, CredentialError, TransientError."""

    id: ClassVar[str]
    title: ClassVar[str]
    home: ClassVar[str]
    servers: ClassVar[tuple[Server, ...]] = ()
    credentials: ClassVar[tuple[Credentials, ...]] = (Credentials.TOKEN,)  # the ways to sign in, the usual one first
    oauth2: ClassVar[OAuth2 | None] = None
    credentials_help: ClassVar[str] = ""
    options: ClassVar[tuple[Option, ...]] = ()
    area: ClassVar[AreaRule] = AreaRule(AreaKind.POLYGON)
    attribution: ClassVar[str] = ""
    can_cost: ClassVar[bool] = False
    can_cancel: ClassVar[bool] = False

    def __init__(self, server: str, secret: Secret, network: Network) -> None:
        from .http import Http  # whoever only reads what a service declares does without

        self.server = server.rstrip("/")
        self.secret = secret
        self.http = Http(self.server, self.headers(secret), network, self.sign_in, secret)
        # By job key: what the person should know of the files that `links` named, a sentence each.
        self.remarks: defaultdict[str, list[str]] = defaultdict(list)
        self._links: dict[str, Mapping[str, Artifact]] = {}  # by job key: one object serves several downloads at once

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        """The credentials as the service wants them in each request; empty where they buy a session (`sign_in`)."""
        raise NotImplementedError

    def sign_in(self) -> Mapping[str, str]:
        """New headers in exchange for the credentials; empty where there is nothing to exchange.

        Asked for before the first request if there are none, and when the service no longer takes those there are.
        """
        return {}

    @classmethod
    def key_page(cls, server: str) -> str:
        """Where the person makes credentials for this server; empty where there is no such page."""
        return ""

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        """Every problem that can be seen without asking the service, a sentence each, as a Problem to say what it is
        about."""
        raise NotImplementedError

    def greet(self) -> str:
        """Whether the credentials work and allow ordering: one sentence; the errors say what is missing."""
        raise NotImplementedError

    @classmethod
    def extent(cls, request: ExportRequest) -> Mapping[str, Json] | None:
        """The ground that options stand for where there is no area, as GeoJSON; None where only the service knows."""
        return None

    def choices(self, key: str, search: str = "", more: str = "", request: ExportRequest | None = None) -> ChoicePage:
        """A page of what the service offers for the option `key`. request: what is chosen so far, and the area."""
        raise ExportError(f"{self.title} offers nothing to choose for {key}.")

    def quote(self, request: ExportRequest) -> Quote:
        """Price, size and validity as the service says them; creates nothing."""
        return Quote()

    def submit(self, request: ExportRequest) -> Iterator[Mapping[str, Json]]:
        """Order it, once. Yields the ids that the service answers with, each before the next request leaves.

        TransientError.reached is False as long as nothing can have been ordered.
        """
        raise NotImplementedError

    def poll(self, job: Job) -> Look:
        """One look at the job."""
        raise NotImplementedError

    @classmethod
    def lists(cls) -> bool:
        """Whether one request may tell of several jobs."""
        return cls.poll_many is not Provider.poll_many

    def poll_many(self, jobs: Sequence[Job]) -> Mapping[str, Look]:
        """One look at several jobs, by job key, in fewer requests than jobs. What is missing is polled by itself."""
        return {}

    def cancel(self, job: Job) -> Look:
        """Ask the service to stop."""
        charged = " and may charge for it" if self.can_cost else ""
        raise ExportError(f"{self.title} can't cancel: the service goes on{charged}.")

    def find_lost(self, job: Job, taken: Collection[Mapping[str, Json]]) -> Mapping[str, Json] | None:
        """The ids of an order whose answer was lost, None where it can't be found.

        taken: the ids that other jobs on this server have. An order that is one of those is not this one, unless the
        service makes one of equal orders.
        """
        return None

    def credit(self, job: Job) -> str:
        """Whom to name wherever the data are shown."""
        return self.attribution

    def links(self, job: Job) -> Iterator[Artifact]:
        """What there is to download, with links that are fresh now."""
        raise NotImplementedError

    def renewed(self, job: Job, old: Artifact) -> Artifact:
        """The same file with a link that is fresh now. All links are asked for once for as long as they are good."""
        if self._links.get(job.key, {}).get(old.name, old).url == old.url:
            self._links[job.key] = {one.name: one for one in self.links(job)}
        return self._links[job.key].get(old.name, old)
