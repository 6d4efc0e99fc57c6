"""A whole answer, and what is said of one that is no good or never came."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .address import host, joined, not_an_address
from .body import pieces
from .errors import CredentialError, ExportError, ServiceError, TransientError
from .model import Json
from .words import as_sentence, redacted, spoken

if TYPE_CHECKING:
    import requests

TRANSIENT = (429, 502, 503, 504)
MOST_TEXT = 16 * 1024 * 1024  # bytes; as JSON they can take thirty times as much memory
OTHER_SERVER = "it is made out to another server"
DEEPEST = 100  # lists in lists
TIMEOUT = (5.0, 15.0)  # seconds to connect, seconds between two bytes
LONGEST_WAIT = 86400.0  # seconds; a service that asks for more is asked again after a day


@dataclass(frozen=True)
class Answer:
    """A whole answer. document: its JSON, None when it is none. headers: lower-case names."""

    status: int
    url: str
    headers: Mapping[str, str]
    text: str
    document: Json = None

    def link(self, rel: str) -> str:
        """The target of the Link header (RFC 8288) with this relation, empty if there is none.

        Errors: ServiceError when it is no address.
        """
        from requests.utils import parse_header_links

        for entry in parse_header_links(self.headers.get("link", "")):
            if rel in str(entry.get("rel", "")).split():
                return joined(self.url, entry["url"])
        return ""


def failure(answer: Answer) -> ExportError:
    """The exception that says what the service said."""
    said = as_sentence(spoken(answer.document, answer.text))
    where = host(answer.url)
    if answer.status in TRANSIENT:
        return TransientError(
            f"{where} is busy or down (status {answer.status}){': ' + said if said else '.'}",
            retry_after=_seconds(answer.headers.get("retry-after", "")),
            status=answer.status,
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

    from .wire import LONGEST_ANSWER, TooSlow

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
        reason = _tls_reason(text)
        if not reason:
            return TransientError(f"No secure connection to {where} can be made.", "Try again later.", reached=False)
        return TransientError(
            f"The certificate of {where} is not trusted: {reason}.",
            "Check the address."
            if reason == OTHER_SERVER
            else "If your organisation has its own certificate authority, add it in QGIS under "
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
    if isinstance(error, TooSlow):
        return TransientError(f"{where} took over {LONGEST_ANSWER:.0f} seconds for one answer.", "Try again later.")
    if isinstance(error, exceptions.Timeout) or "timed out" in text:
        return TransientError(f"{where} stopped answering for {TIMEOUT[1]:.0f} seconds.", "Try again later.")
    return TransientError(f"The connection to {where} broke off.", "Try again later.")


def _comes_from(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether an exception of this kind lies below: its text is in the language of the system."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error is not None


def _tls_reason(text: str) -> str:
    """What is wrong with the certificate, in OpenSSL's words; empty when it is something else."""
    if "mismatch" in text or "match" in text.partition("CertificateError")[2]:  # in the words of OpenSSL, of urllib3
        return OTHER_SERVER
    if "certificate verify failed:" not in text:
        return ""
    return redacted(text.rsplit("certificate verify failed:", 1)[-1]).split("(_ssl")[0].strip(" :()'\"")[:160]


def whole(response: requests.Response) -> Answer:
    """The answer with its body. Errors: TransientError when the body is cut short, ServiceError when it has no end;
    those of requests and TooSlow while it is read."""
    response.connection.limit()  # type: ignore[attr-defined]
    content = bytearray()
    for chunk in pieces(response, 64 * 1024):
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
        document: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if _is_deep(document) else document


def _is_deep(document: Json) -> bool:
    """Deeper than any answer is, and than what reads it can go."""
    level: list[Json] = [[document]]
    for _ in range(DEEPEST):
        level = [
            inner
            for group in level
            for inner in (group.values() if isinstance(group, dict) else group)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


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
