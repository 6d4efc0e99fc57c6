"""Whatever a service answers, a provider has a sentence for it: only ExportError comes out, and what can be kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutout.core.errors import ExportError
from cutout.core.http import Network, Secret
from cutout.core.model import Artifact, ChoicePage, ExportRequest, Job, JobState, Look, Quote, new_job
from cutout.core.provider import SHARE_USER, Provider
from cutout.providers.brightearth import BrightEarth
from cutout.providers.cityloader import CityLoader
from cutout.providers.itwin import ITwin
from cutout.providers.koordinates import Koordinates
from tests.unit.hostile import like, nested, scalars, thorough
from tests.unit.scripted_server import Reply, Request, ScriptedServer

QUICK = Network(pause=lambda seconds: None)
AREA = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
IMODEL = "aaaaaaaa-0000-0000-0000-000000000001"


@dataclass(frozen=True)
class Service:
    """answers: what comes to a path with this ending, the first that fits; $ stands for the server's address."""

    kind: type[Provider]
    options: Mapping[str, Any]
    remote: Mapping[str, Any]
    answers: tuple[tuple[str, Any], ...]
    asked: tuple[str, ...] = ()
    secret: Secret = Secret("me@example.org", "a-word-of-mine")


EXPORT = {
    "id": 7, "name": "x", "state": "complete", "progress": 0.5, "created_at": "2030-01-01T00:00:00Z",
    "url": "$/services/api/v1.x/exports/7/", "download_url": "$/services/api/v1.x/exports/7/download/",
    "items": [{"item": "$/services/api/v1.x/layers/1/"}], "formats": {"vector": "application/x-ogc-gpkg"},
    "extent": AREA,
}  # fmt: skip
LAYER = {
    "id": 1, "url": "$/services/api/v1.x/layers/1/", "title": "Roads", "kind": "vector", "group": {"name": "us"},
    "license": {"title": "CC", "url_html": "https://example.org"},
    "data": {"crs": {"id": "EPSG:2193"}, "export_formats": [{"mimetype": "application/x-ogc-gpkg", "name": "gpkg"}]},
}  # fmt: skip
VALIDATION = {
    "is_valid": False, "invalid_reasons": ["outside-extent"], "size_estimate_zipped": 5,
    "items": [{
        "item": "$/services/api/v1.x/layers/1/", "is_valid": True, "invalid_reasons": ["x"], "price": "1.5",
        "currency": "NZD", "license": {"title": "CC"},
    }],
}  # fmt: skip
FORMATS = {"vector": {"choices": [{"value": "text/csv", "display_name": "CSV"}]}}
MESH = {
    "id": "e1", "displayName": "x", "status": "Complete", "error": "none",
    "request": {"exportType": "3DTiles", "changesetId": "c1", "iModelId": IMODEL},
    "_links": {"mesh": {"href": "$/mesh/?sig=1"}},
}  # fmt: skip
CORNERS = {"southWest": {"latitude": 0, "longitude": 0}, "northEast": {"latitude": 1, "longitude": 1}}
NEXT = {"_links": {"next": {"href": "$/itwins/?p=2"}}}
PLACE = {"id": IMODEL, "displayName": "x", "name": "y", "description": "z", "extent": CORNERS, "number": "1"}
TREE = {"0": {"EXPORT": {"a.gpkg": "https://127.0.0.1:9/a?sig=1", "b": {"c.tif": "http://127.0.0.1/c"}}}}
SERVICES = {
    "koordinates": Service(
        Koordinates, {"items": "layer:1", "crs": "EPSG:2193"}, {"id": 7},
        (
            ("/exports/validate/", VALIDATION),
            ("/exports/croplayers/", [{"url": "$/services/api/v1.x/croplayers/1/"}]),
            ("/cropfeatures/", [{"url": "$/cropfeatures/1/", "name": "a"}]), ("/exports/7/", EXPORT),
            ("/exports/", [EXPORT]), ("/layers/1/", LAYER), ("/data/", [LAYER]), ("/layers/", [LAYER]),
        ),
        ("items", "crop_feature", "vector_format"),
    ),
    "cityloader": Service(
        CityLoader, {}, {"id": 7},
        (("/export/simple", {"id": 7}), ("", {"id": 7, "status": "done", "download_url": "$/a.zip"})),
    ),
    "brightearth": Service(
        BrightEarth, {}, {"project_id": 1, "asset_id": 2, "scenario_id": 3, "activity_id": 4},
        (
            ("/auth/login", {"access_token": "word"}), ("/users/me", {"credits": 5.5}),
            ("/projects", {"project_id": 1}),
            ("/assets/aoi", {"asset_id": 2}), ("/scenarios/extraction-mono", {"scenario_id": 3, "activity_id": 4}),
            ("/activities/4", {"state": "RUNNING", "progress": 5, "details": {"message": "x"}}),
            ("/urls", {**TREE, "NextContinuationToken": "abc"}), ("/scenarios", [{"scenario_id": 3}]),
            ("/activities", {"items": [{"activity_id": 4, "scenario_id": 3}]}),
        ),
        ("scenario",),
    ),
    "itwin": Service(
        ITwin, {"imodel": IMODEL, "itwin": "i1"}, {"changeset": "c1", "export": "e1", "refusal": ""},
        (
            ("/itwins/", {"iTwins": [PLACE], **NEXT}), ("/changesets", {"changesets": [{"id": "c1", "index": 1}]}),
            ("/imodels/", {"iModels": [PLACE]}), (f"/imodels/{IMODEL}", {"iModel": PLACE}),
            ("/mesh-export/e1", {"export": MESH}), ("/mesh-export/", {"exports": [MESH], "export": MESH, **NEXT}),
        ),
        ("itwin", "imodel", "changeset"), Secret(SHARE_USER, "a-word-of-mine"),
    ),
}  # fmt: skip


