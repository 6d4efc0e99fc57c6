"""Which bytes of a file have come, which connection brings which of the rest, and how many connections pay.

One connection takes the file from its start. Each one that joins takes the back half of the longest rest there is, and
so does one that has come to the end of its own: all of them end at about the same time, however fast each of them is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LEAST = 1 << 20  # bytes: what is shorter is not worth a connection of its own
ENDLESS = sys.maxsize  # where a file ends whose size nobody knows
MOST_HANDS = 8  # connections for one file
FAST = 25e6  # bytes a second of one connection; beyond that others hardly help: the line or this computer is the limit
WORTH = 2.0  # seconds that the rest has to take as things are
WINDOW = 0.5  # seconds after which it is known what a number of connections brings
GAIN = 1.25  # times as fast as with half as many connections, or it was the line and not the server that was slow

Stretch = tuple[int, int]  # bytes from the first up to the second, which is not one of them


@dataclass(eq=False)
class Span:
    """What one connection brings. at: the next byte to come. end: the first that is another's, which comes nearer when
    another connection takes a part of it; asked: where it was when the server was asked."""

    start: int
    end: int
    at: int = field(init=False)
    asked: int = field(init=False)

    def __post_init__(self) -> None:
        self.at, self.asked = self.start, self.end

    @property
    def room(self) -> int:
        return self.end - self.at

    @property
    def is_cut_short(self) -> bool:
        """Whether the server sends more than is wanted by now."""
        return not self.room and self.end != self.asked


class Spans:
    """The bytes of one file. size: None while it is not known. come: what is here from before."""

    def __init__(self, size: int | None = None, come: Iterable[Stretch] = ()) -> None:
        self.taken: list[Span] = []
        self.end = ENDLESS if size is None else size
        self._come = list(come)

    @property
    def come(self) -> Sequence[Stretch]:
        """What is here, in its order; what touches is one."""
        return _joined([*self._come, *((span.start, span.at) for span in self.taken)])

    @property
    def have(self) -> int:
        """How many bytes are here."""
        return sum(end - start for start, end in self._come) + sum(span.at - span.start for span in self.taken)

    def restart(self, span: Span) -> None:
        """Nothing is here, and the span is all of the file."""
        span.start = span.at = 0
        span.end = span.asked = self.end
        self.taken, self._come = [span], []

    def take(self, *, divide: bool) -> Span | None:
        """The first bytes that nobody brings; else half of what another brings, if that may be divided and pays."""
        span = self._gap() or (self._half() if divide else None)
        if span is not None:
            self.taken.append(span)
        return span

    def give_back(self, span: Span) -> None:
        """What has not come of it is anybody's again. One of a version that was dropped is not known here any more."""
        if span in self.taken:
            self.taken.remove(span)
            self._come = _joined([*self._come, (span.start, span.at)])

    def _gap(self) -> Span | None:
        at = 0
        for start, end in sorted([*self._come, *((span.start, span.end) for span in self.taken)]):
            if at < start:
                return Span(at, start)
            at = end
        return Span(at, self.end) if at < self.end else None

    def _half(self) -> Span | None:
        longest = max(self.taken, key=lambda span: span.room, default=None)
        if longest is None or longest.room < 2 * LEAST:
            return None
        end, longest.end = longest.end, longest.at + longest.room // 2
        return Span(longest.end, end)


def _joined(come: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for start, end in sorted(come):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        elif end > start:
            joined.append((start, end))
    return joined


def is_sound(come: Sequence[Stretch], most: int) -> bool:
    """Whether a note can be believed: stretches in their order, apart from each other, within so many bytes."""
    edges = [edge for stretch in come for edge in stretch]
    return bool(edges) and edges == sorted(set(edges)) and edges[0] >= 0 and edges[-1] <= most


class Pace:
    """How many connections a file is worth, from what they have brought: twice as many for as long as that helps."""

    def __init__(self) -> None:
        self._wanted = 1
        self._is_settled = False
        self._since: float | None = None
        self._had, self._before = 0, 0.0

    def more(self, now: float, have: int, left: int, hands: int, *, all_bring: bool = True) -> int:
        """How many connections should join now.

        hands: those that it has, none while it waits to be tried again. all_bring: each of them has brought something.
        """
        if self._since is None or not hands or left < 2 * LEAST * hands:
            self._begin(now, have)
            return 0
        if hands < self._wanted:
            return self._wanted - hands
        if not all_bring:
            self._begin(now, have)
        if self._is_settled or now - self._since < WINDOW:
            return 0
        speed = (have - self._had) / (now - self._since)
        self._begin(now, have)
        if speed >= FAST * hands or left < WORTH * speed:
            return 0
        if hands > 1 and speed < GAIN * self._before:
            self.settle(hands // 2)
        elif hands >= MOST_HANDS:
            self.settle(hands)
        else:
            self._before, self._wanted = speed, min(MOST_HANDS, 2 * hands)
        return max(0, self._wanted - hands)

    def settle(self, hands: int) -> None:
        """So many and no more: the server has refused another, or it would not help."""
        self._wanted, self._is_settled = max(1, hands), True

    def _begin(self, now: float, have: int) -> None:
        self._since, self._had = now, have
