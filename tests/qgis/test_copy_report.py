"""“Copy report”: from the list and from the details, with a mouse or without, whatever has become of the job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import Qgis, QgsApplication, QgsCoordinateReferenceSystem
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QPushButton

from cutout.bridge import log
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.folders import store_path
from cutout.bridge.jobs import Jobs
from cutout.core import lifecycle
from cutout.core.http import Secret
from cutout.core.model import Job, JobState
from cutout.core.store import Store
from cutout.toolbox.provider import CutoutProcessing
from cutout.ui.job_details import JobDetails
from cutout.ui.job_panel import JobPanel
from tests.qgis.toolbox import ROCKIES, run, stored
from tests.standin.client import Standin
from tests.unit.test_report import BASE, EVERYTHING, NUMBERS, SECRET, STREET, TITLE


@pytest.fixture
def panel(qgis_app: QgsApplication) -> Iterator[JobPanel]:
    """On the jobs of the profile, with no timer running."""
    canvas = QgsMapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    store_path().parent.mkdir(exist_ok=True)
    jobs = Jobs(Store(store_path()), Accounts(), lambda: Path("files"))
    panel = JobPanel(jobs, canvas)
    panel.resize(340, 400)
    panel.show()
    QGuiApplication.clipboard().clear()
    yield panel
    panel.shutdown()
    jobs.stop()
    sip.delete(panel)
    sip.delete(canvas)


def show(panel: JobPanel, *jobs: Job) -> None:
    store = Store(store_path())
    for job in jobs:
        store.add(job)
    store.close()
    panel.model._source._tell_news()
    panel.list.setCurrentIndex(panel.model.index(0))


def copied() -> str:
    return QGuiApplication.clipboard().text()


@pytest.mark.parametrize("state", list(JobState))
def test_in_every_state_it_is_copied_and_that_is_said(panel: JobPanel, state: JobState) -> None:
    show(panel, replace(BASE, state=state, due=None, message=EVERYTHING, problems=(EVERYTHING,)))
    action = next(one for one in panel.commands.actions if one.objectName() == "copyReport")
    assert action.isEnabled() and action.text() == "Copy report"
    said: list[str] = []
    panel.commands.said.connect(said.append)
    action.trigger()
    text = copied()
    assert text.startswith("Report of Cutout\n") and f"State: {state.value}" in text
    assert f"QGIS: {Qgis.QGIS_VERSION}" in text and "\nshapely: " in text and "\nGDAL: " in text
    assert [
        gone for gone in (SECRET, TITLE, STREET, "Kunden", "Desktop", "post.example", *NUMBERS) if gone in text
    ] == []
    assert said == ["The report is on the clipboard. Read it before you send it to anybody."]


def test_without_a_mouse(panel: JobPanel) -> None:
    """Enter on the order, Tab to the button, and Space."""
    show(panel, replace(BASE, state=JobState.UNCERTAIN))
    seen: list[object] = []

    def use() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, JobDetails):
            QTimer.singleShot(10, use)
            return
        button = dialog.findChild(QPushButton, "copyReportButton")
        for _ in range(10):
            if dialog.focusWidget() is button:
                break
            QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
        seen.extend((dialog.focusWidget() is button, button.accessibleName(), button.accessibleDescription()))
        QTest.keyClick(button, Qt.Key.Key_Space)
        seen.append(dialog.notice.text)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    QTimer.singleShot(0, use)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert seen[:2] == [True, "Copy report"] and "without keys" in str(seen[2]) and "clipboard" in str(seen[3])
    assert copied().startswith("Report of Cutout\n") and TITLE not in copied() and "State: uncertain" in copied()


def test_all_of_it_is_copied_too_with_what_the_report_leaves_out(panel: JobPanel) -> None:
    dialog = JobDetails("x", f"Title: {TITLE}", lambda: "the report")
    dialog.copyButton.click()
    assert TITLE in copied() and "title" in dialog.notice.text
    dialog.reportButton.click()
    assert copied() == "the report"
    sip.delete(dialog)


def test_the_log_of_the_job_is_in_it_and_that_of_others_is_not(panel: JobPanel) -> None:
    import logging

    handler = log.attach()
    try:
        logger = logging.getLogger("cutout.core.lifecycle")
        logger.warning("Job %s, “%s”: key %s", BASE.key, TITLE, SECRET)
        logger.warning("Job %s is about something else", "ffffffff")
        try:
            raise KeyError(f"a bug with {SECRET}")
        except KeyError:
            logger.error("Unexpected failure", exc_info=True)
        show(panel, BASE)
        next(one for one in panel.commands.actions if one.objectName() == "copyReport").trigger()
    finally:
        log.detach(handler)
    text = copied()
    assert f"WARNING Job {BASE.key}, “<title>”: key •••" in text and "something else" not in text
    assert "ERROR Unexpected failure" in text and "KeyError" in text and "Traceback" in text
    assert SECRET not in text and TITLE not in text


def test_a_job_of_a_run_is_reported_without_asking_the_service(
    panel: JobPanel, standin: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "FIRST_LOOK", 0.1)
    Accounts().save(Account("koordinates", standin.url), Secret(password=standin.key))
    provider = CutoutProcessing(Accounts())
    QgsApplication.processingRegistry().addProvider(provider)
    try:
        run(
            "koordinates", SERVER=standin.url, ITEMS=standin.layer_url("counties"), EXTENT=ROCKIES, NAME=TITLE,
            OUTPUT=str(tmp_path / "Kunden"),
        )  # fmt: skip
    finally:
        QgsApplication.processingRegistry().removeProvider(provider)
    (job,) = stored()
    show(panel)
    asked = len(standin.requests())
    next(one for one in panel.commands.actions if one.objectName() == "copyReport").trigger()
    text = copied()
    assert len(standin.requests()) == asked
    assert f"Job: {job.key}" in text and "State: done" in text and f"id = {job.remote['id']}" in text
    assert f"Server: {standin.url}" in text and "Option: items = " in text and "Files: 2 files" in text
    assert "Area: Polygon of 1 parts or rings, 5 vertices" in text
    for gone in (TITLE, "Kunden", standin.key, "105.8", "40.2", str(tmp_path)):
        assert gone not in text, gone
