"""Figures as a person reads them, in the person's language: areas, sizes, prices, times."""

from __future__ import annotations

from decimal import Decimal

from qgis.PyQt.QtCore import QCoreApplication, QDateTime, QLocale

from ..core.model import Quote

translate = QCoreApplication.translate
MOST_DIGITS = 6  # behind the point, of an amount of money


def area_text(km2: float) -> str:
    """Square kilometres with as many digits as tell something; square metres below one hectare."""
    if km2 < 0.01:
        return translate("CutoutFigures", "{figure} m²").format(figure=_number(km2 * 1e6, 0))
    digits = 2 if km2 < 10 else 1 if km2 < 1000 else 0
    return translate("CutoutFigures", "{figure} km²").format(figure=_number(km2, digits))


def vertices_text(count: int) -> str:
    return translate("CutoutFigures", "%Ln vertices", "", count)


def size_text(size: int) -> str:
    """Bytes as kB, MB, GB (powers of 1000, as the services count)."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def price_text(quote: Quote, can_cost: bool) -> str:
    """Empty for a service that never charges and names no price."""
    if quote.price is None:
        return translate("CutoutFigures", "price not named") if can_cost else ""
    if quote.price == 0:
        return translate("CutoutFigures", "free")
    return amount_text(quote.price, quote.currency)


def amount_text(amount: Decimal, currency: str) -> str:
    """With all its digits: what is charged is never shown as less."""
    exponent = amount.normalize().as_tuple().exponent
    digits = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{_number(amount, min(digits, MOST_DIGITS))} {currency}".strip()


def balance_text(quote: Quote) -> str:
    """Empty for an account on which nothing is kept."""
    if quote.balance is None:
        return ""
    figure = _number(quote.balance, 0 if quote.balance == int(quote.balance) else 2)
    balance = f"{figure} {quote.currency}".strip()
    return translate("CutoutFigures", "You have {balance}.").format(balance=balance)


def span_text(seconds: float) -> str:
    """How long, in one unit: 12 s, 4 min, 3 h, 2 d."""
    if seconds < 60:
        return translate("CutoutFigures", "%n s", "", max(0, round(seconds)))
    if seconds < 3600:
        return translate("CutoutFigures", "%n min", "", int(seconds // 60))
    if seconds < 86400:
        return translate("CutoutFigures", "%n h", "", int(seconds // 3600))
    return translate("CutoutFigures", "%n d", "", int(seconds // 86400))


def age_text(seconds: float) -> str:
    if seconds < 60:
        return translate("CutoutFigures", "just now")
    return translate("CutoutFigures", "{span} ago").format(span=span_text(seconds))


def moment_text(when: float | None) -> str:
    """Date and time of day in the person's own zone; empty for None."""
    if when is None:
        return ""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(when)), QLocale.FormatType.ShortFormat)


def percent_text(fraction: float) -> str:
    return translate("CutoutFigures", "{figure} %").format(figure=_number(100 * fraction, 0))


def _number(value: float | Decimal, digits: int) -> str:
    return QLocale().toString(float(value), "f", digits)
