"""s3rver: an S3 with presigned links. It checks their times, and that no second credential comes; not their signature.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.siege.servers.process import HOST, free_port, program, running

USER = "S3RVER"  # who may do everything there
BUCKET = "exports"


class S3:
    def __init__(self, port: int) -> None:
        self.url = f"http://{HOST}:{port}"

    def link(self, key: str, *, method: str = "GET", age: float = 0.0, lifetime: int = 900) -> str:
        """Signed so many seconds ago."""
        when = time.gmtime(time.time() - age)
        day, moment = time.strftime("%Y%m%d", when), time.strftime("%Y%m%dT%H%M%SZ", when)
        scope = f"{day}/us-east-1/s3/aws4_request"
        query = urlencode(
            {
                "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
                "X-Amz-Credential": f"{USER}/{scope}",
                "X-Amz-Date": moment,
                "X-Amz-Expires": str(lifetime),
                "X-Amz-SignedHeaders": "host",
            },
            quote_via=quote,
        )
        path, host = f"/{BUCKET}/{quote(key)}", self.url.partition("//")[2]
        canonical = f"{method}\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signing = f"AWS4{USER}".encode()
        for step in (day, "us-east-1", "s3", "aws4_request"):
            signing = hmac.new(signing, step.encode(), hashlib.sha256).digest()
        signature = hmac.new(signing, text.encode(), hashlib.sha256).hexdigest()
        return f"{self.url}{path}?{query}&X-Amz-Signature={signature}"

    def put(self, key: str, content: bytes) -> None:
        request = urllib.request.Request(self.link(key, method="PUT"), content, method="PUT")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            answer.read()


@contextmanager
def s3rver(folder: Path) -> Iterator[S3]:
    node, script, port = (
        program("Node", "node"),
        program("s3rver", "servers/node_modules/s3rver/bin/s3rver.js"),
        free_port(),
    )
    (folder / "s3").mkdir()
    command = [node, script, "-a", HOST, "-p", str(port), "-d", str(folder / "s3"), "--configure-bucket", BUCKET]
    with running(command, port, folder / "s3rver.log"):
        yield S3(port)
