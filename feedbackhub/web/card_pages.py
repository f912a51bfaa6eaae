"""The card in a side panel, behind a signed address: no cookie, no second sign-in, in the company's own tools."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from ..loop.agents import agent_by_id
from ..loop.core import Core
from ..machinery.links import CardTicket
from ..office.card_views import view_card
from .card_shown import card_values
from .current import core
from .gesture_forms import keep_gesture, undo_gesture
from .permission import permission
from .pieces import is_fetched, section_of, waiting
from .redirects import go
from .rendering import language, page

__all__ = ["blueprint"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/card/<ticket>``."""
    pages = Blueprint("card", __name__, url_prefix="/card")
    pages.get("/<ticket>")(panel)
    pages.post("/<ticket>/gestures")(record)
    pages.post("/<ticket>/undo")(undo)
    pages.get("/<ticket>/pieces/<name>")(piece)
    return pages


@permission("card")
def panel(ticket: str) -> ResponseReturnValue:
    """Show the card; who looked is noted."""
    here, read = core(), opened(ticket)
    if read is None:
        return over()
    card = view_card(here, actor(read), read.customer, language=language())
    act, take_back = url_for("card.record", ticket=ticket), url_for("card.undo", ticket=ticket)
    acts = read.agent is not None
    pieces = waiting("card.piece", ticket=ticket) if acts else ()
    return page("card/panel.html", **card_values(card, act, take_back, acts, csrf=False, pieces=pieces))


@permission("card")
def record(ticket: str) -> ResponseReturnValue:
    """Record a gesture by the agent whom the address names."""
    here, read = core(), opened(ticket)
    if read is None or read.agent is None:
        return over()
    agent = agent_by_id(here, read.agent)
    token = keep_gesture(here, read.customer, agent.name, agent.id, actor(read))
    return go(f"/card/{ticket}?did={token}")


@permission("card")
def undo(ticket: str) -> ResponseReturnValue:
    """Take a gesture back that was just recorded."""
    here, read = core(), opened(ticket)
    if read is None or read.agent is None:
        return over()
    undo_gesture(here, read.customer, actor(read))
    return go(f"/card/{ticket}")


@permission("card")
def piece(ticket: str, name: str) -> ResponseReturnValue:
    """Show one piece that a plugin adds to the card, to the agent whom the address names."""
    read = opened(ticket)
    if read is None or read.agent is None:
        return over()
    shown = section_of(name, read.customer, actor(read), "agent", forms=False)
    template = "card/section.html" if is_fetched() else "card/section_page.html"
    return page(template, shown=shown, back=url_for("card.panel", ticket=ticket))


def opened(ticket: str) -> CardTicket | None:
    """Return what the address says while it is valid."""
    here = core()
    return here.links.read_card_ticket(ticket, here.clock.now())


def actor(ticket: CardTicket) -> str:
    """Return who looks, for the audit log."""
    return f"agent:{ticket.agent}" if ticket.agent else "card"


def over() -> ResponseReturnValue:
    """Say that the address is no longer valid, and what to do."""
    return page("card/over.html", reload=request.method == "POST"), 410
