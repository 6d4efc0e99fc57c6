"""What QgsSettings keeps of an account, under cutout/accounts: everything but the credentials."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsSettings

from ..core.address import host

GROUP = "cutout/accounts"
_VALUES = ("service", "server", "title", "authcfg", "allow_http", "way", "own")


@dataclass(frozen=True)
class Account:
    """Where one may order: a service, one of its servers, and the id of the auth config that holds the credentials.

    key: under which it is kept, since several accounts may share an auth config. way: how it signs in, a value of
    Credentials. own: Cutout has made the auth config, so that it goes with the account.
    """

    service: str
    server: str
    title: str = ""
    authcfg: str = ""
    allow_http: bool = False
    key: str = ""
    way: str = ""
    own: bool = False

    @property
    def label(self) -> str:
        return f"{self.title} ({host(self.server)})" if self.title else host(self.server)


def read_all() -> list[Account]:
    """By label."""
    settings = QgsSettings()
    settings.beginGroup(GROUP)
    keys = settings.childGroups()
    settings.endGroup()
    return sorted((_read(key) for key in keys), key=lambda one: one.label.lower())


def write(account: Account) -> None:
    settings = QgsSettings()
    for name in _VALUES:
        settings.setValue(f"{GROUP}/{account.key}/{name}", getattr(account, name))


def remove(account: Account) -> None:
    QgsSettings().remove(f"{GROUP}/{account.key}")


def _read(key: str) -> Account:
    settings = QgsSettings()
    path = f"{GROUP}/{key}"
    # The first version kept an account under its auth config, which was always one that it had made.
    is_of_the_first = not settings.contains(f"{path}/authcfg")
    return Account(
        service=settings.value(f"{path}/service", "", str),
        server=settings.value(f"{path}/server", "", str),
        title=settings.value(f"{path}/title", "", str),
        authcfg=settings.value(f"{path}/authcfg", key, str),
        allow_http=settings.value(f"{path}/allow_http", False, bool),
        key=key,
        way=settings.value(f"{path}/way", "", str),
        own=settings.value(f"{path}/own", is_of_the_first, bool),
    )
