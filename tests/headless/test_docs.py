"""docs/processing.md: its commands are run as they stand, and it leaves out nothing that the algorithms take."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from osgeo import gdal

from cutout.core.provider import Provider
from cutout.providers import services
from cutout.toolbox.options import option_parameters
from cutout.toolbox.parameters import collect_parameters, order_parameters, outputs
from tests import ROOT
from tests.headless.orders import found, orders_sent, whole
from tests.headless.process import Headless, program
from tests.headless.vault import Saved
from tests.standin.client import Standin

PAGE = (ROOT / "docs" / "processing.md").read_text("utf-8")
CONSOLE = Path(__file__).with_name("console.py")
SCRIPT = ROOT / "docs" / "order_without_qgis.py"
CATCHMENTS = {"Upper": (-105.8, 40.4), "Lower": (-105.8, 40.2)}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def sections() -> dict[str, str]:
    """By the anchor that GitHub makes of the heading."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in parts[1::2]]
    return dict(zip(anchors, parts[2::2]))


def named(section: str) -> set[str]:
    """The parameters in the first column of its table."""
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.fixture
def page(vault: Headless, saved: Saved, site: Standin) -> Mapping[str, str]:
    """What stands on the page, and what stands for it here: the site, an item and a place of it, and folders."""
    bin = vault.folder / "bin"
    bin.mkdir()
    (bin / "qgis_process").symlink_to(program())
    vault.environment["PATH"] = f"{bin}:{vault.environment['PATH']}"
    return {
        "https://data.linz.govt.nz": site.url,
        "layer:50772": "layer:101",
        "layer:51768": "layer:104",
        "174.76,174.80,-41.30,-41.28": "-105.8,-105.5,40.2,40.5",
        "174.76,-41.30,174.80,-41.28": "-105.8,40.2,-105.5,40.5",
        "ab12cd3": saved.authcfg,
        "/home/gis/.config/qgis-master": str(saved.right),
        "/home/gis": str(vault.home),
        "/opt/plugins": str(vault.profile / "profiles" / "default" / "python" / "plugins"),
    }


def here(text: str, page: Mapping[str, str]) -> str:
    for there, value in page.items():
        assert there in PAGE
        text = text.replace(there, value)
    return text


@pytest.fixture
def key(tmp_path: Path, vault: Headless, standin: Standin) -> Iterator[Path]:
    """~/.config/linz.key, a file that only its owner can read and that is gone when secrets are looked for."""
    path = vault.home / ".config" / "linz.key"
    path.parent.mkdir()
    path.write_text(standin.key)
    yield path
    path.unlink()


def catchments(folder: Path) -> None:
    squares = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]],
            },
        }
        for name, (x, y) in CATCHMENTS.items()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": squares})
    assert gdal.VectorTranslate(str(folder / "catchments.gpkg"), gdal.OpenEx(text), format="GPKG") is not None


def test_the_commands(vault: Headless, site: Standin, page: Mapping[str, str], key: Path) -> None:
    catchments(vault.work)
    shutil.copy(SCRIPT, vault.work)
    script = here("set -eu\n" + "\n".join(blocks("sh")), page)
    with vault.process(["sh", "-c", script]) as process:
        ended = vault.end(process)
    assert ended.status == 0, ended.err
    first, later, *each, model, without = site.exports()
    assert orders_sent(site) == len(site.exports()) == 6 and len(each) == 2
    assert "STATE:\tnew" in ended.out and "PRICE:\t0" in ended.out
    done = vault.jobs()
    titles = ["Parcels", "Later", "Catchment Upper", "Catchment Lower"]
    assert [job.title for job in reversed(done)][:4] == titles and len(done) == 5
    assert all(whole(job.folder) for job in done)
    folders = {vault.work / name for name in ("parcels", "catchments", "grid")}
    assert {Path(job.folder).parent for job in done} == folders
    assert found(str(vault.work / "statistics.gpkg"))
    assert all(found(uri) for job in done for uri in job.layers)
    assert ended.out.splitlines()[-1].startswith(str(vault.work / "parcels" / "parcels-"))
    assert done[-1].layers[0] in ended.out.splitlines()


def test_the_crontab(vault: Headless, site: Standin, page: Mapping[str, str]) -> None:
    (block,) = blocks("crontab")
    *settings, line = here(block, page).splitlines()
    command = line.split(None, 5)[5]
    # As cron has it: nothing in the environment but this and what the crontab says.
    kept = ("HOME", "PATH", "LC_ALL", "TMPDIR", "QGIS_CUSTOM_CONFIG_PATH", "PROJ_NETWORK")
    vault.environment = {name: vault.environment[name] for name in kept}
    said = dict(setting.split("=", 1) for setting in settings)
    with vault.process(["sh", "-c", command], said) as process:
        ended = vault.end(process)
    (job,) = vault.jobs()
    assert (ended.status, ended.out, ended.err) == (0, "", "") and whole(job.folder)
    assert Path(job.folder).parent == vault.home / "parcels" and job.authcfg
    site.fault("reset", path="/", count=-1)
    with vault.process(["sh", "-c", command], said) as process:
        mail = vault.end(process).out
    assert "SERVER: " in mail and len(mail.splitlines()) <= 3 and len(vault.jobs()) == 1


def test_the_python_console(vault: Headless, site: Standin, page: Mapping[str, str]) -> None:
    typed = json.dumps([here(block, page) for block in blocks("python")])
    with vault.process([sys.executable, str(CONSOLE)], {"CUTOUT_TOKEN": site.key}, typed) as process:
        ended = vault.end(process, typed)
    assert ended.status == 0, ended.err
    one, other = reversed(vault.jobs())
    counted, listed, *_ = ended.out.splitlines()
    assert int(counted) == found(one.layers[0]) > 0 and listed == str(list(other.layers))
    assert len(site.exports()) == 2 and whole(one.folder) and whole(other.folder)


@pytest.mark.parametrize("name", [*services(), "collect", "cover"])
def test_the_help_of_an_algorithm_is_a_section(name: str) -> None:
    assert f"cutout{name}" in sections() and f"[cutout:{name}](#cutout{name})" in PAGE


@pytest.mark.parametrize("service", services().values(), ids=lambda service: service.id)
def test_every_parameter_is_told_and_no_other(service: type[Provider]) -> None:
    common, own = sections()["what-they-have-in-common"], sections()[f"cutout{service.id}"]
    options = {parameter.name() for parameter in option_parameters(service)}
    assert named(own) == options
    given = {parameter.name() for parameter in order_parameters(service)} - options
    assert named(common) == given | {output.name() for output in outputs()}
    for option in service.options:
        for choice in option.choices if not option.guide else ():
            assert f"`{choice.value}`" in own


def test_every_parameter_of_collect_is_told() -> None:
    told = sections()["cutoutcollect"]
    assert all(f"`{parameter.name()}`" in told.replace("=false", "") for parameter in collect_parameters())
