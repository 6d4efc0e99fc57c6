"""The transport: where credentials go, what is repeated, what is said. Against real servers on loopback."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from cutout.core.address import is_loopback, same_origin
from cutout.core.errors import CredentialError, ExportError, ServiceError, TransientError
from cutout.core.http import Http, Network, Secret
from tests.unit.scripted_server import Reply, Request, ScriptedServer

KEY = "k3y-0123456789abcdef"
HEADERS = {"Authorization": f"key {KEY}"}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def other() -> Iterator[ScriptedServer]:
    with ScriptedServer() as other:
        yield other


class Pauses(list[float]):
    """Every pause that was asked for, none of them taken."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def http_to(server: ScriptedServer, pauses: Pauses | None = None) -> Http:
    return Http(server.url(), HEADERS, Network(pause=pauses if pauses is not None else Pauses()))


def body_of(http: Http, url: str, **how: bool) -> bytes:
    with http.open(url, **how) as response:
        return response.content


def as_json(document: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(document).encode(), {"Content-Type": "application/json", **headers})


# Credentials


def test_credentials_go_to_the_server(server: ScriptedServer) -> None:
    server.on("/api", as_json({"ok": True}))
    assert http_to(server).get("/api").document == {"ok": True}
    assert server.seen("/api")[0].headers["authorization"] == f"key {KEY}"


def test_credentials_never_reach_another_port(server: ScriptedServer, other: ScriptedServer) -> None:
    server.on("/file", Reply(302, headers={"Location": other.on("/signed", Reply(200, b"bytes")) + "?sig=1"}))
    assert body_of(http_to(server), "/file", anywhere=True) == b"bytes"
    assert server.seen("/file")[0].headers["authorization"]
    assert "authorization" not in other.seen("/signed")[0].headers
    assert other.seen("/signed")[0].query == "sig=1"


def test_credentials_come_back_with_a_redirect_home(server: ScriptedServer, other: ScriptedServer) -> None:
    other.on("/away", Reply(307, headers={"Location": server.on("/home", Reply(200, b"ok"))}))
    server.on("/start", Reply(302, headers={"Location": other.url("/away")}))
    assert body_of(http_to(server), "/start", anywhere=True) == b"ok"
    assert [("authorization" in seen.headers) for seen in (*server.seen(), *other.seen())] == [True, True, False]


def test_a_signed_link_gets_no_credentials_even_at_home(server: ScriptedServer) -> None:
    server.on("/signed", Reply(200, b"ok"))
    assert body_of(http_to(server), "/signed", credentials=False) == b"ok"
    assert "authorization" not in server.seen()[0].headers


def test_cookies_are_not_kept(server: ScriptedServer, other: ScriptedServer) -> None:
    server.on("/api", Reply(200, b"{}", {"Set-Cookie": "session=secret; Path=/"}))
    http = http_to(server)
    http.get("/api")
    other.on("/x", Reply(200, b"{}"))
    body_of(http, other.url("/x"))
    http.get("/api")
    assert ["cookie" in seen.headers for seen in (*other.seen(), *server.seen())] == [False, False, False]


@pytest.mark.parametrize("host", ["127.0.0.1\\@{there}", "user:pass@{there}"])
def test_addresses_that_libraries_read_differently_are_refused(server: ScriptedServer, host: str) -> None:
    there = server.url().removeprefix("http://")
    with pytest.raises(ServiceError, match="not a web address") as caught:
        http_to(server).get(f"http://{host.format(there=there)}/x")
    assert "pass" not in str(caught.value)
    assert server.seen() == []


def test_a_key_that_no_header_can_hold_is_told_and_not_shown(server: ScriptedServer) -> None:
    for key in ("“abc”-sesame", "sesame\r\nX-Evil: 1"):
        with pytest.raises(CredentialError, match="character") as caught:
            Http(server.url(), {"Authorization": f"key {key}"}, Network()).get("/api")
        assert "sesame" not in str(caught.value)
    assert server.seen() == []


