"""The iTwin stand-in does what it says, and the clients that others wrote get along with it.

CesiumJS and Bentley's own @itwin/frontend-tiles live in build/node and run as processes of their own.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import http.client
import http.server
import json
import os
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
import requests
from shapely.geometry import box, mapping

from cutout.core.http import Network, Secret
from cutout.core.lifecycle import advance, collect
from cutout.core.model import ExportRequest, Job, JobState, new_job
from cutout.providers.itwin import ITwin
from tests import ROOT
from tests.standin import city
from tests.standin.client import Standin

CLIENTS = ROOT / "tests" / "standin" / "clients"
V1 = "application/vnd.bentley.itwin-platform.v1+json"
V2 = "application/vnd.bentley.itwin-platform.v2+json"
WHOLE = "return=representation"
BACK = "http://127.0.0.1:7070/"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
VARIANTS = ("plain", "nested", "contents", "implicit")


class Platform:
    """A small client of the test's own: calls with the token at hand, no redirect followed."""

    def __init__(self, standin: Standin) -> None:
        self.standin, self.one = standin, standin.of("itwin")
        self.facts = self.one.facts
        self.headers = {"Authorization": f"Bearer {self.facts['token']}", "Accept": V1, "Prefer": WHOLE}

    def call(self, method: str, path: str, **rest: Any) -> requests.Response:
        url = path if path.startswith("http") else self.one.url + path
        headers = {**self.headers, **rest.pop("headers", {})}
        return requests.request(method, url, headers=headers, allow_redirects=False, timeout=60, **rest)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def model(self, key: str) -> dict[str, Any]:
        return dict(self.facts["imodels"][key])

    def exports(self, key: str = "city", **query: Any) -> list[dict[str, Any]]:
        answer = self.get("/mesh-export/", iModelId=self.model(key)["id"], **query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["exports"])

    def models(self, **query: Any) -> requests.Response:
        itwin = query.pop("iTwinId", self.model("city")["itwin"])
        headers = {"Accept": query.pop("accept", V2), "Prefer": query.pop("prefer", WHOLE)}
        return self.call("GET", "/imodels/", params={"iTwinId": itwin, **query}, headers=headers)

    def link(self, key: str = "city", **query: Any) -> str:
        """The address of the container of a finished export."""
        self.one.settings(empty=0, polls=0)
        return str(self.exports(key, exportType="3DTILES", **query)[0]["_links"]["mesh"]["href"])

    def start(self, **body: Any) -> requests.Response:
        return self.call("POST", "/mesh-export/", json=body)


@pytest.fixture
def platform(standin: Standin) -> Platform:
    return Platform(standin)


def child(link: str, name: str) -> str:
    """The address of a blob: a longer path, the same query."""
    container, query = link.split("?")
    return f"{container}/{name}?{query}"


def raw(url: str) -> tuple[int, bytes]:
    """What is at an address, asked for byte for byte as it is written: requests would tidy it up."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", url[len(f"{parts.scheme}://{parts.netloc}") :])
    answer = connection.getresponse()
    status, body = answer.status, answer.read()
    connection.close()
    return status, body


def code_of(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def azure(answer: requests.Response) -> tuple[int, str | None]:
    """Status and code of the storage's XML error."""
    code = ElementTree.fromstring(answer.content).findtext("Code")
    assert answer.headers["x-ms-error-code"] == code
    return answer.status_code, code


# --- signing in -------------------------------------------------------------------------------------------------


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def authorize(platform: Platform, method: str = "GET", **changes: Any) -> requests.Response:
    query = {
        "response_type": "code",
        "client_id": platform.facts["native_client_id"],
        "redirect_uri": BACK,
        "scope": "itwin-platform offline_access",
        "state": "st/a+te",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
        **changes,
    }
    query = {name: value for name, value in query.items() if value is not None}
    url = f"{platform.facts['ims']}/connect/authorize"
    return requests.request(method, url, params=query, allow_redirects=False, timeout=20)


