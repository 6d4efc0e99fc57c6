"""What all lists and refusals of the iTwin platform have in common. The source keys are those of itwin.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import jsonify, request
from werkzeug.wrappers import Response

from .itwin_settings import Settings

Entry = TypeVar("Entry")


class Refused(Exception):
    """An error in the platform's form (DOC seed): code, message, and details of (code, message, target)."""

    def __init__(self, status: int, code: str, message: str, *details: tuple[str, str, str], **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, details
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> Response:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = [dict(zip(("code", "message", "target"), detail)) for detail in self.details]
        response = jsonify({"error": error})
        response.status_code = self.status
        response.headers.update(self.headers)
        return response


def invalid(code: str, parameter: str) -> Refused:
    """DOC B4: a 422 names what is wrong in its details."""
    return Refused(
        422, code, "Request is invalid.", ("InvalidParameter", f"'{parameter}' parameter value is invalid.", parameter)
    )


def full() -> bool:
    """DOC B1, B14: the client prefers whole entries; without that header they are minimal."""
    return "return=representation" in request.headers.get("Prefer", "").replace(" ", "")


def page(entries: Sequence[Entry], settings: Settings, code: str) -> tuple[Sequence[Entry], dict[str, Any]]:
    """The entries that ``$top`` and ``$skip`` ask for, and the ``_links`` of that page.

    DOC B1, B14. CODE B11: ``$skip`` and ``$top`` stand in every link. ``code`` is that of the 422 for bad numbers.
    """
    top = min(_number("$top", settings.max_page, code), settings.max_page)
    skip = _number("$skip", 0, code)
    if top == 0:
        raise invalid(code, "$top")
    links: dict[str, Any] = {"self": _link(skip, top)}
    if skip:
        links["prev"] = _link(max(0, skip - top), top)
    if skip + top < len(entries):
        links["next"] = _link(skip + top, top)
    elif settings.last_next == "null":
        links["next"] = None
    return entries[skip : skip + top], links


def _number(name: str, otherwise: int, code: str) -> int:
    text = request.args.get(name, str(otherwise))
    if not text.isdecimal():
        raise invalid(code, name)
    return int(text)


def _link(skip: int, top: int) -> dict[str, str]:
    query = {**request.args.to_dict(), "$skip": str(skip), "$top": str(top)}
    return {"href": f"{request.base_url}?{urlencode(query, safe='$:', quote_via=quote)}"}
