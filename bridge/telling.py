"""What a Processing run says while it goes on: each change of a job once, and how far all of them are together."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qgis.core import QgsProcessingFeedback

from ..core.model import Job, JobState
from ..core.words import inert

AT_SERVICE, ARRIVED = 0.4, 0.9  # of a job's part of the bar: it is ready at the service, its files are there
ACCEPTED = 0.1  # of the time at the service, as long as nothing is known of it


class Telling:
    """For the thread that runs the algorithm, which alone may speak to the feedback."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._told: dict[str, str] = {}
        self._loaded: dict[str, float] = {}

    def loading(self, key: str, fraction: float) -> None:
        """How far a download is. Any thread may say it; unpacking, which starts anew, does not turn the bar back."""
        self._loaded[key] = max(fraction, self._loaded.get(key, 0.0))

    def tell(self, jobs: Sequence[Job], shown: Collection[str]) -> None:
        """shown: keys of the jobs whose files have been looked through."""
        for job in jobs:
            line = f"{job.title} ({job.key}): {job.state.value}. {job.message}".strip()
            if self._told.get(job.key) != line:
                self._told[job.key] = line
                self._feedback.pushInfo(inert(line))
        if jobs:
            self._feedback.setProgress(100 * sum(self._fraction(job, shown) for job in jobs) / len(jobs))

    def _fraction(self, job: Job, shown: Collection[str]) -> float:
        if job.state is JobState.NEW:
            return 0.0
        if job.state is JobState.READY:
            return AT_SERVICE + (ARRIVED - AT_SERVICE) * self._loaded.get(job.key, 0.0)
        if job.state.is_open:
            return AT_SERVICE * max(ACCEPTED, job.progress or 0.0)
        return ARRIVED if job.state is JobState.DONE and job.key not in shown else 1.0