def test_neither_environment_nor_netrc_replace_the_credentials(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password other")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.on("/api", as_json({}))
    http_to(server).get("/api")
    assert server.seen()[0].headers["authorization"] == f"key {KEY}"


def test_secrets_are_not_in_their_repr() -> None:
    assert "sesame" not in repr(Secret("sesame-user", "sesame", {"Authorization": "Bearer sesame"}))


def test_same_origin_is_scheme_host_and_port() -> None:
    assert same_origin("https://a.example/x", "https://A.example:443/y")
    for other in ("http://a.example", "https://a.example:444", "https://b.a.example", "https://a.example.evil.example"):
        assert not same_origin("https://a.example", other)


# Redirects


def test_reads_follow_redirects_of_their_own_server(server: ScriptedServer) -> None:
    server.on("/list", Reply(301, headers={"Location": "/list/"}))
    server.on("/list/", as_json([1]))
    assert http_to(server).get("/list", {"page": "2"}).document == [1]


def test_reads_do_not_follow_to_another_server(server: ScriptedServer, other: ScriptedServer) -> None:
    server.on("/list", Reply(302, headers={"Location": other.url("/list")}))
    with pytest.raises(ServiceError, match="sends this request on to") as caught:
        http_to(server).get("/list")
    assert other.url() in str(caught.value) and other.seen() == []


def test_circles_end(server: ScriptedServer) -> None:
    server.on("/a", Reply(302, headers={"Location": "/b"}))
    server.on("/b", Reply(302, headers={"Location": "/a"}))
    with pytest.raises(ServiceError, match="circle"):
        http_to(server).get("/a")
    assert len(server.seen()) <= 10


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[", "http://127.0.0.1:99999/"])
def test_redirects_to_no_web_address_are_refused(server: ScriptedServer, target: str) -> None:
    server.on("/a", Reply(302, headers={"Location": target}))
    with pytest.raises(ServiceError, match="not a web address"):
        body_of(http_to(server), "/a", anywhere=True)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    from requests import Response

    answer = Response()
    answer.status_code, answer.headers["Location"] = 302, "http://127.0.0.1/x"
    with pytest.raises(ServiceError, match="not safe"):
        Http("https://127.0.0.1", HEADERS, Network())._onward(answer, "GET", "https://127.0.0.1/x", True)


def test_a_redirect_may_name_its_target_in_utf8(server: ScriptedServer) -> None:
    server.on("/a", Reply(302, headers={"Location": "/stra\u00dfe".encode().decode("latin-1")}))
    server.on("/stra%C3%9Fe", Reply(200, b"ok"))
    assert body_of(http_to(server), "/a") == b"ok"


def test_303_with_a_body_and_no_target_is_an_answer(server: ScriptedServer) -> None:
    server.on("/export", as_json({"id": 7}, 303))
    assert http_to(server).get("/export").document == {"id": 7}


# Repeating


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_reads_are_tried_again(server: ScriptedServer, status: int) -> None:
    server.on("/jobs", Reply(status), Reply(status), as_json({"done": 1}))
    pauses = Pauses()
    assert http_to(server, pauses).get("/jobs").document == {"done": 1}
    assert len(server.seen()) == 3 and len(pauses) == 2 and all(pause > 0 for pause in pauses)


@pytest.mark.parametrize(
    "broken", [Reply(drop=True), Reply(200, b"x" * 900, cut=100), Reply(200, b"x", cut=0, reset=True)]
)
def test_reads_are_tried_again_when_the_connection_breaks(server: ScriptedServer, broken: Reply) -> None:
    server.on("/jobs", broken, as_json({"done": 1}))
    assert http_to(server).get("/jobs").document == {"done": 1}


def test_questions_by_post_are_tried_again_with_their_body(server: ScriptedServer) -> None:
    server.on("/validate", Reply(502), as_json({"is_valid": True}))
    assert http_to(server).ask("/validate", {"items": [1]}).document == {"is_valid": True}
    assert [json.loads(seen.body) for seen in server.seen()] == [{"items": [1]}] * 2


def test_reads_end_after_three_tries_with_the_reason(server: ScriptedServer) -> None:
    server.on("/jobs", as_json({"message": "Back at noon"}, 503))
    with pytest.raises(TransientError, match="busy or down.*503.*Back at noon"):
        http_to(server).get("/jobs")
    assert len(server.seen()) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422, 500])
