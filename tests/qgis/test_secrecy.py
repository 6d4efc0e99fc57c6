"""Where credentials go and where they don't: over which connections, into which texts, and out of the dialog again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsAuthConfigSslServer,
    QgsNetworkAccessManager,
    QgsProcessingException,
    QgsSettings,
)
from qgis.PyQt.QtNetwork import QSslCertificate, QSslError
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLineEdit

from cutout.bridge import log
from cutout.bridge.accounts import Account, Accounts, normal_server
from cutout.bridge.network import network, proxy_rules
from cutout.bridge.tasks import unexpected
from cutout.core.errors import TransientError
from cutout.core.http import Http, Secret
from cutout.providers import services
from cutout.toolbox.provider import CutoutProcessing
from cutout.ui.account_dialog import AccountDialog
from cutout.ui.credential_fields import Way
from tests.qgis.invented import Modelled, offering
from tests.qgis.toolbox import ROCKIES, run
from tests.standin.client import Standin
from tests.unit.scripted_server import ScriptedServer

KEY = "Zq7/k9+w&x=41~end"
OPEN = "http://site.example"


@pytest.fixture
def accounts(qgis_app: QgsApplication) -> Iterator[Accounts]:
    assert qgis_app.authManager().setMasterPassword("test", True)
    QgsSettings().remove("cutout")
    yield Accounts()
    QgsSettings().remove("cutout")


@pytest.fixture
def beyond(qgis_app: QgsApplication) -> Iterator[ScriptedServer]:
    """The world, as a proxy on this machine sees it: whatever is asked by plain http arrives here."""
    settings = QgsSettings()
    with ScriptedServer() as server:
        for key, value in {"Enabled": True, "Type": "HttpProxy", "Host": "127.0.0.1"}.items():
            settings.setValue(f"proxy/proxy{key}", value)
        settings.setValue("proxy/proxyPort", server.url().rpartition(":")[2])
        QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
        yield server
    settings.remove("proxy")
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()


@pytest.mark.parametrize("allowed", [False, True])
def test_processing_asks_over_plain_http_only_where_the_account_allows_it(
    accounts: Accounts, beyond: ScriptedServer, tmp_path: Path, allowed: bool
) -> None:
    accounts.save(Account("koordinates", OPEN, allow_http=allowed), Secret(password=KEY))
    provider = CutoutProcessing(accounts)
    QgsApplication.processingRegistry().addProvider(provider)
    try:
        with pytest.raises(QgsProcessingException) as refusal:
            run("koordinates", SERVER=OPEN, ITEMS="layer:1", EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    finally:
        QgsApplication.processingRegistry().removeProvider(provider)
    assert bool(beyond.seen()) is allowed
    assert ("plain http" in str(refusal.value)) is not allowed
    assert all(one.headers["host"] == "site.example" and KEY in one.headers["authorization"] for one in beyond.seen())


def test_allowing_it_for_one_account_allows_no_other(accounts: Accounts, beyond: ScriptedServer) -> None:
    accounts.save(Account("koordinates", OPEN, allow_http=True), Secret(password=KEY))
    other = accounts.save(Account("koordinates", "http://other.example"), Secret(password=KEY))
    with pytest.raises(Exception, match="plain http"):
        accounts.connect_to(other).greet()
    assert not beyond.seen()


def test_errors_of_certificates_that_qgis_ignores_are_not_ignored_here(accounts: Accounts) -> None:
    with Standin(tls=True) as standin:
        manager = QgsApplication.authManager()
        config = QgsAuthConfigSslServer()
        config.setSslCertificate(QSslCertificate.fromPath(str(standin.certificate))[0])
        config.setSslHostPort(standin.url.partition("://")[2])
        errors = QSslError.SslError
        config.setSslIgnoredErrorEnums([errors.SelfSignedCertificate, errors.UnableToGetLocalIssuerCertificate])
        assert manager.storeSslCertCustomConfig(config)
        try:
            assert manager.sslCertCustomConfigByHost(standin.url.partition("://")[2]).sslIgnoredErrorEnums()
            http = Http(standin.url, {"Authorization": f"key {standin.key}"}, network())
            with pytest.raises(TransientError, match="not trusted"):
                http.get("/services/api/v1.x/layers/", tries=1)
            assert standin.requests() == []
        finally:
            manager.removeSslCertCustomConfig(
                config.sslCertificate().digest().toHex().data().decode(), config.sslHostPort()
            )


@pytest.mark.parametrize(
    "typed",
    [
        "https://me:0123456789abcdef@data.example.org/",
        "https://data.example.org/services;key=0123456789abcdef/wfs",
        "https://data.example.org/?api_key=0123456789abcdef",
        "https://data.example.org/;key=0123456789abcdef",
    ],
)
def test_a_server_is_kept_without_what_is_secret_in_its_address(typed: str) -> None:
    assert normal_server(typed) == "https://data.example.org"


def test_the_dialog_hides_what_is_typed_and_forgets_it(accounts: Accounts) -> None:
    with offering(Modelled):
        dialog = AccountDialog(accounts, Modelled)
        fields, edit = dialog.credentials, dialog.credentials.passwordEdit
        combo = fields.wayCombo
        combo.setCurrentIndex(combo.findData(Way.SHARE_KEY.value))
        assert edit.echoMode() == QLineEdit.EchoMode.Password
        QTest.keyClicks(edit, KEY)
        assert KEY not in edit.displayText() and edit.completer() is None
        edit.setPasswordVisibility(True)
        assert edit.displayText() == KEY
        combo.setCurrentIndex(combo.findData(Way.CLIENT.value))
        assert edit.echoMode() == QLineEdit.EchoMode.Password, "what was shown once is not shown for another way"
        edit.setPasswordVisibility(True)
        dialog.reject()
        assert edit.text() == "" and edit.echoMode() == QLineEdit.EchoMode.Password
        edit.undo()
        assert edit.text() == ""
        dialog.deleteLater()


def test_the_settings_of_qgis_hold_no_secret(accounts: Accounts) -> None:
    for service in services().values():
        accounts.save(Account(service.id, "https://a.example", "A"), Secret("me", f"{KEY}-{service.id}"))
    settings = QgsSettings()
    settings.sync()
    values = [str(settings.value(key)) for key in settings.allKeys()]
    assert any("a.example" in value for value in values) and not any(KEY in value for value in values)


def test_a_bug_with_the_key_in_its_words_tells_no_log(accounts: Accounts, caplog: pytest.LogCaptureFixture) -> None:
    saved = accounts.save(Account("koordinates", "https://a.example"), Secret(password=KEY))
    provider = accounts.connect_to(saved)
    handler = log.attach()
    said: list[str] = []
    QgsApplication.messageLog().messageReceived.connect(said.append)
    try:
        with caplog.at_level(logging.DEBUG):
            try:
                raise KeyError(f"https://a.example/x?sig=zzsigzz {provider.secret.password}")
            except KeyError as error:
                told = str(unexpected(error))
    finally:
        QgsApplication.messageLog().messageReceived.disconnect(said.append)
        log.detach(handler)
    assert len(caplog.records) == 1 and "Traceback" in caplog.text and "KeyError" in told
    for text in (told, caplog.text, *said):
        assert KEY not in text and "zzsigzz" not in text, text
    assert any("KeyError" in text for text in said)


def test_what_python_shows_of_objects_has_no_secret(accounts: Accounts, qgis_app: QgsApplication) -> None:
    settings = QgsSettings()
    for key, value in {
        "Enabled": True,
        "Type": "HttpProxy",
        "Host": "127.0.0.1",
        "User": "me",
        "Password": KEY,
    }.items():
        settings.setValue(f"proxy/proxy{key}", value)
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
    try:
        assert "me:" in proxy_rules()("https://a.example")["https"]
        saved = accounts.save(Account("itwin", "https://a.example"), Secret("client", KEY))
        provider = accounts.connect_to(saved)
        things = (provider, provider.secret, provider.http, provider.http.network, saved, proxy_rules())
        shown = " ".join(repr(thing) + str(thing) for thing in things)
        assert KEY not in shown and "me:" not in shown
    finally:
        settings.remove("proxy")
        QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
