"""What a service names may not lead nearer to the person than the service is. Real servers on loopback.

A public service is one behind a proxy here: a scripted server that gets whole addresses asked, as proxies are.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cutout.core.errors import ServiceError
from cutout.core.http import Http, Network
from cutout.core.model import Artifact
from cutout.core.reach import Distance, Reach, distance
from cutout.core.transfer import fetch
from tests.unit.downloads import KEY, quiet
from tests.unit.scripted_server import Reply, ScriptedServer

PUBLIC = "http://data.example"


@pytest.fixture
def public() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def mine() -> Iterator[ScriptedServer]:
    """A server on the person's own computer that no service has any business with."""
    with ScriptedServer() as server:
        server.on("/admin", Reply(200, b"{}"))
        yield server


def service(public: ScriptedServer) -> Http:
    def proxies(url: str) -> dict[str, str]:
        return {"http": public.url()} if url.startswith(PUBLIC) else {}

    return Http(PUBLIC, KEY, Network(proxies=proxies, allow_http=True, pause=lambda seconds: None))


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("8.8.8.8", Distance.FAR),
        ("2606:4700::1111", Distance.FAR),
        ("::ffff:8.8.8.8", Distance.FAR),
        ("64:ff9b::808:808", Distance.FAR),
        ("data.linz.govt.nz", None),
        ("169.254.169.254", Distance.NOWHERE),
        ("::ffff:169.254.169.254", Distance.NOWHERE),
        ("64:ff9b::a9fe:a9fe", Distance.NOWHERE),
        ("2002:a9fe:a9fe::1", Distance.NOWHERE),
        ("fe80::1", Distance.NOWHERE),
        ("fe80::1%25eth0", Distance.NOWHERE),
        ("2852039166", Distance.NOWHERE),
        ("0xa9fea9fe", Distance.NOWHERE),
        ("0251.0376.0251.0376", Distance.NOWHERE),
        ("169.254.43518", Distance.NOWHERE),
        ("１６９.254。169.254", Distance.NOWHERE),
        ("224.0.0.1", Distance.NOWHERE),
        ("ff02::1", Distance.NOWHERE),
        ("255.255.255.255", Distance.NOWHERE),
        ("0.0.0.0", Distance.NOWHERE),
        ("0", Distance.NOWHERE),
        ("::", Distance.NOWHERE),
        ("127.0.0.1", Distance.HERE),
        ("127.0.0.1.", Distance.HERE),
        ("127.1", Distance.HERE),
        ("0x7f.1", Distance.HERE),
        ("017700000001", Distance.HERE),
        ("①②⑦.0.0.①", Distance.HERE),
        ("::1", Distance.HERE),
        ("::ffff:127.0.0.1", Distance.HERE),
        ("localhost", Distance.HERE),
        ("LocalHost.", Distance.HERE),
        ("printer.localhost", Distance.HERE),
        ("10.1.2.3", Distance.NEAR),
        ("192.168.1.1", Distance.NEAR),
        ("172.16.0.1", Distance.NEAR),
        ("100.100.100.200", Distance.NEAR),
        ("fd00:ec2::254", Distance.NEAR),
    ],
)
def test_how_far_a_host_is(host: str, found: Distance | None) -> None:
    assert distance(host) is found


@pytest.mark.parametrize(
    ("server", "allowed", "refused"),
    [
        ("https://data.example", ["8.8.8.8"], ["10.0.0.1", "127.0.0.1", "169.254.169.254", "[::1]", "2130706433"]),
        ("https://8.8.8.8", ["9.9.9.9"], ["10.0.0.1", "localhost"]),
        ("https://10.0.0.1", ["8.8.8.8", "192.168.7.7"], ["127.0.0.1", "169.254.169.254"]),
        ("http://127.0.0.1:8000", ["8.8.8.8", "10.0.0.1", "localhost"], ["169.254.169.254", "[fe80::1]"]),
    ],
)
def test_what_a_server_may_name(server: str, allowed: list[str], refused: list[str]) -> None:
    reach = Reach(server)
    for host in allowed:
        reach.check(f"https://{host}/x")
    for host in refused:
        with pytest.raises(ServiceError, match="Nothing was asked there"):
            reach.check(f"https://{host}/x?sig=sesame")


