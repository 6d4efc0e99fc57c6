"""How the Koordinates stand-in behaves. A test changes these by name; the keys (K1 ...) are those of koordinates.py."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """The defaults are what the documentation and the clients' fixtures show."""

    # The life of an export
    polls: int = 1  # how many looks at an export (detail or list) find it still processing
    seconds: float = 0  # and how long it takes at least, by the stand-in's clock
    final: str | list[str] = "complete"  # or error, cancelled (DOC K1); a list: first export, second ... and again
    open_state: str = "processing"  # another word: a state that nobody documented
    lifetime: float = 7 * 86400  # seconds from complete to gone (GUESS: in no source)
    link_lifetime: float = 900  # seconds that a presigned link is good (GUESS)
    # What the site accepts
    price: str = "0.00"  # of each item in a validation (CODE K3)
    refuse: list[str] = field(default_factory=list)  # reasons against every export as a whole (GUESS: names unknown)
    max_vertices: int = 1000  # DOC K1
    crs_required: bool = True  # DOC K1; a newer copy of the page lists crs without "required"
    pdf: bool = False  # True: application/pdf is on the lists (GUESS: DOC K1 has options for it, the fixture of K3 not)
    # Its manners
    page_size: int = 20  # DOC K2
    prefix: str = "kx"  # of export names: kx on koordinates.com (CODE K3), lds at LINZ (CODE K8)
    name_codes: bool = False  # True: the format codes follow the name also where one was sent (GUESS)
    slash_redirect: bool = True  # an address without its last slash: 301 to the one with it, else 404 (GUESS)
    detail_303: bool = False  # True: a complete export is answered with 303 and the body (CODE K3, its tests)
    cancel_status: int = 202  # CODE K3
    create_body: bool = True  # False: 201 with a Location and no body; the official client reads only that (CODE K3)
    error_shape: str = "error"  # CODE K3; or nested (CODE K6), list (CODE K3, its 409), fields, html
    # The archive
    sheet: int = 128  # pixels: the side of a raster sheet (CODE K4c, K11: several tifs)
    one_folder: bool = False  # True: a single item has a folder in the zip, too
    bare_tiff: bool = False  # True: an order that comes to one GeoTIFF is not zipped (CODE K13)
    extra_members: dict[str, str] = field(default_factory=dict)  # name -> text, put into every zip
