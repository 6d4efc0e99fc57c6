"""Files from a storage to the job's folder: several at once, resumable, each verified.

How a download is scheduled: `fetch` makes a `Download` of every artifact and puts them into one queue. Up to
`connections` threads, a connection each, take the next one until none is left. A `Download` (download.py) asks for what
its part still lacks and tries again when the connection breaks. What a file that has arrived refers to (`follow`) joins
the queue. Threads that find nothing there help with the files that are slow: each brings the half of what another one
has left to bring (ranges.py), as long as the server gives parts of a file and more connections make it faster. The
calling thread only watches: ten times a second it reports and sends help, and when the report raises or a download
fails for good, every connection is cut. Parts stay, and the next `fetch` goes on from them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .disk import Report, in_words
from .download import Download, Fresh, Run
from .http import Http
from .lines import Lines
from .model import Artifact
from .names import NameRefused, Names

__all__ = ["Fetched", "Report", "fetch"]

MOST_CONNECTIONS = 64
BEAT = 0.1  # seconds between two reports
Follow = Callable[[Artifact, Path], Iterable[Artifact]]  # what a file that has arrived refers to
GRACE = 0.5  # seconds that cut connections get to end; one that still waits for an answer writes nothing any more


@dataclass(frozen=True)
class Fetched:
    """files: what arrived, in the order of the artifacts. problems: what was left out, a sentence each."""

    files: tuple[Path, ...]
    problems: tuple[str, ...]


def refers_to_nothing(artifact: Artifact, file: Path) -> Iterable[Artifact]:
    """Most files stand for themselves."""
    return ()


def fetch(
    http: Http,
    artifacts: Sequence[Artifact],
    folder: Path,
    report: Report,
    fresh: Fresh | None = None,
    connections: int = 16,
    follow: Follow = refers_to_nothing,
) -> Fetched:
    """Download all artifacts, and what they refer to, into the folder.

    report: called in the calling thread with the bytes so far and in all (None until every size is known).
    fresh: gives the artifact with a new link when the old one has expired; called in another thread, one at a time.
    follow: called once for each file that has arrived, in several threads.
    A file that is there with the size that the storage names is not fetched again.
    Errors: ExportError when a file can't be had that is not optional, Cancelled and whatever else the report raises;
    all connections are then closed, and what has come stays for the next time.
    """
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
    orders = _Orders(Run(http, Names(folder), Lines(), fresh), follow)
    with _Crew(orders, connections) as crew:
        orders.begin(artifacts)
        while crew.is_at_work(BEAT):
            _tell(orders.downloads, report)
            orders.send_help(time.monotonic())
    _tell(orders.downloads, report)
    problems = [*orders.refused, *(download.problem for download in orders.downloads if download.problem)]
    return Fetched(tuple(download.file for download in orders.downloads if download.file), tuple(problems))


class _Orders:
    """What is to be fetched. downloads: all so far, in the order in which they were known. refused: names, in words."""

    def __init__(self, run: Run, follow: Follow) -> None:
        self.downloads: list[Download] = []
        self.refused: list[str] = []
        self.lines = run.lines
        self._run, self._follow = run, follow
        self._todo: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._open, self._idle = 1, 0  # 1: the caller, who has not begun yet

    def begin(self, artifacts: Iterable[Artifact]) -> None:
        """The first of them are asked for while the rest is still being added."""
        self.add(artifacts)
        self._end_one()

    def add(self, artifacts: Iterable[Artifact]) -> None:
        for artifact in artifacts:
            try:
                target = self._run.names.claim(artifact.name) if artifact.name else None
            except NameRefused as refused:
                self.refused.append(refused.message)
                continue
            with self._lock:
                download = Download(self._run, artifact, target, len(self.downloads))
                self.downloads.append(download)
                self._open += 1
            self._todo.put(partial(self._bring, download))

    def next(self) -> Callable[[], None] | None:
        """What to do next, waits for it; None when no more will come."""
        with self._lock:
            if not self._open:
                return None
            self._idle += 1
        todo = self._todo.get()
        with self._lock:
            self._idle -= 1
        return todo

    def send_help(self, now: float) -> None:
        """Whoever waits joins the downloads that are slow."""
        for download in self.downloads:
            for _ in range(download.call_help(now, max(0, self._idle - self._todo.qsize()))):
                self._todo.put(download.help)

    def _bring(self, download: Download) -> None:
        """Errors: those of the download, and what `follow` raises."""
        try:
            download.fetch()
            if download.file is not None:
                self.add(self._follow(download.artifact, download.file))
        finally:
            self._end_one()

    def _end_one(self) -> None:
        with self._lock:
            self._open -= 1
            is_last = not self._open
        if is_last:
            self.close()

    def close(self) -> None:
        """Whoever waits for more need not."""
        for _ in range(MOST_CONNECTIONS):
            self._todo.put(None)


def _tell(downloads: Sequence[Download], report: Report) -> None:
    """What it tells of is there after a kill too."""
    sizes = [download.size for download in downloads]
    known = [size for size in sizes if size is not None]
    have = sum(download.have for download in downloads)
    for download in downloads:
        download.note()
    report(have, sum(known) if len(known) == len(sizes) else None)


class _Crew:
    """The threads. They are daemons: one that still waits for a dead server must not hold up the end of QGIS."""

    def __init__(self, orders: _Orders, connections: int) -> None:
        self._orders = orders
        self._failure: Exception | None = None
        self._at_work = max(1, min(connections, MOST_CONNECTIONS))
        self._lock, self._news = threading.Lock(), threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name="cutout-fetch", daemon=True) for _ in range(self._at_work)
        ]

    def __enter__(self) -> _Crew:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._orders.lines.cut()
        self._orders.close()
        for thread in self._threads:
            thread.join(GRACE / len(self._threads))

    def is_at_work(self, seconds: float) -> bool:
        """Waits a moment; whether there is still something to do. Errors: the failure of a download."""
        self._news.wait(seconds)
        self._news.clear()
        with self._lock:
            if self._failure is not None:
                raise self._failure
            return self._at_work > 0

    def _work(self) -> None:
        failure: Exception | None = None
        try:
            while todo := self._orders.next():
                todo()
        except Exception as error:  # noqa: BLE001 - a thread ends here; the calling thread raises it
            failure = error
        with self._lock:
            self._failure = self._failure or failure
            self._at_work -= 1
        self._news.set()
