"""A fifth service, written as anybody would add one: a file in providers/, and nothing else touched."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cutout.providers
from cutout.core.provider import Provider
from cutout.providers import services

FIFTH = '''"""Fifth, a service that does not exist: https://fifth.example/docs documents it."""
from ..core.model import Artifact, Choice, JobState, Look, Option, OptionKind
from ..core.provider import Provider, Server
class Fifth(Provider):
    id, title, home = "fifth", "Fifth", "https://fifth.example/docs"
    servers = (Server("https://fifth.example/api", "Fifth"),)
    credentials_help = "A token of your account."
    options = (Option("form", "Form", OptionKind.CHOICE, "tif", (Choice("tif", "GeoTIFF"),), help="How it comes."),)
    @classmethod
    def headers(cls, secret):
        return {"Authorization": f"Bearer {secret.password}"}
    @classmethod
    def check(cls, request):
        return () if request.area else ("No area is chosen.",)
    def submit(self, request):
        yield {"id": self.http.create("jobs", {"area": request.sent, **request.options}).document["id"]}
    def poll(self, job):
        done = self.http.get(f"jobs/{job.remote['id']}").document["done"]
        return Look(JobState.READY if done else JobState.RUNNING)
    def links(self, job):
        yield Artifact("result.tif", f"jobs/{job.remote['id']}/file", signed=False)
'''


def beside_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    """The service, as if its file lay in providers/, for as long as the iterator is not gone on with."""
    (folder / "fifth.py").write_text(FIFTH)
    monkeypatch.setattr(cutout.providers, "__path__", [*cutout.providers.__path__, str(folder)])
    importlib.invalidate_caches()
    services.cache_clear()
    yield services()["fifth"]
    services.cache_clear()
    sys.modules.pop("cutout.providers.fifth")
    del cutout.providers.fifth  # type: ignore[attr-defined]
