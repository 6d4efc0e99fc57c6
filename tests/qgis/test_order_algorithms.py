"""cutout:<service> and cutout:collect as people run them: from Python, on the stand-ins, with files that come back."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsProcessingException, QgsRasterLayer, QgsSettings, QgsVectorLayer

from cutout.bridge.accounts import Account, Accounts
from cutout.bridge.folders import store_path
from cutout.core import lifecycle
from cutout.core.http import Secret
from cutout.core.model import JobState
from cutout.core.store import Store
from cutout.toolbox.provider import CutoutProcessing
from tests.qgis.toolbox import ROCKIES, Feedback, files, run, squares, stored, threads
from tests.standin.client import Standin

WEST, MIDDLE, EAST = (-105.8, 40.2, -105.7, 40.3), (-105.7, 40.2, -105.6, 40.3), (-105.6, 40.2, -105.5, 40.3)
AT_SEA = (-150.0, 0.0, -149.9, 0.1)
EXPORTS = "/services/api/v1.x/exports/"


@pytest.fixture(autouse=True)
def toolbox(qgis_app: QgsApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[CutoutProcessing]:
    monkeypatch.setattr(lifecycle, "FIRST_LOOK", 0.1)  # the stand-ins are quicker than services are
    provider = CutoutProcessing(Accounts())
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)
    assert threads() == []


@pytest.fixture
def site(standin: Standin) -> Standin:
    """The Koordinates site, with a saved account."""
    Accounts().save(Account("koordinates", standin.url), Secret(password=standin.key))
    return standin


def order(site: Standin, feedback: Feedback | None = None, **parameters: Any) -> dict[str, Any]:
    common = {"SERVER": site.url, "ITEMS": site.layer_url("counties")}
    return run("koordinates", feedback, **{**common, **parameters})


# --- one order ------------------------------------------------------------------------------------------------------


def test_an_order_comes_back_as_layers(site: Standin, tmp_path: Path) -> None:
    results = order(site, EXTENT=ROCKIES, NAME="Rockies", OUTPUT=str(tmp_path))
    assert results["STATE"] == "done"
    (job,) = stored()
    assert (job.key, job.state, job.title) == (results["JOB_ID"], JobState.DONE, "Rockies")
    assert Path(results["OUTPUT"]) == tmp_path / f"Rockies-{job.key}" == Path(job.folder)
    assert json.loads((Path(results["OUTPUT"]) / "cutout.json").read_text())["layers"] == ["colorado-counties.gpkg"]
    (uri,) = results["LAYERS"]
    assert job.layers == (uri,)
    layer = QgsVectorLayer(uri, "counties", "ogr")
    assert layer.isValid() and layer.featureCount() > 0
    assert results["AREA_KM2"] == pytest.approx(849.028, abs=0.01)
    assert (results["PRICE"], results["CURRENCY"]) == (0, "NZD")


def test_vectors_and_grids_come_together(site: Standin, tmp_path: Path) -> None:
    items = f"{site.layer_url('counties')}, layer:104"
    results = order(site, ITEMS=items, AREA=squares(WEST, EAST), VECTOR_FORMAT="shp", OUTPUT=str(tmp_path))
    assert [Path(uri).suffix for uri in results["LAYERS"]] == [".shp", ".tif"]
    assert QgsRasterLayer(results["LAYERS"][1], "grid").isValid()
    (export,) = site.exports()
    assert export["request"]["extent"]["type"] == "MultiPolygon"
    assert export["request"]["formats"]["vector"] == "application/x-zipped-shp"
    assert results["AREA_KM2"] == pytest.approx(2 * 94.5, rel=0.01)


def test_only_the_selected_features_are_the_area(site: Standin, tmp_path: Path) -> None:
    from qgis.core import QgsProcessingFeatureSourceDefinition, QgsProject

    layer = squares(WEST, EAST)
    QgsProject.instance().addMapLayer(layer)
    layer.selectByIds([2])
    area = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    order(site, AREA=area, OUTPUT=str(tmp_path))
    (export,) = site.exports()
    assert min(lon for lon, _ in export["request"]["extent"]["coordinates"][0]) == pytest.approx(EAST[0])


def test_a_run_without_an_order_prices_it(site: Standin, tmp_path: Path) -> None:
    site.settings(price="12.50")
    folder, feedback = tmp_path / "not made", Feedback()
    results = order(site, feedback, ITEMS="layer:101,layer:104", EXTENT=ROCKIES, DRY_RUN=True, OUTPUT=str(folder))
    assert re.search(r"Counties.*: 25.00 NZD, about [\d.]+ [kM]B, .*\. Nothing is ordered\.", feedback.text)
    assert (results["PRICE"], results["CURRENCY"]) == (25.0, "NZD")
    assert results["AREA_KM2"] == pytest.approx(849.028, abs=0.01)
    assert (results["STATE"], results["JOB_ID"], results["LAYERS"]) == ("new", "", [])
    assert site.exports() == [] and stored() == [] and not folder.exists()


def test_a_run_without_an_order_says_every_problem_at_once(site: Standin) -> None:
    areas = squares(WEST, None, AT_SEA, EAST)
    with pytest.raises(QgsProcessingException) as refusal:
        order(site, AREA=areas, PER_FEATURE=True, DRY_RUN=True)
    lines = str(refusal.value).splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["Feature 2", "Feature 3"]
    assert all(line.startswith("AREA: ") for line in lines)
    assert site.exports() == []


def test_where_nothing_is_said_the_files_go_to_the_downloads(site: Standin, tmp_path: Path) -> None:
    QgsSettings().setValue("cutout/downloads", str(tmp_path / "mine"))
    assert Path(order(site, EXTENT=ROCKIES)["OUTPUT"]).parent == tmp_path / "mine"


def test_what_came_is_clipped_to_the_area(site: Standin, tmp_path: Path) -> None:
    results = order(site, AREA=squares(WEST), CLIP=True, OUTPUT=str(tmp_path))
    (uri,) = results["LAYERS"]
    layer = QgsVectorLayer(uri, "counties", "ogr")
    extent = layer.extent()
    assert layer.featureCount() > 0
    assert WEST[0] - 1e-9 <= extent.xMinimum() and extent.yMaximum() <= WEST[3] + 1e-9
    assert stored()[0].delivery.clip


# --- one order for each feature -------------------------------------------------------------------------------------


def test_each_feature_gets_an_order_and_its_name(site: Standin, tmp_path: Path) -> None:
    feedback = Feedback()
    results = order(
        site, feedback, AREA=squares(WEST, MIDDLE, EAST), PER_FEATURE=True, NAME='Square [% "name" %]',
        OUTPUT=str(tmp_path),
    )  # fmt: skip
    jobs = stored()
    assert [job.title for job in jobs] == ["Square a", "Square b", "Square c"]
    assert results["JOB_ID"] == ",".join(job.key for job in jobs)
    assert results["STATE"] == "done,done,done"
    assert Path(results["OUTPUT"]) == tmp_path
    assert sorted(path.name for path in tmp_path.iterdir()) == [job.folder_name for job in jobs]
    assert len(results["LAYERS"]) == 3
    assert feedback.fractions[-1] == 100 and feedback.fractions == sorted(feedback.fractions)
    rows = [line.split()[:3] for line in feedback.lines if line.split()[:1] in (["1"], ["2"], ["3"])]
    assert rows == [[str(number), job.key, "done"] for number, job in enumerate(jobs, 1)]


def test_orders_without_a_name_are_counted(site: Standin, tmp_path: Path) -> None:
    order(site, AREA=squares(WEST, EAST), PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert [job.title for job in stored()] == ["Koordinates 1", "Koordinates 2"]


def test_a_feature_that_fails_does_not_lose_the_others(site: Standin, tmp_path: Path) -> None:
    feedback = Feedback()
    areas = squares(AT_SEA, WEST, None, EAST)
    results = order(site, feedback, AREA=areas, PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert results["STATE"] == "failed,done,failed,done"
    assert len(results["LAYERS"]) == len(site.exports()) == 2
    first, _, third, _ = stored()
    assert "outside" in first.message and "geometry" in third.message
    assert first.message in feedback.text and third.message in feedback.text


def test_when_none_comes_the_run_fails_and_names_each(site: Standin) -> None:
    site.settings(final="error")
    with pytest.raises(QgsProcessingException) as failure:
        order(site, AREA=squares(WEST, EAST), PER_FEATURE=True)
    assert [f"JOB_ID {job.key} has failed." in str(failure.value) for job in stored()] == [True, True]


def test_many_areas_are_looked_at_together(site: Standin, tmp_path: Path) -> None:
    site.settings(polls=3)
    areas = [(-105.8 + step / 50, 40.2, -105.79 + step / 50, 40.21) for step in range(12)]
    results = order(site, AREA=squares(*areas), PER_FEATURE=True, OUTPUT=str(tmp_path))
    assert results["STATE"].count("done") == 12
    looks = [one for one in site.requests("koordinates") if one.method == "GET" and one.path.startswith(EXPORTS)]
    lists = [one for one in looks if one.path == EXPORTS]
    alone = [one.path for one in looks if one.path != EXPORTS]
    assert 0 < len(lists) < 12
    # Each is looked at twice when its file is fetched, and a few when they are due alone; one by one it would be 60.
    assert len(alone) < 12 * 4


def test_what_came_for_each_feature_is_merged(site: Standin, tmp_path: Path) -> None:
    areas = squares(WEST, MIDDLE, EAST)
    results = order(
        site, ITEMS="layer:101,layer:104", AREA=areas, PER_FEATURE=True, MERGE=True, CLIP=True, OUTPUT=str(tmp_path)
    )
    assert sorted(Path(uri.split("|")[0]).suffix for uri in results["LAYERS"]) == [".gpkg", ".vrt"]
    grid = QgsRasterLayer(next(uri for uri in results["LAYERS"] if uri.endswith("vrt")), "grid")
    assert grid.isValid() and grid.extent().width() > 0.25
    assert results["STATE"] == "done,done,done"


# --- ordered now, collected later -----------------------------------------------------------------------------------


def test_without_waiting_it_is_collected_later(site: Standin, tmp_path: Path) -> None:
    placed = order(site, EXTENT=ROCKIES, WAIT=False, NAME="Later", OUTPUT=str(tmp_path))
    assert placed["STATE"] == "queued" and placed["LAYERS"] == []
    assert not list(tmp_path.glob("*/*"))
    results = run("collect", JOB_ID=placed["JOB_ID"])
    assert results["STATE"] == "done" and results["OUTPUT"] == placed["OUTPUT"]
    assert QgsVectorLayer(results["LAYERS"][0], "counties", "ogr").featureCount() > 0
    assert results["AREA_KM2"] == pytest.approx(849.028, abs=0.01)
    assert len(site.exports()) == 1


def test_a_look_without_waiting(site: Standin, tmp_path: Path) -> None:
    site.settings(polls=2)
    placed = order(site, EXTENT=ROCKIES, WAIT=False, OUTPUT=str(tmp_path))
    assert run("collect", JOB_ID=placed["JOB_ID"], WAIT=False)["STATE"] == "running"
    assert run("collect", JOB_ID=placed["JOB_ID"], WAIT=True)["STATE"] == "done"


def test_several_are_collected_together(site: Standin, tmp_path: Path) -> None:
    placed = [order(site, AREA=squares(one), WAIT=False, OUTPUT=str(tmp_path))["JOB_ID"] for one in (WEST, EAST)]
    results = run("collect", JOB_ID=f"{placed[1]}, {placed[0]}")
    assert results["JOB_ID"] == f"{placed[1]},{placed[0]}" and results["STATE"] == "done,done"
    assert Path(results["OUTPUT"]) == tmp_path and len(results["LAYERS"]) == 2


def test_what_was_collected_is_not_fetched_again(site: Standin, tmp_path: Path) -> None:
    first = order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path / "first"))
    seen = len(site.requests())
    again = run("collect", JOB_ID=first["JOB_ID"])
    assert (again["OUTPUT"], again["LAYERS"]) == (first["OUTPUT"], first["LAYERS"])
    elsewhere = run("collect", JOB_ID=first["JOB_ID"], OUTPUT=str(tmp_path / "second"), CLIP=True)
    assert len(site.requests()) == seen
    assert Path(elsewhere["OUTPUT"]).parent == tmp_path / "second"
    assert "clipped" in elsewhere["LAYERS"][0]
    assert not any("clipped" in name for name in files(tmp_path / "first"))
    assert set(files(Path(first["OUTPUT"]))) <= set(files(Path(elsewhere["OUTPUT"])))


def test_files_that_are_gone_are_fetched_again(site: Standin, tmp_path: Path) -> None:
    from shutil import rmtree

    first = order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    rmtree(first["OUTPUT"])
    again = run("collect", JOB_ID=first["JOB_ID"])
    assert again["STATE"] == "done" and QgsVectorLayer(again["LAYERS"][0], "counties", "ogr").isValid()
    assert len(site.exports()) == 1


def test_an_order_whose_answer_was_lost_is_found(site: Standin, tmp_path: Path) -> None:
    site.fault("lost", method="POST", path=f"{EXPORTS}$")
    site.fault("status", status=403, path=f"{EXPORTS}$", method="GET", count=1)
    with pytest.raises(QgsProcessingException, match="is uncertain"):
        order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    results = run("collect", JOB_ID=stored()[0].key)
    assert results["STATE"] == "done" and len(site.exports()) == 1


def test_jobs_that_nobody_knows_are_refused(site: Standin) -> None:
    with pytest.raises(QgsProcessingException, match="JOB_ID.*no job 12345678, abc"):
        run("collect", JOB_ID="12345678,abc")


def test_a_job_that_another_window_works_on_is_waited_for(site: Standin, tmp_path: Path) -> None:
    placed = order(site, EXTENT=ROCKIES, WAIT=False, OUTPUT=str(tmp_path))
    other = Store(store_path())
    job = other.take(placed["JOB_ID"], "the other window", lifecycle.time.time())
    assert job is not None
    told: list[int] = []

    def let_go() -> bool:
        told.append(1)
        if len(told) == 5:
            other.release(job.key, "the other window")
        return False

    assert run("collect", Feedback(let_go), JOB_ID=job.key)["STATE"] == "done"
    assert len(told) > 5
    other.close()


# --- it ends early --------------------------------------------------------------------------------------------------


def test_after_the_timeout_it_goes_on_and_can_be_collected(site: Standin, tmp_path: Path) -> None:
    site.settings(seconds=3600)
    site.freeze()
    with pytest.raises(QgsProcessingException, match="TIMEOUT: 0.01 minutes are over") as failure:
        order(site, EXTENT=ROCKIES, TIMEOUT=0.01, OUTPUT=str(tmp_path))
    (job,) = stored()
    assert f"JOB_ID {job.key} is running" in str(failure.value)
    site.advance(3600)
    assert run("collect", JOB_ID=job.key)["STATE"] == "done"
    assert len(site.exports()) == 1


def test_cancelled_before_anything_was_ordered(site: Standin) -> None:
    with pytest.raises(QgsProcessingException, match="Stopped. Nothing was ordered"):
        order(site, Feedback(lambda: True), EXTENT=ROCKIES)
    assert stored() == [] and site.exports() == []


def is_submitting() -> bool:
    return any(job.state is JobState.SUBMITTING for job in stored())


def test_cancelled_while_others_are_still_to_leave(site: Standin, tmp_path: Path) -> None:
    """What has left goes on, the rest is not ordered: not now, and not by the dock later."""
    site.fault("slow", seconds=0.5, method="POST", path=f"{EXPORTS}$", count=-1)
    areas = squares(*[WEST] * 9)
    with pytest.raises(QgsProcessingException, match="Stopped."):
        order(site, Feedback(is_submitting), AREA=areas, PER_FEATURE=True, OUTPUT=str(tmp_path))
    states = [job.state for job in stored()]
    assert set(states) == {JobState.QUEUED, JobState.CANCELLED}
    assert states.count(JobState.QUEUED) == len(site.exports()) < 9


def test_cancelled_while_the_order_is_on_its_way(site: Standin, tmp_path: Path) -> None:
    site.fault("slow", seconds=1.0, method="POST", path=f"{EXPORTS}$")
    with pytest.raises(QgsProcessingException, match="Stopped.") as failure:
        order(site, Feedback(is_submitting), EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    (job,) = stored()
    assert job.state is JobState.QUEUED and f"JOB_ID {job.key} is queued" in str(failure.value)
    assert run("collect", JOB_ID=job.key)["STATE"] == "done"
    assert len(site.exports()) == 1


def test_cancelled_while_it_waits(site: Standin, tmp_path: Path) -> None:
    site.settings(polls=100)
    feedback = Feedback(lambda: "running" in feedback.text)
    with pytest.raises(QgsProcessingException, match="Stopped.") as failure:
        order(site, feedback, EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    (job,) = stored()
    assert job.key in str(failure.value) and job.state is JobState.RUNNING and not job.paused
    site.settings(polls=0)
    assert run("collect", JOB_ID=job.key)["STATE"] == "done"


def test_cancelled_in_the_middle_of_a_download(site: Standin, tmp_path: Path) -> None:
    site.storage_settings(rate=2000)
    feedback = Feedback(lambda: bool(site.requests("storage")) and bool(list(tmp_path.rglob("*.part"))))
    with pytest.raises(QgsProcessingException, match="Stopped."):
        order(site, feedback, ITEMS="layer:104", EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    (job,) = stored()
    assert job.state is JobState.READY and not job.paused
    site.storage_settings(rate=0)
    results = run("collect", JOB_ID=job.key)
    assert results["STATE"] == "done" and not list(tmp_path.rglob("*.part"))
    assert QgsRasterLayer(results["LAYERS"][0], "grid").isValid()


def test_a_service_that_stays_away_ends_the_run_and_not_the_job(
    site: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "LONGEST_WAIT", 0.1)
    site.fault("status", status=503, path=EXPORTS, method="GET", count=-1)
    with pytest.raises(QgsProcessingException, match="Paused after 5 tries in a row") as failure:
        order(site, EXTENT=ROCKIES, OUTPUT=str(tmp_path))
    (job,) = stored()
    assert job.paused and job.state.is_open and job.key in str(failure.value)


@pytest.mark.parametrize(("final", "state"), [("error", "failed"), ("cancelled", "cancelled"), ("gone", "expired")])
def test_a_bad_end_at_the_service_is_told(site: Standin, final: str, state: str) -> None:
    site.settings(final=final)
    with pytest.raises(QgsProcessingException) as failure:
        order(site, EXTENT=ROCKIES)
    (job,) = stored()
    assert job.state.value == state
    assert re.search(rf"JOB_ID {job.key} (is|has) {state}\. ?{re.escape(job.message)}", str(failure.value))


# --- bad input ------------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no area": ({}, "AREA.*EXTENT"),
    "both areas": ({"AREA": lambda: squares(WEST), "EXTENT": ROCKIES}, "AREA.*EXTENT"),
    "two areas in another way": ({"EXTENT": ROCKIES, "CROP_FEATURE": "https://example.org/1/"}, "CROP_FEATURE"),
    "no items": ({"ITEMS": "", "EXTENT": ROCKIES}, "ITEMS|mandatory"),
    "an item that is none": ({"ITEMS": "layer:x", "EXTENT": ROCKIES}, "ITEMS"),
    "an item that is not there": ({"ITEMS": "layer:999", "EXTENT": ROCKIES}, "ITEMS: .*no layer 999"),
    "an item of another site": ({"ITEMS": "https://data.example.org/services/api/v1/layers/5/", "EXTENT": ROCKIES},
                                "ITEMS"),
    "a format that is none": ({"VECTOR_FORMAT": "xyz", "EXTENT": ROCKIES}, "VECTOR_FORMAT"),
    "a number that is too large": ({"RESOLUTION_MULTIPLIER": 99, "EXTENT": ROCKIES}, "RESOLUTION_MULTIPLIER"),
    "a CRS that nobody knows": ({"CRS": "EPSG:999999", "EXTENT": ROCKIES}, "CRS"),
    "per feature of an extent": ({"EXTENT": ROCKIES, "PER_FEATURE": True}, "PER_FEATURE"),
    "an extent without ground": ({"EXTENT": "1,1,2,2 [EPSG:4326]"}, "EXTENT"),
    "an extent off the globe": ({"EXTENT": "1000,2000,3000,4000"}, "EXTENT"),
    "an area outside of the data": ({"AREA": lambda: squares(AT_SEA)}, "AREA: .*outside"),
    "a layer without features": ({"AREA": lambda: squares()}, "AREA"),
    "null geometries": ({"AREA": lambda: squares(None, None)}, "AREA: .*geometry"),
    "lines": ({"AREA": lambda: QgsVectorLayer("LineString?crs=EPSG:4326", "Lines", "memory")}, "AREA"),
    "a layer without a CRS": ({"AREA": lambda: squares(WEST, crs="")}, "AREA: .*coordinate reference system"),
    "an account that is none": ({"AUTHCFG": "abc1234", "EXTENT": ROCKIES}, "AUTHCFG: "),
    "a server without an account": ({"SERVER": "https://data.example.org", "ITEMS": "layer:1", "EXTENT": ROCKIES},
                                    "AUTHCFG: .*data.example.org"),
    "a folder that is a file": ({"OUTPUT": __file__, "EXTENT": ROCKIES}, "OUTPUT: "),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_a_sentence_that_names_the_parameter(site: Standin, tmp_path: Path, case: str) -> None:
    given, words = REFUSED[case]
    parameters = {name: value() if callable(value) else value for name, value in given.items()}
    with pytest.raises(QgsProcessingException, match=f"(?s){words}") as refusal:
        order(site, **{"OUTPUT": str(tmp_path), **parameters})
    assert "Traceback" not in str(refusal.value) and "unexpected" not in str(refusal.value)
    assert site.exports() == [] and stored() == [] and files(tmp_path) == []


def test_all_that_is_wrong_is_said_at_once(site: Standin) -> None:
    lines = QgsVectorLayer("LineString?crs=EPSG:4326", "Lines", "memory")
    with pytest.raises(QgsProcessingException) as refusal:
        order(site, ITEMS="layer:x,foo", VECTOR_FORMAT="zzz", RESOLUTION_MULTIPLIER=77, TIMEOUT=-1, AREA=lines)
    for name in (
        "ITEMS: “layer:x”",
        "ITEMS: “foo”",
        "VECTOR_FORMAT: ",
        "RESOLUTION_MULTIPLIER: ",
        "TIMEOUT: ",
        "AREA: ",
    ):
        assert name in str(refusal.value)


def test_a_bow_tie_keeps_both_lobes_and_that_is_told(site: Standin, tmp_path: Path) -> None:
    layer = squares(WEST)
    from qgis.core import QgsGeometry

    tie = "POLYGON((-105.8 40.2, -105.6 40.3, -105.6 40.2, -105.8 40.3, -105.8 40.2))"
    layer.dataProvider().changeGeometryValues({1: QgsGeometry.fromWkt(tie)})
    feedback = Feedback()
    results = order(site, feedback, AREA=layer, OUTPUT=str(tmp_path))
    assert "Repaired a polygon that crossed itself." in feedback.lines
    assert results["AREA_KM2"] == pytest.approx(94.5, rel=0.01)


def test_an_extent_over_the_antimeridian_is_not_a_box_around_the_globe(site: Standin, tmp_path: Path) -> None:
    feedback = Feedback()
    results = order(
        site, feedback, ITEMS=site.layer_url("countries"), EXTENT="177,-178,-19,-16 [EPSG:4326]", OUTPUT=str(tmp_path)
    )
    assert "Split at the antimeridian." in feedback.lines
    assert results["AREA_KM2"] == pytest.approx(176_000, rel=0.02)
    assert site.exports()[0]["request"]["extent"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("account", "words"),
    [("reader_key", "AUTHCFG: .*exports"), ("foreign_key", "AUTHCFG: ")],
)
def test_a_key_that_may_not_is_about_the_account(standin: Standin, account: str, words: str) -> None:
    Accounts().save(Account("koordinates", standin.url), Secret(password=getattr(standin, account)))
    with pytest.raises(QgsProcessingException, match=f"(?s){words}") as refusal:
        order(standin, EXTENT=ROCKIES)
    assert getattr(standin, account) not in str(refusal.value)
    assert stored() == []


@pytest.mark.parametrize(
    ("server", "words"),
    [("http://127.0.0.1:9", "SERVER: .*127.0.0.1:9"), ("not a server", "SERVER: "), ("http://[", "SERVER: ")],
)
def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch, server: str, words: str) -> None:
    monkeypatch.setenv("CUTOUT_TOKEN", "not-so-secret")
    with pytest.raises(QgsProcessingException, match=f"(?s){words}"):
        run("koordinates", SERVER=server, ITEMS="layer:1", EXTENT=ROCKIES)
    assert stored() == []


@pytest.mark.parametrize("fault", [{"kind": "reset"}, {"kind": "status", "status": 500, "shape": "html"},
                                   {"kind": "status", "status": 502, "shape": "html"}])  # fmt: skip
def test_a_server_that_fails_before_the_order(site: Standin, fault: dict[str, Any]) -> None:
    site.fault(fault.pop("kind"), count=-1, **fault)
    with pytest.raises(QgsProcessingException, match="SERVER: "):
        order(site, EXTENT=ROCKIES)
    assert stored() == [] and site.exports() == []


def test_without_credentials_it_says_how_to_give_them(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUTOUT_TOKEN", raising=False)
    with pytest.raises(QgsProcessingException, match="AUTHCFG: .*CUTOUT_TOKEN"):
        order(standin, EXTENT=ROCKIES)
    monkeypatch.setenv("CUTOUT_TOKEN", standin.key)
    assert order(standin, EXTENT=ROCKIES, DRY_RUN=True)["STATE"] == "new"


def test_a_store_of_a_newer_version_is_left_alone(site: Standin) -> None:
    store_path().parent.mkdir(exist_ok=True)
    with sqlite3.connect(store_path()) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(QgsProcessingException, match="newer version of Cutout"):
        order(site, EXTENT=ROCKIES)
    assert site.exports() == []
