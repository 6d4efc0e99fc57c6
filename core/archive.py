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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .disk import Report, in_words, size_text, whole_file
from .errors import ExportError
from .names import NameRefused, Names, safe_path
from .words import plain

MOST_ENTRIES = 200_000
LARGE, MOST_RATIO = 100 * 2**20, 300  # an entry that unpacks to more bytes than LARGE at more than this is a bomb
SPARE = 50 * 2**20  # bytes of the disk that are left alone
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


def looks_like_zip(path: Path) -> bool:
    """By its first bytes, whatever it is called."""
    with in_words(path.parent), path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def unpack(zip: Path, folder: Path, report: Report, names: Names | None = None) -> Unpacked:
    """Everything in the zip into the folder; zips in it stay files.

    report: told the bytes so far and in all. names: those of the folder or of one above, shared between several zips so
    that none overwrites what another brought. Errors: ExportError before anything is written when it is too big; when
    the zip is cut short or damaged, which also removes it, so that the next try fetches it anew. Cancelled as the
    report raises it.
    """
    try:
        return _unpack(zip, folder, report, names or Names(folder))
    except _Damaged as damage:
        with in_words(zip.parent):
            zip.unlink(missing_ok=True)
        raise ExportError(
            f"The zip that the service sent ({zip.name}) is not whole: {damage}.",
            "It was removed; download it again. If it stays like that, tell the service's support.",
        ) from damage


class _Damaged(Exception):
    """What is wrong with the zip."""


def _unpack(zip: Path, folder: Path, report: Report, names: Names) -> Unpacked:
    with in_words(zip.parent), _damage_named(""):
        archive = zipfile.ZipFile(zip)
    with archive:
        infos = [info for info in archive.infolist() if not _is_folder(info)]
        if zip.parent == folder:
            names.reserve(zip.relative_to(names.folder).as_posix())
        entries, problems = _sorted_out(infos, folder, names)
        _refuse_too_much([entry.info for entry in entries], folder)
        files: list[Path] = []
        done, total = 0, sum(entry.info.file_size for entry in entries)
        for entry in entries:
            with in_words(folder), whole_file(entry.target) as file:
                for chunk in _content(archive, entry.info):
                    file.write(chunk)
                    done += len(chunk)
                    report(done, total)
            files.append(entry.target)
    return Unpacked(tuple(files), tuple(problems))


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
    if len(infos) > MOST_ENTRIES:
        raise ExportError(f"The zip holds {len(infos)} files, more than {MOST_ENTRIES}.", "Order a smaller area.")
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


def _refuse_too_much(infos: Sequence[zipfile.ZipInfo], folder: Path) -> None:
    """The sizes that a zip declares can be trusted as an upper bound: zipfile stops there. Errors: ExportError."""
    for info in infos:
        if info.file_size > LARGE and info.file_size > MOST_RATIO * info.compress_size:
            raise ExportError(
                f"{plain(_name(info))} would unpack to {size_text(info.file_size)} from "
                f"{size_text(info.compress_size)}, as in a zip made to fill disks. Nothing was unpacked."
            )
    total = sum(info.file_size for info in infos)
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free - SPARE
    if total > free:
        raise ExportError(
            f"The files need {size_text(total)}, and {size_text(max(0, free))} are free in {folder}.",
            "Free some space or choose another folder. What has come is kept.",
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
