"""Other people's Koordinates clients as judges: what they were written for, the stand-in must answer.

They live in build/clients-venv, which sees no system package, and run as processes of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from osgeo import ogr
from pyproj import Transformer
from shapely import wkb
from shapely.geometry import shape
from shapely.ops import transform, unary_union

from tests import ROOT
from tests.standin.client import Standin

CLIENTS = ROOT / "tests" / "standin" / "clients"
PYTHON = ROOT / "build" / "clients-venv" / "bin" / "python"
AREA = {"type": "Polygon", "coordinates": [[[-105.9, 40.2], [-105.5, 40.25], [-105.6, 40.5], [-105.9, 40.2]]]}


@pytest.fixture(scope="module")
def clients() -> Path:
    """The Python of the clients' venv; made if it is not there."""
    subprocess.run(["bash", str(ROOT / "scripts" / "setup.sh"), "clients"], cwd=ROOT, check=True, timeout=500)
    return PYTHON


@pytest.fixture(scope="module")
def secure() -> Iterator[Standin]:
    with Standin(tls=True) as standin:
        yield standin


def run(python: Path, script: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """What a client script printed. Its own words if it failed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    result = subprocess.run(
        [str(python), str(CLIENTS / script), *arguments],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return dict(json.loads(result.stdout.splitlines()[-1]))


def unpacked(archive: str, folder: Path) -> list[Path]:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def assert_is_the_area_in_utm(gpkg: Path) -> None:
    """The polygons of the file are in EPSG:26913, and together they are the asked triangle."""
    source = ogr.Open(str(gpkg))
    layer = source.GetLayer(0)
    assert layer.GetSpatialRef().GetAuthorityCode(None) == "26913"
    to_lon_lat = Transformer.from_crs(26913, 4326, always_xy=True).transform
    outlines = [transform(to_lon_lat, wkb.loads(bytes(f.GetGeometryRef().ExportToWkb()))) for f in layer]
    assert len(outlines) == 3
    assert unary_union(outlines).symmetric_difference(shape(AREA)).area < shape(AREA).area * 1e-6


def assert_no_key_reached_the_storage(standin: Standin) -> None:
    """Every download was served, and with no credential but the link itself."""
    served = standin.requests("storage")
    assert served and all(entry.status == 200 for entry in served)
    assert all(entry.header("authorization") is None for entry in served)


def test_the_vendors_client(clients: Path, secure: Standin, tmp_path: Path) -> None:
    secure.reset()
    secure.settings(page_size=4)
    host = urlsplit(secure.url).netloc
    bundle = {"REQUESTS_CA_BUNDLE": str(secure.certificate)}
    seen = run(clients, "official.py", host, secure.key, "101", json.dumps(AREA), str(tmp_path), **bundle)
    assert len(seen["layers"]) == 6 and (seen["kind"], seen["licence"]) == ("vector", "Public Domain")
    assert seen["formats"]["vector"]["applicaton/x-ogc-filegdb"] == "File Geodatabase"
    assert seen["reasons"] == {f"{secure.url}/services/api/v1/layers/101/": ["outside-extent"]}
    assert seen["create_error"] == ["outside-extent"]
    assert seen["is_valid"] is True and seen["states"] == ["processing", "complete"]
    assert (seen["cancelled"], seen["cancel_error"]) == ("cancelled", {"errors": ["Can't cancel"]})
    assert seen["exports"] == ["kx-from-the-vendor-s-client"] * 2
    assert len(seen["crop_features"]) == 64 and "Boulder" in seen["crop_features"]
    assert Path(seen["file"]).name == "kx-from-the-vendor-s-client.zip"
    files = unpacked(seen["file"], tmp_path / "out")
    assert_is_the_area_in_utm(next(path for path in files if path.suffix == ".gpkg"))
    assert_no_key_reached_the_storage(secure)


def test_the_vendors_client_reads_the_answer_to_create_from_its_location(
    clients: Path, secure: Standin, tmp_path: Path
) -> None:
    secure.reset()
    secure.settings(create_body=False)
    host = urlsplit(secure.url).netloc
    bundle = {"REQUESTS_CA_BUNDLE": str(secure.certificate)}
    seen = run(clients, "official.py", host, secure.key, "101", json.dumps(AREA), str(tmp_path), **bundle)
    assert seen["states"] == ["processing", "complete"]


def test_kapipy(clients: Path, tmp_path: Path) -> None:
    with Standin() as standin:
        arguments = (standin.url, standin.key, "101", "201", json.dumps(AREA), str(tmp_path))
        seen = run(clients, "kapipy_client.py", *arguments)
        assert (seen["title"], seen["srid"], seen["state"]) == ("Colorado Counties", 4326, "complete")
        assert seen["final_url"].startswith(standin.storage_url)
        assert [export["state"] for export in standin.exports()] == ["complete", "complete"]
        assert_no_key_reached_the_storage(standin)
    assert_is_the_area_in_utm(next(p for p in unpacked(seen["file"], tmp_path / "a") if p.suffix == ".gpkg"))
    (table,) = (path for path in unpacked(seen["table_file"], tmp_path / "b") if path.suffix == ".csv")
    assert "Côte d'Ivoire" in table.read_text(encoding="utf-8")


def test_koop_accepts_every_field(clients: Path, secure: Standin, tmp_path: Path) -> None:
    secure.reset()
    bundle = {"REQUESTS_CA_BUNDLE": str(secure.certificate), "KOOPCACHE_DIR": str(tmp_path)}
    seen = run(clients, "koop_client.py", urlsplit(secure.url).netloc, secure.key, "103", **bundle)
    source = ogr.Open(seen["file"])
    layer = source.GetLayer(0)
    assert layer.GetFeatureCount() == 1 and layer.GetSpatialRef().GetAuthorityCode(None) == "2193"
    assert_no_key_reached_the_storage(secure)
