"""What a service says is shown as text wherever it is shown: no markup, no link, nothing fetched, nothing that freezes.

One test a place, with the real widget of this QGIS. A server on this machine listens to whether anything asks for the
picture that the words name.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from qgis.core import (
    QgsApplication,
    QgsLayerTreeModel,
    QgsProcessingFeedback,
    QgsProject,
    QgsSettings,
)
from qgis.gui import QgsMapCanvas, QgsMessageLogViewer, QgsTaskManagerWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, Qt, QTimer, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices, QTextDocument
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QTextBrowser,
    QToolTip,
    QTreeView,
    QWidget,
)

from cutout.bridge import log
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.groups import place
from cutout.bridge.jobs import Jobs
from cutout.bridge.layers import open_layer
from cutout.bridge.source import Arrival, Kind, Source
from cutout.bridge.tasks import in_background
from cutout.bridge.telling import Telling
from cutout.core.http import Secret
from cutout.core.model import Choice, ExportRequest, FileRecord, Job, JobState, License, Option, OptionKind, Quote
from cutout.core.store import Store
from cutout.plugin import CutoutPlugin
from cutout.providers import services
from cutout.ui.account_dialog import AccountDialog
from cutout.ui.account_picker import invitation
from cutout.ui.job_details import JobDetails
from cutout.ui.job_panel import JobPanel
from cutout.ui.job_text import details
from cutout.ui.notice import MOST, Mood, Notice, tip
from cutout.ui.option_fields import FIELDS, Surroundings
from cutout.ui.picked_list import PickedList
from tests.qgis.interface import Interface
from tests.qgis.waiting import wait_until

UNSEEN = "\u202egpj.exe\u202c\u200b\x07\x00"
NOW = 1_700_000_000.0
POINT = '{"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [7, 50]}}'


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The address of a server in this process, then every path that was asked of it: none, at the end."""

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - its name
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    paths = [f"http://127.0.0.1:{server.server_port}/x"]
    yield paths
    for _ in range(5):
        QApplication.processEvents()
    server.shutdown()
    server.server_close()
    thread.join()
    assert paths[1:] == []


@pytest.fixture
def hostile(asked: list[str], qgis_app: object) -> str:
    picture = asked[0]
    return (
        f'Roads <img src="{picture}"><b>bold</b> <a href="file:///etc/passwd">here</a> &amp; &lt;i&gt; '
        f"file:///etc/passwd <script>x</script> {UNSEEN} end"
    )


def rendered(html: str) -> QTextDocument:
    document = QTextDocument()
    document.setHtml(html)
    return document


def links(html: str) -> set[str]:
    return set(re.findall(r'href="([^"]*)"', rendered(html).toHtml()))


def as_shown(text: str) -> str:
    """What a label or a tool tip makes of a text, which it takes for rich if it looks so."""
    return rendered(text).toPlainText() if Qt.mightBeRichText(text) else text


def is_harmless(shown: str) -> bool:
    """As a person sees it: the tags are there to be read, and nothing that can't be."""
    told = shown.replace("‹", "<")
    return '<img src="http://127.0.0.1' in told and "<b>bold</b>" in told and is_seen(shown)


def is_seen(shown: str) -> bool:
    return all(char.isprintable() or char == "\n" for char in shown) and "\ufffc" not in shown


def job_of(text: str, state: JobState = JobState.FAILED, **known: object) -> Job:
    request = ExportRequest("koordinates", "https://data.example.org", {"items": [text]}, title=text, notes=(text,))
    return Job("1a2b3c4d", request, state=state, message=text, word=text, created=NOW, updated=NOW, **known)


@pytest.fixture
def jobs(qgis_app: object, tmp_path: Path) -> Iterator[Jobs]:
    QgsSettings().remove("cutout")
    accounts = Accounts()
    accounts.save(Account("koordinates", "https://data.example.org"), Secret(password="k"))
    jobs = Jobs(Store(tmp_path / "jobs.sqlite"), accounts, lambda: tmp_path / "files", clock=lambda: NOW)
    yield jobs
    jobs.stop()


@pytest.fixture
def canvas(qgis_app: object) -> Iterator[QgsMapCanvas]:
    canvas = QgsMapCanvas()
    yield canvas
    sip.delete(canvas)


def panel_of(jobs: Jobs, canvas: QgsMapCanvas, job: Job, folder: Path) -> JobPanel:
    store = Store(folder / "jobs.sqlite")
    store.add(job)
    store.close()
    panel = JobPanel(jobs, canvas)
    panel.resize(340, 400)
    panel.show()
    panel.list.setCurrentIndex(panel.model.index(0))
    return panel


