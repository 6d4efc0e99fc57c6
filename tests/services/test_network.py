"""A few of the network faults of tests/siege/test_network.py: one for each way in which an order can end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cutout.core.errors import ServiceError
from cutout.core.http import Network, Secret
from cutout.core.model import Artifact, ExportRequest, new_job
from cutout.core.scenes import Scenes
from cutout.core.transfer import fetch
from cutout.providers import services
from tests.siege.cells import DOWNLOAD_FAULTS, FAULTS, SERVICES, Ride, begin
from tests.siege.expected import ends, wrong
from tests.siege.weather import Weather
from tests.standin.client import Standin
from tests.unit.downloads import Net, quiet
from tests.unit.scripted_server import Reply, ScriptedServer

CELLS = [
    ("cityloader", "create", "reset", False),
    ("koordinates", "download", "416", False),
    ("koordinates", "download", "1000 levels deep", True),
    ("itwin", "sign-in", "self-signed", True),
    ("brightearth", "create", "body cut short", False),
    ("brightearth", "before", "429, in 30 s", True),
    ("brightearth", "poll", "to another host", True),
    ("koordinates", "create", "other name", False),
    ("koordinates", "create", "HTML", False),
    ("koordinates", "links", "reset in the middle", True),
    ("koordinates", "download", "to another host", True),
]


@pytest.fixture(scope="module")
def secured() -> Iterator[Standin]:
    with Standin(tls=True) as standin:
        yield standin


@pytest.fixture(scope="module")
def weather(secured: Standin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weather]:
    weather = Weather(tmp_path_factory.mktemp("certificates"), secured.certificate or "")
    with weather.outside():
        yield weather
    weather.stop()


@pytest.mark.parametrize(("service", "stage", "fault", "forever"), CELLS)
def test_what_becomes_of_an_order(
    secured: Standin,
    weather: Weather,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    stage: str,
    fault: str,
    forever: bool,
) -> None:
    begin(secured, monkeypatch)
    weather.calm()
    ride = Ride(secured, weather, tmp_path, SERVICES[service])
    end = ride.through(stage, {**FAULTS, **DOWNLOAD_FAULTS}[fault], forever)
    expected = ends()[fault, forever, stage, service]
    assert wrong(ride, end, expected, ride.digests if expected == "D" else {}) == []


def test_a_tileset_that_is_none_is_fetched_anew(tmp_path: Path) -> None:
    """Cut, with a length to match, it looks whole: but nothing could be shown, and nothing else is fetched with it."""
    whole = b'{"asset": {"version": "1.1"}, "geometricError": 0, "root": {"geometricError": 0, "boundingVolume": {}}}'
    with ScriptedServer() as server:
        url = server.on("/t/tileset.json", Reply(200, whole[:40]), Reply(200, b"[]"), Reply(200, whole))
        artifacts = [Artifact("tileset.json", url, tileset=True)]
        job = new_job(ExportRequest("itwin", server.url(), {"imodel": "m"}), 0.0)
        for reason in ("not JSON", "no tileset"):
            provider = services()["itwin"](server.url(), Secret(password="a-token"), Network())
            with pytest.raises(ServiceError, match=reason):
                fetch(Net().http(), artifacts, tmp_path, quiet, follow=Scenes(provider, job, artifacts).follow)
            assert list(tmp_path.iterdir()) == []
        fetched = fetch(Net().http(), artifacts, tmp_path, quiet, follow=Scenes(provider, job, artifacts).follow)
    assert [file.read_bytes() for file in fetched.files] == [whole]
