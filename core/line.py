"""A job as a line of a list: what is needed to show thousands of them, without areas and names of files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from .model import Job, JobState, Json

MOST_PROBLEMS = 10  # that a line holds; the job has them all


@dataclass(frozen=True)
class Line:
    """The fields are called and meant as those of Job. count, size: how many files it has, and their bytes."""

    key: str
    title: str
    service: str
    server: str
    state: JobState
    created: float
    due: float | None
    progress: float | None
    paused: bool
    message: str
    problems: tuple[str, ...]
    count: int
    size: int

    @property
    def place(self) -> tuple[float, str]:
        """By which a list is sorted, the newest last."""
        return self.created, self.key

    @classmethod
    def of(cls, job: Job) -> Line:
        values = {entry.name: getattr(job, entry.name) for entry in fields(cls)}
        return cls(**{**values, "problems": job.problems[:MOST_PROBLEMS]})

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Line:
        """Errors: ValueError, KeyError, TypeError when the text is not a line, or of a state that nobody knows here."""
        raw: Mapping[str, Json] = json.loads(text)
        values = {entry.name: raw[entry.name] for entry in fields(cls)}
        return cls(**{**values, "state": JobState(values["state"]), "problems": tuple(values["problems"])})
