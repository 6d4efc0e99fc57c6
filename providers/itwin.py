"""Bentley iTwin Mesh Export: an iModel as 3D Tiles.

https://developer.bentley.com/apis/mesh-export/ documents it, with the iTwins and iModels APIs beside it. An export is
of a whole iModel at one changeset. Bentley makes exports by itself when somebody asks for them (get-exports), so the
list is looked at first, and start-export is for those that do not come about. What arrives is a container of tiles: its
signed link is good for an hour and its query goes to every tile.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from ..core.address import host, joined
from ..core.errors import CredentialError, ServiceError, nothing_ordered_yet, refusal_about
from ..core.model import (
    Artifact,
    Choice,
    ChoicePage,
    ExportRequest,
    Job,
    JobState,
    Json,
    Look,
    Option,
    OptionKind,
    Problem,
    Quote,
    flag_problems,
)
from ..core.provider import SHARE_USER, AreaKind, AreaRule, Credentials, OAuth2, Provider, Server
from ..core.sessions import Sessions, bought
from ..core.words import plain

if TYPE_CHECKING:
    from ..core.answer import Answer
    from ..core.http import Secret

V1 = {"Accept": "application/vnd.bentley.itwin-platform.v1+json"}
V2 = {"Accept": "application/vnd.bentley.itwin-platform.v2+json"}
WITH_LINKS = {**V1, "Prefer": "return=representation"}  # without it there is no link to the tiles
PAGE = 100
MOST_PAGES = 50  # of iTwins or iModels, so that a list that never ends does
NEWEST = 5  # Bentley keeps no more exports of an iModel
TILES = ("3dtiles", "cesium")  # what QGIS can show; the others are for Bentley's own viewers
STATES = {
    "NotStarted": JobState.QUEUED,
    "InProgress": JobState.RUNNING,
    "Complete": JobState.READY,
    "Invalid": JobState.FAILED,
}
FIELDS = {"iTwinId": "itwin", "iModelId": "imodel", "changesetId": "changeset", "exportType": "export_type"}
NEAR, UNPLACED, FAR = "Meets the area", "Without an extent", "Elsewhere"
GROUPS = ("", NEAR, FAR, UNPLACED)
_UUID = r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class ITwin(Provider):
    """The iTwin Platform, for one person, one application, or whoever holds a share key of an iTwin."""

    id = "itwin"
    title = "Bentley iTwin"
    home = "https://developer.bentley.com/apis/mesh-export/"
    servers = (Server("https://api.bentley.com", "iTwin Platform"),)
    credentials = (Credentials.OAUTH2, Credentials.CLIENT, Credentials.SHARE_KEY)
    credentials_help = (
        "Register an application at developer.bentley.com with the scope itwin-platform: a native one to sign in as "
        "yourself, or a service, whose e-mail has to be invited to the iTwin. Or use a share key of an iTwin."
    )
    oauth2 = OAuth2(
        "https://ims.bentley.com/connect/authorize", "https://ims.bentley.com/connect/token", "itwin-platform"
    )
    area = AreaRule(AreaKind.NONE, required=False)
    attribution = "Bentley iTwin Platform"
    options = (
        Option(
            "itwin", "iTwin", OptionKind.ITEM, "", asked=True, guide=True, help="The iTwin that the iModel belongs to.",
        ),
        Option(
            "imodel", "iModel", OptionKind.ITEM, "", asked=True, after=("itwin", "area"), required=True,
            help="The id of the iModel. With an area, only its tiles that meet the area are fetched.",
        ),
        Option(
            "changeset", "Changeset", OptionKind.TEXT, "", asked=True, after=("imodel",), advanced=True,
            help="The id of a changeset; the latest one if empty.",
        ),
        Option(
            "export_type", "Export type", OptionKind.CHOICE, "3DTiles",
            (
                Choice("3DTiles", "3D Tiles"),
                Choice("CESIUM", "Cesium"),
                Choice("IMODEL", "iTwin viewer"),
                Choice("3DFT", "3DFT"),
            ),
            advanced=True, help="QGIS shows 3D Tiles and Cesium; the others are only downloaded.",
        ),
        Option(
            "start", "Start an export when there is none", OptionKind.FLAG, True, advanced=True,
            help="Otherwise it is waited for one that the platform makes by itself.",
        ),
        Option(
            "cdn", "Download through the content network", OptionKind.FLAG, False, advanced=True,
            help="Ask for links of the content delivery network (cdn=1).",
        ),
    )  # fmt: skip
    _sessions: ClassVar[Sessions] = Sessions()

    @classmethod
    def headers(cls, secret: Secret) -> Mapping[str, str]:
        """A share key is sent as it is; an application's id and secret buy a session."""
        if secret.headers:
            return secret.headers
        if secret.username == SHARE_USER:
            return {"Authorization": f"Basic {secret.password}"}
        return {} if secret.username else {"Authorization": f"Bearer {secret.password}"}

    def sign_in(self) -> Mapping[str, str]:
        if self.secret.headers or self.secret.username in ("", SHARE_USER):
            return {}
        return self._sessions.instead_of(self.http.headers, self.server, self.secret, self._client_session)

    def _client_session(self) -> Mapping[str, str]:
        """The client credentials grant (RFC 6749, 4.4)."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.secret.username,
            "client_secret": self.secret.password,
            "scope": self.oauth2.scope,
        }
        return bought(
            self.oauth2.token,
            lambda: self.http.ask(self.oauth2.token, None, form=form, credentials=False),
            "Check its id and secret in the account.",
        )

    @classmethod
    def key_page(cls, server: str) -> str:
        return "https://developer.bentley.com/my-apps/"

    @classmethod
    def check(cls, request: ExportRequest) -> tuple[str, ...]:
        problems = []
        if not str(request.options.get("imodel") or "").strip():
            problems.append(Problem("Choose an iModel.", "imodel"))
        if str(request.options.get("export_type") or "3DTiles").lower() not in (*TILES, "imodel", "3dft"):
            problems.append(Problem("The export type is 3DTiles, CESIUM, IMODEL or 3DFT.", "export_type"))
        return (*problems, *flag_problems(cls.options, request.options))

    def greet(self) -> str:
        count = len(_listed(self._get("itwins/", {"$top": "1"}, V1).document, "iTwins"))
        if count:
            return f"{host(self.server)} knows you, and you can see iTwins."
        return f"{host(self.server)} knows you, but shows you no iTwin: somebody has to invite you to one."

    def choices(self, key: str, search: str = "", more: str = "", request: ExportRequest | None = None) -> ChoicePage:
        if key == "itwin":
            return self._itwins(search, more)
        chosen = request.options if request else {}
        if key == "imodel":
            return self._imodels(str(chosen.get("itwin") or ""), search, request)
        if key == "changeset":
            return self._changesets(str(chosen.get("imodel") or ""))
        return super().choices(key, search, more, request)

    def quote(self, request: ExportRequest) -> Quote:
        """What there is already: the platform names no price."""
        export = _best(self._exports(request.options, self._changeset(request.options)))
        if export is None:
            return Quote(summary="A new export" if _starts(request) else "The next export that the platform makes")
        word = "exported already" if export["status"] == "Complete" else "being exported"
        return Quote(summary=f"{plain(str(export.get('displayName') or 'iModel'))}, {word}")

    def submit(self, request: ExportRequest) -> Iterator[Mapping[str, Json]]:
        """An export that is there or on its way is taken; else one is started, if that was asked for."""
        with nothing_ordered_yet():
            changeset = self._changeset(request.options)
            export = _best(self._exports(request.options, changeset))
        refusal = ""
        if export is None and _starts(request):
            export, refusal = self._started_if_allowed(request.options, changeset)
        yield {"changeset": changeset, "export": export["id"] if export else "", "refusal": refusal}

    def poll(self, job: Job) -> Look:
        exports = self._exports(job.request.options, job.remote.get("changeset", ""))
        export = self._mine(job, exports)
        if export:
            return _look(export)
        if job.remote.get("export"):
            return Look(JobState.EXPIRED, message="The platform no longer has this export. Order it again.")
        if exports:
            return _look(exports[0])  # every one of them is invalid
        text = "The platform has no export of this iModel yet; the first one takes long."
        return Look(JobState.QUEUED, message=f"{text} {job.remote.get('refusal', '')}".rstrip())

    def find_lost(self, job: Job, taken: Collection[Mapping[str, Json]]) -> Mapping[str, Json] | None:
        """An export of the same changeset and type is as good as the one whose answer was lost, whoever else waits for
        it. Where none may be started there was nothing to be lost."""
        changeset = self._changeset(job.request.options)
        export = _best(self._exports(job.request.options, changeset))
        if export is None and _starts(job.request):
            return None
        return {"changeset": changeset, "export": export["id"] if export else ""}

    def links(self, job: Job) -> Iterator[Artifact]:
        exports = self._exports(job.request.options, job.remote.get("changeset", ""))
        container = _container(self._mine(job, exports) or {})
        if not container:
            return
        if _export_type(job.request.options).lower() in TILES:
            yield Artifact("tileset.json", in_container(container, "tileset.json"), tileset=True)
        else:
            yield from self._blobs(container, job)

    def _blobs(self, container: str, job: Job) -> Iterator[Artifact]:
        """Everything in a container of a format that nothing here follows. https://learn.microsoft.com: List Blobs."""
        listing = f"{container}{'&' if '?' in container else '?'}restype=container&comp=list"
        marker = ""
        for _ in range(MOST_PAGES):
            text = self.http.get(f"{listing}{marker}", credentials=False).text
            for name in re.findall(r"<Name>([^<]+)</Name>", text):
                name = html.unescape(name)
                yield Artifact(name, in_container(container, quote(name)))
            onward = re.search(r"<NextMarker>([^<]+)</NextMarker>", text)
            if not onward:
                return
            marker = f"&marker={quote(html.unescape(onward[1]), safe='')}"
        self.remarks[job.key].append("The list of files does not come to an end, so some of them may be missing.")

    def _started_if_allowed(self, options: Mapping[str, Json], changeset: str) -> tuple[dict[str, Json] | None, str]:
        """A share key may only look; then it is waited for the export that the platform makes by itself, and the second
        value says why."""
        try:
            return self._started(options, changeset), ""
        except CredentialError as refusal:
            if self.secret.username != SHARE_USER:
                raise
            return None, f"The share key may not start one ({refusal.said.rstrip('.')}): sign in to do that."

    def _started(self, options: Mapping[str, Json], changeset: str) -> dict[str, Json]:
        """Start-export. https://developer.bentley.com/apis/mesh-export/operations/start-export/"""
        body = {"iModelId": _imodel(options), "exportType": _export_type(options)}
        if changeset:
            body["changesetId"] = changeset
        with refusal_about(FIELDS, missing="imodel"):
            answer = self.http.create(f"{self.server}/mesh-export/", body, headers=V1).document
        export = answer.get("export") if isinstance(answer, dict) else None
        if not isinstance(export, dict) or not export.get("id"):
            raise ServiceError(f"{host(self.server)} accepted the order but did not say which export it is.")
        return export

    def _mine(self, job: Job, exports: list[dict[str, Json]]) -> dict[str, Json] | None:
        """The job's export. Where none was there to wait for: the one that came about by itself."""
        wanted = job.remote.get("export")
        if not wanted:
            return _best(exports)
        listed = next((export for export in exports if export["id"] == wanted), None)
        return listed or self._unlisted(wanted) or _best(exports)

    def _unlisted(self, wanted: str) -> dict[str, Json] | None:
        """Get-export, which is about to be removed, knows those that are too new or too old for the list."""
        try:
            answer = self._get(f"mesh-export/{quote(str(wanted), safe='')}", {}, WITH_LINKS).document
        except ServiceError as refusal:
            if refusal.status not in (404, 410):
                raise
            return None
        export = answer.get("export") if isinstance(answer, dict) else None
        return export if isinstance(export, dict) and export.get("id") == wanted else None

    def _exports(self, options: Mapping[str, Json], changeset: str) -> list[dict[str, Json]]:
        """Get-exports: those of the wanted type and changeset, newest first. Asking makes the platform begin one."""
        wanted = _export_type(options).lower()
        query = {"iModelId": _imodel(options), "exportType": _export_type(options), "$orderBy": "date:desc"}
        query["$top"] = str(NEWEST)
        if changeset:
            query["changesetId"] = changeset
        if options.get("cdn"):
            query["cdn"] = "1"
        return [
            export
            for export in self._all("mesh-export/", query, WITH_LINKS, "exports")
            if export.get("id") and str(_asked(export).get("exportType", wanted)).lower() == wanted
            if not changeset or _asked(export).get("changesetId", changeset) == changeset
        ]

    def _changeset(self, options: Mapping[str, Json]) -> str:
        """The chosen one, else the latest; empty for an iModel without any, or who may not see them."""
        if options.get("changeset"):
            return str(options["changeset"]).strip()
        try:
            newest = self._history(_imodel(options), 1)
        except CredentialError:  # a share key may be good for exports only
            return ""
        return str(newest[0]["id"]) if newest else ""

    def _history(self, imodel: str, count: int) -> list[dict[str, Json]]:
        query = {"$top": str(count), "$orderBy": "index desc"}
        return _listed(self._get(f"imodels/{quote(imodel, safe='')}/changesets", query, V2).document, "changesets")

    def _itwins(self, search: str, more: str) -> ChoicePage:
        query = {"subClass": "Project", "status": "Active", "$top": str(PAGE)}
        answer = self._get(more or "itwins/", {} if more else _searched(query, search), V1).document
        found = _listed(answer, "iTwins")
        choices = [Choice(str(one["id"]), _label(one), plain(str(one.get("number") or ""))) for one in found]
        return ChoicePage(tuple(choices), _next(answer))

    def _imodels(self, itwin: str, search: str, request: ExportRequest | None) -> ChoicePage:
        """All at once, since those that meet the area come first. An id that was pasted finds that one."""
        if re.fullmatch(_UUID, search):
            found = [self._one_imodel(search)]
        elif itwin:
            query = _searched({"iTwinId": itwin, "$top": str(PAGE)}, search)
            found = list(self._all("imodels/", query, {**V2, "Prefer": "return=representation"}, "iModels"))
        else:
            return ChoicePage(())
        meets = _meets(request.area if request else None)
        choices = [
            Choice(
                str(one["id"]), _label(one), plain(str(one.get("description") or "")), group=meets(one.get("extent"))
            )
            for one in found
        ]
        choices.sort(key=lambda choice: (GROUPS.index(choice.group), choice.label.casefold()))
        return ChoicePage(tuple(choices), total=len(choices))

    def _one_imodel(self, number: str) -> dict[str, Json]:
        answer = self._get(f"imodels/{number}", {}, V2).document
        found = answer.get("iModel") if isinstance(answer, dict) else None
        return found if isinstance(found, dict) else {"id": number}

    def _changesets(self, imodel: str) -> ChoicePage:
        choices = [
            Choice(str(one["id"]), plain(f"{one.get('index', '')} {one.get('description') or ''}"), str(one["id"]))
            for one in (self._history(imodel, PAGE) if imodel else ())
        ]
        return ChoicePage(tuple(choices))

    def _all(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str], key: str
    ) -> Iterator[dict[str, Json]]:
        """The entries of every page of a list."""
        onward, seen = path, set()
        for _ in range(MOST_PAGES):
            answer = self._get(onward, query if onward == path else {}, headers).document
            yield from _listed(answer, key)
            seen.add(onward)
            onward = _next(answer)
            if not onward or onward in seen:
                return

    def _get(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        with refusal_about(FIELDS, missing="" if path.startswith("itwins/") else "imodel"):
            return self.http.get(joined(f"{self.server}/", path), query or None, headers=headers)


def in_container(link: str, name: str) -> str:
    """The address of a file in a container: its name goes into the path, and the signed query stays as it is."""
    path, mark, query = link.partition("?")
    return f"{path.rstrip('/')}/{name}{mark}{query}"


def _best(exports: list[dict[str, Json]]) -> dict[str, Json] | None:
    """The newest that is complete, else the newest that is on its way."""
    for words in (("Complete",), ("NotStarted", "InProgress")):
        for export in exports:
            if export.get("status") in words:
                return export
    return None


def _look(export: Mapping[str, Json]) -> Look:
    word = str(export.get("status") or "")
    state = STATES.get(word)
    if state is JobState.READY and not _container(export):
        return Look(JobState.RUNNING, message="The export is complete, but there is no link to it yet.", word=word)
    if state is JobState.FAILED:
        reason = plain(str(export.get("error") or ""))
        message = f"The export failed: {reason}" if reason else "The export failed, and the platform gives no reason."
        return Look(state, message=message, word=word)
    if state is None:
        return Look(JobState.RUNNING, message=f"The platform says “{plain(word)}”.", word=word, known=False)
    return Look(state, word=word)


def _container(export: Mapping[str, Json]) -> str:
    """The link to the tiles; `_links` and `mesh` are there only when the export is complete."""
    links = export.get("_links")
    mesh = links.get("mesh") if isinstance(links, dict) else None
    link = mesh.get("href") if isinstance(mesh, dict) else None
    return link if isinstance(link, str) else ""


def _meets(area: Mapping[str, Json] | None) -> Callable[[Json], str]:
    """Gives the heading for an extent: {southWest: {latitude, longitude}, northEast: ..}, null for many iModels."""
    if area is None:
        return lambda extent: ""
    from shapely.geometry import box, shape

    wanted = shape(dict(area))

    def heading(extent: Json) -> str:
        try:
            low, high = extent["southWest"], extent["northEast"]
            west, east = float(low["longitude"]), float(high["longitude"])
            south, north = float(low["latitude"]), float(high["latitude"])
        except (TypeError, KeyError, ValueError, OverflowError):
            return UNPLACED
        if not all(map(math.isfinite, (west, south, east, north))):
            return UNPLACED
        spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        return NEAR if any(wanted.intersects(box(left, south, right, north)) for left, right in spans) else FAR

    return heading


def _searched(query: dict[str, str], search: str) -> dict[str, str]:
    return {**query, "$search": search} if search else query


def _listed(answer: Json, key: str) -> list[dict[str, Json]]:
    entries = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(entries, list):
        raise ServiceError(f"The iTwin Platform gave no list of {key}.", "Try again later.")
    return [entry for entry in entries if isinstance(entry, dict) and entry.get("id")]


def _next(answer: Json) -> str:
    """The link to the next page, which may be absent, null, or an object without a link."""
    links = answer.get("_links") if isinstance(answer, dict) else None
    onward = links.get("next") if isinstance(links, dict) else None
    link = onward.get("href") if isinstance(onward, dict) else None
    return link if isinstance(link, str) else ""


def _label(entry: Mapping[str, Json]) -> str:
    return plain(str(entry.get("displayName") or entry.get("name") or entry["id"]))


def _asked(export: Mapping[str, Json]) -> Mapping[str, Json]:
    request = export.get("request")
    return request if isinstance(request, dict) else {}


def _imodel(options: Mapping[str, Json]) -> str:
    return str(options.get("imodel") or "").strip()


def _export_type(options: Mapping[str, Json]) -> str:
    return str(options.get("export_type") or "3DTiles")


def _starts(request: ExportRequest) -> bool:
    start = request.options.get("start")
    return True if start is None else bool(start)
