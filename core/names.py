"""Which names from a service may become files: none outside the job's folder, none that somebody mistakes.

A zip, a list of links and a Content-Disposition all go through here. What is left out stands under the job's problems.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from pathlib import Path

from .errors import ExportError
from .words import plain

OWN = ("cutout.json",)  # what Cutout itself writes into the folder
MOST_BYTES = 240  # of one name; file systems take 255, and `.part.json` is appended on the way
# Of the whole path, what is appended left aside: Windows without long paths takes 259 characters, Linux 4095 bytes.
MOST_PATH = 249 if os.name == "nt" else 4000
MOST_FOLDERS = 64  # one in the other
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE | re.DOTALL)
_WINDOWS_ONLY = re.compile(r'[<>"|?*]' if os.name == "nt" else r"(?!)")
_OF_CUTOUT = ".cutout-"  # begins the names of what it keeps beside the data
_ON_ITS_WAY = (".part", ".part.json")  # what Cutout writes, as long as it is not whole
# Control characters, line separators, half surrogates, what has no width, and the marks that turn the direction of what
# follows.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Unseen too, but part of how Persian, Hindi and Japanese are written: two names must not differ in nothing else.
_VARIANTS = re.compile("[\u034f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class NameRefused(ExportError):
    """A file that is left out because of its name; the message is a sentence for the job's problems.

    reason: the end of a sentence that begins with "its name".
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"“{plain(name)[:120]}” was left out: its name {reason}.")
        self.reason = reason


def safe_path(folder: Path, name: str) -> Path:
    """Where below the folder a file of this name belongs. Both slashes separate: some zips come with backslashes.

    Errors: NameRefused.
    """
    slashed = name.replace("\\", "/")
    parts = [part for part in slashed.split("/") if part not in ("", ".")]
    reason = "leads out of the folder" if slashed.startswith("/") or ".." in parts else _flaw(parts)
    if reason:
        raise NameRefused(name, reason)
    path = folder.joinpath(*parts)
    if (len(str(path)) if os.name == "nt" else len(os.fsencode(path))) > MOST_PATH:
        raise NameRefused(name, "is too long")
    if any(os.path.islink(os.path.join(folder, *parts[:depth])) for depth in range(1, len(parts) + 1)):
        raise NameRefused(name, "leads over a link")
    return path


class Names:
    """The names given out in one folder, each once: Windows and macOS take `A.tif` and `a.tif` for one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: set[tuple[str, ...]] = {(name,) for name in OWN}
        self._folders: set[tuple[str, ...]] = set()
        self._lock = threading.Lock()

    def reserve(self, name: str) -> None:
        """A name, with slashes, that nothing from outside may take."""
        self._files.add(tuple(_folded(part) for part in name.split("/")))

    def claim(self, name: str) -> Path:
        """Errors: NameRefused when the name is not safe or already given."""
        path = safe_path(self.folder, name)
        key = tuple(_folded(part) for part in path.relative_to(self.folder).parts)
        above = {key[:depth] for depth in range(1, len(key))}
        with self._lock:
            if key in self._files or key in self._folders or above & self._files:
                raise NameRefused(name, "is already taken")
            self._files.add(key)
            self._folders |= above
        return path


def _flaw(parts: list[str]) -> str:
    if not parts:
        return "is empty"
    if len(parts) > MOST_FOLDERS:
        return "leads through too many folders"
    if any(_UNSEEN.search(part) for part in parts):
        return "has characters that can't be seen"
    if any(":" in part for part in parts):
        return "has a colon, which stands for a drive"
    if any(part != part.rstrip(". ") or _DEVICE.fullmatch(part) or _WINDOWS_ONLY.search(part) for part in parts):
        return "can't be used on Windows"
    if any(len(part.encode()) > MOST_BYTES for part in parts):
        return "is too long"
    if any(part.casefold().endswith(_ON_ITS_WAY) for part in parts):
        return "stands for a file that is not whole yet"
    if any(part.casefold().startswith(_OF_CUTOUT) for part in parts):
        return "is kept for Cutout"
    return ""


def _folded(part: str) -> str:
    """What looks alike is alike."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", _VARIANTS.sub("", part)).casefold())
