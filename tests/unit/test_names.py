"""Which names become files."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutout.core.names import NameRefused, Names, safe_path

REFUSED = {
    "leads out of the folder": [
        "/etc/passwd", "../x", "a/../../x", "a/..", "..", "\\\\server\\share\\x", "..\\..\\x", "a\\..\\..\\x",
        "//server/share", "\\x", "\\\\?\\C:\\x", "/", "../" * 2000 + "x", "a/" * 2000 + "../x",
    ],
    "has a colon": ["C:\\x", "C:x", "c:/x", "C:\\", "file:///x", "a/b:stream", "a/C:/x"],
    "has characters that can't be seen": [
        "a\x00b", "a\nb", "a\x7fb", "\x9fb", "a\u202efdp.exe", "a\u2066b", "a\u200fb", "a\u2028b", "a\ud800b", "a\tb",
        "a\u200b.tif", "\ufeffa", "a\u2060b", "a\xadb", "\u3164", "a\U000e0041", "\x00",
    ],
    "can't be used on Windows": [
        "CON", "con.txt", "nul", "NUL.txt", "a/AUX", "aux.", "COM1", "lpt9.tif", "com\u00b9", "COM¹.txt", "CON .txt",
        "conin$", "nul/x", "a.", "a ", "a. ", "dir./x", "dir /x", "...", " ", ". .",
    ],
    "is too long": ["x" * 241, "\u00e9" * 121, "測" * 81, "x" * 10_000, "/".join(["d" * 200] * 30),
                    "/".join(["測" * 66] * 21)],
    "leads through too many folders": ["a/" * 64 + "b", "a/" * 100_000 + "b"],
    "is empty": ["", ".", "./", "./."],
    "is not whole yet": ["x.part", "x.PART", "x.tif.part.json", "x.part/y"],
    "is kept for Cutout": [".cutout-models.json", "a/.Cutout-clipped.json"],
}  # fmt: skip
GOOD = {
    "a.tif": "a.tif", "a/b/c.shp": "a/b/c.shp", "a\\b.shp": "a/b.shp", "./a//b": "a/b",
    "Straße/Łódź 1.gpkg": "Straße/Łódź 1.gpkg",
    "...a": "...a", ".hidden": ".hidden", "console.txt": "console.txt", "com10": "com10",
    "می\u200cخواهم.tif": "می\u200cخواهم.tif", "क्\u200dष": "क्\u200dष", "葛\U000e0100城": "葛\U000e0100城", "�": "�",
    "a..b": "a..b", "x" * 240: "x" * 240, "測" * 80: "測" * 80, "~/a": "~/a", "%2e%2e/a": "%2e%2e/a",
    " a": " a", "a.partial": "a.partial", "part": "part", "x.part.txt": "x.part.txt", "cutout-1.json": "cutout-1.json",
    "a/" * 63 + "b": "a/" * 63 + "b",
}  # fmt: skip
ONLY_ON_WINDOWS = ["a<b", "a>b", 'a"b', "a|b", "a?b", "a*b"]
# Pairs of which the second is left out, since somebody, or another system, takes it for the first.
TWICE = [
    ("a", "a"), ("a.shp", "A.shp"), ("a.shp", "a.SHP"), ("É", "é"), ("e\u0301", "\u00e9"), ("\u00e9", "e\u0301"),
    ("E\u0301/a", "\u00e9/A"), ("ΑΣ", "ας"), ("a\u200cb", "ab"), ("ab", "a\u200db"), ("葛城", "葛\U000e0100城"),
    ("\ufe0fa", "a"), ("a", "a/b"), ("a/b", "a"), ("a/b", "A"), ("a\\b", "a/b"), ("a", "./a"), ("a//b", "a/b"),
    ("a/b/c", "A/B"),
]  # fmt: skip


def shortly(value: str) -> str:
    return ascii(value)[:40]


REASONS = [(name, reason) for reason, names in REFUSED.items() for name in names]


@pytest.mark.parametrize(("name", "reason"), REASONS, ids=shortly)
def test_names_that_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    for refuse in (partial(safe_path, tmp_path), Names(tmp_path).claim):
        with pytest.raises(NameRefused, match="was left out: its name ") as caught:
            refuse(name)
        assert reason in caught.value.message and reason in caught.value.reason + " "
        assert caught.value.message.isprintable() and len(caught.value.message) < 250


@pytest.mark.parametrize("name", ONLY_ON_WINDOWS)
def test_what_only_windows_refuses_is_a_file_elsewhere(tmp_path: Path, name: str) -> None:
    if os.name == "nt":
        with pytest.raises(NameRefused, match="Windows"):
            safe_path(tmp_path, name)
    else:
        safe_path(tmp_path, name).touch()


@pytest.mark.parametrize("name", GOOD)
def test_names_that_are_taken_can_be_written(tmp_path: Path, name: str) -> None:
    path = safe_path(tmp_path, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    for one in (path, path.with_name(path.name + ".part.json")):
        one.write_text("x")


@pytest.mark.parametrize(("first", "second"), TWICE)
def test_of_two_that_are_mistaken_for_each_other_one_is_left_out(tmp_path: Path, first: str, second: str) -> None:
    names = Names(tmp_path)
    names.claim(first)
    with pytest.raises(NameRefused, match="its name is already taken"):
        names.claim(second)


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
    assert names.claim("sub/cutout.json")
