"""What must not make Cutout tell a secret: services that say it back, one with bugs, and Python that logs it all."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from urllib.parse import parse_qs, quote

from tests import ROOT
from tests.unit.scripted_server import Reply, Request, ScriptedServer

NATIVE = "native-client"
ACCESS, REFRESH, CODE = "ACCESS-x1y2+z3/token=", "REFRESH-x1y2+z3/token=", "CODE-x1y2z3code"
SIGNATURE = "SIGNATURE+x1y2/z3="

# Two more files for providers/: the person's own iTwin, which signs in at ours, and one with a bug in each method.
BENTLEY = '''"""The iTwin Platform, with another identity service."""
import os
from ..core.provider import OAuth2
from .itwin import ITwin
class Bentley(ITwin):
    id, title = "bentley", "Bentley beside"
    oauth2 = OAuth2(os.environ["TELLER_AUTHORIZE"], os.environ["TELLER_TOKEN"], os.environ["TELLER_SCOPE"])
'''
BUGGY = '''"""A service whose file has bugs, each of which has the secret in its words."""
from ..core.provider import AreaKind, AreaRule, Provider
class Buggy(Provider):
    id, title, home = "buggy", "Buggy", "https://buggy.example/"
    area = AreaRule(AreaKind.NONE, required=False)
    @classmethod
    def headers(cls, secret):
        return {"Authorization": f"key {secret.password}"}
    @classmethod
    def check(cls, request):
        return ()
    def submit(self, request):
        yield {"id": 1}
    def poll(self, job):
        link = f"https://a.example/b.zip?sig={self.secret.password[::-1]}"
        try:
            raise KeyError(self.secret.password, self.http.headers, self.secret.password.encode())
        except KeyError as error:
            raise RuntimeError(f"{link} {job} {self.secret.password!r}", self) from error
'''
# For PYQGIS_STARTUP, or to be run by a story: what somebody does who looks for a fault.
LOG_ALL = """
import http.client, logging, os
logging.basicConfig(filename=os.environ["TELLER_LOG"], level=logging.DEBUG, force=True)
http.client.HTTPConnection.debuglevel = 1
logging.getLogger("teller").debug("everything is logged")
"""


def plugin_with_tellers(profile: Path) -> None:
    """In the profile, in place of the link to the checkout: links to all that is in it, and two services more."""
    plugin = profile / "profiles" / "default" / "python" / "plugins" / "cutout"
    plugin.unlink(missing_ok=True)
    (plugin / "providers").mkdir(parents=True)
    for source in (*ROOT.iterdir(), *(ROOT / "providers").glob("*.py")):
        target = plugin / source.relative_to(ROOT)
        if source.name not in ("providers", ".git", "build"):
            target.symlink_to(source)
    (plugin / "providers" / "bentley.py").write_text(BENTLEY)
    (plugin / "providers" / "buggy.py").write_text(BUGGY)


def said_back(request: Request) -> str:
    """Everything that came, as careless services say it back."""
    sent = [*request.headers.values(), request.query, request.body.decode("utf-8", "replace")]
    sent += [value.partition(" ")[2] for value in request.headers.values()]
    try:
        sent += map(str, json.loads(request.body).values())
    except (ValueError, AttributeError):
        sent += [value for values in parse_qs(request.body.decode("utf-8", "replace")).values() for value in values]
    words = [word for word in sent if len(word) > 7]
    words += [quote(word, safe="") for word in words] + [html.escape(word) for word in words]
    words += ["Basic " + base64.b64encode(f"user:{word}".encode()).decode() for word in words]
    words += [json.dumps(word) for word in words]
    return f"You sent {' and '.join(words)}. Link: https://a.example/b?sv=1&sig={SIGNATURE}"


class Teller(ScriptedServer):
    """A Koordinates site, and the identity service of an iTwin: whatever is asked, it says back what was sent."""

    def __init__(self, elsewhere: str = "http://127.0.0.1:9") -> None:
        super().__init__()
        self._elsewhere = elsewhere
        answer = {"access_token": ACCESS, "token_type": "Bearer", "expires_in": 3600, "refresh_token": REFRESH}
        self.on("/token", Reply(200, json.dumps(answer).encode(), {"Content-Type": "application/json"}))
        for status in (401, 403, 500):
            self._answer(f"/{status}", lambda request, status=status: Reply(status, said_back(request).encode()))
            self._answer(f"/json/{status}", lambda request, status=status: json_back(status, request))
        self._answer("/cut", lambda request: Reply(200, said_back(request).encode(), cut=30, reset=True))
        self._answer("/away", self._away)
        self._answer("/headers", lambda request: Reply(500, b"no", {"Bad Header": said_back(request)[:2000]}))

    def _answer(self, prefix: str, script: object) -> None:
        self._prefixes = {**getattr(self, "_prefixes", {}), prefix: script}

    def _away(self, request: Request) -> Reply:
        key = quote(request.headers.get("authorization", ""), safe="")
        return Reply(302, headers={"Location": f"{self._elsewhere}/x?sig={quote(SIGNATURE, safe='')}&key={key}"})

    def reply(self, request: Request) -> Reply:
        for prefix, script in self._prefixes.items():
            if request.path.startswith(f"{prefix}/"):
                self._scripts[request.path] = [script]
        return super().reply(request)


def json_back(status: int, request: Request) -> Reply:
    document = {"errors": {"detail": said_back(request), "items": [said_back(request)]}}
    return Reply(status, json.dumps(document).encode(), {"Content-Type": "application/json"})
