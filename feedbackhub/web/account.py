"""Everybody's own page: the language of the staff area and the password."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from ..contract.errors import Problem, Refused
from ..loop.core import Core
from ..machinery.i18n import language_name
from ..office.own_password import change_password
from ..office.users import set_language
from . import sessions
from .current import core
from .forms import reasons
from .limits import limited
from .permission import permission
from .redirects import go
from .rendering import page, texts

__all__ = ["blueprint"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/account``."""
    pages = Blueprint("account", __name__, url_prefix="/account")
    pages.get("")(index)
    pages.post("/language")(choose_language)
    pages.post("/password")(choose_password)
    return pages


@permission("agent")
def index() -> ResponseReturnValue:
    """Show who I am and what I chose."""
    return shown({})


def shown(problems: dict[str, str]) -> str:
    """Return the page, with what was typed wrongly."""
    languages = [(code, language_name(code)) for code in core().i18n.languages("staff")]
    return page("staff/account.html", me=sessions.person(), languages=languages, problems=problems)


@permission("agent")
def choose_language() -> ResponseReturnValue:
    """Choose the language of the staff area; none: the browser's."""
    here, chosen = core(), request.form.get("language", "")
    if chosen and chosen not in here.i18n.languages("staff"):
        raise Refused(Problem("language", "the staff area does not speak it"))
    set_language(here.store, here.clock, sessions.person(), chosen)
    t = texts(chosen)
    flash(t("Saved."), "good")
    return go("/account")


@permission("agent")
@limited("sign_in_limit")
def choose_password() -> ResponseReturnValue:
    """Change the password; sessions elsewhere end, this browser gets a new one."""
    here, me = core(), sessions.person()
    present, wanted = request.form.get("present", ""), request.form.get("password", "")
    try:
        change_password(here.store, here.clock, me, present, wanted)
    except Refused as refused:
        return shown(reasons(refused)), 422
    sessions.begin(me.email, wanted)
    t = texts()
    flash(t("The new password holds. Everywhere else you are signed out."), "good")
    return go("/account")
