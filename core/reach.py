"""How far away the addresses are that a service names: none of them may lead nearer to the person than the service is.

A link or a redirect of a public service to 127.0.0.1, to the office network or to the address where clouds keep their
credentials would make this computer ask there, from inside of all walls.
"""

from __future__ import annotations

import socket
from enum import IntEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from .address import host
from .errors import ServiceError

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class Distance(IntEnum):
    """NOWHERE: link-local, multicast and the like, where no service is. HERE: this computer. NEAR: a private network.

    FAR: the internet.
    """

    NOWHERE = 0
    HERE = 1
    NEAR = 2
    FAR = 3


@lru_cache(maxsize=64)
def distance(name: str) -> Distance | None:
    """How far a host is; None for a name, of which only its look-up can say that."""
    name = name.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761
        return Distance.HERE
    address = _address(name)
    if address is None:
        return None
    if isinstance(address, IPv6Address):
        address = _inner(address) or address
    if address.is_loopback:
        return Distance.HERE
    if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
        return Distance.NOWHERE
    return Distance.FAR if address.is_global else Distance.NEAR


class Reach:
    """What may be asked because one server names it.

    A server with a name is as far away as the computers that have answered to it, and FAR before any has.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._name = _name(server)
        self._distance = distance(self._name)

    def check(self, url: str) -> None:
        """By its address alone, which is all that is known where a proxy looks names up. Errors: ServiceError."""
        self._refuse(url, distance(_name(url)))

    def met(self, url: str, peer: str) -> None:
        """By the computer that the connection for this address has led to. Errors: ServiceError."""
        found = distance(peer)
        if found is not None and _name(url) == self._name:
            self._distance = max(found, self._distance or found)
        self._refuse(url, found)

    def _refuse(self, url: str, found: Distance | None) -> None:
        if found is None or (found and found >= (self._distance or Distance.FAR)):
            return
        if _name(url) == self._name:
            raise ServiceError(f"{host(url)} is not an address that a server can have.", "Use https://...")
        raise ServiceError(
            f"{host(self._server)} sends us to {host(url)}, which is not on the internet but on your side of it. "
            "Nothing was asked there.",
            "Tell the service's support.",
        )


def _name(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _address(name: str) -> IPv4Address | IPv6Address | None:
    """In every spelling that systems take for an address, such as 127.1, 0x7f.1, 2130706433 and full-width digits."""
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    try:
        return ip_address(name)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError):
        return None


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
