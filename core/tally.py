"""What is to be told of a tileset: how much of it was wanted, and what in it could not be followed."""

from __future__ import annotations

from .words import plain

_MOST_SENTENCES = 20  # of one sort
_MOST_NAME = 120


class Tally:
    """Collects while files come in; `sentences` tells it."""

    def __init__(self) -> None:
        self._wanted: set[tuple[str, str]] = set()
        self._left: set[tuple[str, str]] = set()
        self._has_more = False
        self._refused: dict[str, None] = {}
        self._unreadable: dict[str, None] = {}
        self._rest: dict[str, None] = {}

    def count(self, tileset: str, uri: str, wanted: bool) -> bool:
        """A content of a tile, and whether it is wanted, which is also the answer."""
        is_tree = uri.partition("?")[0].lower().endswith(".json")
        if is_tree and not wanted:
            self._has_more = True
        elif not is_tree:
            (self._wanted if wanted else self._left).add((tileset, uri))
        return wanted

    def cut(self, trees: int) -> None:
        """So many trees of tiles were not looked into, since they don't meet the area."""
        self._has_more = self._has_more or trees > 0

    def refuse(self, uri: str, beside: str, reason: str) -> None:
        self._refused[f"“{_short(uri)}”, which “{_short(beside)}” refers to, was left out: {reason}."] = None

    def unreadable(self, name: str, reason: str) -> None:
        self._unreadable[unreadable(name, reason)] = None

    def overflow(self) -> None:
        self._rest["The tileset refers to more tiles than Cutout follows; those beyond were left out."] = None

    def has_no_place(self) -> None:
        self._rest[
            "The model has no geolocation, so it will not lie on the map and the area can't choose among its tiles: "
            "all were fetched."
        ] = None

    def sentences(self) -> tuple[str, ...]:
        return (*self._summary(), *self._rest, *_first(self._refused), *_first(self._unreadable))

    def _summary(self) -> tuple[str, ...]:
        left = self._left - self._wanted
        if not left and not self._has_more:
            return ()
        if not self._wanted:
            return ("None of the tiles meets the area, so there is nothing to show.",)
        count = f"{'more than ' if self._has_more else ''}{len(self._wanted) + len(left):,}"
        verb = "meets" if len(self._wanted) == 1 else "meet"
        return (f"{len(self._wanted):,} of {count} tiles {verb} the area; the others were left out.",)


def unreadable(name: str, reason: str) -> str:
    return f"“{_short(name)}” can't be read: {reason}."


def _short(uri: str) -> str:
    """Without its query, which may be a signature."""
    return plain(uri.partition("?")[0])[:_MOST_NAME]


def _first(sentences: dict[str, None]) -> tuple[str, ...]:
    first = list(sentences)[:_MOST_SENTENCES]
    more = len(sentences) - len(first)
    return (*first, f"The same holds for {more:,} more.") if more else tuple(first)
