"""The transport and the downloads against servers and proxies that nobody here wrote.

scripts/setup.sh servers installs them. Where one of them is missing its tests are left out, and say so.
"""

from __future__ import annotations

import base64
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cutout.core.errors import Cancelled, CredentialError, ExportError, ServiceError, TransientError
from cutout.core.http import Http, Network, Secret
from cutout.core.lifecycle import advance
from cutout.core.model import Artifact, ExportRequest, JobState, new_job
from cutout.core.transfer import Fetched, fetch
from cutout.providers.itwin import in_container
from cutout.providers.koordinates import Koordinates
from tests.places import PARK
from tests.siege.servers.azure import Azure, azurite
from tests.siege.servers.mitm import mitmproxy
from tests.siege.servers.nginx import Nginx, nginx
from tests.siege.servers.s3 import S3, s3rver
from tests.siege.servers.wiremock import WireMock, wiremock
from tests.siege.weather import make_certificate
from tests.unit.downloads import KEY, left_over, quiet
from tests.unit.scripted_server import Reply, ScriptedServer

DATA = random.Random(11).randbytes(2_500_000)
FAULTS = ("CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE")
QUICK = Network(pause=lambda seconds: None)
SHORT = Network(pause=lambda seconds: time.sleep(min(seconds, 1.0)))  # where the other side has to get time


def download(url: str, folder: Path, network: Network = QUICK, **how: object) -> Fetched:
    return fetch(Http("http://127.0.0.1:9", KEY, network), [Artifact("a", url)], folder, quiet, **how)  # type: ignore[arg-type]


# WireMock


@pytest.fixture(scope="module")
def mock_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WireMock]:
    with wiremock(tmp_path_factory.mktemp("wiremock")) as server:
        yield server


@pytest.fixture
def mock(mock_server: WireMock) -> WireMock:
    mock_server.reset()
    return mock_server


@pytest.mark.parametrize("fault", FAULTS)
def test_wiremock_breaks_answers(mock: WireMock, fault: str) -> None:
    http = Http(mock.url, KEY, QUICK)
    mock.on("GET", "/once", {"fault": fault}, {"jsonBody": {"done": 1}})
    assert http.get("/once").document == {"done": 1} and len(mock.seen("/once")) == 2
    mock.on("GET", "/jobs", {"fault": fault})
    mock.on("POST", "/orders", {"fault": fault})
    with pytest.raises(TransientError, match="broke off"):
        http.get("/jobs")
    with pytest.raises(TransientError, match="broke off") as caught:
        http.create("/orders", {"what": 1})
    assert caught.value.reached and len(mock.seen("/orders")) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_wiremock_breaks_downloads(mock: WireMock, tmp_path: Path, fault: str) -> None:
    body = {"base64Body": base64.b64encode(DATA).decode(), "headers": {"ETag": '"1"'}}
    url = mock.on("GET", "/a.bin", {"fault": fault, **body}, {"fault": fault, **body}, body)
    assert download(url, tmp_path).files[0].read_bytes() == DATA
    assert left_over(tmp_path) == [] and len(mock.seen("/a.bin")) == 3


def test_wiremock_is_busy_and_then_done(mock: WireMock) -> None:
    """A job of the kind of Koordinates: too many requests, still working, done."""
    mock.on(
        "GET",
        "/services/api/v1.x/exports/7/",
        {"status": 429, "headers": {"Retry-After": "77"}},
        {"jsonBody": {"id": 7, "state": "processing", "progress": 0.5}},
        {"status": 503, "body": "<html><title>Maintenance</title></html>"},
        {"jsonBody": {"id": 7, "state": "complete"}},
    )
    provider = Koordinates(mock.url, Secret(password="k3y-0123456789"), QUICK)
    request = ExportRequest("koordinates", mock.url, {"items": "layer:1"}, PARK)
    job = replace(new_job(request, 0.0), state=JobState.QUEUED, remote={"id": 7})
    dues, states = [], []
    for _ in range(4):
        now = job.due or 0.0
        job = advance(provider, job, now)
        dues.append((job.due or 0.0) - now)
        states.append(job.state)
    assert states == [JobState.QUEUED, JobState.RUNNING, JobState.RUNNING, JobState.READY] and dues[0] == 77.0


def test_wiremock_dribbles(mock: WireMock) -> None:
    slow = {"jsonBody": {"a": "b" * 5000}, "chunkedDribbleDelay": {"numberOfChunks": 5, "totalDuration": 1500}}
    mock.on("GET", "/slow", slow)
    assert Http(mock.url, KEY, QUICK).get("/slow").document == {"a": "b" * 5000}


