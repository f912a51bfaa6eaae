"""Members of staff: who there is, with which role; invite, reset, revoke."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import Conflict, NotFound, Refused
from ..loop.core import Core
from ..office import users
from ..office.agents import agent_labels, connect_agent
from .current import core
from .forms import reasons, typed
from .permission import ROLES, permission
from .redirects import go
from .refusal_words import refusal_text
from .rendering import page, texts
from .sessions import actor, person

__all__ = ["blueprint"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/users``."""
    pages = Blueprint("users", __name__, url_prefix="/users")
    pages.get("")(index)
    pages.post("")(invite)
    verbs = {"role": change_role, "agent": connect, "reset": reset, "revoke": revoke, "restore": restore}
    for verb, view in verbs.items():
        pages.post(f"/<string(length=12):public_id>/{verb}")(view)
    return pages


@permission("admin")
def index() -> ResponseReturnValue:
    """List everybody."""
    return listed()


def listed(problems: dict[str, str] | None = None, **values: Any) -> str:
    """Return the page, with what was typed wrongly or with an address that is shown once."""
    form = typed("email", "name", "role") if problems else {"email": "", "name": "", "role": ROLES[0]}
    values = {"address": "", "address_for": "", **values}
    everybody = users.list_users(core().store)
    agents = agent_labels(core().store, [each.agent_id for each in everybody if each.agent_id is not None])
    return page(
        "staff/users.html", users=everybody, agents=agents, roles=ROLES, me=person().public_id,
        problems=problems or {}, form=form, days=users.SECRET_DAYS, **values,
    )  # fmt: skip


@permission("admin")
def invite() -> ResponseReturnValue:
    """Invite somebody and show the one-time address."""
    here, form = core(), typed("email", "name", "role")
    try:
        found, secret = users.invite_user(here.store, here.clock, form["email"], form["name"], form["role"], actor())
    except Refused as refused:
        return listed(reasons(refused)), 422
    except Conflict as conflict:
        return listed({"email": refusal_text(texts(), str(conflict))}), 409
    return listed(address=address_of(secret), address_for=found.email)


@permission("admin")
def reset(public_id: str) -> ResponseReturnValue:
    """Make the password unusable and show a new one-time address."""
    here = core()
    found = users.find_user(here.store, public_id)
    secret = users.reset_user(here.store, here.clock, found, actor())
    return listed(address=address_of(secret), address_for=found.email)


def address_of(secret: str) -> str:
    """Return where a one-time secret is used; never from the Host header."""
    path = url_for("sign_in.welcome", secret=secret).removeprefix(request.script_root)
    return core().settings.base_url() + path


@permission("admin")
def change_role(public_id: str) -> ResponseReturnValue:
    """Give somebody another role."""
    here = core()
    found = users.find_user(here.store, public_id)
    try:
        users.change_role(here.store, here.clock, found, request.form.get("role", ""), actor())
    except users.LastAdmin:
        return kept_last_admin()
    t = texts()
    flash(t("{name} has another role now.", name=found.email), "good")
    return go("/users")


@permission("admin")
def connect(public_id: str) -> ResponseReturnValue:
    """Say which agent of which source somebody is, so that answers about own contacts are found."""
    here, t, form = core(), texts(), typed("source", "agent")
    found = users.find_user(here.store, public_id)
    try:
        connect_agent(here.store, here.clock, found, form["source"], form["agent"], actor())
    except NotFound:
        flash(t("No contact of that source names such an agent yet. Nothing was changed."), "error")
        return go("/users")
    flash(t("Saved."), "good")
    return go("/users")


@permission("admin")
def revoke(public_id: str) -> ResponseReturnValue:
    """Shut somebody out at once."""
    here = core()
    found = users.find_user(here.store, public_id)
    try:
        users.revoke_user(here.store, here.clock, found, actor())
    except users.LastAdmin:
        return kept_last_admin()
    t = texts()
    flash(t("{name} cannot sign in any more.", name=found.email), "good")
    return go("/users")


@permission("admin")
def restore(public_id: str) -> ResponseReturnValue:
    """Let a revoked person in again."""
    here = core()
    found = users.find_user(here.store, public_id)
    users.restore_user(here.store, here.clock, found, actor())
    t = texts()
    flash(t("{name} can sign in again.", name=found.email), "good")
    return go("/users")


def kept_last_admin() -> ResponseReturnValue:
    """Say why nothing was changed."""
    t = texts()
    flash(t("This is the last administrator. Make somebody else an administrator first."), "error")
    return go("/users")