def sent_back(answer: requests.Response) -> dict[str, str]:
    """What the redirect carries back to the application."""
    assert answer.status_code == 302 and answer.headers["Location"].startswith(BACK)
    return {name: value for name, (value,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def token(platform: Platform, auth: tuple[str, str] | None = None, **form: Any) -> requests.Response:
    return requests.post(f"{platform.facts['ims']}/connect/token", data=form, auth=auth, timeout=20)


def by_code(platform: Platform, code: str, **changes: Any) -> requests.Response:
    form = {"client_id": platform.facts["native_client_id"], "redirect_uri": BACK, "code_verifier": VERIFIER}
    return token(platform, grant_type="authorization_code", code=code, **{**form, **changes})


def test_a_native_application_signs_in_with_pkce(platform: Platform) -> None:
    back = sent_back(authorize(platform))
    assert back["state"] == "st/a+te"
    answer = by_code(platform, back["code"])
    found = answer.json()
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert (found["token_type"], found["expires_in"]) == ("Bearer", 3600) and "itwin-platform" in found["scope"]
    platform.headers["Authorization"] = f"Bearer {found['access_token']}"
    assert platform.get("/itwins/").status_code == 200
    platform.standin.advance(3601)
    assert platform.get("/itwins/").status_code == 401
    renewed = token(
        platform,
        grant_type="refresh_token",
        refresh_token=found["refresh_token"],
        client_id=platform.facts["native_client_id"],
    )
    platform.headers["Authorization"] = f"Bearer {renewed.json()['access_token']}"
    assert platform.get("/itwins/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:7071/"},
        {"code": "x"},
    ],
    ids=["verifier", "no verifier", "redirect", "code"],
)
def test_a_code_is_good_only_for_who_asked_for_it(platform: Platform, wrong: dict[str, str]) -> None:
    code = sent_back(authorize(platform))["code"]
    answer = by_code(platform, **{"code": code, **wrong})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_good_once_and_not_for_long(platform: Platform) -> None:
    code = sent_back(authorize(platform))["code"]
    assert by_code(platform, code).status_code == 200
    assert by_code(platform, code).json()["error"] == "invalid_grant"
    code = sent_back(authorize(platform))["code"]
    platform.standin.advance(61)
    assert by_code(platform, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"scope": "itwin-platform everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
    ids=["no challenge", "plain", "no scope", "unknown scope", "implicit"],
)
def test_what_authorize_refuses_goes_back_with_the_state(
    platform: Platform, changes: dict[str, Any], error: str
) -> None:
    assert sent_back(authorize(platform, **changes)) == {"error": error, "state": "st/a+te"}


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": "https://example.org/"}])
def test_authorize_redirects_to_nobody_it_does_not_know(platform: Platform, changes: dict[str, Any]) -> None:
    answer = authorize(platform, **changes)
    assert answer.status_code == 400 and "Location" not in answer.headers


def test_a_person_signs_in_on_a_page_or_says_no(platform: Platform) -> None:
    platform.one.settings(login_page=True)
    page = authorize(platform)
    assert page.status_code == 200 and "<button>Sign in</button>" in page.text
    assert by_code(platform, sent_back(authorize(platform, "POST"))["code"]).status_code == 200
    platform.one.settings(deny=True)
    assert sent_back(authorize(platform))["error"] == "access_denied"


def test_a_refresh_token_is_for_those_who_asked(platform: Platform) -> None:
    def issued(**changes: Any) -> bool:
        return "refresh_token" in by_code(platform, sent_back(authorize(platform, **changes))["code"]).json()

    assert issued() and not issued(scope="itwin-platform")
    platform.one.settings(refresh="always")
    assert issued(scope="itwin-platform")
    platform.one.settings(refresh="never")
    assert not issued()


def test_a_service_has_credentials_of_its_own(platform: Platform) -> None:
    facts = platform.facts
    pair = (facts["service_client_id"], facts["service_client_secret"])
    form = {"grant_type": "client_credentials", "scope": "itwin-platform"}
    for answer in (token(platform, pair, **form), token(platform, client_id=pair[0], client_secret=pair[1], **form)):
        assert answer.status_code == 200 and "refresh_token" not in answer.json()
    platform.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert len(platform.get("/itwins/").json()["iTwins"]) == 2
    platform.one.settings(service_invited=False)
    assert platform.get("/itwins/").json()["iTwins"] == []
    assert platform.get("/mesh-export/").json()["exports"] == []


def test_a_wrong_client_is_told_in_json(platform: Platform) -> None:
    facts, form = platform.facts, {"grant_type": "client_credentials", "scope": "itwin-platform"}
    basic = token(platform, (facts["service_client_id"], "wrong"), **form)
    assert (basic.status_code, basic.json()["error"]) == (401, "invalid_client")
    body = token(platform, client_id=facts["service_client_id"], client_secret="wrong", **form)
    assert (body.status_code, body.json()["error"]) == (400, "invalid_client")
    assert token(platform, client_id=facts["native_client_id"], **form).json()["error"] == "unauthorized_client"
    pair = (facts["service_client_id"], facts["service_client_secret"])
    assert token(platform, pair, grant_type="client_credentials").json()["error"] == "invalid_scope"
    assert token(platform, pair, grant_type="password").json()["error"] == "unsupported_grant_type"
    platform.one.revoke(facts["service_client_secret"])
    assert token(platform, pair, **form).json()["error"] == "invalid_client"


# --- manners of the API -----------------------------------------------------------------------------------------


def test_who_is_not_known_gets_a_401_in_one_of_two_forms(platform: Platform) -> None:
    assert code_of(platform.call("GET", "/mesh-export/", headers={"Authorization": ""})) == (401, "HeaderNotFound")
    platform.headers["Authorization"] = "Bearer nothing"
    assert "details" not in platform.get("/mesh-export/").json()["error"]
    platform.one.settings(unauthorized="details")
    answer = platform.get("/mesh-export/")
    assert answer.status_code == 401 and answer.json()["error"]["details"][0]["code"] == "InvalidToken"


def test_a_token_can_be_revoked(platform: Platform) -> None:
    assert platform.get("/itwins/").status_code == 200
    platform.one.revoke(platform.facts["token"])
    assert platform.get("/itwins/").status_code == 401


