"""What calls to helpdesks sign in with; a fetched token is kept in memory until shortly before it ends."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from feedbackhub import Hub, TemporaryFailure

from .settings import Credentials, Settings

__all__ = ["SignsIn"]

SPARE = timedelta(minutes=1)


class SignsIn:
    """Knows the credentials of the settings.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._known = hub, settings.credentials
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def credentials(self, name: str) -> Credentials:
        """Return credentials.

        Raises:
            TemporaryFailure: The settings do not hold them any more.
        """
        found = self._known.get(name)
        if found is None:
            raise TemporaryFailure(f"there is no [plugins.webhooks.credentials.{name}]")
        return found

    def headers(self, name: str) -> Mapping[str, str]:
        """Return the header fields to sign in with.

        Raises:
            TemporaryFailure: No token can be had now.
        """
        found = self.credentials(name)
        secret = found.secret.get_secret_value()
        if found.kind == "basic":
            pair = base64.b64encode(f"{found.user}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        if found.kind == "header":
            return {found.header: found.prefix + secret}
        if found.kind == "oauth":
            return {"Authorization": f"Bearer {self._token(name, found)}"}
        return {"Authorization": f"Bearer {secret}"} if found.kind == "bearer" else {}

    def refused(self, name: str) -> None:
        """Fetch a new token the next time, since this one was not taken."""
        with self._lock:
            self._tokens.pop(name, None)

    def _token(self, name: str, found: Credentials) -> str:
        with self._lock:
            kept = self._tokens.get(name)
        now = self._hub.clock.now()
        if kept is not None and kept[1] > now:
            return kept[0]
        form = {
            "grant_type": "client_credentials",
            "client_id": found.user,
            "client_secret": found.secret.get_secret_value(),
        }
        answer = self._hub.http.post(found.token_url, data=form)
        token = answer.field("access_token") if answer.ok else ""
        if not token:
            raise TemporaryFailure(f"no token was given: HTTP {answer.status}", answer.retry_after)
        seconds = answer.field("expires_in")
        lasts = timedelta(seconds=min(int(seconds), 10**7)) if seconds.isdecimal() else timedelta(minutes=5)
        with self._lock:
            self._tokens[name] = (token, now + max(lasts - SPARE, timedelta(0)))
        return token
