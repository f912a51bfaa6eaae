"""Every error becomes an answer here: problem+json for the API, a page that says what to do next for people."""

from __future__ import annotations

import json
import logging
import math
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from ..contract.errors import Conflict, FeedbackhubError, NotFound, NotGenuine, Problem, Refused, Unavailable
from ..machinery.containment import PluginFault
from . import limits
from .error_pages import error_page, plugin_fault_page

__all__ = ["install", "problem"]

PROBLEM_JSON = "application/problem+json"
#: Below these no person reads what we answer.
FOR_MACHINES = ("/api/", "/in/", "/metrics")
log = logging.getLogger("feedbackhub.web")


def install(app: Flask) -> None:
    """Answer every error of an application in one way."""
    app.register_error_handler(FeedbackhubError, own_error)
    app.register_error_handler(limits.TooOften, too_many)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def problem(status: int, detail: str = "", errors: Sequence[Problem] = (), **more: object) -> Response:
    """Return an answer after RFC 9457.

    Args:
        status: The HTTP status.
        detail: What went wrong this time, in words for the caller.
        errors: Each refused field with its reason.
        more: Further members.
    """
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = [{"field": each.field, "reason": each.reason} for each in errors]
    return Response(json.dumps({**body, **more}), status, content_type=PROBLEM_JSON)


def answer(status: int, detail: str = "", errors: Sequence[Problem] = (), **more: str) -> Response:
    """Return an error as the caller understands it."""
    if request.path.startswith(FOR_MACHINES):
        return problem(status, detail, errors, **more)
    return Response(error_page(status, errors, **more), status, content_type="text/html; charset=utf-8")


def own_error(error: FeedbackhubError) -> Response:
    """Answer what the floors below raised on purpose."""
    if isinstance(error, Refused):
        return answer(422, "The input was refused; nothing was stored.", error.problems)
    if isinstance(error, NotFound):
        return answer(404, str(error))
    if isinstance(error, Conflict):
        return answer(409, str(error))
    if isinstance(error, Unavailable):
        log.warning("unavailable: %s", error)
        return retry_after(answer(503, "The storage cannot take the request now."), error.retry_after.total_seconds())
    if isinstance(error, NotGenuine):
        return answer(403, str(error))
    if isinstance(error, PluginFault):
        return plugin_fault(error)
    return unexpected(error)


def plugin_fault(fault: PluginFault) -> Response:
    """Answer what went wrong in a plugin by its name; the inside is in its trace and in the log."""
    log.error("plugin %s failed at %s: %s %s", fault.plugin, request.url_rule, fault.what, fault.reason)
    if request.path.startswith(FOR_MACHINES):
        return problem(502, f"The plugin {fault.plugin} failed; `feedbackhub plugins trace {fault.plugin}` says how.")
    return Response(plugin_fault_page(fault.plugin), 502, content_type="text/html; charset=utf-8")


def too_many(error: limits.TooOften) -> Response:
    """Answer a visitor who calls too often."""
    return retry_after(answer(429, "Too many requests."), error.seconds)


def http_error(error: HTTPException) -> Response:
    """Answer what Flask refused, keeping headers such as Allow."""
    if error.code is None or not 400 <= error.code < 500:
        return unexpected(error)
    shown = answer(error.code, error.description or "")
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            shown.headers[name] = value
    return shown


def unexpected(error: Exception) -> Response:
    """Answer a fault of ours: a number that is in the log, and nothing about the inside."""
    number = secrets.token_hex(4)
    # The rule, not the path: paths hold signed links, which must not reach the log.
    log.error("error %s at %s %s", number, request.method, request.url_rule, exc_info=error)
    return answer(500, "Something went wrong here; the log has the details under this number.", number=number)


def retry_after(response: Response, seconds: float) -> Response:
    """Say when trying again makes sense."""
    response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response
