"""What qgis_process refuses: exit code 1, and on the standard error a sentence that names the parameter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.headless.orders import collect, order, orders_sent
from tests.headless.process import Headless
from tests.standin.client import Standin

NOWHERE = "-40,-39,30,31 [EPSG:4326]"


@pytest.mark.parametrize(
    ("given", "names", "says"),
    [
        ({"ITEMS": "layer:999"}, "ITEMS: ", "has no layer 999"),
        ({"AREA": "areas.geojson"}, "AREA, EXTENT", "only one"),
        ({"EXTENT": NOWHERE, "DRY_RUN": True}, "EXTENT: ", "outside"),
        ({"SERVER": "http://127.0.0.1:9"}, "SERVER: ", "127.0.0.1:9"),
    ],
    ids=["unknown item", "both areas", "outside, dry run", "server down"],
)
def test_what_can_not_be_ordered(
    headless: Headless, site: Standin, given: dict[str, Any], names: str, says: str
) -> None:
    square = {"type": "Polygon", "coordinates": [[[-105, 40], [-104, 40], [-104, 41], [-105, 40]]]}
    (headless.work / "areas.geojson").write_text(json.dumps(square))
    ended = order(headless, site, **given)
    assert ended.status == 1 and names in ended.err and says in ended.err
    assert site.exports() == [] and orders_sent(site) == 0
    assert headless.jobs() == [] and list(headless.files.iterdir()) == []


def test_a_job_that_is_not_there(headless: Headless, site: Standin) -> None:
    ended = collect(headless, site, "0123abcd")
    assert ended.status == 1 and "JOB_ID: There is no job 0123abcd" in ended.err


def test_what_the_service_can_not_make_is_named_with_its_job(headless: Headless, site: Standin) -> None:
    site.settings(final="error")
    ended = order(headless, site)
    (job,) = headless.jobs()
    assert ended.status == 1 and ended.out == "" and ended.left == {job.key: "failed"}
    assert orders_sent(site) == 1
