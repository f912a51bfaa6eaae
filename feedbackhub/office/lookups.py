"""Lookups: an agent asks who is calling; every look is noted with its viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.records import Identifier
from ..loop.card import Card, read_card
from ..loop.core import Core
from ..loop.guards import PERSONAL
from ..loop.suppress import fingerprints
from ..machinery.links import new_public_id
from ..store.queries import lookups

__all__ = ["Looked", "Viewer", "look_up"]


@dataclass(frozen=True)
class Viewer:
    """The agent who looks, as the agent's own system knows them."""

    source: str
    id: str
    name: str = ""


@dataclass(frozen=True)
class Looked:
    """A card with an address of its own.

    Args:
        card: What is known of the customer.
        address: The card as a page, for this agent alone; empty when the customer is unknown.
        expires_at: Until when the address works.
    """

    card: Card
    address: str
    expires_at: datetime | None


def look_up(core: Core, identifiers: Sequence[Identifier], viewer: Viewer, by: str) -> Looked:
    """Return the card of a customer by exact identifiers, and note who looked.

    Args:
        core: The instance.
        identifiers: Exact, normalised identifiers.
        viewer: The agent who looks; bound into the address.
        by: Whose key asks, for the audit log.
    """
    now = core.clock.now()
    card = read_card(core, identifiers)
    entry = {
        "at": now,
        "actor": by[:200],
        "action": "customer.looked_up",
        "subject": f"customer:{card.customer or 'unknown'}",
        "detail": {"source": viewer.source, "agent": viewer.id},
    }

    prints = fingerprints(core.links, card.identifiers)

    def run(connection: Connection) -> tuple[str, str]:
        why, known = lookups.note_look(connection, entry, prints, PERSONAL, (viewer.source, viewer.id))
        if known is not None or not card.customer:
            return why, known or ""
        return why, lookups.add_agent(connection, viewer.source, viewer.id, new_public_id(), viewer.name, now)

    why, agent = core.store.write(run)
    if not card.customer:
        return Looked(card, "", None)
    card = replace(card, stopped=why)
    expires = now + timedelta(minutes=core.settings.web.card_minutes)
    ticket = core.links.card_ticket(card.customer, agent, expires)
    return Looked(card, f"{core.settings.base_url()}/card/{ticket}", expires)
