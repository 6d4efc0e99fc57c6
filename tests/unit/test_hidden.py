"""Credentials in use: no text that `redacted` has seen holds them, in whatever form they come back."""

from __future__ import annotations

import base64
import gc
import html
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from http.client import HTTPConnection
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutout.core.errors import ExportError
from cutout.core.hidden import Hidden, Signatures
from cutout.core.http import Http, Network, Secret
from cutout.core.lifecycle import held, looked
from cutout.core.model import ExportRequest, JobState, Look, new_job
from cutout.core.words import redacted
from tests.unit.scripted_server import Reply, Request, ScriptedServer

SECRET = 'Zq7"k/9+w&=x<Ö>%41~end of\\it'
LINK = "/blob.zip?sv=2020&Policy=zzpolicyzz&sig=zzsignaturezz%3D&Key-Pair-Id=zzpairzz"
ZZ = ("zzpolicyzz", "zzsignaturezz", "zzpairzz")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent-encoded": lambda word: quote(word, safe=""),
    "percent-encoded, small letters": lambda word: re.sub("%..", lambda found: found[0].lower(), quote(word, safe="")),
    "as a path": quote,
    "as a form": quote_plus,
    "JSON": lambda word: json.dumps(word),
    "JSON in Unicode": lambda word: json.dumps(word, ensure_ascii=False),
    "JSON in JSON": lambda word: json.dumps(json.dumps(word)),
    "HTML": html.escape,
    "repr": repr,
    "repr of bytes": lambda word: repr(word.encode()),
    "base64": b64,
    "base64 after one character": lambda word: b64(f"u{word}"),
    "base64 after two": lambda word: b64(f"u:{word}x"),
    "base64 after three": lambda word: b64(f"me:{word}xy"),
    "base64 for addresses": lambda word: base64.urlsafe_b64encode(word.encode()).decode().rstrip("="),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_known_secret_is_redacted_in_every_form(form: str) -> None:
    hidden = Hidden()
    hidden.add(SECRET)
    text = FORMS[form](SECRET)
    said = redacted(f"It is {text}, is it not?")
    assert said.startswith("It is ") and said.endswith("is it not?") and "•••" in said
    left = said[len("It is ") : -len(", is it not?")].replace("•••", "")
    assert len(left) <= 11  # of base64, what is about the neighbours


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=6, max_size=40).filter(lambda word: word.strip() == word and len(set(word)) > 3))
def test_any_secret_is_redacted(word: str) -> None:
    hidden = Hidden()
    hidden.add(word)
    for form in ("plain", "percent-encoded", "as a form", "JSON", "HTML", "base64"):
        try:
            text = FORMS[form](word)
        except UnicodeEncodeError:  # half a surrogate pair, which no request can hold
            continue
        assert text not in redacted(f"[{text}]"), form


def test_it_is_known_for_as_long_as_somebody_holds_it() -> None:
    hidden = Hidden()
    hidden.add("a-long-secret")
    assert "a-long-secret" not in redacted("It is a-long-secret.")
    del hidden
    gc.collect()
    assert "a-long-secret" in redacted("It is a-long-secret.")


@pytest.mark.parametrize("word", ["", "abc"])
def test_what_is_no_secret_is_left_alone(word: str) -> None:
    http = Http("https://a.example", {"Authorization": f"Bearer {word}"}, Network(), secret=Secret(password=word))
    assert http and redacted("Bearer of abc, is missing") == "Bearer of abc, is missing"


def test_the_credentials_of_a_connection_are_known_and_so_is_the_session_they_bought(server: ScriptedServer) -> None:
    server.on("/api", Reply(200, b"{}"))
    http = Http(
        server.url(),
        {},
        Network(),
        lambda: {"Authorization": "Bearer the session of today"},
        Secret("me", "its password"),
    )
    http.get("api")
    assert redacted("1 its password 2 the session of today 3") == "1 ••• 2 ••• 3"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_service_that_says_the_key_back_is_not_quoted(server: ScriptedServer, form: str, status: int) -> None:
    password = "Zq7'k/9+w&=x<y>%41~end"
    shown = FORMS[form](password)

    def echo(request: Request) -> Reply:
        bare = Reply(status, f"<p>You sent {shown} to us</p>".encode())
        return bare if status == 500 else Reply(status, json.dumps({"error": f"You sent {shown} to us"}).encode())

    server.on("/api", echo)
    http = Http(server.url(), {"Authorization": f"key {password}"}, Network(), secret=Secret(password=password))
    with pytest.raises(ExportError) as refusal:
        http.get("api", tries=1)
    said = str(refusal.value)
    assert shown not in said and password not in said and "You sent" in said and "to us" in said


def logged(work: Callable[[], object]) -> str:
    """All that anybody's log at DEBUG gets, and all that is printed."""
    signatures, lines, out = Signatures(), io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(lines)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    signatures.attach()
    root.setLevel(logging.DEBUG)
    before, HTTPConnection.debuglevel = HTTPConnection.debuglevel, 1
    try:
        with redirect_stdout(out):
            work()
    finally:
        HTTPConnection.debuglevel = before
        root.removeHandler(handler)
        signatures.detach()
        root.setLevel(level)
    return lines.getvalue() + out.getvalue()


def test_the_log_of_the_http_library_has_neither_key_nor_signature(server: ScriptedServer) -> None:
    server.on("/blob.zip", Reply(302, headers={"Location": f"/other{LINK}"}), Reply(200, b"zip"))
    server.on("/other/blob.zip", Reply(200, b"zip", {"Bad Header": "of-the-test"}))

    def work() -> None:
        http = Http(server.url(), {"Authorization": "key of-the-test"}, Network())
        with http.open(f"{server.url()}{LINK}", anywhere=True) as response:
            assert response.content == b"zip"

    said = logged(work)
    assert "/blob.zip?•••" in said and "302" in said
    assert not [word for word in (*ZZ, "of-the-test") if word in said], said


def test_the_lines_of_others_are_left_alone() -> None:
    said = logged(lambda: logging.getLogger("urllib3.connectionpool").debug("GET /a?b=c"))
    assert "GET /a?b=c" in said


def test_what_a_service_says_of_an_order_is_stored_without_the_key() -> None:
    hidden = Hidden()
    hidden.add(SECRET)
    job = new_job(ExportRequest("koordinates", "https://a.example", {}), 1.0)
    for said in (looked(job, Look(JobState.FAILED, message=f"No {SECRET}."), 2.0), held(job, f"No {SECRET}.", 2.0)):
        assert said.message == "No •••." and SECRET not in said.to_json()
