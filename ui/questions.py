"""Questions that are asked before something that can't be taken back."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten

from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer
from qgis.PyQt.QtWidgets import QCheckBox, QMessageBox, QWidget

from ..bridge.offers import Offer, waive
from ..core.address import host
from .area_words import area_words
from .figures import amount_text, balance_text

translate = QCoreApplication.translate
LONGEST = 200  # characters of what is ordered, on one line
GLANCE = 100  # milliseconds between two looks at whether somebody still waits for the answer


def agreed(
    parent: QWidget,
    title: str,
    text: str,
    button: str,
    check: QCheckBox | None = None,
    is_off: Callable[[], bool] = lambda: False,
) -> bool:
    """Whether the person pressed the button that does it; going back is what Enter and Escape do.

    The text is plain, since parts of it may come from a server. check: to be ticked besides. is_off: nobody waits for
    the answer any more, which then is no.
    """
    if is_off():
        return False
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.NoButton, parent)
    box.setObjectName("CutoutQuestion")
    box.setTextFormat(Qt.TextFormat.PlainText)
    yes = box.addButton(button, QMessageBox.ButtonRole.AcceptRole)
    back = box.addButton(translate("CutoutQuestions", "Go back"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(back)
    box.setEscapeButton(back)
    if check is not None:
        box.setCheckBox(check)
    watch = QTimer(box)
    watch.timeout.connect(lambda: box.reject() if is_off() else None)
    watch.start(GLANCE)
    box.exec()
    watch.stop()
    chosen = box.clickedButton() is yes
    box.deleteLater()
    return chosen


def agreed_to_pay(parent: QWidget, offer: Offer, is_off: Callable[[], bool] = lambda: False, risk: str = "") -> bool:
    """One question before money can be spent, however many orders it is for.

    None where nothing is charged, or no more than the person has waived the question for. risk: why it is asked
    whatever it costs, in words.
    """
    if not risk and (offer.is_free or offer.is_waived):
        return True
    order = translate("CutoutQuestions", "Send again") if risk else translate("CutoutQuestions", "Order")
    waiver = None if risk else _waiver(offer)
    if not agreed(parent, order, _described(offer, risk), order, waiver, is_off):
        return False
    if waiver is not None and waiver.isChecked() and offer.waivable:
        waive(*offer.waivable)
    return True


def _waiver(offer: Offer) -> QCheckBox | None:
    """Only for an amount that is known."""
    if offer.waivable is None:
        return None
    text = translate("CutoutQuestions", "Don't ask again for orders up to {amount}")
    check = QCheckBox(text.format(amount=amount_text(*offer.waivable)))
    check.setObjectName("CutoutWaiver")
    check.setToolTip(translate("CutoutQuestions", "The button beside “Orders” in the Cutout panel takes it back."))
    return check


def _described(offer: Offer, risk: str) -> str:
    text = translate("CutoutQuestions", "Order {what} from {service} ({server})?\nArea: {area}\nPrice: {price}").format(
        what=shorten(offer.what, LONGEST, placeholder="…"),
        service=offer.service.title,
        server=host(offer.request.server),
        area=area_words(offer.service, offer.request, offer.km2),
        price=_price(offer),
    )
    balance = next(filter(None, map(balance_text, offer.quotes)), "")
    count = offer.count
    many = translate("CutoutQuestions", "These are %n orders.", "", count) if count > 1 else ""
    return "\n".join(filter(None, (risk, text, balance, many, *offer.notes)))


def _price(offer: Offer) -> str:
    """`25.00 NZD`, `not named`, or both: what is known, and of how many orders nothing is."""
    sums = " + ".join(amount_text(amount, currency) for currency, amount in offer.sums.items())
    if not offer.unnamed:
        return sums or translate("CutoutQuestions", "free")
    if offer.unnamed == offer.count:
        return translate("CutoutQuestions", "not named")
    unnamed = offer.unnamed
    more = translate("CutoutQuestions", "and not named for %n of the orders", "", unnamed)
    return ", ".join(filter(None, (sums, more)))
