"""Samples whose lines and indentation a page has lost are made whole again, and nothing else is done to them."""

from __future__ import annotations

import ast

import pytest

from tests.clients import seeds

SCRIPT = '''\
import sys
from os.path import join, dirname
import requests
from helper import first, second
# how long to wait (in seconds)
wait = """
 some ( text
"""
def poll(token: str, number: int = 3) -> dict:
    """ Asks until it is done. if not: returns None """
    headers = {
        "Authorization": f"Bearer {token}"
    }
    while True:
        answer = requests.get(f"{wait}/jobs/{number}", headers=headers)
        if answer.status_code != 200:
            print('gone')
            return None
        # Note:
        # - a job that is done has a link
        # - the link is for a sub-folder
        if "link" in answer.json():
            return answer.json()["link"], 1 if number else 2
        elif not answer.json():
            raise ValueError("nothing")
        # wait a little while
        first(5)
    else:
        return False
def walk(files: dict, at = ""):
    for name in files.keys():
        if isinstance(files[name], str):
            # this is a file
            second(files[name], join(at, name))
        else:
            # this is a folder
            walk(files[name], join(at, name))
def save(page: str):
    with requests.get(page, stream=True) as response:
        with open(page, 'wb') as f:
            f.write(response.raw)
def pages(url):
    token = ''
    while True:
        page = first(url + token)
        if "next" in page:
            token = page["next"]
        else:
            break
    return True
if __name__ == "__main__":
    one, two = sys.argv[1], sys.argv[2]
    if one:
        print(f"first {one}")
        walk(first(one))
    else:
        print("nothing")
'''


def without_white_space(source: str) -> str:
    """The syntax tree as text, with the white space inside of its strings left out."""
    return "".join(ast.dump(ast.parse(source)).replace("\\n", "").split())


@pytest.mark.parametrize(
    "lost",
    [
        "\n".join(line.strip() for line in SCRIPT.splitlines()),  # the indentation, as page 000
        " ".join(SCRIPT.split()),  # and the lines, as page 002
    ],
)
def test_what_a_page_lost_comes_back(lost: str) -> None:
    assert without_white_space(seeds.restored(lost)) == without_white_space(SCRIPT)
    assert seeds.restored(lost).count("\n    ") > 30


def test_what_white_space_cannot_mend_is_not_mended() -> None:
    with pytest.raises(seeds.NotRestored, match="not Python"):
        seeds.restored('import sys print(f"Remaining: {sys.argv} ) print("end")')


def test_an_address_is_replaced_once_or_not_at_all() -> None:
    assert seeds.pointed("at = 'https://a'", "https://a", "http://b") == "at = 'http://b'"
    for text in ("at = 1", "'https://a', 'https://a'"):
        with pytest.raises(ValueError, match="times"):
            seeds.pointed(text, "https://a", "http://b")


@seeds.needed
@pytest.mark.parametrize(
    ("page", "names", "broken"),
    [
        ("000", ["create_export.py"], []),
        (
            "002",
            [
                "authentication.py",
                "create_project.py",
                "create_aoi.py",
                "create_scenario.py",
                "follow_activity.py",
                "download_scenario.py",
            ],
            ["get_user.py"],  # the page has lost the quote that ends a string
        ),
    ],
)
def test_the_samples_of_the_vendors(page: str, names: list[str], broken: list[str]) -> None:
    found = seeds.samples(page)
    assert list(found) == names and list(seeds.left_out(page)) == broken
    text = "".join("".join(part.split()) for part in seeds.texts(page))
    for source in found.values():
        compile(source, "sample", "exec")
        assert "".join(source.split()) in text
