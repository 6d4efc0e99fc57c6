"""The iTwin provider against the stand-in: real HTTP, real tiles of Vienna."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import box, mapping

from cutout.core.errors import CredentialError, ExportError, ServiceError, TransientError
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, collect
from cutout.core.model import ExportRequest, Job, JobState, about, new_job
from cutout.core.provider import OAuth2
from cutout.providers.itwin import FAR, NEAR, UNPLACED, ITwin, in_container
from tests.standin.client import One, Standin
from tests.unit.scripted_server import Reply, ScriptedServer

VIENNA = mapping(box(16.346, 48.203, 16.350, 48.206))
EXPORTS = "/mesh-export/"


@pytest.fixture
def bentley(standin: Standin) -> One:
    return standin.of("itwin")


def service(bentley: One, secret: Secret | None = None) -> ITwin:
    secret = secret or Secret(password=bentley.facts["token"])
    return ITwin(bentley.url, secret, Network(pause=lambda seconds: None))


def order(bentley: One, model: str = "city", area: Mapping[str, Any] | None = None, **options: Any) -> ExportRequest:
    options = {"imodel": bentley.facts["imodels"][model]["id"], **options}
    return ExportRequest("itwin", bentley.url, options, area, "Vienna")


def quiet(done: int, total: int | None) -> None:
    pass


def driven(provider: ITwin, request: ExportRequest, looks: int = 12) -> Job:
    """The job as it is when it is ready or has ended, or after so many looks."""
    job, now = new_job(request, 0.0), 0.0
    for _ in range(looks):
        job = advance(provider, job, now)
        now = job.due or now
        if job.state is JobState.READY or not job.state.is_open:
            break
    return job


def posts(standin: Standin) -> int:
    return sum(one.method == "POST" and one.path.startswith("/mesh-export") for one in standin.requests("itwin"))


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def said(document: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(document).encode())


# Signing in


@pytest.mark.parametrize("trouble", [Reply(503), Reply(500), Reply(200, b"{}"), Reply(200, b'{"access_token": 5}')])
def test_a_session_that_can_not_be_renewed_has_ordered_nothing(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, trouble: Reply
) -> None:
    monkeypatch.setattr(ITwin, "oauth2", OAuth2("", scripted.url("/token"), "itwin-platform"))
    scripted.on("/token", said({"access_token": "eyJ-session"}), trouble)
    scripted.on("/imodels/m/changesets", said({"changesets": []}))
    scripted.on(EXPORTS, *[lambda asked: said({}, 401) if asked.method == "POST" else said({"exports": []})])
    provider = ITwin(scripted.url(), Secret("an-application", "its-secret-word"), Network(pause=lambda seconds: None))
    request = ExportRequest("itwin", scripted.url(), {"imodel": "m"})
    job = advance(provider, new_job(request, 0.0), 0.0)
    assert job.state is JobState.FAILED and job.message.endswith("Nothing was ordered."), job
    assert sum(one.method == "POST" for one in scripted.seen(EXPORTS)) == 1


def test_an_application_that_is_refused_is_told_what_to_check(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ITwin, "oauth2", OAuth2("", scripted.url("/token"), "itwin-platform"))
    scripted.on("/token", said({"error": "invalid_client", "client_secret": "its-secret-word"}, 400))
    provider = ITwin(scripted.url(), Secret("an-application", "its-secret-word"), Network(pause=lambda seconds: None))
    with pytest.raises(CredentialError, match="invalid_client.*Check its id and secret") as refusal:
        provider.greet()
    assert "its-secret-word" not in str(refusal.value)


def test_a_share_key_is_sent_as_basic_and_a_token_as_bearer(standin: Standin, bentley: One) -> None:
    shared = service(bentley, Secret(username="sharekey", password=bentley.facts["share_key"]))
    assert "knows you" in service(bentley).greet()
    assert shared.quote(order(bentley)).valid
    sent = {(one.header("Authorization") or "").split()[0] for one in standin.requests("itwin")}
    assert sent == {"Bearer", "Basic"}


def test_an_application_buys_a_session_and_buys_another_when_it_has_ended(
    standin: Standin, bentley: One, monkeypatch: pytest.MonkeyPatch
) -> None:
    ims = bentley.facts["ims"]
    monkeypatch.setattr(ITwin, "oauth2", OAuth2(f"{ims}/connect/authorize", f"{ims}/connect/token", "itwin-platform"))
    secret = Secret(bentley.facts["service_client_id"], bentley.facts["service_client_secret"])
    assert "knows you" in service(bentley, secret).greet()
    assert "knows you" in service(bentley, secret).greet()  # another object, the same session
    assert len(standin.requests("ims")) == 1
    standin.advance(2 * 3600)
    assert "knows you" in service(bentley, secret).greet()
    assert len(standin.requests("ims")) == 2
    with pytest.raises(ServiceError) as refusal:
        service(bentley, Secret(secret.username, "wr0ng-secret-123")).greet()
    assert "wr0ng" not in str(refusal.value)


def test_a_wrong_key_is_said_in_the_platforms_words(bentley: One) -> None:
    for details in ("plain", "details"):
        bentley.settings(unauthorized=details)
        with pytest.raises(CredentialError):
            service(bentley, Secret(password="n0t-a-token-at-all")).greet()


# Choosing


def test_itwins_are_searched_and_paged(bentley: One) -> None:
    page = service(bentley).choices("itwin")
    assert "Vienna, Neubau and Josefstadt" in {choice.label for choice in page.choices}
    found = service(bentley).choices("itwin", "Rocky").choices
    assert [choice.label for choice in found] == ["Rocky Mountain visitor centre"]


def test_imodels_that_meet_the_area_come_first_and_those_without_extent_last(bentley: One) -> None:
    vienna = bentley.facts["imodels"]["city"]["itwin"]
    request = order(bentley, area=mapping(box(16.346, 48.203, 16.347, 48.204)), itwin=vienna)
    groups = [choice.group for choice in service(bentley).choices("imodel", request=request).choices]
    assert groups == sorted(groups, key=[NEAR, FAR, UNPLACED].index) and set(groups) == {NEAR, FAR, UNPLACED}


@pytest.mark.parametrize("number", ["10" + "0" * 400, "NaN", "1e999", '"x"', "null", "[]", "true"])
def test_an_odd_extent_is_none(scripted: ScriptedServer, number: str) -> None:
    corner = f'{{"latitude": {number}, "longitude": {number}}}'
    entry = f'{{"id": "m", "extent": {{"southWest": {corner}, "northEast": {corner}}}}}'
    scripted.on("/imodels/", Reply(200, f'{{"iModels": [{entry}]}}'.encode()))
    provider = ITwin(scripted.url(), Secret(password="a-token-of-mine"), Network(pause=lambda seconds: None))
    request = ExportRequest("itwin", scripted.url(), {"itwin": "t"}, VIENNA)
    assert [choice.value for choice in provider.choices("imodel", request=request).choices] == ["m"]


def test_every_page_of_imodels_is_there_and_a_pasted_id_is_found(bentley: One) -> None:
    bentley.settings(crowd=230)
    vienna = bentley.facts["imodels"]["city"]["itwin"]
    page = service(bentley).choices("imodel", request=order(bentley, itwin=vienna))
    assert page.total == len(page.choices) > 230 and not page.more
    number = bentley.facts["imodels"]["visitors"]["id"]
    assert [choice.value for choice in service(bentley).choices("imodel", number).choices] == [number]
    assert service(bentley).choices("imodel", request=order(bentley)).choices == ()


def test_changesets_are_offered(bentley: One) -> None:
    offered = [choice.value for choice in service(bentley).choices("changeset", request=order(bentley)).choices]
    assert sorted(offered) == sorted(bentley.facts["imodels"]["city"]["changesets"])


# Ordering


def test_a_complete_export_is_used_and_none_is_started(standin: Standin, bentley: One) -> None:
    assert service(bentley).quote(order(bentley, "north")).summary.endswith("exported already")
    job = driven(service(bentley), order(bentley, "north"))
    assert job.state is JobState.READY and posts(standin) == 0


def test_an_export_is_started_once_and_waited_for(standin: Standin, bentley: One) -> None:
    bentley.settings(autostart=False, polls=3)
    job = driven(service(bentley), order(bentley))
    assert job.state is JobState.READY and posts(standin) == 1
    assert job.remote["changeset"] == bentley.facts["imodels"]["city"]["changesets"][-1] or job.remote["changeset"]


def test_without_starting_the_platforms_own_export_is_waited_for(standin: Standin, bentley: One) -> None:
    bentley.settings(empty=3)
    job = driven(service(bentley), order(bentley, start=False))
    assert job.state is JobState.READY and posts(standin) == 0


def test_an_empty_list_is_not_yet(bentley: One) -> None:
    bentley.settings(autostart=False)
    job = driven(service(bentley), order(bentley, start=False), looks=4)
    assert job.state is JobState.QUEUED and "no export of this iModel yet" in job.message


def test_a_share_key_that_may_not_start_an_export_waits_for_the_platforms_own(standin: Standin, bentley: One) -> None:
    bentley.settings(empty=4)
    shared = service(bentley, Secret(username="sharekey", password=bentley.facts["share_key"]))
    job = driven(shared, order(bentley))
    assert job.state is JobState.READY and posts(standin) == 1
    assert {one.status for one in standin.requests("itwin") if one.method == "POST"} <= {401, 403}


def test_meanwhile_it_says_that_the_share_key_may_not_start_one(bentley: One) -> None:
    bentley.settings(empty=100)
    shared = service(bentley, Secret(username="sharekey", password=bentley.facts["share_key"]))
    job = advance(shared, new_job(order(bentley), 0.0), 0.0)
    assert "The share key may not start one (" in advance(shared, job, 10.0).message


def test_a_lost_answer_starts_no_second_export(standin: Standin, bentley: One) -> None:
    bentley.settings(autostart=False)
    standin.fault("lost", server="itwin", method="POST", path="/mesh-export")
    job = driven(service(bentley), order(bentley))
    assert job.state is JobState.READY and posts(standin) == 1


def test_where_none_may_be_started_nothing_can_be_lost(bentley: One) -> None:
    bentley.settings(autostart=False)
    lost = replace(new_job(order(bentley, start=False), 0.0), state=JobState.SUBMITTING)
    assert advance(service(bentley), lost, 1.0).state is JobState.QUEUED
    lost = replace(new_job(order(bentley), 0.0), state=JobState.SUBMITTING)
    assert advance(service(bentley), lost, 1.0).state is JobState.UNCERTAIN


def test_an_invalid_export_says_why(bentley: One) -> None:
    bentley.settings(autostart=False, final="Invalid", error="Out of memory <b>in</b> tiler")
    assert driven(service(bentley), order(bentley)).message == "The export failed: Out of memory ‹b>in‹/b> tiler"
    bentley.settings(error="")
    assert "gives no reason" in driven(service(bentley), order(bentley, "bare")).message


def test_a_refused_order_gives_the_details(bentley: One) -> None:
    request = ExportRequest("itwin", bentley.url, {"imodel": "00000000-0000-4000-8000-000000000000"})
    job = driven(service(bentley), request)
    assert job.state is JobState.FAILED and "Nothing was ordered" in job.message


def test_too_many_requests_are_waited_out(standin: Standin, bentley: One) -> None:
    bentley.settings(autostart=False, polls=2)
    provider = service(bentley)
    job = advance(provider, new_job(order(bentley), 0.0), 0.0)
    assert job.state is JobState.QUEUED
    standin.fault("status", server="itwin", status=429, retry_after=77, path="/mesh-export")
    job = advance(provider, job, 10.0)
    assert (job.state.is_open, job.due) == (True, 87.0)


def test_trouble_before_the_order_leaves_no_doubt(standin: Standin, bentley: One) -> None:
    """The requests before start-export order nothing, so a failure there is no lost order."""
    standin.fault("reset", server="itwin", path="/mesh-export", count=-1)
    with pytest.raises(TransientError) as trouble:
        next(service(bentley).submit(order(bentley)))
    assert not trouble.value.reached


@pytest.mark.parametrize(("given", "starts"), [({}, True), ({"start": None}, True), ({"start": False}, False)])
def test_an_export_is_started_unless_it_is_not_wanted(
    standin: Standin, bentley: One, given: dict[str, Any], starts: bool
) -> None:
    bentley.settings(autostart=False)
    driven(service(bentley), order(bentley, export_type="CESIUM", **given), looks=1)
    assert posts(standin) == int(starts)


def test_check_says_what_is_missing() -> None:
    request = ExportRequest("itwin", "https://api.bentley.com", {"export_type": "GLTF"})
    assert [about(problem) for problem in ITwin.check(request)] == ["imodel", "export_type"]


@pytest.mark.parametrize("number", ["00000000-0000-4000-8000-000000000000", "../itwins", "x y"])
def test_an_unknown_imodel_is_about_the_imodel(bentley: One, number: str) -> None:
    request = ExportRequest("itwin", bentley.url, {"imodel": number})
    provider = service(bentley)
    for ask in (lambda: provider.quote(request), lambda: next(provider.submit(request))):
        with pytest.raises(ServiceError) as refusal:
            ask()
        assert refusal.value.about == "imodel"
    with pytest.raises(ServiceError) as refusal:
        service(bentley).choices("changeset", request=request)
    assert refusal.value.about == "imodel"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"changeset": "0" * 40}, "changeset"),
        ({"imodel": "00000000-0000-4000-8000-000000000000", "changeset": "0" * 40}, "imodel"),
        ({"imodel": "", "changeset": "x"}, "imodel"),
        ({"export_type": "GLTF"}, "export_type"),
    ],
)
def test_what_the_platform_finds_wrong_names_its_option(bentley: One, options: dict[str, Any], expected: str) -> None:
    bentley.settings(autostart=False)
    with pytest.raises(ServiceError) as refusal:
        next(service(bentley).submit(order(bentley, **options)))
    assert refusal.value.about == expected


def test_an_imodel_that_one_may_not_see_and_a_wrong_key_are_about_the_account(bentley: One) -> None:
    request = order(bentley)
    wrong = service(bentley, Secret(password="n0t-a-token-at-all"))
    for ask in (wrong.greet, lambda: wrong.quote(request), lambda: next(wrong.submit(request))):
        with pytest.raises(CredentialError) as refusal:
            ask()
        assert refusal.value.about == "account"
    bentley.settings(forbidden=[request.options["imodel"]], autostart=False)
    with pytest.raises(CredentialError) as refusal:
        next(service(bentley).submit(request))
    assert refusal.value.about == "account"


@pytest.mark.parametrize("status", [200, 404, 422, 500, 503])
def test_a_page_where_a_document_belongs_is_about_the_server(scripted: ScriptedServer, status: int) -> None:
    page = Reply(status, b"<html><title>Welcome</title></html>")
    for path in ("/imodels/m/changesets", "/mesh-export/", "/itwins/"):
        scripted.on(path, page)
    provider = ITwin(scripted.url(), Secret(password="a-token-of-mine"), Network(pause=lambda seconds: None))
    request = ExportRequest("itwin", scripted.url(), {"imodel": "m"})
    for ask in (provider.greet, lambda: provider.quote(request), lambda: next(provider.submit(request))):
        with pytest.raises(ExportError) as refusal:
            ask()
        assert refusal.value.about == "server"


def test_a_server_that_is_down_is_about_the_server(standin: Standin, bentley: One) -> None:
    standin.fault("reset", server="itwin", count=-1)
    with pytest.raises(TransientError) as fault:
        service(bentley).quote(order(bentley))
    assert fault.value.about == "server"


# Fetching


def test_the_whole_tileset_arrives_and_the_token_stays_home(standin: Standin, bentley: One, tmp_path: Path) -> None:
    bentley.settings(variant="nested")
    provider = service(bentley)
    job = collect(provider, driven(provider, order(bentley)), tmp_path, quiet)
    assert job.state is JobState.DONE and job.problems == ()
    root = json.loads((Path(job.folder) / "tileset.json").read_text())
    assert root["asset"]["version"] in ("1.0", "1.1")
    names = {record.name for record in job.files}
    assert any(name.endswith(".png") for name in names) and any(name.endswith(".glb") for name in names)
    at_blobs = standin.requests("blobs")
    assert at_blobs and all(one.status in (200, 206) and one.header("Authorization") is None for one in at_blobs)
    assert not [path for path in Path(job.folder).rglob("*") if path.is_file() and b"sig=" in path.read_bytes()]


def test_with_an_area_fewer_tiles_are_fetched_and_it_is_said(standin: Standin, bentley: One, tmp_path: Path) -> None:
    bentley.settings(tiles=200)
    provider = service(bentley)
    everything = collect(provider, driven(provider, order(bentley)), tmp_path / "all", quiet)
    corner = mapping(box(16.3455, 48.2029, 16.3462, 48.2034))
    some = collect(provider, driven(provider, order(bentley, area=corner)), tmp_path / "some", quiet)
    assert 1 < len(some.files) < len(everything.files) / 3
    assert "tiles" in some.message


def test_a_missing_child_is_named_and_the_rest_arrives(standin: Standin, bentley: One, tmp_path: Path) -> None:
    provider = service(bentley)
    job = driven(provider, order(bentley))
    whole = collect(provider, job, tmp_path / "whole", quiet)
    victim = next(record.name for record in whole.files if record.name.endswith(".glb"))
    container = next(one.path for one in standin.requests("blobs")).rsplit("/", 1)[0]
    standin.fault("status", server="blobs", status=404, path=f"{container}/{victim}$", count=-1)
    partial = collect(provider, job, tmp_path / "partial", quiet)
    assert partial.state is JobState.DONE and len(partial.files) >= len(whole.files) - 3
    assert any(victim in problem for problem in partial.problems)


def test_a_link_that_expires_on_the_way_is_asked_for_anew(standin: Standin, bentley: One, tmp_path: Path) -> None:
    provider = service(bentley)
    job = driven(provider, order(bentley))
    standin.fault(
        "status", server="blobs", status=403, skip=6, count=2, text="<Error/>", content_type="application/xml"
    )
    job = collect(provider, job, tmp_path, quiet)
    assert job.state is JobState.DONE and job.problems == ()


def test_a_model_without_a_place_is_said_to_have_none(bentley: One, tmp_path: Path) -> None:
    provider = service(bentley)
    job = collect(provider, driven(provider, order(bentley, "local", area=VIENNA)), tmp_path, quiet)
    assert "geolocation" in f"{job.message} {job.problems}"


def test_a_type_that_is_no_tileset_is_downloaded_as_it_lies(bentley: One, tmp_path: Path) -> None:
    bentley.settings(autostart=False)
    provider = service(bentley)
    job = collect(provider, driven(provider, order(bentley, export_type="IMODEL")), tmp_path, quiet)
    assert job.state is JobState.DONE and [record.name for record in job.files] == ["tree.json"]


@pytest.mark.parametrize("query", ["", "?sv=1&sig=a%2Bb%3D"])
def test_a_container_is_listed_to_its_end_or_it_is_said(scripted: ScriptedServer, query: str) -> None:
    page = f"<Blobs><Blob><Name>{'{}'}</Name></Blob></Blobs><NextMarker>2!more&amp;+</NextMarker>"
    count = iter(range(10**6))
    scripted.on("/box", lambda asked: Reply(200, page.format(f"{next(count)} a&amp;b.bin").encode()))
    export = {
        "id": "e", "status": "Complete", "request": {"exportType": "IMODEL"},
        "_links": {"mesh": {"href": scripted.url(f"/box{query}")}},
    }  # fmt: skip
    scripted.on(EXPORTS, said({"exports": [export]}))
    provider = ITwin(scripted.url(), Secret(password="a-token-of-mine"), Network(pause=lambda seconds: None))
    job = new_job(ExportRequest("itwin", scripted.url(), {"imodel": "m", "export_type": "IMODEL"}), 0.0)
    links = list(provider.links(job))
    assert links[0].name == "0 a&b.bin" and links[0].url == scripted.url(f"/box/0%20a%26b.bin{query}")
    asked = [one.query for one in scripted.seen("/box")]
    assert asked[0].endswith("restype=container&comp=list") and asked[0].startswith(query[1:])
    assert asked[1] == asked[0] + "&marker=2%21more%26%2B" and len(asked) == len(links) < 1000
    assert "may be missing" in provider.remarks[job.key][0]


@pytest.mark.parametrize("number", [5, ["e"], {"e": 1}])
def test_ids_of_another_type_are_no_ids(scripted: ScriptedServer, number: Any) -> None:
    scripted.on(EXPORTS, said({"exports": [{"id": number, "status": "Complete"}]}))
    provider = ITwin(scripted.url(), Secret(password="a-token-of-mine"), Network(pause=lambda seconds: None))
    request = ExportRequest("itwin", scripted.url(), {"imodel": "m", "changeset": "c"})
    job = replace(new_job(request, 0.0), state=JobState.QUEUED, remote={"changeset": "c", "export": "mine"})
    assert advance(provider, job, 0.0).state in (JobState.QUEUED, JobState.RUNNING, JobState.EXPIRED)


def test_a_file_of_a_container_has_the_query_byte_for_byte() -> None:
    link = "https://x.example/abc?sv=1&se=2026-11-22T10%3A00%3A00Z&sig=a%2Bb%3D"
    assert in_container(link, "tileset.json") == (
        "https://x.example/abc/tileset.json?sv=1&se=2026-11-22T10%3A00%3A00Z&sig=a%2Bb%3D"
    )


@pytest.mark.parametrize("cdn", [False, True], ids=["storage", "network"])
def test_links_of_the_content_network_work_too(bentley: One, tmp_path: Path, cdn: bool) -> None:
    provider = service(bentley)
    job = collect(provider, driven(provider, order(bentley, cdn=cdn)), tmp_path, quiet)
    assert job.state is JobState.DONE and len(job.files) > 3
