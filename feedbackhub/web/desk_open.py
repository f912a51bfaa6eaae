"""The card beside a new ticket: one address that a helpdesk fills with its own ids, as a link or in a frame."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from ..contract.errors import Problem, Refused
from ..loop.core import Core
from ..loop.search import known_customer
from ..office.card_links import card_link
from ..office.frame_codes import session_of_code
from ..office.users import User
from . import sessions
from .current import core
from .desk_frame import code_for_frame, framed_user, is_framed, is_visit, remember, remember_in_frame
from .guard import to_sign_in
from .headers import framed_by_helpdesks
from .limits import limited
from .permission import outranks, permission
from .redirects import go
from .rendering import page

__all__ = ["blueprint"]

#: No names and no addresses of customers: they would stand in logs and histories.
KNOWN = ("source", "customer", "contact", "again", "tab")
#: What we add ourselves: the frame was tried before; the address was opened in a tab from a frame.
OURS = ("again", "tab")


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/desk/open``."""
    pages = Blueprint("desk_open", __name__, url_prefix="/desk/open")
    pages.get("")(show)
    pages.post("")(enter)
    return pages


@permission("public")
@framed_by_helpdesks
def show() -> ResponseReturnValue:
    """Lead staff to the card of the customer whom a helpdesk names, in a frame or in a tab.

    Raises:
        Refused: The address holds something else than ids.
        Forbidden: No person looks.
    """
    if not is_visit():
        raise Forbidden
    wanted = named()
    if is_framed():
        return framed(wanted, framed_user())
    found = sessions.user()
    if found is None:
        return to_sign_in()
    customer = find(found, wanted)
    shown: Response
    if wanted["tab"]:
        card = f"/desk/{customer}" if customer else "/desk"
        shown = make_response(page("card/signed_in.html", code=code_for_frame(), card=request.script_root + card))
    else:
        shown = go(f"/desk/{customer}") if customer else make_response(nobody(wanted, framed=False))
    remember(shown)
    return shown


@permission("unseen")
@framed_by_helpdesks
@limited("sign_in_limit")
def enter() -> ResponseReturnValue:
    """Know somebody in a frame by a one-time code from the tab in which they have signed in."""
    wanted = named()
    digest = session_of_code(core(), request.form.get("code", "")[:40])
    if not digest:
        return sign_in(wanted, wrong=True)
    shown = go(f"/desk/open?{urlencode(ids(wanted))}")
    remember_in_frame(shown, digest)
    return shown


def named() -> dict[str, str]:
    """Return what the address says.

    Raises:
        Refused: It holds something else than ids.
    """
    strange = [Problem(name[:60], "does not belong in this address") for name in request.args if name not in KNOWN]
    if strange:
        raise Refused(*strange)
    return {name: request.args.get(name, "")[:200] for name in KNOWN}


def framed(wanted: dict[str, str], found: User | None) -> ResponseReturnValue:
    """Show the card in a frame, or how to get there."""
    if found is None:
        return sign_in(wanted)
    customer = find(found, wanted)
    if not customer:
        return nobody(wanted, framed=True)
    return go(card_link(core(), customer, found))


def sign_in(wanted: dict[str, str], wrong: bool = False) -> str:
    """Return the page that says how to be known in a frame."""
    own = f"{request.script_root}/desk/open?{urlencode(ids(wanted))}"
    return page("card/sign_in.html", own=own, again=bool(wanted["again"]) or wrong, wrong=wrong)


def ids(wanted: dict[str, str]) -> dict[str, str]:
    """Return those parts of the address that a helpdesk fills."""
    return {name: value for name, value in wanted.items() if value and name not in OURS}


def find(found: User, wanted: dict[str, str]) -> str:
    """Return the public id of the customer whom the address names, empty when nobody is known by it.

    Raises:
        Forbidden: Who looks may not see cards.
    """
    if not outranks(found.role, "agent"):
        raise Forbidden
    return known_customer(core(), wanted["source"], wanted["customer"], wanted["contact"])


def nobody(wanted: dict[str, str], framed: bool) -> str:
    """Return the page that says that nothing is known yet."""
    named_one = bool(wanted["source"] and (wanted["customer"] or wanted["contact"]))
    return page("card/nobody.html", framed=framed, named=named_one)
