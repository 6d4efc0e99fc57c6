"""A small disk that is really full, read-only or gone: a tmpfs that ends with the process, in its mount namespace."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

MILLION = 1_000_000


class Disk:
    """Mounted on a folder. Somebody keeps notes on it, which nobody touches."""

    def __init__(self, folder: Path, size: int = 80 * MILLION) -> None:
        self.folder = folder
        self._size = size
        folder.mkdir()
        self.mount()

    def mount(self) -> None:
        _run("mount", "-t", "tmpfs", "-o", f"size={self._size}", "none", self.folder)
        self.notes = self.folder / "notes.txt"
        self.notes.write_text("mine")

    def unmount(self) -> None:
        """As a drive that is pulled out: files that are open stay so."""
        _run("umount", "--lazy", self.folder)

    def lock(self, locked: bool = True) -> None:
        """Nothing can be written to it any more."""
        _run("mount", "-o", f"remount,{'ro' if locked else 'rw'}", self.folder)

    @property
    def free(self) -> int:
        about = os.statvfs(self.folder)
        return about.f_bavail * about.f_frsize

    def fill(self, leave: int = 0) -> None:
        """Another program takes all but so many bytes, even while somebody writes."""
        self.clear()
        with (self.folder / "other").open("wb") as file:
            while self.free > leave:
                with suppress(OSError):
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, self.free - leave)

    def clear(self) -> None:
        (self.folder / "other").unlink(missing_ok=True)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)
