"""cutout.json: what it says, and what it must not say."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cutout.core.errors import Cancelled, ExportError
from cutout.core.manifest import read, records, write
from cutout.core.model import ExportRequest, FileRecord, Job, JobState, License, Quote

AREA = {"type": "Polygon", "coordinates": [[[174.0, -41.0], [175.0, -41.0], [175.0, -42.0], [174.0, -41.0]]]}
SENT = {"type": "Polygon", "coordinates": [[[174.0, -42.0], [175.0, -42.0], [175.0, -41.0], [174.0, -42.0]]]}
REQUEST = ExportRequest(
    "koordinates",
    "https://data.linz.govt.nz",
    {"items": ["layer:50767"], "crs": "EPSG:2193", "crop_feature": "https://x.example/f?key=sesame", "token": "sesame"},
    AREA,
    "Straße",
    SENT,
    notes=("The area was simplified.",),
)
JOB = Job(
    "a1b2c3d4",
    REQUEST,
    authcfg="authcfg1",
    state=JobState.DONE,
    remote={"id": 17, "url": "https://s3.example/a.zip?X-Amz-Signature=sesame", "access_token": "sesame"},
    created=1_700_000_000.0,
    finished=1_700_000_100.5,
    quote=Quote(license=License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/?lang=en")),
    files=(FileRecord("a/b.tif", 3, "ab" * 32),),
    problems=("“../x” was left out.", "https://s3.example/b?sig=sesame answered: Bearer sesame123456789"),
)


def test_it_says_where_the_data_are_from(tmp_path: Path) -> None:
    layers = [f"{tmp_path}/a/b.tif", f"{tmp_path}/c.gpkg|layername=x"]
    assert write(JOB, tmp_path, attribution="Sourced from LINZ", layers=layers) == tmp_path / "cutout.json"
    document = read(tmp_path)
    assert document == json.loads((tmp_path / "cutout.json").read_text("utf-8"))
    assert document["service"] == "koordinates" and document["server"] == "https://data.linz.govt.nz"
    assert document["job"]["key"] == "a1b2c3d4" and document["job"]["remote"]["id"] == 17
    assert document["request"]["title"] == "Straße" and document["request"]["options"]["crs"] == "EPSG:2193"
    assert document["request"]["sent"] == SENT
    assert document["area"] == AREA
    assert (document["ordered"], document["finished"]) == ("2023-11-14T22:13:20Z", "2023-11-14T22:15:00Z")
    assert document["license"] == {"title": JOB.license.title, "url": JOB.license.url}
    assert document["attribution"] == "Sourced from LINZ"
    assert document["files"] == [{"name": "a/b.tif", "size": 3, "sha256": "ab" * 32}]
    assert document["layers"] == ["a/b.tif", "c.gpkg|layername=x"]
    assert document["problems"][0] == "“../x” was left out."
    assert set(document) == {
        "service", "server", "job", "request", "area", "ordered", "finished", "license", "attribution", "files",
        "layers", "problems",
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["cutout.json"]


def test_it_holds_no_secret_no_signed_link_and_no_path_of_this_machine(tmp_path: Path) -> None:
    job = replace(JOB, problems=(*JOB.problems, f"{tmp_path}/a.tif can't be opened", f"full ({tmp_path})"))
    text = write(job, tmp_path, layers=[f"{tmp_path}/a.tif"]).read_text("utf-8")
    for secret in ("sesame", "authcfg1", "Signature=", str(tmp_path)):
        assert secret not in text


def test_written_again_it_keeps_the_attribution_and_adds_problems(tmp_path: Path) -> None:
    write(JOB, tmp_path, attribution="LINZ")
    write(JOB, tmp_path, layers=["a.tif"], problems=["b.tif can't be opened.", JOB.problems[0]])
    document = read(tmp_path)
    assert document["attribution"] == "LINZ" and document["layers"] == ["a.tif"]
    assert len(document["problems"]) == 3 and document["problems"][-1] == "b.tif can't be opened."


def test_what_is_not_known_is_empty(tmp_path: Path) -> None:
    write(Job("k", ExportRequest("itwin", "https://api.bentley.com")), tmp_path)
    document = read(tmp_path)
    assert document["area"] is None and document["finished"] is None and document["attribution"] == ""
    assert document["files"] == document["layers"] == document["problems"] == []


def test_a_half_written_one_never_replaces_a_good_one(tmp_path: Path) -> None:
    write(JOB, tmp_path)
    before = (tmp_path / "cutout.json").read_bytes()
    (tmp_path / "cutout.json.part").mkdir()
    with pytest.raises(ExportError, match="can't be read or written"):
        write(replace(JOB, problems=()), tmp_path)
    assert (tmp_path / "cutout.json").read_bytes() == before


@pytest.mark.parametrize("text", [None, "", "{", "[1]", "[" * 100_000, "\udcff"])
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "cutout.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ExportError, match=r"cutout\.json"):
        read(tmp_path)
    write(JOB, tmp_path)
    assert read(tmp_path)["service"] == "koordinates"


def test_half_characters_do_not_stop_it(tmp_path: Path) -> None:
    write(replace(JOB, problems=("a\ud800b",)), tmp_path)
    assert read(tmp_path)["problems"] == ["a?b"]


def test_records_are_sizes_and_checksums(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.bin").write_bytes(content)
    (tmp_path / "empty").write_bytes(b"")
    told: list[int] = []
    found = records(tmp_path, [tmp_path / "sub" / "a.bin", tmp_path / "empty"], lambda done, total: told.append(done))
    assert found == (
        FileRecord("sub/a.bin", len(content), hashlib.sha256(content).hexdigest()),
        FileRecord("empty", 0, hashlib.sha256(b"").hexdigest()),
    )
    assert told[-1] == len(content) and len(told) > 1
    assert records(tmp_path, []) == ()


def test_checksums_can_be_cancelled_and_failures_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")

    def report(done: int, total: int | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        records(tmp_path, [tmp_path / "a"], report)
    with pytest.raises(ExportError, match=f"is gone, or something in it: {tmp_path}"):
        records(tmp_path, [tmp_path / "gone"])
