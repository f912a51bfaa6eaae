"""Watching requests: each has an id, is counted by what kind of address it was for, and leaves one line in the log."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from logging import getLogger

from flask import Flask, Response, current_app, request

from ..loop.core import Core
from ..machinery.logs import REQUEST, Known, note
from .permission import access_of

__all__ = ["ANSWERED", "REFUSED", "SUBMISSION", "install"]

HEADER = "X-Request-Id"
#: What proxies make: 32 hexadecimal digits or a UUID. Nothing else is believed, for whatever a caller writes here
#: would stand in the log.
SAFE = re.compile(r"[0-9a-fA-F-]{32,64}")
METHODS = {name: Known(name) for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
OTHER, UNKNOWN = Known("OTHER"), Known("unknown")
#: Names of what is counted.
ANSWERED, SUBMISSION, REFUSED = "requests", "submission", "refused"
SUBMISSIONS = ("survey.take", "open.take")
#: Kinds of addresses by the blueprint they belong to; the others' are told by who may call them.
KINDS = {
    "survey": "survey",
    "open": "survey",
    "inbound": "inbound",
    "card": "card",
    "static": "static",
    "brand": "static",
    "health": "health",
    "metrics": "health",
}
_BEGAN: ContextVar[float] = ContextVar("feedbackhub_request_began", default=0.0)
log = getLogger("feedbackhub.access")


def install(app: Flask, core: Core) -> None:
    """Watch the requests of an application; call it before anything else looks at them."""
    kinds: dict[str | None, str] = {}
    routes: dict[str | None, Known] = {}
    writes = core.settings.web.access_log
    counts = core.counts

    def begin() -> None:
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        REQUEST.set(given if SAFE.fullmatch(given) else secrets.token_urlsafe(9))
        _BEGAN.set(time.perf_counter())

    def end(response: Response) -> Response:
        seconds = time.perf_counter() - _BEGAN.get()
        endpoint, status = request.endpoint, response.status_code
        kind = kinds.get(endpoint)
        if kind is None:
            kind = kinds[endpoint] = kind_of(endpoint)
            routes[endpoint] = Known(request.url_rule) if request.url_rule is not None else UNKNOWN
        response.headers[HEADER] = REQUEST.get()
        counts.add(ANSWERED, kind, str(status))
        counts.took(ANSWERED, seconds, kind)
        if status == 503:
            counts.add(REFUSED, "storage")
        if endpoint in SUBMISSIONS and request.method == "POST":
            counts.took(SUBMISSION, seconds)
        if writes:
            method, took = METHODS.get(request.method, OTHER), round(seconds * 1000, 1)
            note(log, "request", method=method, route=routes[endpoint], status=status, ms=took)
        return response

    def forget(_error: BaseException | None) -> None:
        REQUEST.set("")

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(forget)


def kind_of(endpoint: str | None) -> str:
    """Return what kind of address an endpoint is, for counting."""
    view: Callable[..., object] | None = current_app.view_functions.get(endpoint or "")
    if endpoint is None or view is None:
        return "unknown"
    blueprint = endpoint.partition(".")[0]
    if blueprint in KINDS:
        return KINDS[blueprint]
    access = access_of(view)
    if access is None:
        return "unknown"
    return "api" if access.scope or blueprint == "api" else "staff" if access.role else "public"
