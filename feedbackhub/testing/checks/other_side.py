"""The other system, as bad as it can be: every call of the plugin gets the answer that a check wants to try."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ...contract.errors import Unreachable
from ...machinery.http import field_of

__all__ = ["OtherSide", "Told"]


@dataclass(frozen=True)
class Told:
    """One call of the plugin."""

    method: str
    url: str
    body: str


@dataclass(frozen=True)
class Reply:
    """What the plugin gets to see."""

    status: int
    body: bytes = b""
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: timedelta | None = None

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)

    def field(self, *path: str | int) -> str:
        """Return what stands at a place of the JSON body as text, empty for nothing."""
        return field_of(self.body, path)


class OtherSide:
    """Stands in for `hub.http`; `now` says how it answers, and `told` what it was asked."""

    def __init__(self) -> None:
        self.now: Reply | None = Reply(200, b'{"id": "1"}', "OK", {"content-type": "application/json"})
        self.told: list[Told] = []
        self._lock = threading.Lock()

    def answer(self, status: int, body: bytes = b"", retry_after: timedelta | None = None) -> None:
        """Answer so from now on."""
        self.now = Reply(status, body, "as the check wants", {}, retry_after)

    def vanish(self) -> None:
        """Answer nothing from now on."""
        self.now = None

    def get(self, url: str, **more: Any) -> Reply:
        """Answer a GET."""
        return self.request("GET", url, **more)

    def post(self, url: str, **more: Any) -> Reply:
        """Answer a POST."""
        return self.request("POST", url, **more)

    def request(self, method: str, url: str, **more: Any) -> Reply:
        """Answer any call; raises `Unreachable` while it is gone."""
        body = {name: more[name] for name in ("json", "data", "params") if more.get(name) is not None}
        with self._lock:
            self.told.append(Told(method, url, repr(body)))
        if self.now is None:
            raise Unreachable("https://other.example:443", "no answer within 10 seconds")
        return self.now
