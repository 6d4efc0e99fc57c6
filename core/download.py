"""One file from a storage: asked for, continued after a break, verified, and put into its place.

Every try starts from the artifact's own link, since that may lead to a fresh signed one each time.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .address import host, same_origin
from .answer import TRANSIENT, length, whole
from .body import pieces
from .disk import check_there, part_of
from .errors import ExportError, ServiceError, TransientError
from .http import Http
from .lines import Lines
from .model import Artifact
from .names import NameRefused, Names, safe_path
from .offer import Offer, offered_name
from .part import Part
from .ranges import LEAST, Pace, Span
from .words import as_sentence, plain, spoken

if TYPE_CHECKING:
    import requests

CHUNK = 32 * 1024  # small: what is in an unfinished chunk when a connection breaks is lost
MOST_FAILURES = 5  # in a row, without a byte further than ever before
PATIENCE = 1.0  # seconds until a connection looks again whether the others have brought the rest
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds between two tries
LONGEST_WAIT = 60.0  # seconds of Retry-After that are waited for here; the job's clock waits for longer ones
REFUSED_TWICE = (
    "A fresh link was refused too. Try again later; if it stays like that, look at the job on the service's own site."
)
STALE = (400, 401, 403, 404, 410)  # how storages refuse a link that has expired; S3 says 400 for an old session

Fresh = Callable[[Artifact], Artifact]


@dataclass(frozen=True)
class Run:
    """What all downloads of a job share. served: which of them the storage has answered with a file."""

    http: Http
    names: Names
    lines: Lines
    fresh: Fresh | None
    asking: threading.Lock = field(default_factory=threading.Lock)
    served: set[int] = field(default_factory=set)


class Download:
    """One file on its way. have, size: bytes on the way here, for the watching thread. problem: why it was left out."""

    def __init__(self, run: Run, artifact: Artifact, target: Path | None, index: int) -> None:
        self.file: Path | None = None
        self.problem = ""
        self.have, self.size = 0, artifact.size
        self._run, self._artifact, self._target = run, artifact, target
        self._part = Part(part_of(target) if target else run.names.folder / _nameless(artifact, index))
        self._index = index
        self._pace: Pace | None = None  # as long as this file may come over several connections
        self._helpers, self._lock = 0, threading.Lock()
        self._furthest = 0
        self._renewed_at = -1
        self._final = False  # the service itself has refused, not a storage that it had sent us to

    @property
    def artifact(self) -> Artifact:
        """What is fetched, with the link that was good last."""
        return self._artifact

    def fetch(self) -> None:
        """Sets `file`, or `problem`. Errors: ExportError when it can't be had, Cancelled."""
        failures = served = 0
        while self.file is None and not self.problem:
            self._run.lines.check()
            try:
                self._attempt()
            except NameRefused as refused:
                self.problem = refused.message
                self._part.drop()
            except TransientError as error:
                failures = 1 if self._goes_on(error, served) else failures + 1
                self._furthest = max(self._furthest, self.have)
                served = len(self._run.served) if failures == 1 else served
                if failures < MOST_FAILURES or not self._is_alone(error, served):
                    self._pause(error, failures)
                else:
                    self._leave_out(error)
            except ServiceError as error:
                self._refused(error)

    def _pause(self, error: TransientError, failures: int) -> None:
        asked = error.retry_after or 0.0
        if failures >= MOST_FAILURES or asked > LONGEST_WAIT:
            raise error
        self._run.lines.check()
        self._run.http.network.pause(max(asked, min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** (failures - 1))))

    def _refused(self, error: ServiceError) -> None:
        try:
            self._renew(error)
        except ServiceError as final:
            if not self._artifact.optional:
                raise
            self._leave_out(final)

    def _goes_on(self, error: TransientError, served: int) -> bool:
        """Whether more has come since the last failure: of this file, or others, from a storage that is only busy."""
        is_busy = error.status in (0, *TRANSIENT)
        return self.have > self._furthest or (is_busy and len(self._run.served) > served)

    def _is_alone(self, error: TransientError, served: int) -> bool:
        """Whether the storage fails at this file, which the rest can do without, and has gone on to serve others."""
        is_failure = error.status >= 500 and error.status not in TRANSIENT
        return is_failure and self._artifact.optional and len(self._run.served) > served

    def _leave_out(self, error: ExportError) -> None:
        self.problem = f"“{self._artifact.name}” could not be fetched: {error.message}"
        self._part.drop()

    def _renew(self, error: ServiceError) -> None:
        """A fresh link, once for as long as no byte comes; a second refusal is the storage's last word.

        Also where the link is not signed, since what it leads to may be; the service's own refusal is final.
        """
        fresh = self._run.fresh
        if error.status not in STALE or self._final or fresh is None:
            raise error
        if self.have <= self._renewed_at:
            error.advice, error.about = error.advice or REFUSED_TWICE, "server"
            raise error
        with self._run.asking:
            self._run.lines.check()
            renewed = fresh(self._artifact)
        self._renewed_at, self._pace = self.have, None
        self._artifact = replace(self._artifact, url=renewed.url, signed=renewed.signed)

    def _attempt(self) -> None:
        """Ask for what is missing, once. `file` stays None when the part had to be dropped, or others bring it."""
        part, artifact = self._part, self._artifact
        self.have = part.have
        if self._is_here(artifact.size):
            return
        if part.is_whole:  # the last run ended before it got its name, or other connections have brought the rest
            self._finish()
            return
        part.make_room(artifact.size, self._called)
        with part.span() as span:
            if span is not None:
                with self._answer(span) as response:
                    if response.status_code == 416 and self.have:
                        part.drop()
                    elif response.status_code not in (200, 206):
                        raise self._refusal(response)
                    else:
                        self._refuse_page(response)
                        self._take(response, Offer.of(response), span)
                return
        part.wait(PATIENCE)

    @contextmanager
    def _answer(self, span: Span) -> Iterator[requests.Response]:
        """To a request for the span."""
        http, lines, link = self._run.http, self._run.lines, self._artifact
        headers = self._part.request_headers(span)
        with (
            http.open(link.url, anywhere=True, headers=headers, credentials=not link.signed) as response,
            lines.holding(response),
        ):
            yield response

    def _take(self, response: requests.Response, offer: Offer, span: Span) -> None:
        """The body of the answer into the part, and the file to its place when it is whole."""
        if response.status_code == 206 and not self._part.continues(offer, span):
            self._drop_wrong(response)
            return
        self._run.served.add(self._index)
        self._agree_on_size(response, offer)
        self._part.make_room(self.size, self._called)
        if response.status_code == 200:
            if not offer.encoded and self._is_here(self.size, offer.version.name):
                return
            check_there(self._run.names.folder)
            self._part.begin(offer.version, span)
            self._pace = None
        if offer.ranges and self._part.version.is_exact:
            self._pace = self._pace or Pace()
        received = self._receive(response, offer, span)
        if self.size is not None and received < self.size and span.room:
            # requests 2.28 takes a body cut short for a whole one
            raise TransientError(f"The connection to {host(response.url)} broke off.", "Try again later.")
        if self.size is not None and received > self.size:
            self._part.drop()
            raise ServiceError(f"{host(response.url)} sent more of {self._called} than there is.")
        if self._part.hands == 1 and received == (self.size or received):
            self.size = received
            self._finish()

    def _receive(self, response: requests.Response, offer: Offer, span: Span) -> int:
        """Bytes of the file that have come in all; of a packed one as many as its size is counted in."""
        packed = offer.encoded and self.size is not None
        self.have = self._part.come
        with self._part.writing(span) as write:
            for chunk in pieces(response, CHUNK):
                self._run.lines.check()
                is_wanted = write(chunk)
                self.have = response.raw.tell() if packed else self._part.come
                if not is_wanted:
                    break
        self._run.lines.check()  # a connection that was cut to stop looks like one that broke
        return self.have

    def note(self) -> None:
        """What has come so far outlives this process. Errors: ExportError."""
        self._part.note()

    def call_help(self, now: float, most: int) -> int:
        """How many more connections should `help`; they count from now on. now: seconds by a steady clock."""
        if self._pace is None or self.size is None or self.file is not None:
            return 0
        with self._lock:
            at_work = self._part.hands
            hands = 1 + self._helpers if at_work else 0
            flows = at_work == hands and self._part.is_flowing  # else some have only just been called
            more = min(most, self._pace.more(now, self.have, self.size - self.have, hands, all_bring=flows))
            self._helpers += more
            return more

    def help(self) -> None:
        """One more connection, for as long as there is something for it to bring.

        Whatever is in its way, it leaves the rest to the first connection, which tries again and can tell of it.
        """
        try:
            while self._helps():
                self._run.lines.check()
        finally:
            with self._lock:
                self._helpers -= 1

    def _helps(self) -> bool:
        """Whether a span came."""
        with self._part.span() as span:
            if span is None:
                return False
            with suppress(TransientError, ServiceError), self._answer(span) as response:
                offer = Offer.of(response)
                if response.status_code == 206 and self._part.continues(offer, span):
                    self._receive(response, offer, span)
            if span.room and span.at - span.start < LEAST and self._pace:
                with self._lock:
                    self._pace.settle(self._helpers)  # as many as there were before this one
            return not span.room

    def _agree_on_size(self, response: requests.Response, offer: Offer) -> None:
        """Errors: ServiceError when the storage has another size than the service has named."""
        announced, named = offer.version.size, self._artifact.size
        if offer.encoded:
            self.size = length(response)
        elif announced is None or named is None or announced == named:
            self.size = named if announced is None else announced
        else:
            raise ServiceError(
                f"{host(response.url)} has {announced} bytes of {self._called} where {named} were announced.",
                "Try again; if it stays like that, tell the service's support.",
            )

    def _is_here(self, size: int | None, own: str = "") -> bool:
        """Whether an earlier run has brought the file: it only gets its name when it is whole.

        own: what the answer calls a file for which the service has no name.
        """
        with suppress(NameRefused):
            target = self._target or safe_path(self._run.names.folder, own)
            if size is not None and target.is_file() and target.stat().st_size == size:
                target = self._target or self._run.names.claim(own)
                self._part.drop()
                self.have = self.size = size
                self.file = target
        return self.file is not None

    def _finish(self) -> None:
        named, found = self._artifact.name, self._part.real_name(self._artifact.name)
        target = self._target if found == named and self._target else self._claimed(found)
        self._part.become(target)
        self.file = target

    def _claimed(self, name: str) -> Path:
        """A place for a file that brings its own name. That is only advice (RFC 6266, 4.3), so it can't cost the file.

        Errors: NameRefused where the service itself has given the name.
        """
        try:
            return self._run.names.claim(name)
        except NameRefused as refused:
            if self._artifact.name:
                raise
            ending = re.search(r"\.(?!part\Z)\w{1,8}\Z", name, re.ASCII)
            target = self._run.names.claim(f"download-{self._index + 1}{ending[0] if ending else ''}")
            self.problem = f"“{plain(name)[:120]}” is called {target.name} here: its name {refused.reason}."
            return target

    def _drop_wrong(self, response: requests.Response) -> None:
        """Errors: TransientError when there was nothing to drop, so that asking again would go round in a circle."""
        had = self._part.have
        self._part.drop()
        if not had:
            raise TransientError(f"{host(response.url)} sent another part of {self._called} than was asked for.")

    def _refusal(self, response: requests.Response) -> ExportError:
        error = self._run.http.refusal(response)
        self._final = not self._artifact.signed and same_origin(response.url, self._run.http.server)
        if isinstance(error, ServiceError) and (error.status >= 500 or error.status == 408):
            return TransientError(error.message, error.advice, status=error.status)
        return error

    def _refuse_page(self, response: requests.Response) -> None:
        """Errors: ServiceError for a login page, or whatever else is served as HTML where a file belongs; for the
        JSON of an error where a zip does."""
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        name = (self._artifact.name or offered_name(response)).lower()
        is_page = kind == "text/html" and not name.endswith((".html", ".htm"))
        if is_page or (kind == "application/json" and name.endswith(".zip")):
            answer = whole(response)
            said = as_sentence(spoken(answer.document, answer.text))
            sent = "a web page" if is_page else "a message"
            raise ServiceError(
                f"{host(response.url)} sent {sent} instead of {self._called}{': ' + said if said else '.'}",
                "Try again; if it stays like that, look at the job on the service's own site.",
            )

    @property
    def _called(self) -> str:
        return self._artifact.name or "the file"


def _nameless(artifact: Artifact, index: int) -> str:
    """A name for the part of a file whose own name only the answer says; the same when the signature is another."""
    address = urlsplit(artifact.url)._replace(query="", fragment="").geturl()
    return hashlib.sha256(f"{index} {address}".encode()).hexdigest()[:16] + ".part"
