"""One transport over requests: where credentials may go, what is tried again, and errors in the service's own words.

Proxy and certificates are handed in (they come from QGIS), so `trust_env` is off: neither environment variables nor
a ~/.netrc can replace them or the credentials.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from .errors import CredentialError, ExportError, ServiceError, TransientError
from .model import Json
from .words import plain, redacted, spoken

if TYPE_CHECKING:
    import requests

TRANSIENT = (429, 502, 503, 504)
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 10
MOST_TEXT = 64 * 1024 * 1024
TIMEOUT = (5.0, 15.0)  # seconds to connect, seconds between two bytes
TRIES = 3
LONGEST_WAIT = 86400.0  # seconds; a service that asks for more is asked again after a day


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
class Answer:
    """A whole answer. document: its JSON, None when it is none. headers: lower-case names."""

    status: int
    url: str
    headers: Mapping[str, str]
    text: str
    document: Json = None

    def link(self, rel: str) -> str:
        """The target of the Link header (RFC 8288) with this relation, empty if there is none."""
        from requests.utils import parse_header_links

        for entry in parse_header_links(self.headers.get("link", "")):
            if rel in str(entry.get("rel", "")).split():
                return urljoin(self.url, entry["url"])
        return ""


class Http:
    """Requests to one server. `headers` (the credentials) go to that server's origin and nowhere else."""

    def __init__(self, server: str, headers: Mapping[str, str], network: Network) -> None:
        self.server = server
        self.network = network
        self._headers = dict(headers)
        self._sessions = threading.local()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        tries: int = TRIES,
    ) -> Answer:
        return self._read("GET", url, params=params, headers=headers, tries=tries)

    def options(self, url: str) -> Answer:
        return self._read("OPTIONS", url)

    def ask(self, url: str, body: Json) -> Answer:
        """A POST that creates nothing, so it may be tried again."""
        return self._read("POST", url, body=body)

    def create(self, url: str, body: Json) -> Answer:
        """A POST that creates something: sent once, never repeated, never redirected."""
        return self._once("POST", url, body=body)

    def delete(self, url: str) -> Answer:
        return self._once("DELETE", url)

    def _read(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
        tries: int = TRIES,
    ) -> Answer:
        for attempt in range(1, tries):
            try:
                return self._once(method, url, params=params, body=body, headers=headers)
            except TransientError as error:
                # A service that asks for a longer wait gets it from whoever keeps the time, not from here.
                if not error.reached or (error.retry_after or 0) > 2:
                    raise
                self.network.pause(error.retry_after or 0.3 * attempt)
        return self._once(method, url, params=params, body=body, headers=headers)

    def _once(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        with self.open(url, method=method, params=params, body=body, headers=headers) as response:
            answer = whole(response)
        if answer.status in REDIRECTS and "location" in answer.headers and answer.document is None:
            target = _server(_joined(answer.url, answer.headers["location"]))
            raise ServiceError(
                f"{host(answer.url)} sends this request on to {target} (status {answer.status}).",
                f"Nothing was ordered. If you trust {target}, use it as the server's address.",
                status=answer.status,
            )
        if answer.status >= 400:
            raise failure(answer, self._secrets())
        return answer

    def refusal(self, response: requests.Response) -> ExportError:
        """The exception that says what an answer from `open` says that is not the file asked for."""
        return failure(whole(response), self._secrets())

    @contextmanager
    def open(
        self,
        url: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
        anywhere: bool = False,
        credentials: bool = True,
    ) -> Iterator[requests.Response]:
        """The answer as a stream, redirects followed by hand (GET only; to other servers only when `anywhere`).

        headers: sent wherever a redirect leads, so never credentials. credentials: False for a signed link, which
        carries its own authority. Errors: TransientError when the connection fails, ServiceError for an address that
        is not allowed.
        """
        from requests.exceptions import RequestException

        target = _joined(self.server + "/", url)
        for _ in range(MOST_REDIRECTS):
            self._allow(target)
            try:
                response = self._send(method, target, params, body, headers, credentials)
            except RequestException as error:
                raise self._broken(error, target) from None  # its text holds the link with its signature
            onward = self._onward(response, method, target, anywhere)
            if not onward:
                try:
                    yield response
                except RequestException as error:
                    raise self._broken(error, target) from None
                finally:
                    response.close()
                return
            response.close()
            target, params = onward, None
        raise ServiceError(f"{host(target)} redirects in a circle.", "Try again later, or tell the service's support.")

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        body: Json,
        headers: Mapping[str, str] | None,
        credentials: bool,
    ) -> requests.Response:
        own = {"Accept": "application/json, */*;q=0.1", "User-Agent": self.network.agent}
        if credentials and same_origin(url, self.server):
            own.update(self._sendable())
        return self._session().request(
            method,
            url,
            params=params,
            json=body,
            headers={**own, **(headers or {})},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
            proxies=dict(self.network.proxies(url)),
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

    def _session(self) -> requests.Session:
        """One session a thread: a session must not be shared, its kept-alive connections are worth keeping."""
        import requests

        session: requests.Session | None = getattr(self._sessions, "session", None)
        if session is None:
            session = self._sessions.session = requests.Session()
            session.trust_env = False
            # Cookies know no port and reach subdomains, so a login in one would leave its origin.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            # requests reads the whole body of a redirect and its target even if it is not to follow it.
            session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
        return session

    def _onward(self, response: requests.Response, method: str, url: str, anywhere: bool) -> str:
        """Where a redirect leads, empty when this is the answer: a 303 may bring the document itself."""
        location = response.headers.get("Location")
        is_document = response.status_code == 303 and "json" in response.headers.get("Content-Type", "")
        if response.status_code not in REDIRECTS or not location or method != "GET" or is_document:
            return ""
        target = _joined(url, location.encode("latin-1").decode("utf-8", "replace"))
        if not anywhere and not same_origin(target, url):
            return ""
        if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
            raise ServiceError(f"{host(url)} redirects from https to {urlsplit(target).scheme}, which is not safe.")
        return target

    def _allow(self, url: str) -> None:
        parts = urlsplit(url)
        # What different libraries read as different hosts ("https://a\\@b/") could carry the key to the wrong one.
        odd = any(char in parts.netloc for char in "\\@ ") or not _encodable(parts.hostname or "")
        if parts.scheme not in ("http", "https") or not parts.hostname or odd:
            raise not_an_address(url)
        if parts.scheme == "http" and not self.network.allow_http and not is_loopback(parts.hostname):
            raise ServiceError(
                f"{host(url)} would be asked over plain http, where anybody on the way can read the key.",
                "Use https, or allow plain http in the account's settings.",
            )

    def _broken(self, error: Exception, url: str) -> ExportError:
        return broken(error, url, via_proxy=bool(self.network.proxies(url)))

    def _secrets(self) -> tuple[str, ...]:
        return tuple(word for value in self._headers.values() for word in (value, *value.split()) if len(word) > 5)


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


def failure(answer: Answer, secrets: tuple[str, ...] = ()) -> ExportError:
    """The exception that says what the service said."""
    said = spoken(answer.document, answer.text, secrets)
    where = host(answer.url)
    if answer.status in TRANSIENT:
        return TransientError(
            f"{where} is busy or down (status {answer.status}){': ' + said if said else '.'}",
            retry_after=_seconds(answer.headers.get("retry-after", "")),
        )
    kind = CredentialError if answer.status in (401, 403) else ServiceError
    return kind(
        f"{where} answered: {said}" if said else f"{where} answered with status {answer.status} and no reason.",
        status=answer.status,
        document=answer.document,
    )


def broken(error: Exception, url: str, via_proxy: bool = False) -> ExportError:
    """A connection that failed, told apart: proxy, TLS, DNS, refused, too slow, cut off, no address at all."""
    from requests import exceptions

    where, text = host(url), str(error)
    if isinstance(error, exceptions.ProxyError) or (via_proxy and "SOCKS" in text):
        return TransientError(
            f"The proxy did not let the request to {where} through.",
            "Check Settings > Options > Network in QGIS.",
            reached=False,
        )
    if isinstance(error, exceptions.InvalidURL):
        return not_an_address(url)
    if isinstance(error, exceptions.SSLError):
        return TransientError(
            f"The certificate of {where} is not trusted: {_tls_reason(text)}.",
            "If your organisation has its own certificate authority, add it in QGIS under "
            "Settings > Options > Authentication > Manage Certificates.",
            reached=False,
        )
    if _comes_from(error, socket.gaierror):
        return TransientError(
            f"No server called {where} was found.", "Check the address and your internet connection.", reached=False
        )
    if isinstance(error, exceptions.ConnectTimeout):
        return TransientError(
            f"{where} did not answer within {TIMEOUT[0]:.0f} seconds.", "Check your connection.", reached=False
        )
    if "NewConnectionError" in text or "refused" in text:
        return TransientError(
            f"{where} can't be reached.", "It may be down; check your internet connection.", reached=False
        )
    if isinstance(error, exceptions.Timeout) or "timed out" in text:
        return TransientError(f"{where} stopped answering for {TIMEOUT[1]:.0f} seconds.", "Try again later.")
    return TransientError(f"The connection to {where} broke off.", "Try again later.")


def _joined(base: str, url: str) -> str:
    """Errors: ServiceError when it can't be read as an address at all, as `http://[` or a port of 99999."""
    try:
        target = urljoin(base, url)
        origin(target)
    except ValueError:
        raise not_an_address(url) from None
    return target


def _server(url: str) -> str:
    """The part of an address that says which server it is."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _encodable(name: str) -> bool:
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def _comes_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether an exception of this kind lies below: its text is in the language of the system."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def _tls_reason(text: str) -> str:
    reason = text.rsplit("certificate verify failed:", 1)[-1] if "certificate verify failed" in text else text
    return redacted(reason).split("(_ssl")[0].strip(" :()'\"")[:160]


def whole(response: requests.Response) -> Answer:
    """The answer with its body. Errors: TransientError when the body is cut short, ServiceError when it has no end."""
    content = bytearray()
    for chunk in response.iter_content(64 * 1024):
        content += chunk
        if len(content) > MOST_TEXT:
            raise ServiceError(f"{host(response.url)} sent over {MOST_TEXT >> 20} MB where a short answer belongs.")
    announced = length(response)
    if announced is not None and response.raw.tell() < announced:  # requests 2.28 says nothing
        raise TransientError(f"The connection to {host(response.url)} broke off.", "Try again later.")
    text = _text(bytes(content), response.encoding)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, response.url, headers, text, _document(text))


def length(response: requests.Response) -> int | None:
    """Bytes that the body has on the way here, None where the server does not say."""
    announced = response.headers.get("Content-Length", "")
    chunked = "Transfer-Encoding" in response.headers
    return int(announced) if announced.isdecimal() and not chunked else None


def _text(content: bytes, encoding: str | None) -> str:
    """requests takes text without a charset for Latin-1; what reads as UTF-8 is UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode(encoding or "latin-1", errors="replace")
        except (LookupError, UnicodeError):  # a charset that nobody knows
            return content.decode("latin-1")


def _document(text: str) -> Json:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _seconds(retry_after: str) -> float | None:
    """Retry-After: seconds, or a date (RFC 9110). None when it is neither."""
    from datetime import datetime, timezone
    from email.utils import parsedate_to_datetime

    if retry_after.strip().isdecimal():
        return min(float(retry_after), LONGEST_WAIT)
    try:
        then = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=timezone.utc)
    return min(max(0.0, (then - datetime.now(timezone.utc)).total_seconds()), LONGEST_WAIT)
