"""Where qgis_process has its credentials from: an auth config, a saved account, the environment; never a parameter."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from tests.headless.orders import counties, found, orders_sent, whole
from tests.headless.process import Headless, command
from tests.headless.vault import Saved
from tests.standin.client import Standin


def test_an_auth_config_orders_and_its_job_is_collected_with_it(vault: Headless, saved: Saved, site: Standin) -> None:
    placed = vault.run("koordinates", saved.opened, **counties(site, AUTHCFG=saved.authcfg, WAIT=False)).results
    assert vault.jobs()[0].authcfg == saved.authcfg
    results = vault.run("collect", saved.opened, JOB_ID=placed["JOB_ID"]).results
    assert results["STATE"] == "done" and whole(results["OUTPUT"]) and all(map(found, results["LAYERS"]))
    assert orders_sent(site) == 1


def test_a_saved_account_needs_no_parameter(vault: Headless, saved: Saved, site: Standin) -> None:
    assert vault.run("koordinates", saved.opened, **counties(site, DRY_RUN=True)).results["STATE"] == "new"


@pytest.mark.parametrize("which", ["wrong", "none"])
def test_without_the_master_password_it_ends_and_asks_nobody(
    vault: Headless, saved: Saved, site: Standin, which: str
) -> None:
    environment = {**(saved.closed if which == "wrong" else {}), "CUTOUT_TOKEN": site.key}
    ended = vault.run("koordinates", environment, **counties(site, AUTHCFG=saved.authcfg))
    assert ended.status == 1 and "AUTHCFG: " in ended.err and "QGIS_AUTH_PASSWORD_FILE" in ended.err
    assert site.requests() == [] and vault.jobs() == []


def test_with_a_token_a_locked_account_is_left_alone(vault: Headless, saved: Saved, site: Standin) -> None:
    environment = {**saved.closed, "CUTOUT_TOKEN": site.key}
    assert vault.run("koordinates", environment, **counties(site, DRY_RUN=True)).results["STATE"] == "new"


def test_an_unknown_auth_config_is_named(vault: Headless, saved: Saved, site: Standin) -> None:
    ended = vault.run("koordinates", saved.opened, **counties(site, AUTHCFG="abc1234"))
    assert ended.status == 1 and "AUTHCFG: " in ended.err and site.requests() == []


def test_without_credentials_it_says_which_are_looked_for(headless: Headless, site: Standin) -> None:
    ended = headless.run("koordinates", **counties(site))
    assert ended.status == 1 and "AUTHCFG: There are no credentials" in ended.err and "CUTOUT_TOKEN" in ended.err
    assert site.requests() == []


@pytest.mark.parametrize(("key", "said"), [("foreign_key", "does not accept the key"), ("reader_key", "exports:")])
def test_a_key_that_is_not_good_enough(headless: Headless, site: Standin, key: str, said: str) -> None:
    ended = headless.run("koordinates", {"CUTOUT_TOKEN": getattr(site, key)}, **counties(site))
    assert ended.status == 1 and "AUTHCFG: " in ended.err and said in ended.err
    assert site.exports() == [] and headless.jobs() == []


def test_what_it_makes_is_for_its_user_alone_whatever_the_umask_says(headless: Headless, site: Standin) -> None:
    """Also while it runs: what SQLite puts beside the list, and files that are not whole yet."""
    site.storage_settings(rate=10_000)
    scratch, made = headless.folder / "everybody's", headless.files / "made" / "here"
    scratch.mkdir()
    scratch.chmod(0o777)
    run = command("koordinates", **counties(site, OUTPUT=made))
    seen: dict[str, int] = {}

    def look() -> None:
        for top in (headless.store.parent, headless.files / "made", scratch):
            for parent, _, names in os.walk(top):
                for path in (parent, *(f"{parent}/{name}" for name in names)):
                    with suppress(FileNotFoundError):
                        seen[path] = os.stat(path).st_mode

    environment = {"CUTOUT_TOKEN": site.key, "TMPDIR": str(scratch)}
    with headless.process(["sh", "-c", 'umask 000; exec "$@"', "sh", *run], environment) as process:
        while process.poll() is None:
            look()
        assert headless.end(process).status == 0
    look()
    closed = {path for path, mode in seen.items() if not mode & 0o077}
    ours = {path for path in seen if not path.startswith(str(scratch))}
    opened = {path for path in ours - closed if not any(str(above) in closed for above in Path(path).parents)}
    assert opened == set(), {path: oct(seen[path]) for path in opened}
    store = str(headless.store)
    assert {store, f"{store}-wal", f"{store}-shm", str(headless.store.parent), str(made), str(made.parent)} <= closed
    assert any(path.endswith(".part") for path in ours) and any(path.endswith("cutout.json") for path in ours)
    assert [path for path in seen if "cutout" in Path(path).name and path not in closed and path not in ours] == []
