"""Reasons not to ask at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase

from feedbackhub import Ask, Contact, DontAsk, History, Rule

from .settings import DoNotAskSettings

ENDED = {
    "spam": "The contact was closed as spam.",
    "bot": "The contact was ended by a bot; nobody was served by a person.",
    "auto": "The contact was closed automatically.",
    "customer": "The contact was ended by the customer.",
    "agent": "The contact was ended by the agent.",
}
OFF = ("", "no", "false", "0")


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


class DoNotAsk(Rule):
    """Does not ask whom or what a list names.

    The reason names the list's entry and not the address: decisions outlive the erasing of a person.
    """

    name = "do_not_ask"

    def __init__(self, settings: DoNotAskSettings) -> None:
        self.settings = settings

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Refuse contacts with a listed address, tag, topic or attribute."""
        checks = (
            ("emails", "The customer's e-mail address", _emails(contact), self.settings.emails),
            ("tags", "A tag of the contact", contact.tags, self.settings.tags),
            ("topics", "The topic of the contact", (contact.topic,), self.settings.topics),
            ("attributes", "An attribute of contact or customer", _set_attributes(contact), self.settings.attributes),
        )
        for option, what, values, patterns in checks:
            entry = _first_match(values, patterns)
            if entry:
                return DontAsk(f"{what} is on the do-not-ask list.", {"list": option, "entry": entry})
        return ask


def _emails(contact: Contact) -> Iterator[str]:
    identifiers = contact.customer.identifiers if contact.customer else ()
    return (each.value for each in identifiers if each.kind == "email")


def _set_attributes(contact: Contact) -> Iterator[str]:
    own = contact.customer.attributes if contact.customer else {}
    both = (*contact.attributes.items(), *own.items())
    return (name for name, value in both if value.strip().casefold() not in OFF)


def _first_match(values: Iterable[str], patterns: Sequence[str]) -> int:
    """Return the number of the first pattern that one of the values matches, from 1; 0 for none."""
    spelled = [value.casefold() for value in values if value]
    for number, pattern in enumerate(patterns, 1):
        if any(fnmatchcase(value, pattern.casefold()) for value in spelled):
            return number
    return 0