def test_a_share_key_opens_its_own_itwin_to_look_at(platform: Platform) -> None:
    platform.headers["Authorization"] = f"Basic {platform.facts['share_key']}"
    assert [twin["number"] for twin in platform.get("/itwins/").json()["iTwins"]] == ["AT-WIEN-07-08"]
    assert platform.link("north").startswith(platform.facts["blobs"])
    assert code_of(platform.get("/mesh-export/", iModelId=platform.model("visitors")["id"])) == (404, "iModelNotFound")
    assert code_of(platform.start(iModelId=platform.model("city")["id"])) == (403, "InsufficientPermissions")
    platform.one.revoke(platform.facts["share_key"])
    assert platform.get("/itwins/").status_code == 401


def test_too_many_requests_in_a_minute(platform: Platform) -> None:
    platform.standin.freeze()
    platform.one.settings(per_minute=3)
    assert [platform.get("/itwins/").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = platform.get("/itwins/")
    assert code_of(answer) == (429, "RateLimitExceeded") and answer.headers["retry-after"] == "61"
    platform.standin.advance(61)
    assert platform.get("/itwins/").status_code == 200


def test_what_is_closed_to_a_person(platform: Platform) -> None:
    city, itwin = platform.model("city"), platform.model("city")["itwin"]
    platform.one.settings(forbidden=[city["id"]])
    assert code_of(platform.get("/mesh-export/", iModelId=city["id"])) == (403, "InsufficientPermissions")
    assert city["id"] not in {model["id"] for model in platform.models().json()["iModels"]}
    platform.one.settings(forbidden=[itwin])
    assert platform.models().status_code == 403 and platform.get(f"/itwins/{itwin}").status_code == 403


def test_a_gateway_answers_without_json(platform: Platform) -> None:
    platform.standin.fault("status", server="itwin", status=502, shape="html", path="/mesh-export")
    answer = platform.get("/mesh-export")
    assert answer.status_code == 502 and answer.text.startswith("<!DOCTYPE html>")
    assert platform.get("/mesh-export").status_code == 200


# --- iTwins, iModels, changesets --------------------------------------------------------------------------------


def test_inactive_itwins_only_for_those_who_ask(platform: Platform) -> None:
    def numbers(**query: str) -> list[str]:
        return [twin["number"] for twin in platform.get("/itwins/", **query).json()["iTwins"]]

    assert numbers() == ["AT-WIEN-07-08", "US-CO-ROMO"]
    assert numbers(status="Inactive") == ["AT-OLD"] and len(numbers(includeInactive="true")) == 3
    assert numbers(**{"$search": "wien"}) == numbers(**{"$search": "Neubau"}) == ["AT-WIEN-07-08"]
    assert numbers(subClass="Asset") == []
    assert code_of(platform.get("/itwins/", status="Active", includeInactive="true")) == (422, "InvalidiTwinsRequest")
    assert len(platform.get("/itwins/recents").json()["iTwins"]) == 2


def test_one_itwin(platform: Platform) -> None:
    id = platform.model("city")["itwin"]
    found = platform.get(f"/itwins/{id}").json()["iTwin"]
    assert (found["id"], found["subClass"], found["status"]) == (id, "Project", "Active")
    assert code_of(platform.get("/itwins/nothing")) == (404, "iTwinNotFound")


def test_imodels_speak_version_2_and_are_brief_unless_asked(platform: Platform) -> None:
    assert platform.models(accept=V1).status_code == 406
    platform.one.settings(strict_accept=False)
    assert platform.models(accept=V1).status_code == 200
    assert all(set(model) == {"id", "displayName"} for model in platform.models(prefer="").json()["iModels"])
    platform.one.settings(minimal=False)
    assert all("extent" in model for model in platform.models(prefer="").json()["iModels"])


def test_imodels_say_where_they_are_or_nothing(platform: Platform) -> None:
    found = {model["id"]: model for model in platform.models().json()["iModels"]}
    extent = found[platform.model("city")["id"]]["extent"]
    west, south, east, north = platform.facts["place"]
    assert extent["southWest"] == {"latitude": south, "longitude": west}
    assert extent["northEast"] == {"latitude": north, "longitude": east}
    assert found[platform.model("local")["id"]]["extent"] is None
    assert found[platform.model("new")["id"]]["state"] == "notInitialized"
    assert code_of(platform.models(iTwinId="nothing")) == (422, "InvalidiModelsRequest")
    one = platform.call("GET", f"/imodels/{platform.model('city')['id']}", headers={"Accept": V2})
    assert one.json()["iModel"] == found[platform.model("city")["id"]]


def test_the_extents_are_those_of_the_data(platform: Platform) -> None:
    corners = np.concatenate([part.triangles.reshape(-1, 3) for part in city.parts()])
    lon, lat = city.to_degrees(corners[:, 0], corners[:, 1])
    middle = (lat.min() + lat.max()) / 2
    assert platform.facts["place"] == pytest.approx([lon.min(), lat.min(), lon.max(), lat.max()], abs=2e-6)
    assert platform.model("city")["extent"] == platform.facts["place"]
    west, south, east, north = platform.model("north")["extent"]
    upper = lat > middle
    assert (west, east, north) == pytest.approx((lon[upper].min(), lon[upper].max(), lat.max()), abs=2e-5)
    assert south == pytest.approx(middle, abs=2e-6)


def test_imodels_are_sought_and_sorted(platform: Platform) -> None:
    def names(**query: str) -> list[str]:
        return [model["displayName"] for model in platform.models(**query).json()["iModels"]]

    assert names(**{"$search": "NORTHERN"}) == ["Vienna, northern half"] == names(name="Vienna, northern half")
    assert names(state="notInitialized") == ["Not initialized yet"]
    assert names(**{"$orderBy": "name desc"}) == sorted(names(), reverse=True) != names()
    assert platform.models(**{"$orderBy": "colour"}).status_code == 422


@pytest.mark.parametrize("last", ["absent", "null"])
def test_a_list_has_pages(platform: Platform, last: str) -> None:
    platform.one.settings(crowd=7, max_page=5, last_next=last)
    answer, found, pages = platform.models(), [], 0
    while True:
        pages += 1
        found += [model["id"] for model in answer.json()["iModels"]]
        links = answer.json()["_links"]
        assert ("prev" in links) == (pages > 1)
        if not links.get("next"):
            break
        answer = platform.call("GET", links["next"]["href"], headers={"Accept": V2})
    assert ("next" in links) == (last == "null")
    assert pages == 3 and len(found) == len(set(found)) == 12


@pytest.mark.parametrize("query", [{"$top": "0"}, {"$top": "-1"}, {"$skip": "x"}])
def test_pages_want_numbers(platform: Platform, query: dict[str, str]) -> None:
    answer = platform.get("/mesh-export/", **query)
    assert code_of(answer) == (422, "InvalidMeshExportRequest")
    assert answer.json()["error"]["details"][0]["target"] in query


def test_changesets(platform: Platform) -> None:
    def changesets(key: str, **query: str) -> list[dict[str, Any]]:
        url = f"/imodels/{platform.model(key)['id']}/changesets"
        answer = platform.call("GET", url, params=query, headers={"Accept": V2})
        return list(answer.json()["changesets"])

    assert [found["id"] for found in changesets("city")] == platform.model("city")["changesets"]
    (latest,) = changesets("city", **{"$top": "1", "$orderBy": "index desc"})
    assert latest["index"] == 3 and latest["parentId"] == platform.model("city")["changesets"][1]
    platform.one.settings(pushed=2)
    assert [found["index"] for found in changesets("city")] == [1, 2, 3, 4, 5]
    assert changesets("bare") == []


# --- exports ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/mesh-export", "/mesh-export/"])
def test_exports_come_about_by_themselves(platform: Platform, path: str) -> None:
    def listed() -> list[dict[str, Any]]:
        return list(platform.get(path, iModelId=platform.model("city")["id"]).json()["exports"])

    platform.one.settings(empty=2, polls=2)
    answers = [listed() for _ in range(5)]
    assert answers[:2] == [[], []]
    assert [export["status"] for (export,) in answers[2:]] == ["NotStarted", "InProgress", "Complete"]
    assert ["_links" in export for (export,) in answers[2:]] == [False, False, True]
    (record,) = [record for record in platform.one.orders() if record["model"] == "city"]
    assert (record["started_by"], record["looks"], record["status"]) == ("platform", 3, "Complete")
    assert record["request"]["changesetId"] == platform.model("city")["changesets"][-1]


def test_an_export_takes_time_by_the_clock(platform: Platform) -> None:
    platform.standin.freeze()
    platform.one.settings(empty=0, empty_seconds=20, polls=0, seconds=300)
    assert platform.exports() == []
    platform.standin.advance(20)
    assert [export["status"] for export in platform.exports()] == ["InProgress"]
    platform.standin.advance(299)
    assert [export["status"] for export in platform.exports()] == ["InProgress"]
    platform.standin.advance(1)
    (export,) = platform.exports()
    assert export["status"] == "Complete" and export["stats"]["duration"] == 300_000


def test_nothing_comes_about_by_itself_if_switched_off_or_empty_or_old(platform: Platform) -> None:
    platform.one.settings(empty=0)
    assert platform.exports("new") == []
    assert platform.exports("city", changesetId=platform.model("city")["changesets"][0]) == []
    platform.one.settings(autostart=False)
    assert platform.exports("city") == []


def test_a_link_only_in_whole_entries(platform: Platform) -> None:
    whole = platform.exports("north")
    platform.headers["Prefer"] = "return=minimal"
    brief = platform.exports("north")
    assert {export["status"] for export in brief} == {"Complete"}
    assert all(set(export) == {"id", "displayName", "status", "lastModified"} for export in brief)
    assert all({"request", "_links"} <= set(export) for export in whole)


def test_exports_of_all_types_and_versions_newest_first(platform: Platform) -> None:
    first, _, latest = platform.model("north")["changesets"]
    every = platform.exports("north")
    asked = [(export["request"]["exportType"], export["request"]["changesetId"]) for export in every]
    assert asked == [("IMODEL", latest), ("3DTiles", latest), ("3DTiles", first)]
    assert [export["id"] for export in platform.exports("north", **{"$orderBy": "date:asc"})] == [
        export["id"] for export in every[::-1]
    ]
    assert [export["id"] for export in platform.exports("north", changesetId=first)] == [every[2]["id"]]
    found = platform.exports("north", exportType="3DTILES", client="test", tileVersion="33", iTwinJS="5.13.5")
    assert [export["request"]["exportType"] for export in found] == ["3DTILES", "3DTILES"]
    assert platform.exports("north", exportType="cesium") == []


@pytest.mark.parametrize("query", [{"exportType": "GLTF"}, {"$orderBy": "name:asc"}])
def test_a_list_of_exports_refuses_what_it_does_not_know(platform: Platform, query: dict[str, str]) -> None:
    assert code_of(platform.get("/mesh-export/", **query)) == (422, "InvalidMeshExportRequest")


def test_pages_of_exports(platform: Platform) -> None:
    answer = platform.get("/mesh-export", iModelId=platform.model("north")["id"], **{"$top": "2"}).json()
    shown = parse_qs(urlsplit(answer["_links"]["self"]["href"]).query)
    assert (shown["$skip"], shown["$top"]) == (["0"], ["2"]) and "prev" not in answer["_links"]
    rest = platform.get(answer["_links"]["next"]["href"]).json()
    assert (len(answer["exports"]), len(rest["exports"])) == (2, 1) and "next" not in rest["_links"]


def test_an_imodel_without_changesets(platform: Platform) -> None:
    platform.one.settings(empty=0)
    (export,) = platform.exports("bare")
    assert export["request"]["changesetId"] == ""
    assert platform.exports("bare", changesetId="")[0]["id"] == export["id"]


def test_the_platform_keeps_five(platform: Platform) -> None:
    platform.one.settings(empty=0, polls=0)
    links = []
    for pushed in range(4):
        platform.one.settings(pushed=pushed)
        platform.exports("city")
        links.append(platform.link("city"))
    assert len(platform.exports("city")) == 4
    for pushed in (4, 5):
        platform.one.settings(pushed=pushed)
        platform.exports("city")
    assert len(platform.exports("city")) == 5
    assert azure(requests.get(child(links[0], "tileset.json"), timeout=20)) == (404, "ContainerNotFound")


def test_an_export_fails_with_or_without_a_reason(platform: Platform) -> None:
    platform.one.settings(empty=0, polls=0, final=["Invalid", "Complete"])
    (export,) = platform.exports("city")
    assert export["status"] == "Invalid" and export["error"] and "_links" not in export
    platform.one.settings(error="")
    platform.start(iModelId=platform.model("city")["id"])
    assert [found["status"] for found in platform.exports("city")] == ["Complete", "Invalid"]
    platform.start(iModelId=platform.model("city")["id"])
    assert "error" not in platform.exports("city")[0]


def test_starting_an_export(platform: Platform) -> None:
    city = platform.model("city")
    answer = platform.start(iModelId=city["id"])
    export = answer.json()["export"]
    assert answer.status_code == 202 and export["status"] == "NotStarted" and "_links" not in export
    assert export["request"]["changesetId"] == city["changesets"][-1]
    assert export["request"]["exportType"] == "3DTiles"
    again = platform.start(iModelId=city["id"], changesetId=city["changesets"][0], exportType="3DTILES")
    assert again.json()["export"]["request"]["changesetId"] == city["changesets"][0]
    assert platform.call("POST", "/mesh-export", json={"iModelId": city["id"]}).status_code == 202
    assert [record["started_by"] for record in platform.one.orders()].count("client") == 3


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({}, "iModelId"),
        ({"iModelId": ""}, "iModelId"),
        ({"iModelId": "city", "exportType": "GLTF"}, "exportType"),
        ({"iModelId": "city", "changesetId": "none"}, "changesetId"),
        ({"iModelId": "new"}, "changesetId"),
    ],
)
def test_starting_is_refused_with_details(platform: Platform, body: dict[str, str], target: str) -> None:
    if body.get("iModelId"):
        body = {**body, "iModelId": platform.model(body["iModelId"])["id"]}
    answer = platform.start(**body)
    assert code_of(answer) == (422, "InvalidMeshExportRequest")
    (detail,) = answer.json()["error"]["details"]
    assert (detail["code"], detail["target"]) == ("InvalidRequestBody", target)