def test_a_refusal_is_not_asked_again(server: ScriptedServer, status: int) -> None:
    server.on("/jobs", as_json({"message": "No."}, status))
    with pytest.raises(ServiceError, match=r"answered: No\.") as caught:
        http_to(server).get("/jobs")
    assert len(server.seen()) == 1
    assert caught.value.status == status
    assert isinstance(caught.value, CredentialError) == (status in (401, 403))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, headers={"Retry-After": "0"}),
        Reply(502),
        Reply(503),
        Reply(drop=True),
        Reply(200, b'{"id": 12345}', cut=5),
        Reply(307, headers={"Location": "/export"}),
        Reply(302, headers={"Location": "/export"}),
    ],
)
def test_what_creates_is_sent_once(server: ScriptedServer, reply: Reply) -> None:
    server.on("/export", reply, as_json({"id": 1}, 201))
    with pytest.raises(ExportError):
        http_to(server).create("/export", {"format": "stl"})
    assert [seen.method for seen in server.seen()] == ["POST"]


def test_an_answer_lost_on_the_way_may_have_been_an_order(server: ScriptedServer) -> None:
    server.on("/export", Reply(drop=True))
    with pytest.raises(TransientError) as caught:
        http_to(server).create("/export", {})
    assert caught.value.reached


def test_a_server_that_is_not_there_certainly_got_nothing(server: ScriptedServer) -> None:
    with ScriptedServer() as gone:
        http = http_to(gone)
    began = time.monotonic()
    with pytest.raises(TransientError, match="can't be reached") as caught:
        http.create("/export", {})
    assert not caught.value.reached and time.monotonic() - began < 10


def test_short_waits_are_kept_and_long_ones_handed_on(server: ScriptedServer) -> None:
    server.on("/soon", Reply(429, headers={"Retry-After": "1"}), as_json({}))
    pauses = Pauses()
    http_to(server, pauses).get("/soon")
    assert pauses == [1.0]
    server.on("/later", Reply(429, headers={"Retry-After": "90"}))
    with pytest.raises(TransientError) as caught:
        http_to(server).get("/later")
    assert caught.value.retry_after == 90 and len(server.seen("/later")) == 1


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("7", 7, 7),
        (formatdate(time.time() + 3600, usegmt=True), 3000, 3601),
        (formatdate(0, usegmt=True), 0, 0),
        ("9" * 400, 86400, 86400),
    ],
    ids=["seconds", "in an hour", "long ago", "endless"],
)
def test_retry_after_is_seconds_or_a_date(server: ScriptedServer, said: str, low: float, high: float) -> None:
    server.on("/x", Reply(503, headers={"Retry-After": said}))
    with pytest.raises(TransientError) as caught:
        http_to(server).create("/x", {})
    assert caught.value.retry_after is not None and low <= caught.value.retry_after <= high


@pytest.mark.parametrize("said", ["soon", "-1", "²", ""])
def test_retry_after_that_says_nothing(server: ScriptedServer, said: str) -> None:
    server.on("/x", Reply(503, headers={"Retry-After": said}))
    with pytest.raises(TransientError) as caught:
        http_to(server).create("/x", {})
    assert caught.value.retry_after is None


