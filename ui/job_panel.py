"""The list of jobs and the buttons beneath it."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QModelIndex, QPoint, QSize, Qt, QTimer
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolBar, QVBoxLayout, QWidget

from ..bridge.jobs import Jobs
from ..core.model import Job
from .downloads_button import DownloadsButton
from .job_actions import JobActions
from .job_delegate import JobDelegate
from .job_model import JobModel
from .speaking_list import SpeakingList

translate = QCoreApplication.translate
SECOND = 1000


class JobPanel(QWidget):
    def __init__(self, jobs: Jobs, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = JobModel(jobs, self)
        self.commands = JobActions(jobs, canvas, self)
        self.list = self._list()
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.activated.connect(self._activated)
        self.list.selectionModel().currentChanged.connect(self._show_current)
        self.model.dataChanged.connect(self._show_changed)
        self.model.rowsRemoved.connect(self._show_current)
        self.model.modelReset.connect(self._show_current)
        # "next look in 12 s" counts down by itself; nobody looks, nobody counts.
        self._second = QTimer(self)
        self._second.setInterval(SECOND)
        self._second.timeout.connect(self.list.viewport().update)
        self._lay_out()

    def set_active(self, active: bool) -> None:
        if active:
            self._second.start()
        else:
            self._second.stop()

    def select(self, job: Job) -> None:
        row = self.model.row_of(job.key)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))

    def shutdown(self) -> None:
        self._second.stop()
        self.commands.shutdown()
        self.model.shutdown()

    def _list(self) -> SpeakingList:
        view = SpeakingList(
            translate("CutoutJobs", "Nothing ordered yet. Orders go on in the background and stay here.")
        )
        view.setObjectName("jobList")
        view.setAccessibleName(translate("CutoutJobs", "Orders"))
        view.setItemDelegate(JobDelegate(view))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setModel(self.model)
        return view

    def _lay_out(self) -> None:
        heading = QLabel(translate("CutoutJobs", "Orders"))
        heading.setBuddy(self.list)
        bar = QToolBar()
        bar.setObjectName("jobToolBar")
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        bar.addActions(self.commands.actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(9, 6, 9, 6)
        layout.setSpacing(3)
        above = QHBoxLayout()
        above.addWidget(heading, 1)
        above.addWidget(DownloadsButton())
        layout.addLayout(above)
        layout.addWidget(self.list, 1)
        layout.addWidget(bar)

    def _show_current(self, *_: object) -> None:
        self.commands.show(self._job(self.list.currentIndex()))

    def _show_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.row() <= self.list.currentIndex().row() <= last.row():
            self._show_current()

    @staticmethod
    def _job(index: QModelIndex) -> Job | None:
        return index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None

    def _menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        if index.isValid():
            self.list.setCurrentIndex(index)
            menu = QMenu(self)
            menu.addActions(self.commands.actions)
            menu.exec(self.list.viewport().mapToGlobal(at))
            menu.deleteLater()

    def _activated(self, index: QModelIndex) -> None:
        self.commands.details.trigger()
