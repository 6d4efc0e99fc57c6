"""Searching what the service offers, and picking from it."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ..core.model import Choice, ExportRequest, Option
from .connection import Connection
from .picked_list import PickedList
from .result_list import ResultList, decided_by

translate = QCoreApplication.translate


class ItemPicker(QWidget):
    """`items`: the picked choices. An id or an address pasted into the search finds that one."""

    changed = pyqtSignal()

    def __init__(self, connection: Connection, option: Option, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.option = option
        self._connection = connection
        self._account = connection.account
        self._request: ExportRequest | None = None
        self.searchEdit = self._search_field()
        self.results = self._result_list()
        self.model, self.notice = self.results.found, self.results.notice
        self.addButton = self._add_button()
        self.picked = PickedList()
        self._lay_out()
        self.picked.changed.connect(self.changed)
        connection.changed.connect(self._connected)
        self._look()
        self._search()

    @property
    def items(self) -> tuple[Choice, ...]:
        return self.picked.items

    def consider(self, request: ExportRequest) -> None:
        """What is chosen so far, and the area: other things may be on offer now."""
        before, self._request = self._request, request
        if decided_by(self.option, before) != decided_by(self.option, request):
            self._search()

    def shutdown(self) -> None:
        self.model.stop()
        self._connection.changed.disconnect(self._connected)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search into the results, Enter picks what is selected there."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        if watched is self.searchEdit and event.key() == Qt.Key.Key_Down and self.model.rowCount():
            self.results.setFocus()
            self.results.setCurrentIndex(self.model.index(0))
            return True
        if watched is self.results and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick_selected()
            return True
        return False

    def _search_field(self) -> QgsFilterLineEdit:
        field = QgsFilterLineEdit()
        field.setObjectName("searchEdit")
        field.setShowSearchIcon(True)
        field.setPlaceholderText(translate("CutoutItems", "Search, or paste an id or address"))
        field.setAccessibleName(translate("providers", self.option.label))
        field.textChanged.connect(self._search)
        field.returnPressed.connect(self._pick_only)
        field.installEventFilter(self)
        return field

    def _result_list(self) -> ResultList:
        view = ResultList(self.option)
        view.setObjectName("resultList")
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setToolTip(translate("CutoutItems", "Double click or Enter adds a row to the order"))
        view.doubleClicked.connect(self._pick_index)
        view.selectionModel().selectionChanged.connect(self._look)
        view.installEventFilter(self)
        view.again.connect(self._search)
        return view

    def _add_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("addButton")
        button.setText(translate("CutoutItems", "Add"))
        button.setIcon(QgsApplication.getThemeIcon("/symbologyAdd.svg"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(translate("CutoutItems", "Add the selected rows to the order"))
        button.clicked.connect(self._pick_selected)
        return button

    def _lay_out(self) -> None:
        under = QHBoxLayout()
        under.addWidget(self.notice, 1)
        under.addStretch()
        under.addWidget(self.addButton, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.searchEdit)
        layout.addWidget(self.results)
        layout.addLayout(under)
        layout.addWidget(self.picked)

    def _connected(self) -> None:
        """Items of one site mean nothing on another."""
        account = self._connection.account
        if (account and account.server) != (self._account and self._account.server):
            self.picked.clear()
        self._account = account
        self._search()

    def _search(self) -> None:
        provider = self._connection.fresh()
        self.searchEdit.setEnabled(provider is not None)
        self.results.search(provider, self.searchEdit.text(), self._request)

    def _look(self) -> None:
        self.addButton.setEnabled(self.results.selectionModel().hasSelection())

    def _pick_index(self, index: QModelIndex) -> None:
        self.picked.add([index.data(Qt.ItemDataRole.UserRole)])

    def _pick_selected(self) -> None:
        rows = sorted(self.results.selectionModel().selectedIndexes(), key=QModelIndex.row)
        self.picked.add([index.data(Qt.ItemDataRole.UserRole) for index in rows])
        self.results.clearSelection()

    def _pick_only(self) -> None:
        """Enter in the search picks the result when there is just one, as after pasting an id."""
        if self.model.rowCount() == 1 and not self.model.busy:
            self._pick_index(self.model.index(0))