# What is said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": "Item 1 is not available"}', "Item 1 is not available"),
        (b'{"errors": {"extent": ["Too many vertices", "Not valid"]}}', "extent: Too many vertices; extent: Not valid"),
        (b'{"crs": ["This field is required."]}', "crs: This field is required."),
        (b'{"message": "The given data was invalid.", "errors": {"format": ["Unknown"]}}', "format: Unknown"),
        (b'{"error": {"code": "X", "message": "No such iModel", "details": [{"message": "a"}]}}', "No such iModel"),
        (
            b'{"detail": [{"loc": ["body", "email"], "msg": "Required", "input": {"pw": "sesame"}}]}',
            "email: Required",
        ),
        (b"<html><head><title>502 Bad\n Gateway</title></head><body>nginx</body></html>", "502 Bad Gateway"),
        (b"<html><style>p{}</style><p>Down &amp; out</p></html>", "Down & out"),
        (b"plain words", "plain words"),
        ("Ungültig".encode("latin-1"), "Ungültig"),
        ("Ungültig".encode(), "Ungültig"),
        (b"", "status 418 and no reason"),
        (b'{"error": true, "reason": "why"}', "reason: why"),
    ],
)
def test_the_services_own_words(server: ScriptedServer, body: bytes, said: str) -> None:
    server.on("/x", Reply(418, body))
    with pytest.raises(ServiceError) as caught:
        http_to(server).get("/x")
    assert said in str(caught.value)
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 1000 + b"]" * 1000,
        b'{"error":' * 1000 + b"1" + b"}" * 1000,
        b"[" * 200_000,
        b"<script" * 50_000,
        b"\xff\xfe\x00" * 1000,
        json.dumps({f"field{n}": ["wrong"] * 50 for n in range(20_000)}).encode(),
    ],
)
def test_odd_answers_do_no_harm(server: ScriptedServer, body: bytes) -> None:
    server.on("/x", Reply(400, body, {"Content-Type": "text/html; charset=martian"}))
    began = time.monotonic()
    with pytest.raises(ServiceError) as caught:
        http_to(server).get("/x")
    assert len(str(caught.value)) < 600 and time.monotonic() - began < 10


def test_words_have_no_control_or_direction_characters(server: ScriptedServer) -> None:
    server.on("/x", as_json({"error": "a\x00b\n\x1b[31mc\u202ed"}, 400))
    with pytest.raises(ServiceError, match=r"answered: a b \[31mc d.$"):
        http_to(server).get("/x")


def test_what_is_said_never_holds_the_key(server: ScriptedServer) -> None:
    for padding in range(360, 410):  # also where the text is cut
        server.on("/x", as_json({"error": "x" * padding + f" {KEY} is not a key; {KEY}"}, 403))
        with pytest.raises(CredentialError) as caught:
            http_to(server).get("/x")
        assert KEY[:8] not in str(caught.value)


def test_an_answer_without_end_is_given_up(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutout.core.answer.MOST_TEXT", 100_000)
    server.on("/x", Reply(200, gzip.compress(b" " * 10_000_000), {"Content-Encoding": "gzip"}))
    with pytest.raises(ServiceError, match="short answer"):
        http_to(server).get("/x")


def test_packed_answers_are_read(server: ScriptedServer) -> None:
    server.on("/x", Reply(200, gzip.compress(b'{"a": "\xc3\xa9"}'), {"Content-Encoding": "gzip"}))
    assert http_to(server).get("/x").document == {"a": "é"}


def test_links_of_an_answer(server: ScriptedServer) -> None:
    server.on("/x", as_json([], Link='</x?page=2>; rel="page-next", </x?page=9>; rel="page-last"'))
    answer = http_to(server).get("/x")
    assert answer.link("page-next") == server.url("/x?page=2")
    assert answer.link("page-previous") == ""


# Where nothing may go at all


@pytest.mark.parametrize("host", ["example.com", "10.0.0.1", "localhost.example.com", "127.0.0.1.example"])
def test_plain_http_leaves_loopback_only_when_allowed(host: str) -> None:
    with pytest.raises(ServiceError, match="plain http"):
        Http(f"http://{host}", HEADERS, Network()).get("/api")
    assert not is_loopback(host)


def test_loopback_by_its_names() -> None:
    assert all(is_loopback(name) for name in ("localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://", "gopher://x/", "http://a..b/", "http://127.0.0.1:x/"]
)
def test_what_is_no_web_address(server: ScriptedServer, url: str) -> None:
    with pytest.raises(ServiceError, match="not a web address"):
        http_to(server).get(url)


def test_a_name_that_nobody_knows_is_told_so() -> None:
    with pytest.raises(TransientError, match="No server called nowhere.invalid was found") as caught:
        Http("https://nowhere.invalid", HEADERS, Network(pause=Pauses())).get("/x?sig=sesame")
    assert not caught.value.reached and caught.value.__suppress_context__


def test_each_thread_has_its_connections(server: ScriptedServer) -> None:
    def slow(request: Request) -> Reply:
        return as_json({"path": request.query})

    server.on("/x", slow)
    http, answers = http_to(server), []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(http.get("/x", {"n": str(n)}).document)) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["path"] for answer in answers) == [f"n={n}" for n in range(8)]


