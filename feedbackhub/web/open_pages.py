"""The page behind an open link: what a signature, a receipt, a poster or a macro leads to. Looking never writes."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ..contract.errors import Unavailable
from ..loop.claims import claim_in
from ..loop.collect import NotOpen
from ..loop.core import Core
from ..loop.open_links import Visitor, answer_open, look_up_open
from ..loop.page import PageView
from .current import core
from .headers import framed_by_sites
from .limits import TooOften, by_address
from .permission import permission
from .survey_forms import raw_answers
from .survey_pages import after, reasons, sighting, too_fast
from .survey_rendering import Doors, Form, closed, first_form, form, later

__all__ = ["TICKET", "blueprint"]

#: Where the address names the ticket that a macro was used in.
TICKET = "ticket"
LONGEST_BROWSER = 500


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/o/<token>``."""
    pages = Blueprint("open", __name__, url_prefix="/o")
    pages.get("/<token>")(index)
    pages.post("/<token>")(take)
    pages.register_error_handler(TooOften, too_fast)
    return pages


@permission("link")
@framed_by_sites
def index(token: str) -> ResponseReturnValue:
    """Show the survey; an option named in the link is chosen beforehand and nothing is stored."""
    view = found(token)
    return first_form(view, doors()) if view.kind == "open" else closed(view)


@permission("link")
@framed_by_sites
def take(token: str) -> ResponseReturnValue:
    """Store what was answered; whatever follows belongs to the personal link that the answer got."""
    view = found(token)
    if view.kind != "open" or view.survey is None:
        return closed(view)
    given = raw_answers(view.survey, request.form)
    try:
        result, made = answer_open(
            core(), view.invitation, given, sighting(view.invitation), visitor(), ticket(), view.language
        )
    except NotOpen as error:
        return closed(replace(view, kind="answered" if error.kind == "answered" else "revoked"))
    except Unavailable as error:
        return later(503, error.retry_after.total_seconds())
    if made is None:
        return form(view, Form(given, result.values, reasons(view, result)), doors=doors()), 422
    return after(core().links.token(made.invitation), made, given, result)


def found(token: str) -> PageView:
    """Return what is behind the link, in the language of this visit."""
    chosen, accepted = request.args.get("lang", "")[:35], request.headers.get("Accept-Language", "")
    return look_up_open(core(), token, chosen, accepted)


def doors() -> Doors:
    """Return where the form leads; the ticket that the address names goes along."""
    return Doors("open.index", "open.take", "", {TICKET: ticket()} if ticket() else {})


def ticket() -> str:
    """Return the ticket that the address names, empty for none and for a placeholder that nobody filled in."""
    return claim_in(request.args.get(TICKET, ""))


def visitor() -> Visitor:
    """Return who answers, as far as one visitor can be told from another."""
    return Visitor(by_address(), request.headers.get("User-Agent", "")[:LONGEST_BROWSER])
