"""One thing from a catalogue at the service: a line that says what is chosen, and a list below it to search in."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ..core.errors import ExportError
from ..core.model import Choice, ExportRequest, Option
from ..core.provider import Provider
from .connection import Connection
from .latest import Latest
from .notice import tip
from .result_list import ResultList, decided_by

translate = QCoreApplication.translate
SETTLE = 200  # milliseconds


class ItemField(QWidget):
    """`value`: the id of the chosen thing, empty for none. `panel`: the list, which belongs in a row of its own.

    While somebody types, the list searches. What is typed becomes the value when it is picked from the list, or when it
    is left standing and the service found nothing for it: so an id that the service can't look up is taken as it is.
    """

    changed = pyqtSignal()

    def __init__(self, connection: Connection, option: Option, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection, self._option = connection, option
        self._server = connection.account.server if connection.account else ""
        self._request: ExportRequest | None = None
        self.chosen: Choice | None = None
        self.is_typed = False  # and not picked from the list
        self.edit = self._line()
        self.dropButton = self._button()
        self.results = self._list()
        self.panel = self._panel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.edit, 1)
        row.addWidget(self.dropButton)
        self.setFocusProxy(self.edit)
        self._checking = Latest(translate("CutoutItems", "Search"), SETTLE, self)
        connection.changed.connect(self._connected)

    @property
    def value(self) -> str:
        return self.chosen.value if self.chosen else ""

    def set_value(self, value: object) -> None:
        self._take(Choice(str(value), str(value)) if value else None, typed=True)

    def consider(self, request: ExportRequest) -> None:
        """What is chosen so far, and the area: what was picked stays if it is still on offer."""
        before, self._request = decided_by(self._option, self._request), request
        if before == decided_by(self._option, request):
            return
        if self.panel.isVisible():
            self._search()
        provider, chosen = self._connection.fresh(), self.chosen
        if provider is not None and chosen is not None and not self.is_typed:
            key = self._option.key
            self._checking.ask(
                lambda progress: still_offered(provider, key, chosen, request), self._checked, lambda error: None
            )

    def close_list(self) -> None:
        """Leave the search: the line says again what is chosen."""
        self.panel.hide()
        self.results.found.stop()
        self.edit.setText(self.chosen.label if self.chosen else "")

    def shutdown(self) -> None:
        self._checking.stop()
        self.results.found.stop()
        self._connection.changed.disconnect(self._connected)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes into the list, Enter picks there; Escape leaves it, and so does focus that goes elsewhere."""
        if event.type() == QEvent.Type.FocusOut and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._left()
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape and self.panel.isVisible():
            self.close_list()
            self.edit.setFocus()
            return True
        if watched is self.edit and event.key() == Qt.Key.Key_Down:
            self._open(self.edit.text() if self.edit.isModified() else "")
            self.results.setFocus()
            self.results.setCurrentIndex(self.results.found.index(0))
            return True
        if watched is self.results and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(self.results.currentIndex())
            return True
        return False

    def _line(self) -> QgsFilterLineEdit:
        line = QgsFilterLineEdit()
        line.setObjectName(f"{self._option.key}Edit")
        line.setPlaceholderText(translate("CutoutItems", "Search, or paste an id"))
        line.setAccessibleName(translate("providers", self._option.label))
        line.textEdited.connect(self._open)
        line.cleared.connect(lambda: self._take(None))
        line.returnPressed.connect(self._entered)
        line.installEventFilter(self)
        return line

    def _button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{self._option.key}DropButton")
        button.setIcon(QgsApplication.getThemeIcon("/mActionArrowDown.svg"))
        button.setAutoRaise(True)
        label = translate("providers", self._option.label)
        button.setToolTip(translate("CutoutItems", "Show what there is to choose for {option}").format(option=label))
        button.setAccessibleName(button.toolTip())
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Down in the line does the same
        button.clicked.connect(self._toggle)
        return button

    def _list(self) -> ResultList:
        results = ResultList(self._option)
        results.setObjectName(f"{self._option.key}List")
        results.clicked.connect(self._pick)
        results.installEventFilter(self)
        results.again.connect(self._search)
        return results

    def _panel(self) -> QWidget:
        panel = QWidget()
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.results)
        layout.addWidget(self.results.notice)
        panel.hide()
        return panel

    def _toggle(self) -> None:
        if self.panel.isVisible():
            self.close_list()
        else:
            self.edit.setFocus()
            self._open("")

    def _open(self, words: str) -> None:
        self.panel.show()
        self._search(words)

    def _search(self, words: str | None = None) -> None:
        if words is None:
            words = self.edit.text() if self.edit.isModified() else ""
        self.results.search(self._connection.fresh(), words, self._request)

    def _pick(self, index: QModelIndex) -> None:
        if index.isValid():
            self._take(index.data(Qt.ItemDataRole.UserRole))

    def _entered(self) -> None:
        """Enter picks the only result; where there is none, the text is the id itself."""
        found = self.results.found
        if not self.edit.isModified() or found.busy or found.rowCount() > 1:
            return
        if found.rowCount():
            self._pick(found.index(0))
        else:
            self._take_text()

    def _left(self) -> None:
        """The focus went elsewhere, unless it is still in the line or the list once the event is through."""
        if not self.panel.isVisible():
            return
        QTimer.singleShot(0, self._settle)

    def _settle(self) -> None:
        inside = (self.edit, self.results, self.results.notice.button, self.results.notice.label)
        if any(widget.hasFocus() for widget in inside):
            return
        found, words = self.results.found, self.edit.text().strip()
        if self.edit.isModified() and (not words or (not found.busy and not found.rowCount())):
            self._take_text()
        else:
            self.close_list()

    def _take_text(self) -> None:
        text = self.edit.text().strip()
        self._take(Choice(text, text) if text else None, typed=True)

    def _take(self, choice: Choice | None, typed: bool = False) -> None:
        before = self.value
        self.chosen, self.is_typed = choice, typed
        self._checking.stop()
        self.close_list()
        self.edit.setToolTip(tip("\n".join(filter(None, (choice.label, choice.detail)))) if choice else "")
        self.edit.setCursorPosition(0)
        if self.value != before:
            self.changed.emit()

    def _checked(self, found: Choice | None) -> None:
        if found is None:
            self._take(None)

    def _connected(self) -> None:
        """What one site has means nothing on another."""
        server = self._connection.account.server if self._connection.account else ""
        if server != self._server:
            self._server = server
            self._take(None)
        elif self.panel.isVisible():
            self._search()


def still_offered(provider: Provider, key: str, chosen: Choice, request: ExportRequest) -> Choice | None:
    """The thing as the service offers it now; itself where the service can't be asked. On a later page: by its id."""
    try:
        page = provider.choices(key, "", "", request)
        offered = [one for one in page.choices if one.value == chosen.value]
        if not offered and page.more:
            found = provider.choices(key, chosen.value, "", request).choices
            offered = [one for one in found if one.value == chosen.value]
    except ExportError:
        return chosen
    return offered[0] if offered else None
