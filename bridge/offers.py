"""Orders that the person is to agree to, what they cost, and up to which amount nobody needs to be asked.

The waiver is a setting for each currency: what is small in one is not in another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from qgis.core import QgsSettings

from ..core.model import Agreement, ExportRequest, Quote
from ..core.provider import Provider
from .judging import Verdict

ASK_ABOVE = "cutout/ask_above"  # a key for each currency below it


@dataclass(frozen=True)
class Offer:
    """Orders that leave together. what: they are, in a few words. request: the first of them, or what they have in
    common. quotes: what the service says to each. km2: the ground that they are for, None where only the service knows.
    notes: what else there is to know, a sentence each.
    """

    service: type[Provider]
    request: ExportRequest
    what: str
    quotes: tuple[Quote, ...]
    km2: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def sums(self) -> dict[str, Decimal]:
        """By currency, of what is charged."""
        sums: dict[str, Decimal] = {}
        for quote in self.quotes:
            if quote.valid and quote.price:
                sums[quote.currency] = sums.get(quote.currency, Decimal(0)) + quote.price
        return sums

    @property
    def unnamed(self) -> int:
        """Of how many the price is not named."""
        return sum(quote.valid and quote.price is None for quote in self.quotes)

    @property
    def count(self) -> int:
        """Of those that the service does not refuse."""
        return sum(quote.valid for quote in self.quotes)

    @property
    def is_free(self) -> bool:
        return not self.service.can_cost or not (self.sums or self.unnamed)

    @property
    def waivable(self) -> tuple[Decimal, str] | None:
        """The amount and its currency, if that is all that the orders cost and it is known."""
        amounts = [(amount, currency) for currency, amount in self.sums.items() if currency.isalnum()]
        return amounts[0] if len(amounts) == len(self.sums) == 1 and not self.unnamed else None

    @property
    def is_waived(self) -> bool:
        return self.waivable is not None and self.waivable[0] <= waived().get(self.waivable[1], Decimal(0))

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """What is agreed to with it, order by order. To a price that a refusal names along nobody agrees."""
        return tuple(Agreement(one.price, one.currency) if one.valid else Agreement() for one in self.quotes)


# Whether the person agrees; asked on the main thread. The second one tells when nobody waits for the answer any more.
Confirm = Callable[[Offer, Callable[[], bool]], bool]


def offered(service: type[Provider], verdict: Verdict, title: str) -> Offer:
    """What the service said to a request, as an offer."""
    unasked = (Quote(),) * (len(verdict.orders) - len(verdict.quotes))
    what, quotes = title or verdict.quote.summary or service.title, (*verdict.quotes, *unasked)
    return Offer(service, verdict.request, what, quotes, verdict.km2, verdict.notes)


def waived() -> dict[str, Decimal]:
    """Up to which amount nobody is asked, by currency."""
    settings = QgsSettings()
    settings.beginGroup(ASK_ABOVE)
    written = {currency: str(settings.value(currency, "")) for currency in settings.childKeys()}
    settings.endGroup()
    amounts = {currency: _amount(text) for currency, text in written.items()}
    return {currency: amount for currency, amount in amounts.items() if amount}


def waive(amount: Decimal, currency: str) -> None:
    """From now on nobody is asked before orders up to this amount."""
    QgsSettings().setValue(f"{ASK_ABOVE}/{currency}", str(amount))


def ask_always() -> None:
    QgsSettings().remove(ASK_ABOVE)


def _amount(text: str) -> Decimal:
    """0, so that it is asked, for what is no amount: anybody can write into the settings."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() and amount > 0 else Decimal(0)
