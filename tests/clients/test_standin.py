"""The Koordinates stand-in does what it says: its API, its storage, its faults, and data that are really clipped."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from osgeo import gdal
from pyproj import Transformer
from shapely import wkb
from shapely.geometry import Point, box, mapping, shape
from shapely.ops import transform, unary_union

from tests import ROOT
from tests.standin.client import Standin

gdal.UseExceptions()
DATA = ROOT / "tests" / "standin" / "data"
GPKG, SHP, GDB = "application/x-ogc-gpkg", "application/x-zipped-shp", "applicaton/x-ogc-filegdb"
GEOTIFF = "image/tiff;subtype=geotiff"
PARK = {"type": "Polygon", "coordinates": [[[-105.9, 40.2], [-105.5, 40.25], [-105.6, 40.5], [-105.9, 40.2]]]}
NEW_ZEALAND = {"type": "Polygon", "coordinates": [[[174, -42], [175, -42], [175, -41], [174, -41], [174, -42]]]}


class Site:
    """A small client of the test's own: every call with the full key, no redirect followed unless said."""

    def __init__(self, standin: Standin, version: str = "v1.x") -> None:
        self.standin, self.version = standin, version
        self.base = f"{standin.url}/services/api/{version}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"key {standin.key}"

    def call(self, method: str, path: str, **rest: Any) -> requests.Response:
        url = path if path.startswith("http") else f"{self.base}/{path}"
        return self.session.request(method, url, allow_redirects=False, timeout=20, **rest)

    def get(self, path: str, **rest: Any) -> requests.Response:
        return self.call("GET", path, **rest)

    def body(self, *slugs: str, **changes: Any) -> dict[str, Any]:
        items = [{"item": self.standin.layer_url(slug, self.version)} for slug in slugs or ("counties",)]
        formats = {"vector": GPKG, "grid": GEOTIFF, "raster": GEOTIFF, "table": "text/csv"}
        body = {"crs": "EPSG:4326", "formats": formats, "items": items, "extent": PARK, **changes}
        return {name: value for name, value in body.items() if value is not None}

    def create(self, *slugs: str, **changes: Any) -> requests.Response:
        return self.call("POST", "exports/", json=self.body(*slugs, **changes))

    def validate(self, *slugs: str, **changes: Any) -> requests.Response:
        return self.call("POST", "exports/validate/", json=self.body(*slugs, **changes))

    def archive(self, *slugs: str, **changes: Any) -> zipfile.ZipFile:
        """The zip of an export, all the way."""
        self.standin.settings(polls=0)
        url = self.create(*slugs, **changes).json()["url"]
        link = self.get(self.get(url).json()["download_url"]).headers["Location"]
        return zipfile.ZipFile(io.BytesIO(plain_get(link).content))


def plain_get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=20)


@pytest.fixture(params=["v1", "v1.x"])
def either(request: pytest.FixtureRequest, standin: Standin) -> Site:
    return Site(standin, request.param)


@pytest.fixture
def site(standin: Standin) -> Site:
    return Site(standin)


# --- who may do what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "Bearer {key}", "{key}", "key nonsense", "key {foreign}"])
def test_only_a_key_of_this_site_opens_it(standin: Standin, value: str | None) -> None:
    headers = {"Authorization": value.format(key=standin.key, foreign=standin.foreign_key)} if value else {}
    answer = requests.get(f"{standin.url}/services/api/v1.x/layers/", headers=headers, timeout=20)
    assert answer.status_code == 401
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [("GET", "exports/", "exports:read"), ("POST", "exports/", "exports:write"),
     ("POST", "exports/validate/", "exports:write"), ("GET", "exports/croplayers/", "exports:read")],
)  # fmt: skip
def test_a_key_without_the_scope_is_told_which(site: Site, method: str, path: str, scope: str) -> None:
    site.session.headers["Authorization"] = f"key {site.standin.reader_key}"
    assert site.get("layers/").status_code == 200
    answer = site.call(method, path, json=site.body())
    assert answer.status_code == 401
    assert scope in answer.text


def test_a_revoked_key_is_401_until_reset(site: Site) -> None:
    site.standin.revoke(site.standin.key)
    assert site.get("exports/").status_code == 401
    site.standin.reset()
    assert site.get("exports/").status_code == 200


def test_the_login_check_and_the_login_page(site: Site) -> None:
    assert site.get("users/me/").json()["email"]
    assert requests.get(f"{site.standin.url}/login/?next=/", timeout=20).headers["Content-Type"].startswith("text/html")


# --- catalogue ----------------------------------------------------------------------------------------------------


def test_pages_are_linked_to_the_last(site: Site) -> None:
    site.standin.settings(page_size=3)
    first = site.get("data/")
    assert (first.headers["X-Paginate-By"], first.headers["X-Resource-Range"]) == ("3", "0-3/7")
    assert site.get(first.links["page-last"]["url"]).headers["X-Resource-Range"] == "6-7/7"
    entries, answer = first.json(), first
    while "page-next" in answer.links:
        answer = site.get(answer.links["page-next"]["url"])
        entries += answer.json()
    assert [entry["id"] for entry in entries] == [101, 102, 103, 104, 105, 106, 201]
    assert site.get("data/?page=4").status_code == 404
    assert site.get("data/?page=nonsense").status_code == 404
    assert len(site.get("data/?page_size=5&page=2").json()) == 2


@pytest.mark.parametrize(
    ("query", "ids"),
    [("layers/?q=park", [103, 104, 105]), ("layers/?q=PARK+elevation", [104]), ("data/?kind=grid", [104]),
     ("data/?kind=grid&kind=table", [104, 201]), ("data/?type=table", [201]), ("data/?id=106", [106]),
     ("tables/", [201]), ("layers/?q=nowhere", []), ("layers/?q=colorado&sort=-name", [102, 101])],
)  # fmt: skip
def test_search(site: Site, query: str, ids: list[int]) -> None:
    assert [entry["id"] for entry in site.get(query).json()] == ids


