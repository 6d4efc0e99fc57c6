"""docs/performance.md, made of the records: what was measured against what, which marks are met, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import isfinite

from tests.bench.record import Record
from tests.bench.result import Ratio, Result

FOLDER = "performance"  # of the pictures, beside the document
HEAD = """# What Cutout costs

Written by `make bench` (tests/bench); what is changed here by hand is lost. Each measure compares with what people
would use instead, in the same run on the same machine, in turns. Ratios hold elsewhere too; seconds are those of this
machine alone. All traffic stays on the machine: the servers are stand-ins.
"""


def document(records: Iterable[Record]) -> str:
    """The whole text, the records in the order in which they are to stand."""
    records = list(records)
    measures = [list(group) for _, group in groupby(records, lambda record: record.name)]
    known = [group for group in measures if any(record.result for record in group)]
    parts = [HEAD, *_measured_on(records), "## Marks\n", *_verdict(records), *_overview(known)]
    for group in measures:
        parts += _section(group)
    return "\n".join(parts)


def pictures(record: Record) -> list[str]:
    """Names of the files with the pictures of a record, in the order of its growths."""
    count = len(record.result.growth) if record.result else 0
    return [f"{record.key}-{number}.png" for number in range(1, count + 1)]


def shown(ratio: Ratio) -> str:
    """The value with its unit, with as many digits as it takes to see on which side of the mark it is."""
    for digits in range(3, 10):
        text = number(ratio.value, digits)
        if replace(ratio, value=float(text.replace(",", ""))).is_met == ratio.is_met:
            break
    return _with_unit(text, ratio)


def mark(ratio: Ratio) -> str:
    bounds = (("at least", ratio.at_least), ("at most", ratio.at_most))
    return ", ".join(f"{word} {_with_unit(number(bound), ratio)}" for word, bound in bounds if bound is not None)


def met(ratio: Ratio) -> str:
    return "" if not mark(ratio) else "met" if ratio.is_met else "not met"


def number(value: float, digits: int = 3) -> str:
    """So many digits at least, with commas for thousands: 1,234 and 12.3 and 0.0123."""
    if not isfinite(value) or value == int(value) or abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    before = len(str(int(abs(value))))
    return f"{value:.{digits}g}" if abs(value) < 1 else f"{value:,.{digits - before}f}"


def _with_unit(text: str, ratio: Ratio) -> str:
    return f"{text} {ratio.unit}" if ratio.unit else f"{text}×"


def _measured_on(records: Sequence[Record]) -> Iterator[str]:
    done = [record for record in records if record.result]
    days = sorted({record.day for record in done})
    if not days:
        return
    yield f"- measured on: {'; '.join(_each(record.machine for record in done))}"
    yield f"- Python {', '.join(_each(record.python for record in done))}"
    yield f"- QGIS {', '.join(_each(record.qgis for record in done)) or 'in none of them'}"
    yield f"- {days[0]}" + (f" to {days[-1]}" if days[-1] != days[0] else "")
    yield ""


def _verdict(records: Sequence[Record]) -> Iterator[str]:
    marked = [(one, ratio) for one in records if one.result for ratio in one.result.ratios if mark(ratio)]
    missed = [(one, ratio) for one, ratio in marked if not ratio.is_met]
    yield f"{len(marked) - len(missed)} of {len(marked)} marks are met." + (" Not met:" if missed else "")
    yield ""
    for one, ratio in missed:
        title = one.result.title if one.result else one.name
        yield f"- {title}{_on(one)}: {ratio.name} {shown(ratio)}, the mark is {mark(ratio)}"
    yield from ([""] if missed else [])
    failed = [one for one in records if one.failed]
    yield from (f"- **{one.name}**{_place(one)} gave no result: {_cell(one.failed)}" for one in failed)
    yield from ([""] if failed else [])


def _overview(measures: Sequence[Sequence[Record]]) -> Iterator[str]:
    yield "| # | measure | found | mark | |"
    yield "|---|---|---|---|---|"
    for group in measures:
        for record in group:
            for place, ratio in enumerate(record.result.ratios if record.result else ()):
                number = record.result.number if record.result and not place and record is group[0] else ""
                name = f"{ratio.name}{_on(record) if len(group) > 1 else ''}"
                yield f"| {number} | {_cell(name)} | {shown(ratio)} | {mark(ratio)} | {met(ratio)} |"
    yield ""


def _section(group: Sequence[Record]) -> Iterator[str]:
    """One measure, with a column for each QGIS that it ran in."""
    done = [record for record in group if record.result]
    results = [record.result for record in done if record.result]
    if not results:
        return
    yield f"## {results[0].number}. {results[0].title}\n"
    yield f"{results[0].work}\n"
    columns = [f"QGIS {record.qgis}" if record.qgis else "found" for record in done]
    yield from _table([" ", *columns, "mark", " "], _ratio_rows(results))
    yield from _table(["figure", *columns], _figure_rows(results))
    for record in done:
        for growth, file in zip(record.result.growth if record.result else (), pictures(record)):
            yield f"![{growth.title}{_on(record)}: {growth.cost} by {growth.size}]({FOLDER}/{file})\n"
    founds = {result.found: f"On QGIS {one.qgis}: " for one, result in zip(done, results) if result.found}
    yield from (f"{on if len(founds) > 1 else ''}{found}\n" for found, on in founds.items())
    for one in done:
        on = f", QGIS {one.qgis}" if one.qgis else ""
        yield f"*{one.day}, {one.machine}, Python {one.python}{on}; the measure took {one.seconds:.0f} s.*\n"


def _ratio_rows(results: Sequence[Result]) -> Iterator[list[str]]:
    for name in _each(ratio.name for result in results for ratio in result.ratios):
        given = [next((ratio for ratio in result.ratios if ratio.name == name), None) for result in results]
        some = [ratio for ratio in given if ratio]
        verdicts = _each(filter(None, map(met, some)))
        verdict = "not met" if "not met" in verdicts else "".join(verdicts)
        yield [name, *(shown(ratio) if ratio else "" for ratio in given), mark(some[0]), verdict]


def _figure_rows(results: Sequence[Result]) -> Iterator[list[str]]:
    for name in _each(name for result in results for name in result.figures):
        yield [name, *(number(result.figures[name]) if name in result.figures else "" for result in results)]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    if lines:
        yield "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines, ""])


def _on(record: Record) -> str:
    return f" (QGIS {record.qgis})" if record.qgis else ""


def _place(record: Record) -> str:
    return f" ({record.place})" if record.place else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _each(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
