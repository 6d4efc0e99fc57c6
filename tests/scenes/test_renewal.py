"""Fresh links: whose they are, and how often they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from cutout.core.http import Network, Secret
from cutout.core.model import Artifact, ExportRequest, Job, new_job
from cutout.core.provider import Provider
from cutout.core.scenes import Scenes
from cutout.core.transfer import fetch
from tests.scenes.tilesets import LAT, LON, Site, box, files_in, glb, tile, tileset
from tests.unit.downloads import Net, quiet
from tests.unit.scripted_server import Reply, ScriptedServer

TILES = [f"{number}.glb" for number in range(40)]


class Storage(Provider):
    """A service whose links are given by a function of the job and of how often they were asked for."""

    id = title = "Storage"

    def __init__(self, link: Callable[[Job, int], Artifact]) -> None:
        super().__init__("http://127.0.0.1:9", Secret(), Network())
        self.asked = 0
        self._link = link

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return {"Authorization": "key k3y-0123456789"}

    def links(self, job: Job) -> Iterator[Artifact]:
        self.asked += 1
        yield self._link(job, self.asked)


def job() -> Job:
    return new_job(ExportRequest("storage", "http://127.0.0.1:9"), 0.0)


@pytest.mark.parametrize("connections", [1, 16])
def test_one_fresh_link_is_for_all_tiles_that_wait(tmp_path: Path, connections: int) -> None:
    """Bentley allows 500 requests a minute; a tileset has many thousands of files."""
    with ScriptedServer() as server:
        old, new = Site(server), Site(server, signature="sv=2022&sig=second")
        old.put("tileset.json", tileset(tile(box(LON, LAT), *[tile(box(LON, LAT), content=name) for name in TILES])))
        for name in TILES:
            new.put(name, glb())
        provider, order = Storage(lambda job, asked: new.root), job()
        scenes = Scenes(provider, order, [old.root])
        fetched = fetch(
            Net().http(), [old.root], tmp_path, quiet, scenes.renewed, connections=connections, follow=scenes.follow
        )
        assert fetched.problems == () and files_in(tmp_path) == sorted([*TILES, "tileset.json"])
        assert provider.asked == 1


def test_a_fresh_link_to_the_tileset_is_also_for_its_tiles(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        old, new = Site(server), Site(server, signature="sv=2022&sig=second")
        new.put("tileset.json", tileset(tile(box(LON, LAT), content="0.glb")))
        new.put("0.glb", glb())
        provider = Storage(lambda job, asked: new.root)
        scenes = Scenes(provider, job(), [old.root])
        fetched = fetch(Net().http(), [old.root], tmp_path, quiet, scenes.renewed, follow=scenes.follow)
        assert fetched.problems == () and files_in(tmp_path) == ["0.glb", "tileset.json"]
        assert provider.asked == 1 and len(server.seen("/exports/mesh/0.glb")) == 1


def test_two_jobs_of_one_account_do_not_get_each_others_links() -> None:
    """Every iTwin job has a tileset.json, and two may be downloaded at once."""
    one, other = job(), job()
    provider = Storage(lambda job, asked: Artifact("tileset.json", f"https://s.example/{job.key}?{asked}"))
    for order in (one, other, one):
        stale = Artifact("tileset.json", f"https://s.example/{order.key}?0")
        assert f"/{order.key}?" in provider.renewed(order, stale).url
    assert provider.asked == 2


def test_a_signed_link_shows_in_no_repr() -> None:
    assert "s3cret" not in repr(Artifact("a.tif", "https://s.example/a.tif?sig=s3cret"))


def test_a_link_without_a_file_there_is_renewed_once(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        site = Site(server)
        site.put("tileset.json", tileset(tile(box(LON, LAT), content="0.glb")))
        server.on("/exports/mesh/0.glb", Reply(404, b"<Error/>"))
        provider = Storage(lambda job, asked: site.root)
        scenes = Scenes(provider, job(), [site.root])
        fetched = fetch(Net().http(), [site.root], tmp_path, quiet, scenes.renewed, follow=scenes.follow)
        assert len(fetched.problems) == 1 and "0.glb" in fetched.problems[0]
        assert provider.asked <= 1
