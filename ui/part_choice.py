"""An area that a service does not take as it is: one polygon around everything, or an order for each part."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ..bridge.judging import Split
from .figures import area_text
from .narrow import WrappingRadioButton

translate = QCoreApplication.translate


class PartChoice(QWidget):
    """Hidden while there is nothing to choose. Several orders are only placed when the person chooses them."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wholeRadio, self.partsRadio = _radio("wholeRadio"), _radio("partsRadio")
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        for radio in (self.wholeRadio, self.partsRadio):
            self._group.addButton(radio)
            layout.addWidget(radio)
        self.wholeRadio.setChecked(True)
        self._group.buttonClicked.connect(self._clicked)
        self.hide()

    @property
    def in_parts(self) -> bool:
        return self.partsRadio.isChecked()

    def offer(self, split: Split | None) -> None:
        if split is not None:
            whole = translate("CutoutArea", "One polygon around everything")
            size = f" ({area_text(split.whole_km2)})" if split.whole_km2 is not None else ""
            self.wholeRadio.say(whole + size)
            count = split.parts
            parts = translate("CutoutArea", "%n orders, one for each part", "", count)
            self.partsRadio.say(f"{parts} ({area_text(split.parts_km2)})")
        self.setVisible(split is not None)

    def forget(self) -> None:
        """Another area: nothing is chosen for it yet."""
        self.wholeRadio.setChecked(True)
        self.hide()

    def _clicked(self, *_: object) -> None:
        self.changed.emit()


def _radio(name: str) -> WrappingRadioButton:
    radio = WrappingRadioButton()
    radio.setObjectName(name)
    return radio
