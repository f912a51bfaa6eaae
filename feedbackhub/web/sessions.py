"""Who is signed in: a random token in a signed cookie, a row in the database that decides."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from ..loop.core import Core
from ..machinery.settings import Settings
from ..office.sessions import session_user, sign_in, sign_out
from ..office.users import User
from .current import core

__all__ = ["actor", "admit", "begin", "end", "install", "person", "user"]


class SignedIn(UserMixin):  # type: ignore[misc]
    """A member of staff together with the token of the session."""

    def __init__(self, user: User, token: str) -> None:
        self.user, self.token = user, token

    def get_id(self) -> str:
        """Return what the cookie holds: the token, never the user's own id."""
        return self.token


class Cookies(SecureCookieSessionInterface):
    """Flask's own sessions; a visitor who brings no cookie and is given none costs nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the visitor's cookie holds."""
        if self.get_cookie_name(app) not in request.environ.get("HTTP_COOKIE", ""):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the visitor what has changed."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)


class Manager(LoginManager):  # type: ignore[misc]
    """Flask-Login without its cookie of its own, for whose sake it would look into every session."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def install(app: Flask, core: Core) -> None:
    """Let an application know its visitors by a cookie that scripts and other sites cannot use."""
    app.secret_key = core.links.derive("web session")
    app.config.update(cookie_settings(core.settings))
    app.session_interface = Cookies()
    manager = Manager(app)
    # A changing address is normal on phones; what counts is the row, which can be ended.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        found = session_user(core.store, core.clock.now(), token)
        return SignedIn(found, token) if found else None


def cookie_settings(settings: Settings) -> dict[str, object]:
    """Return how the session's cookie is written."""
    public = urlsplit(settings.public_url)
    secure = public.scheme == "https"
    prefix = ("__Secure-" if public.path else "__Host-") if secure else ""
    return {
        "SESSION_COOKIE_NAME": prefix + "feedbackhub",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": public.path or "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.web.session_hours),
    }


def user() -> User | None:
    """Return who is signed in, or None; asks the database once per request."""
    return current_user.user if current_user.is_authenticated else None


def person() -> User:
    """Return who is signed in, on a page that only staff can reach."""
    found = user()
    assert found is not None, "the view declares no role"
    return found


def actor() -> str:
    """Return who acts, for the audit log."""
    return person().email


def begin(email: str, password: str) -> User:
    """Sign somebody in and forget what the browser's session held before.

    Raises:
        SignInRefused: Address and password do not belong together.
    """
    here = core()
    found, token = sign_in(here.store, here.clock, here.settings.web.session_hours, email, password)
    admit(found, token)
    return found


def admit(found: User, token: str) -> None:
    """Let the browser keep a session that was begun, and forget what it held before."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(found, token))


def end() -> None:
    """Sign the visitor out: the row goes, so that a copied cookie is worth nothing."""
    if current_user.is_authenticated:
        here = core()
        sign_out(here.store, here.clock, current_user.token)
    logout_user()
    session.clear()
