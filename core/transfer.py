"""Files from a storage to the job's folder: several at once, resumable, each verified.

How a download is scheduled: `fetch` makes a `Download` of every artifact and puts them into one queue. Up to
`connections` threads take the next one until none is left. A `Download` (download.py) asks for what its part still
lacks and tries again when the connection breaks. The calling thread only watches: it reports ten times a second, and
when the report raises or a download fails for good, every connection is cut. Parts stay, and the next `fetch` goes on
from them.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .disk import Report, in_words
from .download import Download, Fresh, Run
from .http import Http
from .lines import Lines
from .model import Artifact
from .names import NameRefused, Names

__all__ = ["Fetched", "Report", "fetch"]

BEAT = 0.1  # seconds between two reports
GRACE = 0.5  # seconds that cut connections get to end; one that still waits for an answer writes nothing any more


@dataclass(frozen=True)
class Fetched:
    """files: what arrived, in the order of the artifacts. problems: what was left out, a sentence each."""

    files: tuple[Path, ...]
    problems: tuple[str, ...]


def fetch(
    http: Http,
    artifacts: Sequence[Artifact],
    folder: Path,
    report: Report,
    fresh: Fresh | None = None,
    connections: int = 16,
) -> Fetched:
    """Download all artifacts into the folder.

    report: called in the calling thread with the bytes so far and in all (None until every size is known).
    fresh: gives the artifact with a new link when the old one has expired; called in another thread, one at a time.
    A file that is there with the size that the storage names is not fetched again.
    Errors: ExportError when a file can't be had, Cancelled and whatever else the report raises; all connections are
    then closed, and what has come stays for the next time.
    """
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
    run = Run(http, Names(folder), Lines(), fresh)
    downloads: list[Download] = []
    problems: list[str] = []
    for index, artifact in enumerate(artifacts):
        try:
            target = run.names.claim(artifact.name) if artifact.name else None
        except NameRefused as refused:
            problems.append(refused.message)
        else:
            downloads.append(Download(run, artifact, target, index))
    with _Crew(run.lines, downloads, connections) as crew:
        while crew.is_at_work(BEAT):
            _tell(downloads, report)
    _tell(downloads, report)
    problems += [download.problem for download in downloads if download.problem]
    return Fetched(tuple(download.file for download in downloads if download.file), tuple(problems))


def _tell(downloads: Sequence[Download], report: Report) -> None:
    sizes = [download.size for download in downloads]
    known = [size for size in sizes if size is not None]
    report(sum(download.have for download in downloads), sum(known) if len(known) == len(sizes) else None)


class _Crew:
    """The threads. They are daemons: one that still waits for a dead server must not hold up the end of QGIS."""

    def __init__(self, lines: Lines, downloads: Sequence[Download], connections: int) -> None:
        self._lines = lines
        self._todo: queue.SimpleQueue[Download] = queue.SimpleQueue()
        for download in downloads:
            self._todo.put(download)
        self._failure: Exception | None = None
        self._at_work = max(1, min(connections, len(downloads)))
        self._lock, self._news = threading.Lock(), threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name="cutout-fetch", daemon=True) for _ in range(self._at_work)
        ]

    def __enter__(self) -> _Crew:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._lines.cut()
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
            while True:
                self._todo.get_nowait().fetch()
        except queue.Empty:
            failure = None
        except Exception as error:  # noqa: BLE001 - a thread ends here; the calling thread raises it
            failure = error
        with self._lock:
            self._failure = self._failure or failure
            self._at_work -= 1
        self._news.set()
