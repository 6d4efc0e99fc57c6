"""What would be ordered, how large and at what price, or why it can't be ordered: known before anything is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..core.address import host
from ..core.errors import ExportError
from ..core.fit import prepared
from ..core.model import ExportRequest, Quote
from ..core.provider import Provider
from .figures import price_text, size_text
from .latest import Latest
from .notice import Mood, Notice

translate = QCoreApplication.translate
MOST_NAMES = 3  # items that are called by name; more are counted
SETTLE = 800  # milliseconds without a change before the service is asked


@dataclass(frozen=True)
class Verdict:
    """What the service said to a request. notes: what is changed in it on its way there."""

    request: ExportRequest
    quote: Quote
    notes: tuple[str, ...] = ()


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

    def consider(self, provider: Provider, request: ExportRequest, area: str) -> None:
        """Ask the service. area: the area in words."""

        def again() -> None:
            self.consider(provider, request, area)

        self.wait(translate("CutoutPreflight", "Asking {host}…").format(host=host(provider.server)))
        self._asking.ask(
            lambda progress: judged(provider, request),
            lambda verdict: self._judged(verdict, provider, area),
            lambda error: self._failed(error, again),
        )

    def shutdown(self) -> None:
        self._asking.stop()

    def _judged(self, verdict: Verdict, provider: Provider, area: str) -> None:
        if verdict.quote.valid:
            self._tell(verdict, summary(provider, verdict, area), Mood.GOOD)
        else:
            self._tell(verdict, sentences(verdict.quote.problems), Mood.WARNING)

    def _failed(self, error: ExportError, again: Callable[[], None]) -> None:
        self._tell(None, str(error), Mood.ERROR)
        self._notice.say(str(error), Mood.ERROR, translate("CutoutPreflight", "Try again"), again)

    def _tell(self, verdict: Verdict | None, text: str, mood: Mood) -> None:
        self.verdict = verdict
        self._notice.say(text, mood)
        self.changed.emit()


def judged(provider: Provider, request: ExportRequest) -> Verdict:
    """In a task: the request as the service would get it, and what the service says to it."""
    ready = prepared(provider, request)
    return Verdict(request, provider.quote(ready), ready.notes)


def summary(provider: Provider, verdict: Verdict, area: str) -> str:
    """`Parcels, Elevation, 12.3 km² → about 4.2 MB, free`, and the licence on a line of its own."""
    quote, items = verdict.quote, verdict.request.options.get("items") or ()
    what = quote.summary or provider.title
    if len(items) > MOST_NAMES:
        what = translate("CutoutPreflight", "%n layers", "", len(items))
    size = "" if quote.size is None else translate("CutoutPreflight", "about {size}").format(size=size_text(quote.size))
    cost = price_text(quote, provider.can_cost)
    outcome = ", ".join(filter(None, (size, cost)))
    line = " → ".join(filter(None, (", ".join(filter(None, (what, area))), outcome)))
    if not quote.license.title:
        return line
    terms = translate("CutoutPreflight", "Licence: {title}").format(title=quote.license.title)
    return f"{line}\n{terms}"


def sentences(problems: Sequence[str]) -> str:
    """One sentence as it is, several as a list."""
    return problems[0] if len(problems) == 1 else "\n".join(f"• {problem}" for problem in problems)