def test_a_notice_is_plain_and_no_link_can_be_pressed(hostile: str) -> None:
    notice = Notice()
    notice.say(hostile, Mood.ERROR)
    assert notice.label.textFormat() == Qt.TextFormat.PlainText and is_harmless(notice.label.text())
    assert not notice.label.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByMouse


@pytest.mark.parametrize("word", ["a" * 100_000, "word " * 20_000, "line\n" * 20_000], ids=["word", "words", "lines"])
def test_a_long_notice_leaves_the_window_as_it_is(qgis_app: object, word: str) -> None:
    notice = Notice()
    notice.resize(300, 20)
    began = time.thread_time()
    notice.say(word, Mood.WARNING)
    notice.grab()
    assert time.thread_time() - began < 0.5
    assert notice.minimumSizeHint().width() < 120 and notice.sizeHint().width() < 1000
    assert notice.heightForWidth(300) < 1500 and notice.sizeHint().height() < 1500
    assert len(notice.text) <= MOST + 1


def test_a_tool_tip_shows_it_as_it_is(hostile: str) -> None:
    for text in (hostile, f"{hostile}\nsecond line", "Tom &amp; Jerry", "a &lt;b&gt; c", "a < b"):
        assert as_shown(tip(text)).replace("\u2028", "\n") == "".join(
            char if char.isprintable() or char == "\n" else " " for char in text
        )
    QToolTip.showText(QApplication.desktop().availableGeometry().center(), tip(hostile * 1000))
    label = next(one for one in QApplication.topLevelWidgets() if one.inherits("QTipLabel"))
    assert label.height() < 2000 and is_harmless(as_shown(label.text()))
    QToolTip.hideText()


def test_a_question_is_plain_and_fits_the_screen(
    jobs: Jobs, canvas: QgsMapCanvas, tmp_path: Path, asked: list[str]
) -> None:
    panel = panel_of(jobs, canvas, job_of(f'<img src="{asked[0]}"><b>bold</b>' * 4000), tmp_path)
    seen: list[object] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        seen.extend((box.textFormat(), box.height(), box.text()))
        box.reject()

    QTimer.singleShot(0, look)
    next(action for action in panel.commands.actions if action.objectName() == "removeJob").trigger()
    panel.shutdown()
    sip.delete(panel)
    assert seen[0] == Qt.TextFormat.PlainText and seen[1] < 600 and is_harmless(seen[2])


def test_the_message_bar_shows_text(hostile: str) -> None:
    interface = Interface()
    plugin = CutoutPlugin(interface)
    interface.window.resize(800, 600)
    interface.window.show()
    plugin._say(hostile, 1)
    (browser,) = interface.bar.findChildren(QTextBrowser)
    assert is_harmless(browser.toPlainText()) and browser.toPlainText().endswith("end")
    assert links(browser.toHtml()) == set()
    interface.bar.clearWidgets()
    began = time.thread_time()
    plugin._say("word " * 20_000, 1)
    interface.window.grab()
    assert time.thread_time() - began < 0.5 and interface.bar.height() < 300
    plugin.unload()
    sip.delete(interface.window)


def test_the_log_panel_shows_text(hostile: str) -> None:
    viewer = QgsMessageLogViewer()
    handler = log.attach()
    try:
        logging.getLogger("cutout.core.lifecycle").warning("Job %s: %s", "1a2b3c4d", hostile)
        logging.getLogger("cutout.core.lifecycle").warning("x" * 1_000_000)
    finally:
        log.detach(handler)
    (edit,) = (one for one in viewer.findChildren(QPlainTextEdit) if "Roads" in one.toPlainText())
    assert is_harmless(edit.toPlainText().replace("\xa0", " ")) and len(edit.toPlainText()) < 20_000
    assert "1a2b3c4d" in "".join(handler.kept)
    sip.delete(viewer)


def test_the_task_panel_shows_text(hostile: str) -> None:
    done: list[object] = []
    task = in_background(hostile * 500, lambda progress: 1, done.append, done.append, visible=True)
    assert "<" not in task.description() and is_harmless(task.description()) and len(task.description()) <= 400
    widget = QgsTaskManagerWidget(QgsApplication.taskManager())
    widget.show()
    tips = [index.data(Qt.ItemDataRole.ToolTipRole) for view in widget.findChildren(QTreeView) for index in rows(view)]
    assert all("<img" not in str(one) for one in tips)
    wait_until(lambda: done)
    sip.delete(widget)


