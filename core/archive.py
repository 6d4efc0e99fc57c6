"""Zips from a service, unpacked without trusting what is in them.

Nothing is written outside the folder, nothing before it is known to fit, and a file has its name only when it is whole
and its checksum is right. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .disk import FREE_SPACE, Report, check_there, in_words, size_text, whole_file
from .errors import ExportError
from .names import NameRefused, Names, safe_path
from .words import plain

MOST_ENTRIES = 200_000
# Files that unpack to over MOST_RATIO times their zips may be a bomb, or rasters that are empty for the most part. Such
# may come as long as they take no more than MOST_EMPTY bytes and a quarter of what is free: that harms nobody.
MOST_RATIO, MOST_EMPTY = 100, 10 * 2**30
SPARE = 50 * 2**20  # bytes of the disk that are left alone
HEADER = 30  # bytes before the name and the content of an entry, APPNOTE 4.3.7
BLOCK = 4096  # bytes that even an empty file takes of most disks
CHUNK = 256 * 1024
UTF8, ENCRYPTED = 0x800, 0x1  # general purpose bits, APPNOTE 4.4.4
OTHER_WAYS = 0x20 | 0x40  # patched data, strong encryption
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, OverflowError)


@dataclass(frozen=True)
class Unpacked:
    """files: what was in the zip, in its order. problems: what was left out, a sentence each."""

    files: tuple[Path, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    info: zipfile.ZipInfo
    target: Path


@dataclass(frozen=True)
class _Zip:
    """What is in a zip, and what of it is still to be written. flaws: what is left out, a sentence each."""

    path: Path
    entries: Sequence[_Entry]
    todo: Sequence[_Entry]
    flaws: Sequence[str]


def looks_like_zip(path: Path) -> bool:
    """By its first bytes, whatever it is called."""
    with in_words(path.parent), path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def unpack(zips: Mapping[Path, Path], names: Names, report: Report) -> Unpacked:
    """Everything in the zips, of each into the folder beside it here; zips in them stay files, and so do they.

    names: those of the folder that all are in; none overwrites what another brought. A file that is there already with
    the size and the checksum of the entry is left as it is: so a second try goes on where the first one ended. report:
    told the bytes so far and in all. Errors: ExportError before anything is written when all of it is too much; when a
    zip is cut short or damaged, which also removes it, so that the next try fetches it anew. Cancelled as the report
    raises it.
    """
    for zip, folder in zips.items():
        if folder in zip.parents:
            names.reserve(zip.relative_to(names.folder).as_posix())
    found = [_read(zip, folder, names) for zip, folder in zips.items()]
    _refuse_too_much(found, names.folder)
    done, total = 0, sum(entry.info.file_size for one in found for entry in one.todo)
    for one in found:
        with _removed_if_damaged(one.path), _open(one.path) as archive:
            for entry in one.todo:
                check_there(names.folder)
                with in_words(names.folder), whole_file(entry.target) as file:
                    for chunk in _content(archive, entry.info):
                        file.write(chunk)
                        done += len(chunk)
                        report(done, total)
    files = (entry.target for one in found for entry in one.entries)
    return Unpacked(tuple(files), tuple(flaw for one in found for flaw in one.flaws))


class _Damaged(Exception):
    """What is wrong with the zip."""


@contextmanager
def _removed_if_damaged(zip: Path) -> Iterator[None]:
    try:
        yield
    except _Damaged as damage:
        with in_words(zip.parent):
            zip.unlink(missing_ok=True)
        raise ExportError(
            f"The zip that the service sent ({zip.name}) is not whole: {damage}.",
            "It was removed; download it again. If it stays like that, tell the service's support.",
        ) from damage


def _read(zip: Path, folder: Path, names: Names) -> _Zip:
    """Errors: ExportError."""
    with _removed_if_damaged(zip), _open(zip) as archive:
        infos = [info for info in archive.infolist() if not _is_folder(info)]
        _check_layout(archive)
    entries, flaws = _sorted_out(infos, folder, names)
    with in_words(folder):
        return _Zip(zip, entries, [entry for entry in entries if not _is_there(entry)], flaws)


def _open(zip: Path) -> zipfile.ZipFile:
    """Errors: _Damaged, ExportError."""
    with in_words(zip.parent), _damage_named(""):
        return zipfile.ZipFile(zip)


def _check_layout(archive: zipfile.ZipFile) -> None:
    """A zip of which many entries share the same bytes is larger inside than any ratio allows. Errors: _Damaged."""
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    starts = [*(info.header_offset for info in infos[1:]), archive.start_dir]
    if any(info.header_offset + HEADER + info.compress_size > start for info, start in zip(infos, starts)):
        raise _Damaged("its entries lie over each other")


def _is_there(entry: _Entry) -> bool:
    """Whether the file has come already, in an earlier try. Errors: OSError."""
    if not entry.target.is_file() or entry.target.stat().st_size != entry.info.file_size:
        return False
    checksum = 0
    with entry.target.open("rb") as file:
        while chunk := file.read(CHUNK):
            checksum = zlib.crc32(chunk, checksum)
    return checksum == entry.info.CRC


@contextmanager
def _damage_named(where: str) -> Iterator[None]:
    """Errors: _Damaged for whatever is wrong with the zip, OSError for the disk."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            raise
        raise _Damaged(where + _reason(error)) from error  # bz2 says so that data are invalid
    except (*DAMAGED, NotImplementedError) as error:
        raise _Damaged(where + _reason(error)) from error


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry; zipfile checks the checksum at the end. Errors: _Damaged, OSError."""
    with _damage_named(f"{_name(info)}: "), archive.open(info) as source:
        while chunk := source.read(CHUNK):
            yield chunk


def _sorted_out(infos: Sequence[zipfile.ZipInfo], folder: Path, names: Names) -> tuple[list[_Entry], list[str]]:
    """What can be unpacked and to where, and why the rest can't."""
    entries: list[_Entry] = []
    problems: list[str] = []
    for info in infos:
        name = _name(info)
        if flaw := _flaw(info):
            problems.append(f"“{plain(name)[:120]}” was left out: it {flaw}.")
            continue
        try:
            target = safe_path(folder, name).relative_to(names.folder).as_posix()
            entries.append(_Entry(info, names.claim(target)))
        except NameRefused as refused:
            problems.append(refused.message)
    return entries, problems


