"""How the BrightEarth stand-in behaves. A test changes these by name; DOC, GUESS and L1 are those of brightearth.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Settings:
    """The defaults are what the tutorial shows, and where it is silent what asks the least of a client."""

    # The account
    credits: float = 500  # what the account holds at the start (DOC L1: a number on the user)
    credits_per_km2: float = 10  # what a scenario costs, rounded up to a whole credit (GUESS: no price is published)
    lack_status: int = 402  # too few credits for a scenario (GUESS)
    expires_in: float = 86400  # seconds that a token is good (DOC L1)
    other_user: int = 403  # the path of another user (GUESS; 404 is as likely)
    # What it takes
    scenario_types: list[str] = field(default_factory=lambda: ["extraction-mono"])  # DOC L1: "several", one is named
    only_simple: bool = True  # an AOI of several polygons or with holes is 422 (GUESS: DOC L1 says "WKT Polygon")
    second_aoi: str = "refuse"  # a second AOI of a project: 409; or "replace" (GUESS; DOC L1: "only one")
    lists: bool = True  # False: no lists of projects, scenarios, assets (DOC L1: they exist; GUESS: their paths)
    list_key: str = ""  # lists are bare; a word: an object that holds the list under it (GUESS)
    # The life of a scenario
    polls: int = 2  # how many looks at an activity find it still open
    seconds: float = 0  # and how long it takes at least, by the stand-in's clock
    states: list[str] = field(default_factory=lambda: ["PENDING", "RUNNING"])  # a look each, the last again and again
    final: str | list[str] = "SUCCESSFUL"  # or FAILED (DOC L1); a list: first scenario, second ... and again
    details: str = ""  # the text of an activity that has FAILED (DOC L1: the field; GUESS: what it holds)
    progress_scale: float = 100  # "the percentage of work done" (DOC L1); 1: 0.0 to 1.0 (GUESS: the example says 0.0)
    # The links
    early_status: int = 409  # links asked for before SUCCESSFUL (GUESS)
    link_lifetime: float = 900  # seconds that a presigned link is good (GUESS)
    zip_below: float = 1.0  # km²: an AOI below it comes as one zip (DOC L1: that of the tutorial, 0.56 km², does)
    zip_folder: bool = False  # True: everything in the zip is in a folder more (GUESS)
    tree_beside_zip: bool = False  # True: the separate files beside the zip (DOC L1: they can be had; GUESS: so)
    page_size: int = 1000  # files a page of links (GUESS: that of S3)
    # "query": ?continuation_token= (DOC L1); "ampersand": only urls&continuation_token= (CODE L1: its sample);
    # "both"; "ignored": neither is understood, the first page comes again and again
    token_form: str = "query"
    repeat_token: bool = False  # True: the pages never end, each names the token of the first
    empty_page: int = 0  # the number of a page (1 is the first) without a link, only with a token
    nothing: bool = False  # True: no link at all
    extra_names: dict[str, Any] = field(default_factory=dict)  # name -> text, or -> names again: put beside the tiles
    # What comes
    anywhere: bool = True  # data for an AOI anywhere: the place is moved there; False: nothing is found elsewhere
    tile: float = 500  # metres: the side of a tile (GUESS; DOC L1: numbered tiles)
    borders: str = "whole"  # what crosses a tile's border is whole in both tiles; "cut": a piece in each (GUESS)
    empty_files: bool = False  # True: a layer without a feature in a tile has its files all the same (GUESS)
    # of a shapefile, as GDAL names it. DOC L1 lists .shp .shx .dbf .prj, just what GDAL writes of itself, and a mark in
    # the .dbf for ISO-8859-1. "UTF-8" or "ISO-8859-1": the encoding is named nowhere, but for a .cpg (GUESS)
    encoding: str = "LDID/87"
    cpg: bool = False  # True: together with one of these a .cpg
    model: str = "glb"  # what a tileset refers to: "glb" (3D Tiles 1.1) or "b3dm" (1.0) (GUESS)
    # Its manners
    error_shape: str = "detail"  # {"detail": ...} (GUESS: FastAPI); or a shape of faults.error_body