def rows(view: QTreeView) -> list[object]:
    model = view.model()
    return [model.index(row, column) for row in range(model.rowCount()) for column in range(model.columnCount())]


def test_the_list_of_orders_shows_text(jobs: Jobs, canvas: QgsMapCanvas, tmp_path: Path, hostile: str) -> None:
    panel = panel_of(jobs, canvas, job_of(hostile, problems=(hostile,)), tmp_path)
    index = panel.model.index(0)
    assert is_harmless(as_shown(index.data(Qt.ItemDataRole.ToolTipRole)))
    assert not panel.list.grab().isNull()
    names = [one.accessibleName() for one in panel.findChildren(QWidget)] + [
        one.text() for one in panel.commands.actions
    ]
    assert not any("<" in name for name in names)
    panel.shutdown()
    sip.delete(panel)


@pytest.mark.parametrize("text", ["a" * 100_000, "word " * 20_000, "\u202e\u200b" * 50_000, "<b>" * 33_000])
def test_long_words_and_many_problems_do_not_freeze_the_list(
    jobs: Jobs, canvas: QgsMapCanvas, tmp_path: Path, text: str
) -> None:
    panel = panel_of(jobs, canvas, job_of(text, problems=tuple(f"{n} {text[:100]}" for n in range(10_000))), tmp_path)
    began = time.perf_counter()
    panel.list.viewport().update()
    for _ in range(3):
        panel.grab()
    panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert time.perf_counter() - began < 0.5
    assert panel.list.visualRect(panel.model.index(0)).height() < 250
    assert panel.minimumSizeHint().width() < 340
    panel.shutdown()
    sip.delete(panel)


def test_the_details_are_plain_and_open_at_once(hostile: str) -> None:
    long = job_of(hostile + "x" * 100_000, problems=tuple(f"{n} {hostile}" for n in range(10_000)))
    began = time.perf_counter()
    dialog = JobDetails(long.title, details(long), lambda: "")
    dialog.grab()
    assert time.perf_counter() - began < 1
    assert isinstance(dialog.edit, QPlainTextEdit) and is_harmless(dialog.edit.toPlainText())
    assert len(dialog.windowTitle()) <= 100 and is_seen(dialog.windowTitle())
    sip.delete(dialog)


def test_what_can_be_chosen_shows_text(hostile: str, jobs: Jobs) -> None:
    choices = [Choice("1", hostile, hostile, "vector", hostile), Choice("2", "a" * 100_000, "b" * 100_000)]
    began = time.perf_counter()
    picked = PickedList()
    picked.add(choices)
    for label in picked.findChildren(QLabel):
        assert not label.text() or label.textFormat() == Qt.TextFormat.PlainText
    tips = [one.toolTip() for one in picked.findChildren(QWidget) if hostile[:5] in one.toolTip()]
    assert len(tips) == 2 and all(is_harmless(as_shown(one)) for one in tips)
    picked.grab()
    for kind in (OptionKind.TEXT, OptionKind.CHOICE, OptionKind.CHOICES):
        field = FIELDS[kind](Option("x", "X", kind, asked=True), Surroundings(QgsProject.instance(), None))
        field.offer(choices)
        combo = field.widget
        assert isinstance(combo, QComboBox) and combo.itemText(0) == hostile
        assert "<img" not in as_shown(combo.toolTip()) or combo.toolTip() == ""
        combo.setCurrentIndex(0)
        combo.grab()
        assert combo.minimumSizeHint().width() < 300
        sip.delete(combo)
    assert time.perf_counter() - began < 2
    sip.delete(picked)


def arrival(folder: Path, name: str, **more: object) -> Arrival:
    path = folder / "point.geojson"
    path.write_text(POINT)
    return Arrival((Source(name, str(path), str(path), "ogr", Kind.POINT, 1, **more),))


