"""Addresses: which belong together, which may be asked, and how a sentence names them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

from .errors import ServiceError
from .words import plain, redacted


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what credentials belong to (RFC 6454)."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)


def same_origin(one: str, other: str) -> bool:
    return origin(one) == origin(other)


def host(url: str) -> str:
    """The host for a sentence, with the port when it is an unusual one."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or url


def not_an_address(url: str) -> ServiceError:
    return ServiceError(f"The address {plain(redacted(url))} is not a web address.", "Use https://...")


def is_loopback(name: str) -> bool:
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def joined(base: str, url: str) -> str:
    """Errors: ServiceError when it can't be read as an address at all, as `http://[` or a port of 99999."""
    try:
        target = urljoin(base, url)
        origin(target)
    except ValueError:
        raise not_an_address(url) from None
    return target


def server_of(url: str) -> str:
    """The part of an address that says which server it is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def encodable(name: str) -> bool:
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True
