"""Looking for customers and at their cards, with an entry in the audit log: who saw whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..contract.records import Identifier
from ..loop.card import Card, read_card
from ..loop.core import Core
from ..loop.guards import PERSONAL
from ..loop.search import Found, find_customers
from ..loop.suppress import fingerprints
from ..store.queries import lookups
from .audit import record

__all__ = ["search_customers", "view_card"]


def view_card(
    core: Core, by: str, customer: str = "", identifiers: Sequence[Identifier] = (), language: str = ""
) -> Card:  # fmt: skip
    """Return a card and note who looked at it; a card of nobody is not noted.

    Args:
        core: The instance.
        by: Who looks: a member of staff by e-mail address, ``agent:<public id>`` or ``key:<name>``.
        customer: The customer's public id, or
        identifiers: exact, normalised identifiers of the customer.
        language: What questions are read in, as in `read_card`.

    Raises:
        Unavailable: The view cannot be noted now, so nothing is shown.
    """
    card = read_card(core, identifiers, customer, language)
    if card.state != "unknown":
        subject, prints = f"customer:{card.customer}", fingerprints(core.links, card.identifiers)
        entry = {"at": core.clock.now(), "actor": by[:200], "action": "card.viewed", "subject": subject, "detail": {}}
        why = core.store.write(lambda c: lookups.note_view(c, entry, prints, PERSONAL))
        card = replace(card, stopped=why)
    return card


def search_customers(core: Core, by: str, text: str) -> list[Found]:
    """Return the customers whom a text may mean, and note who was shown them; what was typed is not kept.

    Args:
        core: The instance.
        by: Who looks, as in `view_card`.
        text: What was typed.

    Raises:
        Unavailable: The search cannot be noted now, so nothing is shown.
    """
    found = find_customers(core, text)
    if found:
        now, shown = core.clock.now(), {"customers": [each.id for each in found]}
        core.store.write(lambda c: record(c, now, by, "customer.searched", "customers", shown))
    return found
