"""What every service declares, and that a further one takes a file and nothing else."""

from __future__ import annotations

import copy
import json
import pickle
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cutout.core.errors import (
    CredentialError,
    ExportError,
    ServiceError,
    TransientError,
    nothing_ordered_yet,
    refusal_about,
)
from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, collect
from cutout.core.model import ExportRequest, Job, JobState, Option, OptionKind, Problem, Quote, about, new_job
from cutout.core.provider import SHARE_USER, AreaKind, Credentials, Provider
from cutout.providers import services
from tests.fifth import FIFTH, beside_the_others
from tests.unit.scripted_server import Reply, ScriptedServer

NOWHERE = "http://127.0.0.1:9"
HIDDEN = "a-secret-4f3c9b"
SECRETS = {
    Credentials.TOKEN: Secret(password=HIDDEN),
    Credentials.LOGIN: Secret(username="me@example.org", password=HIDDEN),
    Credentials.OAUTH2: Secret(headers={"Authorization": f"Bearer {HIDDEN}"}),
    Credentials.SHARE_KEY: Secret(username=SHARE_USER, password=HIDDEN),
    Credentials.CLIENT: Secret(username="an-application", password=HIDDEN),
}
SENTENCE = re.compile(r"[A-Z“3].*[.]", re.DOTALL)
AREA = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
TEXTS = (None, "", "x", "x,y", "a\nb", "/../", "[1", "{}")
NUMBERS = (0, -1, 1.5, True, float("nan"), float("inf"), 10**30, 10**400)
LISTS = ([], [None], [[]], ["x"], [1, 2], [1, 2, 3], {}, {"x": 1})
VALUES = {
    OptionKind.TEXT: str,
    OptionKind.NUMBER: (int, float),
    OptionKind.FLAG: bool,
    OptionKind.CHOICE: str,
    OptionKind.CHOICES: tuple,
    OptionKind.CRS: str,
    OptionKind.ITEMS: tuple,
    OptionKind.ITEM: str,
    OptionKind.POINT: (list, tuple, type(None)),
}

# The parameters of the Processing algorithms, as DESIGN fixes them: key -> default and, where they are fixed, values.
FIXED: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "cityloader": {
        "format": ("stl", "stl", "obj", "dxf"),
        "include": (("terrain", "buildings"), "terrain", "buildings"),
        "separate_files": (False,),
        "center": (None,),
        "address": ("",),
        "width": (500,),
        "height": (500,),
    },
    "koordinates": {
        "items": ((),),
        "crs": ("",),
        "vector_format": ("gpkg", "gpkg", "shp", "filegdb", "kml", "tab", "csv", "dwg"),
        "raster_format": ("geotiff", "geotiff", "jpeg", "jp2", "jp2-lossless", "hfa", "kea", "kml", "dwg"),
        "grid_format": ("geotiff", "geotiff", "aaigrid", "kea"),
        "table_format": ("csv", "csv", "gpkg", "filegdb", "shp", "tab"),
        "crop_feature": ("",),
        "resolution_multiplier": (1,),
    },
    "brightearth": {
        "scenario": ("extraction-mono", "extraction-mono"),
        "source_image_type": ("basemap", "basemap"),
        "source_image_id": (1,),
        "augmented": (False,),
        "output_crs": ("3857", "3857", "4326"),
        "vector_formats": (("geopackage",), "geopackage", "shapefile"),
        "raster_formats": (("geotiff",), "geotiff"),
        "three_d_formats": (("3d_tiles",), "3d_tiles"),
        "dl_models": ("[]",),
    },
    "itwin": {
        "imodel": ("",),
        "changeset": ("",),
        "export_type": ("3DTiles", "3DTiles", "IMODEL", "CESIUM", "3DFT"),
        "start": (True,),
        "cdn": (False,),
    },
}
MORE_OPTIONS = {"koordinates": {"rat_format", "page_size", "page_orientation", "include_scale", "include_scale_grid",
                                "include_lat_lon_grid", "include_legend", "pdf_raster_dpi"}}  # fmt: skip

# --- the contract, each part a function of a service ---------------------------------------------------------------


def names_itself(service: type[Provider]) -> None:
    assert re.fullmatch(r"[a-z]+", service.id)
    assert service.title and service.home.startswith("https://")
    assert service.servers
    for server in service.servers:
        assert server.url.startswith("https://") and not server.url.endswith("/") and server.title
        page = service.key_page(server.url)
        assert not page or page.startswith("https://")
    assert service.__module__.rpartition(".")[0] == "cutout.providers"
    assert (sys.modules[service.__module__].__doc__ or "").strip().endswith(".")


def says_how_to_sign_in(service: type[Provider]) -> None:
    assert service.credentials and len(set(service.credentials)) == len(service.credentials)
    assert SENTENCE.fullmatch(service.credentials_help)
    assert (service.oauth2 is not None) == (Credentials.OAUTH2 in service.credentials)
    for kind in service.credentials:
        headers = service.headers(SECRETS[kind])
        assert all(isinstance(text, str) for pair in headers.items() for text in pair)
        assert any(HIDDEN in value for value in headers.values()) or service.sign_in is not Provider.sign_in
        provider = service(NOWHERE, SECRETS[kind], Network())
        assert provider.server == NOWHERE
        for thing in (provider, provider.secret, vars(provider)):
            assert HIDDEN not in repr(thing)


