"""What a search found, as a list under it: shared by the pickers of one thing and of several."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from ..core.errors import ExportError
from ..core.model import ExportRequest, Json, Option
from ..core.provider import Provider
from .choice_delegate import ChoiceDelegate, row_height
from .choice_model import ChoiceModel
from .notice import Mood, Notice
from .speaking_list import SpeakingList

translate = QCoreApplication.translate
ROWS = 4  # results that are visible without scrolling
AREA = "area"  # stands for the area among what choices follow


class ResultList(SpeakingList):
    """`notice` says how many there are, or what went wrong; whoever makes the list lays it out."""

    again = pyqtSignal()  # the person wants the search to be tried again

    def __init__(self, option: Option, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._option = option
        self._first = ""  # what else is to be chosen before there is anything to find
        self.found = ChoiceModel(self)
        self.notice = Notice()
        self.setModel(self.found)
        self.setItemDelegate(ChoiceDelegate(self))
        self.setAccessibleName(translate("CutoutItems", "Search results"))
        self.setFixedHeight(ROWS * row_height(self.font()) + 2 * self.frameWidth())
        self.found.asking.connect(self._asking)
        self.found.answered.connect(self._answered)
        self.found.failed.connect(self._failed)

    def search(self, provider: Provider | None, text: str, request: ExportRequest | None) -> None:
        if provider is None:
            self.say(translate("CutoutItems", "What can be ordered shows here once the account is ready."))
            self.notice.clear()
        self._first = _to_be_chosen(provider, self._option, request) if provider and not text.strip() else ""
        self.found.search(provider, self._option.key, text.strip(), request)

    def _asking(self) -> None:
        self.say(translate("CutoutItems", "Searching…"))

    def _answered(self) -> None:
        found, total = self.found.rowCount(), self.found.total
        choose = translate("CutoutItems", "Nothing here yet. Choose first: {option}.").format(option=self._first)
        self.say(choose if self._first else translate("CutoutItems", "Nothing found. Try fewer or other words."))
        if not found:
            text = ""
        elif total is None or total <= found:
            text = translate("CutoutItems", "%Ln found", "", found)
        else:
            text = translate("CutoutItems", "%Ln found, scroll for more", "", total)
        self.notice.say(text, Mood.PLAIN)

    def _failed(self, error: ExportError) -> None:
        self.say("")
        self.notice.say(str(error), Mood.ERROR, translate("CutoutItems", "Try again"), self.again.emit)


def decided_by(option: Option, request: ExportRequest | None) -> tuple[Json, ...]:
    """What the choices of the option follow from, as it is now: another value, other choices."""
    if request is None:
        return ()
    return tuple(request.area if key == AREA else request.options.get(key) for key in option.after)


def _to_be_chosen(provider: Provider, option: Option, request: ExportRequest | None) -> str:
    """The label of an option that this one follows and that has no value yet."""
    chosen = request.options if request else {}
    empty = (one for one in provider.options if one.key in option.after and not chosen.get(one.key))
    return next((translate("providers", one.label) for one in empty), "")
