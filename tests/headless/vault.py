"""A profile with credentials in QGIS's authentication database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MASTER = "the master password of these tests"
NAME = "QGIS_AUTH_PASSWORD_FILE"


@dataclass(frozen=True)
class Saved:
    """authcfg: the id of the auth config. right, wrong: files with a master password."""

    profile: Path
    authcfg: str
    right: Path
    wrong: Path

    @property
    def opened(self) -> dict[str, str]:
        """For the environment."""
        return {NAME: str(self.right)}

    @property
    def closed(self) -> dict[str, str]:
        return {NAME: str(self.wrong)}
