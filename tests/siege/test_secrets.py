"""qgis_process tells no secret: runs of all services, good and bad ones, with everything logged that can be logged.

Every file that is left anywhere is searched, for every secret that was sent, in every form (tests/siege/searching.py).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests import ROOT
from tests.headless.conftest import SAVE
from tests.headless.orders import counties
from tests.headless.process import Ended, Headless
from tests.headless.vault import MASTER, NAME
from tests.siege.searching import Search, watched
from tests.siege.tellers import LOG_ALL, SIGNATURE, Teller, plugin_with_tellers
from tests.standin.client import Recorded, Standin

KEY = 'Zq7/k9+w&x=41~end"<z'  # has what is written in another way in addresses, JSON and HTML
PASSWORD = 'Pw7/ö9+w&x=41~end"<z'
BURGGASSE = "16.3468,16.3512,48.2038,48.2068 [EPSG:4326]"
SIGNED = re.compile(r"sig|policy|token|credential|key", re.IGNORECASE)  # names of the parameters of signed links


class Night:
    """All runs, one after the other, in one profile."""

    def __init__(self, headless: Headless, standin: Standin, teller: Teller) -> None:
        self.headless, self.standin, self.teller = headless, standin, teller
        self.good: dict[str, Ended] = {}
        self.bad: dict[str, Ended] = {}
        self.seen: dict[str, bytes] = {}
        self.secrets = {"key": KEY, "password": PASSWORD, "signature": SIGNATURE, "master password": MASTER}
        identity = standin.of("itwin").facts["ims"]
        (headless.folder / "log_all.py").write_text(LOG_ALL)
        self.common = {
            "PYQGIS_STARTUP": str(headless.folder / "log_all.py"),
            "TELLER_LOG": str(headless.scratch / "debug.log"),
            "TELLER_AUTHORIZE": f"{identity}/connect/authorize",
            "TELLER_TOKEN": f"{identity}/connect/token",
            "TELLER_SCOPE": "itwin-platform",
            "QGIS_LOG_FILE": str(headless.scratch / "qgis.log"),
        }

    def run(self, algorithm: str, secret: Mapping[str, str], **parameters: Any) -> Ended:
        with watched(os.getpid()) as seen:
            ended = self.headless.run(algorithm, {**self.common, **secret}, **parameters)
        self.seen.update(seen)
        return ended

    def good_ones(self) -> None:
        standin = self.standin
        city, earth, itwin = (standin.of(name) for name in ("cityloader", "brightearth", "itwin"))
        standin.settings(polls=1)
        city.settings(polls=0)
        earth.settings(polls=0)
        itwin.settings(polls=0, empty=0, tiles=4)
        west, south, east, north = earth.facts["place"]
        place = f"{west},{west + (east - west) / 4},{south},{south + (north - south) / 4} [EPSG:4326]"
        login = {"CUTOUT_USERNAME": earth.facts["email"], "CUTOUT_PASSWORD": earth.facts["password"]}
        client = {"CUTOUT_USERNAME": itwin.facts["service_client_id"]}
        client["CUTOUT_PASSWORD"] = itwin.facts["service_client_secret"]
        model, saved = itwin.facts["imodels"]["city"]["id"], self._saved()
        opened = {NAME: str(self.headless.folder / "master")}
        runs: dict[str, tuple[str, Mapping[str, str], dict[str, Any]]] = {
            "token": ("koordinates", {"CUTOUT_TOKEN": standin.key}, counties(standin)),
            "auth config": ("koordinates", opened, counties(standin, AUTHCFG=saved)),
            "token of a city": (
                "cityloader",
                {"CUTOUT_TOKEN": city.facts["tokens"]["full"]},
                {"SERVER": city.facts["api"], "EXTENT": BURGGASSE},
            ),
            "e-mail and password": ("brightearth", login, {"SERVER": earth.url, "EXTENT": place}),
            "share key": ("itwin", {"CUTOUT_SHARE_KEY": itwin.facts["share_key"]}, {"IMODEL": model}),
            "access token": ("itwin", {"CUTOUT_TOKEN": itwin.facts["token"]}, {"IMODEL": model}),
            "client id and secret": ("bentley", client, {"IMODEL": model}),
        }
        for name, (algorithm, secret, parameters) in runs.items():
            self.good[name] = self.run(algorithm, secret, **{"SERVER": itwin.url, **parameters})

    def bad_ones(self, tls: Standin) -> None:
        token, login = {"CUTOUT_TOKEN": KEY}, {"CUTOUT_USERNAME": "me@example.org", "CUTOUT_PASSWORD": PASSWORD}
        for path in ("401", "500", "json/403", "json/500", "cut", "away", "headers"):
            self.bad[path] = self.run(
                "koordinates", token, **counties(self.standin, SERVER=self.teller.url(f"/{path}"))
            )
        bbox = {"EXTENT": BURGGASSE}
        self.bad["login"] = self.run("brightearth", login, SERVER=self.teller.url("/json/500"), **bbox)
        self.bad["city"] = self.run("cityloader", token, SERVER=self.teller.url("/json/500"), **bbox)
        self.bad["itwin"] = self.run("itwin", token, SERVER=self.teller.url("/json/403"), IMODEL="x")
        self.bad["bug"] = self.run("buggy", token, SERVER=self.teller.url("/bug"))
        self.bad["certificate"] = self.run("koordinates", token, **counties(tls))
        right = {"CUTOUT_TOKEN": self.standin.key}
        self.standin.fault("status", server="storage", count=-1, text=f"No: {self.standin.key} /a?sig={SIGNATURE}")
        self.bad["link"] = self.run("koordinates", right, **counties(self.standin))
        self.secrets |= sent_to(self.standin.requests())

    def _saved(self) -> str:
        """The id of an auth config with the site's key."""
        (self.headless.folder / "master").write_text(f"{MASTER}\n")
        given = {"CUTOUT_TOKEN": self.standin.key, "MASTER": MASTER, "PYTHONPATH": str(ROOT)}
        with self.headless.process([sys.executable, str(SAVE), self.standin.url], given) as process:
            return self.headless.end(process).out.split()[-1]