def test_a_link_keeps_the_search(site: Site) -> None:
    url = site.get("layers/?q=park&page_size=2").links["page-next"]["url"]
    assert [entry["id"] for entry in site.get(url).json()] == [105]


def test_a_layer_in_both_versions(standin: Standin) -> None:
    old, new = (Site(standin, version).get("layers/101/").json() for version in ("v1", "v1.x"))
    assert old["data"]["crs"] == "EPSG:4326"
    assert new["data"]["crs"]["id"] == "EPSG:4326" and new["data"]["crs"]["srid"] == 4326
    assert "export_formats" not in old["data"]
    assert {"name": "GeoPackage / SQLite", "mimetype": GPKG} in new["data"]["export_formats"]
    assert (new["kind"], new["title"], new["data"]["feature_count"]) == ("vector", "Colorado Counties", 64)
    assert new["license"]["title"] == "Public Domain" and new["license"]["url_html"].startswith("https://")
    left, bottom, right, top = shape(new["data"]["extent"]).bounds
    assert -109.1 < left < -109 and 36.9 < bottom < 37 and -102.1 < right < -102 and 41 < top < 41.1
    assert old["url"].endswith("/v1/layers/101/") and new["url"].endswith("/v1.x/layers/101/")


def test_a_list_can_be_expanded(site: Site) -> None:
    assert "data" not in site.get("layers/").json()[0]
    assert site.get("layers/", headers={"Expand": "list"}).json()[0]["data"]["feature_count"] == 64


def test_the_formats_are_the_vendors_to_the_letter(either: Site) -> None:
    children = either.call("OPTIONS", "exports/").json()["actions"]["POST"]["formats"]["children"]
    mimetypes = {kind: {choice["value"] for choice in child["choices"]} for kind, child in children.items()}
    assert set(mimetypes) == {"vector", "raster", "grid", "rat", "table"}
    assert mimetypes["vector"] == {
        GDB, "image/vnd.dwg", "text/csv", GPKG, SHP, "application/vnd.google-earth.kml+xml",
        "application/x-ogc-mapinfo_file",
    }  # fmt: skip
    assert mimetypes["grid"] == {"application/x-hdf;subtype=kea", "application/x-ogc-aaigrid", GEOTIFF}
    either.standin.settings(pdf=True)
    children = either.call("OPTIONS", "exports/").json()["actions"]["POST"]["formats"]["children"]
    assert "application/pdf" in {choice["value"] for choice in children["vector"]["choices"]}


def test_an_address_without_its_slash(site: Site) -> None:
    answer = site.get("layers?q=park")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{site.base}/layers/?q=park")
    site.standin.settings(slash_redirect=False)
    assert site.get("layers").status_code == 404


@pytest.mark.parametrize(
    ("shape_name", "read"),
    [("error", lambda body: body["error"]), ("nested", lambda body: body["errors"]["detail"]),
     ("list", lambda body: body["errors"][0])],
)  # fmt: skip
def test_the_three_shapes_of_an_error(site: Site, shape_name: str, read: Any) -> None:
    site.standin.settings(error_shape=shape_name)
    answer = site.get("exports/9999/")
    assert (answer.status_code, read(answer.json())) == (404, "Not found.")
    assert site.get("layers/9999/").status_code == 404
    assert site.get("nothing/").status_code == 404
    assert site.call("DELETE", "layers/101/").status_code == 405


def test_unknown_settings_and_faults_are_refused(standin: Standin) -> None:
    with pytest.raises(ValueError, match="No such setting: pols"):
        standin.settings(pols=1)
    with pytest.raises(ValueError, match="No such setting"):
        standin.storage_settings(speed=1)
    with pytest.raises(ValueError, match="No such fault"):
        standin.fault("earthquake")


# --- crop layers --------------------------------------------------------------------------------------------------


def test_crop_features_have_their_geometry_in_the_detail_only(either: Site) -> None:
    (layer,) = either.get("exports/croplayers/").json()
    assert either.get(layer["url"]).json() == layer
    assert layer["extent"]["type"] == "MultiPolygon"
    features = either.get(layer["features"] + "?page_size=100").json()
    assert len(features) == 64 and all(set(feature) == {"id", "name", "url"} for feature in features)
    boulder = next(feature for feature in features if feature["name"] == "Boulder")
    outline = shape(either.get(boulder["url"]).json()["geometry"])
    assert outline.contains(Point(-105.27, 40.02))
    assert either.get("exports/croplayers/3/").status_code == 404
    assert either.get(layer["features"] + "1/").status_code == 404


def test_a_crop_feature_is_the_area(site: Site) -> None:
    features = site.get("exports/croplayers/2/cropfeatures/?page_size=100").json()
    url = next(feature["url"] for feature in features if feature["name"] == "Boulder")
    created = site.create(extent=url)
    assert created.json()["extent"] == url and created.json()["is_cropped"] is True
    clipped = layer_of(site.archive(extent=url), "colorado-counties.gpkg")
    whole = next(area for area, fields in clipped if fields["name"] == "Boulder")
    assert whole.area == pytest.approx(shape(site.get(url).json()["geometry"]).area, rel=1e-9)
    assert site.create(extent=url.replace("/cropfeatures/4", "/cropfeatures/9")).status_code == 400


# --- validation ---------------------------------------------------------------------------------------------------


