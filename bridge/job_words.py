"""What a job calls after itself: its title, its key and the service's ids stand in names of its folders and layers.

Without them, what several jobs brought of one theme has one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..core import manifest
from ..core.errors import ExportError
from .theme_folders import job_title

_WORD = re.compile(r"[^\W_]+")
_ENDS = " -_.,"


@dataclass(frozen=True)
class JobWords:
    """title: of the job. own: what stands for the job alone, in its own files and in those of no other job."""

    title: str
    own: tuple[str, ...]

    def without(self, text: str) -> str:
        """The text without what is called after the job, only where whole words are: Hof is no part of Bahnhof."""
        if self._pattern is None:
            return text
        plain, count = self._pattern.subn(" ", unicodedata.normalize("NFC", text))
        return re.sub(r"\s+", " ", plain).strip(_ENDS) if count else text

    def about(self, words: Iterable[str]) -> tuple[str, ...]:
        """The same for names of folders, those left out of which nothing is left."""
        return tuple(filter(None, map(self.without, words)))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        phrases = [r"[\W_]*".join(map(re.escape, words)) for words in map(_WORD.findall, self.own) if words]
        phrases.sort(key=len, reverse=True)
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(phrases)})(?![^\W_])", re.IGNORECASE) if phrases else None


def of_jobs(texts: Mapping[Path, Iterable[str]]) -> dict[Path, JobWords]:
    """The words of each job, by its folder. texts: names of its folders and layers.

    What other jobs have too is no word of a job: one with the title “Roads” may bring roads, as the others do.
    """
    jobs = {folder: _read(folder) for folder in texts}
    users: dict[str, set[Path]] = {}
    for folder, job in jobs.items():
        for text in texts[folder]:
            users.setdefault(job.without(text), set()).add(folder)
    return {folder: _alone(job, [text for text, by in users.items() if by != {folder}]) for folder, job in jobs.items()}


def _alone(job: JobWords, others: Iterable[str]) -> JobWords:
    shared = [text for text in others if job.without(text) != text]
    words = [JobWords(job.title, (phrase,)) for phrase in job.own] if shared else []
    taken = {one.own for one in words if any(one.without(text) != text for text in shared)}
    return JobWords(job.title, tuple(phrase for phrase in job.own if (phrase,) not in taken))


def _read(folder: Path) -> JobWords:
    """What cutout.json says of the job, and its folder."""
    try:
        document = manifest.read(folder)
    except ExportError:
        document = {}
    request, job = document.get("request"), document.get("job")
    title = request.get("title") if isinstance(request, dict) else None
    title = title if isinstance(title, str) and title else job_title(folder)
    own = (title, job_title(folder), folder.name, *(_ids(job) if isinstance(job, dict) else ()))
    return JobWords(title, tuple(dict.fromkeys(unicodedata.normalize("NFC", phrase) for phrase in own)))


def _ids(job: Mapping[str, object]) -> Iterator[str]:
    """Key and ids; a short number may be anything."""
    remote = job.get("remote")
    for value in (job.get("key"), *(remote.values() if isinstance(remote, dict) else ())):
        if isinstance(value, (str, int)) and len(str(value)) > 3:
            yield str(value)
