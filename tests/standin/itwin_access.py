"""Who may ask the iTwin platform, how often, and for what. The source keys are those of itwin.py."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from flask import request

from .itwin_answers import Refused
from .itwin_catalogue import TWINS, VIENNA, Model, Twin, models
from .itwin_identity import SCOPE, Identity
from .itwin_settings import Settings
from .world import World


class Access:
    """The credentials that the API takes, and what each of them opens."""

    def __init__(self, world: World, settings: Callable[[], Settings], identity: Identity) -> None:
        self._clock, self._settings, self._identity = world.clock, settings, identity
        self._lock = threading.Lock()
        self.share_key = secrets.token_urlsafe(24)
        self.reset()

    def reset(self) -> None:
        self._revoked: set[str] = set()
        self._calls: dict[str, list[float]] = {}

    def revoke(self, key: str) -> None:
        self._revoked.add(key)

    def authorize(self) -> None:
        """DOC seed: Bearer with the scope. CODE B10: or Basic with a share key."""
        header = request.headers.get("Authorization", "")
        if not header:
            raise self._unauthorized(
                "HeaderNotFound", "Header Authorization was not found in the request. Access denied."
            )
        scheme, _, key = header.partition(" ")
        grant = self._identity.grant(key) if scheme == "Bearer" else None
        shared = scheme == "Basic" and key == self.share_key and key not in self._revoked
        if not shared and (grant is None or SCOPE not in grant.scope.split()):
            raise self._unauthorized("InvalidToken", "Access denied: the token is invalid, expired or lacks the scope.")
        self._count(key)
        if shared and request.method != "GET":  # GUESS: who has a share may look only
            raise forbidden()
        hidden = grant is not None and grant.client == self._identity.service and not self._settings().service_invited
        # GUESS: a share key opens its own iTwin and no other.
        request.environ["itwin.visible"] = () if hidden else (VIENNA,) if shared else TWINS

    def _unauthorized(self, code: str, message: str) -> Refused:
        """DOC seed, without details. CODE B10: what a client reads is the code in the details, if there are any."""
        if self._settings().unauthorized == "plain":
            return Refused(401, code, message)
        return Refused(401, "Unauthorized", "Access denied.", (code, message, "Authorization"))

    def _count(self, key: str) -> None:
        """DOC B16, seed."""
        now, most = self._clock.now(), self._settings().per_minute
        with self._lock:
            recent = [when for when in self._calls.get(key, []) if when > now - 60]
            if most and len(recent) >= most:
                message = "The client sent more requests than allowed by this API for the current tier of the client."
                wait = str(int(recent[0] + 60 - now) + 1)
                raise Refused(
                    429, "RateLimitExceeded", message, retry_after=wait, ITwinPlatform_RateLimited_Tier="Community"
                )
            self._calls[key] = [*recent, now]

    def check(self, *ids: str) -> None:
        """Refuses if one of these iTwins and iModels is closed to the person (DOC B14; the code: GUESS)."""
        if set(ids) & set(self._settings().forbidden):
            raise forbidden()

    def twins(self) -> list[Twin]:
        """Those that the credential of this request opens."""
        return list(request.environ["itwin.visible"])

    def model(self, id: str) -> Model:
        """An iModel of those iTwins, else 404."""
        model = next((m for m in models(self._settings()) if m.id == id and m.twin in self.twins()), None)
        if model is None:
            raise Refused(404, "iModelNotFound", "Requested iModel is not available.")
        self.check(id, model.twin.id)
        return model


def forbidden() -> Refused:
    message = "The user has insufficient permissions for the requested operation."
    return Refused(403, "InsufficientPermissions", message)
