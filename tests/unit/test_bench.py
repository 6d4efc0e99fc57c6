"""The document of `make bench`, made of results, and what counts as a mark that is met."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.document import document, pictures, shown
from tests.bench.record import Record, load, machine, save
from tests.bench.result import Growth, Ratio, Result

LOOP = Ratio("the vendor's loop", 14.234, at_least=12)
GROWTH = Growth("Seconds by files", "files", "seconds", {"Cutout": [(10, 0.5), (100, 1.5)]})
TREE = Record(
    "tree",
    result=Result(1, "A tree of files", "400 files.", [LOOP], {"loop, s": 17.04}, [GROWTH], "The wire is full."),
    seconds=21.4, day="2026-01-31", machine="2 cores", python="3.11.2",
)  # fmt: skip
OLD = Record("tiles", result=Result(5, "Tiles", "500 tiles.", [Ratio("sooner", 20.5, 20)], qgis="3.22.16-Białowieża"))
NEW = Record("tiles", "qgis344", Result(5, "Tiles", "500 tiles.", [Ratio("sooner", 19.999, 20)], qgis="3.44.3"))


@pytest.mark.parametrize(
    ("ratio", "is_met"),
    [
        (Ratio("as good as", 12.0, at_least=12.0), True),
        (Ratio("too little", 11.9, at_least=12.0), False),
        (Ratio("little enough", 0.1, at_most=0.1), True),
        (Ratio("too much", 0.11, at_most=0.1), False),
        (Ratio("without a mark", 5.0), True),
    ],
)
def test_a_mark_is_met_or_not(ratio: Ratio, is_met: bool) -> None:
    assert ratio.is_met is is_met


def test_a_value_has_the_digits_that_tell_whether_it_is_met() -> None:
    assert shown(LOOP) == "14.2×"
    assert shown(Ratio("bytes", 1.0201, at_most=1.02)) == "1.0201×"
    assert shown(Ratio("stall", 1234.5, at_most=50, unit="ms")) == "1,234 ms"
    assert shown(Ratio("part", 0.0046, at_most=0.1)) == "0.0046×"


def test_a_section_says_what_was_done_and_found() -> None:
    text = document([TREE])
    assert "## 1. A tree of files\n\n400 files.\n" in text
    assert "| the vendor's loop | 14.2× | at least 12× | met |" in text
    assert "| loop, s | 17.0 |" in text
    assert "(performance/tree-1.png)" in text and pictures(TREE) == ["tree-1.png"]
    assert "\nThe wire is full.\n" in text
    assert "1 of 1 marks are met.\n" in text
    assert "*2026-01-31, 2 cores, Python 3.11.2; the measure took 21 s.*" in text


def test_each_qgis_has_a_column_and_what_is_missed_stands_first() -> None:
    text = document([TREE, OLD, NEW])
    assert "2 of 3 marks are met. Not met:\n\n- Tiles (QGIS 3.44.3): sooner 19.999×, the mark is at least 20×\n" in text
    assert "|   | QGIS 3.22.16 | QGIS 3.44.3 | mark |   |" in text
    assert "| sooner | 20.5× | 19.999× | at least 20× | not met |" in text


def test_a_measure_that_failed_keeps_its_last_figures() -> None:
    text = document([replace(TREE, failed="longer than 180 s (2026-02-01)"), Record("zip", failed="no curl")])
    assert "- **tree** gave no result: longer than 180 s (2026-02-01)" in text and "14.2×" in text
    assert "- **zip** gave no result: no curl" in text


def test_records_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    assert load(path) == []
    save(path, [TREE, NEW])
    kept = load(path)
    assert document(kept) == document([TREE, NEW])
    assert [one.key for one in kept] == ["tree", "tiles-qgis344"]
    assert '"is_met": false' in path.read_text("utf-8")


def test_the_machine_is_described_without_its_name() -> None:
    assert "cores" in machine() and "GB of memory" in machine()
