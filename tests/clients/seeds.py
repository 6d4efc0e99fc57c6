"""The sample scripts on the vendors' pages, as they were before a page lost their indentation.

The pages are not part of the project. Where the environment variable CUTOUT_SEEDS names the folder that holds them
(000_*.txt 3DCityLoader, 002_*.txt BrightEarth On Demand), tests run the vendors' own samples against the stand-ins:

    @seeds.needed
    def test_the_tutorial(tmp_path):
        for name, source in seeds.samples("002").items():
            (tmp_path / name).write_text(seeds.pointed(source, "https://api.beod.luxcarta.cloud", standin.url))

Page 000 has a statement a line without its indentation; in page 002 a sample is one line, and even the ends of its
comments have to be found. Nothing but white space is ever added: ``restored`` refuses to answer anything else.
"""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

FOLDER = os.environ.get("CUTOUT_SEEDS")
needed = pytest.mark.skipif(not FOLDER, reason="vendor's page is not part of the project")

TOKEN = re.compile(
    r"""(?P<string>[rbfu]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|"[^"\n]*"|'[^'\n]*'))
      | (?P<name>[^\W\d]\w*) | (?P<number>\d[\w.]*)
      | (?P<other>->|[=!<>+*/-]=|\*\*|//|[-+*/%=<>(){}\[\],.:;@&|^~])""",
    re.VERBOSE | re.DOTALL,
)
OPENERS = ("def", "class", "if", "elif", "else", "for", "while", "with", "try", "except", "finally")
BRANCHES = {"elif": ("if", "elif"), "else": ("if", "elif", "for", "while", "except"), "except": ("try", "except"),
            "finally": ("try", "except", "else")}  # fmt: skip
JOINS = ("and", "or", "in", "is", "not", "as")  # words that go on after a value
ENDS_BLOCK = ("return", "raise", "break", "continue")
SIMPLE = (*ENDS_BLOCK, "import", "from", "pass", "global", "del")


class NotRestored(Exception):
    """A sample that cannot be made whole by white space alone. The message says where."""


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    end: int


@dataclass(frozen=True)
class Statement:
    """``first``: its first word; a comment's is ``#``."""

    text: str
    first: str


# --- the samples of a page -------------------------------------------------------------------------------------


def samples(page: str) -> dict[str, str]:
    """{file name: source} of the Python samples of a page, named as they import each other."""
    return {name: source for name, source in _named(page).items() if isinstance(source, str)}


def left_out(page: str) -> dict[str, str]:
    """{file name: why} of the samples that the page itself has broken."""
    return {name: str(source) for name, source in _named(page).items() if isinstance(source, NotRestored)}


def pointed(source: str, old: str, new: str) -> str:
    """The sample with one address, or the token beside it, replaced. ValueError unless it stands there just once."""
    if source.count(old) != 1:
        raise ValueError(f"{old!r} stands {source.count(old)} times in the sample")
    return source.replace(old, new)


def texts(page: str) -> list[str]:
    """The samples as the page has them, in its order."""
    (path,) = Path(FOLDER or "").glob(f"{page}_*.txt")
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("import ")]
    if page == "000":
        return ["\n".join(lines[starts[0] : lines.index("What's next?")])]
    return [lines[number] for number in starts]


@lru_cache(maxsize=4)
def _named(page: str) -> dict[str, str | NotRestored]:
    """What others import from a sample says its name, else its last function does."""
    found = texts(page)
    importers = re.findall(r"from (\w+) import ((?:\w+)(?:, \w+)*)", " ".join(found))
    modules = {function: module for module, functions in importers for function in functions.split(", ")}
    named: dict[str, str | NotRestored] = {}
    for text in found:
        functions = re.findall(r"\bdef (\w+)\(", text)
        name = next((modules[function] for function in functions if function in modules), functions[-1])
        try:
            named[f"{name}.py"] = restored(text)
        except NotRestored as broken:
            named[f"{name}.py"] = broken
    return named


# --- restoring --------------------------------------------------------------------------------------------------


def restored(text: str) -> str:
    """The sample with its lines and indentation back. NotRestored if it takes more than white space."""
    lines = [f"{'    ' * depth}{statement.text}" for depth, statement in indented(list(statements(text)))]
    source = "\n".join(lines) + "\n"
    if "".join(source.split()) != "".join(text.split()):
        raise NotRestored("more than white space would change")
    try:
        compile(source, "sample", "exec")
    except SyntaxError as wrong:
        raise NotRestored(f"{wrong.msg}: {wrong.text}") from wrong
    return source


