"""What a file of a job is about, and of which tile it is, told by the folders that services put it in.

`0/EXPORT/dtm/geotiff/a.tif`: numbered tile folders, a folder a theme, each format in a folder of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

FORMATS = (
    ("gpkg", "geopackage"),
    ("fgb", "flatgeobuf"),
    ("gdb", "filegdb", "geodatabase"),
    ("shp", "shapefile", "shapefiles"),
    ("tab", "mapinfo"),
    ("geojson", "json"),
    ("tif", "tiff", "geotiff"),
    ("jp2", "jpeg2000"),
    ("img", "hfa"),
    ("asc", "aaigrid"),
    ("jpg", "jpeg"),
    ("kml",),
    ("dxf",),
    ("csv",),
    ("3d_tiles", "3dtiles"),
)  # the best to work with first
_FORMAT_WORDS = frozenset(word for words in FORMATS for word in words)
_TILE_FOLDER = re.compile(r"\d{1,3}")  # four digits are a year
_EXPORT = "export"  # the folder in a tile's folder, in which the themes lie
_KEY = re.compile(r"-[0-9a-f]{8}$")  # Job.folder_name


def theme(path: Path, folder: Path) -> tuple[str, ...]:
    """What a file is about, told by its folders: tile numbers and words for formats don't count.

    `0/EXPORT/dtm/geotiff/a.tif` is ("dtm",).
    """
    words = place(path, folder)
    number = _tile_folder(words)
    if number is None:
        return words
    return tuple(word for word in words[:number] + words[number + 1 :] if word.casefold() != _EXPORT)


def tile(path: Path, folder: Path) -> str:
    """The folder of the tile that a file belongs to, empty for a file that is none of a tile: `0`."""
    words = place(path, folder)
    number = _tile_folder(words)
    return "" if number is None else "/".join(words[: number + 1])


def job_title(folder: Path) -> str:
    """The title of the job whose folder it is."""
    return _KEY.sub("", folder.name)


def place(path: Path, folder: Path) -> tuple[str, ...]:
    """The folders of a job that a file lies in, without those that are called after a format."""
    return tuple(word for word in path.relative_to(folder).parts[:-1] if word.casefold() not in _FORMAT_WORDS)


def letters(name: str) -> str:
    """A table can't have every name that a file can: nz-parcels and nz_parcels are the same."""
    return re.sub(r"[\W_]", "", name.casefold())


def stem(name: str) -> str:
    """The letters without the numbers at their ends: what sheets and tiles have in common."""
    return letters(name).strip("0123456789")


def _tile_folder(words: Sequence[str]) -> int | None:
    """Which of the folders is that of a tile: the number before EXPORT, or a number right at the top."""
    pairs = zip(words, words[1:])
    before = (at for at, (word, after) in enumerate(pairs) if word.isdecimal() and after.casefold() == _EXPORT)
    return next(before, 0 if words and _TILE_FOLDER.fullmatch(words[0]) else None)
