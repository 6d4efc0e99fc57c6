"""What keeps the poller's work off the main thread: connections that are kept, and a thread for the list of jobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QObject

from cutout.bridge import connections
from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.clerk import Clerk
from cutout.bridge.connections import Connections
from cutout.bridge.jobs import Jobs
from cutout.bridge.news import News
from cutout.core.errors import ExportError
from cutout.core.http import Secret
from cutout.core.store import Store
from tests.qgis.waiting import wait_until

SERVER = "https://data.example"
WHERE = ("koordinates", SERVER, "")


@pytest.fixture
def accounts(qgis_app: QObject) -> Accounts:
    QgsApplication.authManager().setMasterPassword("test", True)
    QgsSettings().remove("cutout")
    return Accounts()


def test_a_connection_is_kept_until_its_account_changes(accounts: Accounts) -> None:
    account = accounts.save(Account("koordinates", SERVER), Secret(password="one"))
    kept = Connections(accounts, News(lambda text, level: None))
    assert kept.of(WHERE)[1] is kept.of(WHERE)[1]
    accounts.save(account, Secret(password="two"))
    assert kept.of(WHERE)[1].secret.password == "two"
    accounts.remove(account)
    with pytest.raises(ExportError, match="no account"):
        kept.of(WHERE)


def test_a_connection_is_not_kept_for_long(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.save(Account("koordinates", SERVER), Secret(password="one"))
    kept = Connections(accounts, News(lambda text, level: None))
    first = kept.of(WHERE)[1]
    monkeypatch.setattr(connections, "KEPT", -1.0)
    assert kept.of(WHERE)[1] is not first


@pytest.fixture
def clerk(qgis_app: QObject) -> Iterator[Clerk]:
    parent = QObject()
    clerk = Clerk(parent)
    yield clerk
    clerk.stop()


def test_the_clerk_works_aside_and_tells_on_the_main_thread(clerk: Clerk) -> None:
    told: list[tuple[object, str]] = []

    def tell(outcome: object) -> None:
        told.append((outcome, threading.current_thread().name))

    def fail() -> None:
        raise ExportError("The disk is full.")

    clerk.do(lambda: threading.current_thread().name, tell, tell)
    clerk.do(fail, tell, tell)
    clerk.do(lambda: 1 // 0, tell, tell)
    wait_until(lambda: len(told) == 3)
    assert told[0][0] == "cutout-clerk" and str(told[1][0]) == "The disk is full."
    assert "ZeroDivisionError" in str(told[2][0])
    assert {thread for _, thread in told} == {threading.main_thread().name}


def test_after_its_end_the_clerk_tells_nobody(clerk: Clerk) -> None:
    told: list[object] = []
    clerk.do(lambda: 1, told.append, told.append)
    clerk.stop()
    QgsApplication.processEvents()
    assert told == []


def test_the_window_does_not_wait_for_whoever_keeps_the_list_locked(accounts: Accounts, tmp_path: Path) -> None:
    store = Store(tmp_path / "jobs.sqlite")
    jobs = Jobs(Store(tmp_path / "jobs.sqlite"), accounts, lambda: tmp_path, None, lambda: 1e6)
    jobs.start()
    with store._writing():
        wait_until(lambda: jobs.is_looking)
        began = time.monotonic()
        QgsApplication.processEvents()
        assert time.monotonic() - began < 0.1
        wait_until(lambda: jobs._failures)
    wait_until(lambda: not jobs._failures)
    jobs.stop()
    store.close()
