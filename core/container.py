"""Files that refer to each other below one signed link: where each is at the storage, and where it is kept.

A tileset lies in a folder of a storage, the container; the link to its tileset.json carries a query that signs for all
that is in the folder. The query is never taken apart: a signature may cover its bytes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, unquote, urlsplit

from .address import origin
from .model import Artifact

_AS_IT_IS = "/%!$&'()*+,:;=@~"  # what a path may hold besides letters, digits and -._ (RFC 3986, 3.3)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Place:
    """Where a file is. name: below the job's folder; path: below the container, escaped; query: its own, if any."""

    name: str
    path: str
    query: str = ""


class Container:
    """The folder in which the tileset.json of a signed link lies."""

    def __init__(self, root: Artifact) -> None:
        address, _, self._signature = root.url.partition("#")[0].partition("?")
        self._site, self._path = _split(address)
        self._folder = self._path[: self._path.rindex("/") + 1]
        self._home = posixpath.dirname(root.name)
        self.root = Place(root.name, self._path[len(self._folder) :])

    def place(self, uri: str, beside: Place) -> Place:
        """What a reference in the file `beside` means (RFC 3986, 5.2). Errors: ValueError when it leads elsewhere.

        A query tells two files apart only where the path names none (`content?id=3`), else it is a matter of caches.
        """
        address, _, query = uri.strip().partition("#")[0].partition("?")
        path = self._path_of(address.replace("\\", "/"), beside)
        if path == self.root.path and not query:
            return self.root
        parts = [part for part in _decoded(path).split("/") if part not in ("", ".")]
        if ".." in parts:
            raise ValueError("it leads out of the tileset")
        if not parts:
            raise ValueError("it names no file")
        if query and "." not in parts[-1]:
            parts[-1] += f"-{sha256(query.encode()).hexdigest()[:8]}"
        return Place(posixpath.join(self._home, *parts), path, query)

    def url(self, place: Place) -> str:
        """The signed address of a file: its own query first, then what the link's has besides."""
        query = _joined(place.query, self._signature)
        return f"{self._site}{self._folder}{place.path}{'?' + query if query else ''}"

    def _path_of(self, address: str, beside: Place) -> str:
        """Below the container and escaped, but otherwise as it was written."""
        try:
            parts = urlsplit(address)
            scheme = parts.scheme or urlsplit(self._site).scheme
            is_elsewhere = origin(f"{scheme}://{parts.netloc}") != origin(self._site)
        except ValueError:
            raise ValueError("it is no address") from None
        if is_elsewhere and (parts.scheme or parts.netloc):
            raise ValueError("it leads to another server")
        escaped = quote(_STRAY_PERCENT.sub("%25", parts.path), safe=_AS_IT_IS)
        if parts.netloc or escaped.startswith("/"):
            full = escaped or "/"
        else:
            here = self._folder + beside.path
            full = here[: here.rindex("/") + 1] + escaped if escaped else here
        return self._below(_without_dots(full))

    def _below(self, path: str) -> str:
        """Without the path of the container, which other escapes may spell differently."""
        if path.startswith(self._folder):
            return path[len(self._folder) :]
        depth = self._folder.count("/")
        parts = path.split("/")
        if _decoded("/".join(parts[:depth])) + "/" != _decoded(self._folder):
            raise ValueError("it leads out of the tileset")
        return "/".join(parts[depth:])


def works_offline(uri: str, beside: Place, target: Place) -> bool:
    """Whether a reference finds the file in the job's folder as it stands."""
    if re.search(r"[?#\\]", uri) or uri.startswith("/") or urlsplit(uri).scheme:
        return False
    return posixpath.normpath(posixpath.join(posixpath.dirname(beside.name), unquote(uri))) == target.name


def offline(beside: Place, target: Place) -> str:
    """The reference from one file in the job's folder to another."""
    return quote(posixpath.relpath(target.name, posixpath.dirname(beside.name) or "."), safe="/!$&'()*+,;=@~")


def is_inline(uri: str) -> bool:
    """The data stand in the reference itself."""
    return uri[:5].lower() == "data:"


def _split(address: str) -> tuple[str, str]:
    """Scheme and host, and the escaped path."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}", parts.path or "/"


def _decoded(path: str) -> str:
    """Errors: ValueError."""
    try:
        return unquote(path, errors="strict")
    except UnicodeDecodeError:
        raise ValueError("its name is not in UTF-8") from None


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4, but for what climbs over the top. Errors: ValueError."""
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == ".." and len(kept) < 2:
            raise ValueError("it leads out of the tileset")
        if part == "..":
            kept.pop()
        elif part != ".":
            kept.append(part)
    return "/".join(kept) + ("/" if parts[-1] in (".", "..") else "")


def _joined(own: str, signature: str) -> str:
    if not own or not signature:
        return own or signature
    keys = set(_keys(own.split("&")))
    missing = [piece for piece in signature.split("&") if piece.partition("=")[0] not in keys]
    return "&".join([own, *missing])


def _keys(pieces: Iterable[str]) -> Iterable[str]:
    return (piece.partition("=")[0] for piece in pieces)
