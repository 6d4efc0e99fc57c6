"""Accounts: secrets in the authentication database and nowhere else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtTest import QTest

from cutout.bridge import sign_in
from cutout.bridge.accounts import SESSION, Account, Accounts, normal_server
from cutout.bridge.sign_in import Client, has_pkce, redirect
from cutout.core.errors import ExportError
from cutout.core.http import Secret
from cutout.core.provider import OAuth2
from tests.qgis.browser import browser, free_port
from tests.qgis.invented import Modelled, offering
from tests.standin.client import Standin
from tests.unit.scripted_server import Reply, ScriptedServer

TOKEN = "0123456789abcdef-secret-of-the-test"


@pytest.fixture
def accounts(qgis_app: QgsApplication) -> Accounts:
    assert qgis_app.authManager().setMasterPassword("test", True)
    QgsSettings().remove("cutout")
    return Accounts()


def test_saved_and_read_back(accounts: Accounts) -> None:
    told: list[int] = []
    accounts.changed.connect(lambda: told.append(1))
    saved = accounts.save(Account("koordinates", "data.linz.govt.nz/", "LINZ"), Secret(password=TOKEN))
    assert (saved.server, saved.label) == ("https://data.linz.govt.nz", "LINZ (data.linz.govt.nz)")
    assert accounts.all("koordinates") == (saved,)
    assert accounts.all("brightearth") == ()
    assert accounts.secret(saved) == Secret(password=TOKEN)
    assert accounts.get("koordinates", "https://data.linz.govt.nz/") == saved
    assert told


def test_editing_without_a_new_key_keeps_the_old_one(accounts: Accounts) -> None:
    saved = accounts.save(Account("koordinates", "https://a.example", "A"), Secret(password=TOKEN))
    renamed = accounts.save(Account("koordinates", "https://a.example", "B", saved.authcfg))
    assert renamed.authcfg == saved.authcfg and accounts.all() == (renamed,)
    assert accounts.secret(renamed).password == TOKEN
    accounts.save(renamed, Secret(password="another-key"))
    assert accounts.secret(renamed).password == "another-key"


def test_the_secret_is_in_no_file_in_the_clear(accounts: Accounts) -> None:
    accounts.save(Account("koordinates", "https://a.example"), Secret(password=TOKEN))
    QgsSettings().sync()
    profile = Path(QgsApplication.qgisAuthDatabaseFilePath()).parent
    files = [path for path in profile.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    assert not [path for path in files if TOKEN.encode() in path.read_bytes()]
    assert TOKEN not in repr(Secret(password=TOKEN))


def test_removing_forgets_the_credentials_too(accounts: Accounts) -> None:
    saved = accounts.save(Account("koordinates", "https://a.example"), Secret(password=TOKEN))
    accounts.remove(saved)
    assert accounts.all() == ()
    assert saved.authcfg not in QgsApplication.authManager().availableAuthMethodConfigs()
    with pytest.raises(ExportError, match="not in QGIS's authentication database"):
        accounts.secret(saved)
    with pytest.raises(ExportError, match="no account for a.example"):
        accounts.get("koordinates", "https://a.example")


def test_a_login_with_user_and_password(accounts: Accounts) -> None:
    saved = accounts.save(Account("brightearth", "https://b.example"), Secret("me@example.org", "pässwörd"))
    assert accounts.secret(saved) == Secret("me@example.org", "pässwörd")


def test_any_other_auth_config_gives_the_headers_it_makes(accounts: Accounts) -> None:
    config = QgsAuthMethodConfig("EsriToken")
    config.setName("other")
    config.setConfig("token", TOKEN)
    stored, config = QgsApplication.authManager().storeAuthenticationConfig(config)
    assert stored
    headers = accounts.secret(Account("itwin", "https://c.example", authcfg=config.id())).headers
    assert any(TOKEN in value for value in headers.values())


def test_a_provider_that_works(accounts: Accounts) -> None:
    with Standin() as standin:
        saved = accounts.save(Account("koordinates", standin.url), Secret(password=standin.key))
        assert "may order exports" in accounts.connect_to(saved).greet()
        assert "may order exports" in accounts.connect_to(saved, Secret(password=standin.key)).greet()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("data.linz.govt.nz", "https://data.linz.govt.nz"),
        (" https://data.linz.govt.nz/ ", "https://data.linz.govt.nz"),
        ("HTTP://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://a.example/services/api/v1/?x=1#y", "https://a.example/services/api/v1"),
    ],
)
def test_addresses_as_people_type_them(typed: str, kept: str) -> None:
    assert normal_server(typed) == kept


# --- auth configs that Cutout did not make, and those that several accounts share -----------------------------------


def config_of_the_person(token: str = TOKEN) -> str:
    """The id of an auth config that somebody has made in QGIS."""
    config = QgsAuthMethodConfig("EsriToken")
    config.setName("Mine")
    config.setConfig("token", token)
    stored, config = QgsApplication.authManager().storeAuthenticationConfig(config)
    assert stored
    return config.id()


def known(authcfg: str) -> bool:
    return authcfg in QgsApplication.authManager().configIds()


def test_an_auth_config_of_the_person_stays_when_the_account_goes(accounts: Accounts) -> None:
    mine = config_of_the_person()
    saved = accounts.save(Account("itwin", "https://c.example", authcfg=mine, way="oauth2"))
    accounts.remove(saved)
    assert accounts.all() == ()
    assert known(mine)


def test_a_new_key_never_goes_into_an_auth_config_of_the_person(accounts: Accounts) -> None:
    mine = config_of_the_person()
    saved = accounts.save(Account("itwin", "https://c.example", authcfg=mine, way="oauth2"))
    edited = accounts.save(saved, Secret("sharekey", "k"))
    assert edited.key == saved.key and edited.authcfg != mine and edited.own
    assert accounts.secret(edited) == Secret("sharekey", "k")
    assert any(TOKEN in value for value in accounts.secret(replace(saved, key="", own=False)).headers.values())
    accounts.remove(edited)
    assert known(mine) and not known(edited.authcfg)


def test_choosing_an_auth_config_instead_of_a_key_forgets_the_key(accounts: Accounts) -> None:
    keyed = accounts.save(Account("itwin", "https://c.example"), Secret("sharekey", "k"))
    mine = config_of_the_person()
    edited = accounts.save(replace(keyed, authcfg=mine, own=False, way="oauth2"))
    assert accounts.all() == (edited,) and not known(keyed.authcfg)


def test_two_accounts_may_share_an_auth_config(accounts: Accounts) -> None:
    mine = config_of_the_person()
    one = accounts.save(Account("itwin", "https://one.example", "One", mine))
    two = accounts.save(Account("itwin", "https://two.example", "Two", mine))
    assert accounts.all() == (one, two)
    assert accounts.get("itwin", "https://two.example", mine) == two
    accounts.remove(one)
    assert accounts.all() == (two,)
    left = accounts.get("itwin", "https://one.example", mine)  # a job at One has nothing to look for at Two
    assert (left.server, left.authcfg, left.key) == ("https://one.example", mine, "")
    with pytest.raises(ExportError, match="no account for one.example"):
        accounts.get("itwin", "https://one.example", "gone123")


def test_a_key_of_cutouts_own_goes_with_the_last_account_that_needs_it(accounts: Accounts) -> None:
    one = accounts.save(Account("itwin", "https://one.example", "One"), Secret("sharekey", "k"))
    two = accounts.save(Account("itwin", "https://two.example", "Two", one.authcfg))
    accounts.remove(one)
    assert known(one.authcfg) and accounts.secret(two).password == "k"
    accounts.remove(accounts.all()[0])
    assert not known(one.authcfg)


def test_an_account_of_the_first_layout_is_read_edited_and_removed(accounts: Accounts) -> None:
    authcfg = accounts.save(Account("koordinates", "https://a.example"), Secret(password=TOKEN)).authcfg
    settings = QgsSettings()
    settings.remove("cutout")
    for name, value in (("service", "koordinates"), ("server", "https://a.example"), ("title", "A")):
        settings.setValue(f"cutout/accounts/{authcfg}/{name}", value)
    (old,) = accounts.all()
    assert (old.authcfg, old.label, old.own) == (authcfg, "A (a.example)", True)
    renamed = accounts.save(replace(old, title="B"))
    assert accounts.all() == (renamed,) and accounts.secret(renamed).password == TOKEN
    accounts.remove(renamed)
    assert accounts.all() == () and not known(authcfg)


@pytest.mark.parametrize(
    ("service", "secret", "way"),
    [
        ("koordinates", Secret(password="k"), "token"),
        ("brightearth", Secret("me@example.org", "p"), "login"),
        ("itwin", Secret("sharekey", "k"), "sharekey"),
        ("itwin", Secret("client-1", "s"), "client"),
    ],
)
def test_the_way_to_sign_in_is_remembered(accounts: Accounts, service: str, secret: Secret, way: str) -> None:
    saved = accounts.save(Account(service, "https://a.example"), secret)
    assert accounts.all() == (saved,) and saved.way == way
    assert accounts.secret(saved) == secret


# --- signing in in the web browser ------------------------------------------------------------------------------


@pytest.fixture
def identity() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        token = {"access_token": "T1", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "R"}
        server.on("/token", Reply(200, json.dumps(token).encode(), {"Content-Type": "application/json"}))
        yield server


@pytest.fixture
def browsing(accounts: Accounts, identity: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account that signs in at a server on this machine."""
    endpoints = OAuth2(identity.url("/authorize"), identity.url("/token"), "models offline_access")
    monkeypatch.setattr(Modelled, "oauth2", endpoints)
    monkeypatch.setattr(sign_in, "FIFTH", 2)
    with offering(Modelled):
        yield accounts.save(Account("modelled", "https://example.org"), Client("cid", free_port(), "s"))


