"""The desk: find the customer, see the card, note what was done."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import Conflict, NotFound
from ..loop.agents import Served, agent_of_row
from ..loop.core import Core
from ..loop.kinship import decide_relation, relations
from ..loop.search import MOST, SHORTEST_NAME
from ..office.card_views import search_customers, view_card
from ..office.lists import ContactFilter, Place, list_contacts
from .card_shown import card_values
from .card_words import identifier_name
from .current import core
from .gesture_forms import keep_gesture, undo_gesture
from .permission import outranks, permission
from .pieces import fillings, is_fetched, section_of, waiting
from .redirects import go
from .rendering import language, page, texts
from .sessions import actor, person

__all__ = ["blueprint"]

LONGEST = 200


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/desk``."""
    pages = Blueprint("desk", __name__, url_prefix="/desk")
    pages.get("")(index)
    pages.post("")(search)
    pages.get("/<string(length=12):customer>")(show)
    pages.post("/<string(length=12):customer>/gestures")(record)
    pages.post("/<string(length=12):customer>/undo")(undo)
    pages.get("/<string(length=12):customer>/pieces/<name>")(piece)
    pages.get("/<string(length=12):customer>/links")(links)
    pages.post("/<string(length=12):customer>/links")(decide)
    return pages


@permission("agent")
def index() -> ResponseReturnValue:
    """Show the search; before the first contact, those who set up are told how to get one."""
    is_new = outranks(person().role, "manager") and not list_contacts(core(), ContactFilter(), Place()).lines
    return page(
        "staff/desk.html", q="", found=None, shortest=SHORTEST_NAME, most=MOST, fillings=fillings("home"),
        is_new=is_new,
    )  # fmt: skip


@permission("agent")
def search() -> ResponseReturnValue:
    """Find customers; who is certain is shown at once. What is typed stays out of addresses."""
    q, t = request.form.get("q", "")[:LONGEST].strip(), texts()
    found = search_customers(core(), actor(), q) if q else None
    if found and len(found) == 1 and found[0].exact:
        return go(f"/desk/{found[0].id}")
    return page(
        "staff/desk.html", q=q, found=found, shortest=SHORTEST_NAME, most=MOST, fillings=(), is_new=False,
        identifier_name=lambda kind: identifier_name(t, kind),
    )  # fmt: skip


@permission("agent")
def show(customer: str) -> ResponseReturnValue:
    """Show the customer's card; who looked is noted."""
    card = view_card(core(), actor(), customer, language=language())
    if card.state == "unknown":
        raise NotFound("no such customer")
    act, take_back = url_for("desk.record", customer=customer), url_for("desk.undo", customer=customer)
    pieces = waiting("desk.piece", customer=customer, seen=seen(customer))
    return page(
        "staff/desk_customer.html", decides=outranks(person().role, "manager"),
        fillings=fillings("customer", customer=customer),
        **card_values(card, act, take_back, can_act=True, csrf=True, pieces=pieces),
    )  # fmt: skip


def seen(customer: str) -> str:
    """Return the proof that this customer's card was shown, and that noted: its pieces are given for it alone."""
    here = core()
    expires = here.clock.now() + timedelta(minutes=here.settings.web.card_minutes)
    return here.links.card_ticket(customer, None, expires)


@permission("agent")
def piece(customer: str, name: str) -> ResponseReturnValue:
    """Show one piece that a plugin adds to the card; who has not seen the card lately is led to it."""
    here = core()
    ticket = here.links.read_card_ticket(request.args.get("seen", ""), here.clock.now())
    back = url_for("desk.show", customer=customer)
    if ticket is None or ticket.customer != customer:
        return ("", 200, {"HX-Redirect": back}) if is_fetched() else go(f"/desk/{customer}")
    shown = section_of(name, customer, actor(), person().role, forms=True)
    return page("card/section.html" if is_fetched() else "staff/desk_section.html", shown=shown, back=back)


@permission("agent")
def record(customer: str) -> ResponseReturnValue:
    """Record a gesture by whoever is signed in."""
    who = served()
    token = keep_gesture(core(), customer, person().name or person().email, who.id if who else "", actor())
    return go(f"/desk/{customer}?did={token}")


@permission("agent")
def undo(customer: str) -> ResponseReturnValue:
    """Take a gesture back that was just recorded."""
    undo_gesture(core(), customer, actor())
    t = texts()
    flash(t("Taken back."), "good")
    return go(f"/desk/{customer}")


def served() -> Served | None:
    """Return which agent the signed-in person is in contacts."""
    row_id = person().agent_id
    return agent_of_row(core(), row_id) if row_id is not None else None


@permission("manager")
def links(customer: str) -> ResponseReturnValue:
    """Show who is, may be or was taken for the same person."""
    return page("staff/desk_links.html", customer=customer, relations=relations(core(), customer))


@permission("manager")
def decide(customer: str) -> ResponseReturnValue:
    """Make one person of two customers, keep them apart, or separate them again."""
    t, one, other = texts(), request.form.get("one", ""), request.form.get("other", "")
    try:
        decide_relation(core(), one, other, request.form.get("accept") == "yes", actor())
    except (NotFound, Conflict):
        flash(t("Somebody has decided this meanwhile."), "error")
    else:
        flash(t("Saved."), "good")
    return go(f"/desk/{customer}")