def test_starting_for_an_imodel_that_there_is_not(platform: Platform) -> None:
    assert code_of(platform.start(iModelId="nothing")) == (404, "iModelNotFound")


def test_one_export(platform: Platform) -> None:
    platform.headers.pop("Prefer")
    id = platform.start(iModelId=platform.model("city")["id"]).json()["export"]["id"]
    answers = [platform.get(f"/mesh-export/{id}").json()["export"] for _ in range(2)]
    assert [export["status"] for export in answers] == ["InProgress", "Complete"]
    assert answers[1]["_links"]["mesh"]["href"].startswith(f"{platform.facts['blobs']}/{id}?")
    assert code_of(platform.get("/mesh-export/nothing")) == (404, "ExportNotFound")


def test_deleting_an_export(platform: Platform) -> None:
    link = platform.link("north")
    id = urlsplit(link).path[1:]
    assert platform.call("DELETE", f"/mesh-export/{id}").status_code == 204
    assert code_of(platform.call("DELETE", f"/mesh-export/{id}")) == (404, "ExportNotFound")
    assert azure(requests.get(child(link, "tileset.json"), timeout=20)) == (404, "ContainerNotFound")
    running = platform.start(iModelId=platform.model("city")["id"]).json()["export"]["id"]
    answer = platform.call("DELETE", f"/mesh-export/{running}")
    assert (
        code_of(answer) == (422, "InvalidMeshExportRequest") and answer.json()["error"]["details"][0]["target"] == "id"
    )


