"""What can go wrong, in words for the person: what happened, and what to do about it.

Anything raised here is meant to be read by the user. Any other exception is a bug.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

PAYMENT_REQUIRED = 402
NOT_FOUND = 404
INVALID = (400, 413, 422)  # the service understood who is asking, and finds fault with what is asked for
DEPTH = 6


class ExportError(Exception):
    """A failure to tell the person about.

    message: what happened, one sentence, with the service's own words where there are any.
    advice: what the person can do now, one sentence or empty.
    about: what is to be chosen differently, as of a Problem.
    """

    about = ""

    def __init__(self, message: str, advice: str = "", *, about: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.about = about or self.about

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class AreaError(ExportError):
    """The area can't be used as it is."""

    about = "area"


class ServiceError(ExportError):
    """The service answered, and the answer is no.

    status: the HTTP status. document: the JSON that came with it, None where there was none.
    """

    about = "server"

    def __init__(
        self, message: str, advice: str = "", *, status: int = 0, document: Any = None, about: str = ""
    ) -> None:
        super().__init__(message, advice, about=about or ("account" if status == PAYMENT_REQUIRED else ""))
        self.status = status
        self.document = document

    @property
    def said(self) -> str:
        """The service's own words, without whose they are."""
        return self.message.split(": ", 1)[-1]


class CredentialError(ServiceError):
    """The service refuses the key, or the key lacks a permission (401, 403)."""

    about = "account"


class TransientError(ExportError):
    """A fault that may be gone at the next look: connection, 429, 502, 503, 504.

    retry_after: seconds that the service asked to wait, None if it did not say.
    reached: False where the request certainly never arrived at the service.
    status: the HTTP status, 0 where there was no answer.
    """

    about = "server"

    def __init__(
        self,
        message: str,
        advice: str = "",
        *,
        retry_after: float | None = None,
        reached: bool = True,
        status: int = 0,
        about: str = "",
    ) -> None:
        super().__init__(message, advice, about=about)
        self.retry_after = retry_after
        self.reached = reached
        self.status = status


class Cancelled(Exception):
    """The person asked to stop. Not a failure, so not an ExportError."""


@contextmanager
def nothing_ordered_yet() -> Iterator[None]:
    """Around the requests before the one that orders: whatever fails there, no order can have got lost."""
    try:
        yield
    except TransientError as error:
        raise TransientError(
            error.message,
            error.advice,
            retry_after=error.retry_after,
            reached=False,
            status=error.status,
            about=error.about,
        ) from error
    except ServiceError as error:
        if error.status and error.status < 500:
            raise
        raise TransientError(
            error.message, error.advice, reached=False, status=error.status, about=error.about
        ) from error


@contextmanager
def refusal_about(fields: Mapping[str, str], *, otherwise: str = "", missing: str = "") -> Iterator[None]:
    """Around a request: where the service finds fault with it, the error says which option that is about.

    fields: the names in the request, and the key of the option (or "area") behind each. otherwise: what it is about
    when the answer names none of them. missing: what is asked for by its address, so what is not there after a 404;
    one without JSON comes from a server that is another than was thought.
    """
    try:
        yield
    except ServiceError as refusal:
        if refusal.status in INVALID:
            refusal.about = next(_named(refusal.document, fields, DEPTH), otherwise or refusal.about)
        elif refusal.status == NOT_FOUND and refusal.document is not None:
            refusal.about = missing or refusal.about
        raise


def _named(document: Any, fields: Mapping[str, str], depth: int) -> Iterator[str]:
    """{"crs": [..]}, {"errors": {"include.0": [..]}}, {"loc": ["body", "geometry"]} and {"target": "iModelId"}."""
    if isinstance(document, list) and depth:
        for entry in document:
            yield from _named(entry, fields, depth - 1)
    elif isinstance(document, dict) and depth:
        for key, value in document.items():
            yield from _named(value, fields, depth - 1)  # what is inside says it more exactly
            names = value if key == "loc" and isinstance(value, list) else [value if key == "target" else key]
            yield from (fields[name] for name in (str(one).partition(".")[0] for one in names) if name in fields)
