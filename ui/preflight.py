"""What would be ordered, how large and at what price, or why it can't be ordered: known before anything is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..bridge.judging import Verdict, judged
from ..core.address import host
from ..core.errors import ExportError
from ..core.model import ExportRequest
from ..core.provider import Provider
from .area_words import area_words
from .figures import balance_text, price_text, size_text
from .latest import Latest
from .notice import Mood, Notice

translate = QCoreApplication.translate
MOST_NAMES = 3  # items that are called by name; more are counted
SETTLE = 800  # milliseconds without a change before the service is asked


class Preflight(QWidget):
    """`verdict` is None while it is not known. Only with a valid quote in it can something be ordered."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict: Verdict | None = None
        self._notice = Notice(self)
        self._notice.label.setObjectName("preflightLabel")
        self._notice.label.setAccessibleName(translate("CutoutPreflight", "What will be ordered"))
        self._asking = Latest(translate("CutoutPreflight", "Check the order"), SETTLE, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._notice)

    @property
    def text(self) -> str:
        return self._notice.text

    @property
    def orderable(self) -> Verdict | None:
        """The verdict, if it is a yes."""
        return self.verdict if self.verdict is not None and self.verdict.quote.valid else None

    def wait(self, text: str) -> None:
        """Something has to be known first."""
        self._asking.stop()
        self._tell(None, text, Mood.BUSY)

    def refuse(self, problems: Sequence[str], mood: Mood = Mood.INFO) -> None:
        """It can't be ordered as it is."""
        self._asking.stop()
        self._tell(None, sentences(problems), mood)

    def consider(self, provider: Provider, request: ExportRequest, in_parts: bool = False) -> None:
        """Ask the service. in_parts: an order for each part of an area that it does not take as it is."""

        def again() -> None:
            self.consider(provider, request, in_parts)

        self.wait(translate("CutoutPreflight", "Asking {host}…").format(host=host(provider.server)))
        self._asking.ask(
            lambda progress: judged(provider, request, in_parts),
            lambda verdict: self._judged(verdict, provider),
            lambda error: self._failed(error, again),
        )

    def shutdown(self) -> None:
        self._asking.stop()

    def _judged(self, verdict: Verdict, provider: Provider) -> None:
        if verdict.quote.valid:
            self._tell(verdict, summary(provider, verdict), Mood.GOOD)
        else:
            self._tell(verdict, sentences(verdict.quote.problems), Mood.WARNING)

    def _failed(self, error: ExportError, again: Callable[[], None]) -> None:
        self._tell(None, str(error), Mood.ERROR)
        self._notice.say(str(error), Mood.ERROR, translate("CutoutPreflight", "Try again"), again)

    def _tell(self, verdict: Verdict | None, text: str, mood: Mood) -> None:
        self.verdict = verdict
        self._notice.say(text, mood)
        self.changed.emit()


def summary(provider: Provider, verdict: Verdict) -> str:
    """`Parcels, Elevation, 12.3 km² → about 4.2 MB, free`; what is left on the account and the licence below."""
    quote, items = verdict.quote, verdict.request.options.get("items") or ()
    what = quote.summary or provider.title
    if len(items) > MOST_NAMES:
        what = translate("CutoutPreflight", "%n layers", "", len(items))
    orders = len(verdict.orders)
    many = translate("CutoutPreflight", "%n orders", "", orders) if orders > 1 else ""
    size = "" if quote.size is None else translate("CutoutPreflight", "about {size}").format(size=size_text(quote.size))
    outcome = ", ".join(filter(None, (size, price_text(quote, provider.can_cost))))
    area = area_words(provider, verdict.request, verdict.km2)
    first = " → ".join(filter(None, (", ".join(filter(None, (what, many, area))), outcome)))
    terms = translate("CutoutPreflight", "Licence: {title}").format(title=quote.license.title)
    return "\n".join(filter(None, (first, balance_text(quote), terms if quote.license.title else "")))


def sentences(problems: Sequence[str]) -> str:
    """One sentence as it is, several as a list."""
    return problems[0] if len(problems) == 1 else "\n".join(f"• {problem}" for problem in problems)
