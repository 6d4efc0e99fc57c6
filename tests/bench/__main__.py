"""What Cutout costs: `python -m tests.bench [NAME...]`, all measures or some, as `make bench` runs it.

Each measure runs in a process of its own, one after the other; those in QGIS also in the QGIS 3.44 of
scripts/qgis344.sh if that is there. It prints the marks as they come, and writes build/bench/NAME.json,
build/bench.json, docs/performance.md and its pictures; the sections of what was not measured now stay as they were.
Exit status: 1 when a measure gave no result; a mark that is missed is only told, since machines differ.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tests import ROOT
from tests.bench.document import FOLDER, document, mark, met, pictures, shown
from tests.bench.record import Record, load, save, today

MEASURES = ("tree", "zip", "ranges", "cuts", "tiles", "window", "polling", "start", "cover", "tileset", "mesh")
IN_QGIS = ("tiles", "window", "start")
SECONDS = 180  # for one measure
GRACE = 10  # seconds to end in

BUILD = ROOT / "build" / "bench"
DOCUMENT = ROOT / "docs" / "performance.md"
PICTURES = DOCUMENT.with_name(FOLDER)
LAST = PICTURES / "results.json"  # what the document is made of, so that some measures can be repeated alone
CHROOT = ROOT / "scripts" / "qgis344.sh"
PLACE = "qgis344"  # as a measure in the chroot is called


def main(names: Sequence[str]) -> int:
    if unknown := sorted({*names} - {*MEASURES}):
        print(f"There is no measure {', '.join(unknown)}, but {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    known = {record.key: record for record in load(LAST)}
    is_whole = True
    for empty, path, command in _runs(names):
        record = _measured(empty, path, command)
        _tell(record)
        is_whole = is_whole and not record.failed
        before = known.get(record.key)
        known[record.key] = (
            replace(before, failed=record.failed, day=record.day) if before and record.failed else record
        )
        _write(sorted(known.values(), key=lambda record: (MEASURES.index(record.name), record.place)))
    return 0 if is_whole else 1


def _runs(names: Sequence[str]) -> Iterator[tuple[Record, Path, Sequence[str]]]:
    """For each run an empty record, the file that it writes, and the command."""
    has_chroot = subprocess.run([CHROOT, "ready"], capture_output=True).returncode == 0
    for name in (name for name in MEASURES if not names or name in names):
        places = ("", PLACE) if has_chroot and name in IN_QGIS else ("",)
        for place in places:
            record = Record(name, place)
            path = BUILD / f"{record.key}.json"
            here = [sys.executable, "-m", "tests.bench.one", name, str(path)]
            there = [str(CHROOT), "bench", name, str(path), str(SECONDS - GRACE)]
            yield record, path, there if place else here


def _measured(empty: Record, path: Path, command: Sequence[str]) -> Record:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    log = path.with_suffix(".log")
    status = _run(command, log)
    if status == 0 and path.is_file():
        return load(path)[0]
    said = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    why = said[-1].replace(f"{ROOT}/", "")[:300] if said else f"it ended with {status} and said nothing"
    return replace(empty, failed=f"{f'longer than {SECONDS} s' if status is None else why} ({today()})")


def _run(command: Sequence[str], log: Path) -> int | None:
    """The exit status, None after SECONDS. Whatever the command has started has ended then."""
    path = f"/usr/bin:/bin:{os.environ.get('PATH', '')}"  # QGIS embeds the first python3 there
    environment = {**os.environ, "PATH": path, "no_proxy": "127.0.0.1,localhost"}  # which curl and aria2c obey
    with log.open("w") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            return process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and its whole group: first asked, then killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)


def _tell(record: Record) -> None:
    qgis = f" in QGIS {record.qgis}" if record.qgis else f" in {record.place}" if record.place else ""
    if record.result is None:
        print(f"{record.name}{qgis}: no result: {record.failed} (build/bench/{record.key}.log)", flush=True)
        return
    print(f"{record.result.number}. {record.name}{qgis}, {record.seconds:.0f} s")
    for ratio in record.result.ratios:
        print(f"   {ratio.name:<70} {shown(ratio):>12}   {mark(ratio):<20} {met(ratio)}", flush=True)


def _write(records: Sequence[Record]) -> None:
    """After each measure, so that a run that is broken off has not been for nothing."""
    from tests.bench.pictures import draw  # matplotlib

    save(BUILD.with_suffix(".json"), records)
    save(LAST, records)
    drawn = set()
    for record in records:
        for growth, name in zip(record.result.growth if record.result else (), pictures(record)):
            draw(growth, PICTURES / name)
            drawn.add(name)
    for old in PICTURES.glob("*.png"):
        if old.name not in drawn:
            old.unlink()
    DOCUMENT.write_text(document(records), "utf-8")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("told to end"))
    sys.exit(main(sys.argv[1:]))
