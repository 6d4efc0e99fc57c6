"""What a measure found: figures, the ratios that have a mark to meet, and how the cost grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ratio:
    """One figure with a mark: `value` is to be at least or at most so much (one of the two). unit: "" for a ratio."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""

    @property
    def is_met(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )


@dataclass(frozen=True)
class Growth:
    """A picture of how cost grows: for each line its points (size, cost). Both axes are logarithmic."""

    title: str
    size: str  # what the horizontal axis counts, such as "vertices"
    cost: str  # such as "seconds"
    lines: Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Result:
    """number: the measure's in docs/performance.md. work: what is done, a sentence. seconds and the like in `figures`,
    by name with the unit ("aria2c -j16, s"). found: where the time goes and which limit is hit, a paragraph."""

    number: int
    title: str
    work: str
    ratios: Sequence[Ratio]
    figures: Mapping[str, float] = field(default_factory=dict)
    growth: Sequence[Growth] = ()
    found: str = ""
    qgis: str = ""  # the version where one takes part
