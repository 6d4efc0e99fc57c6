"""Which names become files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutout.core.names import NameRefused, Names, safe_path

OUT = [
    "/etc/passwd", "../x", "a/../../x", "a/..", "..", "\\\\server\\share\\x", "..\\..\\x", "a\\..\\..\\x",
    "C:\\x", "C:x", "c:/x", "//server/share", "\\x", "file:///x", "a/b:stream",
]  # fmt: skip
MISTAKEN = [
    "", ".", "./", "/", "a\x00b", "a\nb", "a\x7fb", "\x9fb", "a\u202efdp.exe", "a\u2066b", "a\u200fb", "a\u2028b",
    "a\ud800b", "CON", "con.txt", "nul", "a/AUX", "COM1", "lpt9.tif", "com\u00b9", "CON .txt", "conin$",
    "a.", "a ", "a. ", "dir./x", "dir /x", "x" * 241, "\u00e9" * 121, "/".join(["d" * 200] * 30),
]  # fmt: skip
GOOD = {
    "a.tif": "a.tif", "a/b/c.shp": "a/b/c.shp", "a\\b.shp": "a/b.shp", "./a//b": "a/b",
    "Straße/Łódź 1.gpkg": "Straße/Łódź 1.gpkg",
    "...a": "...a", ".hidden": ".hidden", "console.txt": "console.txt", "com10": "com10",
    "می\u200cخواهم.tif": "می\u200cخواهم.tif",
    "a..b": "a..b", "x" * 240: "x" * 240, "~/a": "~/a", "%2e%2e/a": "%2e%2e/a",
}  # fmt: skip


@pytest.mark.parametrize("name", [*OUT, *MISTAKEN])
def test_names_that_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NameRefused, match="was left out: its name") as caught:
        safe_path(tmp_path, name)
    assert caught.value.message.isprintable() and len(caught.value.message) < 250


@pytest.mark.parametrize(("name", "path"), GOOD.items())
def test_names_that_are_files(tmp_path: Path, name: str, path: str) -> None:
    assert safe_path(tmp_path, name) == tmp_path / path


def test_links_in_the_folder_lead_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    for name in ("out/x", "out", "out/job/x"):
        with pytest.raises(NameRefused, match="leads over a link"):
            safe_path(folder, name)


def test_a_folder_that_is_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "job").symlink_to(tmp_path / "real")
    assert safe_path(tmp_path / "job", "x") == tmp_path / "job" / "x"


@given(st.text(st.characters() | st.sampled_from("./\\: \x00"), max_size=40))
def test_whatever_the_name_the_file_is_inside(name: str) -> None:
    folder = Path("/nowhere/job")
    try:
        path = safe_path(folder, name)
    except NameRefused:
        return
    assert os.path.normpath(path).startswith("/nowhere/job/") and "\0" not in str(path)


def test_each_name_is_given_once_whatever_its_case(tmp_path: Path) -> None:
    names = Names(tmp_path)
    assert names.claim("Roads/A.tif") == tmp_path / "Roads" / "A.tif"
    names.claim("roads/b.tif")
    for taken in ("roads/a.TIF", "Roads\\A.tif", "ROADS", "roads/a.tif/x", "cutout.json", "Cutout.JSON"):
        with pytest.raises(NameRefused, match="already taken"):
            names.claim(taken)
    names.claim("e\u0301")
    with pytest.raises(NameRefused):
        names.claim("\u00e9")
    assert names.claim("sub/cutout.json")
