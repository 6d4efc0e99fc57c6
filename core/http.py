"""One transport over requests: where credentials may go, what is tried again, and errors in the service's own words.

Proxy and certificates are handed in (they come from QGIS), so `trust_env` is off: neither environment variables nor
a ~/.netrc can replace them or the credentials.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .address import encodable, host, is_loopback, joined, not_an_address, same_origin, server_of
from .answer import TIMEOUT, Answer, broken, failure, whole
from .connections import Connections
from .errors import CredentialError, ExportError, ServiceError, TransientError
from .hidden import Hidden
from .model import Json
from .reach import Reach

if TYPE_CHECKING:
    import requests

    from .wire import Wire

REDIRECTS = (301, 302, 303, 307, 308)
UNKNOWN_SENDER = 401
MOST_REDIRECTS = 10
TRIES = 3
_ESCAPED = re.compile(
    r"(?:%[0-9A-Fa-f]{2}|[\w!#$&'()*+,/:;=?@\[\].~-])*", re.ASCII
)  # an address that is ready to be sent


@dataclass(frozen=True)
class Secret:
    """Credentials as a value, resolved on the main thread. Never shown: its repr holds nothing.

    headers: ready-made request headers (an OAuth2 config of QGIS), used instead of the other two.
    """

    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def no_proxy(url: str) -> Mapping[str, str]:
    return {}


def wait(seconds: float) -> None:
    """A wait that a caller may replace by one that ends early when the person cancels."""
    threading.Event().wait(seconds)


@dataclass(frozen=True)
class Network:
    """How the outside is reached. proxies: from a URL to the proxies that requests understands.

    certificates: path of a PEM bundle, or True for the system's. allow_http: plain http to any host, not only loopback.
    """

    proxies: Callable[[str], Mapping[str, str]] = no_proxy
    certificates: str | bool = True
    allow_http: bool = False
    pause: Callable[[float], None] = wait
    agent: str = "Cutout"


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    params: Mapping[str, str] | None = None
    body: Json = field(default=None, repr=False)
    headers: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    credentials: bool = True


def no_session() -> Mapping[str, str]:
    """Credentials that are sent as they are have nothing to be exchanged for."""
    return {}


class Http:
    """Requests to one server. `headers` (the credentials) go to that server's origin and nowhere else.

    sign_in: gives headers where there are none yet or the server no longer takes them; empty if it can't.
    secret: what must not show in a message, besides the headers.
    """

    def __init__(
        self,
        server: str,
        headers: Mapping[str, str],
        network: Network,
        sign_in: Callable[[], Mapping[str, str]] = no_session,
        secret: Secret | None = None,
    ) -> None:
        self.server = server
        self.network = network
        self._sign_in = sign_in
        self._hidden = Hidden()
        self._hidden.add(secret.password if secret else "")
        self._use(headers)
        self._reach = Reach(server)
        self._connections = Connections()

    @property
    def headers(self) -> Mapping[str, str]:
        """The credentials as they are sent now."""
        return self._headers

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        credentials: bool = True,
        tries: int = TRIES,
    ) -> Answer:
        return self._read(_Request("GET", url, params, headers=headers, credentials=credentials), tries)

    def options(self, url: str) -> Answer:
        return self._read(_Request("OPTIONS", url))

    def ask(self, url: str, body: Json, *, form: Mapping[str, str] | None = None, credentials: bool = True) -> Answer:
        """A POST that creates nothing, so it may be tried again. form: sent in place of the JSON body."""
        return self._read(_Request("POST", url, body=body, form=form, credentials=credentials))

    def create(self, url: str, body: Json, *, headers: Mapping[str, str] | None = None) -> Answer:
        """A POST that creates something: sent once, never redirected, and repeated only where the server says that it
        does not know who is asking (401) and a new session is to be had."""
        return self._signed(_Request("POST", url, body=body, headers=headers))

    def delete(self, url: str) -> Answer:
        return self._signed(_Request("DELETE", url))

    def _read(self, request: _Request, tries: int = TRIES) -> Answer:
        began = time.monotonic()
        for attempt in range(1, tries):
            try:
                return self._signed(request)
            except TransientError as error:
                # A service that asks for a longer wait gets it from whoever keeps the time, not from here. One that
                # has been silent for long is not waited for as long again.
                is_silent = time.monotonic() - began >= TIMEOUT[1]
                if not error.reached or (error.retry_after or 0) > 2 or is_silent:
                    raise
                self.network.pause(error.retry_after or 0.3 * attempt)
        return self._signed(request)

    def _signed(self, request: _Request) -> Answer:
        """The answer, with a session that the server knows."""
        if not request.credentials or not same_origin(joined(self.server + "/", request.url), self.server):
            return self._once(request)
        if not self._headers:
            self._use(self._sign_in())
        try:
            return self._once(request)
        except CredentialError as refusal:
            renewed = dict(self._sign_in()) if refusal.status == UNKNOWN_SENDER else {}
            if not renewed:
                raise
        self._use(renewed)
        return self._once(request)

    def _use(self, headers: Mapping[str, str]) -> None:
        """As credentials from now on. What stands before a key in its header, as Bearer, is no secret."""
        self._headers = dict(headers)
        for value in headers.values():
            self._hidden.add(value.split(" ", 1)[-1])

    def _once(self, request: _Request) -> Answer:
        with self._open(request) as response:
            answer = whole(response)
        if answer.status in REDIRECTS and "location" in answer.headers and answer.document is None:
            target = server_of(joined(answer.url, answer.headers["location"]))
            is_other = target.startswith("https://") and not same_origin(target, answer.url)
            raise ServiceError(
                f"{host(answer.url)} sends this request on to {target} (status {answer.status}).",
                f"If you trust {target}, use it as the server's address."
                if is_other
                else "Tell the service's support.",
                status=answer.status,
            )
        if answer.status >= 400:
            raise failure(answer)
        return answer

    def refusal(self, response: requests.Response) -> ExportError:
        """The exception that says what an answer from `open` says that is not the file asked for."""
        return failure(whole(response))

    @contextmanager
    def open(
        self, url: str, *, headers: Mapping[str, str] | None = None, anywhere: bool = False, credentials: bool = True
    ) -> Iterator[requests.Response]:
        """The answer to a GET as a stream, redirects followed by hand (to other servers only when `anywhere`).

        headers: sent wherever a redirect leads, so never credentials. credentials: False for a signed link, which
        carries its own authority. Errors: TransientError when the connection fails, ServiceError for an address that
        is not allowed.
        """
        with self._open(_Request("GET", url, headers=headers, credentials=credentials), anywhere) as response:
            response.connection.lift()  # type: ignore[attr-defined]
            yield response

    @contextmanager
    def _open(self, request: _Request, anywhere: bool = False) -> Iterator[requests.Response]:
        with self._connections.wire() as wire, self._answered(request, anywhere, wire) as response:
            yield response

    @contextmanager
    def _answered(self, request: _Request, anywhere: bool, wire: Wire) -> Iterator[requests.Response]:
        from requests.exceptions import RequestException

        from .wire import TooSlow

        request = replace(request, url=joined(self.server + "/", request.url))
        for _ in range(MOST_REDIRECTS):
            self._allow(request.url)
            try:
                response = self._send(request, wire)
            except (RequestException, TooSlow) as error:
                raise self._broken(error, request.url) from None  # its text holds the link with its signature
            onward = self._onward(response, request.method, request.url, anywhere)
            if not onward:
                try:
                    yield response
                except (RequestException, TooSlow) as error:
                    raise self._broken(error, request.url) from None
                finally:
                    response.close()
                return
            response.close()
            request = replace(request, url=onward, params=None)
        raise ServiceError(
            f"{host(request.url)} redirects in a circle.", "Try again later, or tell the service's support."
        )

    def _send(self, request: _Request, wire: Wire) -> requests.Response:
        own = {
            "Accept": "application/json, */*;q=0.1",
            "Accept-Encoding": "gzip",
            "Connection": "keep-alive",
            "User-Agent": self.network.agent,
        }
        if request.credentials and same_origin(request.url, self.server):
            own.update(self._sendable())
        wire.begin(partial(self._reach.met, request.url))
        return wire.send(
            _prepared(request, {**own, **(request.headers or {})}),
            timeout=TIMEOUT,
            stream=True,
            proxies=dict(self.network.proxies(request.url)),
            verify=self.network.certificates,
        )

    def _sendable(self) -> Mapping[str, str]:
        """Errors: CredentialError for a key that no header can hold, as when a typographic quote was pasted with it."""
        for value in self._headers.values():
            if not (value.isascii() and value.isprintable()):
                raise CredentialError(
                    f"The key for {host(self.server)} has a character that no key has.", "Copy it once more."
                )
        return self._headers

    def _onward(self, response: requests.Response, method: str, url: str, anywhere: bool) -> str:
        """Where a redirect leads, empty when this is the answer: a 303 may bring the document itself."""
        location = response.headers.get("Location")
        is_document = response.status_code == 303 and "json" in response.headers.get("Content-Type", "")
        if response.status_code not in REDIRECTS or not location or method != "GET" or is_document:
            return ""
        target = joined(url, location.encode("latin-1").decode("utf-8", "replace"))
        if not anywhere and not same_origin(target, url):
            return ""
        if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
            raise ServiceError(f"{host(url)} redirects from https to {urlsplit(target).scheme}, which is not safe.")
        return target

    def _allow(self, url: str) -> None:
        parts = urlsplit(url)
        # What different libraries read as different hosts ("https://a\\@b/") could carry the key to the wrong one.
        odd = any(char in parts.netloc for char in "\\@ *") or not encodable(parts.hostname or "")
        if parts.scheme not in ("http", "https") or not parts.hostname or odd:
            raise not_an_address(url)
        self._reach.check(url)
        if parts.scheme == "http" and not self.network.allow_http and not is_loopback(parts.hostname):
            raise ServiceError(
                f"{host(url)} would be asked over plain http, where anybody on the way can read the key.",
                "Use https, or allow plain http in the account's settings.",
            )

    def _broken(self, error: Exception, url: str) -> ExportError:
        return broken(error, url, via_proxy=bool(self.network.proxies(url)))


def _prepared(request: _Request, headers: Mapping[str, str]) -> requests.PreparedRequest:
    from requests import PreparedRequest

    ready = PreparedRequest()
    ready.prepare_method(request.method)
    if request.params is None and _ESCAPED.fullmatch(request.url):
        ready.url = request.url  # requests undoes escapes that need not be, and a signature may cover them
    else:
        ready.prepare_url(request.url, request.params)
    ready.prepare_headers(headers)
    ready.prepare_body(request.form, None, request.body)
    return ready
