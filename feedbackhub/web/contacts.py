"""Contacts: what ended, whether the customer was asked and why, and what came of it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ..loop.core import Core
from ..office.dossiers import open_contact
from ..office.lists import ContactFilter, contact_values, list_contacts
from . import decision_words as words
from .card_shown import gesture_names
from .card_words import channel_name, manner_name
from .current import core
from .filters import chosen, days, pager, pairs, place, values
from .permission import permission
from .pieces import fillings
from .rendering import language, page, texts
from .sessions import actor
from .ways import way_back

__all__ = ["blueprint"]

#: Pages that lead to a contact, beside those that the list of answers is reached from.
BEFORE = ("/answers",)


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/contacts``."""
    pages = Blueprint("contacts", __name__, url_prefix="/contacts")
    pages.get("")(index)
    pages.get("/<string(length=12):public_id>")(show)
    return pages


@permission("manager")
def index() -> ResponseReturnValue:
    """List contacts, the newest first."""
    here, t = core(), texts()
    since, until = days()
    wanted = ContactFilter(chosen("source"), chosen("channel"), chosen("team"), chosen("decision"), since, until)
    offered = contact_values(here)
    listed = list_contacts(here, wanted, place())
    return page(
        "staff/contacts.html", listed=listed, pages=pager(listed), wanted=wanted, first=chosen("from"),
        last=chosen("to"), pairs=pairs, filtered=wanted != ContactFilter(), states=words.ASK_STATES,
        sources=values(offered["source"], wanted.source), channels=values(offered["channel"], wanted.channel),
        teams=values(offered["team"], wanted.team), rules=rules(offered["rule"], wanted.decision),
        channel_name=lambda name: channel_name(t, name), rule_name=lambda rule: words.rule_name(t, rule),
    )  # fmt: skip


def rules(offered: list[str], decision: str) -> list[str]:
    """Return the rules to filter by, the chosen one among them."""
    kind, _, rule = decision.partition(":")
    return values(offered, rule if kind == "rule" else "")


@permission("manager")
def show(public_id: str) -> ResponseReturnValue:
    """Show everything about one contact."""
    here, t = core(), texts()
    dossier = open_contact(here, public_id, language(), actor())
    return page(
        "staff/contact.html", dossier=dossier, contact=dossier.contact, words=words, via=way_back(*BEFORE),
        fillings=fillings("contact", customer=dossier.contact.customer or "", contact=public_id),
        facts=words.fact_lines(t, dossier.contact.decision.facts, here.settings.timezone),
        channel_name=lambda name: channel_name(t, name), gesture_name=gesture_names(),
        manner_name=lambda manner: manner_name(t, manner),
        rule_name=lambda rule: words.rule_name(t, rule), reason_text=lambda reason: words.reason_text(t, reason),
    )  # fmt: skip