def test_a_good_order_is_valid_and_priced(either: Site) -> None:
    either.standin.settings(price="12.50")
    answer = either.validate("counties", "elevation", name="My park")
    document = answer.json()
    assert (answer.status_code, document["is_valid"], document["invalid_reasons"]) == (200, True, [])
    assert [item["price"] for item in document["items"]] == ["12.50", "12.50"]
    assert document["items"][0]["license"]["title"] == "Public Domain"
    assert isinstance(document["size_estimate_zipped"], int) and document["size_estimate_zipped"] > 0
    assert either.standin.exports() == []
    if either.version == "v1.x":
        assert (document["name"], document["zip_filename"]) == ("kx-my-park", "kx-my-park.zip")


def test_an_area_elsewhere_is_200_at_validate_and_400_at_create_with_one_document(either: Site) -> None:
    validated, created = (call("counties", "park", extent=NEW_ZEALAND) for call in (either.validate, either.create))
    assert (validated.status_code, created.status_code) == (200, 400)
    assert validated.json() == created.json()
    assert [item["invalid_reasons"] for item in created.json()["items"]] == [["outside-extent"]] * 2
    assert created.json()["is_valid"] is False and created.json()["size_estimate_zipped"] == 0
    assert either.standin.exports() == []


def test_a_reason_against_the_whole_export(site: Site) -> None:
    site.standin.settings(refuse=["too-large"])
    document = site.validate().json()
    assert (document["is_valid"], document["invalid_reasons"]) == (False, ["too-large"])
    assert document["items"][0]["is_valid"] is True
    assert site.create().status_code == 400


def ring(count: int) -> dict[str, Any]:
    """A polygon of so many positions, the closing one counted."""
    outline = list(Point(-105.7, 40.35).buffer(0.1, 300).exterior.coords)[: count - 1]
    return {"type": "Polygon", "coordinates": [[*outline, outline[0]]]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"crs": None}, "crs"),
        ({"crs": "2193"}, "crs"),
        ({"crs": {"id": "EPSG:2193"}}, "crs"),
        ({"crs": "EPSG:999999"}, "crs"),
        ({"crs": "EPSG:5773"}, "crs"),  # heights only
        ({"formats": None}, "formats"),
        ({"formats": {"vector": "application/geo+json"}}, "formats"),
        ({"formats": {"vector": "application/x-ogc-filegdb"}}, "formats"),  # the correct spelling is the wrong one
        ({"formats": {"picture": GEOTIFF}}, "formats"),
        ({"formats": {"raster": GEOTIFF}}, "formats"),  # the layer is vector
        ({"items": []}, "items"),
        ({"items": [{"item": "https://data.linz.govt.nz/services/api/v1.x/layers/101/"}]}, "items"),
        ({"items": [{"item": "/services/api/v1.x/layers/101/"}]}, "items"),
        ({"items": ["x"]}, "items"),
        ({"extent": {"type": "Feature", "geometry": PARK, "properties": {}}}, "extent"),
        ({"extent": {"type": "Point", "coordinates": [-105, 40]}}, "extent"),
        ({"extent": {"type": "Polygon", "coordinates": "nonsense"}}, "extent"),
        ({"extent": {"type": "Polygon", "coordinates": [[[-105, 40], [-104, 40], [-104, 41]]]}}, "extent"),
        ({"extent": mapping(box(450000, 4400000, 460000, 4500000))}, "extent"),
        ({"extent": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "extent"),
        ({"extent": ring(1001)}, "extent"),
        ({"options": {"raster_resolution_multiplier": 17}}, "options"),
        ({"options": {"page_size": "a5"}}, "options"),
        ({"options": {"include_legend": "yes"}}, "options"),
        ({"delivery": {"method": "courier"}}, "delivery"),
    ],
)  # fmt: skip
def test_a_malformed_order_is_400_with_the_field_at_both_addresses(
    site: Site, changes: dict[str, Any], field: str
) -> None:
    for answer in (site.validate(**changes), site.create(**changes)):
        assert answer.status_code == 400
        assert list(answer.json()) == [field] and all(isinstance(text, str) for text in answer.json()[field])
    assert site.standin.exports() == []


def test_dem_is_a_grid_and_the_other_key_is_400(site: Site) -> None:
    answer = site.create("elevation", formats={"raster": GEOTIFF})
    assert answer.status_code == 400 and "grid" in answer.json()["formats"][0]


def test_a_thousand_vertices_are_still_good(site: Site) -> None:
    assert site.create(extent=ring(1000)).status_code == 201


def test_a_crs_in_the_extent_is_ignored(site: Site) -> None:
    extent = {**PARK, "crs": {"type": "name", "properties": {"name": "EPSG:2193"}}}
    assert site.create(extent=extent).status_code == 201


def test_kml_and_tables_need_no_crs(site: Site) -> None:
    assert site.create(crs=None, formats={"vector": "application/vnd.google-earth.kml+xml"}).status_code == 201
    assert site.create("figures", crs=None, extent=None).status_code == 201


def test_a_body_that_is_not_json(site: Site) -> None:
    assert site.call("POST", "exports/", data="{nonsense").status_code == 400
    assert site.call("POST", "exports/", json=[1]).status_code == 400


def test_a_listed_format_that_nobody_can_write_is_refused_not_broken(site: Site) -> None:
    answer = site.create(formats={"vector": "image/vnd.dwg"})
    assert answer.status_code == 400 and answer.json()["items"][0]["invalid_reasons"] == ["format-unavailable"]


# --- the life of an export ----------------------------------------------------------------------------------------


