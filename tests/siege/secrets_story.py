"""Runs inside QGIS: accounts by the dialog in every way to sign in, orders from every service, good and bad ones, and
Processing; with all that Python can log. Whatever a person can read or copy is written to a file, to be searched too.
"""

import threading
from functools import partial
from pathlib import Path

import processing
import qgis.utils
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QComboBox, QDockWidget, QLineEdit, QSpinBox, QTextEdit

from cutout.bridge.folders import choose_downloads
from cutout.bridge.report import report_of
from cutout.bridge.sign_in import has_pkce
from cutout.core.model import ExportRequest
from cutout.tests.desktop.person import ORDER, Person, click, jobs, toolbar_button, until
from cutout.tests.qgis.browser import browser, free_port
from cutout.ui.job_text import details

ENDED = ("done", "failed", "cancelled", "expired", "uncertain")
exec(ORDER["log_all"])


class Teller(Person):
    def __init__(self):
        super().__init__()
        self.shown = []
        self.notices, self.processing = {}, {}
        QgsApplication.messageLog().messageReceived.connect(lambda text, tag, level: self.shown.append(text))

    def story(self):
        if not QgsApplication.authManager().setMasterPassword(ORDER["master"], True):
            raise RuntimeError("no master password")
        choose_downloads(ORDER["downloads"])
        click(toolbar_button(self.window, "CutoutAction"))
        yield until(lambda: self.window.findChild(QDockWidget, "CutoutDock"), "the dock")
        self.dock = self.window.findChild(QDockWidget, "CutoutDock")
        for account in ORDER["accounts"]:
            yield from self.add(account)
        plugin = qgis.utils.plugins["cutout"]
        for request in ORDER["requests"]:
            server = request["server"]
            account = next(one for one in plugin.accounts.all(request["service"]) if one.server == server)
            plugin.jobs.order(ExportRequest(**request), account)
        yield until(lambda: all(map(is_over, jobs())), "the end of every order")
        yield from self.run_processing()
        for job in jobs():
            self.shown += [details(job), report_of(job), repr(job)]
        QgsProject.instance().write(ORDER["project"].replace(".qgz", ".qgs"))

    def add(self, account):
        """As a person does: every field typed, tried with the button, saved."""
        combo = self.dock.findChild(QComboBox, "serviceCombo")
        combo.setCurrentIndex(combo.findData(account["service"]))
        QTimer.singleShot(0, self.dock.form.account_picker.newAction.trigger)
        yield until(lambda: dialog() is not None, "the dialog")
        way = dialog().findChild(QComboBox, "wayCombo")
        way.setCurrentIndex(max(0, way.findData(account.get("way", ""))))
        dialog().findChild(QComboBox, "serverCombo").setEditText(account["url"])
        password = dialog().credentials.passwordEdit
        for edit, text in (
            (dialog().findChild(QLineEdit, "userEdit"), account.get("user")),
            (password, account["password"]),
        ):
            if text and edit.isVisible():
                edit.insert(text)  # pasted: QTest types no umlauts
        password.setPasswordVisibility(True)
        signing_in = partial(self.in_browser, account) if account.get("way") == "browser" else None
        if signing_in:
            signing_in()
        QTimer.singleShot(0, partial(click, dialog().testButton))
        yield until(is_answered, f"an answer to {account['url']}")
        self.notices[account["name"]] = dialog().notice.text
        QTimer.singleShot(0, dialog().okButton.click)
        yield until(lambda: dialog() is None, "the end of the dialog")

    def in_browser(self, account):
        port = free_port()
        dialog().findChild(QSpinBox, "portSpin").setValue(port)

        def sign_in():
            with browser(port, f"code={account['code']}"):
                pass_on.wait(20)

        pass_on = threading.Event()
        QTimer.singleShot(15000, pass_on.set)
        threading.Thread(target=sign_in, daemon=True).start()

    def run_processing(self):
        for name, parameters in ORDER["processing"].items():
            window = processing.createAlgorithmDialog("cutout:koordinates", parameters)
            window.show()
            result = {}
            window.algorithmFinished.connect(lambda ok, results, result=result: result.update(ok=ok))
            QTimer.singleShot(0, partial(click, window.runButton()))
            log = window.findChild(QTextEdit, "txtLog")
            yield until(lambda log=log, result=result: result or "failed" in log.toPlainText(), f"the end of {name}")
            self.processing[name] = log.toPlainText()
            self.shown.append(log.toHtml())
            window.close()

    def seen(self):
        Path(ORDER["shown"]).write_text("\n".join(self.shown))
        states = {job.title: job.state.value for job in jobs()}
        messages = {job.title: job.message for job in jobs()}
        layers = [node.name() for node in QgsProject.instance().layerTreeRoot().findLayers()]
        told = {"states": states, "messages": messages, "layers": layers, "pkce": has_pkce()}
        return {**told, "notices": self.notices, "processing": self.processing}


def is_over(job):
    return job.paused or (job.state.value in ENDED and (job.state.value != "done" or job.layers or job.problems))


def is_answered():
    return dialog().notice.text and not dialog().notice.text.startswith(("Asking", "QGIS signs in"))


def dialog():
    window = QApplication.activeModalWidget()
    return window if window is not None and window.objectName() == "CutoutAccountDialog" else None


person = Teller()
