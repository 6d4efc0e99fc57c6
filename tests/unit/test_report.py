"""The report of a job: what a support needs is in it, and nothing that says who, where or with which key."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutout.core.masks import Masks
from cutout.core.model import (
    Agreement,
    Delivery,
    ExportRequest,
    FileRecord,
    Job,
    JobState,
    License,
    Problem,
    Quote,
)
from cutout.core.report import Around, report
from cutout.providers import services

SECRET = "s3cr3tK3yThatNobodyMaySee42"
HOME, WINDOWS, PROFILE = (
    "/home/erika",
    "C:\\Users\\Erika Muster",
    "/home/erika/.local/share/QGIS/QGIS3/profiles/default",
)
MAIL, TITLE, STREET = "erika.muster@post.example", "Grandmother's garden", "Lambton Quay 12"
WEST, SOUTH, EAST, NORTH = 174.776231, -41.286452, 174.781944, -41.281107
AREA = {
    "type": "Polygon",
    "coordinates": [[[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]],
}
NUMBERS = ("174.77", "174.78", "41.28", "41,28", "174,77", "1748806.4")
EVERYTHING = (
    f"key {SECRET}, https://s3.example/a.zip?X-Amz-Signature={SECRET}&x=1 "
    f"/export/7/?sig={SECRET} plain {SECRET} {HOME}/Kunden/Muster "
    f"{HOME.replace('/', '%2F')}%2Fx {WINDOWS}\\Desktop\\a.tif "
    f"{WINDOWS.replace(chr(92), chr(92) * 2)} file://{HOME}/x {PROFILE}/cutout/jobs.sqlite erika ERIKA {MAIL} "
    f"erika.muster%40post.example {TITLE} Grandmother-s-garden {STREET} "
    f"POLYGON(({WEST} {SOUTH}, {EAST} {NORTH})) bbox={WEST},{SOUTH},{EAST},{NORTH} bbox=174.77%2C-41.28 "
    "near 174.8 -41.3 "
    f"{json.dumps(AREA)} 41.286° S 41°17′11″S 1748806.42 5427930.88 x: {WEST:.2f} y: {SOUTH:.2f} "
    f"//server/share \\\\server\\kunden\\erika THE END "
    f"Authorization: Bearer {SECRET}"
)
GONE = (
    SECRET, "Kunden", "Muster", "erika", "Erika", "ERIKA", "kunden", "Desktop", "Users", TITLE, "Grandmother", STREET,
    "Lambton", "post.example", "41°", "17′", *NUMBERS,
)  # fmt: skip
AROUND = Around(
    {"Cutout": "0.0.1", "QGIS": "3.22.16", "Python": "3.11.2"},
    {PROFILE: "<profile>", HOME: "<home>", WINDOWS: "<home>", "erika": "<user>"},
)
BASE = Job(
    key="1a2b3c4d",
    request=ExportRequest(
        "cityloader",
        "https://v2.example.org/api",
        {"format": "stl", "include": ["terrain", "buildings"], "width": 500, "address": STREET},
        AREA,
        TITLE,
    ),
    state=JobState.FAILED,
    remote={"id": 7042},
    message="v2.example.org answered: The area is too large (status 422).",
    created=1_700_000_000.0,
    updated=1_700_000_300.0,
    submitted=1_700_000_002.0,
    finished=1_700_000_300.0,
    quote=Quote(price=Decimal("12.50"), currency="EUR"),
)


def asked(job: Job, **more: object) -> Job:
    return replace(job, request=replace(job.request, **more))


# Every field of a job that can hold a text or a number of somebody else.
FIELDS: dict[str, Callable[[str], Job]] = {
    "key": lambda text: replace(BASE, key=text),
    "service": lambda text: asked(BASE, service=text),
    "server": lambda text: asked(BASE, server=text),
    "title": lambda text: asked(BASE, title=text),
    "option": lambda text: asked(BASE, options={"format": text, "include": [text], "address": text}),
    "key of an option": lambda text: asked(BASE, options={text: text, "more": {"x": [text, WEST]}}),
    "point": lambda text: asked(BASE, options={"center": [WEST, SOUTH], "address": text}),
    "area": lambda text: asked(BASE, area={**AREA, "name": text}, sent={"type": text, "coordinates": [[WEST, SOUTH]]}),
    "notes": lambda text: asked(BASE, notes=(text,)),
    "authcfg": lambda text: replace(BASE, authcfg=text),
    "delivery": lambda text: replace(BASE, delivery=Delivery(text, True)),
    "remote": lambda text: replace(BASE, remote={"id": text, "refusal": text, "bbox": [WEST, SOUTH, EAST, NORTH]}),
    "key of an id": lambda text: replace(BASE, remote={text: 1, "download_token": "abcdefg", "exportUrl": text}),
    "message": lambda text: replace(BASE, message=text),
    "word": lambda text: replace(BASE, word=text),
    "agreed": lambda text: replace(BASE, agreed=Agreement(Decimal(1), text)),
    "quote": lambda text: replace(
        BASE, quote=Quote((text,), Decimal(1), text, 5, text, License(text, text), Decimal(99))
    ),
    "folder": lambda text: replace(BASE, folder=f"{HOME}/Kunden", message=f"{HOME}/Kunden/Muster is full. {text}"),
    "files": lambda text: replace(BASE, files=(FileRecord(text, 1, text), FileRecord(f"{text}.tif", 1, ""))),
    "layers": lambda text: replace(BASE, layers=(f"{HOME}/Kunden/{text}.gpkg|layername={text}",)),
    "problems": lambda text: replace(BASE, problems=(text, Problem(text, text), *["more"] * 10_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("known", [True, False], ids=["known service", "unknown service"])
def test_no_field_tells_who_where_or_with_which_key(name: str, known: bool) -> None:
    job = FIELDS[name](EVERYTHING)
    text = report(job, services()["cityloader"] if known else None, AROUND)
    assert [gone for gone in GONE if gone in text] == []
    assert len(text) < 60_000
    assert "QGIS: 3.22.16" in text and "State: failed" in text
    assert name != "message" or "THE END" in text, "nothing is out of sight behind the cut"


def test_no_field_was_forgotten() -> None:
    """Whoever adds a field that may hold a text adds it above, and here."""
    plain = ("JobState", "bool", "int", "float", "float | None")
    texts = {one.name for one in fields(Job) if one.type not in plain}
    assert texts == {
        "key", "request", "authcfg", "delivery", "remote", "message", "word", "quote", "folder", "files", "layers",
        "problems", "agreed",
    }  # fmt: skip
    request = {"service", "server", "options", "area", "title", "sent", "notes"}
    assert {one.name for one in fields(ExportRequest)} == request
    assert {one.name for one in fields(Delivery)} == {"folder", "clip"}


def test_what_a_support_needs_is_in_it() -> None:
    text = report(replace(BASE, problems=("One file is missing.",)), services()["cityloader"], AROUND)
    assert text.splitlines() == [
        "Report of Cutout",
        "Cutout: 0.0.1",
        "QGIS: 3.22.16",
        "Python: 3.11.2",
        "Service: cityloader",
        "Server: https://v2.example.org/api",
        "Job: 1a2b3c4d",
        "State: failed",
        "Message: v2.example.org answered: The area is too large (status 422).",
        "Created: 2023-11-14 22:13:20 UTC",
        "Ordered: 2023-11-14 22:13:22 UTC",
        "Last news: 2023-11-14 22:18:20 UTC",
        "Finished: 2023-11-14 22:18:20 UTC",
        "Price: 12.50 EUR",
        "Id at the service: id = 7042",
        "Option: format = stl",
        "Option: include = terrain, buildings",
        "Option: width = 500",
        "Not shown: address",
        "Area: Polygon of 1 parts or rings, 5 vertices",
        "Problem: One file is missing.",
    ]


@pytest.mark.parametrize("state", list(JobState))
def test_every_state_has_a_report(state: JobState) -> None:
    job = replace(BASE, state=state, due=1_700_000_400.0, wait=15.0, soft_errors=3, progress=0.5, paused=True)
    text = report(job, services()["cityloader"], AROUND)
    assert f"State: {state.value}, paused" in text and "Next look: 2023-11-14 22:20:00 UTC, after 15 s" in text
    assert "Faults in a row: 3" in text


@pytest.mark.parametrize(
    "said",
    [
        "data.linz.govt.nz answered: Invalid CRS EPSG:2193 for layer:101 (status 400).",
        "See https://data.linz.govt.nz/services/api/v1.x/exports/7042/ for more.",
        "No answer for 30 seconds. Paused after 5 tries in a row.",
        "GET /services/api/v1.x/exports/ on 127.0.0.1:8080 with requests 2.28.1 failed: ChunkedEncodingError",
        "Covered: 1,234 → 980 vertices, +4.2 % area",
        "Order 1a2b3c4d costs 12.50 NZD, 3,001 km2, at 2023-11-14 22:13:20 UTC",
        "Is this right? Yes, and/or no?",
    ],
)
def test_plain_words_stay_readable(said: str) -> None:
    assert Masks({PROFILE: "<profile>", "erika": "<user>"}, (), [AREA])(said) == said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"{PROFILE}/cutout/jobs.sqlite is locked", "<profile>/cutout/jobs.sqlite is locked"),
        ("The disk is full: /mnt/data/x", "The disk is full: <path>"),
        (f"{MAIL} has no credits", "<e-mail> has no credits"),
        ("outside of POLYGON((1 2, 3 4, 1 2))", "outside of POLYGON <numbers>"),
        ("download 0a1b2c3d-0000-1111-2222-5f6e7d8c9bab is gone", "download <key> is gone"),
        ("iModel 9a1b2c3d-0000-1111-2222-5f6e7d8c9bab is gone", "iModel 9a1b2c3d-0000-1111-2222-5f6e7d8c9bab is gone"),
        ("see https://x.example/a?b=c#d for more", "see https://x.example/a?••• for more"),
    ],
)
def test_what_is_masked_is_named(said: str, told: str) -> None:
    masks = Masks({PROFILE: "<profile>"}, ["9a1b2c3d-0000-1111-2222-5f6e7d8c9bab"], [AREA])
    assert masks(said) == told


def test_the_log_is_masked_too() -> None:
    log = (
        "12:00 WARNING Job 1a2b3c4d, “Grandmother's garden”: " + EVERYTHING,
        f'ERROR\n  File "{PROFILE}/python/x.py"',
    )
    text = report(BASE, services()["cityloader"], replace(AROUND, log=log))
    assert [gone for gone in GONE if gone in text] == []
    assert 'File "<profile>/python/x.py"' in text


@pytest.mark.parametrize(
    "piece", ["http://", "key:", "a?", "C:\\", "1 ", "1.5,", "(", "a@", "/home", "°1", "é", "\x00<"]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    began = time.thread_time()
    report(replace(BASE, message=piece * (100_000 // len(piece)), problems=(piece * 50_000,) * 3), None, AROUND)
    assert time.thread_time() - began < 2


HARMLESS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
TOLD = st.sampled_from(
    [
        f" {SECRET} ",
        f" token={SECRET}",
        f" https://s3.example/x?sig={SECRET}",
        f" {HOME}/a ",
        f" {WINDOWS}\\a",
        f" {MAIL} ",
        f" {WEST} {SOUTH} ",
        f" [{WEST}, {SOUTH}] ",
        f" {TITLE} ",
    ]
)
NEVER = (SECRET, "erika", "Erika", "Muster", "post.example", "174.77", "41.28", TITLE)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(HARMLESS, TOLD), min_size=1, max_size=4), HARMLESS, st.sampled_from(sorted(FIELDS)))
def test_whatever_stands_around_it_is_masked(parts: list[tuple[str, str]], end: str, name: str) -> None:
    text = "".join(before + told for before, told in parts) + end
    written = report(FIELDS[name](text), services()["cityloader"], AROUND)
    assert [one for one in NEVER if one in written] == []
    assert all(line.isprintable() for line in written.splitlines())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=10), JSON, max_size=4), JSON, st.floats(), st.text(max_size=20))
def test_any_job_has_a_report(options: dict[str, object], anything: object, moment: float, text: str) -> None:
    job = replace(BASE, remote=options, created=moment, due=moment, word=text, message=text)
    job = asked(job, options=options, area=anything if isinstance(anything, dict) else None, title=text)
    assert report(job, services()["cityloader"], AROUND).startswith("Report of Cutout\n")
