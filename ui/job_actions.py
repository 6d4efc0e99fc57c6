"""What can be done with a job, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import QgsApplication
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QObject, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QGuiApplication
from qgis.PyQt.QtWidgets import QAction, QWidget

from ..bridge.areas import from_document
from ..bridge.jobs import Jobs
from ..bridge.judging import Verdict, judged
from ..bridge.offers import Offer, offered
from ..core.errors import ExportError
from ..core.model import Job, JobState
from ..core.words import plain
from .area_band import zoom_to
from .job_details import JobDetails, report_copied
from .job_losses import can_be_cancelled, can_cost, cancel_text, cancel_tip, removal_text
from .job_text import details, trouble_text
from .latest import Latest
from .questions import agreed, agreed_to_pay

translate = QCoreApplication.translate
LONGEST = 200  # characters of a title in a question


@dataclass(frozen=True)
class Entry:
    """allowed: for which jobs. only_then: hidden for all others."""

    action: QAction
    allowed: Callable[[Job], bool]
    act: Callable[[Job], None]
    only_then: bool = False


class JobActions(QObject):
    """Actions on the current job; show(job) enables what fits."""

    failed = pyqtSignal(str)
    said = pyqtSignal(str)  # what has been done, where that can't be seen

    def __init__(self, jobs: Jobs, canvas: QgsMapCanvas, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._canvas, self._window = jobs, canvas, window
        self._job: Job | None = None
        self._zooming = Latest(translate("CutoutJobs", "Zoom to area"), 0, self)
        self._pricing = Latest(translate("CutoutJobs", "Ask for the price"), 0, self)
        self._is_asking = False
        self.entries = self._all_entries()
        self.show(None)

    @property
    def actions(self) -> list[QAction]:
        return [entry.action for entry in self.entries]

    @property
    def details(self) -> QAction:
        return next(action for action in self.actions if action.objectName() == "showDetails")

    def show(self, job: Job | None) -> None:
        self._job = job
        for entry in self.entries:
            allowed = job is not None and entry.allowed(job)
            entry.action.setEnabled(allowed)
            entry.action.setVisible(allowed or not entry.only_then)
            if entry.act == self._cancel:
                entry.action.setToolTip(cancel_tip(job))

    def shutdown(self) -> None:
        self._zooming.stop()
        self._pricing.stop()

    def _all_entries(self) -> tuple[Entry, ...]:
        jobs, entry = self._jobs, self._entry
        return (
            entry("lookAgain", translate("CutoutJobs", "Look again"), "/mActionRefresh.svg", _is_uncertain,
                  lambda job: jobs.look_again(job.key), True),
            entry("sendAgain", translate("CutoutJobs", "Send again…"), "/mActionSharingExport.svg", _is_uncertain,
                  self._send_again, True),
            entry("loadLayers", translate("CutoutJobs", "Load layers"), "/mActionAddLayer.svg", _is_done,
                  lambda job: jobs.load(job.key)),
            entry("openFolder", translate("CutoutJobs", "Open folder"), "/mActionFileOpen.svg",
                  lambda job: bool(job.folder), self._open_folder),
            entry("zoomToArea", translate("CutoutJobs", "Zoom to area"), "/mActionZoomToArea.svg",
                  lambda job: job.request.area is not None, self._zoom),
            entry("checkNow", translate("CutoutJobs", "Check now"), "/mActionRefresh.svg",
                  lambda job: job.state.is_open, lambda job: jobs.check_now(job.key)),
            entry("cancelJob", translate("CutoutJobs", "Cancel…"), "/mActionStop.svg", can_be_cancelled, self._cancel),
            entry("orderAgain", translate("CutoutJobs", "Order again…"), "/mActionRedo.svg", _has_ended, self._again),
            entry("showDetails", translate("CutoutJobs", "Details…"), "/mActionPropertiesWidget.svg",
                  lambda job: True, self._details),
            entry("copyMessage", translate("CutoutJobs", "Copy message"), "/mActionEditCopy.svg",
                  lambda job: bool(trouble_text(job)), self._copy),
            entry("copyReport", translate("CutoutJobs", "Copy report"), "/mIconReport.svg",
                  lambda job: True, self._copy_report),
            entry("removeJob", translate("CutoutJobs", "Remove from list…"), "/mActionDeleteSelected.svg",
                  lambda job: True, self._remove),
        )  # fmt: skip

    def _entry(
        self,
        name: str,
        text: str,
        icon: str,
        allowed: Callable[[Job], bool],
        act: Callable[[Job], None],
        only: bool = False,
    ) -> Entry:
        action = QAction(QgsApplication.getThemeIcon(icon), text, self)
        action.setObjectName(name)
        action.setToolTip(text.rstrip("…"))
        entry = Entry(action, allowed, act, only)
        action.triggered.connect(lambda: self._run(entry))
        return entry

    def _run(self, entry: Entry) -> None:
        job = self._job
        if self._is_asking or job is None or not entry.allowed(job):
            return
        try:
            entry.act(job)
        except ExportError as error:
            self.failed.emit(str(error))

    def _agreed(self, button: str, text: str, job: Job) -> bool:
        title = plain(job.title, LONGEST)
        return self._asked(lambda: agreed(self._window, button, text.format(title=title), button))

    def _asked(self, question: Callable[[], bool]) -> bool:
        """The answer. Whatever is pressed meanwhile does nothing."""
        self._is_asking = True
        try:
            return question()
        finally:
            self._is_asking = False

    def _send_again(self, job: Job) -> None:
        text = translate("CutoutJobs", "“{title}” may have been accepted. If it was, it may be charged twice.")
        risk = text.format(title=plain(job.title, LONGEST))

        def ask(offer: Offer) -> None:
            if self._asked(lambda: agreed_to_pay(self._window, offer, risk=risk)):
                self._jobs.send_again(job.key, offer.agreements[0])

        if can_cost(job):
            self._price(job, ask)
        elif self._agreed(translate("CutoutJobs", "Send again"), text, job):
            self._jobs.send_again(job.key)

    def _cancel(self, job: Job) -> None:
        if self._agreed(translate("CutoutJobs", "Cancel the order"), cancel_text(job), job):
            self._jobs.cancel(job.key)

    def _again(self, job: Job) -> None:
        text = translate("CutoutJobs", "Order “{title}” once more, with the same area and options?")

        def is_meant() -> bool:
            return self._agreed(translate("CutoutJobs", "Order again"), text, job)

        def ask(offer: Offer) -> None:
            costs = not (offer.is_free or offer.is_waived)
            if self._asked(lambda: agreed_to_pay(self._window, offer)) if costs else is_meant():
                self._jobs.order_again(job.key, offer.agreements[0])

        if can_cost(job):
            self._price(job, ask)
        elif is_meant():
            self._jobs.order_again(job.key)

    def _price(self, job: Job, ask: Callable[[Offer], None]) -> None:
        """What an order like this one costs now, and then the question."""
        provider, request = self._jobs.provider(job), replace(job.request, sent=None, notes=())

        def priced(verdict: Verdict) -> None:
            if verdict.quote.valid:
                ask(offered(type(provider), verdict, job.title))
            else:
                self.failed.emit(" ".join(verdict.quote.problems))

        self._pricing.ask(
            lambda progress: judged(provider, request, False), priced, lambda error: self.failed.emit(str(error))
        )

    def _remove(self, job: Job) -> None:
        """What is agreed to is what is true at that moment: the job may move on while the question is open."""
        now: Job | None = job
        while now is not None:
            text = removal_text(now)
            if not self._agreed(translate("CutoutJobs", "Remove"), text, job):
                return
            now = self._jobs.get(job.key)
            if now is None or removal_text(now) == text:
                self._jobs.remove(job.key)
                return

    def _open_folder(self, job: Job) -> None:
        # A folder and nothing else: a file would be started.
        if not (Path(job.folder).is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(job.folder))):
            self.failed.emit(translate("CutoutJobs", "The folder can't be opened: {folder}").format(folder=job.folder))

    def _zoom(self, job: Job) -> None:
        self._zooming.ask(
            lambda progress: from_document(job.request.area or {}),
            lambda area: zoom_to(self._canvas, area),
            lambda error: self.failed.emit(str(error)),
        )

    def _details(self, job: Job) -> None:
        dialog = JobDetails(job.title, details(job), lambda: _report(job), self._window)
        dialog.exec()
        dialog.deleteLater()

    def _copy(self, job: Job) -> None:
        QGuiApplication.clipboard().setText(trouble_text(job))

    def _copy_report(self, job: Job) -> None:
        QGuiApplication.clipboard().setText(_report(job))
        self.said.emit(report_copied())


def _report(job: Job) -> str:
    from ..bridge.report import report_of  # rarely wanted, and it brings much along

    return report_of(job)


def _is_uncertain(job: Job) -> bool:
    return job.state is JobState.UNCERTAIN


def _is_done(job: Job) -> bool:
    return job.state is JobState.DONE and bool(job.files)


def _has_ended(job: Job) -> bool:
    return not job.state.is_open and job.state is not JobState.UNCERTAIN
