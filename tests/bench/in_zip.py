"""A process of its own that collects one zip as the plugin does: `python -m tests.bench.in_zip LINK FOLDER`.

Prints JSON: the seconds of `collect`, and the memory of the process in bytes before it and at its peak. The service is
reduced to a link; the clock starts when all is imported, as in a QGIS that runs.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import tests  # noqa: F401 - loads the plugin
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import collect
from cutout.core.model import Artifact, ExportRequest, Job, JobState, Look, new_job
from cutout.core.provider import Provider


class Ready(Provider):
    """Whatever was ordered is one file, and it is ready."""

    id, title, home = "ready", "Ready", ""

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return {}

    def poll(self, job: Job) -> Look:
        return Look(JobState.READY)

    def links(self, job: Job) -> Iterator[Artifact]:
        yield Artifact("export.zip", str(job.request.options["link"]))


def memory(what: str) -> int:
    """Bytes; "VmRSS" is what it takes now, "VmHWM" the most that it has taken (proc(5))."""
    found = re.search(rf"^{what}:\s*(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def main(link: str, folder: str) -> None:
    import requests  # noqa: F401 - what is at rest before a download

    import cutout.core.wire  # noqa: F401

    provider = Ready(link.rpartition("/")[0], Secret(), Network())
    job = replace(new_job(ExportRequest("ready", provider.server, {"link": link}), 0.0), state=JobState.READY)
    idle, began = memory("VmRSS"), time.monotonic()
    done = collect(provider, job, Path(folder), lambda done, total: None)
    seconds = time.monotonic() - began
    files = [record.size for record in done.files]
    print(json.dumps({"seconds": seconds, "idle": idle, "peak": memory("VmHWM"), "files": files}))


if __name__ == "__main__":
    main(*sys.argv[1:])
