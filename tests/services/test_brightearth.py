"""The BrightEarth provider against its stand-in: real HTTP, real files, one behaviour a test."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from shapely import wkt
from shapely.geometry import shape

from cutout.core.errors import CredentialError, ExportError, ServiceError, TransientError
from cutout.core.fit import prepared
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, cancelled, collect, find, looked_for_now
from cutout.core.model import Artifact, ExportRequest, Job, JobState, about, new_job
from cutout.providers.brightearth import BrightEarth
from tests.standin.client import One, Recorded, Standin
from tests.unit.scripted_server import Reply, Request, ScriptedServer

QUICK = Network(pause=lambda seconds: None)
WEST, SOUTH, EAST, NORTH = 24.9401, 60.1681, 24.9451, 60.1701
AREA = {
    "type": "Polygon",
    "coordinates": [[[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]],
}
HOLE = {
    "type": "Polygon",
    "coordinates": [
        *AREA["coordinates"],
        [[24.942, 60.1685], [24.942, 60.1695], [24.943, 60.1695], [24.943, 60.1685], [24.942, 60.1685]],
    ],
}
SCENARIO = "/scenarios/extraction-mono"
TOKENS = "+/=" * 3  # what breaks an address that was not encoded


@pytest.fixture
def earth(standin: Standin) -> One:
    return standin.of("brightearth")


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        server.on("/auth/login", answer({"access_token": "eyJ-session", "token_type": "Bearer"}))
        yield server


def service(earth: One, password: str = "") -> BrightEarth:
    secret = Secret(username=earth.facts["email"], password=password or earth.facts["password"])
    return BrightEarth(earth.url, secret, QUICK)


def order(area: Any = AREA, title: str = "Kamppi", **options: Any) -> ExportRequest:
    return ExportRequest("brightearth", "", options, area, title)


def fresh(**options: Any) -> Job:
    return new_job(order(**options), 0.0)


def until_ready(earth: One, job: Job) -> Job:
    now = 0.0
    for _ in range(10):
        job = advance(service(earth), job, now)
        now = job.due or now
    return job


def posts(standin: Standin, ending: str) -> list[Recorded]:
    """The POSTs to paths with this ending."""
    found = [one for one in standin.requests("brightearth") if one.method == "POST"]
    return [one for one in found if one.path.endswith(ending)]


def quiet(done: int, total: int | None) -> None:
    pass


def answer(document: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(document).encode(), {"Content-Type": "application/json"})


def told(scripted: ScriptedServer) -> tuple[BrightEarth, Job]:
    """A service that says what it is told to, and an order there."""
    provider = BrightEarth(scripted.url(), Secret(username="me@example.org", password="a-word-of-mine"), QUICK)
    remote = {"project_id": 1, "asset_id": 2, "scenario_id": 3, "activity_id": 4}
    return provider, replace(fresh(), state=JobState.QUEUED, remote=remote)


URLS = "/users/me/projects/1/scenarios/3/download/urls"
ACTIVITY = "/users/me/projects/1/activities/4"


def test_from_new_to_done_by_a_zip(standin: Standin, earth: One, tmp_path: Path) -> None:
    stored: list[Job] = []
    job = advance(service(earth), fresh(), 0.0, stored.append)
    ids = ("project_id", "asset_id", "scenario_id", "activity_id")
    assert [tuple(one.remote) for one in stored] == [(), ids[:1], ids[:2], ids]
    assert stored[0].state is JobState.SUBMITTING and job.state is JobState.QUEUED
    job = until_ready(earth, job)
    assert (job.state, job.word) == (JobState.READY, "SUCCESSFUL")
    job = collect(service(earth), job, tmp_path, quiet)
    assert (job.state, job.problems) == (JobState.DONE, ())
    names = {record.name for record in job.files}
    assert any(name.endswith("EXPORT/building/geopackage/building.gpkg") for name in names)
    assert any(name.endswith("tileset.json") for name in names)
    assert len(posts(standin, SCENARIO)) == len(posts(standin, "/aoi")) == len(posts(standin, "/projects")) == 1
    for one in standin.requests("storage"):
        assert one.header("Authorization") is None


def test_from_new_to_done_by_a_tree_in_pages(standin: Standin, earth: One, tmp_path: Path) -> None:
    earth.settings(zip_below=0, tile=150, page_size=7)
    ready = until_ready(earth, fresh(vector_formats="shapefile,geopackage"))
    assert ready.state is JobState.READY
    job = collect(service(earth), ready, tmp_path, quiet)
    assert (job.state, job.problems) == (JobState.DONE, ())
    pages = [one for one in standin.requests("brightearth") if one.path.endswith("/urls")]
    assert len(pages) > 5 and all("%2B" in one.query and "%2F" in one.query for one in pages[1:])
    tiles = {record.name.split("/")[0] for record in job.files}
    assert {"0", "1", "2"} <= tiles
    for tile in tiles:
        assert (Path(job.folder) / tile / "EXPORT").is_dir()
    assert {record.name for record in job.files} == {one.name for one in service(earth).links(ready)}
    assert {path.name for path in (Path(job.folder) / "0/EXPORT/building/shapefile").iterdir()} >= {
        "building.shp", "building.shx", "building.dbf", "building.prj",
    }  # fmt: skip


def test_the_order_is_in_the_services_own_types(standin: Standin, earth: One) -> None:
    options = {
        "vector_formats": ["shapefile", "geopackage"],
        "output_crs": "4326",
        "source_image_id": 1,
        "augmented": True,
        "dl_models": '["roofs", 2]',
    }
    assert BrightEarth.check(order(**options)) == ()
    advance(service(earth), new_job(order(**options), 0.0), 0.0)
    assert posts(standin, SCENARIO)[0].json == {
        "name": "Kamppi",
        "source_image_type": "basemap",
        "source_image_id": 1,
        "augmented": True,
        "output_crs": 4326,
        "vector_formats": "shapefile,geopackage",
        "raster_formats": "geotiff",
        "three_d_formats": "3d_tiles",
        "dl_models": ["roofs", 2],
    }
    assert posts(standin, "/projects")[0].json == {"name": "Kamppi"}


def test_without_a_choice_the_defaults_are_sent(standin: Standin, earth: One) -> None:
    advance(service(earth), new_job(order(title=""), 0.0), 0.0)
    body = posts(standin, SCENARIO)[0].json
    assert (body["output_crs"], body["vector_formats"], body["dl_models"]) == (3857, "geopackage", [])
    assert body["name"] and posts(standin, "/projects")[0].json["name"]


def test_the_area_goes_as_a_polygon_with_all_its_digits(standin: Standin, earth: One) -> None:
    ring = [[24.940123456789014, 60.16812345678901], [24.9451, 60.1681], [24.9451, 60.1701], [1e-05, 60.2]]
    area = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    request = replace(order(area), sent=area)
    next(ids := service(earth).submit(request))
    next(ids)
    text = posts(standin, "/aoi")[0].json["geometry"]
    assert text.startswith("POLYGON ((24.940123456789014 60.16812345678901, ")
    assert "e-" not in text and "0.00001 60.2" in text
    assert [list(place) for place in wkt.loads(text).exterior.coords] == area["coordinates"][0]


def test_an_area_with_a_hole_goes_as_one_that_covers_it(standin: Standin, earth: One) -> None:
    job = advance(service(earth), new_job(order(HOLE), 0.0), 0.0)
    assert job.state is JobState.QUEUED and "One polygon around everything" in job.request.notes[0]
    sent = wkt.loads(posts(standin, "/aoi")[0].json["geometry"])
    assert not sent.interiors and sent.covers(shape(HOLE))


def test_credits_before_the_order(standin: Standin, earth: One) -> None:
    quote = service(earth).quote(prepared(BrightEarth, order()))
    assert (quote.balance, quote.currency, quote.price, quote.valid) == (Decimal(500), "credits", None, True)
    assert quote.summary == "extraction-mono: geopackage, geotiff, 3d_tiles"
    assert not posts(standin, "/projects")
    assert service(earth).greet().endswith("500 credits are left.")


@pytest.mark.parametrize("credit", [None, "many", True, float("nan"), float("inf"), 10**400])
def test_an_account_that_names_no_credits(scripted: ScriptedServer, credit: Any) -> None:
    scripted.on("/users/me", answer({"id": "x", "credits": credit}))
    provider, job = told(scripted)
    assert provider.quote(job.request).balance is None
    assert provider.greet().endswith("knows me@example.org.")


@pytest.mark.parametrize("state", [JobState.SUBMITTING, JobState.QUEUED])
def test_only_what_is_at_the_service_is_said_to_go_on_there(scripted: ScriptedServer, state: JobState) -> None:
    provider, job = told(scripted)
    for path in ("/users/me/projects/1/scenarios", ACTIVITY):
        scripted.on(path, Reply(503))
    job = replace(job, state=state)
    for now in range(5):
        job = advance(provider, job, float(now))
    assert job.paused and job.state is state
    assert ("goes on at the service" in job.message) == (state is JobState.QUEUED)


def test_what_may_be_typed_is_offered(earth: One) -> None:
    assert [one.value for one in service(earth).choices("scenario").choices] == ["extraction-mono"]
    assert [one.value for one in service(earth).choices("source_image_type").choices] == ["basemap"]
    with pytest.raises(ExportError, match="nothing to choose for augmented"):
        service(earth).choices("augmented")


def test_another_scenario_type_can_be_typed(standin: Standin, earth: One) -> None:
    earth.settings(scenario_types=["extraction-stereo"])
    assert advance(service(earth), fresh(scenario="extraction-stereo"), 0.0).state is JobState.QUEUED
    job = advance(service(earth), fresh(scenario="change"), 0.0)
    assert job.state is JobState.FAILED and "Unknown scenario type" in job.message


def test_every_problem_at_once_without_asking(standin: Standin) -> None:
    request = order(
        None, scenario="../auth", source_image_type="a b", source_image_id="x", augmented="yes", output_crs="2193",
        vector_formats=["dwg"], raster_formats=[], three_d_formats="", dl_models='{"a": 1}',
    )  # fmt: skip
    problems = BrightEarth.check(request)
    assert len(problems) == 10
    for part in ("No area", "Scenario:", "Source image:", "number of the image", "true or false", "CRS: choose from"):
        assert any(part in problem for problem in problems), part
    for part in ("Vector formats:", "Raster formats:", "3D formats:", "JSON list"):
        assert any(part in problem for problem in problems), part
    for models in ("[1,", "[NaN]", [float("inf")], [{1, 2}], {}):
        assert any("JSON list" in problem for problem in BrightEarth.check(order(dl_models=models))), models
    assert not standin.requests()


def test_each_problem_is_about_its_option() -> None:
    assert [about(problem) for problem in BrightEarth.check(order(None, scenario="../auth", augmented="yes"))] == [
        "area", "scenario", "augmented",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"scenario": "change"}, "scenario"),
        ({"source_image_id": 7}, "source_image_id"),
        ({"source_image_type": "satellite"}, "source_image_type"),
        ({"vector_formats": "dwg"}, "vector_formats"),
        ({"output_crs": "2193"}, "output_crs"),
        ({"area": {"type": "Polygon", "coordinates": [[[0, 89], [1, 89], [1, 91], [0, 89]]]}}, "area"),
    ],
)
def test_what_the_service_finds_wrong_names_its_option(earth: One, options: dict[str, Any], expected: str) -> None:
    with pytest.raises(ServiceError) as refusal:
        list(service(earth).submit(order(**options)))
    assert refusal.value.about == expected
    assert not earth.orders()


@pytest.mark.parametrize("status", [402, 403, 400, 409])
@pytest.mark.parametrize("shape_of_error", ["detail", "error", "nested", "html"])
def test_too_few_credits_are_about_the_account(earth: One, status: int, shape_of_error: str) -> None:
    earth.settings(credits=1, credits_per_km2=1000, lack_status=status, error_shape=shape_of_error)
    with pytest.raises(ServiceError) as refusal:
        list(service(earth).submit(order()))
    # A page that says nothing but its status leaves open what is lacking.
    is_silent = shape_of_error == "html" and status in (400, 409)
    assert refusal.value.about == ("server" if is_silent else "account")


def test_who_is_asking_is_about_the_account(standin: Standin, earth: One) -> None:
    provider = service(earth, "not-the-password")
    for ask in (provider.greet, lambda: provider.quote(order()), lambda: list(provider.submit(order()))):
        with pytest.raises(CredentialError) as refusal:
            ask()
        assert refusal.value.about == "account"
    earth.revoke("*")
    standin.fault("status", server="brightearth", path="/auth/login", status=503, count=3)
    with pytest.raises(TransientError) as fault:
        service(earth).quote(order())
    assert fault.value.about == "server"


@pytest.mark.parametrize("path", ["/auth/login", "/users/me"])
@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_page_where_a_document_belongs_is_about_the_server(scripted: ScriptedServer, path: str, status: int) -> None:
    scripted.on(path, Reply(status, b"<html><title>Welcome</title></html>"))
    provider, job = told(scripted)
    with pytest.raises(ExportError) as refusal:
        provider.quote(job.request)
    assert refusal.value.about == "server"


@pytest.mark.parametrize("models", [[], ["a"], "", "[]", ' ["a"] '])
def test_models_as_a_list_or_as_its_text(models: Any) -> None:
    assert BrightEarth.check(order(dl_models=models)) == ()


# --- the session -----------------------------------------------------------------------------------------------


def test_one_login_for_all_provider_objects(standin: Standin, earth: One) -> None:
    job = until_ready(earth, fresh())
    assert job.state is JobState.READY
    assert len(posts(standin, "/auth/login")) == 1
    assert posts(standin, "/auth/login")[0].header("Authorization") is None


def test_a_session_that_ends_while_polling_is_renewed_and_the_job_goes_on(standin: Standin, earth: One) -> None:
    standin.freeze()
    earth.settings(polls=3)
    job = advance(service(earth), fresh(), 0.0)
    standin.advance(90_000)
    job = advance(service(earth), job, 10.0)
    assert (job.state, job.paused, job.soft_errors) == (JobState.QUEUED, False, 0)
    earth.revoke("*")
    job = until_ready(earth, job)
    assert job.state is JobState.READY
    assert len(posts(standin, "/auth/login")) == 3 and len(posts(standin, SCENARIO)) == 1


def test_a_session_that_ends_between_two_steps_orders_once(standin: Standin, earth: One) -> None:
    job = prepared(BrightEarth, order())
    steps = service(earth).submit(job)
    next(steps), next(steps)
    earth.revoke("*")
    assert set(next(steps)) == {"scenario_id", "activity_id"}
    assert [one.status for one in posts(standin, SCENARIO)] == [401, 201]
    assert len(earth.orders()) == 1


def test_two_threads_whose_session_has_ended_log_in_once(standin: Standin, earth: One) -> None:
    providers = [service(earth) for _ in range(4)]
    for provider in providers:
        provider.greet()
    before = len(posts(standin, "/auth/login"))
    earth.revoke("*")
    said: list[str] = []
    threads = [threading.Thread(target=lambda one=one: said.append(one.greet())) for one in providers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(said) == 4
    assert len(posts(standin, "/auth/login")) == before + 1


def test_a_session_is_for_one_server_and_one_account(standin: Standin, earth: One, scripted: ScriptedServer) -> None:
    service(earth).greet()
    scripted.on("/users/me", answer({"credits": 1}))
    secret = Secret(username=earth.facts["email"], password=earth.facts["password"])
    BrightEarth(scripted.url(), secret, QUICK).greet()
    assert [one.headers.get("authorization") for one in scripted.seen("/users/me")] == ["Bearer eyJ-session"]
    with pytest.raises(CredentialError):
        service(earth, "another-password").greet()


@pytest.mark.parametrize("shape_of_error", ["detail", "error", "nested", "list", "fields", "html"])
def test_a_wrong_password_in_every_shape_of_error(earth: One, shape_of_error: str) -> None:
    earth.settings(error_shape=shape_of_error)
    with pytest.raises(CredentialError, match="does not sign you in: .*(Invalid credentials|401)") as refusal:
        service(earth, "not-the-password").greet()
    assert refusal.value.advice == "Check the e-mail and the password in the account."
    assert "not-the-password" not in str(refusal.value) and "<" not in refusal.value.message


def test_a_wrong_password_orders_nothing(standin: Standin, earth: One) -> None:
    job = advance(service(earth, "not-the-password"), fresh(), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")
    assert not posts(standin, "/projects")


def test_a_wrong_password_holds_a_job_and_loses_nothing(standin: Standin, earth: One) -> None:
    job = advance(service(earth), fresh(), 0.0)
    held = advance(service(earth, "not-the-password"), job, 5.0)
    assert held.paused and held.state is JobState.QUEUED and "does not sign you in" in held.message
    assert until_ready(earth, looked_for_now(held, 9.0)).state is JobState.READY
    assert len(posts(standin, SCENARIO)) == 1


def test_a_login_without_a_session_is_told(scripted: ScriptedServer) -> None:
    provider, job = told(scripted)
    scripted.on("/auth/login", answer({"challenge": "SMS"}))
    assert "answered the login without a session" in advance(provider, job, 1.0).message


def test_a_login_that_fails_in_the_middle_has_ordered_nothing(standin: Standin, earth: One) -> None:
    job = fresh()
    stored: list[Job] = []

    def save(job: Job) -> None:
        stored.append(job)
        if "asset_id" in job.remote:
            earth.revoke("*")
            standin.fault("status", server="brightearth", path="/auth/login", status=503, count=3)

    job = advance(service(earth), job, 0.0, save)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")
    assert not earth.orders()


def test_password_and_session_show_nowhere(earth: One, caplog: pytest.LogCaptureFixture) -> None:
    provider = service(earth)
    job = advance(provider, fresh(), 0.0)
    session = provider.http.headers["Authorization"].split()[1]
    shown = f"{job.to_json()} {provider!r} {provider.secret!r} {caplog.text}"
    assert earth.facts["password"] not in shown and session not in shown


@pytest.mark.parametrize("path", ["/auth/login", "/users/me"])
def test_a_service_that_repeats_secrets_in_its_errors(scripted: ScriptedServer, path: str) -> None:
    words = {"detail": [{"loc": ["body"], "msg": "no good", "input": "a-word-of-mine"}, "a-word-of-mine eyJ-session"]}
    scripted.on(path, answer(words, 422))
    provider, _ = told(scripted)
    with pytest.raises(ExportError) as refusal:
        provider.greet()
    assert "a-word-of-mine" not in str(refusal.value)
    assert path == "/auth/login" or "eyJ-session" not in str(refusal.value)


# --- ordering in bad weather -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [402, 403, 400])
def test_too_few_credits_in_the_services_words(standin: Standin, earth: One, status: int) -> None:
    earth.settings(credits=1, credits_per_km2=1000, lack_status=status)
    job = advance(service(earth), fresh(), 0.0)
    assert job.state is JobState.FAILED
    assert "Not enough credits" in job.message and job.message.endswith("Nothing was ordered.")
    assert len(posts(standin, SCENARIO)) == 1 and not earth.orders()


def test_an_area_that_is_refused(standin: Standin, earth: One) -> None:
    standin.fault("status", server="brightearth", method="POST", path="/users/me/projects/", status=422,
                  shape="fields", message="The AOI is too large.")  # fmt: skip
    job = advance(service(earth), fresh(), 0.0)
    assert job.state is JobState.FAILED and "The AOI is too large." in job.message
    assert job.message.endswith("Nothing was ordered.")


@pytest.mark.parametrize("kind", ["lost", "status", "reset"])
@pytest.mark.parametrize("skip", [0, 1])
def test_what_is_lost_before_the_scenario_has_ordered_nothing(
    standin: Standin, earth: One, kind: str, skip: int
) -> None:
    service(earth).greet()
    details = {"status": 500} if kind == "status" else {}
    standin.fault(kind, server="brightearth", method="POST", path="/users/me/projects", skip=skip, **details)
    job = advance(service(earth), fresh(), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered.")
    assert len(posts(standin, "/projects")) == 1 and not posts(standin, SCENARIO)


@pytest.mark.parametrize("settings", [{}, {"list_key": "items"}])
def test_a_scenario_whose_answer_was_lost_is_found_in_its_project(
    standin: Standin, earth: One, settings: dict[str, Any]
) -> None:
    earth.settings(**settings)
    standin.fault("lost", server="brightearth", method="POST", path="/users/me/projects", skip=2)
    job = advance(service(earth), fresh(), 0.0)
    assert job.state is JobState.QUEUED
    assert until_ready(earth, job).state is JobState.READY
    assert len(posts(standin, SCENARIO)) == len(earth.orders()) == 1


def test_without_such_a_list_it_is_uncertain_and_never_sent_again(standin: Standin, earth: One) -> None:
    earth.settings(lists=False)
    standin.fault("lost", server="brightearth", method="POST", path="/users/me/projects", skip=2)
    job = advance(service(earth), fresh(), 0.0)
    assert job.state is JobState.UNCERTAIN and "charged twice" in job.message
    assert advance(service(earth), job, 60.0).state is JobState.UNCERTAIN
    earth.settings(lists=True)
    assert advance(service(earth), job, 90.0).state is JobState.QUEUED
    assert len(posts(standin, SCENARIO)) == len(earth.orders()) == 1


def test_an_order_that_never_got_there_is_not_found(standin: Standin, earth: One) -> None:
    steps = service(earth).submit(prepared(BrightEarth, order()))
    remote = {**next(steps), **next(steps)}
    lost = replace(fresh(), state=JobState.SUBMITTING, remote=remote)
    assert find(service(earth), lost, 1.0).state is JobState.UNCERTAIN
    assert service(earth).find_lost(replace(lost, remote={}), ()) is None


@pytest.mark.parametrize("activities", [True, False])
def test_a_list_of_scenarios_without_their_activities(scripted: ScriptedServer, activities: bool) -> None:
    provider, job = told(scripted)
    scripted.on("/users/me/projects/1/scenarios", answer({"total": 1, "scenarios": [{"id": 3}, "odd"]}))
    listed = [{"activity_id": 9, "scenario_id": 8}, {"activity_id": 4, "scenario_id": 3}]
    if activities:
        scripted.on("/users/me/projects/1/activities", answer(listed))
    found = provider.find_lost(replace(job, remote={"project_id": 1}), ())
    assert found == ({"scenario_id": 3, "activity_id": 4} if activities else None)


@pytest.mark.parametrize("reply", [answer("odd"), answer({"a": 1}), Reply(200, b"<html>"), answer([], 405)])
def test_a_list_of_another_shape_is_no_list(scripted: ScriptedServer, reply: Reply) -> None:
    provider, job = told(scripted)
    scripted.on("/users/me/projects/1/scenarios", reply)
    assert provider.find_lost(replace(job, remote={"project_id": 1}), ()) is None


def test_a_scenario_without_ids_is_looked_for(scripted: ScriptedServer) -> None:
    provider, _ = told(scripted)
    scripted.on("/users/me", answer({"credits": 5}))
    scripted.on("/users/me/projects", answer({"project_id": 1}, 201))
    scripted.on("/users/me/projects/1/assets/aoi", answer({"asset_id": 2}, 201))
    scripted.on(f"/users/me/projects/1{SCENARIO}", answer({"id": 3}, 201))
    job = advance(provider, fresh(), 0.0)
    assert job.state is JobState.UNCERTAIN and job.remote == {"project_id": 1, "asset_id": 2}
    assert len(scripted.seen(f"/users/me/projects/1{SCENARIO}")) == 1


def test_it_does_not_cancel(earth: One) -> None:
    with pytest.raises(ExportError, match="can't cancel"):
        cancelled(service(earth), advance(service(earth), fresh(), 0.0), 1.0)


# --- following -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activity", "state", "progress"),
    [
        ({"state": "CREATED", "progress": 0.0}, JobState.QUEUED, 0.0),
        ({"state": "PENDING", "progress": 0}, JobState.QUEUED, 0.0),
        ({"state": "RUNNING", "progress": 45.5}, JobState.RUNNING, 0.455),
        ({"state": "RUNNING", "progress": 0.45}, JobState.RUNNING, 0.45),
        ({"state": "RUNNING", "progress": 100}, JobState.RUNNING, 1.0),
        ({"state": "RUNNING", "progress": 1.0}, JobState.RUNNING, None),
        ({"state": "RUNNING", "progress": 1}, JobState.RUNNING, None),
        ({"state": "RUNNING", "progress": "half"}, JobState.RUNNING, None),
        ({"state": "RUNNING", "progress": -1}, JobState.RUNNING, None),
        ({"state": "RUNNING", "progress": float("nan")}, JobState.RUNNING, None),
        ({"state": "RUNNING"}, JobState.RUNNING, None),
        ({"state": "SUCCESSFUL", "progress": 1.0}, JobState.READY, 1.0),
        ({"state": "SUCCESSFUL", "progress": None}, JobState.READY, 1.0),
    ],
)
def test_state_and_progress(scripted: ScriptedServer, activity: Any, state: JobState, progress: float | None) -> None:
    provider, job = told(scripted)
    scripted.on(ACTIVITY, answer(activity))
    look = provider.poll(job)
    assert (look.state, look.progress, look.message, look.known) == (state, progress, "", True)


@pytest.mark.parametrize("scale", [1, 100])
def test_progress_on_either_scale(earth: One, scale: float) -> None:
    earth.settings(progress_scale=scale, polls=4)
    job = advance(service(earth), fresh(), 0.0)
    seen = [service(earth).poll(job).progress for _ in range(5)]
    assert all(one is None or 0 <= one <= 1 for one in seen) and seen[-1] == 1.0
    assert any(one and 0.1 < one < 0.9 for one in seen[:-1])


@pytest.mark.parametrize(
    ("details", "said"), [("No image of this place.", "No image of this place."), ("", "no reason")]
)
def test_an_extraction_that_fails(earth: One, details: str, said: str) -> None:
    earth.settings(final="FAILED", details=details)
    job = until_ready(earth, fresh())
    assert job.state is JobState.FAILED and said in job.message


def test_a_word_that_is_not_documented_keeps_it_open(earth: One) -> None:
    earth.settings(states=["THINKING"], polls=5)
    job = advance(service(earth), fresh(), 0.0)
    look = service(earth).poll(job)
    assert (look.state, look.known, look.word) == (JobState.RUNNING, False, "THINKING")
    assert "THINKING" in look.message


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (answer({}), "can't be understood"),
        (answer([1]), "can't be understood"),
        (Reply(200, b"<html><title>Log in</title></html>"), "can't be understood"),
        (answer({"detail": "Activity not found"}, 404), "Activity not found"),
    ],
)
def test_an_odd_answer_holds_the_job(scripted: ScriptedServer, reply: Reply, said: str) -> None:
    provider, job = told(scripted)
    scripted.on(ACTIVITY, reply)
    job = advance(provider, job, 5.0)
    assert job.paused and job.state is JobState.QUEUED and said in job.message


# --- links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["query", "both", "ampersand"])
def test_pages_in_either_form(standin: Standin, earth: One, form: str) -> None:
    earth.settings(zip_below=0, tile=150)
    job = until_ready(earth, fresh())
    whole = [one.name for one in service(earth).links(job)]
    earth.settings(page_size=5, token_form=form)
    assert sorted(one.name for one in service(earth).links(job)) == sorted(whole)
    assert len(whole) > 10


def test_a_server_that_ignores_the_query_gets_the_other_form(scripted: ScriptedServer) -> None:
    """The first page again, with other signatures, is not taken for the next one."""
    provider, job = told(scripted)
    count = iter(range(9))

    def first(request: Request) -> Reply:
        return answer({"0": {"a.tif": f"https://s.example/a?sig={next(count)}"}, "NextContinuationToken": TOKENS})

    scripted.on(URLS, first)
    encoded = TOKENS.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    scripted.on(f"{URLS}&continuation_token={encoded}", answer({"0": {"b.tif": "https://s.example/b"}}))
    assert [one.name for one in provider.links(job)] == ["0/a.tif", "0/b.tif"]


@pytest.mark.parametrize("settings", [{"repeat_token": True}, {"token_form": "ignored"}])
def test_a_repeated_token_ends_the_list(earth: One, standin: Standin, settings: dict[str, Any], tmp_path: Path) -> None:
    earth.settings(zip_below=0, tile=150, page_size=10)
    job = until_ready(earth, fresh())
    earth.settings(**settings)
    job = collect(service(earth), job, tmp_path, quiet)
    assert job.state is JobState.DONE and len(job.files) >= 10
    assert any("went in a circle" in problem for problem in job.problems)
    assert len([one for one in standin.requests("brightearth") if "/urls" in one.path]) < 5


@pytest.mark.parametrize("tree", [{"0": {"a.tif": "https://s.example/a"}}, {}], ids=["again", "empty"])
def test_tokens_without_end_end_the_list(scripted: ScriptedServer, tree: dict[str, Any]) -> None:
    """A server that ignores the token, and makes a new one each time."""
    provider, job = told(scripted)
    count = iter(range(10**9))
    page = lambda request: answer({**tree, "NextContinuationToken": f"t{next(count)}"})  # noqa: E731
    scripted.on(URLS, page)
    for number in range(5000):
        scripted.on(f"{URLS}&continuation_token=t{number}", page)
    assert len(list(provider.links(job))) <= 1
    assert len(provider.remarks[job.key]) == 1 and len(scripted.seen()) < 2500


def test_what_one_job_lacks_is_not_told_of_another(scripted: ScriptedServer) -> None:
    provider, job = told(scripted)
    page = answer({"0": {"a.tif": "https://s.example/a"}, "NextContinuationToken": "t"})
    scripted.on(URLS, page)
    scripted.on(f"{URLS}&continuation_token=t", page)
    list(provider.links(job))
    assert provider.remarks[job.key] and not provider.remarks["another"]


def test_a_tree_that_is_nested_too_deep_is_cut(scripted: ScriptedServer) -> None:
    provider, job = told(scripted)
    deep = '{"x":' * 90 + '"https://s.example/deep"' + "}" * 90
    scripted.on(URLS, Reply(200, f'{{"a.tif": "https://s.example/a", "0": {deep}}}'.encode()))
    assert [one.name for one in provider.links(job)][0] == "a.tif"


def test_zips_in_two_folders_do_not_take_each_others_names(scripted: ScriptedServer, tmp_path: Path) -> None:
    provider, job = told(scripted)
    tree: dict[str, Any] = {}
    for number in range(2):
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("building.shp", f"tile {number}")
        scripted.on(f"/{number}", Reply(200, body.getvalue()))
        tree[str(number)] = {"building": {"building.zip": scripted.url(f"/{number}")}}
    scripted.on(URLS, answer(tree))
    scripted.on(ACTIVITY, answer({"state": "SUCCESSFUL"}))
    done = collect(provider, replace(job, state=JobState.READY), tmp_path, quiet)
    assert done.problems == ()
    assert sorted(record.name for record in done.files) == ["0/building/building.shp", "1/building/building.shp"]


def test_a_thousand_problems_are_told_and_the_rest_counted(scripted: ScriptedServer, tmp_path: Path) -> None:
    provider, job = told(scripted)
    tree: dict[str, Any] = {f"../{number}": scripted.url("/a") for number in range(3000)}
    scripted.on(URLS, answer({**tree, "a.tif": scripted.url("/a")}))
    scripted.on("/a", Reply(200, b"II*\0"))
    scripted.on(ACTIVITY, answer({"state": "SUCCESSFUL"}))
    done = collect(provider, replace(job, state=JobState.READY), tmp_path, quiet)
    assert len(done.files) == 1 and len(done.problems) == 1001 and "2,000 more" in done.problems[-1]


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_without_a_link_is_passed(earth: One, page: int) -> None:
    earth.settings(zip_below=0, tile=150)
    job = until_ready(earth, fresh())
    whole = {one.name for one in service(earth).links(job)}
    earth.settings(page_size=10, empty_page=page)
    assert {one.name for one in service(earth).links(job)} == whole


def test_no_link_at_all_is_told_and_the_job_stays_ready(earth: One, tmp_path: Path) -> None:
    earth.settings(nothing=True)
    job = until_ready(earth, fresh())
    with pytest.raises(ExportError, match="names no files"):
        collect(service(earth), job, tmp_path, quiet)


def test_a_folder_that_two_pages_share(scripted: ScriptedServer) -> None:
    provider, job = told(scripted)
    tree = {"0": {"EXPORT": {"building": {"shapefile": {"building.shp": "https://s.example/1?x=%2B"}}}}}
    rest = {"0": {"EXPORT": {"building": {"shapefile": {"building.dbf": "https://s.example/2"}}}}}
    scripted.on(URLS, answer({**tree, "NextContinuationToken": "n"}), answer(rest))
    folder = "0/EXPORT/building/shapefile/building"
    assert list(provider.links(job)) == [
        Artifact(f"{folder}.shp", "https://s.example/1?x=%2B", signed=True),
        Artifact(f"{folder}.dbf", "https://s.example/2", signed=True),
    ]


def test_what_is_neither_a_link_nor_a_folder_is_left_out(
    scripted: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    provider, job = told(scripted)
    odd = {"a": None, "b": 3, "c": ["https://s.example/c"], "d": "not a link", "e": {}, "f.tif": "https://s.example/f"}
    scripted.on(URLS, answer({**odd, "NextContinuationToken": None}))
    assert [one.name for one in provider.links(job)] == ["f.tif"]
    assert all(f"{name} among the files" in caplog.text for name in "abcd")
    scripted.on(URLS, answer(["https://s.example/f"]))
    with pytest.raises(ExportError, match="can't be understood"):
        list(provider.links(job))


def test_names_that_leave_the_folder_are_refused_and_the_rest_arrives(earth: One, tmp_path: Path) -> None:
    earth.settings(
        zip_below=0, extra_names={"../evil.txt": "x", "/root.txt": "x", "..": {"up.txt": "x"}, "ok.txt": "y"}
    )
    job = collect(service(earth), until_ready(earth, fresh()), tmp_path / "below" / "folder", quiet)
    assert job.state is JobState.DONE and len(job.problems) == 3
    assert all("leads out of the folder" in problem for problem in job.problems)
    assert "ok.txt" in {record.name for record in job.files}
    assert not [path for name in ("evil.txt", "root.txt", "up.txt") for path in tmp_path.rglob(name)]


def test_links_that_expire_are_asked_for_anew(standin: Standin, earth: One, tmp_path: Path) -> None:
    earth.settings(zip_below=0)
    job = until_ready(earth, fresh())
    standin.fault("expired", server="storage", count=3)
    assert collect(service(earth), job, tmp_path, quiet).state is JobState.DONE
    assert len(posts(standin, SCENARIO)) == 1


def test_a_storage_that_refuses_is_told_and_the_job_stays_ready(standin: Standin, earth: One, tmp_path: Path) -> None:
    job = until_ready(earth, fresh())
    standin.fault("expired", server="storage", count=-1)
    with pytest.raises(ExportError, match="Request has expired|AccessDenied") as refusal:
        collect(service(earth), job, tmp_path, quiet)
    assert "<" not in str(refusal.value)


def test_a_folder_more_in_the_zip(earth: One, tmp_path: Path) -> None:
    earth.settings(zip_folder=True)
    job = collect(service(earth), until_ready(earth, fresh()), tmp_path, quiet)
    names = [record.name for record in job.files]
    assert any(name.endswith("/0/EXPORT/building/geopackage/building.gpkg") for name in names)
    assert not any(zipfile.is_zipfile(Path(job.folder) / name) for name in names)


def test_a_service_that_is_down_while_polling(standin: Standin, earth: One) -> None:
    job = advance(service(earth), fresh(), 0.0)
    standin.fault("status", server="brightearth", path="/users/me/projects/", status=503, count=1)
    with pytest.raises(TransientError):
        service(earth).poll(job)
    assert until_ready(earth, job).state is JobState.READY
