"""The Koordinates provider against the stand-in: real HTTP, one behaviour a test."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cutout.core.aoi import from_bbox
from cutout.core.errors import CredentialError, ExportError, ServiceError, TransientError
from cutout.core.fit import prepared
from cutout.core.http import Network, Secret
from cutout.core.model import ExportRequest, Job, JobState, about, new_job
from cutout.providers.koordinates import Koordinates
from tests.places import PARK
from tests.standin.client import Standin
from tests.unit.scripted_server import Reply, ScriptedServer

ATLANTIC = {"type": "Polygon", "coordinates": [[[-40, 30], [-39, 30], [-39, 31], [-40, 31], [-40, 30]]]}
QUICK = Network(pause=lambda seconds: None)


def site(standin: Standin, key: str = "", path: str = "") -> Koordinates:
    return Koordinates(standin.url + path, Secret(password=key or standin.key), QUICK)


def order(standin: Standin, items: str = "layer:101", area: Any = PARK, **options: Any) -> ExportRequest:
    return ExportRequest("koordinates", standin.url, {"items": items, **options}, area, "Fall River")


def ordered(standin: Standin, request: ExportRequest) -> Job:
    provider = site(standin)
    return replace(new_job(request, 0.0), state=JobState.QUEUED, remote=next(provider.submit(request)))


def bodies(standin: Standin, ending: str) -> list[Any]:
    return [one.json for one in standin.requests() if one.method == "POST" and one.path.endswith(ending)]


@pytest.mark.parametrize("version", ["", "/services/api/v1", "/services/api/v1.x"])
def test_a_whole_export_in_either_version(standin: Standin, version: str) -> None:
    provider = site(standin, path=version)
    request = order(standin, "layer:101,layer:104,layer:105,table:201", crs="EPSG:26913")
    request = replace(request, server=standin.url + version)
    assert provider.quote(request).valid
    job = replace(new_job(request, 0.0), remote=next(provider.submit(request)))
    looks = [provider.poll(job) for _ in range(10)]
    assert looks[-1].state is JobState.READY
    body = bodies(standin, "/exports/")[0]
    assert body["crs"] == "EPSG:26913"
    assert body["extent"] == PARK
    assert body["formats"] == {
        "vector": "application/x-ogc-gpkg",
        "grid": "image/tiff;subtype=geotiff",
        "raster": "image/tiff;subtype=geotiff",
        "table": "text/csv",
    }
    (artifact,) = provider.links(job)
    assert not artifact.signed and artifact.url.endswith("/download/")


def test_a_site_that_has_only_the_older_version(standin: Standin) -> None:
    standin.fault("status", status=404, path="/services/api/v1.x/", count=-1)
    assert "may order exports" in site(standin).greet()
    assert "Colorado Counties" in {choice.label for choice in site(standin).choices("items").choices}
    provider, request = site(standin), order(standin, "layer:101,table:201")
    assert provider.quote(request).valid
    job = replace(new_job(request, 0.0), remote=next(provider.submit(request)))
    looks = [site(standin).poll(job) for _ in range(5)]
    assert looks[-1].state is JobState.READY
    assert "/services/api/v1/" in next(iter(site(standin).links(job))).url
    assert all("/v1/" in entry["item"] for entry in bodies(standin, "/exports/")[0]["items"])


def test_a_layer_that_is_missing_is_not_taken_for_a_version_that_is_missing(standin: Standin) -> None:
    provider = site(standin)
    assert "has no layer 999" in provider.quote(order(standin, "layer:999")).problems[0]
    assert provider.quote(order(standin, "layer:101")).valid
    assert not [one for one in standin.requests() if "/services/api/v1/" in one.path]


def test_validated_with_price_size_and_license(standin: Standin) -> None:
    standin.settings(price="12.50")
    quote = site(standin).quote(order(standin, "101,102"))
    assert quote.valid
    assert quote.price == Decimal("25.00")
    assert quote.size and quote.size > 0
    assert "Public Domain" in quote.license.title
    assert not standin.exports()


def test_outside_extent_in_words_and_nothing_created(standin: Standin) -> None:
    quote = site(standin).quote(order(standin, "101,106", ATLANTIC))
    assert not quote.valid
    assert "Colorado Counties: the area lies outside of it; choose an area where it has data." in quote.problems
    with pytest.raises(ServiceError, match="Colorado Counties: the area lies outside"):
        next(site(standin).submit(order(standin, "101", ATLANTIC)))
    assert not standin.exports()


def test_items_are_found_however_they_are_named(standin: Standin) -> None:
    page = f"{standin.url}/layer/101-colorado-counties/"
    request = order(standin, f"layer:101, 102, {standin.layer_url('counties', 'v1')}, {page}, 201")
    assert Koordinates.check(request) == ()
    next(site(standin).submit(request))
    items = [entry["item"].split("/services/api/v1.x/")[1] for entry in bodies(standin, "/exports/")[0]["items"]]
    assert items[:2] == ["layers/101/", "layers/102/"]
    assert "tables/201/" in items


def test_unknown_layer_is_named(standin: Standin) -> None:
    for item in ("layer:999", "999"):
        (problem,) = site(standin).quote(order(standin, item)).problems
        assert "999" in problem and about(problem) == "items"


def test_a_key_without_permission_is_told_which(standin: Standin) -> None:
    with pytest.raises(CredentialError) as refusal:
        site(standin, standin.reader_key).quote(order(standin))
    assert "lacks the permission exports:" in refusal.value.message
    assert f"{standin.url}/my/api/" in refusal.value.advice
    with pytest.raises(CredentialError, match="lacks the permission exports:"):
        site(standin, standin.reader_key).greet()


def test_a_key_of_another_site_is_told_apart(standin: Standin) -> None:
    with pytest.raises(CredentialError, match="does not accept the key") as refusal:
        site(standin, standin.foreign_key).greet()
    assert "only on the site it was made on" in refusal.value.advice
    assert standin.foreign_key not in str(refusal.value)


def test_greeting_orders_nothing(standin: Standin) -> None:
    assert "may order exports" in site(standin).greet()
    assert not standin.exports()


def test_every_problem_at_once_without_asking(standin: Standin) -> None:
    request = order(
        standin, "layer:x,https://example.org/services/api/v1/layers/1/", None,
        crs="NZTM", vector_format="geojson", resolution_multiplier=17,
    )  # fmt: skip
    problems = " ".join(Koordinates.check(request))
    for part in ("layer:x", "another site", "NZTM", "geojson", "from 1 to 16", "No area is chosen"):
        assert part in problems
    assert "No layer or table is chosen." in Koordinates.check(order(standin, ""))
    assert not standin.requests()


def test_tables_alone_need_no_area_and_send_none(standin: Standin) -> None:
    request = order(standin, "table:201", None)
    assert Koordinates.check(request) == ()
    next(site(standin).submit(request))
    body = bodies(standin, "/exports/")[0]
    assert "extent" not in body and "crs" not in body


def test_kml_sends_no_crs(standin: Standin) -> None:
    next(site(standin).submit(order(standin, "101", vector_format="kml", crs="EPSG:2193")))
    assert "crs" not in bodies(standin, "/exports/")[0]


def test_without_a_chosen_crs_the_layers_own_is_sent(standin: Standin) -> None:
    next(site(standin).submit(order(standin, "101")))
    assert bodies(standin, "/exports/")[0]["crs"].startswith("EPSG:")


def test_a_format_the_layer_does_not_offer_is_refused_in_words(standin: Standin) -> None:
    quote = site(standin).quote(order(standin, "101", vector_format="application/x-nonsense"))
    assert "Colorado Counties can't be exported as application/x-nonsense; it offers " in quote.problems[0]


def test_resolution_goes_along_with_rasters_only(standin: Standin) -> None:
    next(site(standin).submit(order(standin, "101", resolution_multiplier=4)))
    next(site(standin).submit(order(standin, "104", resolution_multiplier=4)))
    vector, grid = bodies(standin, "/exports/")
    assert "options" not in vector
    assert grid["options"] == {"raster_resolution_multiplier": 4}


def test_a_crop_feature_instead_of_an_area(standin: Standin) -> None:
    found = site(standin).choices("crop_feature", "larimer").choices
    assert [one.label for one in found] == ["Larimer"]
    request = order(standin, "101", None, crop_feature=found[0].value)
    assert Koordinates.check(request) == ()
    assert site(standin).quote(request).valid
    next(site(standin).submit(request))
    assert bodies(standin, "/exports/")[0]["extent"] == found[0].value


def test_formats_come_from_the_service(standin: Standin) -> None:
    offered = {choice.value for choice in site(standin).choices("vector_format").choices}
    assert {"gpkg", "shp", "filegdb"} <= offered


def test_the_catalogue_is_searched_and_paged_by_link(standin: Standin) -> None:
    standin.settings(page_size=2)
    provider = site(standin)
    page = provider.choices("items")
    labels = [choice.label for choice in page.choices]
    while page.more:
        page = provider.choices("items", more=page.more)
        labels += [choice.label for choice in page.choices]
    assert len(labels) == len(set(labels)) == page.total
    assert {"Colorado Counties", "Country Figures"} <= set(labels)
    kinds = {choice.label: choice.kind for choice in provider.choices("items", "elevation").choices}
    assert kinds == {"Rocky Mountain National Park Elevation": "grid"}


def test_an_area_with_too_many_vertices_is_covered(standin: Standin) -> None:
    ring = [[-105.65 + 0.1 * math.cos(t / 800), 40.35 + 0.1 * math.sin(t / 800)] for t in range(0, 5027)]
    area = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    request = prepared(Koordinates, order(standin, "101", area))
    assert any("→" in note and "% area" in note for note in request.notes)
    assert site(standin).quote(request).valid
    with pytest.raises(ServiceError, match="limit is 1000"):
        site(standin).quote(replace(request, sent=area))


def test_an_area_over_the_antimeridian_goes_in_parts(standin: Standin) -> None:
    fiji = from_bbox(177.0, -19.0, -179.0, -16.0)
    request = prepared(Koordinates, order(standin, "106", fiji.geojson))
    assert site(standin).quote(request).valid
    next(site(standin).submit(request))
    extent = bodies(standin, "/exports/")[0]["extent"]
    longitudes = [sorted({round(x, 6) for x, _ in part[0]}) for part in extent["coordinates"]]
    assert sorted(longitudes) == [[-180.0, -179.0], [177.0, 180.0]]


# --- what a refusal is about ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "options", "expected"),
    [
        ("101", {"vector_format": "application/x-nonsense"}, ["vector_format"]),
        ("104,105", {"grid_format": "image/x-nonsense", "raster_format": "image/x-other"},
         ["grid_format", "raster_format"]),
        ("101,201", {"table_format": "image/tiff"}, ["table_format"]),
        ("101", {"area": ATLANTIC}, ["area"]),
        ("101,201", {"area": None}, []),
    ],
)  # fmt: skip
def test_a_problem_of_the_quote_names_its_option(
    standin: Standin, items: str, options: dict[str, Any], expected: list[str]
) -> None:
    quote = site(standin).quote(order(standin, items, **options))
    assert [about(problem) for problem in quote.problems] == expected


def test_a_crop_feature_where_there_is_nothing_is_what_the_reason_is_about(standin: Standin) -> None:
    (larimer,) = site(standin).choices("crop_feature", "larimer").choices
    standin.settings(refuse=["outside-extent", "licence-not-accepted"])
    quote = site(standin).quote(order(standin, "101", None, crop_feature=larimer.value))
    assert [about(problem) for problem in quote.problems] == ["crop_feature", "items"]
    with pytest.raises(ServiceError) as refusal:
        next(site(standin).submit(order(standin, "101", None, crop_feature=larimer.value)))
    assert refusal.value.about == "crop_feature"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"items": "104", "resolution_multiplier": "x"}, "server"),  # the stand-in does not say which option it is
        ({"crs": "EPSG:999999"}, "crs"),
        ({"area": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}, "area"),
        ({"area": None, "crop_feature": "of another site"}, "crop_feature"),
    ],
)
def test_an_error_of_the_quote_names_its_option(standin: Standin, options: dict[str, Any], expected: str) -> None:
    for ask in (lambda one: site(standin).quote(one), lambda one: next(site(standin).submit(one))):
        with pytest.raises(ExportError) as refusal:
            ask(order(standin, **options))
        assert refusal.value.about == expected
    assert not standin.exports()


def test_a_format_that_the_site_refuses_is_told_apart_from_one_that_is_known(standin: Standin) -> None:
    standin.fault("status", status=400, text='{"formats": ["No."]}', path="/services/api/v1.x/exports/validate/")
    with pytest.raises(ServiceError) as refusal:
        site(standin).quote(order(standin, "201,101", table_format="csv"))
    assert refusal.value.about == "table_format"
    standin.fault("status", status=400, text='{"formats": {"vector": ["No."]}}',
                  path="/services/api/v1.x/exports/validate/")  # fmt: skip
    with pytest.raises(ServiceError) as refusal:
        site(standin).quote(order(standin, "201,101"))
    assert refusal.value.about == "vector_format"


def test_keys_are_about_the_account_and_trouble_is_about_the_server(standin: Standin) -> None:
    for key in (standin.reader_key, standin.foreign_key, "a-key-with-a-typographic-quote”"):
        for ask in (
            Koordinates.greet,
            lambda one: one.quote(order(standin)),
            lambda one: next(one.submit(order(standin))),
        ):
            with pytest.raises(CredentialError) as refusal:
                ask(site(standin, key))
            assert refusal.value.about == "account"
    with pytest.raises(CredentialError) as refusal:
        site(standin, standin.foreign_key).choices("items")
    assert refusal.value.about == "account"
    standin.fault("status", status=503, count=3)
    with pytest.raises(TransientError) as fault:
        site(standin).quote(order(standin))
    assert fault.value.about == "server"
    nowhere = Koordinates("http://127.0.0.1:9", Secret(password="k"), QUICK)
    with pytest.raises(TransientError) as fault:
        nowhere.quote(order(standin))
    assert fault.value.about == "server"


@pytest.mark.parametrize("status", [200, 404, 400, 500])
@pytest.mark.parametrize("item", ["101", "layer:101"])
def test_a_page_where_a_document_belongs_is_about_the_server(status: int, item: str) -> None:
    with ScriptedServer() as server:
        page = Reply(status, b"<html><title>Welcome</title></html>", {"Content-Type": "text/html"})
        for path in ("layers/101/", "tables/101/", "exports/"):
            for version in ("v1", "v1.x"):
                server.on(f"/services/api/{version}/{path}", page)
        provider = Koordinates(server.url(), Secret(password="a-key-of-mine"), QUICK)
        with pytest.raises(ExportError) as refusal:
            provider.quote(ExportRequest("koordinates", server.url(), {"items": item}, PARK))
        assert refusal.value.about == "server"
        assert (status == 404) == ("Is this the address of the site?" in refusal.value.advice)


@pytest.mark.parametrize(("state", "expected"), [("error", JobState.FAILED), ("complete", JobState.READY)])
def test_how_it_ends(standin: Standin, state: str, expected: JobState) -> None:
    standin.settings(final=state)
    job = ordered(standin, order(standin))
    looks = [site(standin).poll(job) for _ in range(10)]
    assert looks[-1].state is expected
    assert (looks[-1].message != "") == (expected is JobState.FAILED)


def test_an_undocumented_word_keeps_it_open(standin: Standin) -> None:
    standin.settings(open_state="reticulating", polls=3)
    job = ordered(standin, order(standin))
    look = site(standin).poll(job)
    assert (look.state, look.known, look.word) == (JobState.RUNNING, False, "reticulating")
    assert "reticulating" in look.message


def test_a_complete_export_that_is_described_by_a_303(standin: Standin) -> None:
    standin.settings(detail_303=True, create_body=False)
    job = ordered(standin, order(standin))
    assert [site(standin).poll(job).state for _ in range(3)][-1] is JobState.READY
    assert len(list(site(standin).links(job))) == 1


def test_cancel_and_too_late_to_cancel(standin: Standin) -> None:
    standin.settings(polls=50)
    job = ordered(standin, order(standin))
    assert site(standin).cancel(job).state is JobState.CANCELLED
    standin.settings(polls=0)
    done = ordered(standin, order(standin))
    site(standin).poll(done)
    with pytest.raises(ServiceError, match="Can't cancel"):
        site(standin).cancel(done)


def test_several_jobs_in_one_request(standin: Standin) -> None:
    jobs = [ordered(standin, order(standin)) for _ in range(4)]
    before = len(standin.requests("koordinates"))
    looks = site(standin).poll_many(jobs)
    assert set(looks) == {job.key for job in jobs}
    assert len(standin.requests("koordinates")) == before + 1


def test_a_hundred_and_more_jobs_in_a_request_a_page(standin: Standin) -> None:
    jobs = [ordered(standin, order(standin)) for _ in range(120)]
    before = len(standin.requests("koordinates"))
    looks = site(standin).poll_many(jobs)
    assert set(looks) == {job.key for job in jobs}
    assert len(standin.requests("koordinates")) == before + 2
    assert set(site(standin).poll_many(jobs[:2])) == set()  # the oldest two: not worth another page
    assert len(standin.requests("koordinates")) == before + 3


def test_a_lost_order_is_found_by_what_it_asked_for(standin: Standin) -> None:
    next(site(standin).submit(order(standin, "102")))
    remote = next(site(standin).submit(order(standin, "101")))
    job = replace(new_job(order(standin, "101"), standin.advance(0)), state=JobState.SUBMITTING)
    assert site(standin).find_lost(job, ()) == remote
    assert site(standin).find_lost(job, [remote]) is None
    assert site(standin).find_lost(replace(job, request=order(standin, "103")), ()) is None
    assert site(standin).find_lost(replace(job, submitted=job.created + 3600), ()) is None
    assert site(standin).find_lost(replace(job, submitted=job.created - 3600), ()) is None


def test_an_order_for_other_ground_or_in_another_form_is_not_the_lost_one(standin: Standin) -> None:
    ring = PARK["coordinates"][0]
    more = {"type": "Polygon", "coordinates": [[ring[0], [-105.49, 40.2], *ring[2:]]]}
    sent = order(standin, "101", crs="EPSG:26913", vector_format="shp")
    remote = next(site(standin).submit(sent))
    lost = replace(new_job(sent, standin.advance(0)), state=JobState.SUBMITTING)

    def found(**changes: Any) -> Any:
        return site(standin).find_lost(replace(lost, request=replace(sent, **changes)), ())

    assert found() == remote
    turned = [*ring[2:], *ring[1:3]]
    assert found(area={"type": "MultiPolygon", "coordinates": [[turned]]}) == remote
    assert found(area=more) is found(area=None) is None
    assert found(options={**sent.options, "crs": "EPSG:4326"}) is None
    assert found(options={**sent.options, "vector_format": "gpkg"}) is None


def test_of_equal_orders_the_nearest_in_time_is_taken_however_many_came_since(standin: Standin) -> None:
    standin.freeze()
    remotes, moments = [], []
    for _ in range(3):
        moments.append(standin.advance(60))
        remotes.append(next(site(standin).submit(order(standin))))
    for _ in range(120):
        next(site(standin).submit(order(standin, "102")))
    job = replace(new_job(order(standin), 0.0), submitted=moments[1] - 1)
    assert site(standin).find_lost(job, ()) == remotes[1]
    assert site(standin).find_lost(job, [remotes[1]]) == remotes[0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "Try another time."}, "Try another time."),
        ({"errors": {"items": ["Too many."], "detail": "No."}, "status_code": 400}, "No."),
        ({"crs": ["Not a CRS."]}, "crs: Not a CRS."),
    ],
)
def test_every_shape_of_error_is_read(standin: Standin, body: Any, said: str) -> None:
    job = ordered(standin, order(standin))
    text = json.dumps(body)
    standin.fault("status", status=409, text=text, content_type="application/json", method="DELETE")
    with pytest.raises(ServiceError) as refusal:
        site(standin).cancel(job)
    assert said in refusal.value.message


def test_an_html_page_becomes_a_sentence(standin: Standin) -> None:
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"
    standin.fault("status", status=502, text=page, content_type="text/html", count=-1)
    with pytest.raises(TransientError) as fault:
        site(standin).greet()
    assert "502 Bad Gateway" in fault.value.message and "<" not in fault.value.message


def test_every_item_that_is_not_there_is_named(standin: Standin) -> None:
    quote = site(standin).quote(order(standin, "998,101,999"))
    assert [("998" in problem, "999" in problem, about(problem)) for problem in quote.problems] == [
        (True, False, "items"),
        (False, True, "items"),
    ]
