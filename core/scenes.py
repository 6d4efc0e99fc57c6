"""The tilesets among the files of a job: followed while they come, put in order when they are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from .errors import ServiceError
from .model import Artifact, Job, Json
from .provider import Provider

if TYPE_CHECKING:
    from .tileset import Tileset


class Scenes:
    """What `fetch` needs to know of 3D Tiles. Most jobs bring none, and nothing is imported for them."""

    def __init__(self, provider: Provider, job: Job, artifacts: Sequence[Artifact]) -> None:
        self._provider, self._job = provider, job
        self._roots = {_folder(one): one for one in artifacts if one.tileset}
        self._others = {one.name for one in artifacts if not one.tileset}
        self._tilesets = {folder: _tileset(root, job.request.area) for folder, root in self._roots.items()}

    def follow(self, artifact: Artifact, file: Path) -> Iterable[Artifact]:
        """What a file of a tileset refers to. Errors: ServiceError for a tileset.json that is none."""
        folder = self._home(artifact)
        if artifact.tileset:
            _check(artifact, file)
        return () if folder is None else self._tilesets[folder].children(artifact, file)

    def renewed(self, old: Artifact) -> Artifact:
        """The file with a fresh link: its own, or one made from that to its tileset."""
        folder = self._home(old)
        if folder is None or old.name in self._others:
            return self._provider.renewed(self._job, old)
        new = self._below(folder, old)
        if new.url == old.url:  # else another of its files has had the link renewed
            self._roots[folder] = self._provider.renewed(self._job, self._roots[folder])
            new = self._below(folder, old)
        return new

    def settle(self, home: Path) -> tuple[str, ...]:
        """Rewrites what would not work offline; what to tell the person of it, a sentence each."""
        return tuple(sentence for tileset in self._tilesets.values() for sentence in tileset.settle(home)[1])

    def _below(self, folder: str, old: Artifact) -> Artifact:
        """The file with the link to its tileset that was the freshest so far."""
        root = self._roots[folder]
        new = self._tilesets[folder].renewed(old, root)
        return root if old.tileset else new

    def _home(self, artifact: Artifact) -> str | None:
        """The folder of the tileset that the file belongs to."""
        folders = (folder for folder in self._roots if artifact.name.startswith(folder))
        return max(folders, key=len, default=None)


def _folder(root: Artifact) -> str:
    """`a/` of a/tileset.json, empty for tileset.json."""
    return root.name[: len(root.name) - len(PurePosixPath(root.name).name)]


def _tileset(root: Artifact, area: Mapping[str, Json] | None) -> Tileset:
    from .tileset import Tileset

    return Tileset(root, area)


def _check(root: Artifact, file: Path) -> None:
    """Without it nothing else would be fetched, and nothing be shown. Errors: ServiceError; it is then fetched anew."""
    from .gltf import document_in, opened
    from .tiles import is_tileset

    try:
        with opened(file) as data:
            if is_tileset(document_in(data)):
                return
        reason = "it is no tileset"
    except ValueError as error:
        reason = str(error)
    file.unlink()
    raise ServiceError(
        f"The tileset that the service sent ({root.name}) is no good: {reason}. It was removed; download it again.",
        "If it stays like that, tell the service's support.",
    )
