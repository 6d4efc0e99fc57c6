"""The storage behind mesh export: containers as Azure Blob Storage serves them to a shared access signature.

The link to a container carries the right to read and to list everything in it; a child's address is the container's
with a longer path and the same query. The source keys are those of itwin.py, and

A1   https://learn.microsoft.com/rest/api/storageservices/ (create-service-sas, list-blobs, status-and-error-codes)
A2   azurite 3.35 as run
A3   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
"""

from __future__ import annotations

import base64
import calendar
import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote
from xml.sax.saxutils import escape

from flask import Flask, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from .faults import ENVIRON_KEY
from .itwin_settings import Settings
from .world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# What a client may add to the signed query: the operation (DOC A1), and Cesium's v=, the version of a tileset.
ADDED = {"restype", "comp", "prefix", "marker", "maxresults", "timeout", "v"}
TYPES = {
    "json": "application/json",
    "glb": "model/gltf-binary",
    "png": "image/png",
    "subtree": "application/octet-stream",
}
Files = dict[str, bytes]


class Denied(Exception):
    """An Azure error: status, code and message."""

    def __init__(self, status: int, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.detail = status, code, message, detail

    def response(self) -> Response:
        """DOC A1: XML, and the code in a header."""
        detail = f"<AuthenticationErrorDetail>{self.detail}</AuthenticationErrorDetail>" if self.detail else ""
        body = f"<Error><Code>{self.code}</Code><Message>{self.message}</Message>{detail}</Error>"
        return _xml(body, self.status, {"x-ms-error-code": self.code})


class Blobs:
    """The containers and the application that serves them."""

    name = "blobs"

    def __init__(self, world: World, settings: Callable[[], Settings], url: Callable[[], str]) -> None:
        self._clock, self._settings, self._url = world.clock, settings, url
        self._secret = secrets.token_bytes(32)
        self.reset()
        self.app: WSGIApplication = self._application()

    def reset(self) -> None:
        self._containers: dict[str, Callable[[], Files]] = {}

    def add(self, container: str, files: Callable[[], Files]) -> None:
        """A container; ``files``, its blobs by name, is called each time that one is read."""
        self._containers[container] = files

    def remove(self, container: str) -> None:
        self._containers.pop(container, None)

    # --- signed links ------------------------------------------------------------------------------------------

    def link(self, container: str, cdn: bool) -> str:
        """The address of a container, good for an hour (DOC B1)."""
        end = self._clock.now() + self._settings().link_lifetime
        return f"{self._url()}/{container}?{self._query(container, int(end), cdn)}"

    def _query(self, container: str, end: int, cdn: bool) -> str:
        expiry = quote(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end)), safe="")
        query = f"sv=2024-05-04&se={expiry}&sr=c&sp=rl"
        query += f"&sig={quote(self._signature(container + query), safe='')}"
        return f"{query}&{self._cdn_query(container, end)}" if cdn else query

    def _signature(self, text: str) -> str:
        """GUESS: not Azure's string to sign, which no client computes. It has what needs quoting: + / and =."""
        for number in itertools.count():
            digest = hmac.new(self._secret, f"{number} {text}".encode(), hashlib.sha256).digest()
            signature = base64.b64encode(digest).decode()
            if "+" in signature and "/" in signature:
                return signature
        raise AssertionError("unreachable")

    def _cdn_query(self, container: str, end: int) -> str:
        """DOC A3: a custom policy and its signature, in base64 with - _ ~ for + = /. CODE B17: beside the SAS."""
        resource = {"Resource": f"{self._url()}/{container}/*", "Condition": {"DateLessThan": {"AWS:EpochTime": end}}}
        policy = _cdn_base64(json.dumps({"Statement": [resource]}).encode())
        signature = _cdn_base64(hmac.new(self._secret, policy.encode(), hashlib.sha256).digest() * 4)
        return f"Policy={policy}&Signature={signature}&Key-Pair-Id=KSTANDIN0000000000"

    def _authorize(self, container: str, expired: bool) -> None:
        raw = request.environ.get("QUERY_STRING", "")
        sent = [pair for pair in raw.split("&") if pair.split("=")[0] not in ADDED]
        values = dict(parse_qsl(raw))
        if "Authorization" in request.headers and self._settings().refuse_bearer:
            raise Denied(
                400, "InvalidAuthenticationInfo", "Authentication information is not given in the correct format."
            )
        if "sig" not in values:  # CODE A2
            raise Denied(403, "AuthorizationFailure", "Server failed to authorize the request.")
        try:
            end = calendar.timegm(time.strptime(values.get("se", ""), "%Y-%m-%dT%H:%M:%SZ"))
        except ValueError:
            raise _failed("se is not a time") from None
        issued = self._query(container, end, "Policy" in values)
        if self._settings().exact_query:
            right = hmac.compare_digest("&".join(sent).encode(), issued.encode())
        else:
            right = {**values, **dict(parse_qsl(issued))} == values
        if not right:
            raise _failed("Signature did not match.")
        if expired or end < self._clock.now():  # DOC A1
            raise _failed(f"Signature not valid in the specified time frame: Expiry [{formatdate(end, usegmt=True)}]")

    # --- the application ---------------------------------------------------------------------------------------

    def _application(self) -> WSGIApplication:
        app = Flask("standin-blobs")
        app.register_error_handler(Denied, lambda denied: denied.response())
        app.add_url_rule("/<container>", "container", self._container, methods=["GET", "HEAD"])
        app.add_url_rule("/<container>/<path:name>", "blob", self._blob, methods=["GET", "HEAD"])
        return app

    def _files(self, container: str) -> Files:
        self._authorize(container, expired=request.environ.get(ENVIRON_KEY) == "expired")
        if container not in self._containers:
            raise Denied(404, "ContainerNotFound", "The specified container does not exist.")
        return self._containers[container]()

    def _container(self, container: str) -> Response:
        """The list of blobs; without ``restype=container&comp=list`` there is nothing at this address (CODE A2)."""
        files = self._files(container)
        if (request.args.get("restype"), request.args.get("comp")) != ("container", "list"):
            raise Denied(404, "BlobNotFound", "The specified blob does not exist.")
        prefix, marker = request.args.get("prefix", ""), request.args.get("marker", "")
        most = int(request.args.get("maxresults", 5000))  # DOC A1
        names = [name for name in sorted(files) if name.startswith(prefix) and name >= marker]
        blobs = "".join(
            f"<Blob><Name>{escape(name)}</Name><Properties><Content-Length>{len(files[name])}</Content-Length>"
            "</Properties></Blob>"
            for name in names[:most]
        )
        following = escape(names[most]) if len(names) > most else ""
        return _xml(
            f'<EnumerationResults ServiceEndpoint="{self._url()}/" ContainerName="{container}">'
            f"<Blobs>{blobs}</Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
        )

    def _blob(self, container: str, name: str) -> Response:
        files = self._files(container)
        if name not in files:
            raise Denied(404, "BlobNotFound", "The specified blob does not exist.")
        data, fault = files[name], request.environ.get(ENVIRON_KEY)
        etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        kind = TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
        response = Response(data, content_type=kind, headers={"x-ms-blob-type": "BlockBlob"})
        response.set_etag(etag[::-1] if fault == "changed" else etag)
        if fault == "no_range":
            return response
        try:
            response.make_conditional(request.environ, accept_ranges=True, complete_length=len(data))
        except RequestedRangeNotSatisfiable:
            raise Denied(416, "InvalidRange", "The range specified is invalid for the current size.") from None
        del response.headers["Date"]  # the server sets its own
        return response


def _failed(detail: str) -> Denied:
    """DOC A1: this code for whatever is wrong with a signature."""
    message = (
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly."
    )
    return Denied(403, "AuthenticationFailed", message, detail)


def _cdn_base64(data: bytes) -> str:
    return base64.b64encode(data).decode().translate(str.maketrans("+=/", "-_~"))


def _xml(body: str, status: int = 200, headers: dict[str, Any] | None = None) -> Response:
    text = f'<?xml version="1.0" encoding="utf-8"?>{body}'
    return Response(text, status, headers, content_type="application/xml")