# Sessions


class Sessions:
    """A server that knows the session it gave last, and a client's way to get one."""

    def __init__(self, server: ScriptedServer) -> None:
        self.given: list[str] = []
        self.server = server
        server.on("/me", self._answer)
        server.on("/orders", self._answer)

    def begin(self) -> dict[str, str]:
        self.given.append(f"session-{len(self.given)}")
        return {"Authorization": f"Bearer {self.given[-1]}"}

    def end(self) -> None:
        """The service forgets it."""
        self.given.append("nobody's")

    def http(self, headers: dict[str, str] | None = None) -> Http:
        return Http(self.server.url(), headers or {}, Network(), self.begin, Secret("me", "pa55word-0123"))

    def _answer(self, request: Request) -> Reply:
        known = self.given and request.headers.get("authorization") == f"Bearer {self.given[-1]}"
        return as_json({"id": 7}, 201) if known else as_json({"detail": "not pa55word-0123"}, 401)


def test_without_a_session_one_is_begun_before_the_first_request(server: ScriptedServer) -> None:
    sessions = Sessions(server)
    http = sessions.http()
    assert http.get("/me").document == {"id": 7} and http.create("/orders", {}).status == 201
    assert len(sessions.given) == 1 and len(server.seen()) == 2


def test_a_session_that_has_ended_is_begun_anew_and_the_order_goes_out_once_more(server: ScriptedServer) -> None:
    sessions = Sessions(server)
    http = sessions.http()
    http.get("/me")
    sessions.end()
    assert http.create("/orders", {"what": 1}).status == 201
    assert [request.body for request in server.seen("/orders")] == [b'{"what": 1}'] * 2  # the first was a 401


def test_a_new_session_that_is_refused_too_is_the_last_word(server: ScriptedServer) -> None:
    sessions = Sessions(server)
    server.on("/me", as_json({"detail": "not pa55word-0123"}, 401))
    with pytest.raises(CredentialError) as refusal:
        sessions.http().get("/me")
    assert len(server.seen()) == 2 and "pa55word" not in str(refusal.value)


def test_a_session_is_not_begun_for_somebody_else(server: ScriptedServer, other: ScriptedServer) -> None:
    sessions = Sessions(server)
    other.on("/x", Reply(401))
    with pytest.raises(CredentialError):
        sessions.http().get(other.url("/x"))
    assert sessions.given == [] and "authorization" not in other.seen()[0].headers


def test_a_signature_is_sent_as_it_was_given(server: ScriptedServer) -> None:
    server.on("/b/tileset.json", Reply(200, b"{}"))
    query = "sv=2023-01-03&se=2026-11-22T10%3A00%3A00Z&sr=c&sp=rl&sig=a%2Bb%2Fc%7E%2D.d%3D&empty=&x=(1,2)"
    assert body_of(http_to(server), f"/b/tileset.json?{query}") == b"{}"
    assert server.seen()[0].query == query


def test_a_form_is_sent_as_a_form_and_without_credentials_if_so_asked(server: ScriptedServer) -> None:
    server.on("/token", as_json({"access_token": "t"}))
    http_to(server).ask("/token", None, form={"grant_type": "client_credentials", "scope": "a b"}, credentials=False)
    seen = server.seen()[0]
    assert seen.body == b"grant_type=client_credentials&scope=a+b" and "authorization" not in seen.headers
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
