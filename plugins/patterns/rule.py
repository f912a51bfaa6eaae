"""The rule: the first list or entry that fits a contact says why nobody is asked about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from feedbackhub import Ask, Contact, DontAsk, History, Rule

from .settings import ATTRIBUTES, Settings

#: Values of an attribute that switch it off.
OFF = ("", "no", "false", "0")


class DoNotAsk(Rule):
    """Does not ask whom or what a pattern names.

    The reason names the pattern's place and never the value: decisions outlive the erasing of a person.
    """

    name = "do_not_ask"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Refuse contacts that fit a list, or every field of an entry."""
        values = values_of(contact, ask)
        return self._listed(contact, values) or self._entered(values) or ask

    def _listed(self, contact: Contact, values: Mapping[str, Sequence[str]]) -> DontAsk | None:
        lists = (
            ("emails", "The customer's e-mail address", values["email"], self.settings.emails),
            ("tags", "A tag of the contact", contact.tags, self.settings.tags),
            ("topics", "The topic of the contact", values["topic"], self.settings.topics),
            ("attributes", "An attribute of contact or customer", set_attributes(contact), self.settings.attributes),
        )
        for option, what, given, patterns in lists:
            number = first_match(given, patterns)
            if number:
                return DontAsk(f"{what} is on the do-not-ask list.", {"list": option, "entry": number})
        return None

    def _entered(self, values: Mapping[str, Sequence[str]]) -> DontAsk | None:
        for entry in self.settings.never:
            if all(first_match(values.get(field, ()), patterns) for field, patterns in entry.match.items()):
                return DontAsk(entry.reason, {"pattern": entry.name})
        return None


def values_of(contact: Contact, ask: Ask) -> dict[str, Sequence[str]]:
    """Return every value that patterns may look at, by the field's name."""
    customer = contact.customer
    identifiers = customer.identifiers if customer else ()
    found: dict[str, Sequence[str]] = {
        name: (getattr(contact, name),)
        for name in ("brand", "channel", "closed_by", "country", "direction", "external_id", "language", "product",
                     "segment", "source", "team", "topic")
    }  # fmt: skip
    found |= {
        "agent": (contact.agent.name,) if contact.agent else (),
        "customer": [each.value for each in identifiers if each.kind.startswith("id:")],
        "email": [each.value for each in identifiers if each.kind == "email"],
        "name": (customer.name,) if customer else (),
        "phone": [each.value for each in identifiers if each.kind == "phone"],
        "policy": (ask.policy,),
        "survey": (ask.survey,),
        "tags": contact.tags,
    }
    for name, value in attributes_of(contact):
        found[ATTRIBUTES + name] = (*found.get(ATTRIBUTES + name, ()), value)
    return found


def attributes_of(contact: Contact) -> list[tuple[str, str]]:
    """Return the attributes of a contact and of its customer."""
    own = contact.customer.attributes if contact.customer else {}
    return [*contact.attributes.items(), *own.items()]


def set_attributes(contact: Contact) -> list[str]:
    """Return the names of attributes that are set to something."""
    return [name for name, value in attributes_of(contact) if value.strip().casefold() not in OFF]


def first_match(values: Iterable[str], patterns: Sequence[str]) -> int:
    """Return the number of the first pattern that one of the values matches, from 1; 0 for none."""
    spelled = [value.casefold() for value in values if value]
    for number, pattern in enumerate(patterns, 1):
        if any(fnmatchcase(value, pattern.casefold()) for value in spelled):
            return number
    return 0
