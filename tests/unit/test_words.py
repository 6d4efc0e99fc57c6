"""Words of a service, and what must not be in them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutout.core.hidden import Hidden
from cutout.core.words import MOST, as_sentence, inert, plain, redacted, seen, spoken

NESTED = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["error", "detail", "loc"]), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("see https://s3.example/a.zip?X-Amz-Signature=abc&X-Amz-Date=1 now", "abc"),
        ("Max retries exceeded with url: /a.zip?sig=abc%3D&se=2 (Caused by)", "abc"),
        ("GET /x?key=abc&page=2", "abc"),
        ("Authorization: Bearer abcdefgh", "abcdefgh"),
        ("{'authorization': 'Basic abcdefgh'}", "abcdefgh"),
        ("header key 0123456789abcdef refused", "0123456789abcdef"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.Et9HFtf9R3", "eyJ"),
        ("https://host.example/services;key=0123456789/wfs", "0123456789"),
        ("https://me:pass@host.example/", "pass"),
        ("access_token=abcdef", "abcdef"),
    ],
)
def test_credentials_are_redacted(text: str, gone: str) -> None:
    assert gone not in redacted(text) and "•••" in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Invalid API key provided",
        "The key expired yesterday.",
        "Basic Authentication required",
        "Basic information is missing",
        "token invalid or revoked",
        "See https://data.example/layer/1/ for more",
        "password: This field is required.",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert redacted(text) == text


def test_known_secrets_are_redacted_longest_first() -> None:
    hidden = Hidden()
    hidden.add("abcdef", "abcdef-ghi", "abc", "")
    assert redacted("abc abcdef-ghi abcdef") == "abc ••• •••"


def test_a_secret_at_the_cut_is_redacted_before_it_is_cut() -> None:
    hidden = Hidden()
    hidden.add("sesame-sesame")
    assert "sesa" not in spoken(None, "x" * (MOST - 4) + " sesame-sesame")


def test_long_words_are_cut() -> None:
    assert len(plain("word " * 1000)) == MOST and plain("word " * 1000).endswith("…")


@settings(max_examples=60, deadline=None)
@given(NESTED, st.text())
def test_any_document_gives_one_line(document: object, text: str) -> None:
    said = spoken(document, text)
    assert len(said) <= MOST and (said.isprintable() or not said)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Not enough credits", "Not enough credits."),
        ("Why?", "Why?"),
        ("Gone.", "Gone."),
        ("“Gone.”", "“Gone.”"),
        ("", ""),
    ],
)
def test_what_a_service_says_ends_as_a_sentence(said: str, sentence: str) -> None:
    assert as_sentence(said) == sentence


def test_what_is_inert_is_no_markup_and_hides_nothing() -> None:
    assert inert("a <b>c</b> <img src=x>\nd") == "a ‹b>c‹/b> ‹img src=x>\nd"
    assert inert("x\u202egpj.exe\u200b\x00\r\ny") == "x gpj.exe   \ny"
    assert seen("a < b") == "a < b" and plain("a <b>\nc", 5) == "a ‹b…"


@pytest.mark.parametrize("piece", ["http://", "https://a?", "key:", "key ", "a_", "token=", "a://", "x@", "?a=", "/?"])
def test_no_text_keeps_it_busy(piece: str) -> None:
    began = time.thread_time()
    redacted(piece * (100_000 // len(piece)))
    assert time.thread_time() - began < 1
