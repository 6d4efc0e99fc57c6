"""Everything that is chosen before an order, from the service down to the button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qgis.core import QgsApplication, QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QFrame, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ..bridge.accounts import Accounts
from ..bridge.jobs import Jobs
from ..bridge.judging import Verdict
from ..bridge.offers import Offer, offered
from ..core.errors import ExportError
from ..core.model import ExportRequest, Job, Json, Option
from ..core.provider import Provider
from .account_picker import AccountPicker
from .area_picker import AreaPicker
from .area_words import replacing
from .connection import Connection
from .narrow import align_labels
from .notice import Mood, Notice, tip
from .part_choice import PartChoice
from .preflight import Preflight
from .questions import agreed_to_pay
from .service_form import ServiceForm

translate = QCoreApplication.translate


class OrderForm(QWidget):
    """Says `ordered` with a list of new Jobs. What is chosen stays, so that the next order is close by."""

    ordered = pyqtSignal(object)
    problem = pyqtSignal(str)

    def __init__(
        self, canvas: QgsMapCanvas, project: QgsProject, accounts: Accounts, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._project, self._jobs, self._canvas = project, jobs, canvas
        self._active = False
        self._is_stale = True
        self._is_asking = False
        self.connection = Connection(accounts, self)
        self.account_picker = AccountPicker(accounts)
        self.key_notice = Notice()
        self.area_picker = AreaPicker(canvas, project)
        self.part_choice = PartChoice()
        self.service_form: ServiceForm | None = None
        self.titleEdit = QLineEdit()
        self.titleEdit.setObjectName("titleEdit")
        self.titleEdit.setToolTip(translate("CutoutDock", "The name of the layer group and of the folder"))
        self.preflight = Preflight()
        self.submitButton = QPushButton(
            QgsApplication.getThemeIcon("/mActionStart.svg"), translate("CutoutDock", "Order")
        )
        self.submitButton.setObjectName("submitButton")
        self.submitButton.setEnabled(False)
        self._lay_out()
        self.account_picker.changed.connect(self._account_changed)
        self.account_picker.problem.connect(self.problem)
        self.connection.changed.connect(self._connected)
        self.area_picker.changed.connect(self._area_changed)
        self.part_choice.changed.connect(self._reconsider)
        self.preflight.changed.connect(self._judged)
        self.submitButton.clicked.connect(self._order)
        self._account_changed()

    def set_active(self, active: bool) -> None:
        """Nobody looks: nothing is measured and no service is asked."""
        self._active = active
        self._connect()
        self.area_picker.set_active(active)
        if not active:
            self.preflight.shutdown()

    def shutdown(self) -> None:
        self.set_active(False)
        self.area_picker.shutdown()
        self.account_picker.shutdown()
        self.connection.shutdown()
        if self.service_form:
            self.service_form.shutdown()

    def _lay_out(self) -> None:
        area_row = QFormLayout()
        area_row.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        area_row.addRow(translate("CutoutDock", "Area"), self.area_picker)
        area_row.labelForField(self.area_picker).setBuddy(self.area_picker.areaButton)
        title_row = QFormLayout()
        title_row.addRow(translate("CutoutDock", "Title"), self.titleEdit)
        self._rows = (self.account_picker.form, area_row, title_row)
        content = QWidget()
        content.setObjectName("orderContent")
        self._content = QVBoxLayout(content)
        self._content.setSpacing(8)
        self._content.addWidget(self.account_picker)
        self._content.addWidget(self.key_notice)
        self._content.addLayout(area_row)
        self._content.addWidget(self.part_choice)
        self._content.addLayout(title_row)
        self._content.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        footer = QVBoxLayout()
        footer.setContentsMargins(9, 0, 9, 6)
        footer.addWidget(self.preflight)
        footer.addWidget(self.submitButton)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(footer)

    def _account_changed(self) -> None:
        """Also called when an account was edited: its key may be another one."""
        service = self.account_picker.service
        if service is not None and (self.service_form is None or self.service_form.service is not service):
            self.connection.use(None)
            self._show_service(service)
        self._is_stale = True
        self._connect()

    def _connect(self) -> None:
        if self._active and self._is_stale:
            self._is_stale = False
            self.connection.use(self.account_picker.account)

    def _show_service(self, service: type[Provider]) -> None:
        if self.service_form is not None:
            self.service_form.shutdown()
            self._content.removeWidget(self.service_form)
            self.service_form.hide()
            self.service_form.deleteLater()
        self.service_form = ServiceForm(service, self.connection, self._project, self._canvas)
        self.service_form.changed.connect(self._reconsider)
        self._content.insertWidget(self._content.count() - 2, self.service_form)
        self.part_choice.forget()
        self.area_picker.set_rule(service.area)
        options = self.service_form.options
        align_labels((*self._rows, options.form), options.labels)

    def _connected(self) -> None:
        connection = self.connection
        if connection.locked:
            self._say_locked()
        elif connection.error:
            edit = self.account_picker.editAction
            self.key_notice.say(str(connection.error), Mood.WARNING, edit.text(), edit.trigger)
        else:
            self.key_notice.clear()
        self._reconsider()

    def _say_locked(self) -> None:
        connection = self.connection
        if connection.needs_sign_in:
            text = translate("CutoutDock", "QGIS opens your web browser, where you sign in.")
            unlock = translate("CutoutDock", "Sign in…")
        else:
            text = translate("CutoutDock", "The key is locked away in QGIS, which asks for your master password.")
            unlock = translate("CutoutDock", "Unlock…")
        self.key_notice.say(str(connection.error or text), Mood.INFO, unlock, connection.unlock)

    def _request(self, options: Mapping[str, Json]) -> ExportRequest:
        service, account, measured = self.service_form.service, self.account_picker.account, self.area_picker.measured
        area = None if measured is None or replacing(service, options) else measured.geojson
        return ExportRequest(service.id, account.server, options, area)

    def _title(self) -> str:
        """Not part of what is judged, so that typing a title and pressing the button is one go."""
        return self.titleEdit.text().strip() or self.service_form.suggested_title()

    def _area_changed(self) -> None:
        self.part_choice.forget()
        self._reconsider()

    def _reconsider(self) -> None:
        """Something was chosen differently: the order is judged anew."""
        if self.service_form is None or not self._active:
            return
        suggested = self.service_form.suggested_title()
        self.titleEdit.setPlaceholderText(suggested or translate("CutoutDock", "Optional"))
        options = self.service_form.ordered()
        instead = replacing(self.service_form.service, options)
        self.area_picker.set_replaced(translate("providers", instead.label) if instead else "")
        if instead is not None:
            self.part_choice.forget()
        if self.account_picker.account is None:
            self.preflight.refuse([translate("CutoutDock", "Add an account first.")])
        elif self.area_picker.waiting and instead is None:
            self.preflight.wait(translate("CutoutDock", "Measuring the area…"))
        else:
            self.service_form.consider(self._request(self.service_form.values()))
            self._judge(self._request(options), instead)

    def _judge(self, request: ExportRequest, instead: Option | None) -> None:
        problems = self.service_form.problems() or self.service_form.service.check(request)
        if not problems and instead is None and self.area_picker.problem:
            problems = (self.area_picker.problem,)
        if problems:
            self.preflight.refuse(problems)
            return
        provider = self.connection.fresh()
        if provider is None:
            self.preflight.refuse([self._closed()])
        else:
            self.preflight.consider(provider, request, self.part_choice.in_parts)

    def _closed(self) -> str:
        """Why there is nobody to ask."""
        if not self.connection.locked:
            return str(self.connection.error)
        if self.connection.needs_sign_in:
            return translate("CutoutDock", "Sign in first.")
        return translate("CutoutDock", "Unlock the account first.")

    def _judged(self) -> None:
        verdict, orderable = self.preflight.verdict, self.preflight.orderable is not None
        self.submitButton.setEnabled(orderable)
        ready = translate("CutoutDock", "Order what is described above")
        self.submitButton.setToolTip(ready if orderable else tip(self.preflight.text))
        if verdict:
            self.area_picker.set_notes(verdict.notes)
            self.part_choice.offer(verdict.split)

    def _order(self) -> None:
        verdict, account, service = self.preflight.orderable, self.account_picker.account, self.account_picker.service
        if self._is_asking or verdict is None or account is None or service is None:
            return
        offer = offered(service, verdict, self._title())
        if not self._is_agreed(offer):
            return
        jobs: list[Job] = []
        try:
            for request, agreed in zip(self._titled(verdict), offer.agreements):
                jobs.append(self._jobs.order(request, account, agreed))
        except ExportError as error:
            told = translate("CutoutDock", "%n of these are ordered.", "", len(jobs)) if jobs else ""
            self.preflight.refuse([f"{error} {told}".strip()], Mood.ERROR)
        else:
            self._reconsider()  # the button comes back with the next answer, so a double click orders once
        if jobs:
            self.ordered.emit(jobs)

    def _is_agreed(self, offer: Offer) -> bool:
        """Whatever is pressed meanwhile is no second order."""
        self._is_asking = True
        try:
            return agreed_to_pay(self, offer)
        finally:
            self._is_asking = False

    def _titled(self, verdict: Verdict) -> list[ExportRequest]:
        """The orders with their titles; several are counted."""
        title, orders = self._title() or self.service_form.service.title, verdict.orders
        if len(orders) == 1:
            return [replace(orders[0], title=title)]
        return [replace(order, title=f"{title} {number}") for number, order in enumerate(orders, 1)]