def declares_its_options(service: type[Provider]) -> None:
    keys = [option.key for option in service.options]
    assert len(set(keys)) == len(keys)
    for option in service.options:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", option.key)
        assert option.label and not option.label.endswith((".", ":")) and option.label.strip() == option.label
        assert SENTENCE.fullmatch(option.help), option
        assert json.loads(json.dumps(option.default)) == _as_json(option.default)
        assert isinstance(option.default, VALUES[option.kind]), option
        assert {*option.after, *option.with_any} <= {*keys, "area"}
        _choices_fit(option)
    assert set(service.area.instead_of) <= set(keys)


def _choices_fit(option: Option) -> None:
    values = [choice.value for choice in option.choices]
    assert len(set(values)) == len(values) and all(choice.label for choice in option.choices)
    if option.kind is OptionKind.CHOICE:
        assert option.default in values
    if option.kind is OptionKind.CHOICES:
        assert set(option.default) <= set(values)
    if option.kind is OptionKind.NUMBER and option.minimum is not None:
        assert option.minimum <= option.default


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def checks_without_asking_and_without_failing(service: type[Provider]) -> None:
    empty = ExportRequest(service.id, NOWHERE)
    problems = service.check(empty)
    assert isinstance(problems, tuple)
    assert bool(problems) == (service.area.required or any(option.required for option in service.options))
    assert service.extent(empty) is None
    for area in (None, AREA):
        for option in service.options:
            for value in (*TEXTS, *LISTS, *NUMBERS):
                request = replace(empty, area=area, options={option.key: value})
                for problem in service.check(request):
                    assert SENTENCE.fullmatch(problem) and "\n" not in problem, (option.key, value, problem)


def takes_no_word_for_a_yes(service: type[Provider]) -> None:
    """In Python "false" counts as true."""
    empty = ExportRequest(service.id, NOWHERE, area=AREA)
    for option in service.options:
        if option.kind is OptionKind.FLAG:
            for value in ("true", "false", 1, [True]):
                problems = service.check(replace(empty, options={option.key: value}))
                assert any(option.label in problem for problem in problems), (option.key, value)
            for value in (True, False, None):
                assert service.check(replace(empty, options={option.key: value})) == service.check(empty)


def is_content_with_its_defaults(service: type[Provider]) -> None:
    """Whatever else is wrong with an order, the defaults are not."""
    empty = ExportRequest(service.id, NOWHERE, area=AREA)
    defaults = {option.key: option.default for option in service.options}
    assert service.check(replace(empty, options=defaults)) == service.check(empty)
    through_json = json.loads(json.dumps(defaults))
    assert service.check(replace(empty, options=through_json)) == service.check(empty)


def says_what_it_can_not_do(service: type[Provider]) -> None:
    provider = service(NOWHERE, SECRETS[service.credentials[0]], Network())
    with pytest.raises(ExportError, match="nothing to choose for"):
        provider.choices("no such option")
    job = new_job(ExportRequest(service.id, NOWHERE), 0.0)
    if not service.can_cancel:
        with pytest.raises(ExportError, match="can't cancel"):
            provider.cancel(job)
    assert isinstance(provider.credit(job), str)
    if service.area.kind is AreaKind.NONE:
        assert not service.area.required and not service.area.instead_of


CONTRACT: tuple[Callable[[type[Provider]], None], ...] = (
    names_itself,
    says_how_to_sign_in,
    declares_its_options,
    checks_without_asking_and_without_failing,
    takes_no_word_for_a_yes,
    is_content_with_its_defaults,
    says_what_it_can_not_do,
)


@pytest.mark.parametrize("name", sorted(FIXED))
@pytest.mark.parametrize("part", CONTRACT, ids=lambda part: part.__name__)
def test_the_contract(name: str, part: Callable[[type[Provider]], None]) -> None:
    part(services()[name])


def test_these_are_the_services() -> None:
    assert set(services()) == set(FIXED)
    titles = [service.title for service in services().values()]
    assert titles == sorted(titles, key=str.lower)


@pytest.mark.parametrize("name", sorted(FIXED))
def test_options_have_their_fixed_names_defaults_and_values(name: str) -> None:
    options = {option.key: option for option in services()[name].options if not option.guide}
    assert set(options) == set(FIXED[name]) | MORE_OPTIONS.get(name, set())
    for key, (default, *values) in FIXED[name].items():
        assert options[key].default == default
        assert not values or {choice.value for choice in options[key].choices} == set(values)