def _flaw(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)  # set by zips made on Unix
    if kind == stat.S_IFLNK:
        return "is a link and not a file"
    if kind not in (0, stat.S_IFREG):
        return "is a device and not a file"
    if info.flag_bits & (ENCRYPTED | OTHER_WAYS):
        return "is encrypted"
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return "" if info.compress_type in known else f"is packed in a way that Python can't unpack ({info.compress_type})"


def _refuse_too_much(zips: Sequence[_Zip], folder: Path) -> None:
    """The sizes that a zip declares can be trusted as an upper bound: zipfile stops there. Errors: ExportError."""
    count = sum(len(one.entries) for one in zips)
    if count > MOST_ENTRIES:
        raise ExportError(
            f"There are {count:,} files in what came, more than {MOST_ENTRIES:,}.", "Order a smaller area."
        )
    total = sum(entry.info.file_size + BLOCK for one in zips for entry in one.todo)
    with in_words(folder):
        packed = sum(one.path.stat().st_size for one in zips)
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    if total + SPARE > free:
        raise ExportError(
            f"{size_text(total + SPARE)} have to be free to unpack the files, and {size_text(free)} are, in {folder}.",
            FREE_SPACE,
            about="output",
        )
    if total > MOST_RATIO * packed and total > min(MOST_EMPTY, free / 4):
        raise ExportError(
            f"{size_text(packed)} would unpack to {size_text(total)}, as of a zip that is made to fill disks. "
            "Nothing was unpacked.",
            "If the data may be that empty, choose a folder on a disk with more room, or order a smaller area.",
            about="output",
        )


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was stored, not as zipfile cut it at a zero byte; UTF-8 also where the zip does not say so."""
    name = info.orig_filename
    if info.flag_bits & UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.replace("\\", "/").endswith("/") or stat.S_ISDIR(info.external_attr >> 16)


def _reason(error: Exception) -> str:
    return plain(str(error)).rstrip(".") or type(error).__name__
