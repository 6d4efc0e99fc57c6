"""How the 3DCityLoader stand-in behaves. A test changes these by name; the keys (C1 ...) are those of cityloader.py."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """Where the documentation is silent the default is a GUESS, and the setting says so."""

    # The life of a job
    polls: int = 2  # looks that find it unfinished: the first pending, the others processing (DOC C1: the words)
    seconds: float = 0  # and how long it takes at least, by the stand-in's clock
    final: str | list[str] = "done"  # or failed (DOC C1); a list: first job, second ... and again
    open_state: str = "processing"  # another word: a state that nobody documented
    uuid_ids: bool = False  # True: ids are UUIDs instead of numbers (GUESS: the type is not documented)
    # Money and permissions
    unpaid: str = "402"  # what a token without export.pay gets: 402, 403, or pending, a job that stays so (GUESS all)
    payment_method: bool = True  # False: none is set up; 402 (DOC C1: there must be one; GUESS: the status)
    names_permission: bool = False  # True: the 403 names what is missing (GUESS: Laravel's own words do not)
    # What it accepts
    max_km2: float = 0  # a larger area is refused with 422; 0 any size (GUESS: no limit is published)
    # Its manners
    download_via: str = "api"  # where download_url points: api or files (a host of its own), both redirecting to the
    # storage (DOC C1: "allow_redirects musst be enabled"; GUESS: from where), or storage, already signed
    link_lifetime: float = 900  # seconds that download_url and the presigned link behind it are good (GUESS)
    login_redirect: bool = False  # True: without Accept: application/json a 401 is a redirect to a login page (GUESS)
    error_shape: str = "message"  # DOC C1; or empty ({}), error, nested, list, fields, html
    # The model
    anywhere: bool = False  # True: wherever is asked for, the middle of the Vienna sample is served, at its relative
    # coordinates; for samples that ask for another city. Else a place without data makes the job fail (GUESS)
    clip: str = "whole"  # buildings whose centroid is inside, whole; or cut at the edge of the area (GUESS both)
    frame: str = "utm"  # x and y along the grid of the UTM zone; or north: true east and north (GUESS: undocumented)
    origin: str = "corner"  # of the coordinates: corner or centre of the area, absolute (UTM), other (anywhere);
    # scaled: at the corner and 1:1000, so that it fits no area (GUESS: undocumented)
    heights: str = "lowest"  # 0 at the lowest point; or sea: metres above the Adriatic (GUESS)
    terrain_step: float = 10  # metres between the terrain's points, about (GUESS)
    solid: bool = False  # True: the terrain is a closed body with a flat bottom, for printing (GUESS)
    # The files
    stl: str = "binary"  # or ascii, or solid: binary, but its header begins with "solid" as an ASCII file does
    obj_objects: bool = True  # an object for each building; False: everything in one (GUESS)
    zip_folder: str = ""  # a folder in the zip that everything is in, e.g. "export/" (DOC C1: the root)
    extra_members: dict[str, str] = field(default_factory=dict)  # name -> text, put into every zip
