"""Every network fault at every stage of every service: how the order ends, what is said, and what never happens.

In no cell more than one order is sent, a sentence
holds a secret or a program's words, a credential goes along to another host, or a part of a file has the file's name.

expected.py has the table. CUTOUT_NETWORK_CELLS: of how many cells one is tried (3); 1 for all of them, several minutes.
With -s a line is printed for each cell.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.siege.cells import DOWNLOAD_FAULTS, FAULTS, SERVICES, STAGES, Fault, Ride, begin
from tests.siege.expected import ends, wrong
from tests.siege.weather import Weather
from tests.standin.client import Standin

EACH = int(os.environ.get("CUTOUT_NETWORK_CELLS", "3"))
STALL = 3.0  # seconds; the services are asked at the same time


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


@pytest.mark.parametrize(("service", "stage"), [(one.name, stage) for one in SERVICES.values() for stage in one.stages])
def test_what_becomes_of_an_order(
    secured: Standin, weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str, stage: str
) -> None:
    begin(secured, monkeypatch)
    untroubled = Ride(secured, weather, tmp_path / "clean", SERVICES[service])
    assert untroubled.through(stage).word == "done" and untroubled.orders == 1
    clean = untroubled.digests
    assert clean
    faults: dict[str, Fault] = {**FAULTS, **(DOWNLOAD_FAULTS if stage == "download" else {})}
    first = (list(SERVICES).index(service) + STAGES.index(stage)) % EACH  # so that all are tried somewhere
    cells = [(name, forever) for name in faults for forever in (False, True)][first::EACH]
    troubles = []
    for number, (name, forever) in enumerate(cells):
        begin(secured, monkeypatch)
        weather.calm()
        ride = Ride(secured, weather, tmp_path / str(number), SERVICES[service])
        end = ride.through(stage, faults[name], forever)
        expected = ends()[name, forever, stage, service]
        print(f"{service}|{stage}|{name}|{'for ever' if forever else 'once'}|{end.word}")
        troubles += [f"{name}, {'for ever' if forever else 'once'}: {one}" for one in wrong(ride, end, expected, clean)]
    assert troubles == []


def test_a_stall_of_three_seconds_is_waited_for(
    secured: Standin, weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every stage of every service. Real seconds, so the services are asked at the same time."""
    begin(secured, monkeypatch)
    weather.calm()
    for name, service in SERVICES.items():
        for stage, where in service.stages.items():
            if stage != "links" and (where.server != "storage" or name == "koordinates"):
                count = 3 if where.server == "storage" else 1
                secured.fault(
                    "slow", server=where.server, path=where.path, method=where.method, seconds=STALL, count=count
                )
    with ThreadPoolExecutor(len(SERVICES)) as pool:
        rides = [Ride(secured, weather, tmp_path / name, service) for name, service in SERVICES.items()]
        ended = list(pool.map(lambda ride: ride.through("create"), rides))
    assert [(end.word, end.said[-1]) for end in ended] == [("done", "")] * len(rides)
    assert [ride.orders for ride in rides] == [1] * len(rides)
