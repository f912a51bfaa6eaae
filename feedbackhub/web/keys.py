"""API keys: made with scopes, shown once, revoked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from ..contract.errors import Conflict, Refused
from ..loop.core import Core
from ..office import keys
from .current import core
from .forms import reasons
from .permission import permission
from .redirects import go
from .refusal_words import refusal_text
from .rendering import page, texts
from .sessions import actor

__all__ = ["blueprint"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/keys``."""
    pages = Blueprint("keys", __name__, url_prefix="/keys")
    pages.get("")(index)
    pages.post("")(create)
    pages.post("/<string(length=12):public_id>/revoke")(revoke)
    return pages


@permission("admin")
def index() -> ResponseReturnValue:
    """List the keys."""
    return listed()


def listed(problems: dict[str, str] | None = None, **values: Any) -> str:
    """Return the page, with what was typed wrongly or with a secret that is shown once."""
    form = request.form if problems else None
    values = {"secret": "", "secret_for": "", **values}
    return page(
        "staff/keys.html", keys=keys.list_keys(core().store), scopes=keys.scopes_of(core().plugins),
        problems=problems or {},
        name=form.get("name", "") if form else "", chosen=form.getlist("scopes") if form else keys.HELPDESK,
        base=core().settings.base_url(), **values,
    )  # fmt: skip


@permission("admin")
def create() -> ResponseReturnValue:
    """Make a key and show its secret."""
    here = core()
    try:
        key, secret = keys.create_key(
            here.store, here.clock, request.form.get("name", ""), request.form.getlist("scopes"), actor(),
            keys.scopes_of(here.plugins),
        )  # fmt: skip
    except Refused as refused:
        return listed(reasons(refused)), 422
    except Conflict as conflict:
        return listed({"name": refusal_text(texts(), str(conflict))}), 409
    return listed(secret=secret, secret_for=key.name)


@permission("admin")
def revoke(public_id: str) -> ResponseReturnValue:
    """Refuse a key from now on."""
    here = core()
    keys.revoke_key(here.store, here.clock, public_id, actor())
    t = texts()
    flash(t("The key is refused from now on."), "good")
    return go("/keys")