def test_processing_then_complete(either: Site) -> None:
    either.standin.settings(polls=2)
    created = either.create(name="fred the export")
    document = created.json()
    assert created.status_code == 201 and created.headers["Location"] == document["url"]
    assert document["url"].startswith(f"{either.base}/exports/")
    assert (document["name"], document["state"], document["progress"]) == ("kx-fred-the-export", "processing", 0.0)
    assert document["crs"] == "EPSG:4326" if either.version == "v1" else document["crs"]["srid"] == 4326
    assert ("title" in document["items"][0]) is (either.version == "v1.x")
    seen = [either.get(document["url"]).json() for _ in range(3)]
    assert [look["state"] for look in seen] == ["processing", "processing", "complete"]
    assert [look["progress"] for look in seen] == [0.33, 0.67, 1.0]
    assert [look["download_url"] for look in seen] == [None, None, document["url"] + "download/"]
    assert document["extent"] == PARK and document["formats"]["vector"] == GPKG


def test_seconds_run_on_the_scripted_clock(site: Site) -> None:
    site.standin.freeze()
    site.standin.settings(polls=0, seconds=100)
    url = site.create().json()["url"]
    assert site.get(url).json()["state"] == "processing"
    site.standin.advance(50)
    assert site.get(url).json()["progress"] == pytest.approx(0.5)
    site.standin.advance(50)
    assert site.get(url).json()["state"] == "complete"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": "Mā te wā / 7!"}, "kx-m-te-w-7"),
        ({"name": None}, "kx-colorado-counties-GPKG"),
        ({"name": "***"}, "kx-export"),
    ],
)
def test_the_name_is_never_the_one_that_was_sent(site: Site, changes: dict[str, Any], name: str) -> None:
    assert site.create(**changes).json()["name"] == name


def test_names_of_other_sites_and_several_layers(site: Site) -> None:
    site.standin.settings(prefix="lds")
    assert site.create("counties", "image", formats={"vector": SHP, "raster": "image/jpeg"}).json()["name"] == (
        "lds-colorado-counties-2layers-JPEG-SHP"
    )
    site.standin.settings(name_codes=True)
    assert site.create(name="x").json()["name"] == "lds-x-GPKG"


def test_the_list_is_newest_first_and_counts_as_a_look(site: Site) -> None:
    for number in range(3):
        site.create(name=f"job {number}")
    first, second = site.get("exports/"), site.get("exports/")
    assert [entry["name"] for entry in first.json()] == ["kx-job-2", "kx-job-1", "kx-job-0"]
    assert {entry["state"] for entry in first.json()} == {"processing"}
    assert {entry["state"] for entry in second.json()} == {"complete"}
    assert set(first.json()[0]) == {"id", "name", "created_at", "created_via", "state", "url", "download_url"}
    assert first.headers["X-Resource-Range"] == "0-3/3"
    assert [export["looks"] for export in site.standin.exports()] == [2, 2, 2]


def test_cancel_once_then_409(either: Site) -> None:
    url = either.create().json()["url"]
    cancelled = either.call("DELETE", url)
    assert (cancelled.status_code, cancelled.json()["state"], cancelled.json()["progress"]) == (202, "cancelled", None)
    assert [either.get(url).json()["state"] for _ in range(3)] == ["cancelled"] * 3
    done = either.create().json()["url"]
    assert [either.get(done).json()["state"] for _ in range(2)] == ["processing", "complete"]
    refused = either.call("DELETE", done)
    assert (refused.status_code, refused.json()) == (409, {"errors": ["Can't cancel"]})


def test_an_export_that_ends_in_error(site: Site) -> None:
    site.standin.settings(final=["error", "complete"], polls=0)
    first, second = (site.get(site.create().json()["url"]).json() for _ in range(2))
    assert (first["state"], first["download_url"], second["state"]) == ("error", None, "complete")
    assert site.get(first["url"] + "download/").status_code == 404


def test_complete_becomes_gone(site: Site) -> None:
    site.standin.settings(polls=0, lifetime=3600)
    url = site.create().json()["url"]
    assert site.get(url).json()["state"] == "complete"
    site.standin.advance(3601)
    gone = site.get(url).json()
    assert (gone["state"], gone["download_url"]) == ("gone", None)
    assert site.get(url + "download/").status_code == 404


def test_a_state_nobody_documented(site: Site) -> None:
    site.standin.settings(open_state="archiving")
    url = site.create().json()["url"]
    assert [site.get(url).json()["state"] for _ in range(2)] == ["archiving", "complete"]


def test_toggles_of_the_answer(site: Site) -> None:
    site.standin.settings(create_body=False, detail_303=True, polls=0)
    created = site.create()
    assert (created.status_code, created.content) == (201, b"")
    detail = site.get(created.headers["Location"])
    assert (detail.status_code, detail.json()["state"], detail.headers.get("Location")) == (303, "complete", None)


def test_reset_forgets_everything(site: Site) -> None:
    site.create()
    site.standin.fault("reset")
    site.standin.settings(prefix="x")
    site.standin.reset()
    assert (site.standin.exports(), site.standin.requests()) == ([], [])
    assert site.get("exports/").json() == []
    assert site.create(name="y").json()["name"] == "kx-y"


# --- download and storage -----------------------------------------------------------------------------------------


