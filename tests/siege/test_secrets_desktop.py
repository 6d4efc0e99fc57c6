"""The desktop tells no secret: accounts in every way to sign in, orders from all services, good and bad, Processing.

As test_secrets.py, in a window: then the profile, HOME, TMPDIR, the project, and what can be read and copied.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.window import drive, profile, screen
from tests.headless.orders import ROCKIES
from tests.places import PARK, VIENNA
from tests.siege.searching import Search
from tests.siege.tellers import ACCESS, CODE, LOG_ALL, REFRESH, SIGNATURE, Teller, plugin_with_tellers
from tests.siege.test_secrets import KEY, PASSWORD, sent_to
from tests.standin.client import Standin

MASTER = "the master password of this story"
CLIENT_SECRET = "CLIENT-x1y2+z3/secret="
HELSINKI = {
    "type": "Polygon",
    "coordinates": [[[24.94, 60.166], [24.943, 60.166], [24.943, 60.168], [24.94, 60.168], [24.94, 60.166]]],
}


def story(standin: Standin, teller: Teller, folder: Path) -> dict[str, Any]:
    city, earth, bentley = (standin.of(name) for name in ("cityloader", "brightearth", "itwin"))
    model = bentley.facts["imodels"]["city"]["id"]
    accounts = [
        ("token", "koordinates", standin.url, standin.key, {}),
        ("login", "brightearth", earth.url, earth.facts["password"], {"user": earth.facts["email"]}),
        ("share key", "itwin", bentley.url, bentley.facts["share_key"], {"way": "sharekey"}),
        ("city", "cityloader", city.facts["api"], city.facts["tokens"]["full"], {}),
        ("browser", "bentley", teller.url(), CLIENT_SECRET, {"way": "browser", "user": "native-client", "code": CODE}),
        ("said back", "koordinates", teller.url("/json/500"), KEY, {}),
        ("login said back", "brightearth", teller.url("/401"), PASSWORD, {"user": "me@example.org"}),
        ("buggy", "buggy", teller.url("/bug"), KEY, {}),
    ]
    items = ",".join(standin.layer_url(name) for name in ("counties", "elevation"))
    orders = [
        ("koordinates", standin.url, {"items": items}, PARK, "Park"),
        ("brightearth", earth.url, {}, HELSINKI, "Helsinki"),
        ("itwin", bentley.url, {"imodel": model}, None, "Tiles"),
        ("cityloader", city.facts["api"], {}, VIENNA, "City"),
        ("koordinates", teller.url("/json/500"), {"items": "layer:1"}, PARK, "Said back"),
        ("brightearth", teller.url("/401"), {}, HELSINKI, "Login said back"),
        ("buggy", teller.url("/bug"), {}, None, "Buggy"),
    ]
    run = {"SERVER": standin.url, "ITEMS": "layer:101", "EXTENT": ROCKIES, "OUTPUT": str(folder / "output")}
    names = ("service", "server", "options", "area", "title")
    return {
        "accounts": [{"name": a, "service": b, "url": c, "password": d, **more} for a, b, c, d, more in accounts],
        "requests": [dict(zip(names, one)) for one in orders],
        "processing": {"good": run, "bad": {**run, "SERVER": teller.url("/json/500")}},
        "master": MASTER,
        "log_all": LOG_ALL,
        "downloads": str(folder / "downloads"),
        "project": str(folder / "project.qgz"),
        "shown": str(folder / "shown.txt"),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("told")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def answer(folder: Path) -> Any:
    for name in ("home", "scratch"):
        (folder / name).mkdir(mode=0o700)
    profile(folder)
    plugin_with_tellers(folder)
    with Standin() as standin, Teller() as teller, screen() as environment:
        standin.settings(polls=0)
        standin.of("cityloader").settings(polls=0)
        standin.of("brightearth").settings(polls=0)
        standin.of("itwin").settings(polls=0, empty=0, tiles=4)
        more = {
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "scratch"),
            "XDG_RUNTIME_DIR": str(folder / "scratch"),
            "QGIS_LOG_FILE": str(folder / "messages.log"),
            "TELLER_LOG": str(folder / "debug.log"),
            "TELLER_AUTHORIZE": teller.url("/authorize"),
            "TELLER_TOKEN": teller.url("/token"),
            "TELLER_SCOPE": "itwin-platform offline_access",
            "BROWSER": "/bin/true",
        }
        script = Path(__file__).with_name("secrets_story.py")
        answer = drive(folder, script, story(standin, teller, folder), {**environment, **more}, 150)
        given = {"key": KEY, "password": PASSWORD, "signature": SIGNATURE, "master password": MASTER}
        given |= {"access token": ACCESS, "refresh token": REFRESH, "code": CODE, "client secret": CLIENT_SECRET}
        asked = [one.path for one in teller.seen()]
        return {**answer, "secrets": {**given, **sent_to(standin.requests())}, "asked": asked}


def test_what_was_to_be_good_was_good(answer: Any) -> None:
    assert answer["trouble"] == "" and answer["status"] == 0, answer["log"][-3000:]
    states = answer["states"]
    assert {title: states[title] for title in ("Park", "Helsinki", "Tiles", "City")} == dict.fromkeys(
        ("Park", "Helsinki", "Tiles", "City"), "done"
    )
    assert len(answer["layers"]) > 6 and "/token" in answer["asked"]
    assert "may order" in answer["notices"]["token"] and "credits are left" in answer["notices"]["login"]


def test_what_was_to_be_bad_was_bad(answer: Any) -> None:
    messages, notices = answer["messages"], answer["notices"]
    assert "You sent" in messages["Said back"] and "You sent" in notices["said back"]
    assert "You sent" in messages["Login said back"] and "You sent" in notices["login said back"]
    assert "RuntimeError" in messages["Buggy"]
    assert "You sent" in answer["processing"]["bad"]


def test_no_secret_is_anywhere(answer: Any, folder: Path) -> None:
    search = Search(answer["secrets"])
    search.folders(folder, but=["order.json"])
    names = {path.name for path in folder.rglob("*")}
    assert {"project.qgz", "project.qgs", "jobs.sqlite", "cutout.json", "qgis-auth.db", "debug.log"} <= names
    assert "everything is logged" in (folder / "debug.log").read_text()
    history = [path for path in folder.rglob("*") if path.name in ("processing.log", "user-history.db")]
    assert any(b"cutout:koordinates" in path.read_bytes() for path in history), "Processing keeps what was run"
    shown = (folder / "shown.txt").read_text()
    assert "Report of Cutout" in shown and "Unexpected failure" in shown
    print(f"{search.files} files, {search.bytes:,} bytes, {len(search.secrets)} secrets in {search.forms} forms: "
          f"{len(search.found)} found")  # fmt: skip
    print("\n".join(search.found))
    assert search.found == []


def test_qgis_keeps_no_sign_in_in_the_profile(answer: Any, folder: Path) -> None:
    assert "/token" in answer["asked"]
    kept = [path for path in folder.rglob("authcfg-*.ini") if path.stat().st_size]
    print(f"Signed in with PKCE: {answer['pkce']}. Kept: {[str(path.relative_to(folder)) for path in kept]}")
    assert [path for path in kept if path.relative_to(folder).parts[0] == "profiles"] == []


def test_the_settings_of_qgis_know_the_accounts_and_not_their_keys(answer: Any, folder: Path) -> None:
    settings = (folder / "profiles" / "default" / "QGIS" / "QGIS3.ini").read_text()
    assert settings.count("authcfg=") >= 8
