"""What the service offers, page by page, as a list model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, Qt, pyqtSignal

from ..core.errors import ExportError
from ..core.model import Choice, ChoicePage, ExportRequest
from ..core.provider import Provider
from .choice_delegate import choice_icon, subtitle
from .latest import Latest

translate = QCoreApplication.translate
NO_PARENT = QModelIndex()
SETTLE = 350  # milliseconds after the last key stroke


class ChoiceModel(QAbstractListModel):
    """DisplayRole: the title; UserRole: the Choice. A view that is scrolled to the end fetches the next page."""

    asking = pyqtSignal()
    answered = pyqtSignal()
    failed = pyqtSignal(object)  # ExportError

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._choices: list[Choice] = []
        self._provider: Provider | None = None
        self._key = self._search = self._more = ""
        self._request: ExportRequest | None = None
        self._latest = Latest(translate("CutoutItems", "Search"), SETTLE, self)
        self.total: int | None = None

    def search(self, provider: Provider | None, key: str, text: str, request: ExportRequest | None = None) -> None:
        """Begin anew: what was found before goes when the answer comes. request: what is chosen so far."""
        self._provider, self._key, self._search, self._more = provider, key, text, ""
        self._request = request
        if provider is None:
            self.stop()
            self._begin([])
            return
        self._ask(lambda page: self._begin(page.choices), "")

    @property
    def busy(self) -> bool:
        return self._latest.busy

    def stop(self) -> None:
        self._latest.stop()

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._choices)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        choice = self._choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.label
        if role == Qt.ItemDataRole.UserRole:
            return choice
        if role == Qt.ItemDataRole.DecorationRole:
            return choice_icon(choice)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (choice.label, subtitle(choice), choice.group)))
        return None

    def heading(self, row: int) -> str:
        """The heading that stands above this row; empty where the row goes on under the one before."""
        group = self._choices[row].group
        return "" if row and self._choices[row - 1].group == group else group

    def canFetchMore(self, parent: QModelIndex) -> bool:
        return not parent.isValid() and bool(self._more) and not self.busy

    def fetchMore(self, parent: QModelIndex) -> None:
        self._ask(self._append, self._more)

    def _ask(self, take: Callable[[ChoicePage], None], more: str) -> None:
        provider, key, search, request = self._provider, self._key, self._search, self._request

        def taken(page: ChoicePage) -> None:
            self._more, self.total = page.more, page.total
            take(page)
            self.answered.emit()

        def failed(error: ExportError) -> None:
            self._more = ""
            self.failed.emit(error)

        self._latest.ask(lambda progress: provider.choices(key, search, more, request), taken, failed)
        self.asking.emit()

    def _begin(self, choices: Sequence[Choice]) -> None:
        self.beginResetModel()
        self._choices = list(choices)
        self.endResetModel()

    def _append(self, page: ChoicePage) -> None:
        first = len(self._choices)
        if page.choices:
            self.beginInsertRows(QModelIndex(), first, first + len(page.choices) - 1)
            self._choices += page.choices
            self.endInsertRows()