# nginx


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(folder, make_certificate(folder, "127.0.0.1")) as server:
        (server.files / "a").write_bytes(DATA)
        yield server


def broken_off(url: str, folder: Path) -> int:
    """Bytes that are kept of a download that was stopped in the middle."""

    def stop(done: int, total: int | None) -> None:
        if done > 200_000:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(Http("http://127.0.0.1:9", KEY, QUICK), [Artifact("a", url)], folder, stop)
    return (folder / "a.part").stat().st_size


@pytest.mark.parametrize("there", ["", "/whole"])
def test_nginx_goes_on_or_starts_again(files: Nginx, tmp_path: Path, there: str) -> None:
    """With ranges, and without any (max_ranges 0)."""
    assert 0 < broken_off(f"{files.url}/slow/a", tmp_path) < len(DATA)
    assert download(f"{files.url}{there}/a", tmp_path).files[0].read_bytes() == DATA
    assert left_over(tmp_path) == []


def test_nginx_has_another_file_in_the_middle(files: Nginx, tmp_path: Path) -> None:
    path = files.files / "changing"
    path.write_bytes(DATA)
    assert 0 < broken_off(f"{files.url}/slow/changing", tmp_path) < len(DATA)
    path.write_bytes(DATA[::-1])
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert download(f"{files.url}/changing", tmp_path).files[0].read_bytes() == DATA[::-1]


@pytest.mark.parametrize(("there", "status"), [("one", 503), ("few", 429)])
def test_nginx_takes_only_so_many(files: Nginx, tmp_path: Path, there: str, status: int) -> None:
    """One connection at a time, then twenty requests a second: sixteen connections get all files all the same."""
    content = DATA[:200_000]
    for number in range(8):
        (files.files / f"{number}.bin").write_bytes(content)
    artifacts = [Artifact(f"{number}.bin", f"{files.url}/{there}/{number}.bin") for number in range(8)]
    fetched = fetch(Http("http://127.0.0.1:9", KEY, SHORT), artifacts, tmp_path, quiet)
    assert [path.read_bytes() for path in fetched.files] == [content] * 8 and fetched.problems == ()
    assert f'" {status} ' in (files.files.parent / "access.log").read_text()


def test_nginx_packs_answers(files: Nginx) -> None:
    (files.files / "long.json").write_text('{"a": "' + "b" * 1_000_000 + '"}')
    assert Http(files.url, KEY, QUICK).get("/packed/long.json").document == {"a": "b" * 1_000_000}


def test_nginx_with_a_certificate_that_nobody_vouches_for(files: Nginx, tmp_path: Path) -> None:
    with pytest.raises(TransientError, match="certificate of 127.0.0.1.* is not trusted: self.signed") as caught:
        Http(files.secure, KEY, QUICK).get("/a")
    assert not caught.value.reached
    with pytest.raises(TransientError, match="No secure connection to 127.0.0.1.* can be made"):
        Http(files.url.replace("http:", "https:"), KEY, QUICK).get("/a")
    trusting = Network(certificates=str(files.files.parent / "127.0.0.1.pem"), pause=lambda seconds: None)
    assert download(f"{files.secure}/a", tmp_path, trusting).files[0].read_bytes() == DATA


def test_nginx_leads_from_https_to_http(files: Nginx, tmp_path: Path) -> None:
    trusting = Network(certificates=str(files.files.parent / "127.0.0.1.pem"), pause=lambda seconds: None)
    with pytest.raises(ServiceError, match="from https to http, which is not safe"):
        download(f"{files.secure}/down", tmp_path, trusting)
    assert list(tmp_path.iterdir()) == []


# mitmproxy


@dataclass(frozen=True)
class Broken:
    """Servers as they are reached through mitmproxy. orders: one that takes them."""

    files: str
    bucket: str
    container: str
    orders: str
    asked: ScriptedServer


