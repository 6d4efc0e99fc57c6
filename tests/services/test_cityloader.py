"""The 3DCityLoader provider against its stand-in: real HTTP, real zips, one behaviour a test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pyproj import Geod

from cutout.core.errors import CredentialError, ExportError, ServiceError, TransientError
from cutout.core.fit import prepared
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, cancelled, collect, looked_for_now
from cutout.core.model import ExportRequest, Job, JobState, about, new_job
from cutout.core.names import OWN
from cutout.providers.cityloader import CityLoader
from tests.standin.client import One, Recorded, Standin
from tests.unit.scripted_server import Reply, ScriptedServer

QUICK = Network(pause=lambda seconds: None)
BOX = [16.3465, 48.2035, 16.3495, 48.2055]
CENTRE = [16.349, 48.205]
TRIANGLE = {
    "type": "Polygon",
    "coordinates": [[[BOX[0], BOX[1]], [BOX[2], BOX[1]], [BOX[0], BOX[3]], [BOX[0], BOX[1]]]],
}
SIMPLE = "/api/export/simple"
DOCUMENTED = {"Accept": "application/json", "Content-Type": "application/json"}


@pytest.fixture
def city(standin: Standin) -> One:
    return standin.of("cityloader")


def service(city: One, token: str = "full") -> CityLoader:
    return CityLoader(city.facts["api"], Secret(password=city.facts["tokens"].get(token, token)), QUICK)


def order(area: Any = TRIANGLE, server: str = "", **options: Any) -> ExportRequest:
    return ExportRequest("cityloader", server, options, area, "Neubau")


def submitted(city: One, request: ExportRequest, token: str = "full") -> Job:
    ready = prepared(CityLoader, request)
    (remote,) = service(city, token).submit(ready)
    return replace(new_job(ready, 0.0), state=JobState.QUEUED, remote=remote)


def until_ready(city: One, job: Job) -> Job:
    now = 0.0
    for _ in range(10):
        job = advance(service(city), job, now)
        now = job.due or now
    return job


def creations(standin: Standin) -> list[Recorded]:
    return [one for one in standin.requests("cityloader") if one.method == "POST"]


def quiet(done: int, total: int | None) -> None:
    pass


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def told(scripted: ScriptedServer, *replies: Reply) -> tuple[CityLoader, Job]:
    """A service that says just this of export 7."""
    scripted.on("/api/export/7", *replies)
    provider = CityLoader(scripted.url("/api"), Secret(password="a-token-of-mine"), QUICK)
    return provider, replace(new_job(order(), 0.0), state=JobState.QUEUED, remote={"id": 7})


@pytest.mark.parametrize("settings", [{}, {"download_via": "files"}, {"download_via": "storage"}, {"uuid_ids": True}])
def test_from_new_to_done_with_files(standin: Standin, city: One, tmp_path: Path, settings: dict[str, Any]) -> None:
    city.settings(**settings)
    job = until_ready(city, new_job(order(), 0.0))
    assert (job.state, job.word) == (JobState.READY, "done")
    job = collect(service(city), job, tmp_path, quiet)
    assert (job.state, job.problems) == (JobState.DONE, ())
    assert [record.name for record in job.files] == [f"{job.remote['id']}.stl"]
    arrived = {path.relative_to(job.folder).as_posix() for path in Path(job.folder).rglob("*") if path.is_file()}
    assert arrived == {f"{job.remote['id']}.stl", *OWN}
    assert len(creations(standin)) == 1
    for one in standin.requests():
        wants_token = one.server == "cityloader" and not one.path.endswith("/download")
        assert (one.header("Authorization") is not None) == wants_token, one.path
        if wants_token:
            assert {name: one.header(name) for name in DOCUMENTED} == DOCUMENTED


def test_a_polygon_goes_as_its_bounding_box_and_both_features_by_default(city: One) -> None:
    request = prepared(CityLoader, order())
    assert "rectangles" in request.notes[0] and "more" in request.notes[0]
    submitted(city, request)
    assert city.orders()[0]["request"] == {
        "bbox": BOX, "format": "stl", "include": ["terrain", "buildings"], "separate_files": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"format": "dxf", "include": ["buildings"]}, {"format": "dxf", "include": ["buildings"]}),
        ({"include": "buildings, terrain"}, {"include": ["buildings", "terrain"]}),
        ({"format": "obj", "separate_files": True}, {"format": "obj", "separate_files": True}),
    ],
)
def test_options_go_as_they_are_documented(city: One, options: dict[str, Any], sent: dict[str, Any]) -> None:
    request = order(**options)
    assert CityLoader.check(request) == ()
    submitted(city, request)
    assert sent.items() <= city.orders()[0]["request"].items()


def test_files_apart_arrive_apart(city: One, tmp_path: Path) -> None:
    job = until_ready(city, new_job(order(format="obj", separate_files=True), 0.0))
    files = [record.name for record in collect(service(city), job, tmp_path, quiet).files]
    assert len(files) == 2 and all(name.endswith(".obj") for name in files)


def test_a_centre_and_a_size_instead_of_an_area(city: One) -> None:
    request = order(None, center=CENTRE, width=300, height=200)
    assert CityLoader.check(request) == ()
    submitted(city, request)
    (export,) = city.orders()
    assert export["request"]["center"] == CENTRE and export["request"]["size"] == [300, 200]
    assert "bbox" not in export["request"]
    ring = (CityLoader.extent(request) or {})["coordinates"][0]
    (west, south), (east, north) = ring[0], ring[2]
    assert [west, south, east, north] == pytest.approx(export["bbox"], abs=1e-9)
    globe = Geod(ellps="WGS84")
    assert globe.inv(west, CENTRE[1], east, CENTRE[1])[2] == pytest.approx(300, abs=0.01)
    assert globe.inv(CENTRE[0], south, CENTRE[0], north)[2] == pytest.approx(200, abs=0.01)


def test_the_extent_of_a_centre_is_stored_with_the_job_and_goes_on_over_the_antimeridian() -> None:
    centred = order(None, center=CENTRE)
    assert prepared(CityLoader, centred).sent == CityLoader.extent(centred)
    ring = (CityLoader.extent(order(None, center=[180.0, -16.8], width=1000)) or {})["coordinates"][0]
    assert 0.009 < ring[1][0] - ring[0][0] < 0.01


@pytest.mark.parametrize("centre", [[0, 90], [0, -90], [10, 89.999], [179.9999, 60], [-180, 0]])
@pytest.mark.parametrize("side", [0.5, 500, 1_000_000])
def test_the_extent_of_a_centre_lies_on_the_globe(centre: list[float], side: float) -> None:
    request = order(None, center=centre, width=side, height=side)
    assert CityLoader.check(request) == ()
    lons, lats = zip(*CityLoader.extent(request)["coordinates"][0])
    assert min(lats) >= -90 and max(lats) <= 90 and min(lats) <= centre[1] <= max(lats)
    assert 0 < max(lons) - min(lons) <= 360


@pytest.mark.parametrize("side", ["500", True, 0, -1, float("nan"), float("inf"), 10**400, 1e7, [500]])
def test_a_side_that_is_no_length_is_told(side: Any) -> None:
    assert any("Width and height" in said for said in CityLoader.check(order(None, center=[16, 48], width=side)))


def test_an_address_instead_of_an_area_is_placed_by_the_service_alone(city: One) -> None:
    request = order(None, address=" Burggasse 40, 1070 Wien ")
    assert CityLoader.check(request) == () and CityLoader.extent(request) is None
    submitted(city, request)
    sent = city.orders()[0]["request"]
    assert (sent["address"], sent["size"]) == ("Burggasse 40, 1070 Wien", [500, 500])


def test_every_problem_at_once_without_asking(standin: Standin) -> None:
    request = order(
        TRIANGLE,
        center=[200, "x"],
        address="Somewhere 1",
        width=0,
        format="STL",
        include=["roads"],
        separate_files="no",
    )
    problems = " ".join(CityLoader.check(request))
    for part in ("only one of them", "The centre point", "more than 0 metres", "“STL”", "“roads”", "true or false"):
        assert part in problems
    assert not standin.requests()


@pytest.mark.parametrize("centre", [[1], [float("nan"), 1], [1, 91], [-181, 1], [True, 1], "1,2", {}])
def test_a_bad_centre_is_told(centre: Any) -> None:
    assert any("centre point must" in problem for problem in CityLoader.check(order(None, center=centre)))


def test_none_of_the_three_and_nothing_to_include_are_told() -> None:
    problems = CityLoader.check(order(None, include=[], address="  "))
    assert [problem.split(":")[0] for problem in problems] == [
        "No area is chosen",
        "Include terrain, buildings or both",
    ]


def test_greeting_orders_nothing(standin: Standin, city: One) -> None:
    assert "accepts the token" in service(city).greet()
    assert [one.method for one in standin.requests("cityloader")] == ["GET"]


def test_greeting_what_is_no_such_service(scripted: ScriptedServer) -> None:
    scripted.on("/export/0", Reply(404, b"<html><title>Not Found</title></html>"))
    with pytest.raises(ServiceError, match="no API at this address.*Not Found") as refusal:
        CityLoader(scripted.url(), Secret(password="a-token-of-mine"), QUICK).greet()
    assert refusal.value.advice == "The address ends in /api."


@pytest.mark.parametrize("shape", ["message", "error", "nested", "list", "fields", "html", "empty"])
def test_a_wrong_token_in_every_shape_of_error(city: One, shape: str) -> None:
    city.settings(error_shape=shape)
    with pytest.raises(CredentialError) as refusal:
        service(city, "99|not-a-token-of-anybody").greet()
    assert "does not accept the token" in refusal.value.message and "<" not in refusal.value.message
    assert f"{city.url}/user/api-tokens" in refusal.value.advice
    assert "not-a-token-of-anybody" not in str(refusal.value)


@pytest.mark.parametrize("token", ["99|not-a-token-of-anybody", "no_create", "no_pay"])
@pytest.mark.parametrize("settings", [{}, {"names_permission": True, "unpaid": "403"}])
def test_what_a_token_lacks_ends_the_order_in_words(city: One, token: str, settings: dict[str, Any]) -> None:
    city.settings(**settings)
    job = advance(service(city, token), new_job(order(), 0.0), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")
    assert f"{city.url}/user/api-tokens" in job.message
    if token != "99|not-a-token-of-anybody":
        assert f"export.{token[3:]}" in job.message
    if settings and token == "no_pay":
        assert "lacks the permission export.pay:" in job.message
    assert not city.orders()


def test_a_token_that_may_not_read_is_told_so_and_the_job_waits(city: One) -> None:
    with pytest.raises(CredentialError, match=r"lacks the permission export\.read"):
        service(city, "no_read").greet()
    job = advance(service(city, "no_read"), submitted(city, order()), 5.0)
    assert job.paused and job.state is JobState.QUEUED and "export.read" in job.message
    job = advance(service(city), looked_for_now(job, 9.0), 9.0)
    assert not job.paused and job.soft_errors == 0


def test_without_a_payment_method_nothing_is_ordered(standin: Standin, city: One) -> None:
    city.settings(payment_method=False)
    job = advance(service(city), new_job(order(), 0.0), 0.0)
    assert job.state is JobState.FAILED
    for part in ("Please add a payment method", "Set up a payment method", "export.pay", "Nothing was ordered."):
        assert part in job.message
    assert len(creations(standin)) == 1 and not city.orders()


def test_an_area_that_is_refused_is_told_in_the_services_words(city: One) -> None:
    city.settings(max_km2=0.01)
    job = advance(service(city), new_job(order(), 0.0), 0.0)
    assert job.state is JobState.FAILED and "exceeds the limit of 0.01 km²" in job.message
    assert job.message.endswith("Nothing was ordered.")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["area"]),
        ({"center": CENTRE, "address": "Burggasse 40"}, ["address"]),
        ({"area": TRIANGLE, "center": CENTRE}, ["center"]),
        ({"center": CENTRE, "width": 0}, ["width"]),
        ({"address": "Burggasse 40", "height": "x"}, ["height"]),
        ({"center": CENTRE, "width": -1, "height": -1}, ["width"]),
    ],
)
def test_problems_of_the_place_are_told_apart(options: dict[str, Any], expected: list[str]) -> None:
    assert [about(problem) for problem in CityLoader.check(order(**{"area": None, **options}))] == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"area": TRIANGLE}, "area"),
        ({"center": CENTRE}, "width"),
        ({"address": "Nowhere 1"}, "address"),
        ({"center": CENTRE, "width": "x"}, "width"),
        ({"center": [500, 0]}, "center"),
        ({"center": CENTRE, "format": "ply"}, "format"),
        ({"center": CENTRE, "include": ["roads"]}, "include"),
        ({"center": CENTRE, "height": 1, "separate_files": True}, "width"),
    ],
)
def test_what_the_service_finds_wrong_names_its_option(city: One, options: dict[str, Any], expected: str) -> None:
    city.settings(max_km2=0.0001)
    with pytest.raises(ServiceError) as refusal:
        next(service(city).submit(order(**{"area": None, **options})))
    assert refusal.value.about == expected
    assert not city.orders()


@pytest.mark.parametrize("settings", [{"payment_method": False}, {"unpaid": "402"}, {"unpaid": "403"}])
@pytest.mark.parametrize("shape", ["message", "error", "html", "empty"])
def test_what_a_token_or_an_account_lacks_is_about_the_account(city: One, settings: dict[str, Any], shape: str) -> None:
    city.settings(error_shape=shape, **settings)
    for token in ("99|not-a-token-of-anybody", "no_create", "no_pay"):
        with pytest.raises(ServiceError) as refusal:
            next(service(city, token).submit(order()))
        assert refusal.value.about == "account"


@pytest.mark.parametrize("status", [200, 404, 422, 500, 503])
def test_a_page_where_a_document_belongs_is_about_the_server(scripted: ScriptedServer, status: int) -> None:
    provider, _ = told(scripted, Reply())
    scripted.on(SIMPLE, Reply(status, b"<html><title>Welcome</title></html>"))
    with pytest.raises(ExportError) as refusal:
        next(provider.submit(order()))
    assert refusal.value.about == "server"


def test_a_server_that_is_not_there_is_about_the_server() -> None:
    nowhere = CityLoader("http://127.0.0.1:9/api", Secret(password="a-token-of-mine"), QUICK)
    with pytest.raises(TransientError) as fault:
        next(nowhere.submit(order()))
    assert fault.value.about == "server"


def test_a_job_that_fails_without_a_reason(city: One) -> None:
    city.settings(final="failed")
    job = until_ready(city, new_job(order(), 0.0))
    assert job.state is JobState.FAILED and "gives no reason" in job.message


def test_the_states_as_they_are_documented_and_one_that_is_not(city: One) -> None:
    city.settings(polls=3)
    job = submitted(city, order())
    assert [service(city).poll(job).state for _ in range(4)] == [
        JobState.QUEUED, JobState.RUNNING, JobState.RUNNING, JobState.READY,
    ]  # fmt: skip
    city.settings(open_state="reticulating", polls=9)
    job = submitted(city, order())
    service(city).poll(job)
    look = service(city).poll(job)
    assert (look.state, look.known, look.word) == (JobState.RUNNING, False, "reticulating")
    assert "reticulating" in look.message


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(200, b'{"id": 7}'), "can't be understood"),
        (Reply(200, b'{"status": 3}'), "can't be understood"),
        (Reply(200, b"<html><title>Log in</title></html>"), "can't be understood"),
        (Reply(404, b'{"message": "Not Found."}'), "knows no export 7 of this account"),
    ],
)
def test_an_odd_answer_holds_the_job(scripted: ScriptedServer, reply: Reply, said: str) -> None:
    provider, job = told(scripted, reply)
    job = advance(provider, job, 5.0)
    assert job.paused and job.state is JobState.QUEUED and said in job.message


def test_done_without_a_link(scripted: ScriptedServer, tmp_path: Path) -> None:
    provider, job = told(scripted, Reply(200, b'{"status": "done", "download_url": null}'))
    job = advance(provider, job, 5.0)
    assert job.state is JobState.READY
    with pytest.raises(ExportError, match="names no files"):
        collect(provider, job, tmp_path, quiet)


def test_a_lost_answer_is_uncertain_and_never_sent_again(standin: Standin, city: One) -> None:
    standin.fault("lost", server="cityloader", method="POST", path=SIMPLE)
    job = advance(service(city), new_job(order(), 0.0), 0.0)
    assert job.state is JobState.UNCERTAIN and "charged twice" in job.message
    again = advance(service(city), job, 60.0)
    assert again.state is JobState.UNCERTAIN
    assert len(creations(standin)) == len(city.orders()) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(201, b"{}"),
        Reply(500, b'{"message": "Server Error"}'),
        Reply(303, headers={"Location": "/api/export/8"}),  # it is done, and what came of it is over there
    ],
)
def test_an_answer_without_an_id_is_uncertain(scripted: ScriptedServer, reply: Reply) -> None:
    provider, _ = told(scripted, Reply())
    scripted.on(SIMPLE, reply)
    assert advance(provider, new_job(order(), 0.0), 0.0).state is JobState.UNCERTAIN
    assert len(scripted.seen(SIMPLE)) == 1


def test_a_service_that_is_busy_has_ordered_nothing(standin: Standin, city: One) -> None:
    standin.fault("status", server="cityloader", method="POST", path=SIMPLE, status=429, retry_after=9)
    job = advance(service(city), new_job(order(), 0.0), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")
    assert len(creations(standin)) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_an_order_that_is_sent_elsewhere_is_not_there(scripted: ScriptedServer, status: int) -> None:
    """Laravel sends a request that it does not take back to where it came from."""
    provider, _ = told(scripted, Reply())
    scripted.on(SIMPLE, Reply(status, headers={"Location": "/login"}))
    job = advance(provider, new_job(order(), 0.0), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")


def test_it_does_not_cancel(city: One) -> None:
    with pytest.raises(ExportError, match="3DCityLoader can't cancel"):
        cancelled(service(city), submitted(city, order()), 1.0)


@pytest.mark.parametrize("kind", ["expired", "cut", "truncated", "reset"])
def test_a_link_that_expires_and_a_connection_that_breaks(
    standin: Standin, city: One, tmp_path: Path, kind: str
) -> None:
    job = until_ready(city, new_job(order(), 0.0))
    standin.fault(kind, server="storage")
    assert collect(service(city), job, tmp_path, quiet).state is JobState.DONE
    assert len(creations(standin)) == 1


def test_a_link_that_expired_before_its_redirect(standin: Standin, city: One, tmp_path: Path) -> None:
    standin.freeze()
    job = until_ready(city, new_job(order(), 0.0))
    provider = service(city)
    (old,) = provider.links(job)
    standin.advance(3600)
    assert provider.renewed(job, old).url != old.url
    assert collect(provider, job, tmp_path, quiet).state is JobState.DONE


def test_a_storage_that_refuses_is_told_and_the_job_stays_ready(standin: Standin, city: One, tmp_path: Path) -> None:
    job = until_ready(city, new_job(order(), 0.0))
    standin.fault("expired", server="storage", count=-1)
    with pytest.raises(ExportError, match="Request has expired|AccessDenied") as refusal:
        collect(service(city), job, tmp_path, quiet)
    assert "<" not in str(refusal.value)
    assert not list(tmp_path.rglob("*.stl"))


def test_a_folder_more_in_the_zip_and_a_name_that_leaves_it(city: One, tmp_path: Path) -> None:
    city.settings(zip_folder="export/deep/", extra_members={"../evil.txt": "x", "readme.txt": "y"})
    job = collect(service(city), until_ready(city, new_job(order(), 0.0)), tmp_path / "below" / "folder", quiet)
    assert {record.name for record in job.files} == {f"export/deep/{job.remote['id']}.stl", "readme.txt"}
    assert len(job.problems) == 1 and "evil.txt" in job.problems[0]
    assert not list(tmp_path.rglob("evil.txt"))


def test_the_token_shows_nowhere(city: One, caplog: pytest.LogCaptureFixture) -> None:
    token = city.facts["tokens"]["no_read"]
    provider = service(city, "no_read")
    job = advance(provider, submitted(city, order()), 5.0)
    shown = f"{job.to_json()} {provider!r} {vars(provider)} {caplog.text}"
    assert token not in shown and token.split("|")[1] not in shown


def test_the_key_page_is_on_the_same_site() -> None:
    assert CityLoader.key_page(CityLoader.servers[0].url) == "https://v2.3dcityloader.com/user/api-tokens"
    assert urlsplit(CityLoader.servers[0].url).path == "/api"
