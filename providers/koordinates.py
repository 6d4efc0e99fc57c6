"""Koordinates Exports: LINZ Data Service, Stats NZ, LRIS, Koordinates.com and every other site of that kind.

https://help.koordinates.com/site-admin-apis/export-api/ and https://apidocs.koordinates.com/ document it. Where real
answers differ from the pages, the vendor's own client (github.com/koordinates/python-client) says how; both the /v1/
and the /v1.x/ answers are understood. An export is validated, created, polled and downloaded as one zip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from ..core.address import host, joined, same_origin
from ..core.errors import AreaError, CredentialError, ExportError, ServiceError, refusal_about
from ..core.model import (
    Artifact,
    Choice,
    ChoicePage,
    ExportRequest,
    Job,
    JobState,
    Json,
    License,
    Look,
    Option,
    OptionKind,
    Problem,
    Quote,
    about,
    flag_problems,
    several,
)
from ..core.provider import AreaKind, AreaRule, Credentials, Provider, Server
from ..core.words import plain, spoken

if TYPE_CHECKING:
    from ..core.answer import Answer
    from ..core.http import Network, Secret

T = TypeVar("T")

# Mimetypes as OPTIONS /exports/ gives them; "applicaton" is the service's own spelling, and the one that works.
MIMETYPES = {
    "gpkg": "application/x-ogc-gpkg",
    "shp": "application/x-zipped-shp",
    "filegdb": "applicaton/x-ogc-filegdb",
    "kml": "application/vnd.google-earth.kml+xml",
    "tab": "application/x-ogc-mapinfo_file",
    "csv": "text/csv",
    "dwg": "image/vnd.dwg",
    "geotiff": "image/tiff;subtype=geotiff",
    "jpeg": "image/jpeg",
    "jp2": "image/jp2",
    "jp2-lossless": "image/jp2;compression=lossless",
    "hfa": "application/x-erdas-hfa",
    "kea": "application/x-hdf;subtype=kea",
    "aaigrid": "application/x-ogc-aaigrid",
    "pdf": "application/pdf",
}
SHORT = {mimetype: short for short, mimetype in MIMETYPES.items()}
LABELS = {
    "gpkg": "GeoPackage",
    "shp": "Shapefile",
    "filegdb": "File Geodatabase",
    "kml": "KML",
    "tab": "MapInfo TAB",
    "csv": "CSV",
    "dwg": "AutoCAD DWG",
    "geotiff": "GeoTIFF",
    "jpeg": "JPEG",
    "jp2": "JPEG 2000",
    "jp2-lossless": "JPEG 2000, lossless",
    "hfa": "Erdas Imagine",
    "kea": "KEA",
    "aaigrid": "ASCII Grid",
}
# The kind of a layer, and the key of its format in an export, where the two differ.
FORMAT_KEY = {"attribute-grid": "rat"}
STATES = {
    "processing": JobState.RUNNING,
    "complete": JobState.READY,
    "cancelled": JobState.CANCELLED,
    "error": JobState.FAILED,
    "gone": JobState.EXPIRED,
}
REASONS = {"outside-extent": "the area lies outside of it; choose an area where it has data"}
PDF_OPTIONS = (
    "page_size",
    "page_orientation",
    "include_scale",
    "include_scale_grid",
    "include_lat_lon_grid",
    "include_legend",
    "pdf_raster_dpi",
)
SCOPES = "exports:read, exports:write and layers:read"
MOST_PRICE = 10**15  # more than that is no price
WORTH_A_PAGE = 10  # jobs that may be on a further page of the list, so that it is asked for in their place
LOST_WITHIN = 300.0  # seconds between an order and its export: the clocks here and there may differ
SAME_GROUND = 1e-4  # of an area, by which its coordinates may be rounded at the site
MOST_PAGES = 20  # of the list of exports, in which an order is looked for
_NUMBER = r"(?a)\d{1,18}"
_ITEM = r"(?:(layer|table):)?(\d+)$"
_PAGE = r"/(layer|table)s?/(\d+)(?:[-/]|$)"


def _formats(key: str, label: str, kind: str, *shorts: str, advanced: bool = False) -> Option:
    choices = tuple(Choice(short, LABELS[short]) for short in shorts)
    return Option(
        key, label, OptionKind.CHOICE, shorts[0], choices, asked=True, for_kind=kind, advanced=advanced,
        help=f"The format of the {kind} data in the export.",
    )  # fmt: skip


def _pdf(key: str, label: str, kind: OptionKind, default: Json, *values: str, **more: Any) -> Option:
    choices = tuple(Choice(value, value.capitalize()) for value in values)
    return Option(key, label, kind, default, choices, advanced=True, help="Only for PDF.", **more)


class Koordinates(Provider):
    """One Koordinates site, with a key that was made on that site."""

    id = "koordinates"
    title = "Koordinates"
    home = "https://help.koordinates.com/site-admin-apis/export-api/"
    servers = (
        Server("https://data.linz.govt.nz", "LINZ Data Service"),
        Server("https://datafinder.stats.govt.nz", "Stats NZ Geographic Data Service"),
        Server("https://lris.scinfo.org.nz", "LRIS Portal"),
        Server("https://koordinates.com", "Koordinates"),
    )
    credentials = (Credentials.TOKEN,)
    credentials_help = (
        f"An API key made on this very site, with the permissions {SCOPES}. "
        "A new key does not have the exports permissions unless you tick them."
    )
    area = AreaRule(AreaKind.POLYGON, max_vertices=1000, instead_of=("crop_feature",))
    can_cost = True
    can_cancel = True
    options = (
        Option(
            "items", "Layers and tables", OptionKind.ITEMS, (), asked=True, required=True,
            help="What to export: API URLs, layer:ID, table:ID, or bare ids, separated by commas.",
        ),
        Option("crs", "CRS", OptionKind.CRS, "", help="The CRS of the files, as EPSG:code. KML is always EPSG:4326."),
        _formats("vector_format", "Vector format", "vector", "gpkg", "shp", "filegdb", "kml", "tab", "csv", "dwg"),
        _formats(
            "raster_format", "Imagery format", "raster",
            "geotiff", "jpeg", "jp2", "jp2-lossless", "hfa", "kea", "kml", "dwg",
        ),
        _formats("grid_format", "Grid format", "grid", "geotiff", "aaigrid", "kea"),
        _formats("rat_format", "Attribute grid format", "rat", "hfa", "geotiff", "kea", advanced=True),
        _formats("table_format", "Table format", "table", "csv", "gpkg", "filegdb", "shp", "tab"),
        Option(
            "crop_feature", "Crop feature", OptionKind.TEXT, "", asked=True, advanced=True,
            help="URL of a crop feature of the site, instead of an area.",
        ),
        Option(
            "resolution_multiplier", "Resolution divided by", OptionKind.NUMBER, 1,
            minimum=1, maximum=16, advanced=True,
            help="Downsampling of imagery and grids: 1 keeps every pixel, 16 makes the pixels 16 times as wide.",
        ),
        _pdf("page_size", "PDF page size", OptionKind.CHOICE, "a4", "a4", "a3", "letter"),
        _pdf("page_orientation", "PDF orientation", OptionKind.CHOICE, "landscape", "landscape", "portrait"),
        _pdf("include_scale", "PDF scale bar", OptionKind.FLAG, False),
        _pdf("include_scale_grid", "PDF scale grid", OptionKind.FLAG, False),
        _pdf("include_lat_lon_grid", "PDF graticule", OptionKind.FLAG, False),
        _pdf("include_legend", "PDF legend", OptionKind.FLAG, False),
        _pdf("pdf_raster_dpi", "PDF resolution (dpi)", OptionKind.NUMBER, 72, minimum=36, maximum=600),
    )  # fmt: skip

    def __init__(self, server: str, secret: Secret, network: Network) -> None:
        super().__init__(server, secret, network)
        self._layers: dict[str, dict[str, Json]] = {}
        self._formats: dict[str, tuple[Choice, ...]] = {}
        self._version = "v1.x"

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        return secret.headers or {"Authorization": f"key {secret.password}"}

    @classmethod
    def key_page(cls, server: str) -> str:
        parts = urlsplit(server)
        return f"{parts.scheme}://{parts.netloc}/my/api/"

    @property
    def api(self) -> str:
        """Where the API is; an account may name a version of it, else it is the newest one that the site has."""
        return f"{self.server}/" if "/services/api/" in self.server else f"{self.server}/services/api/{self._version}/"

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        return (*_item_problems(request), *_option_problems(request.options), *_area_problems(request))

    def greet(self) -> str:
        """Reading layers and exports needs a permission each; validating nothing shows whether ordering is allowed."""
        self._get("layers/", {"page_size": "1"})
        self._get("exports/", {"page_size": "1"})
        try:
            self._explained(lambda: self.http.ask(f"{self.api}exports/validate/", {}))
        except CredentialError:
            raise
        except ServiceError as refusal:
            if refusal.status not in (400, 422):
                raise
        return f"{host(self.server)} accepts the key, and it may order exports."

    def choices(self, key: str, search: str = "", more: str = "", request: ExportRequest | None = None) -> ChoicePage:
        if key == "items":
            return self._catalogue(search.strip(), more)
        if key == "crop_feature":
            return self._crop_features(search.strip().lower(), more)
        if key.endswith("_format"):
            self._formats = self._formats or self._site_formats()
            return ChoicePage(self._formats.get(key[: -len("_format")], ()))
        return super().choices(key, search, more, request)

    def quote(self, request: ExportRequest) -> Quote:
        """What the site's own validation says: whether it can be ordered, its price and its estimated size."""
        layers, problems = self._known_layers(_items(request))
        problems += _format_problems(layers, request)
        if problems:
            return Quote(tuple(problems))
        said = self._validation(request)
        if not _is_validation(said):
            raise ServiceError(f"{host(self.server)} gave no answer to the validation that can be understood.")
        return _quote(said, layers, request)

    def _known_layers(self, items: Sequence[str]) -> tuple[list[dict[str, Json]], list[str]]:
        """The layers and tables, and a problem for each that the site does not have."""
        layers: list[dict[str, Json]] = []
        problems: list[str] = []
        for item in items:
            try:
                layers.append(self._layer(item))
            except ExportError as refusal:
                if refusal.about != "items":
                    raise
                problems.append(Problem(str(refusal), refusal.about))
        return layers, problems

    def _validation(self, request: ExportRequest) -> Json:
        """The validation document: the answer is 200 even for what is invalid, but some say 400 with the same."""
        try:
            with refusal_about(_fields(self._body(request))):
                ask = self._explained(lambda: self.http.ask(f"{self.api}exports/validate/", self._body(request)))
            return ask.document
        except ServiceError as refusal:
            if not _is_validation(refusal.document):
                raise
            return refusal.document

    def submit(self, request: ExportRequest) -> Iterator[Mapping[str, Json]]:
        try:
            with refusal_about(_fields(self._body(request))):
                answer = self._explained(lambda: self.http.create(f"{self.api}exports/", self._body(request)))
        except ServiceError as refusal:
            if not _is_validation(refusal.document):
                raise
            layers = [self._layer(item) for item in _items(request)]
            problems = _quote(refusal.document, layers, request).problems or (refusal.message,)
            raise ServiceError(
                " ".join(problems), status=refusal.status, about=about(problems[0]) or refusal.about
            ) from refusal
        yield self._ids(answer)

    def poll(self, job: Job) -> Look:
        return _look(self._export(job))

    def poll_many(self, jobs: Sequence[Job]) -> Mapping[str, Look]:
        """The list has the newest exports first. Whoever is far down in it is asked for alone."""
        wanted = {str(job.remote["id"]): job.key for job in jobs}
        looks: dict[str, Look] = {}
        page = "exports/"
        params: Mapping[str, str] | None = {"page_size": "100"}
        for _ in range(1 + len(jobs) // WORTH_A_PAGE):
            answer = self._get(page, params, tries=1)
            listed = {str(entry.get("id")): entry for entry in _entries(answer)}
            looks.update((wanted[number], _look(listed[number])) for number in wanted.keys() & listed.keys())
            page, params = answer.link("page-next"), None
            if not page or len(looks) == len(jobs):
                break
        return looks

    def cancel(self, job: Job) -> Look:
        answer = self._explained(lambda: self.http.delete(f"{self.api}exports/{job.remote['id']}/"))
        return _look(answer.document if isinstance(answer.document, dict) else {"state": "cancelled"})

    def find_lost(self, job: Job, taken: Collection[Mapping[str, Json]]) -> Mapping[str, Json] | None:
        """By items, area, formats and time; never by the name, which the site changes. Of equal ones the nearest."""
        wanted, sent = self._body(job.request), job.submitted or job.created
        known = {str(ids.get("id")) for ids in taken}
        listed = self._since(sent - LOST_WITHIN)
        lag = {str(entry["id"]): abs(_time(entry.get("created_at")) - sent) for entry in listed}
        for number in sorted(lag.keys() - known, key=lag.__getitem__):
            if lag[number] <= LOST_WITHIN:
                export = self._get(f"exports/{number}/").document
                if _same_order(export, wanted):
                    return {"id": export["id"]}
        return None

    def _since(self, moment: float) -> Iterator[dict[str, Json]]:
        """The exports that are as new as that; the list has the newest first."""
        page, params = "exports/", {"page_size": "100"}
        for _ in range(MOST_PAGES):
            answer = self._get(page, params)
            listed = [entry for entry in _entries(answer) if "id" in entry]
            yield from listed
            page, params = answer.link("page-next"), {}
            if not page or not listed or _time(listed[-1].get("created_at")) < moment:
                return

    def credit(self, job: Job) -> str:
        site = next((one.title for one in self.servers if one.url == self.server), host(self.server))
        terms = f" and licensed under {job.license.title}" if job.license.title else ""
        return f"Sourced from {site}{terms}"

    def links(self, job: Job) -> Iterator[Artifact]:
        """One file. The site's own link asks for the key and redirects to a signed one, which must not get it."""
        url = self._export(job).get("download_url")
        if url and isinstance(url, str):
            yield Artifact("", url, signed=not same_origin(joined(f"{self.server}/", url), self.server))

    def _export(self, job: Job) -> dict[str, Json]:
        export = self._get(f"exports/{job.remote['id']}/", tries=1).document
        if not isinstance(export, dict) or "state" not in export:
            raise ServiceError(f"{host(self.server)} described the export in a way that can't be understood.")
        return export

    def _ids(self, answer: Answer) -> Mapping[str, Json]:
        """The answer to an order has a body in v1.x, and may have only a Location in v1."""
        export = answer.document if isinstance(answer.document, dict) else {}
        url = str(export.get("url") or answer.headers.get("location", ""))
        number = export.get("id") or url.rstrip("/").rsplit("/", 1)[-1]
        if not number or not isinstance(number, (str, int)):
            raise ServiceError(f"{host(self.server)} accepted the order but did not say which export it is.")
        return {"id": int(number)} if re.fullmatch(_NUMBER, str(number)) else {"id": number}

    def _body(self, request: ExportRequest) -> dict[str, Json]:
        """The export as the site wants it; validate and create take the same."""
        layers = [self._layer(item) for item in _items(request)]
        options = request.options
        formats = {_format_key(layer): _mimetype(layer, options) for layer in layers}
        body: dict[str, Json] = {"items": [{"item": layer["url"]} for layer in layers], "formats": formats}
        spatial = {formats[key] for key in formats if key != "table"}
        if spatial:
            if spatial != {MIMETYPES["kml"]}:
                body["crs"] = options.get("crs") or next(filter(None, map(_crs, layers)), "EPSG:4326")
            extent = options.get("crop_feature") or request.sent or request.area
            if extent:
                body["extent"] = extent
        if request.title:
            body["name"] = request.title
        extra = _extra_options(options, formats)
        return {**body, "options": extra} if extra else body

    def _layer(self, item: str) -> dict[str, Json]:
        """The layer or table with its `kind` and its API `url` at this site. Asked once by one provider object."""
        if item not in self._layers:
            self._layers[item] = self._asked_layer(item)
        return self._layers[item]

    def _asked_layer(self, item: str) -> dict[str, Json]:
        what, number = _parsed(item)
        kinds, is_site = (what,) if what else ("layer", "table"), False
        for kind in kinds:
            try:
                layer = self._get(f"{kind}s/{number}/").document
            except ServiceError as refusal:
                if refusal.status != 404:
                    raise
                is_site |= refusal.document is not None  # any other server has a page to say it
                continue
            if not isinstance(layer, dict):
                raise ServiceError(f"{host(self.server)} described the {kind} in a way that can't be understood.")
            url = f"{self.api}{kind}s/{number}/"
            return {**layer, "url": url, "kind": "table" if kind == "table" else layer.get("kind") or "vector"}
        names = " or ".join(kinds)
        advice = "It may be private, or removed; pick another one."
        raise ExportError(
            f"{host(self.server)} has no {names} {number}.",
            advice if is_site else f"Is this the address of the site? {advice}",
            about="items" if is_site else "server",
        )

    def _catalogue(self, search: str, more: str) -> ChoicePage:
        if not more and _parsed(search)[1]:
            layer = self._layer(search)
            return ChoicePage((_choice(layer),), total=1)
        params = {"page_size": "20", **({"q": search} if search else {})}
        try:
            answer = self._get(more or "data/", None if more else params, expand=True)
        except ServiceError as refusal:
            if more or refusal.status != 404:
                raise
            answer = self._get("layers/", params, expand=True)
        entries = [entry for entry in _entries(answer) if _parsed(str(entry.get("url", "")))[1]]
        total = re.search(r"/(\d{1,18})$", answer.headers.get("x-resource-range", ""))
        return ChoicePage(
            tuple(_choice(entry) for entry in entries), answer.link("page-next"), int(total.group(1)) if total else None
        )

    def _crop_features(self, search: str, more: str) -> ChoicePage:
        """The features of the crop layers, one layer after the other; `more` is the rest of the way through them."""
        rest = more.split() or [
            str(entry.get("url")).rstrip("/") + "/cropfeatures/" for entry in self._list("exports/croplayers/")
        ]
        found: list[Choice] = []
        for _ in range(MOST_PAGES):  # the site can't search in them, so a page may hold nothing that fits
            if not rest or found:
                break
            answer = self._get(rest[0])
            rest = [url for url in (answer.link("page-next"), *rest[1:]) if url]
            named = ((str(entry.get("url")), str(entry.get("name") or entry.get("url"))) for entry in _entries(answer))
            found = [Choice(url, plain(name)) for url, name in named if search in name.lower()]
        return ChoicePage(tuple(found), " ".join(rest))

    def _site_formats(self) -> dict[str, tuple[Choice, ...]]:
        tree = self._explained(lambda: self.http.options(f"{self.api}exports/")).document
        for key in ("actions", "POST", "formats", "children"):
            tree = tree.get(key, {}) if isinstance(tree, dict) else {}
        return {
            kind: tuple(
                Choice(SHORT.get(value, value), plain(str(name or value)))
                for value, name in ((str(one.get("value")), one.get("display_name")) for one in _dicts(node["choices"]))
            )
            for kind, node in (tree.items() if isinstance(tree, dict) else ())
            if isinstance(node, dict) and "choices" in node
        }

    def _list(self, path: str, params: Mapping[str, str] | None = None, tries: int = 3) -> list[dict[str, Json]]:
        return _entries(self._get(path, params, tries=tries))

    def _get(
        self, path: str, params: Mapping[str, str] | None = None, *, tries: int = 3, expand: bool = False
    ) -> Answer:
        headers = {"Expand": "list"} if expand else None

        def ask() -> Answer:
            return self.http.get(path if "://" in path else f"{self.api}{path}", params, headers=headers, tries=tries)

        return self._explained(ask)

    def _explained(self, ask: Callable[[], T]) -> T:
        """401 and 403 in words. The site answers 401 both to a wrong key and to one that lacks a permission.

        ask: makes its addresses from `api` when called, since what is missing (404) may be the API's version.
        """
        try:
            return ask()
        except CredentialError as refusal:
            page = self.key_page(self.server)
            scope = re.search(r"\b[a-z]+(?::[a-z]+)*:(?:read|write)\b", f"{refusal.message} {refusal.document}")
            if scope:
                raise CredentialError(
                    f"The key for {host(self.server)} lacks the permission {scope.group()}.",
                    f"Make a key with {SCOPES} at {page} and enter it in the account.",
                    status=refusal.status,
                ) from refusal
            raise CredentialError(
                f"{host(self.server)} does not accept the key: {refusal.message.split(': ', 1)[-1]}",
                f"A key works only on the site it was made on, and needs {SCOPES}; make one at {page}",
                status=refusal.status,
            ) from refusal
        except ServiceError as refusal:
            if refusal.status != 404 or not self._has_only_v1():
                raise
            return ask()

    def _has_only_v1(self) -> bool:
        """Whether the site does not know the newer version of the API; the older one is then used from now on."""
        if self._version == "v1" or "/services/api/" in self.server:
            return False
        try:
            self.http.get(f"{self.api}exports/", {"page_size": "1"})
        except ServiceError as refusal:
            if refusal.status == 404:
                self._version = "v1"
        return self._version == "v1"


def _item_problems(request: ExportRequest) -> Iterator[str]:
    items = _items(request)
    if not items:
        yield Problem("No layer or table is chosen.", "items")
    for item in items:
        if not _parsed(item)[1]:
            text = f"“{plain(item)}” is not a layer: use layer:ID, table:ID, an id, or the layer's address."
            yield Problem(text, "items")
        elif "://" in item and host(item) != host(request.server):
            text = f"{plain(item)} is on another site than {host(request.server)}; order it from there."
            yield Problem(text, "items")


def _option_problems(options: Mapping[str, Json]) -> Iterator[str]:
    crs = str(options.get("crs") or "")
    if crs and not re.fullmatch(r"EPSG:\d+", crs):
        yield Problem(f"The CRS must be one of the EPSG registry, like EPSG:2193; {plain(crs)} is not.", "crs")
    for option in Koordinates.options:
        value = options.get(option.key)
        value = value if isinstance(value, (str, int)) or value is None else str(value)
        known = {choice.value for choice in option.choices}
        if option.kind is OptionKind.CHOICE and value and value not in known | set(MIMETYPES) and "/" not in str(value):
            yield Problem(f"{option.label}: “{plain(str(value))}” is none of {', '.join(sorted(known))}.", option.key)
        if option.kind is OptionKind.NUMBER and value is not None and not _in_range(value, option):
            yield Problem(f"{option.label} must be from {option.minimum} to {option.maximum}.", option.key)
    yield from flag_problems(Koordinates.options, options)


def _area_problems(request: ExportRequest) -> Iterator[str]:
    crop, items = str(request.options.get("crop_feature") or ""), _items(request)
    only_tables = bool(items) and all(_parsed(item)[0] == "table" for item in items)
    if crop and request.area:
        yield Problem("Choose an area or a crop feature, not both.", "crop_feature")
    if crop and (not same_origin(crop, request.server) or "/cropfeatures/" not in crop):
        text = f"The crop feature must be an address at {host(request.server)} that ends in /cropfeatures/ID/."
        yield Problem(text, "crop_feature")
    if not crop and not request.area and not only_tables:
        yield Problem("No area is chosen.", "area")


def _items(request: ExportRequest) -> tuple[str, ...]:
    return several(request.options.get("items"))


def _parsed(item: str) -> tuple[str, str]:
    """("layer", "table" or "", id) from `layer:1`, `1`, an API URL or a page's address; id empty: none of these."""
    short = re.match(_ITEM, item)
    if short:
        return short.group(1) or "", short.group(2)
    path = re.search(_PAGE, urlsplit(item).path) if "://" in item else None
    return (path.group(1), path.group(2)) if path else ("", "")


def _in_range(value: Json, option: Option) -> bool:
    low, high = option.minimum, option.maximum
    return isinstance(value, int) and (low is None or low <= value) and (high is None or value <= high)


def _format_key(layer: Mapping[str, Json]) -> str:
    kind = str(layer["kind"])
    return FORMAT_KEY.get(kind, kind)


def _mimetype(layer: Mapping[str, Json], options: Mapping[str, Json]) -> str:
    """The chosen format as the layer's own list of formats spells it, if it has one."""
    key = f"{_format_key(layer)}_format"
    default = next((option.default for option in Koordinates.options if option.key == key), "")
    chosen = str(options.get(key) or default)
    return MIMETYPES.get(chosen, chosen)


def _format_problems(layers: Sequence[Mapping[str, Json]], request: ExportRequest) -> Iterator[str]:
    for layer in layers:
        title, mimetype = plain(str(layer.get("title", layer["url"]))), _mimetype(layer, request.options)
        if not mimetype:
            yield Problem(f"{title} is of the kind “{plain(str(layer['kind']))}”, which can't be exported.", "items")
            continue
        data = layer.get("data")
        offered = _dicts(data.get("export_formats")) if isinstance(data, dict) else []
        if offered and mimetype not in [entry.get("mimetype") for entry in offered]:
            names = plain(", ".join(str(entry.get("name")) for entry in offered))
            chosen = LABELS.get(SHORT.get(mimetype, ""), mimetype)
            text = f"{title} can't be exported as {chosen}; it offers {names}."
            yield Problem(text, f"{_format_key(layer)}_format")


def _crs(layer: Mapping[str, Json]) -> str:
    """The CRS of a layer as EPSG:code: a string in v1, an object in v1.x."""
    data = layer.get("data")
    crs = data.get("crs") if isinstance(data, dict) else None
    text = str(crs.get("id", "") if isinstance(crs, dict) else crs or "")
    return text if re.fullmatch(r"EPSG:\d+", text) else ""


def _extra_options(options: Mapping[str, Json], formats: Mapping[str, str]) -> dict[str, Json]:
    extra: dict[str, Json] = {}
    multiplier = options.get("resolution_multiplier") or 1
    if multiplier != 1 and ("raster" in formats or "grid" in formats):
        extra["raster_resolution_multiplier"] = multiplier
    if MIMETYPES["pdf"] in formats.values():
        extra.update({key: options[key] for key in PDF_OPTIONS if options.get(key) is not None})
    return extra


def _fields(body: Mapping[str, Json]) -> dict[str, str]:
    """Which option is behind each name in an export. A format of one's own is more likely at fault than the others."""
    formats = body["formats"]
    suspects = [kind for kind in formats if formats[kind] not in SHORT] or list(formats)
    return {
        "items": "items",
        "crs": "crs",
        "extent": "crop_feature" if isinstance(body.get("extent"), str) else "area",
        "formats": f"{next(iter(suspects), 'vector')}_format",
        "raster_resolution_multiplier": "resolution_multiplier",
        **{kind: f"{kind}_format" for kind in formats},
        **{key: key for key in PDF_OPTIONS},
    }


def _is_validation(document: Json) -> bool:
    return isinstance(document, dict) and "is_valid" in document


def _quote(said: Mapping[str, Json], layers: Sequence[Mapping[str, Json]], request: ExportRequest) -> Quote:
    """From the validation document; the reasons stand at the top and at each item, and both count."""
    titles = {_parsed(str(layer["url"])): plain(str(layer.get("title") or "")) for layer in layers}
    items = _dicts(said.get("items"))
    where = "crop_feature" if request.options.get("crop_feature") else "area"
    whole = f"{host(request.server)} refuses the export"
    problems = [_reason(whole, reason, where) for reason in _list(said.get("invalid_reasons"))]
    for item in items:
        url = str(item.get("item", ""))
        name = titles.get(_parsed(url)) or url
        problems += [_reason(name, reason, where) for reason in _list(item.get("invalid_reasons"))]
        if item.get("is_valid") is False and not item.get("invalid_reasons"):
            problems.append(Problem(f"{name} can't be exported, and the site gives no reason.", "items"))
    if said["is_valid"] is False and not problems:
        problems.append(Problem("The site refuses this export and gives no reason.", "items"))
    price, currency = _sum(items)
    size = said.get("size_estimate_zipped")
    return Quote(
        problems=tuple(dict.fromkeys(problems)),
        price=price,
        currency=currency,
        size=size if isinstance(size, int) else None,
        summary=", ".join(filter(None, titles.values())),
        license=_license([*layers, *items]),
    )


def _reason(name: str, reason: Json, where: str) -> Problem:
    """where: what the area was chosen with; a reason that is not known is about what is ordered."""
    word = str(reason) if isinstance(reason, str) else spoken(reason)
    return Problem(f"{name}: {REASONS.get(word, plain(word))}.", where if word in REASONS else "items")


def _sum(items: Sequence[Mapping[str, Json]]) -> tuple[Decimal | None, str]:
    """The price of all items and its currency. A sum without one of them, or of two currencies, is none."""
    prices = [price for price in (_price(item.get("price")) for item in items) if price is not None]
    currencies = list(dict.fromkeys(plain(str(item["currency"])) for item in items if item.get("currency")))
    is_whole = prices and len(prices) == len(items) and len(currencies) < 2
    return sum(prices, Decimal(0)) if is_whole else None, currencies[0] if len(currencies) == 1 else ""


def _price(text: Json) -> Decimal | None:
    try:
        price = Decimal(str(text))
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price < MOST_PRICE else None


def _license(described: Sequence[Mapping[str, Json]]) -> License:
    """The terms of all items; where they differ, each title once."""
    found = [entry["license"] for entry in described if isinstance(entry.get("license"), dict)]
    titles = dict.fromkeys(plain(str(one.get("title") or "")) for one in found)
    urls = dict.fromkeys(str(one.get("url_html") or one.get("url") or "") for one in found)
    return License(", ".join(filter(None, titles)), next(filter(None, urls), ""))


def _look(export: Mapping[str, Json]) -> Look:
    word = str(export.get("state"))
    state = STATES.get(word)
    progress = export.get("progress")
    messages = {
        JobState.FAILED: "The site could not make this export and gives no reason. "
        "Order it again, or ask the site's support.",
        JobState.EXPIRED: "The site had it ready and has removed it since. Order it again.",
    }
    return Look(
        state=state or JobState.RUNNING,
        progress=float(min(1.0, max(0.0, progress))) if isinstance(progress, (int, float)) else None,
        message=messages.get(state, "") if state else f"The site says “{plain(word)}”.",
        word=word,
        known=state is not None,
    )


def _entries(answer: Answer) -> list[dict[str, Json]]:
    return _dicts(answer.document)


def _dicts(entries: Json) -> list[dict[str, Json]]:
    return [entry for entry in _list(entries) if isinstance(entry, dict)]


def _list(entries: Json) -> list[Json]:
    return entries if isinstance(entries, list) else []


def _choice(entry: Mapping[str, Json]) -> Choice:
    """A layer or table of the catalogue, which has an `id` but not always a `kind`."""
    what, number = _parsed(str(entry["url"]))
    kind = "table" if what == "table" else str(entry.get("kind") or "")
    group = entry.get("group")
    publisher = str(group.get("name", "")) if isinstance(group, dict) else ""
    return Choice(
        f"{what}:{number}",
        plain(str(entry.get("title") or f"{what} {number}")),
        plain(publisher),
        FORMAT_KEY.get(kind, kind),
    )


def _time(text: Json) -> float:
    """Seconds since 1970 from ISO 8601, 0 when it is none."""
    from datetime import datetime, timezone

    try:
        when = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return 0.0
    return (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp()


def _same_order(export: Json, wanted: Mapping[str, Json]) -> bool:
    if not isinstance(export, dict) or export.get("id") is None:
        return False
    items = {_parsed(str(entry.get("item"))) for entry in _dicts(export.get("items"))}
    crs, options = _crs({"data": export}), export.get("options")
    extra = options if isinstance(options, dict) else {}
    return (
        items == {_parsed(entry["item"]) for entry in wanted["items"]}
        and export.get("formats") in (None, wanted["formats"])
        and crs in ("", wanted.get("crs", crs))
        and all(extra.get(key, value) == value for key, value in wanted.get("options", {}).items())
        and _same_extent(export.get("extent"), wanted.get("extent"))
    )


def _same_extent(one: Json, other: Json) -> bool:
    """Geometries that cover the same ground, however they are written down; else the same address, or none."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return bool(one == other)
    from ..core.aoi import from_geojson  # brings shapely, which a poll does not need

    try:
        ours, theirs = (from_geojson(area).geometry for area in (one, other))
    except AreaError:
        return False
    return bool(ours.symmetric_difference(theirs).area <= SAME_GROUND * theirs.area)
