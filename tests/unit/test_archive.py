"""Zips made well, badly and with intent."""

from __future__ import annotations

import io
import os
import random
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cutout.core import archive
from cutout.core.archive import Unpacked, looks_like_zip
from cutout.core.disk import Report
from cutout.core.errors import Cancelled, ExportError
from cutout.core.names import Names

DATA = random.Random(3).randbytes(300_000)


def quiet(done: int, total: int | None) -> None:
    """Nobody watches."""


def zipped(entries: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return buffer.getvalue()


def special(name: str, mode: int, content: bytes = b"") -> bytes:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(info, content)
        made.writestr("good.txt", b"good")
    return buffer.getvalue()


def renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    """The zip with a name replaced by one of the same length, as no zip program would write it."""
    assert len(old) == len(new) and content.count(old) == 2
    return content.replace(old, new)


def unpack(zip: Path, folder: Path, report: Report, names: Names | None = None) -> Unpacked:
    """One zip."""
    return archive.unpack({zip: folder}, names or Names(folder), report)


def unpacked(content: bytes, tmp_path: Path) -> Unpacked:
    zip = tmp_path / "export.zip"
    zip.write_bytes(content)
    return unpack(zip, tmp_path / "job", quiet)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_files_come_out_as_they_went_in(tmp_path: Path, compression: int) -> None:
    entries = {"a/roads.shp": DATA, "a/roads.dbf": b"", "Straße/Łódź.txt": b"x", "inner.zip": zipped({"x": b"y"})}
    done = unpacked(zipped(entries, compression), tmp_path)
    assert tree(tmp_path / "job") == entries
    assert [path.relative_to(tmp_path / "job").as_posix() for path in done.files] == list(entries)
    assert done.problems == ()


def test_the_report_counts_up_to_the_whole(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a": DATA, "b": DATA[:1000]}))
    told: list[tuple[int, int | None]] = []
    unpack(tmp_path / "a.zip", tmp_path, lambda *now: told.append(now))
    assert told[-1] == (301_000, 301_000) and len(told) == 3 and told == sorted(told)


def test_cancel_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a": b"a", "b": DATA}))

    def report(done: int, total: int | None) -> None:
        if done > 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        unpack(tmp_path / "a.zip", tmp_path, report)
    assert sorted(os.listdir(tmp_path)) == ["a", "a.zip"]


def test_unpacking_twice_is_fine(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        unpacked(zipped({"a": text}), tmp_path)
    assert tree(tmp_path / "job") == {"a": b"two"}


def test_two_zips_for_one_folder_do_not_overwrite_each_other(tmp_path: Path) -> None:
    names = Names(tmp_path / "job")
    problems: tuple[str, ...] = ()
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(zipped({"readme.txt": name.encode(), name: b""}))
        problems += unpack(tmp_path / name, tmp_path / "job", quiet, names).problems
    assert tree(tmp_path / "job") == {"readme.txt": b"one", "one": b"", "two": b""}
    assert len(problems) == 1 and "readme.txt" in problems[0]


@pytest.mark.parametrize(
    ("plain", "name"),
    [
        ("aaaaaaaaaaa", b"../evil.txt"),
        ("aaaaaaaaaaa", b"/etc/passwd"),
        ("aaaaaaaaaaa", b"..\\evil.txt"),
        ("aaaaaaaaaaa", b"C:\\evil.txt"),
        ("aaaaaaaaaaa", b"x/../../y.t"),
        ("aaaaaaaaaaa", b"good\x00.././x"),
        ("aaaaaaaaaaa", b"NUL.txt    "),
        ("aaaaaaaaaaa", b"cutout.json"),
    ],
)
def test_names_that_lead_out_are_left_out_and_the_rest_arrives(tmp_path: Path, plain: str, name: bytes) -> None:
    done = unpacked(renamed(zipped({plain: b"evil", "good.txt": b"good"}), plain.encode(), name), tmp_path)
    assert tree(tmp_path / "job") == {"good.txt": b"good"}
    assert len(done.problems) == 1 and "was left out" in done.problems[0]
    assert sorted(os.listdir(tmp_path)) == ["export.zip", "job"]


def test_backslashes_of_windows_zips_are_folders(tmp_path: Path) -> None:
    content = renamed(zipped({"gis_roads.shp": b"x", "gis_": b""}), b"gis_roads.shp", b"gis\\roads.shp")
    unpacked(content, tmp_path)
    assert tree(tmp_path / "job") == {"gis/roads.shp": b"x", "gis_": b""}


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_left_out(tmp_path: Path, mode: int) -> None:
    done = unpacked(special("thing", mode | 0o777, b"/etc/passwd"), tmp_path)
    assert tree(tmp_path / "job") == {"good.txt": b"good"} and not (tmp_path / "job" / "thing").is_symlink()
    assert "and not a file" in done.problems[0]


def test_what_is_below_a_link_is_below_a_folder(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("out")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(link, b"/tmp")
        made.writestr("out/evil.txt", b"x")
    unpacked(buffer.getvalue(), tmp_path)
    assert tree(tmp_path / "job") == {"out/evil.txt": b"x"} and not (tmp_path / "job" / "out").is_symlink()


@pytest.mark.parametrize("mode", [0, stat.S_IFREG | 0o4755])
def test_usual_files_have_no_special_rights(tmp_path: Path, mode: int) -> None:
    unpacked(special("run.sh", mode, b"x"), tmp_path)
    assert not (tmp_path / "job" / "run.sh").stat().st_mode & 0o7111


def test_encrypted_files_are_left_out(tmp_path: Path) -> None:
    content = bytearray(zipped({"secret.txt": b"x", "good.txt": b"good"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    done = unpacked(bytes(content), tmp_path)
    assert tree(tmp_path / "job") == {"good.txt": b"good"} and "is encrypted" in done.problems[0]


def test_unknown_compression_is_left_out(tmp_path: Path) -> None:
    content = bytearray(zipped({"odd.txt": b"x", "good.txt": b"good"}))
    content[content.index(b"PK\x01\x02") + 10] = 9  # deflate64
    done = unpacked(bytes(content), tmp_path)
    assert tree(tmp_path / "job") == {"good.txt": b"good"} and "can't unpack (9)" in done.problems[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_file_of_one_name_is_left_out(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, text in (("a.txt", "1"), ("a.txt", "2"), ("A.TXT", "3"), ("a.txt/b", "4"), ("d/", ""), ("d", "5")):
            made.writestr(name, text)
    done = unpacked(buffer.getvalue(), tmp_path)
    assert tree(tmp_path / "job") == {"a.txt": b"1", "d": b"5"} and len(done.problems) == 3


def test_a_zip_does_not_unpack_over_itself(tmp_path: Path) -> None:
    zip = tmp_path / "export.zip"
    zip.write_bytes(content := zipped({"Export.zip": b"x", "a": b"a"}))
    done = unpack(zip, tmp_path, quiet)
    assert tree(tmp_path) == {"export.zip": content, "a": b"a"} and len(done.problems) == 1


def test_names_in_utf8_that_do_not_say_so(tmp_path: Path) -> None:
    content = renamed(zipped({"aaXY.txt": b"x", "bb.txt": b"y"}), b"aaXY.txt", "aaé.txt".encode())
    content = renamed(content, b"bb.txt", b"b\x82.txt")  # cp437, and no UTF-8
    unpacked(content, tmp_path)
    assert set(tree(tmp_path / "job")) == {"aaé.txt", "bé.txt"}


# Damage


@pytest.mark.parametrize("keep", [0, 1, 30, 100, 200_000, -1, -22])
def test_a_zip_cut_short_is_told_and_removed(tmp_path: Path, keep: int) -> None:
    content = zipped({"a": DATA})
    with pytest.raises(ExportError, match=r"export.zip\) is not whole") as caught:
        unpacked(content[:keep], tmp_path)
    assert "download it again" in caught.value.advice and not (tmp_path / "export.zip").exists()
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_wrong_byte_is_noticed(tmp_path: Path, compression: int) -> None:
    content = bytearray(zipped({"first": b"1", "a": DATA}, compression))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(ExportError, match="is not whole: a:"):
        unpacked(bytes(content), tmp_path)
    assert tree(tmp_path) == {"job/first": b"1"}


def test_what_is_no_zip(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="not whole: File is not a zip file"):
        unpacked(b"<html>Sign in</html>", tmp_path)


def test_a_zip_that_is_not_there_is_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is gone"):
        unpack(tmp_path / "none.zip", tmp_path / "job", quiet)


def test_looks_like_zip(tmp_path: Path) -> None:
    for content, is_zip in ((zipped({"a": b""}), True), (zipped({}), True), (b"II*\0", False), (b"", False)):
        (tmp_path / "x").write_bytes(content)
        assert looks_like_zip(tmp_path / "x") is is_zip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_whatever_is_wrong_it_is_said_in_words(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    content = bytearray(zipped({"a/b.txt": DATA[:300], "c.txt": b"c" * 500, "d.txt": b""}))
    for position, value in changes:
        content[position % len(content)] = value
    zip, folder = tmp_path / "export.zip", tmp_path / "job"
    shutil.rmtree(folder, ignore_errors=True)
    zip.write_bytes(content)
    try:
        done = unpack(zip, folder, quiet)
    except ExportError as error:
        assert str(error)
    else:
        assert {path.relative_to(folder).as_posix() for path in done.files} == set(tree(folder))
    assert set(os.listdir(tmp_path)) <= {"export.zip", "job"}
    assert not list(folder.rglob("*.part"))


def test_what_stands_before_and_after_a_zip(tmp_path: Path) -> None:
    one, two = zipped({"a": b"one"}), zipped({"a": b"two", "b": b""})
    for content, entries in ((b"MZ" * 500 + two, {"a": b"two", "b": b""}), (one + two, {"a": b"two", "b": b""})):
        shutil.rmtree(tmp_path / "job", ignore_errors=True)
        unpacked(content, tmp_path)
        assert tree(tmp_path / "job") == entries
    with pytest.raises(ExportError, match="not whole"):
        unpacked(one + bytes(70_000), tmp_path)


def test_a_local_header_that_says_another_name_is_damage(tmp_path: Path) -> None:
    content = zipped({"good.txt": b"x", "name.txt": b"y"})
    with pytest.raises(ExportError, match="not whole: name.txt: File name in directory"):
        unpacked(content.replace(b"name.txt", b"../x.txt", 1), tmp_path)
    assert tree(tmp_path) == {"job/good.txt": b"x"}


def test_a_second_try_goes_on_where_the_first_one_ended(tmp_path: Path) -> None:
    zip = tmp_path / "a.zip"
    zip.write_bytes(zipped({"a": DATA, "b": DATA[:1000], "c": DATA[1000:]}))
    unpack(zip, tmp_path, quiet)
    (tmp_path / "b").write_bytes(DATA[1:1001])
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    told: list[tuple[int, int | None]] = []
    done = unpack(zip, tmp_path, lambda *now: told.append(now))
    assert told == [(1000, 1000)] and len(done.files) == 3
    assert (tmp_path / "b").read_bytes() == DATA[:1000]
    assert [name for name, when in before.items() if (tmp_path / name).stat().st_mtime_ns != when] == ["b"]


# Too much


def nothing_written(tmp_path: Path) -> bool:
    return tree(tmp_path / "job") == {} and (tmp_path / "export.zip").exists()


def test_what_may_be_a_bomb_has_a_small_part_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raster without data packs as well as a bomb, so it is the room that counts."""
    content = zipped({"good": b"good", **{f"{n}.tif": bytes(900_000) for n in range(10)}})
    monkeypatch.setattr(archive, "MOST_EMPTY", 8_000_000)
    with pytest.raises(ExportError, match=r"\d kB would unpack to 9\.0 MB, as of a zip that is made to fill") as caught:
        unpacked(content, tmp_path)
    assert nothing_written(tmp_path) and "may be that empty" in caught.value.advice
    monkeypatch.setattr(archive, "MOST_EMPTY", 10_000_000)
    unpacked(content, tmp_path)
    assert len(tree(tmp_path / "job")) == 11


def test_a_bomb_never_fills_the_disk(tmp_path: Path) -> None:
    """Half of what is free, whatever that is here, from next to nothing."""
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(ExportError, match="made to fill disks"):
        unpacked(claiming(min(free // 2, 11 * 2**30)), tmp_path)
    assert nothing_written(tmp_path)


def test_zips_are_weighed_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_EMPTY", 1_500_000)
    zips = {}
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.zip").write_bytes(zipped({"x": bytes(1_000_000)}))
        zips[tmp_path / name / "x.zip"] = tmp_path / name
    for path, folder in zips.items():
        archive.unpack({path: folder}, Names(tmp_path), quiet)
        (folder / "x").unlink()
    with pytest.raises(ExportError, match="made to fill disks"):
        archive.unpack(zips, Names(tmp_path), quiet)
    assert sorted(tree(tmp_path)) == ["a/x.zip", "b/x.zip"]


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    content = shared_kernel(40)
    with zipfile.ZipFile(io.BytesIO(content)) as bomb:
        assert len(content) < 10_000 and sum(info.file_size for info in bomb.infolist()) > 40_000_000
    with pytest.raises(ExportError, match="not whole: its entries lie over each other"):
        unpacked(content, tmp_path)
    assert tree(tmp_path) == {}


def shared_kernel(count: int) -> bytes:
    """A bomb as those of David Fifield (https://www.bamsoftware.com/hacks/zipbomb/): one kernel, many names.

    In each entry a stored block of DEFLATE quotes the header of the next one, so that all of them end in the kernel.
    """
    text = bytes(1_000_000)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(text) + packer.flush()
    listed: list[tuple[int, bytes, bytes]] = []  # how far before the end, what is said of it, its name
    for number in range(count):
        said, name = struct.pack("<3L", zlib.crc32(text), len(data), len(text)), b"%05d" % number
        header = struct.pack("<4s5H", b"PK\3\4", 20, 0, 8, 0, 33) + said + struct.pack("<2H", len(name), 0) + name
        listed.append((len(header) + len(data), said, name))
        text, data = header + text, struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header + data
    start = 5  # the last block that was put before everything quotes for nobody
    listing = b""
    for back, said, name in listed:
        fields = struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, len(data) - start - back)
        listing += struct.pack("<4s6H", b"PK\1\2", 20, 20, 0, 8, 0, 33) + said + fields + name
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listing), len(data) - start, 0)
    return data[start:] + listing + end


def test_more_than_the_disk_holds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"[\d,.]+ MB have to be free to unpack the files, and [\d,.]+ MB are, in "):
        unpacked(claiming(10**15), tmp_path)
    assert nothing_written(tmp_path)


def claiming(size: int) -> bytes:
    """A zip that says that a file in it has so many bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("huge.tif", b"x")
        made.filelist[0].file_size = size
    return buffer.getvalue()


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 99)
    with pytest.raises(ExportError, match="There are 100 files in what came"):
        unpacked(zipped({str(n): b"" for n in range(100)}), tmp_path)
    assert nothing_written(tmp_path)


def test_a_size_that_is_forged_is_not_exceeded(tmp_path: Path) -> None:
    content = bytearray(zipped({"a": bytes(1_000_000)}))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 1000)
    with pytest.raises(ExportError, match="not whole"):
        unpacked(bytes(content), tmp_path)
    assert tree(tmp_path) == {}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "job" / "a").mkdir(parents=True)
    with pytest.raises(ExportError, match=r"Files in .*job can't be read or written"):
        unpacked(zipped({"a": b"x"}), tmp_path)
    assert (tmp_path / "export.zip").exists()
