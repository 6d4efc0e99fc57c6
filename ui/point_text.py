"""A place as people write it: longitude and latitude in the spellings of maps, tables and web pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qgis.PyQt.QtCore import QCoreApplication

translate = QCoreApplication.translate
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_DECIMAL_COMMA = re.compile(r"\d,\d+\s*(?:,\s|[;/°'\"NSEW]|\s\S)")  # 16,37 48,2; not 16,48, which are two numbers
_NEXT_ANGLE = re.compile(rf"(?<![\d.+-])(?={_NUMBER}\s*°)")
_MARKS = str.maketrans({"−": "-", "′": "'", "’": "'", "″": '"', "”": '"', "º": "°"})


def point_text(point: Sequence[float]) -> str:
    """`16.373064, 48.208354`, to about a decimetre."""
    return ", ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in point)


def read_point(text: str) -> list[float] | None:
    """[lon, lat] in degrees, None for an empty text. Longitude comes first unless the text says N, S, E or W.

    Errors: ValueError in words.
    """
    plain = _plain(text)
    if not plain:
        return None
    letters = re.findall("[NSEW]", plain)
    values = [_degrees(part) for part in _parts(plain, letters)]
    if len(values) != 2 or len(letters) not in (0, 2):
        raise _unreadable()
    if letters:
        values = [-value if letter in "SW" else value for letter, value in zip(letters, values)]
        if letters[0] in "NS":
            letters, values = letters[::-1], values[::-1]
        if letters[0] not in "EW" or letters[1] not in "NS":
            raise _unreadable()
    if abs(values[0]) > 180 or abs(values[1]) > 90:
        text = translate("CutoutPoint", "Longitude goes to 180 and latitude to 90 degrees; longitude comes first.")
        raise ValueError(text)
    return values


def _plain(text: str) -> str:
    """With points in the numbers and spaces between them."""
    text = text.translate(_MARKS).replace("''", '"').upper().strip().strip("()[]")
    if "." not in text and _DECIMAL_COMMA.search(text):
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    return re.sub(r"[,;/]", " ", text).strip()


def _parts(plain: str, letters: Sequence[str]) -> list[str]:
    if letters:
        parts = re.split("[NSEW]", plain)
    elif "°" in plain:
        parts = _NEXT_ANGLE.split(plain)
    else:
        parts = plain.split()
    return [part for part in parts if part.strip()]


def _degrees(part: str) -> float:
    """`48.2`, `48° 12.5'` or `48 12 30`."""
    figures = re.findall(_NUMBER, part)
    if re.sub(r"[°'\"\s]", "", re.sub(_NUMBER, "", part)) or not 1 <= len(figures) <= 3:
        raise _unreadable()
    whole, *smaller = map(float, figures)
    if any(not 0 <= value < 60 for value in smaller):
        raise _unreadable()
    size = abs(whole) + sum(value / 60 ** (place + 1) for place, value in enumerate(smaller))
    return -size if figures[0].startswith("-") else size


def _unreadable() -> ValueError:
    return ValueError(translate("CutoutPoint", "This is no place. Write longitude and latitude, like 16.37, 48.21."))
