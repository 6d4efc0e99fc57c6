"""The iTwins, iModels and changesets as the platform's API tells of them. The source keys are those of itwin.py."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify, request

from .itwin_access import Access
from .itwin_answers import Refused, full, invalid, page
from .itwin_catalogue import changeset_entry, models
from .itwin_settings import Settings

V2 = "application/vnd.bentley.itwin-platform.v2+json"
BAD_TWINS, BAD_MODELS, BAD_CHANGESETS = "InvalidiTwinsRequest", "InvalidiModelsRequest", "InvalidChangesetsRequest"
RECENT = 25  # DOC B13


class Projects:
    """The views of the two APIs beside mesh export."""

    def __init__(self, access: Access, settings: Callable[[], Settings], url: Callable[[], str]) -> None:
        self._access, self._settings, self._url = access, settings, url

    def twins(self) -> Response:
        """DOC B13: inactive ones only to those who ask for them."""
        asked = request.args
        everything = asked.get("includeInactive", "").lower() == "true"
        if everything and "status" in asked:
            raise invalid(BAD_TWINS, "includeInactive")
        status = asked.get("status", "" if everything else "Active")
        sought = asked.get("$search", "").lower()
        found = [
            twin
            for twin in self._access.twins()
            if (not status or twin.status.lower() == status.lower())
            and asked.get("subClass", "Project") == "Project"
            and (sought in twin.name.lower() or sought in twin.number.lower())
        ]
        shown, links = page(found, self._settings(), BAD_TWINS)
        return jsonify({"iTwins": [twin.entry() for twin in shown], "_links": links})

    def recent_twins(self) -> Response:
        recent = [twin.entry() for twin in self._access.twins() if twin.status == "Active"]
        return jsonify({"iTwins": recent[:RECENT]})

    def twin(self, id: str) -> Response:
        twin = next((twin for twin in self._access.twins() if twin.id == id), None)
        if twin is None:
            raise Refused(404, "iTwinNotFound", "Requested iTwin is not available.")
        self._access.check(id)
        return jsonify({"iTwin": twin.entry()})

    def _v2(self) -> None:
        if self._settings().strict_accept and V2 not in request.headers.get("Accept", ""):
            raise Refused(406, "NotAcceptable", f"This operation answers {V2} only.")

    def models(self) -> Response:
        """DOC B14."""
        self._v2()
        twin = request.args.get("iTwinId", "")
        if twin not in {twin.id for twin in self._access.twins()}:
            raise invalid(BAD_MODELS, "iTwinId")
        self._access.check(twin)
        sought, name, state = (request.args.get(key, "") for key in ("$search", "name", "state"))
        found = [
            model
            for model in models(self._settings())
            if model.twin.id == twin
            and model.id not in self._settings().forbidden  # DOC B14: does not appear
            and (sought.lower() in model.name.lower() or sought.lower() in model.description.lower())
            and name in ("", model.name)
            and state in ("", model.entry("")["state"])
        ]
        field, _, direction = request.args.get("$orderBy", "").partition(" ")
        if field not in ("", "name", "createdDateTime"):
            raise invalid(BAD_MODELS, "$orderBy")
        if field == "name":
            found.sort(key=lambda model: model.name, reverse=direction == "desc")
        shown, links = page(found, self._settings(), BAD_MODELS)
        whole = full() or not self._settings().minimal
        entries = [model.entry(self._url()) if whole else model.minimal() for model in shown]
        return jsonify({"iModels": entries, "_links": links})

    def model(self, id: str) -> Response:
        self._v2()
        return jsonify({"iModel": self._access.model(id).entry(self._url())})

    def changesets(self, id: str) -> Response:
        """CODE B12: ``$orderBy=index desc`` and ``$top=1`` for the latest."""
        self._v2()
        model = self._access.model(id)
        history = model.history(self._settings())
        entries = [changeset_entry(model, history, index) for index in range(len(history))]
        order = request.args.get("$orderBy", "index asc")
        if order not in ("index", "index asc", "index desc"):
            raise invalid(BAD_CHANGESETS, "$orderBy")
        shown, links = page(entries[::-1] if order == "index desc" else entries, self._settings(), BAD_CHANGESETS)
        return jsonify({"changesets": list(shown), "_links": links})
