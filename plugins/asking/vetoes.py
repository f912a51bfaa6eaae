"""Reasons not to ask at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from feedbackhub import Ask, Contact, DontAsk, History, Rule

ENDED = {
    "spam": "The contact was closed as spam.",
    "bot": "The contact was ended by a bot; nobody was served by a person.",
    "auto": "The contact was closed automatically.",
    "customer": "The contact was ended by the customer.",
    "agent": "The contact was ended by the agent.",
}


class ClosedBy(Rule):
    """Does not ask when nobody was really served."""

    name = "closed_by"

    def __init__(self, kinds: Sequence[str]) -> None:
        self.kinds = kinds

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Refuse contacts that ended in one of the ways."""
        if contact.closed_by not in self.kinds:
            return ask
        reason = ENDED.get(contact.closed_by, f"The contact was ended by {contact.closed_by}.")
        return DontAsk(reason, {"closed_by": contact.closed_by})


class Outbound(Rule):
    """Does not ask about contacts that the company began."""

    name = "outbound"

    def __init__(self, allowed: bool) -> None:
        self.allowed = allowed

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Refuse outbound contacts unless they are allowed."""
        if self.allowed or contact.direction != "outbound":
            return ask
        return DontAsk("The company began this contact, and only contacts that customers began are asked about.")


class TooOld(Rule):
    """Does not ask about what people have forgotten."""

    name = "too_old"

    def __init__(self, days: int) -> None:
        self.most = timedelta(days=days)

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Refuse contacts that ended too long ago."""
        age = history.now - contact.ended_at
        if age <= self.most:
            return ask
        return DontAsk(
            f"The contact ended {age.days} days ago, and nobody is asked after more than {self.most.days}.",
            {"ended_at": contact.ended_at.isoformat(), "days": self.most.days},
        )