# --- the container ----------------------------------------------------------------------------------------------


def test_a_signed_link_opens_everything_in_its_container(platform: Platform) -> None:
    link = platform.link()
    query = urlsplit(link).query
    assert "%2B" in query and "%2F" in query and "%3D" in query and "sp=rl" in query
    assert azure(requests.get(link, timeout=60)) == (404, "BlobNotFound")
    assert requests.get(child(link, "tileset.json"), timeout=20).json()["asset"] == {"version": "1.1"}
    assert requests.get(child(link, "textures/roof%20tiles.png"), timeout=20).content.startswith(b"\x89PNG")
    assert azure(requests.get(child(link, "none.glb"), timeout=20)) == (404, "BlobNotFound")
    assert azure(requests.get(child(link, "r.glb").split("?")[0], timeout=20)) == (403, "AuthorizationFailure")
    assert requests.head(child(link, "r.glb"), timeout=20).headers["Content-Type"] == "model/gltf-binary"


def test_parts_of_a_blob(platform: Platform) -> None:
    url = child(platform.link(), "r.glb")
    whole = requests.get(url, timeout=60)
    part = requests.get(url, headers={"Range": "bytes=4-11", "If-Range": whole.headers["ETag"]}, timeout=20)
    assert (part.status_code, part.content) == (206, whole.content[4:12])
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(whole.content)}"
    assert azure(requests.get(url, headers={"Range": "bytes=99999999-"}, timeout=20)) == (416, "InvalidRange")
    platform.standin.fault("no_range", server="blobs")
    assert requests.get(url, headers={"Range": "bytes=4-11"}, timeout=20).status_code == 200


