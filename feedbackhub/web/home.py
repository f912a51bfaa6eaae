"""The start page, signing in and out, and the first password."""

from __future__ import annotations

import logging

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ..contract.errors import NotFound, Refused
from ..loop.core import Core
from ..office.sessions import SignInRefused
from ..office.users import set_password, user_of_secret
from . import navigation, sessions
from .current import core
from .forms import reasons
from .limits import by_address, limited
from .permission import permission
from .redirects import go, local_path
from .rendering import page

__all__ = ["blueprint", "sign_in_blueprint"]

log = logging.getLogger("feedbackhub.web")


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/``."""
    pages = Blueprint("home", __name__)
    pages.get("/")(index)
    return pages


def sign_in_blueprint(_core: Core) -> Blueprint:
    """Serve ``/sign-in``, ``/sign-out`` and ``/welcome/<secret>``."""
    pages = Blueprint("sign_in", __name__)
    pages.get("/sign-in")(sign_in)
    pages.post("/sign-in")(check_sign_in)
    pages.post("/sign-out")(sign_out)
    pages.get("/welcome/<secret>")(welcome)
    pages.post("/welcome/<secret>")(choose_password)
    return pages


@permission("public")
def index() -> ResponseReturnValue:
    """Lead staff to the first page that their role opens, strangers to the sign-in page."""
    found = sessions.user()
    if found is None:
        return go("/sign-in")
    return go(first_page(found.role))


def first_page(role: str) -> str:
    """Return where somebody of a role begins."""
    items = navigation.items(role)
    return items[0].address.removeprefix(request.script_root) if items else "/account"


@permission("public")
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    wanted = local_path(request.args.get("next"))
    if sessions.user() is not None:
        return go(wanted)
    return page("staff/sign_in.html", email="", next=wanted, refused=False, over="over" in request.args)


@permission("public")
@limited("sign_in_limit")
def check_sign_in() -> ResponseReturnValue:
    """Sign in; an unknown address and a wrong password are answered alike."""
    email, wanted = request.form.get("email", ""), local_path(request.form.get("next"))
    try:
        sessions.begin(email, request.form.get("password", ""))
    except SignInRefused:
        log.warning("sign-in refused, from %s", by_address())
        return page("staff/sign_in.html", email=email[:320], next=wanted, refused=True, over=False), 422
    return go(wanted)


@permission("public")
def sign_out() -> ResponseReturnValue:
    """Sign out."""
    sessions.end()
    return go("/sign-in")


@permission("public")
def welcome(secret: str) -> ResponseReturnValue:
    """Show the form for a first or new password; looking does not use the address up."""
    here = core()
    found = user_of_secret(here.store, here.clock.now(), secret)
    if found is None:
        return unshared(page("staff/welcome_over.html"), 404)
    return unshared(page("staff/welcome.html", who=found, problems={}))


@permission("public")
@limited("sign_in_limit")
def choose_password(secret: str) -> ResponseReturnValue:
    """Set the password and sign in."""
    here = core()
    password = request.form.get("password", "")
    found = user_of_secret(here.store, here.clock.now(), secret)
    try:
        who = set_password(here.store, here.clock, secret, password)
    except NotFound:
        return unshared(page("staff/welcome_over.html"), 404)
    except Refused as refused:
        return unshared(page("staff/welcome.html", who=found, problems=reasons(refused)), 422)
    sessions.begin(who.email, password)
    return go("/")


def unshared(html: str, status: int = 200) -> Response:
    """Return a page whose address holds a secret, which no other page may hear of."""
    response = make_response(html, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
