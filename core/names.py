"""Which names from a service may become files: none outside the job's folder, none that somebody mistakes."""

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
MOST_PATH = 250 if os.name == "nt" else 4000  # characters of the whole path; Windows without long paths takes 259
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE | re.DOTALL)
_WINDOWS_ONLY = re.compile(r'[<>"|?*]' if os.name == "nt" else r"(?!)")
# Control characters, line separators, half surrogates, and the marks that turn the direction of what follows.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class NameRefused(ExportError):
    """A file that is left out because of its name; the message is a sentence for the job's problems."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"“{plain(name)[:120]}” was left out: its name {reason}.")


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
    if len(str(path)) > MOST_PATH:
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
    if any(_UNSEEN.search(part) for part in parts):
        return "has characters that can't be seen"
    if any(":" in part for part in parts):
        return "has a colon, which stands for a drive"
    if any(part != part.rstrip(". ") or _DEVICE.fullmatch(part) or _WINDOWS_ONLY.search(part) for part in parts):
        return "can't be used on Windows"
    if any(len(part.encode()) > MOST_BYTES for part in parts):
        return "is too long"
    return ""


def _folded(part: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold())
