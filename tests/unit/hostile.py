"""Documents as no service should send them: real ones, any part of which is something else.

CUTOUT_FUZZ_EXAMPLES: how many examples each property gets (8; `make siege` takes many more).
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("CUTOUT_FUZZ_EXAMPLES", "8"))
IS_DEEP = EXAMPLES >= 100
thorough = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 30, suppress_health_check=list(HealthCheck)
)

_ODD = (
    "", " ", "http://[", "https://a:99999/", "file:///etc/passwd", "//x", "\ud800", "\0", "\u202e", "1e999", "NaN",
    "-1", "9" * 400, "../..", "%", "%zz", "{level}", "9999-99-99", "0001-01-01T00:00:00+23:59", "sNaN", "EPSG:x",
    "<b>", "a" * 70_000,
)  # fmt: skip
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(_ODD)
    | st.sampled_from((10**400, -(10**400), 2**63, 1e308, float("nan"), float("inf")))
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def nested(depth: int) -> Any:
    document: Any = 1
    for _ in range(depth):
        document = [{"a": document}]
    return document


@st.composite
def like(draw: st.DrawFn, document: Any, rate: int = 6) -> Any:
    """The document, with about one in `rate` of its parts replaced, left out or written twice."""
    kind = draw(st.integers(0, rate * 3))
    if kind == 0:
        return draw(anything)
    if kind == 1:
        return draw(st.sampled_from((None, [], {}, "", 0, [document], {"a": document})))
    if isinstance(document, dict):
        kept = {key: draw(like(value, rate)) for key, value in document.items() if draw(st.integers(0, rate * 2))}
        return {**kept, draw(st.text(max_size=3)): draw(scalars)} if kind == 2 else kept
    if isinstance(document, list):
        parts = [draw(like(value, rate)) for value in document]
        return parts * 2 if kind == 2 else parts
    return document
