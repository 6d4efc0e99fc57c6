"""What would be ordered, how large and at what price, or why it can't be ordered: known before anything is."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..core.errors import ExportError
from ..core.http import host
from ..core.lifecycle import prepared
from ..core.model import ExportRequest, Quote
from ..core.provider import Provider
from .figures import price_text, size_text
from .latest import Latest
from .notice import Mood, Notice

translate = QCoreApplication.translate
MOST_NAMES = 3  # items that are called by name; more are counted
SETTLE = 800  # milliseconds without a change before the service is asked


class Preflight(QWidget):
    """`quote` is there when the request it was asked for can be ordered, else None."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quote: Quote | None = None
        self.notes: tuple[str, ...] = ()
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

    def wait(self, text: str) -> None:
        """Something has to be known first."""
        self._asking.stop()
        self._settle(None, text, Mood.BUSY)

    def refuse(self, problems: Sequence[str], mood: Mood = Mood.INFO) -> None:
        """It can't be ordered as it is."""
        self._asking.stop()
        self._settle(None, sentences(problems), mood)

    def consider(self, provider: Provider, request: ExportRequest, area: str) -> None:
        """Ask the service. area: the area in words."""

        def work(progress: object) -> tuple[ExportRequest, Quote]:
            ready = prepared(provider, request)
            return ready, provider.quote(ready)

        def done(answer: tuple[ExportRequest, Quote]) -> None:
            ready, quote = answer
            self.notes = ready.notes
            if quote.valid:
                self._settle(quote, summary(provider, ready, quote, area), Mood.GOOD)
            else:
                self._settle(None, sentences(quote.problems), Mood.WARNING)

        def failed(error: ExportError) -> None:
            self._settle(None, str(error), Mood.ERROR)
            self._notice.say(
                str(error), Mood.ERROR, translate("CutoutPreflight", "Try again"),
                lambda: self.consider(provider, request, area),
            )  # fmt: skip

        self.wait(translate("CutoutPreflight", "Asking {host}…").format(host=host(provider.server)))
        self._asking.ask(work, done, failed)

    def shutdown(self) -> None:
        self._asking.stop()

    def _settle(self, quote: Quote | None, text: str, mood: Mood) -> None:
        self.quote = quote
        if quote is None and mood is not Mood.WARNING:
            self.notes = ()
        self._notice.say(text, mood)
        self.changed.emit()


def summary(provider: type[Provider] | Provider, request: ExportRequest, quote: Quote, area: str) -> str:
    """`Parcels, Elevation, 12.3 km² → about 4.2 MB, free`, and the licence on a line of its own."""
    items = request.options.get("items") or ()
    what = quote.summary or provider.title
    if len(items) > MOST_NAMES:
        what = translate("CutoutPreflight", "%n layers", "", len(items))
    size = "" if quote.size is None else translate("CutoutPreflight", "about {size}").format(size=size_text(quote.size))
    cost = price_text(quote, provider.can_cost)
    outcome = ", ".join(filter(None, (size, cost)))
    line = " → ".join(filter(None, (", ".join(filter(None, (what, area))), outcome)))
    license = quote.license.title
    return f"{line}\n{translate('CutoutPreflight', 'Licence: {title}').format(title=license)}" if license else line


def sentences(problems: Sequence[str]) -> str:
    """One sentence as it is, several as a list."""
    return problems[0] if len(problems) == 1 else "\n".join(f"• {problem}" for problem in problems)
