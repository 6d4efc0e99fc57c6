"""i18n/*.ts: what is translated is complete, keeps its placeholders, and is still said by the code."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import ROOT

TRANSLATED = [
    ROOT / "plugin.py",
    *(path for room in ("bridge", "toolbox", "ui") for path in (ROOT / room).rglob("*.py")),
]
FILES = sorted((ROOT / "i18n").glob("*.ts"))
GERMAN, ENGLISH = ROOT / "i18n" / "cutout_de.ts", ROOT / "i18n" / "cutout_en.ts"
FORMS = 2  # German and English have a singular and a plural
PLACEHOLDER = re.compile(r"\{\w*\}|%L?n")
SHAPE = re.compile(r"&(?=\w)|…$|\n")  # shortcut, “asks more first”, lines
EVERY_FILE = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


class Message(NamedTuple):
    context: str
    source: str
    plural: bool
    finished: bool
    texts: tuple[str, ...]


def messages(path: Path) -> Iterator[Message]:
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            plural = message.get("numerus") == "yes"
            forms = translation.findall("numerusform") if plural else [translation]
            yield Message(
                context.findtext("name", ""),
                message.findtext("source", ""),
                plural,
                translation.get("type") is None,
                tuple(form.text or "" for form in forms),
            )


def said() -> set[tuple[str, str]]:
    """Context and text of every call of translate() with literals."""
    found = set()
    for path in TRANSLATED:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "translate":
                words = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                if len(words) == 2:
                    found.add((str(words[0]), str(words[1])))
    return found


def test_there_are_both_languages() -> None:
    assert {GERMAN, ENGLISH} <= set(FILES)


@EVERY_FILE
def test_a_file_names_its_language_and_no_text_twice(path: Path) -> None:
    assert ElementTree.parse(path).getroot().get("language") == path.stem.split("_")[1]
    counted = Counter((message.context, message.source) for message in messages(path))
    assert counted and not [key for key, count in counted.items() if count > 1]


@EVERY_FILE
def test_translations_keep_the_placeholders(path: Path) -> None:
    for message in messages(path):
        for text in message.texts if message.finished else ():
            for pattern in (PLACEHOLDER, SHAPE):
                assert sorted(pattern.findall(text)) == sorted(pattern.findall(message.source)), (message.source, text)


@EVERY_FILE
def test_what_is_finished_has_all_forms(path: Path) -> None:
    for message in messages(path):
        if message.finished:
            assert all(message.texts) and len(message.texts) == (FORMS if message.plural else 1), message.source


@EVERY_FILE
def test_the_code_still_says_every_text(path: Path) -> None:
    """Otherwise: make strings."""
    assert not {(message.context, message.source) for message in messages(path)} - said()


def test_no_text_of_the_code_is_left_out() -> None:
    """pylupdate5 passes over what it can't parse, such as a count that is an attribute."""
    literal = {key for key in said() if key[0] != "providers"}  # those are made from what a provider declares
    assert not literal - {(message.context, message.source) for message in messages(GERMAN)}


def test_german_is_complete() -> None:
    assert not [message.source for message in messages(GERMAN) if not message.finished]


def test_english_has_every_plural_and_leaves_the_rest_to_the_source() -> None:
    assert not [message.source for message in messages(ENGLISH) if message.finished != message.plural]


def test_both_languages_have_the_same_texts() -> None:
    german, english = ({(one.context, one.source, one.plural) for one in messages(path)} for path in (GERMAN, ENGLISH))
    assert german == english
