"""A result that is kept: what was found, when and on what. To JSON and back."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

from tests.bench.result import Growth, Ratio, Result

T = TypeVar("T")


@dataclass(frozen=True)
class Record:
    """name: of the module that measured. place: empty here, else which other QGIS it ran in. day: as 2026-01-31.

    machine: what it ran on, a few words. failed: why the last try gave nothing; `result` is then an earlier one's.
    """

    name: str
    place: str = ""
    result: Result | None = None
    seconds: float = 0.0
    day: str = ""
    machine: str = ""
    python: str = ""
    failed: str = ""

    @property
    def key(self) -> str:
        return "-".join(filter(None, [self.name, self.place]))

    @property
    def qgis(self) -> str:
        """Version such as 3.22.16, empty where no QGIS takes part."""
        told = self.result.qgis if self.result else ""
        found = re.match(r"\d+(\.\d+)*", told)
        return found[0] if found else told


def made(name: str, place: str, result: Result, seconds: float) -> Record:
    """Of what has just been measured in this process."""
    return Record(name, place, result, round(seconds, 1), today(), machine(), platform.python_version())


def today() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d")


def machine() -> str:
    """Without its name: "2 cores (x86_64), 8 GB of memory, Debian GNU/Linux 12"."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    told = re.search(r'^PRETTY_NAME="?([^"(\n]*)', Path("/etc/os-release").read_text(), re.MULTILINE)
    system = told[1].strip() if told else platform.system()
    return f"{len(os.sched_getaffinity(0))} cores ({platform.machine()}), {memory:.0f} GB of memory, {system}"


def load(path: Path) -> list[Record]:
    """None where there is no file. Errors: ValueError, KeyError, TypeError when the file holds something else."""
    return [_record(raw) for raw in json.loads(path.read_text("utf-8"))] if path.is_file() else []


def save(path: Path, records: Sequence[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records, default=_plain, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _plain(value: Any) -> Any:
    """What JSON has no word for; with each ratio whether it meets its mark."""
    if is_dataclass(value):
        told = {entry.name: getattr(value, entry.name) for entry in fields(value)}
        return {**told, "is_met": value.is_met} if isinstance(value, Ratio) else told
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) else float(value)  # numpy's numbers


def _record(raw: Mapping[str, Any]) -> Record:
    record = _made(Record, raw)
    return _made(Record, {**raw, "result": _result(raw["result"])}) if record.result else record


def _result(raw: Mapping[str, Any]) -> Result:
    ratios = [_made(Ratio, ratio) for ratio in raw["ratios"]]
    growth = [_made(Growth, one) for one in raw["growth"]]
    return _made(Result, {**raw, "ratios": ratios, "growth": growth})


def _made(kind: type[T], raw: Mapping[str, Any]) -> T:
    known = {entry.name for entry in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in raw.items() if name in known})