@pytest.fixture(scope="module")
def broken(files: Nginx, bucket: S3, container: Azure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    folder = tmp_path_factory.mktemp("mitmproxy")
    with ScriptedServer() as orders:
        orders.on("/orders", Reply(201, b'{"id": 1}'))
        storage = container.url.rpartition("/")[0]
        with mitmproxy(folder, files.url, bucket.url, storage, orders.url()) as urls:
            yield Broken(*urls, orders)


@pytest.mark.parametrize(("name", "goes_on"), [("killed", False), ("cut", True)])
def test_mitmproxy_breaks_a_download(broken: Broken, files: Nginx, tmp_path: Path, name: str, goes_on: bool) -> None:
    (files.files / name).write_bytes(DATA)
    assert download(f"{broken.files}/{name}", tmp_path / "job").files[0].read_bytes() == DATA
    asked = [line for line in (files.files.parent / "access.log").read_text().splitlines() if f" /{name} " in line]
    assert len(asked) == 2 and ('" 206 ' in asked[-1]) == goes_on


def test_mitmproxy_breaks_the_answer_to_an_order(broken: Broken) -> None:
    with pytest.raises(TransientError) as caught:
        Http(broken.orders, KEY, QUICK).create("/orders", {})
    assert caught.value.reached and len(broken.asked.seen("/orders")) == 1


# s3rver


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3rver(tmp_path_factory.mktemp("s3rver")) as server:
        yield server


def through(proxy: str, server: str, link: str) -> str:
    return link.replace(server.partition("//")[2].partition("/")[0], proxy.partition("//")[2], 1)


def test_s3rver_refuses_a_second_credential_and_gets_none(bucket: S3, tmp_path: Path) -> None:
    bucket.put("a.zip", DATA)
    with pytest.raises(ServiceError, match="Only one auth mechanism"):
        Http(bucket.url, KEY, QUICK).get(bucket.link("a.zip"))
    assert download(bucket.link("a.zip"), tmp_path / "direct").files[0].read_bytes() == DATA
    with ScriptedServer() as api:
        url = api.on("/download", Reply(302, headers={"Location": bucket.link("a.zip")}))
        http = Http(api.url(), KEY, QUICK)
        fetched = fetch(http, [Artifact("a", url, signed=False)], tmp_path / "sent on", quiet)
        assert fetched.files[0].read_bytes() == DATA and api.seen()[0].headers["authorization"]


def test_s3rver_has_links_that_expire(bucket: S3, tmp_path: Path) -> None:
    bucket.put("b.zip", DATA)
    old = bucket.link("b.zip", age=1000)
    with pytest.raises(CredentialError, match="expired.*fresh link was refused too") as caught:
        download(old, tmp_path, fresh=lambda artifact: artifact)
    assert "X-Amz-Signature" not in str(caught.value)
    renewed = download(old, tmp_path, fresh=lambda artifact: replace(artifact, url=bucket.link("b.zip")))
    assert renewed.files[0].read_bytes() == DATA


@pytest.mark.parametrize("replaced", [False, True])
def test_s3rver_goes_on_or_starts_again(broken: Broken, bucket: S3, tmp_path: Path, replaced: bool) -> None:
    """The connection is cut in the middle and the link has expired by then; perhaps the object is another one, too."""
    key = f"c{replaced}.zip"
    bucket.put(key, DATA)
    after = DATA[::-1] if replaced else DATA
    first = through(broken.bucket, bucket.url, bucket.link(key))
    links = [first, bucket.link(key, age=1000), bucket.link(key)]

    def pause(seconds: float) -> None:
        if replaced:
            bucket.put(key, after)

    http = Http("http://127.0.0.1:9", KEY, Network(pause=pause))
    with ScriptedServer() as api:
        url = api.on("/download", *[Reply(302, headers={"Location": link}) for link in links])
        fetched = fetch(http, [Artifact("a", url)], tmp_path / "job", quiet, fresh=lambda artifact: artifact)
        assert len(api.seen()) == 3 + replaced  # s3rver knows no If-Range and sends a part of the other object
    assert fetched.files[0].read_bytes() == after and left_over(tmp_path) == []


# Azurite


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    with azurite(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@pytest.mark.parametrize("replaced", [False, True])
def test_azurite_goes_on_or_starts_again(broken: Broken, container: Azure, tmp_path: Path, replaced: bool) -> None:
    name = f"{replaced}.glb"
    container.put(name, DATA)
    after = DATA[::-1] if replaced else DATA
    link = in_container(through(broken.container, container.url, container.link()), name)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if replaced:
            container.put(name, after)

    assert download(link, tmp_path / "job", Network(pause=pause)).files[0].read_bytes() == after
    assert len(pauses) == 1  # it was cut once


def test_azurite_has_links_that_expire(container: Azure, tmp_path: Path) -> None:
    container.put("b.glb", DATA)
    old = in_container(container.link(lifetime=-60), "b.glb")
    with pytest.raises(ExportError, match="fresh link was refused too") as caught:
        download(old, tmp_path, fresh=lambda artifact: artifact)
    assert "sig=" not in str(caught.value)
    new = in_container(container.link(), "b.glb")
    fetched = download(old, tmp_path, fresh=lambda artifact: replace(artifact, url=new))
    assert fetched.files[0].read_bytes() == DATA


def test_azurite_says_what_is_missing(container: Azure, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="BlobNotFound|does not exist"):
        download(in_container(container.link(), "gone.glb"), tmp_path, fresh=lambda artifact: artifact)
    assert left_over(tmp_path) == []
