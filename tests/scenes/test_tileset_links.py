"""What a reference below a signed link means: the address at the storage, and the name in the job's folder."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutout.core.container import Container, Place, offline, works_offline
from cutout.core.model import Artifact

SIGNED = "sv=2022&sig=a%2Bb%2f+c%3D&se=2030-01-01T00%3A00Z&sig2=~%7E"
ROOT = f"https://store.example/con%20tainer/{'{'}id{'}'}/tileset.json?{SIGNED}"
BASE = "https://store.example/con%20tainer/{id}/"
DEEP = Place("x/a/b/tile.json", "a/b/tile.json")


def container(url: str = ROOT, name: str = "x/tileset.json") -> Container:
    return Container(Artifact(name, url, tileset=True))


@pytest.mark.parametrize(
    ("uri", "address", "name"),
    [
        ("c.glb", "a/b/c.glb", "x/a/b/c.glb"),
        ("./c.glb", "a/b/c.glb", "x/a/b/c.glb"),
        ("../c.glb", "a/c.glb", "x/a/c.glb"),
        ("../../c.glb", "c.glb", "x/c.glb"),
        ("../../../{id}/c.glb", "c.glb", "x/c.glb"),
        ("d//c.glb", "a/b/d//c.glb", "x/a/b/d/c.glb"),
        ("d/./e/../c.glb", "a/b/d/c.glb", "x/a/b/d/c.glb"),
        ("/con%20tainer/{id}/c.glb", "c.glb", "x/c.glb"),
        ("/con tainer/%7Bid%7D/c.glb", "c.glb", "x/c.glb"),
        ("https://store.example/con%20tainer/{id}/c.glb", "c.glb", "x/c.glb"),
        ("HTTPS://store.example:443/con%20tainer/{id}/c.glb", "c.glb", "x/c.glb"),
        ("//store.example/con%20tainer/{id}/c.glb", "c.glb", "x/c.glb"),
        ("..\\c.glb", "a/c.glb", "x/a/c.glb"),
        (" c.glb\n", "a/b/c.glb", "x/a/b/c.glb"),
        ("my%20tile%23.glb", "a/b/my%20tile%23.glb", "x/a/b/my tile#.glb"),
        ("my tile.glb", "a/b/my%20tile.glb", "x/a/b/my tile.glb"),
        ("Straße.glb", "a/b/Stra%C3%9Fe.glb", "x/a/b/Straße.glb"),
        ("100%.glb", "a/b/100%25.glb", "x/a/b/100%.glb"),
        ("a+b%2Bc.glb", "a/b/a+b%2Bc.glb", "x/a/b/a+b+c.glb"),
        ("c.glb#part", "a/b/c.glb", "x/a/b/c.glb"),
        ("../../tileset.json", "tileset.json", "x/tileset.json"),
        ("", "a/b/tile.json", "x/a/b/tile.json"),
    ],
)
def test_a_reference_is_an_address_and_a_name(uri: str, address: str, name: str) -> None:
    mesh = container()
    place = mesh.place(uri, DEEP)
    assert place.name == name
    assert mesh.url(place).replace("%7B", "{").replace("%7D", "}") == f"{BASE}{address}?{SIGNED}"


@pytest.mark.parametrize(
    ("uri", "query"),
    [
        ("c.glb?v=1", f"v=1&{SIGNED}"),
        ("c.glb?v=%2B+&&w", f"v=%2B+&&w&{SIGNED}"),
        ("c.glb?", SIGNED),
        (f"c.glb?{SIGNED}", SIGNED),
        ("c.glb?sig=other&sv=1", "sig=other&sv=1&se=2030-01-01T00%3A00Z&sig2=~%7E"),
    ],
)
def test_a_query_of_its_own_is_kept_and_the_signature_joined(uri: str, query: str) -> None:
    mesh = container()
    assert mesh.url(mesh.place(uri, DEEP)) == f"{BASE}a/b/c.glb?{query}"
    assert mesh.place(uri, DEEP).name == "x/a/b/c.glb"


def test_without_a_signature_there_is_no_query() -> None:
    plain = container("http://127.0.0.1:8000/tileset.json", "tileset.json")
    assert plain.url(plain.place("t/0.glb", plain.root)) == "http://127.0.0.1:8000/t/0.glb"
    assert plain.url(plain.root) == "http://127.0.0.1:8000/tileset.json"


def test_a_query_tells_files_apart_where_the_path_names_none() -> None:
    mesh = container()
    names = {mesh.place(f"content?id={number}", DEEP).name for number in (1, 2, 2)}
    assert len(names) == 2 and all(name.startswith("x/a/b/content-") for name in names)


@pytest.mark.parametrize(
    "uri",
    [
        "../../../c.glb",
        "/c.glb",
        "/con%20tainer/other/c.glb",
        "/con%20tainer/{id}x/c.glb",
        "../../../../../../etc/passwd",
        "%2e%2e/%2e%2e/%2e%2e/c.glb",
        "a%2f..%2f..%2f..%2f..%2fc.glb",
        "..\\..\\..\\c.glb",
        "https://evil.example/con%20tainer/{id}/c.glb",
        "http://store.example/con%20tainer/{id}/c.glb",
        "https://store.example:8443/con%20tainer/{id}/c.glb",
        "https://store.example@evil.example/con%20tainer/{id}/c.glb",
        "//evil.example/c.glb",
        "\\\\evil.example\\c.glb",
        "file:///etc/passwd",
        "C:/c.glb",
        "c:\\c.glb",
        "javascript:alert(1)",
        "http://[",
        "https://store.example:99999/c.glb",
        "%FF.glb",
        "/con%20tainer/{id}/",
        "../..",
    ],
)
def test_what_leads_elsewhere_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match=r"^(it|its) \w+"):
        container().place(uri, DEEP)


@pytest.mark.parametrize("url", ["https://a.example/tileset.json?s=1", "https://a.example/x/?s=1", "https://a.example"])
def test_the_top_of_a_server_is_not_left(url: str) -> None:
    mesh = container(url)
    with pytest.raises(ValueError, match="out of the tileset"):
        mesh.place("../" * 5 + "etc/passwd", mesh.root)


TEXT = st.text(max_size=30) | st.text(alphabet="./\\%:?#ab2eF@[]", max_size=30)


@settings(max_examples=300)
@given(TEXT)
def test_no_reference_leaves_its_server_or_its_folder(uri: str) -> None:
    mesh = container()
    try:
        place = mesh.place(uri, DEEP)
    except ValueError as refusal:
        assert str(refusal)
        return
    assert mesh.url(place).startswith(BASE) and mesh.url(place).endswith(SIGNED.rpartition("&")[2])
    assert place.name.startswith("x/") and ".." not in place.name.split("/")
    assert works_offline(offline(DEEP, place), DEEP, place)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("c.glb", True),
        ("./c.glb", True),
        ("../b/c.glb", True),
        ("%63.glb", True),
        ("c.glb?v=1", False),
        ("c.glb#x", False),
        ("../../../{id}/a/b/c.glb", False),
        ("/con%20tainer/{id}/a/b/c.glb", False),
        ("https://store.example/con%20tainer/{id}/a/b/c.glb", False),
        ("..\\b\\c.glb", False),
    ],
)
def test_which_references_work_offline(uri: str, expected: bool) -> None:
    place = container().place(uri, DEEP)
    assert place.name == "x/a/b/c.glb"
    assert works_offline(uri, DEEP, place) is expected
    assert offline(DEEP, place) == "c.glb"


def test_names_are_escaped_where_they_are_written() -> None:
    assert offline(DEEP, Place("x/a/100% #1?/ü.glb", "")) == "../100%25%20%231%3F/%C3%BC.glb"
