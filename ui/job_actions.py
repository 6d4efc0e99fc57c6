"""What can be done with a job, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qgis.core import QgsApplication
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QObject, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QGuiApplication
from qgis.PyQt.QtWidgets import QAction, QWidget

from ..bridge.areas import from_document
from ..bridge.jobs import Jobs
from ..core.errors import ExportError
from ..core.model import Job, JobState
from ..providers import services
from .area_band import zoom_to
from .job_details import JobDetails
from .job_text import report, trouble_text
from .latest import Latest
from .questions import agreed

translate = QCoreApplication.translate


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

    def __init__(self, jobs: Jobs, canvas: QgsMapCanvas, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._canvas, self._window = jobs, canvas, window
        self._job: Job | None = None
        self._zooming = Latest(translate("CutoutJobs", "Zoom to area"), 0, self)
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
        if job is None or not entry.allowed(job):
            return
        try:
            entry.act(job)
        except ExportError as error:
            self.failed.emit(str(error))

    def _agreed(self, button: str, text: str, job: Job) -> bool:
        return agreed(self._window, button, text.format(title=job.title), button)

    def _send_again(self, job: Job) -> None:
        text = translate("CutoutJobs", "“{title}” may have been accepted. If it was, it may be charged twice.")
        if self._agreed(translate("CutoutJobs", "Send again"), text, job):
            self._jobs.send_again(job.key)

    def _cancel(self, job: Job) -> None:
        if job.state is JobState.READY:
            text = translate("CutoutJobs", "Stop the download of “{title}”? What it may have cost is not given back.")
        else:
            text = translate("CutoutJobs", "Cancel “{title}” at the service?")
        if self._agreed(translate("CutoutJobs", "Cancel the order"), text, job):
            self._jobs.cancel(job.key)

    def _again(self, job: Job) -> None:
        text = translate("CutoutJobs", "Order “{title}” once more, with the same area and options?")
        if _can_cost(job) and job.quote and job.quote.price != 0:
            text = translate("CutoutJobs", "Order “{title}” once more? It may be charged again.")
        if self._agreed(translate("CutoutJobs", "Order again"), text, job):
            self._jobs.order_again(job.key)

    def _remove(self, job: Job) -> None:
        if job.state.is_open:
            text = translate("CutoutJobs", "Forget “{title}”? It goes on at the service, and nobody fetches its files.")
        elif job.state is JobState.UNCERTAIN:
            text = translate("CutoutJobs", "Forget “{title}”? If the service accepted it, nobody fetches its files.")
        else:
            text = translate("CutoutJobs", "Take “{title}” out of the list? Files and layers stay.")
        if self._agreed(translate("CutoutJobs", "Remove"), text, job):
            self._jobs.remove(job.key)

    def _open_folder(self, job: Job) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(job.folder)):
            self.failed.emit(translate("CutoutJobs", "The folder can't be opened: {folder}").format(folder=job.folder))

    def _zoom(self, job: Job) -> None:
        self._zooming.ask(
            lambda progress: from_document(job.request.area or {}),
            lambda area: zoom_to(self._canvas, area),
            lambda error: self.failed.emit(str(error)),
        )

    def _details(self, job: Job) -> None:
        dialog = JobDetails(job.title, report(job), self._window)
        dialog.exec()
        dialog.deleteLater()

    def _copy(self, job: Job) -> None:
        QGuiApplication.clipboard().setText(trouble_text(job))


def can_be_cancelled(job: Job) -> bool:
    here = job.state in (JobState.NEW, JobState.READY)
    return here or (job.state.is_at_service and not _goes_on_anyway(job))


def cancel_tip(job: Job | None) -> str:
    if job is None or not job.state.is_at_service or not _goes_on_anyway(job):
        return translate("CutoutJobs", "Cancel")
    if _can_cost(job):
        return translate("CutoutJobs", "This service can't cancel: the order goes on and may be charged.")
    return translate("CutoutJobs", "This service can't cancel: the order goes on.")


def _goes_on_anyway(job: Job) -> bool:
    """The service does not cancel, whatever is pressed here."""
    service = services().get(job.request.service)
    return service is None or not service.can_cancel


def _can_cost(job: Job) -> bool:
    service = services().get(job.request.service)
    return service is None or service.can_cost


def _is_uncertain(job: Job) -> bool:
    return job.state is JobState.UNCERTAIN


def _is_done(job: Job) -> bool:
    return job.state is JobState.DONE and bool(job.files)


def _has_ended(job: Job) -> bool:
    return not job.state.is_open and job.state is not JobState.UNCERTAIN
