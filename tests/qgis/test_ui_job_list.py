"""The list of orders: what each state says and looks like, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QModelIndex, QObject, QRect, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette
from qgis.PyQt.QtWidgets import QApplication, QStyle, QStyleOptionViewItem, QToolBar

from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.jobs import Jobs
from cutout.core.http import Secret
from cutout.core.line import Line
from cutout.core.model import ExportRequest, FileRecord, Job, JobState, Quote
from cutout.core.store import Store
from cutout.ui import job_delegate
from cutout.ui.job_delegate import JobDelegate
from cutout.ui.job_details import JobDetails
from cutout.ui.job_model import LINE, JobModel
from cutout.ui.job_panel import JobPanel
from cutout.ui.job_text import details, readable, state_text
from cutout.ui.questions import agreed
from tests.qgis.questions import when_asked
from tests.qgis.waiting import wait_until

NOW = 1_700_000_000.0
SERVER = "https://data.example.org"
AREA = {"type": "Polygon", "coordinates": [[[175, -41], [176, -41], [176, -40], [175, -40], [175, -41]]]}
LOST = "The answer to the order was lost. It may have been accepted all the same: look again in a while."


def job(key: str, state: JobState, age: float = 60, **known: object) -> Job:
    request = ExportRequest("koordinates", SERVER, {"items": ["layer:1"]}, AREA, f"Order {key}")
    return Job(key=key, request=request, state=state, created=NOW - age, updated=NOW - age, **known)


EACH = [
    job("new", JobState.NEW, 1, due=NOW),
    job("submitting", JobState.SUBMITTING, 2),
    job("queued", JobState.QUEUED, 30, due=NOW + 12),
    job("running", JobState.RUNNING, 60, due=NOW + 61, progress=0.5),
    job("ready", JobState.READY, 90),
    job("done", JobState.DONE, 4000, folder="/nowhere", files=(FileRecord("a.gpkg", 4_200_000, "0"),)),
    job("failed", JobState.FAILED, 90000, message="data.example.org answered: outside-extent. Nothing was ordered."),
    job("cancelled", JobState.CANCELLED, 100000),
    job("expired", JobState.EXPIRED, 200000, message="The site has removed it. Order it again."),
    job("uncertain", JobState.UNCERTAIN, 300000, message=LOST),
    job("paused", JobState.RUNNING, 400000, paused=True, message="data.example.org can't be reached."),
]


@pytest.fixture
def jobs(qgis_app: object, tmp_path: Path) -> Iterator[Jobs]:
    """The real thing, with no timer running: nothing moves unless the test moves it."""
    QgsSettings().remove("cutout")
    store = Store(tmp_path / "jobs.sqlite")
    for one in EACH:
        store.add(one)
    accounts = Accounts()
    accounts.save(Account("koordinates", SERVER), Secret(password="k"))
    jobs = Jobs(store, accounts, lambda: tmp_path / "files", clock=lambda: NOW)
    yield jobs
    jobs.stop()


@pytest.fixture
def panel(jobs: Jobs) -> Iterator[JobPanel]:
    canvas = QgsMapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    panel = JobPanel(jobs, canvas)
    panel.resize(340, 400)
    panel.show()
    yield panel
    panel.shutdown()
    sip.delete(panel)
    sip.delete(canvas)


def select(panel: JobPanel, key: str) -> None:
    panel.list.setCurrentIndex(panel.model.index(panel.model.row_of(key)))


def tell(jobs: Jobs, job: Job) -> None:
    """As if another window had changed it, or added it."""
    store = jobs._store
    if not store.save(job, "another"):
        store.add(job)
    jobs._tell_news()


def enabled(panel: JobPanel) -> set[str]:
    return {action.objectName() for action in panel.commands.actions if action.isEnabled() and action.isVisible()}


def press(panel: JobPanel, name: str) -> None:
    next(action for action in panel.commands.actions if action.objectName() == name).trigger()


def test_newest_first_and_each_state_in_words(jobs: Jobs) -> None:
    parent = QObject()
    model = JobModel(jobs, parent, lambda: NOW)
    lines = [model.index(row).data() for row in range(model.rowCount())]
    model.shutdown()
    assert lines == [
        "Order new: New",
        "Order submitting: Ordering",
        "Order queued: Queued, next look in 12 s",
        "Order running: Running, 50 %, next look in 1 min",
        "Order ready: Ready",
        "Order done: Done, 1 file(s), 4.2 MB",
        "Order failed: Failed. data.example.org answered: outside-extent. Nothing was ordered.",
        "Order cancelled: Cancelled",
        "Order expired: Expired. The site has removed it. Order it again.",
        f"Order uncertain: Uncertain. {LOST}",
        "Order paused: Paused. data.example.org can't be reached.",
    ]


def test_every_state_has_its_word() -> None:
    words = {state_text(job("x", state)) for state in JobState}
    assert len(words) == len(JobState)


def test_a_download_says_how_far_it_is() -> None:
    assert readable(job("x", JobState.READY), NOW, 0.41) == "Order x: Ready, downloading 41 %"


def painted(delegate: JobDelegate, index: QModelIndex, width: int, palette: QPalette, selected: bool) -> QImage:
    option = QStyleOptionViewItem()
    option.palette = palette
    option.font = QApplication.font()
    option.rect = QRect(0, 0, width, 0)
    option.state = QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Active
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    option.rect.setHeight(delegate.sizeHint(option, index).height())
    image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
    image.fill(palette.color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    delegate.paint(painter, option, index)
    painter.end()
    return image


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) & 0xFFFFFF for x in range(image.width()) for y in range(image.height())}


def dark() -> QPalette:
    palette = QPalette()
    for role, name in (("Base", "#232323"), ("Text", "#ffffff"), ("Highlight", "#2a82da"), ("HighlightedText", "#fff")):
        palette.setColor(getattr(QPalette.ColorRole, role), QColor(name))
    return palette


@pytest.mark.parametrize("width", [120, 320, 900])
@pytest.mark.parametrize("palette", [QPalette, dark], ids=["light", "dark"])
def test_every_state_is_painted_within_its_row(jobs: Jobs, width: int, palette: Callable[[], QPalette]) -> None:
    parent = QObject()
    model = JobModel(jobs, parent, lambda: NOW)
    delegate = JobDelegate(parent, lambda: NOW)
    for row in range(model.rowCount()):
        for selected in (False, True):
            image = painted(delegate, model.index(row), width, palette(), selected)
            assert len(colours(image)) > 10, "icon and text are there"
            bottom = {image.pixel(x, image.height() - 2) for x in range(image.width())}
            assert len(bottom) == 1, "nothing is cut off at the lower edge"
    model.shutdown()


def test_the_state_is_told_by_colour_too(jobs: Jobs) -> None:
    parent = QObject()
    model = JobModel(jobs, parent, lambda: NOW)
    delegate = JobDelegate(parent, lambda: NOW)
    for key, colour in (("done", job_delegate.GREEN), ("failed", job_delegate.RED), ("running", job_delegate.BLUE)):
        image = painted(delegate, model.index(model.row_of(key)), 320, QPalette(), False)
        assert colour.rgb() & 0xFFFFFF in colours(image), key
    model.shutdown()


def test_a_message_makes_its_row_higher_at_once(panel: JobPanel, jobs: Jobs) -> None:
    def height() -> int:
        return panel.list.visualRect(panel.model.index(panel.model.row_of("queued"))).height()

    before = height()
    tell(jobs, replace(EACH[2], message="The service is busy. " * 5))
    wait_until(lambda: height() > before + 20)


def test_changes_keep_selection_and_rows(panel: JobPanel, jobs: Jobs) -> None:
    select(panel, "running")
    resets: list[int] = []
    panel.model.modelReset.connect(lambda: resets.append(1))
    tell(jobs, job("fresh", JobState.NEW, 0))
    tell(jobs, replace(EACH[3], progress=0.75))
    assert panel.model.rowCount() == len(EACH) + 1
    assert panel.model.index(0).data(Qt.ItemDataRole.UserRole).key == "fresh"
    current = panel.list.currentIndex().data(Qt.ItemDataRole.UserRole)
    assert (current.key, current.progress) == ("running", 0.75)
    jobs.removed.emit("fresh")
    jobs.removed.emit("never seen")
    assert panel.model.rowCount() == len(EACH) and resets == []


def test_what_can_be_done_follows_from_the_state(panel: JobPanel) -> None:
    always = {"zoomToArea", "showDetails", "copyReport", "removeJob"}
    expected = {
        "new": {"checkNow", "cancelJob"},
        "submitting": {"checkNow"},
        "queued": {"checkNow", "cancelJob"},
        "running": {"checkNow", "cancelJob"},
        "ready": {"checkNow", "cancelJob"},
        "done": {"loadLayers", "openFolder", "orderAgain"},
        "failed": {"orderAgain", "copyMessage"},
        "cancelled": {"orderAgain"},
        "expired": {"orderAgain", "copyMessage"},
        "uncertain": {"lookAgain", "sendAgain", "copyMessage"},
        "paused": {"checkNow", "cancelJob", "copyMessage"},
    }
    for key, more in expected.items():
        select(panel, key)
        assert enabled(panel) == always | more, key


def test_the_buttons_follow_a_job_that_moves_on(panel: JobPanel, jobs: Jobs) -> None:
    select(panel, "running")
    tell(jobs, replace(EACH[3], state=JobState.DONE, folder="/nowhere", files=EACH[5].files))
    assert {"loadLayers", "orderAgain"} <= enabled(panel) and "cancelJob" not in enabled(panel)
    jobs.removed.emit("running")
    assert panel.list.findChild(QToolBar) is None and "checkNow" in {a.objectName() for a in panel.commands.actions}


def test_removing_asks_and_says_what_becomes_of_it(panel: JobPanel, jobs: Jobs) -> None:
    for key, words in (
        ("done", "Files and layers stay"),
        ("running", "goes on at the service"),
        ("uncertain", "accepted"),
    ):
        select(panel, key)
        asked = when_asked("Remove")
        press(panel, "removeJob")
        assert words in asked[0]
        assert panel.model.row_of(key) == -1 and key not in [one.key for one in jobs.all()]


def test_where_nothing_is_charged_nothing_is_said_of_it(panel: JobPanel, jobs: Jobs) -> None:
    free = replace(EACH[8], request=replace(EACH[8].request, service="itwin"), quote=Quote(summary="A model"))
    tell(jobs, free)
    select(panel, "expired")
    asked = when_asked("Go back")
    press(panel, "orderAgain")
    assert "same area" in asked[0] and "charged" not in asked[0]
    tell(jobs, replace(free, state=JobState.RUNNING))
    cancel = next(action for action in panel.commands.actions if action.objectName() == "cancelJob")
    assert "goes on" in cancel.toolTip() and "charged" not in cancel.toolTip()


def test_cancelling_asks_first(panel: JobPanel, jobs: Jobs) -> None:
    select(panel, "ready")
    asked = when_asked("Go back")
    press(panel, "cancelJob")
    assert "not given back" in asked[0]


def test_a_service_that_cannot_cancel_says_so(panel: JobPanel, jobs: Jobs) -> None:
    cancel = next(action for action in panel.commands.actions if action.objectName() == "cancelJob")
    select(panel, "running")
    assert cancel.isEnabled() and cancel.toolTip() == "Cancel"
    elsewhere = replace(EACH[3], request=replace(EACH[3].request, service="one that does not cancel"))
    tell(jobs, elsewhere)
    assert not cancel.isEnabled() and "goes on and may be charged" in cancel.toolTip()
    tell(jobs, replace(elsewhere, state=JobState.READY))
    assert cancel.isEnabled(), "its download is ours to stop"


def test_a_locked_key_is_said_and_nothing_breaks(panel: JobPanel, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    from cutout.core.errors import ExportError

    def locked(account: object = None) -> None:
        raise ExportError("Locked.", "Enter the password.")

    monkeypatch.setattr(jobs, "_unlock", locked)
    said: list[str] = []
    panel.commands.failed.connect(said.append)
    select(panel, "running")
    press(panel, "checkNow")
    assert said == ["Locked. Enter the password."]


def test_the_message_is_copied_as_it_stands(panel: JobPanel) -> None:
    select(panel, "failed")
    press(panel, "copyMessage")
    assert QGuiApplication.clipboard().text() == EACH[6].message


def test_the_map_goes_to_the_area_of_a_job(panel: JobPanel) -> None:
    canvas = panel.commands._canvas
    select(panel, "done")
    press(panel, "zoomToArea")
    wait_until(
        lambda: canvas.extent().contains(canvas.extent().center()) and abs(canvas.extent().center().x() - 175.5) < 0.1
    )


def test_the_details_have_all_and_no_secret() -> None:
    text = details(
        replace(
            EACH[6],
            remote={"id": 7, "url": f"{SERVER}/exports/7/?sig=verysecret"},
            problems=("https://storage.example.org/x?X-Amz-Signature=verysecret is gone",),
            quote=Quote(price=Decimal("12.5"), currency="NZD"),
        )
    )
    for words in ("Order failed", "Failed (failed)", "data.example.org", "12.50 NZD", "outside-extent", "id = 7"):
        assert words in text
    assert "verysecret" not in text
    dialog = JobDetails("<b>x</b>", text, lambda: "")
    assert dialog.edit.isReadOnly() and dialog.edit.toPlainText() == text
    sip.delete(dialog)


def test_markup_from_a_server_is_text(jobs: Jobs, panel: JobPanel) -> None:
    tell(jobs, replace(EACH[6], message="<img src=x><b>bold</b>"))
    tip = panel.model.index(panel.model.row_of("failed")).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>bold" not in tip and "&lt;b&gt;bold" in tip


def test_an_empty_list_says_what_it_is_for(panel: JobPanel, jobs: Jobs) -> None:
    for one in EACH:
        jobs.removed.emit(one.key)
    empty = panel.list.viewport().grab().toImage()
    assert len(colours(empty)) > 5
    assert enabled(panel) == set()


def test_a_thousand_orders_do_not_hold_up_the_window(jobs: Jobs, panel: JobPanel) -> None:
    import time

    for number in range(1000):
        jobs.changed.emit(Line.of(job(f"n{number}", JobState.DONE, 500000 + number)))
    QApplication.processEvents()
    began = time.perf_counter()
    tell(jobs, replace(EACH[3], progress=0.9))
    QApplication.processEvents()
    assert time.perf_counter() - began < 0.2


def test_older_orders_come_when_the_list_is_scrolled_to_them(jobs: Jobs) -> None:
    jobs._store.restore(job(f"{number:08x}", JobState.DONE, 1e6 + number) for number in range(450))
    jobs._tell_news()
    parent = QObject()
    model = JobModel(jobs, parent, lambda: NOW)
    canvas = QgsMapCanvas()
    panel = JobPanel(jobs, canvas)
    panel.resize(340, 400)
    panel.show()
    assert model.rowCount() == 200 and model.canFetchMore(QModelIndex())
    last = job(f"{449:08x}", JobState.DONE, 1e6 + 449)
    tell(jobs, replace(last, message="not shown yet"))
    tell(jobs, job("between", JobState.DONE, 1e6 + 20.5))
    tell(jobs, job("older", JobState.DONE, 1e7))
    assert model.rowCount() == 201 and model.row_of(last.key) == model.row_of("older") == -1
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    keys = [model.index(row).data(LINE).key for row in range(model.rowCount())]
    assert keys == [line.key for line in jobs.listing()] and len(set(keys)) == len(EACH) + 452
    assert [model.row_of(key) for key in keys] == list(range(len(keys))) and keys[-1] == "older"
    for _ in range(4):
        panel.list.scrollToBottom()
        wait_until(lambda: not panel.model.canFetchMore(QModelIndex()) or panel.list.verticalScrollBar().maximum())
        QApplication.processEvents()
    wait_until(lambda: panel.list.scrollToBottom() or panel.model.rowCount() == len(keys))
    model.shutdown()
    panel.shutdown()
    sip.delete(panel)
    sip.delete(canvas)


def test_when_the_list_was_repaired_it_is_read_anew(panel: JobPanel, jobs: Jobs) -> None:
    select(panel, "running")
    jobs._store._is_renewed = True
    jobs._store._connection.execute("DELETE FROM jobs WHERE key = 'running'")
    jobs._tell_news()
    assert panel.model.rowCount() == len(EACH) - 1 and panel.model.row_of("running") == -1
    assert enabled(panel) == set()


def test_going_back_is_what_escape_and_enter_do(panel: JobPanel) -> None:
    def look() -> None:
        box = QApplication.activeModalWidget()
        buttons.extend((box.defaultButton().text(), box.escapeButton().text(), box.textFormat()))
        box.reject()

    buttons: list[object] = []
    QTimer.singleShot(50, look)
    assert not agreed(panel, "Remove", "<b>text</b>", "Remove")
    assert buttons == ["Go back", "Go back", Qt.TextFormat.PlainText]