def test_layers_and_their_properties_hold_text(hostile: str, tmp_path: Path) -> None:
    """QGIS shows the properties as HTML, and makes links of addresses in them."""
    project = QgsProject.instance()
    terms = License(f"CC {hostile}", 'file:///etc/passwd"><b>')
    job = replace(
        job_of(hostile, JobState.DONE, remote={"id": hostile}, quote=Quote((), None, hostile, license=terms)),
        request=replace(
            job_of(hostile).request, options={hostile: hostile, "items": ["https://a.example/<b>bold</b>"]}
        ),
    )
    found = replace(arrival(tmp_path, hostile, remark=hostile), attribution=hostile)
    layers = {source: open_layer(source) for source in found.sources}
    place(project, job, found, layers)
    (layer,) = layers.values()
    group = project.layerTreeRoot().children()[0]
    for text in (layer.name(), group.name()):
        assert "<" not in text and is_harmless(text) and "\n" not in text
    html = layer.htmlMetadata()
    assert "<img" not in html and "<b>bold" not in html and "<script" not in html
    assert "\ufffc" not in rendered(html).toPlainText(), "no picture"
    own = {f"file://{tmp_path}/point.geojson"}  # where the layer lies, by QGIS itself
    assert {link for link in links(html) if not link.startswith(("http://", "https://"))} <= own
    assert all(link.url.startswith(("http://", "https://")) for link in layer.metadata().links())
    tree = QgsLayerTreeModel(project.layerTreeRoot())
    shown = tree.index(0, 0, tree.index(0, 0)).data(Qt.ItemDataRole.ToolTipRole)
    assert is_seen(as_shown(shown)) and "<img" not in shown
    server = layer.serverProperties()
    assert "<" not in (server if hasattr(server, "attribution") else layer).attribution()
    sip.delete(tree)


def test_a_layer_with_an_endless_name_is_cut(qgis_app: object, tmp_path: Path) -> None:
    job = job_of("t" * 100_000, JobState.DONE)
    found = replace(arrival(tmp_path, "n" * 100_000), attribution="a" * 100_000)
    layers = {source: open_layer(source) for source in found.sources}
    place(QgsProject.instance(), job, found, layers)
    (layer,) = layers.values()
    group = QgsProject.instance().layerTreeRoot().children()[0]
    assert len(layer.name()) <= 400 and len(group.name()) <= 400 and len(layer.htmlMetadata()) < 100_000


@pytest.mark.parametrize("is_logged", [False, True], ids=["dialog", "console"])
def test_a_run_tells_text(hostile: str, is_logged: bool) -> None:
    viewer = QgsMessageLogViewer()
    feedback = QgsProcessingFeedback(is_logged)
    Telling(feedback).tell([job_of(hostile)], ())
    logs = [one.toPlainText() for one in viewer.findChildren(QPlainTextEdit) if "Roads" in one.toPlainText()]
    assert len(logs) == is_logged and all(is_harmless(one.replace("\xa0", " ")) for one in logs)
    assert is_harmless(rendered(feedback.htmlLog()).toPlainText())
    sip.delete(viewer)


@pytest.mark.parametrize("name", sorted(services()))
def test_links_that_can_be_pressed_lead_to_the_web(jobs: Jobs, name: str) -> None:
    service = services()[name]
    dialog = AccountDialog(Accounts(), service)
    pages = [invitation(service)]
    for server in ("", "file:///etc/passwd", "javascript:alert(1)", 'https://a.example/"><b>bold</b>', "smb://a/b"):
        dialog.serverCombo.setEditText(server)
        pages += [label.text() for label in dialog.findChildren(QLabel) if label.openExternalLinks()]
    assert pages
    for page in pages:
        assert all(link.startswith(("https://", "http://")) for link in links(page)), page
        assert "<b>bold" not in page
    sip.delete(dialog)


class Opened(QObject):
    """What was to be opened outside of QGIS."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    @pyqtSlot(QUrl)
    def open(self, link: QUrl) -> None:
        self.links.append(link.toString())


@pytest.mark.parametrize("kind", ["folder", "file", "nothing", "share"])
def test_only_a_folder_is_opened(jobs: Jobs, canvas: QgsMapCanvas, tmp_path: Path, kind: str) -> None:
    target = {"share": Path("//127.0.0.1/share")}.get(kind, tmp_path / kind)
    if kind == "folder":
        target.mkdir()
    if kind == "file":
        target.write_text("#!/bin/sh\n")
    files = (FileRecord("a.gpkg", 1, "0"),)
    panel = panel_of(jobs, canvas, job_of("x", JobState.DONE, folder=str(target), files=files), tmp_path)
    opened, said = Opened(), []
    panel.commands.failed.connect(said.append)
    QDesktopServices.setUrlHandler("file", opened.open)
    try:
        next(action for action in panel.commands.actions if action.objectName() == "openFolder").trigger()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened.links == ([f"file://{target}"] if kind == "folder" else [])
    assert len(said) == (0 if kind == "folder" else 1)
    panel.shutdown()
    sip.delete(panel)
