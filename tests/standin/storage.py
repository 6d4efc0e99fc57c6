"""Object storage as export services use it: presigned links on an origin of its own.

It behaves as the S3 of Amazon does towards a client that downloads: the link carries the right to read, so a second
credential is refused, an old or altered link is refused, and parts can be asked for. Errors are XML.
S3 = https://docs.aws.amazon.com/AmazonS3/latest/API/ (GetObject, ErrorResponses, sigv4-query-string-auth).
"""

from __future__ import annotations

import calendar
import hashlib
import hmac
import re
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from flask import Flask, Request, Response, request

from .clock import Clock
from .faults import ENVIRON_KEY
from .settings import changed

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CHUNK = 64 * 1024
DOUBLE_AUTH = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
    "Signature query string parameter or the Authorization header should be specified"
)


@dataclass(frozen=True)
class Settings:
    """How the storage behaves."""

    head: bool = True  # False as S3: a link signed for GET is not good for HEAD (DOC S3)
    ranges: bool = True  # False: no Accept-Ranges, Range ignored (GUESS: some proxies do)
    rate: float = 0  # bytes a second for each connection, 0 as fast as it goes


@dataclass(frozen=True)
class StoredObject:
    """One object: where its bytes are, and the headers it is served with."""

    path: Path
    content_type: str
    etag: str
    modified: float


class Refused(Exception):
    """An S3 error: status, code and message, and headers that belong to it."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Storage:
    """The bucket, its presigned links and the application that serves them. ``url`` is set once it has a port."""

    name = "storage"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._secret = secrets.token_bytes(32)
        self._folder = tempfile.TemporaryDirectory(prefix="standin-storage-")
        self._objects: dict[str, StoredObject] = {}
        self.settings = Settings()
        self.url = ""
        self.app: WSGIApplication = self._application()

    def reset(self) -> None:
        with self._lock:
            self._objects = {}
            self.settings = Settings()
            for path in Path(self._folder.name).iterdir():
                path.unlink()

    def close(self) -> None:
        self._folder.cleanup()

    def configure(self, values: dict[str, Any]) -> dict[str, Any]:
        self.settings = changed(self.settings, values)
        return asdict(self.settings)

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        path = Path(self._folder.name) / secrets.token_hex(8)
        path.write_bytes(data)
        etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        with self._lock:
            self._objects[key] = StoredObject(path, content_type, etag, self._clock.now())

    def presign(self, key: str, lifetime: float, filename: str | None = None) -> str:
        """A link that is good for ``lifetime`` seconds. With a filename it is served as an attachment of that name."""
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": "STANDIN/standin/s3/aws4_request",
            "X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock.now())),
            "X-Amz-Expires": str(int(lifetime)),
            "X-Amz-SignedHeaders": "host",
        }
        if filename:
            # Both forms: the plain one is what the client of LINZ reads, the second is what koop insists on.
            disposition = f"attachment; filename={filename}; filename*=UTF-8''{quote(filename)}"
            query["response-content-disposition"] = disposition
        query["X-Amz-Signature"] = self._signature("/" + key, query)
        return f"{self.url}/{quote(key)}?{urlencode(query, quote_via=quote)}"

    def _signature(self, path: str, query: dict[str, str]) -> str:
        # GUESS: not S3's canonical request. No client computes it; that it covers path and query is what counts.
        signed = {name: value for name, value in query.items() if name != "X-Amz-Signature"}
        text = path + "\n" + urlencode(sorted(signed.items()))
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def _application(self) -> WSGIApplication:
        app = Flask("standin-storage")

        @app.route("/", defaults={"key": ""}, methods=["GET", "HEAD"])
        @app.route("/<path:key>", methods=["GET", "HEAD"])
        def get(key: str) -> Response:
            fault = request.environ.get(ENVIRON_KEY)
            try:
                self._authorize(request, expired=fault == "expired")
                return self._serve(self._find(key), fault)
            except Refused as refused:
                return _xml_error(refused, request.path)

        return app

    def _find(self, key: str) -> StoredObject:
        with self._lock:
            if key not in self._objects:
                raise Refused(404, "NoSuchKey", "The specified key does not exist.")
            return self._objects[key]

    def _authorize(self, incoming: Request, expired: bool) -> None:
        query = incoming.args.to_dict()
        if "Authorization" in incoming.headers:
            # DOC S3; seen in many reports, e.g. https://github.com/request/request/issues/860
            if "X-Amz-Algorithm" in query:
                raise Refused(400, "InvalidArgument", DOUBLE_AUTH)
            raise Refused(400, "InvalidArgument", "Unsupported Authorization Type")
        if "X-Amz-Signature" not in query:
            raise Refused(403, "AccessDenied", "Access Denied")
        signature = self._signature(incoming.path, query)
        if not hmac.compare_digest(signature, query["X-Amz-Signature"]):
            raise Refused(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
        if incoming.method == "HEAD" and not self.settings.head:
            raise Refused(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
        age = self._clock.now() - calendar.timegm(time.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ"))
        if expired or age > int(query["X-Amz-Expires"]):
            raise Refused(403, "AccessDenied", "Request has expired")

    def _serve(self, found: StoredObject, fault: str | None) -> Response:
        # S3's ETag is the MD5 of an object that was put in one piece (DOC S3).
        etag = f'"{found.etag[::-1] if fault == "changed" else found.etag}"'
        size = found.path.stat().st_size
        headers = {"ETag": etag, "Last-Modified": formatdate(found.modified, usegmt=True)}
        disposition = request.args.get("response-content-disposition")
        if disposition:
            headers["Content-Disposition"] = disposition
        if request.headers.get("If-Match", etag) != etag:
            raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers=headers)
        start, end, status = 0, size, 200
        if self.settings.ranges and fault != "no_range":
            headers["Accept-Ranges"] = "bytes"
            asked = _asked_range(request.headers.get("Range"), size)
            if asked and request.headers.get("If-Range", etag) in (etag, headers["Last-Modified"]):
                (start, end), status = asked, 206
                headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        headers["Content-Length"] = str(end - start)
        body = _read(found.path, start, end, self.settings.rate) if request.method == "GET" else None
        return Response(body, status, headers, content_type=found.content_type)


def _asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(start, end) of a single byte range, half-open; None for no range or one that S3 ignores. 416 if outside."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header or "")
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= size:
        raise Refused(416, "InvalidRange", "The requested range is not satisfiable", Content_Range=f"bytes */{size}")
    return start, end


def _read(path: Path, start: int, end: int, rate: float) -> Iterator[bytes]:
    step = max(1, min(CHUNK, int(rate / 20))) if rate else CHUNK
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            chunk = file.read(min(step, end - start))
            start += len(chunk)
            yield chunk
            if rate:
                time.sleep(len(chunk) / rate)


def _xml_error(refused: Refused, path: str) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{refused.code}</Code><Message>{refused.message}</Message>"
        f"<Resource>{quote(path)}</Resource><RequestId>{secrets.token_hex(8).upper()}</RequestId></Error>"
    )
    return Response(body, refused.status, refused.headers, content_type="application/xml")
