"""Accounts: secrets in the authentication database and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings

from cutout.bridge.accounts import Account, Accounts, normal_server
from cutout.core.errors import ExportError
from cutout.core.http import Secret
from tests.standin.client import Standin

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