def test_a_link_is_good_for_an_hour(platform: Platform) -> None:
    url = child(platform.link(), "tileset.json")
    platform.standin.fault("expired", server="blobs")
    assert azure(requests.get(url, timeout=60)) == (403, "AuthenticationFailed")
    assert requests.get(url, timeout=60).status_code == 200
    platform.standin.advance(3601)
    assert azure(requests.get(url, timeout=20)) == (403, "AuthenticationFailed")


def test_the_query_counts_byte_for_byte(platform: Platform) -> None:
    container, query = child(platform.link(), "tileset.json").split("?")
    pairs = query.split("&")
    altered = {
        "lower case": query.replace("%2B", "%2b"),
        "unquoted": query.replace("%3A", ":"),
        "other order": "&".join(pairs[::-1]),
        "plus for blank": query.replace("%2B", "+"),
        "another signature": query.replace("sig=", "sig=A"),
        "longer": query.replace("se=2", "se=3"),
    }
    assert raw(f"{container}?{query}")[0] == 200
    for how, changed in altered.items():
        status, body = raw(f"{container}?{changed}")
        assert (status, b"<Code>AuthenticationFailed</Code>" in body) == (403, True), how
    platform.one.settings(exact_query=False)
    tolerated = {how for how, changed in altered.items() if raw(f"{container}?{changed}")[0] == 200}
    assert tolerated == {"lower case", "unquoted", "other order"}


def test_a_token_at_the_storage_is_recorded_and_can_be_refused(platform: Platform) -> None:
    url = child(platform.link(), "tileset.json")
    assert platform.get(url).status_code == 200
    (seen,) = platform.standin.requests("blobs")
    assert seen.header("Authorization") == platform.headers["Authorization"]
    platform.one.settings(refuse_bearer=True)
    assert azure(platform.get(url)) == (400, "InvalidAuthenticationInfo")


def test_a_cdn_signs_a_second_time(platform: Platform) -> None:
    link = platform.link(cdn="1")
    query = parse_qs(urlsplit(link).query)
    assert {"sig", "Policy", "Signature", "Key-Pair-Id"} <= set(query)
    assert raw(child(link, "tileset.json"))[0] == 200
    for name in ("Policy", "Signature", "Key-Pair-Id", "sig"):
        shorter = "&".join(pair for pair in urlsplit(link).query.split("&") if not pair.startswith(f"{name}="))
        assert raw(f"{child(link, 'tileset.json').split('?')[0]}?{shorter}")[0] == 403, name


def test_the_list_of_a_container(platform: Platform) -> None:
    link, names, marker = platform.link(), [], ""
    while True:
        more = {"restype": "container", "comp": "list", "maxresults": "20", **({"marker": marker} if marker else {})}
        found = ElementTree.fromstring(requests.get(f"{link}&{urlencode(more)}", timeout=60).content)
        names += [name.text for name in found.iter("Name")]
        marker = found.findtext("NextMarker") or ""
        if not marker:
            break
    assert len(names) == len(set(names)) > 40
    assert {"tileset.json", "textures/roof tiles.png", "r.glb"} <= set(names)


def test_an_export_of_another_type_has_no_tileset(platform: Platform) -> None:
    export = platform.exports("north")[0]
    assert export["request"]["exportType"] == "IMODEL"
    url = child(export["_links"]["mesh"]["href"], "tileset.json")
    assert azure(requests.get(url, timeout=60)) == (404, "BlobNotFound")


# --- what is in it ----------------------------------------------------------------------------------------------


