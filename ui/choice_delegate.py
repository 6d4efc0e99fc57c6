"""How something that can be chosen looks: its icon, its title, and below it what sort of data it is and whose."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QModelIndex, QRect, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from qgis.PyQt.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..core.model import Choice
from . import painting

translate = QCoreApplication.translate
ICONS = {
    "vector": "/mIconVector.svg",
    "raster": "/mIconRaster.svg",
    "grid": "/mIconMeshLayer.svg",
    "rat": "/mIconRaster.svg",
    "table": "/mIconTableLayer.svg",
    "pointcloud": "/mIconPointCloudLayer.svg",
}


def choice_icon(choice: Choice) -> QIcon:
    return QgsApplication.getThemeIcon(ICONS.get(choice.kind, "/mLayoutItem.svg"))


def kind_text(kind: str) -> str:
    """The services' words for sorts of data, in the person's language; an unknown one as it came."""
    words = {
        "vector": translate("CutoutItems", "Vector"),
        "raster": translate("CutoutItems", "Imagery"),
        "grid": translate("CutoutItems", "Grid"),
        "rat": translate("CutoutItems", "Attribute grid"),
        "table": translate("CutoutItems", "Table"),
    }
    return words.get(kind, kind)


def subtitle(choice: Choice) -> str:
    return " · ".join(filter(None, (kind_text(choice.kind), choice.detail)))


class ChoiceDelegate(QStyledItemDelegate):
    """The first row of a group has the group's heading above it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        choice: Choice = index.data(Qt.ItemDataRole.UserRole)
        row = QStyleOptionViewItem(option)
        heading = index.model().heading(index.row())
        painter.save()
        if heading:
            at = option.rect.adjusted(painting.PAD, 4, -painting.PAD, 0)
            painting.text_line(painter, at, heading, painting.bold(option.font), _plain_ink(option))
            row.rect.adjust(0, heading_height(option.font), 0, 0)
        painting.background(painter, row)
        rect = row.rect.adjusted(painting.PAD, 3, -painting.PAD, -3)
        if choice.kind:
            choice_icon(choice).paint(painter, QRect(rect.left(), rect.top() + 1, painting.ICON, painting.ICON))
            rect.adjust(painting.ICON + painting.PAD, 0, 0, 0)
        painting.text_line(painter, rect, choice.label, option.font, painting.ink(option))
        rect.adjust(0, QFontMetrics(option.font).height() + 1, 0, 0)
        painting.text_line(
            painter, rect, subtitle(choice), painting.smaller(option.font), painting.ink(option, quiet=True)
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        above = heading_height(option.font) if index.model().heading(index.row()) else 0
        return QSize(100, row_height(option.font) + above)


def _plain_ink(option: QStyleOptionViewItem) -> QColor:
    """A heading is not selected with its row."""
    plain = QStyleOptionViewItem(option)
    plain.state &= ~QStyle.StateFlag.State_Selected
    return painting.ink(plain)


def heading_height(font: QFont) -> int:
    return QFontMetrics(font).height() + 6


def row_height(font: QFont) -> int:
    return QFontMetrics(font).height() + QFontMetrics(painting.smaller(font)).height() + 7
