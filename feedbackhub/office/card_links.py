"""The card behind an address of its own, for somebody who is signed in and looks from inside another system."""

from __future__ import annotations

from datetime import timedelta

from ..loop.agents import agent_of_row
from ..loop.core import Core
from .audit import record
from .users import User

__all__ = ["card_link"]


def card_link(core: Core, customer: str, user: User) -> str:
    """Return the path of a customer's card for one member of staff, valid for a while, and note who opened it.

    Args:
        core: The instance.
        customer: The customer's public id.
        user: Who looks; gestures are recorded by the agent who they are in contacts, if they are one.
    """
    now = core.clock.now()
    agent = agent_of_row(core, user.agent_id).id if user.agent_id is not None else None
    core.store.write(lambda connection: record(connection, now, user.email, "card.opened", f"customer:{customer}"))
    ticket = core.links.card_ticket(customer, agent, now + timedelta(minutes=core.settings.web.card_minutes))
    return f"/card/{ticket}"