def sent_to(requests: list[Recorded]) -> dict[str, str]:
    """Every secret that reached the stand-ins: keys, sessions, what bought them, and the signatures of links."""
    found = {}
    for one in requests:
        if header := one.header("Authorization"):
            found[header.partition(" ")[2]] = f"credentials for {one.server}"
        for name, value in parse_qsl(one.query):
            if SIGNED.search(name) and len(value) > 15:
                found[value] = f"{name} of a link to {one.server}"
        if "login" in one.path:
            found[one.json["password"]] = "password"
        if one.path.endswith("/token"):
            found[dict(parse_qsl(one.body.decode()))["client_secret"]] = "client secret"
    return {f"{what}, {number}": secret for number, (secret, what) in enumerate(found.items())}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    headless = Headless(tmp_path_factory.mktemp("night"))
    plugin_with_tellers(headless.profile)
    with Standin() as standin, Standin(tls=True) as tls, Teller() as teller:
        night = Night(headless, standin, teller)
        night.good_ones()
        night.bad_ones(tls)
        yield night
    shutil.rmtree(headless.folder, ignore_errors=True)


def test_the_good_runs_were_good_and_everything_was_logged(night: Night) -> None:
    assert {name: ended.results["STATE"] for name, ended in night.good.items()} == dict.fromkeys(night.good, "done")
    log = (night.headless.scratch / "debug.log").read_text()
    assert log.count("everything is logged") >= len(night.good) + len(night.bad)
    assert "urllib3.connectionpool:http://127.0.0.1" in log and "?•••" in log


def test_the_bad_runs_were_bad_and_say_why(night: Night) -> None:
    said = {name: ended.err for name, ended in night.bad.items()}
    assert {name for name, ended in night.bad.items() if ended.status != 1} == set()
    assert all("You sent" in said[name] for name in ("401", "500", "json/403", "json/500", "login", "city", "itwin"))
    assert "certificate" in said["certificate"]
    assert "RuntimeError" in said["bug"] and "buggy.py" in said["bug"]
    assert "127.0.0.1:9" in said["away"] and "broke off" in said["cut"]
    log = (night.headless.scratch / "debug.log").read_text()
    assert "Traceback" in log and "Unexpected failure" in log


def test_no_secret_is_anywhere(night: Night) -> None:
    search = Search(night.secrets)
    search.folders(night.headless.folder, but=["master"])
    for ended in night.headless.ended:
        search.look(ended.out.encode(), "standard output")
        search.look(ended.err.encode(), "standard error")
    for where, content in night.seen.items():
        search.look(content, f"the command line of {where}")
    kinds = sorted({what.partition(",")[0].partition(" of a link")[0] for what in search.secrets})
    print(f"{search.files} files, {search.bytes:,} bytes, {len(search.secrets)} secrets ({', '.join(kinds)}) "
          f"in {search.forms} forms: {len(search.found)} found")  # fmt: skip
    print("\n".join(search.found))
    assert search.files > 50 and len(search.secrets) > 15
    assert search.found == []


def test_nothing_was_started_with_a_secret(night: Night) -> None:
    """The environment is handed on to every process that is started: QGIS starts one itself, Cutout none."""
    ours = (b"qgis_process", b"tests.standin", b"pytest")
    assert any(ours[0] in content for content in night.seen.values())
    others = {content for content in night.seen.values() if not any(one in content for one in ours)}
    assert others - {b""} <= {b"/usr/bin/whoami\0"}


def test_what_is_kept_is_kept_for_its_user_alone(night: Night) -> None:
    modes = {path: path.stat().st_mode & 0o077 for path in night.headless.store.parent.rglob("*")}
    assert night.headless.store in modes and json.dumps(str(night.headless.store))
    assert {path.name: oct(mode) for path, mode in modes.items() if mode and path.suffix != ".pem"} == {}
