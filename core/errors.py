"""What can go wrong, in words for the person: what happened, and what to do about it.

Anything raised here is meant to be read by the user. Any other exception is a bug.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class ExportError(Exception):
    """A failure to tell the person about.

    message: what happened, one sentence, with the service's own words where there are any.
    advice: what the person can do now, one sentence or empty.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class AreaError(ExportError):
    """The area can't be used as it is."""


class ServiceError(ExportError):
    """The service answered, and the answer is no.

    status: the HTTP status. document: the JSON that came with it, None where there was none.
    """

    def __init__(self, message: str, advice: str = "", *, status: int = 0, document: Any = None) -> None:
        super().__init__(message, advice)
        self.status = status
        self.document = document

    @property
    def said(self) -> str:
        """The service's own words, without whose they are."""
        return self.message.split(": ", 1)[-1]


class CredentialError(ServiceError):
    """The service refuses the key, or the key lacks a permission (401, 403)."""


class TransientError(ExportError):
    """A fault that may be gone at the next look: connection, 429, 502, 503, 504.

    retry_after: seconds that the service asked to wait, None if it did not say.
    reached: False where the request certainly never arrived at the service.
    status: the HTTP status, 0 where there was no answer.
    """

    def __init__(
        self, message: str, advice: str = "", *, retry_after: float | None = None, reached: bool = True, status: int = 0
    ) -> None:
        super().__init__(message, advice)
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
            error.message, error.advice, retry_after=error.retry_after, reached=False, status=error.status
        ) from error
    except ServiceError as error:
        if error.status and error.status < 500:
            raise
        raise TransientError(error.message, error.advice, reached=False, status=error.status) from error
