"""What the tests of this folder order, and how they look at what came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from osgeo import gdal

from tests.headless.process import Ended, Headless
from tests.standin.client import Standin

ROCKIES = "-105.8,-105.5,40.2,40.5 [EPSG:4326]"
EXPORTS = "/services/api/v1.x/exports/"
gdal.UseExceptions()


def counties(site: Standin, **more: Any) -> dict[str, Any]:
    """The parameters of a small order from the Koordinates site."""
    return {"SERVER": site.url, "ITEMS": "layer:101", "EXTENT": ROCKIES, **more}


def order(headless: Headless, site: Standin, **more: Any) -> Ended:
    """That order, with the key in the environment, to its end."""
    return headless.run("koordinates", {"CUTOUT_TOKEN": site.key}, **counties(site, **more))


def collect(headless: Headless, site: Standin, jobs: str, **more: Any) -> Ended:
    return headless.run("collect", {"CUTOUT_TOKEN": site.key}, JOB_ID=jobs, **more)


def orders_sent(site: Standin) -> int:
    return sum(one.method == "POST" and one.path == EXPORTS for one in site.requests("koordinates"))


def whole(folder: str) -> dict[str, Any]:
    """The cutout.json of a job's folder that holds what it lists."""
    home = Path(folder)
    manifest: dict[str, Any] = json.loads((home / "cutout.json").read_text("utf-8"))
    assert manifest["files"] and home.name.endswith(f"-{manifest['job']['key']}")
    for entry in manifest["files"]:
        assert (home / entry["name"]).stat().st_size == entry["size"]
    return manifest


def found(uri: str) -> int:
    """How many features, or bands, GDAL finds in what LAYERS names."""
    path, _, name = uri.partition("|layername=")
    data = gdal.OpenEx(path)
    if data.RasterCount:
        return int(data.RasterCount)
    layer = data.GetLayerByName(name) if name else data.GetLayer(0)
    return int(layer.GetFeatureCount())
