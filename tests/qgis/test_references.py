"""What a service sent must not make QGIS read other files of this machine or ask other hosts."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from osgeo import gdal

from cutout.bridge import references
from cutout.bridge.survey import survey
from cutout.core.errors import ExportError
from tests.qgis import deliveries


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A job's folder, and a raster outside of it."""
    folder = tmp_path / "job"
    folder.mkdir()
    deliveries.raster(tmp_path / "private.tif")
    return folder


def vrt(path: Path, source: str, relative: str = ' relativeToVRT="1"') -> None:
    """A virtual raster of one band that shows the source."""
    gdal.BuildVRT(str(path), str(deliveries.DEM))
    lines = path.read_text("utf-8").splitlines()
    named = f"<SourceFilename{relative}>{source}</SourceFilename>"
    path.write_text("\n".join(named if "<SourceFilename" in line else line for line in lines), "utf-8")


@pytest.mark.parametrize("name", ["evil.vrt", "evil.tif", "evil.asc"])
@pytest.mark.parametrize(
    "source",
    [
        "../private.tif",
        "{outside}",
        "..&#47;private.tif",
        "/vsicurl/http://127.0.0.1:9/a.tif",
        "&#47;vsicurl&#47;http://127.0.0.1:9/a.tif",
        "http://127.0.0.1:9/a.tif",
        "/vsizip/job.zip/a.tif",
        "GTIFF_DIR:1:{outside}",
        "&lt;GDAL_WMS&gt;&lt;/GDAL_WMS&gt;",
        "not-there.tif",
        "evil.vrt",
    ],
)
def test_a_virtual_raster_that_leads_out_is_refused_whatever_its_name(job: Path, source: str, name: str) -> None:
    vrt(job / name, source.format(outside=job.parent / "private.tif"))

    arrival = survey(job)

    assert arrival.sources == ()
    assert len(arrival.problems) == 1
    assert arrival.problems[0].startswith(name)


def test_a_name_relative_to_where_qgis_runs_is_no_file_of_the_job(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliveries.raster(job / "private.tif")
    vrt(job / "evil.vrt", "private.tif", relative="")
    monkeypatch.chdir(job.parent)

    arrival = survey(job)

    assert [source.name for source in arrival.sources] == ["private"]
    assert "evil.vrt" in arrival.problems[0]


def test_a_virtual_raster_of_the_jobs_own_files_stands_for_them(job: Path) -> None:
    deliveries.raster(job / "part" / "dem.tif")
    vrt(job / "inner.vrt", "part/dem.tif")
    vrt(job / "outer.vrt", "inner.vrt")

    arrival = survey(job)

    assert (arrival.uris, arrival.problems) == ((str(job / "outer.vrt"),), ())


def test_what_leads_out_at_second_hand_is_refused_too(job: Path) -> None:
    deliveries.files(job, {"service.xml": "<GDAL_WMS><Service name='TMS'/></GDAL_WMS>"})
    vrt(job / "a.vrt", "b.vrt")
    vrt(job / "b.vrt", "c.vrt")
    vrt(job / "c.vrt", "b.vrt")
    vrt(job / "d.vrt", "service.xml")
    vrt(job / "e.vrt", "f.tif")
    vrt(job / "f.tif", "../private.tif")

    arrival = survey(job)

    told = " ".join(arrival.problems)
    assert all(name in told for name in ("d.vrt", "e.vrt", "f.tif"))
    assert arrival.sources == ()


def test_a_virtual_raster_with_code_is_refused(job: Path) -> None:
    deliveries.raster(job / "dem.tif")
    vrt(job / "code.vrt", "dem.tif")
    text = (
        (job / "code.vrt")
        .read_text("utf-8")
        .replace("<VRTRasterBand ", '<VRTRasterBand subClass="VRTDerivedRasterBand" ')
    )
    code = "<PixelFunctionLanguage>Python</PixelFunctionLanguage><PixelFunctionCode>import os</PixelFunctionCode>"
    (job / "code.vrt").write_text(text.replace("</VRTRasterBand>", f"{code}</VRTRasterBand>"), "utf-8")

    arrival = survey(job)

    assert [source.name for source in arrival.sources] == ["dem"]
    assert "code.vrt" in arrival.problems[0]


@pytest.mark.parametrize("source", ["../private.csv", "PG:host=127.0.0.1", "WFS:http://127.0.0.1:9/", "table.csv"])
def test_a_virtual_layer_is_looked_through(job: Path, source: str) -> None:
    deliveries.files(job.parent, {"private.csv": "a,b\n1,2\n"})
    layer = f'<OGRVRTLayer name="table"><SrcDataSource relativeToVRT="1">{source}</SrcDataSource></OGRVRTLayer>'
    deliveries.files(job, {"table.csv": "a,b\n1,2\n", "x.vrt": f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"})

    arrival = survey(job)

    good = source == "table.csv"
    assert arrival.uris == (str(job / ("x.vrt" if good else "table.csv")),)
    assert len(arrival.problems) == (0 if good else 1)


def test_a_companion_that_names_overviews_elsewhere_is_refused(job: Path) -> None:
    deliveries.raster(job / "dem.tif")
    item = '<MDI key="OVERVIEW_FILE">{}</MDI>'
    pam = '<PAMDataset><Metadata domain="OVERVIEWS">{}</Metadata></PAMDataset>'
    deliveries.files(job, {"dem.tif.aux.xml": pam.format(item.format("/vsicurl/http://127.0.0.1:9/a.ovr"))})

    arrival = survey(job)

    assert arrival.sources == ()
    assert "vsicurl" in arrival.problems[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tiles.gml", "<GDAL_WMS><Service name='TMS'><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>"),
        ("wfs.dat", "<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>"),
    ],
)
def test_files_that_only_name_a_server_are_refused(job: Path, name: str, content: str) -> None:
    deliveries.files(job, {name: content})

    arrival = survey(job)

    assert arrival.sources == ()
    assert arrival.problems[0].startswith(name)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW v AS SELECT ogr_geocode('here') AS x",
        "CREATE VIEW v AS SELECT Load_Extension ('x.so') AS x",
        "CREATE VIEW v AS SELECT gdal_get_pixel_value('/x.tif', 1, 'georef', 1, 1) AS x",
    ],
)
def test_a_geopackage_whose_views_reach_out_is_refused(job: Path, statement: str) -> None:
    deliveries.vector(job / "land.gpkg", "GPKG")
    assert len(survey(job).sources) == 1
    with closing(sqlite3.connect(job / "land.gpkg")) as database:
        database.execute(statement)
        database.commit()

    arrival = survey(job)

    assert arrival.sources == ()
    assert "land.gpkg" in arrival.problems[0]


