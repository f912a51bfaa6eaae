"""Everybody's own page: the language of the staff area."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from ..contract.errors import Problem, Refused
from ..loop.core import Core
from ..machinery.i18n import language_name
from ..office.users import set_language
from .current import core
from .permission import permission
from .redirects import go
from .rendering import page, texts
from .sessions import person

__all__ = ["blueprint"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/account``."""
    pages = Blueprint("account", __name__, url_prefix="/account")
    pages.get("")(index)
    pages.post("/language")(choose_language)
    return pages


@permission("agent")
def index() -> ResponseReturnValue:
    """Show who I am and what I chose."""
    languages = [(code, language_name(code)) for code in core().i18n.languages("staff")]
    return page("staff/account.html", me=person(), languages=languages)


@permission("agent")
def choose_language() -> ResponseReturnValue:
    """Choose the language of the staff area; none: the browser's."""
    here, chosen = core(), request.form.get("language", "")
    if chosen and chosen not in here.i18n.languages("staff"):
        raise Refused(Problem("language", "the staff area does not speak it"))
    set_language(here.store, here.clock, person(), chosen)
    flash(texts(chosen)("Saved."), "good")
    return go("/account")