def statements(text: str) -> Iterator[Statement]:
    """Statements and comments in turn."""
    at = _skipped(text, 0)
    while at < len(text):
        end = _comment_end(text, at) if text[at] == "#" else _statement_end(text, at)
        word = re.match(r"\w+|.", text[at:])
        yield Statement(text[at:end].strip(), word.group() if word else "")
        at = _skipped(text, end)


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _token(text: str, at: int) -> Token:
    match = TOKEN.match(text, at)
    if not match:
        raise NotRestored(f"not Python: {text[at : at + 40]!r}")
    return Token(str(match.lastgroup), match.group(), match.end())


def _comment_end(text: str, at: int) -> int:
    """A comment ends with its line. Where lines are lost: at the next comment, or where a statement can begin."""
    if "\n" in text:
        return (text + "\n").index("\n", at)
    for word in re.finditer(r"(?<= )\S", text[at:]):
        begin = at + word.start()
        if text[begin] == "#" or _is_statement(text, begin):
            return begin
    return len(text)


def _is_statement(text: str, at: int) -> bool:
    """Whether a whole statement of code begins here, not a word of prose: one that assigns, calls or has a keyword."""
    try:
        end = _statement_end(text, at)
        first = _token(text, at)
        if first.kind != "name":
            return False
        source = text[at:end].strip()
        if first.text in OPENERS:
            return source.endswith(":") and _compiles(f"{source} pass")
        if first.text in SIMPLE:
            return _compiles(f"def function():\n while True:\n  {source}")
        called = source.endswith(")") and re.match(r"[\w.]+\(", source) is not None
        return (called or re.match(r"[\w., ]+ = ", source) is not None) and _compiles(source)
    except NotRestored:
        return False


def _compiles(source: str) -> bool:
    try:
        compile(source, "sample", "exec")
    except SyntaxError:
        return False
    return True


def _statement_end(text: str, at: int) -> int:
    """Where the statement that begins here ends: a header at its colon, another before what cannot continue it."""
    first = token = _token(text, at)
    before: list[Token] = []  # outside of brackets
    depth = 0
    while True:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0)
        if depth == 0:
            before.append(token)
            if first.text in OPENERS and token.text == ":":
                return token.end
        at = _skipped(text, token.end)
        if at >= len(text) or (depth == 0 and text[at] == "#"):
            return token.end
        following = _token(text, at)
        if depth == 0 and first.text not in OPENERS and not _continues(text[at:], following, before):
            return token.end
        token = following


def _continues(rest: str, following: Token, before: list[Token]) -> bool:
    """Whether what follows belongs to the statement whose tokens are before it."""
    last, words = before[-1], [token.text for token in before]
    if following.kind == "other":
        return True
    if not _is_value(last):  # a return or a raise may do without, and then a branch or a block follows
        complete = last.text in (*ENDS_BLOCK, "pass")
        return not complete or (last.text in ("return", "raise") and following.text not in OPENERS)
    if following.kind == "string":
        return last.kind == "string"
    if following.text == "import":
        return words[0] == "from" and "import" not in words
    if following.text == "if":  # a conditional expression has its else before any colon
        return re.search(r"\belse\b", rest.split(":")[0]) is not None
    if following.text == "else":
        return words.count("if") > words.count("else")
    return following.text in JOINS


def _is_value(token: Token) -> bool:
    """Whether an expression can end with it."""
    if token.kind == "other":
        return token.text in (")", "]", "}")
    return token.kind != "name" or not keyword.iskeyword(token.text) or token.text in ("None", "True", "False")


# --- indentation ------------------------------------------------------------------------------------------------


def indented(found: list[Statement]) -> list[tuple[int, Statement]]:
    """(depth, statement). A page that lost it leaves these to go by:

    what follows a header is its body; nothing follows a return, raise, break or continue in its block; a branch
    belongs to the innermost header that can have it; imports, functions and ``if __name__`` stand at the margin; and a
    loop is over when its last branch is a break. A comment stands with what follows it. A block that ends in any other
    way before its surroundings do is beyond recovery; the samples have none, as they do what they say when they run.
    """
    blocks: list[str] = []
    closed: tuple[str, int] | None = None  # the header that the statement before has ended, and its depth
    result: list[tuple[int, Statement]] = []
    comments: list[Statement] = []
    for statement in found:
        first = statement.first
        if first == "#":
            comments.append(statement)
            continue
        if first in ("def", "class", "import", "from") or statement.text.startswith("if __name__"):
            blocks = []
        elif first in BRANCHES:
            if closed and closed[0] in BRANCHES[first]:
                blocks = blocks[: closed[1]]
            else:
                while blocks and blocks.pop() not in BRANCHES[first]:
                    continue
        result += [(len(blocks), each) for each in (*comments, statement)]
        comments, closed = [], None
        if first in OPENERS:
            blocks.append(first)
        elif first in ENDS_BLOCK and blocks:
            ended = blocks.pop()
            closed = (ended, len(blocks))
            if (first, ended) == ("break", "else") and blocks:
                blocks.pop()
    return result + [(0, each) for each in comments]
