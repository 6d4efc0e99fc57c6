"""What must not be read anywhere: the credentials in use, in each form in which they come back.

A service may say a key back in an error, a bug may have it in the text of an exception: whoever writes such a text down
has never seen the key. So this is the one thing that all of the process shares, and it holds nothing by itself: what is
known goes with the connection that it belongs to.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

SHORTEST = 6  # characters; a shorter word is a part of too many others
LIBRARY = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry")  # who logs addresses

_lock = threading.Lock()
_living: weakref.WeakSet[Hidden] = weakref.WeakSet()
_asking = threading.local()


class Hidden:
    """The secrets of one connection, taken out of every text for as long as this object is kept."""

    def __init__(self) -> None:
        self.forms: frozenset[str] = frozenset()
        with _lock:
            _living.add(self)

    def add(self, *secrets: str) -> None:
        self.forms |= {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}


def without_known(text: str) -> str:
    """The text without any form of any secret, the longest first."""
    with _lock:
        living = list(_living)
    for form in sorted({form for one in living for form in one.forms}, key=len, reverse=True):
        text = text.replace(form, "•••")
    return text


@contextmanager
def asking() -> Iterator[None]:
    """Around a request: what the HTTP library logs in this thread is about it."""
    before, _asking.now = getattr(_asking, "now", False), True
    try:
        yield
    finally:
        _asking.now = before


class Signatures(logging.Filter):
    """Takes the queries, which may be signed, out of what the HTTP library logs of our requests, and of no others."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(_asking, "now", False):
            text = without_known(record.getMessage())
            record.msg, record.args = re.sub(r"\?[^\s\"')]+", "?•••", text), ()
            record.exc_info = record.exc_text = None  # says the same: headers that could not be read
        return True

    def attach(self) -> None:
        for name in LIBRARY:
            logging.getLogger(name).addFilter(self)

    def detach(self) -> None:
        for name in LIBRARY:
            logging.getLogger(name).removeFilter(self)


def _forms(secret: str) -> Iterator[str]:
    content = secret.encode("utf-8", "surrogatepass")
    for text in (secret, quote(content, safe=""), quote(content), quote_plus(content)):
        yield text
        yield re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), text)
    for text in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield text
        yield json.dumps(text)[1:-1]
        yield text.replace("/", r"\/")  # as PHP writes it
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    yield repr(secret)[1:-1]
    yield repr(content)[2:-1]
    for start in range(3):  # wherever it begins in what was encoded, as in "user:password"
        inner = base64.b64encode(bytes(start) + content)[-(-start * 8 // 6) : (start + len(content)) * 8 // 6].decode()
        yield inner
        yield inner.translate({ord("+"): "-", ord("/"): "_"})
