"""What orders of a run may cost: in a QGIS with a window the person is asked, once, before the first of them leaves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.tasks import slot_released
from ..bridge.threads import on_main_thread
from ..core.errors import Cancelled
from ..core.model import Agreement, Quote
from .lots import Lots, verdict

if TYPE_CHECKING:
    from ..bridge.judging import Verdict
    from ..bridge.offers import Confirm, Offer
    from ..bridge.runs import Run
    from ..core.provider import Provider

translate = QCoreApplication.translate


def agreements(run: Run, confirm: Confirm, provider: Provider, every: Lots, first: Verdict) -> Sequence[Agreement]:
    """What the person has agreed to pay for each lot that can be ordered. first: what the service says to the first.

    Errors: QgsProcessingException when the person does not agree; Cancelled.
    """
    from ..bridge.offers import Offer

    quotes = _quotes(run, provider, every, first)
    request, what = every.usable[0].request, first.quote.summary or provider.title
    offer = Offer(type(provider), request, what, tuple(quotes), every.km2, first.notes if len(quotes) == 1 else ())
    if not offer.is_free and not _is_confirmed(confirm, offer, run.feedback):
        raise QgsProcessingException(translate("Toolbox", "The price was not agreed to. Nothing was ordered."))
    return offer.agreements


def _quotes(run: Run, provider: Provider, every: Lots, first: Verdict) -> Sequence[Quote]:
    """Where the first is free or names no price, so are the others taken to be: one that is not does not leave then."""
    others = every.usable[1:]
    if first.quote.valid and not first.quote.price:
        return [first.quote] * (1 + len(others))
    return [one.quote for one in (first, *run.work(*(partial(verdict, provider, lot) for lot in others)))]


def _is_confirmed(confirm: Confirm, offer: Offer, feedback: QgsProcessingFeedback) -> bool:
    """Errors: Cancelled. Nobody waits for the answer any more then, and the feedback may not be there any more."""
    gone = threading.Event()

    def is_off() -> bool:
        return gone.is_set() or feedback.isCanceled()

    try:
        with slot_released():
            answer = on_main_thread(partial(confirm, offer, is_off), feedback.isCanceled)
    finally:
        gone.set()
    if feedback.isCanceled():
        raise Cancelled
    return answer
