"""The door: before any view runs, its declared permission is held against the visitor."""

from __future__ import annotations

import logging
from urllib.parse import quote

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, Unauthorized

from ..office.keys import check_key
from . import sessions
from .current import core
from .permission import access_of, outranks
from .redirects import go

__all__ = ["install"]

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
OWN_SITE = ("same-origin", "none")
log = logging.getLogger("feedbackhub.web")


def install(app: Flask) -> None:
    """Enforce the declared permissions of an application, and the CSRF token where cookies count."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # the session's end is the limit
        WTF_CSRF_SSL_STRICT=False,  # signed links send no Referer; Sec-Fetch-Site says the same more reliably
    )
    CSRFProtect(app)
    app.before_request(enforce)


def enforce() -> ResponseReturnValue | None:
    """Let the request through (None), or answer instead of the view."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # no such address or method: Flask answers that itself
    if "\0" in request.path:
        raise NotFound  # PostgreSQL would refuse the question instead of finding nothing
    access = access_of(view)
    if access is None:
        raise Forbidden  # mounted after the start, past `assert_declared`
    if access.role:
        refusal = refuse_person(access.role)
        if refusal is not None:
            return refusal
    if access.scope:
        require_key(access.scope)
    if access.uses_cookies and request.method not in SAFE:
        require_own_form()
    return None


def refuse_person(role: str) -> ResponseReturnValue | None:
    """Send strangers to the sign-in page and refuse staff whose role is too small.

    Raises:
        Forbidden: The role is too small.
    """
    found = sessions.user()
    if found is None:
        return to_sign_in()
    if not outranks(found.role, role):
        log.warning("refused: %s may not use %s", found.public_id, request.url_rule)
        raise Forbidden
    return None


def to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in page, and from there back to a page asked for by GET; a form is lost, which is said."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    query = "?over=yes" if request.method == "POST" else f"?next={quote(wanted, safe='/')}" if wanted.strip("/") else ""
    target = f"/sign-in{query}"
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": request.script_root + target}
    return go(target)


def require_key(scope: str) -> None:
    """Accept an API key that has a scope, and note it as `flask.g.api_key`.

    Raises:
        Unauthorized: There is no key, or it is unknown or revoked.
        Forbidden: The key lacks the scope.
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    given = secret.strip() if kind.lower() == "bearer" else ""
    key = check_key(core().store, core().clock.now(), given) if given else None
    if key is None:
        said = "This key is unknown or revoked." if given else "Send an API key as `Authorization: Bearer …`."
        raise Unauthorized(said, www_authenticate=WWWAuthenticate("bearer"))
    if scope not in key.scopes:
        log.warning("refused: key %s lacks %s", key.public_id, scope)
        raise Forbidden(f"This key lacks the scope {scope}.")
    g.api_key = key


def require_own_form() -> None:
    """Accept a form that one of our own pages made for this very session.

    Raises:
        BadRequest: It came from elsewhere, or without the token.
    """
    if request.headers.get("Sec-Fetch-Site", OWN_SITE[0]) not in OWN_SITE:
        raise BadRequest("This form was sent by another site.")
    current_app.extensions["csrf"].protect()
