"""The filters of the list of answers: what the address says, which are in force, and how each is dropped again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request, url_for

from ..contract.errors import Problem, Refused
from ..contract.reading import DIMENSIONS
from ..machinery.i18n import N_, Translator, format_date
from ..office.answer_query import FILTERS, read_answer_filter
from ..office.lists import AnswerFilter, answer_values, named_agent
from .card_words import channel_name
from .current import core
from .filters import chosen, pairs, values
from .rendering import language, texts
from .report_filters import DIMENSION_NAMES

__all__ = ["InForce", "choices", "in_force", "texts_of", "wanted_answers"]

#: Filters that have a field of their own above the list, and how they are called when they are in force.
NAMES: Mapping[str, str] = {
    "from": N_("From"), "to": N_("Up to"), "survey": N_("Survey"), **DIMENSION_NAMES, "question": N_("Question"),
    "score": N_("Score"), "solved": N_("Solved"), "agent": N_("Served by"), "state": N_("Trust"),
}  # fmt: skip
#: Filters that are on or off: what they say when they are on.
ON: Mapping[str, str] = {
    "low": N_("Unhappy"), "comment": N_("With own words"), "call": N_("Wants a call"),
    "counted": N_("Only those that count in reports"),
}  # fmt: skip
BASES = {
    "answer": N_("Days of the answer, in UTC"),
    "contact": N_("Days of the contact, in UTC"),
}
STATES = {
    "suspect": N_("Suspects to judge"),
    "accepted": N_("Accepted by a person"),
    "discarded": N_("Discarded"),
}

#: Filters without a field above the list; those whose fields are folded away.
UNSEEN = ("question", "score", "agent", "counted")
FOLDED = ("solved", *(name for name in DIMENSIONS if name not in ("channel", "team")))


@dataclass(frozen=True)
class InForce:
    """A filter that is in force.

    Args:
        name: Its name in the address.
        label: What it is called; empty when `value` says it all.
        value: What it is set to.
        drop: The list's address without it.
    """

    name: str
    label: str
    value: str
    drop: str


def texts_of() -> dict[str, str]:
    """Return what the address says of each filter, empty for nothing."""
    return {name: chosen(name) for name in FILTERS}


def wanted_answers(given: Mapping[str, str], agent: int | None, judges: bool) -> AnswerFilter:
    """Return the filter that the address means.

    Args:
        given: Its texts.
        agent: Row number of the agent whose contacts alone the visitor sees; None for all.
        judges: Whether the visitor may judge answers.

    Raises:
        Refused: Naming each text that means nothing.
    """
    here = core()
    found = read_answer_filter(given, ZoneInfo(here.settings.timezone), agent, judges)
    if found.served_by and named_agent(here, found.served_by) is None:
        raise Refused(Problem("agent", "is nobody's id"))
    return found


def in_force(given: Mapping[str, str], judges: bool) -> list[InForce]:
    """Return the filters in force, each with a way to drop it."""
    return list(_in_force(texts(), given, judges))


def _in_force(t: Translator, given: Mapping[str, str], judges: bool) -> Iterator[InForce]:
    for name, text in given.items():
        if not text or (name in ("agent", "state") and not judges):
            continue
        # A score without its question, and days without what they are of, would mean something else.
        drop = dropping(name, *{"question": ("score",)}.get(name, ()))
        if name in ON:
            yield InForce(name, "", t(ON[name]), drop)
        elif name == "basis":
            yield InForce(name, "", t(BASES[text]) if text in BASES else text, drop)
        else:
            yield InForce(name, t(NAMES[name]), _value(t, name, text), drop)


def _value(t: Translator, name: str, text: str) -> str:
    """Return what a filter is set to, in words."""
    if name == "channel":
        return channel_name(t, text)
    if name == "solved" and text in ("yes", "no"):
        return t("Yes") if text == "yes" else t("No")
    if name == "state" and text in STATES:
        return t(STATES[text])
    if name in ("from", "to"):
        return _day(text)
    if name == "agent":
        return named_agent(core(), text) or t("an agent without a name")
    return text


def _day(text: str) -> str:
    """Return a day in words; what is none stays as it is, as the page says what is wrong with it."""
    try:
        return format_date(date.fromisoformat(text), language(), width="medium")
    except ValueError:
        return text


def dropping(*names: str) -> str:
    """Return the list's address without some filters, on its first page."""
    gone = {*names, "after", "before"}
    kept = [(name, value) for name, value in request.args.items() if name not in gone and value]
    path = url_for("answers.index")
    return f"{path}?{urlencode(kept)}" if kept else path


def choices(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the filters can be set to, for the template."""
    t, offered = texts(), answer_values(core())
    found = {name: values(offered[name], given[name]) for name in ("survey", *DIMENSIONS)}
    options = {name: pairs(found[name]) for name in found}
    options["channel"] = pairs(found["channel"], lambda name: channel_name(t, name))
    # What has no field of its own stays in force by hidden ones.
    held = {name: given[name] for name in UNSEEN if given[name]} | {"via": request.args.get("via", "")}
    return {
        "options": options, "dimension_names": DIMENSION_NAMES, "states": pairs(STATES, lambda key: t(STATES[key])),
        "names": NAMES, "held": {name: text for name, text in held.items() if text},
        "more": any(given[name] for name in FOLDED),
    }  # fmt: skip
