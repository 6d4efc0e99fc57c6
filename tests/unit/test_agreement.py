"""What an order may cost: kept with the job, and compared with what the service says right before it leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cutout.core.model import Agreement, ExportRequest, Job, Quote, new_job
from cutout.providers.koordinates import _quote

JOB = new_job(ExportRequest("koordinates", "https://data.example.org"), 0.0)


@pytest.mark.parametrize("agreed", [None, Agreement(), Agreement(Decimal("12.50"), "NZD")])
def test_it_goes_to_json_and_back(agreed: Agreement | None) -> None:
    job = replace(JOB, agreed=agreed)
    assert Job.from_json(job.to_json()) == job


def test_a_job_from_before_there_were_agreements_can_be_read() -> None:
    raw = json.loads(JOB.to_json())
    del raw["agreed"]
    assert Job.from_json(json.dumps(raw)) == JOB


@pytest.mark.parametrize(
    ("agreed", "now", "leaves"),
    [
        ("12.50 NZD", "12.50 NZD", True),
        ("12.50 NZD", "12.49 NZD", True),
        ("12.50 NZD", "12.51 NZD", False),
        ("12.50 NZD", "1.00 EUR", False),
        ("12.50 NZD", "", False),
        ("12.50 NZD", "0", True),
        ("0 NZD", "0.01 NZD", False),
        ("", "", True),
        ("", "0 EUR", True),
        ("", "5 EUR", False),
    ],
)
def test_only_what_is_no_dearer_leaves(agreed: str, now: str, leaves: bool) -> None:
    (before, currency), (price, its) = ((f"{text} ".split(" ")[:2]) for text in (agreed, now))
    quote = Quote(price=Decimal(price) if price else None, currency=its)
    assert Agreement(Decimal(before) if before else None, currency).covers(quote) is leaves


def item(price: Any, currency: str = "NZD") -> dict[str, Any]:
    return {"price": price, "currency": currency, "is_valid": True}


@pytest.mark.parametrize(
    ("items", "price"),
    [
        ([item("12.50"), item(0)], Decimal("12.50")),
        ([item("12.50"), item(None)], None),
        ([item("12.50"), item("NaN")], None),
        ([item("12.50"), item("-12.50")], None),
        ([item("12.50"), item("Infinity")], None),
        ([item("12.50"), item("1", "EUR")], None),
        ([item("much")], None),
        ([], None),
    ],
)
def test_a_sum_of_which_a_part_is_not_known_is_no_price(items: list[dict[str, Any]], price: Decimal | None) -> None:
    assert _quote({"is_valid": True, "items": items}, [], JOB.request).price == price
