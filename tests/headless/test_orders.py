"""Each service from qgis_process: order, wait, files; and the other ways to order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import Qgis

from tests.headless.orders import collect, counties, found, order, orders_sent, whole
from tests.headless.process import Headless, program
from tests.standin.client import Standin

HAS_SCENES = Qgis.QGIS_VERSION_INT >= 33400
READS_STDIN = Qgis.QGIS_VERSION_INT >= 32400
BURGGASSE = "16.3462,16.3515,48.2035,48.2070 [EPSG:4326]"


def test_koordinates_with_a_token(headless: Headless, site: Standin) -> None:
    site.settings(price="12.50")
    results = order(headless, site, ITEMS="layer:101,table:201", NAME="Park").results
    assert (results["STATE"], results["PRICE"], results["CURRENCY"]) == ("done", 25.0, "NZD")
    assert 849 < results["AREA_KM2"] < 852
    manifest = whole(results["OUTPUT"])
    assert manifest["job"]["key"] == results["JOB_ID"] == headless.jobs()[0].key
    assert Path(results["OUTPUT"]).name == f"Park-{results['JOB_ID']}"
    assert len(results["LAYERS"]) == 2 and all(found(uri) for uri in results["LAYERS"])


def test_cityloader_with_a_token_and_several_values(headless: Headless, standin: Standin) -> None:
    standin.of("cityloader").settings(polls=0)
    facts = standin.of("cityloader").facts
    results = headless.run(
        "cityloader",
        {"CUTOUT_TOKEN": facts["tokens"]["full"]},
        SERVER=facts["api"], EXTENT=BURGGASSE, FORMAT="obj", INCLUDE="terrain,buildings",
    ).results  # fmt: skip
    assert results["STATE"] == "done" and whole(results["OUTPUT"])["service"] == "cityloader"
    asked = headless.jobs()[0].request.options
    assert (asked["format"], asked["include"]) == ("obj", ["terrain", "buildings"])
    assert {Path(uri.partition("|")[0]).suffix for uri in results["LAYERS"]} >= {".gpkg", ".tif"}
    read = [uri for uri in results["LAYERS"] if not uri.endswith((".2dm", ".ply"))]  # MDAL opens these
    assert read and all(found(uri) for uri in read)


def test_brightearth_with_a_name_and_a_password(headless: Headless, standin: Standin) -> None:
    service = standin.of("brightearth")
    service.settings(polls=0)
    west, south, east, north = service.facts["place"]
    east, north = west + (east - west) / 4, south + (north - south) / 4
    results = headless.run(
        "brightearth",
        {"CUTOUT_USERNAME": service.facts["email"], "CUTOUT_PASSWORD": service.facts["password"]},
        SERVER=service.url, EXTENT=f"{west},{east},{south},{north} [EPSG:4326]", VECTOR_FORMATS="geopackage,shapefile",
    ).results  # fmt: skip
    assert results["STATE"] == "done" and whole(results["OUTPUT"])["service"] == "brightearth"
    read = [uri for uri in results["LAYERS"] if not uri.endswith("tileset.json")]
    assert len(read) >= 4 and all(found(uri) for uri in read)
    assert (len(read) < len(results["LAYERS"])) is HAS_SCENES


@pytest.mark.parametrize(("name", "fact"), [("CUTOUT_SHARE_KEY", "share_key"), ("CUTOUT_TOKEN", "token")])
def test_itwin_with_a_share_key_and_with_a_token(headless: Headless, standin: Standin, name: str, fact: str) -> None:
    service = standin.of("itwin")
    service.settings(polls=0, empty=0, tiles=4)
    model = service.facts["imodels"]["city"]["id"]
    ended = headless.run("itwin", {name: service.facts[fact]}, SERVER=service.url, IMODEL=model)
    results = ended.results
    home = Path(results["OUTPUT"])
    assert results["STATE"] == "done" and whole(str(home))["service"] == "itwin"
    assert results["LAYERS"] == ([str(home / "tileset.json")] if HAS_SCENES else [])
    assert HAS_SCENES or "3.34" in str(ended.document["log"])
    assert results["PRICE"] is None


def test_a_dry_run_prices_and_orders_nothing(headless: Headless, site: Standin) -> None:
    site.settings(price="3.25")
    results = order(headless, site, DRY_RUN=True).results
    assert (results["STATE"], results["JOB_ID"], results["LAYERS"]) == ("new", "", [])
    assert (results["PRICE"], results["CURRENCY"]) == (3.25, "NZD") and 849 < results["AREA_KM2"] < 852
    assert site.exports() == [] and orders_sent(site) == 0 and headless.jobs() == []
    assert list(headless.files.iterdir()) == []


def test_order_now_and_collect_later(headless: Headless, standin: Standin) -> None:
    placed = order(headless, standin, WAIT=False).results
    assert placed["STATE"] == "queued" and placed["LAYERS"] == [] and len(standin.exports()) == 1
    assert list(headless.files.iterdir()) == []
    standin.settings(polls=0)
    closed = headless.run("collect", JOB_ID=placed["JOB_ID"])
    assert closed.status == 1 and "There are no credentials" in closed.err and "CUTOUT_TOKEN" in closed.err
    results = collect(headless, standin, placed["JOB_ID"]).results
    assert (results["STATE"], results["JOB_ID"]) == ("done", placed["JOB_ID"])
    assert results["OUTPUT"] == placed["OUTPUT"] and whole(results["OUTPUT"])
    assert all(found(uri) for uri in results["LAYERS"]) and orders_sent(standin) == 1


def test_after_the_timeout_the_order_goes_on(headless: Headless, standin: Standin) -> None:
    standin.settings(polls=1000)
    late = order(headless, standin, TIMEOUT="0.02")
    (job,) = headless.jobs()
    assert (late.status, late.out) == (1, "") and "TIMEOUT: 0.02 minutes are over." in late.err
    assert late.left == {job.key: "queued"} and "cutout:collect" in late.err
    standin.settings(polls=0)
    results = collect(headless, standin, job.key).results
    assert results["STATE"] == "done" and whole(results["OUTPUT"]) and orders_sent(standin) == 1


def test_an_order_for_each_feature(headless: Headless, site: Standin) -> None:
    places = {"north": (-105.8, 40.4), "sea": (-40.0, 30.0), "south": (-105.8, 40.2)}
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]],
            },
        }
        for name, (x, y) in places.items()
    ]
    areas = headless.folder / "areas.geojson"
    areas.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    ended = order(headless, site, EXTENT=None, AREA=areas, PER_FEATURE=True, NAME='Part [% "name" %]')
    results = ended.results
    keys, states = results["JOB_ID"].split(","), results["STATE"].split(",")
    assert states == ["done", "failed", "done"] and len(site.exports()) == 2
    assert Path(results["OUTPUT"]) == headless.files and len(results["LAYERS"]) == 2
    assert sorted(path.name for path in headless.files.iterdir()) == [f"Part-north-{keys[0]}", f"Part-south-{keys[2]}"]
    told = str(ended.document["log"]) + ended.err
    assert "Part sea" in told and "outside" in told and all(key in told for key in keys)


def test_two_runs_on_one_profile(headless: Headless, site: Standin) -> None:
    token = {"CUTOUT_TOKEN": site.key}
    with (
        headless.started("koordinates", token, **counties(site, NAME="One")) as one,
        headless.started("koordinates", token, **counties(site, NAME="Two")) as two,
    ):
        results = [headless.end(process).results for process in (one, two)]
    assert [one["STATE"] for one in results] == ["done", "done"] and orders_sent(site) == 2
    assert {whole(one["OUTPUT"])["request"]["title"] for one in results} == {"One", "Two"}
    assert {job.key for job in headless.jobs()} == {one["JOB_ID"] for one in results}


def test_parameters_as_json(headless: Headless, site: Standin) -> None:
    """On the standard input, which qgis_process reads since 3.24."""
    text = json.dumps({"inputs": {**counties(site), "OUTPUT": str(headless.files), "DRY_RUN": True}})
    arguments = [program(), "run", "cutout:koordinates", "-"]
    with headless.process(arguments, {"CUTOUT_TOKEN": site.key}, text) as process:
        ended = headless.end(process, text)
    if READS_STDIN:
        assert ended.results["STATE"] == "new"
    else:
        assert ended.status == 1 and "Invalid parameter value -" in ended.err
    assert site.exports() == []