def test_a_server_is_as_far_as_those_that_have_answered_to_its_name() -> None:
    office = Reach("https://geodata.corp")
    office.met("https://geodata.corp/api", "10.1.2.3")
    office.met("https://files.corp/x", "10.9.9.9")
    office.check("https://192.168.0.2/x")
    with pytest.raises(ServiceError):
        office.met("https://files.corp/x", "127.0.0.1")
    turned = Reach("https://data.example")
    turned.met("https://data.example/api", "8.8.8.8")
    with pytest.raises(ServiceError):  # a name that leads elsewhere all of a sudden
        turned.met("https://data.example/api", "127.0.0.1")


def test_a_link_of_a_public_service_to_this_computer_is_not_followed(
    public: ScriptedServer, mine: ScriptedServer, tmp_path: Path
) -> None:
    with pytest.raises(ServiceError, match=r"data\.example sends us to 127\.0\.0\.1.*not on the internet") as caught:
        fetch(service(public), [Artifact("a", mine.url("/admin?sig=sesame"))], tmp_path, quiet)
    assert mine.seen() == [] and "sesame" not in str(caught.value) and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1"])
def test_nor_is_a_redirect_in_any_spelling(
    public: ScriptedServer, mine: ScriptedServer, tmp_path: Path, host: str
) -> None:
    port = mine.url().rpartition(":")[2]
    public.on("/file", Reply(302, headers={"Location": f"http://{host}:{port}/admin"}))
    with pytest.raises(ServiceError, match="Nothing was asked there"):
        fetch(service(public), [Artifact("a", f"{PUBLIC}/file", signed=False)], tmp_path, quiet)
    assert mine.seen() == [] and len(public.seen()) == 1


def test_nor_is_a_page_of_a_list(public: ScriptedServer, mine: ScriptedServer) -> None:
    with pytest.raises(ServiceError, match="Nothing was asked there"):
        service(public).get(mine.url("/admin"))
    assert mine.seen() == []


def test_nor_is_a_name_that_is_looked_up_to_this_computer(
    public: ScriptedServer, mine: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look-up is scripted, since tests have no name of their own; the connection is a real one."""
    real = socket.getaddrinfo

    def scripted(host: Any, *args: Any, **kwargs: Any) -> Any:
        return real("127.0.0.1" if host == "files.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", scripted)
    link = mine.url("/admin").replace("127.0.0.1", "files.example")
    with pytest.raises(ServiceError, match="sends us to files.example.*Nothing was asked there"):
        fetch(service(public), [Artifact("a", link)], tmp_path, quiet)
    assert mine.seen() == []
    at_home = Http("http://127.0.0.1:9", KEY, Network(allow_http=True))  # a service here may say so
    assert fetch(at_home, [Artifact("a", link)], tmp_path, quiet).files[0].read_bytes() == b"{}"


def test_a_tile_that_leads_elsewhere_is_left_out_and_the_rest_arrives(
    public: ScriptedServer, mine: ScriptedServer, tmp_path: Path
) -> None:
    public.on("/a", Reply(200, b"a"))
    tiles = [Artifact("a", f"{PUBLIC}/a"), Artifact("b", mine.url("/admin"), optional=True)]
    fetched = fetch(service(public), tiles, tmp_path, quiet)
    assert [file.name for file in fetched.files] == ["a"] and "“b” could not be fetched" in fetched.problems[0]
    assert mine.seen() == []


@pytest.mark.parametrize("link", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/plain,x", "\\\\server\\share"])
def test_links_that_are_no_web_addresses(public: ScriptedServer, tmp_path: Path, link: str) -> None:
    with pytest.raises(ServiceError):
        fetch(service(public), [Artifact("a", link)], tmp_path, quiet)
    assert list(tmp_path.iterdir()) == []


def test_a_server_at_a_place_where_none_is_has_a_sentence() -> None:
    with pytest.raises(ServiceError, match="169.254.169.254 is not an address that a server can have"):
        Http("http://169.254.169.254", KEY, Network(allow_http=True)).get("/latest/meta-data")
