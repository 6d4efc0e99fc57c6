"""The control of the search for secrets: what it is to find, planted in every form and every kind of file, it finds."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.siege.searching import ENCODINGS, Search, forms

SECRET = 'Zq7/k9+w&x=Ö41~end"<z'
LONG = "x" * 5000  # so that a row lies on several pages


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", forms(SECRET))
def test_it_finds_every_form(form: str, encoding: str, tmp_path: Path) -> None:
    search = Search({"key": SECRET})
    (tmp_path / "a.log").write_bytes(b"\0\xff before" + f"me:{forms(SECRET)[form]}@".encode(encoding) + b"after")
    search.folders(tmp_path)
    assert search.found and search.files == 1


def test_it_finds_what_is_packed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "project.qgz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("project.qgs", f"<a>{LONG}{SECRET}</a>")
        packed.writestr("inner.gz", gzip.compress(SECRET.encode("utf-16-le")))
    with closing(sqlite3.connect(tmp_path / "jobs.sqlite")) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("CREATE TABLE jobs (body TEXT)")
        base.execute("INSERT INTO jobs VALUES (?)", [f"{LONG[:4080]}{SECRET}{LONG}"])
        base.commit()
        search = Search({"key": SECRET})
        search.folders(tmp_path)
        assert any("jobs.sqlite" in one for one in search.found)  # in the WAL
    search = Search({"key": SECRET})
    search.folders(tmp_path)
    where = {one.rpartition("/")[2] for one in search.found}
    expected = {"project.qgz > project.qgs", "project.qgz > inner.gz > gz"}
    if hasattr(sqlite3.Connection, "deserialize"):
        expected.add("jobs.sqlite > rows")
    assert expected <= where


def test_it_finds_it_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "key-0123456789.json").write_text("")
    search = Search({"key": "0123456789"})
    search.folders(tmp_path)
    assert len(search.found) == 1 and "the name of" in search.found[0]
