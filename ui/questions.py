"""Questions that are asked before something that can't be taken back."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtWidgets import QMessageBox, QWidget

from ..bridge.judging import Verdict
from ..core.address import host
from ..core.provider import Provider
from .area_words import area_words
from .figures import balance_text, price_text

translate = QCoreApplication.translate


def agreed(parent: QWidget, title: str, text: str, button: str) -> bool:
    """Whether the person pressed the button that does it; going back is what Enter and Escape do.

    The text is plain, since parts of it may come from a server.
    """
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.NoButton, parent)
    box.setObjectName("CutoutQuestion")
    box.setTextFormat(Qt.TextFormat.PlainText)
    yes = box.addButton(button, QMessageBox.ButtonRole.AcceptRole)
    back = box.addButton(translate("CutoutQuestions", "Go back"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(back)
    box.setEscapeButton(back)
    box.exec()
    chosen = box.clickedButton() is yes
    box.deleteLater()
    return chosen


def agreed_to_pay(parent: QWidget, service: type[Provider], verdict: Verdict, title: str) -> bool:
    """One question before money can be spent, however many orders it is for; none where nothing is charged."""
    quote, request = verdict.quote, verdict.request
    if not service.can_cost or quote.price == 0:
        return True
    text = translate("CutoutQuestions", "Order {what} from {service} ({server})?\nArea: {area}\nPrice: {price}").format(
        what=title or quote.summary or service.title,
        service=service.title,
        server=host(request.server),
        area=area_words(service, request, verdict.km2),
        price=translate("CutoutQuestions", "not named") if quote.price is None else price_text(quote, True),
    )
    count = len(verdict.orders)
    many = translate("CutoutQuestions", "These are %n orders, one for each part.", "", count) if count > 1 else ""
    lines = filter(None, (text, balance_text(quote), many, *verdict.notes))
    order = translate("CutoutQuestions", "Order")
    return agreed(parent, order, "\n".join(lines), order)
