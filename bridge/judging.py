"""What the service says to a request before anything is ordered; worked out off the main thread.

There the geometry libraries are imported too: the dock, which needs the values, opens without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from qgis.PyQt.QtCore import QCoreApplication

from ..core.errors import AreaError
from ..core.model import ExportRequest, Json, Quote
from ..core.provider import Provider

translate = QCoreApplication.translate
Amount = TypeVar("Amount", Decimal, int)
MOST_PARTS = 50  # more orders than that nobody wants to place at once


@dataclass(frozen=True)
class Split:
    """Two ways to order an area that the service does not take as it is. whole_km2: None where only parts will do."""

    whole_km2: float | None
    parts: int
    parts_km2: float


@dataclass(frozen=True)
class Verdict:
    """What the service said to a request. notes: what is changed in it on its way there, a sentence each.

    orders: the requests to place. quotes: what was said to each; fewer where no price is named, since the service has
    no more to say of the others. km2: the ground that they are for, None where only the service knows. split: the
    choice that the person has.
    """

    request: ExportRequest
    quote: Quote
    orders: tuple[ExportRequest, ...]
    notes: tuple[str, ...] = ()
    km2: float | None = None
    split: Split | None = None
    quotes: tuple[Quote, ...] = ()


def judged(provider: Provider, request: ExportRequest, in_parts: bool) -> Verdict:
    """Errors: those of the area and of the service. Creates nothing."""
    from ..core.fit import apart, prepared

    parts = apart(provider, request)
    can_split = 1 < len(parts) <= MOST_PARTS
    parts_km2 = sum(_km2(part.area) or 0.0 for part in parts) if can_split else 0.0
    whole, refusal = _whole(provider, request, can_split)
    split = Split(_km2(whole.sent) if whole else None, len(parts), parts_km2) if can_split else None
    if can_split and in_parts:
        ready = [prepared(provider, part) for part in parts]
        quotes = tuple(_asked(provider, ready))
        notes = tuple(dict.fromkeys(note for part in ready for note in part.notes))
        km2 = sum(_km2(part.sent) or 0.0 for part in ready)
        return Verdict(request, _sum(quotes), parts, notes, km2, split, quotes)
    if whole is None:
        return Verdict(request, Quote(problems=(refusal,)), (request,), split=split)
    notes = whole.notes
    if len(parts) > MOST_PARTS:
        told = translate("CutoutPreflight", "The area has %n parts, too many for an order each.", "", len(parts))
        notes = (*notes, told)
    quote = provider.quote(whole)
    return Verdict(request, quote, (request,), notes, _km2(whole.sent or whole.area), split, (quote,))


def _whole(provider: Provider, request: ExportRequest, can_split: bool) -> tuple[ExportRequest | None, str]:
    """The request as the service takes it in one piece; else None, and why, if parts of it are another way."""
    from ..core.fit import prepared

    try:
        return prepared(provider, request), ""
    except AreaError as error:
        if not can_split:
            raise
        return None, str(error)


def _km2(geometry: Mapping[str, Json] | None) -> float | None:
    from ..core.aoi import from_geojson

    return from_geojson(dict(geometry)).km2 if geometry is not None else None


def _asked(provider: Provider, orders: Iterable[ExportRequest]) -> Iterator[Quote]:
    """Order by order. A service that names no price is asked once: it has no more to say of the others."""
    for order in orders:
        quote = provider.quote(order)
        yield quote
        if quote.valid and quote.price is None and quote.size is None:
            return


def _sum(quotes: Sequence[Quote]) -> Quote:
    """Several orders as one. In two currencies there is no sum."""
    last = quotes[-1]
    if last.valid and last.price is None and last.size is None:
        return last
    problems = tuple(dict.fromkeys(problem for quote in quotes for problem in quote.problems))
    price, size = _total(quote.price for quote in quotes), _total(quote.size for quote in quotes)
    currencies = {quote.currency for quote in quotes if quote.price} or {quotes[0].currency}
    if len(currencies) > 1:
        price = None
    return replace(quotes[0], problems=problems, price=price, size=size, currency=currencies.pop())


def _total(values: Iterable[Amount | None]) -> Amount | None:
    """None if one of them is not known."""
    known: Amount | None = None
    for value in values:
        if value is None:
            return None
        known = value if known is None else known + value
    return known
