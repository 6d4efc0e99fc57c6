"""Adding, editing and testing an account against the stand-in."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from qgis.core import QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLineEdit

from cutout.bridge.accounts import Account, Accounts
from cutout.core.http import Secret
from cutout.core.provider import Provider
from cutout.providers import services
from cutout.ui.account_dialog import AccountDialog
from tests.qgis.invented import Invented
from tests.qgis.waiting import wait_until
from tests.standin.client import Standin


@pytest.fixture
def accounts(qgis_app: object) -> Accounts:
    QgsSettings().remove("cutout")
    return Accounts()


Open = Callable[..., AccountDialog]


@pytest.fixture
def dialog_for(accounts: Accounts) -> Iterator[Open]:
    opened: list[AccountDialog] = []

    def open_(account: Account | None = None, service: type[Provider] | None = None) -> AccountDialog:
        opened.append(AccountDialog(accounts, service or services()["koordinates"], account))
        opened[-1].show()
        return opened[-1]

    yield open_
    for dialog in opened:
        dialog.reject()
        sip.delete(dialog)


def fill(dialog: AccountDialog, server: str, key: str) -> None:
    dialog.serverCombo.setEditText(server)
    dialog.credentials.passwordEdit.setText(key)


def answer_of(dialog: AccountDialog) -> str:
    """What the connection test says."""
    QTest.mouseClick(dialog.testButton, Qt.MouseButton.LeftButton)
    wait_until(lambda: dialog.notice.text and "Asking" not in dialog.notice.text)
    return dialog.notice.text


def test_nothing_can_be_saved_before_it_is_complete(dialog_for: Open) -> None:
    dialog = dialog_for()
    assert not dialog.okButton.isEnabled() and "server" in dialog.okButton.toolTip()
    dialog.serverCombo.setEditText("data.example.org")
    assert not dialog.okButton.isEnabled() and "credentials" in dialog.okButton.toolTip()
    dialog.credentials.passwordEdit.setText("k")
    assert dialog.okButton.isEnabled() and dialog.testButton.isEnabled()
    for nonsense in ("", "  ", "http://", "[", "host:port", "://"):
        dialog.serverCombo.setEditText(nonsense)
        assert not dialog.okButton.isEnabled(), nonsense


@pytest.mark.parametrize(
    ("typed", "server"),
    [
        ("data.example.org", "https://data.example.org"),
        (" https://Data.example.org/ ", "https://Data.example.org"),
        ("LINZ Data Service (data.linz.govt.nz)", "https://data.linz.govt.nz"),
    ],
)
def test_addresses_are_taken_as_people_write_them(dialog_for: Open, typed: str, server: str) -> None:
    dialog = dialog_for()
    fill(dialog, typed, " secret ")
    assert dialog.account.server == server
    assert dialog.credentials.secret == Secret(password="secret")


def test_it_says_where_to_make_a_key_and_how_it_is_kept(dialog_for: Open) -> None:
    dialog = dialog_for()
    dialog.serverCombo.setEditText("data.linz.govt.nz")
    assert 'href="https://data.linz.govt.nz/my/api/"' in dialog.help.text()
    assert "master password" in dialog.help.text()
    dialog.serverCombo.setEditText('data.example.org/"><script>')
    assert "<script>" not in dialog.help.text()


def test_plain_http_is_offered_only_where_it_matters(dialog_for: Open, standin: Standin) -> None:
    dialog = dialog_for()
    for server, offered in (("data.example.org", False), (standin.url, False), ("http://data.example.org", True)):
        fill(dialog, server, "k")
        assert dialog.httpCheck.isVisible() is offered, server
    assert not dialog.account.allow_http
    dialog.httpCheck.setChecked(True)
    assert dialog.account.allow_http
    dialog.serverCombo.setEditText("https://data.example.org")
    assert not dialog.account.allow_http


def test_a_good_key_is_greeted_and_saved(dialog_for: Open, accounts: Accounts, standin: Standin) -> None:
    dialog = dialog_for()
    fill(dialog, standin.url, standin.key)
    dialog.titleEdit.setText("Council")
    assert "accepts the key" in answer_of(dialog)
    QTest.mouseClick(dialog.okButton, Qt.MouseButton.LeftButton)
    assert dialog.saved is not None and dialog.saved.label.startswith("Council (127.0.0.1")
    assert accounts.secret(accounts.all()[0]).password == standin.key
    assert not dialog.isVisible()


def test_the_reasons_are_told_apart(dialog_for: Open, standin: Standin) -> None:
    dialog = dialog_for()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        sentences = []
        for server, key in (
            (standin.url, "wrong-key"),
            (standin.url, standin.reader_key),
            ("https://nowhere.invalid", "k"),
            (closed, "k"),
        ):
            fill(dialog, server, key)
            sentences.append(answer_of(dialog))
    wrong, scopes, name, down = sentences
    assert "does not accept the key" in wrong
    assert "lacks the permission exports:" in scopes
    assert "No server called nowhere.invalid" in name
    assert "can't be reached" in down


def test_a_certificate_that_nobody_vouches_for_is_named(dialog_for: Open) -> None:
    with Standin(tls=True) as standin:
        dialog = dialog_for()
        fill(dialog, standin.url, standin.key)
        assert "certificate" in answer_of(dialog)


def test_changing_a_field_voids_the_test(dialog_for: Open, standin: Standin) -> None:
    dialog = dialog_for()
    fill(dialog, standin.url, standin.key)
    answer_of(dialog)
    dialog.credentials.passwordEdit.setText("other")
    assert dialog.notice.text == ""
    QTest.mouseClick(dialog.testButton, Qt.MouseButton.LeftButton)
    dialog.serverCombo.setEditText("data.example.org")
    assert dialog.notice.text == ""


def test_editing_never_shows_the_key_and_keeps_it_when_left_empty(
    dialog_for: Open, accounts: Accounts, standin: Standin
) -> None:
    account = accounts.save(Account("koordinates", standin.url, "Old"), Secret(password=standin.key))
    dialog = dialog_for(account)
    assert all(standin.key not in edit.text() for edit in dialog.findChildren(QLineEdit))
    assert "keep" in dialog.credentials.passwordEdit.placeholderText()
    assert "accepts the key" in answer_of(dialog), "the saved key is the one that is tested"
    dialog.titleEdit.setText("New")
    dialog.accept()
    (saved,) = accounts.all()
    assert saved.title == "New" and saved.authcfg == account.authcfg
    assert accounts.secret(saved).password == standin.key


def test_a_login_asks_for_both_and_its_help_is_plain_text(dialog_for: Open) -> None:
    dialog = dialog_for(service=Invented)
    fields = dialog.credentials
    assert dialog.account.server == "https://example.org", "the only server is chosen already"
    fields.passwordEdit.setText("p")
    assert not dialog.okButton.isEnabled()
    fields.userEdit.setText("me@example.org")
    assert dialog.okButton.isEnabled()
    assert fields.secret == Secret(username="me@example.org", password="p")
    assert "&lt;b&gt;" in dialog.help.text()
