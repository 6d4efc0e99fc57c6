"""`cutout.json`: what lies in a job's folder, from where, for which area and under which terms.

It may be passed on with the data, so it holds no signed link and no secret, and no path of this machine.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from .disk import Report, in_words, silent, whole_file
from .errors import ExportError
from .model import FileRecord, Job, Json
from .words import redacted

NAME = "cutout.json"
CHUNK = 1024 * 1024
_SECRET = re.compile(r"token|password|secret|authorization|signature|cookie|api_?key", re.IGNORECASE)


def write(
    job: Job,
    folder: Path,
    *,
    attribution: str | None = None,
    layers: Sequence[str] | None = None,
    problems: Iterable[str] = (),
) -> Path:
    """Write the manifest of a job into its folder.

    attribution: None keeps what an earlier manifest says. layers: in place of the job's own. problems: besides the
    job's own. Errors: ExportError.
    """
    path = folder / NAME
    if attribution is None:
        attribution = _earlier_attribution(folder)
    document = _document(job, folder, attribution, job.layers if layers is None else layers, problems)
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    with in_words(folder), whole_file(path) as file:
        file.write(text.encode("utf-8", "replace"))
    return path


def read(folder: Path) -> dict[str, Json]:
    """Errors: ExportError when there is none, or none that can be read."""
    path = folder / NAME
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ExportError(f"{path} can't be read.", "Collect the job again to write it anew.") from error
    if not isinstance(document, dict):
        raise ExportError(f"{path} is not a description of a job.", "Collect the job again to write it anew.")
    return document


def records(folder: Path, files: Iterable[Path], report: Report = silent) -> tuple[FileRecord, ...]:
    """Size and SHA-256 of files below the folder. report: bytes so far; it may raise Cancelled. Errors: ExportError."""
    found: list[FileRecord] = []
    done = 0
    for path in files:
        digest, size = hashlib.sha256(), 0
        with in_words(folder), path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                report(done + size, None)
        done += size
        found.append(FileRecord(path.relative_to(folder).as_posix(), size, digest.hexdigest()))
    return tuple(found)


def _document(
    job: Job, folder: Path, attribution: str, layers: Iterable[str], problems: Iterable[str]
) -> dict[str, Json]:
    request = job.request
    return {
        "service": request.service,
        "server": redacted(request.server),
        "job": {"key": job.key, "remote": _clean(job.remote)},
        "request": {
            "title": request.title,
            "options": _clean(request.options),
            "sent": request.sent,
            "notes": _clean(request.notes),
            "clip": job.delivery.clip,
        },
        "area": request.area,
        "ordered": _moment(job.created),
        "finished": _moment(job.finished),
        "license": asdict(job.license),
        "attribution": attribution,
        "files": [asdict(record) for record in job.files],
        "layers": [_clean(_relative(layer, folder)) for layer in layers],
        "problems": [_clean(_relative(problem, folder)) for problem in dict.fromkeys((*job.problems, *problems))],
    }


def _clean(value: Json) -> Json:
    """The value without credentials: neither fields that are called so, nor what looks like one in a text."""
    if isinstance(value, Mapping):
        return {key: _clean(entry) for key, entry in value.items() if not _SECRET.search(str(key))}
    if isinstance(value, (list, tuple)):
        return [_clean(entry) for entry in value]
    return redacted(value) if isinstance(value, str) else value


def _relative(text: str, folder: Path) -> str:
    """A text with paths as they are seen from the job's folder, which may be moved and is called by its name."""
    text = text.replace(f"{folder}/", "").replace(f"{folder}\\", "").replace(f"{folder.as_posix()}/", "")
    return text.replace(str(folder), folder.name)


def _moment(seconds: float | None) -> str | None:
    """ISO 8601 in UTC, as 2026-01-31T12:00:00Z."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _earlier_attribution(folder: Path) -> str:
    try:
        return str(read(folder).get("attribution") or "")
    except ExportError:
        return ""