def test_the_download_is_a_302_to_another_origin_that_refuses_the_key(site: Site) -> None:
    site.standin.settings(polls=0)
    document = site.get(site.create(name="Zip").json()["url"]).json()
    answer = site.get(document["download_url"])
    link = answer.headers["Location"]
    assert answer.status_code == 302
    assert f"{urlsplit(link).scheme}://{urlsplit(link).netloc}" == site.standin.storage_url != site.standin.url
    refused = plain_get(link, Authorization=f"key {site.standin.key}")
    assert refused.status_code == 400 and "xml" in refused.headers["Content-Type"]
    assert "<Code>InvalidArgument</Code>" in refused.text and "Only one auth mechanism allowed" in refused.text
    good = plain_get(link)
    assert good.status_code == 200 and good.headers["Content-Type"] == "application/zip"
    assert good.headers["Content-Disposition"] == "attachment; filename=kx-zip.zip; filename*=UTF-8''kx-zip.zip"
    assert (
        int(good.headers["Content-Length"])
        == len(good.content)
        == site.get(document["url"]).json()["size_complete_zipped"]
    )
    assert [entry.header("authorization") for entry in site.standin.requests("storage")] == [
        f"key {site.standin.key}",
        None,
    ]


def test_a_link_dies_in_time_and_when_altered(standin: Standin) -> None:
    url = standin.put("a/b c.bin", b"0123456789", lifetime=60)
    assert plain_get(url).content == b"0123456789"
    for altered in (url.replace("b%20c", "other"), re.sub(r"Expires=\d+", "Expires=99999", url), url[:-1] + "!"):
        answer = plain_get(altered)
        assert answer.status_code == 403 and "<Code>SignatureDoesNotMatch</Code>" in answer.text
    bare = plain_get(url.split("?")[0])
    assert bare.status_code == 403 and "<Code>AccessDenied</Code>" in bare.text
    standin.advance(61)
    late = plain_get(url)
    assert late.status_code == 403 and "<Message>Request has expired</Message>" in late.text
    assert plain_get(standin.put("gone", b"x")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "content", "content_range"),
    [("bytes=2-4", 206, b"234", "bytes 2-4/10"), ("bytes=7-", 206, b"789", "bytes 7-9/10"),
     ("bytes=-3", 206, b"789", "bytes 7-9/10"), ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
     ("bytes=10-", 416, None, "bytes */10"), ("bytes=4-2", 200, b"0123456789", None),
     ("bytes=0-1,4-5", 200, b"0123456789", None), ("pages=1-2", 200, b"0123456789", None)],
)  # fmt: skip
def test_ranges(standin: Standin, asked: str, status: int, content: bytes | None, content_range: str | None) -> None:
    answer = plain_get(standin.put("digits", b"0123456789"), Range=asked)
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, content_range)
    assert content is None or answer.content == content


def test_conditions_and_head(standin: Standin) -> None:
    url = standin.put("digits", b"0123456789")
    head = requests.head(url, timeout=20)
    etag = head.headers["ETag"]
    assert (head.status_code, head.headers["Content-Length"], head.headers["Accept-Ranges"]) == (200, "10", "bytes")
    assert plain_get(url, **{"Range": "bytes=5-", "If-Range": etag}).content == b"56789"
    assert plain_get(url, **{"Range": "bytes=5-", "If-Range": '"other"'}).status_code == 200
    assert plain_get(url, **{"If-None-Match": etag}).status_code == 304
    assert plain_get(url, **{"If-Match": '"other"'}).status_code == 412
    standin.storage_settings(head=False, ranges=False)
    assert requests.head(url, timeout=20).status_code == 403
    whole = plain_get(url, Range="bytes=5-")
    assert (whole.status_code, len(whole.content), "Accept-Ranges" in whole.headers) == (200, 10, False)
    assert plain_get(url.replace("digits", "nothing")).status_code == 403


# --- faults -------------------------------------------------------------------------------------------------------