@pytest.fixture
def brief(browsing: Account, accounts: Accounts, identity: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account whose token is over at once, and comes without another to renew it."""
    monkeypatch.setattr(Modelled, "oauth2", replace(Modelled.oauth2, scope="models"))
    token = {"access_token": "T1", "token_type": "Bearer", "expires_in": 1}
    identity.on("/token", Reply(200, json.dumps(token).encode(), {"Content-Type": "application/json"}))
    return accounts.save(browsing, Client("cid", free_port(), "s"))


def port_of(account: Account) -> int:
    return int(stored_config(account)["redirectPort"])


def stored_config(account: Account) -> dict[str, Any]:
    loaded, config = QgsApplication.authManager().loadAuthenticationConfig(account.authcfg, QgsAuthMethodConfig(), True)
    assert loaded and config.method() == "OAuth2"
    return json.loads(config.config("oauth2config"))


def test_qgis_signs_in_with_the_config_that_cutout_makes(
    accounts: Accounts, identity: ScriptedServer, browsing: Account
) -> None:
    assert browsing.own and browsing.way == "oauth2"
    accounts.unlock(browsing)
    with browser(port_of(browsing)):
        assert accounts.secret(browsing).headers == {"Authorization": "Bearer T1"}
    (asked,) = identity.seen("/token")
    form = dict(parse_qsl(asked.body.decode()))
    assert (form["client_id"], form["code"], form["grant_type"]) == ("cid", "CODE", "authorization_code")
    assert form["redirect_uri"] == redirect(port_of(browsing))
    if has_pkce():
        assert len(form["code_verifier"]) >= 43 and "client_secret" not in form
    else:
        assert form["client_secret"] == "s"


def test_no_browser_opens_before_somebody_asks_for_it(
    accounts: Accounts, identity: ScriptedServer, browsing: Account
) -> None:
    assert accounts.is_unlocked() and not accounts.is_ready(browsing)
    with pytest.raises(ExportError, match="not signed in to example.org"):
        accounts.secret(browsing)
    accounts.unlock(browsing)
    with browser(port_of(browsing)):
        accounts.secret(browsing)
    assert accounts.is_ready(browsing)
    accounts._willing = ("", 0.0)  # as after a while
    assert accounts.secret(browsing).headers and len(identity.seen("/token")) == 1, "QGIS keeps the token"


def test_no_browser_opens_when_a_sign_in_is_over(
    accounts: Accounts, identity: ScriptedServer, brief: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.unlock(brief)
    with browser(port_of(brief)):
        first = accounts.secret(brief)
    accounts._willing = ("", 0.0)
    QTest.qWait(1500)  # until the token is over, of which QGIS does not tell
    begun = time.monotonic()
    assert accounts.secret(brief) == first and len(identity.seen("/token")) == 1
    monkeypatch.setattr(time, "monotonic", lambda: begun + SESSION)
    assert not accounts.is_ready(brief), "the service would not take it any more"
    with pytest.raises(ExportError, match="not signed in to example.org"):
        accounts.secret(brief)


def test_the_browser_opens_for_the_account_that_somebody_asked_for(
    accounts: Accounts, identity: ScriptedServer, browsing: Account
) -> None:
    accounts.unlock(accounts.save(Account("koordinates", "https://a.example"), Secret(password=TOKEN)))
    assert not accounts.may_open(browsing)
    with pytest.raises(ExportError, match="not signed in"):
        accounts.secret(browsing)
    accounts.unlock(browsing)
    assert accounts.may_open(browsing) and not accounts.is_ready(browsing)


def test_an_application_signs_in_without_a_person(accounts: Accounts) -> None:
    for flow, ready in ((0, False), (2, True), (3, False), (4, True)):
        config = QgsAuthMethodConfig("OAuth2")
        config.setName(f"Flow {flow}")
        config.setConfig("oauth2config", json.dumps({"grantFlow": flow, "version": 1}))
        _, config = QgsApplication.authManager().storeAuthenticationConfig(config)
        assert accounts.is_ready(Account("itwin", "https://a.example", authcfg=config.id())) is ready


def test_a_sign_in_that_nobody_finishes_says_what_to_do(accounts: Accounts, browsing: Account) -> None:
    accounts.unlock(browsing)
    said: list[str] = []

    def meanwhile() -> None:
        assert not accounts.is_unlocked(), "whoever asks out of the blue has to wait"
        with pytest.raises(ExportError, match="waiting for a sign-in"):
            accounts.secret(browsing)
        said.append("waited")

    QTimer.singleShot(1000, meanwhile)
    with pytest.raises(ExportError, match="could not sign in to example.org") as failure:
        accounts.secret(browsing)
    assert said == ["waited"]
    assert "web browser" in failure.value.advice and "online" in failure.value.advice
    assert ("Start QGIS again" in failure.value.advice) is not has_pkce()
    assert not accounts.is_ready(browsing) and accounts.is_unlocked()


def test_a_flow_that_this_qgis_does_not_have_is_told_at_once(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sign_in.SINCE, sign_in.PKCE, (99900, "9.99"))
    config = QgsAuthMethodConfig("OAuth2")
    config.setName("Newer")
    config.setConfig("oauth2config", json.dumps({"grantFlow": sign_in.PKCE, "version": 1}))
    _, config = QgsApplication.authManager().storeAuthenticationConfig(config)
    newer = Account("itwin", "https://a.example", authcfg=config.id())
    accounts.unlock(newer)
    with pytest.raises(ExportError, match="“Newer” signs in in a way that QGIS has from version 9.99 on"):
        accounts.secret(newer)


def test_a_draft_leaves_nothing_behind(accounts: Accounts, browsing: Account) -> None:
    before = set(QgsApplication.authManager().configIds())
    draft = accounts.draft(browsing, Client("other", free_port(), "s"))
    assert stored_config(draft)["clientId"] == "other" and stored_config(browsing)["clientId"] == "cid"
    assert accounts.all() == (browsing,)
    accounts.discard(draft)
    assert set(QgsApplication.authManager().configIds()) == before
