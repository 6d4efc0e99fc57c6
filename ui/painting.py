"""Painting rows of text in a list: what the delegates share. Pure drawing, no state."""

from __future__ import annotations

from functools import lru_cache

from qgis.PyQt.QtCore import QPointF, QRect, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from qgis.PyQt.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from ..core.words import seen

PAD = 6
GAP = 2
ICON = 16


def background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Selection and hover as the style draws them, over the whole row and without its text."""
    row = QStyleOptionViewItem(option)
    row.showDecorationSelected = True  # some styles would only paint behind their own text
    style = option.widget.style() if option.widget else QApplication.style()
    style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, row, painter, option.widget)


def ink(option: QStyleOptionViewItem, quiet: bool = False) -> QColor:
    """The colour of text on this row. quiet: for what matters less; still readable in light and dark."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    active = bool(option.state & QStyle.StateFlag.State_Active)
    group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
    role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
    colour = QColor(option.palette.color(group, role))
    if quiet and not selected:
        base = option.palette.color(group, QPalette.ColorRole.Base)
        colour = mixed(colour, base, 0.62)
    return colour


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """share of the one, the rest of the other."""
    return QColor(*(round(a * share + b * (1 - share)) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3])))


def text_line(painter: QPainter, at: QRect, text: str, font: QFont, colour: QColor, right: bool = False) -> int:
    """One line, cut with … where it does not fit. The width it took."""
    metrics = QFontMetrics(font)
    line = seen(text[: max(0, at.width())]).replace("\n", " ")  # no letter is narrower than a pixel
    shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(0, at.width()))
    width = metrics.horizontalAdvance(shown)
    painter.setFont(font)
    painter.setPen(colour)
    x = at.right() - width + 1 if right else at.left()
    painter.drawText(QPointF(x, at.top() + metrics.ascent()), shown)
    return width


def wrapped(text: str, font: QFont, width: int, most: int) -> tuple[str, ...]:
    """The text in at most `most` lines; the last one may still be too long for the width."""
    return _wrapped(seen(text[: most * max(width, 1)]), font.toString(), width, most) if text else ()


@lru_cache(maxsize=4096)
def _wrapped(text: str, font_name: str, width: int, most: int) -> tuple[str, ...]:
    """Remembered, since a list asks for the height of every row whenever one has changed."""
    font = QFont()
    font.fromString(font_name)
    metrics, lines = QFontMetrics(font), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if metrics.horizontalAdvance(longer) <= width or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(filter(None, lines))


def bold(font: QFont) -> QFont:
    heavy = QFont(font)
    heavy.setBold(True)
    return heavy


def smaller(font: QFont) -> QFont:
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * 0.9)
    return small