def test_a_status_to_order_with_retry_after(site: Site) -> None:
    site.standin.fault(
        "status", status=429, retry_after=7, message="Slow down", path="/services/api/v1.x/exports/", count=2
    )
    assert site.get("layers/").status_code == 200
    answers = [site.get("exports/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert (answers[0].headers["Retry-After"], answers[0].json()) == ("7", {"error": "Slow down"})


@pytest.mark.parametrize(
    ("details", "content_type", "contains"),
    [
        ({"shape": "nested"}, "application/json", '"status_code": 502'),
        ({"shape": "list"}, "application/json", '{"errors": ['),
        ({"shape": "fields"}, "application/json", "__all__"),
        ({"shape": "html"}, "text/html", "<h1>"),
        ({"text": "<xml/>", "content_type": "text/xml"}, "text/xml", "<xml/>"),
    ],
)
def test_bodies_to_order(site: Site, details: dict[str, Any], content_type: str, contains: str) -> None:
    site.standin.fault("status", status=502, headers={"X-Cache": "miss"}, **details)
    answer = site.get("layers/")
    assert (answer.status_code, answer.headers["X-Cache"]) == (502, "miss")
    assert answer.headers["Content-Type"] == content_type and contains in answer.text


def raw_answer(url: str) -> bytes:
    """What arrives on a plain socket until the other side ends it; raises ConnectionResetError if that was a reset."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
        connection.sendall(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        received = b""
        while True:
            chunk = connection.recv(65536)
            if not chunk:
                return received
            received += chunk


def test_a_reset_is_a_reset(site: Site) -> None:
    site.standin.fault("reset")
    with pytest.raises(ConnectionResetError):
        raw_answer(f"{site.standin.url}/")
    assert raw_answer(f"{site.standin.url}/").startswith(b"HTTP/1.1 200")
    assert [entry.status for entry in site.standin.requests()] == [None, 200]


def test_reset_creates_nothing_and_lost_creates_the_export(site: Site) -> None:
    for kind, created in (("reset", 0), ("lost", 1)):
        site.standin.fault(kind, method="POST", path="/services/api/v1.x/exports/$")
        assert site.validate().status_code == 200
        with pytest.raises(requests.ConnectionError):
            site.create(name="lost one")
        assert len(site.standin.exports()) == created
    assert site.get("exports/").json()[0]["name"] == "kx-lost-one"
    assert site.standin.exports()[0]["request"]["name"] == "lost one"


def test_truncated_ends_clean_and_cut_resets_both_with_the_full_length(standin: Standin) -> None:
    url = standin.put("big", size=1_000_000)
    standin.fault("truncated", server="storage", part=0.25)
    answer = raw_answer(url)
    assert b"Content-Length: 1000000" in answer and 250_000 <= len(answer) < 251_000
    standin.fault("cut", server="storage", part=0.25)
    with pytest.raises(ConnectionResetError):
        raw_answer(url)
    assert len(plain_get(url).content) == 1_000_000


def test_short_looks_whole_and_is_no_zip(site: Site) -> None:
    site.standin.fault("short", server="storage", part=0.9)
    with pytest.raises(zipfile.BadZipFile):
        site.archive()


def test_slow_to_start_and_slow_to_come(standin: Standin) -> None:
    url = standin.put("slow", size=5000)
    for details, least in (({"seconds": 0.3}, 0.3), ({"rate": 10_000}, 0.4)):
        standin.fault("slow", server="storage", **details)
        started = time.monotonic()
        assert len(plain_get(url).content) == 5000
        assert time.monotonic() - started >= least
    standin.storage_settings(rate=10_000)
    started = time.monotonic()
    assert len(plain_get(url).content) == 5000
    assert time.monotonic() - started >= 0.4


def test_an_expired_link_a_changed_object_an_ignored_range(standin: Standin) -> None:
    url = standin.put("x", b"0123456789")
    etag = plain_get(url).headers["ETag"]
    standin.fault("expired", server="storage")
    assert "Request has expired" in plain_get(url).text
    standin.fault("changed", server="storage", count=2)
    assert plain_get(url).headers["ETag"] != etag
    assert plain_get(url, **{"Range": "bytes=5-", "If-Range": etag}).status_code == 200
    standin.fault("no_range", server="storage")
    assert plain_get(url, Range="bytes=5-").status_code == 200
    assert plain_get(url, Range="bytes=5-").status_code == 206


def test_skip_and_endless(site: Site) -> None:
    site.standin.fault("status", status=500, skip=2, count=-1)
    assert [site.get("layers/").status_code for _ in range(5)] == [200, 200, 500, 500, 500]


# --- recording ----------------------------------------------------------------------------------------------------


def test_requests_are_recorded_as_they_came(site: Site) -> None:
    body = site.body(name="Recorded")
    site.call("POST", "exports/validate/?a=b", json=body, headers={"X-Test": "yes"})
    (entry,) = site.standin.requests("koordinates")
    assert (entry.method, entry.path, entry.query) == ("POST", "/services/api/v1.x/exports/validate/", "a=b")
    assert (entry.json, entry.status, entry.header("x-test")) == (body, 200, "yes")
    assert entry.host == urlsplit(site.standin.url).netloc and entry.port == urlsplit(site.standin.url).port
    assert entry.header("authorization") == f"key {site.standin.key}"


# --- what is in the archive ---------------------------------------------------------------------------------------


def layer_of(archive: zipfile.ZipFile, name: str) -> list[tuple[Any, dict[str, Any]]]:
    """(shapely geometry, attributes) of a layer in the zip, in its own CRS."""
    path = f"/vsimem/{id(archive)}.zip"
    gdal.FileFromMemBuffer(path, archive.fp.getvalue())  # type: ignore[union-attr]
    source = gdal.OpenEx(f"/vsizip/{path}/{name}", gdal.OF_VECTOR)
    assert source is not None, (name, archive.namelist())
    layer = source.GetLayer(0)
    rows = [
        (wkb.loads(bytes(f.GetGeometryRef().ExportToWkb())) if f.GetGeometryRef() else None, f.items()) for f in layer
    ]
    gdal.Unlink(path)
    return rows


def features(name: str) -> list[dict[str, Any]]:
    return list(json.loads((DATA / name).read_text())["features"])


def test_polygons_are_cut_at_the_outline_not_at_its_box(site: Site) -> None:
    area = shape(PARK)
    expected = {
        feature["properties"]["name"]: shape(feature["geometry"]).intersection(area).area
        for feature in features("colorado-counties.geojson")
        if shape(feature["geometry"]).intersects(area)
    }
    got = {fields["name"]: outline.area for outline, fields in layer_of(site.archive(), "colorado-counties.gpkg")}
    assert got == pytest.approx(expected) and len(got) >= 3
    assert sum(got.values()) == pytest.approx(area.area)
    assert area.area < box(*area.bounds).area * 0.6


def test_holes_and_several_parts_are_kept(site: Site) -> None:
    ring_area = Point(-105.7, 40.35).buffer(0.1).difference(Point(-105.7, 40.35).buffer(0.05))
    area = unary_union([ring_area, box(-105.5, 40.3, -105.45, 40.4)])
    rows = layer_of(site.archive(extent=json.loads(json.dumps(mapping(area)))), "colorado-counties.gpkg")
    assert unary_union([outline for outline, _ in rows]).symmetric_difference(area).area < 1e-9


def test_without_an_area_everything_comes(site: Site) -> None:
    assert len(layer_of(site.archive(extent=None), "colorado-counties.gpkg")) == 64


def test_both_sides_of_the_antimeridian_and_points(site: Site) -> None:
    area = unary_union([box(176, -20, 180, -15), box(-180, -20, -178, -15)])
    rows = layer_of(site.archive("countries", extent=mapping(area)), "world-countries.gpkg")
    assert [fields["name"] for _, fields in rows] == ["Fiji"]
    assert {part.centroid.x > 0 for part in rows[0][0].geoms} == {True, False}
    glaciers = [shape(feature["geometry"]) for feature in features("colorado-glaciers.geojson")]
    inside = sum(point.intersects(shape(PARK)) for point in glaciers)
    assert len(layer_of(site.archive("glaciers"), "colorado-glaciers.gpkg")) == inside > 0


@pytest.mark.parametrize(
    ("mimetype", "name"),
    [
        (GPKG, ".gpkg"),
        (SHP, ".shp"),
        (GDB, ".gdb"),
        ("text/csv", ".csv"),
        ("application/vnd.google-earth.kml+xml", ".kml"),
        ("application/x-ogc-mapinfo_file", ".tab"),
    ],
)
def test_every_vector_format_holds_the_same(site: Site, mimetype: str, name: str) -> None:
    formats = {f["mimetype"] for f in site.get("layers/101/").json()["data"]["export_formats"]}
    if mimetype not in formats:
        assert mimetype == GDB and int(gdal.VersionInfo()) < 3060000  # OpenFileGDB writes since GDAL 3.6
        return
    archive = site.archive("counties", formats={"vector": mimetype}, crs="EPSG:4326")
    rows = layer_of(archive, f"colorado-counties{name}")
    key = "Name" if name == ".kml" else "name"
    assert {fields[key] for _, fields in rows} == {"Boulder", "Grand", "Larimer"}
    if name != ".csv":
        assert sum(outline.area for outline, _ in rows) == pytest.approx(shape(PARK).area, rel=1e-4)
    else:
        assert all(fields["WKT"].startswith("MULTIPOLYGON") for _, fields in rows)
    assert "colorado-counties.txt" in archive.namelist()


def test_attributes_survive_the_narrow_formats(site: Site) -> None:
    for mimetype, name in ((SHP, ".shp"), ("application/x-ogc-mapinfo_file", ".tab"), (GPKG, ".gpkg")):
        rows = layer_of(site.archive(formats={"vector": mimetype}), f"colorado-counties{name}")
        boulder = next(fields for _, fields in rows if fields["name"] == "Boulder")
        source = next(
            f["properties"] for f in features("colorado-counties.geojson") if f["properties"]["name"] == "Boulder"
        )
        assert (boulder["aland"], boulder["geoid"]) == (source["aland"], source["geoid"])


def test_vectors_are_reprojected(site: Site) -> None:
    to_utm = Transformer.from_crs(4326, 26913, always_xy=True).transform
    rows = layer_of(site.archive("park", crs="EPSG:26913", extent=None), "rocky-mountain-national-park-boundary.gpkg")
    source = gdal.OpenEx(str(DATA / "rmnp.shp"))
    feature = source.GetLayer(0).GetNextFeature()  # GDAL's geometry lives no longer than its feature
    outline = wkb.loads(bytes(feature.GetGeometryRef().ExportToWkb()))
    assert rows[0][0].symmetric_difference(transform(to_utm, outline)).area < 1  # square metres of 1080 square km
    assert rows[0][0].area == pytest.approx(1.08e9, rel=0.01)


def test_a_table_in_its_formats_with_its_letters(site: Site) -> None:
    for mimetype, name in (
        ("text/csv", ".csv"),
        (GPKG, ".gpkg"),
        (SHP, ".dbf"),
        ("application/x-ogc-mapinfo_file", ".tab"),
    ):
        rows = layer_of(site.archive("figures", formats={"table": mimetype}, crs=None), f"country-figures{name}")
        assert len(rows) == 177 and all(geometry is None for geometry, _ in rows)
        assert "Côte d'Ivoire" in {fields["name"] for _, fields in rows}


def mosaic(archive: zipfile.ZipFile, suffix: str, folder: Path) -> Any:
    """All sheets of the zip as one dataset."""
    archive.extractall(folder)
    sheets = sorted(str(path) for path in folder.rglob(f"*{suffix}"))
    return gdal.BuildVRT(str(folder / "all.vrt"), sheets), sheets


def test_a_grid_is_cut_by_the_outline_with_its_own_pixels(site: Site, tmp_path: Path) -> None:
    whole, sheets = mosaic(site.archive("elevation"), ".tif", tmp_path)
    assert len(sheets) > 1
    source = gdal.Open(str(DATA / "rmnp-dem.tif"))
    left, width, _, top, _, height = whole.GetGeoTransform()
    source_left, _, _, source_top, _, _ = source.GetGeoTransform()
    column, row = round((left - source_left) / width), round((top - source_top) / height)
    assert (left - source_left) / width == pytest.approx(column, abs=1e-6)
    values = whole.ReadAsArray()
    expected = source.ReadAsArray(column, row, whole.RasterXSize, whole.RasterYSize)
    area = shape(PARK)
    inside = outside = 0
    for y in range(whole.RasterYSize):
        for x in range(whole.RasterXSize):
            pixel = box(left + x * width, top + (y + 1) * height, left + (x + 1) * width, top + y * height)
            if area.contains(pixel):
                assert values[y, x] == expected[y, x]
                inside += 1
            elif not area.intersects(pixel):
                assert values[y, x] == 65535 == whole.GetRasterBand(1).GetNoDataValue()
                outside += 1
    assert inside > 3000 and outside > 3000


def test_an_image_in_another_crs_and_coarser(site: Site, tmp_path: Path) -> None:
    fine, sheets = mosaic(site.archive("image", crs="EPSG:26913"), ".tif", tmp_path / "fine")
    coarse, _ = mosaic(
        site.archive("image", crs="EPSG:26913", options={"raster_resolution_multiplier": 4}),
        ".tif",
        tmp_path / "coarse",
    )
    assert len(sheets) > 1 and fine.RasterCount == 3 and "26913" in fine.GetProjection()
    assert coarse.GetGeoTransform()[1] == pytest.approx(4 * fine.GetGeoTransform()[1])
    assert fine.GetRasterBand(1).ComputeStatistics(False)[3] > 10  # a picture, not a plane


@pytest.mark.parametrize(
    ("slug", "mimetype", "suffix"),
    [("image", "image/jpeg", ".jpg"), ("image", "image/jp2", ".jp2"), ("image", "application/x-erdas-hfa", ".img"),
     ("elevation", "application/x-ogc-aaigrid", ".asc")],
)  # fmt: skip
def test_raster_formats_are_what_they_say(site: Site, slug: str, mimetype: str, suffix: str, tmp_path: Path) -> None:
    kind = "grid" if slug == "elevation" else "raster"
    offered = {entry["mimetype"] for entry in site.get(site.standin.layer_url(slug)).json()["data"]["export_formats"]}
    assert mimetype in offered
    whole, sheets = mosaic(site.archive(slug, formats={kind: mimetype}, crs="EPSG:26913"), suffix, tmp_path)
    drivers = {".jpg": "JPEG", ".jp2": "JP2OpenJPEG", ".img": "HFA", ".asc": "AAIGrid"}
    assert gdal.Open(sheets[0]).GetDriver().ShortName == drivers[suffix]
    assert whole.RasterXSize > 50 and whole.GetRasterBand(1).ComputeStatistics(False)[3] > 10
    left, width, _, top, _, height = whole.GetGeoTransform()
    assert 420_000 < left < 480_000 and 4_440_000 < top < 4_500_000 and width == pytest.approx(-height, rel=0.01)


def test_an_area_that_only_touches_brings_an_empty_archive(site: Site) -> None:
    left, _, _, top = shape(site.get("layers/104/").json()["data"]["extent"]).exterior.bounds
    corner = mapping(box(left - 1, top, left, top + 1))
    assert set(site.archive("elevation", extent=corner).namelist()) == {"rocky-mountain-national-park-elevation.txt"}
    sea = mapping(box(-150, 30, -149, 31))
    assert layer_of(site.archive("countries", extent=sea), "world-countries.gpkg") == []


def test_what_cannot_be_reprojected_ends_in_error(site: Site) -> None:
    site.standin.settings(polls=0)
    url = site.create("countries", crs="EPSG:26913", extent=None).json()["url"]  # the world in one UTM zone
    assert site.get(url).json()["state"] == "error"
    assert "RuntimeError" in site.standin.log


def test_one_item_is_at_the_root_several_have_folders(site: Site) -> None:
    assert set(site.archive().namelist()) == {"colorado-counties.gpkg", "colorado-counties.txt"}
    names = site.archive("counties", "figures").namelist()
    assert set(names) == {
        "colorado-counties/colorado-counties.gpkg", "colorado-counties/colorado-counties.txt",
        "country-figures/country-figures.csv", "country-figures/country-figures.txt",
    }  # fmt: skip
    site.standin.settings(one_folder=True)
    assert "colorado-counties/colorado-counties.gpkg" in site.archive().namelist()


def test_the_text_tells_title_licence_and_crop(site: Site) -> None:
    text = site.archive(crs="EPSG:26913").read("colorado-counties.txt").decode()
    for part in ("Colorado Counties", "Public Domain", "EPSG:26913", json.dumps(PARK), "GeoPackage"):
        assert part in text


def test_a_bare_tiff_and_names_no_honest_service_sends(site: Site) -> None:
    site.standin.settings(extra_members={"../evil.txt": "out"})
    assert "../evil.txt" in site.archive().namelist()
    site.standin.settings(bare_tiff=True, sheet=1000)
    document = site.get(site.create("elevation", name="bare").json()["url"]).json()
    answer = plain_get(site.get(document["download_url"]).headers["Location"])
    assert answer.headers["Content-Type"] == "image/tiff" and answer.content[:4] in (b"II*\0", b"MM\0*")
    assert "kx-bare.tif" in answer.headers["Content-Disposition"]


# --- the process --------------------------------------------------------------------------------------------------


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.standin", "--port", "0", "--storage-port", "0", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_by_hand_it_says_how_to_use_it_and_ends_on_a_signal(how: signal.Signals) -> None:
    with started("--seconds", "60", "--key", "chosen-by-hand") as process:
        assert process.stdout is not None
        guide = [
            line
            for line in iter(process.stdout.readline, "")
            if not (line.startswith("Ends") and process.send_signal(how))
        ]
        text = "".join(guide)
        for name in ("koordinates", "cityloader", "brightearth", "itwin", "storage"):
            assert re.search(rf"^{name}\s+http://127\.0\.0\.1:\d+", text, re.MULTILINE)
        assert "chosen-by-hand" in text
        assert process.wait(10) == 0


def test_it_ends_in_time_and_with_its_caller() -> None:
    with started("--seconds", "0.2") as process:
        assert process.wait(15) == 0
    with started("--json") as process:
        assert process.stdout is not None and process.stdin is not None
        assert json.loads(process.stdout.readline())["koordinates"]["url"]
        process.stdin.close()
        assert process.wait(10) == 0


def test_the_client_ends_its_process() -> None:
    with Standin() as standin:
        pid = standin.pid
        assert pid is not None and plain_get(standin.url).status_code == 200
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_tls_with_a_certificate_of_its_own() -> None:
    with Standin(tls=True) as standin:
        assert standin.url.startswith("https://") and standin.storage_url.startswith("https://")
        assert requests.get(standin.url, verify=standin.certificate, timeout=20).status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(standin.url, timeout=20)
        assert len(requests.get(standin.put("x", size=10), verify=standin.certificate, timeout=20).content) == 10
