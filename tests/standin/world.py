"""What all stand-ins of one process share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .clock import Clock
from .faults import Faults
from .journal import Journal
from .storage import Storage

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class World:
    """One time, one journal, one list of faults, one object storage."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.journal = Journal(self.clock)
        self.faults = Faults()
        self.storage = Storage(self.clock)

    def reset(self) -> None:
        for part in (self.clock, self.journal, self.faults, self.storage):
            part.reset()

    def wired(self, name: str, app: WSGIApplication) -> WSGIApplication:
        """An application as it is served: recorded, then subject to the faults ordered for its name."""
        return self.journal.record(name, self.faults.around(name, app))


class Service(Protocol):
    """A service that the stand-in imitates. ``url`` is set once it has a port.

    ``companions``: further servers that belong to it, on ports of their own, by the name that the journal and the
    faults know them by; ``companion_urls`` is filled once they have ports.
    """

    name: str
    url: str
    app: WSGIApplication
    companions: dict[str, WSGIApplication]
    companion_urls: dict[str, str]

    def reset(self) -> None: ...

    def configure(self, values: dict[str, Any]) -> dict[str, Any]:
        """Changes settings by name and answers all of them. Raises ValueError for an unknown name."""

    def describe(self) -> dict[str, Any]:
        """What a client needs to use it: url, credentials, what there is."""

    def records(self) -> list[dict[str, Any]]:
        """The jobs that exist at the service, oldest first."""

    def revoke(self, key: str) -> None:
        """Makes a credential invalid."""
