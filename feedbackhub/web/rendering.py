"""Templates with what every page of the web needs: who looks, in which language, where things are."""

from __future__ import annotations

from flask import current_app, get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from ..contract.errors import Unavailable
from ..machinery.i18n import N_, Translator
from . import navigation
from .current import core
from .permission import access_of
from .sessions import user
from .static_files import asset

__all__ = ["language", "page", "shared", "staff_here", "texts"]

ROLE_NAMES = {"agent": N_("Agent"), "manager": N_("Manager"), "admin": N_("Administrator")}


def page(template: str, /, *, domain: str = "staff", lang: str = "", **values: object) -> str:
    """Render a template.

    Args:
        template: Such as ``staff/users.html``, or ``x/<plugin>/…`` for a plugin's own.
        domain: Of its texts: ``staff`` or ``customer``.
        lang: Its language; chosen from the person and the browser when left out.
        values: Its variables, beside `user`, `navigation`, `csrf_field`, `csrf_token`, `asset`, `url_for`, `flashes`.
    """
    here = core()
    return here.renderer.render(template, lang or language(domain), domain, **{**shared(), **values})


def shared() -> dict[str, object]:
    """Return what every template knows; nothing here reads a session before the template asks."""
    return {
        "asset": asset, "url_for": url_for, "user": user, "path": request.full_path.rstrip("?"),
        "navigation": lambda: navigation.groups(found.role, language()) if (found := user()) else [],
        "has_page": lambda endpoint: endpoint in current_app.view_functions, "role_names": ROLE_NAMES,
        "csrf_token": generate_csrf, "csrf_field": csrf_field, "demo": core().settings.demo,
        "flashes": lambda: get_flashed_messages(with_categories=True), "timezone": core().settings.timezone,
    }  # fmt: skip


def texts(lang: str = "") -> Translator:
    """Return the staff area's texts in this visitor's language, for messages that a view writes."""
    return core().i18n.translator("staff", lang or language())


def csrf_field() -> Markup:
    """Return the hidden field that every form of the staff area carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def language(domain: str = "staff") -> str:
    """Return the language for this visitor: the person's own choice, then the browser's, then the company's."""
    person = user() if staff_here() else None
    own = person.language if person else None
    return core().i18n.negotiate(domain, own, request.headers.get("Accept-Language"))


def staff_here() -> bool:
    """Tell whether signed-in staff look at a page on which cookies may be read; nobody, while the database is gone."""
    view = current_app.view_functions.get(request.endpoint or "")
    access = access_of(view) if view else None
    if access is not None and not access.uses_cookies:
        return False
    try:
        return user() is not None
    except Unavailable:  # an error page must be possible then
        return False