class Telling(ScriptedServer):
    """Answers everything in one way, and remembers nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.tell: Callable[[Request], Reply] = lambda request: Reply(404)

    def reply(self, request: Request) -> Reply:
        return self.tell(request)


@pytest.fixture(scope="module")
def server() -> Iterator[Telling]:
    with Telling() as running:
        yield running


@st.composite
def answers(draw: st.DrawFn, service: Service) -> dict[str, Any]:
    """What the service says this time, by the ending of the path."""
    said = {ending: draw(like(document)) for ending, document in service.answers}
    if service.kind is Koordinates:
        said["OPTIONS"] = draw(like({"actions": {"POST": {"formats": {"children": FORMATS}}}}))
    return said


@st.composite
def headers(draw: st.DrawFn) -> dict[str, str]:
    links = (
        "",
        "<",
        "<http://[>; rel=page-next",
        '<$/data/?p=2>; rel="page-next"',
        "<>; rel=page-next",
        "; rel=x, <a>",
    )
    ranges = ("", "0-1/2", "0-1/" + "9" * 5000, "0-1/٣")
    return {"Link": draw(st.sampled_from(links)), "X-Resource-Range": draw(st.sampled_from(ranges))}


def scripted(server: Telling, said: Mapping[str, Any], more: Mapping[str, str], status: int) -> None:
    def reply(request: Request) -> Reply:
        key = (
            request.method
            if request.method in said
            else next((end for end in said if request.path.endswith(end)), None)
        )
        if key is None:
            return Reply(404, b"{}")
        text = json.dumps(said[key]).replace("$", server.url())
        usual = {name: value.replace("$", server.url()) for name, value in more.items() if value}
        return Reply(status, text.encode(), {"Content-Type": "application/json", **usual})

    server.tell = reply


def calls(provider: Provider, service: Service, request: ExportRequest, job: Job) -> Iterator[Callable[[], Any]]:
    yield provider.greet
    for key in service.asked:
        yield lambda key=key: provider.choices(key, "", "", request)
        yield lambda key=key: provider.choices(key, "layer:1", "", request)
    yield lambda: provider.quote(request)
    yield lambda: list(provider.submit(request))
    yield lambda: provider.poll(job)
    yield lambda: provider.poll_many([job, replace(job, key="other")])
    yield lambda: provider.find_lost(job, [])
    yield lambda: list(provider.links(job))
    yield lambda: provider.cancel(job)


def is_text(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)


def check(result: Any, job: Job) -> None:
    """What came out can be shown, and kept with the job."""
    if isinstance(result, ChoicePage):
        assert is_text(result.more) and all(
            is_text(one.value, one.label, one.detail, one.kind) for one in result.choices
        )
    elif isinstance(result, Look):
        assert is_text(result.message, result.word) and isinstance(result.state, JobState)
        assert result.progress is None or 0 <= result.progress <= 1
    elif isinstance(result, Quote):
        assert is_text(result.currency, result.summary, result.license.title, *result.problems)
        assert result.price is None or result.price.is_finite()
        assert Job.from_json(replace(job, quote=result).to_json()).quote == result
    elif isinstance(result, list):
        for one in result:
            if isinstance(one, Artifact):
                assert is_text(one.name, one.url)
            else:
                kept(one, job)
    elif isinstance(result, dict):
        for one in result.values():
            if isinstance(one, Look):
                check(one, job)


def kept(ids: Mapping[str, Any], job: Job) -> None:
    text = replace(job, remote=ids).to_json()
    assert Job.from_json(text).to_json() == text


def told(server: Telling, name: str, said: Mapping[str, Any], more: Mapping[str, str], status: int) -> None:
    service = SERVICES[name]
    scripted(server, said, more, status)
    request = ExportRequest(name, server.url(), service.options, AREA, "x")
    job = replace(new_job(request, 0.0), state=JobState.QUEUED, remote=service.remote, submitted=0.0)
    for call in calls(service.kind(server.url(), service.secret, QUICK), service, request, job):
        try:
            check(call(), job)
        except ExportError as error:
            assert str(error).strip()


@pytest.mark.parametrize("name", SERVICES)
def test_answers_of_any_shape(server: Telling, name: str) -> None:
    @thorough
    @given(answers(SERVICES[name]), headers(), st.sampled_from((200, 200, 200, 200, 400, 403, 404, 500)))
    def property(said: Mapping[str, Any], more: Mapping[str, str], status: int) -> None:
        told(server, name, said, more, status)

    property()


@pytest.mark.parametrize("name", SERVICES)
def test_one_answer_that_is_something_else(server: Telling, name: str) -> None:
    """All else is as it should be, so that what comes after it is reached."""
    service = SERVICES[name]
    places = [(ending, path) for ending, document in service.answers for path in paths(document)]

    @thorough
    @given(st.sampled_from(places), scalars | st.sampled_from(([], {}, [[]], [{}], [1], {"a": 1}, nested(40))))
    def property(place: tuple[str, tuple[Any, ...]], value: Any) -> None:
        said = dict(service.answers)
        said[place[0]] = put(said[place[0]], place[1], value)
        told(server, name, said, {}, 200)

    property()


def paths(document: Any) -> Iterator[tuple[Any, ...]]:
    yield ()
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in inner:
        yield from ((key, *rest) for rest in paths(value))


def put(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = put(document[path[0]], path[1:], value)
    return copy