# --- what a refusal is about ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FIXED))
def test_a_problem_is_about_the_option_that_has_it(name: str) -> None:
    """Against all the odd values of the contract, with an area and without one."""
    service = services()[name]
    keys, told = {option.key for option in service.options}, set()
    for area in (None, AREA):
        empty = ExportRequest(name, NOWHERE, area=area)
        of_none = service.check(empty)
        assert {about(problem) for problem in of_none} <= keys | {"area"}
        for option in service.options:
            for value in (*TEXTS, *LISTS, *NUMBERS):
                problems = service.check(replace(empty, options={option.key: value}))
                for problem in problems:
                    assert about(problem) == option.key or problem in of_none, (option.key, value, problem)
                    told.add(about(problem))
    assert told & keys and (("area" in told) == service.area.required)


def test_problems_go_to_json_and_back_and_through_copies() -> None:
    problem = Problem("The CRS must be one of the EPSG registry.", "crs")
    assert problem == "The CRS must be one of the EPSG registry." and about(problem) == "crs"
    job = new_job(ExportRequest("koordinates", NOWHERE), 0.0)
    job = replace(job, quote=Quote(problems=(problem, "Plain.")), problems=(problem,))
    back = Job.from_json(job.to_json())
    assert back == job and back.quote and about(back.quote.problems[0]) == ""
    for twin in (copy.copy(problem), copy.deepcopy(problem), pickle.loads(pickle.dumps(problem))):
        assert (twin, about(twin)) == (problem, "crs")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"crs": ["This field is required."]}, "crs"),
        ({"message": "No.", "errors": {"bbox.0": ["No."]}}, "area"),
        ({"detail": [{"loc": ["body", "geometry"], "msg": "crs"}]}, "area"),
        ({"error": {"code": "x", "details": [{"target": "crs"}]}}, "crs"),
        ({"bbox": {"crs": ["No."]}}, "crs"),
        ({"target": ["crs"], "loc": None}, "server"),
        ("crs", "server"),
        (None, "server"),
    ],
)
def test_an_invalid_request_is_about_the_field_that_is_named(document: Any, expected: str) -> None:
    fields = {"crs": "crs", "bbox": "area", "geometry": "area"}
    for status, otherwise in ((400, "server"), (422, "server"), (413, "imodel")):
        with pytest.raises(ServiceError) as refusal, refusal_about(fields, otherwise=otherwise):
            raise ServiceError("No.", status=status, document=document)
        assert refusal.value.about == (otherwise if expected == "server" else expected)
    for status in (0, 401, 409, 500):
        with pytest.raises(ServiceError) as refusal, refusal_about(fields, otherwise="area"):
            raise ServiceError("No.", status=status, document=document)
        assert refusal.value.about == "server"


def test_what_is_missing_is_the_server_when_it_says_so_in_no_json() -> None:
    for document, expected in (({"detail": "Not found."}, "imodel"), (None, "server")):
        with pytest.raises(ServiceError) as refusal, refusal_about({}, missing="imodel"):
            raise ServiceError("No.", status=404, document=document)
        assert refusal.value.about == expected


def test_an_error_keeps_what_it_is_about_on_its_way() -> None:
    assert ServiceError("No.", status=402).about == "account"
    for error in (CredentialError("No."), TransientError("No.", about="account"), ServiceError("No.", about="account")):
        with pytest.raises(TransientError) as fault, nothing_ordered_yet():
            raise error
        assert fault.value.about == "account" and not fault.value.reached


# --- a fifth service -----------------------------------------------------------------------------------------------


@pytest.fixture
def fifth(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    yield from beside_the_others(tmp_path_factory.mktemp("providers"), monkeypatch)


def test_a_fifth_service_is_one_file_of_about_twenty_lines(fifth: type[Provider]) -> None:
    assert len(FIFTH.splitlines()) <= 21
    assert list(services()) == ["cityloader", "itwin", "brightearth", "fifth", "koordinates"]  # by their titles
    for part in CONTRACT:
        part(fifth)
    (problem,) = fifth.check(ExportRequest("fifth", NOWHERE))
    assert type(problem) is str and about(problem) == ""


def test_a_fifth_service_goes_the_whole_way(fifth: type[Provider], tmp_path: Path) -> None:
    with ScriptedServer() as server:
        server.on("/jobs", Reply(201, b'{"id": 5}'))
        server.on("/jobs/5", Reply(200, b'{"done": false}'), Reply(200, b'{"done": true}'))
        server.on("/jobs/5/file", Reply(200, b"II*\0"))
        provider = fifth(server.url(), SECRETS[Credentials.TOKEN], Network())
        job = new_job(ExportRequest("fifth", server.url(), {"form": "tif"}, AREA), 0.0)
        for now in (0.0, 2.0, 5.0):
            job = advance(provider, job, now)
        job = collect(provider, job, tmp_path, lambda done, total: None)
        assert job.state is JobState.DONE and [record.name for record in job.files] == ["result.tif"]
        assert json.loads(server.seen("/jobs")[0].body)["form"] == "tif"
        assert server.seen("/jobs/5/file")[0].headers["authorization"] == f"Bearer {HIDDEN}"


def test_the_fifth_service_is_gone_again() -> None:
    assert "fifth" not in services()