def surface(data: bytes) -> float:
    """The area in square metres of all triangles of a GLB."""
    length = struct.unpack_from("<I", data, 12)[0]
    document, binary = json.loads(data[20 : 20 + length]), data[28 + length :]
    total = 0.0
    for primitive in document["meshes"][0]["primitives"]:
        accessor = document["accessors"][primitive["attributes"]["POSITION"]]
        start = document["bufferViews"][accessor["bufferView"]]["byteOffset"]
        points = np.frombuffer(binary, "<f4", accessor["count"] * 3, start).reshape(-1, 3, 3).astype(float)
        sides = points[:, 1:] - points[:, :1]
        total += float(np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1).sum()) / 2
    return total


def tiles(tile: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tile
    for below in tile.get("children", []):
        yield from tiles(below)


def test_the_leaves_are_the_whole_city(platform: Platform) -> None:
    link = platform.link()
    every = list(tiles(requests.get(child(link, "tileset.json"), timeout=60).json()["root"]))
    leaves = [tile["content"]["uri"] for tile in every if "children" not in tile]
    assert len(every) >= 40 and len(leaves) < len(every)
    found = sum(surface(requests.get(child(link, uri), timeout=20).content) for uri in leaves)
    sides = [part.triangles[:, 1:] - part.triangles[:, :1] for part in city.parts()]
    real = sum(float(np.linalg.norm(np.cross(s[:, 0], s[:, 1]), axis=1).sum()) / 2 for s in sides)
    # UTM is shorter than the ground by up to 4 parts in 10,000.
    assert found == pytest.approx(real, rel=1e-3)


def test_a_big_tileset_is_the_city_cut_finer(platform: Platform) -> None:
    platform.one.settings(tiles=2000)
    link = platform.link()
    every = list(tiles(requests.get(child(link, "tileset.json"), timeout=120).json()["root"]))
    assert 2000 <= len(every) < 2100
    assert len({tile["content"]["uri"] for tile in every}) == len(every)
    assert requests.get(child(link, every[-1]["content"]["uri"]), timeout=20).content.startswith(b"glTF")


def test_a_variant_that_there_is_not(platform: Platform) -> None:
    with pytest.raises(ValueError, match="no_such"):
        platform.one.settings(no_such=1)
    with pytest.raises(ValueError, match="sideways"):
        platform.one.settings(variant="sideways")


# --- clients that others wrote ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def node() -> Path:
    """The folder with the clients' packages; filled if it is not."""
    subprocess.run(["bash", str(ROOT / "scripts" / "setup.sh"), "node"], cwd=ROOT, check=True, timeout=500)
    return ROOT / "build" / "node"


def run(folder: Path, script: str, *arguments: str) -> dict[str, Any]:
    """What a client script printed. Its own words if it failed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = ["node", str(CLIENTS / script), *arguments]
    result = subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return dict(json.loads(result.stdout.splitlines()[-1]))


def cesium(node: Path, platform: Platform, key: str, changeset: str = "", kind: str = "token") -> dict[str, Any]:
    credential = platform.facts["token" if kind == "token" else "share_key"]
    return run(node, "cesium.mjs", platform.one.url, kind, credential, platform.model(key)["id"], changeset)


def assert_whole(seen: dict[str, Any], place: list[float] | None) -> None:
    """Everything could be had, lies in the volumes that were announced, and stands where the city stands."""
    assert seen["missing"] == [] and seen["outside"] < 0.001
    assert seen["images"] > 0 and seen["leaf_triangles"] > 20_000
    if place is None:
        assert seen["place"] is None
    else:
        assert seen["place"] == pytest.approx(place, abs=2e-6)
        assert 150 < seen["heights"][0] < seen["heights"][1] < 350


def test_cesium_waits_for_an_export_and_opens_it(platform: Platform, node: Path) -> None:
    assert cesium(node, platform, "city") == {"found": False}
    assert cesium(node, platform, "city") == {"found": False}
    seen = cesium(node, platform, "city")
    assert_whole(seen, platform.facts["place"])
    assert seen["contents"] == {"glb": seen["tiles"]} and seen["volumes"] == {"box": seen["tiles"]}
    served = platform.standin.requests("blobs")
    assert {entry.status for entry in served} == {200}
    assert len(served) == 1 + 2 * seen["tiles"]  # the tileset, the tiles, the texture of each
    assert all(entry.header("Authorization") is None for entry in served)


@pytest.mark.parametrize("variant", VARIANTS[1:])
def test_cesium_opens_every_way_to_write_it(platform: Platform, node: Path, variant: str) -> None:
    platform.one.settings(variant=variant, empty=0, polls=0)
    seen = cesium(node, platform, "city")
    assert_whole(seen, platform.facts["place"])
    assert {entry.status for entry in platform.standin.requests("blobs")} == {200}
    if variant == "nested":
        assert set(seen["contents"]) == {"glb", "b3dm", "externalTileset"} and seen["buffers"] == 1
        assert set(seen["volumes"]) == {"box", "region", "sphere"}
    elif variant == "contents":
        assert seen["contents"]["glb"] > seen["tiles"]
    else:
        assert seen["contents"] == {"subt": 17, "glb": seen["tiles"]} and seen["depth"] == 3


@pytest.mark.parametrize(("key", "variant"), [("local", "plain"), ("city", "local")])
def test_cesium_finds_no_place_for_a_model_without_one(platform: Platform, node: Path, key: str, variant: str) -> None:
    platform.one.settings(variant=variant, empty=0, polls=0)
    assert_whole(cesium(node, platform, key), None)


def test_cesium_has_other_ways_to_ask(platform: Platform, node: Path) -> None:
    north = platform.model("north")
    shared = cesium(node, platform, "north", kind="share")
    assert_whole(shared, north["extent"])
    older = cesium(node, platform, "north", north["changesets"][0])
    assert older["found"] and urlsplit(older["url"]).path != urlsplit(shared["url"]).path
    sent = [parse_qs(entry.query) for entry in platform.standin.requests("itwin")]
    assert sent[0]["exportType"] == ["3DTILES"] and sent[0]["$top"] == ["5"]


def test_cesium_gives_up_where_it_should(platform: Platform, node: Path) -> None:
    platform.one.settings(empty=0, polls=0, final="Invalid")
    assert "Invalid" in cesium(node, platform, "city")["error"]
    platform.one.settings(forbidden=[platform.model("north")["id"]])
    assert cesium(node, platform, "north")["error"]
    platform.one.revoke(platform.facts["token"])
    assert cesium(node, platform, "bare")["error"]


def test_bentleys_own_client_pages_through_and_finds_the_tileset(platform: Platform, node: Path) -> None:
    north = platform.model("north")
    arguments = (platform.one.url, platform.facts["token"], north["id"], north["itwin"])
    seen = run(node, "frontend_tiles.mjs", *arguments, north["changesets"][-1])
    assert [entry["dataSource"]["changeId"] for entry in seen["found"]] == north["changesets"][-1:]
    seen = run(node, "frontend_tiles.mjs", *arguments, "", "cdn")
    assert len(seen["found"]) == 2 and {entry["status"] for entry in seen["found"]} == {"Complete"}
    assert urlsplit(seen["url"]).path.endswith("/tileset.json") and "Key-Pair-Id=" in seen["url"]
    assert raw(seen["url"])[0] == 200


@pytest.fixture
def folder_over_http(tmp_path: Path) -> Iterator[str]:
    """The address of an empty folder, which is ``tmp_path``."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


def test_cesium_judges_a_copy_in_a_folder(
    platform: Platform, node: Path, tmp_path: Path, folder_over_http: str
) -> None:
    platform.one.settings(variant="nested")
    link = platform.link()
    listing = requests.get(f"{link}&restype=container&comp=list", timeout=60).content
    for name in (name.text or "" for name in ElementTree.fromstring(listing).iter("Name")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(requests.get(child(link, requests.utils.quote(name)), timeout=20).content)
    whole = run(node, "cesium_tileset.mjs", f"{folder_over_http}/tileset.json")
    assert_whole(whole, platform.facts["place"])
    (older,) = (tmp_path / "older").iterdir()
    older.unlink()
    less = run(node, "cesium_tileset.mjs", f"{folder_over_http}/tileset.json")
    assert [(entry["url"].rsplit("/", 1)[1], entry["status"]) for entry in less["missing"]] == [(older.name, 404)]
    assert 0 < less["leaf_triangles"] < whole["leaf_triangles"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_cesium_finds_all_of_the_city_in_what_cutout_fetched(
    platform: Platform, node: Path, tmp_path: Path, folder_over_http: str, variant: str
) -> None:
    """Also where tiles are written in another way than they came, for the sake of QGIS."""
    platform.one.settings(variant=variant, empty=0, polls=0)
    job = fetched(platform, tmp_path, None)
    assert job.problems == ()
    seen = run(node, "cesium_tileset.mjs", f"{folder_over_http}/{Path(job.folder).name}/tileset.json")
    assert_whole(seen, platform.facts["place"])


@pytest.mark.parametrize("variant", ["plain", "nested", "implicit", "contents"])
def test_cesium_finds_no_hole_in_a_part_of_the_city(
    platform: Platform, node: Path, tmp_path: Path, folder_over_http: str, variant: str
) -> None:
    platform.one.settings(variant=variant, empty=0, polls=0, tiles=200)
    area = mapping(box(16.3470, 48.2040, 16.3490, 48.2055))
    job = fetched(platform, tmp_path, area)
    seen = run(node, "cesium_tileset.mjs", f"{folder_over_http}/{Path(job.folder).name}/tileset.json")
    assert seen["missing"] == [] and 0 < seen["leaf_triangles"] < 20_000
    west, south, east, north = seen["place"]
    assert west <= 16.3470 and south <= 48.2040 and east >= 16.3490 and north >= 48.2055


def fetched(platform: Platform, folder: Path, area: dict[str, Any] | None) -> Job:
    """The city, ordered and downloaded by Cutout."""
    options = {"imodel": platform.model("city")["id"]}
    provider = ITwin(platform.one.url, Secret(password=platform.facts["token"]), Network())
    job = new_job(ExportRequest("itwin", platform.one.url, options, area, "City"), 0.0)
    for now in (0.0, 2.0, 5.0, 10.0):
        job = advance(provider, job, now)
    assert job.state is JobState.READY, job.message
    return collect(provider, job, folder, lambda done, total: None)