def test_a_geopackage_with_a_virtual_table_of_another_kind_is_refused(job: Path) -> None:
    deliveries.vector(job / "land.gpkg", "GPKG")
    with closing(sqlite3.connect(job / "land.gpkg")) as database:
        database.execute("PRAGMA writable_schema = ON")
        statement = "CREATE VIRTUAL TABLE v USING VirtualOGR('/etc/x.shp')"
        database.execute("INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, ?)", [statement])
        database.commit()

    assert survey(job).sources == ()


def test_a_link_out_of_the_folder_is_refused(job: Path) -> None:
    os.symlink(job.parent / "private.tif", job / "mine.tif")

    arrival = survey(job)

    assert arrival.sources == ()
    assert "link" in arrival.problems[0]


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:9/a.glb",
        "//127.0.0.1/a.glb",
        "/etc/passwd",
        "../../a.glb",
        "%2e%2e/%2e%2e/a.glb",
        "file:///a",
        "C:/a",
        "a%00.glb",
    ],
)
def test_a_tileset_that_leads_out_is_refused(job: Path, uri: str) -> None:
    inner = {"root": {"children": [{"content": {"uri": uri}}]}}
    outer = {"root": {"content": {"uri": "inner.json"}}}
    deliveries.files(job, {"city/tileset.json": json.dumps(outer), "city/inner.json": json.dumps(inner)})

    with pytest.raises(ExportError, match="no file of this job"):
        references.check_scene(job / "city" / "tileset.json", job)


def test_a_tileset_of_its_own_tiles_is_fine_beside_other_json(job: Path) -> None:
    tileset = {"root": {"children": [{"content": {"url": "0/a b.b3dm?v=1"}}, {"content": {"uri": "data:;base64,AA"}}]}}
    deep = '{"root":' + '{"children":[' * 300 + "{}" + "]}" * 300 + "}"
    manifest = {"license": {"url": "https://creativecommons.org/licenses/by/4.0/"}}
    deliveries.files(
        job,
        {"tileset.json": json.dumps(tileset), "cutout.json": json.dumps(manifest), "deep.json": deep, "x.json": "["},
    )

    references.check_scene(job / "tileset.json", job)


def test_what_is_no_tileset_is_told(job: Path) -> None:
    deliveries.files(job, {"tileset.json": "[]"})

    with pytest.raises(ExportError, match="not a tileset"):
        references.check_scene(job / "tileset.json", job)
