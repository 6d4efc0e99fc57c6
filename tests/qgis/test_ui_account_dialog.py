"""Adding, editing and testing an account against the stand-in."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLineEdit

from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.sign_in import has_pkce
from cutout.core.http import Secret
from cutout.core.provider import OAuth2, Provider
from cutout.providers import services
from cutout.ui.account_dialog import AccountDialog
from cutout.ui.credential_fields import Way
from tests.qgis.browser import browser, free_port
from tests.qgis.invented import Invented, Modelled, offering
from tests.qgis.waiting import wait_until
from tests.standin.client import Standin
from tests.unit.scripted_server import Reply, ScriptedServer


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
    wait_until(lambda: dialog.notice.text and "…" not in dialog.notice.text)
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


# --- several ways to sign in ----------------------------------------------------------------------------------------


def choose(dialog: AccountDialog, way: Way) -> None:
    combo = dialog.credentials.wayCombo
    combo.setCurrentIndex(combo.findData(way.value))


def shown(dialog: AccountDialog) -> set[str]:
    fields = dialog.credentials
    named = (fields.userEdit, fields.passwordEdit, fields.portSpin, fields.redirectEdit, fields.select)
    return {field.objectName() for field in named if field.isVisible()}


@pytest.fixture
def modelled() -> Iterator[type[Modelled]]:
    with offering(Modelled):
        yield Modelled


def test_one_way_is_not_asked_for(dialog_for: Open) -> None:
    assert not dialog_for().credentials.wayCombo.isVisible()


def test_every_way_has_its_own_fields(dialog_for: Open, modelled: type[Modelled]) -> None:
    dialog = dialog_for(service=modelled)
    combo = dialog.credentials.wayCombo
    offered_ways = [combo.itemData(i) for i in range(combo.count())]
    assert offered_ways == ["browser", "config", "sharekey", "client", "token"], "the service's own order"
    browser = {"userEdit", "portSpin", "redirectEdit"} | (set() if has_pkce() else {"passwordEdit"})
    for way, fields in (
        (Way.BROWSER, browser),
        (Way.CONFIG, {"configSelect"}),
        (Way.SHARE_KEY, {"passwordEdit"}),
        (Way.CLIENT, {"userEdit", "passwordEdit"}),
        (Way.TOKEN, {"passwordEdit"}),
    ):
        choose(dialog, way)
        assert shown(dialog) == fields, way
        assert not dialog.okButton.isEnabled(), way


@pytest.mark.parametrize(
    ("way", "user", "password", "secret"),
    [
        (Way.SHARE_KEY, "", "k", Secret("sharekey", "k")),
        (Way.CLIENT, "cid", "s", Secret("cid", "s")),
        (Way.TOKEN, "", "t", Secret(password="t")),
    ],
)
def test_what_is_typed_is_saved_in_that_way_and_edited_in_it(
    dialog_for: Open, accounts: Accounts, modelled: type[Modelled], way: Way, user: str, password: str, secret: Secret
) -> None:
    dialog = dialog_for(service=modelled)
    choose(dialog, way)
    dialog.credentials.userEdit.setText(user)
    dialog.credentials.passwordEdit.setText(password)
    QTest.mouseClick(dialog.okButton, Qt.MouseButton.LeftButton)
    (saved,) = accounts.all()
    assert accounts.secret(saved) == secret
    again = dialog_for(saved, modelled)
    assert again.credentials.way is way and again.okButton.isEnabled(), "what is saved is kept"
    again.accept()
    assert accounts.all() == (saved,) and accounts.secret(saved) == secret


def test_another_way_wants_its_own_credentials(dialog_for: Open, accounts: Accounts, modelled: type[Modelled]) -> None:
    saved = accounts.save(Account("modelled", "https://example.org"), Secret("sharekey", "k"))
    dialog = dialog_for(saved, modelled)
    choose(dialog, Way.TOKEN)
    assert not dialog.okButton.isEnabled()
    dialog.credentials.passwordEdit.setText("t")
    dialog.accept()
    (edited,) = accounts.all()
    assert edited.key == saved.key
    assert accounts.secret(edited).password == "t" and accounts.secret(edited).username == ""
    assert saved.authcfg not in QgsApplication.authManager().configIds(), "the share key is forgotten"


def test_the_vendors_endpoints_need_only_a_client_id(
    dialog_for: Open, accounts: Accounts, modelled: type[Modelled]
) -> None:
    dialog = dialog_for(service=modelled)
    dialog.credentials.userEdit.setText("cid")
    dialog.credentials.passwordEdit.setText("" if has_pkce() else "s")
    dialog.credentials.portSpin.setValue(9123)
    assert dialog.credentials.redirectEdit.text() == "http://127.0.0.1:9123/"
    assert ("3.34" in dialog.help.text()) is not has_pkce()
    dialog.accept()
    (saved,) = accounts.all()
    loaded, config = QgsApplication.authManager().loadAuthenticationConfig(saved.authcfg, QgsAuthMethodConfig(), True)
    values = json.loads(config.config("oauth2config"))
    assert loaded and (values["clientId"], values["redirectPort"]) == ("cid", 9123)
    assert (values["requestUrl"], values["tokenUrl"]) == (modelled.oauth2.authorize, modelled.oauth2.token)
    assert values["scope"] == "models offline_access" and values["grantFlow"] == (3 if has_pkce() else 0)
    assert dialog_for(saved, modelled).credentials.way is Way.BROWSER


def test_a_config_of_the_person_is_chosen_and_never_changed(
    dialog_for: Open, accounts: Accounts, modelled: type[Modelled]
) -> None:
    config = QgsAuthMethodConfig("EsriToken")
    config.setName("Mine")
    config.setConfig("token", "abc")
    _, config = QgsApplication.authManager().storeAuthenticationConfig(config)
    dialog = dialog_for(service=modelled)
    choose(dialog, Way.CONFIG)
    assert not dialog.okButton.isEnabled() and "auth config" in dialog.okButton.toolTip()
    dialog.credentials.select.setConfigId(config.id())
    dialog.accept()
    (saved,) = accounts.all()
    assert saved.authcfg == config.id() and not saved.own
    again = dialog_for(saved, modelled)
    assert again.credentials.way is Way.CONFIG and again.credentials.select.configId() == config.id()
    choose(again, Way.SHARE_KEY)
    again.credentials.passwordEdit.setText("k")
    again.accept()
    _, kept = QgsApplication.authManager().loadAuthenticationConfig(config.id(), QgsAuthMethodConfig(), True)
    assert (kept.method(), kept.config("token"), kept.name()) == ("EsriToken", "abc", "Mine")


def test_a_sign_in_is_tried_before_it_is_saved_and_forgotten_with_the_dialog(
    dialog_for: Open, accounts: Accounts, modelled: type[Modelled], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer() as server:
        token = {"access_token": "T1", "token_type": "Bearer", "expires_in": 3600}
        server.on("/token", Reply(200, json.dumps(token).encode(), {"Content-Type": "application/json"}))
        monkeypatch.setattr(modelled, "oauth2", OAuth2(server.url("/authorize"), server.url("/token"), "models"))
        monkeypatch.setattr(modelled, "greet", lambda provider: f"Hello {provider.secret.headers['Authorization']}")
        for kept in (False, True):
            before = set(QgsApplication.authManager().configIds())
            dialog = dialog_for(service=modelled)
            dialog.credentials.portSpin.setValue(free_port())
            dialog.credentials.userEdit.setText("cid")
            dialog.credentials.passwordEdit.setText("" if has_pkce() else "s")
            with browser(dialog.credentials.portSpin.value()):
                assert answer_of(dialog) == "Hello Bearer T1"
            assert accounts.all() == ()
            dialog.accept() if kept else dialog.reject()
            assert len(set(QgsApplication.authManager().configIds()) - before) == kept
        (saved,) = accounts.all()
        assert accounts.secret(saved).headers == {"Authorization": "Bearer T1"}, "signed in already"
        assert len(server.seen("/token")) == 2
