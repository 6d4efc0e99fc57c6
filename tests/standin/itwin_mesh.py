"""The mesh export API: its requests and answers. The source keys are those of itwin.py."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify, request

from .itwin_access import Access
from .itwin_answers import Refused, full, invalid, page
from .itwin_exports import KINDS, Export, Exports
from .itwin_settings import Settings

BAD_EXPORT = "InvalidMeshExportRequest"


class MeshExport:
    """The views of the API."""

    def __init__(self, access: Access, settings: Callable[[], Settings], exports: Callable[[], Exports]) -> None:
        self._access, self._settings, self._all = access, settings, exports

    def list(self) -> Response:
        """DOC B1. An export that the page shows has been looked at. GUESS: an empty changesetId is none."""
        asked = request.args
        kind, changeset = asked.get("exportType", ""), asked.get("changesetId") or None
        if kind.upper() not in {"", *KINDS}:
            raise invalid(BAD_EXPORT, "exportType")
        if "iModelId" in asked:
            model = self._access.model(asked["iModelId"])
            if kind.upper() in ("", "3DTILES"):
                self._all().wanted(model, changeset)
        order = asked.get("$orderBy", "date:desc")
        if order not in ("date:asc", "date:desc"):
            raise invalid(BAD_EXPORT, "$orderBy")
        found = [export for export in self._all().newest_first() if self._matches(export)]
        shown, links = page(found if order == "date:desc" else found[::-1], self._settings(), BAD_EXPORT)
        for export in shown:
            self._all().look(export)
        entries = [self._all().entry(export, full(), asked.get("cdn") == "1", kind) for export in shown]
        return jsonify({"exports": entries, "_links": links})

    def _matches(self, export: Export) -> bool:
        asked = request.args
        return (
            export.model.twin in self._access.twins()
            and not {export.model.id, export.model.twin.id} & set(self._settings().forbidden)
            and asked.get("iModelId", export.model.id) == export.model.id
            and asked.get("changesetId") in (None, "", export.changeset)
            and asked.get("exportType", export.kind).upper() == export.kind.upper()
        )

    def start(self) -> Response:
        """DOC B2: 202. GUESS: 422 for a changeset or a type that there is not."""
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, dict) or not body.get("iModelId"):
            detail = ("InvalidRequestBody", "iModelId cannot be empty.", "iModelId")
            raise Refused(422, BAD_EXPORT, "Cannot start export job.", detail)
        model = self._access.model(str(body["iModelId"]))
        kind, latest = body.get("exportType") or "3DTiles", model.latest(self._settings())
        changeset = body.get("changesetId") or latest
        if str(kind).upper() not in KINDS:
            raise self._bad_start("exportType")
        if changeset not in (latest, *model.history(self._settings())) or not model.shape:
            raise self._bad_start("changesetId")
        export = self._all().start(model, changeset, kind)
        response = jsonify({"export": self._all().entry(export, full=True, cdn=False)})
        response.status_code = 202
        return response

    def _bad_start(self, target: str) -> Refused:
        detail = ("InvalidRequestBody", f"{target} is invalid.", target)
        return Refused(422, BAD_EXPORT, "Cannot start export job.", detail)

    def _export(self, id: str) -> Export:
        export = self._all().get(id)
        if export is None or export.model.twin not in self._access.twins():
            raise Refused(404, "ExportNotFound", "Requested export is not available.")
        self._access.check(export.model.id, export.model.twin.id)
        return export

    def one(self, id: str) -> Response:
        """DOC seed: the whole export, whatever the client prefers."""
        export = self._export(id)
        self._all().look(export)
        cdn = request.args.get("cdn") == "1"
        return jsonify({"export": self._all().entry(export, full=True, cdn=cdn)})

    def delete(self, id: str) -> Response:
        """DOC B4."""
        export = self._export(id)
        if not export.over:
            raise Refused(422, BAD_EXPORT, "Cannot delete exported job.", ("InvalidParameter", "id is invalid.", "id"))
        self._all().delete(export)
        return Response(status=204)
