"""Who looks at the desk from inside a helpdesk's frame.

Browsers send the session's cookie (SameSite=Lax) to no frame of another site, and that is as it should be: with it, any
site could have our pages act in somebody's name. For frames there is a second cookie. It names the session, is not the
session, is sent to ``/desk/open`` only, and opens nothing there but the way to one card. Signing out ends it.

It is SameSite=None and Secure, and is set in the tab where people sign in; browsers that keep such cookies from frames
give it out once the visitor has agreed (`document.requestStorageAccess`). Where even that is forbidden, as in a sandbox
of the helpdesk's, a one-time code from the tab is typed into the frame, which gets a cookie of its own: Partitioned, so
that it is sent in this helpdesk's frames alone. The tab's cookie cannot be so, or it would never reach a frame.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from flask import current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ..office.frame_codes import frame_code
from ..office.sessions import user_of_digest
from ..office.tokens import digest_of
from ..office.users import User
from . import sessions
from .current import core

__all__ = ["code_for_frame", "framed_user", "is_framed", "is_visit", "remember", "remember_in_frame"]

COOKIE, FRAME_COOKIE = "feedbackhub-desk", "feedbackhub-frame"
FRAMES = ("iframe", "frame", "embed", "object")


def is_framed() -> bool:
    """Tell whether the running request is for a page in a frame; older browsers do not say, so it may be one."""
    return request.headers.get("Sec-Fetch-Dest", FRAMES[0]) in FRAMES


def is_visit() -> bool:
    """Tell whether a person looks, rather than a page that fetches an address as an image or by a script."""
    return request.headers.get("Sec-Fetch-Dest", FRAMES[0]) in (*FRAMES, "document")


def remember(response: Response) -> None:
    """Let the frames of helpdesks know who is signed in here, if any helpdesk may frame us at all."""
    if core().settings.web.frame_ancestors and current_user.is_authenticated:
        keep(response, COOKIE, digest_of(current_user.token), partitioned=False)


def remember_in_frame(response: Response, digest: str) -> None:
    """Let the frames of this helpdesk know whose session it is."""
    keep(response, FRAME_COOKIE, digest, partitioned=True)


def keep(response: Response, name: str, digest: str, partitioned: bool) -> None:
    """Set one of the two cookies."""
    response.set_cookie(
        name, f"{digest}.{proof(digest)}", max_age=core().settings.web.session_hours * 3600, path=path(),
        secure=True, httponly=True, samesite="None", partitioned=partitioned,
    )  # fmt: skip


def code_for_frame() -> str:
    """Return a one-time code for whoever is signed in, to be typed into a frame."""
    return frame_code(core(), digest_of(current_user.token))


def framed_user() -> User | None:
    """Return who looks at a frame: by the session itself, or by one of the two cookies."""
    return sessions.user() or named_by(COOKIE) or named_by(FRAME_COOKIE)


def named_by(name: str) -> User | None:
    """Return whose session a cookie names, None when it is not ours or the session has ended."""
    digest, _, given = request.cookies.get(name, "").partition(".")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), proof(digest).encode()):
        return None
    here = core()
    return user_of_digest(here.store, here.clock.now(), digest)


def proof(digest: str) -> str:
    """Return what shows that a cookie is ours."""
    return hmac.new(core().links.derive("desk frame"), digest.encode("utf-8", "replace"), sha256).hexdigest()


def path() -> str:
    """Return the only path below which the cookie is sent."""
    return (urlsplit(core().settings.public_url).path or "") + current_app.url_for("desk_open.show")
