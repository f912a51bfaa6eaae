"""Looking at a card, with its entry in the audit log: who saw whom."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.records import Identifier
from ..loop.card import Card, read_card
from ..loop.core import Core
from .audit import record

__all__ = ["view_card"]


def view_card(core: Core, by: str, customer: str = "", identifiers: Sequence[Identifier] = ()) -> Card:
    """Return a card and note who looked at it; a card of nobody is not noted.

    Args:
        core: The instance.
        by: Who looks: a member of staff by e-mail address, ``agent:<public id>`` or ``key:<name>``.
        customer: The customer's public id, or
        identifiers: exact, normalised identifiers of the customer.

    Raises:
        Unavailable: The view cannot be noted now, so nothing is shown.
    """
    card = read_card(core, identifiers, customer)
    if card.state != "unknown":
        now = core.clock.now()
        core.store.write(lambda c: record(c, now, by, "card.viewed", f"customer:{card.customer}"))
    return card
