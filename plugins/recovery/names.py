"""What the settings name and is not there: each name is sound by itself, so that only looking around tells a slip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from feedbackhub import Hub, Problem

from .flagging import small
from .settings import Settings
from .telling import managers
from .text_book import TextBook

__all__ = ["Known", "known_of", "misnamed"]

#: What rules name of a contact.
ABOUT = ("team", "topic", "segment")
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is.

    Args:
        surveys: The published surveys.
        texts: The texts of letters that are not switched off.
        channels: The channels that work, each with the kinds of addresses that it reaches.
        staff: The addresses of those who work here.
        managers: The addresses of the managers among them.
        values: The teams, topics and segments of contacts so far.
        today: The present day.
    """

    surveys: frozenset[str]
    texts: frozenset[str]
    channels: Mapping[str, Iterable[str]]
    staff: frozenset[str]
    managers: frozenset[str]
    values: Mapping[str, frozenset[str]]
    today: date


def known_of(hub: Hub, settings: Settings) -> Known:
    """Return what there is in an instance."""
    today, staff = hub.clock.now().date(), hub.read.staff()

    def values(dimension: str) -> frozenset[str]:
        found = hub.read.tallies(FIRST_DAY, today, question="", dimension=dimension, step="month")
        return frozenset(each.value for each in found if each.value)

    return Known(
        surveys=frozenset(each.name for each in hub.read.surveys()),
        texts=frozenset(each.name for each in TextBook(hub, settings.offers.sms_parts).texts() if each.is_on),
        channels=hub.channels(),
        staff=frozenset(each.email.lower() for each in staff),
        managers=frozenset(managers(staff)),
        values={each: values(each) for each in ABOUT},
        today=today,
    )


def misnamed(settings: Settings, known: Known) -> Iterator[Problem]:
    """Yield every name in the settings of something that is not there, with its option."""
    yield from _of_rules(settings, known)
    yield from _of_staff(settings, known)
    yield from _of_letters(settings, known)
    topics = {small(each) for each in known.values["topic"]}
    for flag in ("owed", "safety", "legal"):
        for number, topic in enumerate(getattr(settings, flag).topics):
            if small(topic) not in topics:  # flags are set whatever the case of letters
                yield from _of_contacts(f"{flag}.topics.{number}", "topic", topic, known)
    days = settings.hours.holidays
    if days and max(days) < known.today:
        yield Problem("hours.holidays", f"all of them are over, the last one was {max(days)}; name the next ones")


def _of_rules(settings: Settings, known: Known) -> Iterator[Problem]:
    for number, rule in enumerate(settings.rules):
        if rule.survey:
            yield from _missing(f"rules.{number}.survey", rule.survey, known.surveys, "there is no survey {name}")
        for name in ABOUT:
            yield from _of_contacts(f"rules.{number}.{name}", name, getattr(rule, name), known)


def _of_staff(settings: Settings, known: Known) -> Iterator[Problem]:
    mailers = [name for name, kinds in known.channels.items() if "email" in kinds]
    is_not = "nobody is told of cases: {name} is no working channel that sends mails"
    yield from _missing("channel", settings.channel, mailers, is_not)
    if not known.managers:
        yield Problem("teams", "there is no manager: a case without an owner who works here reaches nobody")
    not_staff = "nobody who works here has the address {name}, which is right for a mailbox of a whole team only"
    for team, whose in settings.teams.items():
        yield from _of_contacts(f"teams.{team}", "team", team, known)
        for name in ("owner", "escalate_to"):
            if address := getattr(whose, name).lower():
                yield from _missing(f"teams.{team}.{name}", address, known.staff, not_staff)


def _of_letters(settings: Settings, known: Known) -> Iterator[Problem]:
    for number, channel in enumerate(settings.offers.channels):
        yield from _missing(f"offers.channels.{number}", channel, known.channels, "there is no working channel {name}")
    for number, rule in enumerate(settings.offers.automatic):
        option = f"offers.automatic.{number}"
        yield from _missing(f"{option}.text", rule.text, known.texts, "there is no text {name}, or it is switched off")
        for each, survey in enumerate(rule.surveys):
            yield from _missing(f"{option}.surveys.{each}", survey, known.surveys, "there is no survey {name}")
    if settings.reask.on:
        yield from _missing("reask.survey", settings.reask.survey, known.surveys, "there is no survey {name}")


def _of_contacts(option: str, what: str, name: str, known: Known) -> Iterator[Problem]:
    """Yield that no contact has this team, topic or segment; nothing while there are none at all."""
    if name and known.values[what]:
        said = f"no contact that anybody was asked about has the {what} {{name}}"
        yield from _missing(option, name, known.values[what], said)


def _missing(option: str, name: str, there: Iterable[str], said: str) -> Iterator[Problem]:
    names = sorted(there)
    if name not in names:
        close = get_close_matches(name, names, n=1, cutoff=0.75)
        yield Problem(option, said.format(name=name) + (f"; is {close[0]} meant?" if close else ""))
